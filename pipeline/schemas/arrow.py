"""The published tables as Arrow schemas, and their deterministic Parquet bytes."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from functools import cache
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
_ROW_GROUP = 64 * 1024  # rows, at most
_PARQUET = {"compression": "zstd", "compression_level": 9, "version": "2.6", "write_statistics": True}


@cache
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


def parquet_writer(path: Path, schema: pa.Schema) -> pq.ParquetWriter:
    """A writer whose bytes depend on the tables alone that it is given (one writer version, no time stamps)."""
    return pq.ParquetWriter(path, schema, **_PARQUET)


def write_parquet(table: pa.Table, path: Path) -> None:
    """The same table always gives the same bytes."""
    with parquet_writer(path, table.schema) as writer:
        writer.write_table(table, row_group_size=_ROW_GROUP)


def digest(table: pa.Table) -> str:
    """A hash over all values of a table, wherever they were read from."""
    hashed = hashlib.sha256()
    for batch in table.combine_chunks().to_batches():
        hashed.update(batch.serialize())
    return hashed.hexdigest()


def to_bytes(tables: Mapping[str, pa.Table]) -> bytes:
    """All published tables in one buffer, as Arrow streams one after the other, for the store.

    They are compressed together, since small columns by themselves cost ten times as long, and without the descriptions of columns,
    which take more room than the rows of one document.
    """
    sink = pa.BufferOutputStream()
    with pa.CompressedOutputStream(sink, "zstd") as out:
        for spec in TABLES:
            bare = pa.Table.from_arrays(tables[spec.name].columns, names=spec.column_names)
            with pa.ipc.new_stream(out, bare.schema) as writer:
                writer.write_table(bare)
    data: bytes = sink.getvalue().to_pybytes()
    return data


def from_bytes(data: bytes) -> dict[str, pa.Table]:
    """The tables that `to_bytes` wrote."""
    with pa.CompressedInputStream(pa.BufferReader(data), "zstd") as stream:
        source = pa.BufferReader(stream.read())
    return {spec.name: pa.Table.from_arrays(pa.ipc.open_stream(source).read_all().columns, schema=arrow_schema(spec)) for spec in TABLES}
