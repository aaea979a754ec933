"""Ruled tables in which one ruled row holds many logical rows: only the frame, the header and the columns are drawn."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from extractors.alignment.rows import Anchors, anchors_of, row_ends, stray_dashes
from extractors.alignment.text import Line, inside, is_amount, is_key, is_number, lines_of
from extractors.layout import hull, whole_text
from extractors.types import Bbox, Cell, Page, RawTable, Word


def split_rows(page: Page, table: RawTable) -> RawTable:
    """`table` with every ruled row cut into its logical rows; the table itself where each ruled row is one.

    Wrapped names, several targets and lists in a cell are one row: only running numbers, codes and amounts that agree over two
    columns part rows.
    """
    cuts: dict[int, list[float]] = {}
    bands: dict[int, list[Word]] = {}
    dropped: set[Bbox] = set()
    rows: dict[int, list[Cell]] = {}
    for cell in table.cells:
        if cell.rowspan == 1:
            rows.setdefault(cell.row, []).append(cell)
    for row, own in rows.items():
        if sum(1 for cell in own if _several(cell)) < 2 or not any(_amounts(cell) > 1 for cell in own):
            continue
        top, bottom = table.row_edges[row], table.row_edges[row + 1]
        band = [word for word in page.words if top - 1 <= (word.bbox.y0 + word.bbox.y1) / 2 <= bottom + 1]
        ends, stray = _ends(own, band)
        if ends:
            cuts[row], bands[row] = ends, band
            dropped |= {line.bbox for line in stray}
    if not cuts:
        return table
    heights: list[float] = []
    first: list[int] = []
    for row in range(table.n_rows):
        first.append(len(heights))
        heights += [table.row_edges[row], *cuts.get(row, ())]
    first.append(len(heights))
    heights.append(table.row_edges[-1])
    cells: list[Cell] = []
    for cell in table.cells:
        if cell.rowspan == 1 and cell.row in cuts:
            cells += _parts(cell, bands[cell.row], dropped, first[cell.row], heights[first[cell.row] : first[cell.row + 1] + 1])
        else:
            cells.append(replace(cell, row=first[cell.row], rowspan=first[cell.row + cell.rowspan] - first[cell.row]))
    added = len(heights) - 1 - table.n_rows
    cells.sort(key=lambda cell: (cell.row, cell.column))
    return replace(
        table,
        n_rows=len(heights) - 1,
        cells=tuple(cells),
        row_edges=tuple(heights),
        reason=f"{table.reason}; {added} row ends without a rule, from codes and amounts",
        confidence=min(table.confidence, 0.85),
    )


def _several(cell: Cell) -> bool:
    """Whether the cell has two lines or more that begin with a code or end with a figure."""
    words = [line.split() for line in cell.lines]
    return sum(1 for line in words if line and (is_number(line[-1]) or is_key(line[0]))) > 1


def _amounts(cell: Cell) -> int:
    """How many lines of the cell hold an amount."""
    return sum(1 for line in cell.lines if any(is_amount(word) for word in line.split()))


def _ends(own: Sequence[Cell], band: Sequence[Word]) -> tuple[list[float], list[Line]]:
    """The heights at which the ruled row is to be cut, and stray dashes in it; none where codes and amounts do not agree."""
    if len(own) < 3 or max(len(cell.lines) for cell in own) < 3:
        return [], []
    columns = [lines_of(_words(band, cell)) for cell in sorted(own, key=lambda cell: cell.column)]
    anchors = anchors_of(columns, figures=False)
    stray = stray_dashes(columns, anchors)
    if stray:
        columns = [[line for line in column if line not in stray] for column in columns]
        anchors = anchors_of(columns, figures=False)
    return (row_ends(columns, anchors, gaps=False), stray) if _agree(anchors, columns) else ([], [])


def _agree(anchors: Sequence[Anchors], columns: Sequence[Sequence[Line]]) -> bool:
    """Whether two columns, amounts among them, tell of several rows, entry beside entry; two entries need numbered names beside them."""
    several = [each for each in anchors if len(each.heights) >= 2]
    keys = [each for each in several if each.keys]
    amounts = [each for each in several if each.amounts]
    if not amounts or (any(each.keys for each in anchors) and not keys):
        return False
    if keys:
        most = max(keys, key=lambda each: len(each.heights))
        return any(len(each.heights) >= max(2, 0.5 * len(most.heights)) for each in amounts)
    if len(amounts) < 2:
        return False
    one, two = sorted(amounts, key=lambda each: -len(each.heights))[:2]
    beside = sum(1 for height in two.heights if any(abs(height - other) < 2.5 for other in one.heights))
    if len(two.heights) < 3 and not all(_numbered(columns, height) for height in one.heights):
        return False
    return beside >= 0.8 * len(two.heights)


def _numbered(columns: Sequence[Sequence[Line]], height: float) -> bool:
    """Whether a text that opens with a number or letter of a list (`2. Program`) stands at this height."""
    opening = (line for column in columns for line in column if abs(line.y - height) < 2.5 and len(line.words) > 1)
    return any(is_key(line.words[0].text) and not is_number(line.words[1].text) for line in opening)


def _words(band: Sequence[Word], cell: Cell) -> list[Word]:
    return [word for word in band if inside(word, cell.bbox)] if cell.lines else []


def _parts(cell: Cell, band: Sequence[Word], dropped: Collection[Bbox], row: int, heights: Sequence[float]) -> list[Cell]:
    words = [word for word in _words(band, cell) if word.bbox not in dropped]
    parts = []
    for place in range(len(heights) - 1):
        low, high = heights[place], heights[place + 1]
        own = [word for word in words if low < word.bbox.centre[1] <= high]
        box = Bbox(cell.bbox.x0, low, cell.bbox.x1, high)
        parts.append(
            replace(
                cell,
                row=row + place,
                rowspan=1,
                lines=tuple(line.text for line in lines_of(own)),
                bbox=box if not own else box.union(hull(word.bbox for word in own)),
                bold=bool(own) and sum(word.bold for word in own) * 2 > len(own),
                confidence=min((word.confidence for word in own), default=1.0),
                conflict=whole_text(own),
            )
        )
    return parts
