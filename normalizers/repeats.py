"""Leaves that a header prints again for another year or another quarter: no name without the year or quarter is theirs."""

from __future__ import annotations

import re
from collections.abc import Sequence

from normalizers.binding import QUARTERS, Path, header_years, path_words, words

_NTH_YEAR = re.compile(r"\btahun(?:\s+ke)?[\s-]*(\d)\b")


def year_of(path: Path) -> str | None:
    """The one year that a header prints, the leaf's before its groups'."""
    for text in reversed(path):
        if years := header_years(text):
            return years[0] if len(set(years)) == 1 else None
    return None


def repeated_in_years(paths: Sequence[Path]) -> frozenset[int]:
    """The leaves that a header prints again under another year, or another year of a period (`Tahun 2 > Rp`, `Tahun ke- > 2`)."""
    marks = [year_of(path) or next(iter(_NTH_YEAR.findall(" ".join(path).lower())), None) for path in paths]
    return _repeated(marks, [" ".join(word for word in words(" ".join(path)) if word not in ("{y}", "tahun")) for path in paths])


def repeated_in_quarters(paths: Sequence[Path]) -> frozenset[int]:
    """The leaves that a header prints again under another quarter (`Triwulan I > Rp`, `Triwulan II > Rp`)."""
    said = [path_words(path) for path in paths]
    marks = [next(iter(header.all & QUARTERS), None) for header in said]
    return _repeated(marks, [" ".join(sorted(header.all - QUARTERS)) for header in said])


def _repeated(marks: Sequence[str | None], texts: Sequence[str]) -> frozenset[int]:
    """The places whose text stands under more than one mark."""
    under: dict[str, set[str]] = {}
    for text, mark in zip(texts, marks, strict=True):
        if mark is not None:
            under.setdefault(text, set()).add(mark)
    return frozenset(i for i, text in enumerate(texts) if marks[i] is not None and len(under[text]) > 1)
