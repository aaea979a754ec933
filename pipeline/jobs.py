"""The tasks that run inside a worker: count pages, read some, type a document, audit an agency, report. Values travel through the store."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from extractors.types import PageContent, TextKind
from normalizers.types import DocumentFacts, TypedDocument
from pipeline.findings import Audit
from pipeline.inputs import Source
from pipeline.overrides import Overrides
from pipeline.results import DocumentResult
from pipeline.settings import Settings
from pipeline.store import Store, content_key
from pipeline.workers import beat

CHUNK_STAGE = "halaman"
DOCUMENT_STAGE = "dokumen"
FACTS_STAGE = "fakta"
GROUP_STAGE = "tabel"


class MissingChunk(Exception):
    """A chunk of pages that the store should hold is gone or was damaged; it has to be read again."""


class MissingDocument(Exception):
    """A typed document that the store should hold is gone or was damaged; it has to be made again."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """Pages `first` to `last` (inclusive) of a document, and the key under which they are stored.

    With `lead_in` the page before is read too and dropped: its tables are evidence for the columns of a continuation.
    """

    first: int
    last: int
    key: str
    lead_in: bool = False

    @property
    def pages(self) -> range:
        return range(self.first - self.lead_in, self.last + 1)


@dataclass(frozen=True, slots=True)
class PageCount:
    """How many pages a document has, and what is wrong with it as a whole."""

    pages: int
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Typing:
    """What making a typed document takes: its stored pages, the key to store it under, and the reviewed corrections that are for it."""

    source: Source
    key: str
    chunks: tuple[Chunk, ...]
    failed: tuple[FailedPage, ...]
    corrections: Overrides


@dataclass(frozen=True, slots=True)
class Group:
    """Documents that are audited together. `key` stands for all that their rows depend on."""

    key: str
    members: tuple[DocumentResult, ...]

    def key_of(self, member: DocumentResult) -> str:
        """The key under which the rows of one of them are stored."""
        return content_key(self.key, member.source.id)


@dataclass(frozen=True, slots=True)
class FailedPage:
    """A page that could not be read, with the reason as an Indonesian phrase."""

    number: int
    reason: str

    @property
    def problem(self) -> str:
        return f"halaman {self.number} dilewati: {self.reason}"


def count_pages(path: Path) -> PageCount:
    """The document's page count; `UnreadableDocument` where it cannot be opened."""
    import extractors

    probe = extractors.probe(path)
    return PageCount(probe.page_count, probe.problems)


def read_chunk(path: Path, chunk: Chunk, settings: Settings) -> None:
    """Reads the chunk's pages one by one and stores them."""
    import extractors

    pages: list[PageContent] = []
    for page in extractors.read_pages(path, pages=chunk.pages):
        beat(page.number)
        if page.number >= chunk.first:
            pages.append(page)
    Store(settings.store_dir).put(CHUNK_STAGE, chunk.key, tuple(pages), tuple[PageContent, ...])


def type_document(task: Typing, settings: Settings) -> None:
    """Makes the typed document out of stored pages and stores it."""
    from pipeline import stages

    pages = stored_pages(Store(settings.store_dir), task.chunks, task.failed)
    keep_document(Store(settings.store_dir), task.key, stages.normalise(task.source, pages, task.corrections, settings))


def keep_document(store: Store, key: str, document: TypedDocument) -> None:
    """Stores the document, and its facts apart, which the parent needs of every document."""
    store.put(DOCUMENT_STAGE, key, document, TypedDocument)
    store.put(FACTS_STAGE, key, document.facts, DocumentFacts)


def audit_group(group: Group, settings: Settings) -> None:
    """Audits the documents of an agency together, their doubtful figures read again, and stores the rows of each."""
    from pipeline.evidence import reviewed
    from pipeline.reconcile import audit

    keep_tables(group, audit, settings, reviewed)


def keep_tables(
    group: Group,
    audit: Callable[[Sequence[TypedDocument]], Audit],
    settings: Settings,
    review: Callable[[TypedDocument, Path, Store], TypedDocument] | None = None,
) -> None:
    from normalizers.document import as_displayed
    from pipeline.rows import dataset_rows
    from pipeline.schemas import TABLES
    from pipeline.schemas.arrow import to_arrow, to_bytes

    store = Store(settings.store_dir)
    found = {member.source.id: store.get(DOCUMENT_STAGE, member.key or "", TypedDocument) for member in group.members}
    documents = {key: document for key, document in found.items() if document is not None}
    if len(documents) < len(found):
        raise MissingDocument(f"not in the store: {', '.join(sorted(found.keys() - documents.keys()))}")
    if review is not None:
        for member in group.members:
            documents[member.source.id] = review(documents[member.source.id], member.source.path, store)
    documents = {key: as_displayed(document) for key, document in documents.items()}
    rows = dataset_rows(group.members, documents, audit(list(documents.values())))
    for member in group.members:
        own = {spec.name: [row for row in rows[spec.name] if row["dokumen_id"] == member.source.id] for spec in TABLES}
        store.put_bytes(GROUP_STAGE, group.key_of(member), to_bytes({spec.name: to_arrow(spec, own[spec.name]) for spec in TABLES}))


def write_changes(previous: Path, snapshot: Path, version: str) -> None:
    """Writes what changed from the previous snapshot beside the tables of the one that is being built."""
    from pipeline.diff import diff, write_diff

    write_diff(diff(previous, snapshot), snapshot, version)


def write_report(snapshot: Path, out: Path, sources: Mapping[str, Path], previous: Path | None) -> None:
    """Writes the HTML report and the workbook over a snapshot; `sources` gives the PDF of a document for its page crops."""
    from pipeline.report import write_html, write_workbook

    write_html(snapshot, out, sources=sources, previous=previous)
    write_workbook(snapshot, out / "temuan.xlsx")


def stored_pages(store: Store, chunks: tuple[Chunk, ...], failed: tuple[FailedPage, ...]) -> tuple[PageContent, ...]:
    """All pages of a document in order; a failed page stands there empty, with its problem."""
    pages = [_empty_page(page) for page in failed]
    missing = []
    for chunk in chunks:  # all of them, so that every damaged entry is found (and dropped) at once
        found = store.get(CHUNK_STAGE, chunk.key, tuple[PageContent, ...])
        if found is None:
            missing.append(f"{chunk.first}-{chunk.last}")
        else:
            pages.extend(found)
    if missing:
        raise MissingChunk(f"pages {', '.join(missing)} are not in the store")
    return tuple(sorted(pages, key=lambda page: page.number))


def _empty_page(page: FailedPage) -> PageContent:
    return PageContent(page.number, 0.0, 0.0, 0, TextKind.EMPTY, page.reason, (), (), (page.problem,))
