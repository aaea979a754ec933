"""Pulling, against a real HTTP server on this machine that can be slow, cut off, wrong or hostile."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import fsspec
import pytest

from pipeline.sources import Fetcher, Outcome, Pull, SourcesError, SourcesFile, load_sources
from pipeline.sources.ledger import read_ledger

PDF = b"%PDF-1.4\n" + b"renja " * 2000 + b"\n%%EOF"
Handler = Callable[[BaseHTTPRequestHandler], None]


class Server:
    """A server whose pages are functions; it counts the requests to each."""

    def __init__(self) -> None:
        self.pages: dict[str, Handler] = {}
        self.requests: list[tuple[str, dict[str, str]]] = []
        outer = self

        class Request(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer.requests.append((self.path, {k.lower(): v for k, v in self.headers.items()}))
                outer.pages.get(self.path, not_found)(self)

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Request)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self._server.server_port}{path}"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


def not_found(request: BaseHTTPRequestHandler) -> None:
    request.send_error(404)


def pdf(body: bytes = PDF, etag: str | None = '"a"', kind: str = "application/pdf") -> Handler:
    def answer(request: BaseHTTPRequestHandler) -> None:
        if etag and request.headers.get("If-None-Match") == etag:
            request.send_response(304)
            request.end_headers()
            return
        start = int((request.headers.get("Range") or "bytes=0-").removeprefix("bytes=").rstrip("-"))
        request.send_response(206 if start else 200)
        request.send_header("Content-Type", kind)
        request.send_header("Content-Length", str(len(body) - start))
        if etag:
            request.send_header("ETag", etag)
        request.end_headers()
        request.wfile.write(body[start:])

    return answer


def once(first: Handler, then: Handler) -> Handler:
    answers = iter([first])
    return lambda request: next(answers, then)(request)


def cut_off(request: BaseHTTPRequestHandler) -> None:
    request.send_response(200)
    request.send_header("Content-Type", "application/pdf")
    request.send_header("Content-Length", str(len(PDF)))
    request.send_header("ETag", '"a"')
    request.end_headers()
    request.wfile.write(PDF[:4000])


def status(code: int) -> Handler:
    return lambda request: request.send_error(code)


def redirect(target: str) -> Handler:
    def answer(request: BaseHTTPRequestHandler) -> None:
        request.send_response(302)
        request.send_header("Location", target)
        request.send_header("Content-Length", "0")
        request.end_headers()

    return answer


def html(text: str) -> Handler:
    return pdf(text.encode(), etag=None, kind="text/html; charset=utf-8")


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server()
    yield server
    server.close()


def pull(folder: Path, *sources: dict[str, object], **limits: object) -> list[Outcome]:
    quick = {"delay_seconds": 0, "timeout_seconds": 1, "attempts": 3, "allow_private": True} | limits
    config = SourcesFile.model_validate({"limits": quick, "sources": list(sources)})
    outcomes: list[Outcome] = []
    with Fetcher(sleep=lambda _: None) as fetcher:
        Pull(config, folder, fetcher).run(outcomes.append)
    return outcomes


def urls(*addresses: str, name: str = "dinas") -> dict[str, object]:
    return {"type": "url", "name": name, "urls": list(addresses)}


def test_a_new_document_is_kept_and_noted(server: Server, tmp_path: Path) -> None:
    server.pages["/a/Renja%202024.pdf"] = pdf()
    [outcome] = pull(tmp_path, urls(server.url("/a/Renja%202024.pdf")) | {"region": "12.20", "licence": "CC-BY"})
    assert outcome.state == "new"
    [entry] = read_ledger(tmp_path)
    assert (tmp_path / entry.file).read_bytes() == PDF
    assert entry.file.startswith("renja-2024-") and entry.region == "12.20" and entry.licence == "CC-BY"


def test_an_unchanged_document_is_not_sent_again(server: Server, tmp_path: Path) -> None:
    server.pages["/a.pdf"] = pdf()
    pull(tmp_path, urls(server.url("/a.pdf")))
    assert [o.state for o in pull(tmp_path, urls(server.url("/a.pdf")))] == ["unchanged"]
    assert server.requests[-1][1]["if-none-match"] == '"a"'


def test_a_changed_document_links_to_the_version_that_is_kept(server: Server, tmp_path: Path) -> None:
    server.pages["/a.pdf"] = pdf()
    pull(tmp_path, urls(server.url("/a.pdf")))
    server.pages["/a.pdf"] = pdf(PDF + b"new", etag='"b"')
    assert [o.state for o in pull(tmp_path, urls(server.url("/a.pdf")))] == ["changed"]
    old, new = read_ledger(tmp_path)
    assert (old.state, new.state) == ("superseded", "current") and new.replaces == old.sha256
    assert (tmp_path / old.file).read_bytes() == PDF and (tmp_path / new.file).read_bytes() == PDF + b"new"


def test_a_download_that_is_cut_off_goes_on_where_it_stopped(server: Server, tmp_path: Path) -> None:
    server.pages["/a.pdf"] = once(cut_off, pdf())
    assert [o.state for o in pull(tmp_path, urls(server.url("/a.pdf")))] == ["new"]
    assert server.requests[-1][1]["range"] == "bytes=4000-"
    assert (tmp_path / read_ledger(tmp_path)[0].file).read_bytes() == PDF


def test_a_server_error_is_tried_again(server: Server, tmp_path: Path) -> None:
    server.pages["/a.pdf"] = once(status(500), pdf())
    assert [o.state for o in pull(tmp_path, urls(server.url("/a.pdf")))] == ["new"]


def test_a_slow_server_fails_and_the_rest_goes_on(server: Server, tmp_path: Path) -> None:
    gate = threading.Event()
    server.pages["/slow.pdf"] = lambda _: gate.wait(5) and None
    server.pages["/a.pdf"] = pdf()
    outcomes = pull(tmp_path, urls(server.url("/slow.pdf"), server.url("/a.pdf")), timeout_seconds=0.2, attempts=1)
    gate.set()
    assert [o.state for o in outcomes] == ["failed", "new"]
    assert "Timeout" in outcomes[0].reason


@pytest.mark.parametrize(
    ("page", "words"),
    [
        (status(403), "HTTP 403"),
        (status(404), "is gone"),
        (html("<p>Halaman tidak ditemukan</p>"), "text/html"),
        (pdf(b"just words" * 200, kind="application/octet-stream"), "no PDF"),
        (pdf(PDF * 100), "larger than"),
        (redirect("/loop.pdf"), "redirects"),
        (redirect("file:///etc/passwd"), "only http"),
    ],
)
def test_what_is_no_usable_pdf_is_refused_with_the_reason(server: Server, tmp_path: Path, page: Handler, words: str) -> None:
    server.pages["/loop.pdf"] = page
    [outcome] = pull(tmp_path, urls(server.url("/loop.pdf")), max_megabytes=1)
    assert outcome.state == "failed" and words in outcome.reason
    assert not list(tmp_path.glob("*.pdf"))


def test_private_addresses_are_refused_unless_allowed(server: Server, tmp_path: Path) -> None:
    server.pages["/a.pdf"] = pdf()
    [outcome] = pull(tmp_path, urls(server.url("/a.pdf")), allow_private=False)
    assert outcome.state == "failed" and "private address" in outcome.reason and not server.requests


def test_a_redirect_into_a_private_network_is_refused(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def looked_up(host: str, port: int, **_: object) -> list[tuple[object, ...]]:
        return [(2, 1, 6, "", ("93.184.216.34" if host == "127.0.0.1" else host, port))]

    monkeypatch.setattr("pipeline.sources.http.socket", SimpleNamespace(getaddrinfo=looked_up, SOCK_STREAM=1))
    server.pages["/a.pdf"] = redirect("http://10.0.0.1/a.pdf")
    [outcome] = pull(tmp_path, urls(server.url("/a.pdf")), allow_private=False)
    assert outcome.state == "failed" and "10.0.0.1 is a private address" in outcome.reason and len(server.requests) == 1


def test_a_document_that_trickles_in_is_given_up(server: Server, tmp_path: Path) -> None:
    def endless(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.end_headers()
        with suppress(OSError):
            for _ in range(100):
                request.wfile.write(b"%PDF-")
                time.sleep(0.02)

    server.pages["/a.pdf"] = endless
    [outcome] = pull(tmp_path, urls(server.url("/a.pdf")), longest_seconds=0.1)
    assert outcome.state == "failed" and "not all there after 0.1 seconds" in outcome.reason


def test_a_document_that_is_back_is_current_again(server: Server, tmp_path: Path) -> None:
    server.pages["/a.pdf"] = pdf()
    pull(tmp_path, urls(server.url("/a.pdf")))
    server.pages["/a.pdf"] = status(404)
    assert [o.state for o in pull(tmp_path, urls(server.url("/a.pdf")))] == ["vanished"]
    server.pages["/a.pdf"] = pdf()
    assert [o.state for o in pull(tmp_path, urls(server.url("/a.pdf")))] == ["unchanged"]
    assert [e.state for e in read_ledger(tmp_path)] == ["current"]


def test_a_store_that_fails_in_its_own_way_is_reported_and_one_that_tells_an_etag_is_not_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Endpoint(Exception):
        """Like those of the libraries for stores, no OSError."""

    store: Any = fsspec.filesystem("memory")
    store.pipe("/bucket/a.pdf", PDF)
    described = store.info
    monkeypatch.setattr(type(store), "info", lambda self, path, **options: described(path) | {"ETag": '"e"'})
    source: dict[str, object] = {"type": "store", "name": "store", "location": "memory://bucket"}
    assert [o.state for o in pull(tmp_path, source)] == ["new"]
    opened: list[str] = []
    monkeypatch.setattr(type(store), "open", lambda self, path, *options: opened.append(path))
    assert [o.state for o in pull(tmp_path, source)] == ["unchanged"] and not opened

    def broken(self: object, path: str) -> list[str]:
        raise Endpoint("Could not connect")

    monkeypatch.setattr(type(store), "glob", broken)
    [outcome] = pull(tmp_path, source)
    assert outcome.state == "failed" and "Endpoint: Could not connect" in outcome.reason
    assert [e.state for e in read_ledger(tmp_path)] == ["current"], "what cannot be asked has not vanished"


def test_an_index_page_gives_its_pdf_links_and_tells_what_moved_or_vanished(server: Server, tmp_path: Path) -> None:
    server.pages |= {"/daftar/": html('<a href="x.pdf">x</a><a href="/y.PDF?v=1">y</a><a href="z.docx">z</a>')}
    server.pages |= {"/daftar/x.pdf": pdf(), "/y.PDF?v=1": pdf(PDF + b"y", etag='"y"')}
    source: dict[str, object] = {"type": "index", "name": "daftar", "url": server.url("/daftar/"), "pattern": r"(?i)\.pdf"}
    assert [o.state for o in pull(tmp_path, source)] == ["new", "new"]
    server.pages |= {"/daftar/": html('<a href="/baru/x.pdf">x</a>'), "/baru/x.pdf": pdf()}
    assert sorted(o.state for o in pull(tmp_path, source)) == ["moved", "vanished"]
    assert sorted(e.state for e in read_ledger(tmp_path)) == ["current", "vanished"]


def test_local_folders_csv_lists_and_stores_are_sources_too(server: Server, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "lokal (1).pdf").write_bytes(PDF)
    server.pages["/c.pdf"] = pdf(PDF + b"c", etag='"c"')
    (tmp_path / "list.csv").write_text(f"nama,url\nc,{server.url('/c.pdf')}\n", encoding="utf-8")
    (tmp_path / "store").mkdir()
    (tmp_path / "store" / "s.pdf").write_bytes(PDF + b"s")
    raw = tmp_path / "raw"
    outcomes = pull(
        raw,
        {"type": "folder", "name": "folder", "path": str(tmp_path / "in")},
        {"type": "csv", "name": "list", "path": str(tmp_path / "list.csv")},
        {"type": "store", "name": "store", "location": (tmp_path / "store").as_uri()},
    )
    assert [o.state for o in outcomes] == ["new", "new", "new"], outcomes
    assert len(list(raw.glob("*.pdf"))) == 3


def test_a_broken_source_is_reported_and_the_next_is_pulled(server: Server, tmp_path: Path) -> None:
    server.pages["/a.pdf"] = pdf()
    outcomes = pull(tmp_path / "raw", {"type": "folder", "name": "weg", "path": str(tmp_path / "weg")}, urls(server.url("/a.pdf")))
    assert [o.state for o in outcomes] == ["failed", "new"] and "no such folder" in outcomes[0].reason


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("sources: []", "sources"),
        ("sources: [{type: url, name: a, urls: ['ftp://x/y']}]", "no http(s) address"),
        ("sources: [{type: url, name: a, urls: ['http://x/y'], colour: red}]", "colour"),
        ("sources: [{type: index, name: a, url: 'http://x', pattern: '('}]", "regular expression"),
        ("sources: [{type: folder, name: a, path: x}, {type: folder, name: a, path: y}]", "twice"),
        ("sources: {", "not valid YAML"),
    ],
)
def test_a_wrong_sources_file_is_explained(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "sources.yml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SourcesError, match=r"sources\.yml") as error:
        load_sources(path)
    assert words in str(error.value)


def test_a_source_that_limits_one_thing_keeps_the_shared_limits_of_the_rest(tmp_path: Path) -> None:
    file = tmp_path / "sources.yml"
    file.write_text(
        "limits: {delay_seconds: 5, allow_private: true}\n"
        "sources:\n"
        "  - {name: a, type: url, urls: ['https://contoh.go.id/a.pdf'], limits: {max_megabytes: 10}}\n",
        encoding="utf-8",
    )
    config = load_sources(file)
    limits = config.limits_of(config.sources[0])
    assert (limits.delay_seconds, limits.allow_private, limits.max_megabytes) == (5, True, 10)
