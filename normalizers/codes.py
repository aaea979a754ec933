"""Printed codes of programs, kegiatan, sub kegiatan and accounts, brought to a normal form.

Three systems meet in budget documents. Permendagri 90/2019 and its Kepmendagri write `U.BB.PP.K.KK.SSSS` (urusan, bidang, program,
kegiatan, sub kegiatan with four digits; template rows carry `X.XX`); Permendagri 13/2006 wrote urusan, bidang, organisation, program,
kegiatan (`1.16.01.103.058`); accounts (`5.1.02.01.01.0031`) stand in the wrong column at times. The same characters are read from dots,
commas, blanks, split cells and lost padding; every repair is remembered.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from normalizers.text import squash
from normalizers.types import LEVELS, RowKind


class CodeSystem(StrEnum):
    """Whose numbering a code follows."""

    NOMENKLATUR = "nomenklatur"  # Permendagri 90/2019 and later
    PERMENDAGRI_13 = "permendagri13"  # before 2020
    ACCOUNT = "rekening"
    AGENCY = "perangkat_daerah"  # SIPD's code of an office, `2.17.2.07.0.00.01.0000`


class Repair(StrEnum):
    """What was done to a printed code to reach its normal form."""

    SEPARATORS = "pemisah"  # blanks, commas or bars for dots
    TRAILING_DOT = "titik_akhir"
    LEADING_ZERO = "nol_depan"
    PADDING = "nol_hilang"
    TWO_DIGIT_SERIAL = "nomor_dua_angka"
    GLUED_KEGIATAN = "kegiatan_menyatu"  # `207` for `2.07`
    LOST_BIDANG = "bidang_hilang"
    CONFUSED = "huruf_angka"  # `O` for 0, `I` for 1
    INCOMPLETE = "terpotong"  # the number of the kegiatan is missing


@dataclass(frozen=True, slots=True)
class Code:
    """A code in normal form. `parts` are its dotted parts (a kegiatan's `2.06` is two), `repairs` what the print needed.

    `partial` tells that leading parts are missing, so that `normal` starts at the program; `template` that it is an `X.XX` row, whose
    bidang is the agency's own. `level` is None where the system has none (accounts, offices).
    """

    normal: str
    parts: tuple[str, ...]
    system: CodeSystem
    level: RowKind | None
    repairs: tuple[Repair, ...] = ()
    partial: bool = False
    template: bool = False


_SEPARATOR = re.compile(r"\s*[.,|]\s*|\s+")
_CHARACTERS = re.compile(r"[\dXxOIl.,|\s]+")
_LEADING = re.compile(
    r"(?P<code>(?:\d{1,4}|X{1,2})(?:(?:\s*[.,]\s*|\s)(?:\d{1,4}|X{1,2}))+)(?P<end>[.,]?)(?:\s+|$|(?=[A-Za-z(]))(?P<name>.*)", re.DOTALL
)
_ACCOUNT = re.compile(r"[4-6]\.[1-4](?:\.\d\d(?:\.\d\d(?:\.\d\d(?:\.\d{4})?)?)?)?")
_OLD_ACCOUNT = re.compile(r"[4-6]\.[1-3]\.\d\.\d\d(?:\.\d\d)?")
_CONFUSED = str.maketrans({"O": "0", "I": "1", "l": "1"})
_LENGTHS = dict(zip((1, 2, 3, 5, 6), LEVELS, strict=True))  # count of parts -> level
_OLD_LENGTHS = {4: RowKind.PROGRAM, 5: RowKind.KEGIATAN, 6: RowKind.SUB_KEGIATAN}
_AGENCY_PARTS = 8


@lru_cache(maxsize=16384)
def parse(text: str, system: CodeSystem | None = None, partial: bool = False) -> Code | None:
    """Read a printed code; None where the print is none.

    Cells split over columns are given joined with dots or blanks. `system` is the table's (`system_of`): it settles the prints that fit
    two systems, such as `1.16.01.103`, a program of Permendagri 13/2006 or a kegiatan `1.03` glued together. `partial` tells that the
    table prints its codes from the program on (`mostly_partial`): then `01.2.06` is a kegiatan, else a program of bidang 1.02.
    """
    cleaned = squash(text)
    if not cleaned or not _CHARACTERS.fullmatch(cleaned):
        return None
    repairs: list[Repair] = []
    if cleaned.endswith((".", ",")):
        repairs.append(Repair.TRAILING_DOT)
    stripped = cleaned.strip("., ")
    if re.search(r"[\s,|]", stripped):
        repairs.append(Repair.SEPARATORS)
    straight = stripped.translate(_CONFUSED)
    if straight != stripped:
        repairs.append(Repair.CONFUSED)
    parts = [part for part in _SEPARATOR.split(straight.upper()) if part]
    parts = [part[1:] if re.fullmatch(r"0\d{4}", part) else part for part in parts]  # a zero too many in a serial
    if not parts or any(len(part) > 4 or ("X" in part and part not in ("X", "XX")) for part in parts):
        return None
    if Repair.CONFUSED in repairs and len(parts) < 3:
        return None  # too little to tell a code from a word
    special = _account(parts, repairs) or _agency(parts, repairs)
    if special or (system is CodeSystem.PERMENDAGRI_13 and len(parts) > 2):
        return special or _old(parts, repairs)
    lost = _lost_bidang(parts, repairs) if partial else None
    return lost or _nomenklatur(parts, repairs) or _lost_bidang(parts, repairs) or _old(parts, repairs)


def system_of(texts: Iterable[str]) -> CodeSystem:
    """Return the numbering that a table's printed codes follow, by majority of the codes that fit one system alone."""
    votes: Counter[CodeSystem] = Counter()
    for text in texts:
        code = parse(text)
        if code and len(code.parts) > 3 and Repair.GLUED_KEGIATAN not in code.repairs:
            votes[code.system] += 1
    old, new = votes[CodeSystem.PERMENDAGRI_13], votes[CodeSystem.NOMENKLATUR]
    return CodeSystem.PERMENDAGRI_13 if old > new else CodeSystem.NOMENKLATUR


def mostly_partial(texts: Iterable[str]) -> bool:
    """Whether a table prints the codes of its sub kegiatan without urusan and bidang (`01.2.06.0004`)."""
    found = [code for text in texts if (code := parse(text)) and code.level is RowKind.SUB_KEGIATAN]
    return 2 * sum(code.partial for code in found) > len(found)


def normalise(text: str, system: CodeSystem | None = None) -> str | None:
    """Return the normal form of a printed code, None where it is no code."""
    code = parse(text, system)
    return code.normal if code else None


def level(code: str, system: CodeSystem | None = None) -> RowKind | None:
    """Return the level that a code's length tells, None for accounts, offices and what is no code."""
    parsed = parse(code, system)
    return parsed.level if parsed else None


def parent(code: str, system: CodeSystem | None = None) -> str | None:
    """Return the normal form of the code one level above, None at the top or where it is no code."""
    parsed = parse(code, system)
    if parsed is None:
        return None
    drop = 2 if parsed.system is CodeSystem.NOMENKLATUR and parsed.level is RowKind.KEGIATAN else 1
    return ".".join(parsed.parts[:-drop]) or None


def is_account_code(text: str) -> bool:
    """Whether the print is an account code of at least two parts (`5.1`, `5.1.02.01.01.0031`, before 2020 `5.2.2.01.01`)."""
    parsed = parse(text)
    return parsed is not None and parsed.system is CodeSystem.ACCOUNT


def looks_like_code(text: str) -> bool:
    """Whether the print is a code of at least two parts and no amount (`1.140`, `29.198.000`)."""
    parsed = parse(text)
    if parsed is None or len(parsed.parts) < 2:
        return False
    return not re.fullmatch(r"\d{1,3}([.,])\d{3}(?:\1\d{3})*(?:[.,]\d{1,2})?", squash(text))


def leading_code(text: str) -> tuple[Code | None, str]:
    """Split a code of at least two parts off the front of a name (`2.17.01 PROGRAM ...`); (None, text) where there is none."""
    match = _LEADING.fullmatch(squash(text))
    if match and looks_like_code(match["code"]):
        return parse(match["code"] + match["end"]), match["name"].strip()
    return None, text


def _account(parts: list[str], repairs: list[Repair]) -> Code | None:
    dotted = ".".join(parts)
    if _ACCOUNT.fullmatch(dotted) or _OLD_ACCOUNT.fullmatch(dotted):
        return Code(dotted, tuple(parts), CodeSystem.ACCOUNT, None, tuple(repairs))
    return None


def _agency(parts: list[str], repairs: list[Repair]) -> Code | None:
    if len(parts) == _AGENCY_PARTS and re.fullmatch(r"(?:\d\.\d\d\.){3}\d{1,2}\.\d{4}", ".".join(parts)):
        return Code(".".join(parts), tuple(parts), CodeSystem.AGENCY, None, tuple(repairs))
    return None


def _nomenklatur(parts: list[str], found: list[Repair]) -> Code | None:
    """Read `U BB PP K KK SSSS`, whole or up to one of its levels."""
    repairs = list(found)
    parts = _separate_kegiatan(parts, 3, repairs)
    if len(parts) == 4 and re.fullmatch(r"[1-9]", parts[3]):
        repairs.append(Repair.INCOMPLETE)
    elif len(parts) not in _LENGTHS:
        return None
    urusan = parts[0]
    if re.fullmatch(r"0[1-9]", urusan):
        repairs.append(Repair.LEADING_ZERO)
        urusan = urusan[1]
    if not re.fullmatch(r"[1-9X]", urusan) or (len(parts) > 1 and (urusan == "X") != (parts[1] in ("X", "XX"))):
        return None
    rest = _lower_parts(parts[1:], repairs)
    if rest is None:
        return None
    whole = (urusan, *rest)
    return Code(".".join(whole), whole, CodeSystem.NOMENKLATUR, _LENGTHS.get(len(whole)), _unique(repairs), template=urusan == "X")


def _lost_bidang(parts: list[str], found: list[Repair]) -> Code | None:
    """Read `PP K KK SSSS` where urusan and bidang are not printed (`01.2.06.04.`)."""
    repairs = [*found, Repair.LOST_BIDANG]
    parts = _separate_kegiatan(parts, 1, repairs)
    if len(parts) not in (3, 4) or not re.fullmatch(r"\d\d", parts[0]) or not re.fullmatch(r"[12]", parts[1]):
        return None
    rest = _lower_parts(["00", *parts], repairs)
    if rest is None:
        return None
    kind = RowKind.KEGIATAN if len(parts) == 3 else RowKind.SUB_KEGIATAN
    return Code(".".join(rest[1:]), rest[1:], CodeSystem.NOMENKLATUR, kind, _unique(repairs), partial=True)


def _separate_kegiatan(parts: list[str], at: int, repairs: list[Repair]) -> list[str]:
    """Take `207` at place `at` apart into `2` and `07`."""
    if len(parts) in (at + 1, at + 2) and re.fullmatch(r"[12]\d\d", parts[at]):
        if len(parts) == at + 2 and len(parts[-1]) == 3:
            return parts  # `1.16.01.103.058` is a kegiatan of the older numbering
        if at == 3 and parts[0] != "X" and len(parts) == at + 1 and parts[at][1] not in "01":
            return parts
        repairs.append(Repair.GLUED_KEGIATAN)
        return [*parts[:at], parts[at][0], parts[at][1:], *parts[at + 1 :]]
    return parts


def _lower_parts(parts: list[str], repairs: list[Repair]) -> tuple[str, ...] | None:
    """Pad bidang, program, kegiatan and serial; None where a part has no place in the numbering."""
    widths = (2, 2, 1, 2, 4)
    padded: list[str] = []
    for index, (part, width) in enumerate(zip(parts, widths, strict=False)):
        if part in ("X", "XX"):
            if index:
                return None
            part = "XX"
        elif len(part) > width or (index == 2 and not re.fullmatch(r"[1-9]", part)):
            return None
        if len(part) < width:
            repairs.append(Repair.TWO_DIGIT_SERIAL if width == 4 and len(part) == 2 else Repair.PADDING)
        padded.append(part.zfill(width))
    return tuple(padded)


def _old(parts: list[str], repairs: list[Repair]) -> Code | None:
    """Read a code of Permendagri 13/2006: kept as printed, its level told by its length (organisations have none)."""
    if not 3 <= len(parts) <= 7 or any("X" in part for part in parts) or not re.fullmatch(r"0?[1-9]", parts[0]):
        return None
    if any(len(part) > 3 for part in parts):
        return None
    repeats = len(parts) > 5 and parts[0] == parts[2]  # `1.20.1.20.03.15.02` names the bidang twice
    kind = _OLD_LENGTHS.get(len(parts) - 2 if repeats and len(parts) == 7 else len(parts))
    return Code(".".join(parts), tuple(parts), CodeSystem.PERMENDAGRI_13, kind, tuple(repairs))


def _unique(repairs: list[Repair]) -> tuple[Repair, ...]:
    return tuple(dict.fromkeys(repairs))
