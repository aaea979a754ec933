"""Folders by year and region: every common reader takes them as they are, with codes as text."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from pipeline.dataset import connect
from pipeline.layout import is_partitioned, read_table, table_files, write_tables
from pipeline.run import Parts, run
from pipeline.schemas import TABLES
from pipeline.schemas.arrow import to_arrow
from pipeline.settings import Settings
from tests.pipeline.fakes import fake_pdf
from tests.pipeline.test_rows import one_document_rows


def tables() -> dict[str, pa.Table]:
    """One document of a regency, and one of which neither year nor region is known."""
    rows = one_document_rows()
    unknown: dict[str, Any] = {**rows["dokumen"][0], "dokumen_id": "f" * 16, "tahun": None, "kode_wilayah": None, "status": "karantina"}
    rows["dokumen"].append(unknown)
    return {spec.name: to_arrow(spec, rows[spec.name]) for spec in TABLES}


@pytest.fixture
def parted(tmp_path: Path) -> Path:
    write_tables(tables(), tmp_path, partitioned=True)
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
