"""Drawn things of a page: straight lines, filled boxes and images, out of nested forms as well."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from extractors import pdfium
from extractors.clips import Clips
from extractors.errors import UnreadablePage
from extractors.pdfium import IDENTITY, FloatMatrix, Frame, Matrix
from extractors.settings import Settings
from extractors.types import Bbox, Ruling

_WHITE = 250
_DARK = 128
_CORNER = 8.0  # a rounded corner reaches no further
_BESIDE = 0.6  # boxes that lie this near touch
_BAR = 3.5  # a rule is this many times as long as thick
LIGHT_ALPHA = 24

Colour = tuple[int, int, int]
WHITE: Colour = (255, 255, 255)


class Fill(NamedTuple):
    """A filled box: where, how it covers (`order` counts the page's objects in painting order), and its colour, None where unknown."""

    bbox: Bbox
    order: int
    colour: Colour | None
    opaque: bool

    @property
    def white(self) -> bool:
        return self.colour is not None and min(self.colour) >= _WHITE


class Picture(NamedTuple):
    """A placed image and its resolution in dots per inch (0 where unknown)."""

    bbox: Bbox
    order: int
    dpi: float


@dataclass(slots=True)
class Drawings:
    """What is drawn on a page, in the coordinates of one frame."""

    frame: Frame
    clips: Clips
    lines: list[Ruling] = field(default_factory=list)  # drawn lines, thin boxes, outlines
    white_lines: list[Ruling] = field(default_factory=list)  # count only on a coloured ground
    dots: list[Bbox] = field(default_factory=list)  # specks; in a row they are a dotted line
    fills: list[Fill] = field(default_factory=list)
    bars: list[Fill] = field(default_factory=list)  # thick dark bars: rules, if not the rim of a field of their colour
    images: list[Picture] = field(default_factory=list)
    painted: dict[int, int] = field(default_factory=dict)  # text object -> its place in the painting order
    grounds: list[Fill] = field(default_factory=list)  # painted areas of a shape or colour that is not looked into
    truncated: str = ""


def read_drawings(page: Any, frame: Frame, settings: Settings) -> Drawings:
    """Walk the page's objects. Above the caps the rest is left out and `truncated` says so; raises `UnreadablePage` far above them."""
    walker = _Walker(frame, settings)
    root = pdfium.handle(page)
    count = pdfium.page_count_objects(root)
    if count > 20 * settings.objects_max:
        raise UnreadablePage(f"the page holds {count} objects")
    page_object, object_type = pdfium.page_object, pdfium.object_type
    painted = walker.drawings.painted
    for index in range(count):
        item = page_object(root, index)
        kind = object_type(item)
        if kind == pdfium.TEXT:
            painted[item] = walker.order = walker.order + 1
            continue
        if walker.full():
            break
        walker.visit(item, kind, IDENTITY, 0)
    _settle_bars(walker.drawings)
    return walker.drawings


def _settle_bars(drawings: Drawings) -> None:
    """Bars along fields of their colour are a part of these (word processors paint a cell's margins by themselves); others are rules."""
    rims = []
    for bar in drawings.bars:
        beside = sum(_along(bar.bbox, fill.bbox) for fill in drawings.fills if fill.colour == bar.colour)
        if beside >= 0.6 * max(bar.bbox.width, bar.bbox.height):
            rims.append(bar)
        else:
            drawings.lines.append(_middle(bar.bbox))
    drawings.fills += rims


def _along(bar: Bbox, field: Bbox) -> float:
    """The length on which a box touches a bar."""
    wide = min(bar.x1, field.x1) - max(bar.x0, field.x0)
    high = min(bar.y1, field.y1) - max(bar.y0, field.y0)
    along, across = (wide, high) if bar.width >= bar.height else (high, wide)
    return max(along, 0.0) if across >= -_BESIDE else 0.0


class _Walker:
    def __init__(self, frame: Frame, settings: Settings) -> None:
        self.frame = frame
        self.settings = settings
        self.drawings = Drawings(frame, Clips(frame))
        self.order = 0
        self.segments = 0
        self._floats = [ctypes.c_float() for _ in range(4)]
        self._refs = [ctypes.byref(value) for value in self._floats]
        self._ints = [ctypes.c_uint() for _ in range(4)]
        self._int_refs = [ctypes.byref(value) for value in self._ints]
        self._matrix = FloatMatrix()

    def full(self) -> bool:
        settings, drawings = self.settings, self.drawings
        if self.order > settings.objects_max:
            drawings.truncated = f"lebih dari {settings.objects_max} objek gambar"
        elif self.segments > settings.segments_max:
            drawings.truncated = f"lebih dari {settings.segments_max} ruas garis"
        elif len(drawings.lines) > settings.rulings_max:
            drawings.truncated = f"lebih dari {settings.rulings_max} garis"
        return bool(drawings.truncated)

    def visit(self, item: int, kind: int, outer: Matrix, depth: int, within: Bbox | None = None) -> None:
        """Take up one object of the page or of a form, whose own clip leaves `within` open."""
        self.order += 1
        if kind == pdfium.TEXT:
            self.drawings.painted[item] = self.order
            self.drawings.clips.note_form(item, outer, within)
        elif kind == pdfium.PATH:
            self._path(item, outer)
        elif kind == pdfium.IMAGE:
            box = self._bounds(item, outer)
            if box is not None:
                self.drawings.images.append(Picture(box, self.order, self._dots_per_inch(item, box)))
        elif kind == pdfium.FORM and depth < self.settings.form_depth_max:
            inner = self._matrix_of(item).then(outer)
            within = self.drawings.clips.left_open(item, outer, within)
            for index in range(pdfium.form_count_objects(item)):
                if self.full():
                    return
                part = pdfium.form_object(item, index)
                self.visit(part, pdfium.object_type(part), inner, depth + 1, within)
        elif kind == pdfium.SHADING:
            box = self._bounds(item, outer)
            if box is not None:
                self.drawings.grounds.append(Fill(box, self.order, None, False))

    def _matrix_of(self, item: int) -> Matrix:
        matrix = self._matrix
        pdfium.object_matrix(item, ctypes.byref(matrix))
        return Matrix(matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f)

    def _bounds(self, item: int, outer: Matrix) -> Bbox | None:
        if not pdfium.object_bounds(item, *self._refs):
            return None
        left, bottom, right, top = (value.value for value in self._floats)
        if outer is not IDENTITY:
            corners = [outer.point(x, y) for x in (left, right) for y in (bottom, top)]
            left, right = min(c[0] for c in corners), max(c[0] for c in corners)
            bottom, top = min(c[1] for c in corners), max(c[1] for c in corners)
        return self.frame.box(left, bottom, right, top)

    def _dots_per_inch(self, item: int, box: Bbox) -> float:
        wide, high = self._ints[0], self._ints[1]
        if not pdfium.image_pixels(item, *self._int_refs[:2]) or box.width < 1 or box.height < 1:
            return 0.0
        return 72.0 * max(wide.value, high.value) / max(box.width, box.height)

    def _colour(self, item: int, stroke: bool) -> tuple[Colour | None, int]:
        """The colour, None where it is a pattern, and its alpha."""
        if not (pdfium.stroke_colour if stroke else pdfium.fill_colour)(item, *self._int_refs):
            return None, 255
        red, green, blue, alpha = (value.value for value in self._ints)
        return (red, green, blue), alpha

    def _path(self, item: int, outer: Matrix) -> None:
        mode, stroked = ctypes.c_int(), ctypes.c_int()
        pdfium.draw_mode(item, ctypes.byref(mode), ctypes.byref(stroked))
        count = pdfium.count_segments(item)
        self.segments += max(count, 0)
        if not (mode.value or stroked.value) or count < 2 or self.segments > self.settings.segments_max:
            return
        colour, alpha = self._colour(item, bool(stroked.value))
        white = colour is not None and min(colour) >= _WHITE
        if alpha < LIGHT_ALPHA:
            return
        box = self._bounds(item, outer)
        if box is None or not _finite(box):
            return
        target = self.drawings.white_lines if white else self.drawings.lines
        thin = self.settings.line_width_max
        if min(box.width, box.height) <= thin and not (
            stroked.value and count > 2 and max(box.width, box.height) > thin and self._wide_stroke(item)
        ):
            if max(box.width, box.height) > thin or count == 2:
                target.append(_middle(box))
            elif not white:
                self.drawings.dots.append(box)
            return
        if stroked.value:
            self._edges(item, outer, count, target)
        if mode.value:
            self._filled(item, outer, count, box, stroked=bool(stroked.value), target=target)

    def _wide_stroke(self, item: int) -> bool:
        pdfium.stroke_width(item, self._refs[0])
        return bool(self._floats[0].value > 4 * self.settings.line_width_max)

    def _filled(self, item: int, outer: Matrix, count: int, box: Bbox, *, stroked: bool, target: list[Ruling]) -> None:
        colour, alpha = self._colour(item, False)
        if count <= 6:
            opaque = alpha >= 250 and not pdfium.object_transparent(item)
            self._box(Fill(box, self.order, colour, opaque), stroked)
            return
        self.drawings.grounds.append(Fill(box, self.order, None, False))
        # one path of many thin boxes: a whole grid painted at once
        for part in self._parts(item, outer, count):
            if min(part.width, part.height) <= self.settings.line_width_max < max(part.width, part.height):
                if not stroked:
                    target.append(_middle(part))
            elif part.width > 0 and part.height > 0:
                self._box(Fill(part, self.order, colour, False), stroked)

    def _box(self, fill: Fill, stroked: bool) -> None:
        """A filled box; a dark and long one may be a thick rule, which is told when all is seen."""
        thin, long = sorted((fill.bbox.width, fill.bbox.height))
        dark = fill.colour is not None and max(fill.colour) <= _DARK
        bar = dark and not stroked and thin <= self.settings.dark_line_width_max and long >= _BAR * thin
        (self.drawings.bars if bar else self.drawings.fills).append(fill)

    def _points(self, item: int, outer: Matrix, count: int) -> list[tuple[int, float, float, bool]]:
        matrix = self._matrix_of(item).then(outer)
        x, y = self._floats[0], self._floats[1]
        points = []
        for index in range(count):
            segment = pdfium.segment_at(item, index)
            pdfium.segment_point(segment, self._refs[0], self._refs[1])
            px, py = self.frame.point(*matrix.point(x.value, y.value))
            points.append((pdfium.segment_type(segment), px, py, bool(pdfium.segment_close(segment))))
        return points

    def _edges(self, item: int, outer: Matrix, count: int, target: list[Ruling]) -> None:
        sides: list[Ruling] = []
        points = self._points(item, outer, count)
        last = start = (0.0, 0.0)
        for kind, x, y, close in points:
            if kind == pdfium.MOVE:
                start = (x, y)
            elif kind == pdfium.LINE:
                _straight(last, (x, y), sides)
            last = (x, y)
            if close:
                _straight(last, start, sides)
                last = start
        if len(sides) == 4 and any(kind == pdfium.CURVE for kind, *_ in points):
            sides = _with_corners(sides)
        target += sides

    def _parts(self, item: int, outer: Matrix, count: int) -> list[Bbox]:
        """Boxes of a path's closed parts, where these are upright rectangles."""
        parts: list[Bbox] = []
        current: list[tuple[float, float]] = []

        def close() -> None:
            if 4 <= len(current) <= 6:
                xs, ys = [p[0] for p in current], [p[1] for p in current]
                box = Bbox(min(xs), min(ys), max(xs), max(ys))
                if all(
                    min(abs(px - box.x0), abs(px - box.x1)) < 0.3 and min(abs(py - box.y0), abs(py - box.y1)) < 0.3 for px, py in current
                ):
                    parts.append(box)

        for kind, x, y, _ in self._points(item, outer, count):
            if kind == pdfium.MOVE:
                close()
                current = []
            if kind != pdfium.CURVE:
                current.append((x, y))
            else:
                current.extend([(x, y)] * 7)
        close()
        return parts


def _finite(box: Bbox) -> bool:
    return all(-1e6 < value < 1e6 for value in box)


def _middle(box: Bbox) -> Ruling:
    """The centre line of a thin box."""
    if box.width >= box.height:
        y = (box.y0 + box.y1) / 2
        return Ruling(box.x0, y, box.x1, y)
    x = (box.x0 + box.x1) / 2
    return Ruling(x, box.y0, x, box.y1)


def _with_corners(sides: list[Ruling]) -> list[Ruling]:
    """The four sides of a box with rounded corners, drawn out to the corners; other sides as they are."""
    across, down = [r for r in sides if not r.vertical], [r for r in sides if r.vertical]
    if len(across) != 2 or len(down) != 2:
        return sides
    x0, x1 = sorted(r.x0 for r in down)
    y0, y1 = sorted(r.y0 for r in across)
    short = max(*(r.x0 - x0 + x1 - r.x1 for r in across), *(r.y0 - y0 + y1 - r.y1 for r in down))
    if short > 2 * _CORNER:
        return sides
    return [Ruling(x0, r.y0, x1, r.y0) for r in across] + [Ruling(r.x0, y0, r.x0, y1) for r in down]


def _straight(one: tuple[float, float], two: tuple[float, float], target: list[Ruling]) -> None:
    """Add a segment that is axis-parallel within a hair."""
    wide, high = abs(one[0] - two[0]), abs(one[1] - two[1])
    if max(wide, high) < 0.5 or min(wide, high) > max(0.6, 0.004 * max(wide, high)):
        return
    target.append(_middle(Bbox(min(one[0], two[0]), min(one[1], two[1]), max(one[0], two[0]), max(one[1], two[1]))))
