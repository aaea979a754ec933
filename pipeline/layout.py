"""How the tables of a snapshot lie on disk: one file each, or, for large corpora, in folders by year and region.

The folders are named as Hive, Spark, DuckDB, pandas and polars expect it: `baris/tahun=2024/kode_wilayah=12.20/data.parquet`. The names
carry the two columns, so the files do not. Readers guess the type of a column from such names: `12.20` alone would become the number 12.2.
An empty file in the folder of unknown regions keeps the column a text for all of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds
import pyarrow.parquet as pq

from pipeline.schemas import TABLES, table
from pipeline.schemas.arrow import arrow_schema, write_parquet

YEAR, REGION = "tahun", "kode_wilayah"
UNKNOWN_YEAR = 0
UNKNOWN_REGION = "tidak_diketahui"
_PART = "data.parquet"
_HIVE = ds.partitioning(pa.schema([(YEAR, pa.int64()), (REGION, pa.string())]), flavor="hive")
_Place = tuple[int, str]


def write_tables(tables: Mapping[str, pa.Table], folder: Path, *, partitioned: bool = False) -> None:
    """Writes all published tables to `folder`."""
    places = _places(tables["dokumen"]) if partitioned else {}
    for spec in TABLES:
        if partitioned:
            _write_parts(tables[spec.name], folder / spec.name, places)
        else:
            write_parquet(tables[spec.name], folder / f"{spec.name}.parquet")


def table_files(snapshot: Path, name: str) -> list[Path]:
    """The files of one table in a fixed order; none where the snapshot lacks it."""
    single = snapshot / f"{name}.parquet"
    return [single] if single.exists() else sorted((snapshot / name).rglob("*.parquet"))


def is_partitioned(snapshot: Path) -> bool:
    return (snapshot / "dokumen").is_dir()


def read_table(
    snapshot: Path,
    name: str,
    *,
    columns: Sequence[str] | None = None,
    documents: Sequence[str] | None = None,
    equal: Mapping[str, str] | None = None,
) -> pa.Table:
    """The rows of a table, of the given documents or with the given values alone, whatever the layout; `FileNotFoundError` without it.

    A snapshot of an older schema gives the columns that it has.
    """
    condition = None if documents is None else ds.field("dokumen_id").isin(list(documents))
    for column, value in (equal or {}).items():
        term = ds.field(column) == value
        condition = term if condition is None else condition & term
    single = snapshot / f"{name}.parquet"
    if single.exists():
        return pq.read_table(single, columns=columns, filters=condition, partitioning=None)
    if not (snapshot / name).is_dir():
        raise FileNotFoundError(f"{snapshot}: no table {name} here")
    return _read_parts(snapshot / name, name, columns, condition)


def _read_parts(folder: Path, name: str, columns: Sequence[str] | None, condition: ds.Expression | None) -> pa.Table:
    """The parts as one table in the columns and the order that the table has in one file."""
    own = set(pq.read_schema(table_files(folder.parent, name)[0]).names)
    wanted = [column for column in table(name).column_names if column in own or column in (YEAR, REGION)]
    read = ds.dataset(folder, partitioning=_HIVE).to_table(columns=wanted, filter=condition)
    for column, unknown in ((YEAR, UNKNOWN_YEAR), (REGION, UNKNOWN_REGION)):
        if column in wanted:
            values = read.column(column)
            known = pc.if_else(pc.equal(values, unknown), pa.scalar(None, values.type), values)
            read = read.set_column(wanted.index(column), read.schema.field(column), known)
    schema = arrow_schema(table(name))
    read = read.cast(pa.schema([schema.field(column) for column in wanted], metadata=schema.metadata))
    read = read.take(pc.sort_indices(read.column("dokumen_id")))
    return read if columns is None else read.select(columns)


def _places(documents: pa.Table) -> dict[str, _Place]:
    """The folder of each document."""
    columns = (documents.column(name).to_pylist() for name in ("dokumen_id", YEAR, REGION))
    return {key: (year or UNKNOWN_YEAR, region or UNKNOWN_REGION) for key, year, region in zip(*columns, strict=True)}


def _write_parts(rows: pa.Table, folder: Path, places: Mapping[str, _Place]) -> None:
    documents = pa.array(sorted(places), pa.string())
    bare = rows.drop_columns([column for column in (YEAR, REGION) if column in rows.column_names])
    for place in sorted({*places.values(), (UNKNOWN_YEAR, UNKNOWN_REGION)}):
        members = documents.filter(pa.array([places[key] == place for key in documents.to_pylist()], pa.bool_()))
        part = bare.filter(pc.is_in(rows.column("dokumen_id"), value_set=members))
        if part.num_rows or place == (UNKNOWN_YEAR, UNKNOWN_REGION):
            target = folder / f"{YEAR}={place[0]}" / f"{REGION}={place[1]}"
            target.mkdir(parents=True)
            write_parquet(part, target / _PART)
