"""The table decides as a whole: among all ways to read its rows, the one that makes the best tree.

A row's official code names its parents, so how two following rows fit together can be read off their codes (parent and child,
siblings in rising order, the next kegiatan of the same program). The best path over all rows is found with the Viterbi algorithm; the
best path through each other candidate gives the margin by which the row's own was chosen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from normalizers.matching.scoring import Candidate
from normalizers.nomenklatur.editions import bidang_of, parent_of, to_template

NEEDED = 3.0  # points that a candidate must bring to be preferred to no match at all
NEEDED_FREE = 9.0  # the same where the row need not be an official one

_REPEATED = -10.0  # the same entry in two rows running


@dataclass(frozen=True, slots=True)
class Choice:
    """What the table chose for a row (None: nothing), the best other candidate, and the points between them."""

    chosen: Candidate | None
    runner_up: Candidate | None
    margin: float


@dataclass(frozen=True, slots=True)
class Alternative:
    """What a row may be if it is none of its candidates: `code` is a well-formed printed code that no edition lists (None where there is
    none), worth `code_points` if the tree bears it out; `nothing` is what a candidate must reach to be preferred to no match."""

    nothing: float = NEEDED
    code: str | None = None
    code_points: float = 0.0


@dataclass(slots=True)
class _State:
    """One reading of a row. `code` is what following rows hang on; a `clear` state has none of its own and passes on what came before."""

    candidate: Candidate | None
    code: str | None
    points: float
    clear: bool = False
    forward: float = 0.0
    backward: float = 0.0


def decide(rows: Sequence[Sequence[Candidate]], alternatives: Sequence[Alternative]) -> list[Choice]:
    """Return the choice for each row of one table, given each row's candidates and what it may be instead."""
    columns: list[list[_State]] = []
    for candidates, alternative in zip(rows, alternatives, strict=True):
        states = [_State(candidate, candidate.code, candidate.points) for candidate in candidates]
        states.append(_State(None, None, alternative.nothing, clear=True))
        if alternative.code is not None:
            states.append(_State(None, alternative.code, alternative.code_points))
        _forward(columns[-1] if columns else [], states)
        columns.append(states)
    _backward(columns)
    return [_choice(states) for states in columns]


def _step(before: _State, state: _State) -> float:
    return 0.0 if state.clear else fit(before.code, state.code)


def _forward(before: list[_State], states: list[_State]) -> None:
    for state in states:
        state.forward = state.points
        if not before:
            continue
        previous = max(before, key=lambda earlier: earlier.forward + _step(earlier, state))
        state.forward += previous.forward + _step(previous, state)
        if state.clear:
            state.code = previous.code


def _backward(columns: list[list[_State]]) -> None:
    for here, after in zip(reversed(columns[:-1]), reversed(columns[1:]), strict=True):
        for state in here:
            state.backward = max(later.backward + later.points + _step(state, later) for later in after)


def _choice(states: list[_State]) -> Choice:
    ranked = sorted(states, key=lambda state: -(state.forward + state.backward))
    best = ranked[0]
    rivals = [state for state in ranked[1:] if not state.clear]
    margin = (best.forward + best.backward) - (rivals[0].forward + rivals[0].backward) if rivals else float("inf")
    return Choice(best.candidate, rivals[0].candidate if rivals else None, margin)


@lru_cache(maxsize=262144)
def fit(before: str | None, code: str | None) -> float:
    """Points for `code` standing in the row after `before`, both official codes; 0 where nothing is known of either."""
    if before is None or code is None:
        return 0.0
    if before == code or (to_template(code) is not None and to_template(before) == to_template(code)):
        return _REPEATED
    above, depth, depth_before = parent_of(code), code.count("."), before.count(".")
    if depth == 2 and depth_before >= 2 and (to_template(before) or to_template(code)):
        return 2.0  # the penunjang program stands among the agency's others, whatever their bidang
    if depth > depth_before:
        return 3.0 if above == before else 1.0 if code.startswith(before + ".") else -3.0
    if depth == depth_before and above == parent_of(before):
        return 2.5 if code > before else 1.5
    if depth < depth_before and above is not None and before.startswith(above + "."):
        return 2.5 if code > before[: len(code)] else 1.0
    return _elsewhere(before, code, depth)


def _elsewhere(before: str, code: str, depth: int) -> float:
    """Points for a row that begins outside the branch before it; the deeper the row, the less likely."""
    if depth <= 2:
        return -0.5 if bidang_of(before) != bidang_of(code) or depth < 2 else 0.5
    if before.split(".")[:3] == code.split(".")[:3]:
        return -0.5
    return -1.5 if bidang_of(before) == bidang_of(code) else -3.0
