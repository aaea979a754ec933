"""`renja pull` and `renja sources check`: exit codes, what is told, and what a run then knows of the documents."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

import pipeline.run as run_module
from pipeline.cli import app
from pipeline.publish import exclusive
from pipeline.run import Parts
from tests.pipeline.fakes import fake_pdf


@pytest.fixture
def renja(parts: Parts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(run_module, "real_parts", lambda: parts)
    return CliRunner()


def sources(*lines: str) -> None:
    own = "".join(f"    {line}\n" for line in lines)
    Path("sources.yml").write_text(f"sources:\n  - name: lokal\n    type: folder\n    path: in\n{own}")


def test_a_pull_fetches_once_and_tells_what_is_new(renja: CliRunner) -> None:
    sources("licence: CC BY 4.0")
    fake_pdf(Path("in/a.pdf"))
    fake_pdf(Path("in/b.pdf"))
    first = renja.invoke(app, ["pull"])
    assert (first.exit_code, "2 new; documents are in data/raw" in first.output) == (0, True), first.output
    again = renja.invoke(app, ["pull", "--quiet"])
    assert again.output == "2 unchanged; documents are in data/raw\n"
    events = [json.loads(line) for line in Path(".renja/logs/renja.jsonl").read_text().splitlines()]
    assert [event["state"] for event in events if event["event"] == "pull"] == ["new", "new", "unchanged", "unchanged"]


def test_a_source_that_fails_ends_with_1(renja: CliRunner) -> None:
    sources()
    done = renja.invoke(app, ["pull"])
    assert done.exit_code == 1
    assert "no such folder" in done.output


@pytest.mark.parametrize("command", [["pull"], ["sources", "check"]])
def test_a_file_that_cannot_be_used_ends_with_2(renja: CliRunner, command: list[str]) -> None:
    assert renja.invoke(app, [*command, "none.yml"]).exit_code == 2
    sources("kind: laporan")
    done = renja.invoke(app, command)
    assert done.exit_code == 2
    assert "'laporan' is none of renja" in done.output


def test_only_named_sources_are_pulled(renja: CliRunner) -> None:
    sources()
    assert "names no source jauh" in renja.invoke(app, ["pull", "--only", "jauh"]).output


def test_two_pulls_at_once_get_a_clear_message(renja: CliRunner) -> None:
    sources()
    with exclusive(Path("data/raw")):
        done = renja.invoke(app, ["pull"])
    assert done.exit_code == 2
    assert "another run" in done.output


def test_check_tells_what_cannot_be_used_here(renja: CliRunner) -> None:
    sources()
    missing = renja.invoke(app, ["sources", "check"])
    assert (missing.exit_code, "there is no folder in" in missing.output) == (1, True)
    Path("in").mkdir()
    fine = renja.invoke(app, ["sources", "check"])
    assert (fine.exit_code, "1 sources, all fine" in fine.output) == (0, True)


def test_an_older_version_is_kept_and_left_out_of_the_run(renja: CliRunner) -> None:
    sources("licence: CC BY 4.0")
    fake_pdf(Path("in/a.pdf"))
    renja.invoke(app, ["pull"])
    assert renja.invoke(app, ["run"]).exit_code == 0
    fake_pdf(Path("in/a.pdf"), pagu=7)
    assert "1 changed" in renja.invoke(app, ["pull"]).output
    assert len(list(Path("data/raw/arsip").glob("*.pdf"))) == 1
    assert renja.invoke(app, ["run"]).exit_code == 0
    (row,) = pq.read_table("data/clean/latest/dokumen.parquet").to_pylist()
    assert (row["lisensi"], row["sumber"]) == ("CC BY 4.0", Path("in/a.pdf").absolute().as_uri())
    told = json.loads(Path("data/clean/latest/perubahan.json").read_text())
    assert [pair["baru"] for pair in told["berganti"]] == [row["dokumen_id"]]
