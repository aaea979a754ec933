"""One page of a PDF as the page model: upright words and rulings, and where its text comes from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from extractors import pdfium
from extractors.errors import UnreadablePage
from extractors.glyphs import UNREADABLE, Run, read_glyphs
from extractors.pdfium import Frame
from extractors.rulings import dotted, on_colour, tidy
from extractors.settings import Settings
from extractors.types import Bbox, Page, TextKind, Word
from extractors.vectors import Fill, read_drawings
from extractors.visible import SCAN_SHARE, image_share, seen
from extractors.words import Uprights, sideways_lines, without_stamps, words_of

_FEW_LETTERS = 40
_LOST_SHARE = 0.03  # of a page's letters without a meaning, from which on its picture is read instead
_LOST_LETTERS = 20
_LETTER_SIDE = 60.0  # a drawn letter is no larger
_DRAWN_LETTERS = 100
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
    problems = (f"{drawings.truncated}; sisanya tidak dibaca",) if drawings.truncated else ()
    white = tidy(drawings.white_lines, frame.width, frame.height, settings)  # whole: its pieces may lie on paper here and on colour there
    lines = drawings.lines + on_colour(white, drawings.fills) + dotted(drawings.dots, settings)
    rulings = tidy(lines, frame.width, frame.height, settings)
    uprights = Uprights(rulings)
    words = without_stamps(_words(seen(glyphs.runs, drawings, bounds, settings), frame, bounds, uprights, settings))
    boxes = [picture.bbox for picture in drawings.images]
    covered = image_share(boxes, frame)
    illegible = _illegible(words, covered, drawings.grounds)
    kind = TextKind.TEXT if words else TextKind.EMPTY
    reason = "halaman memuat teks sendiri" if words else "halaman tanpa teks"
    if illegible:
        kind, reason = TextKind.SCAN, illegible
    model = Page(number, frame.width, frame.height, rotation, kind, tuple(words), tuple(rulings), reason)
    coloured = tuple(fill.bbox for fill in drawings.fills if not fill.white)
    dpi = max((picture.dpi for picture in drawings.images if picture.bbox.width > 0.2 * frame.width), default=0.0)
    if illegible and covered < SCAN_SHARE:
        dpi = 0.0  # drawn, not scanned
    pictures = () if illegible else _picture_boxes(boxes, words, frame)
    return Sheet(model, coloured, bool(illegible), dpi, pictures, bool(glyphs.hidden), problems)


def _illegible(words: Sequence[Word], covered: float, shapes: Sequence[Fill]) -> str:
    """Why the page's own letters do not tell what it shows, in Indonesian; empty where they do."""
    letters = sum(len(word.text) for word in words)
    lost = sum(word.text.count(UNREADABLE) for word in words if len(word.text) > 1)  # a lone sign is a bullet
    if covered >= SCAN_SHARE and letters < _FEW_LETTERS:
        return "halaman berupa gambar"
    if lost >= max(_LOST_LETTERS, _LOST_SHARE * letters):
        return "huruf halaman tanpa arti (fon tanpa tabel Unicode)"
    drawn = sum(1 for shape in shapes if max(shape.bbox.width, shape.bbox.height) <= _LETTER_SIDE)
    if drawn >= _DRAWN_LETTERS and drawn > 3 * letters:
        return "huruf halaman digambar sebagai bidang"
    return ""


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
            result += words_of(found, uprights, settings)
        else:
            own = Frame(bounds, direction)
            result += sideways_lines(words_of(found, Uprights(()), settings), own, frame)
    return result


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
