"""The scale of money tables that do not print one, learnt from a sister table of the same document that does."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from normalizers.text import fold
from normalizers.types import Line, TypedTable, Value, ValueKind

LEAST_ROWS = 3  # rows that print the same figure in both tables before one says anything of the other


def with_shared_scale(tables: Sequence[TypedTable]) -> tuple[TypedTable, ...]:
    """Give a money table without a printed scale the scale of a table that prints, row for row, the same figures.

    A document that declares `(Rp.000)` over one table often forgets it over the next: `19.687.487` stands on the same program in both.
    The scale is taken where at least three rows, and most of the rows that both tables name, share a figure.
    """
    scaled = [table for table in tables if table.scale > 1]
    return tuple(_from_sisters(table, scaled) if table.scale == 1 else table for table in tables)


def _from_sisters(table: TypedTable, scaled: Sequence[TypedTable]) -> TypedTable:
    own = _figures(table)
    for sister in scaled:
        other = _figures(sister)
        shared = [key for key in own if key in other]
        agreeing = sum(bool(own[key] & other[key]) for key in shared)
        if agreeing >= LEAST_ROWS and 2 * agreeing > len(shared):
            note = f"skala {sister.scale} menurut tabel {sister.order + 1}: {agreeing} baris mencetak angka yang sama"
            lines = tuple(_scaled(line, sister.scale) for line in table.lines)
            return replace(table, scale=sister.scale, lines=lines, notes=(*table.notes, note))
    return table


def _figures(table: TypedTable) -> dict[str, set[int]]:
    """The printed amounts (scale taken off) by the code, or else the name, of their row."""
    found: dict[str, set[int]] = defaultdict(set)
    for line in table.lines:
        key = line.code or fold(line.printed_name or "")
        amounts = {value.rupiah // table.scale for value in line.values if value.kind is ValueKind.RUPIAH and value.rupiah}
        if key and amounts:
            found[key] |= amounts
    return found


def _scaled(line: Line, scale: int) -> Line:
    def times(value: Value) -> Value:
        if value.kind is not ValueKind.RUPIAH:
            return value
        rupiah = None if value.rupiah is None else value.rupiah * scale
        return replace(value, rupiah=rupiah, candidates=tuple(candidate * scale for candidate in value.candidates))

    return replace(line, values=tuple(times(value) for value in line.values))
