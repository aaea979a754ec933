"""What a page holds as pixels: whole pages that are images or whose letters mean nothing, and tables pasted into a page as a picture.

Imported only where a page has such content: it loads arrays, and through the scan reader OpenCV and a recogniser.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from extractors.lattice import ruled_tables
from extractors.pages import Sheet
from extractors.rendering import page_image
from extractors.scan import ScanSettings, read_scan_page
from extractors.settings import Settings
from extractors.types import Bbox, Page, Ruling, TextKind, Word

_LOOK_DPI = 100.0
_DRAWN_DPI = 200.0  # the recogniser is at its best where letters are as large as at this resolution
_DARK = 150
_PAPER = 200
_PICTURE = ScanSettings(whole_page=False)
_TRUSTED = 0.15  # a pictured table below this confidence is a drawing


def read_by_ocr(page: Any, sheet: Sheet, settings: Settings) -> Sheet:
    """The sheet with the words and lines of the page's image in place of its own; a hidden text layer is not trusted."""
    model = sheet.page
    dpi = _resolution(sheet, settings)
    read = read_scan_page(_pixels(page, model, dpi, settings), model.number, model.width, model.height, rotation=model.rotation)
    reason = f"{model.reason} ({dpi:.0f} dpi), dibaca dengan OCR; {read.reason}"
    if sheet.hidden_text:
        reason += "; lapisan teks tersembunyi tidak dipakai"
    return replace(sheet, page=replace(read, reason=reason), coloured=())


def with_pictured_tables(page: Any, sheet: Sheet, settings: Settings) -> Sheet:
    """The sheet with the words and lines of those pictures that show a ruled table; other pictures are not read."""
    model = sheet.page
    look = _pixels(page, model, _LOOK_DPI, settings)
    tables = [box for box in sheet.pictures if shows_a_table(_cut(look, box, model))]
    if not tables:
        return replace(sheet, pictures=())
    sharp = _pixels(page, model, _resolution(sheet, settings), settings)
    read: list[Bbox] = []
    words: list[Word] = []
    rulings: list[Ruling] = []
    for box in tables:
        part = read_scan_page(np.ascontiguousarray(_cut(sharp, box, model)), model.number, box.width, box.height, settings=_PICTURE)
        if part.rotation or not _is_table(part, settings):
            continue
        read.append(box)
        words += [replace(word, bbox=_moved(word.bbox, box)) for word in part.words]
        rulings += [Ruling(r.x0 + box.x0, r.y0 + box.y0, r.x1 + box.x0, r.y1 + box.y0) for r in part.rulings]
    if not read:
        return replace(sheet, pictures=())
    reason = f"{model.reason}; {len(read)} gambar tabel dibaca dengan OCR"
    mixed = replace(
        model, words=model.words + tuple(words), rulings=model.rulings + tuple(rulings), text_kind=TextKind.MIXED, reason=reason
    )
    return replace(sheet, page=mixed, pictures=tuple(read))


def _is_table(part: Page, settings: Settings) -> bool:
    """Whether the larger part of what was read stands in the cells of a ruled table."""
    found, used = ruled_tables(part, (), settings)
    return bool(found) and 2 * len(used) > len(part.words) and max(t.confidence for t in found) >= _TRUSTED


def shows_a_table(image: NDArray[np.uint8]) -> bool:
    """Whether a picture is mostly paper and has four long rules across and three down; charts and flow charts have fewer."""
    if min(image.shape[:2]) < 30:
        return False
    gray = image.mean(axis=2) if image.ndim == 3 else image
    dark = gray < _DARK
    if float((gray > _PAPER).mean()) < 0.55 or float(dark.mean()) > 0.35:
        return False
    return _strokes(dark.mean(axis=1) > 0.5) >= 4 and _strokes(dark.mean(axis=0) > 0.4) >= 3


def _strokes(full: NDArray[np.bool_]) -> int:
    """How many separate lines the full rows (or columns) form."""
    return int(np.count_nonzero(full[1:] & ~full[:-1])) + int(full[0])


def _resolution(sheet: Sheet, settings: Settings) -> float:
    """The resolution of the page's images; drawn type has none of its own."""
    return min(max(sheet.image_dpi or _DRAWN_DPI, settings.scan_dpi_min), settings.scan_dpi_max)


def _pixels(page: Any, model: Page, dpi: float, settings: Settings) -> NDArray[np.uint8]:
    return np.asarray(page_image(page, model.rotation, dpi, settings))


def _cut(image: NDArray[np.uint8], box: Bbox, model: Page) -> NDArray[np.uint8]:
    high, wide = image.shape[0] / model.height, image.shape[1] / model.width
    return image[round(box.y0 * high) : round(box.y1 * high), round(box.x0 * wide) : round(box.x1 * wide)]


def _moved(box: Bbox, to: Bbox) -> Bbox:
    return Bbox(box.x0 + to.x0, box.y0 + to.y0, box.x1 + to.x0, box.y1 + to.y0)
