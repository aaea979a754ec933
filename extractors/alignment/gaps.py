"""Rows told by the white between them: cells have a margin, so that two rows stand further apart than two lines of one cell."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from extractors.alignment.text import Line

_VALLEY_EM = 0.05  # no white strip is as high as this more than one between wrapped lines, and less than one between rows
_JITTER = 0.8  # strips of one height differ by less, in points: some programs set baselines on whole pixels
_FAR_EM = 3.0  # how far under a strip the top of a text may reach into it
_MANY = 8  # entries that it takes to believe in strips that differ by less than that, nearly one for each
_FEW = 3  # wrapped lines that it takes to know how far apart they stand

Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Gaps:
    """The places (after which baseline) of the white strips that part rows; `sure` where nothing else parts rows."""

    places: tuple[int, ...] = ()
    sure: bool = False


def wide_gaps(columns: Sequence[Sequence[Line]], heights: Sequence[float], pairs: Collection[Pair]) -> Gaps:
    """The strips that are wider than the ones between wrapped lines; none where strips are alike or contradict the entries.

    `pairs` are baselines of two entries of one column, each of a row of its own. The strips are sure to tell all rows where most of
    them have one height: the margin of the cells.
    """
    size = median(line.size for column in columns for line in column)
    strips = _strips(columns, heights)
    best, least = max(((_merit(strips, low, pairs), low) for low in _valleys(strips, _wrapped(columns, size), size)), default=(0.0, 0.0))
    wide = tuple(place for place, strip in enumerate(strips) if strip >= least)
    parted = _parted(wide, pairs)
    narrow = least - max((strip for strip in strips if strip < least), default=least) < _JITTER
    if best <= 0 or parted < (0.95 if narrow else 0.7) * len(pairs) or (narrow and not _MANY <= len(pairs) >= 0.75 * len(wide)):
        return Gaps()
    usual = sum(1 for place in wide if strips[place] < least + _JITTER)
    return Gaps(wide, not narrow and parted >= 0.85 * len(pairs) and len(wide) >= 2 and 2 * usual >= len(wide))


def _merit(strips: Sequence[float], least: float, pairs: Collection[Pair]) -> float:
    """How well strips of the `least` height part the entries with few rows: lines of one cell may stand at two distances by rounding."""
    wide = tuple(place for place, strip in enumerate(strips) if strip >= least)
    return _parted(wide, pairs) / max(1, len(pairs)) - 0.3 * len(wide) / len(strips)


def _parted(places: Collection[int], pairs: Collection[Pair]) -> int:
    return sum(1 for top, bottom in pairs if any(top <= place < bottom for place in places))


def _wrapped(columns: Sequence[Sequence[Line]], size: float) -> float | None:
    """The height of the strip between two lines of one cell: the least that several neighbours in a column have in common."""
    steps = sorted(b.bbox.y0 - a.bbox.y1 for column in columns for a, b in pairwise(column) if b.y - a.y < 2.2 * size)
    steps = [step for step in steps if step > -0.4 * size]
    return next((low for low, other in zip(steps, steps[_FEW - 1 :], strict=False) if other - low <= _VALLEY_EM * size), None)


def _strips(columns: Sequence[Sequence[Line]], heights: Sequence[float]) -> list[float]:
    """How much white there is between the texts over and under the middle of two baselines, across all columns; less than 0 where
    they overlap."""
    lines = sorted((line for column in columns for line in column), key=lambda line: line.y)
    levels, largest = [line.y for line in lines], max(line.size for line in lines)
    strips: list[float] = []
    bottom, rest = float("-inf"), 0
    for above, below in pairwise(heights):
        cut = (above + below) / 2
        while rest < len(lines) and lines[rest].y < cut:
            bottom = max(bottom, lines[rest].bbox.y1)
            rest += 1
        following = lines[rest + 1 : bisect_left(levels, cut + _FAR_EM * largest)]
        near = [line.bbox.y0 for line in following if line.y < cut + _FAR_EM * line.size]
        strips.append(min([lines[rest].bbox.y0, *near]) - bottom)
    return strips


def _valleys(strips: Sequence[float], wrapped: float | None, size: float) -> list[float]:
    """The heights from which on a strip may part rows: each is the next after a range of heights, over `wrapped`, that no strip has."""
    if wrapped is None:
        return []
    above = sorted(strip for strip in strips if strip > wrapped - _VALLEY_EM * size)
    empty = [(high - low, high) for low, high in pairwise([wrapped, *above]) if high - low > _VALLEY_EM * size]
    widest = max(empty, default=(0.0, 0.0))[0]
    return [high for width, high in empty if width >= min(0.5 * widest, _JITTER)]
