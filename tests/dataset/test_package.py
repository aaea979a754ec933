"""What stands beside the tables of a snapshot: descriptions that validate, a data sheet that tells the weak places, checksums."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pyarrow.parquet as pq
import yaml
from frictionless import Package, Resource, Schema

from normalizers.regions import all_regions
from pipeline.datasheet import data_changes
from pipeline.references import nomenklatur_rows
from pipeline.schemas import SCHEMA_VERSION, TABLES
from pipeline.schemas.arrow import arrow_schema, to_arrow
from pipeline.schemas.references import NOMENKLATUR, REFERENCE_TABLES, WILAYAH


def test_frictionless_validates_the_package_with_its_rows(snapshot: Path) -> None:
    """The descriptor as published, its rows handed over inline, so that keys, references, types and constraints are all checked."""
    descriptor = json.loads((snapshot / "datapackage.json").read_text(encoding="utf-8"))
    Package.from_descriptor(descriptor)
    resources = []
    for resource in descriptor["resources"]:
        path = snapshot / resource["path"]
        assert path.stat().st_size == resource["bytes"]
        table = pq.read_table(path)
        rows = [table.column_names, *([*row.values()] for row in table.to_pylist())]
        resources.append(Resource(name=resource["name"], data=rows, schema=Schema.from_descriptor(resource["schema"])))
    report = Package(resources=resources).validate()
    assert report.valid, report.flatten(["taskNumber", "rowNumber", "fieldName", "message"])[:5]
    assert {resource.name for resource in resources} == {spec.name for spec in (*TABLES, *REFERENCE_TABLES)}


def test_the_data_sheet_names_every_table_and_document_with_its_limits(snapshot: Path) -> None:
    text = (snapshot / "README.md").read_text(encoding="utf-8")
    for spec in (*TABLES, *REFERENCE_TABLES):
        rows = pq.read_metadata(snapshot / f"{spec.name}.parquet").num_rows
        assert f"| `{spec.name}` | {rows:,} |" in text
    for name in pq.read_table(snapshot / "dokumen.parquet").column("nama_berkas").to_pylist():
        assert f"| {name} (`" in text
    assert snapshot.name in text and SCHEMA_VERSION in text


def test_the_citation_is_a_citation_file(snapshot: Path) -> None:
    cited = yaml.safe_load((snapshot / "CITATION.cff").read_text(encoding="utf-8"))
    assert cited["cff-version"] == "1.2.0" and cited["type"] == "dataset"
    assert cited["version"] == snapshot.name and str(cited["date-released"]) == "2026-11-20"
    assert cited["title"] and cited["authors"] and cited["message"]


def test_the_change_log_has_the_version_that_is_published(snapshot: Path) -> None:
    assert f"\n## {SCHEMA_VERSION}\n" in data_changes()
    assert (snapshot / "CHANGELOG.md").read_text(encoding="utf-8") == data_changes()
    assert pq.read_schema(snapshot / "dokumen.parquet").metadata[b"schema_version"].decode() == SCHEMA_VERSION


def test_checksums_cover_every_file(snapshot: Path) -> None:
    listed = {line.split("  ", 1)[1] for line in (snapshot / "CHECKSUMS").read_text(encoding="utf-8").splitlines()}
    there = {path.relative_to(snapshot).as_posix() for path in snapshot.rglob("*") if path.is_file()}
    assert there - listed == {"CHECKSUMS"}
    assert subprocess.run(["sha256sum", "--check", "--quiet", "CHECKSUMS"], cwd=snapshot, check=False).returncode == 0


def test_the_region_table_is_the_official_list(snapshot: Path) -> None:
    table = pq.read_table(snapshot / "wilayah.parquet")
    assert table.schema.equals(arrow_schema(WILAYAH))
    assert table.num_rows == len(all_regions())


def test_codes_of_lists_that_are_not_bundled_are_added_as_rows_use_them() -> None:
    used = [
        ("2.17.01.2.02.0001", "Penyediaan Gaji dan Tunjangan ASN", "900.1.15.5-1317/2023"),
        ("3.25.02", "PROGRAM PENGELOLAAN KELAUTAN", "sipd-2027"),
        (None, None, None),
        ("5.1.02.01.01.0031", "Belanja", "sipd-2027"),
    ]
    rows = {row["nomenklatur_id"]: row for row in nomenklatur_rows(used)}
    assert rows["900.1.15.5-1317/2023:2.17.01.2.02.0001"]["asal"] == "rilis", "a template code, filled with the bidang"
    assert rows["900.1.15.5-1317/2023:2.17.02"]["asal"] == "daftar"
    assert rows["sipd-2027:3.25.02"]["tingkat"] == "program" and rows["sipd-2027:3.25.02"]["kode_induk"] == "3.25"
    assert "sipd-2027:5.1.02.01.01.0031" not in rows, "an account code is no entry"
    assert to_arrow(NOMENKLATUR, list(rows.values())).num_rows == len(rows)
