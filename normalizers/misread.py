"""Words of cells that were read from an image: what is no word, but has the shape of one of the official names, is that word.

Recognisers confuse letters of like shape (`Kineria`, `vang`, `KOPERAS1`). Only cells that were read with doubt are touched, and only words
that the names of the nomenklatur do not hold while one word of theirs alone has the same shape.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

from normalizers.nomenklatur import load
from normalizers.stitch import PrintedRow
from normalizers.text import letter_shapes
from normalizers.types import CellText

_WORD = re.compile(r"\b[A-Za-z][A-Za-z01]{3,}\b")
_CERTAIN = 0.99
_FEWEST = 3  # times that the names print a word: a rarer one may be misprinted itself


def with_known_words(rows: Sequence[PrintedRow], kinds: Mapping[str, str]) -> list[PrintedRow]:
    """The rows, misread words of cells that were read from an image put right; codes and figures stay."""
    return [
        replace(row, cells={name: _mended(cell, kinds.get(name)) for name, cell in row.cells.items()}) if row.ocr else row for row in rows
    ]


def _mended(cell: CellText, kind: str | None) -> CellText:
    if cell.confidence >= _CERTAIN or kind not in ("teks", "target", "satuan"):
        return cell
    return replace(cell, text=_WORD.sub(lambda match: known_word(match[0]), cell.text))


@lru_cache(maxsize=16384)
def known_word(word: str) -> str:
    """The word of the official names that a word was meant to be, as it is printed; the word itself where none is, or several are."""
    words, by_shape = _names()
    lowered = word.lower()
    meant = by_shape.get(letter_shapes(lowered))
    if lowered in words or meant is None:
        return word
    return meant.upper() if word.upper() == word else meant.capitalize() if word[0].isupper() else meant


@lru_cache(maxsize=1)
def _names() -> tuple[frozenset[str], dict[str, str]]:
    """All words of the official names, and those that are printed often by their shape, where no other word has it."""
    counts: Counter[str] = Counter()
    for edition in load().editions:
        for entry in edition.entries:
            for text in (entry.name, entry.performance, entry.indicator, entry.unit):
                counts.update(word.lower() for word in _WORD.findall(text))
    shapes = Counter(letter_shapes(word) for word in counts)
    often = {letter_shapes(word): word for word, count in counts.items() if count >= _FEWEST}
    return frozenset(counts), {shape: word for shape, word in often.items() if shapes[shape] == 1}
