"""Merged cells that are none: a printer left out the vertical rules of a row, and its figures still stand in their columns."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from extractors.alignment.text import DASHES, is_amount, is_number
from extractors.grid import Grid, Span
from extractors.types import RawTable, Word

_APART_EM = 0.7  # words of one text stand closer
_STRIKE = 1.0  # a word that reaches this far over an edge stands on it
_CURRENCY = frozenset({"rp", "rp.", "idr", "%", "(%)"})


def with_missing_walls(grid: Grid, words: Sequence[Word]) -> Grid:
    """The grid with merged cells cut at the edges beside whole figures, such as the amounts of a total row without rules.

    A merged cell is cut only where it holds an amount that stands in one column by itself, apart from the text beside it.
    """
    wide = [at for at, span in enumerate(grid.spans) if span.colspan > 1]
    if not wide:
        return grid
    spans = {at: [grid.spans[at]] for at in range(len(grid.spans))}
    for at in wide:
        box = grid.box(grid.spans[at])
        own = [w for w in words if box.x0 <= w.bbox.centre[0] <= box.x1 and box.y0 <= w.bbox.centre[1] <= box.y1]
        if any(is_amount(word.text) for word in own):
            spans[at] = _parts(grid.xs, grid.spans[at], own)
    if all(len(parts) == 1 for parts in spans.values()):
        return grid
    return replace(grid, spans=tuple(sorted(part for parts in spans.values() for part in parts)))


def columns_missing(table: RawTable) -> bool:
    """Whether most of the table's rows of amounts hold two of them side by side in one cell: its columns are not drawn."""
    rows: set[int] = set()
    glued: set[int] = set()
    for cell in table.cells:
        for line in cell.lines:
            amounts = sum(1 for word in line.split() if is_amount(word))
            if amounts:
                rows.add(cell.row)
            if amounts > 1:
                glued.add(cell.row)
    return len(glued) >= 2 and len(glued) >= 0.6 * len(rows)


def _parts(xs: Sequence[float], span: Span, words: Sequence[Word]) -> list[Span]:
    groups = _groups(xs, span, words)
    figure = [_is_figure(group) for group in groups]
    if len(groups) < 2 or not any(own and any(is_amount(word.text) for word in group) for own, group in zip(figure, groups, strict=True)):
        return [span]
    cuts: set[int] = set()
    for at, (left, right) in enumerate(pairwise(groups)):
        if not (figure[at] or figure[at + 1]):
            continue
        size = max(word.size for word in [*left, *right])
        if min(word.bbox.x0 for word in right) - max(word.bbox.x1 for word in left) < _APART_EM * size:
            return [span]
        if figure[at]:
            cuts.add(_column(xs, left[-1]) + 1)
        if figure[at + 1]:
            cuts.add(_column(xs, right[0]))
    edges = [span.column, *sorted(cuts), span.column + span.colspan]
    return [Span(span.row, first, span.rowspan, last - first) for first, last in pairwise(edges) if last > first]


def _groups(xs: Sequence[float], span: Span, words: Sequence[Word]) -> list[list[Word]]:
    """Words by column from left to right; columns that a word stands across go together."""
    inner = xs[span.column + 1 : span.column + span.colspan]
    struck = {edge for edge in inner for word in words if word.bbox.x0 + _STRIKE < edge < word.bbox.x1 - _STRIKE}
    free = [edge for edge in inner if edge not in struck]
    groups: dict[int, list[Word]] = {}
    for word in sorted(words, key=lambda item: item.bbox.x0):
        groups.setdefault(bisect_right(free, word.bbox.centre[0]), []).append(word)
    return [groups[key] for key in sorted(groups)]


def _column(xs: Sequence[float], word: Word) -> int:
    return bisect_right(xs, word.bbox.centre[0]) - 1


def _is_figure(words: Sequence[Word]) -> bool:
    texts = [word.text.lower() for word in words]
    return any(text not in _CURRENCY for text in texts) and all(
        text in _CURRENCY or text in DASHES or is_number(text.removesuffix("%").removeprefix("rp.")) for text in texts
    )
