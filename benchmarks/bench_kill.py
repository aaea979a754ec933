"""Many runs killed at random moments: `latest` is whole and readable after each, no document is lost, no row is there twice.

    python -m benchmarks.bench_kill [--kills 200] [--documents 6]

Real `renja run` processes on small made plans; before each run one document is changed, so that there is always something to publish.
Ends with 1 at the first snapshot that is not whole.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import pyarrow.parquet as pq

from benchmarks.corpus import build, made
from pipeline.publish import broken_files
from pipeline.schemas import TABLES

ROOT = Path(__file__).resolve().parent.parent


def run_command(folder: Path) -> list[str]:
    return [sys.executable, "-m", "pipeline.cli", "run", str(folder / "raw"), "--clean", str(folder / "clean"), "--workers", "2"]


def start(folder: Path) -> subprocess.Popen[bytes]:
    environment = os.environ | {"RENJA_CACHE_DIR": str(folder / "cache"), "PYTHONPATH": str(ROOT)}
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    return subprocess.Popen(run_command(folder), env=environment, cwd=folder, **quiet)  # type: ignore[call-overload,no-any-return]


def fault(clean: Path, documents: int) -> str | None:
    """What is wrong with the published dataset, or None."""
    latest = clean / "latest"
    if not latest.exists():
        return None
    if broken := broken_files(latest):
        return f"{latest.resolve().name}: broken files {', '.join(broken)}"
    for spec in TABLES:
        keys = pq.read_table(latest / f"{spec.name}.parquet").column(spec.key[0]).to_pylist()
        if len(keys) != len(set(keys)):
            return f"{latest.resolve().name}: {spec.name} has rows twice"
    found = pq.read_table(latest / "dokumen.parquet").num_rows
    return None if found == documents else f"{latest.resolve().name}: {found} documents instead of {documents}"


def stage_of(folder: Path) -> str:
    """How far the run came that was just killed, as its log says."""
    try:
        last = (folder / "cache" / "logs" / "renja.jsonl").read_text(encoding="utf-8").splitlines()[-1]
    except (OSError, IndexError):
        return "before the first document"
    for event in ("run ended", "published", "document", "page", "run started"):
        if f'"event": "{event}"' in last:
            return {"document": "while publishing or reading", "published": "after publishing"}.get(event, event)
    return "elsewhere"


def bench(folder: Path, kills: int, documents: int, seed: int) -> int:
    chance = random.Random(seed)
    build(folder / "raw", documents)
    started = time.perf_counter()
    if start(folder).wait() != 0:
        raise SystemExit("the first run failed")
    whole = time.perf_counter() - started
    moments: Counter[str] = Counter()
    versions = set()
    for number in range(kills):
        (folder / "raw" / f"renja-{number % documents:04d}.pdf").write_bytes(made(number % documents, seed=number))
        process = start(folder)
        time.sleep(chance.uniform(0.2, 1.1 * whole))
        survived = process.poll() is not None
        process.send_signal(signal.SIGKILL)
        process.wait()
        moments["had ended" if survived else stage_of(folder)] += 1
        versions.add((folder / "clean" / "latest").resolve().name)
        wrong = fault(folder / "clean", documents)
        if wrong is not None:
            print(f"kill {number}: {wrong}")
            return 1
    if start(folder).wait() != 0:
        print("the run after the last kill failed")
        return 1
    if wrong := fault(folder / "clean", documents):
        print(f"after the last run: {wrong}")
        return 1
    left = [path.name for path in (folder / "clean" / "snapshots").glob(".*")]
    told = ", ".join(f"{count} {moment}" for moment, count in moments.most_common())
    print(f"{kills} kills ({told}), {len(versions)} snapshots seen: all whole; left behind after the last run: {left or 'nothing'}")
    return 1 if left else 0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--documents", type=int, default=6)
    parser.add_argument("--seed", type=int, default=2024)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="renja-kill-") as folder:
        raise SystemExit(bench(Path(folder), given.kills, given.documents, given.seed))


if __name__ == "__main__":
    main()
