"""A thin, typed layer over the PDFium calls that are made once per character or object.

The calls are bound with plain `void *` handles: building typed pointers for each of thousands of characters costs more than reading
them. PDFium is not thread-safe: use one process per document, never threads.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from extractors.types import Bbox

_VOID = ctypes.c_void_p
_INT = ctypes.c_int
_FLOAT = ctypes.c_float
_UINT = ctypes.c_uint


def _bind(name: str, result: Any, *arguments: Any) -> Callable[..., Any]:
    """A PDFium function by its address; `PYFUNCTYPE` keeps the interpreter lock, cheaper than letting it go for calls this short."""
    address = ctypes.cast(getattr(raw, name), _VOID).value or 0
    return ctypes.PYFUNCTYPE(result, *arguments)(address)


unicode_at = _bind("FPDFText_GetUnicode", _UINT, _VOID, _INT)
text_of = _bind("FPDFText_GetText", _INT, _VOID, _INT, _INT, _VOID)
loose_box_at = _bind("FPDFText_GetLooseCharBox", _INT, _VOID, _INT, _VOID)
object_at = _bind("FPDFText_GetTextObject", _VOID, _VOID, _INT)
matrix_at = _bind("FPDFText_GetMatrix", _INT, _VOID, _INT, _VOID)
font_size_at = _bind("FPDFText_GetFontSize", ctypes.c_double, _VOID, _INT)
unmapped_at = _bind("FPDFText_HasUnicodeMapError", _INT, _VOID, _INT)
text_font = _bind("FPDFTextObj_GetFont", _VOID, _VOID)
text_mode = _bind("FPDFTextObj_GetTextRenderMode", _INT, _VOID)
font_weight = _bind("FPDFFont_GetWeight", _INT, _VOID)
font_flags = _bind("FPDFFont_GetFlags", _INT, _VOID)
font_base_name = _bind("FPDFFont_GetBaseFontName", ctypes.c_size_t, _VOID, _VOID, ctypes.c_size_t)

page_count_objects = _bind("FPDFPage_CountObjects", _INT, _VOID)
page_object = _bind("FPDFPage_GetObject", _VOID, _VOID, _INT)
form_count_objects = _bind("FPDFFormObj_CountObjects", _INT, _VOID)
form_object = _bind("FPDFFormObj_GetObject", _VOID, _VOID, ctypes.c_ulong)
object_type = _bind("FPDFPageObj_GetType", _INT, _VOID)
object_bounds = _bind("FPDFPageObj_GetBounds", _INT, _VOID, _VOID, _VOID, _VOID, _VOID)
object_matrix = _bind("FPDFPageObj_GetMatrix", _INT, _VOID, _VOID)
object_transparent = _bind("FPDFPageObj_HasTransparency", _INT, _VOID)
fill_colour = _bind("FPDFPageObj_GetFillColor", _INT, _VOID, _VOID, _VOID, _VOID, _VOID)
stroke_colour = _bind("FPDFPageObj_GetStrokeColor", _INT, _VOID, _VOID, _VOID, _VOID, _VOID)
stroke_width = _bind("FPDFPageObj_GetStrokeWidth", _INT, _VOID, _VOID)
image_pixels = _bind("FPDFImageObj_GetImagePixelSize", _INT, _VOID, _VOID, _VOID)
clip_of = _bind("FPDFPageObj_GetClipPath", _VOID, _VOID)
clip_count_paths = _bind("FPDFClipPath_CountPaths", _INT, _VOID)
clip_count_segments = _bind("FPDFClipPath_CountPathSegments", _INT, _VOID, _INT)
clip_segment_at = _bind("FPDFClipPath_GetPathSegment", _VOID, _VOID, _INT, _INT)
draw_mode = _bind("FPDFPath_GetDrawMode", _INT, _VOID, _VOID, _VOID)
count_segments = _bind("FPDFPath_CountSegments", _INT, _VOID)
segment_at = _bind("FPDFPath_GetPathSegment", _VOID, _VOID, _INT)
segment_point = _bind("FPDFPathSegment_GetPoint", _INT, _VOID, _VOID, _VOID)
segment_type = _bind("FPDFPathSegment_GetType", _INT, _VOID)
segment_close = _bind("FPDFPathSegment_GetClose", _INT, _VOID)

_HIGH_HALVES, _LOW_HALVES = range(0xD800, 0xDC00), range(0xDC00, 0xE000)
_WIDTHLESS, _NO_LETTER = 0x200B, 0xFFFD

TEXT, PATH, IMAGE, FORM = raw.FPDF_PAGEOBJ_TEXT, raw.FPDF_PAGEOBJ_PATH, raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_FORM
SHADING = raw.FPDF_PAGEOBJ_SHADING
MOVE, LINE, CURVE = raw.FPDF_SEGMENT_MOVETO, raw.FPDF_SEGMENT_LINETO, raw.FPDF_SEGMENT_BEZIERTO


class FloatBox(ctypes.Structure):
    """PDFium's FS_RECTF: left, top, right, bottom in the page's own coordinates (y upwards)."""

    _fields_ = (("left", _FLOAT), ("top", _FLOAT), ("right", _FLOAT), ("bottom", _FLOAT))


class FloatMatrix(ctypes.Structure):
    """PDFium's FS_MATRIX."""

    _fields_ = tuple((name, _FLOAT) for name in "abcdef")


class Matrix(NamedTuple):
    """An affine map of page coordinates."""

    a: float
    b: float
    c: float
    d: float
    e: float
    f: float

    def then(self, other: Matrix) -> Matrix:
        return Matrix(
            self.a * other.a + self.b * other.c,
            self.a * other.b + self.b * other.d,
            self.c * other.a + self.d * other.c,
            self.c * other.b + self.d * other.d,
            self.e * other.a + self.f * other.c + other.e,
            self.e * other.b + self.f * other.d + other.f,
        )

    def point(self, x: float, y: float) -> tuple[float, float]:
        return self.a * x + self.c * y + self.e, self.b * x + self.d * y + self.f


IDENTITY = Matrix(1, 0, 0, 1, 0, 0)


def handle(item: Any) -> int:
    """The address behind a pypdfium2 object."""
    return int(ctypes.cast(item.raw, _VOID).value or 0)


def page_bounds(page: Any) -> tuple[float, float, float, float]:
    """The visible box (left, bottom, right, top) of a page in its own coordinates: crop box within media box."""
    box = FloatBox()
    raw.FPDF_GetPageBoundingBox(page.raw, ctypes.cast(ctypes.byref(box), ctypes.POINTER(raw.FS_RECTF)))
    return box.left, min(box.bottom, box.top), box.right, max(box.bottom, box.top)


def codes_of(text: int, count: int) -> Sequence[int]:
    """The Unicode of each of a text page's `count` characters.

    One call gives all, unless some character has none or two UTF-16 units; then each is asked for.
    """
    buffer = (ctypes.c_ushort * (count + 1))()
    if text_of(text, 0, count, buffer) == count + 1:
        letters = bytes(buffer)[: 2 * count].decode("utf-16-le", "replace")
        if len(letters) == count:
            return [ord(letter) for letter in letters]
    return paired([unicode_at(text, at) for at in range(count)])


def paired(codes: Sequence[int]) -> list[int]:
    """Codes with both halves of a letter of two UTF-16 units, which PDFium gives one by one, as that letter and a sign without width.

    A half alone is no letter.
    """
    found = list(codes)
    for at, code in enumerate(codes):
        if code in _HIGH_HALVES and at + 1 < len(codes) and codes[at + 1] in _LOW_HALVES:
            found[at : at + 2] = [0x10000 + (code - _HIGH_HALVES.start) * len(_LOW_HALVES) + codes[at + 1] - _LOW_HALVES.start, _WIDTHLESS]
        elif found[at] in _HIGH_HALVES or found[at] in _LOW_HALVES:
            found[at] = _NO_LETTER
    return found


def _is_utf8(path: Path) -> bool:
    try:
        str(path).encode()
    except UnicodeEncodeError:
        return False
    return True


@contextmanager
def open_pdf(source: Path | bytes) -> Iterator[Any]:
    """An open PDFium document, closed at the end whatever happens. Raises `pypdfium2.PdfiumError`."""
    if isinstance(source, Path) and not _is_utf8(source):
        source = source.read_bytes()  # PDFium takes no other names
    document = pdfium.PdfDocument(source if isinstance(source, bytes) else str(source))
    try:
        yield document
    finally:
        with suppress(pdfium.PdfiumError):
            document.close()


@contextmanager
def open_page(document: Any, number: int) -> Iterator[Any]:
    """Page `number` (from 1), closed at the end so that memory stays bounded."""
    page = document[number - 1]
    try:
        yield page
    finally:
        page.close()


class Frame:
    """Turns page coordinates (y upwards) into points from the top left of the page turned clockwise by `rotation` degrees."""

    __slots__ = ("bottom", "height", "left", "right", "rotation", "top", "width")

    def __init__(self, bounds: tuple[float, float, float, float], rotation: int) -> None:
        self.left, self.bottom, self.right, self.top = bounds
        self.rotation = rotation % 360
        across, up = self.right - self.left, self.top - self.bottom
        self.width, self.height = (across, up) if self.rotation in (0, 180) else (up, across)

    def point(self, x: float, y: float) -> tuple[float, float]:
        if self.rotation == 0:
            return x - self.left, self.top - y
        if self.rotation == 90:
            return y - self.bottom, x - self.left
        if self.rotation == 180:
            return self.right - x, y - self.bottom
        return self.top - y, self.right - x

    def back(self, x: float, y: float) -> tuple[float, float]:
        """The inverse of `point`."""
        if self.rotation == 0:
            return x + self.left, self.top - y
        if self.rotation == 90:
            return y + self.left, x + self.bottom
        if self.rotation == 180:
            return self.right - x, y + self.bottom
        return self.right - y, self.top - x

    def box(self, left: float, bottom: float, right: float, top: float) -> Bbox:
        xa, ya = self.point(left, bottom)
        xb, yb = self.point(right, top)
        return Bbox(min(xa, xb), min(ya, yb), max(xa, xb), max(ya, yb))

    def from_frame(self, other: Frame, box: Bbox) -> Bbox:
        """A box of another frame of the same page, in this one."""
        xa, ya = other.back(box.x0, box.y0)
        xb, yb = other.back(box.x1, box.y1)
        return self.box(xa, ya, xb, yb)
