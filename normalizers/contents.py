"""What the cells of a printed column hold, and what that says of the ways to read it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from normalizers.codes import is_account_code, looks_like_code

MOSTLY = 0.8  # of the cells of a column that are figures
_AMOUNT = re.compile(r"(?:Rp\.?\s*)?\(?-?\s*(?:Rp\.?\s*)?-?\d{1,3}(?:[.,]\s?\d{3})+(?:[.,]\d{1,2})?[,.\s-]*\)?", re.IGNORECASE)
_CURRENCY = re.compile(r"^\s*Rp\b\.?", re.IGNORECASE)
_FIGURE = re.compile(r"-?\d[\d.,]*(?:\s*[A-Za-z/]+){0,2}")
_PERCENT = re.compile(r"-?\d{1,3}(?:[.,]\d+)?\s*%?")
_ORDINAL = re.compile(r"(?:[ivxl]{1,6}|\d{1,3}|[a-z])(?:\.\d{1,2})?\s*[.)]?", re.IGNORECASE)
_EMPTY = frozenset({"", "-", "–", "—", "0", "_"})
_GROUP = re.compile(r"[.,]\s?\d{3}(?!\d)")


@dataclass(frozen=True, slots=True)
class Content:
    """What the body cells under a leaf hold: the shares (0..1) of filled cells that are codes, amounts, percents, ordinals and prose.

    `account`, `currency`, `percent_sign` and `figure` are the shares that are kode rekening, print `Rp`, print `%`, and are a number
    that may have a unit; `large` is the share of amounts of millions.
    """

    filled: int = 0
    code: float = 0.0
    account: float = 0.0
    amount: float = 0.0
    percent: float = 0.0
    ordinal: float = 0.0
    prose: float = 0.0
    currency: float = 0.0
    percent_sign: float = 0.0
    figure: float = 0.0
    large: float = 0.0


def content_of(texts: Iterable[str]) -> Content:
    """Measure the cells of one column."""
    filled = [text.strip() for text in texts if _CURRENCY.sub("", text).strip() not in _EMPTY]
    if not filled:
        return Content()

    def share(hits: Iterable[object]) -> float:
        return sum(bool(hit) for hit in hits) / len(filled)

    return Content(
        len(filled),
        code=share(looks_like_code(text) or is_account_code(text) for text in filled),
        account=share(is_account_code(text) for text in filled),
        amount=share(_AMOUNT.fullmatch(text) for text in filled),
        percent=share(_PERCENT.fullmatch(text) for text in filled),
        ordinal=share(_ORDINAL.fullmatch(text) for text in filled),
        currency=share(_CURRENCY.search(text) for text in filled),
        percent_sign=share(_PERCENT.fullmatch(text) and "%" in text for text in filled),
        figure=share(_FIGURE.fullmatch(text) for text in filled),
        large=share(_AMOUNT.fullmatch(text) and len(_GROUP.findall(text)) > 1 for text in filled),
        prose=share(len(re.findall(r"[A-Za-z]{3,}", text)) >= 2 for text in filled),
    )


def fits(kind: str, content: Content) -> float:
    """What the content of a column says of a way to read it: a bonus or a malus on the score of the header."""
    if content.filled < 2:
        return 0.0
    match kind:
        case "rupiah":
            counts = content.figure >= MOSTLY and not content.amount and not content.currency
            codes = content.amount < 0.1 and content.code > 0.6
            return 0.12 * content.amount - 0.45 * content.prose - (0.25 if counts else 0.2 if codes else 0)
        case "kode":
            ordinal = content.ordinal > 0.7 and content.code < 0.3
            return 0.12 * content.code - 0.45 * content.prose - 0.3 * content.amount - (0.15 if ordinal else 0)
        case "nomor":
            codes = content.code > 0.6 > content.ordinal
            return 0.08 * content.ordinal - 0.45 * content.prose - 0.3 * content.amount - (0.4 if codes else 0)
        case "persen":
            return 0.08 * content.percent - 0.4 * content.prose - 0.6 * content.amount
        case "target" | "volume" | "predikat":
            return -0.35 * content.amount - (0.2 if content.prose > 0.8 else 0)
        case "satuan":
            return -0.5 * content.amount - 0.4 * content.percent
        case _:
            return 0.06 * content.prose - 0.4 * content.amount
