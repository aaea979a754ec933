"""Judging the invisible text that a scanner laid over a page image.

Where a page is an image it is read anew in any case, since even a good layer drops digits silently; the judgement here says why the
layer was not believed, and lets an audit see how far it was off.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from extractors.types import Word

FEWEST_WORDS = 8  # under this many words a layer cannot be judged by shares
FRAGMENTS = 0.45  # share of one-letter words
STRANGE = 0.2  # share of words with signs that no word holds
SIDEWAYS = 0.5  # share of longer words whose box is higher than wide
BROKEN_FIGURES = 0.15  # share of figures with letters in them or groups of wrong length
UNKNOWN = 0.35  # at least this share of longer words must have the build of Indonesian words
DIFFERING = 0.1  # share of figures of the new reading that the layer does not hold

_STRANGE = re.compile(r"[^\w\s.,:;()/%&+\-–—'\"“”‘’•=<>*°?!]|[A-Za-z][!?|<>=*][A-Za-z]|[?!]{2,}")
_FIGURE = re.compile(r"\d[\d.,]{4,}")
_WHOLE_FIGURE = re.compile(r"\d{1,3}([.,]\d{3})+([.,]\d{2})?|\d+|\d+,\d{1,2}|\d{1,2}(\.\d{1,4}){2,}")
_FIGURE_WITH_LETTERS = re.compile(r"(?=(?:.*\d){3})(?=.*[A-Za-z])[\dA-Za-z.,]{5,}")
# Consonants that Indonesian and its usual loans open a syllable with; what cannot be cut into such syllables is no word.
_SYLLABLE = r"(?:ngg|ny|ng|sy|kh|str|spr|skr|tr|pr|kr|br|dr|gr|fr|bl|kl|pl|fl|gl|st|sp|sk|sw|kw|[bcdfghjklmnpqrstvwxyz])?[aeiou]{1,2}"
_WORD = re.compile(rf"(?:{_SYLLABLE}(?:ngk|ng|ns|ks|rs|nk|rt|kt|[bdfghklmnprst])?)+", re.IGNORECASE)


def text_layer_is_bad(layer: Sequence[Word], read: Sequence[Word] = ()) -> str:
    """Why an invisible text layer is not to be believed, in Indonesian; empty where nothing speaks against it.

    `read` holds the words of the same page by a new reading, where there is one: its surest figures are looked up in the layer.
    """
    if not layer:
        return ""
    texts = [word.text for word in layer]
    faults = [
        _thin(texts, read),
        _fragments(texts),
        _strange(texts),
        _sideways(layer),
        _unknown(texts),
        _broken(texts),
        _differing(texts, read),
    ]
    return "; ".join(fault for fault in faults if fault)


def _thin(texts: Sequence[str], read: Sequence[Word]) -> str:
    """A layer that holds far less than the page shows."""
    have, see = sum(map(len, texts)), sum(len(word.text) for word in read)
    return f"lapisan teks memuat {have} dari sekitar {see} huruf" if see >= 80 and have < 0.5 * see else ""


def _fragments(texts: Sequence[str]) -> str:
    letters = [t for t in texts if not t.isdigit()]
    if len(letters) < FEWEST_WORDS:
        return ""
    share = sum(len(t) == 1 for t in letters) / len(letters)
    return f"{share:.0%} kata hanya satu huruf" if share > FRAGMENTS else ""


def _strange(texts: Sequence[str]) -> str:
    if len(texts) < FEWEST_WORDS:
        return ""
    share = sum(bool(_STRANGE.search(t)) for t in texts) / len(texts)
    return f"{share:.0%} kata memuat tanda yang tidak wajar" if share > STRANGE else ""


def _sideways(layer: Sequence[Word]) -> str:
    longer = [w for w in layer if len(w.text) >= 3]
    if len(longer) < FEWEST_WORDS:
        return ""
    share = sum(w.bbox.height > w.bbox.width for w in longer) / len(longer)
    return f"{share:.0%} kata berdiri tegak, halaman terbaca miring" if share > SIDEWAYS else ""


def _unknown(texts: Sequence[str]) -> str:
    longer = [t for t in (re.sub(r"[^A-Za-z]", "", text) for text in texts) if len(t) >= 3]
    if len(longer) < FEWEST_WORDS:
        return ""
    share = sum(bool(_WORD.fullmatch(t)) for t in longer) / len(longer)
    return f"hanya {share:.0%} kata berbentuk kata Indonesia" if share < UNKNOWN else ""


def _broken(texts: Sequence[str]) -> str:
    """Figures with letters among the digits, or with groups that are not of three digits."""
    figures = [t.strip("().,-") for t in texts if _FIGURE.search(t) or _FIGURE_WITH_LETTERS.fullmatch(t)]
    if len(figures) < 4:
        return ""
    share = sum(not _WHOLE_FIGURE.fullmatch(re.sub(r"(?i)^rp\.?", "", f)) for f in figures) / len(figures)
    return f"{share:.0%} angka rusak bentuknya" if share > BROKEN_FIGURES else ""


def _differing(texts: Sequence[str], read: Sequence[Word]) -> str:
    """Sure figures of the new reading that the layer lacks, whatever their separators."""
    sure = Counter(_digits(w.text) for w in read if w.confidence >= 0.99 and _WHOLE_FIGURE.fullmatch(w.text) and len(_digits(w.text)) >= 5)
    if sum(sure.values()) < 4:
        return ""
    missing = sum((sure - Counter(_digits(t) for t in texts)).values())
    share = missing / sum(sure.values())
    return f"{missing} dari {sum(sure.values())} angka berbeda dari bacaan ulang" if share > DIFFERING else ""


def _digits(text: str) -> str:
    return "".join(c for c in text if c.isdigit())
