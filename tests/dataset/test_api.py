"""The importable API: frames with the documented types, from a published dataset and from a PDF."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from normalizers.types import TypedDocument
from pipeline import api
from pipeline.schemas import TABLES


@pytest.fixture(scope="module")
def data(snapshot: Path) -> api.Dataset:
    return api.open_dataset(snapshot)


@pytest.mark.parametrize("spec", TABLES, ids=lambda spec: spec.name)
def test_every_table_comes_in_its_documented_types(data: api.Dataset, spec: api.TableSpec) -> None:
    frame = data.frame(spec.name)
    assert list(frame.columns) == list(spec.column_names)
    assert {name: str(kind) for name, kind in frame.dtypes.items()} == {c.name: api.DTYPES[c.type] for c in spec.columns}


def test_each_accessor_gives_its_table(data: api.Dataset) -> None:
    for name, method in (
        ("dokumen", data.documents),
        ("tabel", data.tables),
        ("baris", data.lines),
        ("nilai", data.values),
        ("narasi", data.prose),
        ("anggaran", data.budget),
        ("kinerja", data.performance),
        ("temuan", data.findings),
        ("pemeriksaan", data.checks),
    ):
        assert name in (method.__doc__ or "")
        pd.testing.assert_frame_equal(method(), data.frame(name))


def test_money_stays_whole_and_missing_money_is_na(data: api.Dataset) -> None:
    budget = data.budget()
    assert budget["pagu"].dtype == "Int64" and budget["pagu"].max() == 500_000_000
    assert budget["pagu"].isna().any(), "a changed plan prints no pagu"


def test_a_query_answers_in_the_same_types(data: api.Dataset) -> None:
    answer = data.sql(
        "select nama_wilayah, sum(pagu) as pagu, count(*) as n, 0.5 as half from anggaran where tingkat = ? group by 1", "program"
    )
    assert {name: str(kind) for name, kind in answer.dtypes.items()} == {
        "nama_wilayah": "string",
        "pagu": "Int64",
        "n": "Int64",
        "half": "Float64",
    }


def test_cells_are_what_is_printed(data: api.Dataset) -> None:
    cells = data.cells()
    assert {"pagu", "pagu_sesudah", "kode", "uraian"} <= set(cells.columns)
    assert "500.000.000" in set(cells["pagu"].dropna())


def test_reference_lists_stand_beside(data: api.Dataset) -> None:
    regions = data.regions().set_index("kode_wilayah")
    assert regions.loc["12.20", "nama_wilayah"] == "Kabupaten Padang Lawas Utara"
    official = data.nomenklatur()
    assert official["nomenklatur_id"].is_unique
    joined = data.budget().merge(official[official["edisi"] == "900.1.15.5-1317/2023"], on="kode", suffixes=("", "_resmi"))
    assert len(joined) == len(data.budget())


def test_a_selection_keeps_one_region(snapshot: Path) -> None:
    with api.open_dataset(snapshot, api.Selection(region="12")) as part:
        assert set(part.budget()["nama_wilayah"]) == {"Kabupaten A"}
        assert re.match(r"<Dataset 2026-11-20.1: 1 documents>", repr(part))


def test_no_dataset_and_no_pdf_are_clear_errors(tmp_path: Path) -> None:
    with pytest.raises(api.DatasetError, match="renja run"):
        api.open_dataset(tmp_path)
    with pytest.raises(api.InputError, match="no such file"):
        api.read(tmp_path / "none.pdf")
    with pytest.raises(api.InputError, match="folder"):
        api.read(tmp_path)


def test_a_pdf_is_read_into_the_same_frames(originals: dict[str, Path]) -> None:
    path = next(path for path in originals.values() if path.name == "renja-a.pdf")
    document = api.read(path)
    assert "PROGRAM PELAYANAN IZIN USAHA SIMPAN" in " ".join(document.lines()["sel"])
    assert len(document.tables()) == 1 and document.facts.kind
    for spec in TABLES:
        assert list(document.frame(spec.name).columns) == list(spec.column_names)


def test_a_pdf_is_read_with_the_second_readings_of_a_run(originals: dict[str, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    def doubted(document: TypedDocument, path: Path) -> TypedDocument:
        assert path in originals.values()
        return replace(document, problems=("dibaca ulang",))

    monkeypatch.setattr("pipeline.evidence.reviewed", doubted)
    document = api.read(next(iter(originals.values())))
    assert document.documents()["galat"].to_list() == ["dibaca ulang"]
