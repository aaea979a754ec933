"""Speed and exactness of the extraction engine beside pdfplumber and camelot, on the same pages in one run.

    python benchmarks/bench_extract.py [--pages 12] [--camelot-pages 4] FILE.pdf ...

Without files it takes the ruled born-digital documents of `../shared/corpus` (facsimile styles chromium and writer) or, where that is
absent, of `data/raw`. A truth file `NAME.truth.json` beside a document adds the share of its cells that each way finds.
Times are of the processor, without what else the machine does; they vary between runs, and the ratios are what counts.
Peak memory is of the fast way, measured in a process of its own.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import re
import resource
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path

from extractors import probe, read_pages
from extractors.second_opinion import camelot_tables, pdfplumber_tables
from extractors.types import RawTable

ROOT = Path(__file__).resolve().parent.parent
Reader = Callable[[Path, list[int]], Iterable[RawTable]]


def fast_tables(path: Path, pages: list[int]) -> Iterable[RawTable]:
    for content in read_pages(path, pages):
        yield from content.tables


def plumber_extract(path: Path, pages: list[int]) -> Iterable[RawTable]:
    return pdfplumber_tables(path, pages)


def camelot_vector(path: Path, pages: list[int]) -> Iterable[RawTable]:
    return camelot_tables(path, pages)


def camelot_lattice(path: Path, pages: list[int]) -> Iterable[RawTable]:
    """camelot's own settings, whose tables are not looked at: they glue neighbouring cells."""
    import camelot

    camelot.read_pdf(str(path), pages=",".join(map(str, pages)), flavor="lattice", suppress_stdout=True)
    return ()


def squash(text: object) -> str:
    return re.sub(r"\s+", "", str(text or "")).replace("–", "-").replace("—", "-").replace("\u00ad", "")


def bag(tables: Iterable[RawTable]) -> Counter[str]:
    return Counter(squash(cell.text) for table in tables for cell in table.cells if cell.text)


def truth_bag(path: Path) -> Counter[str]:
    truth = path.with_suffix("").with_suffix(".truth.json") if path.name.endswith(".pdf") else path
    if not truth.exists():
        return Counter()
    tables = json.loads(truth.read_text("utf-8"))["tables"]
    return Counter(squash(cell) for table in tables for row in table["rows"] for cell in row["cells"] if squash(cell))


def timed(reader: Reader, path: Path, pages: list[int]) -> tuple[float, Counter[str]]:
    start = time.process_time()
    found = bag(reader(path, pages))
    return (time.process_time() - start) / max(len(pages), 1), found


def share(found: Counter[str], wanted: Counter[str]) -> str:
    return f"{sum((found & wanted).values()) / sum(wanted.values()):.4f}" if wanted else "-"


def peak_megabytes(path: Path) -> float:
    """Peak memory of reading a whole document in a fresh process."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_read_all, (str(path),))


def _read_all(path: str) -> float:
    for _ in read_pages(path):
        pass
    status = Path("/proc/self/status")  # where it exists: getrusage of a new process begins with its parent's peak
    if status.exists():
        return int(re.search(r"VmHWM:\s+(\d+)", status.read_text())[1]) / 1024  # type: ignore[index]
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def ruled_pages(path: Path) -> tuple[list[int], list[int]]:
    """Pages with and without a table."""
    with_table, without = [], []
    for content in read_pages(path):
        (with_table if content.tables else without).append(content.number)
    return with_table, without


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--pages", type=int, default=12, help="ruled pages of each file that are timed")
    parser.add_argument("--camelot-pages", type=int, default=4, help="of these, pages that camelot reads")
    arguments = parser.parse_args()
    files = arguments.files or default_files()
    if not files:
        print("no documents to measure", file=sys.stderr)
        return 2
    ratios: dict[str, list[float]] = {name: [] for name in ("pdfplumber", "camelot lattice", "camelot vector")}
    plain: list[float] = []
    print(f"{'document':44s} {'way':15s} {'pages':>5s} {'ms/page':>8s} {'ratio':>6s} {'agrees with fast':>16s}")
    for path in files:
        with_table, without = ruled_pages(path)
        chosen = spread(with_table, arguments.pages)
        few = spread(chosen, arguments.camelot_pages)
        for _ in fast_tables(path, chosen[:1]):  # warm up
            pass
        per_page, found = timed(fast_tables, path, chosen)
        print(f"{path.name[:44]:44s} {'fast':15s} {len(chosen):5d} {per_page * 1000:8.1f}")
        others: list[tuple[str, Reader, list[int]]] = [
            ("pdfplumber", plumber_extract, chosen),
            ("camelot lattice", camelot_lattice, few),
            ("camelot vector", camelot_vector, few),
        ]
        for name, reader, pages in others:
            ours = per_page if pages == chosen else timed(fast_tables, path, pages)[0]
            theirs = bag(fast_tables(path, pages)) if pages != chosen else found
            slow, other = timed(reader, path, pages)
            ratios[name].append(slow / ours)
            print(
                f"{'':44s} {name:15s} {len(pages):5d} {slow * 1000:8.1f} {slow / ours:6.1f} {share(other, theirs) if other else '-':>16s}"
            )
        if without:
            plain += [timed(fast_tables, path, [number])[0] for number in without]
        wanted = truth_bag(path)
        if wanted:
            everything = list(range(1, probe(path).page_count + 1))
            line = f"cells of the truth found: fast {share(bag(fast_tables(path, everything)), wanted)}"
            print(f"{'':44s} {line}, pdfplumber {share(bag(plumber_extract(path, with_table)), wanted)}")
    print()
    for name, values in ratios.items():
        print(f"times as fast as {name}: median {statistics.median(values):.1f}, least {min(values):.1f}")
    if plain:
        print(f"pages without a table: median {statistics.median(plain) * 1000:.1f} ms, most {max(plain) * 1000:.1f} ms")
    print(f"peak memory of one worker: {max(peak_megabytes(path) for path in files):.0f} MB")
    return 0


def spread(pages: list[int], most: int) -> list[int]:
    """At most `most` pages, evenly over the document."""
    step = max(1, -(-len(pages) // most))
    return pages[::step]


def default_files() -> list[Path]:
    corpus = ROOT.parent / "shared" / "corpus" / "facsimile"
    found = [path for style in ("chromium", "writer") for path in sorted((corpus / style).glob("*.pdf"))]
    return found or sorted((ROOT / "data" / "raw").glob("*.pdf"))


if __name__ == "__main__":
    raise SystemExit(main())
