"""Names of regional agencies: one agency is one value, however it is printed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from itertools import takewhile

import yaml
from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from normalizers.regions import find_regions
from normalizers.text import compact, fold, squash

_SMALL_WORDS = frozenset({"dan", "serta", "di", "pada", "atas"})
_JOINERS = _SMALL_WORDS | {"&", "/", ","}
_LONGEST = 7  # words of the longest affair
_FUZZY_LENGTH = 8  # one misread letter in so many
_MISREAD_STOP = 5  # a word that ends a name is recognised with one misread letter from this length on
_TOKEN = re.compile(r"[A-Za-z0-9](?:[\w'-]|\.(?=\w))*|[,&/]")


@dataclass(frozen=True, slots=True)
class _Lexicon:
    heads: dict[str, str]  # folded -> published
    alone: frozenset[str]
    short: dict[str, str]  # compact abbreviation -> published name
    affairs: dict[str, str]  # compact wording -> published
    stops: frozenset[str]  # words that no name contains
    optional: frozenset[str]  # heads that may stand alone, or before a name of their own
    wholes: dict[str, frozenset[str]]  # head -> words of the whole that it is a part of, which end its name
    known: frozenset[str]  # words of affairs, which are never misread stops


@cache
def _lexicon() -> _Lexicon:
    data = yaml.safe_load(resources.files("normalizers").joinpath("data/perangkat_daerah.yml").read_text(encoding="utf-8"))
    heads = {fold(word): head for head, words in data["kepala"].items() for word in (head, *words)}
    short = {compact(word): name for name, words in data["singkatan"].items() for word in words}
    affairs = {compact(word): affair for affair, words in data["bidang"].items() for word in (affair, *words)}
    known = frozenset(word for affair in data["bidang"] for word in fold(affair).split())
    wholes = {head: frozenset(words) for head, words in data["bagian_dari"].items()}
    alone, optional, stops = (frozenset(data[part]) for part in ("berdiri_sendiri", "boleh_sendiri", "bukan_nama"))
    return _Lexicon(heads, alone, short, affairs, stops, optional, wholes, known)


@lru_cache(maxsize=4096)
def normalise(name: str) -> str:
    """Return the published name of an agency: abbreviations written out, commas as in `Dinas A, B dan C`, region and year cut off.

    A name made of unknown words keeps them, in title case. Returns "" for an empty name.
    """
    tidy = re.sub(r"^[\d.\s:]+", "", re.sub(r"\([^)]*\)", " ", squash(name)))
    tokens = _until_stop(_TOKEN.findall(tidy))
    words = [token for token in tokens if token not in (",", "/", "&")]
    if not words:
        return ""
    lexicon = _lexicon()
    if whole := lexicon.short.get(compact(" ".join(words))):
        return whole
    head, used = _head(words)
    if head is None:
        expanded = lexicon.short.get(compact(words[0]))
        return normalise(" ".join([expanded, *tokens[1:]])) if expanded else _title(tokens)
    whole_words = lexicon.wholes.get(head, frozenset())
    rest = list(takewhile(lambda token: token.casefold() not in whole_words, tokens[used:]))
    if head == "Dinas" and (whole := lexicon.short.get(compact("dinas" + "".join(rest)))):
        return whole
    if head in lexicon.alone or not any(token not in _JOINERS for token in rest):
        return head
    affairs = _affairs(rest)
    return f"{head} {_join(affairs)}" if affairs else f"{head} {_title(rest)}"


def find_agencies(text: str, abbreviations: bool = False) -> tuple[str, ...]:
    """Return the names of agencies in `text` as printed, from their head (`Dinas`, `Badan` ...) up to a region, a year or plain words.

    With `abbreviations`, a lone one that is a whole name (`Disnakertrans`) counts too.
    """
    tokens = _TOKEN.findall(squash(text))
    found: list[str] = []
    at = 0
    while at < len(tokens):
        head, used = _head(tokens[at:])
        if head is None or not tokens[at][:1].isupper():
            if abbreviations and tokens[at][:1].isupper() and compact(tokens[at]) in _lexicon().short:
                found.append(tokens[at])
            at += 1
            continue
        rest = list(_name_tokens(tokens[at + used :]))
        while rest and rest[-1].casefold() in _JOINERS:
            rest.pop()
        if rest or head in _lexicon().alone | _lexicon().optional:
            found.append(re.sub(r" (?=,)", "", " ".join([*tokens[at : at + used], *rest])))
        at += used + len(rest)
    return tuple(found)


def _name_tokens(tokens: list[str]) -> Iterator[str]:
    """Yield the words of a name: capitalised ones, with `dan`, commas and the like between them."""
    for index, token in enumerate(tokens[:20]):
        if re.fullmatch(r"\d", token) and tokens[index + 1 : index + 2] and tokens[index + 1][0].isupper():
            continue  # a comma that OCR took for a digit
        small = token.casefold() in _JOINERS
        if _ends_name(token) or not (small or token[0].isupper()) or _head(tokens[index:])[0] in ("Dinas", "Badan", "Kantor"):
            return
        if re.fullmatch(r"[IVX]+", token):
            return
        yield token


@lru_cache(maxsize=4096)
def _ends_name(token: str) -> bool:
    """Whether no name goes on with this word; the long ones also where one letter is misread."""
    word, stops = token.casefold(), _lexicon().stops
    if word in stops or re.fullmatch(r"20\d\d", word):
        return True
    if len(word) < _MISREAD_STOP or word in _lexicon().known:
        return False
    return any(len(stop) >= _MISREAD_STOP and Levenshtein.distance(word, stop, score_cutoff=1) <= 1 for stop in stops)


def _until_stop(tokens: list[str]) -> list[str]:
    """Cut a region, a year and what follows off a name."""
    kept: list[str] = []
    for index, token in enumerate(tokens):
        if index and _ends_name(token):
            break
        kept.append(token)
    mentions = find_regions(" ".join(kept))
    last = mentions[-1] if mentions else None
    words = sum(token not in (",", "/", "&") for token in kept)
    if last and not last.typed and last.end == words and last.start > 1 and fold(kept[0]) not in ("kecamatan", "distrik", "kelurahan"):
        for _ in range(last.end - last.start):
            kept.pop()
    while kept and kept[-1].casefold() in _JOINERS:
        kept.pop()
    return kept


def _head(tokens: list[str]) -> tuple[str | None, int]:
    for length in range(min(5, len(tokens)), 0, -1):
        head = _lexicon().heads.get(fold(" ".join(tokens[:length])))
        if head:
            return head, length
    return None, 0


def _affairs(tokens: list[str]) -> list[str]:
    """Read the rest of a name as affairs of the lexicon; empty where some word belongs to none."""
    words = [token for token in tokens if token not in (",", "/", "&")]
    found: list[str] = []
    at = 0
    while at < len(words):
        affair, used = _affair(words, at)
        if affair is None:
            if words[at].casefold() not in _SMALL_WORDS:
                return []
            at += 1
            continue
        found.append(affair)
        at += used
    return found


def _affair(words: list[str], at: int) -> tuple[str | None, int]:
    """Return the affair that begins at `at` and how many words it has: the longest that fits, exactly or but for a few letters."""
    affairs = _lexicon().affairs
    for length in range(min(_LONGEST, len(words) - at), 0, -1):
        candidate = compact(" ".join(words[at : at + length]))
        if candidate in affairs:
            return affairs[candidate], length
        if len(candidate) >= _FUZZY_LENGTH:
            allowed = len(candidate) // _FUZZY_LENGTH
            best = process.extractOne(candidate, affairs.keys(), scorer=Levenshtein.distance, score_cutoff=allowed)
            if best:
                return affairs[best[0]], length
    return None, 0


def _join(affairs: list[str]) -> str:
    *first, last = affairs
    if not first:
        return last
    return ", ".join(first) + (", " if " dan " in last else " dan ") + last


def _title(tokens: list[str]) -> str:
    words = [token.lower() if token.casefold() in _SMALL_WORDS else _capital(token) for token in tokens]
    return re.sub(r" (?=,)", "", " ".join("dan" if word == "&" else word for word in words))


def _capital(token: str) -> str:
    keep = token.isupper() and len(token) <= 4 and token != "DR" and not re.search(r"[AEIOU].*[AEIOU]", token)
    return token if keep else token[:1].upper() + token[1:].lower()
