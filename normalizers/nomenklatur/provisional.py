"""A provisional list from the corpus: codes and names that several documents agree on where no edition covers them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable

from normalizers.codes import CodeSystem, parse
from normalizers.nomenklatur.editions import Edition, Entry, level_of, scope_of, to_template
from normalizers.nomenklatur.names import read_name

PROVISIONAL = "sementara"
_SHARE = 0.8  # of the documents that print a code, those that must print the same name


def propose(pairs: Iterable[tuple[str, str, str]], first_year: int, last_year: int, documents: int = 2) -> Edition:
    """Return a provisional edition from (document, printed code, printed name) of rows that no edition explains.

    A pair is taken where at least `documents` documents print it and four in five that print the code agree on the name; the spelling
    met most often stands. Penunjang codes go in as template rows.
    """
    spellings: dict[str, dict[str, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    sources: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for document, printed, name in pairs:
        code = parse(printed)
        key = read_name(name).compact
        if code is None or code.system is not CodeSystem.NOMENKLATUR or code.partial or not key:
            continue
        official = to_template(code.normal) or code.normal
        spellings[official][key][name] += 1
        sources[official][key].add(document)
    entries: list[Entry] = []
    for official, names in sorted(sources.items()):
        level = level_of(official)
        best = max(names, key=lambda key: (len(names[key]), key))
        agreeing, all_documents = len(names[best]), len(set().union(*names.values()))
        if level is not None and agreeing >= documents and agreeing >= _SHARE * all_documents:
            name = min(spellings[official][best].items(), key=lambda item: (-item[1], item[0]))[0]
            entries.append(Entry(official, name, level, scope_of(official)))
    decree = "daftar sementara dari pasangan kode dan nama yang disepakati beberapa dokumen"
    return Edition(PROVISIONAL, decree, first_year, last_year, tuple(entries), provisional=True)
