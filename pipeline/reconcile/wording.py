"""What a document says in words: R20 years, R21 other agencies, R24 categories and their scale."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import pairwise

from normalizers.agencies import normalise
from normalizers.text import fold
from normalizers.types import TypedDocument
from pipeline.findings import Certainty, Check, CheckStatus, Finding, Severity

from . import messages
from .outcome import Observation, check, finding, identity
from .sheet import Sheet

_RANGE = re.compile(r"\b(20\d\d)\s*[-–]\s*(20\d\d)\b")
_RELATIVE = re.compile(r"\b(20\d\d)\s*\(?\s*(?:tahun\s*|thn\.?\s*)?\(?n\s*(?:([-+])\s*(\d))?\)", re.I)
_GAZETTE = re.compile(r"\bTahun\s+(20\d\d)\b[^()]{0,160}\((?:Berita|Lembaran)\s+(?:Daerah|Negara)[^()]{0,80}?\bTahun\s+(20\d\d)\b", re.I)
_OF_OTHERS = re.compile(
    r"\b(?:renstra|renja|rencana strategis|rencana kerja|tugas(?: pokok)? dan fungsi|realisasi anggaran|lkjip)\s+"
    r"(bapelitbangda|bappelitbangda|bappeda|bapperida|inspektorat|kecamatan|kelurahan|sekretariat dprd|satpol pp|rsud)\b",
    re.I,
)
_LIMITS = re.compile(r"\d+(?:[.,]\d+)?")


def years(document: TypedDocument, sheets: Sequence[Sheet]) -> Iterator[Observation]:
    """R20: ranges ascend, a gazette is not older than its regulation, and n-k stands for one year in one header."""
    for page, text in document.prose_text:
        for match in _RANGE.finditer(text):
            if match[1] > match[2]:
                yield in_prose(document, "R20", page, f"rentang tahun {match[0]} berjalan mundur", match[0], f"{match[2]}-{match[1]}")
        for match in _GAZETTE.finditer(text):
            if match[2] < match[1]:
                said = f"peraturan tahun {match[1]} diundangkan dalam berita atau lembaran tahun {match[2]}"
                yield in_prose(document, "R20", page, said, match[2], match[1])
    for sheet in sheets:
        yield from _relative_years(sheet)


def _relative_years(sheet: Sheet) -> Iterator[Observation]:
    said: Counter[int] = Counter()
    for column in sheet.table.columns:
        for year, sign, distance in _RELATIVE.findall(column.header):
            said[int(year) - int(f"{sign}{distance}" if distance else 0)] += 1
    if len(said) > 1:
        title = f' tabel "{sheet.table.title}",' if sheet.table.title else ""
        shown = ", ".join(str(year) for year in sorted(said))
        text = f"Halaman {sheet.table.first_page},{title} kepala tabel: n berarti lebih dari satu tahun ({shown})."
        made = finding("R20", sheet, None, text, severity=Severity.INFO, printed=shown)
        yield Observation(check("R20", sheet, None, CheckStatus.DIFFERS, printed=shown), made)
    elif said:
        yield Observation(check("R20", sheet, None, CheckStatus.AGREES, printed=str(next(iter(said)))))


def other_agencies(document: TypedDocument, sheets: Sequence[Sheet]) -> Iterator[Observation]:
    """R21: plan, tasks or budget of another agency told as one's own, as after copying its text."""
    own = fold(document.facts.agency or "")
    if not own:
        return
    for page, text in document.prose_text:
        for match in _OF_OTHERS.finditer(text):
            if _is_other(match[1], own):
                yield in_prose(document, "R21", page, f"menyebut “{match[0]}”, bukan {document.facts.agency}", match[0], "")
    for sheet in sheets:
        for line in sheet.table.lines:
            cells = ((column, cell.text) for column, cell in line.cells.items() if column.startswith("indikator"))
            named = [(column, m[0]) for column, text in cells for m in _OF_OTHERS.finditer(text) if _is_other(m[1], own)]
            for column, said in named[:1]:
                text = f"{messages.place(line.page, sheet.table, line)}: indikator menyebut “{said}”, bukan {document.facts.agency}."
                made = finding("R21", sheet, line, text, column=column, severity=Severity.INFO, printed=said, mark=column)
                yield Observation(check("R21", sheet, line, CheckStatus.DIFFERS, column=column, printed=said), made)


def _is_other(name: str, own: str) -> bool:
    """Whether a name is another agency's; `own` is the folded name of the document's, of which the text may print an abbreviation."""
    return fold(name) not in own and fold(normalise(name)) not in own


def categories(sheets: Sequence[Sheet]) -> Iterator[Observation]:
    """R24: categories of achievements are those of the document's scale, and the scale leaves no value without a class."""
    scales = [sheet for sheet in sheets if sheet.table.column("interval") and sheet.table.column("kategori")]
    known = {fold(line.cells["kategori"].text) for sheet in scales for line in sheet.table.lines if "kategori" in line.cells}
    for sheet in scales:
        yield from _gaps(sheet)
    if not known:
        return
    for sheet in sheets:
        if sheet in scales or sheet.table.column("kategori") is None:
            continue
        for line in sheet.table.lines:
            cell = line.cells.get("kategori")
            if cell is None or len(cell.text) > 40:
                continue
            words = f" {fold(cell.text)} "  # "63,36 % (Sedang)" names its class too
            agrees = any(f" {name} " in words for name in known)
            made = None
            if not agrees:
                text = f"{messages.place(line.page, sheet.table, line)}: kategori “{cell.text}” tidak ada dalam skala nilai dokumen."
                made = finding("R24", sheet, line, text, column="kategori", severity=Severity.INFO, printed=cell.text)
            status = CheckStatus.AGREES if agrees else CheckStatus.DIFFERS
            yield Observation(check("R24", sheet, line, status, column="kategori", printed=cell.text), made)


def _gaps(sheet: Sheet) -> Iterator[Observation]:
    spans: list[tuple[Decimal, Decimal]] = []
    for line in sheet.table.lines:
        limits = [Decimal(n.replace(",", ".")) for n in _LIMITS.findall(line.cells["interval"].text)] if "interval" in line.cells else []
        if len(limits) == 2:
            spans.append((min(limits), max(limits)))
    spans.sort()
    # whole percents may leave one unit between classes that are told without decimals; more is a gap
    gaps = [(low[1], high[0]) for low, high in pairwise(spans) if high[0] > low[1]]
    if not gaps:
        return
    shown = "; ".join(f"{messages.number(a)} sampai {messages.number(b)}" for a, b in gaps)
    text = f"Halaman {sheet.table.first_page}, skala nilai: tidak ada kelas untuk {shown}."
    made = finding("R24", sheet, None, text, column="interval", severity=Severity.INFO, printed=shown)
    yield Observation(check("R24", sheet, None, CheckStatus.DIFFERS, column="interval", printed=shown), made)


def in_prose(
    document: TypedDocument, rule: str, page: int, what: str, printed: str, expected: str, evidence: Sequence[str] = ()
) -> Observation:
    """Information on running text, which stands on no row."""
    made = Finding(
        id=identity(document.id, rule, str(page), printed, what),
        rule=rule,
        document_id=document.id,
        status=CheckStatus.DIFFERS,
        severity=Severity.INFO,
        certainty=Certainty.MAYBE_OCR if page in document.ocr_pages else Certainty.CERTAIN,
        message=f"Halaman {page}, narasi: {what}.",
        printed=printed,
        expected=expected,
        evidence=tuple(evidence),
        page=page,
    )
    return Observation(Check(rule, document.id, CheckStatus.DIFFERS, printed=printed, members=tuple(evidence)), made)
