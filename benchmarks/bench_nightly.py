"""A night over many documents: throughput with one and two workers, a run with nothing changed, one with one changed document.

    python -m benchmarks.bench_nightly [--documents 1000] [--folder FOLDER]

Builds a corpus of small plans (benchmarks/corpus.py) and runs `renja run` on it in processes of its own. Ends with 1 where a limit is
missed. Peak memory is of the largest process; it must not grow with the number of documents, so a tenth of the corpus is run beside it.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.corpus import build, made

ROOT = Path(__file__).resolve().parent.parent
LEAST_SPEED_UP = 1.7
MOST_SECONDS_UNCHANGED = 10.0
MOST_SECONDS_ONE_CHANGED = 15.0
MOST_MEMORY_GROWTH = 1.25  # from a tenth of the documents to all of them


@dataclass(frozen=True, slots=True)
class Measured:
    """One run: wall clock seconds, and what its manifest says."""

    seconds: float
    pages: int
    memory_mb: int
    stages: dict[str, float]


def measure(raw: Path, place: Path, workers: int) -> Measured:
    """Runs the command line on `raw`; everything that it writes stands below `place`."""
    environment = os.environ | {"RENJA_CACHE_DIR": str(place / "cache"), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "pipeline.cli", "run", str(raw), "--clean", str(place / "clean"), "--workers", str(workers)]
    started = time.perf_counter()
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, cwd=place)
    seconds = time.perf_counter() - started
    if done.returncode != 0:
        raise SystemExit(f"the run ended with {done.returncode}: {done.stderr[-2000:]}{done.stdout[-2000:]}")
    last = max((place / "clean" / "riwayat").glob("*.json"))
    manifest = json.loads(last.read_text(encoding="utf-8"))
    return Measured(seconds, _pages(place), manifest["puncak_memori_mb"], manifest["detik"])


def _pages(place: Path) -> int:
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    return int(pc.sum(pq.read_table(place / "clean" / "latest" / "dokumen.parquet").column("jumlah_halaman")).as_py())


def told(name: str, run: Measured) -> None:
    stages = ", ".join(f"{stage} {seconds:.1f} s" for stage, seconds in run.stages.items())
    print(f"{name:28} {run.seconds:7.1f} s  {run.memory_mb:5} MB  {stages}", flush=True)


def bench(folder: Path, documents: int) -> list[str]:
    """All measurements; the limits that were missed."""
    raw, tenth = folder / "raw", folder / "tenth"
    build(raw, documents)
    build(tenth, documents // 10)
    places = {name: folder / name for name in ("small", "one", "two")}
    for place in places.values():
        place.mkdir()
    small = measure(tenth, places["small"], 2)
    told(f"{documents // 10} documents, 2 workers", small)
    one = measure(raw, places["one"], 1)
    told(f"{documents} documents, 1 worker", one)
    two = measure(raw, places["two"], 2)
    told(f"{documents} documents, 2 workers", two)
    unchanged = measure(raw, places["two"], 2)
    told("nothing changed", unchanged)
    (raw / f"renja-{documents // 2:04d}.pdf").write_bytes(made(documents // 2, seed=1))
    changed = measure(raw, places["two"], 2)
    told("one document changed", changed)
    speed_up = one.stages["process"] / two.stages["process"]
    print(f"pages a second: {one.pages / one.stages['process']:.1f} with one worker, {two.pages / two.stages['process']:.1f} with two")
    print(f"speed-up of reading {speed_up:.2f}, of the whole run {one.seconds / two.seconds:.2f}")
    print(f"memory x{two.memory_mb / small.memory_mb:.2f} for ten times the documents")
    limits = {
        f"speed-up {speed_up:.2f} is below {LEAST_SPEED_UP}": speed_up >= LEAST_SPEED_UP,
        f"nothing changed took {unchanged.seconds:.1f} s": unchanged.seconds < MOST_SECONDS_UNCHANGED,
        f"one changed document took {changed.seconds:.1f} s": changed.seconds < MOST_SECONDS_ONE_CHANGED,
        f"memory grew to {two.memory_mb} MB from {small.memory_mb} MB": two.memory_mb <= MOST_MEMORY_GROWTH * small.memory_mb,
    }
    return [text for text, kept in limits.items() if not kept]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=1000)
    parser.add_argument("--folder", type=Path, help="an empty folder for the corpus and the results (default: a temporary one)")
    given = parser.parse_args()
    folder = given.folder or Path(tempfile.mkdtemp(prefix="renja-bench-"))
    folder.mkdir(parents=True, exist_ok=True)
    try:
        missed = bench(folder, given.documents)
    finally:
        if given.folder is None:
            shutil.rmtree(folder, ignore_errors=True)
    for text in missed:
        print(f"missed: {text}")
    raise SystemExit(1 if missed else 0)


if __name__ == "__main__":
    main()
