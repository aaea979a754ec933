"""Ruled tables: which grids of a page are tables, and their cells."""

from __future__ import annotations

from collections.abc import Sequence

from extractors.bands import bridged
from extractors.connected import connected
from extractors.grid import Grid, find_grids
from extractors.layout import fill_grid, within
from extractors.rulings import box_edges, stacked, tidy
from extractors.settings import Settings
from extractors.types import Bbox, Page, RawTable, Word
from extractors.undrawn import with_missing_columns, with_parted_titles
from extractors.walls import with_missing_walls

_NESTED_MIN_CELLS = 6


def ruled_tables(page: Page, coloured: Sequence[Bbox], settings: Settings) -> tuple[list[RawTable], set[int]]:
    """The ruled tables of a page from top to bottom, and the places in `page.words` that they use.

    `coloured` are filled boxes: their edges count as rules where no drawn rules make a table, such as a coloured header row.
    """
    grids = _tables_among(find_grids(connected(page.rulings, page.words, settings), page.words, settings), page)
    method, reason = "lattice", "garis tabel tercetak"
    frames = [grid.bbox for grid in grids] + _banded(page)
    outside = stacked([box for box in coloured if not any(within(box.centre, frame) for frame in frames)])
    if len(outside) >= 2:
        cells = [box for box in outside if box.width * box.height < 0.5 * page.width * page.height]
        free = [word for word in page.words if not any(within(word.bbox.centre, frame) for frame in frames)]
        edges = box_edges([*cells, *bridged(cells, free)], smallest=5.0)
        rulings = tidy([*page.rulings, *edges], page.width, page.height, settings)
        richer = _tables_among(find_grids(connected(rulings, page.words, settings), page.words, settings), page)
        if sum(len(g.spans) for g in richer) > sum(len(g.spans) for g in grids):
            grids, reason = richer, "garis tabel dan tepi bidang berwarna"
    tables: list[RawTable] = []
    used: set[int] = set()
    # inner tables first: the words of a table within a cell are its own
    for grid in sorted(grids, key=lambda g: g.bbox.width * g.bbox.height):
        rest = [index for index in range(len(page.words)) if index not in used]
        words = [page.words[i] for i in rest]
        table, taken = fill_grid(_as_printed(grid, words), words, page.number, 0, method, reason)
        if taken:
            tables.append(table)
            used.update(rest[i] for i in taken)
    return sorted(tables, key=lambda t: (t.bbox.y0, t.bbox.x0)), used


def _as_printed(grid: Grid, words: Sequence[Word]) -> Grid:
    """The grid with the rules that a printer left out."""
    return with_missing_walls(with_parted_titles(with_missing_columns(grid, words), words), words)


def _banded(page: Page) -> list[Bbox]:
    """Where three or more rules of one length lie over each other: rows are drawn there, and coloured bands only underline them."""
    by_extent: dict[tuple[int, int], list[float]] = {}
    for ruling in page.rulings:
        if not ruling.vertical and ruling.x1 - ruling.x0 > 0.3 * page.width:
            by_extent.setdefault((round(ruling.x0 / 4), round(ruling.x1 / 4)), []).append(ruling.y0)
    return [Bbox(4.0 * left - 4, min(ys), 4.0 * right + 4, max(ys)) for (left, right), ys in by_extent.items() if len(ys) >= 3]


def _tables_among(grids: Sequence[Grid], page: Page) -> list[Grid]:
    kept: list[Grid] = []
    for grid in sorted(grids, key=lambda g: -g.bbox.width * g.bbox.height):
        if not _is_table(grid, page):
            continue
        outer = next((g for g in kept if _encloses(grid.bbox, g.bbox)), None)
        if outer is not None and len(grid.spans) < _NESTED_MIN_CELLS:
            continue
        kept.append(grid)
    return kept


def _encloses(inner: Bbox, outer: Bbox) -> bool:
    return inner.x0 >= outer.x0 - 1 and inner.x1 <= outer.x1 + 1 and inner.y0 >= outer.y0 - 1 and inner.y1 <= outer.y1 + 1


def _is_table(grid: Grid, page: Page) -> bool:
    """Two columns or more, closed cells, text in several of them: no page border, stamp box or organisation chart."""
    rows, columns = len(grid.ys) - 1, len(grid.xs) - 1
    if columns < 2 or len(grid.spans) < (3 if rows == 1 else 4) or grid.closed < 0.6:
        return False
    filled = set()
    boxes = [grid.box(span) for span in grid.spans]
    for word in page.words:
        centre = word.bbox.centre
        if not within(centre, grid.bbox):
            continue
        for at, box in enumerate(boxes):
            if at not in filled and within(centre, box, 0.0):
                filled.add(at)
                break
        if len(filled) >= 3:
            return True
    return False
