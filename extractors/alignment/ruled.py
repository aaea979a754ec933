"""Tables whose rows are parted by horizontal rules and whose columns are not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from extractors.alignment.columns import edges_by_text, ruling_edges, segment_edges
from extractors.alignment.grid import Grid, raw_table
from extractors.alignment.gutters import gutters
from extractors.alignment.hints import edges_by_hints
from extractors.alignment.numbered import number_row
from extractors.alignment.rules import Frame
from extractors.alignment.text import Line, bands_of, column_at, inside, is_amount, lines_of, text_line, text_size
from extractors.types import Bbox, Page, RawTable, Word


def ruled_table(page: Page, frame: Frame, words: Sequence[Word], hints: Iterable[RawTable]) -> RawTable | None:
    """The table of one frame of horizontal rules, or None where its text has no columns."""
    box = Bbox(frame.x0 - 2, frame.rules[0].y, frame.x1 + 2, frame.rules[-1].y)
    body = [word for word in words if inside(word, box)]
    edges, how, sure = _columns(page, frame, body, hints)
    if len(edges) < 3 or not _tabular(frame, body, edges):
        return None
    heights = [rule.y for rule in frame.rules]
    outside = [word for word in words if not inside(word, box)]
    size = text_size(body)
    tail = _cut_row(lines_of(word for word in outside if word.bbox.centre[1] > box.y1), edges, size, page.height, down=True)
    head = _cut_row(lines_of(word for word in outside if word.bbox.centre[1] < box.y0), edges, size, page.height, down=False)
    if tail and tail[0].bbox.y0 - box.y1 <= 1.5 * size:
        heights.append(tail[-1].bbox.y1 + 1)
        body += [word for line in tail for word in line.words]
    if head and box.y0 - head[-1].bbox.y1 <= 1.5 * size:
        heights.insert(0, head[0].bbox.y0 - 1)
        body += [word for line in head for word in line.words]
    rules = {rule.y: rule for rule in frame.rules}

    def drawn(column: int, k: int) -> bool:
        rule = rules.get(heights[k])
        return rule is None or rule.covers(edges[column], edges[column + 1])

    grid = Grid(body, edges, heights, drawn)
    grid.fill()
    if len({row for (row, _), words_here in grid.words.items() if words_here}) < 2:
        return None
    return raw_table(grid, page.number, "rows", f"rows parted by {len(frame.rules)} horizontal rules, columns from {how}", sure)


def _columns(page: Page, frame: Frame, body: Sequence[Word], hints: Iterable[RawTable]) -> tuple[list[float], str, float]:
    edges = segment_edges(frame)
    if edges:
        return edges, "the ends of the rules' segments", 0.97
    edges = ruling_edges(page.rulings, frame.x0, frame.x1, frame.rules[0].y, frame.rules[-1].y)
    if edges:
        return edges, "vertical rules", 0.95
    lines = [line for band in bands_of(body, [rule.y for rule in frame.rules]) for line in lines_of(band)]
    size = text_size(body)
    numbered = number_row(lines)
    split = next((k for k, rule in enumerate(frame.rules[1:], 1) if frame.whole(rule)), 1)
    start = numbered[0] + 1 if numbered else sum(1 for line in lines if line.y < frame.rules[split].y)
    numbers = numbered[1] if numbered else []
    header = _without_groups(frame, lines[: start - 1] if numbered else lines[:start])
    white = gutters(lines[start:] or lines, frame.x0, frame.x1, size)
    alike = [hint for hint in hints if abs(hint.bbox.width - (frame.x1 - frame.x0)) <= 8]
    edges = edges_by_hints(alike, header, lines[start:] or lines, numbers, white)
    if edges:
        return edges, "the same table on the page before", 0.88
    edges = edges_by_text(lines[start:] or lines, header, numbers, white, frame.x0, frame.x1, framed=True)
    return edges, "the column numbers" if numbers else "white gutters", 0.88 if numbers else 0.85


def _without_groups(frame: Frame, header: Sequence[Line]) -> list[Line]:
    """The header's lines without the titles of groups, which stand over a partial rule."""
    partial = [rule for rule in frame.rules if not frame.whole(rule)]

    def group(word: Word) -> bool:
        x, y = word.bbox.centre
        return any(y < rule.y and rule.y < header[-1].bbox.y1 and rule.covers(x - 1, x + 1) for rule in partial)

    kept = ([word for word in line.words if not group(word)] for line in header)
    return [text_line(words) for words in kept if words]


def _tabular(frame: Frame, body: Sequence[Word], edges: Sequence[float]) -> bool:
    """Three columns, or two with amounts, more than one filled in at least two rows, and few empty rows (a chart's grid has many)."""
    rows = bands_of(body, [rule.y for rule in frame.rules])
    if sum(1 for row in rows if not row) > 0.4 * len(rows):
        return False
    filled = sum(1 for row in rows if len({column_at(edges, word.bbox.centre[0]) for word in row}) > 1)
    return filled >= max(min(2, len(rows)), 0.4 * len(rows)) and (len(edges) > 3 or any(is_amount(word.text) for word in body))


def _cut_row(lines: Sequence[Line], edges: Sequence[float], size: float, height: float, down: bool) -> list[Line]:
    """Lines of a row that the page's end cut off: beyond the last rule (`down`) or over the first one, in the table's own columns."""
    ordered = list(lines) if down else list(reversed(lines))
    taken: list[Line] = []
    for line in ordered:
        if taken and _distance(taken[-1], line) > 0.9 * size:
            break
        if any(abs(word.size - size) > 0.12 * size for word in line.words) or not _fits(line, edges):
            break
        taken.append(line)
    left = ordered[len(taken) :]
    stray = sum(len(line.words) for line in left)
    margin = all(line.y > 0.88 * height if down else line.y < 0.12 * height for line in left)
    columns = {column_at(edges, word.bbox.centre[0]) for line in taken for word in line.words}
    if stray > 15 or not margin or len(columns) < 2:
        return []
    return taken if down else taken[::-1]


def _distance(first: Line, second: Line) -> float:
    return max(second.bbox.y0 - first.bbox.y1, first.bbox.y0 - second.bbox.y1)


def _fits(line: Line, edges: Sequence[float]) -> bool:
    if line.bbox.x0 < edges[0] - 2 or line.bbox.x1 > edges[-1] + 2:
        return False
    return not any(word.bbox.x0 + 1.5 < edge < word.bbox.x1 - 1.5 for word in line.words for edge in edges[1:-1])
