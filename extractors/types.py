"""What the extractors hand on: pages, words, rulings, cells and raw tables.

Every box is `(x0, y0, x1, y1)` in points with the origin at the top left of the page *as it is displayed* (after /Rotate, and after
a sideways page was brought upright). Pages are counted from 1. Nothing here knows of budgets.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple


class Bbox(NamedTuple):
    """A box in points, top-left origin, `x0 <= x1` and `y0 <= y1`."""

    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def width(self) -> float:
        return self.x1 - self.x0

    @property
    def height(self) -> float:
        return self.y1 - self.y0

    @property
    def centre(self) -> tuple[float, float]:
        return (self.x0 + self.x1) / 2, (self.y0 + self.y1) / 2

    def union(self, other: Bbox) -> Bbox:
        return Bbox(min(self.x0, other.x0), min(self.y0, other.y0), max(self.x1, other.x1), max(self.y1, other.y1))


class TextKind(StrEnum):
    """Where the words of a page come from."""

    TEXT = "teks"  # the PDF's own characters
    SCAN = "pindaian"  # an image, read by OCR
    MIXED = "campuran"  # own characters, parts read by OCR
    EMPTY = "kosong"  # nothing to read


@dataclass(frozen=True, slots=True)
class Word:
    """A run of characters without a gap. `size` is the font size in points; `confidence` is 1.0 for born-digital text.

    `text` is what the page shows; `whole` is set where a clip or the page's edge shows only a part, and holds all that the file has.
    """

    text: str
    bbox: Bbox
    size: float
    bold: bool = False
    confidence: float = 1.0
    whole: str | None = None


@dataclass(frozen=True, slots=True)
class Ruling:
    """A straight, axis-parallel line segment (`x0 == x1` is vertical, `y0 == y1` horizontal); thin rectangles count as lines."""

    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def vertical(self) -> bool:
        return self.x0 == self.x1


@dataclass(frozen=True, slots=True)
class TextLine:
    """One line of text outside any table, words joined by single blanks."""

    text: str
    bbox: Bbox
    size: float = 0.0
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Lay:
    """How an image lay that was made level and flat: where its points stand on the page as it is displayed.

    `places` are the displayed points of a grid of `columns` times `rows` nodes spread evenly over the page of `width` times `height`
    points, row by row; between the nodes the displacement is even.
    """

    width: float
    height: float
    columns: int
    rows: int
    places: tuple[tuple[float, float], ...]

    def displayed(self, box: Bbox) -> Bbox:
        """The box, upright again, that holds the corners of `box` where they are displayed."""
        corners = [self._displayed(x, y) for x in (box.x0, box.x1) for y in (box.y0, box.y1)]
        xs, ys = [x for x, _ in corners], [y for _, y in corners]
        return Bbox(min(xs), min(ys), max(xs), max(ys))

    def _displayed(self, x: float, y: float) -> tuple[float, float]:
        across = min(max(x / self.width, 0.0), 1.0) * (self.columns - 1)
        down = min(max(y / self.height, 0.0), 1.0) * (self.rows - 1)
        left, top = min(int(across), self.columns - 2), min(int(down), self.rows - 2)
        right, low = across - left, down - top
        near = [self.places[(top + i) * self.columns + left + j] for i in (0, 1) for j in (0, 1)]
        shares = ((1 - low) * (1 - right), (1 - low) * right, low * (1 - right), low * right)
        return sum(p[0] * s for p, s in zip(near, shares, strict=True)), sum(p[1] * s for p, s in zip(near, shares, strict=True))


@dataclass(frozen=True, slots=True)
class Page:
    """The page model shared by text pages and scans: words and rulings, upright. `rotation` is what was turned to get there.

    Boxes of a scan stand on the page made level and flat; `lay` tells where that is on the page as it is displayed.
    """

    number: int
    width: float
    height: float
    rotation: int
    text_kind: TextKind
    words: tuple[Word, ...]
    rulings: tuple[Ruling, ...]
    reason: str = ""
    lay: Lay | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a grid; `lines` are its text lines from top to bottom, each with words joined by single blanks.

    `row` and `column` count from 0; a merged cell stands at its top-left place with `rowspan` and `colspan`.
    `bbox` encloses the cell (its text where the table has no rules). `confidence` is the least of its words.
    `conflict` holds another extractor's reading where two ways disagree on the text, or what the file holds where the page shows a part.
    """

    row: int
    column: int
    rowspan: int
    colspan: int
    lines: tuple[str, ...]
    bbox: Bbox
    page: int
    bold: bool = False
    confidence: float = 1.0
    conflict: str | None = None

    @property
    def text(self) -> str:
        return " ".join(self.lines)


@dataclass(frozen=True, slots=True)
class RawTable:
    """One grid on one page, as found; stitching pages together is not done here.

    `column_edges` (n_columns + 1, ascending x) and `row_edges` (n_rows + 1, ascending y) are the grid lines. `above` holds the lines of
    text that stand over the table (nearest last), where a title would be. `method` names the way (`lattice`, `rows`, `alignment`,
    `ocr+lattice`, `pdfplumber`, `camelot` ...) and `reason` why it was taken.
    """

    page: int
    order: int
    n_rows: int
    n_columns: int
    cells: tuple[Cell, ...]
    bbox: Bbox
    column_edges: tuple[float, ...]
    row_edges: tuple[float, ...]
    method: str
    reason: str = ""
    confidence: float = 1.0
    above: tuple[TextLine, ...] = ()


@dataclass(frozen=True, slots=True)
class PageContent:
    """What one page holds: its tables from top to bottom, and the lines of text outside them; `problems` are Indonesian phrases."""

    number: int
    width: float
    height: float
    rotation: int
    text_kind: TextKind
    reason: str
    prose: tuple[TextLine, ...]
    tables: tuple[RawTable, ...]
    problems: tuple[str, ...] = field(default=())
    lay: Lay | None = None
