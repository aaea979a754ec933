"""Which single printed figure, if corrected, repairs the equations that fail: the place where the error stands."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from pipeline.findings import CheckStatus

from .equations import Equation
from .sheet import Figure, Key

_TOO_MANY = 150  # a table with more failures than this was misread, and no single figure is to blame


@dataclass(frozen=True, slots=True)
class Fault:
    """A failing equation, or several that one figure explains.

    `figure` is where the finding stands and `needed` what it would have to be; `equations` are repaired by it, the first being the one
    that names the rule. `located` tells that more than one equation points at the figure.
    """

    figure: Figure
    needed: int | Decimal
    equations: tuple[Equation, ...]
    located: bool


@dataclass(frozen=True, slots=True)
class _Candidate:
    figure: Figure
    needed: int | Decimal
    repaired: tuple[int, ...]
    score: float
    breaks: bool


def locate(equations: Sequence[Equation]) -> list[Fault]:
    """Explain the failing equations by as few figures as possible, greedily, best explained first.

    A figure is blamed only if no other figure explains as much and its correction breaks no equation that holds; what stays unexplained
    is returned as a fault on the figure that the equation is about.
    """
    failing = [index for index, equation in enumerate(equations) if _counts(equation) and _fails(equation, {})]
    faults: list[Fault] = []
    if len(failing) <= _TOO_MANY:
        search = _Search(equations)
        while (found := search.next_fault()) is not None:
            faults.append(found)
        amounts, failing = search.amounts, sorted(search.failing)
    else:
        amounts = {}
    for index in failing:
        equation = equations[index]
        computed = equation.verdict(amounts).computed
        if computed is not None:
            faults.append(Fault(equation.target, computed, (equation,), located=False))
    return faults


def _counts(equation: Equation) -> bool:
    return not equation.soft and not equation.blocked and equation.rule != "R05"


def _fails(equation: Equation, amounts: dict[Key, int | Decimal]) -> bool:
    return equation.verdict(amounts).status is CheckStatus.DIFFERS


class _Search:
    def __init__(self, equations: Sequence[Equation]) -> None:
        self.equations = equations
        self.amounts: dict[Key, int | Decimal] = {}
        self.by_key: dict[Key, list[int]] = defaultdict(list)
        for index, equation in enumerate(equations):
            if not equation.blocked and equation.rule != "R05":
                for key in {figure.key for figure in equation.figures}:
                    self.by_key[key].append(index)
        self.status = {i: _fails(e, {}) for i, e in enumerate(equations) if not e.blocked and e.rule != "R05"}
        self.failing = {i for i, fails in self.status.items() if fails and not equations[i].soft}
        self._known: dict[int, list[_Candidate]] = {}

    def next_fault(self) -> Fault | None:
        best: dict[Key, _Candidate] = {}
        for index in sorted(self.failing):
            for candidate in self._candidates(index):
                key = candidate.figure.key
                if not candidate.breaks and (key not in best or candidate.score > best[key].score):
                    best[key] = candidate
        ranked = sorted(best.values(), key=lambda c: -c.score)
        for candidate in ranked:
            if self._acceptable(candidate, ranked):
                return self._accept(candidate)
        return None

    def _acceptable(self, candidate: _Candidate, ranked: list[_Candidate]) -> bool:
        """No rival explains any of the same equations equally well; a lone equation is a fault of its own target only."""
        own = set(candidate.repaired)
        rivals = [c for c in ranked if c is not candidate and own & set(c.repaired) and c.score >= candidate.score]
        if rivals:
            return False
        return len(candidate.repaired) > 1 or self.equations[candidate.repaired[0]].target.key == candidate.figure.key

    def _candidates(self, index: int) -> list[_Candidate]:
        if index not in self._known:
            equation = self.equations[index]
            found = (self._candidate(figure, equation) for figure in equation.figures)
            self._known[index] = [candidate for candidate in found if candidate is not None]
        return self._known[index]

    def _candidate(self, figure: Figure, equation: Equation) -> _Candidate | None:
        needed = equation.solve(figure.key, self.amounts)
        if needed is None:
            return None
        trial = {**self.amounts, figure.key: needed}
        repaired: list[int] = []
        score = 0.0
        breaks = False
        for index in self.by_key[figure.key]:
            fails, failed = _fails(self.equations[index], trial), self.status[index]
            weight = 0.5 if self.equations[index].soft else 1.0
            if failed and not fails:
                score += weight
                if not self.equations[index].soft:
                    repaired.append(index)
            elif fails and not failed:
                score -= weight
                breaks = breaks or not self.equations[index].soft
        return _Candidate(figure, needed, tuple(repaired), score, breaks) if repaired else None

    def _accept(self, candidate: _Candidate) -> Fault:
        self.amounts[candidate.figure.key] = candidate.needed
        touched = self.by_key[candidate.figure.key]
        for index in touched:
            self.status[index] = _fails(self.equations[index], self.amounts)
            if not self.status[index]:
                self.failing.discard(index)
        keys = {figure.key for index in touched for figure in self.equations[index].figures}
        for index in {i for key in keys for i in self.by_key[key]}:
            self._known.pop(index, None)
        repaired = [self.equations[index] for index in candidate.repaired]
        repaired.sort(key=lambda equation: (equation.target.key != candidate.figure.key, not equation.solid))
        strong = len(repaired) > 1 or candidate.score > 1
        return Fault(candidate.figure, candidate.needed, tuple(repaired), located=strong)
