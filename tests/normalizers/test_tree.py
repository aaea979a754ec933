"""Which row rolls up into which."""

from __future__ import annotations

from dataclasses import replace

import pytest

from normalizers.tree import is_account_code, with_parents
from normalizers.types import Match, MatchStatus, RowKind, TypedTable
from tests.pipeline.builders import Row, table


def parents(made: TypedTable) -> list[int | None]:
    """Each line's parent as its place in the table."""
    place = {line.id: line.order for line in made.lines}
    return [place[line.parent_id] if line.parent_id else None for line in made.lines]


PLAN: list[Row] = [
    ("urusan", "2", "URUSAN WAJIB", {}),
    ("bidang_urusan", "2.17", "URUSAN KOPERASI", {}),
    ("program", "2.17.01", "PROGRAM PENUNJANG", {}),
    ("kegiatan", "2.17.01.2.01", "Perencanaan", {}),
    ("sub_kegiatan", "2.17.01.2.01.0001", "Penyusunan Dokumen", {}),
    ("indikator", "", "", {}),
    ("kegiatan", "2.17.01.2.02", "Keuangan", {}),
    ("program", "2.17.02", "PROGRAM IZIN", {}),
    ("sub_kegiatan", "2.17.02.2.01.0001", "Fasilitasi", {}),
    ("total", "", "JUMLAH", {}),
]


def test_rows_nest_by_level_in_printed_order() -> None:
    assert parents(table(PLAN)) == [None, 0, 1, 2, 3, 4, 2, 1, 7, None]


def test_running_numbers_beside_codes_of_several_levels_make_no_list() -> None:
    made = table(PLAN[2:5])
    numbered = [replace(line, number=str(place)) for place, line in enumerate(made.lines, 1)]
    assert parents(with_parents(replace(made, lines=tuple(numbered)))) == [None, 0, 1]
    uncoded = [replace(line, code=None) for line in numbered]
    assert parents(with_parents(replace(made, lines=tuple(uncoded)))) == [None, None, None]


def test_a_second_pass_changes_nothing() -> None:
    once = table(PLAN)
    assert with_parents(once) == once


def test_a_wrong_code_does_not_move_a_row() -> None:
    rows: list[Row] = [
        ("program", "2.17.08", "A", {}),
        ("kegiatan", "2.17.08.2.01", "B", {}),
        ("sub_kegiatan", "2.17.07.2.01.0015", "C", {}),
    ]
    assert parents(table(rows)) == [None, 0, 1]


@pytest.mark.parametrize("label", ["opd", "lain"])
def test_an_agency_stands_over_the_urusan_that_follow_it(label: str) -> None:
    rows: list[Row] = [
        (label, "", "DINAS KOPERASI", {}),
        *PLAN[:3],
        (label, "", "DINAS PERDAGANGAN", {}),
        ("program", "2.17.03", "PROGRAM", {}),
    ]
    assert parents(table(rows)) == [None, 0, 1, 2, 2, 4]


def test_an_agency_after_its_bidang_stands_under_it() -> None:
    rows: list[Row] = [*PLAN[:2], ("opd", "", "DINAS A", {}), PLAN[2], ("opd", "", "DINAS B", {}), PLAN[7]]
    assert parents(table(rows)) == [None, 0, 1, 2, 1, 4]


def test_several_agencies_side_by_side_each_keep_their_programs() -> None:
    rows: list[Row] = [("opd", "", "DINAS A", {}), PLAN[2], ("opd", "", "DINAS B", {}), PLAN[7]]
    assert parents(table(rows)) == [None, 0, None, 2]


def test_accounts_nest_by_code_prefix() -> None:
    codes = ["5", "5.1", "5.1.01", "5.1.02", "5.2", "5.2.02"]
    made = table([("lain", "", f"Belanja {code}", {"kode_rekening": code}) for code in codes], kind="ringkasan_akun")
    made = with_parents(replace(made, lines=tuple(replace(line, printed_code=code) for line, code in zip(made.lines, codes, strict=True))))
    assert parents(made) == [None, 0, 1, 1, 0, 4]


def test_a_plain_list_is_one_level_whatever_its_matches_say() -> None:
    made = table([("sub_kegiatan", "", f"Program {i}", {}) for i in range(4)])
    match = Match(MatchStatus.EXACT, "2.17.02", "PROGRAM", RowKind.PROGRAM)
    lines = tuple(replace(line, number=str(line.order + 1), match=match if line.order else None) for line in made.lines)
    listed = with_parents(replace(made, lines=lines))
    assert parents(listed) == [None] * 4
    assert {line.kind for line in listed.lines} == {RowKind.PROGRAM}


def test_a_sure_match_sets_the_level_that_a_wrong_code_hid() -> None:
    made = table([PLAN[2], ("program", "2.07.03", "Perencanaan", {}), PLAN[4]])
    match = Match(MatchStatus.REPAIRED, "2.17.01.2.01", "Perencanaan", RowKind.KEGIATAN)
    matched = with_parents(replace(made, lines=(made.lines[0], replace(made.lines[1], match=match), made.lines[2])))
    assert matched.lines[1].kind is RowKind.KEGIATAN
    assert parents(matched) == [None, 0, 1]


def test_an_unsure_match_sets_nothing() -> None:
    made = table([PLAN[2], ("program", "2.07.03", "Perencanaan", {})])
    match = Match(MatchStatus.UNSURE, level=RowKind.KEGIATAN)
    matched = with_parents(replace(made, lines=(made.lines[0], replace(made.lines[1], match=match))))
    assert matched.lines[1].kind is RowKind.PROGRAM


def test_an_account_code_among_kegiatan_stands_for_a_sub_kegiatan() -> None:
    made = table([PLAN[2], PLAN[3], ("lain", "5.1.02.01.01.0031", "Penyediaan Komponen", {})])
    assert made.lines[2].kind is RowKind.SUB_KEGIATAN
    assert parents(made) == [None, 0, 1]


@pytest.mark.parametrize(
    ("code", "account"),
    [("5.1.02.01.01.0031", True), ("5.2.02.05.01.0005", True), ("5.02.01.2.02.0008", False), ("5.01.01.2.06.0062", False), ("", False)],
)
def test_account_codes_are_told_from_urusan_five(code: str, account: bool) -> None:
    assert is_account_code(code) is account
