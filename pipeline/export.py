"""Exports of a snapshot for people who do not read Parquet: CSV, XLSX, DuckDB and SQLite (with metadata for Datasette)."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import xlsxwriter
from xlsxwriter.exceptions import XlsxWriterException

from pipeline.dataset import Selection, connect
from pipeline.report.workbook import SAFE_INTEGER
from pipeline.schemas import REFERENCE_TABLES, TABLES, TableSpec
from pipeline.schemas.model import ColumnType
from pipeline.views import VIEWS

SHEET_ROWS = 1_048_575  # a worksheet holds 1,048,576 rows, one of them the heading
CELL_LETTERS = 32_767  # and a cell so many letters
_SQLITE = {ColumnType.INTEGER: "integer", ColumnType.BOOLEAN: "integer", ColumnType.NUMBER: "real"}


class ExportError(ValueError):
    """An export that cannot be made, with the reason."""


def export(snapshot: Path, form: str, out: Path, selection: Selection | None = None) -> list[Path]:
    """Write a snapshot as `csv` (a folder), `xlsx`, `duckdb` or `sqlite` (a file each); returns what was written.

    Raises DatasetError (no dataset), ExportError (unknown form, target exists or cannot be written, too many rows for a worksheet).
    """
    if form not in FORMS:
        raise ExportError(f"{form!r} is no export; there are: {', '.join(FORMS)}")
    if out.exists() and not (form == "csv" and out.is_dir()):
        raise ExportError(f"{out} exists already; remove it or name another target")
    with connect(snapshot, selection) as connection:
        out.parent.mkdir(parents=True, exist_ok=True)
        try:
            return FORMS[form](connection, out)
        except (XlsxWriterException, duckdb.IOException, sqlite3.OperationalError) as error:
            raise ExportError(f"cannot write to {out}: {error}") from error


def _specs(connection: duckdb.DuckDBPyConnection) -> list[TableSpec]:
    """The tables that the snapshot has: all published ones, and the reference tables where they are there."""
    there = {name for (name,) in connection.execute("select view_name from duckdb_views() where not internal").fetchall()}
    return [spec for spec in (*REFERENCE_TABLES, *TABLES) if spec.name in there]


def _names(connection: duckdb.DuckDBPyConnection) -> list[str]:
    return [spec.name for spec in _specs(connection)]


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
                    sheet.write_row(row, 0, [_for_sheet(value) for value in values])
    return [out]


def _for_sheet(value: Any) -> Any:
    """A value as a worksheet can hold it: a text that is too long is cut, with a sign for it."""
    if isinstance(value, str) and len(value) > CELL_LETTERS:
        return value[: CELL_LETTERS - 1] + "…"
    return str(value) if isinstance(value, int) and abs(value) >= SAFE_INTEGER else value


def _duckdb(connection: duckdb.DuckDBPyConnection, out: Path) -> list[Path]:
    connection.execute(f"attach '{_escaped(out)}' as hasil")
    for spec in _specs(connection):
        connection.execute(f"create table hasil.{spec.name} as select * from {spec.name}")
        connection.execute(f"comment on table hasil.{spec.name} is '{_escaped(spec.indonesian)}'")
        for column in spec.columns:
            connection.execute(f"comment on column hasil.{spec.name}.{column.name} is '{_escaped(column.indonesian)}'")
    connection.execute("use hasil")
    for view in VIEWS:
        connection.execute(f"create view {view.name} as {view.query}")
        connection.execute(f"comment on view {view.name} is '{_escaped(view.indonesian)}'")
    connection.execute("use memory")
    connection.execute("detach hasil")
    return [out]


def _sqlite(connection: duckdb.DuckDBPyConnection, out: Path) -> list[Path]:
    specs = _specs(connection)
    target = sqlite3.connect(out)
    with target:
        for spec in specs:
            target.execute(_create_table(spec))
            places = ", ".join("?" * len(spec.columns))
            result = connection.execute(f"select * from {spec.name}")
            while batch := result.fetchmany(5000):
                target.executemany(f'insert into "{spec.name}" values ({places})', batch)
        for spec in specs:
            for column, _, _ in spec.foreign_keys:
                target.execute(f'create index "{spec.name}_{column}" on "{spec.name}" ("{column}")')
            _let_go(target, spec)
    target.close()
    metadata = out.with_suffix(".metadata.json")
    metadata.write_text(json.dumps(_datasette(out.stem, specs), ensure_ascii=False, indent=1), encoding="utf-8")
    return [out, metadata]


def _let_go(target: sqlite3.Connection, spec: TableSpec) -> None:
    """A chosen bidang leaves parents out; what points at them points at nothing then."""
    for own, table, field in spec.foreign_keys:
        if spec.column(own).nullable:
            target.execute(f'update "{spec.name}" set "{own}" = null where "{own}" not in (select "{field}" from "{table}")')


def _create_table(spec: TableSpec) -> str:
    parts = [f'"{column.name}" {_SQLITE.get(column.type, "text")}' for column in spec.columns]
    parts.append(f"primary key ({', '.join(spec.key)})")
    parts += [f'foreign key ("{own}") references "{table}" ("{field}")' for own, table, field in spec.foreign_keys]
    return f'create table "{spec.name}" ({", ".join(parts)})'


def _datasette(database: str, specs: list[TableSpec]) -> dict[str, object]:
    tables = {spec.name: {"description": spec.indonesian, "columns": {c.name: c.indonesian for c in spec.columns}} for spec in specs}
    return {"title": "renja", "databases": {database: {"tables": tables}}}


def _count(connection: duckdb.DuckDBPyConnection, name: str) -> int:
    row = connection.execute(f"select count(*) from {name}").fetchone()
    return int(row[0]) if row else 0


def _escaped(text: str | Path) -> str:
    """What stands between the quotes of an SQL string."""
    return str(text).replace("'", "''")


FORMS: dict[str, Callable[[duckdb.DuckDBPyConnection, Path], list[Path]]] = {
    "csv": _csv,
    "xlsx": _xlsx,
    "duckdb": _duckdb,
    "sqlite": _sqlite,
}
