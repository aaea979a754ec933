"""What a printed row says about itself: its code as read by the grammar, its name, its level."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from normalizers.codes import Code, CodeSystem, parse
from normalizers.nomenklatur.editions import bidang_of, parent_of, to_template
from normalizers.nomenklatur.names import Name, read_name
from normalizers.types import RowKind

_AGENCY_WORDS = ("dinas ", "badan ", "kantor ", "satuan polisi ", "satpol ", "uptd ", "rsud ", "puskesmas ")


@dataclass(frozen=True, slots=True)
class PrintedRow:
    """One row to be matched. `level` is what the layout says (None: nothing); `free` rows are of a kind that need not be official."""

    code: str | None
    name: str | None
    level: RowKind | None = None
    free: bool = False


@dataclass(frozen=True, slots=True)
class Evidence:
    """A printed row as the matcher sees it; `code` is None where none is printed or it cannot be read."""

    row: PrintedRow
    code: Code | None
    name: Name | None

    @property
    def is_agency(self) -> bool:
        """Whether the row names an office, as SIPD prints one above its programs; no official entry begins so."""
        return self.name is not None and self.name.tokens.startswith(_AGENCY_WORDS)

    @property
    def official_code(self) -> Code | None:
        """The printed code where it is one of the nomenklatur (not an account, an office, or an older numbering)."""
        return self.code if self.code is not None and self.code.system is CodeSystem.NOMENKLATUR else None


def read_row(row: PrintedRow) -> Evidence:
    """Return the evidence in a printed row."""
    name = read_name(row.name) if row.name else None
    return Evidence(row, parse(row.code) if row.code else None, name if name and name.compact else None)


class Relation(Enum):
    """How a printed code stands to an official one."""

    NONE = "tanpa kode"
    SAME = "sama"
    TEMPLATE = "templat X.XX"
    PARTIAL = "bidang tidak tercetak"
    OTHER_BIDANG = "bidang lain"
    NEAR = "satu angka berbeda"
    SIBLING = "nomor lain pada induk yang sama"
    DIFFERENT = "berbeda"
    FOREIGN = "bukan kode nomenklatur"


AGREEING = frozenset({Relation.SAME, Relation.TEMPLATE, Relation.PARTIAL})


def relate(code: Code | None, official: str) -> Relation:
    """Return how the printed `code` stands to the `official` one (with its agency's bidang)."""
    if code is None:
        return Relation.NONE
    if code.system is not CodeSystem.NOMENKLATUR:
        return Relation.FOREIGN
    printed = code.normal
    if printed == official:
        return Relation.SAME
    if code.template:
        return Relation.TEMPLATE if to_template(official) == printed else _lesser(code, official)
    if code.partial:
        return Relation.PARTIAL if official.split(".", 2)[-1] == printed else _lesser(code, official)
    same_tail = official.split(".", 2)[2:] == printed.split(".", 2)[2:]
    if same_tail and official.count(".") > 1 and bidang_of(printed) != bidang_of(official):
        return Relation.OTHER_BIDANG
    return _lesser(code, official)


def _lesser(code: Code, official: str) -> Relation:
    printed = code.normal
    if len(printed) == len(official) and _one_slip(printed, official):
        return Relation.NEAR
    if code.level is not RowKind.URUSAN and parent_of(printed) in (parent_of(official), parent_of(to_template(official) or official)):
        return Relation.SIBLING
    return Relation.DIFFERENT


def _one_slip(a: str, b: str) -> bool:
    """Whether one digit differs, or two neighbouring digits are swapped."""
    places = [place for place, (x, y) in enumerate(zip(a, b, strict=True)) if x != y]
    if len(places) == 1:
        return True
    return len(places) == 2 and places[1] - places[0] == 1 and a[places[0]] == b[places[1]] and a[places[1]] == b[places[0]]
