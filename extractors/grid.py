"""Rulings to grids: edges, walls between base cells, and the merged cells that the missing walls leave.

Works for lines from a PDF and for lines detected on a scan alike.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import NamedTuple

from extractors.settings import Settings
from extractors.types import Bbox, Ruling, Word


class Span(NamedTuple):
    """A merged cell: its top-left base cell and its extent."""

    row: int
    column: int
    rowspan: int
    colspan: int


@dataclass(frozen=True, slots=True)
class Grid:
    """Edges and merged cells of one ruled table. `closed` is the share of the frame's area that lies in cells; `odd` counts cells
    that were not rectangles and had to be cut."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    spans: tuple[Span, ...]
    closed: float
    odd: int

    @property
    def bbox(self) -> Bbox:
        return Bbox(self.xs[0], self.ys[0], self.xs[-1], self.ys[-1])

    def box(self, span: Span) -> Bbox:
        return Bbox(self.xs[span.column], self.ys[span.row], self.xs[span.column + span.colspan], self.ys[span.row + span.rowspan])


def find_grids(parts: Iterable[Sequence[Ruling]], words: Sequence[Word], settings: Settings) -> list[Grid]:
    """The grids of connected sets of rulings with at least one closed cell each, from top to bottom."""
    grids = [grid for part in parts if (grid := _grid_of(part, words, settings)) is not None]
    return sorted(grids, key=lambda grid: (grid.ys[0], grid.xs[0]))


class _Edges:
    """Positions of grid lines; each holds the extent of the near-coincident rulings that it stands for."""

    def __init__(self, places: Sequence[float], snap: float) -> None:
        self.items: list[list[float]] = []
        for place in sorted(places):
            if self.items and place - self.items[-1][1] <= snap and place - self.items[-1][0] <= 2 * snap:
                self.items[-1][1] = place
            else:
                self.items.append([place, place])

    def __len__(self) -> int:
        return len(self.items)

    @property
    def places(self) -> list[float]:
        return [(low + high) / 2 for low, high in self.items]

    def nearest(self, place: float) -> int:
        return min(range(len(self.items)), key=lambda at: max(self.items[at][0] - place, place - self.items[at][1], 0.0))

    def collapse(self, centres: Sequence[float], narrow: float) -> None:
        """Take bands narrower than `narrow`, with no word's centre in them, as one thick line."""
        at = 0
        ordered = sorted(centres)
        while at + 1 < len(self.items) and len(self.items) > 2:
            left, right = self.items[at], self.items[at + 1]
            inside = bisect_left(ordered, right[0]) - bisect_left(ordered, left[1])
            if right[0] - left[1] < narrow and right[1] - left[0] < 1.5 * narrow and inside <= 0:
                self.items[at : at + 2] = [[left[0], right[1]]]
            else:
                at += 1


def _grid_of(part: Sequence[Ruling], words: Sequence[Word], settings: Settings) -> Grid | None:
    across = [r for r in part if not r.vertical]
    down = [r for r in part if r.vertical]
    if len(across) < 1 or len(down) < 2:
        return None
    across, down = _with_missing_frame(across, down, words, settings)
    if len(across) < 2:
        return None
    frame = Bbox(min(r.x0 for r in down), min(r.y0 for r in across), max(r.x0 for r in down), max(r.y0 for r in across))
    inside = [w for w in words if frame.x0 < w.bbox.centre[0] < frame.x1 and frame.y0 < w.bbox.centre[1] < frame.y1]
    if not inside:
        return None
    size = median(w.size for w in inside)
    columns = _Edges([r.x0 for r in down], settings.snap)
    rows = _Edges([r.y0 for r in across], settings.snap)
    columns.collapse([w.bbox.centre[0] for w in inside], min(settings.sliver, 1.2 * size))
    rows.collapse([w.bbox.centre[1] for w in inside], min(settings.sliver, 0.7 * size))
    if len(columns) < 2 or len(rows) < 2:
        return None
    beside = _walls(columns, rows, [(r.x0, r.y0, r.y1) for r in down], settings.wall_share)
    below = _walls(rows, columns, [(r.y0, r.x0, r.x1) for r in across], settings.wall_share)
    _mend_frame(beside)
    _mend_frame(below)
    return _merged(columns.places, rows.places, beside, below)


def _with_missing_frame(
    across: list[Ruling], down: list[Ruling], words: Sequence[Word], settings: Settings
) -> tuple[list[Ruling], list[Ruling]]:
    """Closing edges where rules run on beyond the frame: a row cut at the page end, a table without a left or right border."""
    reach = settings.overhang
    top, bottom = min(r.y0 for r in across), max(r.y0 for r in across)
    left, right = min(r.x0 for r in down), max(r.x0 for r in down)
    across, down = list(across), list(down)

    def holds_words(box: Bbox) -> bool:
        return any(box.x0 < w.bbox.centre[0] < box.x1 and box.y0 < w.bbox.centre[1] < box.y1 for w in words)

    low = [r for r in down if r.y1 > bottom + reach]
    if len(low) >= 2:
        end = max(r.y1 for r in low)
        if holds_words(Bbox(left, bottom, right, end)):
            across.append(Ruling(min(r.x0 for r in low), end, max(r.x0 for r in low), end))
    high = [r for r in down if r.y0 < top - reach]
    if len(high) >= 2:
        start = median(r.y0 for r in high)
        if holds_words(Bbox(left, start, right, top)):
            across.append(Ruling(min(r.x0 for r in high), start, max(r.x0 for r in high), start))
    over_left = [r for r in across if r.x0 < left - reach]
    if len(over_left) >= 2:
        start = median(r.x0 for r in over_left)
        if holds_words(Bbox(start, top, left, bottom)):
            down.append(Ruling(start, min(r.y0 for r in over_left), start, max(r.y0 for r in over_left)))
    over_right = [r for r in across if r.x1 > right + reach]
    if len(over_right) >= 2:
        end = median(r.x1 for r in over_right)
        if holds_words(Bbox(right, top, end, bottom)):
            down.append(Ruling(end, min(r.y0 for r in over_right), end, max(r.y0 for r in over_right)))
    return across, down


def _walls(edges: _Edges, bands: _Edges, lines: Sequence[tuple[float, float, float]], share: float) -> list[list[bool]]:
    """`walls[e][b]`: whether edge `e` is drawn along band `b` (between the crossing edges `b` and `b + 1`).

    Rules that only stick out into the band from its two ends are none of its own.
    """
    places = bands.places
    covered = [[0.0] * (len(places) - 1) for _ in range(len(edges))]
    inner = [[False] * (len(places) - 1) for _ in range(len(edges))]
    for place, start, end in lines:
        edge = edges.nearest(place)
        row = covered[edge]
        for band in range(max(bisect_left(places, start) - 1, 0), len(places) - 1):
            low, high = places[band], places[band + 1]
            if low >= end:
                break
            row[band] += max(0.0, min(end, high) - max(start, low))
            if start < low + 0.6 * (high - low) and end > low + 0.4 * (high - low):
                inner[edge][band] = True
    return [
        [drawn and length >= share * (high - low) for drawn, length, low, high in zip(own, row, places, places[1:], strict=False)]
        for own, row in zip(inner, covered, strict=True)
    ]


def _mend_frame(walls: list[list[bool]]) -> None:
    """A frame side that is drawn for the larger part is taken as drawn."""
    for side in (walls[0], walls[-1]):
        if 2 * sum(side) >= len(side):
            side[:] = [True] * len(side)


def _merged(xs: list[float], ys: list[float], beside: list[list[bool]], below: list[list[bool]]) -> Grid | None:
    rows, columns = len(ys) - 1, len(xs) - 1
    label = [[-1] * columns for _ in range(rows)]
    regions: list[list[tuple[int, int]]] = []
    closed_area = 0.0
    for row in range(rows):
        for column in range(columns):
            if label[row][column] >= 0:
                continue
            region, leaks = _flood(row, column, len(regions), label, beside, below)
            # a row cut by the page end, or a side without a frame, leaves a cell open on that one side
            is_open = len(leaks) > 1 or (bool(leaks) and len(_rectangles(region)) > 1)
            regions.append([] if is_open else region)
            if not is_open:
                closed_area += sum((xs[c + 1] - xs[c]) * (ys[r + 1] - ys[r]) for r, c in region)
    spans: list[Span] = []
    odd = 0
    for region in regions:
        parts = _rectangles(region)
        odd += len(parts) > 1
        spans.extend(parts)
    if not spans:
        return None
    spans.sort()
    area = (xs[-1] - xs[0]) * (ys[-1] - ys[0])
    return Grid(tuple(xs), tuple(ys), tuple(spans), closed_area / area if area else 0.0, odd)


def _flood(
    row: int, column: int, name: int, label: list[list[int]], beside: list[list[bool]], below: list[list[bool]]
) -> tuple[list[tuple[int, int]], set[int]]:
    """The base cells reached without crossing a wall, and the sides (0 left, 1 right, 2 top, 3 bottom) on which the outside is reached."""
    rows, columns = len(label), len(label[0])
    label[row][column] = name
    todo, region = [(row, column)], []
    leaks: set[int] = set()
    while todo:
        r, c = todo.pop()
        region.append((r, c))
        steps = (
            (beside[c][r], r, c - 1),
            (beside[c + 1][r], r, c + 1),
            (below[r][c], r - 1, c),
            (below[r + 1][c], r + 1, c),
        )
        for side, (wall, nr, nc) in enumerate(steps):
            if wall:
                continue
            if not (0 <= nr < rows and 0 <= nc < columns):
                leaks.add(side)
            elif label[nr][nc] < 0:
                label[nr][nc] = name
                todo.append((nr, nc))
    return region, leaks


def _rectangles(region: list[tuple[int, int]]) -> list[Span]:
    """The region as one rectangle, or cut into runs of equal width."""
    if not region:
        return []
    rows, columns = [r for r, _ in region], [c for _, c in region]
    top, left = min(rows), min(columns)
    high, wide = max(rows) - top + 1, max(columns) - left + 1
    if high * wide == len(region):
        return [Span(top, left, high, wide)]
    by_row: dict[int, list[int]] = {}
    for r, c in sorted(region):
        by_row.setdefault(r, []).append(c)
    growing: dict[tuple[int, int], Span] = {}
    done: list[Span] = []
    for r in sorted(by_row):
        runs: list[list[int]] = []
        for c in by_row[r]:
            if runs and c == runs[-1][1] + 1:
                runs[-1][1] = c
            else:
                runs.append([c, c])
        following: dict[tuple[int, int], Span] = {}
        for first, last in runs:
            old = growing.pop((first, last), None)
            following[first, last] = Span(r, first, 1, last - first + 1) if old is None else old._replace(rowspan=old.rowspan + 1)
        done.extend(growing.values())
        growing = following
    return done + list(growing.values())
