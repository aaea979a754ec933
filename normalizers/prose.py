"""Figures in running text: amounts, percents and counts with their sentence, page and box.

Lines are joined into paragraphs over line and page breaks, so that a wrapped number or sentence is whole. Page numbers, tables of contents
and the numbers and years of laws are no figures.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from extractors.types import Bbox, TextLine
from normalizers.numbers import MOST_RUPIAH, NumberStyle, read_money, read_percent
from normalizers.quantities import known_units, normalise_unit
from normalizers.text import fold, join_two, squash
from normalizers.types import ProseFigure, ValueKind, ValueStatus


@dataclass(frozen=True, slots=True)
class Span:
    """The characters `start` to `end` of a paragraph stand in `line` on `page`."""

    start: int
    end: int
    line: TextLine
    page: int


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Joined running text and the lines it comes from, in order."""

    text: str
    spans: tuple[Span, ...]

    @property
    def page(self) -> int:
        return self.spans[0].page


_NUMBER = r"\d{1,3}(?:\s?[.,]\s?\d{3}(?!\d))+(?:[.,]\d{1,2}(?!\d))?|\d+(?:[.,]\d+)*"
_SCALES = {
    "ribu": 10**3,
    "juta": 10**6,
    "jt": 10**6,
    "miliar": 10**9,
    "milyar": 10**9,
    "milliar": 10**9,
    "triliun": 10**12,
    "trilyun": 10**12,
}
_MONEY = re.compile(
    rf"\bRp\.?\s?(?P<number>{_NUMBER})(?:\s?[.,]{{1,2}}\s?-{{1,2}})?(?:\s*(?P<scale>{'|'.join(_SCALES)})\b)?",
    re.IGNORECASE,
)
_BARE_MONEY = re.compile(
    r"(?<![\d.,])(?:\d{1,3}(?:\.\d{3}){2,}(?:,\d{1,2}|\.00)?|\d{1,3}(?:,\d{3}){2,}(?:\.\d{1,2})?)(?:[.,]{1,2}-)?(?![.,]?\d)"
)
_SCALED = re.compile(rf"(?<![\d.,])(?P<number>{_NUMBER})\s*(?P<scale>juta|miliar|milyar|triliun)\s+rupiah\b", re.IGNORECASE)
_PERCENT = re.compile(rf"(?<![\d.,])(?P<number>-?(?:{_NUMBER}))\s?(?:%|persen\b|prosen\b)", re.IGNORECASE)
_COUNT = re.compile(
    rf"(?<![\w.,/-])(?P<number>{_NUMBER})(?:\s*\([a-z][a-z\s-]{{2,40}}\))?\s+(?P<unit>[A-Za-z%][A-Za-z]*(?:\s?/\s?[A-Za-z]+)?(?:\s[A-Za-z]+)?)"
)
_NO_COUNT_BEFORE = re.compile(
    r"(?:nomor|no\.?|tahun|thn\.?|pasal|ayat|bab|tabel|gambar|tanggal|tgl\.?|halaman|hal\.?|lampiran|angka|huruf|nip\.?|telp\.?|jl\.?|"
    r"jalan|kav\.?|rt|rw|km|triwulan|tw|semester|level|tipe|kelas)\s*[:.]?\s*$",
    re.IGNORECASE,
)
_EXTRA_UNITS = frozenset(
    {
        "program",
        "sub kegiatan",
        "indikator",
        "sasaran",
        "tujuan",
        "jiwa",
        "pegawai",
        "asn",
        "pns",
        "kk",
        "rumah tangga",
        "peserta",
        "usulan",
        "misi",
    }
)
_CONTENTS = re.compile(r"(?:\.\s?){5,}\s*\w{0,6}$|…{2,}")
_PAGE_NUMBER = re.compile(r"\W*(?:hal(?:aman)?\W*)?(?:\d{1,4}|[ivxlc]{1,7}|(?:bab\s+)?[IVX]+\s*[-–—.]\s*\d+)\W*", re.IGNORECASE)
_STARTS_NEW = re.compile(
    r"(?:bab\s+[ivx\d]+\b|tabel\s|gambar\s|(?:\d{1,2}|[a-z]|[ivx]+)[.)]\s|\d{1,2}(?:\.\d{1,2})+\.?\s+\D|[-•●▪➢✓*]\s?)", re.IGNORECASE
)
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z(\"“\d])")
_ABBREVIATION = re.compile(
    r"(?:\b(?:no|rp|kab|kec|kel|prov|jl|dll|dsb|hal|tgl|thn|dr|drs|ir|h|st|se|sh|t\.a|s\.d)|\b\d{1,2}|\b[a-z])\.$", re.IGNORECASE
)
_GAP = 1.0  # a white gap of this many line heights parts paragraphs


def paragraphs(pages: Iterable[tuple[int, Sequence[TextLine]]]) -> Iterator[Paragraph]:
    """Join the lines outside tables, page by page in order, into paragraphs; one may go on over a page break."""
    current: list[tuple[TextLine, int]] = []
    for number, lines in pages:
        for line in lines:
            if not squash(line.text) or _PAGE_NUMBER.fullmatch(squash(line.text)) or _CONTENTS.search(line.text):
                continue
            if current and _parts(current[-1], (line, number)):
                yield _paragraph(current)
                current = []
            current.append((line, number))
    if current:
        yield _paragraph(current)


def figures(pages: Iterable[tuple[int, Sequence[TextLine]]]) -> tuple[ProseFigure, ...]:
    """Return the figures printed outside tables: `pages` are (page number, its lines outside tables) in order."""
    return tuple(figure for paragraph in paragraphs(pages) for figure in paragraph_figures(paragraph))


def paragraph_figures(paragraph: Paragraph) -> Iterator[ProseFigure]:
    """Yield the figures of one paragraph in printed order.

    `printed` is the number as printed, joined where it was wrapped, with `%`, `juta` or `miliar` but without `Rp` and `,-`.
    """
    taken: list[tuple[int, int]] = []
    found: list[tuple[int, ProseFigure]] = []
    for read in (_read_money, _read_percents, _read_counts):
        for start, end, reading in read(paragraph.text):
            if not any(start < b and a < end for a, b in taken):
                taken.append((start, end))
                found.append((start, _figure(paragraph, start, end, reading)))
    yield from (figure for _, figure in sorted(found, key=lambda item: item[0]))


@dataclass(frozen=True, slots=True)
class _Reading:
    kind: ValueKind
    rupiah: int | None = None
    number: Decimal | None = None
    unit: str | None = None
    decimals: int = 0


def _read_money(text: str) -> Iterator[tuple[int, int, _Reading]]:
    for match in _MONEY.finditer(text):
        yield match.start("number"), match.end("scale" if match["scale"] else "number"), _money(match["number"], match["scale"])
    for match in _SCALED.finditer(text):
        yield match.start(), match.end("scale"), _money(match["number"], match["scale"])
    for match in _BARE_MONEY.finditer(text):
        unit = _unit_after(text[match.end() :])
        reading = _money(match.group(), None)
        if unit and unit != "Rupiah" and reading.rupiah is not None:
            reading = _Reading(ValueKind.VOLUME, number=Decimal(reading.rupiah), unit=unit)
        yield match.start(), match.end(), reading


def _money(number: str, scale: str | None) -> _Reading:
    factor = _SCALES[scale.casefold()] if scale else 1
    if scale and re.fullmatch(r"\d{1,3}[.,]\d{3}", number) is None:
        plain = read_percent(number, NumberStyle.ID)
        if plain.number is not None and plain.number * factor <= MOST_RUPIAH:
            return _Reading(ValueKind.RUPIAH, rupiah=int(plain.number * factor), decimals=plain.decimals)
    reading = read_money(number, _style(number), factor)
    return _Reading(ValueKind.RUPIAH, rupiah=reading.rupiah, decimals=reading.decimals)


def _read_percents(text: str) -> Iterator[tuple[int, int, _Reading]]:
    for match in _PERCENT.finditer(text):
        reading = read_percent(match["number"], _style(match["number"]))
        yield match.start(), match.end(), _Reading(ValueKind.PERCENT, number=reading.number, unit="%", decimals=reading.decimals)


def _read_counts(text: str) -> Iterator[tuple[int, int, _Reading]]:
    for match in _COUNT.finditer(text):
        unit = _unit_after(match["unit"])
        if unit is None or _NO_COUNT_BEFORE.search(text[: match.start()][-20:]):
            continue
        if match.start() == 0 and re.match(r"\d+\s+[A-Z]", text):
            continue  # a heading's number
        reading = read_percent(match["number"], _style(match["number"]))
        money = read_money(match["number"], _style(match["number"])) if reading.number is None else None
        number = Decimal(money.rupiah) if money and money.status is ValueStatus.OK and money.rupiah is not None else reading.number
        if number is not None:
            yield match.start(), match.end("number"), _Reading(ValueKind.VOLUME, number=number, unit=unit, decimals=reading.decimals)


def _unit_after(text: str) -> str | None:
    """Return the known unit that `text` begins with, the longest first."""
    words = re.match(r"\s*(?:\([a-z\s-]+\)\s*)?([A-Za-z/]+)(?:\s([A-Za-z/]+))?", text)
    if not words:
        return None
    for candidate in (" ".join(word for word in words.groups() if word), words[1]):
        if fold(candidate) in known_units():
            return normalise_unit(candidate)
        if fold(candidate) in _EXTRA_UNITS:
            return candidate.capitalize()
    return None


def _style(number: str) -> NumberStyle:
    return NumberStyle.EN if re.fullmatch(r"\d{1,3}(?:,\d{3}){2,}(?:\.\d{1,2})?|\d{1,3}(?:,\d{3})+\.\d{1,2}", number) else NumberStyle.ID


def _figure(paragraph: Paragraph, start: int, end: int, reading: _Reading) -> ProseFigure:
    page, bbox = _place(paragraph, start, end)
    return ProseFigure(
        sentence=_sentence(paragraph.text, start, end),
        printed=paragraph.text[start:end].strip(),
        kind=reading.kind,
        page=page,
        bbox=bbox,
        rupiah=reading.rupiah,
        number=reading.number,
        unit=reading.unit,
        decimals=reading.decimals,
    )


def _place(paragraph: Paragraph, start: int, end: int) -> tuple[int, Bbox]:
    """Return the page where the figure begins and its box there, set off within its lines by the share of their characters."""
    touched = [span for span in paragraph.spans if span.start < end and start < span.end]
    page = touched[0].page
    boxes = []
    for span in touched:
        if span.page != page:
            continue
        width, length = span.line.bbox.width, max(1, span.end - span.start)
        x0 = span.line.bbox.x0 + width * max(0, start - span.start) / length
        x1 = span.line.bbox.x0 + width * min(length, end - span.start) / length
        boxes.append(Bbox(x0, span.line.bbox.y0, x1, span.line.bbox.y1))
    whole = boxes[0]
    for box in boxes[1:]:
        whole = whole.union(box)
    return page, whole


def _sentence(text: str, start: int, end: int) -> str:
    bounds = [m.end() for m in _SENTENCE_END.finditer(text) if not _ABBREVIATION.search(text[: m.start()])]
    left = max((bound for bound in bounds if bound <= start), default=0)
    right = min((bound for bound in bounds if bound >= end), default=len(text))
    return text[left:right].strip()


def _paragraph(lines: Sequence[tuple[TextLine, int]]) -> Paragraph:
    text = ""
    spans: list[Span] = []
    for line, page in lines:
        below = squash(line.text)
        text = join_two(text, below) if text else below
        spans.append(Span(len(text) - len(below), len(text), line, page))
    return Paragraph(text, tuple(spans))


def _parts(above: tuple[TextLine, int], below: tuple[TextLine, int]) -> bool:
    """Whether a new paragraph begins with the line below."""
    (upper, upper_page), (lower, lower_page) = above, below
    text = squash(upper.text)
    if _number_open(text, squash(lower.text)):
        return False
    if _STARTS_NEW.match(squash(lower.text)) or (upper.bold != lower.bold and upper.text.isupper()):
        return True
    if upper_page != lower_page:
        return bool(re.search(r"[.:;!?]$", text)) or not squash(lower.text)[:1].islower()
    height = max(upper.bbox.height, 1.0)
    gap = lower.bbox.y0 - upper.bbox.y1
    return gap > _GAP * height or gap < -2 * height or abs(lower.bbox.height - upper.bbox.height) > 0.5 * height


def _number_open(upper: str, lower: str) -> bool:
    """Whether the line above breaks off within a number."""
    return bool(re.search(r"\d[.,]$|Rp\.?$", upper)) and bool(re.match(r"\d", lower)) and not _STARTS_NEW.match(lower)
