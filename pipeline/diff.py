"""What changed from one snapshot to the next: documents, rows, figures and findings, followed by their stable ids."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.layout import by_document, columns_of, read_table
from pipeline.schemas import table
from pipeline.schemas.arrow import digest

CHANGES_FILE = "perubahan.parquet"
SUMMARY_FILE = "perubahan.json"
COMPARED = ("dokumen", "baris", "nilai", "temuan")
ADDED, CHANGED, GONE = "baru", "berubah", "hilang"
_POSITION = frozenset({"x0", "y0", "x1", "y1"})  # where something stands is no change of what it says
_ABREAST = 50  # documents that are compared at a time
_SCHEMA = pa.schema([(name, pa.string()) for name in ("tabel", "id", "dokumen_id", "perubahan", "kolom")])


@dataclass(frozen=True, slots=True)
class Count:
    """How many rows of one table came, changed and went."""

    baru: int = 0
    berubah: int = 0
    hilang: int = 0


@dataclass(frozen=True, slots=True)
class Replaced:
    """A document that came in the place of another: the same address, or the same file name where no address is known."""

    nama_berkas: str
    lama: str
    baru: str


@dataclass(frozen=True, slots=True)
class Diff:
    """From snapshot `lama` to snapshot `baru`. `changes` has one line per changed id: tabel, id, dokumen_id, perubahan, kolom (JSON)."""

    lama: str
    baru: str
    counts: Mapping[str, Count]
    replaced: tuple[Replaced, ...]
    changes: pa.Table

    @property
    def empty(self) -> bool:
        return bool(self.changes.num_rows == 0)

    def ids(self, name: str, change: str) -> list[str]:
        """The ids of one table with one kind of change."""
        rows = self.changes.to_pylist()
        return [row["id"] for row in rows if row["tabel"] == name and row["perubahan"] == change]


def diff(old: Path, new: Path) -> Diff:
    """Compares two snapshots over the columns that both have; positions do not count as content."""
    connection = duckdb.connect()
    counts, changes = {}, []
    for name in COMPARED:
        found = pa.concat_tables([_SCHEMA.empty_table(), *_changes(connection, name, old, new)])
        changes.append(found)
        tally = dict(zip(*_tally(found), strict=True))
        counts[name] = Count(tally.get(ADDED, 0), tally.get(CHANGED, 0), tally.get(GONE, 0))
    return Diff(old.resolve().name, new.resolve().name, counts, tuple(_replaced(old, new)), pa.concat_tables(changes))


def _changes(connection: duckdb.DuckDBPyConnection, name: str, old: Path, new: Path) -> Iterator[pa.Table]:
    """The changes of one table, a few documents at a time; documents whose rows are the same on both sides are passed over."""
    own = [columns_of(snapshot, name) for snapshot in (old, new)]
    shared = [column for column in own[0] if column in own[1] and column not in _POSITION]
    before, after = (_digests(snapshot, name, shared) for snapshot in (old, new))
    differing = sorted(document for document in before.keys() | after.keys() if before.get(document) != after.get(document))
    for start in range(0, len(differing), _ABREAST):
        some = differing[start : start + _ABREAST]
        sides = (read_table(snapshot, name, columns=shared, documents=some) for snapshot in (old, new))
        yield _compare(connection, name, *sides)


def _digests(snapshot: Path, name: str, columns: Sequence[str]) -> dict[str, str]:
    """A hash over the rows of each document."""
    return {document: digest(rows[name]) for document, rows in by_document(snapshot, [name], columns=columns)}


def write_diff(found: Diff, folder: Path, version: str) -> None:
    """Writes the changes beside the tables of the snapshot `version` that they lead to."""
    pq.write_table(found.changes, folder / CHANGES_FILE, compression="zstd", version="2.6")
    summary = {
        "lama": found.lama,
        "baru": version,
        "jumlah": {name: asdict(count) for name, count in found.counts.items()},
        "berganti": [asdict(pair) for pair in found.replaced],
    }
    (folder / SUMMARY_FILE).write_text(json.dumps(summary, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _compare(connection: duckdb.DuckDBPyConnection, name: str, before: pa.Table, after: pa.Table) -> pa.Table:
    (key,) = table(name).key
    shared = [column for column in before.column_names if column not in (key, "dokumen_id")]
    connection.register("sebelum", before)
    connection.register("sesudah", after)
    differs = {column: f'a."{column}" is distinct from b."{column}"' for column in shared}
    columns = ", ".join(f"case when {term} then '{column}' end" for column, term in differs.items())
    kind = f"case when a.{key} is null then '{ADDED}' when b.{key} is null then '{GONE}' else '{CHANGED}' end"
    found = connection.sql(
        f"""
        select '{name}' as tabel, coalesce(b.{key}, a.{key}) as id, coalesce(b.dokumen_id, a.dokumen_id) as dokumen_id,
               {kind} as perubahan,
               case when a.{key} is null or b.{key} is null then null
                    else cast(to_json(list_filter([{columns}], lambda one: one is not null)) as varchar) end as kolom
        from sebelum as a full join sesudah as b on a.{key} = b.{key}
        where a.{key} is null or b.{key} is null or {" or ".join(differs.values())}
        order by dokumen_id, perubahan, id
        """
    ).to_arrow_table()
    return found.cast(_SCHEMA)


def _tally(changes: pa.Table) -> tuple[list[str], list[int]]:
    counted = changes.column("perubahan").combine_chunks().value_counts()
    return counted.field("values").to_pylist(), counted.field("counts").to_pylist()


def _replaced(old: Path, new: Path) -> Iterator[Replaced]:
    """Documents that went and came under one address or name."""
    columns = ["dokumen_id", "nama_berkas", "sumber"]
    before, after = (read_table(snapshot, "dokumen", columns=columns).to_pylist() for snapshot in (old, new))
    known = {row["dokumen_id"] for row in before}
    still = {row["dokumen_id"] for row in after}
    gone = {_place(row): row for row in before if row["dokumen_id"] not in still}
    for row in after:
        if row["dokumen_id"] not in known and (predecessor := gone.get(_place(row))) is not None:
            yield Replaced(row["nama_berkas"], predecessor["dokumen_id"], row["dokumen_id"])


def _place(row: Mapping[str, Any]) -> str:
    return str(row["sumber"] or row["nama_berkas"])
