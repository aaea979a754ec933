"""A tiny typesetter for tests: page models of words at given places, with a made-up font of constant width."""

from __future__ import annotations

from collections.abc import Sequence

from extractors.types import Bbox, Page, RawTable, Ruling, TextKind, Word

SIZE = 8.0
EM = 0.5 * SIZE  # width of every letter
SPACE = 0.3 * SIZE


def text_width(text: str, size: float = SIZE) -> float:
    words = text.split()
    return (sum(len(word) * EM for word in words) + SPACE * (len(words) - 1)) * size / SIZE


def put(text: str, x: float, y: float, align: str = "left", bold: bool = False, size: float = SIZE) -> list[Word]:
    """The words of `text` on one line whose left end, middle or right end is at `x`; `y` is the top."""
    start = x - {"left": 0.0, "centre": 0.5, "right": 1.0}[align] * text_width(text, size)
    words = []
    for word in text.split():
        width = len(word) * EM * size / SIZE
        words.append(Word(word, Bbox(start, y, start + width, y + size), size, bold))
        start += width + SPACE * size / SIZE
    return words


def rule(y: float, x0: float, x1: float) -> Ruling:
    return Ruling(x0, y, x1, y)


def page(words: Sequence[Word], rulings: Sequence[Ruling] = (), width: float = 600.0, height: float = 800.0) -> Page:
    return Page(1, width, height, 0, TextKind.TEXT, tuple(words), tuple(rulings))


def texts(table: RawTable) -> list[list[str]]:
    """The cells' texts by row and column; a merged cell's text stands at its first place."""
    rows = [[""] * table.n_columns for _ in range(table.n_rows)]
    for cell in table.cells:
        rows[cell.row][cell.column] = cell.text
    return rows
