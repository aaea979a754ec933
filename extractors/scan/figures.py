"""A second look at figures, so that a well-formed but wrong amount does not pass as certain.

The recogniser's own probability is a good witness on clean pages: at 90 dpi and better, right figures have 0.999 and more on their weakest
digit, while wrong ones stayed under 0.995. On smudged black-and-white scans wrong digits reach 0.999 too, so those are looked at harder.
The second look reads the figure alone, from its black-and-white shape instead of its greys, which fails in other places than the first.
Nothing is corrected here: a figure in doubt keeps its first reading and loses its confidence.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

import cv2
import numpy as np

from extractors.scan.image import WHITE, Gray, Mask
from extractors.scan.recognise import Recogniser
from extractors.scan.segment import Chunk
from extractors.scan.words import ReadWord

CERTAIN = 0.997  # weakest digit: over this a figure may stand against a differing second look, if a third agrees; under it all must agree
WEAK = 0.8  # the weakest digit under which agreement does not help
DOUBT = 0.4  # the most that a figure in doubt keeps
STRUCK = 0.02  # the share of a figure's box under foreign strokes from which it is in doubt
POOR_PAGE = 0.1  # the share of figures in doubt from which each figure must be certain and stand two harder looks

Look = Callable[[Chunk, ReadWord], Gray]


def is_figure(text: str) -> bool:
    """Whether a word is a figure worth a second look: three digits or more, and little else."""
    digits = sum(c.isdigit() for c in text)
    return digits >= 3 and digits >= 0.55 * len(text)


def digits_of(text: str) -> str:
    """The digits alone: separators are read less surely and are restored elsewhere, by the style of their column."""
    return "".join(c for c in text if c.isdigit())


def looked_at_again(found: Sequence[tuple[Chunk, ReadWord]], reader: Recogniser, batch_pixels: int) -> list[ReadWord]:
    """The words, with figures on which two looks differ set under `DOUBT`; a page that reads poorly is looked at harder."""
    figures = [i for i, (_, word) in enumerate(found) if is_figure(word.text)]

    def differing(look: Look, among: Iterable[int]) -> set[int]:
        places = list(among)
        readings = reader.read([look(*found[i]) for i in places], batch_pixels)
        return {i for i, reading in zip(places, readings, strict=True) if digits_of(found[i][1].text) != digits_of(reading.text)}

    uncertain = {i for i in figures if found[i][1].digit_confidence < CERTAIN}
    apart = differing(black_and_white, figures)
    doubted = (apart & uncertain) | differing(enlarged, sorted(apart - uncertain))
    doubted |= {i for i in figures if found[i][1].digit_confidence < WEAK}
    for look in (enlarged, smeared, thickened):
        doubted |= differing(look, sorted(uncertain - doubted))
    if len(doubted) > max(2.0, POOR_PAGE * len(figures)):
        doubted |= uncertain
        for look in (smeared, thickened):
            doubted |= differing(look, [i for i in figures if i not in doubted])
    words = [word for _, word in found]
    for i in doubted:
        words[i] = replace(words[i], confidence=min(words[i].confidence, DOUBT))
    return words


def doubted_under(struck: Mask, words: Sequence[ReadWord]) -> list[ReadWord]:
    """The words, with figures set under `DOUBT` over whose place a pen or a stamp went: what is left of a digit may be another."""
    return [replace(w, confidence=min(w.confidence, DOUBT)) if is_figure(w.text) and _share(struck, w) > STRUCK else w for w in words]


def _share(mask: Mask, word: ReadWord) -> float:
    inside = mask[int(word.y0) : int(word.y1), int(word.x0) : int(word.x1)]
    return float(inside.mean()) if inside.size else 0.0


def black_and_white(chunk: Chunk, word: ReadWord) -> Gray:
    """The word alone, drawn from its binarised shape."""
    return softened(_window(chunk, word, np.where(chunk.ink, 0, WHITE).astype(np.uint8)) < WHITE)


def softened(ink: Mask) -> Gray:
    """A black-and-white shape three times enlarged, its steps smoothed."""
    shape = cv2.resize(np.where(ink, 0, WHITE).astype(np.uint8), None, fx=3, fy=3, interpolation=cv2.INTER_CUBIC)
    return np.asarray(cv2.GaussianBlur(shape, (0, 0), 1.5), np.uint8)


def enlarged(chunk: Chunk, word: ReadWord) -> Gray:
    """The word alone in its greys, at twice the scale."""
    return np.asarray(cv2.resize(_window(chunk, word, chunk.crop), None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC), np.uint8)


def smeared(chunk: Chunk, word: ReadWord) -> Gray:
    """The word alone, out of focus: strokes that smudges have tied together part again into what they mostly are."""
    window = _window(chunk, word, chunk.crop)
    return np.asarray(cv2.GaussianBlur(window, (0, 0), 0.075 * window.shape[0]), np.uint8)


def thickened(chunk: Chunk, word: ReadWord) -> Gray:
    """The word alone with strokes one pixel wider: openings that are all but closed close."""
    return np.asarray(cv2.erode(_window(chunk, word, chunk.crop), np.ones((3, 3), np.uint8)), np.uint8)


def _window(chunk: Chunk, word: ReadWord, pixels: Gray) -> Gray:
    """The part of a line image that holds one word, with a narrow white border."""
    pad = max(2, round(0.15 * (word.y1 - word.y0)))
    rows = slice(int(word.y0) - chunk.top, int(word.y1) - chunk.top)
    columns = slice(int(word.x0) - chunk.left, int(word.x1) - chunk.left)
    return np.pad(pixels[rows, columns], pad, constant_values=WHITE)
