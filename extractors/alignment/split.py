"""Ruled tables in which one ruled row holds many logical rows: only the frame, the header and the columns are drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from extractors.alignment.rows import Anchors, anchors_of, fitting_ends, gap_ends, row_ends, stray_dashes
from extractors.alignment.text import Line, inside, is_amount, is_key, is_number, lines_of, phrases_of
from extractors.layout import hull, whole_text
from extractors.types import Bbox, Cell, Page, RawTable, Word

_BLANK_EM = 0.4  # a blank between two words is no wider, in font sizes
_SAME = 2.0  # how far a rule may lie from the edge of its column


def split_rows(page: Page, table: RawTable) -> RawTable:
    """`table` with every ruled row cut into its logical rows; the table itself where each ruled row is one.

    Wrapped names, several targets and lists in a cell are one row: only running numbers, codes and amounts that agree over two
    columns part rows.
    """
    cuts: dict[int, list[float]] = {}
    bands: dict[int, list[Word]] = {}
    dropped: set[Bbox] = set()
    rows: dict[int, list[Cell]] = {}
    words = [0] * table.n_rows
    for cell in table.cells:
        words[cell.row] += len(cell.text.split())
        if cell.rowspan == 1:
            rows.setdefault(cell.row, []).append(cell)
    split: dict[int, list[Cell]] = {}
    walls = _Walls(page, table)
    for row, drawn in rows.items():
        own = [part for cell in drawn for part in walls.parts(cell)]
        listed = sum(1 for cell in own if _several(cell)) >= 2 and any(_amounts(cell) > 1 for cell in own)
        body = _holds_most(own, row, words)
        if not (listed or body):
            continue
        top, bottom = table.row_edges[row], table.row_edges[row + 1]
        band = [word for word in page.words if top - 1 <= (word.bbox.y0 + word.bbox.y1) / 2 <= bottom + 1]
        ends, stray = _ends(own, band, listed, body)
        if ends:
            cuts[row], bands[row], split[row] = ends, band, own
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
    for row, own in split.items():
        inside = [word for word in bands[row] if word.bbox not in dropped]
        for place in range(first[row], first[row + 1]):
            low, high = heights[place], heights[place + 1]
            cells += [_part(cell, inside, place, low, high) for cell in walls.joined(own, inside, low, high)]
    for cell in table.cells:
        if cell.rowspan > 1 or cell.row not in cuts:
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


def _holds_most(own: Sequence[Cell], row: int, words: Sequence[int]) -> bool:
    """Whether a ruled row of three texts or more holds most of what stands in the table from there on, and much of all: its body may be
    one row. `words` counts those of every row."""
    return sum(1 for cell in own if cell.lines) >= 3 and 2 * words[row] > sum(words[row:]) and 5 * words[row] > sum(words)


def _ends(own: Sequence[Cell], band: Sequence[Word], listed: bool, body: bool) -> tuple[list[float], list[Line]]:
    """The heights at which the ruled row is to be cut, and stray dashes in it.

    None where codes and amounts do not agree, unless the white between the rows of a whole `body` tells them.
    """
    if len(own) < 3 or max(len(cell.lines) for cell in own) < 3:
        return [], []
    columns = [lines_of(_words(band, cell)) for cell in sorted(own, key=lambda cell: cell.column)]
    anchors = anchors_of(columns, figures=False)
    stray = stray_dashes(columns, anchors)
    if stray:
        columns = [[line for line in column if line not in stray] for column in columns]
        anchors = anchors_of(columns, figures=False)
    ends: list[float] = []
    if body:
        figures = anchors_of(columns, figures=True)
        ends = gap_ends(columns, anchors or figures) or fitting_ends(columns, figures)
    if not ends and listed and _agree(anchors, columns):
        ends = row_ends(columns, anchors, gaps=False)
    return (ends, stray) if ends else ([], [])


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


def _part(cell: Cell, words: Sequence[Word], row: int, low: float, high: float) -> Cell:
    """What stands in `cell` between two heights, as the cell of a row of its own."""
    own = [word for word in words if low < word.bbox.centre[1] <= high and inside(word, cell.bbox)]
    box = Bbox(cell.bbox.x0, low, cell.bbox.x1, high)
    return replace(
        cell,
        row=row,
        lines=tuple(line.text for line in lines_of(own)),
        bbox=box if not own else box.union(hull(word.bbox for word in own)),
        bold=bool(own) and sum(word.bold for word in own) * 2 > len(own),
        confidence=min((word.confidence for word in own), default=1.0),
        conflict=whole_text(own),
    )


class _Walls:
    """The vertical rules of a table, by column edge: a rule may be left out beside a text that is set over several columns."""

    def __init__(self, page: Page, table: RawTable) -> None:
        self._edges = table.column_edges
        upright = [ruling for ruling in page.rulings if ruling.vertical]
        self._rules = [[(ruling.y0, ruling.y1) for ruling in upright if abs(ruling.x0 - edge) <= _SAME] for edge in self._edges]

    def _share(self, edge: int, low: float, high: float) -> float:
        """The part of the height between `low` and `high` along which the rule of an edge is drawn."""
        return sum(max(0.0, min(y1, high) - max(y0, low)) for y0, y1 in self._rules[edge]) / max(high - low, 0.1)

    def parts(self, cell: Cell) -> list[Cell]:
        """The cell cut at the edges that are drawn along some of its height."""
        box = cell.bbox
        inner = range(cell.column + 1, cell.column + cell.colspan)
        cuts = [edge for edge in inner if self._share(edge, box.y0, box.y1) > 0.1]
        ends = [cell.column, *cuts, cell.column + cell.colspan]
        return [
            replace(cell, column=a, colspan=b - a, bbox=Bbox(self._edges[a], box.y0, self._edges[b], box.y1)) if cuts else cell
            for a, b in pairwise(ends)
        ]

    def joined(self, cells: Sequence[Cell], words: Sequence[Word], low: float, high: float) -> list[Cell]:
        """The cells, those made one over whose common edge a text runs between two heights, where its rule is left out."""
        lines = lines_of(word for word in words if low < word.bbox.centre[1] <= high)
        result: list[Cell] = []
        for cell in sorted(cells, key=lambda each: each.column):
            last = result[-1] if result else None
            drawn = self._share(cell.column, cell.bbox.y0, cell.bbox.y1) > 0.1
            beside = last is not None and last.column + last.colspan == cell.column
            bare = beside and drawn and self._share(cell.column, low, high) < 0.2
            if last is not None and bare and _runs_over(lines, self._edges[cell.column], self._edges):
                box, texts = last.bbox.union(cell.bbox), (*last.lines, *cell.lines)
                result[-1] = replace(last, colspan=last.colspan + cell.colspan, bbox=box, lines=texts)
            else:
                result.append(cell)
        return result


def _runs_over(lines: Sequence[Line], edge: float, edges: Sequence[float]) -> bool:
    """Whether a text stands on both sides of an edge, with a word on that edge or on another that it runs over."""
    over = (phrase for line in lines for phrase in phrases_of(line, _BLANK_EM) if phrase.bbox.x0 < edge < phrase.bbox.x1)
    return any(word.bbox.x0 + 1 < each < word.bbox.x1 - 1 for phrase in over for word in phrase.words for each in edges)
