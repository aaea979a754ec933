"""The Prefect flows run the same stages as `renja run`, and only they know Prefect."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pyarrow.parquet as pq
import pytest
import yaml

from pipeline.run import Parts
from pipeline.settings import Settings
from tests.pipeline.fakes import WRONG, done, fake_pdf, forget_done


def test_a_run_never_imports_prefect() -> None:
    code = "import sys, pipeline.cli, pipeline.run; pipeline.run.real_parts(); sys.exit('prefect' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_deployments_name_flows_that_exist(root: Path) -> None:
    deployments = yaml.safe_load((root / "prefect.yaml").read_text())["deployments"]
    for deployment in deployments:
        file, _, flow = deployment["entrypoint"].partition(":")
        assert f"\ndef {flow}(" in (root / file).read_text()
        assert deployment["concurrency_limit"] == {"limit": 1, "collision_strategy": "CANCEL_NEW"}
    (nightly,) = (deployment for deployment in deployments if deployment["name"] == "nightly")
    assert nightly["schedules"] == [{"cron": "0 1 * * *", "timezone": "Asia/Jakarta"}]


@contextmanager
def webhook() -> Iterator[tuple[str, list[str]]]:
    """A server that keeps what is posted to it, and its address."""
    posted: list[str] = []

    class Request(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            posted.append(self.rfile.read(int(self.headers["Content-Length"])).decode())
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Request)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/", posted
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture
def prefect(settings: Settings, parts: Parts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A Prefect server for the test, and fake stages."""
    for name, value in {
        "PREFECT_HOME": str(tmp_path / "prefect"),
        "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "90",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
        "RENJA_CACHE_DIR": str(settings.cache_dir),
        "RENJA_RAW_DIR": str(settings.raw_dir),
    }.items():
        monkeypatch.setenv(name, value)
    import pipeline.run as run_module

    monkeypatch.setattr(run_module, "real_parts", lambda: parts)
    from prefect.testing.utilities import prefect_test_harness

    with prefect_test_harness(server_startup_timeout=90):
        yield


@pytest.mark.slow
def test_a_night_pulls_publishes_and_tells_of_new_errors(
    settings: Settings, prefect: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from prefect.blocks.notifications import CustomWebhookNotificationBlock
    from prefect.client.orchestration import get_client

    from pipeline.flows import nightly

    for name, facts in {"a": {"pages": 6}, "b": {"bad": 1}, "c": {"pagu": WRONG}}.items():
        fake_pdf(tmp_path / "in" / f"{name}.pdf", **facts)
    sources = tmp_path / "sources.yml"
    sources.write_text(f"sources: [{{name: lokal, type: folder, path: {tmp_path / 'in'}}}]\n")
    with webhook() as (address, posted):
        message = {"text": "{{subject}}"}
        CustomWebhookNotificationBlock(name="auditors", url=address, method="POST", json_data=message).save("auditors")
        monkeypatch.setenv("RENJA_NOTIFY_BLOCKS", json.dumps(["custom-webhook/none", "custom-webhook/auditors"]))
        result = nightly(sources=sources, clean=settings.clean_dir)
        assert sorted(summary.status for summary in result.documents) == ["karantina", "ok", "ok"]
        assert pq.read_table(settings.latest / "dokumen.parquet").num_rows == 3
        assert [json.loads(text)["text"] for text in posted] == [f"renja {result.published.version}: 1 galat baru"]
        fake_pdf(tmp_path / "in" / "d.pdf")
        forget_done(settings)
        assert nightly(sources=sources, clean=settings.clean_dir).fresh == 1
        assert [line.split("-")[0] for line in done(settings) if not line.startswith("audit")] == ["read d", "type d"]
        assert len(posted) == 1, "an error that was there before is not told again"
        assert not nightly(sources=sources, clean=settings.clean_dir).changed
    with get_client(sync_client=True) as client:
        keys = {artifact.key for artifact in client.read_artifacts()}
    assert {"pulled", "documents", "findings", "report", "snapshot"} <= keys
