from __future__ import annotations

import cv2
import numpy as np
import pytest

from extractors.scan.image import Sheet, sheet_of
from extractors.scan.lines import Lines, find_lines

PX = 200 / 72
ROWS, COLUMNS = (50, 110, 170, 230), (60, 260, 460, 660)


def blank() -> np.ndarray:
    return np.zeros((320, 760), np.bool_)


def grid(thickness: int = 2) -> np.ndarray:
    ink = blank()
    for y in ROWS:
        ink[y : y + thickness, COLUMNS[0] : COLUMNS[-1] + thickness] = True
    for x in COLUMNS:
        ink[ROWS[0] : ROWS[-1] + thickness, x : x + thickness] = True
    return ink


def lines_of(ink: np.ndarray) -> Lines:
    return find_lines(Sheet(np.where(ink, 0, 255).astype(np.uint8), ink, PX))


def assert_whole_grid(lines: Lines) -> None:
    assert [round(s.at) for s in lines.rows] == pytest.approx([y + 1 for y in ROWS], abs=2)
    assert [round(s.at) for s in lines.columns] == pytest.approx([x + 1 for x in COLUMNS], abs=2)
    for segment in lines.rows:
        assert (segment.start, segment.end) == pytest.approx((COLUMNS[0], COLUMNS[-1]), abs=3)
    for segment in lines.columns:
        assert (segment.start, segment.end) == pytest.approx((ROWS[0], ROWS[-1]), abs=3)


@pytest.mark.parametrize("thickness", [1, 2, 4])
def test_every_line_of_a_grid_is_found(thickness: int) -> None:
    assert_whole_grid(lines_of(grid(thickness)))


def test_a_broken_line_is_bridged() -> None:
    ink = grid()
    ink[105:116, 300:312] = False
    ink[105:116, 500:510] = False
    ink[140:150, 255:266] = False
    assert_whole_grid(lines_of(ink))


def test_a_dashed_line_is_one_line() -> None:
    ink = grid()
    for x in range(COLUMNS[0] + 6, COLUMNS[-1] - 6, 18):
        ink[108:114, x : x + 7] = False
    assert_whole_grid(lines_of(ink))


def test_a_line_that_climbs_by_pixels_is_one_line() -> None:
    ink = blank()
    for x in range(60, 660):
        y = 100 + (x - 60) // 120
        ink[y : y + 2, x] = True
    lines = lines_of(ink)
    assert len(lines.rows) == 1
    assert lines.rows[0].length == pytest.approx(600, abs=4)


def test_letters_on_a_common_foot_are_no_line() -> None:
    ink = blank()
    for x in range(60, 200, 10):
        ink[100:118, x : x + 9] = True
        ink[104:116, x + 2 : x + 7] = False
    assert not lines_of(ink).rows


def test_the_strokes_of_letters_are_no_rules() -> None:
    ink = blank()
    for x in range(60, 400, 14):
        ink[100:122, x : x + 3] = True
    lines = lines_of(ink)
    assert not lines.columns
    assert not lines.rows


def test_a_rule_stays_a_rule_where_letters_crowd_beside_it() -> None:
    ink = grid()
    for y in range(ROWS[0] + 4, ROWS[-1] - 12, 12):
        ink[y : y + 10, 265:275] = True
    assert_whole_grid(lines_of(ink))


def test_line_ends_are_drawn_to_the_lines_that_they_all_but_reach() -> None:
    ink = grid()
    ink[105:116, COLUMNS[0] + 2 : COLUMNS[0] + 8] = False
    assert_whole_grid(lines_of(ink))


def test_a_black_bar_is_no_line() -> None:
    ink = blank()
    ink[100:140, 60:600] = True
    assert not lines_of(ink).rows


@pytest.mark.parametrize("drawn", [False, True])
def test_a_letter_over_a_column_line_does_not_prolong_it_through_a_merged_cell(drawn: bool) -> None:
    ink = grid()
    top, x = 80, COLUMNS[1]
    ink[top : top + 2, COLUMNS[0] : COLUMNS[-1] + 2] = True  # a header row of one line of type over the grid
    ink[ROWS[0] + 2 : top, x : x + 2] = False
    first = ROWS[0] + 2 if drawn else ROWS[0] + 8  # the line itself, or a letter that stands in its way
    ink[first:top, x : x + 2] = True
    for left in (x - 8, x + 6):  # the letters beside it
        ink[ROWS[0] + 10 : top - 6, left : left + 3] = True
    [column] = [s for s in lines_of(ink).columns if abs(s.at - x) < 3]
    assert column.start == pytest.approx(ROWS[0] if drawn else top, abs=3)


def low_rows() -> np.ndarray:
    """Rows of one line of type, 25 pixels high, between two columns far apart."""
    ink = blank()
    for y in range(50, 280, 25):
        ink[y : y + 2, 60:662] = True
    ink[50:252, 60:62] = ink[50:252, 660:662] = True
    return ink


def test_a_column_line_is_left_out_of_a_merged_cell_among_others() -> None:
    ink = low_rows()
    ink[50:250, 360:362] = True
    ink[127:150, 340:380] = False
    for left in range(344, 380, 8):
        ink[132:146, left : left + 3] = True  # the letters of the merged cell, one of them in the line's way
    columns = [(round(s.start), round(s.end)) for s in lines_of(ink).columns if abs(s.at - 361) < 3]
    assert columns == [pytest.approx((51, 126), abs=3), pytest.approx((151, 251), abs=3)]


def test_letters_one_below_the_other_are_no_column_line() -> None:
    ink = low_rows()
    for y in range(55, 200, 25):
        ink[y : y + 17, 100:103] = True
    assert [round(s.at) for s in lines_of(ink).columns] == pytest.approx([61, 661], abs=2)


def test_a_line_from_rule_to_rule_is_one_however_close_letters_stand() -> None:
    ink = low_rows()
    ink[50:77, 360:362] = True
    ink[56:72, 365:375] = True
    assert [round(s.at) for s in lines_of(ink).columns] == pytest.approx([61, 361, 661], abs=2)


def drawn(grey: np.ndarray) -> Lines:
    return find_lines(sheet_of(grey, PX))


def test_a_rule_too_pale_for_ink_is_found() -> None:
    noise = np.random.default_rng(2).normal(0, 3, blank().shape)
    assert_whole_grid(drawn((np.where(grid(), 185, 252) + noise).clip(0, 255).astype(np.uint8)))


def test_a_finely_dotted_rule_is_found() -> None:
    dots = grid()
    dots[:, ::6] = dots[:, 1::6] = dots[:, 2::6] = False
    dots |= grid() & (np.arange(dots.shape[0]) % 6 > 2)[:, None] & np.isin(np.arange(dots.shape[1]) // 2, np.array(COLUMNS) // 2)
    lines = drawn(cv2.GaussianBlur(np.where(dots, 0, 255).astype(np.uint8), (3, 3), 0))
    assert [round(s.at) for s in lines.rows] == pytest.approx([y + 1 for y in ROWS], abs=2)


def test_lines_of_small_bold_type_are_no_rules() -> None:
    page = np.full(blank().shape, 250, np.uint8)
    for y in range(30, 300, 25):
        cv2.putText(page, "Penyediaan Jasa Pelayanan Umum Kantor", (20, y), cv2.FONT_HERSHEY_SIMPLEX, 0.42, 30, 2)
    lines = drawn(page)
    assert (lines.rows, lines.columns) == ((), ())


def test_the_rules_of_a_page_may_be_all_but_as_light_as_its_paper() -> None:
    noise = np.random.default_rng(3).normal(0, 3, blank().shape)
    page = cv2.GaussianBlur(np.where(grid(), 228.0, 252.0), (3, 3), 0) + noise
    assert_whole_grid(drawn(page.clip(0, 255).astype(np.uint8)))


def test_faint_lines_are_no_rules_beside_clear_ones() -> None:
    page = np.where(grid(), 60, 252).astype(np.uint8)
    page[80:82, 80:640] = 228
    assert_whole_grid(drawn(page))


def test_flat_specks_in_a_row_are_what_is_left_of_a_rule() -> None:
    ink = grid()
    ink[109:113, 62:658] = False
    ink[110, 62:658] = (np.arange(596) % 80 < 40) & (np.arange(596) % 5 < 3)
    for x in COLUMNS:
        ink[50:232, x : x + 2] = True
    assert_whole_grid(lines_of(ink))


def test_dashes_in_the_cells_of_a_row_are_no_rule() -> None:
    ink = grid()
    for x in range(80, 650, 40):
        ink[80:82, x : x + 9] = True
    assert_whole_grid(lines_of(ink))
