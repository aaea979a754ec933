"""Table understanding: the pages of a document in, typed tables out.

Every logical table is found, classified and typed on its own, so that a document is never held as a whole. Parents and matches are set
later by others.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from extractors.types import Bbox, PageContent, TextKind
from normalizers.levels import levelled
from normalizers.misread import with_known_words
from normalizers.rows import Row, box_of, describe, join_rows, shape_of
from normalizers.scales import share_scales
from normalizers.separators import with_own_separators
from normalizers.stitch import LogicalTable, stitch
from normalizers.text import compact
from normalizers.types import LEVELS, Column, Line, RowKind, TypedTable
from normalizers.values import Reading, reading_of, values_of

_ID_LENGTH = 16
_UNITS = {"rupiah": "Rp", "persen": "%"}


@dataclass(frozen=True, slots=True)
class ColumnReason:
    """Why a printed column has its name."""

    name: str
    header: str
    kind: str
    score: float
    reason: str


@dataclass(frozen=True, slots=True)
class RowReason:
    """Why a row is of its kind."""

    page: int
    bbox: Bbox
    kind: RowKind
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class TableReason:
    """What was understood of one logical table, for `renja inspect`. `rows` are those of the page that was asked for."""

    kind: str
    title: str
    score: float
    reason: str
    first_page: int
    last_page: int
    columns: tuple[ColumnReason, ...]
    rows: tuple[RowReason, ...]


@dataclass(frozen=True, slots=True)
class _Understood:
    table: LogicalTable
    kinds: dict[str, str]
    rows: list[Row]
    notes: Counter[str]
    reading: Reading


def understand(pages: Iterable[PageContent], document_id: str) -> tuple[TypedTable, ...]:
    """The typed tables of a document, in printed order.

    `pages` may be a generator: pages are not held. Money is rupiah with the scale applied; `parent_id` and `match`
    of the lines stay None.
    """
    seen: Counter[str] = Counter()
    tables: list[TypedTable] = []
    for understood in _understood(pages):
        kind = understood.table.understanding.kind
        tables.append(_typed(understood, document_id, len(tables), seen[kind]))
        seen[kind] += 1
    return share_scales([*map(_cut, tables, tables[1:]), *tables[-1:]])


def _cut(table: TypedTable, following: TypedTable) -> TypedTable:
    """A table that the next one goes on is not complete: that one begins under a code that is the last of this one and not its own."""
    begun = next((line.code for line in following.lines if line.code), None)
    last = next((line.code for line in reversed(table.lines) if line.code), None)
    own = {line.code for line in following.lines}
    if begun is None or last is None or following.kind != table.kind or following.first_page > table.last_page + 1:
        return table
    above = (line.code for line in table.lines if line.code and f"{last}.".startswith(f"{line.code}."))
    if not any(begun.startswith(f"{code}.") for code in above if code not in own):
        return table
    return replace(table, complete=False, notes=(*table.notes, f"tabel berlanjut pada tabel di halaman {following.first_page}"))


def explain_page(pages: Iterable[PageContent], number: int) -> tuple[TableReason, ...]:
    """Why the headers and rows on one page were understood as they were; `pages` are those up to that page at least."""
    return tuple(_explained(found, number) for found in _understood(pages) if found.table.first_page <= number <= found.table.last_page)


def _explained(understood: _Understood, number: int) -> TableReason:
    table, understanding = understood.table, understood.table.understanding
    columns = tuple(
        ColumnReason(binding.name, " > ".join(leaf.path), binding.kind, binding.score, binding.reason)
        for leaf, binding in zip(table.leaves, understanding.bindings, strict=True)
    )
    rows = tuple(
        RowReason(number, box_of(row), row.kind, row.printed_name or next(iter(row.cells.values())).text, row.reason)
        for row in understood.rows
        if row.printed.page == number
    )
    pages = table.first_page, table.last_page
    return TableReason(understanding.kind, table.title, understanding.score, understanding.reason, *pages, columns, rows)


def _understood(pages: Iterable[PageContent]) -> Iterator[_Understood]:
    for table in stitch(pages):
        kinds = {binding.name: binding.kind for binding in table.understanding.bindings}
        headers = {binding.name: " ".join(leaf.path) for leaf, binding in zip(table.leaves, table.understanding.bindings, strict=True)}
        titles = {
            binding.name: leaf.path[-1] for leaf, binding in zip(table.leaves, table.understanding.bindings, strict=True) if leaf.path
        }
        shape = shape_of(table.rows, kinds, titles)
        joined = join_rows(table.rows, shape)
        reading = reading_of(joined.rows, kinds, headers, table.title)
        printed = with_known_words(with_own_separators(joined.rows, kinds, reading.styles), kinds)
        rows = levelled(describe(printed, shape), shape)
        if rows:
            yield _Understood(table, kinds, rows, table.notes + joined.notes, reading)


def _typed(understood: _Understood, document_id: str, order: int, kind_order: int) -> TypedTable:
    table = understood.table
    key = f"{document_id}|{table.understanding.kind}|{kind_order}"
    notes = [f"{note}: {count}" for note, count in understood.notes.items()]
    notes += [f"halaman hilang sebelum halaman {page}" for page in table.gaps]
    notes += [understood.reading.doubt] if understood.reading.doubt else []
    return TypedTable(
        id=_short_hash(key),
        order=order,
        kind=table.understanding.kind,
        title=table.title,
        columns=_columns(table),
        lines=_lines(understood, key),
        first_page=table.first_page,
        last_page=table.last_page,
        scale=understood.reading.scale,
        method=table.methods.most_common(1)[0][0] if table.methods else "",
        confidence=round(min(table.confidence, table.understanding.score), 4),
        complete=not table.gaps,
        text_kind=table.text_kinds.most_common(1)[0][0] if table.text_kinds else TextKind.TEXT,
        notes=tuple(notes),
    )


def _columns(table: LogicalTable) -> tuple[Column, ...]:
    return tuple(
        Column(
            name=binding.name,
            header=" > ".join(leaf.path),
            kind=binding.kind,
            unit=_UNITS.get(binding.kind),
            number=leaf.number,
            formula=leaf.formula,
            binding=round(binding.score, 4),
        )
        for leaf, binding in zip(table.leaves, table.understanding.bindings, strict=True)
    )


def _lines(understood: _Understood, table_key: str) -> tuple[Line, ...]:
    lines = []
    identities = _identities(understood.rows, table_key)
    for order, (row, identity) in enumerate(zip(understood.rows, identities, strict=True)):
        lines.append(
            Line(
                id=identity,
                order=order,
                page=row.printed.page,
                bbox=box_of(row),
                kind=row.kind,
                cells=dict(row.cells),
                values=values_of(row.printed, understood.kinds, understood.reading),
                printed_code=row.printed_code,
                printed_name=row.printed_name,
                code=row.code,
                number=row.number,
                bold=row.printed.bold,
                label=row.label,
                notes=row.notes,
            )
        )
    return tuple(lines)


def _identities(rows: Iterable[Row], table_key: str) -> Iterator[str]:
    """Line ids from code path or name path and occurrence; page and place do not count."""
    seen: Counter[str] = Counter()
    path: dict[RowKind, str] = {}
    for row in rows:
        own = row.code or compact(row.printed_name or "") or compact("".join(cell.text for cell in row.cells.values()))
        if row.kind in LEVELS:
            rank = LEVELS.index(row.kind)
            path = {level: key for level, key in path.items() if LEVELS.index(level) < rank}
        above = "" if row.code else "/".join(path.values())
        if row.kind in LEVELS:
            path[row.kind] = own
        key = f"{table_key}|{row.kind}|{above}|{own}"
        yield _short_hash(f"{key}|{seen[key]}")
        seen[key] += 1


def _short_hash(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()[:_ID_LENGTH]
