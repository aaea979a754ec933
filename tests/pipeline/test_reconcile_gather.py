"""Findings that are told together."""

from __future__ import annotations

from pipeline.findings import Certainty, CheckStatus, Finding, Severity
from pipeline.reconcile.gather import gathered


def slip(row: str, printed: str, expected: str) -> Finding:
    return Finding(
        id=row,
        rule="R18",
        document_id="d",
        status=CheckStatus.DIFFERS,
        severity=Severity.WARNING,
        certainty=Certainty.CERTAIN,
        message=f"kode {printed}",
        table_id="t",
        line_id=row,
        column="kode",
        printed=printed,
        expected=expected,
        page=1,
    )


def test_two_slips_of_one_column_that_each_recur_are_two_findings_of_their_own() -> None:
    found = gathered([slip("1", "1.01", "1.02"), slip("2", "2.01", "2.02"), slip("3", "1.01", "1.02"), slip("4", "2.01", "2.02")])
    assert [one.evidence for one in found] == [("1", "3"), ("2", "4")]
    assert len({one.id for one in found}) == 2
    assert [one.id for one in gathered([slip("9", "1.01", "1.02"), slip("8", "1.01", "1.02")])] == [found[0].id]
