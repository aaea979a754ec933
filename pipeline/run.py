"""A run over many documents: from paths to a published dataset. The command line and the flows both call this."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from pipeline.documents import Work, drive, release_others
from pipeline.gates import HeldBack, judge
from pipeline.history import End, Recorder
from pipeline.inputs import InputError, Source, find_sources
from pipeline.logs import logger
from pipeline.overrides import load_overrides
from pipeline.publish import InvalidDataset, Published, PublishError, broken_files, current, exclusive, publish
from pipeline.results import DocumentResult, Fingerprints
from pipeline.settings import Settings
from pipeline.stages import fingerprints, publishing_fingerprint
from pipeline.state import read_state, write_state
from pipeline.store import content_key
from pipeline.summary import DocumentSummary, summaries
from pipeline.workers import Job, JobFailure, OnBeat, Pool, WorkerPool, ignore_beat

if TYPE_CHECKING:
    from pipeline.groups import Reconciled
    from pipeline.layout import Tables

REPORT_FOLDER = "laporan"
_ATTEMPTS = 3


@dataclass(frozen=True, slots=True)
class Parts:
    """What a run is composed of; tests put in their own.

    `jobs` is the module whose functions the workers call, `pool` makes the workers (settings, what to call for each page read).
    """

    fingerprints: Callable[[Settings], Fingerprints]
    jobs: str = "pipeline.jobs"
    pool: Callable[[Settings, OnBeat], Pool] = WorkerPool


def real_parts() -> Parts:
    """The stages of this project; heavy libraries are imported when a part is used."""
    return Parts(fingerprints, pool=_pool)


def _pool(settings: Settings, on_beat: OnBeat) -> Pool:
    if settings.engine == "dask":
        from pipeline.engine import DaskPool

        return DaskPool(settings, on_beat)
    return WorkerPool(settings, on_beat)


class Listener:
    """Hears how a run goes; this one ignores it all. The command line draws a progress bar with it."""

    def planned(self, documents: int) -> None:
        """How many documents there are."""

    def page(self) -> None:
        """One page was read."""

    def done(self, result: DocumentResult) -> None:
        """A document is finished, well or not."""

    def stage(self, name: str) -> None:
        """A stage over all documents begins: `reconcile` or `publish`."""


@dataclass(frozen=True, slots=True)
class Plan:
    """The documents of a run and everything its outcome depends on."""

    sources: tuple[Source, ...]
    work: Work
    parts: Parts
    accepted: Mapping[str, str] = field(default_factory=dict)  # gate -> why what it sees is right

    @property
    def settings(self) -> Settings:
        return self.work.settings

    def started(self) -> Recorder:
        """The manifest of a run of this plan."""
        prints = {name: value[:16] for name, value in asdict(self.work.fingerprints).items()}
        return Recorder(self.settings.clean_dir, len(self.sources), prints, self.settings.model_dump(mode="json"))

    @property
    def stray_corrections(self) -> tuple[str, ...]:
        """The places of corrections that are for none of the documents."""
        return self.work.overrides.for_none_of(self.sources)

    def open_pool(self, on_beat: OnBeat = ignore_beat) -> closing[Pool]:
        """The workers of this run, as a context that ends them in any event."""
        return closing(self.new_pool(on_beat))

    def new_pool(self, on_beat: OnBeat = ignore_beat) -> Pool:
        """The workers of this run, for the caller to close."""
        return self.parts.pool(self.settings, on_beat)

    def with_workers(self, workers: int) -> Plan:
        """The same plan for another number of worker processes; its key stays."""
        return replace(self, work=replace(self.work, settings=self.settings.model_copy(update={"workers": workers})))

    @property
    def key(self) -> str:
        """Two runs with the same key publish the same content."""
        prints = self.work.fingerprints
        inputs = [source.identity for source in self.sources]
        options = (self.work.overrides.fingerprint(), str(self.settings.chunk_pages), str(self.settings.partitioned))
        return content_key(*inputs, *asdict(prints).values(), self.work.code, self.work.limits, *options)


@dataclass(frozen=True, slots=True)
class RunResult:
    """What a run ended with. `changed` is False where nothing had to be done."""

    published: Published
    documents: tuple[DocumentSummary, ...]
    changed: bool
    fresh: int = 0  # documents that were processed in this run
    stray_corrections: tuple[str, ...] = ()  # places of corrections that are for none of the documents

    @property
    def quarantined(self) -> int:
        return sum(document.status == "karantina" for document in self.documents)

    @property
    def latest(self) -> Path:
        """The link that always names the newest dataset."""
        return self.published.path.parent.parent / "latest"

    @property
    def report(self) -> Path:
        return self.latest / REPORT_FOLDER / "index.html"


def plan(paths: Sequence[Path], settings: Settings, parts: Parts | None = None, accepted: Mapping[str, str] | None = None) -> Plan:
    """Finds the documents and what the stages depend on; `InputError` for paths or corrections that cannot be used."""
    parts = parts or real_parts()
    settings = settings.anchored() if settings.engine != "local" else settings
    if not paths and not settings.raw_dir.exists():
        raise InputError(f"there is no folder {settings.raw_dir} here; name PDFs or folders, or go to the folder that has it")
    sources = find_sources(paths or [settings.raw_dir])
    try:
        overrides = load_overrides(settings.overrides_dir)
    except ValueError as error:
        raise InputError(f"corrections in {settings.overrides_dir}: {error}") from error
    work = Work(settings, parts.fingerprints(settings), publishing_fingerprint(), parts.jobs, overrides)
    return Plan(sources, work, parts, accepted or {})


def run(
    paths: Sequence[Path],
    settings: Settings,
    *,
    parts: Parts | None = None,
    listener: Listener | None = None,
    accepted: Mapping[str, str] | None = None,
) -> RunResult:
    """The whole job: plan, process, reconcile, publish. Nothing is done again that was done before from the same bytes and code.

    `accepted` says by gate why what it sees is right. Raises `InputError` for unusable paths, `HeldBack` where a gate does not let the
    tables pass and `PublishError` where nothing could be published; documents that fail do not raise, they are in quarantine.
    """
    listener = listener or Listener()
    prepared = plan(paths, settings, parts, accepted)
    with exclusive(settings.clean_dir), prepared.started() as record:
        result = known_result(prepared)
        if result is None:
            listener.planned(len(prepared.sources))
            record.stage("process")
            with prepared.open_pool(_heard(listener)) as pool:
                results = process_all(prepared.sources, prepared, pool, listener)
                result = finish(prepared, results, pool, record, listener)
        conclude(record, result)
        return result


def _heard(listener: Listener) -> OnBeat:
    log = logger()

    def on_beat(job: Job, number: int) -> None:
        log.info("page", dokumen_id=job.document, page=number)
        listener.page()

    return on_beat


def conclude(record: Recorder, result: RunResult) -> None:
    """Tells the manifest how the run ended."""
    end = End.UNCHANGED if not result.changed else End.PUBLISHED if result.published.new else End.SAME
    record.manifest.versi, record.manifest.diproses = result.published.version, result.fresh
    record.manifest.karantina = result.quarantined
    record.end(end)


def process_all(sources: Iterable[Source], prepared: Plan, pool: Pool, listener: Listener | None = None) -> list[DocumentResult]:
    """Processes documents on the pool, some at a time."""
    listener = listener or Listener()
    results = []
    for result in drive(sources, prepared.work, pool, abreast=2 * prepared.settings.workers):
        said = {"status": result.status, "reason": result.reason, "fresh": result.fresh}
        logger().info("document", dokumen_id=result.source.id, file=result.source.file_name, **said)
        listener.done(result)
        results.append(result)
    return results


def finish(prepared: Plan, results: Sequence[DocumentResult], pool: Pool, record: Recorder, listener: Listener | None = None) -> RunResult:
    """Reconciles and publishes what was processed. A document that breaks the description of a table goes to quarantine, the rest go on."""
    from pipeline.groups import reconcile, reject

    listener = listener or Listener()
    settings, work = prepared.settings, prepared.work
    for attempt in range(_ATTEMPTS):
        listener.stage("reconcile")
        record.stage("reconcile")
        reconciled = reconcile(results, work, pool)
        listener.stage("publish")
        record.stage("publish")
        try:
            published, told = _publish(prepared, reconciled, pool, record)
        except InvalidDataset as error:
            reasons = _reasons(error)
            if not reasons.keys() & {result.source.id for result in results if result.key is not None} or attempt == _ATTEMPTS - 1:
                raise
            results = reject(reconciled.results, work, reasons)
            continue
        break
    release_others(reconciled.results, work)
    fresh = sum(result.fresh for result in reconciled.results)
    logger().info("published", version=published.version, new=published.new, documents=len(told), fresh=fresh)
    write_state(settings.clean_dir, prepared.key, published.version, told)
    return RunResult(published, told, changed=True, fresh=fresh, stray_corrections=prepared.stray_corrections)


def _reasons(error: InvalidDataset) -> dict[str, str]:
    """Why a document cannot be published, by id."""
    guilty = {document for failure in error.failures for document in failure.documents}
    return {
        document: f"tabel melanggar uraiannya: {'; '.join(str(failure) for failure in error.failures if document in failure.documents)}"
        for document in guilty
    }


def _publish(prepared: Plan, reconciled: Reconciled, pool: Pool, record: Recorder) -> tuple[Published, tuple[DocumentSummary, ...]]:
    """Publishes the rows of all documents; what stands at `latest` now, and a summary of each document."""
    settings = prepared.settings
    paths = {source.id: source.path for source in prepared.sources}
    previous = current(settings.clean_dir)

    told: list[DocumentSummary] = []

    def batches() -> Iterator[Tables]:
        for tables in reconciled.batches(partitioned=settings.partitioned):
            told.extend(summaries(tables))
            yield tables

    def gate(documents: pa.Table) -> None:
        stops = judge(previous, documents, settings, prepared.accepted)
        record.gates(stops)
        closed = [stop for stop in stops if stop.reason is None]
        if closed:
            raise HeldBack(closed)

    def complete(folder: Path, version: str) -> None:
        if previous is not None:
            _write_changes(prepared, folder, version, previous, pool)
        record.describe_snapshot(folder, version)
        write_report(prepared, folder, paths, previous, pool)

    published = publish(
        batches(),
        settings.clean_dir,
        today=datetime.now().astimezone().date(),
        keep=settings.keep_snapshots,
        gate=gate,
        finish=complete,
        finish_key=prepared.work.fingerprints.report,
        partitioned=settings.partitioned,
    )
    return published, tuple(sorted(told, key=lambda summary: summary.id))


def _write_changes(prepared: Plan, folder: Path, version: str, previous: Path, pool: Pool) -> None:
    """Writes what changed since the snapshot before; in a worker, whose memory is given back."""
    failure = _in_worker(prepared, "write_changes", (previous, folder, version), len(prepared.sources), pool)
    if failure is not None:
        raise PublishError(f"not published, the changes could not be written: {failure.reason}")


def write_report(prepared: Plan, folder: Path, sources: Mapping[str, Path], previous: Path | None, pool: Pool) -> None:
    """Writes the report in a worker, since it draws pages; where a page kills it, once more without pictures."""
    failure = None
    for pictures in (sources, {}):
        failure = _in_worker(prepared, "write_report", (folder, folder / REPORT_FOLDER, pictures, previous), len(sources), pool)
        if failure is None:
            return
        logger().error("report failed", reason=failure.reason, cause=failure.cause, pictures=bool(pictures))
    raise PublishError(f"not published, the report could not be written: {failure.reason if failure else ''}")


def _in_worker(prepared: Plan, name: str, arguments: tuple[Any, ...], documents: int, pool: Pool) -> JobFailure | None:
    """Runs one job over all documents; why it failed, or None."""
    pool.submit(Job(f"{prepared.work.jobs}:{name}", arguments, prepared.settings.seconds_per_document * max(1, documents)))
    ((_, outcome),) = pool.wait()
    return outcome.failure


def known_result(prepared: Plan) -> RunResult | None:
    """The result of the last run where this one would publish the same, and the snapshot is whole; else None."""
    clean = prepared.settings.clean_dir
    state = read_state(clean)
    snapshot = current(clean)
    if state is None or snapshot is None or state.key != prepared.key or state.version != snapshot.name or broken_files(snapshot):
        return None
    waiting = {summary.id for summary in state.documents if summary.status == "karantina"}
    if any(not (prepared.settings.quarantine_dir / f"{document}.json").exists() for document in waiting):
        return None  # somebody took a document out of quarantine: try it again
    published = Published(snapshot, snapshot.name, new=False)
    return RunResult(published, state.documents, changed=False, stray_corrections=prepared.stray_corrections)
