"""Single boxes of a page image read anew, for an audit that wants a figure confirmed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from extractors.scan.figures import DOUBT, digits_of, softened
from extractors.scan.image import WHITE, Gray, Mask, sheet_of, turned
from extractors.scan.level import level_image
from extractors.scan.lines import find_lines
from extractors.scan.recognise import Reading, recogniser
from extractors.scan.segment import ruled_pixels
from extractors.scan.settings import ScanSettings
from extractors.types import Bbox

MARGIN = 1.0  # points around a box: OCR boxes are tight
BORDER = 0.12  # white border of a crop, in its heights
FINEST_DPI = 600.0


def reread(
    image: NDArray[np.uint8],
    boxes: Sequence[Bbox],
    width_pt: float,
    height_pt: float,
    *,
    turn: int = 0,
    settings: ScanSettings = ScanSettings(),
) -> list[tuple[str, float]]:
    """Text and confidence of each box, read twice (greys, black and white); they must agree on the digits to keep their confidence.

    `image`, `width_pt` and `height_pt` are as for `read_scan_page`, the image best at twice the resolution of the first reading. The
    boxes, one line of type each, are in points of the page as read, and `turn` is the clockwise turn that `read_scan_page` added.
    """
    level = level_image(image, width_pt, height_pt, replace(settings, most_dpi=max(settings.most_dpi, FINEST_DPI)))
    px = level.px
    sheet = sheet_of(turned(level.gray, turn // 90), px)
    rules = ruled_pixels(find_lines(sheet), px)
    paper = np.where(rules, WHITE, sheet.gray).astype(np.uint8)
    crops = [_tight(paper, sheet.ink & ~rules, box, px) for box in boxes]
    reader = recogniser(settings.ocr_threads)
    first = reader.read([grey for grey, _ in crops], settings.batch_pixels)
    second = reader.read([softened(ink) for _, ink in crops], settings.batch_pixels)
    return [_judged(one, two) for one, two in zip(first, second, strict=True)]


def _judged(first: Reading, second: Reading) -> tuple[str, float]:
    meant = [p for c, p in zip(first.text, first.probabilities, strict=True) if c.isalnum()]
    confidence = min(meant or first.probabilities, default=0.0)
    if digits_of(first.text) != digits_of(second.text):
        confidence = min(confidence, DOUBT)
    return first.text.strip(), confidence


def _tight(paper: Gray, ink: Mask, box: Bbox, px: float) -> tuple[Gray, Mask]:
    """Greys and ink of a box, drawn close around its ink, with a white border; a lone white pixel row where it is empty."""
    height, width = ink.shape
    rows = slice(max(0, int((box.y0 - MARGIN) * px)), min(height, int((box.y1 + MARGIN) * px) + 1))
    columns = slice(max(0, int((box.x0 - MARGIN) * px)), min(width, int((box.x1 + MARGIN) * px) + 1))
    ys, xs = np.nonzero(ink[rows, columns])
    if not ys.size:
        return np.full((8, 8), WHITE, np.uint8), np.zeros((8, 8), np.bool_)
    inner = (slice(int(ys.min()), int(ys.max()) + 1), slice(int(xs.min()), int(xs.max()) + 1))
    border = max(2, round(BORDER * (ys.max() - ys.min() + 1)))
    return (
        np.pad(paper[rows, columns][inner], border, constant_values=WHITE),
        np.pad(ink[rows, columns][inner], border, constant_values=False),
    )
