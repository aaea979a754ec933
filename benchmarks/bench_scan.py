"""Scanned pages: how many figures are read right, how many wrong ones pass as sure, and how long a page takes.

    python benchmarks/bench_scan.py [--pages 4] [--threads 0] [--variants plain,turned,skewed,coarse,stark,noisy] FILE.pdf ...

Each FILE has its `FILE.truth.json` beside it; without files the scanned documents of `../shared/corpus` are taken. A figure is an amount
with separators; it counts by its digits. "right" is the share of the figures of a page's plain reading which the truth holds that the
variant finds too, "doubted" the share that it finds without trusting, and "wrong" counts figures which are trusted and stand neither in
the truth nor in the plain reading. The image is damaged on purpose: turned by a quarter, skewed by 2 degrees, reduced to 120 dpi, made
black and white at 150 dpi, or saved as a poor JPEG with noise. Times are of the processor: two free cores take little over half.
"""

from __future__ import annotations

import argparse
import json
import re
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pypdfium2

from extractors.scan import ScanSettings, read_scan_page
from extractors.types import Page

ROOT = Path(__file__).resolve().parent.parent
DPI = 200
TRUSTED = 0.5
FIGURE = re.compile(r"^\(?(?:Rp\.?)?-?\d{1,3}(?:[.,]\d{3})+(?:[.,]\d{1,2})?\)?[.,-]*$", re.IGNORECASE)
Image = np.ndarray[Any, np.dtype[np.uint8]]


def turned(image: Image) -> Image:
    return np.ascontiguousarray(np.rot90(image))


def skewed(image: Image) -> Image:
    height, width = image.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), 2.0, 1.0)
    return np.asarray(cv2.warpAffine(image, turn, (width, height), borderValue=(235, 235, 235)))


def coarse(image: Image) -> Image:
    return np.asarray(cv2.resize(image, None, fx=120 / DPI, fy=120 / DPI, interpolation=cv2.INTER_AREA))


def stark(image: Image) -> Image:
    small = cv2.resize(image, None, fx=150 / DPI, fy=150 / DPI, interpolation=cv2.INTER_AREA)
    return np.where(cv2.cvtColor(small, cv2.COLOR_RGB2GRAY) < 150, 0, 255).astype(np.uint8)


def noisy(image: Image) -> Image:
    rough = image + np.random.default_rng(0).normal(0, 18, image.shape)
    return np.asarray(
        cv2.imdecode(cv2.imencode(".jpg", rough.clip(0, 255).astype(np.uint8), [cv2.IMWRITE_JPEG_QUALITY, 25])[1], cv2.IMREAD_COLOR)
    )


VARIANTS: dict[str, Callable[[Image], Image]] = {
    "plain": lambda image: image,
    "turned": turned,
    "skewed": skewed,
    "coarse": coarse,
    "stark": stark,
    "noisy": noisy,
}


def digits(text: str) -> str:
    return "".join(c for c in text if c.isdigit())


def figures(page: Page) -> tuple[Counter[str], Counter[str]]:
    """The digits of the page's figures: those trusted, those doubted."""
    found = [(digits(w.text), w.confidence) for w in page.words if FIGURE.match(w.text)]
    return Counter(d for d, c in found if c >= TRUSTED), Counter(d for d, c in found if c < TRUSTED)


def true_digits(path: Path) -> set[str]:
    """The digits of every run of a truth file's cells."""
    tables = json.loads(path.with_suffix(".truth.json").read_text(encoding="utf-8"))["tables"]
    return {digits(word) for t in tables for row in t["rows"] for cell in row["cells"] for word in (cell or "").split()}


def render(document: pypdfium2.PdfDocument, index: int) -> tuple[Image, float, float]:
    page = document[index]
    return np.ascontiguousarray(page.render(scale=DPI / 72, rev_byteorder=True).to_numpy()[:, :, :3]), *page.get_size()


def default_files() -> list[Path]:
    corpus = ROOT.parent / "shared" / "corpus"
    scans = sorted((corpus / "facsimile" / "scan200").glob("*.pdf"))
    for truth in sorted((corpus / "synthetic").glob("*.truth.json")):
        if json.loads(truth.read_text(encoding="utf-8"))["style"].startswith("scan"):
            scans.append(truth.with_name(truth.name.replace(".truth.json", ".pdf")))
    return scans


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--pages", type=int, default=4, help="pages of each document")
    parser.add_argument("--threads", type=int, default=0)
    parser.add_argument("--variants", default=",".join(VARIANTS))
    options = parser.parse_args()
    files = options.files or default_files()
    if not files:
        print("no scanned documents with truth files are here")
        return 1
    settings = ScanSettings(ocr_threads=options.threads)
    totals: dict[str, Counter[str]] = {name: Counter() for name in options.variants.split(",")}
    seconds: dict[str, list[float]] = {name: [] for name in totals}
    for path in files:
        measure(path, options.pages, settings, totals, seconds)
    print(f"{'variant':10s} {'pages':>5s} {'figures':>8s} {'right':>7s} {'doubted':>8s} {'wrong':>6s} {'cpu s':>7s} {'most':>6s}")
    for name, total in totals.items():
        count = max(1, total["figures"])
        times = seconds[name]
        shares = f"{total['right'] / count:7.4f} {total['doubted'] / count:8.4f} {total['wrong']:6d}"
        print(f"{name:10s} {len(times):5d} {total['figures']:8d} {shares} {statistics.mean(times):7.2f} {max(times):6.2f}")
    return 0


def measure(path: Path, pages: int, settings: ScanSettings, totals: dict[str, Counter[str]], seconds: dict[str, list[float]]) -> None:
    """Read pages spread over one document in every variant, and add up what was found."""
    truth = true_digits(path)
    document = pypdfium2.PdfDocument(path)
    for index in range(len(document) // (2 * pages), len(document), max(1, len(document) // pages)):
        image, width, height = render(document, index)
        trusted, doubted = figures(read_scan_page(image, index + 1, width, height, settings=settings))
        reference = Counter({d: n for d, n in (trusted + doubted).items() if d in truth})
        for name, total in totals.items():
            sides = (height, width) if name == "turned" else (width, height)
            damaged = VARIANTS[name](image)
            began = time.process_time()
            sure, unsure = figures(read_scan_page(damaged, index + 1, *sides, settings=settings))
            seconds[name].append(time.process_time() - began)
            wrong = [d for d in sure.elements() if d not in truth and d not in trusted]
            total["figures"] += reference.total()
            total["right"] += (reference & sure).total()
            total["doubted"] += (reference & unsure).total()
            total["wrong"] += len(wrong)
            if wrong:
                print(f"{path.name} page {index + 1}, {name}: trusted but not in the truth: {', '.join(wrong[:8])}", file=sys.stderr)


if __name__ == "__main__":
    raise SystemExit(main())
