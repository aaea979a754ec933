"""The Prefect flow runs the same stages as `renja run`, and only it knows Prefect."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from pipeline.run import Parts
from pipeline.settings import Settings
from tests.pipeline.fakes import fake_pdf


def test_a_run_never_imports_prefect() -> None:
    code = "import sys, pipeline.cli, pipeline.run; pipeline.run.real_parts(); sys.exit('prefect' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.slow
def test_the_flow_publishes_what_a_run_does(settings: Settings, parts: Parts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "PREFECT_HOME": str(tmp_path / "prefect"),
        "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "90",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
        "RENJA_CACHE_DIR": str(settings.cache_dir),
        "RENJA_RAW_DIR": str(settings.raw_dir),
    }.items():
        monkeypatch.setenv(name, value)
    assert os.environ["PREFECT_HOME"]
    from prefect.testing.utilities import prefect_test_harness

    import pipeline.run as run_module
    from pipeline.flows import ingest

    monkeypatch.setattr(run_module, "real_parts", lambda: parts)
    fake_pdf(settings.raw_dir / "a.pdf", pages=6)
    fake_pdf(settings.raw_dir / "b.pdf", bad=1)
    with prefect_test_harness(server_startup_timeout=90):
        result = ingest(clean=settings.clean_dir)
        again = ingest(clean=settings.clean_dir)
    assert sorted(summary.status for summary in result.documents) == ["karantina", "ok"]
    assert pq.read_table(settings.latest / "dokumen.parquet").num_rows == 2
    assert not again.changed
