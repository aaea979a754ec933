"""Words, lines and phrases: the small vocabulary of geometry that the rule-less tables are read with."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from extractors.layout import hull
from extractors.types import Bbox, Word

_AMOUNT = re.compile(r"^\(?-?(?:rp\.?)?\d{1,3}(?:[.,]\d{3})+(?:[.,]\d{1,2})?\)?[,.]?-*$", re.IGNORECASE)
_NUMBER = re.compile(r"^\(?-?\d+(?:[.,]\d+)*(?:[.,]-+)?\)?%?$")
_DECIMAL = re.compile(r"^-?\d{1,3}[.,]\d{1,2}%?$")
_CODE = re.compile(r"^(?:[0-9X]{1,2}|0[0-9]{3}|[0-9X]{1,2}(?:[.,][0-9X]{1,4})+\.?)$")
_ORDINAL = re.compile(r"^(?:\d{1,3}|[IVX]{1,5}|[A-Za-z])[.)]?$")
_COLUMN_NUMBER = re.compile(r"^\(?(\d{1,2})\)?(?:=.*)?$")
CAPTION = re.compile(r"^(?:(?:tabel|gambar|grafik|lampiran|diagram|bab)\.?\s+[\dIVXT]|sumber(?:\s+data)?\s*:)", re.IGNORECASE)
_CURRENCY = frozenset({"rp", "rp.", "idr"})
TOUCH = 0.3  # a word that reaches less far over an edge, in points, only touches it
KEYS = 0.75  # the share of a column's words that are codes or numbers of a list, where it is a column of codes
DASHES = frozenset({"-", "–", "—", "_"})


def is_amount(text: str) -> bool:
    """Whether `text` is a figure with grouped thousands, the mark of a rupiah column."""
    return bool(_AMOUNT.match(text))


def is_number(text: str) -> bool:
    """Whether `text` is any figure: amount, percentage, decimal, plain integer or the dash that stands for none."""
    return text in DASHES or bool(_NUMBER.match(text)) or is_amount(text)


def is_key(text: str) -> bool:
    """Whether `text` can open a row: a running number, a letter, a roman numeral or a code of groups of digits."""
    return not is_amount(text) and bool(_ORDINAL.match(text) or _CODE.match(text))


def is_currency(text: str) -> bool:
    """Whether `text` is the sign of a currency, also with the minus or the bracket of the figure that follows."""
    return text.lower().lstrip("-(") in _CURRENCY


def column_number(text: str) -> int | None:
    """The number in a column-number row (`7`, `(7)`, `8=(7/6)`), or None."""
    found = _COLUMN_NUMBER.match(text.replace(" ", ""))
    return int(found.group(1)) if found else None


@dataclass(frozen=True, slots=True)
class Line:
    """Words on one baseline, from left to right, with the box around them."""

    words: tuple[Word, ...]
    bbox: Bbox

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)

    @property
    def y(self) -> float:
        return (self.bbox.y0 + self.bbox.y1) / 2

    @property
    def size(self) -> float:
        return max(word.size for word in self.words)


def text_line(words: Sequence[Word]) -> Line:
    """A line of `words`, brought into reading order."""
    ordered = tuple(sorted(words, key=lambda word: word.bbox.x0))
    return Line(ordered, hull(word.bbox for word in ordered))


def lines_of(words: Iterable[Word]) -> list[Line]:
    """Words clustered into baselines, from top to bottom; half a line of offset (another cell's alignment) starts a new one."""
    rows: list[list[Word]] = []
    anchor = height = 0.0
    for word in sorted(words, key=lambda word: word.bbox.y0 + word.bbox.y1):
        y = (word.bbox.y0 + word.bbox.y1) / 2
        if rows and y - anchor <= 0.35 * min(height, word.bbox.height):
            rows[-1].append(word)
            continue
        rows.append([word])
        anchor, height = y, word.bbox.height
    return [text_line(row) for row in rows]


def phrases_of(line: Line, gap: float) -> list[Line]:
    """The line cut wherever two neighbours stand more than `gap` times the font size apart, or are two figures, however close."""
    groups: list[list[Word]] = [[line.words[0]]]
    reach = line.words[0].bbox.x1
    for word in line.words[1:]:
        before = groups[-1][-1]
        if word.bbox.x0 - reach > gap * max(word.size, before.size) or _two_entries(before.text, word.text):
            groups.append([])
        groups[-1].append(word)
        reach = max(reach, word.bbox.x1)
    return [Line(tuple(group), hull(word.bbox for word in group)) for group in groups]


def _two_entries(before: str, text: str) -> bool:
    """Whether one entry ends and another begins: two figures, a percent sign and an amount, or a dash beside an amount or its currency.

    A dash may stand for none in a column of its own, or open the text of the next one; a bare group may be an amount's rest (`29.947 800`).
    """
    for dash, other in ((before, text), (text, before)):
        if dash in DASHES:
            return is_amount(other) or is_currency(other)
    if before.endswith("%") and is_amount(text):
        return True
    return is_amount(before) and (is_amount(text) or bool(_DECIMAL.match(text)))


def text_size(words: Sequence[Word]) -> float:
    """The median font size of `words`; 8 points where there are none."""
    return median(word.size for word in words) if words else 8.0


def bands_of(words: Iterable[Word], heights: Sequence[float]) -> list[list[Word]]:
    """Words by the band between two `heights` (ascending) in which their middle lies; what lies outside is left out."""
    bands: list[list[Word]] = [[] for _ in heights[1:]]
    for word in words:
        band = bisect_right(heights, (word.bbox.y0 + word.bbox.y1) / 2) - 1
        if 0 <= band < len(bands):
            bands[band].append(word)
    return bands


def column_at(edges: Sequence[float], x: float) -> int:
    """The place of the column between `edges` in which `x` lies; what lies outside belongs to the first or the last one."""
    return min(max(bisect_right(edges, x) - 1, 0), len(edges) - 2)


def inside(word: Word, box: Bbox, margin: float = 0.0) -> bool:
    """Whether the middle of `word` lies in `box` grown by `margin` points."""
    x, y = word.bbox.centre
    return box.x0 - margin <= x <= box.x1 + margin and box.y0 - margin <= y <= box.y1 + margin
