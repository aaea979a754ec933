"""What reconciliation hands on: every check that was made, and the findings that follow from those that failed."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from extractors.types import Bbox


class CheckStatus(StrEnum):
    """The five ends of a check; published as `pemeriksaan.status` and `temuan.status`."""

    AGREES = "cocok"
    ROUNDING = "pembulatan"
    DIFFERS = "selisih"
    BLOCKED = "terhalang"
    NOT_CHECKABLE = "tidak_dapat_diperiksa"


class Severity(StrEnum):
    """Published as `temuan.tingkat`. `ERROR` only where the print contradicts itself beyond doubt."""

    ERROR = "galat"
    WARNING = "peringatan"
    INFO = "info"


class Certainty(StrEnum):
    """Published as `temuan.kepastian`."""

    CERTAIN = "pasti"
    MAYBE_OCR = "mungkin_ocr"
    ROUNDING = "pembulatan"
    INCOMPLETE = "tidak_lengkap"


@dataclass(frozen=True, slots=True)
class Check:
    """One check, whatever its end. `members` are the ids of the lines whose figures went in; amounts are rupiah or plain numbers."""

    rule: str
    document_id: str
    status: CheckStatus
    table_id: str | None = None
    line_id: str | None = None
    column: str | None = None
    printed: int | Decimal | str | None = None
    computed: int | Decimal | str | None = None
    members: tuple[str, ...] = ()
    reason: str = ""  # why blocked or not checkable, in Indonesian


@dataclass(frozen=True, slots=True)
class Finding:
    """One root cause, reported once. `message` is an Indonesian sentence that an auditor can paste; `cause` what would explain it."""

    id: str
    rule: str
    document_id: str
    status: CheckStatus
    severity: Severity
    certainty: Certainty
    message: str
    table_id: str | None = None
    line_id: str | None = None
    column: str | None = None
    printed: str = ""
    expected: str = ""
    difference: int | Decimal | str | None = None
    cause: str | None = None
    evidence: tuple[str, ...] = ()  # line ids
    related: tuple[str, ...] = ()  # ids of findings that follow from this one
    page: int | None = None
    bbox: Bbox | None = None


@dataclass(frozen=True, slots=True)
class Audit:
    """All checks and findings of a run over one or more documents."""

    checks: tuple[Check, ...]
    findings: tuple[Finding, ...]
