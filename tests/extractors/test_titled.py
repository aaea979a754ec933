"""Titles over the first rule of a table."""

from __future__ import annotations

from pathlib import Path

from extractors import read_pages
from extractors.types import PageContent
from tests.extractors.pdf_maker import cells, document, lattice, text

XS = [50, 150, 300, 400]
YS = [700, 680, 660, 640]
ROWS = [["Meningkatnya mutu", "Nilai AKIP", "B"], ["Meningkatnya layanan", "Indeks kepuasan", "85"], ["Terwujudnya tertib", "Opini", "WTP"]]


def read(tmp_path: Path, over: bytes) -> PageContent:
    path = tmp_path / "halaman.pdf"
    path.write_bytes(document(lattice(XS, YS) + cells(XS, YS, ROWS) + over))
    return next(read_pages(path))


def titles(gap: float, *words: str) -> bytes:
    return b"".join(text(x + 10, YS[0] + gap, word) for x, word in zip(XS, words, strict=False))


def test_titles_right_over_the_columns_are_the_first_row(tmp_path: Path) -> None:
    content = read(tmp_path, titles(5, "Sasaran", "Indikator Kinerja", "Target"))
    (table,) = content.tables
    assert [cell.text for cell in table.cells if cell.row == 0] == ["Sasaran", "Indikator Kinerja", "Target"]
    assert [cell.text for cell in table.cells if cell.row == 1] == ROWS[0]
    assert not content.prose


def test_captions_sentences_and_running_heads_are_no_titles(tmp_path: Path) -> None:
    for over in (
        text(60, YS[0] + 5, "Tabel 2.1 Sasaran"),
        text(60, YS[0] + 5, "Sasaran strategis dan indikator kinerja disajikan pada tabel berikut ini"),
        titles(30, "Renja", "Dinas Sosial", "Halaman"),
    ):
        (table,) = read(tmp_path, over).tables
        assert table.n_rows == 3
