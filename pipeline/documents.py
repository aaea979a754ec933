"""One document from bytes to typed document: which tasks it needs, and what becomes of it when one of them fails."""

from __future__ import annotations

import json
import re
from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from normalizers.types import DocumentFacts
from pipeline.inputs import Source
from pipeline.jobs import CHUNK_STAGE, DOCUMENT_STAGE, FACTS_STAGE, Chunk, FailedPage, MissingChunk, PageCount, Typing
from pipeline.logs import logger
from pipeline.overrides import Overrides
from pipeline.results import DocumentResult, Fingerprints
from pipeline.settings import Settings
from pipeline.store import StorageError, Store, content_key, write_atomically
from pipeline.workers import FailureKind, Job, JobFailure, Outcome, Pool

_EXTRACTION_STAGE = "bacaan"
_RECORD = re.compile(r"[0-9a-f]{16}\.json")  # a document in quarantine

# Indonesian sentences for the causes that the extractors name
_CAUSES = {
    "berkas_tidak_ada": "berkas tidak ditemukan",
    "bukan_pdf": "berkas bukan PDF",
    "rusak": "berkas PDF rusak",
    "terenkripsi": "berkas PDF terkunci kata sandi",
    "tanpa_halaman": "berkas PDF tidak berisi halaman",
    "terlalu_banyak_halaman": "berkas PDF terlalu banyak halaman",
}


@dataclass(frozen=True, slots=True)
class Extraction:
    """Which chunks of a document stand in the store, and which pages could not be read."""

    page_count: int
    chunks: tuple[Chunk, ...]
    failed: tuple[FailedPage, ...] = ()
    problems: tuple[str, ...] = ()  # with the document as a whole


@dataclass(frozen=True, slots=True)
class Work:
    """What processing documents needs to know. `code` stands for the code that makes rows, `jobs` is the module with the worker tasks."""

    settings: Settings
    fingerprints: Fingerprints
    code: str
    jobs: str = "pipeline.jobs"
    overrides: Overrides = field(default_factory=Overrides)

    @property
    def store(self) -> Store:
        return Store(self.settings.store_dir)

    @property
    def limits(self) -> str:
        """Limits decide only what failed; they stand in no key of what was read well."""
        s = self.settings
        return f"{s.memory_mb}/{s.seconds_per_page:g}/{s.seconds_per_document:g}/{s.max_failed_pages}"

    def extract_key(self, source: Source) -> str:
        return content_key(source.sha256, self.fingerprints.extract, str(self.settings.chunk_pages))

    def document_key(self, source: Source, extraction: Extraction) -> str:
        failed = repr([(page.number, page.reason) for page in extraction.failed])
        return content_key(self.extract_key(source), source.told, self.fingerprints.normalise, failed, self._corrections(source))

    def quarantine_key(self, source: Source) -> str:
        prints = self.fingerprints
        own = (self.extract_key(source), self._corrections(source), self.limits)
        return content_key(*own, prints.normalise, prints.reconcile, self.code)

    def _corrections(self, source: Source) -> str:
        return self.overrides.of(source).fingerprint()


Task = Generator[list[Job], list[Outcome], DocumentResult]


def process(source: Source, work: Work) -> Task:
    """The tasks of one document, as a generator: it yields jobs that may run side by side and is sent their outcomes.

    What the store holds is not made again; a document in quarantine is tried again only when its bytes, the code or the limits changed.
    """
    reason = quarantined(source, work)
    if reason is not None:
        return DocumentResult(source, "karantina", reason)
    reason = ""
    for _ in range(2):  # a second time where the store lost a chunk that its index still names
        extraction = _known_extraction(source, work)
        if extraction is None:
            made = yield from _extract(source, work)
            if isinstance(made, str):
                return quarantine(source, work, "membaca", made)
            extraction = made
        key = work.document_key(source, extraction)
        result = _stored_result(source, work, extraction, key)
        if result is not None:
            return result
        task = Typing(source, key, extraction.chunks, extraction.failed, work.overrides.of(source))
        (outcome,) = yield [Job(f"{work.jobs}:type_document", (task, work.settings), work.settings.seconds_per_document, source.id)]
        if outcome.failure is None:
            result = _stored_result(source, work, extraction, key)
            if result is None:
                raise StorageError(f"the store {work.settings.store_dir} loses what is written to it")
            return replace(result, fresh=True)
        reason = words(outcome.failure)
        if outcome.failure.cause != MissingChunk.__name__:
            break
        _forget_extraction(source, work)
    return quarantine(source, work, "menormalkan", reason)


def _stored_result(source: Source, work: Work, extraction: Extraction, key: str) -> DocumentResult | None:
    """The result of a document whose typed form and facts are in the store, else None."""
    facts = work.store.get(FACTS_STAGE, key, DocumentFacts)
    if facts is None or not work.store.has(DOCUMENT_STAGE, key):
        return None
    problems = [*extraction.problems, *(page.problem for page in extraction.failed)]
    status = "sebagian" if problems else "ok"
    return DocumentResult(source, status, "; ".join(problems) or None, extraction.page_count, key, facts)


def forget(result: DocumentResult, work: Work) -> None:
    """Drops the typed document of a result where it is damaged, so that it is made again."""
    if result.key is not None and work.store.get_bytes(DOCUMENT_STAGE, result.key) is None:
        work.store.delete(FACTS_STAGE, result.key)


def words(failure: JobFailure) -> str:
    """The failure as an Indonesian phrase, the technical detail in brackets."""
    if failure.kind is not FailureKind.RAISED:
        return failure.reason
    return f"{_CAUSES.get(failure.cause, 'galat program')} ({failure.reason})"


def is_done(source: Source, work: Work) -> bool:
    """Whether processing the source would do no work: it is in the store, or in quarantine for the same bytes, code and limits."""
    if quarantined(source, work) is not None:
        return True
    extraction = _known_extraction(source, work)
    return extraction is not None and _stored_result(source, work, extraction, work.document_key(source, extraction)) is not None


# ------------------------------------------------------------------------------------------------------------------------------ reading


def _extract(source: Source, work: Work) -> Generator[list[Job], list[Outcome], Extraction | str]:
    """Reads all pages in chunks; the reason as text where the document cannot be opened or too much of it fails."""
    settings = work.settings
    (outcome,) = yield [Job(f"{work.jobs}:count_pages", (source.path,), settings.seconds_per_document, source.id)]
    if outcome.failure is not None:
        return words(outcome.failure)
    counted: PageCount = outcome.value
    page_count, step = counted.pages, settings.chunk_pages
    key = work.extract_key(source)
    pending = [_chunk(key, first, min(first + step - 1, page_count), lead_in=first > 1) for first in range(1, page_count + 1, step)]
    done: list[Chunk] = []
    failed: list[FailedPage] = []
    while pending:
        stored = [chunk for chunk in pending if work.store.has(CHUNK_STAGE, chunk.key)]
        done.extend(stored)
        todo = [chunk for chunk in pending if chunk not in stored]
        if not todo:
            break
        jobs = [Job(f"{work.jobs}:read_chunk", (source.path, chunk, settings), settings.seconds_per_page, source.id) for chunk in todo]
        outcomes = yield jobs
        pending = []
        for chunk, outcome in zip(todo, outcomes, strict=True):
            if outcome.failure is None:
                done.append(chunk)
            elif chunk.first == chunk.last:
                failed.append(FailedPage(chunk.first, words(outcome.failure)))
                logger().warning("page failed", dokumen_id=source.id, page=chunk.first, reason=failed[-1].reason)
            else:
                pending.extend(_chunk(key, first, last) for first, last in split(chunk, outcome.failure))
        if len(failed) > settings.max_failed_pages or len(failed) == page_count:
            first = min(failed, key=lambda page: page.number)
            return f"{len(failed)} dari {page_count} halaman tidak terbaca; halaman {first.number}: {first.reason}"
    done.sort(key=lambda chunk: chunk.first)
    failed.sort(key=lambda page: page.number)
    extraction = Extraction(page_count, tuple(done), tuple(failed), counted.problems)
    _remember_extraction(source, work, extraction)
    return extraction


def split(chunk: Chunk, failure: JobFailure) -> Iterator[tuple[int, int]]:
    """The parts of a chunk that failed: around the page after the last sign of life where there was one, else its halves."""
    if failure.last_beat is not None and chunk.first <= failure.last_beat < chunk.last:
        suspect = failure.last_beat + 1
        yield chunk.first, suspect - 1
        yield suspect, suspect
        if suspect < chunk.last:
            yield suspect + 1, chunk.last
        return
    middle = (chunk.first + chunk.last) // 2
    yield chunk.first, middle
    yield middle + 1, chunk.last


def _chunk(key: str, first: int, last: int, *, lead_in: bool = False) -> Chunk:
    return Chunk(first, last, content_key(key, str(first), str(last), str(lead_in)), lead_in)


def _extraction_keys(source: Source, work: Work) -> tuple[str, str]:
    """Where the index of a clean reading stands, and where that of one with failed pages (which may differ with the limits)."""
    key = work.extract_key(source)
    return key, content_key(key, work.limits)


def _known_extraction(source: Source, work: Work) -> Extraction | None:
    for key in _extraction_keys(source, work):
        found = work.store.get(_EXTRACTION_STAGE, key, Extraction)
        if found is not None:
            return found
    return None


def _remember_extraction(source: Source, work: Work, extraction: Extraction) -> None:
    clean, limited = _extraction_keys(source, work)
    work.store.put(_EXTRACTION_STAGE, limited if extraction.failed else clean, extraction, Extraction)


def _forget_extraction(source: Source, work: Work) -> None:
    for key in _extraction_keys(source, work):
        work.store.delete(_EXTRACTION_STAGE, key)


# --------------------------------------------------------------------------------------------------------------------------- quarantine


def quarantined(source: Source, work: Work) -> str | None:
    """Why the document is in quarantine, or None where it is not, or not any more for these bytes, this code and these limits."""
    try:
        record = json.loads((work.settings.quarantine_dir / f"{source.id}.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return str(record["alasan"]) if isinstance(record, dict) and record.get("kunci") == work.quarantine_key(source) else None


def quarantine(source: Source, work: Work, stage: str, reason: str) -> DocumentResult:
    record: dict[str, Any] = {
        "dokumen_id": source.id,
        "nama_berkas": source.file_name,
        "sha256": source.sha256,
        "tahap": stage,
        "alasan": reason,
        "kunci": work.quarantine_key(source),
    }
    text = json.dumps(record, ensure_ascii=False, indent=1) + "\n"
    write_atomically(work.settings.quarantine_dir / f"{source.id}.json", text.encode())
    return DocumentResult(source, "karantina", reason, fresh=True)


def release_others(results: Iterable[DocumentResult], work: Work) -> None:
    """Leaves those in quarantine that are there as the results tell: not those that were read well, nor those of earlier runs alone."""
    waiting = {f"{result.source.id}.json" for result in results if result.status == "karantina"}
    for path in work.settings.quarantine_dir.glob("*.json"):
        if _RECORD.fullmatch(path.name) and path.name not in waiting:
            path.unlink(missing_ok=True)


# ---------------------------------------------------------------------------------------------------------------------------- many at once


@dataclass(slots=True)
class _Running:
    source: Source
    task: Task
    tickets: list[int]
    outcomes: dict[int, Outcome]


def drive(sources: Iterable[Source], work: Work, pool: Pool, abreast: int) -> Iterator[DocumentResult]:
    """Processes the sources on a pool, `abreast` documents at a time, and yields each result as soon as it is there."""
    waiting = iter(sources)
    running: dict[int, _Running] = {}  # by ticket
    active = 0

    def advance(entry: _Running, outcomes: list[Outcome] | None) -> DocumentResult | None:
        try:
            jobs = next(entry.task) if outcomes is None else entry.task.send(outcomes)
        except StopIteration as end:
            result: DocumentResult = end.value
            return result
        entry.tickets = [pool.submit(job) for job in jobs]
        entry.outcomes = {}
        running.update(dict.fromkeys(entry.tickets, entry))
        return None

    while True:
        while active < abreast and (source := next(waiting, None)) is not None:
            result = advance(_Running(source, process(source, work), [], {}), None)
            if result is None:
                active += 1
            else:
                yield result
        if not running:
            return
        for ticket, outcome in pool.wait():
            if outcome.failure is not None and outcome.failure.cause == StorageError.__name__:
                raise StorageError(outcome.failure.reason)  # the disk's fault, not the document's
            entry = running.pop(ticket)
            entry.outcomes[ticket] = outcome
            if len(entry.outcomes) == len(entry.tickets):
                result = advance(entry, [entry.outcomes[ticket] for ticket in entry.tickets])
                if result is not None:
                    active -= 1
                    yield result
