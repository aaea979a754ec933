"""Provinces, kabupaten and kota with their Kemendagri codes, and their names in running text.

A name counts where its type stands before it (`Kab. Bogor`, `Wali Kota Medan`, `Bupati Bogor`), so that Bogor the city and Bogor the
regency never mix; a bare name counts only where it can mean one region. Spellings with and without blanks or hyphens are the same name;
a typed name that is misread in few letters is taken where nothing else is near.
"""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from importlib import resources

from rapidfuzz import fuzz, process

from normalizers.text import compact, fold


@dataclass(frozen=True, slots=True)
class Region:
    """One region: `code` of Kemendagri (`12.20`), `kind` (provinsi | kabupaten | kota) and plain `name` (`Padang Lawas Utara`)."""

    code: str
    kind: str
    name: str

    @property
    def official_name(self) -> str:
        """The name with its type, as published: `Kabupaten Padang Lawas Utara`."""
        return f"{self.kind.capitalize()} {self.name}"

    @property
    def scope(self) -> str:
        """Whose nomenklatur applies: `provinsi` or `kabkota`."""
        return "provinsi" if self.kind == "provinsi" else "kabkota"

    @property
    def province_code(self) -> str:
        return self.code[:2]


@dataclass(frozen=True, slots=True)
class Mention:
    """A region named in a text: the words `start` to `end` (exclusive) of `fold(text).split()`; `typed` where its type was printed."""

    region: Region
    start: int
    end: int
    typed: bool


_TYPES = {
    **dict.fromkeys(("kabupaten", "kab", "kabupten", "kabupatn", "bupati", "pemkab"), "kabupaten"),
    **dict.fromkeys(("kota", "kotamadya", "walikota", "pemkot"), "kota"),
    **dict.fromkeys(("provinsi", "propinsi", "prov", "prop", "gubernur", "pemprov", "provins", "provlnsi"), "provinsi"),
}
_GLUED_TYPES = {"provsu": "12", "sekdaprovsu": "12"}
_LONGEST = 7  # words of the longest name
_FUZZY_LENGTH = 6
_FUZZY_SCORE = 88.0
_FUZZY_MARGIN = 6.0


@dataclass(frozen=True, slots=True)
class _Gazetteer:
    by_code: dict[str, Region]
    typed: dict[str, dict[str, Region]]  # kind -> compact name -> region
    bare: dict[str, Region]  # compact names that mean one region


@cache
def _gazetteer() -> _Gazetteer:
    text = resources.files("normalizers").joinpath("data/wilayah.csv").read_text(encoding="utf-8")
    by_code: dict[str, Region] = {}
    typed: dict[str, dict[str, Region]] = {"provinsi": {}, "kabupaten": {}, "kota": {}}
    meanings: dict[str, set[Region]] = defaultdict(set)
    former: list[tuple[Region, str]] = []
    for row in csv.DictReader(text.splitlines()):
        region = Region(row["kode"], row["jenis"], row["nama"])
        by_code[region.code] = region
        typed[region.kind][compact(region.name)] = region
        meanings[compact(region.name)].add(region)
        former += [(region, compact(other)) for other in row["nama_lain"].split(";") if other]
    for region, name in former:
        typed[region.kind].setdefault(name, region)
        meanings[name].add(region)
    bare = {name: next(iter(regions)) for name, regions in meanings.items() if len(regions) == 1}
    return _Gazetteer(by_code, typed, bare)


def by_code(code: str) -> Region | None:
    """Return the region of a Kemendagri code, None where there is none."""
    return _gazetteer().by_code.get(code)


def all_regions() -> tuple[Region, ...]:
    """Return all 552 regions in code order."""
    return tuple(_gazetteer().by_code.values())


def find_regions(text: str) -> tuple[Mention, ...]:
    """Return every region named in `text`, in order; bare names only where they are unambiguous and written with a capital."""
    words = fold(text.replace("!", "i")).split()
    capitals = _capital_words(text)
    mentions: list[Mention] = []
    at = 0
    while at < len(words):
        mention = _typed_mention(words, at) or _bare_mention(words, at, capitals)
        if mention:
            mentions.append(mention)
        either = mention is None and words[at] in ("kabupaten", "kab") and words[at + 1 : at + 2] == ["kota"]
        at = mention.end if mention else at + (2 if either else 1)  # `Kabupaten/Kota` says nothing of the type
    return tuple(mentions)


def _capital_words(text: str) -> frozenset[str]:
    return frozenset(fold(word) for word in re.findall(r"\b[A-Z][\w.'-]*", text))


def _typed_mention(words: list[str], at: int) -> Mention | None:
    kind, start = _TYPES.get(words[at]), at + 1
    if words[at] == "wali" and words[at + 1 : at + 2] == ["kota"]:
        kind, start = "kota", at + 2
    if words[at] in _GLUED_TYPES:
        return Mention(_gazetteer().by_code[_GLUED_TYPES[words[at]]], at, at + 1, True)
    if kind is None:
        return None
    names = _gazetteer().typed[kind]
    for length in range(min(_LONGEST, len(words) - start), 0, -1):
        region = names.get("".join(words[start : start + length]))
        if region:
            return Mention(region, at, start + length, True)
    return None if words[start : start + 1] == ["kota"] else _misread_mention(words, at, start, names)


def _misread_mention(words: list[str], at: int, start: int, names: dict[str, Region]) -> Mention | None:
    """Take a typed name that differs in few letters from one region's name and from no other's."""
    best: tuple[float, int, Region] | None = None
    for length in range(1, min(4, len(words) - start) + 1):
        candidate = "".join(words[start : start + length])
        if len(candidate) < _FUZZY_LENGTH or sum(c.isalpha() for c in candidate) < len(candidate) - 1:
            continue
        ranked = process.extract(candidate, names.keys(), scorer=fuzz.ratio, limit=3, score_cutoff=_FUZZY_SCORE - _FUZZY_MARGIN)
        if not ranked or ranked[0][1] < _FUZZY_SCORE:
            continue
        others = [score for name, score, _ in ranked[1:] if names[name] is not names[ranked[0][0]]]
        if not others or ranked[0][1] - others[0] >= _FUZZY_MARGIN:
            best = max(best or (0.0, 0, names[ranked[0][0]]), (ranked[0][1], length, names[ranked[0][0]]), key=lambda b: b[0])
    return Mention(best[2], at, start + best[1], True) if best else None


def _bare_mention(words: list[str], at: int, capitals: frozenset[str]) -> Mention | None:
    if words[at] not in capitals:
        return None
    bare = _gazetteer().bare
    for length in range(min(_LONGEST, len(words) - at), 0, -1):
        region = bare.get("".join(words[at : at + length]))
        if region and (length > 1 or len(words[at]) > 3):
            return Mention(region, at, at + length, False)
    return None
