"""How often tables and cells of a given confidence are right: what `RawTable.confidence` and `tabel.keyakinan` are worth.

    python benchmarks/bench_confidence.py [--scans] [FOLDER ...]

Reads every document with a `NAME.truth.json` beside it in the folders (by default those of `../shared/corpus`: facsimile, synthetic, and
what there is of real truth); `--scans` takes documents that need OCR as well, at some seconds a page. A cell is right if its text stands
in the truth of the document, whole or as the part that a page break left; a table, if 98 of 100 of its cells with text are.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

from extractors import read_pages
from extractors.types import RawTable, TextKind

ROOT = Path(__file__).resolve().parent.parent
BINS = (0.0, 0.5, 0.7, 0.8, 0.85, 0.9, 0.95, 0.99, 1.0)
_SHARE = 0.98
_NUMBER = re.compile(r"^\(?\d{1,2}\)?([=].*)?$")


def squash(text: object) -> str:
    return re.sub(r"[\s.,]+", "", str(text or "")).replace("–", "-").replace("—", "-").replace("\u00ad", "").lower()


class Truth:
    """All cell texts of a document, and the pages that they cover."""

    def __init__(self, path: Path) -> None:
        told = json.loads(path.read_text("utf-8"))
        self.pdf = path.parent / Path(told.get("pdf") or path.name.replace(".truth.json", ".pdf")).name
        self.pages = range(told["pages"][0], told["pages"][1] + 1) if isinstance(told.get("pages"), list) else None
        tables = told["tables"]
        self.cells = {squash(cell) for table in tables for row in table["rows"] for cell in row["cells"] if cell}
        self.all = "\n".join(self.cells)
        self.titles = {squash(title[0]) for table in tables for row in table.get("header") or () for title in row}
        self.amounts = {cell for cell in self.cells if len(re.sub(r"\D", "", cell)) >= 7}

    def knows(self, table: RawTable) -> bool:
        """Whether the table is one that the truth speaks of."""
        texts = {squash(cell.text) for cell in table.cells if len(cell.text) > 3}
        return 3 * len(texts & self.cells) >= len(texts) or bool(texts & self.amounts)

    def right(self, text: str) -> bool:
        key = squash(text)
        return key in self.cells or key in self.titles or bool(_NUMBER.match(key)) or (len(key) > 3 and key in self.all)


def header_rows(table: RawTable, truth: Truth) -> int:
    """Rows before the first one of which a longer text stands in the truth: headers are not told by every truth."""
    for row in range(table.n_rows):
        if any(squash(cell.text) in truth.cells for cell in table.cells if cell.row == row and len(cell.text) > 4):
            return row
    return table.n_rows


def judged(truth: Truth, scans: bool) -> Iterator[tuple[str, float, int, int, list[tuple[float, bool]]]]:
    """Of each table: its way, its confidence, its right cells, its cells with text, and these by their own confidence."""
    for page in read_pages(truth.pdf, truth.pages):
        if page.text_kind in (TextKind.SCAN, TextKind.MIXED) and not scans:
            return
        for table in page.tables:
            if not truth.knows(table):
                continue
            start = header_rows(table, truth)
            cells = [
                (min(cell.confidence, table.confidence), truth.right(cell.text)) for cell in table.cells if cell.text and cell.row >= start
            ]
            if cells:
                yield table.method, table.confidence, sum(good for _, good in cells), len(cells), cells


def bin_of(confidence: float) -> int:
    return max(at for at, low in enumerate(BINS) if confidence >= low)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folders", nargs="*", type=Path)
    parser.add_argument("--scans", action="store_true", help="documents that need OCR as well")
    arguments = parser.parse_args()
    corpus = ROOT.parent / "shared" / "corpus"
    folders = arguments.folders or [corpus / name for name in ("facsimile", "synthetic", "real")]
    truths = [Truth(path) for folder in folders for path in sorted(folder.rglob("*.truth.json"))]
    truths = [truth for truth in truths if truth.pdf.exists() and (arguments.scans or "scan" not in truth.pdf.parent.name)]
    if not truths:
        print("no documents with truth to measure", file=sys.stderr)
        return 2
    tables: dict[tuple[str, int], list[bool]] = defaultdict(list)
    cells: dict[int, Counter[bool]] = defaultdict(Counter)
    for truth in truths:
        for method, confidence, good, total, single in judged(truth, arguments.scans):
            for name in (method, "all"):
                tables[name, bin_of(confidence)].append(good >= _SHARE * total)
            for own, right in single:
                cells[bin_of(own)][right] += 1
    print(f"{'tables':22s} " + " ".join(f"{f'>={low}':>11s}" for low in BINS))
    for name in sorted({name for name, _ in tables}, key=lambda each: (each == "all", each)):
        print(f"{name:22s} " + " ".join(shown(tables[name, at].count(True), len(tables[name, at])) for at in range(len(BINS))))
    print(f"{'cells':22s} " + " ".join(shown(cells[at][True], cells[at].total()) for at in range(len(BINS))))
    return 0


def shown(good: int, total: int) -> str:
    return f"{good / total:6.3f}/{total:<4d}" if total else f"{'-':>11s}"


if __name__ == "__main__":
    raise SystemExit(main())
