"""Which way up a page image is: the way its letters stand in rows, then the way the recogniser can read them."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from extractors.scan.image import Gray, Mask, Sheet, box_kernel, turned
from extractors.scan.lines import Lines, find_lines
from extractors.scan.recognise import Recogniser
from extractors.scan.segment import Chunk, find_chunks

SAMPLES = 6
SURE = 0.92  # mean probability of the characters that only an upright line reaches
POOR = 0.7  # under this the page may lie the other way after all
CLEAR = 0.12  # by how much one way must read better than another


@dataclass(frozen=True, slots=True)
class Layout:
    """A page held upright by clockwise quarter `turns`, its ruling lines and its runs of type."""

    turns: int
    sheet: Sheet
    lines: Lines
    chunks: list[Chunk]


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


def upright(sheet: Sheet, reader: Recogniser) -> Layout:
    """The level page held the way it reads best, with its lines and runs of type (as it is where nothing can be read)."""
    likely, other = ((1, 3), (0, 2)) if text_runs_down(sheet.ink, sheet.px) else ((0, 2), (1, 3))
    best, score = _best_of(sheet, likely, reader)
    if score < POOR:
        rival, rival_score = _best_of(sheet, other, reader)
        if rival_score > score + CLEAR:
            return rival
    return best


def _best_of(sheet: Sheet, ways: tuple[int, int], reader: Recogniser) -> tuple[Layout, float]:
    """The better of two opposite ways to hold the page, and how well sample lines read that way."""
    layout = _laid_out(sheet, ways[0])
    crops = _samples(layout.chunks)
    if not crops:
        return layout, 0.0
    score = _readability(crops, reader)
    if score >= SURE:
        return layout, score
    other = _readability([turned(crop, 2) for crop in crops], reader)
    return (_laid_out(sheet, ways[1]), other) if other > score + CLEAR / 2 else (layout, score)


def _laid_out(sheet: Sheet, turns: int) -> Layout:
    held = Sheet(turned(sheet.gray, turns), turned(sheet.ink.astype(np.uint8), turns) > 0, sheet.px) if turns else sheet
    lines = find_lines(held)
    return Layout(turns, held, lines, find_chunks(held, lines))


def _samples(chunks: list[Chunk]) -> list[Gray]:
    """Crops of a few middling long lines from all over the page."""
    fit = [c for c in chunks if 3.0 < (c.x1 - c.x0) / max(1, c.y1 - c.y0) < 12.0]
    fit = fit or sorted(chunks, key=lambda c: c.x0 - c.x1)[:SAMPLES]
    step = max(1, len(fit) // SAMPLES)
    return [c.crop for c in fit[step // 2 :: step][:SAMPLES]]


def _readability(crops: list[Gray], reader: Recogniser) -> float:
    readings = reader.read(crops)
    return float(np.median([r.confidence if len(r.text.strip()) > 1 else 0.0 for r in readings]))
