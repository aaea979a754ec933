"""Separators of figures that were read from an image: dots and commas are seen less surely than digits, and are those of their column.

Groups of exactly three digits are groups whatever parts them, and the style of the column says how it writes that. Anything else stays as
it was read: of two digits at the end of an amount a third may be lost.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from normalizers.numbers import NumberStyle
from normalizers.stitch import PrintedRow
from normalizers.types import CellText

_WHOLE = r"(?<![\d.,])(?<!\d )"
_GROUPS = re.compile(_WHOLE + r"[1-9]\d{0,2}(?:[.,]\d{3})+(?![.,]?\d)")
_DECIMALS = re.compile(_WHOLE + r"(\d{1,3})[.,](\d{1,2})(?![.,]?\d)")
_MARKS = {NumberStyle.ID: (".", ","), NumberStyle.EN: (",", ".")}


def with_own_separators(rows: Sequence[PrintedRow], kinds: Mapping[str, str], styles: Mapping[str, NumberStyle]) -> list[PrintedRow]:
    """The rows, figures of money and percent columns that were read from an image written in the style of their column."""
    return [replace(row, cells=_cells(row, kinds, styles)) if row.ocr else row for row in rows]


def _cells(row: PrintedRow, kinds: Mapping[str, str], styles: Mapping[str, NumberStyle]) -> dict[str, CellText]:
    return {
        column: replace(cell, text=in_style(cell.text, kinds[column], styles[column])) if column in styles else cell
        for column, cell in row.cells.items()
    }


def in_style(text: str, kind: str, style: NumberStyle) -> str:
    """The figures of a text with the separators of a style: groups of money (`1,791.010,463`), decimals of percents (`98.18`)."""
    if style not in _MARKS:
        return text
    group, decimal = _MARKS[style]
    if kind == "rupiah":
        return _GROUPS.sub(lambda match: re.sub("[.,]", group, match[0]), text)
    return _DECIMALS.sub(rf"\g<1>{decimal}\g<2>", text) if kind == "persen" else text
