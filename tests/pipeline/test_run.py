"""A run over many documents: what is made, what is kept, what a bad document costs."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from pipeline.inputs import InputError
from pipeline.publish import PublishError, exclusive
from pipeline.run import Parts, run
from pipeline.schemas import TABLES
from pipeline.settings import Settings
from tests.pipeline.fakes import done, fake_pdf, fingerprints, forget_done


def column(settings: Settings, table: str, name: str) -> list[object]:
    found: list[object] = pq.read_table(settings.latest / f"{table}.parquet").column(name).to_pylist()
    return found


def test_a_run_publishes_every_table_with_description_and_report(settings: Settings, parts: Parts) -> None:
    for name in ("a.pdf", "b.pdf"):
        fake_pdf(settings.raw_dir / name, pages=6)
    result = run([], settings, parts=parts)
    assert {spec.name for spec in TABLES} <= {path.stem for path in settings.latest.glob("*.parquet")}
    assert (settings.latest / "datapackage.json").exists()
    assert result.report.read_text().startswith(result.published.version)
    assert sorted(column(settings, "dokumen", "nama_berkas")) == ["a.pdf", "b.pdf"]
    assert {summary.share_checked for summary in result.documents} == {1.0}
    assert result.quarantined == 0


def test_a_second_run_with_nothing_changed_does_nothing(settings: Settings, parts: Parts) -> None:
    fake_pdf(settings.raw_dir / "a.pdf")
    first = run([], settings, parts=parts)
    forget_done(settings)
    started = time.process_time()
    second = run([], settings, parts=parts)
    assert time.process_time() - started < 1
    assert not second.changed
    assert second.documents == first.documents
    assert second.published.version == first.published.version
    assert done(settings) == []


def test_one_changed_document_costs_that_document(settings: Settings, parts: Parts) -> None:
    for name in "abc":
        fake_pdf(settings.raw_dir / f"{name}.pdf", agency=f"Dinas {name}")
    run([], settings, parts=parts)
    forget_done(settings)
    fake_pdf(settings.raw_dir / "b.pdf", agency="Dinas b", pagu=2000)
    result = run([], settings, parts=parts)
    assert done(settings) == ["read b.pdf 1-1", "type b.pdf", "audit b.pdf"]
    assert result.published.new
    assert result.fresh == 1


def test_a_changed_vocabulary_does_not_read_pages_again(settings: Settings, parts: Parts) -> None:
    fake_pdf(settings.raw_dir / "a.pdf")
    run([], settings, parts=parts)
    forget_done(settings)
    newer = replace(parts, fingerprints=lambda settings: replace(fingerprints(settings), normalise="n2"))
    result = run([], settings, parts=newer)
    assert done(settings) == ["type a.pdf", "audit a.pdf"]
    assert not result.published.new, "the same content makes no new snapshot"


def test_one_bad_page_costs_that_page(settings: Settings, parts_in_workers: Parts) -> None:
    fake_pdf(settings.raw_dir / "a.pdf", pages=9, die=6)
    result = run([], settings, parts=parts_in_workers)
    (summary,) = result.documents
    assert summary.status == "sebagian"
    assert summary.pages == 9
    assert summary.reason == "halaman 6 dilewati: proses pembaca mati (SIGSEGV)"
    assert column(settings, "dokumen", "galat") == [summary.reason]


@pytest.mark.parametrize(
    ("fact", "reason"),
    [
        ({"broken": 1}, "berkas PDF rusak (the cross-reference table is gone)"),
        ({"bad": 1}, "no header row"),
        ({"memory": 1}, "1 dari 1 halaman tidak terbaca; halaman 1: melewati batas memori 3072 MB"),
        ({"odd": 1}, "a sum of nothing"),
        ({"clash": 1}, "tabel melanggar uraiannya: baris.baris_id: key is not unique"),
    ],
)
def test_a_document_that_fails_is_quarantined_and_the_rest_go_on(
    settings: Settings, parts: Parts, fact: dict[str, int], reason: str
) -> None:
    fake_pdf(settings.raw_dir / "good.pdf")
    fake_pdf(settings.raw_dir / "bad.pdf", **fact)
    result = run([], settings, parts=parts)
    assert result.quarantined == 1
    assert dict(zip(column(settings, "dokumen", "nama_berkas"), column(settings, "dokumen", "status"), strict=True)) == {
        "good.pdf": "ok",
        "bad.pdf": "karantina",
    }
    (path,) = settings.quarantine_dir.glob("*.json")
    assert reason in json.loads(path.read_text())["alasan"]


def test_quarantine_is_tried_again_only_when_something_changed(settings: Settings, parts: Parts) -> None:
    bad = fake_pdf(settings.raw_dir / "a.pdf", bad=1)
    fake_pdf(settings.raw_dir / "b.pdf")
    run([], settings, parts=parts)
    fake_pdf(settings.raw_dir / "c.pdf")
    forget_done(settings)
    run([], settings, parts=parts)
    assert done(settings) == ["read c.pdf 1-1", "type c.pdf", "audit b.pdf c.pdf"]
    fake_pdf(bad)
    result = run([], settings, parts=parts)
    assert result.quarantined == 0
    assert not list(settings.quarantine_dir.iterdir())


def test_a_document_that_newer_code_can_audit_leaves_quarantine(settings: Settings, parts: Parts) -> None:
    fake_pdf(settings.raw_dir / "a.pdf", odd=1)
    assert run([], settings, parts=parts).quarantined == 1
    forget_done(settings)
    newer = replace(
        parts, fingerprints=lambda settings: replace(fingerprints(settings), reconcile="r2"), jobs="tests.pipeline.kinder_fakes"
    )
    assert run([], settings, parts=newer).quarantined == 0
    assert done(settings) == [], "pages and names were good all along"
    assert not list(settings.quarantine_dir.iterdir())


def test_a_document_that_is_gone_leaves_quarantine_too(settings: Settings, parts: Parts) -> None:
    broken = fake_pdf(settings.raw_dir / "a.pdf", broken=1)
    fake_pdf(settings.raw_dir / "b.pdf")
    run([], settings, parts=parts)
    (settings.quarantine_dir / "catatan.json").write_text("{}")
    broken.unlink()
    assert run([], settings, parts=parts, accepted={"documents": "dihapus"}).quarantined == 0
    assert [path.name for path in settings.quarantine_dir.iterdir()] == ["catatan.json"], "and what is no record of ours stays"


def test_taking_a_document_out_of_quarantine_tries_it_again(settings: Settings, parts: Parts) -> None:
    fake_pdf(settings.raw_dir / "a.pdf", bad=1)
    fake_pdf(settings.raw_dir / "b.pdf")
    run([], settings, parts=parts)
    (record,) = settings.quarantine_dir.glob("*.json")
    record.unlink()
    forget_done(settings)
    run([], settings, parts=parts)
    assert done(settings) == ["type a.pdf"]
    assert record.exists()


def test_damaged_store_entries_are_made_again(settings: Settings, parts: Parts) -> None:
    fake_pdf(settings.raw_dir / "a.pdf", pages=6)
    run([], settings, parts=parts)
    for path in settings.store_dir.rglob("*"):
        if path.is_file() and path.parent.parent.name in ("halaman", "dokumen", "tabel"):
            path.write_bytes(path.read_bytes()[:-3])
    fake_pdf(settings.raw_dir / "b.pdf")
    result = run([], settings, parts=parts)
    assert result.quarantined == 0
    assert sorted(column(settings, "dokumen", "nama_berkas")) == ["a.pdf", "b.pdf"]


def test_equal_bytes_are_one_document(settings: Settings, parts: Parts) -> None:
    first = fake_pdf(settings.raw_dir / "a.pdf")
    (settings.raw_dir / "z.pdf").write_bytes(first.read_bytes())
    result = run([], settings, parts=parts)
    assert [summary.file for summary in result.documents] == ["a.pdf"]


def test_the_address_of_a_document_comes_from_sources_csv(settings: Settings, parts: Parts) -> None:
    path = fake_pdf(settings.raw_dir / "a.pdf")
    from pipeline.store import file_sha256

    text = f"uri,fetched_at,sha256\nhttps://contoh.go.id/a.pdf,2024-01-01,{file_sha256(path)}\n"
    (settings.raw_dir / "sources.csv").write_text(text, encoding="utf-8")
    run([], settings, parts=parts)
    assert column(settings, "dokumen", "sumber") == ["https://contoh.go.id/a.pdf"]


def test_unusable_paths_are_told_before_anything_is_written(settings: Settings, parts: Parts, tmp_path: Path) -> None:
    text = tmp_path / "a.txt"
    text.write_text("no pdf")
    (tmp_path / "empty").mkdir()
    for path, message in ((tmp_path / "gone", "no such file"), (text, "not a PDF"), (tmp_path / "empty", "no PDF in the folder")):
        with pytest.raises(InputError, match=message):
            run([path], settings, parts=parts)
    assert not settings.clean_dir.exists()


def test_two_runs_at_once_get_a_clear_message(settings: Settings, parts: Parts) -> None:
    fake_pdf(settings.raw_dir / "a.pdf")
    with exclusive(settings.clean_dir), pytest.raises(PublishError, match="another run"):
        run([], settings, parts=parts)
