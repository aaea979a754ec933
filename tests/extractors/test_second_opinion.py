"""What another extractor's reading adds."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from extractors import read_pages
from extractors.second_opinion import agree, camelot_tables, checked, pdfplumber_tables
from extractors.settings import Settings
from tests.extractors.pdf_maker import cells, document, lattice

XS, YS = [50, 150, 300], [600, 580, 560]
PAGE = lattice(XS, YS) + cells(XS, YS, [["Kode", "Pagu"], ["1.01", "1.234.567"]])


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "dokumen.pdf"
    file.write_bytes(document(PAGE))
    return file


def test_pdfplumber_agrees(path: Path) -> None:
    (ours,), (theirs,) = next(read_pages(path)).tables, list(pdfplumber_tables(path, [1]))
    compared, share = agree(ours, theirs)
    assert share == 1.0
    assert compared == ours
    assert theirs.bbox == pytest.approx(ours.bbox, abs=2)


@pytest.mark.slow
def test_camelot_agrees(path: Path) -> None:
    (ours,), (theirs,) = next(read_pages(path)).tables, list(camelot_tables(path, [1]))
    assert agree(ours, theirs)[1] == 1.0


def test_a_difference_is_written_beside_the_cell(path: Path) -> None:
    (ours,) = next(read_pages(path)).tables
    other = replace(ours, cells=tuple(replace(c, lines=("1.234.561",)) if c.text == "1.234.567" else c for c in ours.cells))
    compared, share = agree(ours, other)
    assert [(c.text, c.conflict) for c in compared.cells if c.conflict is not None] == [("1.234.567", "1.234.561")]
    assert share == 0.75


def test_only_doubtful_tables_are_asked_about(path: Path) -> None:
    content = next(read_pages(path))
    assert checked(path, content, Settings()) is content
    doubtful = replace(content, tables=tuple(replace(t, confidence=0.3) for t in content.tables))
    (table,) = checked(path, doubtful, Settings()).tables
    assert table.confidence == 0.9
    assert "pdfplumber" in table.reason
