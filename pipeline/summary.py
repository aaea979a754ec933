"""What a run says of each document in one line."""

from __future__ import annotations

from dataclasses import dataclass

from normalizers.types import TypedDocument, ValueKind, ValueStatus
from pipeline.documents import DocumentResult
from pipeline.findings import Audit, CheckStatus

_PASSED = frozenset({CheckStatus.AGREES, CheckStatus.ROUNDING})


@dataclass(frozen=True, slots=True)
class DocumentSummary:
    """Counts of one document; `checked` of its `amounts` stand under a check that passed; findings by severity."""

    id: str
    file: str
    status: str
    reason: str | None = None
    kind: str | None = None
    year: int | None = None
    region: str | None = None
    agency: str | None = None
    pages: int = 0
    tables: int = 0
    lines: int = 0
    amounts: int = 0
    checked: int = 0
    errors: int = 0
    warnings: int = 0
    infos: int = 0

    @property
    def share_checked(self) -> float | None:
        return self.checked / self.amounts if self.amounts else None


def summarise(result: DocumentResult, document: TypedDocument | None, audit: Audit) -> DocumentSummary:
    """The summary of a document; one in quarantine has its reason and no counts."""
    name = result.source.file_name
    if document is None:
        return DocumentSummary(result.source.id, name, result.status, result.reason, pages=result.page_count or 0)
    amounts = printed_amounts(document)
    severities = [finding.severity.value for finding in audit.findings if finding.document_id == document.id]
    status = "sebagian" if document.problems else result.status
    return DocumentSummary(
        id=document.id,
        file=name,
        status=status,
        reason=result.reason or "; ".join(document.problems) or None,
        kind=document.facts.kind,
        year=document.facts.year,
        region=document.facts.region_name,
        agency=document.facts.agency,
        pages=document.page_count,
        tables=len(document.tables),
        lines=sum(len(table.lines) for table in document.tables),
        amounts=len(amounts),
        checked=len(amounts & passed_places(audit, document.id)),
        errors=severities.count("galat"),
        warnings=severities.count("peringatan"),
        infos=severities.count("info"),
    )


def printed_amounts(document: TypedDocument) -> set[tuple[str, str]]:
    """(line, column) of every amount of money that could be read and is not zero."""
    return {
        (line.id, value.column)
        for table in document.tables
        for line in table.lines
        for value in line.values
        if value.kind is ValueKind.RUPIAH and value.status is ValueStatus.OK and value.rupiah
    }


def passed_places(audit: Audit, document_id: str) -> set[tuple[str, str]]:
    """(line, column) of every figure that was subject or member of a check that passed."""
    places: set[tuple[str, str]] = set()
    for check in audit.checks:
        if check.document_id == document_id and check.status in _PASSED and check.column is not None:
            places.update((line, check.column) for line in (check.line_id, *check.members) if line is not None)
    return places
