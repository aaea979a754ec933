"""How long a page of `renja browse` takes on a dataset of many documents.

    python benchmarks/bench_browse.py --documents 1000

Multiplies the published dataset (`data/clean/latest`, made by `renja run`) into a scratch folder, each copy with ids of its own, and asks
for every kind of page. Printed: milliseconds, median and worst of the repetitions; page pictures are measured on the original documents.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import duckdb
from fastapi.testclient import TestClient

from pipeline.browse.app import create_app
from pipeline.dataset import connect
from pipeline.inputs import find_sources
from pipeline.schemas import TABLES

LIMIT_MS = 200


def multiply(snapshot: Path, out: Path, documents: int) -> None:
    """Write every table of `snapshot` so many times that there are `documents` of them; ids get a number in front."""
    with connect(snapshot) as connection:
        (have,) = connection.execute("select count(*) from dokumen").fetchone() or (0,)
        copies = -(-documents // have)
        for spec in TABLES:
            ids = [column.name for column in spec.columns if column.name in spec.key or column.refers_to]
            changed = ", ".join(f"case when i = 0 then {name} else lpad(i::text, 4, '0') || {name}[5:] end as {name}" for name in ids)
            connection.execute(
                f"copy (select * exclude (i) replace ({changed}) from {spec.name}, range({copies}) as r(i) order by i) "
                f"to '{out}/{spec.name}.parquet' (format parquet)"
            )


def timed(ask: Callable[[], object], repetitions: int) -> list[float]:
    spent = []
    for _ in range(repetitions):
        start = time.perf_counter()
        ask()
        spent.append(1000 * (time.perf_counter() - start))
    return sorted(spent)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=1000)
    parser.add_argument("--snapshot", type=Path, default=Path("data/clean/latest"))
    parser.add_argument("--pdfs", type=Path, default=Path("data/raw"))
    parser.add_argument("--repetitions", type=int, default=20)
    options = parser.parse_args()
    originals = {source.id: source.path for source in find_sources([options.pdfs])}
    with tempfile.TemporaryDirectory() as folder:
        multiply(options.snapshot, Path(folder), options.documents)
        start = time.perf_counter()
        client = TestClient(create_app(Path(folder), originals), base_url="http://localhost")
        print(f"opened {options.documents} documents in {time.perf_counter() - start:.1f} s")
        with duckdb.connect() as connection:
            document, page = connection.execute(
                "select dokumen_id, halaman "
                f"from '{folder}/baris.parquet' where dokumen_id = ? group by all order by count(*) desc limit 1",
                [next(iter(originals))],
            ).fetchone() or ("", 1)
            (finding,) = connection.execute(f"select temuan_id from '{folder}/temuan.parquet' limit 1").fetchone() or ("",)
        pages = {
            "first page": "/",
            "search, one word": "/?q=penyediaan",
            "search, three words": "/?q=penyediaan+jasa+surat&tahun=2024",
            "search without a hit": "/?q=antariksa",
            "one code over all regencies": "/banding/2.17.01",
            "a document, its fullest page": f"/dokumen/{document}?halaman={page}",
            "a finding": f"/temuan/{finding}",
            "a page's picture, known": f"/gambar/{document}/{page}.png",
        }
        slowest = 0.0
        for name, address in pages.items():
            spent = timed(lambda address=address: client.get(address).raise_for_status(), options.repetitions)  # type: ignore[misc]
            slowest = max(slowest, statistics.median(spent))
            print(f"{name:30} {statistics.median(spent):7.1f} ms   worst {spent[-1]:7.1f} ms")
        print(f"slowest median {slowest:.1f} ms, the aim is under {LIMIT_MS} ms")


if __name__ == "__main__":
    main()
