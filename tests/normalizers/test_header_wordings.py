"""Headers in the wordings of many regencies bind to the canonical columns, whatever their case, order, neighbours and misprints."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

import pytest

from normalizers.vocabulary import load
from tests.normalizers.header_wordings import ALL, Wording
from tests.normalizers.test_kinds_of_tables import Paths, understood

_Columns = Sequence[tuple[str, str]]
_MISREAD = {"i": "l", "l": "i", "o": "0", "n": "m", "t": "l", "e": "c"}
_UNKNOWN = ("Nama Desa Antara", "")


def _paths(columns: _Columns) -> Paths:
    return [tuple(printed.split(" > ")) for printed, _ in columns]


@pytest.mark.parametrize("wording", ALL, ids=lambda wording: wording.name)
def test_wordings_bind_to_their_columns(wording: Wording) -> None:
    kind, names = understood(_paths(wording.columns), wording.title)
    assert kind == wording.kind
    assert names == [column for _, column in wording.columns]


def test_every_column_of_the_kinds_that_carry_money_is_reached() -> None:
    reached = {column for wording in ALL for _, column in wording.columns}
    vocabulary = load()
    kinds = ("rencana_renja", "rencana_perubahan", "review_rkpd", "evaluasi_renja", "evaluasi_triwulan", "evaluasi_tw_berjalan")
    wanted = {vocabulary.published(column) for kind in kinds for column in vocabulary.tables.kinds[kind].columns}
    assert wanted <= reached, wanted - reached


def _shuffled(columns: _Columns, chance: random.Random) -> _Columns:
    groups: dict[str, list[tuple[str, str]]] = {}
    for printed, column in columns:
        groups.setdefault(printed.split(" > ")[0], []).append((printed, column))
    blocks = list(groups.values())
    chance.shuffle(blocks)
    return [column for block in blocks for column in block]


def _misread(columns: _Columns, chance: random.Random) -> _Columns:
    def letter(c: str) -> str:
        return _MISREAD.get(c.lower(), c) if chance.random() < 0.03 else c

    return [("".join(map(letter, printed)), column) for printed, column in columns]


def _torn(columns: _Columns, chance: random.Random) -> _Columns:
    def word(text: str) -> str:
        return f"{text[: len(text) // 2]} {text[len(text) // 2 :]}" if len(text) > 8 and chance.random() < 0.3 else text

    return [(" ".join(map(word, printed.split())), column) for printed, column in columns]


def _in_capitals(columns: _Columns, _: random.Random) -> _Columns:
    return [(printed.upper(), column) for printed, column in columns]


def _beside_an_unknown_column(columns: _Columns, _: random.Random) -> _Columns:
    return [*columns[:3], _UNKNOWN, *columns[3:]]


@pytest.mark.parametrize(
    ("change", "least"),
    [(_in_capitals, 0.99), (_beside_an_unknown_column, 0.99), (_shuffled, 0.99), (_misread, 0.96), (_torn, 0.97)],
)
def test_wordings_bind_whatever_the_print_does_to_them(change: Callable[[_Columns, random.Random], _Columns], least: float) -> None:
    chance = random.Random(7)
    right = total = 0
    for wording in ALL[::2]:
        columns = change(wording.columns, chance)
        _, names = understood(_paths(columns), wording.title)
        wanted = [column for _, column in columns]
        total += sum(map(bool, wanted))
        right += sum(bool(column) and column == name for column, name in zip(wanted, names, strict=True))
    assert right >= least * total
