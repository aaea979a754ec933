"""The Prefect flows: the same run, seen and scheduled by an orchestrator. Nothing else imports Prefect.

One document is one mapped task. What travels between tasks are small references; the results themselves stand in our own store, which
knows by content what is done. Prefect's caching is off: by inputs alone it gives wrong data here.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

from prefect import flow, get_run_logger, task, unmapped
from prefect.artifacts import create_table_artifact
from prefect.cache_policies import NO_CACHE
from prefect.futures import PrefectFuture
from prefect.task_runners import TaskRunner, ThreadPoolTaskRunner

from pipeline.inputs import Source
from pipeline.jobs import DocumentResult
from pipeline.publish import exclusive
from pipeline.run import Plan, RunResult, finish, known_result, plan, process_all
from pipeline.settings import Settings, available_cores

_RUNNER = cast("TaskRunner[PrefectFuture[Any]]", ThreadPoolTaskRunner(max_workers=available_cores()))


@task(name="document", task_run_name="{source.file_name}", cache_policy=NO_CACHE, persist_result=False)
def process_document(source: Source, prepared: Plan) -> DocumentResult:
    """One document in worker processes of its own; a bad one ends in quarantine, not in an error."""
    with prepared.open_pool() as pool:
        (result,) = process_all([source], prepared, pool)
    if result.status == "karantina":
        get_run_logger().warning("%s is in quarantine: %s", source.file_name, result.reason)
    return result


@task(name="reconcile and publish", cache_policy=NO_CACHE, persist_result=False)
def publish_results(prepared: Plan, results: Sequence[DocumentResult]) -> RunResult:
    """Audits and publishes what the documents gave."""
    with prepared.open_pool() as pool:
        return finish(prepared, results, pool)


@flow(name="ingest", task_runner=_RUNNER, persist_result=False)
def ingest(paths: list[Path] | None = None, clean: Path | None = None) -> RunResult:
    """Processes the PDFs that `paths` name (default: data/raw), one task a document, and publishes once to `clean`."""
    settings = Settings() if clean is None else Settings(clean_dir=clean)
    prepared = plan(paths or [], settings)
    with exclusive(settings.clean_dir):
        result = known_result(prepared)
        if result is None:
            alone = prepared.with_workers(1)
            documents = process_document.map(list(prepared.sources), unmapped(alone)).result()
            result = publish_results(prepared, documents)
    _show(result)
    return result


def _show(result: RunResult) -> None:
    """The summary table as an artifact in the Prefect UI."""
    rows = [
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
        for document in result.documents
    ]
    create_table_artifact(rows, key="documents", description=f"{result.published.version}: {result.report}")
