"""What the normalizers hand on: typed tables, lines, values and matches.

All types are frozen; a stage that learns more makes new objects with `dataclasses.replace`. Column names are the canonical ones of
`vocabulary/`, money is `int` rupiah, anything else that is a number is `Decimal`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from extractors.types import Bbox, Lay, TextKind


class RowKind(StrEnum):
    """Published as `baris.jenis_baris`."""

    URUSAN = "urusan"
    BIDANG_URUSAN = "bidang_urusan"
    PROGRAM = "program"
    KEGIATAN = "kegiatan"
    SUB_KEGIATAN = "sub_kegiatan"
    INDIKATOR = "indikator"  # continues the line above: another indicator, or the amounts line of a two-line row
    TOTAL = "total"
    OTHER = "lain"


LEVELS: tuple[RowKind, ...] = (RowKind.URUSAN, RowKind.BIDANG_URUSAN, RowKind.PROGRAM, RowKind.KEGIATAN, RowKind.SUB_KEGIATAN)


class ValueKind(StrEnum):
    """Published as `nilai.jenis_nilai`."""

    RUPIAH = "rupiah"
    PERCENT = "persen"
    VOLUME = "volume"
    PREDICATE = "predikat"


class ValueStatus(StrEnum):
    """Published as `nilai.status`; dash, blank, zero and malformed print stay apart."""

    OK = "ok"
    EMPTY = "kosong"
    DASH = "strip"
    ZERO = "nol"
    MALFORMED = "cacat"
    PROPOSED = "usulan"


@dataclass(frozen=True, slots=True)
class Value:
    """One printed figure of one cell.

    `rupiah` is set for money (scale applied, sign included), `number` (percent points, quantity) for the rest; both are None unless
    `status` is ok, zero or proposed. `decimals` is the count of printed decimals (the precision of the print). `candidates` are
    readings that a malformed figure may stand for, best first, never used in arithmetic. `ocr` tells that it was read from an image, and
    `confirmed` that a second reading of that image, at twice the resolution, gave the same figure.
    """

    column: str
    kind: ValueKind
    printed: str
    status: ValueStatus
    page: int
    bbox: Bbox
    rupiah: int | None = None
    number: Decimal | None = None
    unit: str | None = None
    decimals: int = 0
    note: str | None = None
    candidates: tuple[int, ...] = ()
    confidence: float = 1.0
    ocr: bool = False
    confirmed: bool = False

    @property
    def amount(self) -> int | Decimal | None:
        """The figure whatever its kind."""
        return self.rupiah if self.kind is ValueKind.RUPIAH else self.number


class MatchStatus(StrEnum):
    """Published as `baris.status_cocok`."""

    EXACT = "persis"
    REPAIRED = "diperbaiki"
    FUZZY = "fuzzy"
    MANUAL = "manual"
    UNSURE = "ragu"
    NOT_FOUND = "tidak_ditemukan"
    NOT_NOMENKLATUR = "bukan_nomenklatur"


@dataclass(frozen=True, slots=True)
class Match:
    """Which official entry a line is. `score` and `margin` (to the runner-up) are 0..1; `reason` is one Indonesian sentence."""

    status: MatchStatus
    code: str | None = None
    name: str | None = None
    level: RowKind | None = None
    score: float = 0.0
    margin: float = 0.0
    reason: str = ""
    edition: str | None = None
    candidates: tuple[tuple[str, str, float], ...] = ()  # (code, name, score), best first
    indicator: str | None = None  # the official indicator, where the edition lists one
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class CellText:
    """A cell's text with wrapped words, numbers and codes joined, and where it is printed."""

    text: str
    page: int
    bbox: Bbox
    bold: bool = False
    confidence: float = 1.0
    conflict: str | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One logical printed row. `cells` maps canonical column -> text; only non-empty cells are there.

    `id` is stable over re-runs, `order` counts from 0 within the table, `parent_id` is the line this one rolls up into. `printed_code`
    and `printed_name` are as printed; `code` is the code in the normal form of `codes.normalise` (None where the print is no code);
    `number` is a printed running number or letter (own column or in front of the name).
    """

    id: str
    order: int
    page: int
    bbox: Bbox
    kind: RowKind
    cells: dict[str, CellText]
    values: tuple[Value, ...] = ()
    parent_id: str | None = None
    printed_code: str | None = None
    printed_name: str | None = None
    code: str | None = None
    number: str | None = None
    bold: bool = False
    match: Match | None = None
    label: str | None = None  # for totals and label rows: what they are called, e.g. "jumlah", "rata_rata", "opd"
    notes: tuple[str, ...] = ()

    def values_of(self, column: str) -> tuple[Value, ...]:
        return tuple(value for value in self.values if value.column == column)

    def money(self, column: str) -> Value | None:
        """The single rupiah value of a column, or None."""
        return next((v for v in self.values if v.column == column and v.kind is ValueKind.RUPIAH), None)


@dataclass(frozen=True, slots=True)
class Column:
    """A bound column. `kind` tells how its cells are read; `number` is the printed column number (`"8"`), `formula` the declared one
    (`"7/6"`), both from the number row; `binding` is how sure the name is (0..1)."""

    name: str
    header: str
    kind: str  # "teks" | "kode" | "nomor" | "rupiah" | "persen" | "target" | "volume" | "satuan" | "predikat"
    unit: str | None = None
    number: str | None = None
    formula: str | None = None
    binding: float = 1.0


@dataclass(frozen=True, slots=True)
class TypedTable:
    """One logical table, stitched over its pages. `scale` multiplies printed money (1, 1000, 1000000) and is applied already."""

    id: str
    order: int
    kind: str
    title: str
    columns: tuple[Column, ...]
    lines: tuple[Line, ...]
    first_page: int
    last_page: int
    scale: int = 1
    method: str = ""
    confidence: float = 1.0
    complete: bool = True
    text_kind: TextKind = TextKind.TEXT
    notes: tuple[str, ...] = ()  # what was dropped or doubted while stitching and typing, in Indonesian

    def column(self, name: str) -> Column | None:
        return next((column for column in self.columns if column.name == name), None)


@dataclass(frozen=True, slots=True)
class ProseFigure:
    """One figure in running text, with its sentence."""

    sentence: str
    printed: str
    kind: ValueKind
    page: int
    bbox: Bbox
    rupiah: int | None = None
    number: Decimal | None = None
    unit: str | None = None
    decimals: int = 0


class CorrectionStatus(StrEnum):
    """What became of a reviewed correction; published as `koreksi.status`."""

    APPLIED = "diterapkan"
    STALE = "kedaluwarsa"  # something else is printed there now
    AMBIGUOUS = "ambigu"  # more than one row fits
    UNUSED = "tidak_terpakai"  # no such row


@dataclass(frozen=True, slots=True)
class Correction:
    """What became of one reviewed correction (`place` is `file.yml#2`) in one document; `detail` is an Indonesian sentence."""

    place: str
    status: CorrectionStatus
    document_id: str = ""
    line_id: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class DocumentFacts:
    """What a document says of itself; None where it does not. `region_code` is Kemendagri's (`12.20`)."""

    kind: str = "lainnya"
    year: int | None = None
    region_code: str | None = None
    region_name: str | None = None
    agency: str | None = None
    title: str | None = None
    scope: str | None = None  # "kabkota" | "provinsi"
    bidang: tuple[str, ...] = ()  # bidang urusan codes seen as prefixes, most frequent first


@dataclass(frozen=True, slots=True)
class TypedDocument:
    """A whole document, ready to be matched, reconciled and published."""

    id: str
    sha256: str
    file_name: str
    facts: DocumentFacts
    tables: tuple[TypedTable, ...]
    prose: tuple[ProseFigure, ...]
    prose_text: tuple[tuple[int, str], ...]  # (page, paragraph) of running text, in reading order
    page_count: int
    ocr_pages: tuple[int, ...] = ()
    problems: tuple[str, ...] = field(default=())
    corrections: tuple[Correction, ...] = ()
    rotations: dict[int, int] = field(default_factory=dict)  # page -> degrees it was turned clockwise to stand upright, where turned
    lays: dict[int, Lay] = field(default_factory=dict)  # page -> how its image lay, where boxes are not yet as displayed
