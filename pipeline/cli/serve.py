"""`renja serve`: the nightly run on a schedule, with a Prefect server of its own or an existing one."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.common import CleanOption, clear_errors, console, fail, settings_with

_START_SECONDS = 90.0
_STOP_SECONDS = 10.0


def serve(
    cron: Annotated[str, typer.Option(help="When to run, in cron's five fields.")] = "0 1 * * *",
    timezone: Annotated[str, typer.Option(help="The time zone of the schedule.")] = "Asia/Jakarta",
    sources: Annotated[Path | None, typer.Option(help="Pull these sources first.", show_default="sources.yml where it is")] = None,
    clean: CleanOption = None,
    port: Annotated[int, typer.Option(help="Port of the Prefect server that is started here.", min=1, max=65535)] = 4200,
) -> None:
    """Run every night: pull, process, audit, publish. Stays in the foreground until it is stopped.

    Starts a Prefect server of its own on this machine (its UI shows every run), unless PREFECT_API_URL names an existing one. Runs never
    overlap: one that is due while another goes on is skipped.

    Examples:

        renja serve

        renja serve --cron "0 1 * * *" --timezone Asia/Jakarta

        PREFECT_API_URL=http://10.0.0.7:4200/api renja serve --sources sumber.yml
    """
    settings = settings_with(clean)
    prepare_environment(settings.cache_dir)
    with clear_errors():
        out = console()
        with _server(port, settings.cache_dir) as address:
            out.print(f"Prefect: {address} (runs and artifacts), schedule {cron} {timezone}", highlight=False)
            from pipeline.flows import serve_nightly

            serve_nightly(cron, timezone, sources=sources, clean=settings.clean_dir)


def prepare_environment(cache: Path) -> None:
    """Defaults that Prefect reads when it is imported: no telemetry, patience for a slow start, its files beside ours."""
    defaults = {
        "DO_NOT_TRACK": "1",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "90",
        "PREFECT_HOME": str((cache / "prefect").absolute()),
    }
    for name, value in defaults.items():
        os.environ.setdefault(name, value)


@contextlib.contextmanager
def _server(port: int, cache: Path) -> Iterator[str]:
    """The UI's address of the server that PREFECT_API_URL names, or of one that lives as long as the context.

    A schedule needs a whole server; the one that Prefect starts by itself for a single flow runs no schedules.
    """
    known = os.environ.get("PREFECT_API_URL")
    if known:
        yield known.removesuffix("/api")
        return
    address = f"http://127.0.0.1:{port}"
    cache.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port)]
    with (cache / "prefect-server.log").open("ab") as log:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)
    try:
        _await(process, f"{address}/api/health", cache / "prefect-server.log")
        os.environ["PREFECT_API_URL"] = f"{address}/api"
        yield address
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(timeout=_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _await(process: subprocess.Popen[bytes], url: str, log: Path) -> None:
    import httpx

    until = time.monotonic() + _START_SECONDS
    while time.monotonic() < until:
        if process.poll() is not None:
            fail(f"the Prefect server did not start, see {log} (is the port in use? choose another with --port)")
        try:
            if httpx.get(url, timeout=2).status_code == httpx.codes.OK:
                return
        except httpx.HTTPError:
            pass
        time.sleep(0.3)
    fail(f"the Prefect server did not answer within {_START_SECONDS:.0f} seconds, see {log}")
