"""The Dask engine: a real scheduler with worker processes, one of which dies in the middle; every document is published."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from pipeline.engine import DaskPool, EngineError
from pipeline.results import DocumentResult
from pipeline.run import Listener, Parts, run
from pipeline.settings import Settings
from tests.pipeline.fakes import done, fake_pdf


def test_an_address_where_nobody_answers_is_told_in_one_line(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("distributed")
    monkeypatch.setattr("pipeline.engine._CONNECT_SECONDS", 1)
    with pytest.raises(EngineError, match=r"no Dask scheduler answers at tcp://127\.0\.0\.1:9"):
        DaskPool(settings.model_copy(update={"engine_address": "tcp://127.0.0.1:9"}), lambda job, number: None)


def test_without_an_address_there_is_no_engine(settings: Settings) -> None:
    pytest.importorskip("distributed")
    with pytest.raises(EngineError, match="needs the address"):
        DaskPool(settings, lambda job, number: None)


@contextmanager
def cluster(workers: int) -> Iterator[tuple[str, list[subprocess.Popen[str]]]]:
    """A scheduler and its workers as processes of their own, and the scheduler's address."""
    command = [sys.executable, "-m", "distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard"]
    scheduler = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert scheduler.stdout is not None
    started = ""
    for line in scheduler.stdout:
        started += line
        found = re.search(r"Scheduler at:\s+(tcp://\S+)", line)
        if found:
            break
    else:
        raise AssertionError(started)
    threading.Thread(target=scheduler.stdout.read, daemon=True).start()
    worker = [sys.executable, "-m", "distributed.cli.dask_worker", found[1], "--nthreads", "1", "--no-dashboard", "--no-nanny"]
    processes = [subprocess.Popen(worker, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, text=True) for _ in range(workers)]
    try:
        yield found[1], processes
    finally:
        for process in (*processes, scheduler):
            process.kill()
            process.wait()


class _Killer(Listener):
    """Kills one worker process of the cluster when the second document is done."""

    def __init__(self, victim: subprocess.Popen[str]) -> None:
        self._victim, self._seen = victim, 0

    def done(self, result: DocumentResult) -> None:
        self._seen += 1
        if self._seen == 2:
            os.kill(self._victim.pid, signal.SIGKILL)


@pytest.mark.slow
def test_a_dask_worker_that_dies_costs_no_document(settings: Settings, parts: Parts, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("distributed")
    monkeypatch.setenv("PYTHONPATH", str(root))
    for number in range(12):
        fake_pdf(settings.raw_dir / f"{number:02}.pdf", pages=6, wait=0.05, agency=f"Dinas {number}")
    fake_pdf(settings.raw_dir / "bad.pdf", pages=3, die=2)
    with cluster(3) as (address, workers):
        chosen = settings.model_copy(update={"engine": "dask", "engine_address": address, "workers": 4})
        result = run([], chosen, parts=replace(parts, pool=DaskPool), listener=_Killer(workers[1]))
        assert workers[1].poll() is not None and workers[0].poll() is None
    statuses = pq.read_table(settings.latest / "dokumen.parquet").column("status").to_pylist()
    assert sorted(statuses) == ["ok"] * 12 + ["sebagian"]
    assert result.published.new
    assert any(line.startswith("read 00.pdf") for line in done(settings))
    started = time.process_time()
    assert not run([], settings, parts=parts).changed, "the local engine finds the work of the cluster done"
    assert time.process_time() - started < 2
