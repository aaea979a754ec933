"""Page contents to one typed document: the order in which tables, facts, names and parents are found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from extractors.types import PageContent, TextKind
from normalizers.facts import document_facts
from normalizers.matching import match_document
from normalizers.nomenklatur import Nomenklatur
from normalizers.prose import figures, paragraphs
from normalizers.tables import understand
from normalizers.tree import with_parents
from normalizers.types import TypedDocument


def understand_document(pages: Sequence[PageContent], *, sha256: str, file_name: str) -> TypedDocument:
    """The typed document of all its pages, in order, before its rows are named."""
    document_id = sha256[:16]
    prose = [(page.number, page.prose) for page in pages]
    tables = tuple(with_parents(table) for table in understand(pages, document_id))
    return TypedDocument(
        id=document_id,
        sha256=sha256,
        file_name=file_name,
        facts=document_facts(pages, tables),
        tables=tables,
        prose=figures(prose),
        prose_text=tuple((paragraph.page, paragraph.text) for paragraph in paragraphs(prose)),
        page_count=len(pages),
        ocr_pages=tuple(page.number for page in pages if page.text_kind in (TextKind.SCAN, TextKind.MIXED)),
        problems=tuple(problem for page in pages for problem in page.problems),
        rotations={page.number: page.rotation for page in pages if page.rotation},
    )


def name_document(document: TypedDocument, nomenklatur: Nomenklatur) -> TypedDocument:
    """The document with official names on its rows; parents are found anew, since names tell more of them than print does."""
    return with_trees(match_document(document, nomenklatur))


def with_trees(document: TypedDocument) -> TypedDocument:
    """The document with the parents of its rows found anew."""
    return replace(document, tables=tuple(with_parents(table) for table in document.tables))
