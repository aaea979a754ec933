"""`renja export`: every form holds every table, the filters hold, and what a spreadsheet would run stays text."""

from __future__ import annotations

import csv
import json
import sqlite3
from pathlib import Path

import duckdb
import openpyxl
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from pipeline.cli import app
from pipeline.dataset import Selection
from pipeline.export import CELL_LETTERS, FORMS, ExportError, _for_sheet, export
from pipeline.schemas import REFERENCE_TABLES, TABLES
from pipeline.views import VIEWS

ALL = {spec.name for spec in (*TABLES, *REFERENCE_TABLES)}


def count(snapshot: Path, name: str) -> int:
    rows: int = pq.read_metadata(snapshot / f"{name}.parquet").num_rows
    return rows


def test_csv_is_a_file_for_each_table(snapshot: Path, tmp_path: Path) -> None:
    written = export(snapshot, "csv", tmp_path / "csv")
    assert {path.stem for path in written} == ALL
    for path in written:
        with path.open(encoding="utf-8", newline="") as file:
            assert len(list(csv.reader(file))) == count(snapshot, path.stem) + 1


def test_xlsx_is_a_sheet_for_each_table_and_amounts_are_numbers(snapshot: Path, tmp_path: Path) -> None:
    (path,) = export(snapshot, "xlsx", tmp_path / "a.xlsx")
    book = openpyxl.load_workbook(path)
    assert set(book.sheetnames) == ALL
    sheet = book["anggaran"]
    heads = [cell.value for cell in sheet[1]]
    amounts = [row[heads.index("pagu")] for row in sheet.iter_rows(min_row=2, values_only=True)]
    assert 500_000_000 in amounts
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row), "print is text, never a formula"


def test_a_worksheet_holds_what_it_can_of_a_long_text_and_all_digits_of_a_long_number() -> None:
    assert _for_sheet("a" * CELL_LETTERS) == "a" * CELL_LETTERS
    assert _for_sheet("a" * (CELL_LETTERS + 1)) == "a" * (CELL_LETTERS - 1) + "…"
    assert [_for_sheet(value) for value in (10**15, 5, None)] == [str(10**15), 5, None]


def test_duckdb_explains_itself_and_has_the_views(snapshot: Path, tmp_path: Path) -> None:
    (path,) = export(snapshot, "duckdb", tmp_path / "a.duckdb")
    with duckdb.connect(str(path), read_only=True) as connection:
        comments = dict(connection.execute("select table_name, comment from duckdb_tables()").fetchall())
        assert set(comments) == ALL and all(comments.values())
        assert connection.execute(
            "select count(*) from duckdb_columns() where comment is null and not internal and schema_name = 'main'"
            " and table_name not in (select view_name from duckdb_views())"
        ).fetchone() == (0,)
        views = dict(connection.execute("select view_name, comment from duckdb_views() where not internal").fetchall())
        assert views == {view.name: view.indonesian for view in VIEWS}
        rows = connection.execute("select nama_wilayah, pagu_tercetak, pagu_rincian from pagu_per_program order by 1").fetchall()
    assert rows == [("Kabupaten A", 500_000_000, 450_000_000), ("Kabupaten B", 120_000_000, 120_000_000)]


def test_sqlite_holds_its_foreign_keys_and_has_metadata_for_datasette(snapshot: Path, tmp_path: Path) -> None:
    path, metadata = export(snapshot, "sqlite", tmp_path / "a.db")
    connection = sqlite3.connect(path)
    assert {name for (name,) in connection.execute("select name from sqlite_master where type = 'table'")} == ALL
    assert connection.execute("pragma foreign_key_check").fetchall() == []
    assert connection.execute("pragma foreign_key_list(baris)").fetchall() != []
    assert connection.execute("select typeof(pagu) from anggaran where pagu is not null limit 1").fetchone() == ("integer",)
    connection.close()
    described = json.loads(metadata.read_text(encoding="utf-8"))["databases"]["a"]["tables"]
    assert set(described) == ALL and described["anggaran"]["columns"]["pagu"]


@pytest.mark.parametrize(
    ("selection", "regions", "lines"),
    [
        (Selection(region="12"), {"Kabupaten A"}, 4),
        (Selection(region="35.14"), {"Kabupaten B"}, 3),
        (Selection(year=2024), {"Kabupaten A", "Kabupaten B"}, 7),
        (Selection(year=1999), set(), 0),
        (Selection(bidang="2.17"), {"Kabupaten A", "Kabupaten B"}, 7),
        (Selection(bidang="2.17.02.2.01"), {"Kabupaten A", "Kabupaten B"}, 5),
        (Selection(bidang="1.01"), set(), 0),
        (Selection(region="12' or '1' = '1"), set(), 0),
    ],
    ids=lambda value: str(sorted(value) if isinstance(value, set) else value),
)
def test_filters_keep_what_they_name(snapshot: Path, tmp_path: Path, selection: Selection, regions: set[str], lines: int) -> None:
    path, _ = export(snapshot, "sqlite", tmp_path / "part.db", selection)
    connection = sqlite3.connect(path)
    assert {name for (name,) in connection.execute("select distinct nama_wilayah from anggaran")} == regions
    assert connection.execute("select count(*) from baris").fetchone() == (lines,)
    assert connection.execute("pragma foreign_key_check").fetchall() == [], "a part stays whole in itself"
    connection.close()


def test_an_export_never_writes_over_a_file(snapshot: Path, tmp_path: Path) -> None:
    target = tmp_path / "a.db"
    target.write_text("mine")
    with pytest.raises(ExportError, match="exists already"):
        export(snapshot, "sqlite", target)
    assert target.read_text() == "mine"
    with pytest.raises(ExportError, match="csv, xlsx, duckdb, sqlite"):
        export(snapshot, "ods", tmp_path / "a.ods")


@pytest.mark.parametrize("form", FORMS)
def test_the_command_writes_every_form(snapshot: Path, tmp_path: Path, form: str) -> None:
    out = tmp_path / "it's here" / form
    result = CliRunner().invoke(app, ["export", form, str(out), "--clean", str(snapshot.parent.parent), "--year", "2024"])
    assert result.exit_code == 0, result.output
    assert out.exists()
    again = CliRunner().invoke(app, ["export", "ods", str(out), "--clean", str(snapshot.parent.parent)])
    assert again.exit_code == 2


def test_a_target_that_cannot_be_written_or_a_choice_of_nothing_gets_one_line(
    snapshot: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RENJA_CLEAN_DIR", str(snapshot.parent.parent))
    (tmp_path / "file").write_text("no folder")
    for form in FORMS:
        done = CliRunner().invoke(app, ["export", form, str(tmp_path / "file" / "out")])
        assert (done.exit_code, done.stderr.startswith("renja: cannot write to")) == (2, True), done.output
    done = CliRunner().invoke(app, ["export", "csv", str(tmp_path / "csv"), "--region", "99"])
    assert (done.exit_code, (tmp_path / "csv").exists()) == (2, False)


@pytest.mark.parametrize("form", ["xlsx", "duckdb", "sqlite"])
def test_what_a_library_says_of_a_file_that_cannot_be_written_is_one_error(snapshot: Path, tmp_path: Path, form: str) -> None:
    target = tmp_path / "link"
    target.symlink_to(tmp_path / "nowhere" / "file")
    with pytest.raises(ExportError, match="cannot write to"):
        export(snapshot, form, target)
