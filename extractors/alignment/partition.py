"""The best parting of baselines into rows: the cells of a table hang from the top of their row, stand on its foot, or in its middle."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from extractors.alignment.text import Line

_OPEN_ENDS = frozenset({"dan", "di", "yang", "untuk", "pada", "atau", "dari", "ke", "dengan", "serta"})
_MODES = range(3)  # at the top, in the middle, at the foot
_MISFIT = 2.0  # what a cell costs that stands a line off its place in the row
_FAR = 1.5  # lines; no cell counts as further off
_JITTER = 0.15  # lines; a cell so little off stands in its place
_LEVEL = 0.3  # lines; how far the line of a cell may stand from a baseline that it is on
_HIGHER = 0.8  # lines; a row so much higher than its tallest cell is none
_LONGEST = 60  # baselines of one row
_ROW = 3.0  # what a row costs that no pair of entries asks for
_MIXED = 6.0  # what it costs that columns stand in one more way than others do
_SLACK = 6.0  # what a row costs that is a line higher than its tallest cell
_BREAK = 3.0  # what a line costs that begins in a cell though it is not wrapped
_FEWEST = 1000.0  # the same where only the fewest rows count

Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Parting:
    """The places (after which baseline) at which rows end, and by how many lines a cell is off its place on average."""

    places: tuple[int, ...]
    misfit: float


def parting(columns: Sequence[Sequence[Line]], heights: Sequence[float], pairs: Sequence[Pair]) -> Parting:
    """The rows of the `heights` (baselines) that part every pair of entries, as few as their cells allow.

    The cells of a column stand alike in all rows: at the top, in the middle or at the foot. All columns may do so in one way, or each as
    in the fewest rows that part the pairs; what needs the fewest rows, cells off their place and unlikely ends is taken.
    """
    judge = _Judge([column for column in columns if column], heights)
    uniform = [(mode,) * len(judge.levels) for mode in _MODES]
    rough = min((judge.parting(modes, pairs, _FEWEST) for modes in uniform), key=lambda found: found[0])[1]
    mixed = judge.modes(rough)
    return min((judge.parting(modes, pairs, _ROW) for modes in [*uniform, mixed]), key=lambda found: found[0])[1]


def has_room(before: Line, after: Line, right: float) -> bool:
    """Whether the first word of a line would have fitted on the line before it, in a column that reaches to `right`: it is not wrapped."""
    return before.bbox.x1 + 0.3 * before.size + after.words[0].bbox.width <= right - 1.0


@dataclass(frozen=True, slots=True)
class _Row:
    """How far the cell of each column is off the top, the middle and the foot of a row, in lines; what is odd in it costs."""

    offs: tuple[tuple[float, float, float], ...]
    odd: float


class _Judge:
    """Weighs rows, and the places between two baselines at which they may end."""

    def __init__(self, columns: Sequence[Sequence[Line]], heights: Sequence[float]) -> None:
        self.columns, self.heights = columns, heights
        self.right = [max((line.bbox.x1 for line in column), default=0.0) for column in columns]
        size = median(line.size for column in columns for line in column)
        steps = [b.y - a.y for column in columns for a, b in pairwise(column) if b.y - a.y < 2.2 * size]
        self.leading = median(steps) if steps else 1.15 * size
        self.levels = [[line.y for line in column] for column in columns]
        self.breaks = [
            (a.y + b.y) / 2
            for column, right in zip(columns, self.right, strict=True)
            for a, b in pairwise(column)
            if self._broken(a, b, right)
        ]
        weights = [self._weight(place) for place in range(len(heights) - 1)]
        surest = max(weights, default=0.0)
        self.ends = [*(max(0.0, 1.0 - weight) + 0.2 * (surest - weight) for weight in weights), 0.0]  # what it costs to end a row there
        self._rows: dict[Pair, _Row] = {}

    def parting(self, modes: Sequence[int], pairs: Sequence[Pair], row: float) -> tuple[float, Parting]:
        """The cost of the best parting whose columns stand by `modes`, one each, where a row more costs `row`; and the parting."""
        count = len(self.heights)
        limits = [min(first + _LONGEST, count) for first in range(count)]
        for top, bottom in pairs:
            limits[top] = min(limits[top], bottom)
        for top in range(count - 2, -1, -1):
            limits[top] = min(limits[top], limits[top + 1])
        best: list[tuple[float, int, float]] = [(0.0, -1, 0.0), *((float("inf"), -1, 0.0) for _ in range(count))]
        for first in range(count):
            cost, _, off = best[first]
            for last in range(first, limits[first]):
                cells = self._row(first, last)
                misfit = sum(offs[mode] for offs, mode in zip(cells.offs, modes, strict=True))
                reached = (cost + row + _MISFIT * misfit + cells.odd + self.ends[last], first, off + misfit)
                best[last + 1] = min(best[last + 1], reached)
        places: list[int] = []
        at = count
        while (start := best[at][1]) > 0:
            places.append(start - 1)
            at = start
        found = Parting(tuple(reversed(places)), best[count][2] / max(1, sum(map(len, self.levels))))
        return best[count][0] + _MIXED * (len(set(modes)) - 1), found

    def modes(self, found: Parting) -> tuple[int, ...]:
        """How the cells of each column stand in the rows of a parting."""
        starts = [0, *(place + 1 for place in found.places), len(self.heights)]
        rows = [self._row(first, after - 1) for first, after in pairwise(starts)]
        return tuple(min(_MODES, key=lambda mode: sum(row.offs[at][mode] for row in rows)) for at in range(len(self.levels)))

    def _broken(self, before: Line, after: Line, right: float) -> bool:
        """Whether a line begins below another, with a capital, though its first word had room there: it is of the same cell hardly ever."""
        return after.y - before.y < 1.3 * self.leading and after.words[0].text[:1].isupper() and has_room(before, after, right)

    def _row(self, first: int, last: int) -> _Row:
        """The cells of a row from one baseline to another."""
        if (first, last) not in self._rows:
            high, low = self.heights[first], self.heights[last]
            near = _LEVEL * self.leading
            cells = [levels[bisect_left(levels, high - near) : bisect_right(levels, low + near)] for levels in self.levels]
            tallest = max((cell[-1] - cell[0] for cell in cells if cell), default=0.0)
            odd = _SLACK if low - high - tallest > _HIGHER * self.leading else 0.0
            odd += _BREAK * sum(1 for broken in self.breaks if high - near < broken < low)
            self._rows[first, last] = _Row(tuple(self._offs(cell, high, low) for cell in cells), odd)
        return self._rows[first, last]

    def _offs(self, cell: Sequence[float], high: float, low: float) -> tuple[float, float, float]:
        """By how many lines a cell is off the top, the middle and the foot of its row; its lines stand at the heights of `cell`."""
        if not cell:
            return 0.0, 0.0, 0.0
        middle = abs(cell[0] + cell[-1] - high - low) / 2
        top, middle, foot = (min(max(off / self.leading - _JITTER, 0.0), _FAR) for off in (cell[0] - high, middle, low - cell[-1]))
        return top, middle, foot

    def _weight(self, place: int) -> float:
        """How much the gaps and texts around the place after a baseline speak for the end of a row."""
        cut = (self.heights[place] + self.heights[place + 1]) / 2
        weight = 0.0
        extra: list[float] = []
        bottom, top = float("-inf"), float("inf")
        for column, levels, right in zip(self.columns, self.levels, self.right, strict=True):
            at = bisect_left(levels, cut)
            before, after = (column[at - 1] if at else None), (column[at] if at < len(column) else None)
            bottom = max(bottom, before.bbox.y1 if before else bottom)
            top = min(top, after.bbox.y0 if after else top)
            if before is None or after is None:
                continue
            extra.append(min((after.y - before.y - self.leading) / self.leading, 1.5))
            if after.y - cut < self.leading and cut - before.y < self.leading:
                weight += self._beginning(before, after, right)
        least = min(extra, default=0.0)
        strip = min(max((top - bottom) / self.leading, -0.5), 1.0)  # lines that overlap in height are of one row
        return weight + (4.0 * least if least > 0.12 else 0.0) + 2.0 * strip

    def _beginning(self, before: Line, after: Line, right: float) -> float:
        """Whether `after` reads like a new text (+) or the rest of the one above (-), whose line had no room for its first word."""
        first, last = after.words[0].text, before.words[-1].text
        if first[:1].islower() or last[-1:] in ",-/(" or last.lower() in _OPEN_ENDS:
            return -1.2
        return (1.0 if has_room(before, after, right) else -0.3) + (0.5 if first[:1].isupper() else 0.0)
