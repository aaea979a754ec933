"""Settings of a run: where things are, how much a worker may use. Read from `RENJA_*` variables; the command line has the last word."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Literal

import platformdirs
from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


def available_cores() -> int:
    """Cores that this process may use (its CPU affinity, where the system tells)."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class Settings(BaseSettings):
    """One run's settings; frozen, so that what a key was made of cannot change under it. Sizes in MB, times in seconds."""

    model_config = SettingsConfigDict(env_prefix="RENJA_", frozen=True, extra="forbid")

    raw_dir: Path = Field(Path("data/raw"), description="folder that is read when no paths are given")
    clean_dir: Path = Field(Path("data/clean"), description="where datasets are published")
    cache_dir: Path = Field(Path(".renja"), description="content-addressed store and logs; may be deleted at any time")
    overrides_dir: Path = Field(Path("data/overrides"), description="reviewed corrections")
    nomenklatur_dir: Path = Field(
        default_factory=lambda: platformdirs.user_data_path("renja") / "nomenklatur",
        description="imported nomenklatur editions; by default in the user's data folder",
    )
    quarantine: Path | None = Field(None, description="reasons of documents that failed; by default beside or in clean_dir")

    workers: int = Field(default_factory=available_cores, ge=1, description="worker processes; all cores by default")
    memory_mb: int = Field(3072, ge=256, description="address space of one worker")
    recycle_mb: int = Field(1024, ge=64, description="a worker that has grown beyond this is replaced after its task")
    seconds_per_page: float = Field(
        300.0, gt=0, description="wall clock for one page (a poor scan needs a minute); its process group is killed after that"
    )
    seconds_per_document: float = Field(600.0, gt=0, description="wall clock for opening, or for normalising, one document")
    chunk_pages: int = Field(25, ge=1, description="pages that one task reads")
    max_failed_pages: int = Field(20, ge=0, description="a document with more bad pages than this goes to quarantine")

    keep_snapshots: int = Field(10, ge=1, description="published snapshots that are kept")
    partitioned: bool = Field(False, description="publish each table in folders by year and region instead of one file")
    gate_coverage_points: float = Field(2.0, ge=0, le=100, description="percentage points that the checked amounts may fall")
    gate_quarantined: int = Field(5, ge=0, description="documents that may be newly in quarantine")
    gate_fewer_documents: int = Field(0, ge=0, description="documents that may be missing beside the last snapshot")

    engine: Literal["local", "dask"] = Field("local", description="where jobs run: processes of this machine, or a Dask cluster")
    engine_address: str | None = Field(None, description="address of the Dask scheduler, e.g. tcp://10.0.0.5:8786")
    notify_blocks: tuple[str, ...] = Field((), description="Prefect notification blocks (type/name) that are told of new errors")

    @property
    def quarantine_dir(self) -> Path:
        """`data/quarantine` beside `data/clean`; inside the folder where that is called otherwise."""
        if self.quarantine is not None:
            return self.quarantine
        return self.clean_dir.parent / "quarantine" if self.clean_dir.name == "clean" else self.clean_dir / "quarantine"

    def anchored(self) -> Settings:
        """The same settings with absolute folders, for processes that start in another one."""
        folders = {name: value.absolute() for name, value in self if isinstance(value, Path)}
        return self.model_copy(update=folders)

    @property
    def imported_editions(self) -> list[Path]:
        """The Parquet files of imported nomenklatur editions, for `normalizers.nomenklatur.load`."""
        return sorted(self.nomenklatur_dir.glob("*.parquet"))

    @property
    def store_dir(self) -> Path:
        return self.cache_dir / "store"

    @property
    def log_dir(self) -> Path:
        return self.cache_dir / "logs"

    @property
    def latest(self) -> Path:
        """The link to the snapshot that readers use."""
        return self.clean_dir / "latest"
