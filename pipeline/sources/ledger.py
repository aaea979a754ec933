"""`sources.csv`: the load notes of `data/raw/`, one line per version of a document that was ever pulled."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from pipeline.inputs import LEDGER_NAME, InputError


@dataclass(frozen=True, slots=True)
class Entry:
    """One version of one document. `file` is relative to the raw folder; `replaces` is the sha256 of the version before.

    `state` is `current`, `superseded` (a newer version came), `vanished` (the source does not list or serve it any more; the file is
    kept) or `failed` (never fetched; `note` says why). Times are ISO 8601 in UTC.
    """

    source: str
    uri: str
    file: str
    sha256: str
    fetched_at: str
    state: str = "current"
    etag: str = ""
    last_modified: str = ""
    replaces: str = ""
    region: str = ""
    agency: str = ""
    kind: str = ""
    licence: str = ""
    note: str = ""


def read_ledger(folder: Path) -> list[Entry]:
    """The entries of `folder/sources.csv` in order; columns that a person added are left out, missing ones are empty.

    Raises InputError where the file is not in UTF-8.
    """
    path = folder / LEDGER_NAME
    if not path.exists():
        return []
    known = [field.name for field in fields(Entry)]
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:  # a spreadsheet saves a byte order mark
            return [Entry(**{name: row.get(name) or "" for name in known}) for row in csv.DictReader(file)]
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: not in UTF-8") from error


def write_ledger(folder: Path, entries: Iterable[Entry]) -> None:
    """Replace the ledger at once, so that a reader or a crash never sees half of it."""
    path, beside = folder / LEDGER_NAME, folder / f".{LEDGER_NAME}.{os.getpid()}"
    with beside.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [field.name for field in fields(Entry)], lineterminator="\n")
        writer.writeheader()
        writer.writerows(asdict(entry) for entry in entries)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
