"""The command line: exit codes, clear lines, and answers that can be read."""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

import pipeline.run as run_module
from pipeline.cli import app
from pipeline.run import Parts
from pipeline.settings import Settings
from tests.pipeline.fakes import fake_pdf


@pytest.fixture
def renja(settings: Settings, parts: Parts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    """A runner in an empty folder, with fake stages."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(run_module, "real_parts", lambda: parts)
    return CliRunner()


def test_help_comes_quickly_and_names_every_command() -> None:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run([sys.executable, "-m", "pipeline.cli", "--help"], capture_output=True, text=True, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 2, "seconds of the processor"
    assert done.returncode == 0
    for command in ("pull", "run", "status", "inspect", "explain", "audit", "diff", "serve", "sources"):
        assert f" {command} " in done.stdout


@pytest.mark.parametrize("command", ["pull", "run", "status", "inspect", "explain", "audit", "diff", "serve", "sources check"])
def test_every_help_teaches_with_an_example(renja: CliRunner, command: str) -> None:
    done = renja.invoke(app, [*command.split(), "--help"])
    assert done.exit_code == 0
    assert f"renja {command}" in done.output.split("Examples:")[1]


def test_a_run_shows_a_summary_and_ends_with_0(renja: CliRunner) -> None:
    fake_pdf(Path("data/raw/a.pdf"))
    done = renja.invoke(app, ["run"])
    assert done.exit_code == 0, done.output
    for words in ("a.pdf", "Kabupaten Contoh", "100%", "Published", "data/clean/latest/laporan/index.html"):
        assert words in done.output
    again = renja.invoke(app, ["run"])
    assert again.exit_code == 0
    assert "Nothing has changed" in again.output


def test_a_run_names_the_corrections_that_are_for_none_of_its_documents(renja: CliRunner) -> None:
    fake_pdf(Path("data/raw/a.pdf"))
    Path("data/overrides").mkdir()
    entry = "- {dokumen: b.pdf, baris: aaaa1111, kolom: pagu, expect: '1', nilai: '2', alasan: salah baca, penulis: S, tanggal: 2026-01-05}"
    Path("data/overrides/a.yml").write_text(entry, encoding="utf-8")
    for _ in range(2):
        assert "Correction a.yml#1 is for none of these documents." in renja.invoke(app, ["run"]).output


def test_quarantine_ends_with_1_and_says_why(renja: CliRunner) -> None:
    fake_pdf(Path("in/a.pdf"), broken=1)
    fake_pdf(Path("in/b.pdf"))
    done = renja.invoke(app, ["run", "in", "--clean", "out"])
    assert done.exit_code == 1, done.output
    assert "karantina a.pdf: berkas PDF rusak" in done.output
    assert pq.read_table("out/latest/dokumen.parquet").num_rows == 2
    status = renja.invoke(app, ["status", "in", "--clean", "out"])
    assert "a.pdf: berkas PDF rusak" in status.output
    assert "A run would do nothing" in status.output


@pytest.mark.parametrize("arguments", [["run", "gone"], ["run", "note.txt"], ["run", "empty"], ["run"], ["inspect", "gone.pdf"], ["audit"]])
def test_what_cannot_be_used_gets_one_line_and_2(renja: CliRunner, arguments: list[str]) -> None:
    Path("note.txt").write_text("text")
    Path("empty").mkdir()
    done = renja.invoke(app, arguments)
    assert done.exit_code == 2
    assert done.stderr.startswith("renja: ")
    assert len(done.stderr.strip().splitlines()) == 1
    assert not Path(".renja").exists(), "nothing is left behind in a wrong folder"


def test_a_row_and_a_finding_are_explained(renja: CliRunner) -> None:
    fake_pdf(Path("data/raw/a.pdf"))
    renja.invoke(app, ["run"])
    line = pq.read_table("data/clean/latest/baris.parquet").column("baris_id")[0].as_py()
    finding = pq.read_table("data/clean/latest/temuan.parquet").column("temuan_id")[0].as_py()
    row = renja.invoke(app, ["explain", line])
    for words in ("02.17.01", "halaman 1", "1.000 -> 1.000 (ok)", "Angka nol di depan dibuang.", "R02 pagu", finding):
        assert words in row.output
    assert "Tidak ada baris jumlah." in renja.invoke(app, ["explain", finding[:6]]).output
    unknown = renja.invoke(app, ["explain", "zzz"])
    assert (unknown.exit_code, "no row and no finding" in unknown.stderr) == (2, True)


def test_the_audit_lists_findings_by_level(renja: CliRunner) -> None:
    fake_pdf(Path("data/raw/a.pdf"))
    renja.invoke(app, ["run"])
    assert "No findings." in renja.invoke(app, ["audit"]).output
    assert "Tidak ada baris jumlah." in renja.invoke(app, ["audit", "--level", "info"]).output
    assert renja.invoke(app, ["audit", "--level", "info", "--rule", "R01"]).output.strip().endswith("No findings.")


def test_the_audit_of_what_is_not_there_says_so(renja: CliRunner) -> None:
    fake_pdf(Path("data/raw/a [akhir].pdf"))
    renja.invoke(app, ["run"])
    assert "a [akhir].pdf" in renja.invoke(app, ["audit", "--level", "info", "--document", "[AKHIR]"]).output
    for arguments in (["--rule", "R99"], ["--document", "b.pdf"]):
        done = renja.invoke(app, ["audit", *arguments])
        assert (done.exit_code, arguments[1] in done.stderr) == (2, True)


def test_sigterm_ends_clearly_and_publishes_nothing(settings: Settings, tmp_path: Path) -> None:
    fake_pdf(tmp_path / "a.pdf", pages=2, hang=2)
    code = (
        "import pipeline.run as r, sys\n"
        "from tests.pipeline import fakes\n"
        "parts = r.Parts(fakes.fingerprints, jobs='tests.pipeline.fakes')\n"
        "r.real_parts = lambda: parts\n"
        "from pipeline.cli import main\n"
        f"sys.argv = ['renja', 'run', {str(tmp_path / 'a.pdf')!r}, '--clean', {str(settings.clean_dir)!r}, '--workers', '1']\n"
        "main()\n"
    )
    environment = {"RENJA_CACHE_DIR": str(settings.cache_dir)}
    import os

    process = subprocess.Popen([sys.executable, "-c", code], env=os.environ | environment, stderr=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 30
    while not (settings.cache_dir / "done.txt").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    process.terminate()
    _, errors = process.communicate(timeout=20)
    assert process.returncode == 143
    assert "terminated; nothing was published" in errors
    assert not settings.latest.exists()


def test_a_gate_ends_with_3_and_a_reason_opens_it(renja: CliRunner) -> None:
    for name in "ab":
        fake_pdf(Path(f"data/raw/{name}.pdf"))
    assert renja.invoke(app, ["run"]).exit_code == 0
    Path("data/raw/b.pdf").unlink()
    held = renja.invoke(app, ["run"])
    assert (held.exit_code, "--accept documents=REASON" in held.output) == (3, True), held.output
    assert "Documents that are gone: 1" in renja.invoke(app, ["diff", "latest", "ditahan"]).output
    assert renja.invoke(app, ["run", "--accept", "documents"]).exit_code == 2
    assert renja.invoke(app, ["run", "--accept", "dokumen=ditarik"]).exit_code == 2
    assert renja.invoke(app, ["run", "--accept", "documents=ditarik dinas"]).exit_code == 0
    told = renja.invoke(app, ["status"]).output
    assert "held back" in told and "gate documents: 1 documents instead of 2, accepted: ditarik dinas" in told


def test_an_unknown_engine_gets_one_line_and_2(renja: CliRunner) -> None:
    fake_pdf(Path("data/raw/a.pdf"))
    assert renja.invoke(app, ["run", "--engine", "spark"]).exit_code == 2
