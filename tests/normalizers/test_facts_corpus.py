"""Document facts on typeset documents whose truth is known."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from extractors.reading import read_pages
from normalizers.agencies import normalise
from normalizers.facts import document_facts
from normalizers.numbers import column_style, read_money

FIRST_PAGES = (1, 2, 3)


@pytest.mark.slow
@pytest.mark.shared
@pytest.mark.parametrize("corpus", ["synthetic", "facsimile"])
def test_kind_year_region_and_agency_are_those_of_the_truth(shared: Path, corpus: str) -> None:
    wrong = []
    for path in sorted((shared / "corpus" / corpus).rglob("*.truth.json")):
        truth = json.loads(path.read_text(encoding="utf-8"))
        if truth["style"].startswith("scan"):
            continue  # OCR has its own tests
        pdf = path.with_name(path.name.replace(".truth.json", ".pdf"))
        facts = document_facts(read_pages(pdf, FIRST_PAGES))
        found = (facts.kind, facts.year, facts.region_name, facts.agency)
        expected = (truth["jenis"], truth["tahun"], truth["wilayah"], normalise(truth["opd"]))
        wrong += [(pdf.name, found, expected)] if found != expected else []
    assert wrong == []


@pytest.mark.shared
def test_printed_amounts_of_the_truth_are_read_as_they_stand(shared: Path) -> None:
    checked = 0
    for path in sorted((shared / "corpus" / "synthetic").glob("*.truth.json"))[:12]:
        truth = json.loads(path.read_text(encoding="utf-8"))
        scale = truth["variant"].get("satuan_rupiah", 1)
        for table in truth["tables"]:
            for column in {name for row in table["rows"] for name in row.get("amounts") or {}}:
                at = table["cols"].index(column)
                rows = [row for row in table["rows"] if column in (row.get("amounts") or {})]
                style = column_style(row["cells"][at] or "" for row in table["rows"])
                for row in rows:
                    reading = read_money(row["cells"][at] or "", style, scale)
                    assert reading.rupiah in (None, row["amounts"][column]), (path.name, column, row["cells"][at])
                    checked += reading.rupiah is not None
    assert checked > 100
