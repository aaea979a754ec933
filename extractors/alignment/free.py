"""Tables without any rule that helps: found by the columns that their figures and names line up in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from extractors.alignment.columns import edges_by_text, ruling_edges
from extractors.alignment.grid import Grid, raw_table
from extractors.alignment.gutters import Gutter, gutters
from extractors.alignment.headings import headings_of, lone_titles
from extractors.alignment.hints import edges_by_hints
from extractors.alignment.numbered import number_row
from extractors.alignment.rows import anchors_of, column_lines, is_code, is_figure, row_ends, stray_dashes
from extractors.alignment.text import (
    CAPTION,
    Line,
    is_amount,
    is_currency,
    is_key,
    lines_of,
    phrases_of,
    text_line,
    text_size,
)
from extractors.types import Page, RawTable, Word

_ROWS = 3  # white strips between lines that tell how far apart rows stand
_LEADER = re.compile(r"\.{4,}|…{2,}|(?:\. ){4,}")


@dataclass(frozen=True, slots=True)
class Region:
    """Lines of a page that may be a table, with the gutters between its columns."""

    lines: tuple[Line, ...]
    white: tuple[Gutter, ...]
    x0: float
    x1: float


def free_tables(page: Page, words: Sequence[Word], hints: Iterable[RawTable]) -> list[RawTable]:
    """The tables among `words` that only alignment tells, from top to bottom."""
    lines = lines_of(words)
    tables: list[RawTable] = []
    for first, last in _runs(lines):
        region = _region(lines, first, last)
        table = _table(page, region, hints) if region else None
        if table is not None:
            tables.append(table)
    return tables


def _seed(line: Line) -> bool:
    """Whether a line by itself looks like a row: three texts apart, or a text and an amount far from it, or column numbers."""
    pieces = phrases_of(line, 1.2)
    if len(pieces) < 2 or _LEADER.search(line.text) or any(piece.text in (":", "=") for piece in pieces) or pieces[1].text.startswith(":"):
        return False
    if len(pieces) == 2:
        return is_amount(pieces[1].words[-1].text) and pieces[1].bbox.x0 - pieces[0].bbox.x1 > 2 * line.size
    return True


def _runs(lines: Sequence[Line]) -> list[tuple[int, int]]:
    """First and last line of each run of rows; running text and large gaps part the runs."""
    width = max((line.bbox.x1 for line in lines), default=0) - min((line.bbox.x0 for line in lines), default=0)
    seeds = [place for place, line in enumerate(lines) if _seed(line)]
    runs: list[list[int]] = []
    for seed in seeds:
        if runs and not _parted(lines, runs[-1][-1], seed, width):
            runs[-1].append(seed)
        else:
            runs.append([seed])
    return [(run[0], run[-1]) for run in runs if len(run) >= 3]


def _parted(lines: Sequence[Line], before: int, after: int, width: float) -> bool:
    wide = 0
    for upper, lower in pairwise(lines[before : after + 1]):
        if lower.bbox.y0 - upper.bbox.y1 > 4 * max(lower.size, upper.size):
            return True
    for line in lines[before + 1 : after]:
        pieces = phrases_of(line, 1.2)
        wide += len(pieces) == 1 and line.bbox.width > 0.6 * width
        larger = len(pieces) == 1 and line.size > 1.15 * max(lines[before].size, lines[after].size)
        if CAPTION.match(line.text) or wide > 1 or larger or _LEADER.search(line.text):
            return True
    return False


def _region(lines: Sequence[Line], first: int, last: int) -> Region | None:
    """The run with the header over it and the wrapped lines under it, where it has the columns of a table."""
    body = list(lines[first : last + 1])
    size = text_size([word for line in body for word in line.words])
    x0, x1 = min(line.bbox.x0 for line in body) - 1, max(line.bbox.x1 for line in body) + 1
    white = gutters(body, x0, x1, size)
    if not white:
        return None
    steps = [b.y - a.y for a, b in pairwise(body)]
    leading = max(median([step for step in steps if 0 < step < 2.5 * size] or [1.2 * size]), size)
    rows = [step for step in steps if step > 1.5 * leading]
    room = max(2.2 * leading, 1.2 * median(rows) if len(rows) >= _ROWS else 0.0)
    while last + 1 < len(lines) and _follows(lines[last], lines[last + 1], leading) and _fits(lines[last + 1], white, size, x0, x1):
        last += 1
        body.append(lines[last])
    top = first
    while top > 0 and first - top < 9 and body[0].y - lines[top - 1].y < room and _heads(lines[top - 1], white, size, x0, x1):
        top -= 1
        body.insert(0, lines[top])
    x0, x1 = min(line.bbox.x0 for line in body) - 1, max(line.bbox.x1 for line in body) + 1
    return Region(tuple(body), tuple(white), x0, x1)


def _follows(upper: Line, lower: Line, leading: float) -> bool:
    """Whether the next line is near enough to be of the same table: a row of its own may stand further off than a wrapped line."""
    return lower.y - upper.y < (2.0 if len(phrases_of(lower, 1.2)) > 1 else 1.3) * leading


def _fits(line: Line, white: Sequence[Gutter], size: float, x0: float, x1: float) -> bool:
    """Whether a line can be the rest of a row: in the columns, in their type size, no title."""
    if line.bbox.x0 < x0 - size or line.bbox.x1 > x1 + size or abs(line.size - size) > 0.15 * size or CAPTION.match(line.text):
        return False
    return not any(_crosses(piece, white) for piece in phrases_of(line, 0.6))


def _heads(line: Line, white: Sequence[Gutter], size: float, x0: float, x1: float) -> bool:
    """Whether a line can be part of the header: in the columns, or beside other titles over several of them."""
    if line.bbox.x0 < x0 - size or line.bbox.x1 > x1 + size or line.size > 1.2 * size:
        return False
    if CAPTION.match(line.text) or _LEADER.search(line.text):
        return False
    pieces = phrases_of(line, 0.9)
    if len(pieces) == 1 and _crosses(line, white) and (line.bbox.x0 - x0 < 4 or abs(line.bbox.centre[0] - (x0 + x1) / 2) < 6):
        return False  # the title of the whole table
    return all(piece.bbox.width < 0.6 * (x1 - x0) or not _crosses(piece, white) for piece in pieces)


def _crosses(piece: Line, white: Sequence[Gutter]) -> bool:
    return any(piece.bbox.x0 < gutter[0] and gutter[1] < piece.bbox.x1 for gutter in white)


def _table(page: Page, region: Region, hints: Iterable[RawTable]) -> RawTable | None:
    numbered = number_row(region.lines)
    start = numbered[0] + 1 if numbered else _body_start(region)
    header, body = region.lines[:start], region.lines[start:]
    if len(body) < (1 if numbered else 3):
        return None
    size = text_size([word for line in body for word in line.words])
    white = gutters(body, region.x0, region.x1, size)
    region = Region(region.lines, tuple(white), region.x0, region.x1)
    edges, how = _edges(page, region, header, body, numbered[1] if numbered else [], hints)
    if len(edges) < 3 or not _tabular(body, edges, bool(numbered), how == "hint"):
        return None
    columns = column_lines([word for line in body for word in line.words], edges)
    anchors = anchors_of(columns, figures=False) or anchors_of(columns, figures=True)
    stray = {word.bbox for line in stray_dashes(columns, anchors) for word in line.words}
    columns = [[line for line in column if line.words[0].bbox not in stray] for column in columns]
    ends = row_ends(columns, anchors, gaps=True)
    if len(ends) < 2 and not numbered:
        return None
    starts = {start - 1, start} if numbered else {start}  # the column numbers are a row, and what stands over them
    lines = region.lines
    tops = [(lines[place - 1].y + lines[place].y) / 2 for place in sorted(starts) if place > 0]
    heights = [lines[0].bbox.y0 - 1, *tops, *ends, lines[-1].bbox.y1 + 1]
    words = [word for line in region.lines for word in line.words if word.bbox not in stray]
    headings = headings_of(header[:-1] if numbered else header, edges)
    under = {heading.bottom: set[int]() for heading in headings}
    for heading in headings:
        under[heading.bottom].update(range(heading.first, heading.last + 1))
    heights = sorted([*heights, *under])
    if not numbered and tops:
        headings += lone_titles(header, edges, tops[-1])
    grid = Grid(words, edges, heights, lambda column, k: column in under.get(heights[k], {column}), headings)
    grid.fill()
    sure = 0.8 if numbered or how != "gutters" else 0.65
    reason = f"no rules; columns from {_WAYS[how]}, rows from codes and figures"
    return raw_table(grid, page.number, "columns" if how == "rules" else "alignment", reason, sure)


_WAYS = {
    "rules": "vertical rules",
    "hint": "the same table on the page before",
    "numbers": "the column numbers",
    "gutters": "white gutters and titles",
}


def _edges(
    page: Page, region: Region, header: Sequence[Line], body: Sequence[Line], numbers: Sequence[Line], hints: Iterable[RawTable]
) -> tuple[list[float], str]:
    drawn = ruling_edges(page.rulings, region.x0, region.x1, body[0].bbox.y0, body[-1].bbox.y1)
    if drawn:
        return drawn, "rules"
    white = region.white
    width = region.x1 - region.x0
    alike = [hint for hint in hints if abs(hint.bbox.width - width) <= 0.15 * hint.bbox.width]
    edges = edges_by_hints(alike, header, body, numbers, white)
    if edges:
        return edges, "hint"
    return edges_by_text(body, header, numbers, white, region.x0, region.x1, framed=False), "numbers" if numbers else "gutters"


def _body_start(region: Region) -> int:
    """The place of the first line under the header: after the last words that stand, over all entries, in a column of figures or codes."""
    bounds = [region.x0, *((a + b) / 2 for a, b in region.white), region.x1]
    columns = column_lines([word for line in region.lines for word in line.words], bounds)
    end = region.lines[0].bbox.y0 - 1
    for column in columns:
        entries = [line for line in column if is_figure(line) or is_code(line)]
        if len(entries) < 3 or len(entries) < 0.5 * len(column):
            continue
        first = entries[0]
        above = [
            line for line in column if line.y < first.y and line not in entries and not all(is_currency(word.text) for word in line.words)
        ]
        end = max([end, *(line.y for line in above)])
    return max(sum(1 for line in region.lines if line.y <= end + 0.5), _first_row(region))


def _first_row(region: Region) -> int:
    """The place of the first line of the row of the first amount: lines of a row stand closer than the header does; 0 where none does."""
    lines = region.lines
    steps = [b.y - a.y for a, b in pairwise(lines) if b.y - a.y > 0.9 * a.size]
    least = min(steps, default=0.0)
    at = next((at for at, line in enumerate(lines) if any(is_amount(word.text) for word in line.words)), 0)
    while at > 0 and lines[at].y - lines[at - 1].y <= least + 0.15 * lines[at].size:
        if is_key(lines[at].words[0].text) and lines[at].y - lines[at - 1].y > 1.35 * lines[at].size:
            break
        at -= 1
    return at


def _tabular(body: Sequence[Line], edges: Sequence[float], numbered: bool, continued: bool) -> bool:
    """Three columns, or two with amounts; figures in line in one of them, or column numbers; and no text that runs on over the edges."""
    columns = column_lines([word for line in body for word in line.words], edges)
    filled = [column for column in columns if column]
    amounts = sum(1 for line in body for word in line.words if is_amount(word.text))
    if len(filled) < (2 if amounts >= 3 else 3):
        return False
    inner = [(edge - 2, edge + 2) for edge in edges[1:-1]]
    crossing = sum(1 for line in body if any(_crosses(text_line([word]), inner) for word in line.words))
    if crossing > (0.5 if numbered or continued else 0.2) * len(body):
        return False
    aligned = max((_in_line(column) for column in filled[1:]), default=0)
    return numbered or (aligned >= (3 if continued else 4) and (continued or amounts >= 3 or len(filled) >= 4))


def _in_line(column: Sequence[Line]) -> int:
    """How many entries of a column are figures that end (or stand) at the same place."""
    figures = [line for line in column if is_figure(line)]
    if len(figures) < 0.5 * len(column):
        return 0
    best = 0
    for marks in zip(*((line.bbox.x0, line.bbox.centre[0], line.bbox.x1) for line in figures), strict=True):
        best = max([best, *(sum(1 for other in marks if abs(other - mark) <= 2.0) for mark in marks)])
    return best
