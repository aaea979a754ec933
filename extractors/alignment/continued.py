"""The end of a table that runs over from the page before: too few rows to tell columns of their own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from extractors.alignment.grid import Grid, raw_table
from extractors.alignment.rows import anchors_of, column_lines, row_ends
from extractors.alignment.text import CAPTION, Line, column_at, is_amount, lines_of
from extractors.types import Page, RawTable, Word

_TOP = 0.35  # of the page's height, in which such rows begin
_NEAR_EM = 1.5  # how far apart their lines may stand
_COLUMNS = 4  # columns that hold text, with an amount in one


def continued_table(page: Page, words: Sequence[Word], before: Iterable[RawTable]) -> RawTable | None:
    """The first lines of `page` that stand in the columns of the last table of the page before; None where there are none."""
    high = [word for word in words if word.bbox.y0 < _TOP * page.height]
    if not any(is_amount(word.text) for word in high):
        return None  # before the page before is asked for its tables, which it may have to be read for
    hint = max(before, key=lambda table: table.bbox.y1, default=None)
    if hint is None:
        return None
    edges = hint.column_edges
    lines = _first_run(lines_of(words), edges, _TOP * page.height)
    own = [word for line in lines for word in line.words]
    filled = {column_at(edges, word.bbox.centre[0]) for word in own}
    if len(filled) < min(_COLUMNS, len(edges) - 1) or not any(is_amount(word.text) for word in own):
        return None
    columns = column_lines(own, edges)
    ends = row_ends(columns, anchors_of(columns, figures=False), gaps=True)
    heights = [lines[0].bbox.y0 - 1, *ends, lines[-1].bbox.y1 + 1]
    grid = Grid(own, edges, heights, lambda _column, _height: True)
    grid.fill()
    return raw_table(grid, page.number, "alignment", "the end of the table on the page before, in its columns", 0.75)


def _first_run(lines: Sequence[Line], edges: Sequence[float], top: float) -> list[Line]:
    """The first lines close to each other whose words all stand between the edges, several columns among them."""
    run: list[Line] = []
    for line in lines:
        if run and line.bbox.y0 - run[-1].bbox.y1 > _NEAR_EM * line.size:
            break
        if _stands_in(line, edges):
            run.append(line)
        elif run:
            break
    return run if run and run[0].y < top else []


def _stands_in(line: Line, edges: Sequence[float]) -> bool:
    if CAPTION.match(line.text) or line.bbox.x0 < edges[0] - 2 or line.bbox.x1 > edges[-1] + 2:
        return False
    return not any(word.bbox.x0 + 1.5 < edge < word.bbox.x1 - 1.5 for word in line.words for edge in edges[1:-1])
