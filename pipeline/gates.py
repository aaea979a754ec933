"""Gates before publishing: what looks like a mishap of the run is held back until a person says why it is right."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.layout import read_table, table_files
from pipeline.logs import logger
from pipeline.publish import HELD, PublishError
from pipeline.schemas import TABLES
from pipeline.schemas.arrow import arrow_schema
from pipeline.settings import Settings

Row = Mapping[str, Any]


class Gate(StrEnum):
    """The gates by the names that `--accept NAME=REASON` takes."""

    COVERAGE = "coverage"
    QUARANTINE = "quarantine"
    DOCUMENTS = "documents"
    SCHEMA = "schema"


class HeldBack(PublishError):
    """The tables were made, and a gate did not let them pass; nothing was published."""

    def __init__(self, stops: Sequence[Stop]) -> None:
        told = "; ".join(map(str, stops))
        again = " ".join(f"--accept {stop.gate}=REASON" for stop in stops)
        apart = " (a dataset is of one set of documents: --clean publishes another one beside it)"
        others = apart if any(stop.gate is Gate.DOCUMENTS for stop in stops) else ""
        super().__init__(f"not published: {told}{others}. See `renja diff latest {HELD}`; if that is right, run again with {again}")
        self.stops = tuple(stops)


@dataclass(frozen=True, slots=True)
class Stop:
    """A gate that did not let the tables pass, with what it saw; `reason` is why a person accepted that, None where nobody did."""

    gate: Gate
    seen: str
    reason: str | None = None

    def __str__(self) -> str:
        return f"{self.gate}: {self.seen}"

    @property
    def record(self) -> dict[str, str | None]:
        """As manifests and snapshots tell it."""
        return {"gerbang": self.gate.value, "dilihat": self.seen, "alasan": self.reason}


def judge(previous: Path | None, documents: pa.Table, settings: Settings, accepted: Mapping[str, str]) -> tuple[Stop, ...]:
    """Every gate that new tables do not pass beside the previous snapshot, with the reason where it was accepted.

    `documents` is the new `dokumen`. There are none for a first snapshot.
    """
    if previous is None:
        return ()
    columns = ["dokumen_id", "nama_berkas", "sumber", "status", "jumlah_nominal", "nominal_teruji"]
    try:
        before = read_table(previous, "dokumen", columns=columns).to_pylist()
    except (OSError, KeyError, pa.ArrowException) as error:
        logger().warning("gates could not read the last snapshot", snapshot=previous.name, reason=str(error))
        before = []
    after = documents.select(columns).to_pylist()
    stops = [
        *_coverage(before, after, settings),
        *_quarantine(before, after, settings),
        *_documents(before, after, settings),
        *_schema(previous),
    ]
    return tuple(Stop(stop.gate, stop.seen, accepted.get(stop.gate)) for stop in stops)


def _coverage(before: Sequence[Row], after: Sequence[Row], settings: Settings) -> Iterator[Stop]:
    """The share of amounts under a check that passed, over the documents that both have; new documents say nothing of a mishap."""
    pairs = list(_pairs(before, after))
    old, new = (_share(side) for side in ([first for first, _ in pairs], [second for _, second in pairs]))
    if old is None:
        return
    if new is None or old - new > settings.gate_coverage_points / 100:
        now = "none" if new is None else f"{new:.1%}"
        yield Stop(Gate.COVERAGE, f"checked amounts of {len(pairs)} documents fell from {old:.1%} to {now}")


def _pairs(before: Sequence[Row], after: Sequence[Row]) -> Iterator[tuple[Row, Row]]:
    """Documents that are still there, or that came under the address or name of an older version."""
    by_id = {row["dokumen_id"]: row for row in before}
    by_place = {row["sumber"] or row["nama_berkas"]: row for row in before}
    for row in after:
        old = by_id.get(row["dokumen_id"]) or by_place.get(row["sumber"] or row["nama_berkas"])
        if old is not None:
            yield old, row


def _share(rows: Sequence[Row]) -> float | None:
    amounts = sum(row["jumlah_nominal"] for row in rows)
    return sum(row["nominal_teruji"] for row in rows) / amounts if amounts else None


def _quarantine(before: Sequence[Row], after: Sequence[Row], settings: Settings) -> Iterator[Stop]:
    waiting, already = ({row["dokumen_id"] for row in rows if row["status"] == "karantina"} for rows in (after, before))
    new = waiting - already
    if len(new) > settings.gate_quarantined:
        yield Stop(Gate.QUARANTINE, f"{len(new)} documents are newly in quarantine, {settings.gate_quarantined} are allowed")


def _documents(before: Sequence[Row], after: Sequence[Row], settings: Settings) -> Iterator[Stop]:
    if len(before) - len(after) > settings.gate_fewer_documents:
        yield Stop(Gate.DOCUMENTS, f"{len(after)} documents instead of {len(before)}")


def _schema(previous: Path) -> Iterator[Stop]:
    """Columns that readers of the last snapshot know and would not find, or not as they were; new columns disturb nobody."""
    lost = []
    for name, columns in _described(previous).items():
        fields = {field.name: str(field.type) for spec in TABLES if spec.name == name for field in arrow_schema(spec)}
        lost += [f"{name}.{column}" for column, kind in columns.items() if fields.get(column) != kind]
    if lost:
        shown = ", ".join(lost[:5]) + (f" and {len(lost) - 5} more" if len(lost) > 5 else "")
        yield Stop(Gate.SCHEMA, f"columns are gone or of another type: {shown}")


def _described(snapshot: Path) -> dict[str, dict[str, str]]:
    """Table -> column -> type of a published snapshot, as its Parquet files say; reference lists, which are of no document, left out."""
    try:
        resources = json.loads((snapshot / "datapackage.json").read_text(encoding="utf-8"))["resources"]
        names = [str(resource["name"]) for resource in resources]
    except (OSError, ValueError, KeyError, TypeError):
        return {}
    found = {}
    for name in names:
        columns = {field.name: str(field.type) for path in table_files(snapshot, name)[:1] for field in pq.read_schema(path)}
        if "dokumen_id" in columns:
            found[name] = columns
    return found
