"""What a rule yields: a check, and the finding that follows where it failed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

from extractors.types import Bbox
from normalizers.types import Line, Value
from pipeline.findings import Certainty, Check, CheckStatus, Finding, Severity

from .sheet import Sheet


@dataclass(frozen=True, slots=True)
class Observation:
    """One check that is not an equation, with its finding if it failed."""

    check: Check | None
    finding: Finding | None = None


def identity(*parts: str | None) -> str:
    """A short stable fingerprint: the same finding of the same document keeps it from run to run."""
    return hashlib.sha256("\x1f".join(part or "" for part in parts).encode()).hexdigest()[:16]


def finding(
    rule: str,
    sheet: Sheet,
    line: Line | None,
    message: str,
    *,
    column: str | None = None,
    status: CheckStatus = CheckStatus.DIFFERS,
    severity: Severity = Severity.WARNING,
    certainty: Certainty = Certainty.CERTAIN,
    printed: str = "",
    expected: str = "",
    difference: int | Decimal | str | None = None,
    cause: str | None = None,
    evidence: Iterable[str] = (),
    value: Value | None = None,
    mark: str = "",
) -> Finding:
    """A finding on a row of a table. `value` gives the exact box; `mark` tells apart several findings of one rule on one cell."""
    page, box = _where(sheet, line, column, value)
    own = (line.id,) if line is not None else ()
    anchor = line.id if line is not None else sheet.table.id
    return Finding(
        id=identity(sheet.document.id, rule, anchor, column, mark),
        rule=rule,
        document_id=sheet.document.id,
        status=status,
        severity=severity,
        certainty=certainty,
        message=message,
        table_id=sheet.table.id,
        line_id=line.id if line is not None else None,
        column=column,
        printed=printed,
        expected=expected,
        difference=difference,
        cause=cause,
        evidence=tuple(dict.fromkeys((*own, *evidence))),
        page=page,
        bbox=box,
    )


def _where(sheet: Sheet, line: Line | None, column: str | None, value: Value | None) -> tuple[int, Bbox | None]:
    if value is not None:
        return value.page, value.bbox
    if line is None:
        return sheet.table.first_page, None
    cell = line.cells.get(column) if column else None
    return (cell.page, cell.bbox) if cell is not None else (line.page, line.bbox)


def check(
    rule: str,
    sheet: Sheet,
    line: Line | None,
    status: CheckStatus,
    *,
    column: str | None = None,
    printed: int | Decimal | str | None = None,
    computed: int | Decimal | str | None = None,
    members: Iterable[str] = (),
    reason: str = "",
) -> Check:
    """A check on a row of a table."""
    line_id = line.id if line is not None else None
    return Check(rule, sheet.document.id, status, sheet.table.id, line_id, column, printed, computed, tuple(members), reason)


def unique(findings: Iterable[Finding]) -> list[Finding]:
    """The findings with distinct ids: a later one of the same id gets a counted id, in order."""
    seen: dict[str, int] = {}
    result: list[Finding] = []
    for one in findings:
        count = seen[one.id] = seen.get(one.id, 0) + 1
        result.append(one if count == 1 else replace(one, id=identity(one.id, str(count))))
    return result
