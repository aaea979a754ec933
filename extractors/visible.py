"""What a reader of the page sees of its text: not what is painted over, clipped away, tiny, or of the colour of its own ground."""

from __future__ import annotations

import ctypes
from collections.abc import Iterable, Iterator
from itertools import groupby

from extractors import pdfium
from extractors.glyphs import Run
from extractors.pdfium import Frame
from extractors.settings import Settings
from extractors.types import Bbox
from extractors.vectors import LIGHT_ALPHA, WHITE, Colour, Drawings, Fill

SCAN_SHARE = 0.5  # an image over this share of the page may be a scan
_STEP = 20.0  # height of the bands in which painted boxes are looked up
_LETTER_SHARE = 0.5  # a letter is seen where at least this share of it lies within the clip
_ALIKE = 10  # colours whose parts differ by no more cannot be told apart
_STROKED_MODES = (1, 2, 5, 6)

Runs = dict[int, list[Run]]


def seen(runs: Runs, drawings: Drawings, bounds: tuple[float, float, float, float], settings: Settings) -> Runs:
    """The runs of text that the page shows; of a run that it shows in part, that part, with `whole` set."""
    eye = _Eye(drawings, settings)
    kept: Runs = {}
    for direction, found in runs.items():
        own = Frame(bounds, direction)
        kept[direction] = [part for run in found for part in eye.parts(run, own)]
    return kept


class _Eye:
    def __init__(self, drawings: Drawings, settings: Settings) -> None:
        self._drawings, self._settings = drawings, settings
        # some scanners write their text visibly and paint the page image over it
        images = [Fill(p.bbox, p.order, None, image_share([p.bbox], drawings.frame) >= SCAN_SHARE) for p in drawings.images]
        self._painted = [fill for fill in drawings.fills if fill.bbox.width > 4 and fill.bbox.height > 4] + drawings.grounds + images
        self._last_cover = max((fill.order for fill in self._painted if fill.opaque), default=0)
        self._bands: dict[int, list[Fill]] = {}
        self._doubtful: dict[Colour, bool] = {}
        self._ground_colours = {WHITE, *(fill.colour for fill in self._painted if fill.colour)}
        self._ints = [ctypes.c_uint() for _ in range(4)]
        self._int_refs = [ctypes.byref(value) for value in self._ints]
        for fill in self._painted:
            top, bottom = max(fill.bbox.y0, 0.0), min(fill.bbox.y1, drawings.frame.height)
            for step in range(int(top // _STEP), int(bottom // _STEP) + 1):
                self._bands.setdefault(step, []).append(fill)

    def parts(self, run: Run, own: Frame) -> Iterator[Run]:
        """The parts of a run that are seen: itself, nothing, or what a clip leaves of it."""
        if run.size < self._settings.size_min or self._hidden(run, own):
            return
        clips = self._drawings.clips
        inside = run.starts[0] >= 0 and run.ends[-1] <= own.width and 0.5 * run.size <= run.base <= own.height
        if inside and not (clips and any(owner in clips for owner in run.owners)):
            yield run
            return
        shown = [self._shows(run, at, own) for at in range(len(run.letters))]
        if all(shown):
            yield run
            return
        whole = "".join(run.letters)
        for visible, places in groupby(range(len(shown)), key=shown.__getitem__):
            if visible:
                at = list(places)
                part = run.part(at[0], at[-1] + 1)
                part.whole = whole
                yield part

    def _shows(self, run: Run, at: int, own: Frame) -> bool:
        """Whether the clip and the page's edges leave most of a letter; its body stands for its height."""
        frame = self._drawings.frame
        box = self._drawings.clips.get(run.owners[at], Bbox(0.0, 0.0, frame.width, frame.height))
        if own.rotation != frame.rotation:
            box = own.from_frame(frame, box)
        start, end, top = run.starts[at], run.ends[at], run.base - 0.5 * run.size
        along = min(end, box.x1, own.width) - max(start, box.x0, 0.0)
        across = min(run.base, box.y1, own.height) - max(top, box.y0, 0.0)
        return along >= _LETTER_SHARE * (end - start) and across >= _LETTER_SHARE * (run.base - top)

    def _hidden(self, run: Run, own: Frame) -> bool:
        """Whether a run lies under something painted later, or cannot be told from what was painted before it."""
        order = self._drawings.painted.get(run.owners[0])
        if order is None:
            return False
        colour, alpha = self._ink(run.owners[0])
        if alpha < LIGHT_ALPHA:
            return True
        covered, pale = order < self._last_cover, colour is not None and self._like_a_ground(colour)
        if not (covered or pale):
            return False
        box = Bbox(run.starts[0], run.base - 0.5 * run.size, run.ends[-1], run.base)
        if own.rotation != self._drawings.frame.rotation:
            box = self._drawings.frame.from_frame(own, box)
        around = self._bands.get(int(box.y0 // _STEP), ())
        if covered and any(fill.opaque and fill.order > order and _covers(fill.bbox, box) for fill in around):
            return True
        return colour is not None and pale and not _stands_out(colour, box, [fill for fill in around if fill.order < order])

    def _ink(self, owner: int) -> tuple[Colour | None, int]:
        """The colour that letters are filled with and its alpha; no colour for letters drawn by their outline, or with a pattern."""
        if not pdfium.fill_colour(owner, *self._int_refs):
            return None, 255
        red, green, blue, alpha = (value.value for value in self._ints)
        colour = (red, green, blue)
        if (alpha < LIGHT_ALPHA or self._like_a_ground(colour)) and pdfium.text_mode(owner) in _STROKED_MODES:
            return None, 255
        return colour, alpha

    def _like_a_ground(self, colour: Colour) -> bool:
        known = self._doubtful.get(colour)
        if known is None:
            known = self._doubtful[colour] = any(_alike(colour, ground) for ground in self._ground_colours)
        return known


def _stands_out(colour: Colour, box: Bbox, painted: list[Fill]) -> bool:
    """Whether text of this colour can be told from its ground: the paper, with what was `painted` there before it."""
    for fill in sorted(painted, key=lambda each: -each.order):
        if _apart(fill.bbox, box):
            continue
        if fill.colour is None or not _alike(colour, fill.colour):
            return True
        if fill.opaque and _covers(fill.bbox, box):
            return False
    return not _alike(colour, WHITE)


def image_share(images: Iterable[Bbox], frame: Frame) -> float:
    """The share of the page that its images cover; some scanners cut a page into strips."""
    area = 0.0
    for box in set(images):
        wide = min(box.x1, frame.width) - max(box.x0, 0.0)
        high = min(box.y1, frame.height) - max(box.y0, 0.0)
        area += max(wide, 0.0) * max(high, 0.0)
    return min(area / (frame.width * frame.height), 1.0)


def _alike(one: Colour, two: Colour) -> bool:
    return all(abs(a - b) <= _ALIKE for a, b in zip(one, two, strict=True))


def _covers(cover: Bbox, box: Bbox) -> bool:
    return cover.x0 <= box.x0 + 1 and cover.x1 >= box.x1 - 1 and cover.y0 <= box.y0 and cover.y1 >= box.y1


def _apart(one: Bbox, two: Bbox) -> bool:
    return one.x1 <= two.x0 + 1 or two.x1 <= one.x0 + 1 or one.y1 <= two.y0 + 1 or two.y1 <= one.y0 + 1
