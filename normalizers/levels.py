"""Levels of rows that neither code nor words tell: from rows printed alike, from running numbers, and from sums.

DOMAIN section 1 gives the order: code, words, numbering style learnt per table, type face, capitals. That the rows under a program add
up to its amount tells more than how they look.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from normalizers.codes import is_account_code
from normalizers.labels import Numbering, leading_number, numbering_of
from normalizers.numbers import column_style, read_money
from normalizers.rows import LEVEL_LABELS, Row, Shape, has_figures
from normalizers.types import LEVELS, RowKind

_SURE = 0.6
_Style = tuple[Numbering, bool, bool, bool]


def levelled(rows: list[Row], shape: Shape) -> list[Row]:
    """Give rows of unknown level the level that the other rows of their table tell."""
    if any(row.label in LEVEL_LABELS for row in rows):
        return rows  # labels tell the levels, the rest are proposals under them
    if not any(row.kind is RowKind.PROGRAM for row in rows) or not (shape.name or "").startswith("uraian"):
        return rows
    return _by_style(_under_programs(rows, shape), shape)


def _under_programs(rows: list[Row], shape: Shape) -> list[Row]:
    """The rows under programs are kegiatan where they add up to their programs, or are numbered 1, 2, 3 ... under each."""
    if any(row.kind is RowKind.SUB_KEGIATAN for row in rows):
        return rows
    groups = [group for group in _groups(rows) if any(_undecided(rows[i]) for i in group[1:])]
    sums = [[vote for column in shape.of_kind("rupiah") for vote in _sums(rows, [group], column)] for group in groups]
    counted = [_counted(rows, group) for group in groups]
    votes = [vote for some in sums for vote in some] or counted
    if not votes or sum(votes) < _SURE * len(votes):
        return rows
    # where a program's own rows do not add up, and are not counted either, a row of it may be missing: then nothing is sure
    told = [group for group, some, count in zip(groups, sums, counted, strict=True) if any(some) or count or not some]
    inside = {i for group in told for i in group[1:]}
    reason = "baris di bawah program yang jumlahnya, atau nomor urutnya, menunjukkan kegiatan"
    return [replace(row, kind=RowKind.KEGIATAN, reason=reason) if i in inside and _undecided(row) else row for i, row in enumerate(rows)]


def _groups(rows: Sequence[Row]) -> Iterator[list[int]]:
    """Each program with the rows under it, by place in the table; a row above programs, or a total, ends a group."""
    group: list[int] = []
    for i, row in enumerate(rows):
        if row.kind is RowKind.PROGRAM:
            yield from [group] if group else []
            group = [i]
        elif row.kind in (RowKind.URUSAN, RowKind.BIDANG_URUSAN, RowKind.TOTAL) or row.label is not None:
            yield from [group] if group else []
            group = []
        elif group and row.kind in (RowKind.KEGIATAN, RowKind.OTHER):
            group.append(i)
    yield from [group] if group else []


def _sums(rows: Sequence[Row], groups: Sequence[Sequence[int]], column: str) -> Iterator[bool]:
    """Of each program that prints an amount: whether the rows under it add up to it."""
    style = column_style(row.cells[column].text for row in rows if column in row.cells)
    for group in groups:
        amounts = [read_money(rows[i].cells[column].text, style).rupiah if column in rows[i].cells else None for i in group]
        if amounts[0] and sum(amount is not None for amount in amounts[1:]) > 1:  # one amount repeated is no sum
            yield sum(amount or 0 for amount in amounts[1:]) == amounts[0]


def _counted(rows: Sequence[Row], group: Sequence[int]) -> bool:
    return [(rows[i].number or "").strip(" .)") for i in group[1:]] == [str(n) for n in range(1, len(group))]


def _style(row: Row, following: Row | None, shape: Shape) -> _Style:
    name = leading_number(row.printed_name or "")[1]
    letters = [c for c in name if c.isalpha()]
    capitals = bool(letters) and sum(c.isupper() for c in letters) >= 0.9 * len(letters)
    name_only = not has_figures(row.printed, shape) and following is not None and following.kind is RowKind.INDIKATOR
    return numbering_of(row.number), row.printed.bold, capitals, name_only


def _by_style(rows: list[Row], shape: Shape) -> list[Row]:
    """Give rows of unknown level the level of rows printed alike; two unknown styles under programs are kegiatan and sub kegiatan."""
    styles = [_style(row, rows[i + 1] if i + 1 < len(rows) else None, shape) for i, row in enumerate(rows)]
    coded: dict[_Style, Counter[RowKind]] = {}
    for row, style in zip(rows, styles, strict=True):
        if row.kind in LEVELS and row.code is not None:
            coded.setdefault(style, Counter())[row.kind] += 1
    levels = {style: votes.most_common(1)[0] for style, votes in coded.items()}
    sure = {style: level for style, (level, count) in levels.items() if count >= _SURE * sum(coded[style].values())}
    first = next(i for i, row in enumerate(rows) if row.kind is RowKind.PROGRAM)
    before = {style for row, style in zip(rows[:first], styles, strict=False) if _undecided(row)}
    before |= {style for row, style in zip(rows, styles, strict=True) if row.kind in LEVELS}  # known by words that the others lack
    open_styles = list(dict.fromkeys(style for row, style in zip(rows, styles, strict=True) if _undecided(row) and style not in sure))
    open_styles = [style for style in open_styles if style not in before]
    told = {row.kind for row in rows}
    if len(open_styles) == 2 and RowKind.KEGIATAN not in told:
        sure |= dict(zip(open_styles, (RowKind.KEGIATAN, RowKind.SUB_KEGIATAN), strict=True))
    elif len(open_styles) == 1 and RowKind.KEGIATAN in told and RowKind.SUB_KEGIATAN not in told:
        sure[open_styles[0]] = RowKind.SUB_KEGIATAN
    return [
        replace(row, kind=sure[style], reason=f"bentuk baris (penomoran {style[0]}) seperti baris {sure[style]}")
        if _undecided(row) and style in sure
        else row
        for row, style in zip(rows, styles, strict=True)
    ]


def _undecided(row: Row) -> bool:
    uncoded = row.code is None or "." not in row.code or is_account_code(row.printed_code or "")  # a lone `01` counts rows
    return row.kind is RowKind.OTHER and row.label is None and bool(row.printed_name) and uncoded
