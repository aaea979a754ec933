"""Words into cells and lines; the lines outside the tables; what a table's confidence means."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence

from extractors.grid import Grid, Span
from extractors.types import Bbox, Cell, RawTable, TextLine, Word

_PROSE_GAP_EM = 5.0  # a wider gap separates two columns of text
_DOUBT_COUNTS = 20  # a table is right only where nearly all its words are: the doubt of the mean word counts many times (measured)


def text_lines(words: Iterable[Word]) -> list[list[Word]]:
    """Words by printed line from top to bottom, each from left to right; raised and lowered signs stay on their line."""
    lines: list[list[Word]] = []
    main: list[Bbox] = []
    for word in sorted(words, key=lambda item: (item.bbox.y0 + item.bbox.y1, item.bbox.x0)):
        box = word.bbox
        for at in range(len(lines) - 1, max(len(lines) - 3, -1), -1):
            shared = min(box.y1, main[at].y1) - max(box.y0, main[at].y0)
            if shared > 0.5 * min(box.height, main[at].height):
                lines[at].append(word)
                if box.height > main[at].height:
                    main[at] = box
                break
        else:
            lines.append([word])
            main.append(box)
    order = sorted(range(len(lines)), key=lambda at: main[at].y0 + main[at].y1)
    return [sorted(lines[at], key=lambda item: item.bbox.x0) for at in order]


def joined(words: Sequence[Word]) -> str:
    return " ".join(word.text for word in words)


def hull(boxes: Iterable[Bbox]) -> Bbox:
    items = list(boxes)
    return Bbox(min(b.x0 for b in items), min(b.y0 for b in items), max(b.x1 for b in items), max(b.y1 for b in items))


def within(point: tuple[float, float], box: Bbox, margin: float = 1.0) -> bool:
    return box.x0 - margin <= point[0] <= box.x1 + margin and box.y0 - margin <= point[1] <= box.y1 + margin


def prose_lines(words: Iterable[Word]) -> list[TextLine]:
    """The lines of running text, from top to bottom; a line with a wide gap gives two."""
    result = []
    for line in text_lines(words):
        parts: list[list[Word]] = []
        for word in line:
            if parts and word.bbox.x0 - parts[-1][-1].bbox.x1 < _PROSE_GAP_EM * max(word.size, 4.0):
                parts[-1].append(word)
            else:
                parts.append([word])
        for part in parts:
            letters = sum(len(w.text) for w in part)
            bold = 2 * sum(len(w.text) for w in part if w.bold) > letters
            result.append(TextLine(joined(part), hull(w.bbox for w in part), max(w.size for w in part), bold))
    return result


def fill_grid(grid: Grid, words: Sequence[Word], page: int, order: int, method: str, reason: str) -> tuple[RawTable, set[int]]:
    """The table of a grid, and the places in `words` that went into its cells."""
    owner = {
        (r, c): at
        for at, s in enumerate(grid.spans)
        for r in range(s.row, s.row + s.rowspan)
        for c in range(s.column, s.column + s.colspan)
    }
    content: list[list[Word]] = [[] for _ in grid.spans]
    used: set[int] = set()
    frame = grid.bbox
    straddling = 0.0
    lost = 0
    xs, ys, boxes = grid.xs, grid.ys, [grid.box(span) for span in grid.spans]
    for index, word in enumerate(words):
        x0, y0, x1, y1 = word.bbox
        x, y = (x0 + x1) / 2, (y0 + y1) / 2
        if not (frame.x0 <= x <= frame.x1 and frame.y0 <= y <= frame.y1):
            continue
        row = min(bisect_right(ys, y) - 1, len(ys) - 2)
        column = min(bisect_right(xs, x) - 1, len(xs) - 2)
        at = owner.get((row, column))
        if at is None:
            lost += 1
            continue
        content[at].append(word)
        used.add(index)
        box = boxes[at]
        if x0 < box.x0 or x1 > box.x1:
            straddling += max(box.x0 - x0, x1 - box.x1) > max(0.6 * word.size, 0.15 * (x1 - x0))
    cells = tuple(_cell(span, box, inside, page) for span, box, inside in zip(grid.spans, boxes, content, strict=True))
    confidence = _confidence(grid, len(used), lost, straddling, [w for inside in content for w in inside])
    table = RawTable(page, order, len(grid.ys) - 1, len(grid.xs) - 1, cells, frame, grid.xs, grid.ys, method, reason, confidence)
    return table, used


def _cell(span: Span, box: Bbox, words: list[Word], page: int) -> Cell:
    if not words:
        return Cell(span.row, span.column, span.rowspan, span.colspan, (), box, page)
    lines = tuple(joined(line) for line in text_lines(words)) if len(words) > 1 else (words[0].text,)
    bold = 2 * sum(len(w.text) for w in words if w.bold) > sum(len(w.text) for w in words)
    confidence = min(w.confidence for w in words)
    return Cell(span.row, span.column, span.rowspan, span.colspan, lines, box, page, bold, confidence, whole_text(words))


def whole_text(words: Sequence[Word]) -> str | None:
    """All that the file holds of a cell's text, where the page shows only a part of some word; else None."""
    if all(word.whole is None for word in words):
        return None
    return " ".join(word.whole or word.text for line in text_lines(words) for word in line)


def _confidence(grid: Grid, used: int, lost: int, straddling: float, words: Sequence[Word]) -> float:
    """Shares of words that lie cleanly in one cell, of the frame that is closed, of cells that are rectangles, of readable letters."""
    if not used:
        return 0.0
    clean = 1 - straddling / used
    assigned = used / (used + lost)
    whole = 1 - min(1.0, 4 * grid.odd / len(grid.spans))
    readable = (sum(w.confidence for w in words) / len(words)) ** _DOUBT_COUNTS
    return round(max(0.0, clean**2 * assigned**2 * (0.5 + 0.5 * whole) * (0.5 + 0.5 * min(grid.closed / 0.98, 1.0)) * readable), 4)
