"""Reading a published snapshot row by row, as the terminal commands need it."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Any

import pyarrow.compute as pc

from pipeline.findings import Severity
from pipeline.layout import read_table

Row = dict[str, Any]
LEVELS = tuple(severity.value for severity in Severity)  # of findings, the gravest first


def rows(snapshot: Path, table: str, **equal: str) -> list[Row]:
    """The rows of a table, all or those whose columns equal the given values, in published order."""
    found: list[Row] = read_table(snapshot, table, equal=equal).to_pylist()
    return found


def rows_starting(snapshot: Path, table: str, column: str, prefix: str) -> list[Row]:
    """The rows whose text column begins with `prefix`."""
    read = read_table(snapshot, table)
    found: list[Row] = read.filter(pc.starts_with(read.column(column), prefix)).to_pylist()
    return found


def documents(snapshot: Path, document: str | None = None) -> dict[str, str]:
    """File names by dokumen_id, of all documents or of those that `document`, a dokumen_id or part of a file name, means."""
    names = {row["dokumen_id"]: row["nama_berkas"] for row in rows(snapshot, "dokumen")}
    return {key: name for key, name in names.items() if document is None or document == key or document.lower() in name.lower()}


def findings(snapshot: Path, *, document: str | None = None, rule: str | None = None, levels: Collection[str] = LEVELS) -> list[Row]:
    """Findings with `nama_berkas`, the most severe and largest first; `document` is a dokumen_id or part of a file name."""
    names = documents(snapshot, document)
    found = [
        {**row, "nama_berkas": names[row["dokumen_id"]]}
        for row in rows(snapshot, "temuan")
        if row["dokumen_id"] in names and row["tingkat"] in levels and (rule is None or row["aturan"] == rule.upper())
    ]
    return sorted(found, key=lambda row: (LEVELS.index(row["tingkat"]), -abs(row["selisih"] or 0), row["temuan_id"]))
