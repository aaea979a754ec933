"""What kind of document a text says it belongs to (`dokumen.jenis_dokumen`), by the patterns of `data/jenis_dokumen.yml`."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import cache
from importlib import resources

import yaml
from rapidfuzz import fuzz

from normalizers.text import fold

_MISREAD = {"renja": "rencana kerja", "lkjip": "laporan kinerja instansi pemerintah", "renstra": "rencana strategis"}
_MISREAD_SCORE = 85.0
# What running text says of the document itself counts more than a mention: (what stands before the kind, votes).
_SELF = (
    (re.compile(r"\bdokumen\s(?:\w+\s){0,2}$"), 12),
    (re.compile(r"\b(?:menyusun|penyusunan|tersusunnya|disusunnya)\s(?:\w+\s){0,2}$"), 5),
)
_HEADING_VOTES = 3
_BODY_LIMIT = 8  # mentions in one page's running text that count


@dataclass(frozen=True, slots=True)
class _Patterns:
    titles: tuple[re.Pattern[str], ...]
    headings: tuple[re.Pattern[str], ...]


@cache
def _patterns() -> dict[str, _Patterns]:
    data = yaml.safe_load(resources.files("normalizers").joinpath("data/jenis_dokumen.yml").read_text(encoding="utf-8"))
    return {
        kind: _Patterns(*(tuple(re.compile(pattern) for pattern in entry.get(part, ())) for part in ("judul", "bab")))
        for kind, entry in data.items()
    }


def kind_votes(text: str, title: bool) -> Counter[str]:
    """Count for which kinds a text speaks.

    A title speaks for the kind that it names first (at the same place, the longer name); where the words are misread, for the one that
    they resemble. Running text speaks for every kind that it names, more for one whose making it tells of or whose headings it holds.
    """
    folded = fold(text)
    if title:
        return Counter({kind: 3}) if (kind := _named_first(folded)) else Counter()
    votes: Counter[str] = Counter()
    for kind, patterns in _patterns().items():
        counts = [_votes_of_mention(folded[max(0, match.start() - 40) : match.start()]) for match in _matches(patterns.titles, folded)]
        headings = len(_matches(patterns.headings, folded))
        if kind != "lainnya":
            votes[kind] = sum(counts[:_BODY_LIMIT]) + _HEADING_VOTES * min(_BODY_LIMIT, headings)
        for pattern in patterns.titles:
            folded = pattern.sub(lambda m: "#" * len(m.group()), folded)  # a kind named within another's name does not count
    return votes


def _votes_of_mention(before: str) -> int:
    return next((votes for pattern, votes in _SELF if pattern.search(before)), 1)


def _matches(patterns: tuple[re.Pattern[str], ...], folded: str) -> list[re.Match[str]]:
    return [match for pattern in patterns for match in pattern.finditer(folded)]


def _named_first(folded: str) -> str | None:
    found: list[tuple[int, int, str]] = []
    for kind, patterns in _patterns().items():
        for pattern in (*patterns.titles, *patterns.headings):
            if match := pattern.search(folded):
                found.append((match.start(), -len(match.group()), kind))
    if found:
        return min(found)[2]
    scores = [(fuzz.partial_ratio(words, folded), kind) for kind, words in _MISREAD.items() if len(folded) >= len(words)]
    return max(scores)[1] if scores and max(scores)[0] >= _MISREAD_SCORE else None
