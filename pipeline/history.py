"""The manifests of runs: one JSON file a run below the published folder, whatever its end."""

from __future__ import annotations

import json
import os
import resource
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from importlib import metadata
from pathlib import Path
from types import TracebackType
from typing import Any

import structlog

from pipeline.gates import HeldBack, Stop
from pipeline.logs import logger
from pipeline.store import StorageError, write_atomically

FOLDER = "riwayat"
SNAPSHOT_FILE = "penerbitan.json"
_KEPT = 400


class End(StrEnum):
    """How a run ended."""

    PUBLISHED = "terbit"
    SAME = "isi_sama"  # processed, but the content is that of the last snapshot
    UNCHANGED = "tidak_berubah"  # nothing to do
    HELD = "ditahan"  # a gate did not let it pass
    FAILED = "gagal"
    STOPPED = "dihentikan"  # interrupted or terminated


@dataclass(slots=True)
class Manifest:
    """What one run was given, did and ended with. Times are ISO 8601 in UTC, durations seconds, memory MB."""

    run: str
    mulai: str
    selesai: str = ""
    akhir: str = ""
    alasan: str = ""
    versi: str = ""
    versi_renja: str = ""
    dokumen: int = 0
    diproses: int = 0
    karantina: int = 0
    gerbang: list[dict[str, str | None]] = field(default_factory=list)
    detik: dict[str, float] = field(default_factory=dict)
    puncak_memori_mb: int = 0
    sidik: dict[str, str] = field(default_factory=dict)
    pengaturan: dict[str, Any] = field(default_factory=dict)


class Recorder:
    """Keeps the manifest of a run while it goes on, and writes it when it ends; as a context it also tells how a run failed."""

    def __init__(self, clean: Path, documents: int, fingerprints: dict[str, str], settings: dict[str, Any]) -> None:
        now = datetime.now(UTC)
        self.manifest = Manifest(
            run=f"{now:%Y%m%dT%H%M%S%f}-{os.getpid()}",
            mulai=now.isoformat(timespec="seconds"),
            versi_renja=metadata.version("renja"),
            dokumen=documents,
            sidik=fingerprints,
            pengaturan=settings,
        )
        self._folder = clean / FOLDER
        self._stage = ""
        self._since = time.monotonic()

    def __enter__(self) -> Recorder:
        structlog.contextvars.bind_contextvars(run=self.manifest.run)
        logger().info("run started", documents=self.manifest.dokumen)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if isinstance(error, HeldBack):
            self.end(End.HELD, str(error))
        elif isinstance(error, Exception):
            self.end(End.FAILED, str(error) or type(error).__name__)
        elif error is not None:
            self.end(End.STOPPED, type(error).__name__)
        structlog.contextvars.unbind_contextvars("run")

    def stage(self, name: str) -> None:
        """A stage begins; the time until the next one is its own."""
        now = time.monotonic()
        if self._stage:
            spent = self.manifest.detik.get(self._stage, 0.0) + now - self._since
            self.manifest.detik[self._stage] = round(spent, 3)
        self._stage, self._since = name, now

    def gates(self, stops: Sequence[Stop]) -> None:
        """What the gates saw, and why it was accepted where it was."""
        self.manifest.gerbang = [stop.record for stop in stops]

    def describe_snapshot(self, folder: Path, version: str) -> None:
        """Writes beside the tables which run made them, and what was accepted to publish them."""
        told = {"versi": version, "run": self.manifest.run, "mulai": self.manifest.mulai, "gerbang": self.manifest.gerbang}
        (folder / SNAPSHOT_FILE).write_bytes(_json(told))

    def end(self, how: End, reason: str = "") -> None:
        """Writes the manifest; a disk that does not take it is no second failure on top of the first."""
        self.stage("")
        manifest = self.manifest
        manifest.akhir, manifest.alasan = how.value, reason
        manifest.selesai = datetime.now(UTC).isoformat(timespec="seconds")
        manifest.puncak_memori_mb = _peak_mb()
        try:
            write_atomically(self._folder / f"{manifest.run}.json", _json(asdict(manifest)))
            for old in sorted(self._folder.glob("*.json"))[:-_KEPT]:
                old.unlink(missing_ok=True)
        except (StorageError, OSError):
            if how in (End.PUBLISHED, End.SAME, End.UNCHANGED):
                raise
        logger().info("run ended", end=how.value, reason=reason, version=manifest.versi, seconds=manifest.detik)


def runs(clean: Path, limit: int) -> list[Manifest]:
    """The last runs, newest first; files that cannot be read are left out."""
    found: list[Manifest] = []
    for path in sorted((clean / FOLDER).glob("*.json"), reverse=True):
        if len(found) == limit:
            break
        try:
            record = json.loads(path.read_text(encoding="utf-8"))
            found.append(Manifest(**{name: value for name, value in record.items() if name in Manifest.__dataclass_fields__}))
        except (OSError, ValueError, TypeError):
            continue
    return found


def _json(content: Mapping[str, Any]) -> bytes:
    return (json.dumps(content, ensure_ascii=False, indent=1, default=str) + "\n").encode()


def _peak_mb() -> int:
    """The larger of this process and its largest child (Linux counts kilobytes)."""
    return max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) // 1024
