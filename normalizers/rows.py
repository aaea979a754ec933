"""Printed rows made logical: pieces of a row cut by a page break joined, footers dropped, and each row's kind told.

A row's level follows from the length of its code, then from the words that its name begins with; what the other rows of the table tell
is the affair of `levels`. Nothing is dropped because its level is unknown.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from extractors.types import Bbox
from normalizers.codes import Code, CodeSystem, is_account_code, leading_code, looks_like_code, mostly_partial, parse, system_of
from normalizers.labels import (
    ends_table,
    is_agency,
    is_label,
    leading_number,
    level_word,
    lone_number,
    total_label,
    total_of,
)
from normalizers.name_columns import levels_apart, names
from normalizers.outline import is_outline, outline_number
from normalizers.stitch import PrintedRow
from normalizers.text import fold, join_lines
from normalizers.types import CellText, RowKind

_NAMES = ("uraian", "uraian_rkpd", "uraian_kebutuhan", "sasaran", "tujuan", "indikator", "interval")
_CODES = ("kode", "kode_rekening")
_OPEN_WORDS = "dan|yang|di|pada|untuk|dengan|serta|atau|dalam|ke|dari|oleh|melalui|bagi|secara|per|terhadap|sesuai|antara"
_OPEN_END = re.compile(rf"(?:[,/(&:\-–]|\b(?:{_OPEN_WORDS}))$", re.IGNORECASE)
LEVEL_LABELS = {"program": RowKind.PROGRAM, "kegiatan": RowKind.KEGIATAN, "sub kegiatan": RowKind.SUB_KEGIATAN}
_FIGURES = ("rupiah", "persen", "target", "volume")
_CUT_CODE = re.compile(r"\.(?:0|000?|0\d\d)?$")  # a code that cannot end here: after a dot, or amid the zeros of a number
_SUPPORTING = "45678"  # urusan numbers of unsur pendukung, penunjang, pengawasan, kewilayahan and pemerintahan umum
_DIGITS = re.compile(r"\d")
_WORD = re.compile(r"[A-Za-z]{3}")
_WORDED = 3  # letters that make a text more than a number's letter
_MOSTLY = 0.5


@dataclass(frozen=True, slots=True)
class Row:
    """One logical row with its kind, why it is of that kind, and what it is called. Fields as in `types.Line`."""

    printed: PrintedRow
    kind: RowKind
    reason: str
    printed_code: str | None = None
    printed_name: str | None = None
    code: str | None = None
    number: str | None = None
    label: str | None = None
    notes: tuple[str, ...] = ()

    @property
    def cells(self) -> Mapping[str, CellText]:
        return self.printed.cells


@dataclass(frozen=True, slots=True)
class Shape:
    """What the rows of a table have in common: which column names them, how many have a code or a number of their own.

    `levels` are the columns of the names where program, kegiatan and sub kegiatan have columns of their own (`levels_apart`). `partial`
    tells that codes are printed from the program on, `headed` that some rows within a page print nothing but a name, `outlined` that
    numbers such as `1.1.2` count the rows.
    """

    kinds: Mapping[str, str]
    name: str | None
    coded: bool
    numbered: bool
    system: CodeSystem
    partial: bool
    levels: Mapping[str, RowKind]
    headed: bool = True
    outlined: bool = False

    def of_kind(self, *wanted: str) -> list[str]:
        return [column for column, kind in self.kinds.items() if kind in wanted]


@dataclass(slots=True)
class Joined:
    """Rows after joining, and what was joined or dropped, by Indonesian note."""

    rows: list[PrintedRow] = field(default_factory=list)
    notes: Counter[str] = field(default_factory=Counter)


def shape_of(rows: Sequence[PrintedRow], kinds: Mapping[str, str], titles: Mapping[str, str] | None = None) -> Shape:
    """Look over the rows of a table; `kinds` maps each column to how its cells are read, `titles` to what is printed over it."""
    texts = [column for column, kind in kinds.items() if kind == "teks"]
    name = next((column for column in (*_NAMES, *texts) if column in kinds), None)
    named = [row for row in rows if name in row.cells]
    codes = [text for row in named if (text := _code_text(row)) and looks_like_code(text)]
    numbers = sum(bool(_number(row, name)) for row in named)
    count = max(1, len(named))
    shape = Shape(kinds, name, False, False, CodeSystem.NOMENKLATUR, False, {})
    levels = levels_apart(titles or {}, [row for row in rows if has_figures(row, shape)])
    coded, numbered = len(codes) >= _MOSTLY * count, numbers >= _MOSTLY * count
    headed = any(set(row.cells) == {name} for row in rows if row is rows[0] or not row.first)
    outlined = is_outline([number for row in rows if (number := _outline_number(row, name))])
    coded &= not outlined or any(column in row.cells for row in rows for column in _CODES)
    return Shape(kinds, name, coded, numbered, system_of(codes), mostly_partial(codes), levels, headed, outlined)


def _outline_number(row: PrintedRow, name: str | None) -> str | None:
    cell = row.cells.get("no") or row.cells.get(name or "")
    return outline_number(cell.text) if cell is not None else None


def _code_text(row: PrintedRow) -> str | None:
    return next((row.cells[column].text for column in _CODES if column in row.cells), None)


def _number(row: PrintedRow, name: str | None) -> str | None:
    if "no" in row.cells:
        return lone_number(row.cells["no"].text)
    if name in row.cells:
        return leading_number(row.cells[name].text)[0]
    return None


def join_rows(rows: Sequence[PrintedRow], shape: Shape) -> Joined:
    """Join the pieces of rows that a page break cut, and drop the signatures and footnotes under the table."""
    joined = Joined()
    for row in rows:
        above = joined.rows[-1] if joined.rows else None
        if above is not None and row.first and above.page != row.page and _goes_on(above, row, shape):
            joined.rows[-1] = _merge(above, row, shape)
            joined.notes["baris terpotong halaman disambung"] += 1
        elif above is not None and _overflows(above, row, shape):
            joined.rows[-1] = _merge(above, row, shape)
            joined.notes["teks yang meluap ke baris berikutnya disambung"] += 1
        else:
            joined.rows.append(row)
    end = _footer_start(joined.rows, shape)
    if end < len(joined.rows):
        joined.notes["baris kaki tabel (tanda tangan, catatan) dibuang"] += len(joined.rows) - end
        del joined.rows[end:]
    return joined


def _merge(above: PrintedRow, below: PrintedRow, shape: Shape) -> PrintedRow:
    cells = dict(above.cells)
    for column, cell in below.cells.items():
        if column not in cells:
            cells[column] = cell
            continue
        text = join_lines([cells[column].text, cell.text])
        if shape.kinds.get(column) == "kode":
            text = cells[column].text + cell.text if parse(cells[column].text + cell.text) else text
        cells[column] = replace(cells[column], text=text, confidence=min(cells[column].confidence, cell.confidence))
    return replace(above, cells=cells)


def _goes_on(above: PrintedRow, below: PrintedRow, shape: Shape) -> bool:
    """Whether the first row of a page is the rest of the last row of the page before.

    The rest of a row prints no code and no number of its own, fills only columns that the row above fills, and repeats none of its figures.
    """
    if "no" in below.cells or any(total_label(cell.text) for cell in below.cells.values()):
        return False
    if code := _code_text(below):
        start = (_code_text(above) or "").rstrip()
        return bool(_CUT_CODE.search(start)) and not looks_like_code(code) and parse(start + code) is not None
    shared = {column: (above.cells[column].text, cell.text) for column, cell in below.cells.items() if column in above.cells}
    figures = {column for column in below.cells if shape.kinds.get(column) in _FIGURES}
    if any(not _one_figure(*shared[column]) for column in figures & set(shared)):
        return False
    texts = set(below.cells) - figures
    if not texts <= set(shared):
        return False
    if not texts:
        return figures <= set(shared)
    if any(is_label(text) for column in texts for text in shared[column]):
        return False
    if any(_text_goes_on(*shared[column]) for column in texts):
        return True
    if figures:
        return False
    return _same_name(above, below, shape) if shape.name in texts else has_figures(above, shape)


def _overflows(above: PrintedRow, below: PrintedRow, shape: Shape) -> bool:
    """Whether a row is overflow of the row above on its page: texts amid a sentence, in a table whose rows have codes or numbers."""
    if not (shape.coded or shape.numbered) or shape.name not in below.cells or has_figures(below, shape):
        return False
    if _code_text(below) or _number(below, shape.name):
        return False
    return all(column in above.cells and cell.text[:1].islower() for column, cell in below.cells.items())


def _one_figure(above: str, below: str) -> bool:
    """Whether two pieces are one figure: a number cut between its groups, or a unit on the next page."""
    if not _DIGITS.search(below):
        return bool(_DIGITS.search(above)) and bool(re.search(r"[A-Za-z%]", below))
    whole = join_lines([above, below])
    return " " not in whole and not re.fullmatch(r"\d{1,3}(?:[.,]\d{3})+", above)


def _text_goes_on(above: str, below: str) -> bool:
    """Whether a text begins in the middle of a sentence, or the one above it ends there."""
    begins = below.lstrip()[:1]
    block = re.match(r"input\b", above, re.IGNORECASE) and re.match(r"-|(?:output|outcome|dana|bel|belanja)\b", below, re.IGNORECASE)
    unfinished = bool(_OPEN_END.search(above.rstrip())) or above.count("(") > above.count(")")
    return begins.islower() or begins in ",/);:&" or bool(block) or unfinished


def _same_name(above: PrintedRow, below: PrintedRow, shape: Shape) -> bool:
    """Whether a piece of a name without figures belongs to the name above it: in a table whose rows have codes, numbers, or more than
    names. The weight of type tells two names apart, but not on a page image, where it is told from a few letters."""
    upper, lower = above.cells[shape.name or ""], below.cells[shape.name or ""]
    if (upper.bold != lower.bold and not below.ocr) or below.spanning or leading_number(lower.text)[0]:
        return False
    heading = (is_agency(lower.text) or level_word(lower.text)) and lower.text.isupper()
    alone = not shape.headed and set(below.cells) == {shape.name}
    return (shape.coded or shape.numbered or alone) and not heading


def has_figures(row: PrintedRow, shape: Shape) -> bool:
    """Whether a row prints any amount, percent or volume; a dash is none."""
    return any(column in row.cells and _DIGITS.search(row.cells[column].text) for column in shape.of_kind(*_FIGURES))


def _footer_start(rows: Sequence[PrintedRow], shape: Shape) -> int:
    for index in range(max(1, len(rows) - 25), len(rows)):
        row = rows[index]
        few = len(row.cells) <= 2 and _code_text(row) is None and not any(column in row.cells for column in shape.of_kind("rupiah"))
        if few and any(ends_table(cell.text) for cell in row.cells.values()):
            return index
    return len(rows)


def describe(rows: Sequence[PrintedRow], shape: Shape) -> list[Row]:
    """Tell the kind of every row, and its code, name and number, from the row itself and those above."""
    described: list[Row] = []
    names: set[str] = set()
    for index, row in enumerate(rows):
        previous = described[-1] if described else None
        told = _describe(row, shape, previous, index == len(rows) - 1)
        money = any(column in row.cells for column in shape.of_kind("rupiah"))
        if told.code is None and money and total_of(told.printed_name or "") in names:
            told = replace(told, kind=RowKind.TOTAL, reason="baris jumlah dari baris di atasnya", label="sub_total")
        names.add(fold(leading_number(told.printed_name or "")[1]))
        described.append(told)
    return described


def _describe(row: PrintedRow, shape: Shape, previous: Row | None, last: bool) -> Row:
    code_text = _code_text(row)
    name = _name_of(row, shape)
    if label := _total(row, shape, code_text):
        return Row(row, RowKind.TOTAL, f"baris jumlah ({label})", printed_name=name, label=label)
    parsed = parse(code_text, shape.system, shape.partial) if code_text else None
    printed_code = code_text
    number = _outline_number(row, shape.name) if shape.outlined else _number(row, shape.name)
    if parsed is None and name and shape.name and shape.name.startswith("uraian") and code_text is None and not shape.outlined:
        leading, _ = leading_code(name)
        parsed, printed_code = leading, leading.normal if leading else None
    code = parsed.normal if parsed and parsed.system is not CodeSystem.AGENCY else None
    base = Row(row, RowKind.OTHER, "tingkat baris tidak diketahui", printed_code, name, code, number)
    if (
        name
        and is_agency(name)
        and not _is_support(parsed)
        and (parsed is None or len(parsed.parts) <= 3 or parsed.system is CodeSystem.AGENCY)
    ):
        return replace(base, reason="nama perangkat daerah", label="opd")
    if name and is_label(name) and not has_figures(row, shape):
        return replace(base, reason="label di atas baris-baris berikutnya", label=fold(name))
    accounts = "kode_rekening" in shape.kinds or (printed_code is not None and is_account_code(printed_code))
    lone = parsed is not None and len(parsed.parts) == 1 and not shape.coded  # `1` beside a name may be a running number
    if parsed and parsed.level and not accounts and not lone:
        if (said := level_word(name) if name else None) and _word_wins(said, parsed):
            return replace(base, kind=said, reason=f"nama diawali kata {said}, yang lebih pasti daripada panjang kode {parsed.normal}")
        return replace(base, kind=parsed.level, reason=f"kode {parsed.normal} berjenjang {parsed.level}")
    if not name and not code_text and "no" not in row.cells:
        return _unnamed(base, shape, previous, last)
    if previous is not None and previous.label in LEVEL_LABELS and name:
        return replace(base, kind=LEVEL_LABELS[previous.label], reason=f"di bawah label {previous.printed_name}")
    word = level_word(name) if name and shape.name and shape.name.startswith("uraian") else None
    if word:
        return replace(base, kind=word, reason=f"nama diawali kata {word}")
    if column := _level_column(row, shape):
        return replace(base, kind=shape.levels[column], reason=f"nama berada pada kolom {shape.levels[column]}")
    return base


def _word_wins(said: RowKind, code: Code) -> bool:
    """Whether the word in front of a name tells the level, not the length of the code.

    So it is under the older numbering, whose lengths differ from province to province, and for an urusan, as no program is called so.
    """
    if said in (RowKind.URUSAN, RowKind.BIDANG_URUSAN):
        return code.level not in (RowKind.URUSAN, RowKind.BIDANG_URUSAN)
    return code.system is CodeSystem.PERMENDAGRI_13


def _is_support(code: Code | None) -> bool:
    """Whether a code is a bidang of the supporting elements, which bear the names of agencies (`6.01 INSPEKTORAT DAERAH`)."""
    return code is not None and code.level is RowKind.BIDANG_URUSAN and code.parts[0] in _SUPPORTING


def _level_column(row: PrintedRow, shape: Shape) -> str | None:
    return next((column for column in shape.levels if names(row, column)), None)


def _name_of(row: PrintedRow, shape: Shape) -> str | None:
    """The name of a row, that of its level where levels have columns of their own; a text that spans several columns is a name too."""
    for column in (_level_column(row, shape), shape.name, row.spanning):
        if column in row.cells and (column == shape.name or _WORD.search(row.cells[column].text)):
            return row.cells[column].text
    return None


def _total(row: PrintedRow, shape: Shape, code_text: str | None) -> str | None:
    """The label of a total row, wherever it is printed; a name beside it, or a target, makes the row another."""
    if code_text and looks_like_code(code_text):
        return None
    texts = {column: cell.text for column, cell in row.cells.items() if shape.kinds.get(column) != "rupiah"}
    worded = {column: text for column, text in texts.items() if sum(map(str.isalpha, text)) >= _WORDED}
    labels = {column: label for column, text in worded.items() if (label := total_label(text))}
    if not labels or (shape.name in worded and shape.name not in labels):
        return None
    if any(column not in labels and shape.kinds.get(column) in ("target", "volume", "satuan") for column in worded):
        return None
    column, label = next(iter(labels.items()))
    own_target = any(kind == "target" and other in row.cells and other not in labels for other, kind in shape.kinds.items())
    return None if column.startswith("indikator") and own_target else label


def _unnamed(base: Row, shape: Shape, previous: Row | None, last: bool) -> Row:
    """A row without code, number and name: another indicator or the amounts of the row above, or a total that prints no label."""
    cells = base.cells
    indicator = any(column.startswith("indikator") for column in cells)
    money = any(column in cells for column in shape.of_kind("rupiah"))
    only_figures = all(shape.kinds.get(column) in ("rupiah", "persen") for column in cells)
    waiting = previous is not None and previous.printed_name is not None and not has_figures(previous.printed, shape)
    if only_figures and money and last and not waiting:
        return replace(base, kind=RowKind.TOTAL, reason="baris terakhir tanpa nama yang hanya memuat angka", label="jumlah")
    if previous is not None and (indicator or money or any(column.startswith("target") for column in cells)):
        return replace(base, kind=RowKind.INDIKATOR, reason="tanpa kode dan nama: indikator atau angka dari baris di atasnya")
    return base


def box_of(row: Row) -> Bbox:
    """The box of a row on its page."""
    return row.printed.bbox
