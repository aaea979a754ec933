"""Words out of recognised lines: cut at blanks of the reading and of the ink, with boxes of their own ink."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from extractors.scan.image import WHITE, Gray
from extractors.scan.recognise import Reading
from extractors.scan.segment import Chunk

# Shares of the type size (em) in a Latin typeface.
CAPITAL = 0.72
X_HEIGHT = 0.53
DESCENT = 0.21
DASH = 0.33
DASH_CONFIDENCE = 0.95
WORD_GAP = 0.2  # an opening this wide parts words even where the recogniser read no blank
DIGIT_GAP = 0.6  # figures are set wider apart
MARK_GAP = 1.0  # beside a separator, whose own ink may have faded out of the binarised line
NOUGHT = 1.25  # height over width: noughts are over it, the letters `o` and `O` under it
STROKE_GAP = 0.34  # between the strokes of one Roman numeral; over it they are two words
STROKE_DARK = 0.6  # of the darkest column: what is paler lies between strokes
STROKES = re.compile(r"[Il]{1,3}")
SIGNED = re.compile(r"[-–(]\d")
ROMAN = re.compile(r"[XV]{1,2}I{1,2}")  # numerals that end in strokes
RISING = re.compile(r"[A-Z0-9bdfhklti()\[\]{}/\\|!?%&#@$'\"]")
FALLING = re.compile(r"[gjpqy()\[\]{},;/\\|@$Q]")


@dataclass(frozen=True, slots=True)
class ReadWord:
    """A word in pixels: its box, its type size and its stroke width in pixels.

    `confidence` is the probability of its weakest character that carries meaning (letters and digits where it has any, and the sign of
    a figure); `digit_confidence` that of its weakest digit or sign, 1.0 where it has none.
    """

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    confidence: float
    size: float
    stroke: float
    digit_confidence: float = 1.0


def words_of(chunk: Chunk, reading: Reading) -> list[ReadWord]:
    """The words of one line image, from left to right; none where it shows no more than dust."""
    if chunk.dash:
        return [ReadWord("-", chunk.x0, chunk.y0, chunk.x1, chunk.y1, DASH_CONFIDENCE, (chunk.x1 - chunk.x0) / DASH, 0.0)]
    if not reading.text.strip() or not _is_type(reading):
        return []
    size = type_size(reading.text, chunk.y1 - chunk.y0)
    stroke = stroke_width(chunk)
    gaps = _gaps(np.asarray(chunk.ink.any(axis=0)))
    words: list[ReadWord] = []
    start = 0.0
    group: list[int] = []
    last = len(reading.text) - 1
    for i, character in enumerate(reading.text):
        if not character.isspace():
            group.append(i)
        cut = None if i == last else _cut_after(reading, i, gaps, chunk.crop.shape[1], size)
        if (cut is not None or i == last) and group:
            end = cut if cut is not None else float(chunk.crop.shape[1])
            words.append(_word(chunk, reading, group, start, end, size, stroke))
            start, group = end, []
    return words


def type_size(text: str, height: float) -> float:
    """The type size in the unit of `height`, from the height of a line's ink and the letters that it holds."""
    rise = CAPITAL if RISING.search(text) else X_HEIGHT
    return height / (rise + (DESCENT if FALLING.search(text) else 0.0))


def stroke_width(chunk: Chunk) -> float:
    """The mean width of the strokes in pixels: mass of the ink over half its outline."""
    ink = chunk.ink
    inner = ink[1:-1, 1:-1] & ink[:-2, 1:-1] & ink[2:, 1:-1] & ink[1:-1, :-2] & ink[1:-1, 2:]
    outline = int(ink.sum()) - int(inner.sum())
    mass = float((255.0 - chunk.crop[ink]).sum()) / 255.0
    return 2.0 * mass / outline if outline else 0.0


def _is_type(reading: Reading) -> bool:
    """A lone mark read with doubt is dust or a piece of a stamp."""
    return any(c.isalnum() for c in reading.text) or reading.confidence >= 0.5


def _gaps(inked: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Runs of columns without ink, inside the line."""
    edges = np.flatnonzero(np.diff(inked.astype(np.int8)))
    return [(int(a) + 1, int(b) + 1) for a, b in pairwise(edges) if not inked[a + 1]]


def _cut_after(reading: Reading, i: int, gaps: Sequence[tuple[int, int]], width: int, size: float) -> float | None:
    """Where the line is cut between character `i` and the next: in a blank, or in an opening too wide for one word."""
    here, there = reading.text[i], reading.text[i + 1]
    if here.isspace():
        return None if i else 0.0
    after = i + 1
    while after < len(reading.text) - 1 and reading.text[after].isspace():
        after += 1
    low, high = reading.places[i] * width, reading.places[after] * width
    between = [(a, b) for a, b in gaps if low < (a + b) / 2 < high]
    widest = max(between, key=lambda g: g[1] - g[0], default=None)
    if {here, reading.text[after]} == {"I"} and (here == there or (widest and widest[1] - widest[0] < STROKE_GAP * size)):
        return None
    if there.isspace():
        return sum(widest) / 2 if widest else (low + high) / 2
    if widest and widest[1] - widest[0] >= _least_gap(here, there) * size:
        return sum(widest) / 2
    return None


def _least_gap(here: str, there: str) -> float:
    if here.isalpha() and there.isalpha():
        return WORD_GAP
    return DIGIT_GAP if here.isalnum() and there.isalnum() else MARK_GAP


def _by_shape(text: str, chunk: Chunk, start: float, end: float) -> str:
    """What the recogniser errs in: the strokes of a Roman numeral, a nought alone in its cell, and a point that stands alone, a bullet.

    The recogniser runs `III` together, but each stroke is a piece of its own, or dark between paler places where the strokes touch;
    a nought is narrower than an `o` is.
    """
    ink = chunk.ink[:, int(start) : int(end)]
    if STROKES.fullmatch(text):
        strokes = _strokes((WHITE - chunk.crop[:, int(start) : int(end)]) * ink)
        return "I" * strokes if 1 < strokes < 4 else text
    if ROMAN.fullmatch(text) and len(text) < 4:
        strokes = len(_gaps(np.asarray(ink.any(axis=0)))) + 1
        return text + "I" if strokes == len(text) + 1 else text
    if text == "·":
        return "•"
    if text in ("o", "O"):
        return "0" if np.count_nonzero(ink.any(axis=1)) >= NOUGHT * np.count_nonzero(ink.any(axis=0)) else text
    return text


def _strokes(darkness: Gray) -> int:
    """How many upright strokes stand side by side."""
    across = darkness.sum(axis=0, dtype=np.int64)
    dark = np.concatenate([[False], across > STROKE_DARK * across.max(initial=0)])
    return int(np.count_nonzero(dark[1:] & ~dark[:-1]))


def _word(chunk: Chunk, reading: Reading, group: list[int], start: float, end: float, size: float, stroke: float) -> ReadWord:
    """The word of some characters, its box drawn around its own ink between two cuts."""
    text = _by_shape("".join(reading.text[i] for i in group), chunk, start, end)
    ys, xs = np.nonzero(chunk.ink[:, int(start) : max(int(start) + 1, int(end))])
    if xs.size:
        x0, x1 = int(start) + int(xs.min()), int(start) + int(xs.max()) + 1
        y0, y1 = int(ys.min()), int(ys.max()) + 1
    else:
        width = chunk.crop.shape[1]
        x0, x1 = int(reading.places[group[0]] * width), int(reading.places[group[-1]] * width) + 1
        y0, y1 = chunk.y0 - chunk.top, chunk.y1 - chunk.top
    sign = [reading.probabilities[group[0]]] if SIGNED.match(text) else []
    meant = sign + [reading.probabilities[i] for i in group if reading.text[i].isalnum()]
    digits = sign + [reading.probabilities[i] for i in group if reading.text[i].isdigit()]
    confidence = min(meant or [reading.probabilities[i] for i in group])
    box = (chunk.left + x0, chunk.top + y0, chunk.left + x1, chunk.top + y1)
    return ReadWord(text, *box, confidence, size, stroke, min(digits, default=1.0))
