"""Kill -9 at any moment leaves `latest` whole, and the next run ends with every document."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from pipeline.publish import broken_files
from pipeline.run import Parts, run
from pipeline.schemas import TABLES
from pipeline.settings import Settings
from tests.pipeline.fakes import fake_pdf

_CODE = """
import pipeline.run as r, sys
from tests.pipeline import fakes
parts = r.Parts(fakes.fingerprints, jobs='tests.pipeline.fakes')
r.real_parts = lambda: parts
from pipeline.cli import main
sys.argv = ['renja', 'run', {raw!r}, '--clean', {clean!r}]
main()
"""


@pytest.mark.slow
def test_kills_at_many_moments_never_leave_a_broken_snapshot(settings: Settings, parts_in_workers: Parts) -> None:
    chance = random.Random(2024)
    code = _CODE.format(raw=str(settings.raw_dir), clean=str(settings.clean_dir))
    environment = os.environ | {"RENJA_CACHE_DIR": str(settings.cache_dir)}
    for attempt in range(20):
        for number in range(4):
            fake_pdf(settings.raw_dir / f"{number}.pdf", pages=6, pagu=1000 + attempt)
        process = subprocess.Popen([sys.executable, "-c", code], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(chance.uniform(0.3, 3.0))
        process.send_signal(signal.SIGKILL)
        process.wait()
        if settings.latest.exists():
            assert_whole(settings.latest)
    run([], settings, parts=parts_in_workers)
    assert_whole(settings.latest)
    assert pq.read_table(settings.latest / "dokumen.parquet").num_rows == 4
    assert not list((settings.clean_dir / "snapshots").glob(".*"))


def assert_whole(latest: Path) -> None:
    assert broken_files(latest) == ()
    for spec in TABLES:
        ids = pq.read_table(latest / f"{spec.name}.parquet").column(spec.key[0]).to_pylist()
        assert len(ids) == len(set(ids)), spec.name
