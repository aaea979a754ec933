"""A plan, its change, the agreement and the report of one agency, made to agree from a whole plan; then one thing is changed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import pytest

from normalizers.types import Line, RowKind, TypedDocument
from pipeline.findings import Finding, Severity
from pipeline.reconcile import audit
from tests.pipeline.builders import Row, document, from_truth, table

LEVELS = (RowKind.PROGRAM, RowKind.KEGIATAN, RowKind.SUB_KEGIATAN)
FACTS = {"agency": "Dinas Lingkungan Hidup", "region_name": "Kabupaten Sorong", "region_code": "92.01"}
ACROSS = ("R40", "R41", "R42", "R43", "R44", "R45")
Change = Callable[[str, int, Row], Row]


def unchanged(identity: str, place: int, row: Row) -> Row:
    return row


@lru_cache(maxsize=2)
def plan_lines(path: Path) -> tuple[Line, ...]:
    """The rows of a plan's main table that print an amount."""
    (first, *_) = from_truth(path).tables
    return tuple(line for line in first.lines if line.kind in LEVELS and line.code and _amount(line) > 1000)


def _amount(line: Line) -> int:
    value = line.money("pagu")
    return (value.rupiah or 0) if value else 0


def agency(path: Path, change: Change = unchanged) -> list[TypedDocument]:
    """Renja 2024, its change, the agreement and the report of 2024, and the Renja of 2025 and 2026, all in agreement but for `change`."""
    plan, changed, agreement, report, next_plan, later = [], [], [], [], [], []
    for i, line in enumerate(plan_lines(path)):
        before = _amount(line)
        after = before + before // 1000 * 100
        head = (line.kind.value, line.printed_code or "", line.printed_name or "")
        target = f"{i % 17 + 2} Dokumen"
        spent = after // 1000 * 900
        plan.append(change("renja", i, (*head, {"target": target, "pagu": before, "pagu_maju": before})))
        cells = {"target_sebelum": target, "target_sesudah": target, "pagu_sebelum": before, "pagu_sesudah": after}
        changed.append(change("perubahan", i, (*head, cells)))
        agreement.append(change("pk", i, (*head, {"target": target, "anggaran": after})))
        report.append(change("lkjip", i, (*head, {"target": target, "anggaran": after, "realisasi": spent})))
        next_plan.append(change("renja25", i, (*head, {"pagu": before})))
        later.append(change("renja26", i, (*head, {"n2_rp": spent, "pagu": before})))
    made = (
        ("renja", "renja", 2024, plan),
        ("perubahan", "renja_perubahan", 2024, changed),
        ("pk", "perjanjian_kinerja", 2024, agreement),
        ("lkjip", "lkjip", 2024, report),
        ("renja25", "renja", 2025, next_plan),
        ("renja26", "renja", 2026, later),
    )
    return [
        document(table(rows, kind, identity=f"{name}-"), identity=name, kind=kind, year=year, **FACTS) for name, kind, year, rows in made
    ]


def across(documents: list[TypedDocument]) -> list[Finding]:
    """The findings of the rules across documents; R43 compares, and speaks only of differences."""
    return [one for one in audit(documents).findings if one.rule in ACROSS and one.rule != "R43"]


def setting(where: str, place: int, column: str, value: int | str) -> Change:
    def change(identity: str, i: int, row: Row) -> Row:
        return (*row[:3], {**row[3], column: value}) if (identity, i) == (where, place) else row

    return change


@pytest.fixture
def truth(shared: Path) -> Path:
    return shared / "corpus/synthetic/syn-1-0003.truth.json"


@pytest.mark.shared
def test_documents_that_agree_have_no_finding(truth: Path) -> None:
    documents = agency(truth)
    assert len(plan_lines(truth)) > 50
    assert across(documents) == []
    rules = {check.rule for check in audit(documents).checks}
    assert set(ACROSS) <= rules


@pytest.mark.shared
@pytest.mark.parametrize(
    ("rule", "where", "column", "value", "rows"),
    [
        ("R40", "renja", "pagu", 123_456_789, {"perubahan-7"}),
        ("R40", "perubahan", "pagu_sebelum", 123_456_789, {"perubahan-7"}),
        ("R41", "perubahan", "pagu_sesudah", 123_456_789, {"pk-7", "lkjip-7"}),
        ("R41", "lkjip", "anggaran", 123_456_789, {"lkjip-7"}),
        ("R42", "lkjip", "target", "99 Dokumen", {"lkjip-7"}),
        ("R42", "pk", "target", "99 Dokumen", {"lkjip-7"}),
        ("R44", "lkjip", "realisasi", 123_456_789, {"renja26-7"}),
        ("R44", "renja26", "n2_rp", 123_456_789, {"renja26-7"}),
    ],
)
def test_one_changed_figure_is_one_finding_of_its_rule(
    truth: Path, rule: str, where: str, column: str, value: int | str, rows: set[str]
) -> None:
    findings = across(agency(truth, setting(where, 7, column, value)))
    assert {finding.rule for finding in findings} == {rule}
    assert {finding.line_id for finding in findings} == rows
    assert {finding.severity for finding in findings} == {Severity.WARNING}
    assert all(any(row.endswith("-7") and not row.startswith(finding.document_id) for row in finding.evidence) for finding in findings)


@pytest.mark.shared
def test_a_code_with_another_name_in_a_later_document(truth: Path) -> None:
    def renamed(identity: str, i: int, row: Row) -> Row:
        return (row[0], row[1], "Penyelenggaraan Festival Layang-Layang", row[3]) if (identity, i) == ("renja25", 7) else row

    assert {(finding.rule, finding.line_id) for finding in across(agency(truth, renamed))} >= {("R45", "renja25-7")}


@pytest.mark.shared
def test_the_forward_estimate_is_compared_with_the_next_plan(truth: Path) -> None:
    top = next(i for i, line in enumerate(plan_lines(truth)) if line.kind is RowKind.PROGRAM)
    agreeing = [one for one in audit(agency(truth)).findings if one.rule == "R43" and one.difference]
    raised = [one for one in audit(agency(truth, setting("renja25", top, "pagu", 10**12))).findings if one.rule == "R43" and one.difference]
    assert agreeing == [] and [one.severity for one in raised] == [Severity.INFO]


@pytest.mark.shared
@pytest.mark.parametrize(
    ("facts", "together"),
    [
        ({"agency": "DINAS LINGKUNGAN HIDUP"}, True),
        ({"agency": "Dinas  Lingkungan Hidup Kabupaten Sorong"}, True),
        ({"agency": "Dinas Lingkungan Hidup dan Kehutanan"}, False),
        ({"region_code": "92.02"}, False),
    ],
)
def test_documents_belong_together_by_agency_and_region(truth: Path, facts: dict[str, str], together: bool) -> None:
    documents = agency(truth, setting("lkjip", 7, "anggaran", 123_456_789))
    report = replace(documents[3], facts=replace(documents[3].facts, **facts))  # type: ignore[arg-type]
    assert bool(across([*documents[:3], report])) is together
