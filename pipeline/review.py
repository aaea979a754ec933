"""The unsure matches of a published snapshot, with their candidates, and the corrections that a reviewer makes of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from normalizers.matching import PrintedRow, match_table_rows
from normalizers.nomenklatur import Nomenklatur
from normalizers.nomenklatur.editions import scope_of
from normalizers.types import LEVELS, Match, MatchStatus, RowKind
from pipeline.layout import read_table
from pipeline.overrides import CODE_COLUMN, Override

_COLUMNS = ["baris_id", "tabel_id", "dokumen_id", "urutan", "halaman", "putaran", "x0", "y0", "x1", "y1", "jenis_baris", "kode_tercetak"]
_MATCH_COLUMNS = ["uraian_tercetak", "status_cocok", "alasan_cocok", "kode_ref"]
_ASKED = (MatchStatus.UNSURE.value, MatchStatus.NOT_FOUND.value)


@dataclass(frozen=True, slots=True)
class Question:
    """One row to be decided by a person; `box` is its place on the page in points, `candidates` are (code, name, score)."""

    document_id: str
    file_name: str
    line_id: str
    page: int
    rotation: int
    box: tuple[float, float, float, float]
    printed_code: str | None
    printed_name: str | None
    reason: str
    candidates: tuple[tuple[str, str, float], ...]


def questions(snapshot: Path, nomenklatur: Nomenklatur, not_found: bool = False) -> Iterator[Question]:
    """Yield the unsure rows of a snapshot (also those not found, where asked), matched anew for their candidates."""
    documents = {row["dokumen_id"]: row for row in read_table(snapshot, "dokumen").to_pylist()}
    tables: dict[str, dict[str, list[dict[str, Any]]]] = defaultdict(lambda: defaultdict(list))
    for row in read_table(snapshot, "baris", columns=[*_COLUMNS, *_MATCH_COLUMNS]).to_pylist():
        tables[row["dokumen_id"]][row["tabel_id"]].append(row)
    asked = _ASKED if not_found else _ASKED[:1]
    for document_id, own in sorted(tables.items()):
        document = documents[document_id]
        if any(row["status_cocok"] in asked for rows in own.values() for row in rows):
            yield from _of_document(document, [rows for _, rows in sorted(own.items())], nomenklatur, asked)


def _of_document(
    document: dict[str, Any], tables: list[list[dict[str, Any]]], nomenklatur: Nomenklatur, asked: tuple[str, ...]
) -> Iterator[Question]:
    rows = [[row for row in sorted(table, key=lambda row: row["urutan"]) if row["status_cocok"]] for table in tables]
    rows = [[row for row in table if row["jenis_baris"] != RowKind.INDIKATOR.value] for table in rows]
    view = nomenklatur.for_year(document["tahun"], _scope(rows))
    printed = [[_printed(row) for row in table] for table in rows]
    for table, matches in zip(rows, match_table_rows(printed, view, document["perangkat_daerah"]), strict=True):
        for row, match in zip(table, matches, strict=True):
            if row["status_cocok"] in asked:
                yield _question(document, row, match)


def _printed(row: dict[str, Any]) -> PrintedRow:
    level = RowKind(row["jenis_baris"])
    return PrintedRow(row["kode_tercetak"], row["uraian_tercetak"], level if level in LEVELS else None)


def _scope(tables: list[list[dict[str, Any]]]) -> str | None:
    """The scope that the document's sure rows have, None where they tell of none or of several."""
    found = {scope_of(row["kode_ref"]) for table in tables for row in table if row["kode_ref"]} - {None, "khusus"}
    return found.pop() if len(found) == 1 else None


def _question(document: dict[str, Any], row: dict[str, Any], match: Match) -> Question:
    return Question(
        row["dokumen_id"],
        document["nama_berkas"],
        row["baris_id"],
        row["halaman"],
        row["putaran"],
        (row["x0"], row["y0"], row["x1"], row["y1"]),
        row["kode_tercetak"],
        row["uraian_tercetak"],
        row["alasan_cocok"] or match.reason,
        match.candidates,
    )


def answer(question: Question, code: str, author: str, reason: str, day: date) -> Override:
    """Return the correction that gives a row its official code. Raises ValueError where `code` is not one."""
    return Override(
        dokumen=question.document_id,
        baris=question.line_id,
        kolom=CODE_COLUMN,
        expect=question.printed_name or question.printed_code or "",
        nilai=code,
        alasan=reason,
        penulis=author,
        tanggal=day,
    )


def append_override(path: Path, override: Override) -> None:
    """Add a correction at the end of a YAML file, leaving what stands there as it is."""
    entry = {key: value for key, value in override.model_dump(mode="json").items() if value is not None}
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as handle:
        handle.write(yaml.safe_dump([entry], allow_unicode=True, sort_keys=False, width=140))
