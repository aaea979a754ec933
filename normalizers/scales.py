"""A scale that one table of a document declares, for another that prints the same amounts of the same rows without saying so.

Evaluation forms print `K` and `Rp` over amounts in thousands, where the plan in the same document says `(Rp.000)`: the rows that both
tables print tell whether the scale is shared.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from normalizers.numbers import MOST_RUPIAH, Note
from normalizers.text import compact
from normalizers.types import Line, TypedTable, Value, ValueKind, ValueStatus

_ROWS = 3
_SHARE = 0.5


def share_scales(tables: Sequence[TypedTable]) -> tuple[TypedTable, ...]:
    """Give tables of scale 1 the scale of another where at least half of their common rows print a common amount."""
    scaled = [table for table in tables if table.scale > 1]
    return tuple(_rescaled(table, scaled) if table.scale == 1 and scaled else table for table in tables)


def _rescaled(table: TypedTable, scaled: Sequence[TypedTable]) -> TypedTable:
    for other in scaled:
        if _print_alike(table, other):
            lines = tuple(replace(line, values=tuple(_times(value, other.scale) for value in line.values)) for line in table.lines)
            note = f'skala {other.scale} diambil dari tabel "{other.title}" yang mencetak angka yang sama'
            return replace(table, scale=other.scale, lines=lines, notes=(*table.notes, note))
    return table


def _times(value: Value, scale: int) -> Value:
    if value.kind is not ValueKind.RUPIAH:
        return value
    candidates = tuple(amount * scale for amount in value.candidates if abs(amount * scale) <= MOST_RUPIAH)
    if value.rupiah is None:
        return replace(value, candidates=candidates)
    if abs(value.rupiah * scale) > MOST_RUPIAH:
        return replace(value, rupiah=None, status=ValueStatus.MALFORMED, note=Note.LARGE, candidates=candidates)
    return replace(value, rupiah=value.rupiah * scale, candidates=candidates)


def _print_alike(table: TypedTable, other: TypedTable) -> bool:
    mine, theirs = _printed(table), _printed(other)
    common = mine.keys() & theirs.keys()
    alike = sum(bool(mine[key] & theirs[key]) for key in common)
    return alike >= _ROWS and alike >= _SHARE * len(common)


def _printed(table: TypedTable) -> dict[str, set[int]]:
    """The amounts that each named row prints (before its scale), the amounts of a two-line row under its name; zeros are left out."""
    found: dict[str, set[int]] = {}
    key = ""
    for line in table.lines:
        key = line.code or _name(line) or key
        amounts = {value.rupiah // table.scale for value in line.values if value.kind is ValueKind.RUPIAH and value.rupiah}
        if key and amounts:
            found.setdefault(key, set()).update(amounts)
    return found


def _name(line: Line) -> str:
    return compact(line.printed_name or "")
