"""Tables parted by horizontal rules only: columns, spans, cut rows, and what is no table."""

from __future__ import annotations

from itertools import pairwise

import hypothesis.strategies as st
from hypothesis import given

from extractors.alignment import find_tables
from extractors.alignment.grid import best_groups
from extractors.types import Page, RawTable, Ruling, Word
from tests.extractors.typesetter import page, put, rule, texts

LEFT, RIGHT = 50.0, 550.0
NAMES = ["Penyediaan Jasa Surat", "Pemeliharaan Gedung", "Pengadaan Mebel", "Pelatihan Kerja", "Pendataan Usaha Mikro", "Rapat Koordinasi"]


def row(y: float, code: str, name: str, before: str, after: str) -> list[Word]:
    return [*put(code, 52, y), *put(name, 102, y), *put(before, 398, y, "right"), *put(after, 548, y, "right")]


def header(y: float) -> list[Word]:
    """Two rows: the last two columns stand under one title."""
    words = put("Kode", 75, y + 6, "centre") + put("Program Kegiatan", 200, y + 6, "centre") + put("Pagu Indikatif", 425, y, "centre")
    return words + put("Sebelum", 350, y + 12, "centre") + put("Sesudah", 475, y + 12, "centre")


def budget(rows: int = 6, start: float = 100.0) -> tuple[list[Word], list[Ruling]]:
    words, rulings = header(start + 2), [rule(start, LEFT, RIGHT), rule(start + 12, 300, RIGHT), rule(start + 24, LEFT, RIGHT)]
    y = start + 24
    for place in range(rows):
        words += row(y + 2, f"2.17.0{place + 1}", NAMES[place], f"{place + 1}.200.000", f"1{place}.300.000")
        y += 12
        rulings.append(rule(y, LEFT, RIGHT))
    return words, rulings


def only(found: Page, hints: list[RawTable] | None = None) -> RawTable:
    tables = find_tables(found, [], hints or [])
    assert len(tables) == 1
    return tables[0]


def test_columns_come_from_the_gutters_and_a_group_title_spans_its_columns() -> None:
    table = only(page(*budget()))
    assert table.method == "rows"
    assert texts(table)[2] == ["2.17.01", "Penyediaan Jasa Surat", "1.200.000", "10.300.000"]
    spans = {cell.text: (cell.rowspan, cell.colspan) for cell in table.cells if cell.row < 2}
    assert spans["Pagu Indikatif"] == (1, 2)
    assert spans["Kode"] == (2, 1)


def test_rules_drawn_cell_by_cell_tell_the_columns_even_where_they_are_empty() -> None:
    words, rulings = budget()
    edges = [LEFT, 100, 300, 400, 425, RIGHT]  # the fourth column has no text at all
    pieces = [rule(ruling.y0, a, b) for ruling in rulings if ruling.x0 == LEFT for a, b in pairwise(edges)]
    table = only(page(words, pieces))
    assert table.n_columns == 5
    assert texts(table)[-1] == ["2.17.06", "Rapat Koordinasi", "6.200.000", "", "15.300.000"]


def test_cells_underlined_one_by_one_tell_the_columns() -> None:
    words, rulings = budget()
    edges = [LEFT, 100, 300, 400, 425, RIGHT]
    pieces = [rule(ruling.y0, a + (2.5 if a > LEFT else 0), b) for ruling in rulings if ruling.x0 == LEFT for a, b in pairwise(edges)]
    assert only(page(words, pieces)).n_columns == 5


def test_an_empty_column_survives_by_its_number() -> None:
    words, rulings = budget()
    numbers = [(75, "1"), (200, "2"), (350, "3"), (420, "4"), (495, "5=(3-4)")]
    moved = [Word(w.text, w.bbox._replace(y0=w.bbox.y0 + 12, y1=w.bbox.y1 + 12), w.size) if w.bbox.y0 > 124 else w for w in words]
    moved += [word for x, text in numbers for word in put(text, x, 126, "centre")]
    table = only(page(moved, [*rulings, rule(196 + 12, LEFT, RIGHT)]))
    assert texts(table)[2] == ["1", "2", "3", "4", "5=(3-4)"]
    assert texts(table)[3] == ["2.17.01", "Penyediaan Jasa Surat", "1.200.000", "", "10.300.000"]


def test_a_name_printed_over_its_neighbour_column_is_one_cell() -> None:
    words, rulings = budget()
    y = rulings[-1].y0
    name = "PROGRAM PEMBERDAYAAN USAHA MENENGAH USAHA KECIL DAN USAHA MIKRO DAN KOPERASI"
    words += put("2.17.07", 52, y + 2) + put(name, 102, y + 2) + put("9.300.000", 548, y + 2, "right")
    table = only(page(words, [*rulings, rule(y + 12, LEFT, RIGHT)]))
    last = [cell for cell in table.cells if cell.row == table.n_rows - 1]
    assert [(cell.text[:12], cell.colspan) for cell in last] == [("2.17.07", 1), ("PROGRAM PEMB", 2), ("9.300.000", 1)]


def test_a_row_that_the_page_end_cuts_is_kept() -> None:
    words, rulings = budget(rows=5, start=680)
    words += row(rulings[-1].y0 + 2, "2.17.09", "Pengadaan Kendaraan", "1.000.000", "2.000.000")
    assert texts(only(page(words, rulings)))[-1] == ["2.17.09", "Pengadaan Kendaraan", "1.000.000", "2.000.000"]


def test_a_note_below_the_table_is_no_row() -> None:
    words, rulings = budget()
    words += put("Sumber : DPA Tahun 2024 dan hasil rapat", 52, rulings[-1].y0 + 3)
    assert only(page(words, rulings)).n_rows == 8


def test_two_tables_of_one_width_are_two() -> None:
    first, second = budget(), budget(rows=4, start=300)
    title = put("Tabel 2.2 Anggaran Sesudah Perubahan", 300, 280, "centre", size=10)
    found = page([*first[0], *title, *second[0]], [*first[1], *second[1]])
    assert [table.n_rows for table in find_tables(found, [], [])] == [8, 6]


def test_a_continuation_takes_the_columns_of_the_page_before() -> None:
    before = only(page(*budget()))
    words, rulings = [], [rule(60, LEFT + 3, RIGHT + 3)]
    for place in range(4):  # shifted by three points, and nothing in the third column
        y = 62 + 12 * place
        words += put(f"2.18.0{place + 1}", 55, y) + put(NAMES[place], 105, y) + put(f"{place + 2}.000.000", 551, y, "right")
        rulings.append(rule(y + 10, LEFT + 3, RIGHT + 3))
    table = only(page(words, rulings), [before])
    assert texts(table)[1] == ["2.18.02", "Pemeliharaan Gedung", "", "3.000.000"]


def test_what_the_lattice_has_taken_is_left_alone() -> None:
    words, rulings = budget()
    found = page(words, rulings)
    assert find_tables(found, [only(found).bbox], []) == []


def test_the_grid_of_a_chart_is_no_table() -> None:
    scale = ["100%", "80%", "60%", "40%", "20%", "0%"]
    words = [word for place, label in enumerate(scale) for word in put(label, 95, 96 + 30 * place, "right")]
    words += put("Capaian 2021", 150, 270) + put("Capaian 2022", 260, 270) + put("Capaian 2023", 370, 270)
    assert find_tables(page(words, [rule(100 + 30 * place, 100, 500) for place in range(6)]), [], []) == []


@given(st.lists(st.floats(5, 60), min_size=1, max_size=9), st.data())
def test_header_groups_cover_every_column_once(widths: list[float], data: st.DataObject) -> None:
    edges = [0.0]
    for width in widths:
        edges.append(edges[-1] + width)
    titles = sorted(data.draw(st.lists(st.floats(0, edges[-1]), min_size=1, max_size=len(widths))))
    groups = best_groups(titles, edges)
    assert len(groups) == len(titles)
    assert [column for first, last in groups for column in range(first, last + 1)] == list(range(len(widths)))
