"""Stamps, signatures and pen marks: coloured strokes that no printer made, taken off the page before it is read.

Coloured type, rules and fills are print and stay: type is small, rules are straight, fills are solid. Black print under a stroke is
dark in the channel in which the stroke is light.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from extractors.scan.image import WHITE, Gray, Mask, box_kernel, odd, to_gray

HIGHEST_TYPE = 16.0  # points: coloured strokes that are wider and higher are no line of type
STAMP = 40.0  # points: what is coloured within strokes as wide and high as this belongs to them
EDGE = 4.0  # points around it
STRAIGHT = 36.0  # points: longer than the flattest part of a round stamp
SOLID = 4.0  # points
PRINTED = 0.3  # how much of a piece must be straight or solid
CUT = 3.0  # points: black print cuts a stroke into pieces no further apart
HUE = 0.3  # chroma over darkness, from which ink is coloured
FAINT = 60  # of 255: what is no darker than that is paper


def grey_print(image: NDArray[np.uint8], px: float) -> tuple[Gray, Gray | None]:
    """The grey page without coloured strokes, and where they were (255; None where there are none).

    `image` is as for `to_gray`, `px` its pixels per point.
    """
    gray = to_gray(image)
    if image.ndim != 3 or image.shape[2] < 3:
        return gray, None
    lightest, darkest = _channels(image)
    chroma, darkness = cv2.subtract(lightest, darkest), WHITE - darkest
    coloured = (darkness > FAINT) & (chroma > HUE * darkness)
    strokes = foreign_strokes(coloured, px) if coloured.any() else np.zeros((1, 1), np.int32)
    if not strokes.any():
        return gray, None
    level = np.zeros(gray.shape, np.uint8)
    for label in np.unique(strokes[strokes > 0]):
        level[strokes == label] = np.median(lightest[strokes == label])
    level = np.asarray(cv2.dilate(level, box_kernel(odd(px), odd(px))), np.uint8)
    beneath = cv2.divide(lightest, np.maximum(level, 1), scale=WHITE)
    struck = np.where(level > 0, WHITE, 0).astype(np.uint8)
    return np.where(struck > 0, np.maximum(gray, beneath), gray).astype(np.uint8), struck


def _channels(image: NDArray[np.uint8]) -> tuple[Gray, Gray]:
    """The lightest and the darkest channel of each pixel, on paper made white."""
    colours = image[:, :, :3]
    paper = np.percentile(colours[::7, ::7].reshape(-1, 3), 80, axis=0)
    channels = [cv2.convertScaleAbs(np.ascontiguousarray(colours[:, :, i]), alpha=WHITE / max(1.0, float(paper[i]))) for i in range(3)]
    low, high = cv2.min(cv2.min(*channels[:2]), channels[2]), cv2.max(cv2.max(*channels[:2]), channels[2])
    return np.asarray(high, np.uint8), np.asarray(low, np.uint8)


def foreign_strokes(coloured: Mask, px: float) -> NDArray[np.int32]:
    """Labels of the coloured ink that is neither type nor rule nor fill, and of whatever is coloured inside a stamp; 0 elsewhere."""
    ink = coloured.astype(np.uint8)
    whole = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, box_kernel(odd(CUT * px), odd(CUT * px)))
    count, labels, stats, centres = cv2.connectedComponentsWithStats(whole, connectivity=8)
    kernels = (box_kernel(STRAIGHT * px, 1), box_kernel(1, STRAIGHT * px), box_kernel(SOLID * px, SOLID * px))
    printed = np.maximum.reduce([cv2.morphologyEx(ink, cv2.MORPH_OPEN, kernel) for kernel in kernels])
    share = np.bincount(labels.ravel(), weights=printed.ravel(), minlength=count) / np.maximum(
        1, np.bincount(labels.ravel(), weights=ink.ravel(), minlength=count)
    )
    sides = stats[:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]] / px
    foreign = (sides.min(axis=1) > HIGHEST_TYPE) & (share < PRINTED)
    foreign[0] = False
    for x, y, width, height, _ in stats[foreign & (sides.min(axis=1) > STAMP)]:
        inside = (np.abs(centres - (x + width / 2, y + height / 2)) < (width / 2 + EDGE * px, height / 2 + EDGE * px)).all(axis=1)
        foreign |= inside & (share < PRINTED)
    foreign[0] = False
    return np.where(foreign[labels] & coloured, labels, 0).astype(np.int32)
