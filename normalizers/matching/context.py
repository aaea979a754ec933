"""Which bidang urusan a document's agency carries: that is the bidang of its penunjang rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache

from normalizers.matching.evidence import Evidence
from normalizers.nomenklatur import EditionView
from normalizers.nomenklatur.editions import bidang_of, is_template, to_template
from normalizers.nomenklatur.store import bundled_rows
from normalizers.text import fold

_MOST = 4  # bidang that one agency is taken to carry at most
_SHARE = 0.04  # of the votes, for a bidang to count


@cache
def _agency_words() -> tuple[tuple[str, str], ...]:
    """Words and their bidang, longest first, so that `pendidikan dan pelatihan` is heard before `pendidikan`."""
    pairs = ((row["kata"], row["bidang"]) for row in bundled_rows("bidang_perangkat_daerah.csv"))
    return tuple(sorted(pairs, key=lambda pair: (-len(pair[0]), pair)))


def agency_bidang(agency: str | None) -> tuple[str, ...]:
    """Return the bidang urusan that an agency's name speaks of, in the order of its words."""
    name = f" {fold(agency or '')} "
    places: list[tuple[int, str]] = []
    for word, bidang in _agency_words():
        place = name.find(f" {word} ")
        if place >= 0:
            places.append((place, bidang))
            name = name.replace(f" {word} ", " " + "." * len(word) + " ")
    return tuple(dict.fromkeys(bidang for _, bidang in sorted(places)))


def document_bidang(rows: Iterable[Evidence], view: EditionView, agency: str | None, said: Sequence[str] = ()) -> tuple[str, ...]:
    """Return the bidang of a document's agency, likeliest first, from its rows' codes and names, its name, and what it says itself."""
    votes: Counter[str] = Counter()
    penunjang: Counter[str] = Counter()
    for row in rows:
        named = view.named(row.name) if row.name is not None else ()
        own = {bidang_of(listed.entry.code) for listed in named if not is_template(listed.entry.code)} - {None}
        if len(own) == 1:
            votes.update(bidang for bidang in own if bidang)
        code = row.official_code
        if code is not None and not code.template and not code.partial and len(code.parts) > 1:
            votes[".".join(code.parts[:2])] += 1
            if to_template(code.normal) is not None and view.with_code(to_template(code.normal) or ""):
                penunjang[".".join(code.parts[:2])] += 1
    enough = max(2.0, _SHARE * sum(votes.values()))
    voted = [bidang for bidang, count in votes.most_common() if count >= enough]
    named_so = [bidang for bidang in agency_bidang(agency) if not voted or bidang in voted]
    own_penunjang = [bidang for bidang, count in penunjang.most_common(1) if count >= enough]
    return tuple(dict.fromkeys([*own_penunjang, *named_so, *voted, *(said if not voted else ())]))[:_MOST]
