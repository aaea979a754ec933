"""Worker processes with limits of memory and time; a task that kills its worker costs that task and nothing else."""

from __future__ import annotations

import contextlib
import importlib
import os
import resource
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from multiprocessing import Pipe
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any, Protocol

from pipeline.settings import Settings, available_cores

_PARENT_WATCH_SECONDS = 2.0
_CPU_PER_WALL = 4  # CPU seconds allowed for one second of wall clock: the backstop where the parent cannot act
_START_SECONDS = 60.0  # for a new process to import the code of its first job


class FailureKind(StrEnum):
    RAISED = "galat"
    TIME = "waktu"
    MEMORY = "memori"
    DIED = "mati"


@dataclass(frozen=True, slots=True)
class JobFailure:
    """Why a job gave no value: an Indonesian phrase for people, the exception's own name (or stable cause), the last sign of life."""

    kind: FailureKind
    reason: str
    cause: str = ""
    last_beat: int | None = None


@dataclass(frozen=True, slots=True)
class Job:
    """A function to call in a worker (`package.module:name`) with picklable arguments.

    `seconds` is the longest time on the wall clock between two signs of life (`beat`), from the start to the end; `document` the id of
    the document that it is for, where it is for one.
    """

    target: str
    arguments: tuple[Any, ...]
    seconds: float
    document: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a job gave: its value, or why there is none."""

    value: Any = None
    failure: JobFailure | None = None


OnBeat = Callable[[Job, int], None]  # the job, the number that it beats with


def ignore_beat(job: Job, number: int) -> None:
    """For who does not care how far a job is."""


class Pool(Protocol):
    """Anything that runs jobs: local processes, or an engine on other machines."""

    def submit(self, job: Job) -> int: ...

    def wait(self) -> list[tuple[int, Outcome]]: ...

    def close(self) -> None: ...


# ---------------------------------------------------------------------------------------------------------------- in the worker process


@dataclass(frozen=True, slots=True)
class _Setup:
    path: tuple[str, ...]
    memory_mb: int


_channel: Connection | None = None
_allowed_seconds = 0.0


def beat(number: int) -> None:
    """A sign of life from inside a job, e.g. the page that was just read; outside a worker it does nothing."""
    if _channel is not None:
        _limit_cpu(_allowed_seconds)
        _channel.send(("beat", number))


def serve(descriptor: int) -> None:
    """The worker's main loop: runs jobs until the other end of the pipe is closed."""
    global _channel, _allowed_seconds
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    channel = _channel = Connection(descriptor)
    setup: _Setup = channel.recv()
    sys.path[:] = setup.path
    _limit_memory(setup.memory_mb)
    threading.Thread(target=_leave_with_parent, args=(os.getppid(),), daemon=True).start()
    while True:
        try:
            job: Job = channel.recv()
        except EOFError:
            return
        _allowed_seconds = job.seconds
        _limit_cpu(job.seconds)
        outcome = call(job, setup.memory_mb, lambda: channel.send(("start",)))
        channel.send(("done", outcome, _resident_mb()))
        if outcome.failure is not None and outcome.failure.kind is FailureKind.MEMORY:
            return


def call(job: Job, memory_mb: int, started: Callable[[], None] = lambda: None) -> Outcome:
    """Runs a job in this process; what it raises becomes a failure. `started` is called once its code is imported."""
    try:
        module, _, name = job.target.partition(":")
        function = getattr(importlib.import_module(module), name)
        started()
        return Outcome(value=function(*job.arguments))
    except MemoryError:
        return Outcome(failure=JobFailure(FailureKind.MEMORY, f"melewati batas memori {memory_mb} MB", "MemoryError"))
    except Exception as error:  # noqa: BLE001  # the boundary: whatever a document provokes is carried to the parent as a value
        cause = str(getattr(error, "cause", type(error).__name__))
        said = str(error).encode("utf-8", "replace").decode()  # a file's name may hold what is no text
        text = " ".join(said.split())[:500] or type(error).__name__
        return Outcome(failure=JobFailure(FailureKind.RAISED, text, cause))


def _limit_memory(megabytes: int) -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    wanted = megabytes * 1024 * 1024
    with contextlib.suppress(ValueError, OSError):  # a system without this limit, or with a lower one
        resource.setrlimit(resource.RLIMIT_AS, (wanted if hard == resource.RLIM_INFINITY else min(wanted, hard), hard))


def _limit_cpu(seconds: float) -> None:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(usage.ru_utime + usage.ru_stime + seconds * _CPU_PER_WALL) + 1
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CPU, (soft if hard == resource.RLIM_INFINITY else min(soft, hard), hard))


def _resident_mb() -> int:
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
    except (OSError, IndexError, ValueError):
        return 0
    return pages * resource.getpagesize() // (1024 * 1024)


def _leave_with_parent(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(_PARENT_WATCH_SECONDS)
    os.killpg(os.getpgrp(), signal.SIGKILL)


# ---------------------------------------------------------------------------------------------------------------- in the parent process


@dataclass(slots=True)
class _Worker:
    process: subprocess.Popen[bytes]
    channel: Connection
    ticket: int = -1
    job: Job | None = None
    deadline: float = 0.0
    last_beat: int | None = None
    fresh: bool = True

    def start(self, ticket: int, job: Job) -> None:
        self.ticket, self.job, self.last_beat = ticket, job, None
        self.extend(_START_SECONDS if self.fresh else 0.0)
        self.channel.send(job)
        self.fresh = False

    def extend(self, extra: float = 0.0) -> None:
        assert self.job is not None
        self.deadline = time.monotonic() + self.job.seconds + extra

    def kill(self) -> None:
        """Ends the worker and whatever it started (its process group)."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.channel.close()


@dataclass(slots=True)
class WorkerPool:
    """Up to `settings.workers` processes, started when needed, used again, and replaced when they die or grow too large.

    `on_beat(job, number)` hears every sign of life. Not for use by several threads at once. Close it (or use `with`) in any event:
    that kills all workers.
    """

    settings: Settings
    on_beat: OnBeat = ignore_beat
    _waiting: deque[tuple[int, Job]] = field(default_factory=deque)
    _workers: list[_Worker] = field(default_factory=list)
    _idle: list[_Worker] = field(default_factory=list)
    _next_ticket: int = 0

    def __enter__(self) -> WorkerPool:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def submit(self, job: Job) -> int:
        """Queues a job; the ticket comes back from `wait` with its outcome."""
        ticket = self._next_ticket
        self._next_ticket += 1
        self._waiting.append((ticket, job))
        self._fill()
        return ticket

    def wait(self) -> list[tuple[int, Outcome]]:
        """Blocks until at least one job has ended; empty only where none is under way."""
        done: list[tuple[int, Outcome]] = []
        while not done and self._workers:
            timeout = max(0.0, min(worker.deadline for worker in self._workers) - time.monotonic())
            ready = wait([worker.channel for worker in self._workers], timeout)
            for worker in [worker for worker in self._workers if worker.channel in ready]:
                done.extend(self._receive(worker))
            now = time.monotonic()
            for worker in [worker for worker in self._workers if worker.deadline <= now]:
                done.append(self._expire(worker))
            self._fill()
        return done

    def close(self) -> None:
        for worker in [*self._workers, *self._idle]:
            worker.kill()
        self._workers.clear()
        self._idle.clear()
        self._waiting.clear()

    def _fill(self) -> None:
        while self._waiting and len(self._workers) < self.settings.workers:
            worker = self._idle.pop() if self._idle else self._spawn()
            ticket, job = self._waiting[0]
            try:
                worker.start(ticket, job)
            except OSError:  # an idle worker that has died: the job is still queued
                worker.kill()
                continue
            self._waiting.popleft()
            self._workers.append(worker)

    def _spawn(self) -> _Worker:
        parent, child = Pipe()
        environment = os.environ | _worker_environment(self.settings.workers)
        command = [sys.executable, "-c", f"from pipeline.workers import serve; serve({child.fileno()})"]
        log = _open_log(self.settings.log_dir)
        try:
            process = subprocess.Popen(
                command,
                pass_fds=(child.fileno(),),
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        finally:
            child.close()
            if log != subprocess.DEVNULL:
                os.close(log)
        worker = _Worker(process, parent)
        parent.send(_Setup(tuple(sys.path), self.settings.memory_mb))
        return worker

    def _receive(self, worker: _Worker) -> list[tuple[int, Outcome]]:
        try:
            message = worker.channel.recv()
        except (EOFError, OSError):
            return [self._bury(worker)]
        if message[0] == "start":
            worker.extend()
            return []
        if message[0] == "beat":
            worker.last_beat = message[1]
            worker.extend()
            if worker.job is not None:
                self.on_beat(worker.job, message[1])
            return []
        _, outcome, resident_mb = message
        self._workers.remove(worker)
        ended = outcome.failure is not None and outcome.failure.kind is FailureKind.MEMORY
        if ended or resident_mb > self.settings.recycle_mb:
            worker.kill()
        else:
            self._idle.append(worker)
        if outcome.failure is not None:
            failure = outcome.failure
            outcome = Outcome(failure=JobFailure(failure.kind, failure.reason, failure.cause, worker.last_beat))
        return [(worker.ticket, outcome)]

    def _bury(self, worker: _Worker) -> tuple[int, Outcome]:
        worker.kill()
        self._workers.remove(worker)
        cause = _cause_of_death(worker.process.returncode)
        failure = JobFailure(FailureKind.DIED, f"proses pembaca mati ({cause})", cause, worker.last_beat)
        return worker.ticket, Outcome(failure=failure)

    def _expire(self, worker: _Worker) -> tuple[int, Outcome]:
        assert worker.job is not None
        worker.kill()
        self._workers.remove(worker)
        reason = f"melewati batas waktu {worker.job.seconds:.0f} detik"
        return worker.ticket, Outcome(failure=JobFailure(FailureKind.TIME, reason, "timeout", worker.last_beat))


def _worker_environment(workers: int) -> dict[str, str]:
    """Libraries with threads of their own share the cores among the workers; fewer malloc arenas keep the address space small, and
    Arrow takes from malloc, which gives back sooner than its own pool."""
    threads = str(max(1, available_cores() // workers))
    memory = {"MALLOC_ARENA_MAX": "2", "ARROW_DEFAULT_MEMORY_POOL": "system"}
    return {"OMP_NUM_THREADS": threads, "OPENBLAS_NUM_THREADS": threads, "OPENCV_FOR_THREADS_NUM": threads, **memory}


def _open_log(folder: Path) -> int:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return os.open(folder / "workers.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    except OSError:
        return subprocess.DEVNULL


def _cause_of_death(code: int) -> str:
    """The signal's name, or the exit code."""
    if code >= 0:
        return f"kode keluar {code}"
    try:
        return signal.Signals(-code).name
    except ValueError:
        return f"sinyal {-code}"
