"""Tables of which only the header is ruled: the rows stand below it, in its columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from extractors.alignment.grid import Grid, raw_table
from extractors.alignment.rows import anchors_of, column_lines, row_ends, stray_dashes
from extractors.alignment.text import CAPTION, Line, column_at, is_amount, lines_of
from extractors.types import Page, RawTable, Word

_NEAR_EM = 2.5  # how far under the header, or the row before, a row may stand
_HEADER_ROWS = 6


def with_body(page: Page, header: RawTable, words: Sequence[Word]) -> RawTable | None:
    """The ruled `header` with the rows under it that only alignment tells, out of `words` of no other table; None where there are none."""
    edges = header.column_edges
    if header.n_rows > _HEADER_ROWS or len(edges) < 4 or any(is_amount(word) for cell in header.cells for word in cell.text.split()):
        return None
    below = [word for word in words if word.bbox.centre[1] > header.bbox.y1 and edges[0] - 2 <= word.bbox.centre[0] <= edges[-1] + 2]
    lines = _body(lines_of(below), header)
    filled = {column_at(edges, word.bbox.centre[0]) for line in lines for word in line.words}
    if len(lines) < 2 or len(filled) < 3:
        return None
    columns = column_lines([word for line in lines for word in line.words], edges)
    anchors = anchors_of(columns, figures=False) or anchors_of(columns, figures=True)
    stray = {word.bbox for line in stray_dashes(columns, anchors) for word in line.words}
    columns = [[line for line in column if line.words[0].bbox not in stray] for column in columns]
    heights = [header.bbox.y1, *row_ends(columns, anchors, gaps=True), lines[-1].bbox.y1 + 1]
    own = [word for line in lines for word in line.words if word.bbox not in stray]
    grid = Grid(own, edges, heights, lambda _column, _height: True)
    grid.fill()
    body = raw_table(grid, page.number, header.method, "", 0.8)
    return replace(
        header,
        n_rows=header.n_rows + body.n_rows,
        cells=(*header.cells, *(replace(cell, row=cell.row + header.n_rows) for cell in body.cells)),
        bbox=header.bbox.union(body.bbox),
        row_edges=(*header.row_edges, *heights[1:]),
        reason=f"{header.reason}; rows under a ruled header, from codes and figures",
        confidence=min(header.confidence, 0.8),
    )


def _body(lines: Sequence[Line], header: RawTable) -> list[Line]:
    """The lines right under the header, down to a title, a wide gap, or text that runs over the edges of the columns."""
    inner = header.column_edges[1:-1]
    taken: list[Line] = []
    bottom = header.bbox.y1
    for line in lines:
        struck = sum(1 for word in line.words if any(word.bbox.x0 + 1 < edge < word.bbox.x1 - 1 for edge in inner))
        if line.bbox.y0 - bottom > _NEAR_EM * line.size or CAPTION.match(line.text) or struck > 1:
            break
        taken.append(line)
        bottom = max(bottom, line.bbox.y1)
    return taken
