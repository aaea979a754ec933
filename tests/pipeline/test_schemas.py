"""The description of the tables: complete, readable by others, and enforced."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from frictionless import Package, Resource, Schema

from pipeline.datapackage import dictionary, table_schema, write_descriptions
from pipeline.rows import dataset_rows
from pipeline.schemas import REFERENCE_TABLES, SCHEMA_VERSION, TABLES, ColumnType, table
from pipeline.schemas.arrow import arrow_schema, to_arrow, write_parquet
from pipeline.schemas.validate import Validation, validate
from tests.pipeline.test_rows import one_document_rows

_PYTHON = {ColumnType.TEXT: str, ColumnType.JSON: str, ColumnType.INTEGER: int, ColumnType.NUMBER: float, ColumnType.BOOLEAN: bool}


@pytest.fixture
def tables() -> dict[str, pa.Table]:
    rows = one_document_rows()
    return {spec.name: to_arrow(spec, rows[spec.name]) for spec in TABLES}


def test_keys_that_are_there_twice_are_found_also_where_they_are_added_apart(tables: dict[str, pa.Table]) -> None:
    validation = Validation()
    validation.add(tables)
    assert validation.failures() == ()
    validation.add(tables)
    document = tables["dokumen"].column("dokumen_id")[0].as_py()
    assert {(failure.table, failure.documents) for failure in validation.failures()} == {(spec.name, (document,)) for spec in TABLES}


def with_row(tables: Mapping[str, pa.Table], name: str, **changes: Any) -> dict[str, pa.Table]:
    """The tables with the first row of one of them changed."""
    rows = tables[name].to_pylist()
    rows[0] |= changes
    return {**tables, name: to_arrow(table(name), rows)}


@pytest.mark.parametrize("spec", TABLES, ids=lambda spec: spec.name)
def test_every_column_is_described_with_a_fitting_example(spec: Any) -> None:
    assert len(set(spec.column_names)) == len(spec.columns)
    assert set(spec.key) <= set(spec.column_names)
    for column in spec.columns:
        assert column.indonesian.endswith(".") and column.english.endswith("."), column.name
        assert isinstance(column.example, _PYTHON[column.type]), column.name
        if column.allowed:
            assert column.example in column.allowed, column.name
        if column.type is ColumnType.JSON:
            json.loads(column.example)
    for _, other, field in spec.foreign_keys:
        assert field in table(other).key


def test_a_published_document_validates(tables: dict[str, pa.Table]) -> None:
    assert validate(tables) == ()


@pytest.mark.parametrize(
    ("name", "changes", "column", "check"),
    [
        ("dokumen", {"status": "baik"}, "status", "not one of the allowed"),
        ("tabel", {"dokumen_id": "other"}, "dokumen_id", "refers to a row that is not in dokumen"),
        ("baris", {"halaman": 0}, "halaman", "below 1"),
        ("baris", {"skor_cocok": 1.5}, "skor_cocok", "above 1"),
        ("baris", {"sel": None}, "sel", "missing"),
        ("temuan", {"baris_id": "gone"}, "baris_id", "refers to a row that is not in baris"),
    ],
)
def test_what_breaks_the_description_is_named_with_its_document(
    tables: dict[str, pa.Table], name: str, changes: dict[str, Any], column: str, check: str
) -> None:
    failures = validate(with_row(tables, name, **changes))
    assert any(failure.table == name and failure.column == column and check in failure.check for failure in failures)
    assert all(failure.documents for failure in failures)


def test_a_key_that_repeats_is_found(tables: dict[str, pa.Table]) -> None:
    doubled = {**tables, "nilai": pa.concat_tables([tables["nilai"], tables["nilai"].slice(0, 1)])}
    (failure,) = [failure for failure in validate(doubled) if failure.check == "key is not unique"]
    assert (failure.table, failure.column, failure.count) == ("nilai", "nilai_id", 2)


def test_a_missing_table_and_a_missing_column_are_found(tables: dict[str, pa.Table]) -> None:
    without = {name: value for name, value in tables.items() if name != "narasi"} | {"tabel": tables["tabel"].drop_columns(["judul"])}
    assert {(failure.table, failure.check) for failure in validate(without)} >= {
        ("narasi", "table is missing"),
        ("tabel", "columns or types differ from the description"),
    }


def test_a_row_must_have_the_columns_of_its_table() -> None:
    with pytest.raises(ValueError, match="table narasi: a row does not have the columns"):
        to_arrow(table("narasi"), [{"narasi_id": "x"}])


def test_arrow_metadata_carries_units_and_descriptions() -> None:
    schema = arrow_schema(table("anggaran"))
    assert schema.field("pagu").metadata[b"unit"] == b"rupiah"
    assert schema.metadata[b"schema_version"] == SCHEMA_VERSION.encode()
    assert schema.field("pagu").type == pa.int64()


def test_the_same_rows_give_the_same_bytes(tables: dict[str, pa.Table], tmp_path: Path) -> None:
    for name in ("one", "two"):
        write_parquet(tables["nilai"], tmp_path / name)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()
    assert pq.ParquetFile(tmp_path / "one").metadata.row_group(0).column(0).compression == "ZSTD"


def test_the_data_package_is_valid(tables: dict[str, pa.Table], tmp_path: Path) -> None:
    for name, data in tables.items():
        write_parquet(data, tmp_path / f"{name}.parquet")
    write_descriptions(tmp_path, "2026-01-01.1")
    descriptor = json.loads((tmp_path / "datapackage.json").read_text())
    package = Package.from_descriptor(descriptor)
    assert [resource.name for resource in package.resources] == [spec.name for spec in (*TABLES, *REFERENCE_TABLES)]
    assert list(Package.metadata_validate(descriptor)) == []


@pytest.mark.parametrize("spec", TABLES, ids=lambda spec: spec.name)
def test_published_rows_hold_to_their_table_schema(spec: Any) -> None:
    rows: Sequence[Mapping[str, Any]] = one_document_rows()[spec.name]
    described = table_schema(spec) | {"foreignKeys": []}
    report = Resource(data=list(rows), schema=Schema.from_descriptor(described)).validate()
    assert report.valid, report.flatten(["fieldName", "message"])


def test_the_dictionary_names_every_column() -> None:
    text = dictionary()
    assert all(f"| `{name}` |" in text for spec in TABLES for name in spec.column_names)


def test_an_empty_dataset_validates_too() -> None:
    from pipeline.findings import Audit

    rows = dataset_rows([], {}, Audit((), ()))
    assert validate({spec.name: to_arrow(spec, rows[spec.name]) for spec in TABLES}) == ()
