"""Official lists as offices hand them out (workbooks, CSV, the decree's PDF annex), read and kept as editions in the user's folder."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from zipfile import BadZipFile

import openpyxl

from extractors import ExtractionError, read_pages
from extractors.types import RawTable
from normalizers.nomenklatur import Edition
from normalizers.nomenklatur.importing import Gap, read_list
from normalizers.nomenklatur.store import known_editions, write_edition
from normalizers.text import join_lines
from normalizers.types import MatchStatus
from pipeline.layout import read_table

_SHEET_SUFFIXES = (".xlsx", ".xlsm")


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import made: the edition, where it is kept, and what was wanting in the list."""

    edition: Edition
    path: Path
    gaps: tuple[Gap, ...]


def import_edition(path: Path, edition_id: str, years: tuple[int, int] | None, folder: Path) -> Imported:
    """Read an official list and keep it as an edition for the budget `years` (first, last).

    Years may be left out for an edition that the project knows. Raises ValueError naming the file where it is no such list.
    """
    known = known_editions().get(edition_id)
    if years is None:
        if known is None:
            raise ValueError(f"{path.name}: edition {edition_id!r} is not one that is known; name its budget years")
        years = known.first_year, known.last_year
    try:
        read = read_list(rows_of(path), continued=path.suffix.lower() == ".pdf")
    except (ValueError, BadZipFile, ExtractionError) as error:
        raise ValueError(f"{path.name}: {error}") from error
    if not read.entries:
        raise ValueError(f"{path.name}: a header was found, but no code under it")
    decree = known.decree if known else edition_id
    edition = Edition(edition_id, decree, *years, read.entries, isolated=known.isolated if known else False)
    return Imported(edition, keep(edition, path.name, folder), read.gaps)


def keep(edition: Edition, source: str, folder: Path) -> Path:
    """Write an edition to the folder of imported editions, in place of an earlier import of the same id; return where."""
    target = folder / f"{re.sub(r'[^A-Za-z0-9.]+', '-', edition.id)}.parquet"
    write_edition(edition, target, source)
    return target


def rows_of(path: Path) -> Iterator[list[str]]:
    """Yield the rows of a list as texts; a PDF is read page by page. Raises ValueError for other kinds of files."""
    suffix = path.suffix.lower()
    if suffix in _SHEET_SUFFIXES:
        yield from _sheet_rows(path)
    elif suffix in (".csv", ".tsv", ".txt"):
        yield from _csv_rows(path)
    elif suffix == ".pdf":
        for content in read_pages(path):
            for table in content.tables:
                yield from _table_rows(table)
    else:
        raise ValueError("not a workbook (.xlsx), CSV or PDF")


def _csv_rows(path: Path) -> Iterator[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as handle:
        head = handle.readline()
        handle.seek(0)
        delimiter = max(",;\t|", key=head.count)
        yield from csv.reader(handle, delimiter=delimiter)


def _sheet_rows(path: Path) -> Iterator[list[str]]:
    workbook = openpyxl.load_workbook(path, read_only=True, data_only=True)
    try:
        for sheet in workbook:
            for row in sheet.iter_rows(values_only=True):
                yield [_text(value) for value in row]
    finally:
        workbook.close()


def _text(value: object) -> str:
    """A cell's text; a number keeps two decimals, as a kegiatan's `2.10` that the workbook holds as 2.1 needs."""
    if value is None:
        return ""
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else f"{value:.2f}"
    return str(value)


def _table_rows(table: RawTable) -> Iterator[list[str]]:
    rows = [[""] * table.n_columns for _ in range(table.n_rows)]
    for cell in table.cells:
        rows[cell.row][cell.column] = join_lines(cell.lines)
    yield from rows


def unexplained_pairs(snapshot: Path) -> tuple[list[tuple[str, str, str]], list[int]]:
    """Return (document, printed code, printed name) of published rows that no edition explains, and the years of their documents."""
    rows = read_table(snapshot, "baris", columns=["dokumen_id", "kode_tercetak", "uraian_tercetak", "status_cocok"]).to_pylist()
    found = [
        (row["dokumen_id"], row["kode_tercetak"], row["uraian_tercetak"])
        for row in rows
        if row["status_cocok"] == MatchStatus.NOT_FOUND.value and row["kode_tercetak"] and row["uraian_tercetak"]
    ]
    concerned = {document for document, _, _ in found}
    documents = read_table(snapshot, "dokumen", columns=["dokumen_id", "tahun"]).to_pylist()
    return found, [row["tahun"] for row in documents if row["dokumen_id"] in concerned and row["tahun"]]
