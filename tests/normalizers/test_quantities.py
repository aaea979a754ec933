"""Targets: numbers with units, several in a cell, predicates, lost numbers."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from normalizers.numbers import NumberStyle
from normalizers.quantities import normalise_unit, read_target
from normalizers.types import ValueKind, ValueStatus


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("12 paket", [("12", "Paket")]),
        ("100UKM", [("100", "UKM")]),
        ("12 Paket 100%", [("12", "Paket"), ("100", "%")]),
        ("351 orang/bulan 100 %", [("351", "Orang/bulan"), ("100", "%")]),
        ("15 Koperasi, 11 Kecamatan, 22 Orang", [("15", "Koperasi"), ("11", "Kecamatan"), ("22", "Orang")]),
        ("90 Orang; 90 Orang", [("90", "Orang"), ("90", "Orang")]),
        ("3 Jenis - kali", [("3", "Jenis - kali")]),
        ("15 Sambungan Rumah (SR)", [("15", "Sambungan Rumah (SR)")]),
        ("1.500 orang", [("1500", "Orang")]),
        ("66,22 %", [("66.22", "%")]),
        ("240 M2", [("240", "M2")]),
        ("12 bulan (1 tahun)", [("12", "bulan (1 tahun)")]),
        ("1 Dokumen Tahun 2024", [("1", "Dokumen Tahun 2024")]),
        ("242.837", [("242837", None)]),
    ],
)
def test_numbers_stand_with_their_units(text: str, figures: list[tuple[str, str | None]]) -> None:
    read = read_target(text)
    assert [(q.number, q.unit) for q in read] == [(Decimal(number), unit) for number, unit in figures]
    assert {q.status for q in read} == {ValueStatus.OK}


@pytest.mark.parametrize(("text", "grade"), [("BB Predikat", "BB"), ("A", "A"), ("Level 3", "Level 3"), ("Sangat Tinggi", "Sangat Tinggi")])
def test_predicates_have_no_number(text: str, grade: str) -> None:
    (quantity,) = read_target(text)
    assert (quantity.kind, quantity.predicate, quantity.number) == (ValueKind.PREDICATE, grade, None)


@pytest.mark.parametrize("text", ["dokumen", "%", "10 % 0", "0 00%", "0 0", "20-30 orang", "JUMLAH"])
def test_what_lost_its_number_or_gained_one_is_malformed(text: str) -> None:
    read = read_target(text)
    assert {q.status for q in read} == {ValueStatus.MALFORMED}
    assert {q.number for q in read} == {None}


@pytest.mark.parametrize(("text", "unit"), [("-", None), ("- Ha", "Hektare")])
def test_a_dash_is_a_dash(text: str, unit: str | None) -> None:
    (quantity,) = read_target(text)
    assert (quantity.status, quantity.unit) == (ValueStatus.DASH, unit)


def test_an_empty_cell_has_no_quantity() -> None:
    assert read_target("  ") == ()


@pytest.mark.parametrize(
    ("printed", "unit"),
    [("org", "Orang"), ("exp", "Eksemplar"), ("ORANG / BULAN", "Orang/bulan"), ("persen", "%"), ("UM", "Usaha Mikro"), ("kop", "Koperasi"),
     ("Ton/hari", "Ton/hari"), ("UMKM", "UMKM"), ("ukm", "UKM")],
)  # fmt: skip
def test_units_have_one_spelling(printed: str, unit: str) -> None:
    assert normalise_unit(printed) == unit


@given(st.integers(0, 99999), st.sampled_from(["Dokumen", "Orang/bulan", "Unit Usaha", "%", "Laporan"]))
def test_number_and_unit_come_back(number: int, unit: str) -> None:
    (quantity,) = read_target(f"{number} {unit}")
    assert (quantity.number, quantity.unit) == (Decimal(number), unit)


@given(st.text(alphabet="0123456789.,% -;/()abcOrang", max_size=30))
def test_reading_a_target_never_raises(text: str) -> None:
    for quantity in read_target(text, NumberStyle.ID):
        assert (quantity.number is not None) == (quantity.status in (ValueStatus.OK, ValueStatus.ZERO) and quantity.predicate is None)
