"""How the tables of a snapshot lie on disk: one file each, or, for large corpora, in folders by year and region.

The folders are named as Hive, Spark, DuckDB, pandas and polars expect it: `baris/tahun=2024/kode_wilayah=12.20/data.parquet`. The names
carry the two columns, so the files do not. Readers guess the type of a column from such names: `12.20` alone would become the number 12.2.
An empty file in the folder of unknown regions keeps the column a text for all of them.

Tables are written some documents at a time and read by row groups of a few megabytes, so that a corpus need not fit into memory.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from types import TracebackType

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipeline.schemas import TABLES, table
from pipeline.schemas.arrow import arrow_schema, parquet_writer

Tables = Mapping[str, pa.Table]  # all published tables, with the rows of some documents
Place = tuple[int, str]  # year and region, 0 and "" where they are not known

YEAR, REGION = "tahun", "kode_wilayah"
UNKNOWN_YEAR = 0
UNKNOWN_REGION = "tidak_diketahui"
_UNKNOWN: Place = (UNKNOWN_YEAR, "")
_PART = "data.parquet"
_ROW_GROUP_BYTES = 2_000_000  # in memory; a fifth of that or less on disk


def place(year: int | None, region: str | None) -> Place:
    """Where the rows of a document lie in folders; documents are written in the order of their places."""
    return year or UNKNOWN_YEAR, region or ""


class Writer:
    """Writes the tables of a snapshot to `folder`, some whole documents at a time; a context, whose end completes the files.

    In folders, the documents of a place must come together, those of an unknown one first; FileExistsError where they do not.
    """

    def __init__(self, folder: Path, *, partitioned: bool = False) -> None:
        self._folder, self._partitioned = folder, partitioned
        self._place = _UNKNOWN
        self._open: dict[str, pq.ParquetWriter] = {}
        self._held: dict[str, list[pa.Table]] = defaultdict(list)
        self._bytes: Counter[str] = Counter()

    def __enter__(self) -> Writer:
        for spec in TABLES:  # a table without rows has a file too
            self._writer(spec.name)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if error is not None:
            self._held.clear()
            self._bytes.clear()
        self._close()

    def write(self, tables: Tables) -> None:
        """Adds the rows of some documents."""
        for here, part in _by_place(tables) if self._partitioned else [(_UNKNOWN, tables)]:
            if here != self._place:
                self._close()
                self._place = here
            for name in (spec.name for spec in TABLES if part[spec.name].num_rows):
                self._held[name].append(part[name])
                self._bytes[name] += part[name].nbytes
                if self._bytes[name] >= _ROW_GROUP_BYTES:
                    self._flush(name)

    def _flush(self, name: str) -> None:
        """Makes a row group of what was held back."""
        del self._bytes[name]
        self._writer(name).write_table(pa.concat_tables(self._held.pop(name)))

    def _writer(self, name: str) -> pq.ParquetWriter:
        if name not in self._open:
            schema, path = arrow_schema(table(name)), self._folder / f"{name}.parquet"
            if self._partitioned:
                path = self._folder / name / f"{YEAR}={self._place[0]}" / f"{REGION}={self._place[1] or UNKNOWN_REGION}" / _PART
                schema = pa.schema([field for field in schema if field.name not in (YEAR, REGION)], schema.metadata)
                path.parent.mkdir(parents=True)
            self._open[name] = parquet_writer(path, schema)
        return self._open[name]

    def _close(self) -> None:
        for name in list(self._held):
            self._flush(name)
        while self._open:
            self._open.popitem()[1].close()


def _by_place(tables: Tables) -> Iterator[tuple[Place, Tables]]:
    """The rows of each place apart, without the two columns that the folders' names carry."""
    documents = tables["dokumen"]
    columns = (documents.column(name).to_pylist() for name in ("dokumen_id", YEAR, REGION))
    places = {document: place(year, region) for document, year, region in zip(*columns, strict=True)}
    for here in sorted(set(places.values())):
        members = pa.array([document for document, there in places.items() if there == here], pa.string())
        yield here, {name: _bare(rows.filter(pc.is_in(rows.column("dokumen_id"), value_set=members))) for name, rows in tables.items()}


def _bare(rows: pa.Table) -> pa.Table:
    return rows.drop_columns([column for column in (YEAR, REGION) if column in rows.column_names])


# ------------------------------------------------------------------------------------------------------------------------------- reading


def table_files(snapshot: Path, name: str) -> list[Path]:
    """The files of one table in a fixed order; none where the snapshot lacks it."""
    single = snapshot / f"{name}.parquet"
    return [single] if single.exists() else sorted((snapshot / name).rglob("*.parquet"))


def is_partitioned(snapshot: Path) -> bool:
    return (snapshot / "dokumen").is_dir()


def columns_of(snapshot: Path, name: str) -> list[str]:
    """The columns that a table has."""
    names: list[str] = _nothing(table_files(snapshot, name)[0], None).column_names
    return names


def row_count(snapshot: Path, name: str) -> int:
    """How many rows a table has."""
    return sum(pq.read_metadata(path).num_rows for path in table_files(snapshot, name))


def read_table(
    snapshot: Path,
    name: str,
    *,
    columns: Sequence[str] | None = None,
    documents: Collection[str] | None = None,
    equal: Mapping[str, str] | None = None,
) -> pa.Table:
    """The rows of a table by document, of the given documents or with the given values alone, whatever the layout.

    A snapshot of an older schema gives the columns that it has; `FileNotFoundError` where it lacks the table.
    """
    files = table_files(snapshot, name)
    if not files:
        raise FileNotFoundError(f"{snapshot}: no table {name} here")
    terms: dict[str, Collection[str]] = {column: (value,) for column, value in (equal or {}).items()}
    if documents is not None:
        terms["dokumen_id"] = documents
    ordered = len(files) == 1
    wanted = None if columns is None else list(dict.fromkeys([*columns, *terms, *([] if ordered else ["dokumen_id"])]))
    read = pa.concat_tables([_nothing(files[0], wanted), *(_chosen(piece, terms) for piece in _pieces(files, wanted, documents))])
    if not ordered:
        read = read.take(pc.sort_indices(read.column("dokumen_id")))
    return read if columns is None else read.select(columns)


def batches(snapshot: Path, name: str, *, columns: Sequence[str] | None = None) -> Iterator[pa.Table]:
    """The rows of a table some at a time, in the order in which they lie on disk."""
    return _pieces(table_files(snapshot, name), columns)


def by_document(snapshot: Path, names: Iterable[str], *, columns: Sequence[str] | None = None) -> Iterator[tuple[str, dict[str, pa.Table]]]:
    """Each document with its rows of the tables `names`, in the order in which they lie on disk; few documents are in memory at once.

    `columns`, where there are some, must have `dokumen_id`.
    """
    runs = {name: _Runs(batches(snapshot, name, columns=columns)) for name in names}
    empty = {name: _nothing(table_files(snapshot, name)[0], columns) for name in runs}
    for ids in batches(snapshot, "dokumen", columns=["dokumen_id"]):
        for document in ids.column("dokumen_id").to_pylist():
            yield document, {name: run.take(document, empty[name]) for name, run in runs.items()}
    if late := [name for name, run in runs.items() if run.left]:
        raise ValueError(f"{snapshot}: {', '.join(late)} not in the order of dokumen")


class _Runs:
    """The rows of a table, one document after the other."""

    def __init__(self, pieces: Iterable[pa.Table]) -> None:
        self._runs = _joined(pieces)
        self._next = next(self._runs, None)

    @property
    def left(self) -> bool:
        return self._next is not None

    def take(self, document: str, empty: pa.Table) -> pa.Table:
        """The rows of the document where it is the next one, else `empty`."""
        if self._next is None or self._next[0] != document:
            return empty
        rows = self._next[1]
        self._next = next(self._runs, None)
        return rows


def _joined(pieces: Iterable[pa.Table]) -> Iterator[tuple[str, pa.Table]]:
    """Each document with its rows, also where they go on in the next piece."""
    stretches = ((document, rows) for piece in pieces for document, rows in _stretches(piece))
    for document, parts in groupby(stretches, key=lambda stretch: stretch[0]):
        yield document, pa.concat_tables([rows for _, rows in parts])


def _stretches(rows: pa.Table) -> Iterator[tuple[str, pa.Table]]:
    start = 0
    for document, run in groupby(rows.column("dokumen_id").to_pylist()):
        length = sum(1 for _ in run)
        yield document, rows.slice(start, length)
        start += length


def _nothing(path: Path, columns: Sequence[str] | None) -> pa.Table:
    """No rows, in the columns of a file."""
    with pq.ParquetFile(path) as file:
        return _dressed(pa.Table.from_batches([], file.schema_arrow).select(_stored(file, columns)), path, columns)


def _stored(file: pq.ParquetFile, columns: Sequence[str] | None) -> list[str]:
    """Those of the columns that the file itself holds."""
    own: list[str] = file.schema_arrow.names
    return own if columns is None else [column for column in columns if column in own]


def _dressed(rows: pa.Table, path: Path, columns: Sequence[str] | None) -> pa.Table:
    """The rows with those columns that the names of their folders carry, where `columns` (all: None) ask for them."""
    if path.name != _PART:
        return rows if columns is None else rows.select(columns)
    folder = {part.partition("=")[0]: part.partition("=")[2] for part in path.parts if "=" in part}
    values = {
        YEAR: None if folder[YEAR] == str(UNKNOWN_YEAR) else int(folder[YEAR]),
        REGION: None if folder[REGION] == UNKNOWN_REGION else folder[REGION],
    }
    described = arrow_schema(table(path.parent.parent.parent.name))
    wanted = [field for field in described if field.name in (columns or (*rows.column_names, *values))]
    arrays = [rows[f.name] if f.name not in values else pa.array([values[f.name]] * rows.num_rows, f.type) for f in wanted]
    dressed = pa.Table.from_arrays(arrays, schema=pa.schema(wanted, described.metadata))
    return dressed if columns is None else dressed.select(columns)


def _pieces(files: Iterable[Path], columns: Sequence[str] | None, documents: Collection[str] | None = None) -> Iterator[pa.Table]:
    """The row groups of some files, without those that hold none of the given documents for sure."""
    for path in files:
        with pq.ParquetFile(path) as file:
            for number in range(file.num_row_groups):
                if documents is None or _may_hold(file.metadata.row_group(number), documents):
                    yield _dressed(file.read_row_group(number, columns=_stored(file, columns)), path, columns)


def _may_hold(group: pq.RowGroupMetaData, documents: Collection[str]) -> bool:
    """Whether the range of documents that a row group holds, as its statistics tell it, meets one of the given ones."""
    for number in range(group.num_columns):
        column = group.column(number)
        if column.path_in_schema == "dokumen_id" and column.statistics is not None and column.statistics.has_min_max:
            return any(column.statistics.min <= document <= column.statistics.max for document in documents)
    return True


def _chosen(rows: pa.Table, terms: Mapping[str, Collection[str]]) -> pa.Table:
    """The rows that have one of the given values in each of some columns."""
    for column, values in terms.items():
        rows = rows.filter(pc.is_in(rows.column(column), value_set=pa.array(list(values), rows.column(column).type)))
    return rows
