"""Text as it was meant: wrapped lines joined, blanks tidied, strings folded for comparison."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

_DASHES = str.maketrans({"\u2010": "-", "\u2011": "-", "\u2012": "-", "\u2013": "-", "\u2014": "-", "\u2212": "-"})
_INVISIBLE = re.compile("[\u200b\u200c\u200d\u2060\ufeff]")
_SOFT_HYPHEN = "\u00ad"
_LIKE = str.maketrans({"j": "i", "l": "i", "1": "i", "e": "c", "v": "y", "q": "g", "0": "o"})  # letters of like shape, as one
_NOT_WORD = re.compile(r"[^\w]+|_+")

_NUMERIC_LINE = re.compile(r"(?:(?:Rp\.?|IDR)\s*)?[-+(\d.,\s)%]+", re.IGNORECASE)
_COMPLETE_NUMBER = re.compile(r"\(?-?(?:\d{1,3}(?:\.\d{3})+(?:,\d{1,2})?|\d{1,3}(?:,\d{3})+(?:\.\d{1,2})?|\d+(?:[.,]\d{1,2})?)\)?")
_GROUPED_NUMBER = re.compile(r"\(?-?(?:\d{1,3}(?:\.\d{3})+(?:,\d{1,2})?|\d{1,3}(?:,\d{3})+(?:\.\d{1,2})?)\)?")
_OPEN_NUMBER = re.compile(r"[(-]*(?:Rp\.?)?\d{1,3}(?P<groups>(?:\.\d{3})*|(?:,\d{3})*)[.,]")  # its next group is still to come
_LONG_CODE = re.compile(r"(?:\d{1,2}|X)\.(?:\d{1,2}|XX)\.\d{2}\.(?:[1-9]\.\d{2}(?:\.(?:\d{2}|\d{4}))?|\d{2}\.\d{2}\.\d{4})\.?")
_FULL_SERIAL = re.compile(r".*\.\d{4}\.?")

# First parts that keep their hyphen when the rest stands on the next line; the second part is a word of its own.
_HYPHEN_PREFIXES = frozenset({"non", "pra", "pasca", "anti", "multi", "semi", "ex", "eks", "antar", "inter", "intra", "mikro", "makro"})
_SHORT_PREFIXES = frozenset({"e", "ke", "se", "sub", "pro"})  # syllables too, so only before a capital
_VOWEL = re.compile(r"[aiueo]", re.IGNORECASE)
_ROOT = 3  # letters that a reduplicated word must share, as in `perundang-undangan`


def squash(text: str) -> str:
    """Return `text` with every run of white space (also no-break) as one blank, no invisible characters, and stripped."""
    return " ".join(_INVISIBLE.sub("", text).replace(_SOFT_HYPHEN, "").split())


def fold(text: str) -> str:
    """Return `text` for comparison: compatibility forms unified, lower case, no punctuation, single blanks."""
    return " ".join(_NOT_WORD.sub(" ", unicodedata.normalize("NFKC", squash(text)).casefold()).split())


def compact(text: str) -> str:
    """Return `fold(text)` without its blanks, for words that the print has glued together or torn apart."""
    return fold(text).replace(" ", "")


def plain_dashes(text: str) -> str:
    """Return `text` with every typographic dash and minus as `-`."""
    return text.translate(_DASHES)


def join_lines(lines: Sequence[str]) -> str:
    """Join the printed lines of one cell into its text.

    A number or code that goes on in the next line is joined without a blank (`20.899.622.` + `996`, `2.17.01.2.06.` + `0001`); two
    complete amounts stay two. A hyphen at a line's end goes where it breaks a syllable and stays where it belongs to the word
    (`non-formal`, `perundang-undangan`). All other lines are joined with a blank.
    """
    kept = [line for line in (" ".join(_INVISIBLE.sub("", raw).split()) for raw in lines) if line]
    numeric = bool(kept) and all(_NUMERIC_LINE.fullmatch(plain_dashes(line)) for line in kept)
    whole = "".join(kept)
    if numeric and len(kept) > 2 and _GROUPED_NUMBER.fullmatch(whole) and not _COMPLETE_NUMBER.fullmatch(kept[0]):
        return whole
    joined = ""
    for line in kept:
        joined = line if not joined else join_two(joined, line, numeric)
    return joined.replace(_SOFT_HYPHEN, "")


def join_two(above: str, below: str, numeric: bool = False) -> str:
    """Join a line to the text above it as `join_lines` does; the result always ends with `below` as given.

    `numeric` tells that all lines of the cell hold numbers only, so that a number may be torn between any two digits.
    """
    if above.endswith(_SOFT_HYPHEN):
        return above[:-1] + below
    left, right = above.rsplit(" ", 1)[-1], below.split(" ", 1)[0]
    if _number_goes_on(left, right, numeric and " " not in below) or _code_goes_on(left, right):
        return above + below
    if plain_dashes(left).endswith("-") and len(left) > 1 and left[-2].isalpha() and right[:1].isalnum():
        capitals = not re.search(r"[a-z]", above + below)
        return above + below if _keeps_hyphen(left[:-1], right, capitals) else above[:-1] + below
    if left.endswith("/") and len(left) > 1 and right[:1].isalpha():
        return above + below
    if len(below) == 1 and below.isalpha() and below.islower() and left[-1:].isalpha():
        return above + below  # narrow columns push a last letter to a line of its own
    return f"{above} {below}"


def _number_goes_on(left: str, right: str, numeric: bool) -> bool:
    """Whether the token `right` at a line's start continues the number `left` at the end of the line above."""
    if not re.search(r"\d", left):
        return False
    if groups := _OPEN_NUMBER.fullmatch(left):
        if not groups["groups"] and not numeric:  # the end of a sentence, or a list number, unless more groups follow
            return bool(re.match(r"\d{3}(?:[.,]\d{3})+(?!\d)", right)) and right[3] == left[-1]
        return bool(re.match(r"\d{3}(?!\d)", right)) or (bool(groups["groups"]) and bool(re.match(r"\d{2}(?!\d)", right)))
    if re.match(r"[.,]\d", right) or re.fullmatch(r"[.,]+-?\)?|\)", right):
        return left[-1].isdigit()
    if not numeric:
        return False
    whole = left + right
    if not _GROUPED_NUMBER.fullmatch(whole):
        return False
    if not _COMPLETE_NUMBER.fullmatch(left):
        return True
    if (tail := re.search(r"([.,])\d\d?$", left)) is None:
        return False
    one_more = len(right) == 1 and right.isdigit() and tail.end() - tail.start() == 2 and whole[-3] == tail[1]
    return one_more or _groups_by(tail[1], right)


def _groups_by(separator: str, right: str) -> bool:
    """Whether a number has a separator between its groups beyond doubt, so that what stands above it has no decimals by that separator."""
    groups = rf"\d{{1,2}}(?:\{separator}\d{{3}})"
    decimals = rf"\{',' if separator == '.' else '.'}\d{{1,2}}"
    return bool(re.fullmatch(rf"{groups}+{decimals}|{groups}{{2,}}", right))


def _code_goes_on(left: str, right: str) -> bool:
    """Whether `right` continues the dotted code `left` (`2.17.01.2.06.` + `0001`, `01` + `.`, `2.17.01.2.06.00` + `01`)."""
    if re.fullmatch(r"(?:0?[1-9]|X)\.(?:[\dX]{1,4}\.)+", left) and re.match(r"[\dX]{1,4}(?:\.|$)", right):
        return True
    if re.fullmatch(r"(?:[\dX]{1,4}\.)*[\dX]{1,4}", left) and re.fullmatch(r"(?:\.[\dX]{1,4})*\.?", right):
        return True
    whole = left + right
    if not _LONG_CODE.fullmatch(whole):
        return False
    return not _LONG_CODE.fullmatch(left) or (bool(_FULL_SERIAL.fullmatch(whole)) and len(right) <= 2)


def _keeps_hyphen(left: str, right: str, capitals: bool) -> bool:
    """Whether `left-right`, torn at its hyphen, is one hyphenated word rather than one broken at a syllable.

    `capitals` tells that the whole text is in capitals, so that they mark no abbreviation.
    """
    head, tail = re.split(r"\W", left)[-1], re.split(r"\W", right)[0]
    if head.casefold() in _HYPHEN_PREFIXES or (head.casefold() in _SHORT_PREFIXES and not tail.islower()):
        return True
    if len(head) == 1 or tail[:1].isdigit():
        return True  # `E-government`, `n-1`, `TPS-3R`
    if tail[:1].isupper() and (not capitals or not (_VOWEL.search(head) and _VOWEL.search(tail))):
        return True  # `Per-Men`, `RKA-SKPD`: a syllable never starts with a capital, nor is it without a vowel
    a, b = head.casefold(), tail.casefold()
    if any(a.endswith(b[:n]) for n in range(len(b), _ROOT, -1)) or a == b:
        return True  # `perundang-undangan`, `anak-anak`
    return len(a) > _ROOT and a[1:] in b  # `surat-menyurat`


def letter_shapes(word: str) -> str:
    """A lower-case word with all letters that scans confuse made one: words of one shape are read for each other (`maiu`, `maju`)."""
    return word.replace("rn", "m").translate(_LIKE)
