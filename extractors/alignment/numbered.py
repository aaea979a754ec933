"""The row that numbers the columns, and the edges that it tells: a column number stands in the middle of its column."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import pairwise

from extractors.alignment.gutters import Gutter
from extractors.alignment.text import TOUCH, Line, column_number, phrases_of
from extractors.types import Bbox

_STEP = 0.25  # points between two tries
_AROUND = 12.0  # how far over the first text the first edge is looked for
_STRUCK = 0.02  # the share of words that may stand on an edge


def number_row(lines: Sequence[Line]) -> tuple[int, list[Line]] | None:
    """The line that numbers the columns (`1 2 3 4`, `(1) (2)`, `8=(7/6)`): its place and its numbers, or None."""
    for position, line in enumerate(lines):
        if len(line.words) < 3 or column_number(line.words[0].text) is None:
            continue
        pieces = phrases_of(line, 0.7)
        values = [column_number(piece.text) for piece in pieces]
        known = [value for value in values if value is not None]
        if len(known) < 3 or len(known) < 0.85 * len(values) or known[0] > 3:
            continue
        steps = sum(1 for a, b in pairwise(known) if b == a + 1)
        if steps >= 0.7 * (len(known) - 1):
            return position, pieces
    return None


def edges_by_numbers(
    lines: Sequence[Line], titles: Sequence[Bbox], numbers: Sequence[Line], white: Sequence[Gutter], x0: float, x1: float
) -> list[float]:
    """Edges between `x0` and `x1` with each of the `numbers` in the middle of two, and (nearly) no word of the `lines` on any of them.

    Each edge mirrors the one before at its column's number, so that the first tells all. A gutter beyond the numbered columns, or between
    two titles under one number, parts columns too. Empty where no edges are so.
    """
    values = [column_number(number.text) for number in numbers]
    if any(two is not None and one is not None and two > one + 1 for one, two in pairwise(values)):
        return []
    middles = [number.bbox.centre[0] for number in numbers]
    words = sorted((word.bbox.x0 + TOUCH, word.bbox.x1 - TOUCH) for line in lines for word in line.words)
    words = [word for word in words if word[0] < word[1]]
    best: tuple[float, float, list[float]] | None = None
    first = min(x0, middles[0]) - _AROUND
    while first < middles[0]:
        edges = _mirrored(first, middles)
        if edges and edges[-1] <= x1 + _AROUND:
            struck, room = _struck(edges, words)
            best = min(each for each in (best, (struck, -room, edges)) if each is not None)
        first += _STEP
    if best is None or best[0] > _STRUCK * len(words):
        return []
    edges = best[2]
    extra = [(a + b) / 2 for a, b in white if b <= edges[0] or a >= edges[-1] or _parts_titles((a, b), edges, titles)]
    inner = sorted([edge for edge in edges if x0 + 3 < edge < x1 - 3] + extra)
    return [min(x0, edges[0]), *inner, max(x1, edges[-1])]


def _mirrored(first: float, middles: Sequence[float]) -> list[float]:
    """All edges after the `first`; empty where one stands beyond the number of the next column."""
    edges = [first]
    for middle, following in pairwise([*middles, float("inf")]):
        edges.append(2 * middle - edges[-1])
        if not middle < edges[-1] < following:
            return []
    return edges


def _struck(edges: Sequence[float], words: Sequence[tuple[float, float]]) -> tuple[int, float]:
    """How many words stand on the edges, and the least distance of an edge from a word."""
    starts, ends = [word[0] for word in words], sorted(word[1] for word in words)
    struck, room = 0, float("inf")
    for edge in edges:
        begun, done = bisect_left(starts, edge), bisect_right(ends, edge)
        struck += begun - done
        before, after = ends[done - 1] if done else float("-inf"), starts[begun] if begun < len(starts) else float("inf")
        room = min(room, edge - before, after - edge)
    return struck, max(room, 0.0)


def _parts_titles(gutter: Gutter, edges: Sequence[float], titles: Sequence[Bbox]) -> bool:
    """Whether the column in which `gutter` lies has a title on each side of it."""
    at = bisect_right(edges, (gutter[0] + gutter[1]) / 2)
    if not 0 < at < len(edges) or gutter[0] <= edges[at - 1] or edges[at] <= gutter[1]:
        return False
    left = any(edges[at - 1] <= title.x0 and title.x1 <= gutter[1] for title in titles)
    return left and any(gutter[0] <= title.x0 and title.x1 <= edges[at] for title in titles)
