"""One agency is one value."""

from __future__ import annotations

import pytest

from normalizers.agencies import find_agencies, normalise

SPELLINGS = {
    "Dinas Koperasi, Usaha Kecil dan Menengah dan Ketenagakerjaan": [
        "DINAS KOPERASI, USAHA KECIL DAN MENENGAH DAN KETENAGAKERJAAN",
        "Dinas Koperasi Usaha Kecil dan Menengah dan Ketenagakerjaan",
        "Dinas Koperasi, UKM dan Ketenagakerjaan Kota Sibolga",
    ],
    "Dinas Koperasi, Usaha Kecil dan Menengah": ["DISKOP UKM", "Dinas Koperasi & UKM Kab. Pasuruan", "Dinas Koperasi dan UKM Tahun 2024"],
    "Dinas Koperasi dan Usaha Mikro": ["Dinas Koperasl dan Usaha Mikro"],
    "Dinas Pemberdayaan Perempuan, Perlindungan Anak dan Keluarga Berencana": [
        "Dinas P3AKB PROVSU",
        "Dinas Pemberdayaan Perempuan Perlindungan Anak dan Keluarga Berencana PROVINSI SUMATERA UTARA",
    ],
    "Dinas Komunikasi dan Informatika": ["DISKOMINFO KAB. WONOSOBO", "Dinas Kominfo Provinsi Jawa Barat"],
    "Dinas Tenaga Kerja dan Transmigrasi": ["Disnakertrans 2017"],
    "Dinas Penanaman Modal dan Pelayanan Terpadu Satu Pintu": ["2.12.01 Dinas Penanaman Modal dan Pelayanan Terpadu Satu Pintu", "DPMPTSP"],
    "Dinas Lingkungan Hidup": ["Dinas Lingkungan Hidup (DLH) Provinsi Jawa Barat"],
    "Badan Perencanaan Pembangunan Daerah": ["BAPPEDA"],
    "Inspektorat Daerah": ["INSPEKTORAT", "Inspektorat Kabupaten Sikka"],
    "Satuan Polisi Pamong Praja": ["SATUAN POLISI PAMONG PRAJA KOTA SEMARANG", "Satpol PP"],
    "Biro Humas, Protokol dan Umum": ["BIRO HUMAS, PROTOKOL DAN UMUM"],
}


@pytest.mark.parametrize(("name", "printed"), [(name, printed) for name, spellings in SPELLINGS.items() for printed in (name, *spellings)])
def test_all_spellings_of_an_agency_are_one_name(name: str, printed: str) -> None:
    assert normalise(printed) == name


def test_different_agencies_stay_apart() -> None:
    names = [
        "Dinas Tenaga Kerja",
        "Dinas Tenaga Kerja dan Transmigrasi",
        "Dinas Pendapatan",
        "Badan Pendapatan Daerah",
        "Dinas Koperasi dan Usaha Mikro",
    ]
    assert len({normalise(name) for name in names}) == len(names)


def test_names_are_found_in_sentences_up_to_region_or_year() -> None:
    text = "Rencana Kerja (Renja) Dinas Lingkungan Hidup Kabupaten Sikka Tahun 2022 disusun oleh Dinas bersama Badan Pendapatan Daerah."
    assert find_agencies(text) == ("Dinas Lingkungan Hidup", "Badan Pendapatan Daerah")


def test_a_lone_abbreviation_counts_only_when_asked_for() -> None:
    assert find_agencies("Renja Disnakertrans 2017") == ()
    assert find_agencies("Renja Disnakertrans 2017", abbreviations=True) == ("Disnakertrans",)
