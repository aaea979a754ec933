"""A published snapshot, opened for reading: DuckDB views over its Parquet files, filtered where asked."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb

from pipeline.layout import REGION, UNKNOWN_REGION, UNKNOWN_YEAR, YEAR
from pipeline.schemas import REFERENCE_TABLES, TABLES, TableSpec
from pipeline.views import VIEWS


class DatasetError(ValueError):
    """A folder that holds no dataset, or a table that it lacks."""


@dataclass(frozen=True, slots=True)
class Selection:
    """Which documents and lines to keep; None keeps all. `region` is a Kemendagri code (`12` takes its regencies too), `bidang` the
    code of a bidang urusan (`2.17`): lines of other bidang, and what hangs on them, are left out."""

    region: str | None = None
    year: int | None = None
    bidang: str | None = None


REFERENCES = tuple(spec.name for spec in REFERENCE_TABLES)  # published beside the tables where the snapshot holds them


def connect(snapshot: Path, selection: Selection | None = None) -> duckdb.DuckDBPyConnection:
    """An in-memory DuckDB with one view per published table, and those of `pipeline.views`.

    Raises DatasetError where `snapshot` holds no dataset.
    """
    files = {spec.name: location for spec in TABLES if (location := _files(snapshot, spec.name))}
    missing = [spec.name for spec in TABLES if spec.name not in files]
    if missing:
        raise DatasetError(f"{snapshot}: no dataset here (missing: {', '.join(missing)}); run `renja run` first, or name another folder")
    connection = duckdb.connect()
    for spec in TABLES:
        where = _condition(spec, selection or Selection())
        connection.execute(f"create view {spec.name} as select * from {_scan(files[spec.name], spec)} as t where {where}")
    for name in REFERENCES:
        if location := _files(snapshot, name):
            connection.execute(f"create view {name} as select * from read_parquet({_quoted(location)})")
    for view in VIEWS:
        connection.execute(f"create view {view.name} as {view.query}")
    return connection


def _files(snapshot: Path, name: str) -> str | None:
    if (snapshot / f"{name}.parquet").exists():
        return str(snapshot / f"{name}.parquet")
    return str(snapshot / name / "**/*.parquet") if (snapshot / name).is_dir() else None


def _scan(location: str, spec: TableSpec) -> str:
    """SQL that reads a table in its described columns. In folders by year and region the two stand in the names, the unknown ones too."""
    if not location.endswith("**/*.parquet"):
        columns = ", ".join(f'"{column}"' for column in spec.column_names)
        return f"(select {columns} from read_parquet({_quoted(location)}, hive_partitioning = false))"
    unknown = {YEAR: str(UNKNOWN_YEAR), REGION: _quoted(UNKNOWN_REGION)}
    columns = ", ".join(f'nullif("{c}", {unknown[c]}) as "{c}"' if c in unknown else f'"{c}"' for c in spec.column_names)
    types = f"{{'{YEAR}': bigint, '{REGION}': varchar}}"
    return f"(select {columns} from read_parquet({_quoted(location)}, hive_partitioning = true, hive_types = {types}))"


def _condition(spec: TableSpec, selection: Selection) -> str:
    """SQL that keeps the rows of the chosen documents, and of the chosen bidang where the table has lines."""
    terms = []
    if selection.region:
        region = _quoted(selection.region)
        terms.append(_of_document(spec, f"kode_wilayah = {region} or starts_with(kode_wilayah, {region} || '.')"))
    if selection.year is not None:
        terms.append(_of_document(spec, f"tahun = {int(selection.year)}"))
    if selection.bidang:
        bidang = _quoted(selection.bidang)
        fits = f"kode_ref = {bidang} or starts_with(kode_ref, {bidang} || '.')"
        if spec.name == "baris":
            terms.append(f"({fits})")
        elif "baris_id" in spec.column_names:
            terms.append(f"baris_id in (select baris_id from baris where {fits})")
    return " and ".join(terms) or "true"


def _of_document(spec: TableSpec, condition: str) -> str:
    return f"({condition})" if spec.name == "dokumen" else f"dokumen_id in (select dokumen_id from dokumen where {condition})"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
