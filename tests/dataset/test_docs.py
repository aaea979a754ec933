"""What the documentation shows is what the program does: commands parse, links lead somewhere, snippets run, references are current."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
import typer.main
import yaml
from typer.testing import CliRunner

from pipeline import api
from pipeline.cli import app
from pipeline.overrides import Override
from pipeline.reference import pages

ROOT = Path(__file__).parent.parent.parent
DOCS = sorted([ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").rglob("*.md")])
WRITTEN = [page for page in DOCS if page.parent.name != "reference"]
RUN = [
    ROOT / "README.md",
    *(ROOT / "docs" / name for name in ("tutorial-auditor.md", "tutorial-researcher.md")),
    *(ROOT / "docs" / "how-to" / name for name in ("correct-a-value.md", "import-nomenklatur.md")),
]


def blocks(page: Path, *languages: str) -> Iterator[tuple[str, str]]:
    for found in re.finditer(r"^```(\w+)\n(.*?)^```", page.read_text(encoding="utf-8"), re.M | re.S):
        if found[1] in languages:
            yield found[1], found[2]


def commands(page: Path) -> set[str]:
    text = page.read_text(encoding="utf-8")
    lines = [line for _, block in blocks(page, "sh", "text", "console") for line in block.splitlines()]
    found = [line.removeprefix("$ ").split("  #")[0].strip() for line in lines]
    return {line for line in [*found, *re.findall(r"`(renja [^`\n]+)`", text)] if line.startswith("renja ")}


@pytest.mark.parametrize("page", WRITTEN, ids=lambda page: page.name)
def test_every_command_that_is_shown_exists_with_its_options(page: Path) -> None:
    for shown in commands(page):
        command: Any = typer.main.get_command(app)
        words = shlex.split(shown)[1:]
        while words and getattr(command, "commands", None):
            assert words[0] in command.commands, f"{page.name}: {shown}"
            command = command.commands[words.pop(0)]
        known = {option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)} | {"--help"}
        for word in words:
            if word.startswith("-"):
                assert word.split("=")[0] in known, f"{page.name}: {shown}"


@pytest.mark.parametrize("page", DOCS, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), f"{page.name}: {target}"


@pytest.mark.parametrize("name", pages())
def test_the_reference_is_current(name: str) -> None:
    written = (ROOT / "docs" / "reference" / name).read_text(encoding="utf-8")
    assert written == pages()[name], f"docs/reference/{name} is old; run `python -m pipeline.reference`"


def test_every_command_is_in_the_reference_and_explains_itself() -> None:
    def leaves(command: Any, path: list[str]) -> Iterator[list[str]]:
        children = getattr(command, "commands", None)
        if children is None:
            yield path
        for name in children or ():
            yield from leaves(children[name], [*path, name])

    reference = pages()["commands.md"]
    for path in leaves(typer.main.get_command(app), []):
        assert f"## renja {' '.join(path)}\n" in reference
        result = CliRunner().invoke(app, [*path, "--help"])
        assert result.exit_code == 0 and result.output.strip()


def test_the_correction_that_is_shown_is_one() -> None:
    ((_, text),) = blocks(ROOT / "docs" / "how-to" / "correct-a-value.md", "yaml")
    for entry in yaml.safe_load(text):
        Override.model_validate(entry)


def test_the_table_kind_that_is_shown_has_the_shape_of_the_others() -> None:
    ((_, text),) = blocks(ROOT / "docs" / "how-to" / "add-a-table-kind.md", "yaml")
    known = yaml.safe_load((ROOT / "normalizers" / "vocabulary" / "tables.yaml").read_text(encoding="utf-8"))["kinds"]
    ((_, kind),) = yaml.safe_load(text).items()
    assert set(kind) <= {key for one in known.values() for key in one}


@pytest.mark.parametrize("path", sorted((ROOT / "notebooks").glob("*.ipynb")), ids=lambda path: path.name)
def test_notebooks_are_kept_without_outputs(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    assert all(not cell.get("outputs") and cell.get("execution_count") is None for cell in notebook.cells if cell.cell_type == "code")


# ------------------------------------------------------------------------------------------------ slow: on a real run over the samples


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh folder with the samples, as a user has it before the first run."""
    folder = tmp_path_factory.mktemp("work")
    shutil.copytree(ROOT / "data" / "raw", folder / "data" / "raw")
    return folder


def run(command: list[str], workspace: Path) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("RENJA_")}
    environment |= {"MPLBACKEND": "agg", "RENJA_CACHE_DIR": str(workspace / ".renja"), "RENJA_NOMENKLATUR_DIR": str(workspace / "editions")}
    return subprocess.run(command, cwd=workspace, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def first_run(workspace: Path) -> str:
    done = run([sys.executable, "-m", "pipeline.cli", "run"], workspace)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.slow
def test_the_run_that_the_readme_shows_is_what_it_says(first_run: str) -> None:
    """Documents, pages and words stand as shown; the counts of an audit that learns may move, the columns not."""
    (shown,) = [block for _, block in blocks(ROOT / "README.md", "console")]

    def shape(text: str) -> list[str]:
        lines = [re.sub(r"\s+", " ", line).strip() for line in text.splitlines()]
        return [
            re.sub(r"\d{4}-\d\d-\d\d\.\d+|\b\d+%?", "N", line) for line in lines if line and "───" not in line and not line.startswith("$")
        ]

    assert shape(shown) == shape(first_run)


@pytest.mark.slow
@pytest.mark.parametrize("page", RUN, ids=lambda page: page.name)
def test_every_snippet_runs(page: Path, first_run: str, workspace: Path) -> None:
    for target in ("hasil-csv", "report-en"):
        shutil.rmtree(workspace / target, ignore_errors=True)
    for pattern in ("*.xlsx", "*.db", "*.duckdb", "*.png"):
        for path in workspace.glob(pattern):
            path.unlink()
    python = []
    for language, block in blocks(page, "sh", "python"):
        if language == "python":
            python.append(block)
            continue
        for line in block.splitlines():
            words = shlex.split(line, comments=True)
            if words:
                done = run([sys.executable, "-m", "pipeline.cli", *words[1:]], workspace)
                assert done.returncode == 0, f"{line}\n{done.stdout}\n{done.stderr}"
    if python:
        done = run([sys.executable, "-W", "ignore", "-c", "\n".join(python)], workspace)
        assert done.returncode == 0, done.stderr


@pytest.mark.slow
def test_the_misspellings_of_the_readme_are_in_the_data(first_run: str, workspace: Path) -> None:
    rows = re.findall(r"^\| `([^`]+)` \| ([^|]+) \| `([^`]+)` \|", (ROOT / "README.md").read_text(encoding="utf-8"), re.M)
    assert len(rows) >= 5
    lines = api.open_dataset(workspace / "data" / "clean" / "latest").lines()
    for printed, name, official in rows:
        here = lines[(lines["kode_tercetak"] == printed) & (lines["kode_ref"] == official)]
        assert any(name.removesuffix(" …") in text for text in here["uraian_tercetak"]), (printed, name)
