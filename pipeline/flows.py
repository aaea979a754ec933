"""The Prefect flows: the same run, seen and scheduled by an orchestrator. Nothing else imports Prefect.

One document is one mapped task. What travels between tasks are small references; the results themselves stand in our own store, which
knows by content what is done. Prefect's caching is off: by inputs alone it gives wrong data here.
"""

from __future__ import annotations

import queue
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

from prefect import flow, get_run_logger, task, unmapped
from prefect.artifacts import create_link_artifact, create_markdown_artifact, create_table_artifact
from prefect.blocks.core import Block
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import ConcurrencyLimitConfig, ConcurrencyLimitStrategy
from prefect.events import emit_event
from prefect.futures import PrefectFuture
from prefect.schedules import Cron
from prefect.task_runners import TaskRunner, ThreadPoolTaskRunner

from pipeline.diff import ADDED, CHANGES_FILE
from pipeline.documents import is_done
from pipeline.history import Recorder
from pipeline.inputs import Source
from pipeline.logs import log_to
from pipeline.publish import exclusive
from pipeline.results import DocumentResult
from pipeline.run import Plan, RunResult, conclude, finish, known_result, plan, process_all
from pipeline.settings import Settings
from pipeline.snapshot import findings, rows
from pipeline.workers import Pool

SOURCES = Path("sources.yml")
_SHOWN = 100  # rows of a table in the UI
_RUNNER = cast("TaskRunner[PrefectFuture[Any]]", ThreadPoolTaskRunner(max_workers=Settings().workers))


class Session:
    """One run's plan and its workers, lent to one task at a time; opaque to Prefect, which looks into containers and dataclasses."""

    def __init__(self, prepared: Plan) -> None:
        self.prepared = prepared.with_workers(1)
        self._idle: queue.LifoQueue[Pool] = queue.LifoQueue()

    @contextmanager
    def pool(self) -> Iterator[Pool]:
        """A pool with one worker; one whose task failed is not lent again."""
        try:
            pool = self._idle.get_nowait()
        except queue.Empty:
            pool = self.prepared.new_pool()
        try:
            yield pool
        except BaseException:
            pool.close()
            raise
        self._idle.put(pool)

    def close(self) -> None:
        while not self._idle.empty():
            self._idle.get_nowait().close()


@task(name="pull", cache_policy=NO_CACHE, persist_result=False)
def pull_sources(file: Path, raw: Path) -> dict[str, int]:
    """Fetches what is new; how many documents ended in which state. A source that fails is told, and the rest goes on."""
    from pipeline.sources import Fetcher, Outcome, Pull, load_sources

    told = get_run_logger()
    shown: list[dict[str, str]] = []

    def hear(outcome: Outcome) -> None:
        if outcome.state == "unchanged":
            return
        told.log(30 if outcome.state == "failed" else 20, "%s: %s is %s %s", outcome.source, outcome.uri, outcome.state, outcome.reason)
        shown.append({"source": outcome.source, "uri": outcome.uri, "state": outcome.state, "reason": outcome.reason})

    with exclusive(raw), Fetcher() as fetcher:
        count: Counter[str] = Pull(load_sources(file), raw, fetcher).run(hear)
    create_table_artifact(
        shown[:_SHOWN], key="pulled", description=", ".join(f"{number} {state}" for state, number in sorted(count.items()))
    )
    return dict(count)


@task(name="document", task_run_name="{source.file_name}", cache_policy=NO_CACHE, persist_result=False)
def process_document(source: Source, session: Session) -> DocumentResult:
    """One document in a worker process; a bad one ends in quarantine, not in an error."""
    with session.pool() as pool:
        (result,) = process_all([source], session.prepared, pool)
    if result.status == "karantina":
        get_run_logger().warning("%s is in quarantine: %s", source.file_name, result.reason)
    return result


@task(name="reconcile and publish", cache_policy=NO_CACHE, persist_result=False)
def publish_results(prepared: Plan, results: Sequence[DocumentResult], record: Recorder) -> RunResult:
    """Audits and publishes what the documents gave."""
    with prepared.open_pool() as pool:
        return finish(prepared, results, pool, record)


@flow(name="ingest", task_runner=_RUNNER, persist_result=False, validate_parameters=False)
def ingest(
    paths: list[Path] | None = None,
    clean: Path | None = None,
    sources: Path | None = None,
    accepted: dict[str, str] | None = None,
) -> RunResult:
    """Pulls `sources` where given, processes the PDFs that `paths` name (default: data/raw), one task a document, and publishes once.

    `accepted` says by gate why what it sees is right. The documents whose results are in the store already need no task.
    """
    settings = Settings() if clean is None else Settings(clean_dir=Path(clean))
    log_to(settings.log_dir)
    if sources is not None:
        pull_sources(Path(sources), settings.raw_dir)
    prepared = plan([Path(path) for path in paths or []], settings, accepted=accepted)
    with exclusive(settings.clean_dir), prepared.started() as record:
        result = known_result(prepared)
        if result is None:
            record.stage("process")
            results = _processed(prepared)
            result = publish_results(prepared, results, record)
        conclude(record, result)
    for place in result.stray_corrections:
        get_run_logger().warning("correction %s is for none of the documents", place)
    show(result)
    if result.published.new:
        announce(result, settings.notify_blocks)
    return result


@flow(name="nightly", task_runner=_RUNNER, persist_result=False, validate_parameters=False)
def nightly(sources: Path | None = None, clean: Path | None = None) -> RunResult:
    """The whole night: pull (where there is a sources file), process, reconcile, publish, report."""
    file = Path(sources) if sources is not None else SOURCES if SOURCES.is_file() else None
    return ingest(clean=clean, sources=file)


def _processed(prepared: Plan) -> list[DocumentResult]:
    """The results of all documents; those that have to be worked on are mapped tasks."""
    waiting: list[Source] = []
    at_hand: list[Source] = []
    for source in prepared.sources:
        (at_hand if is_done(source, prepared.work) else waiting).append(source)
    session = Session(prepared)
    try:
        worked: list[DocumentResult] = process_document.map(waiting, unmapped(session)).result() if waiting else []
        with session.pool() as pool:
            return [*worked, *process_all(at_hand, prepared, pool)]
    finally:
        session.close()


# -------------------------------------------------------------------------------------------------------------------------- what is told


def show(result: RunResult) -> None:
    """The artifacts of a run in the Prefect UI: the documents, the weightiest findings, where the report is."""
    snapshot = result.published.path
    create_table_artifact(
        [
            {
                "document": document.file,
                "status": document.status,
                "tables": document.tables,
                "lines": document.lines,
                "checked": "" if document.share_checked is None else f"{document.share_checked:.0%}",
                "errors": document.errors,
                "warnings": document.warnings,
                "reason": document.reason or "",
            }
            for document in sorted(result.documents, key=lambda one: (one.status != "karantina", -one.errors, one.file))[:_SHOWN]
        ],
        key="documents",
        description=f"{result.published.version}: {len(result.documents)} documents, {result.quarantined} in quarantine",
    )
    found = findings(snapshot, levels=("galat", "peringatan"))
    shown = [{name: row[name] for name in ("nama_berkas", "halaman", "tingkat", "aturan", "pesan")} for row in found[:_SHOWN]]
    create_table_artifact(shown, key="findings", description=f"{len(found)} errors and warnings, the weightiest first")
    create_link_artifact(result.report.absolute().as_uri(), key="report", link_text=f"Report of {result.published.version}")
    files = "\n".join(f"- `{path.name}`" for path in sorted(snapshot.iterdir()))
    create_markdown_artifact(f"# {result.published.version}\n\nIn `{snapshot}`:\n\n{files}\n", key="snapshot")


def new_errors(snapshot: Path) -> list[Mapping[str, Any]]:
    """The findings of level galat that the snapshot before did not have; all of them in a first snapshot."""
    changes = snapshot / CHANGES_FILE
    found: list[Mapping[str, Any]] = list(findings(snapshot, levels=("galat",)))
    if not changes.exists():
        return found
    added = {row["id"] for row in rows(snapshot, "perubahan") if row["tabel"] == "temuan" and row["perubahan"] == ADDED}
    return [row for row in found if row["temuan_id"] in added]


def announce(result: RunResult, blocks: Sequence[str]) -> None:
    """Tells of new errors: an event `renja.new-errors` for automations, and a message through each notification block (`type/name`)."""
    errors = new_errors(result.published.path)
    if not errors:
        return
    subject = f"renja {result.published.version}: {len(errors)} galat baru"
    lines = [f"- {row['nama_berkas']} hlm. {row['halaman']}: {row['pesan']}" for row in errors[:20]]
    body = "\n".join([subject, *lines, f"Laporan: {result.report.absolute()}"])
    emit_event(
        "renja.new-errors",
        resource={"prefect.resource.id": f"renja.snapshot.{result.published.version}"},
        payload={"count": len(errors), "findings": [row["temuan_id"] for row in errors]},
    )
    for name in blocks:
        try:
            cast("Any", Block.load(name)).notify(body, subject)
        except Exception as error:  # noqa: BLE001  # whatever a mail or web server answers, the dataset is published
            get_run_logger().error("could not notify through %s: %s", name, error)


def serve_nightly(cron: str, timezone: str, *, sources: Path | None, clean: Path) -> None:
    """Serves the nightly flow on a schedule until it is stopped. A run that is due while another goes on is cancelled, not queued."""
    parameters: dict[str, Any] = {"clean": str(clean)}
    if sources is not None:
        parameters["sources"] = str(sources)
    one = ConcurrencyLimitConfig(limit=1, collision_strategy=ConcurrencyLimitStrategy.CANCEL_NEW)
    serve = cast("Callable[..., None]", nightly.serve)
    serve(name="nightly", schedule=Cron(cron, timezone=timezone), parameters=parameters, limit=1, global_limit=one)
