"""Running the jobs on an existing Dask cluster: the same jobs, with the same limits, on other machines.

Every Dask worker must see the same folders under the same names (a shared file system) and have the same version of this project. Each
job runs in a protected process below the Dask worker, so that a bad document costs itself and not the Dask worker; a Dask worker that
dies costs nothing, its jobs run on another one.
"""

from __future__ import annotations

import queue
import threading
from importlib import metadata
from typing import Any

from pipeline.settings import Settings
from pipeline.workers import FailureKind, Job, JobFailure, OnBeat, Outcome, WorkerPool

_CONNECT_SECONDS = 30
_local = threading.local()  # the protected process of each thread of a Dask worker


class EngineError(Exception):
    """The engine cannot be used; the message is one clear line."""


class DaskPool:
    """A pool over a Dask cluster. Jobs that are under way are spread by its scheduler; those beyond wait here."""

    def __init__(self, settings: Settings, on_beat: OnBeat) -> None:
        try:
            from distributed import Client
        except ImportError as error:
            raise EngineError("the engine dask needs an extra: pip install -e '.[dask]' in the project's folder") from error
        if not settings.engine_address:
            raise EngineError("the engine dask needs the address of a scheduler (--address tcp://HOST:8786)")
        self._settings = settings
        try:
            self._client = Client(settings.engine_address, timeout=_CONNECT_SECONDS, set_as_default=False)
        except (OSError, TimeoutError, ValueError) as error:
            raise EngineError(f"no Dask scheduler answers at {settings.engine_address}: {error}") from error
        self._ended: queue.SimpleQueue[tuple[int, Any]] = queue.SimpleQueue()
        self._futures: dict[int, Any] = {}
        self._next_ticket = 0
        try:
            self._check_workers()
        except EngineError:
            self._client.close()
            raise

    def submit(self, job: Job) -> int:
        """Hands a job to the cluster; the ticket comes back from `wait` with its outcome."""
        ticket = self._next_ticket
        self._next_ticket += 1
        future = self._client.submit(run_protected, job, self._settings, pure=False, retries=2)
        self._futures[ticket] = future
        future.add_done_callback(lambda done: self._ended.put((ticket, done)))
        return ticket

    def wait(self) -> list[tuple[int, Outcome]]:
        """Blocks until at least one job has ended; empty only where none is under way."""
        if not self._futures:
            return []
        ended = [self._next_ended()]
        while not self._ended.empty():
            ended.append(self._ended.get())
        return [(ticket, self._outcome(ticket, future)) for ticket, future in ended]

    def close(self) -> None:
        """Takes back what is under way and leaves the cluster as it was."""
        for future in self._futures.values():
            future.cancel()
        self._futures.clear()
        self._client.close()

    def _next_ended(self) -> tuple[int, Any]:
        while True:
            try:
                return self._ended.get(timeout=_CONNECT_SECONDS)
            except queue.Empty:
                if self._client.status != "running":
                    raise EngineError(f"the Dask scheduler at {self._settings.engine_address} is gone") from None

    def _outcome(self, ticket: int, future: Any) -> Outcome:
        del self._futures[ticket]
        if future.status == "finished":
            outcome: Outcome = future.result()
            return outcome
        if future.status in ("cancelled", "lost"):
            raise EngineError(f"the Dask scheduler at {self._settings.engine_address} lost a job ({future.status})")
        error = future.exception()
        cause = type(error).__name__
        reason = "proses pembaca mati berulang kali (KilledWorker)" if cause == "KilledWorker" else str(error)[:500] or cause
        return Outcome(failure=JobFailure(FailureKind.DIED, reason, cause))

    def _check_workers(self) -> None:
        """Another version of this project on a worker would write other results under the same keys."""
        self._client.wait_for_workers(1, timeout=_CONNECT_SECONDS)
        mine = metadata.version("renja")
        for worker, theirs in self._client.run(_version_there).items():
            if theirs != mine:
                raise EngineError(f"Dask worker {worker} has renja {theirs}, here it is {mine}")


def _version_there() -> str:
    return metadata.version("renja")


def run_protected(job: Job, settings: Settings) -> Outcome:
    """Runs a job in a protected process of its own; called in a thread of a Dask worker, which keeps the process for the next job."""
    pool: WorkerPool | None = getattr(_local, "pool", None)
    if pool is None or pool.settings != settings.model_copy(update={"workers": 1}):
        if pool is not None:
            pool.close()
        pool = _local.pool = WorkerPool(settings.model_copy(update={"workers": 1}))
    pool.submit(job)
    ((_, outcome),) = pool.wait()
    return outcome
