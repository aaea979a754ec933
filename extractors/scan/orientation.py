"""Which way up a page image is: the way its letters stand in rows, then the way the recogniser can read them."""

from __future__ import annotations

import cv2
import numpy as np

from extractors.scan.image import Gray, Mask, Sheet, box_kernel, turned
from extractors.scan.lines import find_lines
from extractors.scan.recognise import Recogniser
from extractors.scan.segment import Chunk, find_chunks

SAMPLES = 6
SURE = 0.92  # mean probability of the characters that only an upright line reaches
CLEAR = 0.12  # by how much one way must read better than another


def text_runs_down(ink: Mask, px: float) -> bool:
    """Whether lines of text run down the image: letters stand closer to their neighbours above and below than to those beside them."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(ink.astype(np.uint8), connectivity=8)
    high, wide = stats[:, cv2.CC_STAT_HEIGHT], stats[:, cv2.CC_STAT_WIDTH]
    letter = (np.maximum(high, wide) < 14 * px) & (np.maximum(high, wide) > 1.5 * px) & (stats[:, cv2.CC_STAT_AREA] > px)
    letter[0] = False
    if letter.sum() < 8:
        return False
    typical = float(np.median(np.maximum(high, wide)[letter]))
    letters = letter[labels].astype(np.uint8)
    runs = [
        cv2.connectedComponents(cv2.morphologyEx(letters, cv2.MORPH_CLOSE, box_kernel(*reach)), connectivity=8)[0]
        for reach in ((0.5 * typical, 1), (1, 0.5 * typical))
    ]
    return bool(runs[1] < 0.85 * runs[0])


def quarter_turns(sheet: Sheet, reader: Recogniser) -> int:
    """The clockwise quarter turns that bring a level page upright (0 where nothing can be read)."""
    down = text_runs_down(sheet.ink, sheet.px)
    likely, other = ((1, 3), (0, 2)) if down else ((0, 2), (1, 3))
    best, score = _best_of(sheet, likely, reader)
    if score < 0.7:
        rival, rival_score = _best_of(sheet, other, reader)
        if rival_score > score + CLEAR:
            return rival
    return best


def _best_of(sheet: Sheet, ways: tuple[int, int], reader: Recogniser) -> tuple[int, float]:
    """The better of two opposite ways to hold the page, and how well sample lines read that way."""
    upright = Sheet(turned(sheet.gray, ways[0]), turned(sheet.ink.astype(np.uint8), ways[0]) > 0, sheet.px)
    crops = _samples(find_chunks(upright, find_lines(upright)))
    if not crops:
        return ways[0], 0.0
    first = _readability(crops, reader)
    if first >= SURE:
        return ways[0], first
    second = _readability([turned(crop, 2) for crop in crops], reader)
    return (ways[1], second) if second > first + CLEAR / 2 else (ways[0], first)


def _samples(chunks: list[Chunk]) -> list[Gray]:
    """Crops of a few middling long lines from all over the page."""
    fit = [c for c in chunks if 3.0 < (c.x1 - c.x0) / max(1, c.y1 - c.y0) < 12.0]
    fit = fit or sorted(chunks, key=lambda c: c.x0 - c.x1)[:SAMPLES]
    step = max(1, len(fit) // SAMPLES)
    return [c.crop for c in fit[step // 2 :: step][:SAMPLES]]


def _readability(crops: list[Gray], reader: Recogniser) -> float:
    readings = reader.read(crops)
    return float(np.median([r.confidence if len(r.text.strip()) > 1 else 0.0 for r in readings]))
