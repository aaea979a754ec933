"""What a run says of each document in one line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from normalizers.types import TypedDocument
from pipeline.coverage import Coverage
from pipeline.documents import DocumentResult
from pipeline.findings import Finding


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


def summarise(result: DocumentResult, document: TypedDocument | None, coverage: Coverage, findings: Sequence[Finding]) -> DocumentSummary:
    """The summary of a document from the run's coverage and its own findings; one in quarantine has its reason and no counts."""
    name = result.source.file_name
    if document is None:
        return DocumentSummary(result.source.id, name, result.status, result.reason, pages=result.page_count or 0)
    amounts, checked = coverage.counts(document)
    severities = [finding.severity.value for finding in findings]
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
        amounts=amounts,
        checked=checked,
        errors=severities.count("galat"),
        warnings=severities.count("peringatan"),
        infos=severities.count("info"),
    )
