"""What a reader of the page sees of its text: not what is painted over, clipped away, tiny, or of the colour of its own ground."""

from __future__ import annotations

import ctypes
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import NamedTuple

from extractors import pdfium
from extractors.glyphs import UNREADABLE, Extent, Run, parted_by_clips
from extractors.pdfium import Frame
from extractors.settings import Settings
from extractors.types import Bbox
from extractors.vectors import LIGHT_ALPHA, WHITE, Colour, Drawings, Fill

SCAN_SHARE = 0.5  # an image over this share of the page may be a scan
_STEP = 20.0  # height of the bands in which painted boxes are looked up
_HALF_LETTER = 0.5  # a letter is seen where at least this share of it lies within the clip
_WHOLE_LETTER = 0.75  # and is not cut where this share does: boxes of letters hold some white
_ALIKE = 10  # colours whose parts differ by no more cannot be told apart
_STROKED_MODES = (1, 2, 5, 6)

Runs = dict[int, list[Run]]


class _Look(NamedTuple):
    """What is the same for all letters of a text object: its place in the painting order, whether its ink may fade, and be cut."""

    order: int | None
    ink: tuple[int, ...]
    may_fade: bool
    may_be_cut: bool


def seen(runs: Runs, drawings: Drawings, bounds: tuple[float, float, float, float], settings: Settings) -> Runs:
    """The runs of text that the page shows; of a run that it shows in part, that part, with `whole` set."""
    eye = _Eye(drawings, settings)
    kept: Runs = {}
    for direction, found in runs.items():
        own = Frame(bounds, direction)
        visible = kept[direction] = []
        for run in found:
            if run.size < settings.size_min or eye.hides(run, own):
                continue
            if eye.leaves_whole(run, own):
                visible.append(run)
            else:
                visible.extend(eye.parts(run, own))
    return kept


class _Eye:
    def __init__(self, drawings: Drawings, settings: Settings) -> None:
        self._frame, self._clips, self._order = drawings.frame, drawings.clips, drawings.painted
        self._looks: dict[int, _Look] = {}
        self._known_clips: dict[int, Bbox | None] = {}
        # some scanners write their text visibly and paint the page image over it
        images = [Fill(p.bbox, p.order, None, image_share([p.bbox], drawings.frame) >= SCAN_SHARE) for p in drawings.images]
        painted = [fill for fill in drawings.fills if fill.bbox.width > 4 and fill.bbox.height > 4] + drawings.grounds + images
        self._last_cover = max((fill.order for fill in painted if fill.opaque), default=0)
        self._ground_colours = {WHITE, *(fill.colour for fill in painted if fill.colour)}
        self._doubtful: dict[tuple[int, ...], bool] = {}
        self._ink = (ctypes.c_uint * 4)()
        self._ink_refs = [ctypes.byref(self._ink, 4 * at) for at in range(4)]
        self._bands: dict[int, list[Fill]] = {}
        for fill in painted:
            top, bottom = max(fill.bbox.y0, 0.0), min(fill.bbox.y1, drawings.frame.height)
            for step in range(int(top // _STEP), int(bottom // _STEP) + 1):
                self._bands.setdefault(step, []).append(fill)

    def leaves_whole(self, run: Run, own: Frame) -> bool:
        """Whether a run lies within the page and its clip; its first and last letter stand for those between them."""
        start, end, top, base = run.starts[0], run.ends[-1], run.base - 0.5 * run.size, run.base
        if start < 0 or end > own.width or top < 0 or base > own.height:
            return False
        first, last = run.owners[0], run.owners[-1]
        if not self._look(first).may_be_cut and (first == last or not self._look(last).may_be_cut):
            return True
        box = self._clip_of(first, own)
        if first != last and self._clip_of(last, own) != box:
            return False
        if box is None:
            return True
        run.clip = box.x0, box.x1
        return box.x0 <= start and end <= box.x1 and box.y0 <= top and base <= box.y1

    def parts(self, run: Run, own: Frame) -> Iterator[Run]:
        """What the clips and the page's edges leave of a run; letters under different clips are no one word."""
        boxes = [self._clip_of(owner, own) for owner in run.owners]
        extents = [(box.x0, box.x1) if box is not None else None for box in boxes]
        places = [(start + end) / 2 for start, end in zip(run.starts, run.ends, strict=True)]
        first, clip = 0, extents[0]
        for at in range(1, len(extents)):
            if parted_by_clips(clip, places[at - 1], extents[at], places[at]):
                yield from self._left_of(run.part(first, at), clip, own)
                first, clip = at, extents[at]
            clip = clip or extents[at]
        yield from self._left_of(run.part(first, len(extents)), clip, own)

    def _clip_of(self, owner: int, own: Frame) -> Bbox | None:
        """What the clip of a text object leaves open, in the frame of a reading direction."""
        box = self._known_clips[owner] if owner in self._known_clips else self._known_clips.setdefault(owner, self._clips.of(owner))
        if box is not None and own.rotation != self._frame.rotation:
            return own.from_frame(self._frame, box)
        return box

    def _left_of(self, run: Run, clip: Extent | None, own: Frame) -> Iterator[Run]:
        run.clip = clip
        shares = [self._share(run, at, own) for at in range(len(run.letters))]
        if min(shares) >= _WHOLE_LETTER:
            yield run
            return
        whole = "".join(run.letters)
        if min(shares) >= _HALF_LETTER:  # some programs leave out the letters beyond the clip
            whole = UNREADABLE + whole if shares[0] < _WHOLE_LETTER else whole + UNREADABLE
        for visible, places in groupby(range(len(shares)), key=lambda at: shares[at] >= _HALF_LETTER):
            if visible:
                at = list(places)
                part = run.part(at[0], at[-1] + 1)
                part.whole = whole
                yield part

    def _share(self, run: Run, at: int, own: Frame) -> float:
        """How much of a letter the clip and the page's edges leave; its body stands for its height."""
        box = self._clip_of(run.owners[at], own) or Bbox(0.0, 0.0, own.width, own.height)
        start, end, top = run.starts[at], run.ends[at], run.base - 0.5 * run.size
        along = min(end, box.x1, own.width) - max(start, box.x0, 0.0)
        across = min(run.base, box.y1, own.height) - max(top, box.y0, 0.0)
        return max(0.0, min(along / (end - start) if end > start else 1.0, across / (run.base - top)))

    def hides(self, run: Run, own: Frame) -> bool:
        """Whether a run lies under something painted later, or cannot be told from what was painted before it."""
        order, ink, may_fade, _ = self._look(run.owners[0])
        if order is None or (order > self._last_cover and not may_fade):
            return False
        box = Bbox(run.starts[0], run.base - 0.5 * run.size, run.ends[-1], run.base)
        if own.rotation != self._frame.rotation:
            box = self._frame.from_frame(own, box)
        around = self._bands.get(int(box.y0 // _STEP), ())
        if any(fill.opaque and fill.order > order and _covers(fill.bbox, box) for fill in around):
            return True
        if not may_fade or pdfium.text_mode(run.owners[0]) in _STROKED_MODES:
            return False
        red, green, blue, alpha = ink
        return alpha < LIGHT_ALPHA or not _stands_out((red, green, blue), box, [fill for fill in around if fill.order < order])

    def _look(self, owner: int) -> _Look:
        look = self._looks.get(owner)
        if look is None:
            ink = tuple(self._ink) if pdfium.fill_colour(owner, *self._ink_refs) else ()
            fades = self._doubtful.get(ink)
            if fades is None:
                fades = self._doubtful[ink] = self._may_fade(ink)
            look = self._looks[owner] = _Look(self._order.get(owner), ink, fades, self._clips.may_cut(owner))
        return look

    def _may_fade(self, ink: tuple[int, ...]) -> bool:
        """Whether letters of this colour and alpha cannot be seen on some ground of the page; a pattern (no colour) always can."""
        return bool(ink) and (ink[3] < LIGHT_ALPHA or any(_alike(ink[:3], ground) for ground in self._ground_colours))


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


def _alike(one: tuple[int, ...], two: tuple[int, ...]) -> bool:
    return all(abs(a - b) <= _ALIKE for a, b in zip(one, two, strict=True))


def _covers(cover: Bbox, box: Bbox) -> bool:
    return cover.x0 <= box.x0 + 1 and cover.x1 >= box.x1 - 1 and cover.y0 <= box.y0 and cover.y1 >= box.y1


def _apart(one: Bbox, two: Bbox) -> bool:
    return one.x1 <= two.x0 + 1 or two.x1 <= one.x0 + 1 or one.y1 <= two.y0 + 1 or two.y1 <= one.y0 + 1
