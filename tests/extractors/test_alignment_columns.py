"""What tells the columns and rows of a table whose rules are missing: white strips, column numbers, margins, a ruled header."""

from __future__ import annotations

from itertools import pairwise

import pytest

from extractors.alignment import find_tables, split_rows, with_body
from extractors.alignment.gaps import wide_gaps
from extractors.alignment.grid import Grid, raw_table
from extractors.alignment.gutters import gutters
from extractors.alignment.headings import Heading, headings_of
from extractors.alignment.numbered import edges_by_numbers
from extractors.alignment.text import lines_of, phrases_of
from extractors.connected import connected
from extractors.grid import find_grids
from extractors.rulings import stacked
from extractors.settings import DEFAULTS
from extractors.types import Bbox, Cell, RawTable, Ruling, Word
from tests.extractors.typesetter import SIZE, page, put, texts


def rows(left: list[str], right: list[str], x: float, step: float = 12.0) -> list[Word]:
    pairs = enumerate(zip(left, right, strict=True))
    return [word for at, (one, two) in pairs for word in put(one, 40, 100 + step * at) + put(two, x, 100 + step * at)]


def test_a_narrow_strip_parts_columns_where_many_lines_bear_it_out() -> None:
    names = [f"Kegiatan nomor {'x' * (at % 7 + 1)}" for at in range(12)]
    words = rows(names, [f"{at + 1} Dokumen" for at in range(12)], 131.0)
    (strip,) = [each for each in gutters(lines_of(words), 39, 200, SIZE) if each[1] > 125]
    assert strip[1] == pytest.approx(131.0)


def test_words_that_always_stand_together_are_one_column() -> None:
    """`Kab. Sikka` in every row leaves a strip of a blank's width that says nothing."""
    names = [f"Kegiatan {'x' * (at % 5 + 1)}" for at in range(12)]
    words = rows(names, ["Kab. Sikka"] * 12, 150.0)
    assert not [strip for strip in gutters(lines_of(words), 39, 200, SIZE) if strip[0] > 150]


def test_figures_set_right_and_texts_set_left_are_one_column() -> None:
    words = []
    for at in range(12):
        y = 100 + 12 * at
        words += put(f"Kegiatan {'x' * (at % 5 + 1)}", 40, y) + put(f"Lokasi {'z' * (at % 4 + 1)}", 203, y)
        words += put("100 %", 200, y, "right") if at % 2 else put(f"{at + 10} Dokumen", 150, y)
    strips = gutters(lines_of(words), 39, 260, SIZE)
    assert [strip for strip in strips if 150 < strip[0] < 199] == []


def test_a_column_number_stands_in_the_middle_of_its_column() -> None:
    edges = [40.0, 60.0, 180.0, 240.0, 300.0]
    middles = [(a + b) / 2 for a, b in pairwise(edges)]
    numbers = [line for at, middle in enumerate(middles, 1) for line in lines_of(put(str(at), middle, 80, "centre"))]
    words = []
    for at in range(6):
        y = 100 + 12 * at
        words += put(str(at + 1), 42, y) + put("Kegiatan " + "x" * (4 * at), 62, y) + put("100 %", 238, y, "right")
    found = edges_by_numbers(lines_of(words), [], numbers, [], 41, 298)
    assert found == pytest.approx(edges, abs=1.5)  # the fourth column is empty


def test_column_numbers_that_stand_in_no_middle_tell_no_edges() -> None:
    numbers = [line for at, x in enumerate((42.0, 62.0, 182.0)) for line in lines_of(put(str(at + 1), x, 80))]
    words = [word for at in range(9) for word in put("Penyediaan jasa penunjang urusan pemerintahan", 42 + at, 100 + 12 * at)]
    assert edges_by_numbers(lines_of(words), [], numbers, [], 41, 298) == []


def test_headings_over_two_levels_have_their_own_heights() -> None:
    """A title over four columns and a longer one over two, beside a column whose title runs through."""
    edges = [40.0, 100.0, 150.0, 200.0, 250.0, 300.0, 360.0, 420.0]
    header = put("Kode", 70, 94, "centre")
    header += put("Tahun", 200, 80, "centre") + put("Rencana", 360, 80, "centre") + put("Maju", 360, 89, "centre")
    header += [word for x in (125, 175, 225, 275) for word in put("Pagu", x, 104, "centre")]
    header += put("Target", 330, 110, "centre") + put("Dana", 390, 110, "centre")
    found = headings_of(lines_of(header), edges)
    assert [(each.first, each.last) for each in found] == [(1, 4), (5, 6)]
    assert found[0].bottom < found[1].bottom
    assert isinstance(found[0], Heading)


def test_rows_stand_further_apart_than_wrapped_lines() -> None:
    """Lines of one cell may stand at two distances by rounding; rows of one margin still stand apart from both."""
    names, entries, y = [], [], 100.0
    for at in range(5):
        entries += put(f"1.0{at + 1}", 40, y)
        for line in range(3):
            names += put("Kegiatan", 80, y)
            y += 9.0 if line % 2 else 9.75
        y += 3.0
    columns = [lines_of(entries), lines_of(names)]
    heights = [line.y for line in columns[1]]
    gaps = wide_gaps(columns, heights, [(3 * at, 3 * at + 3) for at in range(4)])
    assert gaps.places == (2, 5, 8, 11)
    assert gaps.sure


def test_wrapped_codes_part_no_row_where_amounts_and_margins_tell_the_rows() -> None:
    words, wanted = [], []
    for at in range(5):
        y = 100 + 38 * at
        words += [word for line, part in enumerate(("2 17", "01", f"2.0{at + 1}")) for word in put(part, 40, y + 9 * line)]
        words += put("Kegiatan nomor", 90, y) + put("dengan nama", 90, y + 9) + put(f"{at + 1}.500.000", 300, y, "right")
        wanted.append([f"2 17 01 2.0{at + 1}", "Kegiatan nomor dengan nama", f"{at + 1}.500.000"])
    (table,) = find_tables(page(words), [], [])
    assert texts(table) == wanted


def ruled(columns: list[float], heights: list[float], rows_of_words: list[list[list[Word]]]) -> RawTable:
    cells = [
        Cell(r, c, 1, 1, tuple(line.text for line in lines_of(words)), Bbox(columns[c], heights[r], columns[c + 1], heights[r + 1]), 1)
        for r, row in enumerate(rows_of_words)
        for c, words in enumerate(row)
    ]
    box = Bbox(columns[0], heights[0], columns[-1], heights[-1])
    return RawTable(1, 0, len(heights) - 1, len(columns) - 1, tuple(cells), box, tuple(columns), tuple(heights), "lattice")


def test_a_body_in_one_ruled_row_is_split_by_its_margins_without_any_amount() -> None:
    columns, wanted = [40.0, 100.0, 220.0, 300.0], []
    words: list[list[Word]] = [[], [], []]
    for at in range(4):
        y = 100 + 24 * at
        words[0] += put(f"1.0{at + 1}", 42, y)
        words[1] += put("Kegiatan", 102, y) + put(f"nomor {'x' * (at + 1)}", 102, y + 9)
        words[2] += put(f"{at + 1} Dokumen", 222, y)
        wanted.append([f"1.0{at + 1}", f"Kegiatan nomor {'x' * (at + 1)}", f"{at + 1} Dokumen"])
    table = ruled(columns, [95.0, 195.0], [words])
    assert texts(split_rows(page([word for column in words for word in column]), table)) == wanted


def test_a_name_over_two_columns_is_one_cell_where_their_rule_is_left_out() -> None:
    columns = [40.0, 100.0, 200.0, 300.0, 380.0]
    words: list[list[Word]] = [[], [], [], []]
    rulings = [Ruling(x, 95, x, 195) for x in (40.0, 100.0, 300.0, 380.0)]
    for at in range(4):
        y = 100 + 24 * at
        words[0] += put(f"1.0{at + 1}", 42, y) + put("bis", 42, y + 9)
        words[3] += put(f"{at + 1}.500.000", 378, y, "right")
        if at == 1:
            words[1] += put("Program yang jauh", 102, y)
            words[2] += put("lebih lebar", 173, y)
        else:
            words[1] += put("Kegiatan", 102, y)
            words[2] += put("Jumlah", 202, y)
            rulings.append(Ruling(200.0, y - 4, 200.0, y + 20))
    table = ruled(columns, [95.0, 195.0], [words])
    split = split_rows(page([word for column in words for word in column], rulings), table)
    assert [(cell.row, cell.text) for cell in split.cells if cell.colspan == 2] == [(1, "Program yang jauh lebih lebar")]


def test_column_rules_that_begin_below_a_heading_belong_to_their_table() -> None:
    """A heading over all columns, right under the header, leaves the rules below it without touch."""
    places = [40.0, 100.0, 200.0, 300.0]
    across = [Ruling(40, y, 300, y) for y in (60.0, 80.0)]
    down = (
        [Ruling(x, 60, x, 80) for x in places[1:-1]]
        + [Ruling(x, 95, x, 200) for x in places[1:-1]]
        + [Ruling(x, 60, x, 200) for x in (40.0, 300.0)]
    )
    words = put("Kode", 50, 64) + [word for at in range(5) for word in put("1.01", 45, 100 + 16 * at) + put("Nama", 110, 100 + 16 * at)]
    (grid,) = find_grids(connected([*across, *down], words, DEFAULTS), words, DEFAULTS)
    assert [span for span in grid.spans if span.row == 1] == [(1, 0, 1, 1), (1, 1, 1, 1), (1, 2, 1, 1)]


def test_rows_under_a_ruled_header_stand_in_its_columns() -> None:
    columns = [40.0, 100.0, 220.0, 300.0]
    header = ruled(columns, [80.0, 95.0], [[put("Kode", 42, 82), put("Uraian", 102, 82), put("Pagu", 222, 82)]])
    words = [
        word
        for at in range(4)
        for word in put(f"1.0{at + 1}", 42, 100 + 14 * at)
        + put("Kegiatan", 102, 100 + 14 * at)
        + put(f"{at + 1}.500.000", 298, 100 + 14 * at, "right")
    ]
    prose = put("Anggaran ini dibahas pada bab berikut bersama capaian kinerja tahun lalu", 42, 160)
    table = with_body(page([*words, *prose]), header, [*words, *prose])
    assert table is not None
    assert texts(table)[0] == ["Kode", "Uraian", "Pagu"]
    assert texts(table)[1:] == [[f"1.0{at + 1}", "Kegiatan", f"{at + 1}.500.000"] for at in range(4)]
    assert with_body(page(prose), header, prose) is None


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("3.659.684.000,00 2.016.776.000,00", ["3.659.684.000,00", "2.016.776.000,00"]),
        ("475.268.000,00 76,02", ["475.268.000,00", "76,02"]),
        ("- Rp. 25.000.000", ["-", "Rp. 25.000.000"]),  # a dash in the column before
        ("Rp. - Musrenbang", ["Rp.", "- Musrenbang"]),  # and one that opens the text of the column behind
        ("100 % 15.470.747.496", ["100 %", "15.470.747.496"]),
        ("29.947 800", ["29.947 800"]),  # one amount with a blank for a dot
    ],
)
def test_two_figures_are_two_phrases_however_close_they_stand(text: str, figures: list[str]) -> None:
    (line,) = lines_of(put(text, 40, 100))
    assert [phrase.text for phrase in phrases_of(line, 0.5)] == figures


def test_a_dash_that_opens_a_text_stays_with_it_and_is_no_sign_of_the_amount_before() -> None:
    """Also where the edge of the columns lies a hair to the right of the dash, under other dashes that end there."""
    words = []
    for top in (100, 120, 140, 160):
        words += put("Rp.", 98, top, "right") + put("- Musrenbang", 101, top)
        words += put("500.000", 98, top + 9, "right") + put("Kecamatan", 107, top + 9)
    grid = Grid(words, [40.0, 105.5, 200.0], [98.0, 118.0, 138.0, 158.0, 178.0], lambda _column, _row: True)
    grid.fill()
    assert texts(raw_table(grid, 1, "", "", 1.0)) == [["Rp. 500.000", "- Musrenbang Kecamatan"]] * 4


def test_coloured_rows_side_by_side_are_not_one_ground() -> None:
    """Three cells that end at one height are a row; a single ground painted line by line is one."""
    row = [Bbox(x, y, x + 50, y + 10) for x in (0.0, 50.0, 100.0) for y in (0.0, 10.0)]
    assert len(stacked(row)) == 6
    assert stacked([Bbox(0, 0, 50, 10), Bbox(0, 10, 50, 20)]) == [Bbox(0, 0, 50, 20)]


def test_entries_part_rows_whose_strips_differ_by_rounding_alone() -> None:
    """Baselines on whole pixels set rows at two distances; the wider of them is no sign of a row's end."""
    words, wanted, y = [], [], 100.0
    for at in range(24):
        name = f"Kegiatan {'x' * (at % 5 + 1)}"
        words += put(name, 40, y) + put(f"{at + 1}.500.000", 300, y, "right") + put(f"{at + 1}.250.000", 400, y, "right")
        if at == 5:
            name += " lanjutan"
            y += 9
            words += put("lanjutan", 40, y)
        wanted.append([name, f"{at + 1}.500.000", f"{at + 1}.250.000"])
        y += 12.75 if at == 9 else 13.5
    (table,) = find_tables(page(words), [], [])
    assert texts(table) == wanted
