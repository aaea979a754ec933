"""Targets and volumes: a number with its unit, several of them in one cell, predicates and levels.

`12 Paket 100%` is two quantities, `15 Koperasi, 11 Kecamatan, 22 Orang` three, `BB Predikat` a predicate without a number, a lone unit
(`dokumen`) a quantity whose number is lost.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache, lru_cache
from importlib import resources

import yaml

from normalizers.numbers import NumberStyle, read_number, read_percent
from normalizers.text import fold, plain_dashes, squash
from normalizers.types import ValueKind, ValueStatus


@dataclass(frozen=True, slots=True)
class Quantity:
    """One target of a cell.

    `number` is None for predicates and where `status` is not ok or zero; `unit` is the published spelling (`normalise_unit`) and
    `printed_unit` the print; `predicate` is the grade as printed (`BB`, `Level 3`, `Sangat Tinggi`).
    """

    printed: str
    kind: ValueKind
    status: ValueStatus
    number: Decimal | None = None
    unit: str | None = None
    printed_unit: str | None = None
    predicate: str | None = None
    decimals: int = 0
    note: str | None = None
    candidates: tuple[Decimal, ...] = ()


_GRADE = re.compile(r"(AA|A|BB|B|CC|C|D)(?:\s*\(?(?i:predikat|nilai)\)?)?")
_GRADE_AFTER = re.compile(r"(?i:predikat|nilai)\s*:?\s*\(?(AA|A|BB|B|CC|C|D)\)?")
_LEVEL = re.compile(r"((?:level|tingkat|kategori|bintang)\s*:?\s*(?:[0-9]|[IV]{1,3}))", re.IGNORECASE)
_WORD_GRADES = frozenset(
    {
        *("sangat baik", "baik", "cukup baik", "cukup", "kurang baik", "kurang", "sangat kurang", "buruk", "sangat buruk", "memuaskan"),
        *("sangat memuaskan", "sangat tinggi", "tinggi", "sedang", "rendah", "sangat rendah", "wtp", "wdp", "tidak baik", "berhasil"),
        *("sangat berhasil", "cukup berhasil", "kurang berhasil", "tidak berhasil", "informatif", "menuju informatif", "istimewa"),
    }
)
_NUMBER = r"-?\d+(?:[.,]\d+)*"
_START = re.compile(rf"(?<![\w.,/])(?P<number>{_NUMBER}(?:\s*(?:%|persen\b))?)(?![\w]*[.,]?\d)", re.IGNORECASE)


@cache
def _units() -> dict[str, str]:
    text = resources.files("normalizers").joinpath("data/satuan.yml").read_text(encoding="utf-8")
    spellings: dict[str, str] = {}
    for unit, others in yaml.safe_load(text).items():
        for spelling in (unit, *others):
            spellings[fold(spelling) or spelling] = unit
    return spellings


@cache
def known_units() -> frozenset[str]:
    """Return every listed spelling of a unit, folded."""
    return frozenset(_units())


@lru_cache(maxsize=4096)
def normalise_unit(text: str) -> str | None:
    """Return the published spelling of a unit, the print (tidied) where it is not listed, None where there is none."""
    tidy = squash(text).strip(" .,;:-")
    if tidy.startswith("(") and tidy.endswith(")"):
        tidy = tidy[1:-1].strip()
    if not fold(tidy):
        return "%" if "%" in text else None
    if "%" in tidy:
        return "%"
    return _units().get(fold(tidy), re.sub(r"\s*/\s*", "/", tidy))


def read_target(text: str, style: NumberStyle = NumberStyle.ID) -> tuple[Quantity, ...]:
    """Read a cell of targets or volumes into its quantities, in printed order; empty for an empty cell.

    A figure that is not well-formed in the column's `style` comes back as `cacat` with candidates; never raises.
    """
    cleaned = plain_dashes(squash(text))
    if not cleaned:
        return ()
    if (single := _without_number(cleaned)) is not None:
        return (single,)
    starts = list(_starts(cleaned))
    if not starts:
        return (_lone_unit(cleaned),)
    quantities: list[Quantity] = []
    for index, match in enumerate(starts):
        end = starts[index + 1].start() if index + 1 < len(starts) else len(cleaned)
        begin = match.start() if index else 0
        quantities.append(_quantity(cleaned[begin:end], cleaned[match.end() : end], match["number"], style))
    return _flag_stray(tuple(quantities))


def predicate_of(printed: str) -> str | None:
    """The grade that a printed predicate says (`BB Predikat` and `Predikat: BB` say `BB`), None where it says none."""
    return next((quantity.predicate for quantity in read_target(printed)), None)


def _starts(cleaned: str) -> Iterator[re.Match[str]]:
    """Find the numbers that begin a quantity: at the front, after a separator, or after a finished quantity."""
    depth_ends = 0
    for match in _START.finditer(cleaned):
        before = cleaned[: match.start()]
        if before.count("(") > before.count(")"):
            continue  # `(3 bulan)` explains the unit before it
        if re.search(r"(?:tahun|thn\.?|pasal|nomor|no\.|tipe|type|kelas|tahap|triwulan|semester)\s*$", before, re.IGNORECASE):
            continue  # `Tahun 2024` belongs to the unit
        if match.start() >= depth_ends:
            yield match
            depth_ends = match.end()


def _quantity(printed: str, rest: str, token: str, style: NumberStyle) -> Quantity:
    printed = printed.strip(" ;,")
    percent = bool(re.search(r"%|persen", token, re.IGNORECASE)) or rest.lstrip().startswith("%")
    unit_text = re.sub(r"^\s*%", "", rest) if percent else rest
    unit_text = re.sub(r"(?:[;,]|\bdan|\s[-+&])\s*$", "", unit_text.strip(" ;,")).strip(" ;,")
    reading = read_percent(token, style) if percent else read_number(token, style)
    unit = "%" if percent else normalise_unit(unit_text)
    if unit is None and re.match(r"Rp\b", printed, re.IGNORECASE):
        unit = "Rupiah"
    return Quantity(
        printed=printed,
        kind=ValueKind.PERCENT if percent else ValueKind.VOLUME,
        status=reading.status,
        number=reading.number,
        unit=unit,
        printed_unit="%" if percent else (unit_text or None),
        decimals=reading.decimals,
        note=reading.note,
        candidates=reading.candidates,
    )


def _without_number(cleaned: str) -> Quantity | None:
    """Read dashes, predicates and levels; None where the cell holds a number or something else."""
    if match := re.fullmatch(r"[-_]+\s*(.*)", cleaned):
        if not match[1] or not re.search(r"\d", match[1]):
            unit = normalise_unit(match[1]) if match[1] else None
            return Quantity(cleaned, ValueKind.VOLUME, ValueStatus.DASH, unit=unit, printed_unit=match[1] or None)
        return None
    for pattern in (_GRADE, _GRADE_AFTER, _LEVEL):
        if match := pattern.fullmatch(cleaned):
            return Quantity(cleaned, ValueKind.PREDICATE, ValueStatus.OK, predicate=match[1])
    if fold(cleaned) in _WORD_GRADES:
        return Quantity(cleaned, ValueKind.PREDICATE, ValueStatus.OK, predicate=cleaned)
    return None


def _lone_unit(cleaned: str) -> Quantity:
    if fold(cleaned) in ("n a", "na", "nihil"):
        return Quantity(cleaned, ValueKind.VOLUME, ValueStatus.DASH, note="NA" if fold(cleaned) != "nihil" else "NIHIL")
    percent = "%" in cleaned
    kind = ValueKind.PERCENT if percent else ValueKind.VOLUME
    unit = normalise_unit(cleaned) if percent or fold(cleaned) in known_units() else None
    note = "LONE_UNIT" if unit else "TEXT"
    return Quantity(cleaned, kind, ValueStatus.MALFORMED, unit=unit, printed_unit=cleaned if unit else None, note=note)


def _flag_stray(quantities: tuple[Quantity, ...]) -> tuple[Quantity, ...]:
    """Flag a cell whose numbers stand beside each other without units (`10 % 0`, `0 0`, `0 00%`): parts of other cells fell into it."""
    bare = [q for q in quantities if q.unit is None]
    if len(quantities) < 2 or not bare or any(re.search(r"[;,]", q.printed) for q in quantities):
        return quantities
    if all(q.unit not in (None, "%") for q in quantities[:-1]) and quantities[-1].unit is None:
        return quantities
    return tuple(
        replace(q, status=ValueStatus.MALFORMED, number=None, note="STRAY_NUMBER", candidates=_as_candidate(q)) for q in quantities
    )


def _as_candidate(quantity: Quantity) -> tuple[Decimal, ...]:
    return (quantity.number,) if quantity.number is not None else quantity.candidates
