"""Where one logical row ends and the next begins, without a rule to tell: from running numbers, codes, figures, and gaps.

Two codes, or two figures of one column, stand in two rows: somewhere between them a row ends. The fewest ends that part all such
pairs are looked for, each at the place that the gaps, the alignment and the beginnings of sentences speak for.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from extractors.alignment.gaps import Gaps, wide_gaps
from extractors.alignment.partition import has_room, parting
from extractors.alignment.text import DASHES, Line, column_at, is_amount, is_currency, is_key, is_number, lines_of
from extractors.types import Word

_KEYS = 3  # codes that tell the rows of a table by themselves
_BEGUN = 0.5  # of the rows, that begin with a code
_FIT = 0.08  # lines; how far the cells may be off their places on average
_FULL = 0.6  # of the lines at the ends of rows, that are as full as wrapped ones where a text is cut


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
    """The place of the baseline nearest to `y`; `heights` ascend."""
    place = bisect_left(heights, y)
    return min(range(max(place - 1, 0), min(place + 1, len(heights))), key=lambda at: abs(heights[at] - y))


def row_ends(columns: Sequence[Sequence[Line]], anchors: Sequence[Anchors], gaps: bool) -> list[float]:
    """Heights that part the logical rows of a region, from top to bottom; `columns` are the lines of each column.

    With `gaps`, rows end at every white strip wider than the ones between wrapped lines, where the entries bear that out, or else between
    lines that are not wrapped.
    """
    heights = baselines(columns)
    pairs = _pairs(anchors, heights)
    wide = wide_gaps(columns, heights, _surest(anchors, heights)) if gaps else Gaps()
    if gaps and not wide.places:
        pairs += _unwrapped(columns, heights)
    left = [pair for pair in pairs if not any(pair[0] <= gap < pair[1] for gap in wide.places)]
    places = wide.places
    if left and not wide.sure:
        places = parting(columns, heights, [*left, *((place, place + 1) for place in wide.places)]).places
    return _between(heights, places)


def _unwrapped(columns: Sequence[Sequence[Line]], heights: Sequence[float]) -> list[tuple[int, int]]:
    """Neighbouring baselines of two rows: several columns have a line on both, and in none is the lower one wrapped."""
    begun: dict[int, list[bool]] = {}
    for column in columns:
        right = max((line.bbox.x1 for line in column), default=0.0)
        for before, after in pairwise(column):
            place = nearest(heights, before.y)
            if nearest(heights, after.y) == place + 1:
                begun.setdefault(place, []).append(has_room(before, after, right) or is_figure(after))
    return [(place, place + 1) for place, free in begun.items() if len(free) > 1 and all(free)]


def gap_ends(columns: Sequence[Sequence[Line]], anchors: Sequence[Anchors]) -> list[float]:
    """Heights that part the logical rows, told by the white between them alone; none where that is not sure.

    It is sure where the strips say so, and where there is one for every two entries that follow each other.
    """
    heights = baselines(columns)
    pairs = _surest(anchors, heights)
    wide = wide_gaps(columns, heights, pairs)
    one_each = len(wide.places) == len(pairs) >= _KEYS and all(any(top <= place < bottom for place in wide.places) for top, bottom in pairs)
    return _between(heights, wide.places) if wide.sure or one_each else []


def fitting_ends(columns: Sequence[Sequence[Line]], anchors: Sequence[Anchors]) -> list[float]:
    """Heights that part the logical rows so that most begin with a code and all their cells stand alike; none where they do not.

    Codes may be wrapped in a narrow column: where their lines do not tell the rows, amounts do.
    """
    heights = baselines(columns)
    keys = max((each.heights for each in anchors if each.keys), key=len, default=())
    if len(keys) < _KEYS:
        return []
    most = max((len(each.heights) for each in anchors if each.amounts), default=len(heights))
    for telling in (anchors, [each for each in anchors if each.amounts]):
        if not telling:
            break
        found = parting(columns, heights, _pairs(telling, heights))
        ends = _between(heights, found.places)
        begun = len({bisect_left(ends, key) for key in keys})
        fits = begun >= max(_KEYS, _BEGUN * (len(ends) + 1)) and len(ends) < 2 * most and found.misfit <= _FIT
        if fits and not any(_cut(column, ends) for column in columns if _prose(column)):
            return ends
    return []


def _cut(column: Sequence[Line], ends: Sequence[float]) -> bool:
    """Whether the rows cut a text that runs down a column: its lines over the ends of rows are as full as those of a wrapped text."""
    right = max((line.bbox.x1 for line in column), default=0.0)
    near = [(one, two) for one, two in pairwise(column) if two.y - one.y < 1.6 * one.size and len(two.words) > 1]
    over = [(one, two) for one, two in near if any(one.y < end < two.y for end in ends)]
    return len(over) >= _KEYS and sum(not has_room(one, two, right) for one, two in over) > _FULL * len(over)


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
