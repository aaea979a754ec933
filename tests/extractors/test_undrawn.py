"""Rules that a printer left out between columns whose texts stand apart."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from extractors import read_pages
from extractors.types import RawTable
from tests.extractors.pdf_maker import cells, document, lattice, line, text

XS = [50, 100, 250, 350]
YS = [700 - 20 * i for i in range(8)]


def read(tmp_path: Path, content: bytes) -> RawTable:
    path = tmp_path / "halaman.pdf"
    path.write_bytes(document(content))
    return next(read_pages(path)).tables[0]


def body(rows: Sequence[tuple[str, str]], title: tuple[str, str]) -> bytes:
    """A full grid whose second column holds two texts, the second at one place in all rows."""
    plain = [["No", title[0], "Pagu"], *([str(i), left, "1.000.000"] for i, (left, _) in enumerate(rows, 1))]
    seconds = b"".join(text(180, y - 11.5, second) for y, second in zip(YS, [title[1], *(right for _, right in rows)], strict=False))
    return lattice(XS, YS) + cells(XS, YS, plain) + seconds


def test_a_column_whose_title_and_rows_part_at_one_place_is_two(tmp_path: Path) -> None:
    rows = [(f"{n} Dokumen", "Jawa Barat") for n in range(1, 7)]
    table = read(tmp_path, body(rows, ("Target", "Lokasi")))
    assert table.n_columns == 4
    assert [cell.text for cell in table.cells if cell.row == 1] == ["1", "1 Dokumen", "Jawa Barat", "1.000.000"]


def test_marks_before_texts_and_titles_over_both_are_no_columns(tmp_path: Path) -> None:
    bullets = [("-", "Survei") for _ in range(6)]
    assert read(tmp_path, body(bullets, ("-", "Sumber data"))).n_columns == 3
    units = [(f"{n}", "Dokumen") for n in range(1, 7)]
    assert read(tmp_path, body(units, ("Target capaian kinerja", ""))).n_columns == 3


def test_titles_in_the_middle_of_their_columns_are_cells_of_their_own(tmp_path: Path) -> None:
    rules = b"".join(line(XS[0], y, XS[-1], y) for y in YS) + b"".join(line(x, YS[0], x, YS[-1]) for x in (XS[0], XS[1], XS[-1]))
    rules += line(XS[2], YS[1], XS[2], YS[-1])
    rows = [["", "", ""], *([str(i), "Jawa Barat", "1 laporan"] for i in range(1, 7))]
    titles = text(160, YS[0] - 12, "Lokasi") + text(285, YS[0] - 12, "Target")
    table = read(tmp_path, rules + cells(XS, YS, rows) + titles)
    assert [cell.text for cell in table.cells if cell.row == 0] == ["", "Lokasi", "Target"]
    over_both = text(190, YS[0] - 12, "Rencana Tahun 2025")
    table = read(tmp_path, rules + cells(XS, YS, rows) + over_both)
    assert [(cell.text, cell.colspan) for cell in table.cells if cell.row == 0] == [("", 1), ("Rencana Tahun 2025", 2)]
