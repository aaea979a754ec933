"""Tables that touch: one grid in which another header begins over other columns holds two tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from extractors.types import Bbox, Cell, RawTable
from normalizers.header import Grid, cell_text, find_header, header_like, number_row
from normalizers.text import compact

_TITLES = 3  # that begin another table


def parts_of(raw: RawTable) -> Iterator[RawTable]:
    """The tables of a grid from top to bottom, each with the columns that it uses; the grid itself where it holds one."""
    starts = [0, *_starts(raw), raw.n_rows]
    if len(starts) == 2:
        yield raw
        return
    for first, end in pairwise(starts):
        part = _part(raw, first, end)
        yield part if first == 0 else replace(part, above=())


def _starts(raw: RawTable) -> list[int]:
    """The rows where another table begins: titles, or column numbers, over other columns than those of the rows above."""
    header = find_header(raw)
    if header is None:
        return []
    grid = Grid(raw)
    known = {compact(text) for leaf in header.leaves for text in leaf.path}
    starts: list[int] = []
    for row in range(header.rows + 1, raw.n_rows - 1):
        cells = grid.starting(row)
        titles = [cell for cell in cells if cell.lines]
        whole = len(titles) >= _TITLES and sum(cell.colspan for cell in cells) == raw.n_columns and len(titles) == len(cells)
        if not whole or not _heads(titles, known):
            continue
        before = starts[-1] if starts else 0
        below = _part(raw, row, raw.n_rows)
        if _edges(raw, before, row) != _edges(raw, row, raw.n_rows) and find_header(below) is not None:
            starts.append(row)
    return starts


def _heads(titles: Sequence[Cell], known: set[str]) -> bool:
    """Whether cells are the titles of another table, or the column numbers that the rest of a table repeats."""
    return number_row(titles) is not None or (header_like(titles) and not {compact(cell_text(cell)) for cell in titles} <= known)


def _inside(raw: RawTable, first: int, end: int) -> list[Cell]:
    return [cell for cell in raw.cells if first <= cell.row < end]


def _edges(raw: RawTable, first: int, end: int) -> list[int]:
    """The grid lines at which the cells of some rows begin or end."""
    return sorted({edge for cell in _inside(raw, first, end) for edge in (cell.column, cell.column + cell.colspan)})


def _part(raw: RawTable, first: int, end: int) -> RawTable:
    edges = _edges(raw, first, end)
    place = {edge: at for at, edge in enumerate(edges)}
    cells = tuple(
        replace(
            cell,
            row=cell.row - first,
            rowspan=min(cell.rowspan, end - cell.row),
            column=place[cell.column],
            colspan=place[cell.column + cell.colspan] - place[cell.column],
        )
        for cell in _inside(raw, first, end)
    )
    xs, ys = tuple(raw.column_edges[edge] for edge in edges), raw.row_edges[first : end + 1]
    box = Bbox(xs[0], ys[0], xs[-1], ys[-1])
    return replace(raw, n_rows=end - first, n_columns=len(xs) - 1, cells=cells, bbox=box, column_edges=xs, row_edges=ys)
