"""Worker processes: what comes back from a job that dies, hangs, or takes too much, and who takes its place."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator

import pytest

from pipeline.documents import split
from pipeline.jobs import Chunk
from pipeline.settings import Settings
from pipeline.workers import FailureKind, Job, JobFailure, Outcome, WorkerPool, beat, call

HERE = "tests.pipeline.test_workers"


def whoami() -> int:
    return os.getpid()


def die_after(number: int) -> None:
    beat(number)
    os.kill(os.getpid(), signal.SIGKILL)


def hang() -> None:
    time.sleep(60)


def slow_but_alive(beats: int) -> str:
    for number in range(beats):
        time.sleep(0.2)
        beat(number)
    return "done"


def take(megabytes: int) -> int:
    return len(bytearray(megabytes * 1024 * 1024))


def refuse(text: str = "row 3: no such column") -> None:
    raise ValueError(text)


@pytest.fixture(scope="module")
def pool(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WorkerPool]:
    with WorkerPool(Settings(cache_dir=tmp_path_factory.mktemp("cache"), workers=1, memory_mb=1024)) as workers:
        yield workers


def outcome_of(pool: WorkerPool, name: str, *arguments: object, seconds: float = 30) -> Outcome:
    ticket = pool.submit(Job(f"{HERE}:{name}", arguments, seconds))
    ((done, outcome),) = pool.wait()
    assert done == ticket
    return outcome


def test_a_worker_is_used_again_and_replaced_when_it_dies(pool: WorkerPool) -> None:
    first, second = (outcome_of(pool, "whoami").value for _ in range(2))
    assert first == second != os.getpid()
    failure = outcome_of(pool, "die_after", 7).failure
    assert failure == JobFailure(FailureKind.DIED, "proses pembaca mati (SIGKILL)", "SIGKILL", 7)
    assert outcome_of(pool, "whoami").value != first


def test_exceptions_come_back_as_words_and_the_worker_stays(pool: WorkerPool) -> None:
    failure = outcome_of(pool, "refuse").failure
    assert failure is not None
    assert (failure.kind, failure.reason, failure.cause) == (FailureKind.RAISED, "row 3: no such column", "ValueError")


def test_words_of_an_exception_can_be_written_whatever_it_says(settings: Settings) -> None:
    outcome = call(Job(f"{HERE}:refuse", (os.fsdecode(b"Renja \x96.pdf: no header"),), 1), settings.memory_mb)
    assert outcome.failure is not None and outcome.failure.reason == "Renja ?.pdf: no header"


def test_time_counts_from_the_last_sign_of_life(pool: WorkerPool) -> None:
    assert outcome_of(pool, "slow_but_alive", 4, seconds=0.6).value == "done"
    started = time.monotonic()
    failure = outcome_of(pool, "hang", seconds=0.3).failure
    assert failure is not None and failure.kind is FailureKind.TIME
    assert time.monotonic() - started < 5


def test_memory_is_limited(pool: WorkerPool) -> None:
    failure = outcome_of(pool, "take", 2000).failure
    assert failure is not None and failure.kind is FailureKind.MEMORY
    assert outcome_of(pool, "take", 10).value == 10 * 1024 * 1024


def test_closing_kills_what_is_under_way(settings: Settings) -> None:
    pool = WorkerPool(settings.model_copy(update={"workers": 1}))
    pool.submit(Job(f"{HERE}:hang", (), 60))
    (worker,) = pool._workers
    pool.close()
    assert worker.process.poll() is not None


@pytest.mark.parametrize(
    ("first", "last", "beat", "parts"),
    [
        (1, 8, None, [(1, 4), (5, 8)]),
        (1, 8, 4, [(1, 4), (5, 5), (6, 8)]),
        (1, 8, 7, [(1, 7), (8, 8)]),
        (5, 8, 4, [(5, 6), (7, 8)]),
        (1, 2, 1, [(1, 1), (2, 2)]),
    ],
)
def test_a_chunk_is_split_around_the_page_that_followed_the_last_sign_of_life(
    first: int, last: int, beat: int | None, parts: list[tuple[int, int]]
) -> None:
    assert list(split(Chunk(first, last, ""), JobFailure(FailureKind.DIED, "", "", beat))) == parts
