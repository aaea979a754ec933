"""Columns of a ruled table whose rule is not drawn: header and rows part at one place, and no word stands there."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise
from statistics import median

from extractors.alignment.text import is_amount
from extractors.grid import Grid, Span
from extractors.types import Word

_GUTTER_EM = 0.45  # white between two columns; a blank is narrower
_TITLE_GAP_EM = 1.0  # white between two titles in one merged cell
_OFF_MIDDLE, _OFF_MIDDLE_SHARE = 4.0, 0.2  # points, or of the column: what a title may differ in its margins left and right
_ROWS = 4
_SHARE = 0.6  # of the filled cells that must part
_MARK = re.compile(r"\W+|(?:\d{1,2}|[A-Za-z]|[ivx]+)[.)]?|rp\.?", re.IGNORECASE)  # what stands before a text: bullet, number, currency


def with_missing_columns(grid: Grid, words: Sequence[Word]) -> Grid:
    """The grid with each column cut whose top cell and most others hold two texts apart, all of them at one place."""
    columns = _by_column(grid, words)
    for column in reversed(range(len(grid.xs) - 1)):
        cells = _cells(grid, column, columns[column])
        cuts = [place for place in _gutters([word for cell in cells for word in cell]) if _parts(cells, place)]
        if len(cuts) == 1:
            grid = _cut(grid, column, cuts[0])
    return grid


def _by_column(grid: Grid, words: Sequence[Word]) -> list[list[Word]]:
    """The words that stand in each column."""
    columns: list[list[Word]] = [[] for _ in range(len(grid.xs) + 1)]
    for word in words:
        columns[bisect_right(grid.xs, word.bbox.centre[0])].append(word)
    return columns[1:-1]


def _cells(grid: Grid, column: int, inside: Sequence[Word]) -> list[list[Word]]:
    """The words of each filled cell that takes this column alone, from top to bottom."""
    if len(inside) < 2 * _ROWS:
        return []
    own = {span.row + down: span for span in grid.spans if span.column == column and span.colspan == 1 for down in range(span.rowspan)}
    filled: dict[Span, list[Word]] = {}
    for word in inside:
        row = bisect_right(grid.ys, word.bbox.centre[1]) - 1
        if span := own.get(row):
            filled.setdefault(span, []).append(word)
    return [filled[span] for span in sorted(filled)]


def _gutters(words: Sequence[Word]) -> Iterable[float]:
    """The middle of each wide strip that no word touches, between words on both sides."""
    if not words:
        return
    wide = _GUTTER_EM * median(word.size for word in words)
    reach = -1.0
    for word in sorted(words, key=lambda each: each.bbox.x0):
        if reach >= 0 and word.bbox.x0 - reach >= wide:
            yield (reach + word.bbox.x0) / 2
        reach = max(reach, word.bbox.x1)


def _parts(cells: Sequence[Sequence[Word]], place: float) -> bool:
    """Whether cells part at a place: the top one (a title) and most others, with more before it than marks.

    Amounts side by side are left to `columns_missing`: where they are not parted, hardly any column is drawn.
    """
    sides = [([w for w in cell if w.bbox.x1 < place], [w for w in cell if w.bbox.x0 > place]) for cell in cells]
    parted = [(left, right) for left, right in sides if left and right]
    if len(parted) < max(_ROWS, _SHARE * len(cells)) or not all(sides[0]):
        return False
    if sum(any(is_amount(word.text) for word in left) and any(is_amount(word.text) for word in right) for left, right in parted) > 1:
        return False
    return sum(not all(_MARK.fullmatch(word.text) for word in left) for left, _ in parted) >= _SHARE * len(parted)


def _cut(grid: Grid, column: int, place: float) -> Grid:
    spans: list[Span] = []
    for span in grid.spans:
        if span.column > column:
            spans.append(span._replace(column=span.column + 1))
        elif span.column == column and span.colspan == 1:
            spans += [span, span._replace(column=column + 1)]
        else:
            spans.append(span._replace(colspan=span.colspan + 1) if span.column + span.colspan > column else span)
    return replace(grid, xs=(*grid.xs[: column + 1], place, *grid.xs[column + 1 :]), spans=tuple(sorted(spans)))


def with_parted_titles(grid: Grid, words: Sequence[Word]) -> Grid:
    """The grid with merged cells cut at all their inner edges where a text of its own stands in the middle of each column."""
    if all(span.colspan == 1 for span in grid.spans):
        return grid
    columns = _by_column(grid, words)
    spans: list[Span] = []
    for span in grid.spans:
        spans += _own_columns(span) if span.colspan > 1 and _titled_apart(grid, span, columns) else [span]
    return grid if len(spans) == len(grid.spans) else replace(grid, spans=tuple(sorted(spans)))


def _own_columns(span: Span) -> list[Span]:
    return [span._replace(column=span.column + step, colspan=1) for step in range(span.colspan)]


def _titled_apart(grid: Grid, span: Span, words: Sequence[Sequence[Word]]) -> bool:
    """Whether each column of a merged cell holds a text in its middle; `words` are those of each column of the grid."""
    top, bottom = grid.ys[span.row], grid.ys[span.row + span.rowspan]
    edges = grid.xs[span.column : span.column + span.colspan + 1]
    columns: list[list[Word]] = []
    for inside in words[span.column : span.column + span.colspan]:
        columns.append([word for word in inside if top < word.bbox.centre[1] < bottom])
        if not columns[-1]:
            return False
    own = [word for column in columns for word in column]
    sides = [(min(word.bbox.x0 for word in column), max(word.bbox.x1 for word in column)) for column in columns]
    wide = _TITLE_GAP_EM * median(word.size for word in own)
    apart = all(right[0] - left[1] >= wide for left, right in pairwise(sides))
    return apart and all(
        abs((x0 - left) - (right - x1)) <= max(_OFF_MIDDLE, _OFF_MIDDLE_SHARE * (right - left))
        for (x0, x1), (left, right) in zip(sides, pairwise(edges), strict=True)
    )
