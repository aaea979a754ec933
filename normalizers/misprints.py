"""What a figure that is none as printed may stand for: letters that were read for digits, digits too many in a group."""

from __future__ import annotations

import re
from collections.abc import Iterator

_CONFUSED = str.maketrans({"O": "0", "o": "0", "Q": "0", "D": "0", "I": "1", "l": "1", "|": "1", "!": "1", "S": "5", "B": "8", "Z": "2"})
_MOST_DIGITS = 18  # of an amount that anybody means


def straightened(body: str) -> str | None:
    """Return `body` with the letters that OCR puts for digits replaced; None where it is a text and no damaged number."""
    digits = sum(c.isdigit() for c in body)
    letters = sum(c.isalpha() for c in body)
    if digits < 3 or letters > digits:
        return None
    repaired = re.sub(r"[^\d.,\s]", "", re.sub(r"[:;]", ".", body.translate(_CONFUSED)))
    return repaired if re.search(r"\d{3}", repaired) else None


def possible_amounts(body: str) -> tuple[int, ...]:
    """Return the amounts that a malformed token may stand for, best first, without scale and sign."""
    repaired = body if re.fullmatch(r"[\d.,\s]+", body) else straightened(body)
    if repaired is None or sum(c.isdigit() for c in repaired) > _MOST_DIGITS:
        return ()
    return tuple(dict.fromkeys(_candidates(repaired.strip(" .,"))))


def _candidates(token: str) -> Iterator[int]:
    parts = re.split(r"[.,\s]+", token)
    if not all(parts):
        return
    cut_decimals = len(parts) > 1 and len(parts[-1]) <= 2 and not token.endswith(" " + parts[-1])
    if cut_decimals:
        yield int("".join(parts[:-1]))
    elif len(parts) > 1 and parts[-1] in ("000", "0000") and re.search(r"\..*,\d+$|,.*\.\d+$", token):
        yield int("".join(parts[:-1]))  # `6.008.850,000`
    yield int("".join(parts))
    whole = parts[:-1] if cut_decimals else parts
    for index, part in enumerate(whole):
        if len(part) == 4 and (index or len(whole) == 1):  # a digit too many in one group
            for drop in range(4):
                yield int("".join([*whole[:index], part[:drop] + part[drop + 1 :], *whole[index + 1 :]]))
