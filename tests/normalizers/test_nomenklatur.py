"""Editions, the view of a year, names as they are compared, and lists read in."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from normalizers.nomenklatur import Edition, Entry, Nomenklatur, load
from normalizers.nomenklatur.editions import level_of, parent_of, scope_of, to_template, with_bidang
from normalizers.nomenklatur.importing import GapKind, read_list
from normalizers.nomenklatur.names import read_name
from normalizers.nomenklatur.provisional import propose
from normalizers.nomenklatur.store import bundled_editions, read_edition, write_edition
from normalizers.types import RowKind

SERIALS = st.integers(1, 9999).map("{:04d}".format)


@given(st.integers(1, 9), st.integers(1, 40), st.integers(1, 20), st.integers(1, 8), st.integers(1, 20), SERIALS)
def test_every_official_code_has_its_chain_of_parents(
    urusan: int, bidang: int, program: int, group: int, kegiatan: int, serial: str
) -> None:
    code: str | None = f"{urusan}.{bidang:02d}.{program:02d}.{group}.{kegiatan:02d}.{serial}"
    levels = []
    while code is not None:
        levels.append(level_of(code))
        code = parent_of(code)
    assert levels == [RowKind.SUB_KEGIATAN, RowKind.KEGIATAN, RowKind.PROGRAM, RowKind.BIDANG_URUSAN, RowKind.URUSAN]


def test_a_penunjang_code_goes_to_its_template_and_back() -> None:
    assert to_template("2.17.01.2.02.0001") == "X.XX.01.2.02.0001"
    assert with_bidang("X.XX.01.2.02.0001", "2.17") == "2.17.01.2.02.0001"
    assert to_template("2.17.02.2.01") is None


@pytest.mark.parametrize(
    ("code", "scope"), [("2.17.01.2.02", "kabkota"), ("2.17.01.1.02", "provinsi"), ("1.03.13.5.01", "khusus"), ("2.17.01", None)]
)
def test_the_kegiatan_group_tells_the_scope(code: str, scope: str | None) -> None:
    assert scope_of(code) == scope


def test_bundled_lists_are_whole() -> None:
    for edition in bundled_editions():
        codes = {entry.code for entry in edition.entries}
        assert {entry.parent for entry in edition.entries} - {None} <= codes | {"X.XX"}, edition.id
        assert len({entry.code for entry in edition.entries if entry.level is RowKind.BIDANG_URUSAN}) >= 45
        assert all(entry.name and level_of(entry.code) is entry.level for entry in edition.entries)
        assert {"2.17.05.2.01.0001", "2.07.03.2.01.0001", "X.XX.01.2.06.0005"} <= codes


def test_the_edition_of_the_budget_year_is_asked_first() -> None:
    nomenklatur = load()
    later, earlier = nomenklatur.for_year(2024), nomenklatur.for_year(2022)
    assert later.with_code("2.17.01.2.01")[:1] == ()
    assert later.with_code("2.17.08.2.01.0003")[0].edition == "900.1.15.5-1317/2023"
    assert earlier.with_code("2.17.08.2.01.0003")[0].edition == "050-5889/2021"
    dropped = later.with_code("2.17.07.2.01.0001")[0]
    assert (dropped.edition, dropped.distance) == ("050-5889/2021", 1)


def test_an_edition_whose_codes_were_reused_answers_for_its_own_years_alone() -> None:
    old = Edition("90/2019", "Permendagri 90/2019", 2020, 2020, (Entry("1.02.03", "PROGRAM LAMA", RowKind.PROGRAM),), isolated=True)
    new = Edition("baru", "baru", 2021, 2021, (Entry("1.02.03", "PROGRAM BARU", RowKind.PROGRAM),))
    nomenklatur = Nomenklatur([old, new])
    assert [listed.entry.name for listed in nomenklatur.for_year(2020).with_code("1.02.03")] == ["PROGRAM LAMA"]
    assert [listed.entry.name for listed in nomenklatur.for_year(2024).with_code("1.02.03")] == ["PROGRAM BARU"]
    assert nomenklatur.for_year(2017).predates


@pytest.mark.parametrize(
    ("printed", "official"),
    [
        ("11 Pemeliharaan Mebel", "Pemeliharaan Mebel"),
        ("2. Sub Kegiatan: Fasilitas Kunjungan Tamu", "Fasilitasi Kunjungan Tamu"),
        ("IV PROGRAM PENGEMBANGAN UMKM", "Pengembangan UMKM"),
        ("PROGRAM PELAYANAN IJIN USAHASIMPAN PINJAM", "Program Pelayanan Izin Usaha Simpan Pinjam"),
        ("Koordinasi & Penyusunan DPA- SKPD", "Koordinasi dan Penyusunan DPA-SKPD"),
        ("Pembinaan Lembaga Penggiat Seni****)", "Pembinaan Lembaga Penggiat Seni"),
        ("BIDANG URUSAN TENAGA KERJA", "URUSAN PEMERINTAHAN BIDANG TENAGA KERJA"),
    ],
)
def test_names_that_differ_in_writing_only_compare_equal(printed: str, official: str) -> None:
    assert read_name(printed).compact == read_name(official).compact


@settings(max_examples=60)
@given(st.text(max_size=60))
def test_any_text_can_be_read_as_a_name(text: str) -> None:
    name = read_name(text)
    assert " " not in name.compact and name.tokens.replace(" ", "") == name.compact


PLAIN = [
    ["kode", "nama", "satuan"],
    ["9.01.02", "PROGRAM X", ""],
    ["9.01.02.2.01", "Kegiatan Y", ""],
    ["9.01.02.2.01.07", "Sub Z", "Dokumen"],
]
SPLIT = [
    ["KODE", "", "", "", "", "NOMENKLATUR URUSAN KABUPATEN/KOTA", "KINERJA", "INDIKATOR", "SATUAN"],
    ["URUSAN", "BIDANG URUSAN", "PROGRAM", "KEGIATAN", "SUB KEGIATAN", "", "", "", ""],
    ["1", "2", "3", "4", "5", "6", "7", "8", "9"],
    ["9", "1", "2", "", "", "PROGRAM X", "", "", ""],
    ["9", "1", "2", "2.01", "", "Kegiatan Y", "", "", ""],
    ["9", "1", "2", "2.01", "7", "Sub Z", "", "", "Dokumen"],
]
LEVELS_TOGETHER = [
    ["JENIS PEMDA", "BIDANG", "PROGRAM", "KEGIATAN", "SUBKEGIATAN", "SATUAN"],
    ["KAB/KOTA", "9.01 UNSUR", "9.01.02 PROGRAM X", "9.01.02.2.01 Kegiatan Y", "9.01.02.2.01.0007 Sub Z", "Dokumen"],
]


@pytest.mark.parametrize("rows", [PLAIN, SPLIT, LEVELS_TOGETHER])
def test_three_layouts_of_a_list_give_the_same_entries(rows: list[list[str]]) -> None:
    read = read_list(rows)
    found = {entry.code: (entry.name, entry.unit) for entry in read.entries if entry.level is not RowKind.BIDANG_URUSAN}
    assert found == {"9.01.02": ("PROGRAM X", ""), "9.01.02.2.01": ("Kegiatan Y", ""), "9.01.02.2.01.0007": ("Sub Z", "Dokumen")}


def test_a_row_cut_by_a_page_break_is_joined_and_the_repeated_header_dropped() -> None:
    rows = [*SPLIT, *SPLIT[:2], ["", "", "", "", "", "yang Lain", "", "", ""]]
    assert read_list(rows, continued=True).entries[-1].name == "Sub Z yang Lain"


def test_what_is_wanting_in_a_list_is_said() -> None:
    rows = [
        ["kode", "tingkat", "nama"],
        ["2.17.02.2.01", "program", "Tanpa Induk"],
        ["2.17.03", "program", "PROGRAM A"],
        ["2.17.03", "program", "PROGRAM B"],
        ["2.17.04", "program", ""],
        ["2.17.99.77.1", "", "Salah"],
    ]
    kinds = {(gap.kind, gap.code) for gap in read_list(rows).gaps}
    assert kinds == {
        (GapKind.WRONG_LEVEL, "2.17.02.2.01"),
        (GapKind.NO_PARENT, "2.17.02.2.01"),
        (GapKind.TWICE, "2.17.03"),
        (GapKind.NO_NAME, "2.17.04"),
        (GapKind.UNREADABLE, "2.17.99.77.1"),
    }


def test_a_file_that_is_no_list_is_refused() -> None:
    with pytest.raises(ValueError, match="no header"):
        read_list([["tanggal", "jumlah"], ["1", "2"]])


def test_an_edition_comes_back_from_parquet_as_it_was(tmp_path: Path) -> None:
    edition = bundled_editions()[0]
    write_edition(edition, tmp_path / "a.parquet", "uji")
    write_edition(edition, tmp_path / "b.parquet", "uji")
    back = read_edition(tmp_path / "a.parquet")
    assert sorted(back.entries, key=lambda entry: (entry.code, entry.name)) == sorted(
        edition.entries, key=lambda entry: (entry.code, entry.name)
    )
    assert (tmp_path / "a.parquet").read_bytes() == (tmp_path / "b.parquet").read_bytes()


def test_a_provisional_entry_needs_documents_that_agree() -> None:
    pairs = [
        ("a", "3.27.02.2.01", "Penyediaan Benih"),
        ("b", "3.27.02.2.01", "PENYEDIAAN BENIH"),
        ("a", "3.27.03", "PROGRAM SATU"),
        ("b", "3.27.03", "PROGRAM LAIN"),
        ("a", "3.27.01.2.30", "Kegiatan Penunjang Baru"),
        ("b", "3.25.01.2.30", "Kegiatan Penunjang Baru"),
        ("a", "5.1.02.01.01.0031", "Belanja"),
        ("b", "5.1.02.01.01.0031", "Belanja"),
    ]
    edition = propose(pairs, 2023, 2024)
    assert [entry.code for entry in edition.entries] == ["3.27.02.2.01", "X.XX.01.2.30"]
    assert edition.provisional


def test_provinces_number_their_penunjang_rows_with_group_one() -> None:
    view = load().for_year(2024, "provinsi")
    assert [listed.entry.name for listed in view.with_code("X.XX.01.1.06")] == ["Administrasi Umum Perangkat Daerah"]
    assert not view.with_code("X.XX.01.2.06") and not view.with_code("X.XX.01.1.13")
    assert view.with_code("X.XX.01")[0].entry.name.endswith("DAERAH PROVINSI")
