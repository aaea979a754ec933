"""Rows numbered as an outline."""

from __future__ import annotations

import pytest

from normalizers.nomenklatur.names import read_name
from normalizers.outline import is_outline, outline_number
from normalizers.types import RowKind
from tests.normalizers.tables_kit import Text
from tests.normalizers.test_rows import rows_of


@pytest.mark.parametrize(
    ("numbers", "outline"),
    [
        (["1", "1.1", "1.1.1", "1.1.2", "1.2", "2", "2.1"], True),
        (["1", "2", "3", "4"], False),
        (["1", "1.3", "2.7", "4.1"], False),
        (["2", "2.1", "2.2", "2.3"], False),
    ],
)
def test_an_outline_counts_on_from_row_to_row(numbers: list[str], outline: bool) -> None:
    assert is_outline(numbers) is outline


def test_codes_are_no_numbers_of_an_outline() -> None:
    assert outline_number("1.01 Urusan Pendidikan") is None
    assert outline_number("1.1 Pendataan Penyediaan") == "1.1"


@pytest.mark.parametrize("apart", [False, True])
def test_numbers_of_an_outline_are_no_codes_and_tell_levels(apart: bool) -> None:
    names = ["1. PROGRAM A", "1.1 Pendataan", "1.1.1 Identifikasi", "1.1.2 Pengumpulan", "1.2 Sosialisasi", "2. PROGRAM B"]
    body: list[list[Text]] = [[*(name.split(" ", 1) if apart else [name]), "1.000.000", "900.000"] for name in names]
    header: list[Text] = [*(["No"] if apart else []), "Program/Kegiatan/Sub Kegiatan", "Anggaran (Rp)", "Realisasi (Rp)"]
    program, kegiatan, sub = RowKind.PROGRAM, RowKind.KEGIATAN, RowKind.SUB_KEGIATAN
    rows = rows_of(body, header=[header])
    assert [row.kind for row in rows] == [program, kegiatan, sub, sub, kegiatan, program]
    assert {row.code for row in rows} == {None}


def test_a_number_before_a_name_is_no_part_of_it() -> None:
    assert read_name("1.1.2 Pengumpulan Data Rumah") == read_name("Pengumpulan Data Rumah")
