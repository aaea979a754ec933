"""The best parting of baselines into rows: the cells of a table hang from the top of their row, stand on its foot, or in its middle."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from extractors.alignment.text import Line

_OPEN_ENDS = frozenset({"dan", "di", "yang", "untuk", "pada", "atau", "dari", "ke", "dengan", "serta"})
_MODES = ("top", "middle", "bottom")
_MISFIT = 1.5  # what a cell costs that stands a line off its place in the row
_FAR = 1.5  # lines; no cell counts as further off

Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Parting:
    """The places (after which baseline) at which rows end, and by how many lines a cell is off its place on average."""

    places: tuple[int, ...]
    misfit: float


def parting(columns: Sequence[Sequence[Line]], heights: Sequence[float], pairs: Sequence[Pair]) -> Parting:
    """The fewest rows of the `heights` (baselines) that part every pair of entries, and of these the ones that fit best.

    Rows fit where the cells of every row stand alike (all at the top, all in the middle, all at the foot of it) and where the white
    and the beginnings of sentences speak for an end.
    """
    judge = _Judge(columns, heights)
    return min((judge.parting(mode, pairs) for mode in _MODES), key=lambda found: found[0])[1]


class _Judge:
    """Weighs rows, and the places between two baselines at which they may end."""

    def __init__(self, columns: Sequence[Sequence[Line]], heights: Sequence[float]) -> None:
        self.columns, self.heights = columns, heights
        self.right = [max((line.bbox.x1 for line in column), default=0.0) for column in columns]
        size = median(line.size for column in columns for line in column)
        steps = [b.y - a.y for column in columns for a, b in pairwise(column) if b.y - a.y < 2.2 * size]
        self.leading = median(steps) if steps else 1.15 * size
        self.texts = [self._text_weight(place) for place in range(len(heights) - 1)]
        self.levels = [[line.y for line in column] for column in columns if column]

    def parting(self, mode: str, pairs: Sequence[Pair]) -> tuple[tuple[int, float], Parting]:
        """The cost (rows, misfit less what speaks for their ends) of the best parting whose cells stand by `mode`, and the parting."""
        count = len(self.heights)
        limits = [count] * (count + 1)
        for top, bottom in pairs:
            limits[top] = min(limits[top], bottom)
        for top in range(count - 1, -1, -1):
            limits[top] = min(limits[top], limits[top + 1])
        best: list[tuple[int, float, int, float]] = [(0, 0.0, -1, 0.0), *((count + 1, 0.0, -1, 0.0) for _ in range(count))]
        for first in range(count):
            rows, cost, _, off = best[first]
            for last in range(first, limits[first]):
                misfit = self._misfit(mode, first, last)
                end = -self.texts[last] if last + 1 < count else 0.0
                reached = (rows + 1, cost + _MISFIT * misfit + end, first, off + misfit)
                if reached[:2] < best[last + 1][:2]:
                    best[last + 1] = reached
        places: list[int] = []
        at = count
        while (start := best[at][2]) > 0:
            places.append(start - 1)
            at = start
        cells = sum(len(levels) for levels in self.levels)
        return best[count][:2], Parting(tuple(reversed(places)), best[count][3] / max(1, cells))

    def _misfit(self, mode: str, first: int, last: int) -> float:
        """By how many lines the cells of a row from one baseline to another are off their place, together."""
        high, low = self.heights[first], self.heights[last]
        total = 0.0
        for levels in self.levels:
            begin = bisect_left(levels, high - 0.3 * self.leading)
            end = bisect_right(levels, low + 0.3 * self.leading)
            if begin == end:
                continue
            if mode == "top":
                off = levels[begin] - high
            elif mode == "bottom":
                off = low - levels[end - 1]
            else:
                off = abs(levels[begin] + levels[end - 1] - high - low) / 2
            total += min(max(off / self.leading - 0.15, 0.0), _FAR)
        return total

    def _text_weight(self, place: int) -> float:
        """How much the gaps and texts around the place after a baseline speak for the end of a row."""
        cut = (self.heights[place] + self.heights[place + 1]) / 2
        weight = 0.0
        extra: list[float] = []
        bottom, top = float("-inf"), float("inf")
        for column, right in zip(self.columns, self.right, strict=True):
            before = next((line for line in reversed(column) if line.y < cut), None)
            after = next((line for line in column if line.y > cut), None)
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
        room = before.bbox.x1 + 0.3 * before.size + after.words[0].bbox.width <= right - 1.0
        return (1.0 if room else -0.3) + (0.5 if first[:1].isupper() else 0.0)
