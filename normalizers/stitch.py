"""Raw tables of single pages put together to logical tables, with printed rows under canonical columns.

A page continues the table before it where it repeats its header, repeats only the row of column numbers, or prints no header at all over
the same columns; a new title, another header, or a numbering that restarts after a total begins a new table.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from rapidfuzz import fuzz

from extractors.types import Bbox, Cell, PageContent, RawTable, TextKind, TextLine
from normalizers.across import joined_across
from normalizers.classify import Understanding, bind, classify
from normalizers.codes import looks_like_code
from normalizers.contents import Content, content_of
from normalizers.header import Grid, Header, Leaf, cell_text, find_header, number_row, same_header, split_leaves
from normalizers.labels import lone_number, total_label
from normalizers.parts import parts_of
from normalizers.text import compact, squash
from normalizers.titles import PageLines, caption, has_words
from normalizers.types import CellText
from normalizers.vocabulary import load

_READ_BY_OCR = (TextKind.SCAN, TextKind.MIXED)
_SAMPLE = 40  # body rows that speak for a column's content
_EDGE_TOLERANCE = 0.012  # of the table's width
_SAME_TITLE = 85.0
_CLEAR_HEADER = 0.75
_EDGE_POINTS = 4.0


@dataclass(frozen=True, slots=True)
class PrintedRow:
    """One row of a page's grid under canonical columns. `first` tells that it is the first body row of its page.

    `spanning` is the column of a text that is printed across several columns. Only non-empty cells are there.
    """

    page: int
    bbox: Bbox
    cells: dict[str, CellText]
    bold: bool
    first: bool
    spanning: str | None = None
    ocr: bool = False


@dataclass(slots=True)
class LogicalTable:
    """One logical table while its pages arrive. `leaves` are those of the first header; `notes` count what was dropped."""

    title: str
    understanding: Understanding
    leaves: tuple[Leaf, ...]
    edges: tuple[float, ...]
    first_page: int
    last_page: int
    rows: list[PrintedRow] = field(default_factory=list)
    methods: Counter[str] = field(default_factory=Counter)
    text_kinds: Counter[TextKind] = field(default_factory=Counter)
    confidence: float = 1.0
    notes: Counter[str] = field(default_factory=Counter)
    gaps: list[int] = field(default_factory=list)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(binding.name for binding in self.understanding.bindings)


def stitch(pages: Iterable[PageContent]) -> Iterator[LogicalTable]:
    """Put the raw tables of a document together, lazily: a table is handed on as soon as another begins."""
    current: LogicalTable | None = None
    lines = PageLines()
    for page in joined_across(pages):
        for printed in (part for table in page.tables for part in parts_of(table)):
            if not any(cell.lines for cell in printed.cells) or printed.n_columns < 2:
                continue
            raw = replace(printed, above=lines.without_heads(printed.above))
            found = find_header(raw)
            header = _true_header(current, raw, split_leaves(raw, found) if found is not None else None)
            new_text = lines.new_text(raw.above)
            if current is not None and not new_text and _continues(current, raw, header):
                _extend(current, page, raw, header)
                continue
            if current is not None:
                yield current
            current = _begin(page, raw, header, lines)
        lines.learn(page)
    if current is not None:
        yield current


def _true_header(table: LogicalTable | None, raw: RawTable, header: Header | None) -> Header | None:
    """The header of a page, unless it is body text over the columns of the table before it that merely reads like one."""
    if table is None or header is None or header.numbered or same_header(table.leaves, header.leaves):
        return header
    if raw.page - table.last_page > 1 or any(map(has_words, raw.above)) or not _same_columns(table, raw, None):
        return header
    understanding = classify(header.leaves, _contents(raw, header, header.leaves))
    return header if understanding.score >= _CLEAR_HEADER else None


def _continues(table: LogicalTable, raw: RawTable, header: Header | None) -> bool:
    gap = raw.page - table.last_page
    title, number = caption(raw.above)
    known_title, known_number = table.title, caption([TextLine(table.title, raw.bbox)])[1]
    inside = header.title if header is not None else None
    if inside and known_title and fuzz.ratio(compact(inside), compact(known_title)) < _SAME_TITLE:
        return False
    if number is not None and (number != known_number or fuzz.partial_ratio(compact(title), compact(known_title)) < _SAME_TITLE):
        return False
    if header is not None and header.worded:
        if not same_header(table.leaves, header.leaves):
            return False
    elif gap > 1 or not _same_columns(table, raw, header):
        return False
    body = next(_body(raw, header), None)
    restarts = body is not None and _restarts(table, [cell_text(cell) for cell in body])
    if gap > 1:
        return not restarts and _next_number(table, [cell_text(cell) for cell in body] if body else [])
    if gap == 0 and any(map(has_words, raw.above)):
        return False
    return not restarts


def _same_columns(table: LogicalTable, raw: RawTable, header: Header | None) -> bool:
    """Whether a page without header words prints over the columns of the table before it."""
    if header is not None and header.numbered:
        printed = [leaf.number for leaf in header.leaves if leaf.number]
        known = [leaf.number for leaf in table.leaves if leaf.number]
        return printed == known or len(header.leaves) == len(table.leaves)
    if _on_edges(table, raw):
        return True
    mine, theirs = _relative(table.edges), _relative(raw.column_edges)
    near = sum(any(abs(a - b) <= _EDGE_TOLERANCE for a in mine) for b in theirs) / len(theirs)
    if len(mine) == len(theirs):
        return near >= 0.5
    as_wide = 0.9 <= raw.bbox.width / max(1.0, table.edges[-1] - table.edges[0]) <= 1.1
    return as_wide and near >= 0.75 and len(theirs) > 3


def _on_edges(table: LogicalTable, raw: RawTable) -> bool:
    """Whether a page's columns stand on edges of the table in points; some of its columns may be missing (merged cells without rules)."""
    near = sum(any(abs(a - b) <= _EDGE_POINTS for a in table.edges) for b in raw.column_edges)
    return len(raw.column_edges) > 3 and near >= 0.9 * len(raw.column_edges)


def _relative(edges: Sequence[float]) -> tuple[float, ...]:
    width = (edges[-1] - edges[0]) or 1.0
    return tuple((edge - edges[0]) / width for edge in edges)


def _restarts(table: LogicalTable, texts: Sequence[str]) -> bool:
    """Whether a row begins the numbering anew after the table's total."""
    ended = bool(table.rows) and any(total_label(cell.text) for cell in table.rows[-1].cells.values())
    return ended and bool(texts) and (lone_number(texts[0]) or "").upper() in ("1", "I", "A")


def _next_number(table: LogicalTable, texts: Sequence[str]) -> bool:
    last = next((number for row in reversed(table.rows) if (cell := row.cells.get("no")) and (number := lone_number(cell.text))), None)
    first = lone_number(texts[0]) if texts else None
    return bool(last and first and last.isdigit() and first.isdigit() and int(first) == int(last) + 1)


def _begin(page: PageContent, raw: RawTable, header: Header | None, lines: PageLines) -> LogicalTable:
    bare = (Leaf(i, i + 1, left, right, ()) for i, (left, right) in enumerate(pairwise(raw.column_edges)))
    leaves = header.leaves if header is not None else tuple(bare)
    title = (header.title if header is not None else None) or caption(raw.above)[0] or lines.heading_over(page, raw)
    understanding = classify(leaves, _contents(raw, header, leaves), title)
    table = LogicalTable(title, understanding, leaves, raw.column_edges, raw.page, _last_page(raw))
    _add(table, page, raw, header, _places(raw.n_columns, leaves, table.names))
    return table


def _extend(table: LogicalTable, page: PageContent, raw: RawTable, header: Header | None) -> None:
    if raw.page - table.last_page > 1:
        table.gaps.append(raw.page)
    if header is not None and header.worded:
        table.notes["judul kolom berulang dibuang"] += 1
    _add(table, page, raw, header, _continued_places(table, raw, header))
    table.last_page = max(table.last_page, _last_page(raw))


def _last_page(raw: RawTable) -> int:
    """The last page that a raw table was printed on: parts of a wide sheet stand on pages of their own."""
    return max(cell.page for cell in raw.cells)


def _places(n_columns: int, leaves: Sequence[Leaf], names: Sequence[str]) -> list[str]:
    places = [""] * n_columns
    for leaf, name in zip(leaves, names, strict=True):
        places[leaf.start : leaf.stop] = [name] * (leaf.stop - leaf.start)
    return places


def _continued_places(table: LogicalTable, raw: RawTable, header: Header | None) -> list[str]:
    """The column name of each grid column of a continuation page: by header, by column number, by edges.

    A repeated header of more or fewer columns, on the edges of the table, lost or gained a rule: its columns are those of the table.
    """
    if header is not None and header.worded and not (len(header.leaves) != len(table.leaves) and _on_edges(table, raw)):
        kind = load().tables.kinds.get(table.understanding.kind)
        names = tuple(binding.name for binding in bind(header.leaves, _contents(raw, header, header.leaves), kind))
        alike = len(names) == len(table.names) and set(names) != set(table.names)
        return _places(raw.n_columns, header.leaves, table.names if alike else names)
    if raw.n_columns + 1 == len(table.edges):
        return _places(raw.n_columns, table.leaves, table.names)
    if header is not None and len(header.leaves) == len(table.leaves):
        return _places(raw.n_columns, header.leaves, table.names)
    absolute = _on_edges(table, raw)
    mine, theirs = (table.edges, raw.column_edges) if absolute else (_relative(table.edges), _relative(raw.column_edges))
    places = []
    for left, right in pairwise(theirs):
        centre = (left + right) / 2
        place = next((i for i, leaf in enumerate(table.leaves) if mine[leaf.start] <= centre <= mine[leaf.stop]), len(table.leaves) - 1)
        places.append(table.names[place])
    return places


def _body(raw: RawTable, header: Header | None) -> Iterator[list[Cell]]:
    """The filled rows under the header, without repeated rows of column numbers."""
    grid = Grid(raw)
    for row in range(header.rows if header is not None else 0, raw.n_rows):
        cells = grid.starting(row)
        if any(cell.lines for cell in cells) and not (row < 2 and number_row(cells)):
            yield cells


def _contents(raw: RawTable, header: Header | None, leaves: Sequence[Leaf]) -> list[Content]:
    texts: list[list[str]] = [[] for _ in leaves]
    for count, cells in enumerate(_body(raw, header)):
        if count == _SAMPLE:
            break
        for i, leaf in enumerate(leaves):
            inside = (cell for cell in cells if leaf.start <= cell.column and cell.column + cell.colspan <= leaf.stop)
            parts = [text for cell in inside if (text := cell_text(cell))]
            dotted = ".".join(parts)
            texts[i].append(dotted if len(parts) > 1 and looks_like_code(dotted) else " ".join(parts))
    return [content_of(column) for column in texts]


def _add(table: LogicalTable, page: PageContent, raw: RawTable, header: Header | None, places: Sequence[str]) -> None:
    kinds = {binding.name: binding.kind for binding in table.understanding.bindings}
    first = True
    for cells in _body(raw, header):
        row = _printed_row(raw, cells, places, kinds, first, page.text_kind in _READ_BY_OCR)
        if row is None or _repeats_header(row, table.leaves):
            continue
        if first and raw.page != table.first_page and _repeats_total(table, row):
            table.notes["jumlah yang berulang di tiap halaman dibuang"] += 1
            continue
        table.rows.append(row)
        first = False
    table.methods[raw.method] += 1
    table.text_kinds[page.text_kind] += 1
    table.confidence = min(table.confidence, raw.confidence)


def _printed_row(
    raw: RawTable, cells: Sequence[Cell], places: Sequence[str], kinds: dict[str, str], first: bool, ocr: bool
) -> PrintedRow | None:
    found: dict[str, list[tuple[Cell, str]]] = {}
    spanning = None
    for cell in cells:
        text = cell_text(cell)
        if not text:
            continue
        over = list(dict.fromkeys(places[cell.column : cell.column + cell.colspan]))
        name = _fitting(text, over, kinds)
        spanning = name if len(over) > 1 else spanning
        found.setdefault(name, []).append((cell, text))
    if not found:
        return None
    row = cells[0].row
    bbox = Bbox(raw.bbox.x0, raw.row_edges[row], raw.bbox.x1, raw.row_edges[row + 1])
    texts = {name: _cell_text(parts, kinds.get(name, "teks")) for name, parts in found.items()}
    worded = [cell for cell in texts.values() if re.search(r"[A-Za-z]", cell.text)]
    return PrintedRow(raw.page, bbox, texts, bool(worded) and all(cell.bold for cell in worded), first, spanning, ocr)


def _fitting(text: str, over: Sequence[str], kinds: dict[str, str]) -> str:
    """Which of the columns that a cell spans its text belongs to: the first, unless that holds codes or figures and the text is none."""
    if len(over) == 1:
        return over[0]
    wordy = bool(re.search(r"[A-Za-z]{3}", text))
    if wordy:
        return next((name for name in over if kinds.get(name, "teks") not in ("kode", "rupiah", "persen")), over[0])
    wanted = "kode" if looks_like_code(text) else "rupiah" if re.search(r"\d[.,]\d{3}", text) else None
    return next((name for name in over if wanted and kinds.get(name) == wanted), over[0])


def _cell_text(parts: Sequence[tuple[Cell, str]], kind: str) -> CellText:
    texts = [text for _, text in parts]
    text = ".".join(part.strip(" .") for part in texts) if kind == "kode" and len(texts) > 1 else " ".join(texts)
    bbox = parts[0][0].bbox
    for cell, _ in parts[1:]:
        bbox = bbox.union(cell.bbox)
    conflict = next((cell.conflict for cell, _ in parts if cell.conflict is not None), None)
    return CellText(text, parts[0][0].page, bbox, all(cell.bold for cell, _ in parts), min(cell.confidence for cell, _ in parts), conflict)


def _repeats_header(row: PrintedRow, leaves: Sequence[Leaf]) -> bool:
    """Whether a row inside the body prints the header again."""
    titles = {compact(text) for leaf in leaves for text in leaf.path}
    texts = [compact(cell.text) for cell in row.cells.values()]
    return len(texts) >= min(3, len(leaves)) and all(text in titles for text in texts)


def _repeats_total(table: LogicalTable, row: PrintedRow) -> bool:
    if not any(total_label(cell.text) for cell in row.cells.values()):
        return False
    mine = {name: squash(cell.text) for name, cell in row.cells.items()}
    return any({name: squash(cell.text) for name, cell in other.cells.items()} == mine for other in table.rows if other.first)
