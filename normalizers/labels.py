"""What the words and the numbering in front of a row's name say: total, level, agency, label, signature block."""

from __future__ import annotations

import re
from enum import StrEnum
from functools import lru_cache

from rapidfuzz import fuzz

from normalizers.text import compact, fold, squash
from normalizers.types import RowKind
from normalizers.vocabulary import load

_NUMBERED = re.compile(
    r"(?P<number>[IVXL]{1,7}(?:\.\d{1,2})*|\d{1,3}(?:\.\d{1,2})*|[A-Za-z])\s*(?P<mark>[.)])?\s+(?P<rest>\S.*)"
    r"|(?P<dash>[-•–])\s*(?P<text>\S.*)",
    re.DOTALL,
)
_LONE = re.compile(r"\(?(?P<number>[IVXLivxl]{1,7}(?:\.\d{1,2})*|\d{1,3}(?:\.\d{1,2})*|[A-Za-z])\)?[.)]?")
_TOTAL_OF = re.compile(r"(?:sub ?total|total|jumlah) (?P<name>\S+ .+)")
_BETWEEN_LEVELS = re.compile(r"[/,&]|\bdan\b", re.IGNORECASE)
_SPACED = re.compile(r"(?:\w )+\w\b")
_FUZZY = 85.0
_MISREAD_LENGTH = 7  # shorter words are too like others


class Numbering(StrEnum):
    """How rows of one level are numbered."""

    LETTER = "huruf"
    ROMAN = "romawi"
    ARABIC = "angka"
    DOTTED = "bertitik"
    DASH = "strip"
    NONE = "tanpa"


def numbering_of(number: str | None) -> Numbering:
    """The style of a printed running number."""
    if not number:
        return Numbering.NONE
    bare = number.strip(" ().")
    if "." in bare:
        return Numbering.DOTTED
    if bare.isdigit():
        return Numbering.ARABIC
    if re.fullmatch(r"[IVXL]+", bare.replace("l", "I")) and bare not in ("C", "D"):
        return Numbering.ROMAN
    return Numbering.DASH if bare in ("-", "•", "–") else Numbering.LETTER


def lone_number(text: str) -> str | None:
    """A cell that is nothing but a running number or letter, without its dot or brackets."""
    match = _LONE.fullmatch(squash(text))
    return match["number"] if match else None


def leading_number(text: str) -> tuple[str | None, str]:
    """Split a running number off the front of a name (`2 Koordinasi ...`, `I PROGRAM ...`); (None, text) where there is none.

    A single letter needs its dot or bracket (`a. Belanja`), else it is a word.
    """
    match = _NUMBERED.fullmatch(squash(text))
    if not match:
        return None, text
    if match["dash"]:
        return "-", match["text"]
    number = match["number"]
    if number.isalpha() and not match["mark"] and not re.fullmatch(r"[IVXL]+", number):
        return None, text
    return number, match["rest"]


def _label_text(text: str) -> str:
    folded = fold(text)
    return folded.replace(" ", "") if _SPACED.fullmatch(folded) else folded


@lru_cache(maxsize=8192)
def total_label(text: str) -> str | None:
    """The published label of a total row (`jumlah`, `belanja_pegawai`, `rata_rata` ...), None where the text is no such label."""
    rows = load().rows
    folded = _label_text(leading_number(text)[1] if len(text) < 60 else text)
    if not folded or len(folded) > 80:
        return None
    best: tuple[int, str] | None = None
    for label, spellings in rows.totals.items():
        for spelling in spellings:
            misread = abs(len(folded) - len(spelling)) <= 2 and fuzz.ratio(folded, spelling) >= _FUZZY
            if not (misread or folded == spelling or folded.startswith(spelling + " ")):
                continue
            tail = [] if misread else folded[len(spelling) :].split()
            if all(word in rows.total_tail or word.isdigit() for word in tail) and (best is None or len(spelling) > best[0]):
                best = (len(spelling), label)
    return best[1] if best else None


def total_of(text: str) -> str | None:
    """The folded name that a total says it is the total of (`JUMLAH PROGRAM PENATAAN DESA`), None where the text says none."""
    found = _TOTAL_OF.fullmatch(fold(leading_number(text)[1]))
    return found["name"] if found else None


@lru_cache(maxsize=8192)
def level_word(text: str) -> RowKind | None:
    """The level that the first words of a name say (`PROGRAM ...`, `Kegiatan ...`), misread letters allowed; None where they say none.

    A name that is nothing but the word is a label, not a row of that level.
    """
    folded = fold(leading_number(text)[1])
    best: tuple[tuple[bool, int], RowKind] | None = None
    for level, spellings in load().rows.levels.items():
        for spelling in spellings:
            start = " ".join(folded.split()[: len(spelling.split())])
            exact = start == spelling
            misread = len(spelling) >= _MISREAD_LENGTH and fuzz.ratio(start, spelling) >= _FUZZY
            alone = not folded[len(start) :].strip(" 0123456789") and level != RowKind.URUSAN
            rank = (exact, len(spelling))
            if (exact or misread) and not alone and (best is None or rank > best[0]):
                best = (rank, RowKind(level))
    return best[1] if best else None


def level_title(text: str) -> RowKind | None:
    """The level that a column's title names and nothing else (`Program`, `NAMA KEGIATAN (3)`), None for any other title."""
    named = level_titles(text)
    return named[0] if len(named) == 1 else None


def level_titles(text: str) -> tuple[RowKind, ...]:
    """The levels that a column's title names and nothing else (`Kegiatan/Sub Kegiatan`), none for any other title."""
    levels = (RowKind.PROGRAM, RowKind.KEGIATAN, RowKind.SUB_KEGIATAN)
    spelt = {spelling: level for level in levels for spelling in load().rows.levels[level]}
    parts = [re.sub(r"^(?:nama|uraian) | ?\d+$", "", fold(part)) for part in _BETWEEN_LEVELS.split(text)]
    return tuple(spelt[part] for part in parts) if all(part in spelt for part in parts) else ()


@lru_cache(maxsize=8192)
def is_agency(text: str) -> bool:
    """Whether a name is that of a perangkat daerah (`DINAS KOPERASI ...`)."""
    folded = fold(text)
    return any(folded.startswith(word + " ") for word in load().rows.agencies) and len(folded.split()) <= 22


@lru_cache(maxsize=8192)
def is_label(text: str) -> bool:
    """Whether a text is nothing but a label over the rows below (`Tujuan`, `Sub Kegiatan`, `Sasaran (2)`)."""
    return re.sub(r"[\d ]+$", "", fold(text)) in load().rows.labels


@lru_cache(maxsize=8192)
def ends_table(text: str) -> bool:
    """Whether a text belongs to the signatures or footnotes under a table."""
    folded = fold(text)
    return any(folded.startswith(words) for words in load().rows.after_table) and not folded.startswith("kepala dinas ku")


@lru_cache(maxsize=64)
def _belanja_patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    patterns = []
    for column, spellings in load().rows.belanja.items():
        words = "|".join(r"\W+(?:dan\W+)?".join(map(re.escape, spelling.split())) for spelling in spellings)
        amount = r"(?:Rp\.?\s*)?\d[\d.,]*(?:,-)?|(?<=: )-(?!\s*Bel)"  # a dash before the next item is its bullet
        patterns.append((column, re.compile(rf"(?:{words})\s*:?\s*(?P<amount>{amount})", re.IGNORECASE)))
    return tuple(patterns)


def belanja_block(text: str) -> tuple[tuple[str, str], ...]:
    """The expenditures printed inside an indicator cell of form T-C.33, as (column, printed amount) in printed order."""
    if "bel" not in compact(text):
        return ()
    found = [(match.start(), column, match["amount"]) for column, pattern in _belanja_patterns() for match in pattern.finditer(text)]
    return tuple((column, amount.rstrip(".")) for _, column, amount in sorted(found))
