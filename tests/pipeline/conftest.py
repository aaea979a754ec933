"""Settings and parts for runs over fake documents."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.run import Parts
from pipeline.settings import Settings
from pipeline.workers import WorkerPool
from tests.pipeline import fakes


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(
        raw_dir=tmp_path / "data" / "raw",
        clean_dir=tmp_path / "data" / "clean",
        cache_dir=tmp_path / "cache",
        overrides_dir=tmp_path / "data" / "overrides",
        nomenklatur_dir=tmp_path / "data" / "nomenklatur",
        workers=2,
        chunk_pages=4,
    )


@pytest.fixture
def parts() -> Parts:
    """Fake stages, run in this process."""
    return Parts(fakes.fingerprints, jobs="tests.pipeline.fakes", pool=fakes.InlinePool)


@pytest.fixture
def parts_in_workers(parts: Parts) -> Parts:
    """Fake stages, run in real worker processes."""
    return replace(parts, pool=WorkerPool)
