"""Validation of what is about to be published, against the description of the tables."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.schemas import TABLES
from pipeline.schemas.arrow import arrow_schema
from pipeline.schemas.model import ColumnSpec, TableSpec

_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Failure:
    """One broken rule of one table: which column, what is wrong, the first values, and the documents they belong to."""

    table: str
    column: str
    check: str
    values: tuple[str, ...]
    count: int
    documents: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.table}.{self.column}: {self.check} ({self.count} rows, e.g. {', '.join(self.values)})"


class Validation:
    """Validates a whole dataset some documents at a time; of the earlier ones it keeps their keys as numbers, 12 bytes a row."""

    def __init__(self) -> None:
        self._failures: list[Failure] = []
        self._documents: list[str] = []
        self._keys: dict[str, list[npt.NDArray[np.int64]]] = defaultdict(list)
        self._owners: dict[str, list[npt.NDArray[np.int32]]] = defaultdict(list)

    def add(self, tables: Mapping[str, pa.Table]) -> None:
        """Checks the tables of some documents, to which all their references must lead."""
        found = validate(tables)
        self._failures += found
        if found:
            return
        documents = tables["dokumen"].column("dokumen_id").to_pylist()
        places = {document: place for place, document in enumerate(documents, start=len(self._documents))}
        self._documents += documents
        for spec in TABLES:
            table = tables[spec.name]
            owners = (places[document] for document in table.column("dokumen_id").to_pylist())
            self._keys[spec.name].append(np.fromiter(map(hash, table.column(spec.key[0]).to_pylist()), np.int64, table.num_rows))
            self._owners[spec.name].append(np.fromiter(owners, np.int32, table.num_rows))

    def failures(self) -> tuple[Failure, ...]:
        """All failures, also keys that documents share which were added apart."""
        return (*self._failures, *(failure for spec in TABLES if self._keys[spec.name] for failure in self._shared(spec)))

    def _shared(self, spec: TableSpec) -> Iterator[Failure]:
        keys = np.concatenate(self._keys[spec.name])
        values, counts = np.unique(keys, return_counts=True)
        if len(values) < len(keys):
            owners = np.unique(np.concatenate(self._owners[spec.name])[np.isin(keys, values[counts > 1])])
            documents = tuple(sorted({self._documents[owner] for owner in owners}))
            yield Failure(spec.name, spec.key[0], "key is not unique", documents[:_SHOWN], len(keys) - len(values), documents)


def validate(tables: Mapping[str, pa.Table]) -> tuple[Failure, ...]:
    """Every failure of the published tables: missing tables, wrong columns, nulls, keys, references, closed sets, ranges."""
    failures: list[Failure] = []
    for spec in TABLES:
        if spec.name not in tables:
            failures.append(Failure(spec.name, "*", "table is missing", (), 0))
            continue
        table = tables[spec.name]
        if not table.schema.equals(arrow_schema(spec)):
            failures.append(Failure(spec.name, "*", "columns or types differ from the description", (), table.num_rows))
            continue
        failures.extend(_check_key(spec, table))
        for column in spec.columns:
            failures.extend(_check_column(spec, column, table))
        failures.extend(_check_references(spec, table, tables))
    return tuple(failures)


def _failure(spec: TableSpec, column: str, check: str, table: pa.Table, mask: pa.ChunkedArray) -> Iterator[Failure]:
    bad = table.filter(mask)
    if bad.num_rows == 0:
        return
    shown = tuple(str(value) for value in bad.column(column).slice(0, _SHOWN).to_pylist())
    documents = tuple(sorted(set(bad.column("dokumen_id").to_pylist()) - {None})) if "dokumen_id" in spec.column_names else ()
    yield Failure(spec.name, column, check, shown, bad.num_rows, documents)


def _check_key(spec: TableSpec, table: pa.Table) -> Iterator[Failure]:
    """All keys are of one column; rows that share a value are all reported, so that each document of a clash is named."""
    (key,) = spec.key
    counts = pc.value_counts(table.column(key).combine_chunks())
    repeated = counts.filter(pc.greater(counts.field("counts"), 1)).field("values")
    if len(repeated):
        yield from _failure(spec, key, "key is not unique", table, pc.is_in(table.column(key), value_set=repeated))


def _check_column(spec: TableSpec, column: ColumnSpec, table: pa.Table) -> Iterator[Failure]:
    values = table.column(column.name)
    if not column.nullable:
        yield from _failure(spec, column.name, "value is missing", table, pc.is_null(values))
    if column.allowed:
        outside = pc.and_(pc.is_valid(values), pc.invert(pc.is_in(values, value_set=pa.array(column.allowed, pa.string()))))
        yield from _failure(spec, column.name, "value is not one of the allowed", table, outside)
    if column.minimum is not None:
        low = pc.fill_null(pc.less(values, column.minimum), False)
        yield from _failure(spec, column.name, f"value is below {column.minimum:g}", table, low)
    if column.maximum is not None:
        high = pc.fill_null(pc.greater(values, column.maximum), False)
        yield from _failure(spec, column.name, f"value is above {column.maximum:g}", table, high)


def _check_references(spec: TableSpec, table: pa.Table, tables: Mapping[str, pa.Table]) -> Iterator[Failure]:
    for column, other, field in spec.foreign_keys:
        if other not in tables:
            continue
        values = table.column(column)
        known = tables[other].column(field).combine_chunks()
        dangling = pc.and_(pc.is_valid(values), pc.invert(pc.is_in(values, value_set=known)))
        yield from _failure(spec, column, f"refers to a row that is not in {other}", table, dangling)
