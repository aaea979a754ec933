"""Ruled tables whose titles stand over the first rule, as in styles of word processors that rule the body alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from extractors.alignment.text import CAPTION, Line, column_at, lines_of
from extractors.layout import hull
from extractors.types import Bbox, Cell, RawTable, Word

_NEAR_EM = 0.8  # between the titles and the rule under them, and between their lines
_APART_EM = 0.8  # between the titles of two columns
_LEAST_COLUMNS = 3
_SHARE = 0.6  # of the columns that have a title
_MOST_LINES = 4


def with_titles(table: RawTable, words: Sequence[Word]) -> RawTable | None:
    """The ruled table with a first row of the texts that stand right over its columns, out of `words` of no other table; None without."""
    edges, titles = table.column_edges, list[Line]()
    inside = [word for word in words if edges[0] <= word.bbox.centre[0] <= edges[-1] and word.bbox.centre[1] < table.bbox.y0]
    top = table.bbox.y0
    for line in reversed(lines_of(inside)):
        if len(titles) == _MOST_LINES or top - line.bbox.y1 > _NEAR_EM * line.size or not _in_columns(line, edges):
            break
        titles.append(line)
        top = line.bbox.y0
    own = [word for line in reversed(titles) for word in line.words]
    columns = [[word for word in own if column_at(edges, word.bbox.centre[0]) == at] for at in range(table.n_columns)]
    if sum(map(bool, columns)) < max(_LEAST_COLUMNS, _SHARE * table.n_columns) or any(word.text[0].isdigit() for word in own):
        return None
    height = table.row_edges[0]
    cells = [_cell(column, at, Bbox(edges[at], top - 1, edges[at + 1], height), table.page) for at, column in enumerate(columns)]
    return replace(
        table,
        n_rows=table.n_rows + 1,
        cells=(*cells, *(replace(cell, row=cell.row + 1) for cell in table.cells)),
        bbox=table.bbox.union(hull(cell.bbox for cell in cells)),
        row_edges=(top - 1, *table.row_edges),
        reason=f"{table.reason}; titles over the first rule",
    )


def _in_columns(line: Line, edges: Sequence[float]) -> bool:
    """Whether a line is no caption or sentence: no word crosses an edge, and texts of two columns stand apart."""
    if CAPTION.match(line.text):
        return False
    words = sorted(line.words, key=lambda word: word.bbox.x0)
    crossing = any(word.bbox.x0 + 1 < edge < word.bbox.x1 - 1 for word in words for edge in edges)
    places = [column_at(edges, word.bbox.centre[0]) for word in words]
    near = any(
        one != other and right.bbox.x0 - left.bbox.x1 < _APART_EM * line.size
        for left, right, one, other in zip(words, words[1:], places, places[1:], strict=False)
    )
    return not crossing and not near


def _cell(words: Sequence[Word], column: int, box: Bbox, page: int) -> Cell:
    texts = tuple(line.text for line in lines_of(words))
    return Cell(0, column, 1, 1, texts, box, page, bold=bool(words) and all(word.bold for word in words))
