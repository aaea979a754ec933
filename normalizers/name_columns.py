"""Tables that print program, kegiatan and sub kegiatan in columns of their own: which column tells the level of a row."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from normalizers.labels import level_title, total_label
from normalizers.stitch import PrintedRow
from normalizers.types import LEVELS, RowKind

_WORD = re.compile(r"[A-Za-z]{3}")


def levels_apart(titles: Mapping[str, str], rows: Sequence[PrintedRow]) -> dict[str, RowKind]:
    """The columns of names by level, in the order in which a row's level is read from them; none where one column holds all names.

    First come those that name some of the `rows`, which print figures, alone, and are not repeated on the rows inside them: a row of two
    names is the outer's. Then come the others, the innermost first.
    """
    told = {column: level for column, title in titles.items() if (level := level_title(title))}
    if len(told) < 2 or len(set(told.values())) < len(told):
        return {}
    inward = sorted(told, key=lambda column: LEVELS.index(told[column]))
    leading = [column for i, column in enumerate(inward) if _leads(column, inward[i + 1 :], rows)]
    return {column: told[column] for column in (*leading, *reversed(inward))}


def _leads(column: str, inner: Sequence[str], rows: Sequence[PrintedRow]) -> bool:
    inside = [any(names(row, deeper) for deeper in inner) for row in rows]
    own = [names(row, column) for row in rows]
    both, alone = (sum(mine and within is wanted for mine, within in zip(own, inside, strict=True)) for wanted in (True, False))
    return alone > 0 and 2 * both <= sum(inside)


def names(row: PrintedRow, column: str) -> bool:
    """Whether a cell holds a name: words, and none of a total."""
    return column in row.cells and bool(_WORD.search(row.cells[column].text)) and not total_label(row.cells[column].text)
