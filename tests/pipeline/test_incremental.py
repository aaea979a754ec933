"""What a change costs: a correction costs its document, a source's facts cost theirs, and a stopped run goes on where it stopped."""

from __future__ import annotations

import errno
import json
from dataclasses import replace
from pathlib import Path

import pytest
from pytest import MonkeyPatch

from normalizers.types import DocumentFacts
from pipeline.history import runs
from pipeline.inputs import InputError, Origin, find_sources
from pipeline.publish import PublishError
from pipeline.results import DocumentResult
from pipeline.run import Listener, Parts, run
from pipeline.settings import Settings
from pipeline.stages import completed, fingerprints
from pipeline.store import StorageError, file_sha256
from tests.pipeline.fakes import done, fake_pdf, forget_done

CORRECTION = """
- {dokumen: %s, pola: PROGRAM, kolom: pagu, expect: "1000", nilai: 2000, alasan: salah ketik, penulis: budi, tanggal: 2026-11-01}
"""


def corpus(settings: Settings) -> None:
    for name in "abc":
        fake_pdf(settings.raw_dir / f"{name}.pdf", agency=f"Dinas {name}")


def test_a_correction_costs_the_document_that_it_is_for(settings: Settings, parts: Parts) -> None:
    corpus(settings)
    run([], settings, parts=parts)
    forget_done(settings)
    settings.overrides_dir.mkdir(parents=True)
    (settings.overrides_dir / "tinjauan.yml").write_text(CORRECTION % "b.pdf")
    run([], settings, parts=parts)
    assert done(settings) == ["type b.pdf", "audit b.pdf"]


def test_a_correction_that_cannot_be_read_is_told_before_anything_is_done(settings: Settings, parts: Parts) -> None:
    corpus(settings)
    settings.overrides_dir.mkdir(parents=True)
    (settings.overrides_dir / "tinjauan.yml").write_text("- dokumen: b.pdf\n")
    with pytest.raises(InputError, match=r"tinjauan.yml#1"):
        run([], settings, parts=parts)
    assert done(settings) == []


def test_facts_of_the_source_cost_their_document(settings: Settings, parts: Parts) -> None:
    corpus(settings)
    run([], settings, parts=parts)
    forget_done(settings)
    (b,) = (source for source in find_sources([settings.raw_dir]) if source.file_name == "b.pdf")
    (settings.raw_dir / "sources.csv").write_text(f"uri,sha256,region,licence\nhttps://contoh.go.id/b,{b.sha256},12.20,CC0\n")
    run([], settings, parts=parts)
    assert done(settings) == ["type b.pdf", "audit b.pdf"]
    forget_done(settings)
    (settings.raw_dir / "sources.csv").write_text(f"uri,sha256,region,licence\nhttps://contoh.go.id/b2,{b.sha256},12.20,CC0\n")
    run([], settings, parts=parts)
    assert done(settings) == ["audit b.pdf"], "an address is no matter of reading"


def test_a_source_completes_what_a_document_does_not_tell(settings: Settings) -> None:
    origin = Origin(region="12.20", agency="Dinas Sosial", kind="lkjip")
    found = completed(DocumentFacts(), origin)
    assert (found.region_code, found.region_name, found.scope) == ("12.20", "Kabupaten Padang Lawas Utara", "kabkota")
    assert (found.agency, found.kind) == ("Dinas Sosial", "lkjip")
    told = DocumentFacts("renja", 2024, "35.14", "Kabupaten Pasuruan", "Dinas Koperasi", scope="kabkota")
    assert completed(told, origin) == told
    assert completed(DocumentFacts(), replace(origin, kind="laporan")).kind == "lainnya"


class _Stop(Listener):
    def __init__(self, error: BaseException) -> None:
        self._error = error

    def done(self, result: DocumentResult) -> None:
        raise self._error


@pytest.mark.parametrize(("error", "end"), [(KeyboardInterrupt(), "dihentikan"), (StorageError("the disk is full"), "gagal")])
def test_a_run_that_stops_says_so_and_the_next_goes_on(settings: Settings, parts: Parts, error: BaseException, end: str) -> None:
    corpus(settings)
    with pytest.raises(type(error)):
        run([], settings.model_copy(update={"workers": 1}), parts=parts, listener=_Stop(error))
    assert not settings.latest.exists()
    assert runs(settings.clean_dir, 1)[0].akhir == end
    before = done(settings)
    assert len(before) > 0
    forget_done(settings)
    run([], settings, parts=parts)
    assert not set(before) & set(done(settings)), "what was done before the stop is not done again"
    assert [manifest.akhir for manifest in runs(settings.clean_dir, 5)] == ["terbit", end]


def test_a_disk_that_fills_up_while_publishing_leaves_the_last_dataset(settings: Settings, parts: Parts, monkeypatch: MonkeyPatch) -> None:
    corpus(settings)
    first = run([], settings, parts=parts)
    fake_pdf(settings.raw_dir / "d.pdf")

    def full(*arguments: object, **options: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("pipeline.publish.Writer", full)
    with pytest.raises(PublishError, match="the disk is full"):
        run([], settings, parts=parts)
    monkeypatch.undo()
    assert settings.latest.resolve() == first.published.path
    assert run([], settings, parts=parts).published.new


def test_manifests_and_logs_tell_of_a_run(settings: Settings, parts_in_workers: Parts) -> None:
    from pipeline.logs import log_to

    log_to(settings.log_dir)
    fake_pdf(settings.raw_dir / "a.pdf", pages=2)
    result = run([], settings, parts=parts_in_workers)
    (manifest,) = runs(settings.clean_dir, 5)
    assert (manifest.akhir, manifest.versi, manifest.dokumen, manifest.diproses) == ("terbit", result.published.version, 1, 1)
    assert {"process", "reconcile", "publish"} == manifest.detik.keys()
    assert manifest.puncak_memori_mb > 0 and manifest.sidik["extract"] == "e1"
    events = [json.loads(line) for line in (settings.log_dir / "renja.jsonl").read_text().splitlines()]
    assert {event["run"] for event in events} == {manifest.run}
    pages = [(event["dokumen_id"], event["page"]) for event in events if event["event"] == "page"]
    assert pages == [(result.documents[0].id, 1), (result.documents[0].id, 2)]
    assert [event["event"] for event in events if event["event"] != "page"] == ["run started", "document", "published", "run ended"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_disk_that_takes_no_log_line_is_not_told_line_by_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from pipeline.logs import log_to, logger

    (tmp_path / "renja.jsonl").symlink_to("/dev/full")
    log_to(tmp_path)
    logger().info("run started")
    log_to(tmp_path / "elsewhere")
    assert capsys.readouterr().err == ""


def test_old_manifests_are_cleared_away(settings: Settings, parts: Parts, monkeypatch: MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.history._KEPT", 2)
    fake_pdf(settings.raw_dir / "a.pdf")
    folder = settings.clean_dir / "riwayat"
    folder.mkdir(parents=True)
    for number in range(4):
        (folder / f"2020010{number}T000000-1.json").write_text("{}")
    run([], settings, parts=parts)
    assert len(list(folder.iterdir())) == 2


@pytest.mark.parametrize("module", ["stages", "overrides", "evidence"])
def test_the_code_between_the_packages_is_part_of_the_keys_too(settings: Settings, monkeypatch: MonkeyPatch, module: str) -> None:
    before = fingerprints(settings)
    monkeypatch.setattr("pipeline.store.file_sha256", lambda path: file_sha256(path) + ("new" if path.stem == module else ""))
    after = fingerprints(settings)
    assert after.extract == before.extract
    assert after.reconcile != before.reconcile
