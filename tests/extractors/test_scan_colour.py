from __future__ import annotations

import cv2
import numpy as np

from extractors.scan.colour import grey_print

PX = 2.0
BLUE, PURPLE = (40, 50, 160), (92, 60, 170)


def paper() -> np.ndarray:
    return np.full((400, 600, 3), (245, 240, 225), np.uint8)


def test_a_stamp_is_taken_off_and_the_print_under_it_stays() -> None:
    page = paper()
    stamp = np.full_like(page, 255)
    cv2.circle(stamp, (300, 200), 90, PURPLE, 5)
    cv2.putText(stamp, "DINAS", (260, 205), cv2.FONT_HERSHEY_SIMPLEX, 0.9, PURPLE, 2)
    cv2.putText(page, "125.000.000", (190, 120), cv2.FONT_HERSHEY_SIMPLEX, 1.0, (15, 15, 15), 2)
    print_alone = page.min(axis=2) < 40
    grey, struck = grey_print(np.minimum(page, stamp), PX)
    assert struck is not None
    assert grey[(stamp[:, :, 0] < 200) & ~cv2.dilate(print_alone.astype(np.uint8), np.ones((7, 7))).astype(bool)].min() > 150
    assert grey[print_alone].max() < 100
    assert (struck > 0).mean() < 0.05


def test_a_signature_is_taken_off() -> None:
    page = paper()
    points = np.array([[100 + 3 * i, 200 + int(30 * np.sin(i / 2))] for i in range(60)])
    cv2.polylines(page, [points], False, BLUE, 3)
    assert grey_print(page, PX)[0].min() > 150


def test_coloured_type_rules_and_fills_stay() -> None:
    page = paper()
    cv2.putText(page, "Total 2.500", (60, 80), cv2.FONT_HERSHEY_SIMPLEX, 0.7, BLUE, 2)
    page[120:360:40, 60:540] = BLUE
    page[120:361, 60:540:120] = BLUE
    page[10:40, 60:540] = (150, 190, 235)
    grey, struck = grey_print(page, PX)
    assert struck is None
    assert np.array_equal(grey, cv2.cvtColor(page, cv2.COLOR_RGB2GRAY))


def test_a_grey_page_has_no_strokes() -> None:
    page = np.full((200, 300), 240, np.uint8)
    page[50:60, 20:200] = 10
    assert grey_print(page, PX)[1] is None
    assert grey_print(np.dstack([page] * 3), PX)[1] is None
