"""Exports of a snapshot for people who do not read Parquet: CSV, XLSX, DuckDB and SQLite (with metadata for Datasette)."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path

import duckdb
import xlsxwriter

from pipeline.dataset import REFERENCES, Selection, connect
from pipeline.schemas import TABLES, TableSpec
from pipeline.schemas.model import ColumnType

SHEET_ROWS = 1_048_575  # a worksheet holds 1,048,576 rows, one of them the heading
_SQLITE = {ColumnType.INTEGER: "integer", ColumnType.BOOLEAN: "integer", ColumnType.NUMBER: "real"}

VIEWS = {
    "pagu_per_program": (
        "Pagu per program dan perangkat daerah, dari tabel rencana (pagu) atau perubahannya (pagu_sesudah).",
        "select tahun, kode_wilayah, nama_wilayah, perangkat_daerah, jenis_dokumen, kode, any_value(uraian) as uraian, "
        "max(coalesce(pagu_sesudah, pagu, anggaran)) as pagu from anggaran where tingkat = 'program' group by all",
    ),
    "temuan_lengkap": (
        "Temuan bersama dokumen dan baris tempatnya tercetak.",
        "select t.*, d.nama_berkas, d.perangkat_daerah, d.nama_wilayah, d.tahun, b.kode_tercetak, b.uraian_tercetak "
        "from temuan t join dokumen d using (dokumen_id) left join baris b using (baris_id)",
    ),
}


class ExportError(ValueError):
    """An export that cannot be made, with the reason."""


def export(snapshot: Path, form: str, out: Path, selection: Selection | None = None) -> list[Path]:
    """Write a snapshot as `csv` (a folder), `xlsx`, `duckdb` or `sqlite` (a file each); returns what was written.

    Raises DatasetError (no dataset), ExportError (unknown form, target exists, too many rows for a worksheet).
    """
    if form not in FORMS:
        raise ExportError(f"{form!r} is no export; there are: {', '.join(FORMS)}")
    if out.exists() and not (form == "csv" and out.is_dir()):
        raise ExportError(f"{out} exists already; remove it or name another target")
    with connect(snapshot, selection) as connection:
        out.parent.mkdir(parents=True, exist_ok=True)
        return FORMS[form](connection, out)


def _names(connection: duckdb.DuckDBPyConnection) -> list[str]:
    there = {name for (name,) in connection.execute("select view_name from duckdb_views() where not internal").fetchall()}
    return [spec.name for spec in TABLES] + [name for name in REFERENCES if name in there]


def _csv(connection: duckdb.DuckDBPyConnection, out: Path) -> list[Path]:
    out.mkdir(exist_ok=True)
    written = []
    for name in _names(connection):
        path = out / f"{name}.csv"
        connection.execute(f"copy (select * from {name}) to '{_escaped(path)}' (header, delimiter ',')")
        written.append(path)
    return written


def _xlsx(connection: duckdb.DuckDBPyConnection, out: Path) -> list[Path]:
    sizes = {name: _count(connection, name) for name in _names(connection)}
    too_long = [f"{name} ({rows:,} rows)" for name, rows in sizes.items() if rows > SHEET_ROWS]
    if too_long:
        raise ExportError(f"a worksheet holds {SHEET_ROWS:,} rows, too few for {', '.join(too_long)}; choose a region, year or bidang")
    with xlsxwriter.Workbook(str(out), {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        bold = book.add_format({"bold": True, "bottom": 1})
        for name in sizes:
            sheet = book.add_worksheet(name)
            sheet.freeze_panes(1, 0)
            result = connection.execute(f"select * from {name}")
            sheet.write_row(0, 0, [column[0] for column in result.description], bold)
            row = 0
            while batch := result.fetchmany(5000):
                for values in batch:
                    row += 1
                    sheet.write_row(row, 0, [str(v) if isinstance(v, int) and abs(v) >= 10**15 else v for v in values])
    return [out]


def _duckdb(connection: duckdb.DuckDBPyConnection, out: Path) -> list[Path]:
    connection.execute(f"attach '{_escaped(out)}' as hasil")
    for name in _names(connection):
        connection.execute(f"create table hasil.{name} as select * from {name}")
    for spec in TABLES:
        connection.execute(f"comment on table hasil.{spec.name} is '{spec.indonesian.replace(chr(39), chr(39) * 2)}'")
        for column in spec.columns:
            text = column.indonesian.replace("'", "''")
            connection.execute(f"comment on column hasil.{spec.name}.{column.name} is '{text}'")
    connection.execute("use hasil")
    for name, (comment, query) in VIEWS.items():
        connection.execute(f"create view {name} as {query}")
        connection.execute(f"comment on view {name} is '{comment}'")
    connection.execute("use memory")
    connection.execute("detach hasil")
    return [out]


def _sqlite(connection: duckdb.DuckDBPyConnection, out: Path) -> list[Path]:
    target = sqlite3.connect(out)
    specs = {spec.name: spec for spec in TABLES}
    with target:
        for name in _names(connection):
            result = connection.execute(f"select * from {name}")
            columns = [column[0] for column in result.description]
            target.execute(_create_table(name, columns, specs.get(name)))
            places = ", ".join("?" * len(columns))
            while batch := result.fetchmany(5000):
                target.executemany(f'insert into "{name}" values ({places})', batch)
        for spec in TABLES:
            for column, _, _ in spec.foreign_keys:
                target.execute(f'create index "{spec.name}_{column}" on "{spec.name}" ("{column}")')
    target.close()
    metadata = out.with_suffix(".metadata.json")
    metadata.write_text(json.dumps(_datasette(out.stem), ensure_ascii=False, indent=1), encoding="utf-8")
    return [out, metadata]


def _create_table(name: str, columns: list[str], spec: TableSpec | None) -> str:
    kinds = {column.name: _SQLITE.get(column.type, "text") for column in spec.columns} if spec else {}
    parts = [f'"{column}" {kinds.get(column, "text")}' for column in columns]
    if spec:
        parts.append(f"primary key ({', '.join(spec.key)})")
        parts += [f'foreign key ("{own}") references "{table}" ("{field}")' for own, table, field in spec.foreign_keys]
    return f'create table "{name}" ({", ".join(parts)})'


def _datasette(database: str) -> dict[str, object]:
    tables = {spec.name: {"description": spec.indonesian, "columns": {c.name: c.indonesian for c in spec.columns}} for spec in TABLES}
    return {"title": "renja", "databases": {database: {"tables": tables}}}


def _count(connection: duckdb.DuckDBPyConnection, name: str) -> int:
    row = connection.execute(f"select count(*) from {name}").fetchone()
    return int(row[0]) if row else 0


def _escaped(path: Path) -> str:
    return str(path).replace("'", "''")


FORMS: dict[str, Callable[[duckdb.DuckDBPyConnection, Path], list[Path]]] = {
    "csv": _csv,
    "xlsx": _xlsx,
    "duckdb": _duckdb,
    "sqlite": _sqlite,
}
