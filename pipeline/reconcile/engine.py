"""The audit: all rules over all documents, checks and findings in printed order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from normalizers.types import TypedDocument
from pipeline.findings import Audit, Check, CheckStatus, Finding

from .consistency import mean_rows, same_names, same_targets, side_texts, soft_findings, two_sides, two_tables, witnesses
from .cross_document import across_documents
from .equations import COLUMN_SUMS, Equation
from .faults import findings_of, roundings_of, sign_faults
from .formulas import achievements, declared_formulas
from .gather import gathered
from .hierarchy import code_rules, template_codes
from .locate import locate
from .narrative import arithmetic_in_sentences, malformed_amounts, prose_against_tables
from .outcome import Observation, check, unique
from .plausibility import changed_indicators, declared_scale, end_targets, odd_print, overshoot, pace, repeated_indicators
from .prose import SAYINGS
from .quality import (
    blank_cells,
    forward_estimates,
    leaping_targets,
    malformed,
    negative_quarters,
    overspending,
    running_numbers,
    units,
)
from .row_arithmetic import differences, percentages, quarters, sign_is_lost, spending_kinds, unsigned
from .sheet import Sheet
from .sums import follows_codes, group_sums, related, total_sums, vouched
from .wording import categories, other_agencies, years

SHEET_EQUATIONS = (group_sums, total_sums, differences, percentages, quarters, spending_kinds, two_sides)
SHEET_RULES = (
    code_rules,
    template_codes,
    declared_formulas,
    achievements,
    side_texts,
    mean_rows,
    forward_estimates,
    negative_quarters,
    overspending,
    units,
    malformed,
    running_numbers,
    blank_cells,
    leaping_targets,
    pace,
    overshoot,
    changed_indicators,
    end_targets,
    declared_scale,
    odd_print,
    repeated_indicators,
)
TABLE_RULES = (same_targets, same_names, categories)
DOCUMENT_RULES = (prose_against_tables, years, other_agencies, *SAYINGS)
PROSE_RULES = (arithmetic_in_sentences, malformed_amounts)
DOCUMENT_EQUATIONS = (two_tables,)
_SUSPECT_SHARE, _SUSPECT_LEAST = 0.35, 6


def audit(documents: Sequence[TypedDocument]) -> Audit:
    """Check each document by itself, then the documents of one agency against each other (R40 to R45)."""
    sheets = {document.id: [Sheet(document, table) for table in document.tables] for document in documents}
    observations = [one for document in documents for one in _document(document, sheets[document.id])]
    observations += across_documents(sheets, documents)
    checks = tuple(one.check for one in observations if one.check is not None)
    findings = unique(one.finding for one in observations if one.finding is not None)
    return Audit(checks, tuple(gathered(findings)))


def _document(document: TypedDocument, sheets: Sequence[Sheet]) -> Iterator[Observation]:
    yield from _arithmetic(sheets)
    for sheet in sheets:
        for rule in SHEET_RULES:
            yield from rule(sheet)
    for among in TABLE_RULES:
        yield from among(sheets)
    for within in DOCUMENT_RULES:
        yield from within(document, sheets)
    for told in PROSE_RULES:
        yield from told(document)


def equations_of(sheets: Sequence[Sheet]) -> tuple[list[Equation], list[Check]]:
    """All equations between the figures of a document, and the checks that could not be made an equation of."""
    equations: list[Equation] = []
    obstacles: list[Check] = []
    for sheet in sheets:
        own: list[Equation] = []
        for rule in SHEET_EQUATIONS:
            for made in rule(sheet):
                if isinstance(made, Equation):
                    own.append(made)
                else:
                    obstacles.append(made)
        equations += vouched(related(_without_signs(_without_suspect_sums(own))))
    for across in DOCUMENT_EQUATIONS:
        equations += across(sheets)
    return equations, obstacles


def _arithmetic(sheets: Sequence[Sheet]) -> Iterator[Observation]:
    """All equations of a document together: an error in one place shows in several of them, and is told once."""
    equations, obstacles = equations_of(sheets)
    yield from map(Observation, obstacles)
    yield from (Observation(_check_of(equation)) for equation in equations)
    faults = [*sign_faults(equations), *locate(equations)]
    blamed = {fault.figure.key for fault in faults}
    soft = list(soft_findings(equations, blamed))
    yield from (Observation(None, _linked(one, soft)) for one in findings_of(faults, witnesses(equations)))
    yield from (Observation(None, one) for one in soft)
    yield from (Observation(None, one) for one in roundings_of(equations))


def _linked(one: Finding, soft: Sequence[Finding]) -> Finding:
    """A finding with those of other tables (or of the other half) that speak of the same rows and amount."""
    rows = set(one.evidence)
    gap = one.difference
    related = [s.id for s in soft if isinstance(gap, int) and s.difference in (gap, -gap) and not rows.isdisjoint((s.line_id, *s.evidence))]
    return replace(one, related=tuple(related)) if related else one


def _check_of(equation: Equation) -> Check:
    verdict = equation.verdict()
    status, reason = verdict.status, ""
    if status is CheckStatus.DIFFERS and equation.blocked:
        status, reason = CheckStatus.BLOCKED, equation.blocked
    elif status is CheckStatus.NOT_CHECKABLE:
        reason = "pembagi nol"
    elif equation.is_doubtful_copy:
        status, reason = CheckStatus.BLOCKED, "kedua angka terbaca kurang pasti dari pindaian"
    return check(
        equation.rule,
        equation.sheet,
        equation.target.line,
        status,
        column=equation.target.column,
        printed=verdict.printed,
        computed=verdict.computed,
        members=dict.fromkeys(figure.line.id for figure in equation.figures[1:]),
        reason=reason,
    )


def _without_suspect_sums(equations: Sequence[Equation]) -> list[Equation]:
    """Where many sums of a table fail, the tree is wrong and not the print: they are blocked, or doubted where codes bear them out."""
    sums = [equation for equation in equations if equation.rule in COLUMN_SUMS]
    failing = sum(equation.verdict().status is CheckStatus.DIFFERS for equation in sums)
    if failing < _SUSPECT_LEAST or failing <= _SUSPECT_SHARE * len(sums):
        return list(equations)
    reason = f"susunan baris tidak pasti: {failing} dari {len(sums)} jumlah tabel ini tidak cocok"
    return [
        equation
        if equation.rule not in COLUMN_SUMS
        else replace(equation, solid=False)
        if follows_codes(equation)
        else replace(equation, blocked=equation.blocked or reason)
        for equation in equations
    ]


def _without_signs(equations: Sequence[Equation]) -> list[Equation]:
    """A column of differences without signs cannot be added up, and says nothing against the figures beside it."""
    rows = [equation for equation in equations if equation.rule == "R04" and equation.target.column == "selisih"]
    if not unsigned(rows):
        return list(equations)
    reason = "kolom selisih dicetak tanpa tanda"
    return [
        replace(equation, blocked=equation.blocked or reason)
        if equation.rule in COLUMN_SUMS and equation.target.column == "selisih"
        else replace(equation, rule="R05")
        if equation.rule == "R04" and sign_is_lost(equation)
        else equation
        for equation in equations
    ]
