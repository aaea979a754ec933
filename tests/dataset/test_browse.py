"""`renja browse`: what it answers, how fast, and that nothing a document or a request says can do harm."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import uvicorn
from fastapi.testclient import TestClient

from pipeline.browse.app import create_app
from pipeline.dataset import DatasetError
from tests.dataset.chromium import Tab
from tests.dataset.conftest import AGENCY


@pytest.fixture(scope="module")
def client(snapshot: Path, originals: dict[str, Path]) -> TestClient:
    return TestClient(create_app(snapshot, originals), base_url="http://localhost")


@pytest.fixture(scope="module")
def address(snapshot: Path, originals: dict[str, Path]) -> Iterator[str]:
    """The pages, really served."""
    server = uvicorn.Server(uvicorn.Config(create_app(snapshot, originals), port=0, log_level="warning"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join()


@pytest.fixture(scope="module")
def plan_id(originals: dict[str, Path]) -> str:
    return next(key for key, path in originals.items() if path.name == "renja-a.pdf")


def test_a_search_finds_lines_by_every_word_and_filters(client: TestClient) -> None:
    assert "Fasilitasi Pemenuhan Izin Usaha" in client.get("/", params={"q": "izin fasilitasi"}).text
    assert client.get("/", params={"q": "fasilitasi"}).text.count("300.000.000") == 1
    assert "300.000.000" not in client.get("/", params={"q": "fasilitasi", "wilayah": "35"}).text
    assert "Tidak ada baris anggaran" in client.get("/", params={"q": "fasilitasi antariksa"}).text
    assert "Tidak ada dokumen." in client.get("/", params={"tahun": "1999"}).text


def test_a_code_is_compared_over_regencies_with_what_stands_below(client: TestClient) -> None:
    page = client.get("/banding/2.17.02").text
    assert "Kabupaten A" in page and "Kabupaten B" in page
    assert "500.000.000" in page and "450.000.000" in page, "the printed total beside the sum of its sub kegiatan"
    assert "/banding/2.17.02.2.01" in page
    assert client.get("/banding/9.99").status_code == 404


def test_a_finding_leads_to_its_page_with_its_box(client: TestClient, plan_id: str) -> None:
    page = client.get(f"/dokumen/{plan_id}").text
    finding = page.split('href="/temuan/')[1].split('"')[0]
    answer = client.get(f"/temuan/{finding}")
    assert answer.url.params["temuan"] == finding and answer.status_code == 200
    assert "temuan 1 dari" in answer.text and "const lit = [" in answer.text


def test_a_page_has_its_picture(client: TestClient, plan_id: str) -> None:
    answer = client.get(f"/gambar/{plan_id}/1.png")
    assert answer.headers["content-type"] == "image/png" and answer.content.startswith(b"\x89PNG")
    assert client.get(f"/gambar/{plan_id}/99.png").status_code == 404


def test_a_document_without_its_pdf_says_so(snapshot: Path, plan_id: str) -> None:
    bare = TestClient(create_app(snapshot, {}), base_url="http://localhost")
    page = bare.get(f"/dokumen/{plan_id}")
    assert page.status_code == 200 and "Berkas PDF asal tidak ditemukan" in page.text


@pytest.mark.parametrize(
    "path",
    [
        "/gambar/..%2f..%2fetc%2fpasswd/1.png",
        "/dokumen/..%2f..%2fetc%2fpasswd",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/static/../../etc/passwd",
        "/gambar/0000000000000000/1.png",
        "/temuan/' or 1=1 --",
        "/dokumen/' union select 1 --",
        "/banding/' or 'a' = 'a",
    ],
)
def test_paths_that_name_nothing_give_nothing(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert "root:" not in answer.text


@pytest.mark.parametrize(
    "text", ["'; drop table isi_dokumen; --", "%", "_", "\\", '" onfocus=alert(1) x="', "<img src=x onerror=alert(1)>", "a" * 200]
)
def test_a_search_text_is_only_text(client: TestClient, text: str) -> None:
    answer = client.get("/", params={"q": text, "wilayah": text, "tahun": text})
    assert answer.status_code == 200
    assert "<img src=x" not in answer.text and '" onfocus' not in answer.text
    assert AGENCY in client.get("/").text


def test_what_documents_print_cannot_run(client: TestClient, plan_id: str) -> None:
    answer = client.get(f"/dokumen/{plan_id}")
    assert "&lt;script&gt;document.title" in answer.text and "<script>document.title" not in answer.text
    policy = answer.headers["content-security-policy"]
    assert "script-src 'nonce-" in policy and "default-src 'self'" in policy
    assert client.get("/").headers["content-security-policy"] != policy, "a nonce is used once"


def test_other_hosts_and_methods_are_refused(client: TestClient) -> None:
    assert client.get("/", headers={"host": "evil.example"}).status_code == 400
    assert client.post("/").status_code == 405
    assert client.get("/", params={"halaman": 10**12}).status_code == 422


def test_no_dataset_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="no dataset here"):
        create_app(tmp_path, {})


def test_the_command_serves_this_machine_until_it_is_interrupted(snapshot: Path) -> None:
    command = [sys.executable, "-m", "pipeline.cli", "browse", "--port", "0", "--no-open", "--clean", str(snapshot.parent.parent)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None and process.stderr is not None
        address = process.stdout.readline().split(" at ")[1].split()[0]
        assert address.startswith("http://127.0.0.1:")
        answer = httpx.HTTPTransport(retries=5)
        assert AGENCY in httpx.Client(transport=answer, trust_env=False).get(address).text
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=20) == 0, process.stderr.read()


@pytest.mark.browser
def test_the_pages_in_a_browser(tab: Tab, address: str, plan_id: str, tmp_path: Path) -> None:
    tab.open(address)
    tab.press("/")
    assert tab.ask("document.activeElement.name") == "q"
    tab.type("fasilitasi")
    tab.press("Enter", loads=True)
    assert tab.ask("document.querySelectorAll('#anggaran tbody tr').length") == 2
    tab.follow("document.querySelector('#anggaran tbody tr td:nth-child(2) a').click()")
    assert tab.ask("document.querySelectorAll('tr.on').length") == 1, "the row that was clicked is lit"

    tab.open(f"{address}/dokumen/{plan_id}")
    assert tab.ask("document.getElementById('page').naturalWidth") > 500
    assert tab.ask("document.querySelectorAll('.box').length") == 8, "a box for each row and each figure"
    tab.hover("tr[data-box]:nth-child(3) td[data-box]")
    assert tab.ask("document.querySelectorAll('.box.on').length") == 2, "the row and its figure"
    on = tab.ask(
        "(() => { const r = document.querySelectorAll('.box.on')[0].getBoundingClientRect(), p = document.getElementById('page')"
        ".getBoundingClientRect(); return (r.y + 2 - p.y) / p.height * 842 })()"
    )
    assert abs(on - (60 + 2 * 24)) < 2, "the light stands where the row is printed"
    assert tab.ask("document.getElementById('lens').style.backgroundImage").startswith("url(")
    tab.press("ArrowDown")
    tab.press("ArrowDown")
    assert tab.ask("document.activeElement.rowIndex") == 2
    tab.press("n", loads=True)
    assert tab.ask("document.querySelectorAll('.box.lit').length") == 1
    tab.press("ArrowRight", loads=True)
    assert "Tidak ada tabel di halaman ini" in tab.ask("document.body.innerText")
    assert tab.ask("document.title").startswith(AGENCY)
    tab.picture(tmp_path / "page.png")
    assert tab.errors == []
