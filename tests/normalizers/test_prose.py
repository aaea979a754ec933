"""Figures in running text arrive with their sentence and place."""

from __future__ import annotations

from decimal import Decimal

import pytest

from extractors.types import Bbox, TextLine
from normalizers.prose import figures, paragraphs
from normalizers.types import ProseFigure, ValueKind


def page(number: int, *lines: str) -> tuple[int, list[TextLine]]:
    return number, [TextLine(text, Bbox(50, 100 + 14 * i, 550, 112 + 14 * i), 11) for i, text in enumerate(lines)]


def one(*lines: str) -> ProseFigure:
    (figure,) = figures([page(1, *lines)])
    return figure


@pytest.mark.parametrize(
    ("text", "printed", "rupiah"),
    [
        ("Pagu sebesar Rp. 5.083.646.238,- untuk", "5.083.646.238", 5083646238),
        ("Pagu sebesar Rp1.234.567,00.", "1.234.567,00", 1234567),
        ("Anggaran Rp 2,5 miliar lebih", "2,5 miliar", 2_500_000_000),
        ("Anggaran 750 juta rupiah", "750 juta", 750_000_000),
        ("Belanja 1.234.567.890 terserap", "1.234.567.890", 1234567890),
        ("Belanja Rp 1,234,567.00 terserap", "1,234,567.00", 1234567),
    ],
)
def test_amounts(text: str, printed: str, rupiah: int) -> None:
    figure = one(text)
    assert (figure.kind, figure.printed, figure.rupiah) == (ValueKind.RUPIAH, printed, rupiah)


def test_an_amount_wrapped_over_a_line_is_one_and_stands_in_both_lines() -> None:
    figure = one("Realisasi anggaran adalah sebesar Rp 1.234.", "567.890 sampai akhir tahun.")
    assert figure.rupiah == 1234567890
    assert (figure.bbox.y0, figure.bbox.y1) == (100, 126)


def test_a_sentence_goes_on_over_lines_and_pages() -> None:
    (figure,) = figures([page(3, "Kegiatan ini menyerap anggaran"), page(4, "sebesar Rp 2.000.000 saja. Lalu selesai.")])
    assert figure.page == 4
    assert figure.sentence == "Kegiatan ini menyerap anggaran sebesar Rp 2.000.000 saja."


def test_percents_and_counts() -> None:
    read = figures([page(1, "Capaian 93,86% dari 7 (tujuh) kegiatan bagi 1.250 orang.")])
    assert [(f.kind, f.number, f.unit) for f in read] == [
        (ValueKind.PERCENT, Decimal("93.86"), "%"),
        (ValueKind.VOLUME, Decimal(7), "Kegiatan"),
        (ValueKind.VOLUME, Decimal(1250), "Orang"),
    ]


@pytest.mark.parametrize(
    "lines",
    [
        ("Peraturan Menteri Dalam Negeri Nomor 86 Tahun 2017 tentang Tata Cara",),
        ("Tabel 2.1 Evaluasi ................................ 14",),
        ("12",),
        ("Hal : 7",),
        ("1.2 Landasan Hukum",),
        ("BAB II - 4",),
    ],
)
def test_law_numbers_page_numbers_and_contents_are_no_figures(lines: tuple[str, ...]) -> None:
    assert figures([page(1, *lines)]) == ()


def test_list_items_are_paragraphs_of_their_own() -> None:
    joined = [paragraph.text for paragraph in paragraphs([page(1, "Tujuannya adalah:", "1. Meningkatkan", "layanan", "2. Menjaga mutu")])]
    assert joined == ["Tujuannya adalah:", "1. Meningkatkan layanan", "2. Menjaga mutu"]
