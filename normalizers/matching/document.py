"""Every row of a document that can be official gets its match: which entry it is, how sure that is, and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from rapidfuzz import fuzz

from normalizers.codes import Code, CodeSystem, parse
from normalizers.matching.context import document_bidang
from normalizers.matching.evidence import PrintedRow, read_row
from normalizers.matching.rows import match_tables
from normalizers.nomenklatur import FIRST_YEAR, EditionView, Nomenklatur
from normalizers.nomenklatur.editions import scope_of
from normalizers.text import compact
from normalizers.types import LEVELS, DocumentFacts, Line, Match, MatchStatus, RowKind, TypedDocument, TypedTable

_OLD_SHARE = 0.5  # of a document's codes in an older numbering, for the whole document to be taken as older
_ENOUGH_CODES = 3  # kegiatan or sub kegiatan codes that tell the scope of a document
_NAME_COLUMNS = ("uraian", "uraian_rkpd", "uraian_kebutuhan")
_INDICATOR_COLUMNS = ("indikator", "indikator_sesudah", "indikator_sebelum", "indikator_rkpd")
_AGREES = 0.85  # likeness from which a printed indicator is the official one


def match_document(document: TypedDocument, nomenklatur: Nomenklatur) -> TypedDocument:
    """Return the document with `Line.match` set on every line that is, or could be, an official row.

    Lines that continue another (`indikator`) carry its match. Totals, labels and tables without program rows stay without.
    """
    printed = [code for table in document.tables for line in table.lines if (code := _code(line)) is not None]
    view = nomenklatur.for_year(_year(document.facts, printed), _scope(document.facts, printed))
    places = [[place for place, line in enumerate(table.lines) if _asks(line)] if _carries_rows(table) else [] for table in document.tables]
    evidence = [[read_row(_printed(table.lines[place])) for place in found] for table, found in zip(document.tables, places, strict=True)]
    bidang = document_bidang((row for rows in evidence for row in rows), view, document.facts.agency, document.facts.bidang)
    matches = match_tables(evidence, view, bidang)
    tables = [
        _with_matches(table, dict(zip(found, own, strict=True)), view)
        for table, found, own in zip(document.tables, places, matches, strict=True)
    ]
    return replace(document, tables=tuple(tables))


def _year(facts: DocumentFacts, printed: Sequence[Code]) -> int | None:
    """The budget year; a document of unknown year whose codes are mostly of the older numbering counts as older than the nomenklatur."""
    if facts.year is not None:
        return facts.year
    old = sum(code.system is CodeSystem.PERMENDAGRI_13 for code in printed)
    return FIRST_YEAR - 1 if old > _OLD_SHARE * len(printed) else None


def _scope(facts: DocumentFacts, printed: Sequence[Code]) -> str | None:
    """Kabupaten/kota or provinsi: as the printed kegiatan groups say (2 or 1), else as the document is known to be."""
    said = Counter(scope_of(code.normal) for code in printed if code.system is CodeSystem.NOMENKLATUR and not code.partial)
    groups = {scope: said[scope] for scope in ("kabkota", "provinsi")}
    most = max(groups, key=lambda scope: groups[scope])
    if groups[most] >= _ENOUGH_CODES and groups[most] > 2 * min(groups.values()):
        return most
    if facts.scope is not None or facts.region_code is None:
        return facts.scope
    return "kabkota" if "." in facts.region_code else "provinsi"


def _code(line: Line) -> Code | None:
    printed = line.printed_code or line.code
    return parse(printed) if printed else None


def _carries_rows(table: TypedTable) -> bool:
    """Whether a table can hold program rows: it has lines of a level, or codes that tell one, or names in a column of names."""
    if table.column("kode_rekening") is not None and not any(line.kind in LEVELS for line in table.lines):
        return False
    return any(line.kind in LEVELS or line.code or any(name in line.cells for name in _NAME_COLUMNS) for line in table.lines)


def _asks(line: Line) -> bool:
    """Whether a line is to be matched: it has a code or a name, and is no total, label or continuation."""
    if line.kind in (RowKind.TOTAL, RowKind.INDIKATOR) or line.label is not None:
        return False
    return bool(line.printed_code or line.code or _name(line))


def _name(line: Line) -> str | None:
    if line.printed_name:
        return line.printed_name
    return next((line.cells[column].text for column in _NAME_COLUMNS if column in line.cells), None)


def _printed(line: Line) -> PrintedRow:
    level = line.kind if line.kind in LEVELS else None
    return PrintedRow(line.printed_code or line.code, _name(line), level, free=level is None)


def _with_matches(table: TypedTable, matches: dict[int, Match], view: EditionView) -> TypedTable:
    lines: list[Line] = []
    carrier: Line | None = None
    for place, line in enumerate(table.lines):
        match = matches.get(place)
        if match is not None and _worth_saying(line, match):
            line = replace(line, match=_with_indicator(line, table.lines[place + 1 :], match))
        elif line.kind is RowKind.INDIKATOR and carrier is not None and carrier.match is not None:
            line = replace(line, match=_carried(carrier.match))
        if line.kind is not RowKind.INDIKATOR:
            carrier = line
        lines.append(line)
    return replace(table, lines=tuple(lines))


def _worth_saying(line: Line, match: Match) -> bool:
    """A row of no level and no code that is no official one is simply another kind of row."""
    return line.kind in LEVELS or line.printed_code is not None or match.code is not None


def _carried(match: Match) -> Match:
    return replace(match, reason=f"Melanjutkan baris di atasnya. {match.reason}") if match.code else match


def _with_indicator(line: Line, following: Sequence[Line], match: Match) -> Match:
    """Say whether the printed indicator and unit are the official ones, where the edition lists them."""
    if match.indicator is None:
        return match
    own = [line]
    for other in following:
        if other.kind is not RowKind.INDIKATOR:
            break
        own.append(other)
    printed = [other.cells[column].text for other in own for column in _INDICATOR_COLUMNS if column in other.cells]
    if not printed:
        return match
    official = compact(match.indicator)
    like = max(max(fuzz.ratio(compact(text), official), 0.98 * fuzz.partial_ratio(compact(text), official)) for text in printed) / 100
    said = "Indikator tercetak sesuai dengan indikator resmi" if like >= _AGREES else f"Indikator tercetak berbeda dari “{match.indicator}”"
    return replace(match, reason=f"{match.reason} {said}{_unit_part(own, match.unit)}.")


def _unit_part(lines: Sequence[Line], official: str | None) -> str:
    units = {compact(value.unit) for line in lines for value in line.values if value.unit}
    units |= {compact(line.cells["satuan"].text) for line in lines if "satuan" in line.cells}
    if not official or not units:
        return ""
    return ", satuan sesuai" if compact(official) in units else f", satuan resmi {official} tidak tercetak"


def is_sure(match: Match | None) -> bool:
    """Whether a match is one to publish a code for."""
    return match is not None and match.status in (MatchStatus.EXACT, MatchStatus.REPAIRED, MatchStatus.FUZZY, MatchStatus.MANUAL)
