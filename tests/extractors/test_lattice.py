"""How rulings become tables."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from extractors import read_pages
from extractors.types import PageContent, RawTable
from tests.extractors.pdf_maker import cells, document, fill, lattice, line, text

XS = [50, 100, 300, 400]
YS = [700, 680, 660, 640]
ROWS = [["Kode", "Uraian", "Pagu"], ["1.01", "Program", "1.234.567"], ["1.02", "Kegiatan", "234.567"]]


def read(tmp_path: Path, content: bytes, **options: object) -> PageContent:
    path = tmp_path / "halaman.pdf"
    path.write_bytes(document(content, **options))  # type: ignore[arg-type]
    return next(read_pages(path))


def texts(table: RawTable) -> list[list[str]]:
    rows = [[""] * table.n_columns for _ in range(table.n_rows)]
    for cell in table.cells:
        rows[cell.row][cell.column] = cell.text
    return rows


def test_full_grid(tmp_path: Path) -> None:
    content = read(tmp_path, text(50, 720, "Tabel 2.1 Pagu") + lattice(XS, YS) + cells(XS, YS, ROWS))
    (table,) = content.tables
    assert texts(table) == ROWS
    assert (table.method, table.page, table.confidence) == ("lattice", 1, 1.0)
    assert [line.text for line in table.above] == ["Tabel 2.1 Pagu"]
    assert table.cells[4].bbox == pytest.approx((100, 162, 300, 182), abs=0.6)


def test_empty_cells_are_cells(tmp_path: Path) -> None:
    (table,) = read(tmp_path, lattice(XS, YS) + cells(XS, YS, [ROWS[0], ["1.01", "", ""], ROWS[2]])).tables
    assert len(table.cells) == 9


def test_thin_filled_boxes_are_lines(tmp_path: Path) -> None:
    rules = b"".join(fill(XS[0], y, 350, 0.6) for y in YS) + b"".join(fill(x, YS[-1], 0.6, 60) for x in XS)
    (table,) = read(tmp_path, rules + cells(XS, YS, ROWS)).tables
    assert texts(table) == ROWS


def test_thick_dark_bars_are_lines(tmp_path: Path) -> None:
    rules = b"".join(fill(XS[0], y, 354, 4) for y in YS) + b"".join(fill(x, YS[-1], 4, 60) for x in XS)
    (table,) = read(tmp_path, rules + cells([x + 4 for x in XS], YS, ROWS)).tables
    assert texts(table) == ROWS


def test_dark_rims_of_dark_cells_are_no_lines(tmp_path: Path) -> None:
    """Word paints the ground of a cell in pieces, its margins by themselves."""
    head = b"".join(
        fill(a, 680, 5, 20) + fill(a + 5, 680, b - a - 10, 10) + fill(a + 5, 690, b - a - 10, 10) + fill(b - 5, 680, 5, 20)
        for a, b in itertools.pairwise(XS)
    )
    content = read(tmp_path, head + b"".join(line(XS[0], y, XS[-1], y) for y in YS) + cells(XS, YS, [[], *ROWS[1:]]))
    assert [table.method for table in content.tables] != ["lattice"]


def test_white_rules_that_run_over_every_other_row_are_lines(tmp_path: Path) -> None:
    """White rules over zebra rows: on the rows between them they cannot be seen, and part the columns there too."""
    bands = fill(XS[0], 680, 350, 20, grey=0.2) + fill(XS[0], 640, 350, 20, grey=0.8)
    rules = b"".join(fill(XS[0], y, 350, 1, grey=1) for y in YS) + b"".join(fill(x, YS[-1], 1, 60, grey=1) for x in XS)
    (table,) = read(tmp_path, bands + rules + cells(XS, YS, ROWS)).tables
    assert (texts(table), table.reason) == (ROWS, "garis tabel tercetak")


def test_white_rules_drawn_cell_by_cell_are_lines_on_bare_rows_too(tmp_path: Path) -> None:
    bands = fill(XS[0], 680, 350, 20, grey=0.2) + fill(XS[0], 640, 350, 20, grey=0.8)
    rules = b"".join(
        fill(a, low, b - a, 0.8, grey=1) + fill(a, low, 0.8, high - low, grey=1) + fill(b, low, 0.8, high - low, grey=1)
        for high, low in itertools.pairwise(YS)
        for a, b in itertools.pairwise(XS)
    )
    (table,) = read(tmp_path, bands + rules + fill(XS[0], 700, 350, 0.8) + cells(XS, YS, ROWS)).tables
    assert texts(table) == ROWS


def test_boxes_with_rounded_corners_meet(tmp_path: Path) -> None:
    def box(x0: float, y0: float, x1: float, y1: float, r: float = 4) -> bytes:
        corners = ((x1, y0, 0, r), (x1, y1, -r, 0), (x0, y1, 0, -r), (x0, y0, r, 0))
        out = b"%g %g m " % (x0 + r, y0)
        for (x, y, dx, dy), (bx, by) in zip(corners, ((-r, 0), (0, -r), (r, 0), (0, r)), strict=True):
            out += b"%g %g l %g %g %g %g %g %g c " % (x + bx, y + by, x, y, x, y, x + dx, y + dy)
        return out + b"h S\n"

    boxes = b"".join(box(a + 1, low + 1, b - 1, high - 1) for high, low in itertools.pairwise(YS) for a, b in itertools.pairwise(XS))
    (table,) = read(tmp_path, boxes + cells(XS, YS, ROWS)).tables
    assert (texts(table), table.method) == (ROWS, "lattice")


def test_boxes_around_each_cell_and_double_lines(tmp_path: Path) -> None:
    boxes = b"".join(
        b"0.5 w %g %g %g %g re S\n" % (a + 0.8, low + 0.8, b - a - 1.6, high - low - 1.6)
        for high, low in itertools.pairwise(YS)
        for a, b in itertools.pairwise(XS)
    )
    (table,) = read(tmp_path, boxes + cells(XS, YS, ROWS)).tables
    assert texts(table) == ROWS


def test_dashed_lines_are_joined(tmp_path: Path) -> None:
    dashes = b"".join(line(x, y, x + 3, y) for y in YS for x in range(50, 400, 5))
    dashes += b"".join(line(x, y, x, y + 3) for x in XS for y in range(640, 700, 5))
    (table,) = read(tmp_path, dashes + cells(XS, YS, ROWS)).tables
    assert texts(table) == ROWS


def test_spans_are_kept(tmp_path: Path) -> None:
    rules = b"".join(line(50, y, 400, y) for y in (700, 660, 640)) + line(100, 680, 400, 680)
    rules += line(50, 640, 50, 700) + line(100, 640, 100, 700) + line(400, 640, 400, 700) + line(300, 640, 300, 680)
    (table,) = read(
        tmp_path, rules + text(55, 670, "Kode") + text(150, 685, "Rencana") + cells([100, 300], [680, 660], [["Target", "Pagu"]])
    ).tables
    found = {cell.text: (cell.row, cell.column, cell.rowspan, cell.colspan) for cell in table.cells if cell.text}
    assert found == {"Kode": (0, 0, 2, 1), "Rencana": (0, 1, 1, 2), "Target": (1, 1, 1, 1), "Pagu": (1, 2, 1, 1)}


def test_small_gap_in_a_rule_separates_still(tmp_path: Path) -> None:
    rules = lattice([50, 100, 400], YS) + line(300, 664, 300, 700) + line(300, 640, 300, 654)
    (table,) = read(tmp_path, rules + cells(XS, YS, ROWS)).tables
    assert texts(table) == ROWS


def test_row_cut_by_the_page_end_has_no_bottom_rule(tmp_path: Path) -> None:
    rules = b"".join(line(50, y, 400, y) for y in YS[:-1]) + b"".join(line(x, YS[-1], x, YS[0]) for x in XS)
    (table,) = read(tmp_path, rules + cells(XS, YS, ROWS)).tables
    assert texts(table) == ROWS


def test_missing_outer_frame(tmp_path: Path) -> None:
    rules = b"".join(line(50, y, 400, y) for y in YS) + b"".join(line(x, YS[-1], x, YS[0]) for x in XS[1:-1])
    (table,) = read(tmp_path, rules + cells(XS, YS, ROWS)).tables
    assert texts(table) == ROWS


def test_edges_off_by_a_point_make_no_extra_column(tmp_path: Path) -> None:
    rules = lattice([50, 100, 400], YS) + line(300, 680, 300, 700) + line(301.4, 640, 301.4, 680)
    (table,) = read(tmp_path, rules + cells(XS, YS, ROWS)).tables
    assert table.n_columns == 3


def test_coloured_header_row_without_rules(tmp_path: Path) -> None:
    header = b"".join(fill(a + 0.5, 680, b - a - 1, 20, grey=0.8) for a, b in itertools.pairwise(XS))
    body = b"".join(fill(a + 0.5, low, b - a - 1, 19, grey=0.95) for low in (640, 660) for a, b in itertools.pairwise(XS))
    (table,) = read(tmp_path, header + body + cells(XS, YS, ROWS)).tables
    assert texts(table) == ROWS


def test_amount_on_the_second_line_of_a_cell(tmp_path: Path) -> None:
    tall = [700, 660, 640]
    content = (
        lattice(XS, tall) + text(103, 688, "Program") + text(103, 676, "Penunjang") + text(310, 676, "20.899.622.") + text(310, 664, "996")
    )
    (table,) = read(tmp_path, content + cells(XS, [660, 640], [["1", "2", "3"]])).tables
    assert {cell.lines for cell in table.cells if len(cell.lines) > 1} == {("Program", "Penunjang"), ("20.899.622.", "996")}


def test_two_tables_and_prose_between(tmp_path: Path) -> None:
    low = [y - 200 for y in YS]
    content = read(
        tmp_path, lattice(XS, YS) + cells(XS, YS, ROWS) + text(50, 550, "Uraian di antara tabel.") + lattice(XS, low) + cells(XS, low, ROWS)
    )
    assert [table.order for table in content.tables] == [0, 1]
    assert [line.text for line in content.prose] == ["Uraian di antara tabel."]
    assert [line.text for line in content.tables[1].above] == ["Uraian di antara tabel."]


def test_page_border_and_stamp_box_are_no_tables(tmp_path: Path) -> None:
    border = b"1 w 20 20 555 800 re S\n" + b"1 w 400 100 120 60 re S\n"
    content = read(tmp_path, border + text(60, 700, "Bab I Pendahuluan") + text(410, 130, "Telah diteliti"))
    assert content.tables == ()
    assert len(content.prose) == 2


def test_organisation_chart_is_no_table(tmp_path: Path) -> None:
    boxes = b"".join(b"1 w %g %g 100 30 re S\n" % place for place in ((250, 700), (100, 620), (250, 620), (400, 620)))
    joints = line(300, 700, 300, 650) + line(150, 675, 450, 675) + line(150, 675, 150, 650) + line(450, 675, 450, 650)
    names = b"".join(
        text(x, y, name) for x, y, name in ((255, 712, "Kepala"), (105, 632, "Bidang A"), (255, 632, "Bidang B"), (405, 632, "Bidang C"))
    )
    assert read(tmp_path, boxes + joints + names).tables == ()


def test_nested_form_with_a_matrix(tmp_path: Path) -> None:
    form = lattice(XS, YS) + cells(XS, YS, ROWS)
    (table,) = read(tmp_path, b"q 0.5 0 0 0.5 100 200 cm /Isi Do Q\n", forms={"Isi": form}).tables
    assert texts(table) == ROWS
    assert table.bbox.x0 == pytest.approx(125, abs=1)


def test_rotated_page_with_a_table(tmp_path: Path) -> None:
    turned = b"q 0 1 -1 0 595 0 cm\n" + lattice(XS, [y - 300 for y in YS]) + cells(XS, [y - 300 for y in YS], ROWS) + b"Q\n"
    content = read(tmp_path, turned)
    assert content.rotation == 90
    assert texts(content.tables[0]) == ROWS


def test_amounts_of_a_total_row_without_column_rules_keep_their_columns(tmp_path: Path) -> None:
    rules = lattice(XS, [700, 680, 660]) + b"".join(line(x, 660, x, 640) for x in (XS[0], XS[-1])) + line(XS[0], 640, XS[-1], 640)
    last = text(60, 648, "Jumlah") + text(340, 648, "1.469.134")
    (table,) = read(tmp_path, rules + cells(XS, YS, ROWS[:2]) + last).tables
    assert texts(table)[2] == ["Jumlah", "", "1.469.134"]


def test_rules_that_stick_out_into_a_merged_cell_do_not_cut_it(tmp_path: Path) -> None:
    ys = [700, 680, 665, 645]
    rules = b"".join(line(XS[0], y, XS[-1], y) for y in ys) + b"".join(line(x, 645, x, 700) for x in (XS[0], XS[-1]))
    rules += b"".join(line(x, 676, x, 700) + line(x, 641, x, 669) for x in XS[1:-1])
    (table,) = read(tmp_path, rules + cells(XS, ys, [ROWS[0], ["Urusan Pemerintahan Wajib yang Berkaitan"], ROWS[1]])).tables
    assert texts(table) == [ROWS[0], ["Urusan Pemerintahan Wajib yang Berkaitan", "", ""], ROWS[1]]


def test_a_merged_row_without_side_rules_does_not_cut_the_table(tmp_path: Path) -> None:
    """A table open at its sides: no upright rule passes a row that is merged over the whole width."""
    ys = [700, 680, 660, 640, 620]
    rules = b"".join(line(XS[0], y, XS[-1], y) for y in ys)
    rules += b"".join(line(x, low, x, high) for x in XS[1:-1] for high, low in ((700, 680), (660, 620)))
    words = cells(XS, ys, [ROWS[0], ["Urusan Pemerintahan Wajib"], ROWS[1], ROWS[2]])
    (table,) = read(tmp_path, rules + words).tables
    assert texts(table) == [ROWS[0], ["Urusan Pemerintahan Wajib", "", ""], ROWS[1], ROWS[2]]


def test_a_sentence_with_an_amount_stays_one_merged_cell(tmp_path: Path) -> None:
    rules = lattice(XS, [700, 680, 660]) + b"".join(line(x, 660, x, 640) for x in (XS[0], XS[-1])) + line(XS[0], 640, XS[-1], 640)
    last = text(180, 648, "Sebesar Rp 1.469.134 dari seluruh pagu")
    (table,) = read(tmp_path, rules + cells(XS, YS, ROWS[:2]) + last).tables
    assert texts(table)[2] == ["Sebesar Rp 1.469.134 dari seluruh pagu", "", ""]


def test_columns_without_rules_are_read_from_the_text(tmp_path: Path) -> None:
    """A frame with rules between the rows and one short stroke of a column: most columns are not drawn."""
    xs, ys = [50, 90, 250, 350, 450], [700, 680, 660, 640, 620, 600]
    frame = b"".join(line(50, y, 450, y) for y in ys) + line(50, 600, 50, 700) + line(450, 600, 450, 700) + line(250, 600, 250, 680)
    rows = [["No", "Uraian", "Pagu", "Realisasi"], *([str(n), f"Belanja jenis {n}", f"{n}.500.000", f"{n}.250.000"] for n in range(1, 5))]
    (table,) = read(tmp_path, frame + cells(xs, ys, rows)).tables
    assert texts(table) == rows


def test_pages_read_the_same_however_a_document_is_cut(tmp_path: Path) -> None:
    """The second and third page go on without header or column rules; their empty column is known from the first page only."""
    xs, pages = [50, 110, 300, 400, 500], []
    for number in range(3):
        ys = [700 - 20 * at for at in range(5)]
        rows = [[f"1.0{number}.{at}", f"Kegiatan {number} {at}", "", f"{at + 1}.500.000"] for at in range(4)]
        if number == 0:
            rows[0] = ["Kode", "Uraian", "Lokasi", "Pagu"]
        content = b"".join(line(xs[0], y, xs[-1], y) for y in ys) + cells(xs, ys, rows)
        pages.append(content + (b"".join(line(x, ys[0], x, ys[-1]) for x in xs) if number == 0 else b""))
    path = tmp_path / "sambungan.pdf"
    path.write_bytes(document(*pages))
    whole = list(read_pages(path))
    assert [page.tables[0].n_columns for page in whole] == [4, 4, 4]
    for chunk in ([3], [2, 3], [1, 3]):
        assert list(read_pages(path, chunk)) == [whole[number - 1] for number in chunk]


@pytest.mark.parametrize("below", [True, False])
def test_rows_between_coloured_rows_belong_to_the_table(tmp_path: Path, below: bool) -> None:
    """Zebra bands without a rule: every other row is bare paper; a paragraph below is no row."""
    ys = [700, 680, 660, 640, 620]
    rows = [["Kode", "Uraian", "Pagu"], ["1.01", "Program", "1.234.567"], ["1.02", "Kegiatan", "234.567"], ["1.03", "Kegiatan", "567"]]
    bands = b"".join(fill(a, low, b - a, 20, grey=0.8) for low in (680, 640) for a, b in itertools.pairwise(XS))
    note = text(52, 570, "Sumber: data yang diolah oleh perangkat daerah bersama dinas terkait lainnya") if below else b""
    (table,) = read(tmp_path, bands + cells(XS, ys, rows) + note).tables
    assert texts(table) == rows


def test_borders_painted_dot_by_dot_are_lines(tmp_path: Path) -> None:
    across = b"".join(fill(50 + 1.5 * at, y, 0.7, 0.7) for y in YS for at in range(234))
    down = b"".join(fill(x, 640 + 1.5 * at, 0.7, 0.7) for x in XS for at in range(41))
    (table,) = read(tmp_path, across + down + cells(XS, YS, ROWS)).tables
    assert (texts(table), table.method) == (ROWS, "lattice")
