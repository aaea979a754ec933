"""Columns of a table that goes on from the page before, titles over columns without rules, and bare rows between painted ones."""

from __future__ import annotations

from itertools import pairwise

import pytest

from extractors.alignment import find_tables
from extractors.alignment.grid import Grid, raw_table, titles_of
from extractors.alignment.gutters import gutters
from extractors.alignment.headings import Heading, lone_titles
from extractors.alignment.hints import edges_by_hints
from extractors.alignment.rules import rules_of
from extractors.alignment.text import lines_of
from extractors.bands import bridged
from extractors.types import Bbox, Cell, RawTable, Word
from tests.extractors.typesetter import SIZE, page, put, rule, texts

EDGES = (40.0, 100.0, 300.0, 400.0, 500.0)
ROW = ["1.01.2", "Kegiatan Rapat", "12 Dokumen", "1.500.000"]


def row(y: float, cells: list[str]) -> list[Word]:
    """A row whose last column is set to the right."""
    return [word for at, text in enumerate(cells[:-1]) for word in put(text, EDGES[at] + 2, y)] + put(cells[-1], EDGES[-1] - 2, y, "right")


def before(header: list[str] | None = None) -> RawTable:
    """The table of the page before, down to its foot."""
    titles = header or ["Kode", "Uraian", "Target", "Pagu"]
    boxes = [Bbox(x0, 700, x1, 712) for x0, x1 in pairwise(EDGES)]
    cells = [Cell(0, at, 1, 1, (title,), box, 1) for at, (title, box) in enumerate(zip(titles, boxes, strict=True))]
    return RawTable(1, 0, 1, 4, tuple(cells), Bbox(EDGES[0], 700, EDGES[-1], 712), EDGES, (700.0, 712.0), "rows", "test")


def test_a_last_row_alone_on_a_page_is_read_in_the_columns_of_the_page_before() -> None:
    note = put("Kepala Dinas bersama seluruh jajaran perangkat daerah menyatakan hal tersebut dengan benar", 60, 140)
    (table,) = find_tables(page(row(50, ROW) + note), [], [before()])
    assert texts(table) == [ROW]


@pytest.mark.parametrize("place", [50, 500])
def test_prose_with_an_amount_is_no_last_row(place: float) -> None:
    """Not where its words stand on the edges, nor in the middle of a page, though they stand between them."""
    words = put("Anggaran sebesar Rp. 1.500.000 direncanakan untuk kegiatan rapat koordinasi perangkat daerah", 42, place)
    assert find_tables(page(words if place == 50 else row(place, ROW)), [], [before()]) == []


def test_known_edges_stay_where_no_word_stands_on_them() -> None:
    """A sparse column has a gutter of its own, between short texts at its left and figures at its right."""
    lines = lines_of([word for at in range(4) for word in row(100 + 12 * at, ROW)])
    assert edges_by_hints([before()], [], lines, [], [(80.0, 102.0), (250.0, 302.0), (360.0, 465.0)]) == list(EDGES)


def test_known_edges_move_off_words() -> None:
    words = [word for at in range(6) for word in put("Uraian", 60, 100 + 12 * at) + put("Kegiatan", 150, 100 + 12 * at)]
    words += [word for at in range(6) for word in put("Lokasi", 297, 100 + 12 * at) + put("1.500.000", 490, 100 + 12 * at, "right")]
    assert edges_by_hints([before()], [], lines_of(words), [], [(84.0, 150.0), (182.0, 297.0), (321.0, 454.0)])[2] == pytest.approx(297.0)


def test_gutters_between_the_parts_of_a_code_need_not_be_known() -> None:
    words = [word for at in range(6) for word in row(100 + 12 * at, ["1", *ROW[1:]])]
    for at in range(6):
        words += put("01", 52, 100 + 12 * at) + put("2.02", 64, 100 + 12 * at) + put("0003", 82, 100 + 12 * at)
    white = [(46.0, 52.0), (60.0, 64.0), (76.0, 82.0), (98.0, 102.0), (250.0, 302.0), (360.0, 460.0)]
    assert edges_by_hints([before()], [], lines_of(words), [], white) == list(EDGES)


def test_a_label_alone_over_two_columns_hides_no_gutter() -> None:
    words = [word for at in range(8) for word in put(f"{at + 1}.", 42, 100 + 12 * at) + put("Program Pelatihan Kerja", 70, 100 + 12 * at)]
    words += [word for at in range(9) for word in put(f"{at + 1}.500.000", 400, 100 + 12 * at, "right")] + put("JUMLAHTOTAL", 42, 196)
    assert next(strip[1] for strip in gutters(lines_of(words), 40, 402, SIZE)) == pytest.approx(70.0)


def test_a_rule_under_a_full_row_underlines_no_text() -> None:
    """It is as long as the words over it, which are not one text."""
    words = put("1.01", 42, 100) + put("Kegiatan Rapat", 150, 100) + put("1.500.000", 400, 100, "right")
    assert len(rules_of([rule(109, 41.5, 400.5)], words)) == 1
    assert rules_of([rule(109, 41.5, 398.5)], put("x" * 89, 42, 100)) == []


def filled(words: list[Word], edges: list[float], rows: int, headings: tuple[Heading, ...] = ()) -> list[list[str]]:
    heights = [98.0 + 12 * at for at in range(rows + 1)]
    grid = Grid(words, edges, heights, lambda _column, _row: True, headings)
    grid.fill()
    return texts(raw_table(grid, 1, "", "", 1.0))


def test_an_edge_that_texts_reach_over_in_row_after_row_parts_them() -> None:
    """A percentage at the right of its column and a word at the left of the next stand as close as words of one text."""
    words = [word for at in range(5) for word in put(f"{95 + at}%", 99, 100 + 12 * at, "right") + put("Baik", 101, 100 + 12 * at)]
    assert filled(words, [40.0, 100.0, 160.0], 5) == [[f"{95 + at}%", "Baik"] for at in range(5)]


def test_a_dash_where_figures_end_is_a_figure() -> None:
    words = put("-", 98, 148, "right") + put("DAU", 100.5, 148)
    words += [word for at in range(4) for word in put(f"{at + 1}.500.000", 98, 100 + 12 * at, "right")]
    assert filled(words, [40.0, 99.0, 160.0], 5)[4] == ["-", "DAU"]


def test_titles_of_groups_may_stand_as_close_as_words() -> None:
    """Of wrapped titles, the line with the most texts tells how many there are."""
    words = put("Realisasi Kinerja pada", 100, 100, "centre") + put("Realisasi Kinerja pada", 196, 100, "centre")
    words += put("Triwulan I", 100, 109, "centre") + put("Triwulan II", 196, 109, "centre")
    assert [round(box.centre[0]) for box in titles_of(words)] == [100, 196]


def test_a_title_stands_over_the_untitled_columns_around_its_middle() -> None:
    """`Kode` over one column for each part of the code."""
    edges = [40.0, 50.0, 62.0, 74.0, 90.0, 200.0]
    header = lines_of(put("Kode", 65, 100, "centre") + put("Uraian", 145, 100, "centre"))
    assert lone_titles(header, edges, 110.0) == [Heading(0, 3, 110.0)]
    words = [word for line in header for word in line.words]
    assert filled(words, edges, 1, (Heading(0, 3, 110.0),)) == [["Kode", "", "", "", "Uraian"]]


def band(y: float, edges: list[float]) -> list[Bbox]:
    return [Bbox(a, y, b, y + 20) for a, b in pairwise(edges)]


def test_a_name_that_runs_over_an_edge_leaves_a_bare_row_its_other_columns() -> None:
    edges = [50.0, 90.0, 290.0, 390.0, 490.0]
    boxes = band(100, edges) + band(140, edges)
    words = put("3", 52, 126) + put("Pengesahan" + "x" * 50, 92, 126) + put("47.246", 488, 126, "right")
    assert [box.x1 for box in bridged(boxes, words) if box.y0 == 120.0] == [90.0, 390.0, 490.0]
    prose = put("Sasaran tersebut diukur dengan tiga indikator yang ditetapkan dalam dokumen rencana strategis perangkat daerah", 52, 126)
    assert bridged(boxes, prose) == []


def test_bare_rows_over_the_first_painted_one_are_rows() -> None:
    """The page before ended with a painted row."""
    boxes = band(120, list(EDGES)) + band(160, list(EDGES))
    words = row(106, ROW) + row(126, ROW) + row(146, ROW) + row(166, ROW)
    assert {(box.y0, box.y1) for box in bridged(boxes, words) if box.y1 == 120.0} == {(105.0, 120.0)}
