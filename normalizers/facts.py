"""What a document says of itself: its kind, budget year, region and agency.

Evidence is weighed by where it stands: the cover, lines that run along the heads and feet of the pages, labels (`Nama OPD : ...`), titles
over tables, and at last the running text of the first pages. Years of laws and gazettes are no evidence.
"""

from __future__ import annotations

import re
from collections import Counter, OrderedDict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Generic, TypeVar

from extractors.types import PageContent, RawTable, TextLine
from normalizers import agencies, codes
from normalizers.kinds import kind_votes
from normalizers.regions import Mention, Region, find_regions
from normalizers.text import fold, squash
from normalizers.types import DocumentFacts, TypedTable

T = TypeVar("T")


class Weight(IntEnum):
    """How much a place counts for."""

    BODY = 1
    TITLE = 2
    LABEL = 8
    RUNNING = 10
    COVER = 16


@dataclass(frozen=True, slots=True)
class Evidence:
    """A stretch of text and the weight of the place where it stands."""

    text: str
    weight: Weight


_BODY_PAGES = 15
_COVER_WORDS = 130
_EDGE_LINES = 3
_RUNNING_PAGES = 3
_RUNNING_SHARE = 0.2
_TITLES = 400
_TITLE_ROWS = 6
_BODY_TOP = 6  # what the running text's favourite counts for beside stronger evidence
_TITLE_FORM = re.compile(r"(?:[A-Z\d(]|tabel).{3,400}[^.:;,]", re.IGNORECASE | re.DOTALL)
_PLAN_YEAR = re.compile(r"prakiraan\s+maju|rencana\s+tahun|tahun\s+rencana", re.IGNORECASE)
_FORWARD_YEAR = re.compile(r"(?:prakiraa+n|perkiraan)\s+maju[^.;\d]{0,60}(20\d\d)", re.IGNORECASE)
_PAST = re.compile(r"evaluasi|s\.?\/d\.? tahun|realisasi|pencapaian|capaian|tahun lalu|tahun sebelumnya|pelaksanaan", re.IGNORECASE)
_PAST_REACH = 90
_LABEL = re.compile(
    r"^(?:nama\s+)?(?:opd|skpd|organisasi|perangkat daerah|unit kerja|unit organisasi|instansi)(?:\s*/\s*\w+)?\s*:\s*(?P<name>.{4,120})",
    re.IGNORECASE,
)
_LAW = re.compile(
    r"\b(?:nomor|no\.?)\s*:?\s*[\w./-]+(?:\s+[A-Z]{2,})?\s+tahun\s+\d{4}|tahun\s+\d{4}\s+(?:nomor|tentang)|\d{4}\s+nomor|"
    r"(?:19|20)\d\d\s+tentang|tanggal\s+\d{1,2}\s+\w+\s+\d{4}|(?:januari|februari|maret|april|mei|juni|juli|agustus|"
    r"september|oktober|november|desember)\s+\d{4}",
    re.IGNORECASE,
)
_PERIOD = re.compile(r"\b(20\d\d)\s*(?:-|–|—|/|s\.?/?d\.?|sampai(?: dengan)?)\s*(20\d\d)\b", re.IGNORECASE)
_TAHUN = re.compile(r"(?:\btahun\s+anggaran|\btahun|\bt\.?a\.?)\s*:?\s*(20\d\d)\b", re.IGNORECASE)
_BARE_YEAR = re.compile(r"(?<![\d./-])(20[0-4]\d)(?![\d./]|-\d)")
_KIND_WORDS = (
    r"rumusan rencana program|renja|rencana kerja|lk[ji]*ip|lakip|laporan kinerja|laporan akuntabilitas|perjanjian kinerja|"
    r"renstra|rencana strategis"
)
_OWN_NAME = re.compile(rf"(?:\b(?:rancangan|perubahan|awal|akhir)\s+)*\b(?:{_KIND_WORDS})\b", re.IGNORECASE)
_TITLE_LENGTH = 200
_KIND_YEAR = re.compile(rf"(?:{_KIND_WORDS})\b(?!\s+pemerintah daerah\b)[^.;\d]{{0,140}}?(20\d\d)\b", re.IGNORECASE)
_MISREAD_YEAR = re.compile(r"\b2[0OoQ][0-4OoIl][\dOoIl]\b")
_AGENCY_SCOPE = re.compile(
    r"\b(?:dinas|badan|kantor|satuan|inspektorat|sekretariat|biro|bagian|kecamatan|pemerintah|bupati|gubernur)\b", re.IGNORECASE
)
_LOCAL_HEADS = ("Kecamatan", "Distrik", "Kelurahan", "UPTD", "Bagian", "Biro")
_LEAD = 1.25  # how far the best region must be ahead of the next


@dataclass(slots=True)
class FactsCollector:
    """Gathers evidence page by page, so that a long document need not be held: `add` each page in order, then ask for `facts`."""

    _cover: str = ""
    _body: list[str] = field(default_factory=list)
    _labels: list[str] = field(default_factory=list)
    _edges: OrderedDict[str, tuple[str, int]] = field(default_factory=OrderedDict)
    _titles: OrderedDict[str, None] = field(default_factory=OrderedDict)
    _pages: int = 0

    def add(self, page: PageContent) -> None:
        """Take note of one page."""
        self._pages += 1
        lines = [line for line in page.prose if squash(line.text)]
        for line in _edge_lines(lines, page.height):
            key = re.sub(r"\d+", "#", fold(line.text))
            text, count = self._edges.get(key, (squash(line.text), 0))
            if len(key) > 5:
                self._edges[key] = text, count + 1
        self._note_labels(line.text for line in (*lines, *(above for table in page.tables for above in table.above)))
        for table in page.tables:
            self._note_titles(table)
        if self._pages <= _BODY_PAGES:
            self._note_text(" ".join(squash(line.text) for line in lines), page)

    def _note_text(self, text: str, page: PageContent) -> None:
        """Keep the running text; a short first page that opens no chapter is the cover, also where its text stands in a frame."""
        first = self._pages == 1
        if first and not text:
            text = " ".join(squash(cell.text) for table in page.tables for cell in table.cells)
        if first and len(text.split()) <= _COVER_WORDS and not re.search(r"\bbab\s+[ivx\d]+\b", text, re.IGNORECASE):
            self._cover = text
        else:
            self._body.append(text)

    def _note_labels(self, lines: Iterable[str]) -> None:
        self._labels += [match["name"] for line in lines if (match := _LABEL.match(squash(line)))]

    def _note_titles(self, table: RawTable) -> None:
        """Note what stands over a table, its rows that span it, and the header cells that name the plan's year."""
        head = [cell for cell in table.cells if cell.row <= _TITLE_ROWS]
        spanning = [cell for cell in head if self._pages <= 2 and cell.colspan * 2 > table.n_columns]
        self._note_labels(line for cell in spanning for line in cell.lines)
        years = [cell.text for cell in head if _PLAN_YEAR.search(cell.text)]
        above = " ".join(line.text for line in table.above[-3:])
        for title in map(squash, (above, *(cell.text for cell in spanning), *years)):
            if len(self._titles) < _TITLES and _TITLE_FORM.fullmatch(title):
                self._titles[title] = None

    def facts(self, tables: Iterable[TypedTable] = ()) -> DocumentFacts:
        """Weigh the evidence. `tables` add their kinds and the codes printed in them."""
        tables = tuple(tables)
        evidence = tuple(self._evidence(tables))
        kind = _kind(evidence, tables)
        region = _region(evidence)
        found = tuple(_code_counts(tables))
        return DocumentFacts(
            kind=kind,
            year=_year(evidence, kind),
            region_code=region.code if region else None,
            region_name=region.official_name if region else None,
            agency=_agency(evidence),
            title=_title(evidence),
            scope=region.scope if region else _scope(tables),
            bidang=found,
        )

    def _evidence(self, tables: tuple[TypedTable, ...]) -> Iterable[Evidence]:
        if self._cover:
            yield Evidence(self._cover, Weight.COVER)
        for text, count in self._edges.values():
            if count >= max(_RUNNING_PAGES, _RUNNING_SHARE * self._pages):
                yield Evidence(text, Weight.RUNNING)
        for label in dict.fromkeys(self._labels[:50]):
            yield Evidence(label, Weight.LABEL)
        for title in dict.fromkeys([*self._titles, *(table.title for table in tables)]):
            if title:
                yield Evidence(title, Weight.TITLE)
        for text in self._body:
            yield Evidence(text, Weight.BODY)


def document_facts(pages: Iterable[PageContent], tables: Iterable[TypedTable] = ()) -> DocumentFacts:
    """Read the facts of a document from its pages, in order, and the tables typed so far."""
    collector = FactsCollector()
    for page in pages:
        collector.add(page)
    return collector.facts(tables)


def _edge_lines(lines: list[TextLine], height: float) -> list[TextLine]:
    """The lines that may run along head and foot: the first and last few, and what stands in the outer tenth of the page."""
    ordered = sorted(lines, key=lambda line: line.bbox.y0)
    edge = [line for line in ordered if line.bbox.y1 < height * 0.1 or line.bbox.y0 > height * 0.9]
    return list({id(line): line for line in [*ordered[:_EDGE_LINES], *ordered[-_EDGE_LINES:], *edge]}.values())


class _Votes(Generic[T]):
    """Votes of strong places and of running text, which counts little beside them."""

    def __init__(self) -> None:
        self._strong: Counter[T] = Counter()
        self._body: Counter[T] = Counter()

    def add(self, choice: T, count: int, weight: Weight) -> None:
        (self._body if weight is Weight.BODY else self._strong)[choice] += count * weight

    def ranked(self) -> list[tuple[T, float]]:
        top = max(self._body.values(), default=0)
        factor = min(1.0, _BODY_TOP / top) if top and any(self._strong.values()) else 1.0
        choices = {**self._strong, **self._body}
        scores = {choice: self._strong[choice] + factor * self._body[choice] for choice in choices}
        return sorted(((choice, score) for choice, score in scores.items() if score > 0), key=lambda item: -item[1])


def _kind(evidence: tuple[Evidence, ...], tables: tuple[TypedTable, ...]) -> str:
    votes: _Votes[str] = _Votes()
    for item in evidence:
        for kind, count in kind_votes(item.text, item.weight >= Weight.TITLE).items():
            if item.weight > Weight.TITLE:
                votes.add(kind, count, item.weight)
            elif kind not in _QUOTED_KINDS:
                votes.add(kind, count, Weight.BODY)  # a table's title tells the form, which other documents print too
    for table in tables:
        if table.kind in _KIND_OF_TABLE:
            votes.add(_KIND_OF_TABLE[table.kind], 1, Weight.BODY)
    scores = dict(votes.ranked())
    if scores.get("renja_perubahan", 0) * 2 >= scores.get("renja", 0):
        scores.pop("renja", None)  # every change of a Renja speaks of the Renja
    else:
        scores.pop("renja_perubahan", None)  # a plan that mentions its later change
    return max(scores, key=lambda kind: scores[kind]) if scores else "lainnya"


_QUOTED_KINDS = frozenset({"perjanjian_kinerja", "renstra", "lainnya"})  # other documents print tables of these
_KIND_OF_TABLE = {
    **dict.fromkeys(("rencana_renja", "evaluasi_renja", "review_rkpd", "usulan_pemangku"), "renja"),
    "rencana_perubahan": "renja_perubahan",
    **dict.fromkeys(("capaian_kinerja", "efisiensi", "trend_kinerja", "kemajuan_renstra", "benchmark"), "lkjip"),
}


def _year(evidence: tuple[Evidence, ...], kind: str) -> int | None:
    votes: _Votes[int] = _Votes()
    periods: Counter[int] = Counter()
    for item in evidence:
        text = _LAW.sub(" ", _MISREAD_YEAR.sub(_straight_year, item.text))
        for match in _PERIOD.finditer(text):
            if int(match[1]) < int(match[2]) <= int(match[1]) + 6:
                periods[int(match[1])] += item.weight
        for year, count in _years(_PERIOD.sub(" ", text), kind, item.weight):
            votes.add(year, count, item.weight)
    if kind == "renstra" and periods:
        return periods.most_common(1)[0][0]
    ranked = votes.ranked()
    return ranked[0][0] if ranked else None


def _years(text: str, kind: str, weight: Weight) -> Iterator[tuple[int, int]]:
    """Yield (year, votes): most for the year in a document's own name, and for the year before a plan's `prakiraan maju`."""
    plan = kind in ("renja", "renja_perubahan", "rancangan_renja")
    if plan:
        for match in _FORWARD_YEAR.finditer(text):
            yield int(match[1]) - 1, 2
        text = _FORWARD_YEAR.sub(" ", text)
    patterns = [(_KIND_YEAR, 3), (_TAHUN, 1), *([(_BARE_YEAR, 1)] if weight >= Weight.RUNNING else [])]
    for pattern, count in patterns:
        for match in pattern.finditer(text):
            past = plan and weight <= Weight.TITLE and _PAST.search(text[max(0, match.start() - _PAST_REACH) : match.end()])
            if not past:
                yield int(match[1]), count


def _straight_year(match: re.Match[str]) -> str:
    return match.group().translate(str.maketrans("OoQIl", "00011"))


def _region(evidence: tuple[Evidence, ...]) -> Region | None:
    votes: _Votes[Region] = _Votes()
    strong: set[Region] = set()
    for item in evidence:
        words = fold(item.text.replace("!", "i")).split()
        for mention in find_regions(item.text):
            if mention.typed or item.weight >= Weight.LABEL:
                votes.add(mention.region, _mention_factor(mention, words), item.weight)
            if mention.typed and item.weight >= Weight.LABEL:
                strong.add(mention.region)
    ranked = votes.ranked()
    if not ranked:
        return None
    best, most = ranked[0]
    if best.kind == "provinsi":
        inside = [region for region, _ in ranked if region in strong and region.kind != "provinsi" and region.province_code == best.code]
        if inside:  # a regency's cover names its province too
            return inside[0]
    rivals = [score for region, score in ranked[1:] if region.code != best.province_code]
    return best if not rivals or most >= _LEAD * rivals[0] else None


def _mention_factor(mention: Mention, words: list[str]) -> int:
    """A region right after a name of an agency or of its government says whose document it is."""
    before = " ".join(words[max(0, mention.start - 12) : mention.start])
    typed = 2 if mention.typed else 1
    return typed * (3 if _AGENCY_SCOPE.search(before) or words[mention.start] in ("bupati", "gubernur", "walikota", "wali") else 1)


def _agency(evidence: tuple[Evidence, ...]) -> str | None:
    votes: _Votes[str] = _Votes()
    for item in evidence:
        for printed in agencies.find_agencies(item.text, abbreviations=item.weight >= Weight.LABEL):
            name = agencies.normalise(printed)
            if item.weight >= Weight.LABEL or not name.startswith(_LOCAL_HEADS):
                votes.add(name, 1, item.weight)
    ranked = votes.ranked()
    return ranked[0][0] if ranked else None


def _title(evidence: tuple[Evidence, ...]) -> str | None:
    """Return the document's own name from its cover or running lines, from the words that tell its kind on."""
    for item in evidence:
        if item.weight >= Weight.RUNNING and (match := _OWN_NAME.search(item.text)):
            return item.text[match.start() : match.start() + _TITLE_LENGTH].strip()
    return None


def _parsed_codes(tables: tuple[TypedTable, ...]) -> Iterable[codes.Code]:
    for table in tables:
        for line in table.lines:
            code = codes.parse(line.code) if line.code else None
            if code and code.system is codes.CodeSystem.NOMENKLATUR and not code.partial and not code.template and len(code.parts) > 2:
                yield code


def _code_counts(tables: tuple[TypedTable, ...]) -> list[str]:
    counts = Counter(".".join(code.parts[:2]) for code in _parsed_codes(tables))
    return [bidang for bidang, _ in counts.most_common()]


def _scope(tables: tuple[TypedTable, ...]) -> str | None:
    """Tell a province's plan by its kegiatan, which begin with `1.` there and with `2.` in kabupaten and kota."""
    counts = Counter(code.parts[3] for code in _parsed_codes(tables) if len(code.parts) > 3)
    best = counts.most_common(1)
    return {"1": "provinsi", "2": "kabkota"}.get(best[0][0]) if best else None


def agency_key(facts: DocumentFacts) -> tuple[str, str] | None:
    """What is equal for all documents of one agency, however each spells it: region and agency; None where no agency is named."""
    if not facts.agency:
        return None
    return facts.region_code or fold(facts.region_name or ""), fold(agencies.normalise(facts.agency))
