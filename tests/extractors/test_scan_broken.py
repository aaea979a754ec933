from __future__ import annotations

import numpy as np

from extractors.scan.broken import Segment, mended, speckled

PX = 200 / 72
ROWS = [Segment(y, 60, 660) for y in (50, 110, 170, 230)]
COLUMNS = [Segment(x, 50, 230) for x in (60, 260, 460, 660)]


def paper() -> np.ndarray:
    return np.zeros((320, 760), np.bool_)


def mended_row(*pieces: tuple[float, float], ink: np.ndarray | None = None) -> list[tuple[float, float]]:
    """What becomes of the pieces of the second row rule."""
    segments = [ROWS[0], *(Segment(110, start, end) for start, end in pieces), *ROWS[2:]]
    found = mended(segments, COLUMNS, paper() if ink is None else ink, PX)
    return [(s.start, s.end) for s in found if s.at == 110]


def test_pieces_of_a_faded_rule_are_one_rule() -> None:
    assert mended_row((60, 210), (300, 380), (500, 660)) == [(60, 660)]


def test_a_rule_left_out_between_two_others_is_a_merged_cell() -> None:
    assert mended_row((60, 260), (460, 660)) == [(60, 260), (460, 660)]


def test_a_gap_that_type_stands_in_is_none_of_a_rule() -> None:
    ink = paper()
    for x in range(310, 430, 12):
        ink[100:120, x : x + 3] = True
    assert mended_row((60, 300), (440, 660), ink=ink) == [(60, 300), (440, 660)]


def test_a_rule_that_faded_at_its_end_reaches_the_rule_at_which_it_ends() -> None:
    assert mended_row((60, 620)) == [(60, 660)]
    assert mended_row((280, 330)) == [(280, 330)]


def test_a_gap_longer_than_its_pieces_stays_open() -> None:
    assert mended_row((80, 140), (560, 620)) == [(80, 140), (560, 620)]


def test_specks_from_one_rule_to_the_next_leave_a_merged_cell_out() -> None:
    specks, down = paper(), paper()
    specks[110, 60:660:5] = specks[110, 61:660:5] = True
    specks[110, 460:560] = False
    assert speckled(specks, down, PX)[110, 460:560].all()
    down[50:230, [460, 559]] = True
    assert not speckled(specks, down, PX)[110, 465:555].any()
