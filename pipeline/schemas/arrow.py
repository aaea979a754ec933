"""The published tables as Arrow schemas, and their deterministic Parquet bytes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.schemas import SCHEMA_VERSION, TABLES
from pipeline.schemas.model import ColumnSpec, ColumnType, TableSpec

_ARROW: dict[ColumnType, pa.DataType] = {
    ColumnType.TEXT: pa.string(),
    ColumnType.JSON: pa.string(),
    ColumnType.INTEGER: pa.int64(),
    ColumnType.NUMBER: pa.float64(),
    ColumnType.BOOLEAN: pa.bool_(),
}
_ROW_GROUP = 64 * 1024


def arrow_schema(spec: TableSpec) -> pa.Schema:
    """The table's Arrow schema; descriptions and units travel as metadata of fields and schema."""
    metadata = {
        "description": spec.english,
        "keterangan": spec.indonesian,
        "schema_version": SCHEMA_VERSION,
        "primary_key": ",".join(spec.key),
    }
    return pa.schema([_field(column) for column in spec.columns], metadata=metadata)


def _field(column: ColumnSpec) -> pa.Field:
    metadata = {"description": column.english, "keterangan": column.indonesian}
    if column.unit is not None:
        metadata["unit"] = column.unit
    return pa.field(column.name, _ARROW[column.type], nullable=column.nullable, metadata=metadata)


def to_arrow(spec: TableSpec, rows: Sequence[Mapping[str, Any]]) -> pa.Table:
    """Rows (column -> value) as an Arrow table; a row that lacks a column or has one too many is a `ValueError`."""
    expected = set(spec.column_names)
    for row in rows:
        if row.keys() != expected:
            wrong = sorted(row.keys() ^ expected)
            raise ValueError(f"table {spec.name}: a row does not have the columns of its description: {', '.join(wrong)}")
    schema = arrow_schema(spec)
    arrays = [pa.array([row[field.name] for row in rows], type=field.type) for field in schema]
    return pa.Table.from_arrays(arrays, schema=schema)


def write_parquet(table: pa.Table, path: Path) -> None:
    """The same table always gives the same bytes (one writer version, fixed row groups, no time stamps)."""
    pq.write_table(table, path, compression="zstd", compression_level=9, row_group_size=_ROW_GROUP, version="2.6", write_statistics=True)


def to_bytes(tables: Mapping[str, pa.Table]) -> bytes:
    """All published tables in one buffer, as Arrow streams one after the other, for the store."""
    sink = pa.BufferOutputStream()
    for spec in TABLES:
        with pa.ipc.new_stream(sink, tables[spec.name].schema, options=pa.ipc.IpcWriteOptions(compression="zstd")) as writer:
            writer.write_table(tables[spec.name])
    data: bytes = sink.getvalue().to_pybytes()
    return data


def from_bytes(data: bytes) -> dict[str, pa.Table]:
    """The tables that `to_bytes` wrote."""
    source = pa.BufferReader(data)
    return {spec.name: pa.ipc.open_stream(source).read_all() for spec in TABLES}
