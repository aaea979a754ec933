"""The header block of a raw table: which rows it takes, its leaves, and the declared column numbers and formulas.

Merged header rows are flattened to leaves: each leaf is a run of grid columns with the path of texts printed over it. The row of column
numbers (`1 2 3 ...`, `(1) (2) ...`, `8=(7/6)`) closes the block wherever it stands.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from rapidfuzz import fuzz

from extractors.types import Cell, RawTable
from normalizers.binding import Path, familiar, words
from normalizers.groups import agreed_paths
from normalizers.text import compact, fold, join_lines

_NUMBER = re.compile(r"[-(]?\s*(\d{1,2})\s*\)?\s*(?:=\s*(.+))?")  # spreadsheets print (2) as -2
_AMOUNT_OR_CODE = re.compile(r"\d{1,3}(?:[.,]\d{3}){2,}|\d\.\d\d\.\d\d|\d{5,}")
_BODY_FIGURE = re.compile(
    r"(?:Rp\.?\s*)?\(?-?\s*(?:Rp\.?\s*)?(?:\d{1,3}(?:[.,]\d{3})+(?:[.,]\d{1,2})?|0)[,.\s-]*\)?|\d{1,3}(?:[.,]\d+)?\s*%", re.IGNORECASE
)
_FIGURE = re.compile(r"\(?-?\d{1,3}(?:[.,]\d+)*\s*%?\)?(?:\s+\w+(?:/\w+)?)?")
_YEARS = re.compile(r"\(.*?\)|\b(?:19|20)\d\d\b")
_DECLARED = re.compile(r"\(\s*(\d{1,2}\s*[-+/x*]\s*\d{1,2}(?:\s*[-+/x*]\s*\d{1,3}\s*%?)*)\s*\)")
_MAX_ROWS = 9
_FAMILIAR = 0.5
_COVERED = 0.6  # of the columns that the first row of a header prints over
_NUMBERED = 0.8  # of the columns that a row of column numbers has cells for
_FIGURES = 0.6  # of the filled cells of a grid column that is a column of its own under a title printed over several
_SAME = 85.0
_RUNNING_NUMBER = frozenset({"no", "nomor", "no urut"})  # a column of that title begins a header, whatever the others are called
_CODE_TITLE = frozenset({"kode", "rekening", "no"})
_QUARTERS = ("i", "ii", "iii", "iv")
_MAX_TITLE_ROWS = 8
_SET_OFF = 3  # bold titles side by side
_TITLE_LENGTH = 60
_SELDOM_BOLD = 0.3
_WIDE = 0.8  # of the columns that a row of a title prints over


@dataclass(frozen=True, slots=True)
class Leaf:
    """One printed column: grid columns `start` to `stop` (exclusive), its x range in points, and the texts over it, outermost first."""

    start: int
    stop: int
    x0: float
    x1: float
    path: Path
    number: str | None = None
    formula: str | None = None


@dataclass(frozen=True, slots=True)
class Header:
    """A header block of `rows` grid rows. `numbered` tells of a row of column numbers; without any `worded` leaf it is that row alone."""

    rows: int
    leaves: tuple[Leaf, ...]
    numbered: bool = False
    title: str | None = None

    @property
    def worded(self) -> bool:
        return any(leaf.path for leaf in self.leaves)


class Grid:
    """A raw table by place: which cell covers a row and a column."""

    def __init__(self, raw: RawTable) -> None:
        self.raw = raw
        self._at: dict[tuple[int, int], Cell] = {}
        for cell in raw.cells:
            for row in range(cell.row, cell.row + cell.rowspan):
                for column in range(cell.column, cell.column + cell.colspan):
                    self._at[row, column] = cell

    def at(self, row: int, column: int) -> Cell | None:
        return self._at.get((row, column))

    def starting(self, row: int) -> list[Cell]:
        """The cells whose top is this row, from left to right."""
        found = (self._at.get((row, column)) for column in range(self.raw.n_columns))
        return [cell for column, cell in enumerate(found) if cell is not None and cell.row == row and cell.column == column]


def cell_text(cell: Cell) -> str:
    """The text of a cell with its lines joined."""
    return join_lines(cell.lines)


def number_row(cells: Sequence[Cell]) -> dict[int, tuple[str, str | None]] | None:
    """Column numbers and formulas by grid column, where the cells of a row are such; else None."""
    filled = [(cell, cell_text(cell)) for cell in cells if cell.lines]
    found: dict[int, tuple[str, str | None]] = {}
    for cell, text in filled:
        if match := _NUMBER.fullmatch(text.strip().rstrip(".")):
            found[cell.column] = (match[1], match[2])
    if len(found) < max(2, 0.7 * len(filled)) or len(found) < 0.4 * len(cells):
        return None
    values = [int(number) for number, _ in found.values()]
    steps = [b - a for a, b in pairwise(values)]
    if min(steps) > 0 and all(cell_text(cell).strip()[0] in "(-" for cell in cells if cell.column in found):
        return found  # bracketed numbers with gaps, where a spreadsheet hides columns
    climbing = sum(step in (0, 1, 2) for step in steps)
    ones = sum(step == 1 for step in steps)
    return found if values[0] <= 3 and climbing >= 0.7 * len(steps) and ones >= 0.5 * len(steps) else None


def _column_numbers(grid: Grid, row: int) -> dict[int, tuple[str, str | None]] | None:
    """The column numbers of a row; sub-headers that count years (`1 2 3 4 5`), under some of the columns or group by group, are none."""
    cells = grid.starting(row)
    numbers = number_row(cells) if sum(cell.colspan for cell in cells) >= _NUMBERED * grid.raw.n_columns else None
    return numbers if numbers and [*pairwise(number for number, _ in numbers.values())].count(("1", "2")) < 2 else None


def _holds_figure(text: str) -> bool:
    return bool(_AMOUNT_OR_CODE.search(_YEARS.sub("", text)))


def header_like(cells: Sequence[Cell]) -> bool:
    """Whether the filled cells of a row read like column titles."""
    texts = [cell_text(cell) for cell in cells if cell.lines]
    if not texts or any(_holds_figure(text) or _FIGURE.fullmatch(_YEARS.sub("", text).strip()) for text in texts):
        return False
    if _quarters(texts):
        return True
    numbered = len(texts) > 2 and fold(texts[0]) in _RUNNING_NUMBER
    return numbered or sum(familiar(text) >= _FAMILIAR for text in texts) >= 0.5 * len(texts)


def _quarters(texts: Sequence[str]) -> bool:
    """Whether texts count the quarters of a year, `I II III IV`, as under a title `Triwulan` (a scan may read `l` for `I`)."""
    return len(texts) > 1 and tuple(fold(text).replace("l", "i") for text in texts) == _QUARTERS[: len(texts)]


def _title_rows(grid: Grid) -> int:
    """How many rows of titles stand over the header inside the grid: one text over most columns, perhaps a form's name beside it, or
    what the form is about (`Visi : ...`)."""
    for row in range(min(_MAX_TITLE_ROWS, grid.raw.n_rows)):
        filled = [cell for cell in grid.starting(row) if cell.lines]
        widest = max((cell.colspan for cell in filled), default=0)
        wide = len(filled) <= 2 and widest > 1 and widest >= _WIDE * grid.raw.n_columns
        if filled and not wide and not _says_of_form(filled):
            header = filled if len(filled) > 1 else [cell for cell in grid.starting(row + 1) if cell.lines]
            return row if row and len(header) > 1 and header_like(header) else 0
    return 0


def _says_of_form(filled: Sequence[Cell]) -> bool:
    """Whether a row says something of the whole form: a label, a colon, and what it is (`Visi`, `: Terwujudnya ...`)."""
    label, *rest = map(cell_text, filled)
    return 0 < len(rest) <= 2 and (label.endswith(":") or rest[0].startswith(":")) and not _holds_figure(label)


def _set_off(grid: Grid, row: int) -> bool:
    """Whether a row of short bold texts, one in each column, stands over rows that are not bold: titles, whatever they say."""
    cells = grid.starting(row)
    texts = [cell_text(cell) for cell in cells]
    if len(cells) < _SET_OFF or sum(cell.colspan for cell in cells) < grid.raw.n_columns or not all(cell.bold for cell in cells):
        return False
    body = [cell for below in range(row + 1, grid.raw.n_rows) for cell in grid.starting(below) if cell.lines]
    short = all(0 < len(text) <= _TITLE_LENGTH and not _holds_figure(text) for text in texts)
    return short and len(body) > len(cells) and sum(cell.bold for cell in body) <= _SELDOM_BOLD * len(body)


def _depth(grid: Grid, first: int) -> int:
    """The row after the header's last worded row, by spans: merged cells reach down, and a group is split by the row under it."""
    top = grid.starting(first)
    filled = [cell for cell in top if cell.lines]
    covered = sum(cell.colspan for cell in filled)
    titles = header_like(filled) or _set_off(grid, first)
    if not titles or (len(filled) < 2 and grid.raw.n_columns > 2) or covered < _COVERED * grid.raw.n_columns:
        return first
    end = first + max(min((cell.rowspan for cell in filled), default=1), 1)
    limit = min(grid.raw.n_rows, first + _MAX_ROWS)
    while end < limit:
        over = [cell for column in range(grid.raw.n_columns) if (cell := grid.at(end - 1, column)) is not None]
        crossing = [cell for cell in over if cell.row < end < cell.row + cell.rowspan]
        below = [cell for cell in grid.starting(end) if cell.lines]
        groups = [cell for cell in over if cell.colspan > 1 and cell.lines]
        split = any(sum(group.column <= cell.column < group.column + group.colspan for cell in below) > 1 for group in groups)
        titles = header_like(below) or number_row(below) is not None or (bool(crossing) and _without_figures(below))
        if (crossing or split) and below and titles:
            end += 1
        elif crossing and not below:
            end = max(cell.row + cell.rowspan for cell in crossing)
        else:
            break
    return end


def _leaves(grid: Grid, rows: range, numbers: dict[int, tuple[str, str | None]]) -> tuple[Leaf, ...]:
    chains: list[tuple[Cell, ...]] = []
    for column in range(grid.raw.n_columns):
        chain = [cell for row in rows if (cell := grid.at(row, column)) is not None]
        chains.append(tuple(dict.fromkeys(chain)))
    leaves: list[Leaf] = []
    edges = grid.raw.column_edges
    start = 0
    for column in range(1, len(chains) + 1):
        if column < len(chains) and chains[column] and (chains[column] == chains[start] or _one_code(chains[column], chains[start])):
            continue
        own = [cell for cell in chains[start] if column - start == 1 or cell in chains[column - 1]]
        path = tuple(text for cell in own if (text := cell_text(cell)))
        number = next((numbers[c] for c in range(start, column) if c in numbers), (None, None))
        declared = _DECLARED.search(path[-1]) if path else None
        formula = number[1] or (declared[1] if declared else None)
        leaves.append(Leaf(start, column, edges[start], edges[column], path, number[0], formula))
        start = column
    agreed = agreed_paths([leaf.path for leaf in leaves])
    return tuple(replace(leaf, path=path) for leaf, path in zip(leaves, agreed, strict=True))


def _one_code(chain: Sequence[Cell], other: Sequence[Cell]) -> bool:
    """Whether two columns stand under one title of codes, one column for each part of a code (`Kode > Urusan, Bidang, Program ...`)."""
    return any(cell in other and cell.colspan > 1 and set(words(cell_text(cell))) <= _CODE_TITLE for cell in chain if cell.lines)


def find_header(raw: RawTable) -> Header | None:
    """The header block at the top of a raw table, or None where the table starts with its body.

    `leaves` cover all grid columns from left to right. A page that repeats the row of column numbers alone has a header without words.
    """
    if not raw.cells:
        return None
    grid = Grid(raw)
    first = _title_rows(grid)
    over = ([cell for cell in grid.starting(row) if cell.lines] for row in range(first))
    title = " ".join(cell_text(cell).strip() for filled in over if filled and not _says_of_form(filled) for cell in filled) or None
    for row in range(first, min(raw.n_rows, first + _MAX_ROWS)):
        numbers = _column_numbers(grid, row)
        if numbers and all(_worded_row(grid, above) for above in range(first, row)):
            return Header(row + 1, _leaves(grid, range(first, row), numbers), True, title)
    end = _depth(grid, first)
    return Header(end, _leaves(grid, range(first, end), {}), False, title) if end > first else None


def split_leaves(raw: RawTable, header: Header) -> Header:
    """A header whose titles over several columns of figures (amount and percent, years) give one leaf to each of those columns."""
    grid = Grid(raw)
    leaves: list[Leaf] = []
    for leaf in header.leaves:
        columns = range(leaf.start, leaf.stop)
        if len(columns) > 1 and sum(_own_figures(grid, column, header.rows) for column in columns) > 1:
            edges = raw.column_edges
            leaves += [replace(leaf, start=column, stop=column + 1, x0=edges[column], x1=edges[column + 1]) for column in columns]
        else:
            leaves.append(leaf)
    return replace(header, leaves=tuple(leaves))


def _own_figures(grid: Grid, column: int, first: int) -> bool:
    cells = [cell for row in range(first, grid.raw.n_rows) if (cell := grid.at(row, column)) and cell.row == row and cell.colspan == 1]
    texts = [text for cell in cells if (text := cell_text(cell).strip()) and text != "-"]
    return len(texts) > 1 and sum(bool(_BODY_FIGURE.fullmatch(text)) for text in texts) >= _FIGURES * len(texts)


def _without_figures(cells: Sequence[Cell]) -> bool:
    """Whether cells hold words alone: under titles that span them, beside titles that reach down, they are titles whatever they say."""
    return not any(re.search(r"\d", cell_text(cell)) for cell in cells)


def _worded_row(grid: Grid, row: int) -> bool:
    """Whether a row over the column numbers may belong to a header: it holds no amounts and no codes."""
    cells = grid.starting(row)
    texts = [text for cell in cells if (text := cell_text(cell))]
    if any(map(_holds_figure, texts)):
        return False
    figures = sum(bool(_FIGURE.fullmatch(_YEARS.sub("", text).strip())) for text in texts)
    return figures < 2 or number_row(cells) is not None


def same_header(one: Sequence[Leaf], other: Sequence[Leaf]) -> bool:
    """Whether two headers print the same columns, misread letters aside."""
    mine, theirs = ([compact(" ".join(leaf.path)) for leaf in leaves if leaf.path] for leaves in (one, other))
    if abs(len(mine) - len(theirs)) > 1:
        return False
    return fuzz.ratio(" ".join(mine), " ".join(theirs)) >= _SAME
