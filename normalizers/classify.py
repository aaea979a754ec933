"""What kind of table a header announces, and which canonical column each of its leaves is.

Both are decided together: every kind tries to explain the header with its own columns, and the kind that explains it best wins. The words
of the title and of the header, and what the cells hold, are evidence; the place of a column is not.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

from rapidfuzz import fuzz

from normalizers.binding import Path, Words, column_score, familiar, header_years, path_words, printed_unit, snake_case, words
from normalizers.contents import MOSTLY, Content, fits
from normalizers.header import Leaf
from normalizers.labels import level_titles
from normalizers.repeats import repeated_in_quarters, repeated_in_years, year_of
from normalizers.text import compact, fold
from normalizers.types import LEVELS, RowKind
from normalizers.vocabulary import TableKind, load

OTHER = "lain"
_BOUND = 0.5  # below this a leaf keeps its own name
_CLEAR = 0.75
_BOUND_UNKNOWN = 0.7  # the same where the kind of table does not help
_KNOWN = 0.65  # below this a table is of no known kind
_COMMON_MALUS = 0.05
_CODE_WORDS = frozenset({"kode", "no", "rekening", "urusan"})
_ACCOUNT = "kode_rekening"  # the column of codes that are those of accounts, in a table of any kind
_LEFT_RIGHT = ("kiri", "kanan")
_WHOLE = (("jumlah",), ("total",))
_COUNTS = ("target", "volume", "persen", "predikat", "satuan")
_MONEY = 0.6
_HALVES_ALIKE = 0.7
_TITLE_ALIKE = 80.0
_MONEY_WORDS = re.compile(r"\b(?:rp|rupiah|anggaran|pagu|dana|biaya|belanja|harga|nilai|realisasi|keuangan|apbd|apbn|dipa|pad|jumlah)\b")


@dataclass(frozen=True, slots=True)
class Binding:
    """A leaf's column: the published name, how its cells are read, how sure (0..1) and why."""

    name: str
    kind: str
    score: float
    reason: str


@dataclass(frozen=True, slots=True)
class Understanding:
    """A header understood. `bindings` stand beside the leaves; `score` says how well the kind explains the header."""

    kind: str
    bindings: tuple[Binding, ...]
    score: float
    reason: str


def _halves(paths: Sequence[Path]) -> tuple[range, range] | None:
    """The two runs of leaves that print the same titles side by side, where a header says everything twice."""
    names = [compact(path[-1]) if path else "" for path in paths]
    for length in range(len(names) // 2, 1, -1):
        best = max(range(len(names) - 2 * length + 1), key=lambda start: _likeness(names, start, length), default=0)
        if _likeness(names, best, length) >= _HALVES_ALIKE:
            return range(best, best + length), range(best + length, best + 2 * length)
    return None


def _likeness(names: Sequence[str], start: int, length: int) -> float:
    """The share of titles that two neighbouring runs have in common; none where a third run follows, or a run repeats itself."""
    first, second, third = (names[start + n * length : start + (n + 1) * length] for n in range(3))
    if first == third or len({*first}) < length:
        return 0.0
    return sum(bool(a and b) and fuzz.ratio(a, b) >= _TITLE_ALIKE for a, b in zip(first, second, strict=True)) / length


def _sides(paths: Sequence[Path], kind: TableKind | None) -> dict[int, str]:
    """What side of a two-sided header each leaf is on, where neither leaves nor groups tell."""
    if kind is None or not (kind.pair or kind.later) or (halves := _halves(paths)) is None:
        return {}
    pair = kind.pair
    if pair is None:
        return dict.fromkeys(halves[1], kind.later or "") if _next_year(paths, *halves) else {}
    qualifiers = load().header.qualifiers - {"renstra", "sd"}
    said = [[path_words(paths[i]) for i in half] for half in halves]
    over = [frozenset[str]().union(*(header.groups for header in half)) for half in said]
    if over[0] & qualifiers != over[1] & qualifiers or any(header.leaf & qualifiers for half in said for header in half):
        return {}
    if pair != _LEFT_RIGHT and over[0] == over[1]:
        return {}  # nothing printed tells before from after
    return {i: side for half, side in zip(halves, pair, strict=True) for i in half}


def _next_year(paths: Sequence[Path], first: range, second: range) -> bool:
    """Whether the halves of a header print two years that follow each other, no column a third, and nothing else tells them apart."""
    printed = [sorted({int(year) for i in half for text in paths[i] for year in header_years(text)}) for half in (first, second)]
    if not all(len(years) == 1 for years in printed) or printed[1][0] != printed[0][0] + 1:
        return False
    others = {int(year) for path in paths for text in path for year in header_years(text)}
    return others == {*printed[0], *printed[1]} and not any(path_words(paths[i]).all & load().header.qualifiers for i in (*first, *second))


@lru_cache(maxsize=65536)
def _header_score(printed: Words, column: str) -> float:
    return column_score(printed, column)


def _printed(path: Path, side: str | None) -> Words:
    return path_words((side, path[-1])) if side and path else path_words(path)


def _template(column: str, path: Path) -> str | None:
    """The published name of a column; one with {y} needs exactly one printed year."""
    published = load().published(column)
    year = year_of(path) if "{y}" in published else ""
    return None if year is None else published.replace("{y}", year)


def _candidates(kind: TableKind | None) -> dict[str, float]:
    """The columns that a kind may have, each with what is taken off its score."""
    tables = load().tables
    own = kind.columns if kind else tables.other
    return {**dict.fromkeys(tables.common, _COMMON_MALUS), **dict.fromkeys(own, 0.0)}


def _scored(paths: Sequence[Path], contents: Sequence[Content], kind: TableKind | None) -> list[tuple[float, int, str, str]]:
    """(score, minus place, column, published name) of every leaf and column that may belong together."""
    sides = _sides(paths, kind)
    wholes, parts = _wholes(paths)
    described = load().header.columns
    least = _BOUND if kind else _BOUND_UNKNOWN
    scored: list[tuple[float, int, str, str]] = []
    repeated = repeated_in_years(paths) if kind is None or kind.one_year else frozenset()
    quarterly = repeated_in_quarters(paths)
    for i, path in enumerate(paths):
        printed, unit = _printed(wholes.get(i, path), sides.get(i)), printed_unit(path)
        for column, malus in _candidates(kind).items():
            if (name := _template(column, path)) is None or _of_another_unit(described[column].kind, unit, contents[i]):
                continue
            if i in repeated and "{y}" not in column:
                continue  # which of the years a plain name would be of is not said
            if i in quarterly and not column.startswith("tw"):
                continue  # nor which of the quarters
            worded = _header_score(printed, column) if path else 0.0
            if i in parts and described[column].kind == "rupiah" and _header_score(path_words(path[:-1]), column) >= worded:
                continue  # the amount that the group names is that of its whole
            score = worded + fits(described[column].kind, contents[i]) - malus
            if worded >= _CLEAR:
                score = max(score, least)  # what a header clearly says stands, whatever its cells hold
            codes = described[column].kind == "kode" and contents[i].filled > 2
            if codes and (not path or printed.leaf & _CODE_WORDS or not familiar(path[-1])):
                score = max(score, 0.8 * contents[i].code)
            if score >= least:
                accounts = column == "kode" and contents[i].filled > 2 and contents[i].account >= MOSTLY
                scored.append((round(score, 6), -i, column, _ACCOUNT if accounts else name))
    return sorted(scored, key=lambda found: (found[0], _is_named(paths[-found[1]], found[2]), *found[1:]), reverse=True)


def _wholes(paths: Sequence[Path]) -> tuple[dict[int, Path], frozenset[int]]:
    """The leaves that print the whole of their group (`Pagu > Jumlah`), with the path of the group, and those that print its parts."""
    wholes: dict[int, Path] = {}
    parts: set[int] = set()
    for group, run in groupby(range(len(paths)), key=lambda i: paths[i][:-1]):
        leaves = list(run)
        whole = [i for i in leaves if group and words(paths[i][-1]) in _WHOLE]
        if len(whole) == 1 and len(leaves) > 1:
            wholes[whole[0]] = group
            parts.update(i for i in leaves if i != whole[0])
    return wholes, frozenset(parts)


def _is_named(path: Path, column: str) -> bool:
    """Whether a header prints nothing but a column's name, and perhaps its unit."""
    return len(path) == 1 and column in (fold(path[0]), " ".join(words(path[0])))


def _of_another_unit(kind: str, unit: str | None, content: Content) -> bool:
    """Whether a column of a kind cannot hold what its header says its figures are, or what its cells print."""
    if kind == "persen" and content.filled > 1 and content.large >= _MONEY:
        return True
    percents = unit == "persen" or (content.filled > 1 and content.percent_sign >= _MONEY)
    return (unit == "rupiah" and kind in _COUNTS) or (percents and kind == "rupiah")


def _outer_names(paths: Sequence[Path]) -> dict[int, RowKind]:
    """The name columns of one level each outside the innermost (`Program | Kegiatan/Sub Kegiatan`), by place; none if two share one."""
    told = {i: levels for i, path in enumerate(paths) if path and (levels := level_titles(path[-1]))}
    named = [level for levels in told.values() for level in levels]
    if len(told) < 2 or len({*named}) < len(named):
        return {}
    inner = max(told, key=lambda i: max(map(LEVELS.index, told[i])))
    outer = {i: levels[0] for i, levels in told.items() if i != inner and len(levels) == 1}
    return outer if len(outer) == len(told) - 1 else {}


def bind(leaves: Sequence[Leaf], contents: Sequence[Content], kind: TableKind | None) -> tuple[Binding, ...]:
    """Bind each leaf to one column of a kind (None: of no kind), best fits first, each column once; the rest are named from their print."""
    paths = [leaf.path for leaf in leaves]
    described = load().header.columns
    bound = {i: Binding(level, "teks", 1.0, f"kolom nama {level}, di luar kolom nama terdalam") for i, level in _outer_names(paths).items()}
    taken = {binding.name for binding in bound.values()}
    for score, negative, column, name in _scored(paths, contents, kind):
        if -negative in bound or name in taken or (described[column].kind == "rupiah" and _by_years(name, taken)):
            continue
        printed = " > ".join(paths[-negative])
        read_as = _read_as(described[column].kind, contents[-negative])
        bound[-negative] = Binding(name, read_as, min(1.0, score), f'judul kolom "{printed}" paling dekat dengan {name}')
        taken.add(name)
    if kind is not None and len(bound) < len(paths):
        for i, binding in _clearly_named(paths, contents, kind, set(bound), taken).items():
            bound[i] = binding
            taken.add(binding.name)
    for i, path in enumerate(paths):
        if i not in bound:
            repeated = len(path) > 1 and sum(path[-1:] == other[-1:] for other in paths) > 1
            name = snake_case(path, taken | {snake_case(path[-1:])} if repeated else taken)
            taken.add(name)
            read_as = _read_unknown(path, contents[i], _ACCOUNT in taken)
            bound[i] = Binding(name, read_as, 0.0, "tidak ada kolom baku yang cocok; nama dari judul tercetak")
    return _in_order_of_years([bound[i] for i in range(len(paths))], paths, kind)


def _by_years(name: str, taken: set[str]) -> bool:
    """Whether a table prints a column by years, so that one without a year is another (`2024 > Rp`, `2025 > Rp`, `Akhir periode > Rp`)."""
    return sum(bool(re.fullmatch(rf"{name}_(?:19|20)\d\d", other)) for other in taken) > 1


def _clearly_named(
    paths: Sequence[Path], contents: Sequence[Content], kind: TableKind, done: set[int], taken: set[str]
) -> dict[int, Binding]:
    """The leaves left over by a kind of table that clearly print a column of another; they say nothing for the kind (score 0)."""
    named: dict[int, Binding] = {}
    for _, negative, column, name in _scored(paths, contents, None):
        i, printed = -negative, path_words(paths[-negative])
        score = _header_score(printed, column)
        own = max(_header_score(printed, each) for each in kind.columns)  # taken by another leaf
        said = i not in done and i not in named and score >= _CLEAR and score > own
        if said and name not in taken and name not in {each.name for each in named.values()}:
            read_as = _read_as(load().header.columns[column].kind, contents[i])
            named[i] = Binding(name, read_as, 0.0, f'judul kolom "{" > ".join(paths[i])}" jelas berarti {name}, kolom jenis tabel lain')
    return named


def _in_order_of_years(bindings: list[Binding], paths: Sequence[Path], kind: TableKind | None) -> tuple[Binding, ...]:
    """The bindings, those of columns that follow each other put in the order of the years that their headers print."""
    wanted = [name for name in (kind.ascending if kind else ()) if any(binding.name == name for binding in bindings)]
    places = [next(i for i, binding in enumerate(bindings) if binding.name == name) for name in wanted]
    years = [year_of(paths[i]) for i in places]
    if None not in years and years != sorted(map(str, years)):
        found = [bindings[i] for i in places]
        for binding, (_, i) in zip(found, sorted(zip(map(str, years), places, strict=True)), strict=True):
            bindings[i] = binding
    return tuple(bindings)


def _read_as(kind: str, content: Content) -> str:
    """How the cells of a column are read: as its kind says, but amounts under another header are amounts."""
    money = content.amount >= _MONEY and content.filled >= 2 and max(content.large, content.currency) >= 0.5
    return "rupiah" if money and kind in ("teks", "target", "volume", "satuan") else kind


def _read_unknown(path: Path, content: Content, accounts: bool) -> str:
    """How the cells of a column without a canonical name are read: figures are money only where something printed says so.

    Millions beside the codes of `accounts` are money.
    """
    if content.filled < 2:
        return "teks"
    if content.amount >= _MONEY:
        money = not path or content.currency >= 0.5 or (accounts and content.large >= 0.5) or _MONEY_WORDS.search(" ".join(path).lower())
        return "rupiah" if money else "volume"
    if content.percent_sign >= _MONEY:
        return "persen"
    return "volume" if content.figure >= MOSTLY else "teks"


def _title_score(title: str, kind: TableKind) -> float:
    folded = fold(title)
    if not folded:
        return 0.0
    best = 0.0
    for wanted in kind.titles:
        if re.search(rf"\b{re.escape(wanted)}\b", folded):
            return 1.0
        if 12 < len(wanted) <= len(folded):
            best = max(best, 0.8 * (fuzz.partial_token_sort_ratio(wanted, folded) - 60) / 40)
    return best


def _is_bound(column: str, names: set[str]) -> bool:
    published = load().published(column)
    if "{y}" not in published:
        return published in names
    stem, _, tail = published.partition("{y}")
    return any(re.fullmatch(rf"{re.escape(stem)}(?:19|20)\d\d{re.escape(tail)}", name) for name in names)


def _kind_score(kind: TableKind, bindings: Sequence[Binding], leaves: Sequence[Leaf], said: frozenset[str], title: str) -> float:
    worded = [i for i, leaf in enumerate(leaves) if leaf.path]
    explained = sum(bindings[i].score for i in worded) / max(1, len(worded))
    names = {binding.name for binding in bindings}
    unmet = sum(not any(_is_bound(column, names) for column in need) for need in kind.needs)
    own = sum(_is_bound(column, names) for column in kind.columns) / len(kind.columns)
    words = sum(word in said for word in kind.words) / max(1, len(kind.words))
    against = sum(word in said for word in kind.against)
    years = {year for name in names for year in re.findall(r"_((?:19|20)\d\d)\b", name)}
    unmet += len(years) < kind.years
    return explained + 0.05 * own + 0.1 * words + 0.2 * _title_score(title, kind) - 0.6 * unmet - 0.1 * against


def classify(
    leaves: Sequence[Leaf], contents: Sequence[Content], title: str = "", kinds: Mapping[str, TableKind] | None = None
) -> Understanding:
    """The kind of table and the columns of its leaves.

    `contents` stand beside the leaves; `title` is the text over the table ("" if none). A header that no kind explains is of kind `lain`.
    """
    said = frozenset(word for leaf in leaves for word in path_words(leaf.path).all)
    best: tuple[float, str, tuple[Binding, ...]] = (0.0, OTHER, ())
    if any(leaf.path for leaf in leaves):
        for name, kind in (kinds or load().tables.kinds).items():
            bindings = bind(leaves, contents, kind)
            if (score := _kind_score(kind, bindings, leaves, said, title)) > best[0]:
                best = (score, name, bindings)
    score, name, bindings = best
    if score < _KNOWN:
        return Understanding(OTHER, bind(leaves, contents, None), score, "judul kolom tidak cocok dengan jenis tabel mana pun")
    reason = f"judul kolom dan judul tabel paling cocok dengan jenis {name} (skor {score:.2f})"
    return Understanding(name, bindings, min(1.0, score), reason)
