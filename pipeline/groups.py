"""Documents of one agency are audited together, and apart from all others; what that gives is kept, so that a change costs its agency."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import pyarrow as pa

from normalizers.facts import agency_key
from pipeline.documents import Work, drive, forget, quarantine, words
from pipeline.findings import Audit
from pipeline.jobs import GROUP_STAGE, Group, MissingDocument
from pipeline.layout import Place, Tables, place
from pipeline.logs import logger
from pipeline.results import DocumentResult
from pipeline.rows import dataset_rows
from pipeline.schemas import TABLES
from pipeline.schemas.arrow import from_bytes, to_arrow
from pipeline.store import StorageError, Store, content_key
from pipeline.workers import Job, JobFailure, Outcome, Pool

_ATTEMPTS = 3
_BATCH_ROWS = 5_000  # of all tables together: about a megabyte


@dataclass(frozen=True, slots=True)
class Reconciled:
    """What became of each document after its audit, and the keys under which the store has their rows."""

    store: Store
    keys: Mapping[str, str]  # by dokumen_id
    results: tuple[DocumentResult, ...]

    def batches(self, *, partitioned: bool = False) -> Iterator[Tables]:
        """The rows of all documents, some whole documents at a time: by id, and by place first where they go into folders."""
        parts: list[Tables] = []
        for result in sorted(self.results, key=lambda result: (_place(result) if partitioned else None, result.source.id)):
            parts.append(self._rows(result))
            if sum(table.num_rows for part in parts for table in part.values()) >= _BATCH_ROWS:
                yield _joined(parts)
                parts = []
        if parts:
            yield _joined(parts)

    def _rows(self, result: DocumentResult) -> Tables:
        key = self.keys.get(result.source.id)
        if key is None:
            return _empty_handed(result)
        data = self.store.get_bytes(GROUP_STAGE, key)
        if data is None:
            raise StorageError(f"the store {self.store.root} loses what is written to it")
        return from_bytes(data)


def reconcile(results: Sequence[DocumentResult], work: Work, pool: Pool) -> Reconciled:
    """Audits each agency's documents and makes their rows.

    A document whose audit fails even by itself goes to quarantine; one that the store lost meanwhile is made again.
    """
    pending = [result for result in results if result.key is not None]
    done: dict[str, DocumentResult] = {result.source.id: result for result in results if result.key is None}
    keys: dict[str, str] = {}
    alone: set[str] = set()
    for _ in range(_ATTEMPTS):
        groups = agencies(pending, work, alone)
        pending = []
        for group, failure in _audited(groups, work, pool):
            if failure is None and _stored(group, work):
                keys.update((member.source.id, group.key_of(member)) for member in group.members)
                done.update((member.source.id, member) for member in group.members)
            elif failure is None or failure.cause == MissingDocument.__name__:
                pending.extend(_made_again(group, work, pool))
            elif len(group.members) > 1:
                alone.update(member.source.id for member in group.members)
                pending.extend(group.members)
            else:
                (member,) = group.members
                pending.append(quarantine(member.source, work, "memeriksa", words(failure)))
        done.update((result.source.id, result) for result in pending if result.key is None)
        pending = [result for result in pending if result.key is not None]
        if not pending:
            break
    else:
        raise StorageError(f"the store {work.settings.store_dir} loses what is written to it")
    return Reconciled(work.store, keys, tuple(done[key] for key in sorted(done)))


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
        if all(work.store.has(GROUP_STAGE, group.key_of(member)) for member in group.members):
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


def _stored(group: Group, work: Work) -> bool:
    """Whether the store has the rows of all documents of the group, undamaged; damaged ones are dropped."""
    return all(work.store.get_bytes(GROUP_STAGE, group.key_of(member)) is not None for member in group.members)


def _made_again(group: Group, work: Work, pool: Pool) -> list[DocumentResult]:
    """The group's documents, those that the store lost processed once more."""
    for member in group.members:
        forget(member, work)
    return list(drive([member.source for member in group.members], work, pool, abreast=len(group.members)))


def _empty_handed(result: DocumentResult) -> Tables:
    """The tables of a document in quarantine: a row in `dokumen`, and nothing else."""
    rows = dataset_rows([result], {}, Audit((), ()))
    return {spec.name: to_arrow(spec, rows[spec.name]) for spec in TABLES}


def _place(result: DocumentResult) -> Place:
    return place(result.facts.year, result.facts.region_code) if result.facts and result.key else place(None, None)


def _joined(parts: Sequence[Tables]) -> Tables:
    return {spec.name: pa.concat_tables([part[spec.name] for part in parts]).combine_chunks() for spec in TABLES}


def reject(results: Sequence[DocumentResult], work: Work, reasons: Mapping[str, str]) -> list[DocumentResult]:
    """The results, those whose id has a reason in quarantine."""
    return [
        replace(quarantine(result.source, work, "menerbitkan", reasons[result.source.id]), page_count=result.page_count)
        if result.source.id in reasons
        else result
        for result in results
    ]
