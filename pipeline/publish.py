"""Publishing: build a snapshot beside the others, validate it, make it durable, and switch `latest` in one step."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import re
import shutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pyarrow as pa

from pipeline.datapackage import write_descriptions
from pipeline.layout import Tables, Writer, table_files
from pipeline.schemas import TABLES
from pipeline.schemas.validate import Failure, Validation
from pipeline.store import content_key, file_sha256, storage_problem

CHECKSUMS = "CHECKSUMS"
HELD = "ditahan"  # where tables are kept that a gate did not let pass, for a person to look at
_CONTENT = "isi.json"  # what tells two snapshots apart, whatever their version
_BUILDING = ".dibuat-"
Finish = Callable[[Path, str], None]
_VERSION = re.compile(r"^(\d{4}-\d{2}-\d{2})\.(\d+)$")


class PublishError(Exception):
    """Nothing was published; the message is one clear line, and the last snapshot is as it was."""


class InvalidDataset(PublishError):
    """The tables break their own description; `failures` tells where."""

    def __init__(self, failures: tuple[Failure, ...]) -> None:
        super().__init__("not published, the tables break their description: " + "; ".join(map(str, failures)))
        self.failures = failures


@dataclass(frozen=True, slots=True)
class Published:
    """The snapshot that `latest` points at now; `new` is False where the content was already there."""

    path: Path
    version: str
    new: bool


@contextlib.contextmanager
def exclusive(clean: Path) -> Iterator[None]:
    """Holds the folder for one run; a second one at the same time is a `PublishError`."""
    try:
        clean.mkdir(parents=True, exist_ok=True)
        handle = os.open(clean / ".kunci", os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise PublishError(storage_problem(error, Path(error.filename or clean))) from error
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.pread(handle, 32, 0).decode(errors="replace").strip() or "unknown"
            raise PublishError(f"another run (process {holder}) is working on {clean}; wait for it to end") from None
        os.ftruncate(handle, 0)
        os.pwrite(handle, f"{os.getpid()}\n".encode(), 0)
        yield
    finally:
        os.close(handle)


def publish(
    batches: Iterable[Tables],
    clean: Path,
    *,
    today: date,
    keep: int,
    gate: Callable[[pa.Table], None] = lambda documents: None,
    finish: Finish = lambda folder, version: None,
    finish_key: str = "",
    partitioned: bool = False,
) -> Published:
    """Publishes tables as a new snapshot below `clean`, unless the content of the last one is the same.

    `batches` gives the tables of some documents at a time, in the order of `layout.Writer`. `gate(dokumen)` raises a `PublishError` where
    valid tables should not be published all the same; they are kept in `clean/ditahan`. `finish(folder, version)` may add files (a
    report) before the snapshot is sealed; `finish_key` stands for what it depends on besides the tables. Raises `InvalidDataset` where a
    table breaks its description, `PublishError` where the disk does not allow it. Call it under `exclusive`.
    """
    snapshots = clean / "snapshots"
    try:
        snapshots.mkdir(parents=True, exist_ok=True)
        _remove_unfinished(snapshots)
        version = next_version(clean, today)
        workshop = snapshots / f"{_BUILDING}{os.getpid()}"
        (workshop / version).mkdir(parents=True)
        try:
            documents = _write(batches, workshop / version, partitioned)
            try:
                gate(documents)
            except PublishError:
                _hold(workshop / version, clean)
                raise
            return _build(clean, workshop / version, keep, finish, finish_key)
        finally:
            shutil.rmtree(workshop, ignore_errors=True)
    except OSError as error:
        raise PublishError(storage_problem(error, Path(error.filename or clean))) from error


def _write(batches: Iterable[Tables], folder: Path, partitioned: bool) -> pa.Table:
    """Writes and validates all tables; returns `dokumen`."""
    validation, documents = Validation(), []
    with Writer(folder, partitioned=partitioned) as writer:
        for tables in batches:
            validation.add(tables)
            writer.write(tables)
            documents.append(tables["dokumen"])
    if failures := validation.failures():
        raise InvalidDataset(failures)
    return pa.concat_tables(documents)


def _build(clean: Path, building: Path, keep: int, finish: Finish, finish_key: str) -> Published:
    files = [(path, path.relative_to(building).as_posix()) for spec in TABLES for path in table_files(building, spec.name)]
    content = content_key(finish_key, *(f"{name} {file_sha256(path)}" for path, name in files))
    last = current(clean)
    if last is not None and _content_of(last) == content and not broken_files(last):
        return Published(last, last.name, new=False)
    version = building.name
    write_descriptions(building, version)
    finish(building, version)
    (building / _CONTENT).write_text(json.dumps({"versi": version, "isi": content}) + "\n", encoding="utf-8")
    _write_checksums(building)
    _make_durable(building)
    target = clean / "snapshots" / version
    building.rename(target)
    _sync(target.parent)
    switch(clean, version)
    shutil.rmtree(clean / HELD, ignore_errors=True)
    _retire(clean, keep)
    return Published(target, version, new=True)


def _hold(building: Path, clean: Path) -> None:
    """Keeps tables that a gate did not let pass in `clean/ditahan`, in place of those before."""
    write_descriptions(building, building.name)
    shutil.rmtree(clean / HELD, ignore_errors=True)
    building.rename(clean / HELD)


def current(clean: Path) -> Path | None:
    """The snapshot that `latest` points at, or None."""
    link = clean / "latest"
    return clean / "snapshots" / link.readlink().name if link.is_symlink() and link.is_dir() else None


def switch(clean: Path, version: str) -> None:
    """Points `latest` at a snapshot, in one step: readers see the old one or the new one."""
    temporary = clean / f".latest-{os.getpid()}"
    temporary.unlink(missing_ok=True)
    temporary.symlink_to(Path("snapshots") / version)
    temporary.replace(clean / "latest")
    _sync(clean)


def versions(clean: Path) -> list[str]:
    """All published versions, oldest first."""
    folder = clean / "snapshots"
    found = [path.name for path in folder.iterdir() if _VERSION.match(path.name)] if folder.is_dir() else []
    return sorted(found, key=_order)


def next_version(clean: Path, today: date) -> str:
    """The date and a counter: `2026-11-20.2` is the second snapshot of that day."""
    day = today.isoformat()
    counters = [_order(version)[1] for version in versions(clean) if version.startswith(f"{day}.")]
    return f"{day}.{max(counters, default=0) + 1}"


def broken_files(snapshot: Path) -> tuple[str, ...]:
    """Files of a snapshot that are gone or no longer what `CHECKSUMS` says; `CHECKSUMS` itself where it is gone."""
    try:
        lines = (snapshot / CHECKSUMS).read_text(encoding="utf-8").splitlines()
    except OSError:
        return (CHECKSUMS,)
    broken = []
    for line in lines:
        digest, _, name = line.partition("  ")
        path = snapshot / name
        if not path.is_file() or file_sha256(path) != digest:
            broken.append(name)
    return tuple(broken)


def _order(version: str) -> tuple[str, int]:
    match = _VERSION.match(version)
    return (match[1], int(match[2])) if match else (version, 0)


def _content_of(snapshot: Path) -> str | None:
    try:
        found = json.loads((snapshot / _CONTENT).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return str(found.get("isi"))


def _write_checksums(folder: Path) -> None:
    """`sha256sum --check CHECKSUMS` verifies a snapshot."""
    names = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    lines = [f"{file_sha256(folder / name)}  {name}\n" for name in names]
    (folder / CHECKSUMS).write_text("".join(lines), encoding="utf-8")


def _make_durable(folder: Path) -> None:
    for path in [*folder.rglob("*"), folder]:
        if path.is_dir() or path.stat().st_nlink == 1:  # a page that an older snapshot holds too came to the disk with that one
            _sync(path)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _remove_unfinished(snapshots: Path) -> None:
    """What a killed run left behind; the caller holds the folder, so nobody is building there."""
    for path in snapshots.glob(f"{_BUILDING}*"):
        shutil.rmtree(path, ignore_errors=True)
    for link in snapshots.parent.glob(".latest-*"):
        link.unlink()


def _retire(clean: Path, keep: int) -> None:
    last = current(clean)
    for version in versions(clean)[:-keep]:
        path = clean / "snapshots" / version
        if path != last:
            shutil.rmtree(path, ignore_errors=True)
