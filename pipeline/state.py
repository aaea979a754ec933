"""What the last run left beside the snapshots, by which the next one knows whether anything has changed."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from pipeline.store import write_atomically
from pipeline.summary import DocumentSummary

_FILE = ".keadaan.json"


@dataclass(frozen=True, slots=True)
class State:
    """What a run depended on (`key`), the version that it ended with, when that was (ISO 8601), and a summary of each document."""

    key: str
    version: str
    when: str
    documents: tuple[DocumentSummary, ...]


def read_state(clean: Path) -> State | None:
    """The state below the published folder; None where there is none that can be read."""
    try:
        state = json.loads((clean / _FILE).read_text(encoding="utf-8"))
        if state["skema"] != _shape():
            return None
        return State(state["kunci"], state["versi"], state["waktu"], tuple(DocumentSummary(**summary) for summary in state["dokumen"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def write_state(clean: Path, key: str, version: str, documents: Iterable[DocumentSummary]) -> None:
    """Keeps the state of a run that has ended now."""
    state = {
        "skema": _shape(),
        "kunci": key,
        "versi": version,
        "waktu": datetime.now().astimezone().isoformat(timespec="seconds"),
        "dokumen": [asdict(summary) for summary in documents],
    }
    write_atomically(clean / _FILE, json.dumps(state, ensure_ascii=False).encode())


def _shape() -> str:
    """Changes with the fields of a summary, so that an older state is not misread."""
    return ",".join(DocumentSummary.__dataclass_fields__)
