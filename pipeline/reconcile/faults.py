"""From faults to findings: how grave, how certain, what to say, and what the rest of the arithmetic says about it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from normalizers.tree import is_agency
from normalizers.types import RowKind
from pipeline.findings import Certainty, CheckStatus, Finding, Severity

from . import messages
from .causes import explain, one_digit_apart, other_bases
from .equations import COLUMN_SUMS, Equation
from .intervals import magnitude
from .locate import Fault
from .outcome import finding
from .row_arithmetic import sign_is_lost
from .sheet import Figure, Key


def findings_of(faults: Sequence[Fault], witnesses: Mapping[Key, Sequence[Figure]]) -> list[Finding]:
    """One finding for each fault; mirrored columns that show the same figures on one row are told once."""
    return [_finding(fault, mirrored, witnesses) for fault, mirrored in _merge_mirrored(faults)]


def sign_faults(equations: Sequence[Equation]) -> list[Fault]:
    """R05: rows of a column without signs whose decrease is right but for its sign."""
    lost = [(equation, equation.verdict()) for equation in equations if equation.rule == "R05"]
    return [Fault(e.target, verdict.computed, (e,), located=False) for e, verdict in lost if verdict.computed is not None]


def roundings_of(equations: Sequence[Equation]) -> list[Finding]:
    """Differences within the printed precision: one by one where few, else told once for the table, as information."""
    by_sheet: dict[str, list[Equation]] = defaultdict(list)
    for equation in equations:
        verdict = equation.verdict()
        if equation.rule in COLUMN_SUMS and verdict.status is CheckStatus.ROUNDING:
            by_sheet[equation.sheet.table.id].append(equation)
    return [one for group in by_sheet.values() for one in _roundings(group)]


def _roundings(group: Sequence[Equation]) -> Iterable[Finding]:
    few = len(group) <= 5
    for equation in group if few else group[:1]:
        verdict, target = equation.verdict(), equation.target
        kind = target.value.kind
        printed, computed = messages.figure(target.amount, kind), messages.figure(equation.total(), kind)
        text = f"{_where(target, equation)}: tercetak {printed}, jumlah rinciannya {computed}; selisihnya dalam batas pembulatan cetak."
        if not few:
            text = f"{text} Tabel ini memuat {len(group)} selisih pembulatan semacam itu."
        evidence = [figure.line.id for member in ([equation] if few else group) for figure in (member.target,)]
        yield finding(
            equation.rule,
            equation.sheet,
            target.line,
            text,
            column=target.column,
            status=CheckStatus.ROUNDING,
            severity=Severity.INFO,
            certainty=Certainty.ROUNDING,
            printed=target.value.printed,
            expected=computed,
            difference=verdict.difference,
            evidence=[*evidence, *([figure.line.id for figure, _ in equation.terms] if few else [])],
            value=target.value,
            mark="pembulatan",
        )


def _merge_mirrored(faults: Sequence[Fault]) -> list[tuple[Fault, tuple[str, ...]]]:
    first: dict[tuple[str, str, str, str], int] = {}
    merged: list[tuple[Fault, tuple[str, ...]]] = []
    for fault in faults:
        key = fault.figure.line.id, fault.equations[0].rule, str(fault.figure.amount), str(fault.needed)
        if key in first:
            earlier, columns = merged[first[key]]
            merged[first[key]] = earlier, (*columns, fault.figure.column)
        else:
            first[key] = len(merged)
            merged.append((fault, ()))
    return merged


def _finding(fault: Fault, mirrored: tuple[str, ...], witnesses: Mapping[Key, Sequence[Figure]]) -> Finding:
    equation, target, kind = fault.equations[0], fault.figure, fault.figure.value.kind
    sheet = equation.sheet
    lost_sign = equation.rule in ("R04", "R05") and target.key == equation.target.key and sign_is_lost(equation)
    grand_total = not lost_sign and is_grand_total(fault)
    rule = "R05" if lost_sign else "R13" if grand_total else equation.rule
    severity, certainty = _gravity(fault, grand_total)
    if equation.rule == "R05":  # the whole column does without signs: a habit of the print, not a slip in one row
        severity = Severity.WARNING
    cause = explain(fault, grand_total, witnesses)
    if cause is None and certainty is Certainty.MAYBE_OCR and one_digit_apart(target.amount, fault.needed):
        cause = "mungkin satu angka salah terbaca dari pindaian"
    also = f" Sama pada kolom {', '.join(messages.column(column) for column in mirrored)}." if mirrored else ""
    text = f"{_where(target, equation)}: {_statement(fault, rule)}.{also}"
    if cause and not grand_total:
        text += f" Kemungkinan sebab: {cause}."
    return finding(
        rule,
        sheet,
        target.line,
        text,
        column=target.column,
        severity=severity,
        certainty=certainty,
        printed=target.value.printed,
        expected=messages.figure(fault.needed, kind),
        difference=target.amount - fault.needed,
        cause=cause,
        evidence=_evidence(fault),
        value=target.value,
    )


def _where(target: Figure, equation: Equation) -> str:
    place = messages.place(target.value.page, equation.sheet.table, target.line, target.node)
    return f"{place}, kolom {messages.column(target.column)}"


def is_grand_total(fault: Fault) -> bool:
    """R13: a row prints the sum of all rows of its level, its own among them."""
    equation = fault.equations[0]
    if equation.rule not in ("R01", "R02", "R03") or equation.target.key != fault.figure.key or not _may_be_no_total(fault.figure):
        return False
    sheet, node = equation.sheet, equation.sheet.by_line[fault.figure.line.id]
    siblings = node.parent.children if node.parent else sheet.roots
    if len(siblings) < 2 or node not in siblings:
        return False
    others = sheet.members([other for other in siblings if other is not node], fault.figure.column)
    rest = sum((figure.amount for figure in others.figures), 0)
    return bool(rest) and fault.figure.amount == rest + fault.needed


def _may_be_no_total(figure: Figure) -> bool:
    return figure.node.kind is not RowKind.TOTAL and not is_agency(figure.node)


def _gravity(fault: Fault, grand_total: bool) -> tuple[Severity, Certainty]:
    """One equation that is beyond doubt is enough, else the reason why none is.

    A grand total that fits to the rupiah shows by itself that no row was lost; a sign is too small a mark to be sure of on a scan; a
    percentage that holds over another amount of its row is one of that.
    """
    if any(e.divisor is not None and any(other_bases(e)) for e in fault.equations):
        return Severity.WARNING, Certainty.CERTAIN
    certain = [e for e in fault.equations if e.certain and not (e.target.value.ocr and sign_is_lost(e))]
    if any((e.solid or grand_total) and not e.verdict().doubtful for e in certain):
        return Severity.ERROR, Certainty.CERTAIN
    if not certain:
        return Severity.WARNING, Certainty.MAYBE_OCR
    if not any(equation.solid for equation in fault.equations):
        return Severity.WARNING, Certainty.INCOMPLETE
    return Severity.WARNING, Certainty.ROUNDING


def _evidence(fault: Fault) -> list[str]:
    """The rows that the finding rests on: the figure's own, those of the equations that it would repair, and their members."""
    lines = [fault.figure.node.id]
    for equation in fault.equations:
        lines.append(equation.target.line.id)
        if not fault.located or equation.target.key == fault.figure.key:
            lines += [figure.line.id for figure in equation.figures]
            lines += [figure.node.id for figure in equation.figures if figure.node is not figure.line]
    return lines


def _statement(fault: Fault, rule: str) -> str:
    equation, target = fault.equations[0], fault.figure
    kind = target.value.kind
    printed, needed = messages.figure(target.amount, kind), messages.figure(fault.needed, kind)
    gap = messages.figure(magnitude(target.amount - fault.needed), kind)
    if equation.target.key != target.key:
        rows = {e.target.line.id for e in fault.equations}
        count = f"{len(fault.equations)} hitungan pada {len(rows)} baris" if len(rows) > 1 else f"{len(fault.equations)} hitungan"
        return f"tercetak {printed}, sedangkan {count} yang memuatnya hanya cocok bila {needed} (selisih {gap})"
    if rule == "R13":
        own = f"jumlah {len(equation.terms)} {equation.of} di bawahnya {needed} (selisih {gap})"
        return f"tercetak {printed}, yaitu jumlah seluruh tabel; {own}"
    return f"tercetak {printed}, sedangkan {_computation(equation)} {needed} (selisih {gap})"


def _computation(equation: Equation) -> str:
    figures = [figure for figure, _ in equation.terms]
    if equation.divisor is not None:
        above = messages.figure(equation.total(), figures[0].value.kind)
        below = messages.figure(equation.divisor.amount, equation.divisor.value.kind)
        return f"{messages.column(figures[0].column)} {above} dibagi {messages.column(equation.divisor.column)} {below} ="
    if equation.rule in ("R04", "R05"):
        parts = [f"{messages.column(figure.column)} {messages.figure(figure.amount, figure.value.kind)}" for figure in figures]
        return " dikurangi ".join(parts) + " ="
    if equation.rule == "R22":
        return f"jumlah {len(figures)} triwulan"
    return f"jumlah {len(figures)} {equation.of}"
