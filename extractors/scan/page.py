"""A page image read into the shared page model: words with OCR confidence and detected ruling lines."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from extractors.scan.figures import doubted_under, is_figure, looked_at_again
from extractors.scan.image import sheet_of, turned
from extractors.scan.lay import lay_of
from extractors.scan.level import Level, level_image
from extractors.scan.lines import Lines
from extractors.scan.orientation import upright
from extractors.scan.recognise import recogniser
from extractors.scan.settings import ScanSettings
from extractors.scan.words import ReadWord, words_of
from extractors.types import Bbox, Page, Ruling, TextKind, Word

BOLD = 1.25  # how much wider bold strokes are than light ones, at least


def read_scan_page(
    image: NDArray[np.uint8],
    number: int,
    width_pt: float,
    height_pt: float,
    *,
    rotation: int = 0,
    settings: ScanSettings = ScanSettings(),
) -> Page:
    """The page model of a page image `(H, W)` or `(H, W, 3)` RGB, brought upright and level.

    `width_pt` and `height_pt` are the size of the image as given, in points; where the image turns out to lie sideways the page's sides
    are swapped. `rotation` is what the caller turned already; the page's `rotation` is the whole turn, clockwise. Raises ValueError for
    an array that is no image or a page without extent.
    """
    if width_pt <= 0 or height_pt <= 0 or 0 in image.shape:
        raise ValueError(f"page {number}: an image of {image.shape} on {width_pt} x {height_pt} points cannot be read")
    level = level_image(image, width_pt, height_pt, settings)
    if level.blank:
        return Page(number, width_pt, height_pt, rotation % 360, TextKind.EMPTY, (), (), "gambar tanpa tulisan")
    reader = recogniser(settings.ocr_threads)
    layout = upright(sheet_of(level.gray, level.px), reader)
    if layout.turns % 2:
        width_pt, height_pt = height_pt, width_pt
    readings = reader.read([c.crop for c in layout.chunks], settings.batch_pixels)
    found = [(chunk, word) for chunk, reading in zip(layout.chunks, readings, strict=True) for word in words_of(chunk, reading)]
    words = looked_at_again(found, reader, settings.batch_pixels) if settings.second_look else [word for _, word in found]
    if level.struck is not None:
        words = doubted_under(turned(level.struck, layout.turns) > 0, words)
    height, width = layout.sheet.gray.shape
    to_x, to_y = width_pt / width, height_pt / height
    return Page(
        number=number,
        width=width_pt,
        height=height_pt,
        rotation=(rotation + 90 * layout.turns) % 360,
        text_kind=TextKind.SCAN if words else TextKind.EMPTY,
        words=_words(words, to_x, to_y),
        rulings=_rulings(layout.lines, to_x, to_y),
        reason=_reason(level, layout.turns, words),
        lay=lay_of(level, layout.turns, width_pt, height_pt),
    )


def _words(words: Sequence[ReadWord], to_x: float, to_y: float) -> tuple[Word, ...]:
    least = bold_from([w.stroke / w.size for w in words if any(c.isalnum() for c in w.text)])
    out = []
    for w in words:
        box = Bbox(w.x0 * to_x, w.y0 * to_y, w.x1 * to_x, w.y1 * to_y)
        out.append(Word(w.text, box, round(w.size * to_y, 1), w.stroke / w.size > least, round(w.confidence, 4)))
    return tuple(out)


def bold_from(weights: Sequence[float]) -> float:
    """From which stroke width (in em) a page's type is bold: between its two weights; infinite where it is all of one weight."""
    ordered = np.sort(np.asarray(weights, np.float64))
    if ordered.size < 2:
        return float("inf")
    below = np.arange(1, ordered.size)
    light = np.cumsum(ordered)[:-1] / below
    heavy = (ordered.sum() - np.cumsum(ordered)[:-1]) / (ordered.size - below)
    best = int(np.argmax(below * (ordered.size - below) * (heavy - light) ** 2))
    return float((light[best] + heavy[best]) / 2) if heavy[best] >= BOLD * light[best] else float("inf")


def _rulings(lines: Lines, to_x: float, to_y: float) -> tuple[Ruling, ...]:
    rows = [Ruling(s.start * to_x, s.at * to_y, s.end * to_x, s.at * to_y) for s in lines.rows]
    columns = [Ruling(s.at * to_x, s.start * to_y, s.at * to_x, s.end * to_y) for s in lines.columns]
    return tuple(rows + columns)


def _reason(level: Level, turns: int, words: Sequence[ReadWord]) -> str:
    """Why the page reads as it does, in Indonesian."""
    parts = [f"diputar {90 * turns} derajat"] if turns else []
    if abs(level.angle) >= 0.1:
        parts.append(f"diluruskan {abs(level.angle):.1f} derajat")
    if level.bend:
        parts.append(f"lengkungan {level.bend.bow:.0f} poin diratakan")
    figures = [w.confidence for w in words if is_figure(w.text)]
    if figures:
        parts.append(f"{sum(c < 0.5 for c in figures)} dari {len(figures)} angka meragukan")
    return "; ".join(parts) or "tegak dan lurus"
