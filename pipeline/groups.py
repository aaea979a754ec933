"""Documents of one agency are audited together, and apart from all others; what that gives is kept, so that a change costs its agency."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import pyarrow as pa
import pyarrow.compute as pc

from normalizers.facts import agency_key
from pipeline.documents import Work, drive, forget, quarantine
from pipeline.findings import Audit
from pipeline.jobs import GROUP_STAGE, Group, MissingDocument
from pipeline.logs import logger
from pipeline.results import DocumentResult
from pipeline.rows import dataset_rows
from pipeline.schemas import TABLES
from pipeline.schemas.arrow import from_bytes, to_arrow
from pipeline.store import StorageError, content_key
from pipeline.workers import Job, JobFailure, Outcome, Pool

_ATTEMPTS = 3


@dataclass(frozen=True, slots=True)
class Reconciled:
    """All published tables, and what became of each document after its audit."""

    tables: Mapping[str, pa.Table]
    results: tuple[DocumentResult, ...]


def reconcile(results: Sequence[DocumentResult], work: Work, pool: Pool) -> Reconciled:
    """Audits each agency's documents and makes the rows of all tables.

    A document whose audit fails even by itself goes to quarantine; one that the store lost meanwhile is made again.
    """
    pending = [result for result in results if result.key is not None]
    done: dict[str, DocumentResult] = {result.source.id: result for result in results if result.key is None}
    tables: list[dict[str, pa.Table]] = []
    alone: set[str] = set()
    for _ in range(_ATTEMPTS):
        groups = agencies(pending, work, alone)
        pending = []
        for group, failure in _audited(groups, work, pool):
            made = None if failure else _stored(group, work)
            if made is not None:
                tables.append(made)
                done.update((member.source.id, member) for member in group.members)
            elif failure is None or failure.cause == MissingDocument.__name__:
                pending.extend(_made_again(group, work, pool))
            elif len(group.members) > 1:
                alone.update(member.source.id for member in group.members)
                pending.extend(group.members)
            else:
                (member,) = group.members
                pending.append(quarantine(member.source, work, "memeriksa", failure.reason))
        done.update((result.source.id, result) for result in pending if result.key is None)
        pending = [result for result in pending if result.key is not None]
        if not pending:
            break
    else:
        raise StorageError(f"the store {work.settings.store_dir} loses what is written to it")
    ordered = tuple(done[key] for key in sorted(done))
    tables.append(_empty_handed([result for result in ordered if result.key is None]))
    return Reconciled(_joined(tables), ordered)


def agencies(results: Sequence[DocumentResult], work: Work, alone: set[str]) -> list[Group]:
    """The documents by region and agency; one that names no agency, or whose id is in `alone`, stands by itself."""
    groups: dict[tuple[str, ...], list[DocumentResult]] = defaultdict(list)
    for result in sorted(results, key=lambda result: result.source.id):
        key = agency_key(result.facts) if result.facts and result.source.id not in alone else None
        groups[key or ("", result.source.id)].append(result)
    return [Group(_key(members, work), tuple(members)) for members in groups.values()]


def _key(members: Sequence[DocumentResult], work: Work) -> str:
    said = [f"{m.key} {m.status} {m.reason} {m.source.identity}" for m in members]
    return content_key(work.fingerprints.reconcile, work.code, *said)


def _audited(groups: Sequence[Group], work: Work, pool: Pool) -> list[tuple[Group, JobFailure | None]]:
    """Each group with why its audit failed, or None where the store has its tables now."""
    ended: list[tuple[Group, JobFailure | None]] = []
    tickets: dict[int, Group] = {}
    for group in groups:
        if work.store.has(GROUP_STAGE, group.key):
            ended.append((group, None))
        else:
            seconds = work.settings.seconds_per_document * len(group.members)
            tickets[pool.submit(Job(f"{work.jobs}:audit_group", (group, work.settings), seconds))] = group
    while tickets:
        for ticket, outcome in pool.wait():
            group = tickets.pop(ticket)
            _log(group, outcome)
            ended.append((group, outcome.failure))
    return ended


def _log(group: Group, outcome: Outcome) -> None:
    if outcome.failure is None:
        return
    if outcome.failure.cause == StorageError.__name__:
        raise StorageError(outcome.failure.reason)
    names = [member.source.file_name for member in group.members]
    logger().error("audit failed", files=names, reason=outcome.failure.reason, cause=outcome.failure.cause)


def _stored(group: Group, work: Work) -> dict[str, pa.Table] | None:
    data = work.store.get_bytes(GROUP_STAGE, group.key)
    return None if data is None else from_bytes(data)


def _made_again(group: Group, work: Work, pool: Pool) -> list[DocumentResult]:
    """The group's documents, those that the store lost processed once more."""
    for member in group.members:
        forget(member, work)
    return list(drive([member.source for member in group.members], work, pool, abreast=len(group.members)))


def _empty_handed(results: Sequence[DocumentResult]) -> dict[str, pa.Table]:
    """The tables of documents in quarantine: a row in `dokumen` each, and nothing else."""
    rows = dataset_rows(results, {}, Audit((), ()))
    return {spec.name: to_arrow(spec, rows[spec.name]) for spec in TABLES}


def _joined(parts: Sequence[dict[str, pa.Table]]) -> Mapping[str, pa.Table]:
    """All parts as one, by document; the order within a document stays (the sort is stable). The parts are used up."""
    joined = {}
    for spec in TABLES:
        table = pa.concat_tables([part.pop(spec.name) for part in parts])
        joined[spec.name] = table.take(pc.sort_indices(table.column("dokumen_id"))).combine_chunks()
    return joined


def reject(results: Sequence[DocumentResult], work: Work, reasons: Mapping[str, str]) -> list[DocumentResult]:
    """The results, those whose id has a reason in quarantine."""
    return [
        replace(quarantine(result.source, work, "menerbitkan", reasons[result.source.id]), page_count=result.page_count)
        if result.source.id in reasons
        else result
        for result in results
    ]
