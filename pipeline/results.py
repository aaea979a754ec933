"""What became of a document, and what that depended on: handed between the stages of a run."""

from __future__ import annotations

from dataclasses import dataclass

from normalizers.types import DocumentFacts
from pipeline.inputs import Source


@dataclass(frozen=True, slots=True)
class Fingerprints:
    """What the stages depend on besides the document: code, vocabulary, nomenklatur, overrides; one hash for each stage."""

    extract: str
    normalise: str
    reconcile: str
    report: str


@dataclass(frozen=True, slots=True)
class DocumentResult:
    """What became of a source: a typed document in the store under `key`, or the reason why there is none."""

    source: Source
    status: str  # "ok" | "sebagian" | "karantina"
    reason: str | None = None
    page_count: int | None = None
    key: str | None = None
    facts: DocumentFacts | None = None
    fresh: bool = False  # made in this run
