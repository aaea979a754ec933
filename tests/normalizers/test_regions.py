"""Regions by code and by name, however they are written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from normalizers.regions import all_regions, by_code, find_regions


def codes_in(text: str) -> list[str]:
    return [mention.region.code for mention in find_regions(text)]


def test_all_provinces_and_regencies_are_there() -> None:
    regions = all_regions()
    assert sum(region.kind == "provinsi" for region in regions) == 38
    assert sum(region.kind != "provinsi" for region in regions) == 514
    assert len({region.code for region in regions}) == 552
    assert all(by_code(region.province_code) for region in regions)


@given(st.sampled_from(all_regions()), st.booleans())
def test_an_official_name_finds_its_region(region, capitals: bool) -> None:  # type: ignore[no-untyped-def]
    name = region.official_name.upper() if capitals else region.official_name
    (mention,) = find_regions(f"Dinas Kesehatan {name} Tahun 2024")
    assert mention.region == region
    assert mention.typed


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Kab. Bogor", "32.01"),
        ("Kota Bogor", "32.71"),
        ("BUPATI PASURUAN PROVINSI JAWA TIMUR", "35.14"),
        ("WALI KOTA MEDAN", "12.71"),
        ("Kabupaten Tobasa", "12.12"),
        ("Kota Pare-Pare", "73.72"),
        ("Kota Padang Sidempuan", "12.77"),
        ("Kab. Kota Baru", "63.02"),
        ("Kabupaten Lima Puluh Kota", "13.07"),
        ("Provinsi Papua Barat Daya", "96"),
        ("PROVSU", "12"),
        ("Kabupaten Pontianak", "61.02"),
        ("Provinsi Sumatra Utara", "12"),
        ("DKI Jakarta", "31"),
        ("KABUPATEN TOJO UNA-UNA", "72.09"),
    ],
)
def test_short_former_and_varied_names(text: str, code: str) -> None:
    assert codes_in(text)[0] == code


@pytest.mark.parametrize(
    ("text", "code"), [("kabupaten Padan9 Lawas Utara", "12.20"), ("PROVINS! JAWA BARAT", "32"), ("KAB. BANYUWANGl", "35.10")]
)
def test_misread_names_are_recognised_where_none_other_is_near(text: str, code: str) -> None:
    assert codes_in(text)[0] == code


@pytest.mark.parametrize(
    "text", ["Bogor", "Kabupaten/Kota", "Kabupaten/Kota Bandung", "kota besar", "seluruh kabupaten di wilayah ini", ""]
)
def test_what_can_mean_two_regions_means_none(text: str) -> None:
    assert codes_in(text) == []
