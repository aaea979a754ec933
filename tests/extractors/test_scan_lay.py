from __future__ import annotations

import cv2
import numpy as np
import pytest

from extractors.scan.flatten import bend_of
from extractors.scan.image import levelled, sheet_of, turned
from extractors.scan.lay import lay_of
from extractors.scan.level import Level
from extractors.types import Bbox
from tests.extractors.test_scan_flatten import HIGH, PX, SPINE, WIDE, bent, grid_page

SIZE = (WIDE / PX, HIGH / PX)


def mark_in(page: np.ndarray) -> Bbox:
    """The box of the only ink that is thicker than the rules, in points."""
    ys, xs = np.nonzero(cv2.erode((page < 120).astype(np.uint8), np.ones((5, 5), np.uint8)))
    return Bbox((xs.min() - 2) / PX, (ys.min() - 2) / PX, (xs.max() + 3) / PX, (ys.max() + 3) / PX)


def marked() -> np.ndarray:
    page = grid_page()
    page[385:395, 100:130] = 0
    return page


def displayed(level: Level, given: np.ndarray, turns: int) -> tuple[Bbox, Bbox]:
    """The mark's box as the lay tells it from the flat page, and where it stands on the page as given, both turned."""
    size = SIZE[::-1] if turns % 2 else SIZE
    lay = lay_of(level, turns, *size)
    assert lay is not None
    return lay.displayed(mark_in(turned(level.gray, turns))), mark_in(turned(given, turns))


@pytest.mark.parametrize("turns", [0, 1, 2, 3])
def test_a_box_of_a_skewed_page_is_told_where_it_is_displayed(turns: int) -> None:
    turn = cv2.getRotationMatrix2D((WIDE / 2, HIGH / 2), -2.0, 1.0)
    given = cv2.warpAffine(marked(), turn, (WIDE, HIGH), flags=cv2.INTER_NEAREST, borderValue=245)
    told, there = displayed(Level(levelled(given, 2.0), PX, 2.0, None, None), given, turns)
    assert tuple(told) == pytest.approx(tuple(there), abs=1.5)


@pytest.mark.parametrize("turns", [0, 3])
def test_a_box_of_a_bent_page_is_told_where_it_is_displayed(turns: int) -> None:
    given = bent(marked(), SPINE, 0 * SPINE)
    bend = bend_of(sheet_of(given, PX), 0.0)
    assert bend is not None
    told, there = displayed(Level(bend.taken_out(given), PX, 0.0, bend, None), given, turns)
    assert tuple(told) == pytest.approx(tuple(there), abs=1.5)


def test_a_page_that_lay_flat_and_level_has_no_lay() -> None:
    assert lay_of(Level(grid_page(), PX, 0.0, None, None), 0, *SIZE) is None
