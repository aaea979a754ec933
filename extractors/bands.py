"""Coloured bands: cells painted on every other row, or on some, with the rows between them on bare paper."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from extractors.types import Bbox, Word

_SAME = 1.5
_STRUCK = 0.34  # of the edges inside a row, that names may run over
_MEMBERS = 3  # coloured cells side by side that make a band


def bridged(boxes: Sequence[Bbox], words: Sequence[Word]) -> list[Bbox]:
    """The cells of bare rows between (and right over or below) bands of coloured cells, in the columns of the bands of their table.

    Only where the words between stand in those columns, but for a name that runs over an edge or two: a paragraph between two tables
    runs over most of them.
    """
    tops, bottoms = ([band for band in _bands(boxes, side) if len(band) >= _MEMBERS] for side in (1, 3))
    ends = _bands(boxes, 3)
    found: list[Bbox] = []
    for band in tops:
        if any(_alike(other, band) and other[0].y1 < band[0].y0 - _SAME for other in ends):
            finest = max((other for other in tops if _holds_edges(other, band)), key=len)
            found += _row(finest, max(box.y1 for box in boxes if _over(box, band)), band[0].y0, words)
    if found:
        first, last = min(tops, key=lambda band: band[0].y0), max(bottoms, key=lambda band: band[0].y1)
        if not any(_over(box, first) for box in boxes):
            found += _row(first, _head(first, words), first[0].y0, words)
        found += _row(last, last[0].y1, _tail(last, words), words)
    return found


def _bands(boxes: Sequence[Bbox], side: int) -> list[list[Bbox]]:
    """Boxes with the same upper (1) or lower (3) edge, from left to right."""
    bands: list[list[Bbox]] = []
    for box in sorted(boxes, key=lambda each: each[side]):
        if bands and box[side] - bands[-1][0][side] <= _SAME:
            bands[-1].append(box)
        else:
            bands.append([box])
    return [sorted(band) for band in bands]


def _alike(one: Sequence[Bbox], two: Sequence[Bbox]) -> bool:
    return abs(one[0].x0 - two[0].x0) <= _SAME and abs(one[-1].x1 - two[-1].x1) <= _SAME


def _over(box: Bbox, band: Sequence[Bbox]) -> bool:
    """Whether a coloured box stands over a band, within its sides."""
    return box.y1 < band[0].y0 - _SAME and band[0].x0 - _SAME <= box.x0 and box.x1 <= band[-1].x1 + _SAME


def _holds_edges(finer: Sequence[Bbox], band: Sequence[Bbox]) -> bool:
    """Whether one band is of the table of another: of the same sides, with all its edges (a name set over columns paints over theirs)."""
    return _alike(finer, band) and all(any(abs(box.x1 - other.x1) <= _SAME for other in finer) for box in band)


def _row(band: Sequence[Bbox], top: float, bottom: float, words: Sequence[Word]) -> list[Bbox]:
    edges = _edges(band)
    inside = [w for w in words if top <= w.bbox.centre[1] <= bottom and edges[0] <= w.bbox.centre[0] <= edges[-1]]
    struck = {edge for word in inside for edge in edges if _on(word, edge)}
    if bottom - top <= _SAME or not inside or len(struck) > _STRUCK * (len(edges) - 2):
        return []
    return [Bbox(left, top, right, bottom) for left, right in pairwise(edge for edge in edges if edge not in struck)]


def _head(band: Sequence[Bbox], words: Sequence[Word]) -> float:
    """Where the lines begin that stand over the first band without a gap: the page before may end with a painted row."""
    mirrored = [replace(word, bbox=_mirror(word.bbox)) for word in words]
    return -_tail([_mirror(box) for box in band], mirrored)


def _mirror(box: Bbox) -> Bbox:
    return Bbox(box.x0, -box.y1, box.x1, -box.y0)


def _tail(band: Sequence[Bbox], words: Sequence[Word]) -> float:
    """Where the lines end that follow under the last band without a gap."""
    edges = _edges(band)
    end = band[0].y1
    for word in sorted(words, key=lambda each: each.bbox.y0):
        if word.bbox.centre[1] > band[0].y1 and edges[0] <= word.bbox.centre[0] <= edges[-1]:
            if word.bbox.y0 - end > 0.8 * word.size or any(_on(word, edge) for edge in edges):
                break
            end = max(end, word.bbox.y1 + 1)
    return end


def _edges(band: Sequence[Bbox]) -> list[float]:
    return [band[0].x0, *((a.x1 + b.x0) / 2 for a, b in pairwise(band)), band[-1].x1]


def _on(word: Word, edge: float) -> bool:
    return word.bbox.x0 + 1 < edge < word.bbox.x1 - 1
