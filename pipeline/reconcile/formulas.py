"""Formulas that a table declares for its columns (R15), and achievement as realisation over target (R06)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from normalizers.text import fold
from normalizers.types import Column, ValueKind, ValueStatus
from pipeline.findings import Certainty, CheckStatus, Finding, Severity

from . import messages
from .equations import HUNDRED, Equation, Verdict
from .intervals import magnitude
from .outcome import Observation, check, finding
from .row_arithmetic import PERCENTAGES
from .sheet import Figure, Node, Sheet

# (achievement, realisation, target) where the header declares no formula
ACHIEVEMENTS = (
    ("tingkat_k", "realisasi_k", "target_k"),
    ("tingkat_k", "renstra_sd_k", "renstra_k"),
    ("capaian_k", "realisasi_k", "target_k"),
    ("capaian_k", "realisasi_volume", "target_volume"),
    ("tingkat_capaian", "realisasi_volume", "target_volume"),
    ("capaian", "realisasi", "target"),
    ("capaian_kinerja", "realisasi_kinerja", "target"),
    ("tingkat_realisasi_n2", "realisasi_n2", "target_n2"),
    ("tingkat_capaian_renstra", "realisasi_sd_n1", "target_renstra"),
)
_CHECKED_ELSEWHERE = {"selisih", "sisa", "efisiensi", "realisasi_rp", *(name for name, _, _ in PERCENTAGES)}
_TOKEN = re.compile(r"\s*(?:(\d+)\s*(%?)|([-+*/x×:()=]))", re.I)
_HALVES = {"k", "rp", "volume", "satuan"}
_NOT_KEPT = 0.6  # a formula that more rows than this break is not the table's own


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula as a sum of signed column numbers, over a divisor where it is a ratio."""

    terms: tuple[tuple[str, int], ...]
    divisor: str | None = None

    @property
    def numbers(self) -> tuple[str, ...]:
        return (*(number for number, _ in self.terms), *((self.divisor,) if self.divisor else ()))


def parse_formula(text: str) -> Formula | None:
    """Read `7/6`, `(5+7+9)`, `10-9`, `7 + 13`, `14/6 x 100%`, `(4/3)*100`; None where it is not such a sum or ratio."""
    tokens = _tokens(text)
    if tokens is None:
        return None
    above, slash, below = _split(tokens)
    terms = _signed(above)
    if terms is None or not slash:
        return Formula(terms) if terms else None
    divisor = _signed(below)
    return Formula(terms, divisor[0][0]) if divisor and len(divisor) == 1 and divisor[0][1] == 1 else None


def _tokens(text: str) -> list[str] | None:
    """Numbers and signs, brackets and a factor of 100 left out."""
    tokens: list[str] = []
    position, text = 0, text.strip().rstrip(".")
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            return None
        position = match.end()
        tokens.append("100%" if match[1] == "100" else match[1] if match[1] else match[3].lower())
    kept: list[str] = []
    for token in tokens:
        if token == "100%" and kept and kept[-1] in "*x×":
            kept.pop()
        elif token not in "()=":
            kept.append(token)
    return [token for i, token in enumerate(kept) if not (token in "*x×" and i + 1 < len(kept) and kept[i + 1] == "100%")]


def _split(tokens: Sequence[str]) -> tuple[Sequence[str], bool, Sequence[str]]:
    places = [i for i, token in enumerate(tokens) if token in "/:"]
    return (tokens[: places[0]], True, tokens[places[0] + 1 :]) if len(places) == 1 else (tokens, bool(places), ())


def _signed(tokens: Sequence[str]) -> tuple[tuple[str, int], ...] | None:
    terms: list[tuple[str, int]] = []
    sign, expects = 1, True
    for token in tokens:
        if token in "+-" and not expects:
            sign, expects = (1 if token == "+" else -1), True
        elif token.isdigit() and expects:
            terms.append((token, sign))
            expects = False
        else:
            return None
    return tuple(terms) if terms and not expects else None


def declared_formulas(sheet: Sheet) -> Iterator[Observation]:
    """R15 and, for ratios, R06: each declared formula is well made, and holds on the rows."""
    yield from _numbering(sheet)
    for column in sheet.table.columns:
        if not column.formula:
            continue
        formula = parse_formula(column.formula)
        if formula is None:
            reason = f"rumus {column.formula} tidak dapat dibaca"
            yield Observation(
                check("R15", sheet, None, CheckStatus.NOT_CHECKABLE, column=column.name, printed=column.formula, reason=reason)
            )
            continue
        fault = _malformed(sheet, column, formula)
        if fault:
            yield _header_finding(sheet, column, fault)
        elif not (column.name in _CHECKED_ELSEWHERE and column.name in (*sheet.money, *(name for name, _, _ in PERCENTAGES))):
            rule = "R06" if formula.divisor else "R15"
            yield from _rows(sheet, rule, column.name, _declared(sheet, column, formula, rule), f"{column.number}={column.formula}")


def achievements(sheet: Sheet) -> Iterator[Observation]:
    """R06 where no formula is declared: the pair of columns that most rows fit."""
    declared = {column.name for column in sheet.table.columns if column.formula}
    names = {column.name for column in sheet.table.columns}
    for result in dict.fromkeys(name for name, _, _ in ACHIEVEMENTS):
        pairs = [(above, below) for name, above, below in ACHIEVEMENTS if name == result and {above, below} <= names]
        if result not in names or result in declared or not pairs:
            continue
        made = [[e for node in sheet.nodes if (e := _ratio(sheet, node, result, above, below, "R06"))] for above, below in pairs]
        best = max(made, key=lambda equations: sum(_end(e).status is not CheckStatus.DIFFERS for e in equations))
        yield from _judged(sheet, "R06", result, best, "realisasi/target")


def _declared(sheet: Sheet, column: Column, formula: Formula, rule: str) -> Callable[[Node], Equation | None]:
    names = {number: _named(sheet, number, column.name) for number in formula.numbers}

    def build(node: Node) -> Equation | None:
        if formula.divisor:
            if len(formula.terms) != 1:
                return None
            return _ratio(sheet, node, column.name, names[formula.terms[0][0]] or "", names[formula.divisor] or "", rule)
        target = _single(sheet, node, column.name)
        figures = [(figure, sign) for number, sign in formula.terms if (figure := _single(sheet, node, names[number] or ""))]
        states = [sheet.state(node, names[number] or "") for number, _ in formula.terms]
        if target is None or not figures or ValueStatus.MALFORMED in states or not _alike([target, *(f for f, _ in figures)]):
            return None
        return Equation(rule, sheet, target, tuple(figures), solid=False)

    return build


def _named(sheet: Sheet, number: str, beside: str) -> str | None:
    """The column of a number; of a K / Rp pair under one number the half that the target is."""
    found = [column.name for column in sheet.table.columns if column.number == number]
    half = beside.rpartition("_")[2]
    return next((name for name in found if name.endswith(f"_{half}")), found[0] if found else None)


def _ratio(sheet: Sheet, node: Node, result: str, above: str, below: str, rule: str) -> Equation | None:
    target, numerator, divisor = (_single(sheet, node, name) for name in (result, above, below))
    if target is None or numerator is None or divisor is None or not divisor.amount:
        return None
    if target.value.kind is not ValueKind.PERCENT or not _alike([numerator, divisor]):
        return None
    return Equation(rule, sheet, target, ((numerator, 1),), divisor=divisor, solid=False)


def _single(sheet: Sheet, node: Node, column: str) -> Figure | None:
    """A cell's figure if it holds one alone: `15 Koperasi, 11 Kecamatan` cannot be computed with."""
    if sum(len(row.values_of(column)) for row in node.rows) != 1:
        return None
    return sheet.figure(node, column)


def _alike(figures: Sequence[Figure]) -> bool:
    units = {fold(figure.value.unit) for figure in figures if figure.value.unit}
    kinds = {figure.value.kind for figure in figures}
    return len(units) <= 1 and not (ValueKind.PERCENT in kinds and len(kinds) > 1)


def _rows(sheet: Sheet, rule: str, column: str, build: Callable[[Node], Equation | None], formula: str) -> Iterator[Observation]:
    equations = [equation for node in sheet.nodes if (equation := build(node))]
    yield from _judged(sheet, rule, column, equations, formula)


def _judged(sheet: Sheet, rule: str, column: str, equations: Sequence[Equation], formula: str) -> Iterator[Observation]:
    ends = [(equation, _end(equation)) for equation in equations]
    failing = [equation for equation, verdict in ends if verdict.status is CheckStatus.DIFFERS]
    not_kept = len(equations) >= 5 and len(failing) > _NOT_KEPT * len(equations)
    for equation, verdict in ends:
        made = None if verdict.status is not CheckStatus.DIFFERS or not_kept else _row_finding(equation, verdict, formula)
        members = [figure.line.id for figure in equation.figures[1:]]
        line = equation.target.line
        done = check(rule, sheet, line, verdict.status, column=column, printed=verdict.printed, computed=verdict.computed, members=members)
        yield Observation(done, made)
    if not_kept:
        text = f"rumus kolom {formula} tidak berlaku pada {len(failing)} dari {len(equations)} baris"
        yield _header_finding(sheet, sheet.table.column(column), text, [equation.target.line.id for equation in failing])


def _end(equation: Equation) -> Verdict:
    """How the row ends; where less is better, target over realisation and target - (realisation - target) count too."""
    verdict = equation.verdict()
    if verdict.status is CheckStatus.DIFFERS and verdict.computed is not None and equation.divisor is not None:
        others = [200 - Decimal(verdict.computed)]
        others += [HUNDRED * equation.divisor.amount / Decimal(above)] if (above := equation.total()) else []
        for other in others:
            if magnitude(other - equation.target.amount) <= 2 * equation.target.half:
                return Verdict(CheckStatus.AGREES, verdict.printed, other)
    return verdict


def _row_finding(equation: Equation, verdict: Verdict, formula: str) -> Finding:
    target, sheet = equation.target, equation.sheet
    kind = target.value.kind
    computed = messages.figure(verdict.computed if verdict.computed is not None else 0, kind)
    if kind is ValueKind.VOLUME and target.value.unit:
        computed = f"{computed} {target.value.unit}"
    members = ", ".join(f"{messages.column(figure.column)} {figure.value.printed}" for figure in equation.figures[1:])
    where = messages.place(target.value.page, sheet.table, target.line, target.node)
    said = f"tercetak {target.value.printed}, menurut rumus {formula} seharusnya {computed} ({members})"
    text = f"{where}, kolom {messages.column(target.column)}: {said}."
    return finding(
        equation.rule,
        sheet,
        target.line,
        text,
        column=target.column,
        severity=Severity.WARNING if equation.rule == "R06" else Severity.INFO,
        certainty=Certainty.CERTAIN if equation.certain else Certainty.MAYBE_OCR,
        printed=target.value.printed,
        expected=computed,
        difference=verdict.difference,
        evidence=[target.node.id, *(figure.line.id for figure in equation.figures[1:])],
        value=target.value,
    )


def _malformed(sheet: Sheet, column: Column, formula: Formula) -> str | None:
    if column.number in formula.numbers:
        return f"rumus {column.number}={column.formula} menunjuk kolomnya sendiri"
    missing = [number for number in formula.numbers if _named(sheet, number, column.name) is None]
    return f"rumus {column.number}={column.formula} menunjuk kolom {', '.join(missing)} yang tidak bernomor" if missing else None


def _numbering(sheet: Sheet) -> Iterator[Observation]:
    """Column numbers are used once each and without a gap; a K / Rp pair under one number and split codes count as one column."""
    numbers = [column.number for column in sheet.table.columns if column.number and column.number.isdigit()]
    if len(numbers) < 3:
        return
    counts = Counter(numbers)
    twice = [n for n, count in counts.items() if count > 1 and not _is_pair(sheet, n)]
    gaps = [str(n) for n in range(2, max(map(int, numbers))) if str(n) not in counts]
    if not twice and not gaps:
        yield Observation(check("R15", sheet, None, CheckStatus.AGREES, printed=", ".join(numbers)))
        return
    parts = [f"nomor {', '.join(twice)} tercetak lebih dari sekali"] if twice else []
    parts += [f"nomor {', '.join(gaps)} tidak ada"] if gaps else []
    yield _header_finding(sheet, None, f"nomor kolom tidak urut ({', '.join(numbers)}): {'; '.join(parts)}")


def _is_pair(sheet: Sheet, number: str) -> bool:
    """Whether the columns of one number are the halves of one quantity, printed as performance and rupiah or as volume and unit."""
    halves = [column.name.rpartition("_") for column in sheet.table.columns if column.number == number]
    return len({stem for stem, _, _ in halves}) == 1 and {half for _, _, half in halves} <= _HALVES


def _header_finding(sheet: Sheet, column: Column | None, text: str, evidence: Sequence[str] = ()) -> Observation:
    name = column.name if column else None
    title = f' tabel "{sheet.table.title}",' if sheet.table.title else ""
    message = f"Halaman {sheet.table.first_page},{title} kepala tabel: {text}."
    printed = column.formula or "" if column else ""
    made = finding("R15", sheet, None, message, column=name, severity=Severity.INFO, printed=printed, evidence=evidence, mark=text)
    return Observation(check("R15", sheet, None, CheckStatus.DIFFERS, column=name, printed=printed), made)
