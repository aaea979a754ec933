"""Clip paths: what they leave open of the page."""

from __future__ import annotations

import ctypes

from extractors import pdfium
from extractors.pdfium import IDENTITY, Frame, Matrix
from extractors.types import Bbox

_SEGMENTS = 400  # a clip of more points is a drawing's, not a cell's
_EDGE = 1.0
_PAGE: tuple[Matrix, Bbox | None] = (IDENTITY, None)


class Clips:
    """Looks up what the clips of text objects leave open, when asked: most objects are never asked about."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame
        self._forms: dict[int, tuple[Matrix, Bbox | None]] = {}  # text object -> the map of its form, what the form's own clip leaves
        self._boxes: dict[tuple[bytes, Matrix], Bbox | None] = {}  # by two corners of a path, and its form's map
        self._corners = (ctypes.c_float * 4)()
        self._refs = [ctypes.byref(self._corners, 4 * at) for at in range(4)]

    def note_form(self, item: int, outer: Matrix, within: Bbox | None) -> None:
        """Remember where an object of a form stands."""
        self._forms[item] = outer, within

    def may_cut(self, item: int) -> bool:
        """Whether a text object has a clip, or stands in a form, which may have one."""
        return pdfium.clip_count_paths(pdfium.clip_of(item)) > 0 or item in self._forms

    def of(self, item: int) -> Bbox | None:
        """What the clips of a text object, and of the forms around it, leave open; None where they cut nothing."""
        outer, within = self._forms.get(item, _PAGE)
        return self.left_open(item, outer, within)

    def left_open(self, item: int, outer: Matrix, within: Bbox | None) -> Bbox | None:
        """What the clip of an object leaves of `within` (None: the whole page), taken as a box.

        Of several clip paths the last is looked at: PDFium drops a rectangle that holds the next one.
        """
        clip = pdfium.clip_of(item)
        last = pdfium.clip_count_paths(clip) - 1
        if last < 0:
            return within
        x0, y0, x2, y2 = self._refs
        first, third = pdfium.clip_segment_at(clip, last, 0), pdfium.clip_segment_at(clip, last, 2)
        if not (first and third and pdfium.segment_point(first, x0, y0) and pdfium.segment_point(third, x2, y2)):
            return within
        key = bytes(self._corners), outer
        if key not in self._boxes:
            self._boxes[key] = self._box(clip, last, outer)
        box = self._boxes[key]
        return within if box is None else box if within is None else _shared(within, box)

    def _point(self, clip: int, path: int, index: int) -> tuple[float, float]:
        pdfium.segment_point(pdfium.clip_segment_at(clip, path, index), *self._refs[:2])
        return self._corners[0], self._corners[1]

    def _box(self, clip: int, path: int, outer: Matrix) -> Bbox | None:
        """The box of a clip path; None for one that leaves the page open, or is no simple shape."""
        count = pdfium.clip_count_segments(clip, path)
        if not 3 <= count <= _SEGMENTS:
            return None
        indices = (0, 1, 2) if count in (4, 5) else range(count)  # three corners of a rectangle tell it
        points = [self._frame.point(*outer.point(*self._point(clip, path, index))) for index in indices]
        xs, ys = [x for x, _ in points], [y for _, y in points]
        box = Bbox(min(xs), min(ys), max(xs), max(ys))
        wide, high = self._frame.width, self._frame.height
        whole = box.x0 <= _EDGE and box.y0 <= _EDGE and box.x1 >= wide - _EDGE and box.y1 >= high - _EDGE
        return None if whole else box


def _shared(one: Bbox, two: Bbox) -> Bbox:
    """What two boxes share; a box without extent where they lie apart."""
    x0, y0 = max(one.x0, two.x0), max(one.y0, two.y0)
    return Bbox(x0, y0, max(x0, min(one.x1, two.x1)), max(y0, min(one.y1, two.y1)))
