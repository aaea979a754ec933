"""Titles of tables: captions, headings, and what is none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from extractors.types import Bbox, TextLine
from normalizers.stitch import stitch
from normalizers.titles import caption, is_heading
from tests.normalizers.tables_kit import PLAN_HEADER, page_of, raw

TABLE = raw([*PLAN_HEADER, ["1.01.01", "A", "Indeks", "80", "1.000.000", "81", "1.100.000"]])


def above(*texts: str) -> Sequence[TextLine]:
    return raw([["a", "b"]], above=texts).above


def line(text: str, y: float = 50, bold: bool = False) -> TextLine:
    return TextLine(text, Bbox(50, y, 400, y + 8), bold=bold)


def test_captions() -> None:
    assert caption(above("Dinas Kesehatan", "Tabel T-C.29", "Rekapitulasi Hasil Evaluasi")) == (
        "Tabel T-C.29 Rekapitulasi Hasil Evaluasi",
        "tc29",
    )
    assert caption(above("Tabel 2. 4 Perjanjian Kinerja")) == ("Tabel 2. 4 Perjanjian Kinerja", "24")
    assert caption(above("Tabel di atas memuat nama Perda."))[1] is None
    assert caption(above("PERUBAHAN PERJANJIAN KINERJA", "TAHUN 2024")) == ("PERUBAHAN PERJANJIAN KINERJA TAHUN 2024", None)


def test_a_bare_number_takes_the_heading_over_it_but_no_sentence() -> None:
    assert caption(above("Rekapitulasi Evaluasi", "Tabel 2.1"))[0] == "Rekapitulasi Evaluasi Tabel 2.1"
    assert caption(above("Kebutuhan dana sebesar Rp. 6.287.129.424,-.", "Tabel T-C.31"))[0] == "Tabel T-C.31"


@pytest.mark.parametrize("text", ["3.3 Program dan Kegiatan", "REALISASI ANGGARAN TAHUN 2017", "Lampiran 1. Perjanjian Kinerja 2024"])
def test_headings(text: str) -> None:
    assert is_heading(line(text))


@pytest.mark.parametrize(
    "text",
    [
        "16. Pemberdayaan Usaha Mikro Melalui Pendataan, Kemitraan dan Kemudahan",
        "yang menjadi kewenangan daerah",
        "Dalam rangka pencapaian visi dan misi maka program yang akan dilaksanakan",
        "Adapun rinciannya adalah sebagai berikut :",
        "AKUNTABILITAS KINERJA |",
        "Tabel 2.1 Evaluasi Renja ........ 12",
    ],
)
def test_list_items_sentences_and_running_heads_are_no_headings(text: str) -> None:
    assert not is_heading(line(text))


def test_a_caption_at_the_foot_of_a_page_belongs_to_the_table_of_the_next() -> None:
    before = replace(page_of(raw([["", ""]])), tables=(), prose=(line("Tabel 3.2.1 Realisasi Anggaran", 520, bold=True),))
    (table,) = stitch([before, page_of(replace(TABLE, page=2))])
    assert table.title == "Tabel 3.2.1 Realisasi Anggaran"


def test_a_table_without_a_caption_stands_under_the_heading_of_its_section() -> None:
    lines = (line("3.3 Program dan Kegiatan", 400, bold=True), line("1. Program Hubungan Industrial", 420))
    before = replace(page_of(raw([["", ""]])), tables=(), prose=lines)
    page = page_of(replace(TABLE, page=2))
    (table,) = stitch([before, replace(page, prose=(line("2. Program Pelatihan Kerja"),))])
    assert table.title == "3.3 Program dan Kegiatan"
    (far,) = stitch([before, page_of(replace(TABLE, page=9))])
    assert far.title == ""
