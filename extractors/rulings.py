"""Rulings out of drawn lines: clipped to the page, snapped together, joined over small gaps."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence

from extractors.settings import Settings
from extractors.types import Bbox, Ruling
from extractors.vectors import Fill

_SEEN = 8.0
_SEEN_SHARE = 0.1
_TOUCH = 0.6  # boxes no further apart touch


def tidy(lines: Iterable[Ruling], width: float, height: float, settings: Settings) -> list[Ruling]:
    """Each visible line once: near-coincident ones merged, pieces and dashes joined, specks dropped."""
    across: list[tuple[float, float, float]] = []
    down: list[tuple[float, float, float]] = []
    for line in lines:
        if line.vertical:
            start, end = max(line.y0, 0.0), min(line.y1, height)
            if -2 <= line.x0 <= width + 2 and end > start:
                down.append((line.x0, start, end))
        else:
            start, end = max(line.x0, 0.0), min(line.x1, width)
            if -2 <= line.y0 <= height + 2 and end > start:
                across.append((line.y0, start, end))
    horizontal = [Ruling(a, y, b, y) for y, a, b in _merge(across, settings)]
    vertical = [Ruling(x, a, x, b) for x, a, b in _merge(down, settings)]
    return horizontal + vertical


def _merge(pieces: list[tuple[float, float, float]], settings: Settings) -> list[tuple[float, float, float]]:
    pieces.sort()
    merged: list[tuple[float, float, float]] = []
    group: list[tuple[float, float, float]] = []
    for piece in pieces:
        if group and piece[0] - group[0][0] > settings.snap:
            merged.extend(_join(group, settings))
            group = []
        group.append(piece)
    merged.extend(_join(group, settings))
    return merged


def _join(group: list[tuple[float, float, float]], settings: Settings) -> list[tuple[float, float, float]]:
    if not group:
        return []
    weight = sum(end - start for _, start, end in group)
    place = sum(at * (end - start) for at, start, end in group) / weight
    spans: list[list[float]] = []
    for _, start, end in sorted(group, key=lambda item: item[1]):
        if spans and start - spans[-1][1] <= settings.join:
            spans[-1][1] = max(spans[-1][1], end)
        else:
            spans.append([start, end])
    return [(place, start, end) for start, end in spans if end - start >= settings.ruling_min]


def dotted(dots: Iterable[Bbox], settings: Settings) -> list[Ruling]:
    """The lines that specks in a row form, across or down: some programs paint every dot of a dotted border by itself."""
    places = {dot.centre for dot in dots}
    rulings: list[Ruling] = []
    for axis in (0, 1):
        lines: dict[int, list[float]] = {}
        for place in places:
            lines.setdefault(round(2 * place[1 - axis]), []).append(place[axis])
        for line, along in lines.items():
            for first, last in _rows_of_dots(sorted(along), settings.join):
                ends = (first, line / 2, last, line / 2) if axis == 0 else (line / 2, first, line / 2, last)
                rulings.append(Ruling(*ends))
    return rulings


def _rows_of_dots(along: Sequence[float], gap: float) -> list[tuple[float, float]]:
    """First and last of each run of at least five dots no further apart than `gap`."""
    runs: list[list[float]] = []
    for place in along:
        if runs and place - runs[-1][-1] <= gap:
            runs[-1].append(place)
        else:
            runs.append([place])
    return [(run[0], run[-1]) for run in runs if len(run) >= 5]


def on_colour(lines: Iterable[Ruling], fills: Sequence[Fill]) -> list[Ruling]:
    """Those white lines that separate coloured fields, on some part of their way; on white paper alone they are invisible."""
    coloured = [fill.bbox for fill in fills if not fill.white]
    return [line for line in lines if _runs_over(line, coloured)]


def _runs_over(line: Ruling, boxes: Sequence[Bbox]) -> bool:
    """Whether the boxes lie under a good part of a line."""
    wanted = min(_SEEN, _SEEN_SHARE * max(line.x1 - line.x0, line.y1 - line.y0))
    for box in boxes:
        if line.vertical and box.x0 - 1 <= line.x0 <= box.x1 + 1:
            wanted -= max(0.0, min(line.y1, box.y1) - max(line.y0, box.y0))
        elif not line.vertical and box.y0 - 1 <= line.y0 <= box.y1 + 1:
            wanted -= max(0.0, min(line.x1, box.x1) - max(line.x0, box.x0))
        if wanted <= 0:
            return True
    return False


def box_edges(boxes: Iterable[Bbox], smallest: float) -> list[Ruling]:
    """The four edges of each box that is large enough to be a cell."""
    edges: list[Ruling] = []
    for box in boxes:
        if box.width >= smallest and box.height >= smallest:
            edges += [
                Ruling(box.x0, box.y0, box.x1, box.y0),
                Ruling(box.x0, box.y1, box.x1, box.y1),
                Ruling(box.x0, box.y0, box.x0, box.y1),
                Ruling(box.x1, box.y0, box.x1, box.y1),
            ]
    return edges


def stacked(boxes: Iterable[Bbox]) -> list[Bbox]:
    """Boxes of one width that touch from top to bottom, as one: word processors paint a cell's ground line by line.

    Where three boxes or more side by side end at one height, and none goes on over it, a row ends.
    """
    result: list[Bbox] = []
    last: dict[tuple[int, int], int] = {}
    every = sorted(set(boxes), key=lambda b: (b.y0, b.x0))
    tops, bottoms = [box.y0 for box in every], sorted(box.y1 for box in every)

    def row_ends(y: float) -> bool:
        begun, beginning = bisect_left(tops, y - _TOUCH), bisect_right(tops, y + _TOUCH)
        ended, ending = bisect_left(bottoms, y - _TOUCH), bisect_right(bottoms, y + _TOUCH)
        return ending - ended >= 3 and beginning - begun >= 3 and begun == ending

    for box in every:
        key = (round(box.x0), round(box.x1))
        at = last.get(key)
        if at is not None and -_TOUCH < box.y0 - result[at].y1 < _TOUCH and not row_ends(box.y0):
            result[at] = result[at].union(box)
        else:
            last[key] = len(result)
            result.append(box)
    return result
