"""Printed figures as exact numbers: rupiah, percents and plain numbers in the styles that budget documents use.

A style is a property of a column (`column_style`), never of a cell. A figure is `ok` only where the print is well-formed; a malformed
one is flagged with the readings that it may stand for and never guessed. The rules are those of real Renja and LKjIP.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from normalizers.misprints import possible_amounts, straightened
from normalizers.text import plain_dashes, squash
from normalizers.types import ValueKind, ValueStatus


class NumberStyle(StrEnum):
    """How a column writes numbers: `1.234.567,89` (ID), `1,234,567.89` (EN) or a spreadsheet's float `20.83333333` (RAW)."""

    ID = "ID"
    EN = "EN"
    RAW = "RAW"


class Note(StrEnum):
    """Why a figure was read as it was; stands in `nilai.catatan`."""

    DOT00 = "DOT00_AS_DECIMAL"
    SPACE = "SPACE_IN_NUMBER"
    ZERO_DASH = "ZERO_DASH"
    STYLE_CONFLICT = "STYLE_CONFLICT"
    NO_SEPARATORS = "NO_SEPARATORS"
    FRACTION = "FRACTION_CUT"
    NIHIL = "NIHIL"
    NOT_AVAILABLE = "NA"
    SEVERAL = "SEVERAL_AMOUNTS"
    PERCENT = "PERCENT_SIGN"
    BRACKET = "OPEN_BRACKET"
    GROUPS = "BROKEN_GROUPS"
    OCR = "CONFUSED_CHARACTERS"
    TEXT = "TEXT"
    AMBIGUOUS = "AMBIGUOUS_SEPARATOR"
    OUTLIER = "OUTLIER_PERCENT"
    LARGE = "TOO_LARGE"


@dataclass(frozen=True, slots=True)
class MoneyReading:
    """A cell's amount in whole rupiah (scale applied); `candidates` are what a malformed print may stand for, best first."""

    status: ValueStatus
    rupiah: int | None = None
    decimals: int = 0
    candidates: tuple[int, ...] = ()
    note: str | None = None


@dataclass(frozen=True, slots=True)
class NumberReading:
    """A percent (in points) or plain number; `candidates` as in `MoneyReading`."""

    status: ValueStatus
    number: Decimal | None = None
    decimals: int = 0
    candidates: tuple[Decimal, ...] = ()
    note: str | None = None


@dataclass(frozen=True, slots=True)
class _Plain:
    """A token's number before sign and scale."""

    number: Decimal
    decimals: int
    note: Note | None = None


_GROUPED = {
    NumberStyle.ID: re.compile(r"[1-9]\d{0,2}(?:\.\d{3})+(?:,(?P<decimals>\d{1,2}))?"),
    NumberStyle.EN: re.compile(r"[1-9]\d{0,2}(?:,\d{3})+(?:\.(?P<decimals>\d{1,2}))?"),
}
_SIMPLE = {
    NumberStyle.ID: re.compile(r"(?:0|[1-9]\d*)(?:,(?P<decimals>\d{1,2}))?"),
    NumberStyle.EN: re.compile(r"(?:0|[1-9]\d*)(?:\.(?P<decimals>\d{1,2}))?"),
}
_DECIMAL_MARK = {NumberStyle.ID: ",", NumberStyle.EN: ".", NumberStyle.RAW: "."}
_DOT00 = re.compile(r"[1-9]\d{0,2}(?:\.\d{3})+\.00|0\.00")
_ZERO = re.compile(r"0+(?:[.,]0{1,2})?")
_LONE_THOUSAND = re.compile(r"([1-9]\d{0,2})[.,](\d{3})")
_OUTLIER_PERCENT = 500
MOST_RUPIAH = 10**16  # no budget prints as much: the state's own is less than half of that
MOST_NUMBER = 2**53  # from which on a double does not tell whole numbers apart
_DASH = re.compile(r"[-_]+")
_CURRENCY = re.compile(r"(?:Rp|IDR)(?![A-Za-z])\.?[\s:]*", re.IGNORECASE)
_TAIL = re.compile(r"\s*(?:[.,]{1,2}\s*[-=]+|-+)$")
_NOT_AVAILABLE = frozenset({"n/a", "na", "n.a", "n.a.", "tad", "t.a.d"})
_NIHIL = frozenset({"nihil", "nil", "nol"})

_CERTAIN = {
    NumberStyle.ID: re.compile(r"\d{1,3}(?:\.\d{3}){2,}(?:,\d+|\.\d\d)?|\d{1,3}(?:\.\d{3})+,\d{1,2}"),
    NumberStyle.EN: re.compile(r"\d{1,3}(?:,\d{3}){2,}(?:\.\d+|,\d\d)?|\d{1,3}(?:,\d{3})+\.\d{1,2}"),
    NumberStyle.RAW: re.compile(r"\d+\.\d{4,}(?:E-?\d+)?"),
}
_WEAK = {
    NumberStyle.ID: re.compile(r"\d{1,3}\.\d{3}|\d+,\d{1,2}"),
    NumberStyle.EN: re.compile(r"\d{1,3},\d{3}|\d+\.\d{1,2}"),
}
_AMOUNT = re.compile(
    r"\(?-?\s?(?:Rp\.?\s?)?-?(?<![\d,])(?<!\d\.)\d{1,3}(?:(?:\.\d{3})+(?:,\d{1,2}|\.00)?|(?:,\d{3})+(?:\.\d{1,2})?)(?![.,]?\d)(?:\s?[.,]{1,2}-)?\)?",
    re.IGNORECASE,
)


def column_style(tokens: Iterable[str], default: NumberStyle | None = None, kind: ValueKind = ValueKind.RUPIAH) -> NumberStyle:
    """Decide how a column writes numbers from all its printed tokens.

    Certain tokens (two groups, or a group and decimals) vote first; without any, the weak ones (one separator) do; then `default`
    (the document's style), then ID. RAW is only for columns that are not money.
    """
    certain: Counter[NumberStyle] = Counter()
    weak: Counter[NumberStyle] = Counter()
    for token in (_bare(part) for raw in tokens for part in split_amounts(raw)):
        for style, pattern in _CERTAIN.items():
            certain[style] += bool(pattern.fullmatch(token))
        for style, pattern in _WEAK.items():
            weak[style] += bool(pattern.fullmatch(token))
    if kind is ValueKind.RUPIAH:
        del certain[NumberStyle.RAW]
    for votes in (certain, weak):
        ranked = [(style, count) for style, count in votes.most_common() if count]
        if ranked and (len(ranked) == 1 or ranked[0][1] > ranked[1][1]):
            return ranked[0][0]
    return default or NumberStyle.ID


def read_money(text: str, style: NumberStyle, scale: int = 1) -> MoneyReading:
    """Read one cell of a money column as whole rupiah.

    `scale` is the table's (1, 1000, 1000000). A fraction of a rupiah is cut off (note FRACTION_CUT). Never raises: what is not one
    well-formed amount comes back as `cacat`, with candidates.
    """
    cleaned = plain_dashes(squash(text))
    if (empty := _null_kind(cleaned)) is not None:
        status, note = empty
        return MoneyReading(status, 0 if status is ValueStatus.ZERO else None, note=note)
    if "%" in cleaned:
        return MoneyReading(ValueStatus.MALFORMED, note=Note.PERCENT)
    negative, body, balanced = _sign(cleaned)
    several = split_amounts(cleaned)
    if len(several) > 1:
        readings = [read_money(part, style, scale) for part in several]
        return MoneyReading(ValueStatus.MALFORMED, candidates=tuple(r.rupiah for r in readings if r.rupiah is not None), note=Note.SEVERAL)
    plain = _well_formed(body, style, money=True, scale=scale) if balanced else None
    if plain is None:
        unsigned = [value * scale for value in possible_amounts(body) if value * scale <= MOST_RUPIAH]
        candidates = tuple(_signed(value, negative or not balanced) for value in unsigned) + (() if balanced else tuple(unsigned))
        note = _malformed_note(body) if balanced else Note.BRACKET
        return MoneyReading(ValueStatus.MALFORMED, candidates=candidates, note=note)
    exact = plain.number * scale
    if exact > MOST_RUPIAH:
        return MoneyReading(ValueStatus.MALFORMED, note=Note.LARGE)
    note = plain.note or (Note.FRACTION if exact != int(exact) else None)
    status = ValueStatus.ZERO if exact == 0 else ValueStatus.OK
    return MoneyReading(status, _signed(int(exact), negative), plain.decimals, note=note)


def read_percent(text: str, style: NumberStyle) -> NumberReading:
    """Read one cell of a percent column, in percent points; one or two digits after a lone separator are decimals in any style."""
    cleaned = plain_dashes(squash(text))
    stripped = re.sub(r"\s*(?:%|persen\b)\s*\.?$", "", cleaned, flags=re.IGNORECASE)
    if cleaned and not stripped:
        return NumberReading(ValueStatus.MALFORMED, note=Note.TEXT)  # the digits are lost
    if lone := _LONE_THOUSAND.fullmatch(_sign(stripped)[1]):
        return NumberReading(ValueStatus.MALFORMED, candidates=_both_ways(lone), note=Note.AMBIGUOUS)
    reading = read_number(stripped, style)
    if reading.number is not None and abs(reading.number) > _OUTLIER_PERCENT:
        return replace(reading, note=reading.note or Note.OUTLIER)
    return reading


def read_number(text: str, style: NumberStyle) -> NumberReading:
    """Read a plain number (a volume, an index) without unit."""
    cleaned = plain_dashes(squash(text))
    if (empty := _null_kind(cleaned)) is not None:
        status, note = empty
        return NumberReading(status, Decimal(0) if status is ValueStatus.ZERO else None, _printed_decimals(cleaned), note=note)
    negative, body, balanced = _sign(cleaned)
    plain = _well_formed(body, style, money=False) if balanced else None
    if plain is None and (lone := _LONE_THOUSAND.fullmatch(body)):
        return NumberReading(ValueStatus.MALFORMED, candidates=_both_ways(lone), note=Note.AMBIGUOUS)
    if plain is None:
        return NumberReading(ValueStatus.MALFORMED, candidates=_number_candidates(body, style), note=_malformed_note(body))
    if plain.number > MOST_NUMBER:
        return NumberReading(ValueStatus.MALFORMED, note=Note.LARGE)
    status = ValueStatus.ZERO if plain.number == 0 else ValueStatus.OK
    return NumberReading(status, -plain.number if negative else plain.number, plain.decimals, note=plain.note)


def split_amounts(text: str) -> tuple[str, ...]:
    """Return the complete amounts (with at least one group) that stand in `text`, as printed.

    A cell whose blanks are only inside one number (`29.947 800`) is one amount.
    """
    cleaned = plain_dashes(squash(text))
    found = [match.group().strip() for match in _AMOUNT.finditer(cleaned)]
    return tuple(found) if len(found) > 1 else ((cleaned,) if cleaned else ())


def _bare(text: str) -> str:
    return re.sub(r"\s*(?:%|persen)$", "", _sign(plain_dashes(squash(text)))[1], flags=re.IGNORECASE)


def _null_kind(cleaned: str) -> tuple[ValueStatus, Note | None] | None:
    """Tell blank, dash, nil and zero apart; None where there is a figure or something else to read."""
    bare = _CURRENCY.sub("", cleaned, count=1).strip() if _CURRENCY.match(cleaned) else cleaned
    if not bare:
        return ValueStatus.EMPTY, None
    if _DASH.fullmatch(bare) or re.fullmatch(r"[.,]{1,2}-+", bare):
        return ValueStatus.DASH, None
    if bare.casefold() in _NIHIL:
        return ValueStatus.DASH, Note.NIHIL
    if bare.casefold() in _NOT_AVAILABLE:
        return ValueStatus.DASH, Note.NOT_AVAILABLE
    if re.fullmatch(r"0\s*-", bare):
        return ValueStatus.MALFORMED, Note.ZERO_DASH  # two cells `0` and `-` that were merged
    return None


def _sign(cleaned: str) -> tuple[bool, str, bool]:
    """Return (negative, body without currency, sign, brackets and tail, whether the brackets pair up)."""
    if (match := _CURRENCY.match(cleaned)) and cleaned.startswith("(", match.end()):
        cleaned = cleaned[match.end() :]  # `Rp (1.000)`, as spreadsheets print accounts
    opened, closed = cleaned.startswith("("), cleaned.endswith(")")
    body = cleaned[opened : len(cleaned) - closed].strip()
    negative = opened and closed
    for _ in range(2):  # the sign stands before or after the currency
        if match := re.match(r"[-+]\s*", body):
            negative, body = negative or body[0] == "-", body[match.end() :]
        if match := _CURRENCY.match(body):
            body = body[match.end() :]
    body = _TAIL.sub("", body).strip() if re.search(r"\d", body) else body
    return negative, body, opened == closed


def _signed(value: int | Decimal, negative: bool) -> int:
    return -int(value) if negative else int(value)


def _printed_decimals(cleaned: str) -> int:
    match = re.search(r"[.,](\d+)$", cleaned)
    return len(match[1]) if match else 0


def _well_formed(body: str, style: NumberStyle, money: bool, scale: int = 1) -> _Plain | None:
    """Read an unsigned token that is well-formed; None where it is not, or where the column's style leaves it open."""
    if " " in body:
        closed = _close_blanks(body, style)
        inner = _well_formed(closed, style, money, scale) if closed else None
        return _Plain(inner.number, inner.decimals, Note.SPACE) if inner else None
    if style is NumberStyle.RAW:
        return _raw(body) or _well_formed(body, NumberStyle.EN, money, scale) or _well_formed(body, NumberStyle.ID, money, scale)
    if _ZERO.fullmatch(body):
        return _Plain(Decimal(0), _printed_decimals(body))
    if match := _GROUPED[style].fullmatch(body):
        return _plain(body, style, match["decimals"])
    if match := _SIMPLE[style].fullmatch(body):
        note = Note.NO_SEPARATORS if money and len(body.split(_DECIMAL_MARK[style])[0]) > 3 else None
        return _plain(body, style, match["decimals"], note)
    if body.endswith(_DECIMAL_MARK[style]) and (match := _GROUPED[style].fullmatch(body[:-1])) and not match["decimals"]:
        return _plain(body[:-1], style, None)  # the `-` of a tail `,-` is lost
    if style is NumberStyle.ID and _DOT00.fullmatch(body):
        return _Plain(Decimal(body[:-3].replace(".", "")), 2, Note.DOT00)
    return _other_style(body, style, money, scale)


def _other_style(body: str, style: NumberStyle, money: bool, scale: int) -> _Plain | None:
    """Read a token of the other style where nothing else can be meant: its groups are complete, or it is an unscaled amount."""
    other = NumberStyle.EN if style is NumberStyle.ID else NumberStyle.ID
    if match := _GROUPED[other].fullmatch(body):
        lone = body.count(".") + body.count(",") == 1
        if not lone or (money and scale == 1):
            return _plain(body, other, match["decimals"], Note.STYLE_CONFLICT)
    if not money and (match := _SIMPLE[other].fullmatch(body)):
        return _plain(body, other, match["decimals"])  # `20.69 %` beside `48,18`: decimal in any style
    if not money and (raw := _raw(body)):
        return raw
    return None


def _raw(body: str) -> _Plain | None:
    match = re.fullmatch(r"\d+\.(\d+)", body)
    return _Plain(Decimal(body), len(match[1])) if match and (len(match[1]) > 3 or len(match[1]) < 3) else None


def _plain(body: str, style: NumberStyle, decimals: str | None, note: Note | None = None) -> _Plain:
    mark = _DECIMAL_MARK[style]
    group = "." if mark == "," else ","
    return _Plain(Decimal(body.replace(group, "").replace(mark, ".")), len(decimals or ""), note)


def _close_blanks(body: str, style: NumberStyle) -> str | None:
    """Take out blanks that stand inside one number; None where the parts may be several figures.

    A blank beside a separator is dropped (`106. 985.800`, `54.436.500 ,00`); one in place of a separator becomes it, where exactly
    three digits follow (`29.947 800`).
    """
    tight = re.sub(r"\s*([.,])\s*", r"\1", body)
    first, *rest = tight.split(" ")
    if not rest:
        return tight
    group = "," if style is NumberStyle.EN else "."
    if not re.fullmatch(r"[1-9]\d{0,2}(?:[.,]\d{3})*", first):
        return None
    *middle, last = rest
    if all(re.fullmatch(r"\d{3}", part) for part in middle) and re.fullmatch(r"\d{3}(?:[.,]\d{1,2})?", last):
        return group.join([first, *rest])
    return None


def _malformed_note(body: str) -> Note:
    if re.fullmatch(r"[\d.,\s]+", body):
        return Note.GROUPS
    return Note.OCR if straightened(body) else Note.TEXT


def _both_ways(lone: re.Match[str]) -> tuple[Decimal, Decimal]:
    return Decimal(f"{lone[1]}.{lone[2]}"), Decimal(lone[1] + lone[2])


def _number_candidates(body: str, style: NumberStyle) -> tuple[Decimal, ...]:
    """Return the plain numbers that a malformed token may stand for, best first."""
    kept = re.sub(r"[^\d.,]+", "", body) if not re.search(r"\d[^\d.,]+\d", body) else ""
    plain = _well_formed(kept, style, money=False) if kept and kept != body else None
    return (plain.number,) if plain else tuple(map(Decimal, possible_amounts(body)))
