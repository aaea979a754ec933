"""One digit of a whole document changed at random: exactly the checks that see the figure change, and a finding names its row."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import pytest

from normalizers.types import TypedDocument, Value, ValueKind, ValueStatus
from pipeline.findings import CheckStatus
from pipeline.reconcile import audit
from pipeline.reconcile.engine import equations_of
from pipeline.reconcile.equations import Equation
from pipeline.reconcile.sheet import Key, Sheet
from tests.pipeline.builders import from_truth

FACSIMILES = ("paluta-p-renja-2024", "pasuruan-renja-2024", "sibolga-lkip-2024")
MADE = ("syn-1-0000", "syn-1-0005", "syn-1-0012", "syn-1-0023", "syn-1-0031", "syn-1-0037", "syn-1-0038")
SEEDS = range(3)
Which = tuple[str, Key]


@lru_cache(maxsize=16)
def whole(path: Path) -> TypedDocument:
    return from_truth(path)


@lru_cache(maxsize=16)
def before(path: Path) -> tuple[Mapping[Which, Equation], frozenset[tuple[str, str]]]:
    typed = whole(path)
    return ends(typed), frozenset((finding.id, finding.message) for finding in audit([typed]).findings)


def ends(typed: TypedDocument) -> Mapping[Which, Equation]:
    equations, _ = equations_of([Sheet(typed, table) for table in typed.tables])
    return {(equation.rule, equation.target.key): equation for equation in equations if not equation.soft}


def figures(typed: TypedDocument) -> list[tuple[int, int, Value]]:
    return [
        (i, j, value)
        for i, table in enumerate(typed.tables)
        for j, line in enumerate(table.lines)
        for value in line.values
        if value.kind is ValueKind.RUPIAH and value.status is ValueStatus.OK and value.rupiah and abs(value.rupiah) >= 100_000
    ]


def slipped(value: Value, chance: random.Random) -> Value:
    """The figure with one digit, not the first nor the last two, replaced by another."""
    digits = list(str(abs(value.rupiah or 0)))
    place = chance.randrange(1, len(digits) - 2)
    digits[place] = chance.choice([digit for digit in "0123456789" if digit != digits[place]])
    amount = int("".join(digits)) * (-1 if (value.rupiah or 0) < 0 else 1)
    return replace(value, rupiah=amount, printed=f"{amount:,}".replace(",", "."))


def with_slip(typed: TypedDocument, chance: random.Random) -> tuple[TypedDocument, Key]:
    i, j, value = chance.choice(figures(typed))
    table = typed.tables[i]
    line = table.lines[j]
    new = replace(line, values=tuple(slipped(value, chance) if v is value else v for v in line.values))
    changed = replace(table, lines=(*table.lines[:j], new, *table.lines[j + 1 :]))
    return replace(typed, tables=(*typed.tables[:i], changed, *typed.tables[i + 1 :])), (line.id, value.column)


def truths() -> Iterator[tuple[str, int]]:
    for name in (*(f"facsimile/chromium/{name}" for name in FACSIMILES), *(f"synthetic/{name}" for name in MADE)):
        for seed in SEEDS:
            yield name, seed


@pytest.mark.shared
@pytest.mark.parametrize(("name", "seed"), list(truths()))
def test_a_changed_digit_is_seen_by_its_own_checks_alone_and_told(shared: Path, name: str, seed: int) -> None:
    path = shared / "corpus" / f"{name}.truth.json"
    equations, told = before(path)
    typed, key = with_slip(whole(path), random.Random(f"{name}{seed}"))
    after = ends(typed)
    newly = []
    for which, equation in equations.items():
        now = after.get(which)
        if key not in {figure.key for figure in equation.figures}:
            assert now is None or now.verdict().status is equation.verdict().status, f"{which} does not see {key}"
        elif equation.divisor is None and equation.verdict().status is CheckStatus.AGREES and now is not None:
            assert now.verdict().status is CheckStatus.DIFFERS, f"{which} sees {key}"
            newly += [now] if not now.blocked else []
    new = [finding for finding in audit([typed]).findings if (finding.id, finding.message) not in told]
    if newly:
        assert any(key[0] in (finding.line_id, *finding.evidence) for finding in new), f"nothing told of {key}"
