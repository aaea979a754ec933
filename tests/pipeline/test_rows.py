"""From typed documents to rows: what stands in each published table."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from normalizers.types import Column, Line, RowKind, TypedDocument, TypedTable, Value, ValueKind, ValueStatus
from pipeline.coverage import Coverage
from pipeline.findings import Audit, Check, CheckStatus
from pipeline.inputs import Source
from pipeline.results import DocumentResult
from pipeline.rows import dataset_rows
from pipeline.schemas import TABLES
from pipeline.tidy import budget_rows, performance_rows, role
from tests.pipeline.fakes import BOX, audit, line, money, quantity, typed_document

SHA = "ab" * 32


def result(status: str = "ok", reason: str | None = None) -> DocumentResult:
    return DocumentResult(Source(Path("raw/a.pdf"), SHA), status, reason, 3)


def one_document_rows() -> dict[str, list[dict[str, Any]]]:
    document = typed_document("a.pdf", SHA)
    return dataset_rows([result()], {document.id: document}, audit([document]))


def document_with(table: TypedTable) -> TypedDocument:
    return replace(typed_document("a.pdf", SHA), tables=(table,))


def table_of(kind: str, columns: Sequence[str], lines: Sequence[Line]) -> TypedTable:
    return TypedTable("t", 0, kind, "", tuple(Column(name, name, "teks") for name in columns), tuple(lines), 1, 1)


def budget(table: TypedTable, *checks: Check) -> list[dict[str, Any]]:
    return list(budget_rows(document_with(table), table, Coverage(checks)))


def test_every_table_gets_rows_with_exactly_its_columns() -> None:
    rows = one_document_rows()
    for spec in TABLES:
        assert rows[spec.name], spec.name
        assert all(tuple(sorted(row)) == tuple(sorted(spec.column_names)) for row in rows[spec.name]), spec.name


def test_cells_stand_in_the_order_of_the_columns() -> None:
    third = one_document_rows()["baris"][2]
    assert list(json.loads(third["sel"])) == ["indikator", "target", "pagu", "sumber_dana"]


def test_two_line_rows_are_folded_into_one_budget_row() -> None:
    program, sub = one_document_rows()["anggaran"]
    assert (program["tingkat"], program["kode"], program["pagu"]) == ("program", "2.17.01", 1000)
    assert (sub["tingkat"], sub["pagu"], sub["sumber_dana"], sub["uraian"]) == ("sub_kegiatan", 1000, "DAU", "Penyediaan Gaji")
    assert (program["status_rekonsiliasi"], sub["status_rekonsiliasi"]) == ("cocok", "cocok")


def test_an_unsure_match_does_not_replace_the_print() -> None:
    document = typed_document("a.pdf", SHA)
    first = document.tables[0].lines[0]
    assert first.match is not None
    unsure = replace(first, code="2.17.1", match=replace(first.match, status=type(first.match.status)("ragu")))
    table = replace(document.tables[0], lines=(unsure,))
    (row,) = budget(table)
    assert (row["kode"], row["uraian"], row["status_cocok"]) == ("2.17.1", "PROGRAM PENUNJANG", "ragu")


def test_the_difference_is_computed_beside_the_printed_one() -> None:
    values = (money("pagu_sebelum", 500), money("pagu_sesudah", 800), money("selisih", 200))
    (row,) = budget(
        table_of("rencana_perubahan", ("pagu_sebelum", "pagu_sesudah", "selisih"), [line("p", 0, RowKind.PROGRAM, values=values)])
    )
    assert (row["pagu_sebelum"], row["pagu_sesudah"], row["selisih_tercetak"], row["selisih_hitung"]) == (500, 800, 200, 300)


@pytest.mark.parametrize(("printed", "before"), [(50, 750), (100, 700)])
def test_a_change_starts_from_the_base_that_its_differences_follow_from(printed: int, before: int) -> None:
    values = (money("pagu_rkpd", 700), money("pagu_apbd", 750), money("pagu_rkpd_perubahan", 800), money("selisih", printed))
    columns = ("pagu_rkpd", "pagu_apbd", "pagu_rkpd_perubahan", "selisih")
    (row,) = budget(table_of("rencana_perubahan", columns, [line("p", 0, RowKind.PROGRAM, values=values)]))
    assert (row["pagu_sebelum"], row["selisih_hitung"]) == (before, printed)


def test_malformed_and_blank_amounts_stay_null() -> None:
    values = (money("pagu", None, "250.000000", ValueStatus.MALFORMED), money("pagu_maju", None, "-", ValueStatus.DASH))
    (row,) = budget(table_of("rencana_renja", ("pagu", "pagu_maju"), [line("p", 0, RowKind.PROGRAM, values=values)]))
    assert (row["pagu"], row["pagu_maju"]) == (None, None)


def test_a_table_without_money_gives_no_budget_rows() -> None:
    assert budget(table_of("capaian_kinerja", ("indikator", "target"), [line("p", 0, RowKind.PROGRAM)])) == []


@pytest.mark.parametrize(
    ("subject", "member", "status"),
    [
        ("selisih", None, "selisih"),
        ("selisih", "cocok", "selisih"),
        (None, "cocok", "cocok"),
        (None, "selisih", "selisih"),
        ("cocok", "selisih", "cocok"),
        ("terhalang", None, "terhalang"),
        (None, None, "tidak_dapat_diperiksa"),
    ],
)
def test_the_end_of_a_line_is_its_own_difference_first(subject: str | None, member: str | None, status: str) -> None:
    checks = []
    if subject:
        checks.append(Check("R01", "d", CheckStatus(subject), line_id="x", column="pagu"))
    if member:
        checks.append(Check("R02", "d", CheckStatus(member), line_id="y", column="pagu", members=("x",)))
    assert Coverage(checks).status(["x"], ["pagu"]).value == status


def test_a_check_on_names_or_a_plausible_figure_proves_no_amount() -> None:
    checks = [
        Check("R18", "d", CheckStatus.DIFFERS, line_id="x", column="kode"),
        Check("R29", "d", CheckStatus.AGREES, line_id="x", column="pagu"),
    ]
    assert Coverage(checks).status(["x"], ["pagu"]) is CheckStatus.NOT_CHECKABLE
    assert not Coverage(checks).passed(("x", "pagu"))


def test_proposals_are_no_budget() -> None:
    assert budget(table_of("usulan_pemangku", ("anggaran",), [line("p", 0, RowKind.PROGRAM, values=(money("anggaran", 5),))])) == []


def test_a_review_has_no_before_and_after() -> None:
    values = (money("pagu_rkpd", 5), money("pagu_kebutuhan", 7))
    (row,) = budget(table_of("review_rkpd", ("pagu_rkpd", "pagu_kebutuhan"), [line("p", 0, RowKind.PROGRAM, values=values)]))
    assert (row["pagu"], row["pagu_sebelum"], row["selisih_hitung"]) == (7, None, None)


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        ("target", "target"),
        ("target_sesudah", "target_sesudah"),
        ("tw2_k", "tw2"),
        ("renstra_sd_k", "renstra_sd"),
        ("target_volume", "target"),
        ("realisasi_kinerja", "realisasi"),
        ("capaian_k", "capaian"),
        ("tingkat_capaian", "capaian"),
        ("volume", "target"),
        ("target_2025", "target_2025"),
    ],
)
def test_the_role_of_a_figure_comes_from_its_column(column: str, expected: str) -> None:
    assert role(column) == expected


def test_performance_rows_take_the_indicator_of_their_side() -> None:
    texts = {"indikator_sebelum": "Lama", "indikator_sesudah": "Baru", "indikator": "Biasa"}
    values = (quantity("target_sebelum", "1", "Dokumen"), quantity("target_sesudah", "2", "Dokumen"), money("pagu_sesudah", 5))
    table = table_of(
        "rencana_perubahan", (*texts, "target_sebelum", "target_sesudah"), [line("p", 0, RowKind.PROGRAM, texts=texts, values=values)]
    )
    rows = list(performance_rows(document_with(table), table))
    assert [(row["indikator"], row["peran"], row["angka"], row["satuan"]) for row in rows] == [
        ("Lama", "target_sebelum", 1.0, "Dokumen"),
        ("Baru", "target_sesudah", 2.0, "Dokumen"),
    ]


def test_a_predicate_is_no_number() -> None:
    values = tuple(Value("target", ValueKind.PREDICATE, text, ValueStatus.OK, 1, BOX) for text in ("BB", "BB Predikat", "Sangat Baik"))
    table = table_of("capaian_kinerja", ("target",), [line("p", 0, RowKind.OTHER, values=values)])
    rows = list(performance_rows(document_with(table), table))
    assert [(row["angka"], row["predikat"], row["tercetak"]) for row in rows] == [
        (None, "BB", "BB"),
        (None, "BB", "BB Predikat"),
        (None, "Sangat Baik", "Sangat Baik"),
    ]


def test_a_document_in_quarantine_is_published_with_its_reason() -> None:
    rows = dataset_rows([result("karantina", "berkas PDF rusak")], {}, Audit((), ()))
    (row,) = rows["dokumen"]
    assert (row["status"], row["galat"], row["jumlah_halaman"]) == ("karantina", "berkas PDF rusak", 3)
    assert not rows["baris"]


def test_problems_of_pages_make_a_document_partial() -> None:
    document = replace(typed_document("a.pdf", SHA), problems=("halaman 2: terlalu banyak garis",))
    (row,) = dataset_rows([result()], {document.id: document}, Audit((), ()))["dokumen"]
    assert (row["status"], row["galat"]) == ("sebagian", "halaman 2: terlalu banyak garis")
