"""Levels of rows that neither code nor words tell: from codes that go on from another, rows printed alike, running numbers, and sums.

They are asked in this order: code, words, numbering style learnt per table, type face, capitals. That the rows under a program add up to
its amount tells more than how they look.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from normalizers.codes import CodeSystem, is_account_code, parse
from normalizers.labels import Numbering, leading_number, numbering_of
from normalizers.numbers import column_style, read_money
from normalizers.rows import LEVEL_LABELS, Row, Shape, has_figures
from normalizers.types import LEVELS, RowKind

GUESSED = "tingkat baris diduga dari kelompok lain pada tabel ini"
_SURE = 0.6
_BELOW = {RowKind.PROGRAM: RowKind.KEGIATAN, RowKind.KEGIATAN: RowKind.SUB_KEGIATAN}
_CONTINUED = (RowKind.PROGRAM, RowKind.KEGIATAN, RowKind.SUB_KEGIATAN, RowKind.INDIKATOR)
_PARTS = re.compile(r"\d+(?:[.,\s]+\d+)*[.,]?")
_Style = tuple[Numbering, bool, bool, bool]


def levelled(rows: list[Row], shape: Shape) -> list[Row]:
    """Give rows of unknown level the level that the other rows of their table tell."""
    if any(row.label in LEVEL_LABELS for row in rows):
        return rows  # labels tell the levels, the rest are proposals under them
    rows = _by_prefix(rows, shape.outlined)
    if not any(row.kind is RowKind.PROGRAM for row in rows) or not (shape.name or "").startswith("uraian"):
        return rows
    return _continued(_by_nested_sums(_by_style(_under_programs(rows, shape), shape), shape), shape)


def _continued(rows: Sequence[Row], shape: Shape) -> list[Row]:
    """Rows without code, number and name continue the program, kegiatan or sub kegiatan above where they print figures in its columns."""
    told: list[Row] = []
    for row in rows:
        above = told[-1] if told else None
        bare = row.kind is RowKind.OTHER and not (row.printed_name or row.printed_code or row.number or row.label)
        if (
            bare
            and above is not None
            and above.kind in _CONTINUED
            and set(row.cells) <= set(above.cells)
            and has_figures(row.printed, shape)
        ):
            row = replace(row, kind=RowKind.INDIKATOR, reason="tanpa kode dan nama: angka lain dari baris di atasnya")
        told.append(row)
    return told


def _by_prefix(rows: Sequence[Row], outlined: bool) -> list[Row]:
    """A row whose code, or number in an outline, is that of a program or kegiatan above it and one part more (`29` and `29.1`) stands one
    level below that row."""
    known: dict[tuple[str, ...], RowKind] = {}
    told: list[Row] = []
    for row in rows:
        printed = row.printed_code or (row.number if outlined else None)
        parts = _parts(printed)
        below = _BELOW.get(known.get(parts[:-1], RowKind.OTHER))
        if below is not None and _may_be(row, below):
            row = replace(row, kind=below, reason=f"kode atau nomor {printed} adalah lanjutan dari baris {known[parts[:-1]]} di atasnya")
        if parts:
            known[parts] = row.kind
        told.append(row)
    return told


def _parts(printed: str | None) -> tuple[str, ...]:
    printed = (printed or "").strip()
    return tuple(re.findall(r"\d+", printed)) if _PARTS.fullmatch(printed) and not is_account_code(printed) else ()


def _may_be(row: Row, below: RowKind) -> bool:
    """Whether a row may get a level from its code's beginning: it has none, or has it from the length of a code of the older numbering."""
    if row.kind is RowKind.OTHER:
        return row.label is None and bool(row.printed_name)
    code = parse(row.printed_code or "")
    older = code is not None and code.system is CodeSystem.PERMENDAGRI_13
    return older and row.kind in LEVELS and LEVELS.index(row.kind) < LEVELS.index(below)


def _by_nested_sums(rows: list[Row], shape: Shape) -> list[Row]:
    """Rows under a program are kegiatan and sub kegiatan where each kegiatan is the sum of the rows after it, and the program of these.

    So a plan is read that prints neither codes nor numbers, and all names alike.
    """
    groups = [group for group in _groups(rows) if len(group) > 2 and all(_undecided(rows[i]) for i in group[1:])]
    told: dict[int, RowKind] = {}
    for column in shape.of_kind("rupiah") if groups else ():
        amounts = _amounts(rows, column)
        for group in groups:
            told |= dict(zip(group[1:], _nested([amounts[i] for i in group]), strict=False))
    reason = "setiap kegiatan adalah jumlah baris di bawahnya, dan program jumlah kegiatannya"
    return [replace(row, kind=told[i], reason=reason) if i in told else row for i, row in enumerate(rows)]


def _nested(amounts: Sequence[int | None]) -> list[RowKind]:
    """The levels of the rows under a program, whose amount stands first; none where they do not nest exactly."""
    program, *under = amounts
    kinds: list[RowKind] = []
    total = rest = 0
    for amount in under:
        if amount is None or amount < 0:
            return []
        if not rest and (amount or not kinds):
            kinds.append(RowKind.KEGIATAN)
            total, rest = total + amount, amount
        elif amount <= rest:
            kinds.append(RowKind.SUB_KEGIATAN)
            rest -= amount
        else:
            return []
    return kinds if program and total == program and not rest and RowKind.SUB_KEGIATAN in kinds else []


def _amounts(rows: Sequence[Row], column: str) -> list[int | None]:
    """The amounts of a column by row; a row without one has that of the line of amounts under its name."""
    style = column_style(row.cells[column].text for row in rows if column in row.cells)
    own = [read_money(row.cells[column].text, style).rupiah if column in row.cells else None for row in rows]
    below = [amount if row.kind is RowKind.INDIKATOR else None for row, amount in zip(rows[1:], own[1:], strict=True)]
    return [amount if amount is not None else under for amount, under in zip(own, [*below, None], strict=True)]


def _under_programs(rows: list[Row], shape: Shape) -> list[Row]:
    """The rows under programs are kegiatan where they add up to their programs, or are numbered one after the other.

    Where a program's own rows do neither, a row of it may be missing: their level is noted as guessed from the other programs.
    """
    if any(row.kind is RowKind.SUB_KEGIATAN for row in rows):
        return rows
    groups = [group for group in _groups(rows) if any(_undecided(rows[i]) for i in group[1:])]
    sums = [[vote for column in shape.of_kind("rupiah") for vote in _sums(rows, [group], column)] for group in groups]
    counted = list(_counted(rows, groups))
    votes = [vote for some in sums for vote in some] or counted
    if not votes or sum(votes) < _SURE * len(votes):
        return rows
    told = {i: any(some) or count or not some for group, some, count in zip(groups, sums, counted, strict=True) for i in group[1:]}
    reason = "baris di bawah program yang jumlahnya, atau nomor urutnya, menunjukkan kegiatan"
    return [
        replace(row, kind=RowKind.KEGIATAN, reason=reason, notes=row.notes if told[i] else (*row.notes, GUESSED))
        if i in told and _undecided(row)
        else row
        for i, row in enumerate(rows)
    ]


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


def _counted(rows: Sequence[Row], groups: Sequence[Sequence[int]]) -> Iterator[bool]:
    """Of each program: whether the rows under it are numbered 1, 2, 3 ..., or go on from the last number of the program before."""
    last = 0
    for group in groups:
        numbers = [(rows[i].number or "").strip(" .)") for i in group[1:]]
        yield any(numbers == [str(start + n) for n in range(1, len(group))] for start in (0, last))
        last = int(numbers[-1]) if numbers and numbers[-1].isdecimal() else last


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
