"""The titles of tables: captions and headings over a table, told from running heads, list items and running text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from extractors.types import PageContent, RawTable, TextLine
from normalizers.text import compact, squash

_CAPTION = re.compile(
    r"^\W*(?:tabel|tabe1|formulir|form|matriks?)\b(?!\s+(?:di\b|diatas|dibawah|berikut|tersebut|ini\b|yang\b))[\s.:]*"
    r"(?P<number>[A-Z]{0,2}[-.\s]{0,2}\w{0,3}(?:\s?[.-]\s?(?:\d{1,3}[a-z]?|[A-Z])\b){0,3})?",
    re.IGNORECASE,
)
_SECTION = re.compile(r"(?:bab\s+[IVX]+\b|lampiran\b|[A-Z]\.|\d{1,2}(?:\.\d{1,2})+\.?|[IVX]+\.)\s*\S", re.IGNORECASE)
_LIST_ITEM = re.compile(r"(?:\(?(?:\d{1,2}|[a-z])[.)]|[-•❖➢✓])\s")
_CONTENTS_LINE = re.compile(r"[.…_]{3,}\s*\d*$|\.{2,}")  # dots that lead to a page number in a list of tables
_LONG_WORD = re.compile(r"[^\W\d_]{4,}")
_RUNNING_TOLERANCE = 6.0  # points
_TOP = 0.4  # of the page's height, where heads and titles stand
_PARAGRAPH = 60  # letters that are more than a heading
_TITLE_LINES = 4
_LONGEST = 160
_SHORT = 14  # letters of a caption that is nothing but its number
_CAPITALS = 0.7  # of the long words of a heading
_REACH = 3  # pages that a section heading speaks for


def has_words(line: TextLine) -> bool:
    """Whether a line holds a word, more than a page number or a rule."""
    return bool(re.search(r"[A-Za-z]{3}", line.text))


def is_heading(line: TextLine) -> bool:
    """Whether a line reads like a heading: no sentence, no list item, no running head; bold, in capitals, or its words capitalised."""
    text = squash(line.text)
    if not has_words(line) or len(text) > _LONGEST or text.endswith((".", ";", ",", ":", "|", ",-")) or _CONTENTS_LINE.search(text):
        return False
    if line.bold or text.isupper():
        return True
    words = _LONG_WORD.findall(text)
    return not _LIST_ITEM.match(text) and sum(word[0].isupper() for word in words) >= _CAPITALS * len(words)


def caption(above: Sequence[TextLine]) -> tuple[str, str | None]:
    """The title over a table and its printed number (`2.1`, `T-C.33`), from the lines above it (nearest last); "" where none is a title."""
    for i in range(len(above) - 1, -1, -1):
        if match := _CAPTION.match(squash(above[i].text)):
            lines = list(above[i : i + _TITLE_LINES])
            if len(compact(lines[0].text)) < _SHORT and len(lines) == 1 and i and is_heading(above[i - 1]):
                lines = [above[i - 1], *lines]
            return _joined(lines), compact(match["number"] or "") or None
    block: list[TextLine] = []
    for line in reversed(above):
        if not is_heading(line) or len(block) == _TITLE_LINES:
            break
        block.insert(0, line)
    return _joined(block), None


def _joined(lines: Iterable[TextLine]) -> str:
    return " ".join(squash(line.text) for line in lines)


@dataclass(slots=True)
class PageLines:
    """What the pages before printed outside their tables: running heads, and the headings that a table further down still stands under."""

    heights: dict[str, float] = field(default_factory=dict)
    section: tuple[int, str] = (0, "")
    waiting: tuple[int, str] = (0, "")  # a caption at a page's foot, whose table stands on the next page

    def without_heads(self, lines: Sequence[TextLine]) -> tuple[TextLine, ...]:
        """The lines but those that stood at the same height before: such a line is a running head, no title."""
        return tuple(line for line in lines if abs(self.heights.get(_wording(line), -1e9) - line.bbox.y0) > _RUNNING_TOLERANCE)

    def new_text(self, lines: Sequence[TextLine]) -> bool:
        """Whether lines hold a text of their own, more than a head or a title that was printed before."""
        fresh = [line for line in lines if _wording(line) not in self.heights and has_words(line)]
        return len(fresh) > 1 and sum(len(compact(line.text)) for line in fresh) >= _PARAGRAPH

    def learn(self, page: PageContent) -> None:
        """Take in a page after its tables."""
        self.heights |= {_wording(line): line.bbox.y0 for line in page.prose if line.bbox.y0 < _TOP * page.height}
        foot = max((table.bbox.y1 for table in page.tables), default=0.0)
        below = [line for line in page.prose if line.bbox.y0 >= foot]
        if numbered := next((line for line in reversed(below) if _CAPTION.match(line.text) and is_heading(line)), None):
            self.waiting = page.number, squash(numbered.text)
        self.section = _last_section(page, page.height) or self.section

    def heading_over(self, page: PageContent, raw: RawTable) -> str:
        """The caption or section heading that a table without a title of its own stands under, "" where none is near."""
        if page.tables[0].order == raw.order and self.waiting[0] == page.number - 1:
            return self.waiting[1]
        number, title = _last_section(page, raw.bbox.y0) or self.section
        return title if page.number - number <= _REACH else ""


def _last_section(page: PageContent, y: float) -> tuple[int, str] | None:
    found = [line for line in page.prose if line.bbox.y0 < y and _SECTION.match(squash(line.text)) and is_heading(line)]
    return (page.number, squash(found[-1].text)) if found else None


def _wording(line: TextLine) -> str:
    """A line's text for comparison: page numbers do not count, the number of a table does."""
    text = compact(line.text)
    return text if _CAPTION.match(line.text) else re.sub(r"\d+", "", text)
