"""Two tables of a document, prose, wording, and the documents of one agency against each other."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from pathlib import Path

import pytest

from normalizers.types import ProseFigure, TypedDocument, TypedTable, ValueKind
from pipeline.findings import Audit, CheckStatus, Severity
from pipeline.reconcile import RULES, audit
from tests.pipeline.builders import BOX, Row, document, from_truth, table

NAMES = [
    "PROGRAM PENUNJANG URUSAN",
    "PROGRAM PELAYANAN IZIN USAHA",
    "PROGRAM PENGAWASAN KOPERASI",
    "PROGRAM PENILAIAN KESEHATAN KOPERASI",
    "PROGRAM PENDIDIKAN",
]


def programs(column: str, changed: int = 0, coded: bool = True) -> list[Row]:
    return [
        ("program", f"2.17.0{i + 1}" if coded else "", name, {column: 1_000_000_000 + 111_111_111 * i + (changed if i == 3 else 0)})
        for i, name in enumerate(NAMES)
    ]


def found(result: Audit) -> list[tuple[str, str | None]]:
    return [(finding.rule, finding.line_id) for finding in result.findings]


def test_the_same_amount_in_two_tables_by_code_or_by_name() -> None:
    for coded in (True, False):
        result = audit([document(table(programs("pagu"), identity="a"), table(programs("target_rp", 50, coded), identity="b"))])
        assert found(result) == [("R25", "b3")]


def test_columns_that_mostly_differ_are_not_the_same_quantity() -> None:
    other: list[Row] = [("program", f"2.17.0{i + 1}", name, {"anggaran": 5 + i}) for i, name in enumerate(NAMES)]
    assert audit([document(table(programs("pagu"), identity="a"), table(other, identity="b"))]).findings == ()


def test_another_tables_figure_with_which_the_sum_holds_is_named() -> None:
    total = sum(int(str(cells["pagu"])) for *_, cells in programs("pagu"))
    summed: list[Row] = [("bidang_urusan", "2.17", "URUSAN KOPERASI", {"pagu": total - 50}), *programs("pagu")]
    result = audit([document(table(summed, identity="a"), table(programs("anggaran", -50), identity="b"))])
    total_finding, other = result.findings
    assert total_finding.line_id == "a0"
    assert total_finding.cause is not None and "dan dengan angka itu jumlahnya cocok" in total_finding.cause
    assert total_finding.related == (other.id,)


def test_targets_of_one_row_in_two_tables_in_number_and_unit() -> None:
    targets = ["12 Dokumen", "4 Paket", "48 Rekening", "7 Laporan", "5 Unit"]
    other = ["14 Dokumen", "4 Paket", "48 Laporan", "7 Laporan", "5 Unit"]
    left: list[Row] = [("program", f"2.17.0{i}", NAMES[i], {"target": text}) for i, text in enumerate(targets)]
    right: list[Row] = [("program", f"2.17.0{i}", NAMES[i], {"target_k": text}) for i, text in enumerate(other)]
    result = audit([document(table(left, identity="a"), table(right, identity="b"), year=2024)])
    assert found(result) == [("R25", "b0"), ("R26", "b2")]


def test_both_sides_of_a_review() -> None:
    rows: list[Row] = [("program", "", name, {"pagu_rkpd": 100, "pagu_kebutuhan": 100 + (i == 2)}) for i, name in enumerate(NAMES)]
    assert found(audit([document(table(rows, kind="review_rkpd"))])) == [("R14", "t2")]


def prose(text: str, *figures: tuple[str, int | str]) -> list[ProseFigure]:
    made = []
    for printed, amount in figures:
        money = isinstance(amount, int)
        number = None if isinstance(amount, int) else Decimal(amount)
        kind = ValueKind.RUPIAH if money else ValueKind.PERCENT
        decimals = 0 if isinstance(amount, int) else len(amount.partition(".")[2])
        made.append(
            ProseFigure(text, printed, kind, 3, BOX, rupiah=amount if isinstance(amount, int) else None, number=number, decimals=decimals)
        )
    return made


@pytest.mark.parametrize(
    ("amount", "status"),
    [(1_111_111_111, CheckStatus.AGREES), (1_111_110_111, CheckStatus.DIFFERS), (77_777_777, CheckStatus.NOT_CHECKABLE)],
)
def test_amounts_in_prose_are_held_against_the_tables(amount: int, status: CheckStatus) -> None:
    told = prose("Pagu program itu tercatat.", (f"Rp {amount}", amount))
    result = audit([document(table(programs("pagu")), prose=told)])
    assert [check.status for check in result.checks if check.rule == "R11"] == [status]


def test_a_percentage_of_the_budget_after_the_change_instead_of_before() -> None:
    told = prose(
        "Pengurangan sebesar 659.447.455 atau 14,91 persen dari 5.083.646.238 menjadi 4.424.198.783.",
        ("a", 659_447_455),
        ("b", "14.91"),
        ("c", 5_083_646_238),
        ("d", 4_424_198_783),
    )
    (finding,) = audit([document(prose=told)]).findings
    assert (finding.rule, finding.expected, finding.page) == ("R12", "12,97%", 3)


def test_a_right_percentage_in_a_sentence() -> None:
    told = prose("Realisasi 267.416.700 dari 344.000.141 atau 77,74 persen.", ("a", 267_416_700), ("b", 344_000_141), ("c", "77.74"))
    assert [check.status for check in audit([document(prose=told)]).checks if check.rule == "R12"] == [CheckStatus.AGREES]


def test_wording_of_years_agencies_and_amounts() -> None:
    text = [
        "Renstra periode 2028-2023 memuat arah kebijakan.",
        "Peraturan Bupati Nomor 112 Tahun 2023 tentang SOTK (Berita Daerah Kabupaten Tahun 2022 Nomor 112).",
        "Dokumen ini selaras dengan Renstra Bapelitbangda Kabupaten.",
        "Anggaran sebesar Rp.4.424.1981.783,- digunakan seluruhnya, sedangkan Rp. 1.200.000,00 tersisa.",
    ]
    result = audit([document(text=text, agency="Dinas Koperasi")])
    assert sorted(finding.rule for finding in result.findings) == ["R20", "R20", "R21", "R27"]


def test_categories_follow_the_documents_scale_which_has_no_gaps() -> None:
    scale = table(
        [("lain", "", "", {"interval": text, "kategori": name}) for text, name in [("91 - 100", "Sangat Tinggi"), ("76 - 90", "Tinggi")]],
        identity="a",
    )
    rows = table([("lain", "", f"Sasaran {i}", {"kategori": name}) for i, name in enumerate(["Tinggi", "Baik"])], identity="b")
    assert [(finding.rule, finding.line_id) for finding in audit([document(scale, rows)]).findings] == [("R24", None), ("R24", "b1")]


def agency(kind: str, year: int, identity: str, column: str, changed: int = 0) -> TypedDocument:
    made = table(programs(column, changed), identity=identity)
    return document(made, identity=identity, kind=kind, year=year, agency="Dinas Koperasi", region_code="12.20")


@pytest.mark.parametrize(
    ("rule", "first", "second"),
    [
        ("R40", ("renja", 2024, "pagu"), ("renja_perubahan", 2024, "pagu_sebelum")),
        ("R41", ("renja_perubahan", 2024, "pagu_sesudah"), ("lkjip", 2024, "anggaran")),
        ("R44", ("lkjip", 2022, "realisasi"), ("renja", 2024, "n2_rp")),
    ],
)
def test_amounts_across_documents(rule: str, first: tuple[str, int, str], second: tuple[str, int, str]) -> None:
    result = audit([agency(first[0], first[1], "a", first[2]), agency(second[0], second[1], "b", second[2], 70)])
    assert found(result) == [(rule, "b3")]
    assert result.findings[0].severity is Severity.WARNING
    assert "a.pdf" in result.findings[0].message


def test_forward_estimate_against_next_years_plan() -> None:
    result = audit([agency("renja", 2023, "a", "pagu_maju"), agency("renja", 2024, "b", "pagu", 100)])
    assert [(finding.rule, finding.severity, finding.difference) for finding in result.findings] == [("R43", Severity.INFO, 100)]


def test_codes_keep_their_names_over_documents() -> None:
    renamed: list[Row] = [
        (level, code, "PROGRAM YANG SAMA SEKALI LAIN" if code == "2.17.02" else name, cells)
        for level, code, name, cells in programs("pagu")
    ]
    later = document(table(renamed, identity="b"), identity="b", kind="renja", year=2026, agency="Dinas Koperasi", region_code="12.20")
    assert found(audit([agency("renja", 2024, "a", "pagu"), later])) == [("R45", "b1")]


def test_documents_of_different_agencies_are_not_compared() -> None:
    other = document(table(programs("pagu_sebelum", 5), identity="b"), identity="b", kind="renja_perubahan", year=2024, agency="Dinas Lain")
    assert audit([agency("renja", 2024, "a", "pagu"), other]).findings == ()


def test_every_rule_is_told_in_both_languages_with_its_source() -> None:
    assert all(re.fullmatch(r"R\d\d", identity) and rule.id == identity for identity, rule in RULES.items())
    assert all(rule.statement_id and rule.statement_en and rule.inputs and rule.source for rule in RULES.values())


def test_documents_read_perfectly_lose_no_planted_error_and_gain_none(shared: Path) -> None:
    missed, false = _measured(sorted((shared / "corpus" / "synthetic").glob("*.truth.json"))[::4])
    assert missed == []
    assert false == []


@pytest.mark.slow
def test_the_whole_corpus_read_perfectly(shared: Path) -> None:
    missed, false = _measured(sorted((shared / "corpus" / "synthetic").glob("*.truth.json")))
    assert missed == []
    assert false == []


def _measured(paths: list[Path]) -> tuple[list[str], list[str]]:
    """Planted rows that no finding holds, and errors that hold no planted row."""
    missed: list[str] = []
    false: list[str] = []
    for path in paths:
        made = from_truth(path)
        planted = {f"{made.id}/{one['table']}/{one['row']}" for one in json.loads(path.read_text(encoding="utf-8")).get("planted", [])}
        findings = audit([made]).findings
        held = {line for finding in findings for line in (finding.line_id, *finding.evidence)}
        missed += sorted(planted - held)
        false += [f.message for f in findings if f.severity is Severity.ERROR and planted.isdisjoint((f.line_id, *f.evidence))]
    return missed, false


def test_one_name_with_two_codes_in_three_tables() -> None:
    subs = [
        ("2.17.01.2.06.0001", "Penyediaan Komponen Listrik"),
        ("2.17.01.2.06.0002", "Penyediaan Peralatan Kantor"),
        ("2.17.01.2.06.0004", "Bahan Logistik"),
    ]

    def plan(identity: str, wrong: str | None = None) -> TypedTable:
        return table(
            [("sub_kegiatan", wrong if wrong and i == 1 else code, name, {}) for i, (code, name) in enumerate(subs)], identity=identity
        )

    assert found(audit([document(plan("a"), plan("b", "2.17.01.2.06.0012"), plan("c"))])) == [("R17", "b1")]
