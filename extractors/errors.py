"""What can be wrong with a document, in words that a person understands."""

from __future__ import annotations

from enum import StrEnum


class Cause(StrEnum):
    """Why a document cannot be read; stable names for stores and reports."""

    MISSING = "berkas_tidak_ada"
    NOT_PDF = "bukan_pdf"
    BROKEN = "rusak"
    ENCRYPTED = "terenkripsi"
    NO_PAGES = "tanpa_halaman"
    TOO_MANY_PAGES = "terlalu_banyak_halaman"


class ExtractionError(Exception):
    """Base of every error that the extractors raise on purpose."""


class UnreadableDocument(ExtractionError):
    """The document as a whole cannot be read; `reason` is a plain sentence, `cause` its stable name."""

    def __init__(self, reason: str, cause: Cause = Cause.BROKEN) -> None:
        super().__init__(reason)
        self.reason = reason
        self.cause = cause

    def __reduce__(self) -> tuple[type[UnreadableDocument], tuple[str, Cause]]:
        return type(self), (self.reason, self.cause)


class UnreadablePage(ExtractionError):
    """One page cannot be read (a wrong page box, too many objects); the other pages may be."""
