"""Published identifiers that are made here: short hashes of what a row is, not of where it stands."""

from __future__ import annotations

from collections.abc import Iterator

from normalizers.types import Line, Value
from pipeline.store import content_key

_LENGTH = 16


def short_id(*parts: str) -> str:
    return content_key(*parts)[:_LENGTH]


def numbered_values(line: Line) -> Iterator[tuple[str, Value]]:
    """Each value of a line with its `nilai_id`: a hash of line, column and place among the column's values."""
    seen: dict[str, int] = {}
    for value in line.values:
        place = seen.get(value.column, 0)
        seen[value.column] = place + 1
        yield short_id("nilai", line.id, value.column, str(place)), value
