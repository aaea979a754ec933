"""Changes between snapshots: every id is told once, positions do not count, and older columns do not break the comparison."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from pipeline.cli import app
from pipeline.diff import ADDED, CHANGED, GONE, Count, diff
from pipeline.layout import Writer
from pipeline.run import Parts, run
from pipeline.schemas import TABLES
from pipeline.schemas.arrow import to_arrow
from pipeline.settings import Settings
from tests.pipeline.fakes import fake_pdf
from tests.pipeline.test_rows import one_document_rows

Rows = dict[str, list[dict[str, Any]]]


def snapshot(folder: Path, change: Callable[[Rows], object] = lambda rows: None, *, partitioned: bool = False) -> Path:
    rows = one_document_rows()
    change(rows)
    folder.mkdir()
    with Writer(folder, partitioned=partitioned) as writer:
        writer.write({spec.name: to_arrow(spec, rows[spec.name]) for spec in TABLES})
    return folder


@pytest.mark.parametrize("partitioned", [False, True])
def test_the_same_content_has_no_changes_whatever_the_layout(tmp_path: Path, partitioned: bool) -> None:
    found = diff(snapshot(tmp_path / "a"), snapshot(tmp_path / "b", partitioned=partitioned))
    assert found.empty and set(found.counts.values()) == {Count()}


def test_a_changed_row_names_its_columns_and_a_moved_one_is_no_change(tmp_path: Path) -> None:
    def change(rows: Rows) -> None:
        rows["baris"][0]["uraian_tercetak"] = "PROGRAM LAIN"
        rows["baris"][1]["x0"] += 3

    found = diff(snapshot(tmp_path / "a"), snapshot(tmp_path / "b", change))
    (row,) = found.changes.to_pylist()
    assert (row["tabel"], row["perubahan"], json.loads(row["kolom"])) == ("baris", CHANGED, ["uraian_tercetak"])
    assert found.counts["baris"] == Count(berubah=1)


def test_findings_come_and_go_by_their_ids(tmp_path: Path) -> None:
    def rename(rows: Rows) -> None:
        rows["temuan"][0]["temuan_id"] = "neu"

    found = diff(snapshot(tmp_path / "a"), snapshot(tmp_path / "b", rename))
    assert found.ids("temuan", ADDED) == ["neu"]
    assert len(found.ids("temuan", GONE)) == 1


def test_a_snapshot_of_an_older_schema_is_compared_over_what_both_have(tmp_path: Path) -> None:
    old, new = snapshot(tmp_path / "a"), snapshot(tmp_path / "b")
    path = old / "baris.parquet"
    pq.write_table(pq.read_table(path).drop_columns(["catatan"]), path)
    assert diff(old, new).empty


def test_a_run_publishes_its_changes_and_says_which_document_took_the_place_of_which(settings: Settings, parts: Parts) -> None:
    for name in ("a.pdf", "b.pdf"):
        fake_pdf(settings.raw_dir / name, agency=f"Dinas {name}")
    first = run([], settings, parts=parts)
    assert not (first.published.path / "perubahan.json").exists()
    fake_pdf(settings.raw_dir / "b.pdf", agency="Dinas b.pdf", pagu=5)
    second = run([], settings, parts=parts)
    told = json.loads((second.published.path / "perubahan.json").read_text())
    assert (told["lama"], told["baru"]) == (first.published.version, second.published.version)
    assert told["jumlah"]["dokumen"] == {"baru": 1, "berubah": 0, "hilang": 1}
    assert told["jumlah"]["baris"] == {"baru": 3, "berubah": 0, "hilang": 3}
    (pair,) = told["berganti"]
    assert pair["nama_berkas"] == "b.pdf"
    ids = {row["id"] for row in pq.read_table(second.published.path / "perubahan.parquet").to_pylist()}
    assert {pair["lama"], pair["baru"]} <= ids


def test_the_command_shows_what_changed(settings: Settings, parts: Parts) -> None:
    fake_pdf(settings.raw_dir / "a.pdf")
    run([], settings, parts=parts)
    runner = CliRunner()
    clean = str(settings.clean_dir)
    only = runner.invoke(app, ["diff", "--clean", clean])
    assert only.exit_code == 2 and "no snapshot before" in only.output
    fake_pdf(settings.raw_dir / "b.pdf")
    second = run([], settings, parts=parts)
    done = runner.invoke(app, ["diff", "--clean", clean])
    assert done.exit_code == 0, done.output
    assert "New documents: 1" in done.output and "b.pdf" in done.output
    lines = runner.invoke(app, ["diff", second.published.version, "latest", "--json", "--clean", clean])
    assert lines.output == ""
    assert runner.invoke(app, ["diff", "1999-01-01.1", "--clean", clean]).exit_code == 2
