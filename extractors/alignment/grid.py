"""From column edges and row heights to the cells of a raw table: words into cells, cells over several columns or rows."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from itertools import pairwise

from extractors.alignment.headings import Heading
from extractors.alignment.text import DASHES, Line, bands_of, column_at, is_number, lines_of, phrases_of
from extractors.layout import hull, whole_text
from extractors.types import Bbox, Cell, RawTable, Word

CLOSE = 0.5  # gap between words of one phrase, in font sizes
_OFTEN = 4  # texts that reach over an edge, from which on it is known to part texts set close, where they hardly ever stand on it
_SELDOM = 0.15
Place = tuple[int, int]


class Grid:
    """Words on a raster of column edges and row heights; `drawn(column, k)` tells whether height `k` bounds the cells of that column.

    `headings` are the titles over several columns that are known; others are told from where their texts stand.
    """

    def __init__(
        self,
        words: Sequence[Word],
        edges: Sequence[float],
        heights: Sequence[float],
        drawn: Callable[[int, int], bool],
        headings: Sequence[Heading] = (),
    ) -> None:
        self.edges, self.heights, self.headings = list(edges), list(heights), headings
        self.columns, self.rows = len(edges) - 1, len(heights) - 1
        self.top = [[0] * self.columns for _ in range(self.rows)]
        for column in range(self.columns):
            for row in range(1, self.rows):
                self.top[row][column] = row if drawn(column, row) else self.top[row - 1][column]
        self.words: dict[Place, list[Word]] = defaultdict(list)
        self.last: dict[Place, int] = {}
        self.bands = bands_of(words, self.heights)
        self.phrases = [[phrase for line in lines_of(band) for phrase in phrases_of(line, CLOSE)] for band in self.bands]
        self.lefts, self.rights = self._alignments()
        over, struck = self._over([phrase for phrases in self.phrases for phrase in phrases])
        self.open = {edge for edge, times in over.items() if times >= _OFTEN and struck[edge] <= _SELDOM * times}

    def column_of(self, x: float) -> int:
        return column_at(self.edges, x)

    def _alignments(self) -> tuple[list[set[int]], list[set[int]]]:
        """Per column the usual left and right ends of its texts, in whole points."""
        starts = [Counter[int]() for _ in range(self.columns)]
        ends = [Counter[int]() for _ in range(self.columns)]
        for phrases in self.phrases:
            for phrase in phrases:
                starts[self.column_of(phrase.bbox.x0 + 1)][round(phrase.bbox.x0)] += 1
                ends[self.column_of(phrase.bbox.x1 - 1)][round(phrase.bbox.x1)] += 1
        return [_frequent(count) for count in starts], [_frequent(count) for count in ends]

    def fill(self) -> None:
        """Put every word into its cell, and widen the cells whose text runs over several columns."""
        for heading in self.headings:
            self.last[(self.top[self.heights.index(heading.bottom) - 1][heading.first], heading.first)] = heading.last
        header = self._header_rows()
        for row in range(header):
            self._group(row)
        for row, phrases in enumerate(self.phrases):
            self._place(row, phrases)

    def _header_rows(self) -> int:
        """How many rows stand over the first height that is drawn through all columns (0 if that is the first one)."""
        whole = next((k for k in range(1, self.rows) if all(self.top[k][c] == k for c in range(self.columns))), 0)
        return whole if whole > 1 else 0

    def _group(self, row: int) -> None:
        """Spans of the group titles of a header row: each run of cells over a partial rule is shared out by the titles' middles."""
        closed = [row + 1 < self.rows and self.top[row + 1][column] == row + 1 for column in range(self.columns)]
        start = 0
        while start < self.columns:
            end = start
            while end < self.columns and closed[end] and self.top[row][end] == self.top[row][start]:
                end += 1
            if end - start > 1:
                self._share(row, start, end)
            start = max(end, start + 1)

    def _share(self, row: int, start: int, end: int) -> None:
        top = self.top[row][start]
        if any((top, column) in self.last for column in range(start, end)):
            return
        x0, x1 = self.edges[start], self.edges[end]
        words = [word for band in self.bands[top : row + 1] for word in band if x0 <= word.bbox.centre[0] < x1]
        titles = titles_of(words)
        if not titles or len(titles) >= end - start:
            return
        groups = best_groups([title.centre[0] for title in titles], self.edges[start : end + 1])
        for first, last in groups:
            if last > first:
                self.last[(top, start + first)] = start + last

    def _place(self, row: int, phrases: Sequence[Line]) -> None:
        reach = [(self.column_of(phrase.bbox.x0 + 1.0), self.column_of(phrase.bbox.x1 - 1.0)) for phrase in phrases]
        open_edges = self._open_edges(phrases)
        for phrase, (first, last) in zip(phrases, reach, strict=True):
            cell = self._cell(row, first)
            if last <= self.last.get(cell, cell[1]):
                self.words[cell] += phrase.words
                continue
            others = any(other is not phrase and not (b <= first or a > last) for other, (a, b) in zip(phrases, reach, strict=True))
            blocked = others or any(self.top[row][c] != self.top[row][first] for c in range(first, last + 1))
            self._cross(row, phrase, first, last, blocked, open_edges)
        if len({self._cell(row, first) for first, _ in reach}) == 1 and phrases:
            self._widen_title(row, phrases)

    def _open_edges(self, phrases: Sequence[Line]) -> set[float]:
        """Edges that two or more of the phrases reach over without any word that stands on them: two texts set close, not one."""
        over, struck = self._over(phrases)
        return {edge for edge, times in over.items() if times > 1 and not struck[edge]}

    def _over(self, phrases: Sequence[Line]) -> tuple[Counter[float], Counter[float]]:
        """By edge, how many of the phrases reach over it, and how many of these have a word on it."""
        over, struck = Counter[float](), Counter[float]()
        for phrase in phrases:
            for edge in self.edges[1:-1]:
                if phrase.bbox.x0 + 1.0 < edge < phrase.bbox.x1 - 1.0:
                    over[edge] += 1
                    struck[edge] += any(word.bbox.x0 + 1.0 < edge < word.bbox.x1 - 1.0 for word in phrase.words)
        return over, struck

    def _cross(self, row: int, phrase: Line, first: int, last: int, others: bool, open_edges: set[float]) -> None:
        """Place a phrase that reaches over an edge: over several cells, cut at the edges, or overflowing from one cell."""
        inner = self.edges[first + 1 : last + 1]
        cut = [any(word.bbox.x0 + 1.0 < edge < word.bbox.x1 - 1.0 for word in phrase.words) for edge in inner]
        pieces: list[list[Word]] = [[phrase.words[0]]]
        for before, word in pairwise(phrase.words):
            between = [edge for edge in inner if before.bbox.x1 - 1.0 <= edge <= word.bbox.x0 + 1.0]
            if between and (self._starts(word, before, between) or any(edge in open_edges for edge in between)):
                pieces.append([])
            pieces[-1].append(word)
        if len(pieces) > 1:
            for piece in pieces:
                box = hull(word.bbox for word in piece)
                a, b = self.column_of(box.x0 + 1.0), self.column_of(box.x1 - 1.0)
                if a == b:
                    self.words[self._cell(row, a)] += piece
                else:
                    self._cross(row, Line(tuple(piece), box), a, b, True, open_edges)
        elif not others and not all(is_number(word.text) for word in phrase.words) and (any(cut) or len(phrase.words) > 1):
            cell = self._cell(row, first)
            self.last[cell] = max(self.last.get(cell, cell[1]), last)
            self.words[cell] += phrase.words
        else:
            self._overflow(row, phrase, first, last)

    def _starts(self, word: Word, before: Word, between: Sequence[float]) -> bool:
        """Whether a new cell begins with `word` after the edges `between`: texts begin there, or the figures of the column before end.

        A dash close before a word is a figure where figures end, and else opens its text (`- Musrenbang`).
        """
        if word.bbox.x0 - before.bbox.x1 > 0.38 * word.size:
            return True
        here, there = self.column_of(word.bbox.x0 + 1.0), self.column_of(before.bbox.x1 - 1.0)
        if is_number(before.text) and any(abs(before.bbox.x1 - x) <= 1.2 for x in self.rights[there]):
            return True
        if before.text in DASHES and not is_number(word.text):
            return False
        return any(edge in self.open for edge in between) or any(abs(word.bbox.x0 - x) <= 1.2 for x in self.lefts[here])

    def _overflow(self, row: int, phrase: Line, first: int, last: int) -> None:
        box = phrase.bbox
        numeric = all(is_number(word.text) for word in phrase.words)
        if numeric and any(abs(box.x1 - x) <= 1.5 for x in self.rights[last]):
            column = last
        elif last - first > 1 and any(abs(box.x0 - x) <= 1.5 for x in self.lefts[first]):
            column = first
        else:
            column = self.column_of(box.centre[0])
        self.words[self._cell(row, column)] += phrase.words

    def _widen_title(self, row: int, phrases: Sequence[Line]) -> None:
        """A single text in the middle of the whole row is a heading over all columns."""
        box = hull(phrase.bbox for phrase in phrases)
        middle = (self.edges[0] + self.edges[-1]) / 2
        first, last = self.column_of(box.x0), self.column_of(box.x1)
        if first == last or first == 0 or abs(box.centre[0] - middle) > 4 or any(top != row for top in self.top[row]):
            return
        cell = (row, first)
        moved = self.words.pop(cell, [])
        self.last.pop(cell, None)
        self.words[(row, 0)] += moved
        self.last[(row, 0)] = self.columns - 1

    def _cell(self, row: int, column: int) -> Place:
        top = self.top[row][column]
        for first in range(column, -1, -1):
            if self.last.get((top, first), first) >= column:
                return top, first
        return top, column

    def cells(self, page: int, ruled: bool) -> list[Cell]:
        """All cells in reading order, empty ones too; boxes of the grid where it is `ruled`, else of the text."""
        made: list[Cell] = []
        for row in range(self.rows):
            column = 0
            while column < self.columns:
                if self.top[row][column] != row:
                    column += 1
                    continue
                last = self.last.get((row, column), column)
                made.append(self._make(row, column, last, page, ruled))
                column = last + 1
        return made

    def _make(self, row: int, column: int, last: int, page: int, ruled: bool) -> Cell:
        bottom = row + 1
        while bottom < self.rows and self.top[bottom][column] == row:
            bottom += 1
        words = [word for c in range(column, last + 1) for word in self.words.get((row, c), [])]
        box = Bbox(self.edges[column], self.heights[row], self.edges[last + 1], self.heights[bottom])
        if words and not ruled:
            box = hull(word.bbox for word in words)
        return Cell(
            row=row,
            column=column,
            rowspan=bottom - row,
            colspan=last - column + 1,
            lines=tuple(line.text for line in lines_of(words)),
            bbox=box,
            page=page,
            bold=sum(word.bold for word in words) * 2 > len(words),
            confidence=min((word.confidence for word in words), default=1.0),
            conflict=whole_text(words),
        )


def _frequent(count: Counter[int]) -> set[int]:
    return {x for x, times in count.items() if times >= max(2, 0.12 * count.total())}


def titles_of(words: Sequence[Word]) -> list[Bbox]:
    """Boxes of titles that stand side by side: of the line with the most texts, or of wrapped lines, which overlap, taken together."""
    lines = [[phrase.bbox for phrase in phrases_of(line, 0.6)] for line in lines_of(words)]
    boxes: list[Bbox] = []
    for phrase in sorted((box for line in lines for box in line), key=lambda box: box.x0):
        if boxes and phrase.x0 < boxes[-1].x1:
            boxes[-1] = boxes[-1].union(phrase)
        else:
            boxes.append(phrase)
    return max([boxes, *lines], key=len)


def best_groups(middles: Sequence[float], edges: Sequence[float]) -> list[tuple[int, int]]:
    """All columns shared out to titles from left to right, so that every title stands nearest the middle of its group."""
    columns = len(edges) - 1
    best: list[tuple[float, list[int]]] = [(0.0, [0]), *((float("inf"), [0]) for _ in range(columns))]
    for title, middle in enumerate(middles):
        left = len(middles) - title - 1
        following = [(float("inf"), [0])] * (columns + 1)
        for end in range(title + 1, columns - left + 1):
            following[end] = min(
                (best[start][0] + abs((edges[start] + edges[end]) / 2 - middle), [*best[start][1], end]) for start in range(title, end)
            )
        best = following
    return [(first, last - 1) for first, last in pairwise(best[columns][1])]


def raw_table(grid: Grid, page: int, method: str, reason: str, confidence: float) -> RawTable:
    """The finished table of a filled grid."""
    box = Bbox(grid.edges[0], grid.heights[0], grid.edges[-1], grid.heights[-1])
    cells = tuple(grid.cells(page, ruled=method == "rows"))
    return RawTable(page, 0, grid.rows, grid.columns, cells, box, tuple(grid.edges), tuple(grid.heights), method, reason, confidence)
