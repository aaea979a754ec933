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


def type_document(pages: Sequence[PageContent], *, sha256: str, file_name: str, nomenklatur: Nomenklatur) -> TypedDocument:
    """The typed document of all its pages, in order. Parents are found twice: names need them, and they need names."""
    document_id = sha256[:16]
    prose = [(page.number, page.prose) for page in pages]
    tables = tuple(with_parents(table) for table in understand(pages, document_id))
    document = TypedDocument(
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
    )
    matched = match_document(document, nomenklatur)
    return replace(matched, tables=tuple(with_parents(table) for table in matched.tables))
