"""The published tables, described once; types, dictionary, data package and validation all come from here.

`SCHEMA_VERSION` is semver: a column or table that goes, changes its name, type or meaning is major; a new one is minor; words are a patch.
"""

from __future__ import annotations

from pipeline.schemas.checks import PEMERIKSAAN, TEMUAN
from pipeline.schemas.corrections import KOREKSI
from pipeline.schemas.documents import BARIS, DOCUMENT_KINDS, DOCUMENT_STATUSES, DOKUMEN, TABEL
from pipeline.schemas.figures import ANGGARAN, BUDGET_LEVELS, KINERJA, NARASI, NILAI
from pipeline.schemas.model import ColumnSpec, ColumnType, TableSpec
from pipeline.schemas.references import REFERENCE_TABLES

SCHEMA_VERSION = "1.0.0"

TABLES: tuple[TableSpec, ...] = (DOKUMEN, TABEL, BARIS, NILAI, NARASI, ANGGARAN, KINERJA, TEMUAN, PEMERIKSAAN, KOREKSI)


def table(name: str) -> TableSpec:
    """The description of a published or a reference table; `KeyError` for a name that is none."""
    for spec in (*TABLES, *REFERENCE_TABLES):
        if spec.name == name:
            return spec
    raise KeyError(f"no published table is called {name}")


__all__ = [
    "BUDGET_LEVELS",
    "DOCUMENT_KINDS",
    "DOCUMENT_STATUSES",
    "REFERENCE_TABLES",
    "SCHEMA_VERSION",
    "TABLES",
    "ColumnSpec",
    "ColumnType",
    "TableSpec",
    "table",
]
