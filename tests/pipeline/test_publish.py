"""Publishing: a reader sees the old snapshot or the new one, never a part."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.publish import InvalidDataset, Published, PublishError, broken_files, current, exclusive, next_version, publish, versions
from pipeline.schemas import TABLES, table
from pipeline.schemas.arrow import to_arrow
from tests.pipeline.test_rows import one_document_rows

DAY = date(2026, 11, 20)


def tables_with(name: str = "a.pdf") -> dict[str, pa.Table]:
    rows = one_document_rows()
    rows["dokumen"][0]["nama_berkas"] = name
    return {spec.name: to_arrow(spec, rows[spec.name]) for spec in TABLES}


def published(clean: Path, name: str = "a.pdf", **options: Any) -> Published:
    return publish([tables_with(name)], clean, **({"today": DAY, "keep": 10} | options))


def test_latest_is_a_relative_link_to_a_whole_snapshot(tmp_path: Path) -> None:
    result = published(tmp_path)
    assert (tmp_path / "latest").readlink() == Path("snapshots/2026-11-20.1")
    assert broken_files(result.path) == ()
    assert subprocess.run(["sha256sum", "--check", "--quiet", "CHECKSUMS"], cwd=result.path, check=False).returncode == 0
    moved = tmp_path.rename(tmp_path.parent / "moved")
    assert pq.read_table(moved / "latest" / "dokumen.parquet").num_rows == 1


def test_unchanged_content_makes_no_new_snapshot(tmp_path: Path) -> None:
    first = published(tmp_path)
    again = published(tmp_path, today=date(2026, 11, 21))
    assert (again.version, again.new) == (first.version, False)
    assert published(tmp_path, finish_key="new report").version == "2026-11-20.2"


def test_a_damaged_snapshot_is_published_anew(tmp_path: Path) -> None:
    first = published(tmp_path)
    (first.path / "nilai.parquet").write_bytes(b"cut")
    assert broken_files(first.path) == ("nilai.parquet",)
    assert published(tmp_path).version == "2026-11-20.2"


def test_versions_count_within_a_day(tmp_path: Path) -> None:
    for number in range(8):
        (tmp_path / "snapshots" / f"2026-11-20.{number + 1}").mkdir(parents=True)
    for number in range(3):
        published(tmp_path, f"{number}.pdf")
    assert versions(tmp_path)[-1] == "2026-11-20.11"
    assert next_version(tmp_path, date(2026, 11, 21)) == "2026-11-21.1"


def test_old_snapshots_are_retired(tmp_path: Path) -> None:
    for number in range(4):
        published(tmp_path, f"{number}.pdf", keep=2)
    assert versions(tmp_path) == ["2026-11-20.3", "2026-11-20.4"]


def test_tables_that_break_their_description_are_not_published(tmp_path: Path) -> None:
    good = published(tmp_path)
    bad = tables_with()
    rows = bad["dokumen"].to_pylist()
    rows[0]["status"] = "baik"
    with pytest.raises(InvalidDataset, match=r"dokumen\.status: value is not one of the allowed"):
        publish([{**bad, "dokumen": to_arrow(table("dokumen"), rows)}], tmp_path, today=DAY, keep=10)
    assert current(tmp_path) == good.path


@pytest.mark.parametrize("step", ["finish", "rename", "switch"])
def test_a_failure_on_the_way_leaves_the_last_snapshot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    good = published(tmp_path)

    def broken(*arguments: object, **options: object) -> None:
        raise OSError(28, "No space left on device")

    options: dict[str, Any] = {"finish": broken} if step == "finish" else {}
    if step == "rename":
        monkeypatch.setattr(Path, "rename", broken)
    if step == "switch":
        monkeypatch.setattr("pipeline.publish.switch", broken)
    with pytest.raises(PublishError, match="the disk is full"):
        published(tmp_path, "b.pdf", **options)
    monkeypatch.undo()
    assert current(tmp_path) == good.path
    assert broken_files(good.path) == ()
    assert published(tmp_path, "b.pdf").new


def test_leavings_of_a_killed_run_are_swept_up(tmp_path: Path) -> None:
    (tmp_path / "snapshots" / ".dibuat-1" / "2026-11-20.1").mkdir(parents=True)
    (tmp_path / ".latest-1").symlink_to("snapshots/none")
    published(tmp_path)
    assert [path.name for path in (tmp_path / "snapshots").iterdir()] == ["2026-11-20.1"]
    assert not (tmp_path / ".latest-1").is_symlink()


def test_a_second_process_is_told_who_holds_the_folder(tmp_path: Path) -> None:
    code = f"from pathlib import Path; from pipeline.publish import exclusive\nwith exclusive(Path({str(tmp_path)!r})): pass"
    with exclusive(tmp_path):
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert f"another run (process {os.getpid()})" in done.stderr
    with exclusive(tmp_path):
        pass


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_read_only_folder_is_told(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(PublishError, match="permission denied"), exclusive(tmp_path / "clean"):
        pass
