"""One page of a PDF as the page model: upright words and rulings, and where its text comes from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from extractors import pdfium
from extractors.errors import UnreadablePage
from extractors.glyphs import Run, read_glyphs
from extractors.pdfium import Frame
from extractors.rulings import dotted, on_colour, tidy
from extractors.settings import Settings
from extractors.types import Bbox, Page, TextKind, Word
from extractors.vectors import Drawings, Fill, read_drawings
from extractors.words import Uprights, sideways_lines, without_stamps, words_of

_SCAN_SHARE = 0.5  # an image over this share of the page may be a scan
_FEW_LETTERS = 40
_STEP = 20.0  # height of the bands in which covering boxes are looked up
_PICTURE_SHARE = 0.04  # a smaller image shows no table


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page with what only the extractors use: coloured boxes, and whether an image holds its content."""

    page: Page
    coloured: tuple[Bbox, ...] = ()
    needs_ocr: bool = False
    image_dpi: float = 0.0
    pictures: tuple[Bbox, ...] = ()  # images that may show a table; after reading, those that do
    hidden_text: bool = False  # an invisible text layer, as over a scan
    problems: tuple[str, ...] = ()


def read_sheet(page: Any, number: int, settings: Settings) -> Sheet:
    """Read one open PDFium page. Raises `UnreadablePage` for a page box or an amount of content that no print has."""
    bounds = pdfium.page_bounds(page)
    _check_box(bounds, settings)
    glyphs = read_glyphs(page, bounds, settings)
    rotation = glyphs.main_direction(page.get_rotation() % 360)
    frame = Frame(bounds, rotation)
    drawings = read_drawings(page, frame, settings)
    problems = (f"{drawings.truncated}; the rest was left out",) if drawings.truncated else ()
    lines = drawings.lines + on_colour(drawings.white_lines, drawings.fills) + dotted(drawings.dots, settings)
    rulings = tidy(lines, frame.width, frame.height, settings)
    uprights = Uprights(rulings)
    words = without_stamps(_words(_visible(glyphs.runs, drawings, bounds), frame, bounds, uprights, settings))
    boxes = [picture.bbox for picture in drawings.images]
    covered = _image_share(boxes, frame)
    letters = sum(len(word.text) for word in words)
    needs_ocr = covered >= _SCAN_SHARE and letters < _FEW_LETTERS
    kind = TextKind.TEXT if words else TextKind.EMPTY
    reason = "halaman memuat teks sendiri" if words else "halaman tanpa teks"
    if needs_ocr:
        kind, reason = TextKind.SCAN, "halaman berupa gambar"
    model = Page(number, frame.width, frame.height, rotation, kind, tuple(words), tuple(rulings), reason)
    coloured = tuple(fill.bbox for fill in drawings.fills if not fill.white)
    dpi = max((picture.dpi for picture in drawings.images if picture.bbox.width > 0.2 * frame.width), default=0.0)
    pictures = () if needs_ocr else _picture_boxes(boxes, words, frame)
    return Sheet(model, coloured, needs_ocr, dpi, pictures, bool(glyphs.hidden), problems)


def _check_box(bounds: tuple[float, float, float, float], settings: Settings) -> None:
    wide, high = bounds[2] - bounds[0], bounds[3] - bounds[1]
    if not (settings.page_side_min <= wide <= settings.page_side_max and settings.page_side_min <= high <= settings.page_side_max):
        raise UnreadablePage(f"the page box of {wide:.0f} x {high:.0f} points is no paper size")


def _words(
    runs: dict[int, list[Run]], frame: Frame, bounds: tuple[float, float, float, float], uprights: Uprights, settings: Settings
) -> list[Word]:
    result: list[Word] = []
    for direction, found in runs.items():
        if direction == frame.rotation:
            result += [w for w in words_of(found, uprights, settings) if _on_page(w.bbox, frame)]
        else:
            own = Frame(bounds, direction)
            lines = sideways_lines(words_of(found, Uprights(()), settings), own, frame)
            result += [w for w in lines if _on_page(w.bbox, frame)]
    return result


def _on_page(box: Bbox, frame: Frame) -> bool:
    x, y = box.centre
    return 0 <= x <= frame.width and 0 <= y <= frame.height


def _visible(runs: dict[int, list[Run]], drawings: Drawings, bounds: tuple[float, float, float, float]) -> dict[int, list[Run]]:
    """Without the runs that an opaque box or page image, painted later, hides."""
    covers = [fill for fill in drawings.fills if fill.opaque and fill.bbox.width > 4 and fill.bbox.height > 4]
    frame = drawings.frame
    # some scanners write their text visibly and paint the page image over it
    covers += [Fill(p.bbox, p.order, True, True) for p in drawings.images if _image_share([p.bbox], frame) >= _SCAN_SHARE]
    if not covers or not drawings.painted:
        return runs
    last = max(fill.order for fill in covers)
    by_height: dict[int, list[Fill]] = {}
    for fill in covers:
        for step in range(int(max(fill.bbox.y0, 0.0) // _STEP), int(min(fill.bbox.y1, frame.height) // _STEP) + 1):
            by_height.setdefault(step, []).append(fill)
    kept: dict[int, list[Run]] = {}
    for direction, found in runs.items():
        own = Frame(bounds, direction)
        kept[direction] = []
        for run in found:
            order = drawings.painted.get(run.source, last)
            if order < last:
                box = Bbox(run.starts[0], run.base - 0.5 * run.size, run.ends[-1], run.base)
                box = box if own.rotation == frame.rotation else frame.from_frame(own, box)
                if any(fill.order > order and _covers(fill.bbox, box) for fill in by_height.get(int(box.y0 // _STEP), ())):
                    continue
            kept[direction].append(run)
    return kept


def _covers(cover: Bbox, box: Bbox) -> bool:
    return cover.x0 <= box.x0 + 1 and cover.x1 >= box.x1 - 1 and cover.y0 <= box.y0 and cover.y1 >= box.y1


def _image_share(images: Sequence[Bbox], frame: Frame) -> float:
    """The share of the page that its images cover; some scanners cut a page into strips."""
    area = 0.0
    for box in set(images):
        wide = min(box.x1, frame.width) - max(box.x0, 0.0)
        high = min(box.y1, frame.height) - max(box.y0, 0.0)
        area += max(wide, 0.0) * max(high, 0.0)
    return min(area / (frame.width * frame.height), 1.0)


def _picture_boxes(images: Sequence[Bbox], words: Sequence[Word], frame: Frame) -> tuple[Bbox, ...]:
    """Images large enough to show a table and with next to no text of the page's own inside, clipped to the page."""
    kept: list[Bbox] = []
    for image in images:
        box = Bbox(max(image.x0, 0.0), max(image.y0, 0.0), min(image.x1, frame.width), min(image.y1, frame.height))
        if box.width <= 0 or box.height <= 0 or box.width * box.height < _PICTURE_SHARE * frame.width * frame.height or box in kept:
            continue
        inside = sum(1 for w in words if box.x0 < w.bbox.centre[0] < box.x1 and box.y0 < w.bbox.centre[1] < box.y1)
        if inside <= 3:
            kept.append(box)
    return tuple(kept)
