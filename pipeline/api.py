"""Reading documents and published datasets from Python: `read` one PDF, `open_dataset` a snapshot; both give pandas frames.

    from pipeline import api

    data = api.open_dataset()
    data.budget().groupby("nama_wilayah")["pagu"].sum()

Frames have the columns of the published tables (KAMUS.md explains each) with these types: rupiah and other whole numbers `Int64`, other
numbers `Float64`, text `string`, truth values `boolean`. All four know missing values as `pd.NA`; money is never a float.
"""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import duckdb
import pandas as pd
import pyarrow as pa

from normalizers.types import DocumentFacts
from pipeline.dataset import DatasetError, Selection, connect
from pipeline.inputs import InputError
from pipeline.schemas import TABLES, table
from pipeline.schemas.model import ColumnType, TableSpec
from pipeline.settings import Settings

__all__ = ["DTYPES", "Dataset", "DatasetError", "Document", "Frames", "InputError", "Selection", "open_dataset", "read"]

DTYPES: Mapping[ColumnType, str] = {
    ColumnType.TEXT: "string",
    ColumnType.JSON: "string",
    ColumnType.INTEGER: "Int64",
    ColumnType.NUMBER: "Float64",
    ColumnType.BOOLEAN: "boolean",
}


class Frames(ABC):
    """The published tables as pandas frames. Each call gives a frame of its own, that may be changed freely."""

    def frame(self, name: str) -> pd.DataFrame:
        """One table by its published name; KeyError for a name that is none."""
        spec = table(name)
        return _typed(self._arrow(spec), spec)

    def documents(self) -> pd.DataFrame:
        """`dokumen`: one row per source file."""
        return self.frame("dokumen")

    def tables(self) -> pd.DataFrame:
        """`tabel`: one row per logical table, stitched over its pages."""
        return self.frame("tabel")

    def lines(self) -> pd.DataFrame:
        """`baris`: one row per printed row, with its official code and why."""
        return self.frame("baris")

    def values(self) -> pd.DataFrame:
        """`nilai`: one row per printed figure, with its page and box."""
        return self.frame("nilai")

    def prose(self) -> pd.DataFrame:
        """`narasi`: one row per figure in running text."""
        return self.frame("narasi")

    def budget(self) -> pd.DataFrame:
        """`anggaran`: one row per program, kegiatan and sub kegiatan, in rupiah."""
        return self.frame("anggaran")

    def performance(self) -> pd.DataFrame:
        """`kinerja`: one row per performance figure."""
        return self.frame("kinerja")

    def findings(self) -> pd.DataFrame:
        """`temuan`: what does not add up, one row per cause."""
        return self.frame("temuan")

    def checks(self) -> pd.DataFrame:
        """`pemeriksaan`: every check that was made, whatever its end."""
        return self.frame("pemeriksaan")

    def cells(self) -> pd.DataFrame:
        """The printed cells, wide: one row per printed row, one column per canonical column, beside baris_id, tabel_id and halaman."""
        lines = self.lines()
        cells = pd.DataFrame([json.loads(text) for text in lines["sel"]], index=lines.index).astype("string")
        return pd.concat([lines[["baris_id", "tabel_id", "halaman", "jenis_baris"]], cells], axis="columns")

    @abstractmethod
    def _arrow(self, spec: TableSpec) -> pa.Table:
        """The rows of one published table."""


class Document(Frames):
    """One PDF, read, named and audited in this process; nothing is published. `facts` is what it says of itself."""

    def __init__(self, facts: DocumentFacts, tables: Mapping[str, pa.Table]) -> None:
        self.facts = facts
        self._tables = tables

    def _arrow(self, spec: TableSpec) -> pa.Table:
        return self._tables[spec.name]

    def __repr__(self) -> str:
        (name,) = self._tables["dokumen"].column("nama_berkas").to_pylist()
        return f"<Document {name}: {self.facts.kind} {self.facts.year}, {self.facts.agency}, {self.facts.region_name}>"


class Dataset(Frames):
    """A published snapshot, or a part of it. Use it as a context, or `close` it, to let go of its files."""

    def __init__(self, folder: Path, selection: Selection | None = None) -> None:
        self.folder = folder.resolve()
        self._connection = connect(folder, selection)

    @property
    def version(self) -> str:
        """The version of the snapshot, e.g. `2026-11-20.1`."""
        return self.folder.name

    def sql(self, query: str, *parameters: Any) -> pd.DataFrame:
        """The answer to a DuckDB query over the tables; `?` stands for a parameter. Columns have the types of the module."""
        return _nullable(self._connection.sql(query, params=list(parameters)).to_arrow_table())

    @property
    def connection(self) -> duckdb.DuckDBPyConnection:
        """The DuckDB connection, with a view for each table."""
        return self._connection

    def regions(self) -> pd.DataFrame:
        """`wilayah`: the official list of provinces, kabupaten and kota."""
        return self.frame("wilayah")

    def nomenklatur(self) -> pd.DataFrame:
        """`nomenklatur`: official codes and names by edition."""
        return self.frame("nomenklatur")

    def close(self) -> None:
        """Let go of the files."""
        self._connection.close()

    def _arrow(self, spec: TableSpec) -> pa.Table:
        return self._connection.sql(f"select * from {spec.name}").to_arrow_table()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<Dataset {self.version}: {len(self.documents())} documents>"


def open_dataset(folder: str | Path = "data/clean/latest", selection: Selection | None = None) -> Dataset:
    """The snapshot in `folder`, all of it or the documents and lines that `selection` chooses.

    Raises DatasetError where the folder holds no dataset.
    """
    return Dataset(Path(folder), selection)


def read(path: str | Path, settings: Settings | None = None) -> Document:
    """Read and audit one PDF here and now: a second or so for ten born-digital pages, much more for scans.

    Reviewed corrections and imported nomenklatur editions are those of a run in this folder (`settings`); cross-document checks need
    `renja run`. Raises InputError where `path` is no PDF, and UnreadableDocument (extractors) where it cannot be opened.
    """
    from extractors import read_pages
    from normalizers.document import as_displayed
    from pipeline.evidence import reviewed
    from pipeline.inputs import find_sources
    from pipeline.overrides import load_overrides
    from pipeline.reconcile import audit
    from pipeline.results import DocumentResult
    from pipeline.rows import dataset_rows
    from pipeline.schemas.arrow import to_arrow
    from pipeline.stages import normalise

    path, settings = Path(path), settings or Settings()
    if path.is_dir():
        raise InputError(f"{path} is a folder; name one PDF")
    (source,) = find_sources([path])
    typed = normalise(source, list(read_pages(path)), load_overrides(settings.overrides_dir).of(source), settings)
    document = as_displayed(reviewed(typed, path))
    result = DocumentResult(source, "ok", None, document.page_count, facts=document.facts)
    rows = dataset_rows([result], {document.id: document}, audit([document]))
    return Document(document.facts, {spec.name: to_arrow(spec, rows[spec.name]) for spec in TABLES})


def _typed(rows: pa.Table, spec: TableSpec) -> pd.DataFrame:
    frame: pd.DataFrame = rows.to_pandas(types_mapper=_MAPPER.get)
    return frame.astype({column.name: DTYPES[column.type] for column in spec.columns if column.name in frame.columns})


def _nullable(rows: pa.Table) -> pd.DataFrame:
    """Whatever a query gave, in the same types; a whole number that does not fit 64 bits raises."""
    fields = [field.with_type(_plain(field.type)) for field in rows.schema]
    frame: pd.DataFrame = rows.cast(pa.schema(fields)).to_pandas(types_mapper=_MAPPER.get)
    return frame


def _plain(kind: pa.DataType) -> pa.DataType:
    """DuckDB adds whole numbers up in 128 bits, which Arrow carries as decimals, and reads `0.5` in a query as a decimal too."""
    if pa.types.is_decimal(kind):
        return pa.float64() if kind.scale else pa.int64()
    return pa.int64() if pa.types.is_integer(kind) else kind


_MAPPER: Mapping[pa.DataType, Any] = {
    pa.int64(): pd.Int64Dtype(),
    pa.float64(): pd.Float64Dtype(),
    pa.bool_(): pd.BooleanDtype(),
    pa.string(): pd.StringDtype(),
    pa.large_string(): pd.StringDtype(),
}
