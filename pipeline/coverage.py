"""Which printed amounts stand under a check that passed: the headline of an audit, and the end of each line's checks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable

from normalizers.types import TypedDocument, ValueKind, ValueStatus
from pipeline.findings import Check, CheckStatus
from pipeline.reconcile.registry import MONEY_RULES

_PASSED = frozenset({CheckStatus.AGREES, CheckStatus.ROUNDING})
_BEST_FIRST = (CheckStatus.AGREES, CheckStatus.ROUNDING, CheckStatus.DIFFERS, CheckStatus.BLOCKED)
Place = tuple[str, str]  # line, column


class Coverage:
    """The ends of the checks at each place, as the subject of a check and as one of its members."""

    def __init__(self, checks: Iterable[Check]) -> None:
        self._subject: dict[Place, set[CheckStatus]] = defaultdict(set)
        self._member: dict[Place, set[CheckStatus]] = defaultdict(set)
        for check in checks:
            if check.column is None or check.rule not in MONEY_RULES:
                continue
            if check.line_id is not None:
                self._subject[check.line_id, check.column].add(check.status)
            for member in check.members:
                self._member[member, check.column].add(check.status)

    def passed(self, place: Place) -> bool:
        return bool(_PASSED & (self._subject.get(place, set()) | self._member.get(place, set())))

    def counts(self, document: TypedDocument) -> tuple[int, int]:
        """How many amounts the document prints, and how many of them stand under a check that passed."""
        places = printed_amounts(document)
        return len(places), sum(map(self.passed, places))

    def status(self, lines: Collection[str], columns: Collection[str]) -> CheckStatus:
        """One end for a line (with those folded into it) over some columns: its own difference first, then what passed, then the rest."""
        places = [(line, column) for line in lines for column in columns]
        subject = {status for place in places for status in self._subject.get(place, ())}
        if CheckStatus.DIFFERS in subject:
            return CheckStatus.DIFFERS
        both = subject | {status for place in places for status in self._member.get(place, ())}
        return next((status for status in _BEST_FIRST if status in both), CheckStatus.NOT_CHECKABLE)


def printed_amounts(document: TypedDocument) -> set[Place]:
    """Every amount of money in a table that could be read and is not zero."""
    return {
        (line.id, value.column)
        for table in document.tables
        for line in table.lines
        for value in line.values
        if value.kind is ValueKind.RUPIAH and value.status is ValueStatus.OK and value.rupiah
    }
