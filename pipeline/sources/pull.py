"""Pull documents from the configured sources into the raw folder, and note what was new, changed, moved or gone."""

from __future__ import annotations

import csv
import hashlib
import re
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import fsspec

from pipeline.inputs import ARCHIVE
from pipeline.sources.config import CsvSource, FolderSource, IndexSource, Limits, Source, SourcesFile, StoreSource, UrlSource
from pipeline.sources.http import PDF_HEAD_BYTES, Fetcher, FetchError, Vanished
from pipeline.sources.ledger import Entry, read_ledger, write_ledger


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one document: `new`, `unchanged`, `changed`, `moved`, `vanished` or `failed`, with the reason."""

    source: str
    uri: str
    state: str
    reason: str = ""


@contextmanager
def _told_by_store(location: str) -> Iterator[None]:
    """Whatever the library of a store raises becomes a `FetchError`: each has errors of its own."""
    try:
        yield
    except (FetchError, OSError):
        raise
    except Exception as error:
        raise FetchError(f"{location}: {type(error).__name__}: {error}") from error


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self.addresses += [value for name, value in attrs if name == "href" and value]


class Pull:
    """One pull over all sources. The ledger is written after every document, so that a stop loses nothing."""

    def __init__(self, config: SourcesFile, folder: Path, fetcher: Fetcher) -> None:
        self._config, self._folder, self._fetcher = config, folder, fetcher
        self._entries = read_ledger(folder)
        folder.mkdir(parents=True, exist_ok=True)

    def run(self, on_outcome: Callable[[Outcome], None] = lambda _: None) -> Counter[str]:
        """Pull every source; one that fails is reported and the rest goes on. Returns how many documents ended in each state."""
        count: Counter[str] = Counter()
        for source in self._config.sources:
            for outcome in self._pull_source(source):
                count[outcome.state] += 1
                on_outcome(outcome)
        return count

    def _pull_source(self, source: Source) -> Iterator[Outcome]:
        limits = self._config.limits_of(source)
        try:
            addresses = list(dict.fromkeys(self._addresses(source, limits)))
        except (FetchError, OSError, ValueError) as error:
            yield Outcome(source.name, getattr(source, "url", source.name), "failed", str(error))
            return
        listed = set(addresses)
        for uri in addresses[: limits.max_documents]:
            yield self._pull_document(source, uri, limits, listed)
        if len(addresses) > limits.max_documents:
            yield Outcome(
                source.name, source.name, "failed", f"names {len(addresses)} documents; only the first {limits.max_documents} were pulled"
            )
        for entry in [e for e in self._entries if e.source == source.name and e.state == "current" and e.uri not in listed]:
            self._note(entry, replace(entry, state="vanished", note="not listed by the source any more"))
            yield Outcome(source.name, entry.uri, "vanished", "not listed by the source any more")

    def _addresses(self, source: Source, limits: Limits) -> Iterator[str]:
        match source:
            case FolderSource():
                if not source.path.is_dir():
                    raise OSError(f"{source.path}: no such folder")
                yield from (f"file://{path.resolve()}" for path in sorted(source.path.glob(source.glob)) if path.is_file())
            case UrlSource():
                yield from source.urls
            case CsvSource():
                with source.path.open(encoding="utf-8-sig", newline="") as file:
                    rows = csv.DictReader(file)
                    if source.column not in (rows.fieldnames or ()):
                        raise ValueError(f"{source.path}: there is no column {source.column!r}")
                    yield from (row[source.column].strip() for row in rows if (row[source.column] or "").strip())
            case IndexSource():
                text, final = self._fetcher.page(source.url, limits)
                links = _Links()
                links.feed(text)
                absolute = (urljoin(final, address).split("#")[0] for address in links.addresses)
                yield from (url for url in absolute if re.search(source.pattern, url) and urlsplit(url).scheme in ("http", "https"))
            case StoreSource():
                with _told_by_store(source.location):
                    store, path = fsspec.core.url_to_fs(source.location, **source.options)
                    names = [str(store.unstrip_protocol(name)) for name in sorted(store.glob(f"{path.rstrip('/')}/{source.glob}"))]
                yield from names

    def _pull_document(self, source: Source, uri: str, limits: Limits, listed: set[str]) -> Outcome:
        before = next((e for e in self._entries if e.source == source.name and e.uri == uri and e.state in ("current", "vanished")), None)
        part = self._folder / f".{source.name}.part"
        try:
            etag, modified, changed = self._fetch(source, uri, part, limits, before)
        except Vanished as error:
            if before and before.state == "current":
                self._note(before, replace(before, state="vanished", note=str(error)))
                return Outcome(source.name, uri, "vanished", str(error))
            return Outcome(source.name, uri, "failed", str(error))
        except (FetchError, OSError) as error:
            part.unlink(missing_ok=True)
            return Outcome(source.name, uri, "failed", str(error))
        if not changed:
            if before and before.state != "current":
                self._note(before, replace(before, state="current", note=""))
            return Outcome(source.name, uri, "unchanged")
        return self._keep(source, uri, part, etag, modified, before, listed)

    def _fetch(self, source: Source, uri: str, part: Path, limits: Limits, before: Entry | None) -> tuple[str, str, bool]:
        """Bring the bytes of `uri` into `part`; (etag, last modified, changed)."""
        at_hand = before if before and (self._folder / before.file).exists() else None
        if urlsplit(uri).scheme in ("http", "https"):
            got = self._fetcher.pdf(
                uri, part, limits, etag=at_hand.etag if at_hand else None, last_modified=at_hand.last_modified if at_hand else None
            )
            return got.etag or "", got.last_modified or "", got.changed
        if not isinstance(source, FolderSource | StoreSource):
            raise FetchError(f"{uri}: only http and https addresses are fetched")
        options = source.options if isinstance(source, StoreSource) else {}
        with _told_by_store(uri):
            store, path = fsspec.core.url_to_fs(uri, **options)
            found = store.info(path)
            etag = str(found.get("ETag") or "")
            if etag and at_hand and at_hand.etag == etag:
                return etag, "", False
            if found["size"] > limits.max_megabytes * 1_000_000:
                raise FetchError(f"{uri}: larger than {limits.max_megabytes} MB")
            with store.open(path, "rb") as remote, part.open("wb") as local:
                shutil.copyfileobj(remote, local)
        with part.open("rb") as local:
            if b"%PDF-" not in local.read(PDF_HEAD_BYTES):
                raise FetchError(f"{uri}: not a PDF")
        return etag, "", True

    def _keep(self, source: Source, uri: str, part: Path, etag: str, modified: str, before: Entry | None, listed: set[str]) -> Outcome:
        """Name the new bytes, note them, and put the version they replace into the archive."""
        with part.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        if before and before.sha256 == sha256 and (self._folder / before.file).exists():
            part.unlink()
            self._note(before, replace(before, etag=etag, last_modified=modified, state="current", note=""))
            return Outcome(source.name, uri, "unchanged")
        same = next((e for e in self._entries if e.sha256 == sha256 and e.state in ("current", "vanished")), None)
        name = same.file if same else f"{_safe_name(uri)}-{sha256[:8]}.pdf"
        part.replace(self._folder / name)
        fresh = Entry(
            source.name, uri, name, sha256, datetime.now(UTC).isoformat(timespec="seconds"), etag=etag, last_modified=modified,
            region=source.region or "", agency=source.agency or "", kind=source.kind or "", licence=source.licence or "",
        )  # fmt: skip
        if same and same.source == source.name and same.uri not in listed:
            self._note(same, replace(fresh, note=f"moved from {same.uri}"))
            return Outcome(source.name, uri, "moved", f"was at {same.uri}")
        if before:
            self._archive(before)
            self._entries.append(replace(fresh, replaces=before.sha256))
        else:
            self._entries.append(fresh)
        write_ledger(self._folder, self._entries)
        return Outcome(source.name, uri, "changed" if before else "new")

    def _archive(self, entry: Entry) -> None:
        kept = Path(ARCHIVE) / entry.file
        shared = any(e is not entry and e.file == entry.file and e.state == "current" for e in self._entries)
        if (self._folder / entry.file).exists() and not shared:
            (self._folder / ARCHIVE).mkdir(exist_ok=True)
            (self._folder / entry.file).replace(self._folder / kept)
        self._note(entry, replace(entry, state="superseded", file=str(kept)))

    def _note(self, old: Entry, new: Entry) -> None:
        self._entries[self._entries.index(old)] = new
        write_ledger(self._folder, self._entries)


def _safe_name(uri: str) -> str:
    """A short file name out of an address: letters, digits and dashes only, whatever the address holds."""
    stem = unquote(urlsplit(uri).path).rsplit("/", 1)[-1].removesuffix(".pdf").removesuffix(".PDF")
    return re.sub(r"[^a-z0-9]+", "-", stem.lower()).strip("-")[:60] or "dokumen"
