"""Folders by year and region: every common reader takes them as they are, with codes as text."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.dataset import connect
from pipeline.inputs import Source
from pipeline.layout import Writer, by_document, is_partitioned, read_table, table_files
from pipeline.results import DocumentResult
from pipeline.rows import dataset_rows
from pipeline.run import Parts, run
from pipeline.schemas import TABLES
from pipeline.schemas.arrow import to_arrow
from pipeline.settings import Settings
from tests.pipeline.fakes import audit, fake_pdf, typed_document
from tests.pipeline.test_rows import one_document_rows


def tables() -> dict[str, pa.Table]:
    """One document of a regency, and one of which neither year nor region is known."""
    rows = one_document_rows()
    unknown: dict[str, Any] = {**rows["dokumen"][0], "dokumen_id": "f" * 16, "tahun": None, "kode_wilayah": None, "status": "karantina"}
    rows["dokumen"].append(unknown)
    return {spec.name: to_arrow(spec, rows[spec.name]) for spec in TABLES}


@pytest.fixture
def parted(tmp_path: Path) -> Path:
    with Writer(tmp_path, partitioned=True) as writer:
        writer.write(tables())
    return tmp_path


def test_folders_are_named_by_year_and_region(parted: Path) -> None:
    assert is_partitioned(parted)
    names = [path.relative_to(parted).as_posix() for path in table_files(parted, "baris")]
    assert names == [
        "baris/tahun=0/kode_wilayah=tidak_diketahui/data.parquet",
        "baris/tahun=2024/kode_wilayah=12.20/data.parquet",
    ]


def test_our_own_reading_gives_what_was_written(parted: Path, tmp_path: Path) -> None:
    for spec in TABLES:
        assert read_table(parted, spec.name).equals(tables()[spec.name]), spec.name
    one = tables()["dokumen"].column("dokumen_id")[0].as_py()
    assert read_table(parted, "dokumen", columns=["kode_wilayah"], documents=[one]).to_pylist() == [{"kode_wilayah": "12.20"}]
    assert connect(parted).sql("select count(*) from dokumen where tahun is null and kode_wilayah is null").fetchall() == [(1,)]


def one_by_one(count: int) -> list[dict[str, pa.Table]]:
    """Documents of two regencies, those of each together; the tables of each apart."""
    made = []
    for number in range(count):
        document = typed_document(f"{number}.pdf", f"{number}" * 64)
        document = replace(document, facts=replace(document.facts, region_code="12.20" if number < count // 2 else "35.14"))
        result = DocumentResult(Source(Path(f"{number}.pdf"), document.sha256), "ok")
        rows = dataset_rows([result], {document.id: document}, audit([document]))
        made.append({spec.name: to_arrow(spec, rows[spec.name]) for spec in TABLES})
    return made


@pytest.mark.parametrize("partitioned", [False, True])
def test_documents_written_one_after_the_other_are_read_as_they_were(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, partitioned: bool
) -> None:
    monkeypatch.setattr("pipeline.layout._ROW_GROUP_BYTES", 1000)
    parts = one_by_one(6)
    with Writer(tmp_path, partitioned=partitioned) as writer:
        for part in parts:
            writer.write(part)
    read = dict(by_document(tmp_path, ["baris", "temuan"]))
    assert list(read) == [part["dokumen"].column("dokumen_id")[0].as_py() for part in parts]
    for part, (document, tables) in zip(parts, read.items(), strict=True):
        assert all(tables[name].equals(part[name]) for name in tables)
        assert read_table(tmp_path, "nilai", documents=[document]).equals(part["nilai"])
    assert pq.ParquetFile(table_files(tmp_path, "baris")[-1]).num_row_groups > 1


def test_documents_of_a_place_come_together(tmp_path: Path) -> None:
    first, *_, last = one_by_one(4)
    with pytest.raises(FileExistsError), Writer(tmp_path, partitioned=True) as writer:
        for part in (first, last, first):
            writer.write(part)


def test_duckdb_pandas_and_polars_read_the_codes_as_text(parted: Path) -> None:
    wanted = {"12.20", "tidak_diketahui"}
    by_duckdb = duckdb.sql(f"select kode_wilayah from '{parted}/dokumen/**/*.parquet'").fetchall()
    assert {code for (code,) in by_duckdb} == wanted
    assert set(pd.read_parquet(parted / "dokumen")["kode_wilayah"].astype(str)) == wanted
    assert set(pl.read_parquet(parted / "dokumen")["kode_wilayah"]) == wanted
    assert pd.read_parquet(parted / "baris", filters=[("tahun", "==", 2024)]).shape[0] == tables()["baris"].num_rows


def test_a_run_publishes_in_folders_where_asked(settings: Settings, parts: Parts) -> None:
    fake_pdf(settings.raw_dir / "a.pdf")
    first = run([], settings, parts=parts)
    second = run([], settings.model_copy(update={"partitioned": True}), parts=parts)
    assert second.published.version != first.published.version
    assert is_partitioned(settings.latest) and not is_partitioned(first.published.path)
    assert not run([], settings.model_copy(update={"partitioned": True}), parts=parts).changed
