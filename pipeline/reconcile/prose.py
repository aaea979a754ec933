"""What running text says: R28 references, lists and blanks, R20 status, R12 counts, R11 lists and indicators against the tables."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal

from normalizers.text import compact, fold
from normalizers.types import ProseFigure, RowKind, TypedDocument, ValueKind

from . import messages
from .outcome import Observation
from .sheet import Figure, Node, Sheet
from .wording import in_prose

_TABLE = re.compile(r"\btabel\.?\s*(T-?\s?C\.?\s?\d{2}|\d+(?:\.\d+)+|[IVX]+[.-]\d+)", re.I)
_CAPTION = re.compile(r"^\W*tabel\b", re.I)
_LISTED = re.compile(r"^(\d{1,2})[.)]\s*(\S.{3,})", re.S)
_BLANK = re.compile(r"\bnomor\s*:?\s*(?:\.{3,}|…+|_{3,})|\bnomor\s*:\s*tahun\b", re.I)
_STATUS = re.compile(r"\b(rancangan\s+(?:awal|akhir)|ranwal|rankhir)\b(?=[^.]{0,40}\b(?:renja|rencana\s+kerja)\b)", re.I)
_COUNT_OF = re.compile(r"\b(\d{1,2})\s*\([a-z ]+\)\s*(indikator|program|kegiatan|tujuan|sasaran|misi)\b", re.I)
_ROMAN = re.compile(r"\((i{1,3}|iv|vi{0,3}|ix|x)\)", re.I)
_NUMERALS = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x")
_LEAST_RUN, _LEAST_LIST, _NEAR, _LEAST_INDICATOR = 5, 5, Decimal("0.02"), 18


def references(document: TypedDocument, sheets: Sequence[Sheet]) -> Iterator[Observation]:
    """R28: a table that the text refers to by number exists, where the document numbers its tables at all."""
    known = {_key(number) for sheet in sheets for number in _TABLE.findall(sheet.table.title)}
    known |= {_key(number) for _, text in document.prose_text if _CAPTION.match(text) for number in _TABLE.findall(text)}
    if len(known) < 3:
        return
    told: set[str] = set()
    for page, text in document.prose_text:
        if _CAPTION.match(text):
            continue
        for match in _TABLE.finditer(text):
            key = _key(match[1])
            if key not in told and not any(other == key or other.startswith(key + ".") for other in known):
                told.add(key)
                yield in_prose(document, "R28", page, f"merujuk {match[0].lower()}, yang tidak ada dalam dokumen", match[0], "")


def _key(number: str) -> str:
    return re.sub(r"[\s-]", "", number).upper().replace("TC", "TC.").replace("..", ".").strip(".")


def lists(document: TypedDocument, sheets: Sequence[Sheet]) -> Iterator[Observation]:
    """R28: numbered paragraphs count on without a gap; R11: a list of programs or kegiatan holds as many as the tables."""
    run: list[tuple[int, int, str]] = []
    for page, text in (*document.prose_text, (0, "")):
        match = _LISTED.match(text)
        number = int(match[1]) if match else 0
        if match and run and number == run[-1][0] + 1:
            run.append((number, page, match[2]))
            continue
        if match and len(run) >= _LEAST_RUN and run[-1][0] + 1 < number <= run[-1][0] + 4:
            yield in_prose(document, "R28", page, f"nomor urut {number} melompat setelah {run[-1][0]}", str(number), str(run[-1][0] + 1))
            run.append((number, page, match[2]))
            continue
        if match and number != 1:
            continue
        if not match and text and number == 0 and run and len(text) > 3 and page == run[-1][1] and not text[0].isdigit() and page:
            continue  # a paragraph that goes on between two items
        yield from _listed(document, sheets, run)
        run = [(number, page, match[2])] if match else []


def _listed(document: TypedDocument, sheets: Sequence[Sheet], run: Sequence[tuple[int, int, str]]) -> Iterator[Observation]:
    if len(run) < _LEAST_LIST or run[0][0] != 1:
        return
    for kind in (RowKind.PROGRAM, RowKind.KEGIATAN):
        tables = [_names(sheet, kind) for sheet in sheets]
        listed = [_words(text) for _, _, text in run]
        counts = {len(names) for names in tables if 2 * sum(any(_alike(one, name) for name in names) for one in listed) >= len(run)}
        if not counts:
            continue
        if len(run) not in counts:
            shown = " atau ".join(str(count) for count in sorted(counts))
            said = f"daftar ini memuat {len(run)} {messages.level(kind)}, sedangkan tabel memuat {shown}"
            yield in_prose(document, "R11", run[0][1], said, str(len(run)), shown)
        return


def _names(sheet: Sheet, kind: RowKind) -> list[frozenset[str]]:
    """The different names of a table's rows of one level, as their longer words."""
    names = {compact(node.name): _words(node.name) for node in sheet.level_nodes() if node.line.kind is kind}
    return [words for words in names.values() if words]


def _words(text: str) -> frozenset[str]:
    return frozenset(word for word in fold(text).split() if len(word) > 3)


def _alike(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether two names share most of their longer words: lists in prose are typed anew, with other spellings."""
    return 2 * len(one & other) >= len(one | other) > 0


def blanks(document: TypedDocument, sheets: Sequence[Sheet]) -> Iterator[Observation]:
    """R28: the number of a regulation is filled in."""
    for page, text in document.prose_text:
        for match in _BLANK.finditer(text):
            yield in_prose(document, "R28", page, f"nomor peraturan belum diisi (“{match[0].strip()}”)", match[0], "")


def status(document: TypedDocument, sheets: Sequence[Sheet]) -> Iterator[Observation]:
    """R20: cover and preface name one status of the document (rancangan awal, rancangan akhir)."""
    said: dict[str, int] = {}
    for page, text in document.prose_text:
        if page <= 3 and len(text) < 400:
            for match in _STATUS.finditer(text):
                said.setdefault({"ranwal": "rancangan awal", "rankhir": "rancangan akhir"}.get(fold(match[1]), fold(match[1])), page)
    if document.facts.kind != "rancangan_renja" and said and document.facts.kind in ("renja", "renja_perubahan"):
        name, page = next(iter(said.items()))
        title = document.facts.kind.replace("_", " ")
        yield in_prose(document, "R20", page, f"dokumen disebut {name}, sedangkan judulnya {title}", name, title)


def counted(document: TypedDocument, sheets: Sequence[Sheet]) -> Iterator[Observation]:
    """R12: as many items are listed, (i) to (iv), as the sentence says."""
    for page, text in document.prose_text:
        for match in _COUNT_OF.finditer(text):
            rest = text[match.end() : match.end() + 600]
            marks = [mark.lower() for mark in _ROMAN.findall(rest)]
            count = next((n for n in range(len(marks), 1, -1) if marks[:n] == list(_NUMERALS[:n])), 0)
            if count and count != int(match[1]):
                yield in_prose(document, "R12", page, f"disebut {match[1]} {match[2].lower()}, terdaftar {count}", match[1], str(count))


def indicators(document: TypedDocument, sheets: Sequence[Sheet]) -> Iterator[Observation]:
    """R11: a figure beside the name of an indicator is one that the tables print for it; one that is near but not equal is told."""
    rows: dict[str, list[Figure]] = defaultdict(list)
    for sheet in sheets:
        for node in sheet.nodes:
            cell = node.line.cells.get("indikator")
            name = fold(cell.text) if cell else ""
            if len(name) >= _LEAST_INDICATOR:
                rows[name] += _figures(sheet, node)
    sentences: dict[tuple[int, str], list[ProseFigure]] = defaultdict(list)
    for figure in document.prose:
        if figure.kind in (ValueKind.PERCENT, ValueKind.VOLUME) and figure.number is not None:
            sentences[(figure.page, figure.sentence)].append(figure)
    for (page, sentence), told in sentences.items():
        words = fold(sentence)
        named = [name for name in rows if name in words]
        if len(named) != 1:
            continue
        printed = {Decimal(figure.amount): figure for figure in rows[named[0]]}
        for figure in told:
            assert figure.number is not None
            near = [amount for amount in printed if amount and abs(figure.number - amount) <= _NEAR * abs(amount)]
            if figure.number not in printed and near and not _is_year(figure.number) and figure.number > 2:
                closest = min(near, key=lambda amount: abs(amount - (figure.number or 0)))
                where = f"tabel halaman {printed[closest].value.page} mencetak {printed[closest].value.printed}"
                said = f"{figure.printed} untuk indikator “{named[0]}”, sedangkan {where}"
                yield in_prose(document, "R11", page, said, figure.printed, printed[closest].value.printed, [printed[closest].line.id])


def _figures(sheet: Sheet, node: Node) -> Iterator[Figure]:
    for column in sheet.table.columns:
        figure = sheet.figure(node, column.name)
        if figure is not None and figure.value.kind in (ValueKind.PERCENT, ValueKind.VOLUME):
            yield figure


def _is_year(number: Decimal) -> bool:
    return number == number.to_integral_value() and 1990 <= number <= 2045


SAYINGS = (references, lists, blanks, status, counted, indicators)
