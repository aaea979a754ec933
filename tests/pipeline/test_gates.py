"""Gates: a run that looks like a mishap is held back until a person says why it is right."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from pipeline.gates import Gate, HeldBack, judge
from pipeline.history import runs
from pipeline.layout import read_table
from pipeline.publish import HELD, current
from pipeline.run import Parts, run
from pipeline.schemas import table
from pipeline.schemas.arrow import to_arrow
from pipeline.settings import Settings
from tests.pipeline.fakes import fake_pdf


def published(settings: Settings, parts: Parts, **facts: object) -> None:
    for name in ("a.pdf", "b.pdf", "c.pdf"):
        fake_pdf(settings.raw_dir / name, **facts)
    run([], settings, parts=parts)


def test_fewer_documents_are_held_back_and_the_last_dataset_stays(settings: Settings, parts: Parts) -> None:
    published(settings, parts)
    before = current(settings.clean_dir)
    (settings.raw_dir / "b.pdf").unlink()
    with pytest.raises(HeldBack, match=r"documents: 2 documents instead of 3.*--accept documents=REASON"):
        run([], settings, parts=parts)
    assert current(settings.clean_dir) == before
    assert read_table(settings.clean_dir / HELD, "dokumen").num_rows == 2
    (last, *_) = runs(settings.clean_dir, 1)
    assert (last.akhir, last.gerbang[0]["gerbang"], last.gerbang[0]["alasan"]) == ("ditahan", "documents", None)


def test_an_accepted_gate_keeps_its_reason_with_the_snapshot(settings: Settings, parts: Parts) -> None:
    published(settings, parts)
    (settings.raw_dir / "b.pdf").unlink()
    result = run([], settings, parts=parts, accepted={"documents": "ditarik dinas"})
    told = json.loads((result.published.path / "penerbitan.json").read_text())
    assert told["gerbang"] == [{"gerbang": "documents", "dilihat": "2 documents instead of 3", "alasan": "ditarik dinas"}]
    assert told["versi"] == result.published.version
    assert runs(settings.clean_dir, 1)[0].gerbang == told["gerbang"]
    assert not (settings.clean_dir / HELD).exists()


def test_a_reason_for_another_gate_does_not_open_this_one(settings: Settings, parts: Parts) -> None:
    published(settings, parts)
    (settings.raw_dir / "b.pdf").unlink()
    with pytest.raises(HeldBack):
        run([], settings, parts=parts, accepted={"schema": "kolom lama"})


def test_many_documents_newly_in_quarantine_are_held_back(settings: Settings, parts: Parts) -> None:
    published(settings, parts)
    for number in range(3):
        fake_pdf(settings.raw_dir / f"new{number}.pdf", bad=1)
    with pytest.raises(HeldBack, match="quarantine: 3 documents are newly in quarantine, 2 are allowed"):
        run([], settings.model_copy(update={"gate_quarantined": 2}), parts=parts)
    result = run([], settings.model_copy(update={"gate_quarantined": 3}), parts=parts)
    assert result.quarantined == 3
    fake_pdf(settings.raw_dir / "d.pdf")
    again = run([], settings.model_copy(update={"gate_quarantined": 0}), parts=parts)
    assert again.quarantined == 3, "those that were in quarantine before are not new"


def test_coverage_is_compared_over_the_documents_that_both_have(settings: Settings, parts: Parts) -> None:
    published(settings, parts)
    read = read_table(settings.latest, "dokumen")
    rows = read.to_pylist()
    documents = read.from_pylist([{**row, "nominal_teruji": 0} for row in rows], read.schema)
    (stop,) = judge(settings.latest, documents, settings, {})
    assert (stop.gate, stop.seen) == (Gate.COVERAGE, "checked amounts of 3 documents fell from 100.0% to 0.0%")
    newer = [{**row, "dokumen_id": f"neu{place}", "nominal_teruji": 0} for place, row in enumerate(rows)]
    named = [{**row, "nama_berkas": f"other{place}.pdf"} for place, row in enumerate(newer)]
    documents = read.from_pylist([*rows, *named], read.schema)
    assert judge(settings.latest, documents, settings, {}) == (), "new documents with little checked are no mishap"
    documents = read.from_pylist(newer, read.schema)
    assert judge(settings.latest, documents, settings, {}) != (), "newer versions of the same files count as the same documents"


def test_columns_that_readers_would_miss_are_held_back(settings: Settings, parts: Parts) -> None:
    published(settings, parts)
    old = settings.latest / "narasi.parquet"
    read = pq.read_table(old)
    pq.write_table(read.append_column("halaman_lama", read.column("halaman")), old)
    documents = read_table(settings.latest, "dokumen")
    (stop,) = judge(settings.latest, documents, settings, {})
    assert (stop.gate, stop.seen) == (Gate.SCHEMA, "columns are gone or of another type: narasi.halaman_lama")
    pq.write_table(read.drop_columns(["halaman"]), old)
    assert judge(settings.latest, documents, settings, {}) == (), "a column that was not there before disturbs nobody"


def test_a_first_snapshot_passes(settings: Settings, tmp_path: Path) -> None:
    assert judge(None, to_arrow(table("dokumen"), []), settings, {}) == ()
