"""Wide sheets printed over pages side by side: the right columns stand on pages of their own, each row at the height of its left part."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from extractors.types import PageContent, RawTable
from normalizers.classify import classify
from normalizers.contents import Content
from normalizers.header import Grid, cell_text, find_header

_SAME_PLACE = 0.8  # points
_MOST_PAGES = 60  # of one part of a sheet
_LEAST_ROWS = 4
_TOP_ROWS = 6
_NUMBER = re.compile(r"[\s()]|=.*")  # what stands around the number of a column
_HEIGHTS = 3  # rows of that many heights do not agree by chance
_KEYS = ("no", "kode", "kode_rekening", "uraian", "tujuan", "sasaran")  # what the rows of a table of its own begin with
Sides = tuple[Sequence[float], Sequence[float]]  # the column edges of a left and of a right part


def joined_across(pages: Iterable[PageContent]) -> Iterator[PageContent]:
    """The pages, the parts of a sheet put side by side on those of its left part; the other pages keep their prose.

    Pages are held back only as long as they continue one table, at most `_MOST_PAGES`.
    """
    held: list[PageContent] = []  # the pages of one part
    done: list[PageContent] = []  # those of parts joined to it, without their tables
    right: list[PageContent] = []  # the pages of what may be the next part
    known: list[Sides] = []  # the parts of sheets that were joined so far
    for page in pages:
        if held and len(right) < len(held) and _beside(held, right, page, known):
            right.append(page)
            if len(right) == len(held):
                known.append(_sides(held[0], right[0]))
                held = [_side_by_side(left, other) for left, other in zip(held, right, strict=True)]
                done += [replace(other, tables=()) for other in right]
                right = []
            continue
        if held and not right and not done and len(held) < _MOST_PAGES and _continues(held[-1], page):
            held.append(page)
            continue
        yield from (*held, *done, *right[:-1])
        held, done, right = right[-1:], [], []
        if held and _continues(held[-1], page):
            held.append(page)
            continue
        yield from held
        held = [page] if _sole(page) is not None else []
        if not held:
            yield page
    yield from (*held, *done, *right)


def _sole(page: PageContent) -> RawTable | None:
    return page.tables[0] if len(page.tables) == 1 and page.tables[0].n_rows >= _LEAST_ROWS else None


def _continues(before: PageContent, page: PageContent) -> bool:
    """Whether a page holds nothing but a table with the column rules of the one before."""
    one, other = _sole(before), page.tables[0] if len(page.tables) == 1 else None
    return one is not None and other is not None and _same_places(one.column_edges, other.column_edges)


def _beside(held: Sequence[PageContent], right: Sequence[PageContent], page: PageContent, known: Sequence[Sides]) -> bool:
    """Whether a page holds the rows of the next page of the part before it, in further columns."""
    one, other = held[len(right)].tables[0], page.tables[0] if len(page.tables) == 1 else None
    if other is None or not _same_places(one.row_edges, other.row_edges) or _same_places(one.column_edges, other.column_edges):
        return False
    if right:
        return _same_places(right[-1].tables[0].column_edges, other.column_edges)
    left, beside = _sides(held[0], page)
    return any(_same_places(left, a) and _same_places(beside, b) for a, b in known) or _goes_on(one, other)


def _sides(left: PageContent, right: PageContent) -> Sides:
    return left.tables[0].column_edges, right.tables[0].column_edges


def _same_places(one: Sequence[float], other: Sequence[float]) -> bool:
    return len(one) == len(other) and all(abs(a - b) <= _SAME_PLACE for a, b in zip(one, other, strict=True))


def _goes_on(left: RawTable, right: RawTable) -> bool:
    """Whether the right table's columns are counted on from the left's, or, without a key of their own, stand on rows of like heights."""
    one, other = find_header(left), find_header(right)
    if one is None or other is None:
        return False
    if numbers := [int(leaf.number) for leaf in one.leaves if leaf.number]:
        return _counts_on(right, max(numbers) + 1)
    bindings = classify(other.leaves, [Content()] * len(other.leaves)).bindings
    heights = {round(below - above) for above, below in pairwise(left.row_edges)}
    return len(heights) >= _HEIGHTS and not any(binding.name in _KEYS for binding in bindings)


def _counts_on(table: RawTable, first: int) -> bool:
    """Whether one of the top rows counts the columns from a number on."""
    grid = Grid(table)
    rows = ([cell_text(cell) for cell in grid.starting(row)] for row in range(min(_TOP_ROWS, table.n_rows)))
    return any(texts and [_NUMBER.sub("", text) for text in texts] == [str(first + n) for n in range(len(texts))] for texts in rows)


def _side_by_side(left: PageContent, right: PageContent) -> PageContent:
    one, other = left.tables[0], right.tables[0]
    shift = one.column_edges[-1] - other.column_edges[0]
    table = replace(
        one,
        n_columns=one.n_columns + other.n_columns,
        cells=(*one.cells, *(replace(cell, column=cell.column + one.n_columns) for cell in other.cells)),
        column_edges=(*one.column_edges, *(edge + shift for edge in other.column_edges[1:])),
        confidence=min(one.confidence, other.confidence),
        reason=f"{one.reason}; kolom di halaman {other.page} disambung",
    )
    return replace(left, tables=(table,))
