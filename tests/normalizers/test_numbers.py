"""Printed figures are read exactly, and what is malformed is never guessed."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from normalizers.numbers import MOST_RUPIAH, NumberStyle, column_style, read_money, read_number, read_percent, split_amounts
from normalizers.types import ValueKind, ValueStatus

ID, EN, RAW = NumberStyle.ID, NumberStyle.EN, NumberStyle.RAW
OK, DASH, EMPTY, ZERO, MALFORMED = ValueStatus.OK, ValueStatus.DASH, ValueStatus.EMPTY, ValueStatus.ZERO, ValueStatus.MALFORMED


def grouped(amount: int, style: NumberStyle) -> str:
    return f"{amount:,}".replace(",", "." if style is ID else ",")


def printed(amount: int, style: NumberStyle, form: str) -> str:
    body = grouped(abs(amount), style)
    mark = "," if style is ID else "."
    sign = "-" if amount < 0 else ""
    return {
        "plain": f"{sign}{body}",
        "decimals": f"{sign}{body}{mark}00",
        "currency": f"{sign}Rp. {body},-",
        "glued": f"Rp{sign}{body}",
        "brackets": f"(Rp {body})" if amount < 0 else f"Rp {body}",
    }[form]


@given(st.integers(-(10**14), 10**14), st.sampled_from([ID, EN]), st.sampled_from(["plain", "decimals", "currency", "glued", "brackets"]))
def test_a_printed_amount_reads_as_itself(amount: int, style: NumberStyle, form: str) -> None:
    reading = read_money(printed(amount, style, form), style)
    assert reading.rupiah == amount
    assert reading.status is (OK if amount else ZERO)
    assert reading.decimals == (2 if form == "decimals" else 0)


@given(st.integers(10**6, 10**12), st.sampled_from([ID, EN]), st.data())
def test_a_missing_separator_is_malformed_with_the_right_candidate(amount: int, style: NumberStyle, data: st.DataObject) -> None:
    body = grouped(amount, style)
    at = data.draw(st.sampled_from([i for i, c in enumerate(body) if not c.isdigit()]))
    damaged = body[:at] + body[at + 1 :]
    assume(not damaged.isdigit())
    reading = read_money(damaged, style)
    assert (reading.status, reading.rupiah) == (MALFORMED, None)
    assert reading.candidates[0] == amount


@given(st.integers(10**9, 10**12), st.sampled_from([ID, EN]), st.sampled_from("0123456789"), st.data())
def test_a_group_of_four_digits_is_malformed_and_keeps_the_truth_among_its_candidates(
    amount: int, style: NumberStyle, digit: str, data: st.DataObject
) -> None:
    groups = grouped(amount, style).split("." if style is ID else ",")
    at = data.draw(st.integers(1, len(groups) - 1))
    place = data.draw(st.integers(0, 3))
    groups[at] = groups[at][:place] + digit + groups[at][place:]
    reading = read_money(("." if style is ID else ",").join(groups), style)
    assert (reading.status, reading.rupiah) == (MALFORMED, None)
    assert amount in reading.candidates


@given(st.integers(10**6, 10**12), st.data())
def test_a_short_group_is_never_ok(amount: int, data: st.DataObject) -> None:
    groups = grouped(amount, ID).split(".")
    at = data.draw(st.integers(1, len(groups) - 1))
    groups[at] = groups[at][:2]
    assume(not (at == len(groups) - 1 and groups[at] == "00"))
    reading = read_money(".".join(groups), ID)
    assert (reading.status, reading.rupiah) == (MALFORMED, None)


@given(st.text(alphabet="0123456789.,-() Rp%~", max_size=18), st.sampled_from([ID, EN]), st.sampled_from([1, 1000, 1_000_000]))
def test_reading_never_raises_and_only_ok_or_zero_carry_an_amount(text: str, style: NumberStyle, scale: int) -> None:
    reading = read_money(text, style, scale)
    assert (reading.rupiah is not None) == (reading.status in (OK, ZERO))
    assert read_percent(text, style).status in ValueStatus


@pytest.mark.parametrize(
    ("text", "style", "rupiah", "note"),
    [
        ("16.697.223.384.00,-", ID, 16697223384, "DOT00_AS_DECIMAL"),
        ("1.502.099.525.00", ID, 1502099525, "DOT00_AS_DECIMAL"),
        ("106. 985.800", ID, 106985800, "SPACE_IN_NUMBER"),
        ("54.436.500 ,00", ID, 54436500, "SPACE_IN_NUMBER"),
        ("29.947 800", ID, 29947800, "SPACE_IN_NUMBER"),
        ("24,000", ID, 24000, "STYLE_CONFLICT"),
        ("1.140", EN, 1140, "STYLE_CONFLICT"),
        ("238,540,600", ID, 238540600, "STYLE_CONFLICT"),
        ("1234567", ID, 1234567, "NO_SEPARATORS"),
        ("1.869.818.681,45", ID, 1869818681, "FRACTION_CUT"),
        ("Rp. 118.710.980 -", ID, 118710980, None),
        ("Rp 8.050,--", ID, 8050, None),
        ("1.234.567,", ID, 1234567, None),
        ("(59.875.100,00)", ID, -59875100, None),
        ("Rp (4.364.502.817,00)", ID, -4364502817, None),
        ("Rp.(5.000.000,-)", ID, -5000000, None),
    ],
)
def test_accepted_prints_keep_a_note_of_what_is_odd(text: str, style: NumberStyle, rupiah: int, note: str | None) -> None:
    reading = read_money(text, style)
    assert (reading.status, reading.rupiah, reading.note) == (OK, rupiah, note)


@pytest.mark.parametrize(
    ("text", "status", "note"),
    [
        *[("", EMPTY, None), ("Rp", EMPTY, None), ("-", DASH, None), ("—", DASH, None), ("Rp. -", DASH, None), ("Rp ,-", DASH, None)],
        *[("0", ZERO, None), ("0,00", ZERO, None), ("Rp. 0,-", ZERO, None), ("NIHIL", DASH, "NIHIL"), ("N/A", DASH, "NA")],
        ("0-", MALFORMED, "ZERO_DASH"),
    ],
)
def test_blank_dash_zero_and_nil_stay_apart(text: str, status: ValueStatus, note: str | None) -> None:
    reading = read_money(text, ID)
    assert (reading.status, reading.note) == (status, note)


@pytest.mark.parametrize(
    ("text", "best"),
    [
        *[("250.000000", 250000000), ("3.181.058332", 3181058332), ("139502.530", 139502530), ("40416.120", 40416120)],
        *[("249,451.600,00", 249451600), ("6.008.850,000", 6008850), ("139213630~", 139213630), ("12 3.456.789", 123456789)],
        *[("(59.875.100", -59875100), ("20.899.622.", 20899622), ("25.000.50", 25000), ("Ryp. 21.658.500.-", 21658500)],
    ],
)
def test_malformed_amounts_offer_the_likeliest_reading(text: str, best: int) -> None:
    reading = read_money(text, ID)
    assert (reading.status, reading.rupiah, reading.candidates[0]) == (MALFORMED, None, best)


def test_several_amounts_in_a_cell_are_told_apart() -> None:
    assert split_amounts("1.000.000 500.000") == ("1.000.000", "500.000")
    assert split_amounts("29.947 800") == ("29.947 800",)
    assert split_amounts("139502.530 40416.120") == ("139502.530 40416.120",)  # no part of a broken number is an amount
    assert read_money("Rp. 1.000.000,- Rp. 500.000,-", ID).candidates == (1000000, 500000)


def test_the_scale_multiplies_exactly() -> None:
    assert read_money("10.894,50", ID, 1_000_000).rupiah == 10_894_500_000
    assert read_money("10,894", ID, 1_000_000).status is MALFORMED  # decimals or thousands: no telling


@pytest.mark.parametrize(
    ("tokens", "kind", "style"),
    [
        (["1.793.267.126", "24,000", "320.634"], ValueKind.RUPIAH, ID),
        (["2,992,759,325", "0.00"], ValueKind.RUPIAH, EN),
        (["20.83333333", "48.5"], ValueKind.PERCENT, RAW),
        (["1.140", "-", ""], ValueKind.RUPIAH, ID),
        (["8.050,-", "0"], ValueKind.RUPIAH, ID),
        (["-", "0"], ValueKind.RUPIAH, ID),
    ],
)
def test_the_style_is_the_columns(tokens: list[str], kind: ValueKind, style: NumberStyle) -> None:
    assert column_style(tokens, kind=kind) is style


def test_without_evidence_the_documents_style_holds() -> None:
    assert column_style(["388"], default=EN) is EN


@given(st.decimals(min_value=0, max_value=400, places=2), st.sampled_from([",", "."]), st.sampled_from(["", "%", " %"]))
def test_a_percents_decimals_are_decimals_in_any_style(value: Decimal, mark: str, tail: str) -> None:
    text = f"{value:.2f}".replace(".", mark) + tail
    for style in (ID, EN):
        assert read_percent(text, style).number == value


@pytest.mark.parametrize("text", ["10 % 0", "0 00%", "%", "6,666,67", "20.833", "20,833"])
def test_malformed_percents_have_no_number(text: str) -> None:
    reading = read_percent(text, ID)
    assert (reading.status, reading.number) == (MALFORMED, None)


def test_an_outlying_percent_is_noted() -> None:
    assert read_percent("771,7%", ID).note == "OUTLIER_PERCENT"


def test_a_plain_numbers_single_dot_is_the_columns() -> None:
    assert read_number("242.837", ID).number == 242837
    assert read_number("20.83333333", RAW).number == Decimal("20.83333333")
    assert read_number("1,000", ID).candidates == (Decimal("1.000"), Decimal(1000))


def test_what_no_budget_prints_is_no_amount_and_what_no_double_tells_no_number() -> None:
    for text in ("99.999.999.999.999.999.999", "123456789012345678901234567890", "-99.999.999.999.999.999"):
        reading = read_money(text, ID)
        assert (reading.status, reading.rupiah, reading.note) == (MALFORMED, None, "TOO_LARGE")
    assert read_money("9.999.999.999.999", ID, 1000).rupiah == 9_999_999_999_999_000
    assert read_money("9.999.999.999.999", ID, 1_000_000).status is MALFORMED
    assert read_number("1" + "0" * 400, ID).status is MALFORMED
    assert read_money("1.1" + "1" * 5000, ID).candidates == ()
    assert all(abs(candidate) <= MOST_RUPIAH for candidate in read_money("12.34.567.890.123.456.789.012", ID).candidates)
