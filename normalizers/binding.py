"""Which canonical column a printed header means: words of the header against the spellings of the vocabulary.

A header is a path of printed texts, from the outermost merged cell to the leaf. Words are compared in any order, misread letters
allowed; the facets that a leaf names and the qualifiers anywhere in the path (before, after, n-2, quarter ...) must agree.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz, process

from normalizers.text import compact, letter_shapes
from normalizers.vocabulary import Columns, load

Path = tuple[str, ...]

_QUARTER = re.compile(r"\b(?:t[a-z]{1,3}\s?w\s?[a-z]{2}\s?[a-z]{1,2}[nm]|trw|tw)[\s.:-]*([il1]v|[il1]{2,3}|[il]|[1-4])\b")
_ROMAN = {"i": "1", "ii": "2", "iii": "3", "iv": "4"}
_YEAR_RANGE = re.compile(r"\b(?:19|20)\d\d\s*[-–—/]\s*(?:(?:19|20)\d\d|\d\d)\b")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_OFFSET = re.compile(r"\b(?:thn|tahun)?\s*n\s*([-+–])\s*([1-5])\b")
_UNIT = re.compile(
    r"\(\s*(?:dalam|dlm)?\.?\s*(?:rp|rupiah|juta|ribu|jutaan|ribuan|000|x\s*rp)[^()]*\)|(?<=\w)\s+rp\.?(?:000)?\s*$", re.IGNORECASE
)
_COLUMN_MARK = re.compile(r"\(\s*\d{1,2}(?:\s*[-+/=x*]\s*\(?\d{1,2}\)?)*\s*\)")
_WORD = re.compile(r"[a-z{}]+\d?")
_PLANS = "renja|rkpd|apbd|dpa|rka|pk|anggaran|pagu"
_CHANGED = re.compile(r"\bp[-.](renja|rkpd|apbd|dpa|rka)\b|\b(renja|rkpd|apbd|dpa|rka)[-.]p\b")
_CHANGED_DPA = re.compile(r"\bdppa\b")
_MORE_OR_LESS = re.compile(r"\(?\+\s*/?\s*-\)?|±")
_UP_TO_DATE = re.compile(
    r"\b(?:sd|sampai(?: dengan)?|per)\s+(?:tgl\.?|tanggal)?\s*\d{1,2}\s+"
    r"(?:jan|feb|peb|mar|apr|mei|jun|jul|agu|agt|sep|okt|nov|nop|des)[a-z]*"
)
_UP_TO_QUARTER = re.compile(r"\b(?:sd|sampai(?:\s+dengan)?)\s+tw[1-4]\b")
_AFTER = re.compile(rf"\b(?:{_PLANS})(?: tahun)?(?: {{y}})? perubahan\b|\bperubahan (?:{_PLANS})\b")
_SIDES = frozenset({"sebelum", "sesudah"})
QUARTERS = frozenset({"tw1", "tw2", "tw3", "tw4"})
_APART = _SIDES | {"maju"}  # a group that says one of these has no column of another
_MISREAD = str.maketrans({"0": "o", "1": "i"})
_MISREAD_DIGIT = re.compile(r"(?<=[a-z])[01](?=[a-z])")
_MIN_LIKE = 4
_COUNTED = re.compile(r"n(?:p?\d)?|tahun|thn")
_MIN_FUZZY = 5  # shorter words are too like each other
_CUTOFF = 78
_GLUED = 85.0


@dataclass(frozen=True, slots=True)
class Words:
    """A header path as sets of vocabulary words: what the leaf says, and what the groups above it say."""

    leaf: frozenset[str]
    groups: frozenset[str]
    head: str | None
    squashed: str

    @property
    def all(self) -> frozenset[str]:
        return self.leaf | self.groups


def header_years(text: str) -> tuple[str, ...]:
    """The years printed in a header text, ranges left out."""
    return tuple(_YEAR.findall(_YEAR_RANGE.sub(" ", text)))


@lru_cache(maxsize=1)
def _lexicon() -> frozenset[str]:
    columns = load().header
    words = {word for entry in columns.columns.values() for spelling in entry.spellings for word in _WORD.findall(spelling)}
    return frozenset(words | set(columns.synonyms) | columns.light | columns.facets | columns.qualifiers)


@lru_cache(maxsize=1)
def _known() -> frozenset[str]:
    """The words that are no misprints: those of the spellings, and others that headers print."""
    return _lexicon() | load().header.others


@lru_cache(maxsize=1)
def _shapes() -> dict[str, str]:
    """The words of headers by their shape, where only one has it."""
    known = sorted(word for word in _known() if len(word) >= _MIN_LIKE)
    counts = Counter(map(letter_shapes, known))
    return {letter_shapes(word): word for word in known if counts[letter_shapes(word)] == 1}


@lru_cache(maxsize=8192)
def _word(raw: str) -> str:
    synonyms = load().header.synonyms
    if raw not in _known() and (alike := _shapes().get(letter_shapes(raw))):
        raw = alike
    elif raw not in _known() and len(raw) >= _MIN_FUZZY:
        found = process.extractOne(raw, sorted(_lexicon()), scorer=fuzz.ratio, score_cutoff=_CUTOFF)
        raw = found[0] if found and len(found[0]) >= _MIN_FUZZY - 1 else raw
    return synonyms.get(raw, raw)


def _whole(parts: Sequence[str]) -> Iterator[str]:
    """Words with the pieces put together that a narrow column has torn apart (`kegia tan`)."""
    lexicon = _lexicon()
    i = 0
    while i < len(parts):
        torn = (parts[i : i + n] for n in (3, 2) if len(parts) >= i + n)
        pieces = next((some for some in torn if "".join(some) in lexicon and not set(some) <= lexicon), parts[i : i + 1])
        yield "".join(pieces)
        i += len(pieces)


@lru_cache(maxsize=8192)
def words(text: str) -> tuple[str, ...]:
    """The words of a header text in print order: lower case, years `{y}`, `n-2` as `n2`, `%` as `persen`, `triwulan II` as `tw2`.

    Words torn by a narrow column are whole again; the changed form of a plan or budget (`RKPD Perubahan`, `P-Renja`) says `sesudah`.
    """
    lowered = text.lower().replace("s.d", "sd").replace("s/d", "sd").replace("%", " persen ")
    lowered = _UP_TO_DATE.sub(" ", lowered)
    lowered = _CHANGED_DPA.sub("perubahan dpa", _CHANGED.sub(lambda m: f"perubahan {m[1] or m[2]}", lowered))
    lowered = _MORE_OR_LESS.sub(" selisih ", lowered)
    lowered = _MISREAD_DIGIT.sub(lambda m: m[0].translate(_MISREAD), lowered)
    lowered = _YEAR.sub(" {y} ", _YEAR_RANGE.sub(" ", lowered))
    lowered = _QUARTER.sub(lambda m: f" tw{_ROMAN.get(re.sub('l|1(?=.)|(?<=.)1', 'i', m[1]), m[1])} ", lowered)
    lowered = _UP_TO_QUARTER.sub("sd triwulan", " ".join(lowered.split()))
    lowered = _OFFSET.sub(lambda m: f" n{m[2]} " if m[1] != "+" else f" np{m[2]} ", lowered)
    bare = _COLUMN_MARK.sub(" ", _UNIT.sub(" ", lowered))
    lowered = bare if _WORD.search(bare) else lowered
    found = [_word(raw) for raw in _whole(_WORD.findall(re.sub(r"sub[\s-]*kegiatan", "sub kegiatan", lowered)))]
    if not _SIDES & set(found) and (_AFTER.search(" ".join(found)) or found == ["perubahan"]):
        found.append("sesudah")
    if "{y}" in found and not [word for word in found if word not in ("{y}", "tahun") and not re.fullmatch(r"n[p\d]*", word)]:
        return ("{y}",)  # `Tahun 2020 (Thn n-2)` over a column of its year: the year says it all
    return tuple(found)


def _told(path: Sequence[str]) -> Sequence[str]:
    """A path without what merely counts the year over it (`2024 > (n-2)`) or the column (`> (5)`)."""
    while len(path) > 1 and (not (last := words(path[-1])) or (all(map(_COUNTED.fullmatch, last)) and header_years(path[-2]))):
        path = path[:-1]
    return path


def path_words(path: Sequence[str], side: str | None = None) -> Words:
    """The words of a header path; `side` (`kiri`, `kanan`) marks the halves of a header that says everything twice."""
    columns = load().header
    path = _told(path)
    leaf = words(path[-1]) if path else ()
    above = words(" ".join(path[:-1]))
    leaf = ("k",) if leaf in (("kinerja",), ("fisik",)) and above else leaf  # beside the money of the same group
    head = next((word for word in leaf if word not in columns.light), leaf[0] if leaf else None)
    groups = _agreeing(frozenset(above)) | ({side} if side else frozenset())
    return Words(frozenset(leaf), groups, head, compact(path[-1].replace("%", " persen ")) if path else "")


def _agreeing(said: frozenset[str]) -> frozenset[str]:
    """The words of groups without those that contradict each other: a group of both sides, or of two quarters, tells of none."""
    return said.difference(*(family for family in (_SIDES, QUARTERS) if len(said & family) > 1))


@lru_cache(maxsize=1024)
def _spelling(spelling: str) -> Words:
    return path_words([part.strip() for part in spelling.split(" > ")])


def _weight(names: frozenset[str], columns: Columns) -> float:
    return sum(0.25 if name in columns.light else 1.0 for name in names)


def _share(part: frozenset[str], whole: frozenset[str], columns: Columns) -> float:
    total = _weight(whole, columns)
    return _weight(part & whole, columns) / total if total else 0.0


def _facets(header: Words, columns: Columns) -> frozenset[str]:
    """What a header says its column holds: the leaf tells, the groups where the leaf is a mere qualifier."""
    return header.leaf & columns.facets or header.groups & columns.facets


def similarity(printed: Words, spelling: str) -> float:
    """How well a printed header path fits one spelling of a column, 0..1 (1 where the words are the same)."""
    columns = load().header
    spelt = _spelling(spelling)
    if not printed.leaf or not spelt.leaf:
        return 0.0
    if spelt.head in ("k", "rp") and spelt.head not in printed.leaf and spelt.groups:
        return 0.0
    said, meant = printed.all, spelt.all
    score = 0.45 * _share(said, meant, columns) + 0.35 * _share(meant, printed.leaf, columns)
    score += 0.1 * (_share(meant, printed.groups, columns) if printed.groups else 1.0)
    score += 0.1 * (printed.head == spelt.head)
    contrary = _facets(printed, columns) - meant
    score -= 0.2 * len(contrary) + 0.25 * len(_facets(spelt, columns) - said)
    qualifiers = columns.qualifiers
    score -= 0.45 * len((meant & qualifiers) - said) + 0.3 * len((printed.leaf & qualifiers) - meant)
    foreign = (printed.groups & qualifiers) - meant
    score -= 0.12 * len(foreign) + 0.18 * len(foreign & _APART)
    if meant - columns.light and not (said & meant) - columns.light:
        score -= 0.2  # nothing but small words in common
    for part in (spelt.groups - columns.light, spelt.leaf - columns.light):
        if part and not part & said:
            score -= 0.3  # the group or the leaf that the spelling stands for is not printed
    score -= 0.06 * min(3, len(printed.leaf - _lexicon()))
    letters = fuzz.ratio(printed.squashed, spelt.squashed)
    if letters >= _GLUED and not printed.leaf <= _known() and not spelt.groups and not (printed.groups & qualifiers):
        score = max(score, 0.9 * letters / 100)  # words torn apart or glued together
    return max(0.0, min(1.0, score))


def printed_unit(path: Sequence[str]) -> str | None:
    """What the figures under a header are said to be: `rupiah` for `(Rp)`, `persen` for `%`; None where nothing, or both, is said."""
    leaf = path[-1].lower() if path else ""
    percent = "persen" in words(leaf) or "%" in leaf
    if percent == bool(_UNIT.search(leaf)) or (not percent and any("persen" in words(text) for text in path[:-1])):
        return None
    return "persen" if percent else "rupiah"


def familiar(text: str) -> float:
    """The share of a text's words that headers are made of, 0..1."""
    found = words(text)
    lexicon = _lexicon()
    return sum(word in lexicon for word in found) / len(found) if found else 0.0


def column_score(printed: Words, column: str, extra: Mapping[str, tuple[str, ...]] | None = None) -> float:
    """The best similarity of a printed header path to any spelling of a described column."""
    spellings = load().header.columns[column].spellings + (extra or {}).get(column, ())
    return max((similarity(printed, spelling) for spelling in spellings), default=0.0)


def snake_case(path: Sequence[str], taken: frozenset[str] | set[str] = frozenset()) -> str:
    """A name for an unknown column from its print: the leaf, with its group in front where the leaf alone is taken or empty."""
    parts = [part for part in ("_".join(re.findall(r"[a-z0-9]+", re.sub(r"%", " persen ", text.lower()))) for text in path) if part]
    if not parts:
        parts = ["kolom"]
    for depth in range(1, len(parts) + 1):
        name = re.sub(r"^(\d+)_(.+)", r"\2_\1", "_".join(parts[-depth:]))[:48].strip("_")  # `2017 > Realisasi` is `realisasi_2017`
        if name and name not in taken and not name[0].isdigit():
            return name
    stem = parts[-1][:44].strip("_")
    stem = f"kolom_{stem}" if stem[0].isdigit() else stem
    return next(name for name in (stem, *(f"{stem}_{n}" for n in range(2, 200))) if name not in taken)
