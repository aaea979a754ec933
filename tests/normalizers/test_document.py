"""From pages to a typed document."""

from __future__ import annotations

from extractors.types import PageContent, TextKind
from normalizers.document import understand_document


def page(number: int, *problems: str) -> PageContent:
    return PageContent(number, 595.0, 842.0, 0, TextKind.EMPTY, "", (), (), problems)


def test_a_problem_of_several_pages_is_told_once() -> None:
    pages = [page(1, "terpotong"), page(2), page(3, "terpotong", "gelap"), page(4, "terpotong"), page(5, "terpotong")]
    document = understand_document(pages, sha256="0" * 64, file_name="a.pdf")
    assert document.problems == ("halaman 1, 3-5: terpotong", "halaman 3: gelap")
