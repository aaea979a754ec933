"""Pages as pixels: whole, cut out, or with what was found drawn over them."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw, ImageFont

from extractors import pdfium
from extractors.document import open_document
from extractors.errors import UnreadablePage
from extractors.glyphs import read_glyphs
from extractors.settings import DEFAULTS, Settings
from extractors.types import Bbox, PageContent

_HIGHLIGHT = (230, 40, 40)
_CELL = (30, 110, 220)
_RULING = (220, 60, 30)
_WORD = (60, 160, 60)
_KINDS = ((123, 31, 162), (0, 121, 107), (194, 90, 0), (48, 63, 159), (175, 20, 80), (90, 110, 0))


def page_image(page: Any, rotation: int, dpi: float, settings: Settings) -> Image.Image:
    """An open PDFium page turned clockwise by `rotation` degrees in all, RGB; the resolution is lowered to stay under the pixel cap."""
    left, bottom, right, top = pdfium.page_bounds(page)
    scale = dpi / 72.0
    area = (right - left) * (top - bottom)
    if area <= 0:
        raise UnreadablePage("the page has no area")
    scale = min(scale, (settings.render_pixels_max / area) ** 0.5)
    extra = (rotation - page.get_rotation()) % 360
    bitmap = page.render(scale=scale, rotation=extra, rev_byteorder=True, prefer_bgrx=False)
    try:
        image: Image.Image = bitmap.to_pil().convert("RGB")
        return image.copy()
    finally:
        bitmap.close()


def render_page(path: Path | str, number: int, dpi: float = 100, rotation: int | None = None, settings: Settings = DEFAULTS) -> bytes:
    """A page as PNG, upright. `rotation` is `PageContent.rotation` where that is known (a sideways scan needs it)."""
    return _png(_rendered(Path(path), number, dpi, rotation, settings)[0])


def crop(
    path: Path | str,
    number: int,
    bbox: Bbox,
    dpi: float = 150,
    highlight: Sequence[Bbox] = (),
    rotation: int | None = None,
    settings: Settings = DEFAULTS,
) -> bytes:
    """A part of a page as PNG, `highlight` boxes framed; boxes as in `Page`, parts outside the page are cut off."""
    image, scale = _rendered(Path(path), number, dpi, rotation, settings)
    x0, y0 = max(0, int(bbox.x0 * scale)), max(0, int(bbox.y0 * scale))
    x1, y1 = min(image.width, int(bbox.x1 * scale) + 1), min(image.height, int(bbox.y1 * scale) + 1)
    if x1 <= x0 or y1 <= y0:
        raise UnreadablePage(f"page {number}: the box {tuple(round(v) for v in bbox)} lies outside the page")
    draw = ImageDraw.Draw(image)
    for box in highlight:
        draw.rectangle([v * scale for v in box], outline=_HIGHLIGHT, width=max(2, round(scale)))
    return _png(image.crop((x0, y0, x1, y1)))


def debug_image(
    path: Path | str,
    number: int,
    labels: Sequence[tuple[Bbox, str, str]] = (),
    dpi: float = 120,
    content: PageContent | None = None,
    settings: Settings = DEFAULTS,
) -> bytes:
    """A page as PNG with words (green), rulings (red) and cells (blue); `labels` are (box, text, kind), one colour for each kind.

    `content` is what was read before, where that is at hand; else the page is read here.
    """
    from extractors.reading import read_model  # reading and drawing know each other only here

    model, read = read_model(Path(path), number, settings)
    content = content or read
    image, scale = _rendered(Path(path), number, dpi, model.rotation, settings)
    draw = ImageDraw.Draw(image, "RGBA")

    def shown(box: Bbox) -> list[float]:
        return [v * scale for v in (model.lay.displayed(box) if model.lay else box)]

    for word in model.words:
        draw.rectangle(shown(word.bbox), outline=(*_WORD, 150))
    for ruling in model.rulings:
        ends = (shown(Bbox(x, y, x, y))[:2] for x, y in ((ruling.x0, ruling.y0), (ruling.x1, ruling.y1)))
        draw.line([v for end in ends for v in end], fill=(*_RULING, 190), width=2)
    for table in content.tables:
        for cell in table.cells:
            x0, y0, x1, y1 = shown(cell.bbox)
            draw.rectangle([x0 + 2, y0 + 2, max(x1 - 2, x0 + 2), max(y1 - 2, y0 + 2)], outline=(*_CELL, 200), fill=(*_CELL, 16))
    kinds = sorted({kind for _, _, kind in labels})
    font = ImageFont.load_default(size=max(9, round(7 * scale)))
    for box, text, kind in labels:
        colour = _KINDS[kinds.index(kind) % len(_KINDS)]
        x0, y0, x1, y1 = shown(box)
        draw.rectangle([x0, y0, x1, y1], outline=(*colour, 255), width=2)
        draw.text((x0 + 2, y0 + 1), text, fill=(*colour, 255), font=font)
    return _png(image)


def _rendered(path: Path, number: int, dpi: float, rotation: int | None, settings: Settings) -> tuple[Image.Image, float]:
    """The upright page and its pixels per point."""
    with open_document(path, settings) as opened:
        if not 1 <= number <= opened.probe.page_count:
            raise UnreadablePage(f"page {number} does not exist; the document has {opened.probe.page_count}")
        with pdfium.open_page(opened.pdf, number) as page:
            bounds = pdfium.page_bounds(page)
            if rotation is None:
                rotation = read_glyphs(page, bounds, settings).main_direction(page.get_rotation() % 360)
            image = page_image(page, rotation, dpi, settings)
            return image, image.width / pdfium.Frame(bounds, rotation).width


def _png(image: Image.Image) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()
