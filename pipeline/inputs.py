"""From paths that a user names to the documents of a run, each known by its bytes."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from pathlib import Path

from pipeline.logs import logger
from pipeline.store import file_sha256

LEDGER_NAME = "sources.csv"  # the load notes of a folder of documents
ARCHIVE = "arsip"  # a pull keeps superseded versions here, out of the way of a run over the folder
_ID_LENGTH = 16
_HEADER_WINDOW = 1024  # a PDF's header may stand anywhere in the first kilobyte


class InputError(Exception):
    """A path that the user named cannot be used; the message is one clear line."""


@dataclass(frozen=True, slots=True)
class Origin:
    """What a `sources.csv` says of a file: its address, and facts for where the document itself does not tell them."""

    uri: str | None = None
    region: str | None = None
    agency: str | None = None
    kind: str | None = None
    licence: str | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """One file to read, and where it came from, where a `sources.csv` beside it says so."""

    path: Path
    sha256: str
    origin: Origin = Origin()

    @property
    def id(self) -> str:
        return self.sha256[:_ID_LENGTH]

    @property
    def file_name(self) -> str:
        return shown(self.path.name)

    @property
    def told(self) -> str:
        """What reading the document depends on besides its bytes."""
        return repr((self.file_name, self.origin.region, self.origin.agency, self.origin.kind))

    @property
    def identity(self) -> str:
        """All that the published rows of this file depend on, as far as the file goes."""
        return repr((self.sha256, self.file_name, self.origin))


def shown(path: str | Path) -> str:
    """A path as text that can be written anywhere: bytes that are no UTF-8 (a name out of an old ZIP file) become `�`."""
    return os.fsencode(path).decode("utf-8", "replace")


def find_sources(paths: Sequence[Path]) -> tuple[Source, ...]:
    """The PDFs that `paths` (files, or folders searched with all below them) name, ordered by id; equal bytes count once.

    Hidden files and folders, and older versions that a pull put into the archive, are left out. A path that is missing, a file that is
    no PDF or cannot be read, or a folder without a PDF is an `InputError`.
    """
    found: dict[str, Source] = {}
    origins: dict[Path, dict[str, Origin]] = {}
    for path in sorted({file for given in paths for file in _files(given)}):
        folder = path.parent
        if folder not in origins:
            origins[folder] = _read_origins(folder / LEDGER_NAME)
        sha256 = _sha256(path)
        found.setdefault(sha256[:_ID_LENGTH], Source(path, sha256, origins[folder].get(sha256, Origin())))
    return tuple(found[key] for key in sorted(found))


def _files(given: Path) -> Iterable[Path]:
    if given.is_dir():
        files = [path for path in _below(given, frozenset()) if path.suffix.lower() == ".pdf" and path.is_file()]
        if not files:
            raise InputError(f"no PDF in the folder {given}")
        return files
    if not given.exists():
        raise InputError(f"no such file or folder: {given}")
    if not given.is_file():
        raise InputError(f"not a file or folder: {given}")
    require_pdf(given)
    return [given]


def _below(folder: Path, above: frozenset[Path]) -> Iterator[Path]:
    """All that stands below a folder, linked folders too (once, where a link leads back up), but for what is hidden or archived."""
    above |= {folder.resolve()}
    try:
        entries = sorted(folder.iterdir())
    except OSError as error:  # such as the lost+found of a disk
        logger().warning("folder left out", folder=str(folder), reason=str(error))
        return
    for entry in entries:
        archived = entry.name == ARCHIVE and (folder / LEDGER_NAME).is_file()
        if entry.name.startswith(".") or archived:
            continue
        if not entry.is_dir():
            yield entry
        elif entry.resolve() not in above:
            yield from _below(entry, above)


def require_pdf(path: Path) -> None:
    """`InputError` unless the file exists and begins as a PDF does."""
    if path.is_dir():
        raise InputError(f"a folder, not a PDF: {path}")
    if not path.is_file():
        raise InputError(f"no such file: {path}")
    try:
        with path.open("rb") as file:
            head = file.read(_HEADER_WINDOW)
    except OSError as error:
        raise _unreadable(path, error) from error
    if b"%PDF-" not in head:
        raise InputError(f"not a PDF: {path}")


def _sha256(path: Path) -> str:
    try:
        return file_sha256(path)
    except OSError as error:
        raise _unreadable(path, error) from error


def _unreadable(path: Path, error: OSError) -> InputError:
    return InputError(f"cannot read {shown(path)}: {(error.strerror or str(error)).lower()}")


def _read_origins(path: Path) -> dict[str, Origin]:
    """sha256 -> origin from a folder's `sources.csv` (columns uri and sha256, and as far as known the others of `Origin`)."""
    if not path.is_file():
        return {}
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:  # a spreadsheet saves a byte order mark
            reader = csv.DictReader(file)
            missing = {"uri", "sha256"} - set(reader.fieldnames or ())
            if missing:
                raise InputError(f"{path}: column missing: {', '.join(sorted(missing))}")
            names = [field.name for field in fields(Origin)]
            return {row["sha256"]: Origin(**{name: row.get(name) or None for name in names}) for row in reader if row["sha256"]}
    except OSError as error:
        raise _unreadable(path, error) from error
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: not in UTF-8") from error
