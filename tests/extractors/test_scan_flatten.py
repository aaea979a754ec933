from __future__ import annotations

import cv2
import numpy as np
import pytest

from extractors.scan.flatten import bend_of
from extractors.scan.image import Gray, sheet_of

PX = 2.0
WIDE, HIGH = 800, 560
ROWS, COLUMNS = range(60, 520, 40), (60, 200, 420, 600, 740)


def grid_page() -> Gray:
    page = np.full((HIGH, WIDE), 245, np.uint8)
    for y in ROWS:
        page[y : y + 2, 60:742] = 20
    for x in COLUMNS:
        page[60:502, x : x + 2] = 20
    return page


def bent(page: Gray, down: np.ndarray, right: np.ndarray) -> Gray:
    """The page with each place taken from `down` and `right` pixels further on."""
    x, y = np.meshgrid(np.arange(WIDE, dtype=np.float32), np.arange(HIGH, dtype=np.float32))
    maps = (x + right).astype(np.float32), (y + down).astype(np.float32)
    return np.asarray(cv2.remap(page, *maps, cv2.INTER_LINEAR, borderValue=245), np.uint8)


def lean(page: Gray) -> float:
    """By how many pixels the rules of a page of `grid_page` leave the straight, at most."""
    ink = (page < 150).astype(np.int8)
    rows = [np.flatnonzero(np.diff(ink[:, x]) > 0) for x in range(80, 190, 10)]
    assert {len(r) for r in rows} == {len(ROWS)}
    return float(np.ptp(np.array(rows), axis=0).max())


WAVE = 9 * np.sin(np.linspace(0, 4, WIDE))[None, :] * np.ones((HIGH, 1))
SPINE = 20 * np.exp(-np.arange(WIDE) / 130)[None, :] * np.linspace(0.3, 1, HIGH)[:, None]
TRAPEZE = np.linspace(-12, 12, WIDE)[None, :] * np.linspace(1, -1, HIGH)[:, None]


@pytest.mark.parametrize(("down", "right"), [(WAVE, 0 * WAVE), (SPINE, 0.3 * SPINE), (0.4 * TRAPEZE, TRAPEZE)])
def test_rules_that_bend_or_run_apart_are_made_straight(down: np.ndarray, right: np.ndarray) -> None:
    page = bent(grid_page(), down, right)
    bend = bend_of(sheet_of(page, PX), 0.0)
    assert bend is not None
    assert bend.bow > 2
    flat = bend.taken_out(page)
    assert bend_of(sheet_of(flat, PX), 0.0) is None
    assert lean(flat) <= 2


def test_a_flat_page_is_left_alone() -> None:
    assert bend_of(sheet_of(grid_page(), PX), 0.0) is None


def test_type_alone_bends_no_page() -> None:
    page = np.full((HIGH, WIDE), 245, np.uint8)
    for y in range(60, 500, 24):
        cv2.putText(page, "Program Penunjang Urusan Pemerintahan", (60, y), cv2.FONT_HERSHEY_SIMPLEX, 0.6, 20, 1)
    assert bend_of(sheet_of(page, PX), 0.0) is None
