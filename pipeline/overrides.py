"""Corrections that people made and reviewed: YAML files, applied only while the print is still what they were made for."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from fnmatch import fnmatch
from pathlib import Path
from typing import Any, Protocol

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from normalizers import codes
from normalizers.nomenklatur import Nomenklatur
from normalizers.nomenklatur.editions import level_of, to_template
from normalizers.numbers import MOST_RUPIAH
from normalizers.text import squash
from normalizers.types import (
    CellText,
    Correction,
    CorrectionStatus,
    Line,
    Match,
    MatchStatus,
    TypedDocument,
    TypedTable,
    Value,
    ValueKind,
    ValueStatus,
)

CODE_COLUMN = "kode_ref"
_CODE, _NAMES = "kode", ("uraian", "uraian_rkpd")
_ID = re.compile(r"[0-9a-f]{8,64}")


class Named(Protocol):
    """Anything that is one document: a file to read, or what was read of it."""

    @property
    def id(self) -> str: ...
    @property
    def sha256(self) -> str: ...
    @property
    def file_name(self) -> str: ...


class Override(BaseModel):
    """One correction. The place is a document (id, or a pattern of file names) and a row (id, or a pattern of its printed name).

    `kolom` is a column, or `kode_ref` for the official code; `expect` is what must be printed there (for `kode_ref`: the row's name, or
    its code where it has no name); `nilai` is the new text, amount in rupiah, number or official code.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    dokumen: str
    baris: str | None = None
    pola: str | None = None
    jenis_tabel: str | None = None
    kolom: str
    expect: str
    nilai: str
    alasan: str = Field(min_length=3)
    penulis: str = Field(min_length=1)
    tanggal: date

    @field_validator("expect", "nilai", mode="before")
    @classmethod
    def _as_text(cls, value: Any) -> Any:
        return str(value) if isinstance(value, int | Decimal) and not isinstance(value, bool) else value

    @model_validator(mode="after")
    def _has_one_place(self) -> Override:
        if (self.baris is None) == (self.pola is None):
            raise ValueError("name the row by either 'baris' or 'pola'")
        if self.pola is not None:
            _require_pattern(self.pola)
        if self.kolom == CODE_COLUMN and level_of(self.nilai) is None:
            raise ValueError(f"{self.nilai!r} is not an official code")
        return self

    def concerns(self, document: Named) -> bool:
        """Whether the correction is for this document."""
        if _ID.fullmatch(self.dokumen):
            return document.id.startswith(self.dokumen) or document.sha256.startswith(self.dokumen)
        return fnmatch(document.file_name, self.dokumen)

    def finds(self, table: TypedTable, line: Line) -> bool:
        """Whether the correction names this row."""
        if self.jenis_tabel is not None and table.kind != self.jenis_tabel:
            return False
        if self.baris is not None:
            return line.id == self.baris
        return self.pola is not None and re.search(self.pola, line.printed_name or "") is not None


def _require_pattern(pattern: str) -> None:
    try:
        re.compile(pattern)
    except re.error as error:
        raise ValueError(f"{pattern!r} is no regular expression: {error}") from error


Corrected = tuple[TypedDocument, tuple[Correction, ...]]


@dataclass(frozen=True, slots=True)
class Entry:
    """A correction with the place it was read from, `file.yml#2`."""

    place: str
    override: Override


@dataclass(frozen=True, slots=True)
class Overrides:
    """All corrections of a folder, in the order of files and entries."""

    entries: tuple[Entry, ...] = ()

    def of(self, document: Named) -> Overrides:
        """Those that are for one document."""
        return Overrides(tuple(entry for entry in self.entries if entry.override.concerns(document)))

    def for_none_of(self, documents: Collection[Named]) -> tuple[str, ...]:
        """The places of those that are for none of these documents."""
        return tuple(entry.place for entry in self.entries if not any(entry.override.concerns(document) for document in documents))

    def fingerprint(self) -> str:
        """A hash of the corrections and their places, for cache keys."""
        told = [f"{entry.place} {entry.override.model_dump_json()}" for entry in self.entries]
        return hashlib.sha256("\n".join(told).encode()).hexdigest()[:16]


def load_overrides(folder: Path) -> Overrides:
    """Read all `*.yml` and `*.yaml` of a folder (none: no corrections). Raises ValueError naming file and entry."""
    entries: list[Entry] = []
    files = sorted([*folder.glob("*.yml"), *folder.glob("*.yaml")]) if folder.is_dir() else []
    for path in files:
        try:
            loaded = yaml.safe_load(path.read_text(encoding="utf-8")) or []
        except (UnicodeDecodeError, yaml.YAMLError) as error:
            raise ValueError(f"{path.name}: not valid YAML: {error}") from error
        if not isinstance(loaded, list):
            raise ValueError(f"{path.name}: expected a list of corrections")
        for number, raw in enumerate(loaded, start=1):
            place = f"{path.name}#{number}"
            try:
                entries.append(Entry(place, Override.model_validate(raw)))
            except ValidationError as error:
                first = error.errors()[0]
                raise ValueError(f"{place}: {'.'.join(map(str, first['loc'])) or 'entry'}: {first['msg']}") from error
    return Overrides(tuple(entries))


def correct_print(document: TypedDocument, overrides: Overrides) -> Corrected:
    """Apply the corrections of cells and figures, before rows are matched."""
    return _apply(document, [entry for entry in overrides.entries if entry.override.kolom != CODE_COLUMN], None)


def correct_matches(document: TypedDocument, overrides: Overrides, nomenklatur: Nomenklatur) -> Corrected:
    """Apply the corrections of official codes, after rows were matched."""
    return _apply(document, [entry for entry in overrides.entries if entry.override.kolom == CODE_COLUMN], nomenklatur)


def _apply(document: TypedDocument, entries: Sequence[Entry], nomenklatur: Nomenklatur | None) -> Corrected:
    outcomes: list[Correction] = []
    for entry in entries:
        if not entry.override.concerns(document):
            continue
        found = [(table, line) for table in document.tables for line in table.lines if entry.override.finds(table, line)]
        if not found:
            detail = f"Tidak ada baris untuk koreksi kolom {entry.override.kolom} ini."
            outcomes.append(Correction(entry.place, CorrectionStatus.UNUSED, document.id, detail=detail))
            continue
        if len(found) > 1:
            detail = f"{len(found)} baris sesuai dengan pola; tidak ada yang diubah."
            outcomes.append(Correction(entry.place, CorrectionStatus.AMBIGUOUS, document.id, found[0][1].id, detail))
            continue
        table, line = found[0]
        printed = _printed(line, entry.override.kolom)
        if printed is None or squash(printed) != squash(entry.override.expect):
            detail = f"Diharapkan “{entry.override.expect}”, tercetak “{printed or ''}”; tidak diubah."
            outcomes.append(Correction(entry.place, CorrectionStatus.STALE, document.id, line.id, detail))
            continue
        corrected = _corrected(document, line, entry, nomenklatur)
        document = _with_line(document, table, corrected)
        outcomes.append(Correction(entry.place, CorrectionStatus.APPLIED, document.id, line.id, corrected.notes[-1]))
    return document, tuple(outcomes)


def _printed(line: Line, column: str) -> str | None:
    if column == CODE_COLUMN:
        return line.printed_name or line.printed_code
    value = next(iter(line.values_of(column)), None)
    if value is not None:
        return value.printed
    return line.cells[column].text if column in line.cells else None


def _corrected(document: TypedDocument, line: Line, entry: Entry, nomenklatur: Nomenklatur | None) -> Line:
    override = entry.override
    if override.kolom == CODE_COLUMN:
        before = line.match.code if line.match is not None and line.match.code else "tanpa kode resmi"
        changed = replace(line, match=_manual(document, entry, before, nomenklatur))
    else:
        before = _printed(line, override.kolom) or ""
        changed = _with_text(line, override) if not line.values_of(override.kolom) else _with_value(line, entry)
    note = f"Dikoreksi ({override.penulis}, {override.tanggal}): {override.kolom} “{before}” menjadi “{override.nilai}”; {override.alasan}."
    return replace(changed, notes=(*changed.notes, note))


def _manual(document: TypedDocument, entry: Entry, before: str, nomenklatur: Nomenklatur | None) -> Match:
    override = entry.override
    view = nomenklatur.for_year(document.facts.year, document.facts.scope) if nomenklatur is not None else None
    keys = (override.nilai, to_template(override.nilai) or override.nilai)
    listed = next((listed for key in keys for listed in (view.with_code(key) if view is not None else ())), None)
    return Match(
        MatchStatus.MANUAL,
        code=override.nilai,
        name=listed.entry.name if listed is not None else None,
        level=level_of(override.nilai),
        score=1.0,
        margin=1.0,
        reason=f"Ditetapkan oleh {override.penulis} pada {override.tanggal}, semula {before}: {override.alasan}.",
        edition=listed.edition if listed is not None else None,
        indicator=listed.entry.indicator or None if listed is not None else None,
        unit=listed.entry.unit or None if listed is not None else None,
    )


def _with_text(line: Line, override: Override) -> Line:
    old = line.cells[override.kolom]
    cell = CellText(override.nilai, old.page, old.bbox, old.bold, 1.0)
    changed = replace(line, cells={**line.cells, override.kolom: cell})
    if override.kolom == _CODE:
        return replace(changed, printed_code=override.nilai, code=codes.normalise(override.nilai))
    return replace(changed, printed_name=override.nilai) if override.kolom in _NAMES else changed


def _with_value(line: Line, entry: Entry) -> Line:
    override = entry.override
    old = line.values_of(override.kolom)[0]
    try:
        amount = Decimal(override.nilai)
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or abs(amount) > MOST_RUPIAH:
        raise ValueError(f"{entry.place}: {override.nilai!r} is no number of a budget; write it with digits and a decimal point only")
    note = f"dikoreksi, tercetak “{old.printed}”"
    if old.kind is ValueKind.RUPIAH:
        new: Value = replace(old, rupiah=int(amount), number=None, status=ValueStatus.OK, note=note, candidates=())
    else:
        new = replace(old, number=amount, rupiah=None, status=ValueStatus.OK, note=note, candidates=())
    return replace(line, values=tuple(new if value is old else value for value in line.values))


def _with_line(document: TypedDocument, table: TypedTable, corrected: Line) -> TypedDocument:
    lines = tuple(corrected if line.id == corrected.id else line for line in table.lines)
    tables = tuple(replace(other, lines=lines) if other.id == table.id else other for other in document.tables)
    return replace(document, tables=tables)
