"""Fetching over HTTP(S): conditional, resumable, polite, and never into a private network by surprise."""

from __future__ import annotations

import ipaddress
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar
from urllib.parse import urljoin, urlsplit

import httpx
import tenacity

from pipeline.sources.config import Limits

REDIRECTS = 5
PDF_HEAD_BYTES = 1024  # the PDF header may stand anywhere in the first kilobyte (ISO 32000-1, annex H)
USER_AGENT = "renja (budget documents for research and audit)"


Result = TypeVar("Result")


class FetchError(Exception):
    """A document that could not be fetched, with a reason that a person understands."""


class _Passing(FetchError):
    """A failure that may go away: a time-out, a server error, too many requests."""

    def __init__(self, reason: str, wait_seconds: float | None = None) -> None:
        super().__init__(reason)
        self.wait_seconds = wait_seconds


class Vanished(FetchError):
    """The server says that the document is not there any more."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """The end of one request. `changed` is False where the server says that nothing changed."""

    changed: bool
    etag: str | None = None
    last_modified: str | None = None


class Fetcher:
    """One client for a pull: keeps the time of the last request per host, checks every redirect, retries what may pass."""

    def __init__(self, sleep: Callable[[float], None] = time.sleep) -> None:
        self._client = httpx.Client(follow_redirects=False, headers={"User-Agent": USER_AGENT})
        self._last_request: dict[str, float] = {}
        self._sleep = sleep

    def __enter__(self) -> Fetcher:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def page(self, url: str, limits: Limits) -> tuple[str, str]:
        """(text, final address) of a web page of at most 5 MB. Raises FetchError."""

        def once() -> tuple[str, str]:
            with self._open(url, {}, limits) as (response, final):
                body = b""
                for chunk in response.iter_bytes():
                    body += chunk
                    if len(body) > 5_000_000:
                        raise FetchError(f"{final}: the index page is larger than 5 MB")
                return body.decode(response.encoding or "utf-8", errors="replace"), final

        return self._retrying(once, limits)

    def pdf(self, url: str, part: Path, limits: Limits, *, etag: str | None = None, last_modified: str | None = None) -> Fetched:
        """Download a PDF to the file `part`, going on where an earlier try stopped. `etag` and `last_modified` are of the copy at hand.

        Raises FetchError: not found, wrong type, too large, no PDF, redirect refused, or all tries failed.
        """
        conditions = {}
        if etag:
            conditions["If-None-Match"] = etag
        if last_modified:
            conditions["If-Modified-Since"] = last_modified
        state: dict[str, str] = {}
        part.unlink(missing_ok=True)

        def once() -> Fetched:
            have = part.stat().st_size if part.exists() and state.get("validator") else 0
            headers = {"Range": f"bytes={have}-", "If-Range": state["validator"]} if have else conditions
            with self._open(url, headers, limits) as (response, final):
                if response.status_code == httpx.codes.NOT_MODIFIED:
                    return Fetched(False, etag, last_modified)
                tags = response.headers
                state["validator"] = tags.get("etag", "") if not tags.get("etag", "").startswith("W/") else tags.get("last-modified", "")
                self._save(response, part, final, limits, resume=have if response.status_code == httpx.codes.PARTIAL_CONTENT else 0)
                return Fetched(True, tags.get("etag"), tags.get("last-modified"))

        return self._retrying(once, limits)

    def _save(self, response: httpx.Response, part: Path, url: str, limits: Limits, *, resume: int) -> None:
        kind = response.headers.get("content-type", "").split(";")[0].strip().lower()
        if kind.startswith(("text/", "image/", "application/json")):
            raise FetchError(f"{url}: the server sends {kind}, not a PDF")
        most = limits.max_megabytes * 1_000_000
        declared = int(response.headers.get("content-length") or 0)
        if resume + declared > most:
            raise FetchError(f"{url}: larger than {limits.max_megabytes} MB")
        size, until = resume, time.monotonic() + limits.longest_seconds
        with part.open("ab" if resume else "wb") as file:
            for chunk in response.iter_bytes():
                size += len(chunk)
                if size > most:
                    raise FetchError(f"{url}: larger than {limits.max_megabytes} MB")
                if time.monotonic() > until:
                    raise FetchError(f"{url}: not all there after {limits.longest_seconds:g} seconds")
                file.write(chunk)
        if declared and "content-encoding" not in response.headers and size - resume < declared:
            raise _Passing(f"{url}: cut off after {size} bytes")
        with part.open("rb") as file:
            if b"%PDF-" not in file.read(PDF_HEAD_BYTES):
                raise FetchError(f"{url}: what arrived is no PDF")

    @contextmanager
    def _open(self, url: str, headers: dict[str, str], limits: Limits) -> Iterator[tuple[httpx.Response, str]]:
        """The final response after redirects, each hop checked; server and network faults are raised as passing or final."""
        for _ in range(REDIRECTS + 1):
            self._check_address(url, limits)
            self._wait_turn(urlsplit(url).netloc, limits)
            try:
                with self._client.stream("GET", url, headers=headers, timeout=limits.timeout_seconds) as response:
                    if response.is_redirect and "location" in response.headers:
                        url = urljoin(url, response.headers["location"])
                        continue
                    _check_status(response, url)
                    yield response, url
                    return
            except httpx.TransportError as error:
                raise _Passing(f"{url}: {type(error).__name__}: {error}") from error
            except httpx.InvalidURL as error:
                raise FetchError(f"{url}: not a valid address: {error}") from error
        raise FetchError(f"{url}: more than {REDIRECTS} redirects")

    def _wait_turn(self, host: str, limits: Limits) -> None:
        wait = self._last_request.get(host, -limits.delay_seconds) + limits.delay_seconds - time.monotonic()
        if wait > 0:
            self._sleep(wait)
        self._last_request[host] = time.monotonic()

    @staticmethod
    def _check_address(url: str, limits: Limits) -> None:
        """Refuse other schemes than http(s), and hosts that resolve to anything but public addresses unless that is allowed."""
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise FetchError(f"{url}: only http and https addresses are fetched")
        if limits.allow_private:
            return
        try:
            found = {str(info[4][0]) for info in socket.getaddrinfo(parts.hostname, parts.port or 443, type=socket.SOCK_STREAM)}
        except OSError as error:
            raise _Passing(f"{url}: the host is not known: {error}") from error
        private = sorted(address for address in found if not ipaddress.ip_address(address.split("%")[0]).is_global)
        if private:
            raise FetchError(f"{url}: {parts.hostname} is a private address ({private[0]}); set allow_private to permit it")

    def _retrying(self, once: Callable[[], Result], limits: Limits) -> Result:
        def wait(state: tenacity.RetryCallState) -> float:
            error = state.outcome.exception() if state.outcome else None
            asked = error.wait_seconds if isinstance(error, _Passing) else None
            return asked if asked is not None else tenacity.wait_exponential_jitter(multiplier=limits.delay_seconds or 0.05, max=60)(state)

        retry = tenacity.Retrying(
            retry=tenacity.retry_if_exception_type(_Passing),
            stop=tenacity.stop_after_attempt(limits.attempts),
            wait=wait,
            sleep=self._sleep,
            reraise=True,
        )
        return retry(once)


def _check_status(response: httpx.Response, url: str) -> None:
    code = response.status_code
    if code in (httpx.codes.OK, httpx.codes.PARTIAL_CONTENT, httpx.codes.NOT_MODIFIED):
        return
    if code in (httpx.codes.REQUEST_TIMEOUT, httpx.codes.TOO_MANY_REQUESTS) or code >= 500:
        after = response.headers.get("retry-after", "")
        raise _Passing(f"{url}: HTTP {code}", min(float(after), 120.0) if after.isdigit() else None)
    if code in (httpx.codes.NOT_FOUND, httpx.codes.GONE):
        raise Vanished(f"{url}: HTTP {code}, the document is gone")
    raise FetchError(f"{url}: HTTP {code}")
