"""Codes and names: account codes, shared codes, official names, codes under the wrong parent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from normalizers.tree import with_parents
from normalizers.types import Match, MatchStatus, RowKind, TypedTable
from pipeline.findings import Audit, Severity
from pipeline.reconcile import audit
from pipeline.reconcile.hierarchy import is_under, same_code, unlike
from tests.pipeline.builders import Row, document, table

ROWS: list[Row] = [
    ("program", "2.17.01", "PROGRAM PENUNJANG", {}),
    ("kegiatan", "2.17.01.2.06", "Administrasi Umum Perangkat Daerah", {}),
    ("sub_kegiatan", "2.17.01.2.06.0001", "Penyediaan Komponen Instalasi Listrik", {}),
    ("sub_kegiatan", "2.17.01.2.06.0002", "Penyediaan Peralatan Kantor", {}),
    ("sub_kegiatan", "2.17.01.2.06.0004", "Penyediaan Bahan Logistik", {}),
]


def rows(changed: Mapping[int, str]) -> TypedTable:
    return table([(level, changed.get(i, code), name, cells) for i, (level, code, name, cells) in enumerate(ROWS)])


def matched(made: TypedTable, place: int, code: str, other: str | None = None, status: MatchStatus = MatchStatus.REPAIRED) -> TypedTable:
    name = made.lines[place].printed_name
    rivals = ((other, "Nama Lain Sama Sekali", 0.2),) if other else ()
    match = Match(status, code, name, RowKind.SUB_KEGIATAN, 0.95, 0.5, candidates=rivals)
    return with_parents(replace(made, lines=tuple(replace(line, match=match) if line.order == place else line for line in made.lines)))


def run(made: TypedTable) -> Audit:
    return audit([document(made)])


def found(result: Audit) -> list[tuple[str, str | None, Severity]]:
    return [(finding.rule, finding.line_id, finding.severity) for finding in result.findings]


def test_codes_in_order_have_no_findings() -> None:
    assert run(rows({})).findings == ()


def test_an_account_code_in_place_of_a_sub_kegiatan() -> None:
    assert found(run(rows({3: "5.1.02.01.01.0030"}))) == [("R19", "t3", Severity.ERROR)]


def test_one_code_for_two_names() -> None:
    result = run(rows({4: "2.17.01.2.06.0002"}))
    assert found(result) == [("R17", "t4", Severity.ERROR)]
    assert {"t3", "t4"} <= set(result.findings[0].evidence)


def test_the_match_tells_which_of_two_rows_has_the_wrong_code() -> None:
    made = matched(rows({2: "2.17.01.2.06.0002"}), 2, "2.17.01.2.06.0001")
    assert found(run(made)) == [("R17", "t2", Severity.ERROR)]


def test_spellings_of_one_name_share_their_code_rightly() -> None:
    made = table([*ROWS, ("sub_kegiatan", "2.17.01.2.06.0004", "Penyediaan Bahan Logistik Kantor", {})])
    assert run(made).findings == ()


def test_another_entrys_code_beside_a_name_that_matches_exactly() -> None:
    made = matched(rows({3: "2.17.08.2.01.0019"}), 3, "2.17.01.2.06.0002", "2.17.08.2.01.0019")
    assert found(run(made)) == [("R18", "t3", Severity.ERROR)]


@pytest.mark.parametrize("status", [MatchStatus.FUZZY, MatchStatus.UNSURE])
def test_a_doubtful_match_is_no_proof(status: MatchStatus) -> None:
    made = matched(rows({3: "2.17.08.2.01.0019"}), 3, "2.17.01.2.06.0002", "2.17.08.2.01.0019", status)
    assert all(finding.severity is not Severity.ERROR for finding in run(made).findings)


def test_a_code_that_no_edition_lists_is_a_warning() -> None:
    made = matched(rows({3: "2.17.01.2.06.0062"}), 3, "2.17.01.2.06.0002")
    assert found(run(made)) == [("R18", "t3", Severity.WARNING)]


def test_a_code_under_another_parent() -> None:
    assert found(run(rows({3: "2.07.03.2.01.0001"}))) == [("R16", "t3", Severity.WARNING)]


def test_a_wrong_parent_is_not_told_again_on_its_children() -> None:
    made = rows({1: "2.07.03"})
    match = Match(
        MatchStatus.REPAIRED, "2.17.01.2.06", "Administrasi Umum", RowKind.KEGIATAN, 0.95, 0.5, candidates=(("2.07.03", "Lain", 0.1),)
    )
    made = with_parents(replace(made, lines=tuple(replace(line, match=match) if line.order == 1 else line for line in made.lines)))
    assert found(run(made)) == [("R18", "t1", Severity.ERROR)]


def test_a_scanned_code_is_never_beyond_doubt() -> None:
    scanned = replace(document(rows({3: "5.1.02.01.01.0030"})), ocr_pages=(1,))
    assert [finding.severity for finding in audit([scanned]).findings] == [Severity.WARNING]


def test_a_template_code_is_the_agencys_own() -> None:
    made = matched(rows({2: "X.XX.01.2.06.0001"}), 2, "2.17.01.2.06.0001")
    assert [(finding.severity, "templat" in finding.message) for finding in run(made).findings] == [(Severity.INFO, True)]


def test_a_two_digit_serial_says_no_more_than_its_last_digits() -> None:
    made = matched(rows({2: "2 17 01 2,06 01"}), 2, "2.17.01.2.06.0101")
    assert run(made).findings == ()


@pytest.mark.parametrize(
    ("parent", "child", "under"),
    [
        ("2.17.01", "2.17.01.2.01", True),
        ("2.17.01", "2.17.010", False),
        ("2.17.01", "X.XX.01.2.07", True),
        ("X.XX.01", "2.17.02.2.01", False),
        ("2.17.01", "2.17.01", False),
    ],
)
def test_prefixes(parent: str, child: str, under: bool) -> None:
    assert is_under(parent, child) is under


def test_codes_are_one_whatever_their_padding() -> None:
    assert same_code("2.17.01.2.06.05", "2.17.01.2.06.0005")
    assert same_code("X.XX.01.2.07", "2.17.01.2.07")
    assert not same_code("2.17.01.2.06", "2.17.01.2.06.0001")


def test_a_cut_name_is_not_unlike_its_whole() -> None:
    assert not unlike("Penyediaan Jasa Pemeliharaan", "Penyediaan Jasa Pemeliharaan, Biaya Pemeliharaan dan Pajak")
    assert unlike("Penyediaan Jasa Surat Menyurat", "Pemulangan Pegawai yang Pensiun")


def test_two_names_under_one_two_digit_serial_are_only_a_warning() -> None:
    made = table(
        [
            ("sub_kegiatan", "2.17.01.2.06.01", "Penyediaan Komponen Listrik", {}),
            ("sub_kegiatan", "2.17.01.2.06.01", "Rehabilitasi Embung", {}),
        ]
    )
    assert found(run(made)) == [("R17", "t1", Severity.WARNING)]
