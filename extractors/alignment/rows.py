"""Where one logical row ends and the next begins, without a rule to tell: from running numbers, codes, figures, and gaps.

Two codes, or two figures of one column, stand in two rows: somewhere between them a row ends. The fewest ends that part all such
pairs are looked for, each at the place that the gaps, the alignment and the beginnings of sentences speak for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from extractors.alignment.gaps import Gaps, wide_gaps
from extractors.alignment.text import DASHES, Line, column_at, is_amount, is_currency, is_key, is_number, lines_of
from extractors.types import Word

_OPEN_ENDS = frozenset({"dan", "di", "yang", "untuk", "pada", "atau", "dari", "ke", "dengan", "serta"})


@dataclass(frozen=True, slots=True)
class Anchors:
    """The heights at which a column of codes (`keys`) or of figures has an entry, each of another row."""

    column: int
    heights: tuple[float, ...]
    keys: bool
    amounts: bool


def anchors_of(columns: Sequence[Sequence[Line]], figures: bool) -> list[Anchors]:
    """The columns whose every entry opens or belongs to a row of its own; plain numbers and percentages count where `figures` says so."""
    found = [anchors for place, lines in enumerate(columns) if lines and (anchors := _anchors(place, lines, figures)) is not None]
    first_text = next((place for place, lines in enumerate(columns) if _prose(lines)), len(columns))
    return [anchors for anchors in found if not anchors.keys or anchors.column <= first_text]


def _prose(lines: Sequence[Line]) -> bool:
    words = [word.text for line in lines for word in line.words]
    return bool(words) and sum(1 for word in words if word.isalpha() and len(word) > 3) > 0.5 * len(words)


def _anchors(place: int, lines: Sequence[Line], figures: bool) -> Anchors | None:
    lines = [line for line in lines if any(not is_currency(word.text) for word in line.words)]
    texts = [[word.text for word in line.words if not is_currency(word.text) and word.text != "%"] for line in lines]
    if not lines:
        return None
    whole = [_entry(before, text) for before, text in zip([[], *texts], texts, strict=False)]
    amounts = sum(1 for text in texts if any(is_amount(part) for part in text))
    figure = [own and bool(text) and all(is_number(part) for part in text) for text, own in zip(texts, whole, strict=True)]
    numeric = [line.y for line, counts in zip(lines, figure, strict=True) if counts]
    if amounts >= 0.3 * len(lines) and len(numeric) >= 0.8 * len(lines) - 1:
        return Anchors(place, tuple(numeric), False, True)
    opening = [own and bool(text) and all(is_key(part) for part in text) for text, own in zip(texts, whole, strict=True)]
    keys = [line.y for line, opens in zip(lines, opening, strict=True) if opens]
    if len(keys) >= 0.8 * len(lines) and len(keys) > 1 and not all(text == ["-"] for text in texts):
        return Anchors(place, tuple(keys), True, False)
    if figures and len(numeric) >= 0.8 * len(lines):
        return Anchors(place, tuple(numeric), False, False)
    return None


def is_figure(line: Line) -> bool:
    """Whether a line holds a figure and nothing else but its unit or currency (`Rp 5.000`, `12 Dokumen`, `100 %`)."""
    words = [word.text for word in line.words if not is_currency(word.text)]
    return bool(words) and len(words) <= 3 and is_number(words[0])


def is_code(line: Line) -> bool:
    """Whether a line holds a code, in one piece or in several, and nothing else."""
    return all(is_key(word.text) for word in line.words) and any(letter.isdigit() for letter in line.text)


def _entry(before: Sequence[str], text: Sequence[str]) -> bool:
    """Whether a line is an entry of its own, and not the rest of a code or a figure broken at its point."""
    return not (before and before[-1][-1:] in ".," and len(before[-1]) > 4 and not is_amount(text[0] if text else "") and _digits(text))


def _digits(text: Sequence[str]) -> bool:
    return len(text) == 1 and text[0].strip(".,").isdigit()


def baselines(columns: Sequence[Sequence[Line]]) -> list[float]:
    """The heights of the lines of all columns; lines less than a third of the type size apart share one."""
    lines = sorted((line for column in columns for line in column), key=lambda line: line.y)
    groups: list[list[float]] = []
    for line in lines:
        if groups and line.y - groups[-1][0] <= 0.35 * line.size:
            groups[-1].append(line.y)
        else:
            groups.append([line.y])
    return [sum(group) / len(group) for group in groups]


def nearest(heights: Sequence[float], y: float) -> int:
    """The place of the baseline nearest to `y`."""
    return min(range(len(heights)), key=lambda place: abs(heights[place] - y))


def row_ends(columns: Sequence[Sequence[Line]], anchors: Sequence[Anchors], gaps: bool) -> list[float]:
    """Heights that part the logical rows of a region, from top to bottom; `columns` are the lines of each column.

    With `gaps`, rows end at every white strip wider than the ones between wrapped lines, where the entries bear that out.
    """
    heights = baselines(columns)
    pairs = _pairs(anchors, heights)
    wide = wide_gaps(columns, heights, _surest(anchors, heights)) if gaps else Gaps()
    left = [pair for pair in pairs if not any(pair[0] <= gap < pair[1] for gap in wide.places)]
    groups = _narrowed(left, heights) if not wide.sure else []
    ends = _between(heights, wide.places)
    if groups:
        ends += _Judge(columns, heights, groups).ends(groups)
    return sorted(ends)


def gap_ends(columns: Sequence[Sequence[Line]], anchors: Sequence[Anchors]) -> list[float]:
    """Heights that part the logical rows, told by the white between them alone; none where that is not sure."""
    heights = baselines(columns)
    wide = wide_gaps(columns, heights, _surest(anchors, heights))
    return _between(heights, wide.places) if wide.sure else []


def _pairs(anchors: Sequence[Anchors], heights: Sequence[float]) -> list[tuple[int, int]]:
    """The baselines of every two entries that follow each other in a column, those of the densest column first."""
    ranked = sorted(anchors, key=lambda each: (-len(each.heights), not each.amounts))
    entries = [pairwise([nearest(heights, height) for height in each.heights]) for each in ranked]
    return list(dict.fromkeys(pair for each in entries for pair in each if pair[0] < pair[1]))


def _surest(anchors: Sequence[Anchors], heights: Sequence[float]) -> list[tuple[int, int]]:
    """The pairs of amounts where there are several, else all: a code may be broken over the lines of a narrow column, an amount hardly."""
    amounts = [each for each in anchors if each.amounts]
    return _pairs(amounts if any(len(each.heights) > 3 for each in amounts) else anchors, heights)


def _between(heights: Sequence[float], places: Sequence[int]) -> list[float]:
    return [(heights[place] + heights[place + 1]) / 2 for place in places]


def _narrowed(pairs: Sequence[tuple[int, int]], heights: Sequence[float]) -> list[tuple[int, int]]:
    """The stretches of baselines in which a row ends, so that each of the `pairs` (the densest column first) is parted by one.

    A pair that only overlaps with stretches narrows the one that it shares most with: in rows of several lines a code may stand above
    the amount of its own row, and below the amount of the row before.
    """
    groups: list[tuple[int, int]] = []
    for top, bottom in pairs:
        if any(top <= first and last <= bottom for first, last in groups):
            continue
        shared = [(max(top, first), min(bottom, last)) for first, last in groups]
        best = max(range(len(groups)), key=lambda at: heights[shared[at][1]] - heights[shared[at][0]], default=None)
        if best is None or shared[best][0] >= shared[best][1]:
            groups.append((top, bottom))
        else:
            groups[best] = shared[best]
    return sorted(groups)


class _Judge:
    """Weighs the places between two baselines at which a row may end."""

    def __init__(self, columns: Sequence[Sequence[Line]], heights: Sequence[float], pairs: Sequence[tuple[int, int]]) -> None:
        self.columns, self.heights = columns, heights
        self.right = [max((line.bbox.x1 for line in column), default=0.0) for column in columns]
        self.size = median(line.size for column in columns for line in column)
        steps = [b.y - a.y for column in columns for a, b in pairwise(column) if b.y - a.y < 2.2 * self.size]
        self.leading = median(steps) if steps else 1.15 * self.size
        self.texts = [self._text_weight(place) for place in range(len(heights) - 1)]
        self.mode = max(("top", "bottom", "middle"), key=lambda mode: self._likelihood(mode, pairs))

    def _likelihood(self, mode: str, pairs: Sequence[tuple[int, int]]) -> float:
        """How well the texts bear out that entries stand on the first (`top`), the last or a middle line of their rows."""
        before, after = pairs[0][0], len(self.heights) - 1 - pairs[-1][1]
        start, total = 0, 0.0
        for top, bottom in pairs:
            place = self._expected(mode, top, bottom, start)
            total += self.texts[place]
            start = place + 1
        outside = {"top": before, "bottom": after, "middle": abs(before - after)}[mode]
        return total - 2.0 * outside - (0.1 if mode == "middle" else 0.0)

    def _expected(self, mode: str, top: int, bottom: int, start: int) -> int:
        """After which baseline the row of the entry at `top` ends, if it began at `start` and the next entry is at `bottom`."""
        if mode == "top":
            return bottom - 1
        if mode == "bottom":
            return top
        mirrored = 2 * self.heights[top] - self.heights[start] + 0.5 * self.leading
        return min(range(top, bottom), key=lambda place: abs((self.heights[place] + self.heights[place + 1]) / 2 - mirrored))

    def ends(self, pairs: Sequence[tuple[int, int]]) -> list[float]:
        """The best end of a row between the entries of each pair of baselines."""
        start, found = 0, []
        for top, bottom in pairs:
            expected = self._expected(self.mode, top, bottom, start)
            best = max(range(top, bottom), key=lambda place: self.texts[place] - 1.5 * abs(place - expected))
            start = best + 1
            found.append((self.heights[best] + self.heights[best + 1]) / 2)
        return found

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


def column_lines(words: Sequence[Word], edges: Sequence[float]) -> list[list[Line]]:
    """The lines of each column, from top to bottom."""
    cells: list[list[Word]] = [[] for _ in range(len(edges) - 1)]
    for word in words:
        cells[column_at(edges, word.bbox.centre[0])].append(word)
    return [lines_of(cell) for cell in cells]


def stray_dashes(columns: Sequence[Sequence[Line]], anchors: Sequence[Anchors]) -> list[Line]:
    """Dashes on a baseline with no code and no figure: what a spreadsheet prints for its unused rows."""
    heights = baselines(columns)
    entries: dict[int, int] = {}
    dashes: list[tuple[int, Line]] = []
    for place, column in enumerate(columns):
        own = next((each for each in anchors if each.column == place), None)
        for line in column if own else ():
            at = nearest(heights, line.y)
            if all(word.text in DASHES for word in line.words):
                dashes.append((at, line))
            else:
                entries[at] = entries.get(at, 0) + 1
    return [line for at, line in dashes if at not in entries]
