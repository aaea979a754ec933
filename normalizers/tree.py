"""The tree of lines: which printed row rolls up into which, from order, level, code, name and match together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from normalizers import labels
from normalizers.codes import CodeSystem, parse
from normalizers.types import LEVELS, Line, MatchStatus, RowKind, TypedTable

RANK: dict[RowKind, float] = {kind: float(rank) for rank, kind in enumerate(LEVELS)}
AGENCY_LABEL = "opd"
_ABOVE_URUSAN, _BELOW_BIDANG = -1.0, 1.5
_SURE = (MatchStatus.EXACT, MatchStatus.REPAIRED, MatchStatus.FUZZY, MatchStatus.MANUAL)
_NAMED_LEVELS = (RowKind.PROGRAM, RowKind.KEGIATAN, RowKind.SUB_KEGIATAN)
_ACCOUNT_PARTS = 5
_MOSTLY = 0.8  # of the rows of a list, that tell the level of the rest


def is_account_code(printed: str | None) -> bool:
    """Whether a printed code is a kode rekening of at least five parts (`5.1.02.01.01.0031`), long enough to stand for a sub kegiatan."""
    code = parse(printed) if printed else None
    return code is not None and code.system is CodeSystem.ACCOUNT and len(code.parts) >= _ACCOUNT_PARTS


def is_agency(line: Line) -> bool:
    """Whether the row is the agency's own row (label `opd`, or an agency's name), which carries the sum of what stands under it."""
    return line.label == AGENCY_LABEL or (line.kind is RowKind.OTHER and labels.is_agency(line.printed_name or ""))


def sure_code(line: Line) -> str | None:
    """The official code of a line where the match is beyond doubt, else None."""
    return line.match.code if line.match is not None and line.match.status in _SURE else None


def best_code(line: Line) -> str | None:
    """The official code where the match is sure, else the normalised printed code."""
    return sure_code(line) or line.code


def with_parents(table: TypedTable) -> TypedTable:
    """Return the table with `Line.parent_id` set, and `Line.kind` refined where match, name words or an account code say so.

    May be called before matching (no `Line.match`) and again after it; the result depends on the lines alone.
    A table of accounts is nested by code prefix, any other by level in printed order: a wrong code does not move a row.
    """
    if is_account_table(table):
        parents = _parents_by_prefix(table.lines)
        return replace(table, lines=tuple(replace(line, parent_id=parents.get(line.id)) for line in table.lines))
    lines = _refined(table.lines)
    if is_list(lines):
        return replace(table, lines=tuple(replace(line, parent_id=None) for line in _one_level(lines)))
    parents = _parents_by_level(lines)
    return replace(table, lines=tuple(replace(line, parent_id=parents.get(line.id)) for line in lines))


def is_account_table(table: TypedTable) -> bool:
    """Whether the rows are accounts (belanja operasi, belanja modal ...) rather than programs and kegiatan."""
    return table.column("kode_rekening") is not None and not any(line.kind in RANK for line in table.lines)


def _refined(lines: Sequence[Line]) -> list[Line]:
    levelled = any(line.kind in RANK for line in lines)
    refined: list[Line] = []
    for line in lines:
        kind = _kind(line, levelled)
        refined.append(line if kind is line.kind else replace(line, kind=kind))
    return refined


def is_list(lines: Sequence[Line]) -> bool:
    """Whether all rows are numbered 1, 2, 3 ... through: a plain list, as the programs of an agreement, whatever levels were guessed.

    Where their codes are of several levels, the numbers merely count the printed rows of a tree.
    """
    rows = [line for line in lines if line.kind not in (RowKind.TOTAL, RowKind.INDIKATOR)]
    if len({code.level for line in rows if line.code and (code := parse(line.code)) and code.level}) > 1:
        return False
    numbers = [(line.number or "").strip(" .)") for line in rows]
    return len(rows) > 1 and numbers == [str(i) for i in range(1, len(rows) + 1)]


def _one_level(lines: Sequence[Line]) -> list[Line]:
    sure = {line.match.level for line in lines if sure_code(line) and line.match is not None and line.match.level is not None}
    told = Counter(line.kind for line in lines if line.kind not in (RowKind.TOTAL, RowKind.INDIKATOR)).most_common(1)[0]
    kind = sure.pop() if len(sure) == 1 else told[0] if told[1] >= _MOSTLY * len(lines) else RowKind.OTHER
    return [line if line.kind in (RowKind.TOTAL, RowKind.INDIKATOR) else replace(line, kind=kind) for line in lines]


def _kind(line: Line, levelled: bool) -> RowKind:
    if line.kind in (RowKind.TOTAL, RowKind.INDIKATOR) or is_agency(line):
        return line.kind
    if sure_code(line) and line.match is not None and line.match.level is not None:
        return line.match.level
    if levelled and is_account_code(line.printed_code):
        return RowKind.SUB_KEGIATAN
    said = labels.level_word(line.printed_name or "") if line.code is None else None
    return said if said in _NAMED_LEVELS and _may_become(line.kind, said) else line.kind


def _may_become(kind: RowKind, said: RowKind) -> bool:
    """A row of unknown level takes the level that its name says; a row that has one only where the word is explicit in capitals."""
    return kind is RowKind.OTHER or (said is RowKind.PROGRAM and kind in (RowKind.KEGIATAN, RowKind.SUB_KEGIATAN))


def _parents_by_level(lines: Sequence[Line]) -> dict[str, str]:
    parents: dict[str, str] = {}
    stack: list[tuple[float, Line]] = []
    carrier: Line | None = None
    for position, line in enumerate(lines):
        rank = _agency_rank(lines[position + 1 :]) if is_agency(line) else RANK.get(line.kind)
        if line.kind is RowKind.INDIKATOR and carrier is not None:
            parents[line.id] = carrier.id
        if rank is None:
            carrier = line if line.kind is RowKind.OTHER else carrier
            continue
        while stack and stack[-1][0] >= rank:
            stack.pop()
        if stack:
            parents[line.id] = stack[-1][1].id
        stack.append((rank, line))
        carrier = line
    return parents


def _agency_rank(following: Iterable[Line]) -> float:
    """An agency's row stands over the urusan that follow it, or under the bidang that precedes it (SIPD prints both)."""
    for line in following:
        if line.kind in RANK:
            return _ABOVE_URUSAN if line.kind in (RowKind.URUSAN, RowKind.BIDANG_URUSAN) else _BELOW_BIDANG
    return _BELOW_BIDANG


def _parents_by_prefix(lines: Sequence[Line]) -> dict[str, str]:
    parents: dict[str, str] = {}
    open_lines: list[tuple[str, Line]] = []
    for line in lines:
        code = (line.code or line.printed_code or "").strip(" .")
        if not code or line.kind is RowKind.TOTAL:
            continue
        while open_lines and not code.startswith(open_lines[-1][0] + "."):
            open_lines.pop()
        if open_lines:
            parents[line.id] = open_lines[-1][1].id
        open_lines.append((code, line))
    return parents
