"""Cells of re-typeset public documents beside their truth."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path

import pytest

from extractors import read_pages


def squash(text: object) -> str:
    return re.sub(r"\s+", "", str(text or "")).replace("–", "-").replace("—", "-")


@pytest.mark.shared
@pytest.mark.parametrize("style", ["chromium", "writer", "rotated"])
def test_every_cell_is_found(shared: Path, style: str) -> None:
    path = shared / "corpus" / "facsimile" / style / "sibolga-lkip-2024.pdf"
    truth = json.loads(path.with_suffix(".truth.json").read_text("utf-8"))
    wanted = Counter(squash(cell) for table in truth["tables"] for row in table["rows"] for cell in row["cells"] if squash(cell))
    contents = list(read_pages(path))
    found = Counter(squash(cell.text) for content in contents for table in content.tables for cell in table.cells)
    assert wanted - found == Counter()
    assert all(not content.problems for content in contents)
