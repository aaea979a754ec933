"""Printed figures as intervals, and the two traps of summing them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from normalizers.types import Value, ValueKind, ValueStatus
from pipeline.findings import CheckStatus, Severity
from pipeline.reconcile import audit
from pipeline.reconcile.intervals import Interval, half_unit, slack
from tests.pipeline.builders import BOX, Row, document, table

amounts = st.integers(min_value=-(10**12), max_value=10**12)
halves = st.decimals(min_value=0, max_value=1000, places=2)


@given(amounts, halves, st.integers(min_value=2000, max_value=10**9))
def test_a_ratio_of_intervals_holds_the_ratio_of_the_middles(a: int, ha: Decimal, b: int) -> None:
    span = Interval.around(a, ha).ratio(Interval.around(b, Decimal(500)))
    assert span is not None
    assert span.low <= Decimal(a) / b <= span.high


def test_a_divisor_that_may_be_zero_has_no_ratio() -> None:
    assert Interval.around(5).ratio(Interval.around(1, Decimal(2))) is None


@given(st.lists(halves, min_size=1, max_size=300))
def test_the_usual_slack_is_never_more_than_the_worst(values: list[Decimal]) -> None:
    usual, worst = slack(values)
    assert 0 <= usual <= worst == sum(values)


def test_slack_grows_slower_than_the_number_of_addends() -> None:
    usual, worst = slack([Decimal(500)] * 201)
    assert worst == 100_500
    assert usual < 20_000


@pytest.mark.parametrize(
    ("printed", "decimals", "scale", "expected"),
    [
        ("1.234", 0, 1000, Decimal(500)),
        ("12,34", 2, 1_000_000, Decimal(5000)),
        ("1.234.567", 0, 1, 0),
        ("1.234,00", 2, 1, 0),
        ("1.234,50", 2, 1, Decimal("0.5")),
    ],
)
def test_half_a_unit_of_the_last_printed_digit(printed: str, decimals: int, scale: int, expected: Decimal) -> None:
    value = Value("pagu", ValueKind.RUPIAH, printed, ValueStatus.OK, 1, BOX, rupiah=1, decimals=decimals)
    assert half_unit(value, scale) == expected


def in_thousands(total: str, leaves: int) -> list[Row]:
    return [("kegiatan", "", "Kegiatan", {"pagu": total}), *[("sub_kegiatan", "", f"Sub {i}", {"pagu": "1.000"}) for i in range(leaves)]]


def test_rounding_within_the_usual_slack_is_no_error() -> None:
    result = audit([document(table(in_thousands("9.998", 10), scale=1000))])
    assert [check.status for check in result.checks if check.rule == "R01"] == [CheckStatus.ROUNDING]
    assert [finding.severity for finding in result.findings] == [Severity.INFO]


def test_many_addends_do_not_hide_a_real_error() -> None:
    result = audit([document(table(in_thousands("200.090", 200), scale=1000))])
    (finding,) = result.findings
    assert finding.rule == "R01"
    assert finding.status is CheckStatus.DIFFERS
    assert finding.severity is Severity.WARNING  # 90 units: rounding could do it, but hardly
    (error,) = audit([document(table(in_thousands("200.190", 200), scale=1000))]).findings
    assert error.severity is Severity.ERROR


def test_two_prints_of_one_amount_with_equal_precision_that_differ_are_not_one() -> None:
    left = [("program", f"2.17.0{i}", f"PROGRAM NOMOR {i}", {"pagu": 1000 * i}) for i in range(1, 7)]
    right = [("program", f"2.17.0{i}", f"PROGRAM NOMOR {i}", {"anggaran": 1000 * i + (i == 3)}) for i in range(1, 7)]
    result = audit([document(table(left, identity="a"), table(right, identity="b"))])
    (finding,) = result.findings
    assert (finding.rule, finding.line_id, finding.difference) == ("R25", "b2", 1)


def test_whole_rupiah_are_exact() -> None:
    rows: list[Row] = [
        ("kegiatan", "", "K", {"pagu": 300_002}),
        ("sub_kegiatan", "", "A", {"pagu": 100_000}),
        ("sub_kegiatan", "", "B", {"pagu": 200_000}),
    ]
    (finding,) = audit([document(table(rows))]).findings
    assert finding.severity is Severity.ERROR
    assert finding.difference == 2
