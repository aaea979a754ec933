"""Column edges without vertical rules: from the ends of rule segments, from white gutters, from the column-number row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from extractors.alignment.gutters import Gutter, middle
from extractors.alignment.numbered import edges_by_numbers
from extractors.alignment.rules import Frame
from extractors.alignment.text import KEYS, Line, is_currency, is_key, phrases_of, text_size
from extractors.layout import hull
from extractors.types import Bbox, Ruling

_BLANK_EM = 0.36  # a blank between two words is no wider, in font sizes
_ALONE = 45.0  # what it costs to leave a column without a mark, or a mark without a column
_HAIR = 1.0  # a title may fail so much to reach over a gutter, in points, that it stands over
_DRAWN, _DRAWN_IN_PIECES, _PIECES = 0.6, 0.35, 4  # of a table's height, that a rule between its columns is drawn
_LISTED_EM = 0.6  # white between the numbers of a list and the names, in font sizes
_PADDING = 1.8  # between the edge of a cell and its text


def segment_edges(frame: Frame) -> list[float]:
    """Edges at which the segments of most rules meet: printers that draw the rule cell by cell tell the columns. Empty if they don't."""
    broken = [rule for rule in frame.rules if rule.breaks]
    if len(broken) < 3 or len(broken) < 0.6 * len(frame.rules):
        return []
    ends = sorted(x for rule in broken for x in set(rule.breaks) | {rule.x0, rule.x1})
    clusters: list[list[float]] = []
    for x in ends:
        if clusters and x - clusters[-1][0] <= 2.0:
            clusters[-1].append(x)
        else:
            clusters.append([x])
    inner = [sum(cluster) / len(cluster) for cluster in clusters if len(cluster) >= 0.5 * len(broken)]
    inner = [x for x in inner if frame.x0 + 3 < x < frame.x1 - 3]
    return [frame.x0, *inner, frame.x1] if inner else []


def ruling_edges(rulings: Sequence[Ruling], x0: float, x1: float, y0: float, y1: float) -> list[float]:
    """Edges drawn as vertical rules over most of the height `y0..y1`, or over much of it in pieces, which names set over columns part;
    empty where fewer than two stand inside.

    Rules of the same height further out close columns that are empty here.
    """
    drawn: dict[float, list[Ruling]] = {}
    for ruling in rulings:
        if ruling.vertical and min(ruling.y1, y1) > max(ruling.y0, y0):
            x = next((known for known in drawn if abs(known - ruling.x0) <= 2.0), ruling.x0)
            drawn.setdefault(x, []).append(ruling)
    shares = {x: sum(min(each.y1, y1) - max(each.y0, y0) for each in own) / (y1 - y0) for x, own in drawn.items()}
    long = {x: own for x, own in drawn.items() if shares[x] >= (_DRAWN_IN_PIECES if len(own) >= _PIECES else _DRAWN)}
    inner = sorted(x for x in long if x0 + 3 < x < x1 - 3)
    if len(inner) < 2:
        return []
    ends = {(round(min(each.y0 for each in long[x])), round(max(each.y1 for each in long[x]))) for x in inner}
    alike = [x for x, own in long.items() if (round(min(each.y0 for each in own)), round(max(each.y1 for each in own))) in ends]
    left = sorted(x for x in alike if x <= x0 + 3)
    right = sorted(x for x in alike if x >= x1 - 3)
    return [*(left or [x0]), *inner, *(right or [x1])]


@dataclass(frozen=True, slots=True)
class Column:
    """What is known of a column: where its texts stand (`body`), its title or number (`mark`), whether it holds codes (`keys`)."""

    body: Bbox | None
    mark: Bbox | None
    keys: bool = False

    @property
    def left(self) -> float:
        return self.body.x0 if self.body else self.mark.x0 if self.mark else 0.0

    @property
    def right(self) -> float:
        return self.body.x1 if self.body else self.mark.x1 if self.mark else 0.0


def edges_by_text(
    lines: Sequence[Line], header: Sequence[Line], numbers: Sequence[Line], white: Sequence[Gutter], x0: float, x1: float, framed: bool
) -> list[float]:
    """Edges from the gutters of the body `lines`, held against the column numbers, or else against the lowest titles of the `header`.

    A mark without texts below is an empty column; texts without a mark are a column of their own unless they are only the parts of a
    code, or a running number in front of a name. The result begins with `x0` and ends with `x1` (the table's drawn sides where it is
    `framed`, else the ends of its text); empty where there is one column.
    """
    titles = column_titles(header, white)
    mirrored = edges_by_numbers(lines, titles, numbers, white, x0, x1) if numbers else []
    if mirrored:
        return mirrored
    size = text_size([word for line in lines for word in line.words])
    bodies = _bodies(lines, sorted({*white, *_after_numbers(lines, white, size)}), x0, x1)
    marks = _marks(numbers, titles, bodies)
    columns = _merged(_matched(bodies, marks), titles if numbers else [], size)
    if len(columns) < 2:
        return []
    edges = [x0]
    blocks = [*titles, *(number.bbox for number in numbers)]
    for column, following in pairwise(columns):
        edges.append(_edge(column, following, edges[-1] if framed else None, blocks, bool(numbers)))
    return [*edges, x1]


def _after_numbers(lines: Sequence[Line], white: Sequence[Gutter], size: float) -> list[Gutter]:
    """The gutter between the numbers of a list at the left and the names that all begin at one place, however few the lines are."""
    listed = [line.words for line in lines if len(line.words) > 1 and is_key(line.words[0].text)]
    left = max((words[0].bbox.x1 for words in listed), default=0.0)
    names = [words[1].bbox.x0 for words in listed]
    if len(names) < 2 or max(names) - min(names) > _HAIR or min(names) - left < _LISTED_EM * size:
        return []
    known = any(left - _HAIR <= middle(gutter) <= min(names) for gutter in white)
    return [] if known else [(left, min(names))]


def _marks(numbers: Sequence[Line], titles: Sequence[Bbox], bodies: Sequence[Column]) -> list[Bbox]:
    """The column numbers, and the titles to the right of them that no text and no number stands under; without numbers the titles."""
    if not numbers:
        return list(titles)
    end = max([numbers[-1].bbox.x1, *(body.right for body in bodies)])
    return [*(number.bbox for number in numbers), *(title for title in titles if title.x0 > end)]


def _edge(column: Column, following: Column, before: float | None, blocks: Sequence[Bbox], numbered: bool) -> float:
    """Between two columns; a column number stands in the middle of its column, so that it tells the far edge from the near one."""
    gutter = (column.right, following.left)
    mixed = column.mark is not None and following.mark is not None and (gutter[1] <= gutter[0] or column.body == following.body)
    if before is None and mixed and column.body:
        before = column.body.x0 - _PADDING
    mirrored = 2 * column.mark.centre[0] - before if numbered and column.mark and before is not None else None
    if mixed and column.mark and following.mark:
        gutter = (column.mark.x1, following.mark.x0)
    if gutter[1] <= gutter[0]:
        return (gutter[0] + gutter[1]) / 2
    if mirrored is not None and gutter[0] - 1 <= mirrored <= gutter[1] + 1:
        return min(max(mirrored, gutter[0]), gutter[1])
    return _settle(gutter, blocks)


def _bodies(lines: Sequence[Line], white: Sequence[Gutter], x0: float, x1: float) -> list[Column]:
    """The texts between the gutters; the sign of a currency belongs to the figures that follow it."""
    bounds = [x0, *(middle(gutter) for gutter in white), x1 + 1]
    columns: list[Column] = []
    left = x0
    for right in bounds[1:]:
        words = [word for line in lines for word in line.words if left <= word.bbox.centre[0] < right]
        if words and (not all(is_currency(word.text) for word in words) or right == bounds[-1]):
            box = hull(word.bbox for word in words)
            box = Bbox(max(box.x0, left), box.y0, min(box.x1, right), box.y1)
            columns.append(Column(box, None, sum(is_key(word.text) for word in words) >= KEYS * len(words)))
        if not words or (columns and columns[-1].right > left):
            left = right
    return columns


def _matched(bodies: Sequence[Column], marks: Sequence[Bbox]) -> list[Column]:
    """Columns and marks paired in order at the least distance; what has no partner stays by itself."""
    n, m = len(bodies), len(marks)
    best = [[0.0] * (m + 1) for _ in range(n + 1)]
    for i in range(n, -1, -1):
        for j in range(m, -1, -1):
            if i == n or j == m:
                best[i][j] = _ALONE * (n - i + m - j)
            else:
                best[i][j] = min(best[i + 1][j] + _ALONE, best[i][j + 1] + _ALONE, best[i + 1][j + 1] + _apart(bodies[i], marks[j]))
    columns: list[Column] = []
    i = j = 0
    while i < n or j < m:
        if i < n and j < m and best[i][j] == best[i + 1][j + 1] + _apart(bodies[i], marks[j]):
            columns.append(Column(bodies[i].body, marks[j], bodies[i].keys))
            i, j = i + 1, j + 1
        elif i < n and best[i][j] == best[i + 1][j] + _ALONE:
            columns.append(bodies[i])
            i += 1
        else:
            inside_body = next((body.body for body in bodies if body.body and body.body.x0 < marks[j].centre[0] < body.body.x1), None)
            columns.append(Column(inside_body, marks[j]))
            j += 1
    return columns


def _apart(column: Column, mark: Bbox) -> float:
    if column.body is None:
        return _ALONE
    gap = max(mark.x0 - column.body.x1, column.body.x0 - mark.x1, 0.0)
    return min(gap, 50.0) + 0.01 * abs(mark.centre[0] - column.body.centre[0])


def _merged(columns: Sequence[Column], titles: Sequence[Bbox], size: float) -> list[Column]:
    """Parts of a code joined, running numbers joined to the name that they stand before, and a text without a mark to one that stands no
    further from it than a word, where no mark tells them apart."""
    result: list[Column] = []
    for column in _with_near(columns, titles, size):
        last = result[-1] if result else None
        titled = last is not None and any(_only_over(title, last, columns) for title in titles)
        own = column.mark is not None or any(_only_over(title, column, columns) for title in titles)
        if last and last.keys and column.keys and last.body and column.body and not (own and last.mark):
            result[-1] = Column(last.body.union(column.body), last.mark or column.mark, True)
        elif last and last.keys and last.mark is None and last.body and column.body and column.mark and not titled:
            result[-1] = Column(last.body.union(column.body), column.mark)
        else:
            result.append(column)
    return result


def _with_near(columns: Sequence[Column], titles: Sequence[Bbox], size: float) -> list[Column]:
    """Columns without a mark or a title joined to the nearer neighbour where only the width of a blank is between."""
    result = list(columns)
    at = 0
    while at < len(result):
        column = result[at]
        beside = [other for other in (at - 1, at + 1) if 0 <= other < len(result) and _apart_by(column, result[other]) <= _BLANK_EM * size]
        if column.mark or column.keys or not beside or any(_only_over(title, column, columns) for title in titles):
            at += 1
            continue
        other = min(beside, key=lambda place: _apart_by(column, result[place]))
        first, last = min(at, other), max(at, other)
        body = hull(box for each in (column, result[other]) if (box := each.body))
        result[first : last + 1] = [Column(body, result[other].mark, result[other].keys)]
        at = first + 1
    return result


def _apart_by(one: Column, two: Column) -> float:
    """The white between the texts of two columns; endless where one has none."""
    if one.body is None or two.body is None:
        return float("inf")
    return max(two.body.x0 - one.body.x1, one.body.x0 - two.body.x1)


def _only_over(title: Bbox, column: Column, columns: Sequence[Column]) -> bool:
    if column.body is None or not (title.x0 < column.body.x1 and column.body.x0 < title.x1):
        return False
    return not any(other.body and other is not column and title.x0 < other.body.x1 and other.body.x0 < title.x1 for other in columns)


def column_titles(header: Sequence[Line], white: Sequence[Gutter]) -> list[Bbox]:
    """The boxes of the lowest titles of a header, one a column; titles over several columns are left out."""
    boxes: list[Bbox] = []
    for line in reversed(header):
        for phrase in phrases_of(line, 0.7):
            box = phrase.bbox
            touching = [known for known in boxes if known.x0 < box.x1 and box.x0 < known.x1]
            over = [gutter for gutter in white if box.x0 < gutter[0] + _HAIR and gutter[1] - _HAIR < box.x1]
            if len(touching) == 1 and not over:
                boxes[boxes.index(touching[0])] = touching[0].union(box)
            elif not touching and not any(_parts_titles(gutter, white, boxes) for gutter in over):
                boxes.append(box)
    return sorted(boxes, key=lambda box: box.x0)


def _parts_titles(gutter: Gutter, white: Sequence[Gutter], titles: Sequence[Bbox]) -> bool:
    """Whether the two columns beside `gutter` have a title each."""
    before = max((other[1] for other in white if other[1] < gutter[0]), default=float("-inf"))
    after = min((other[0] for other in white if other[0] > gutter[1]), default=float("inf"))
    x = middle(gutter)
    return any(before < title.centre[0] < x for title in titles) and any(x < title.centre[0] < after for title in titles)


def _settle(gutter: Gutter, blocks: Sequence[Bbox]) -> float:
    """A place for the edge within the gutter: the middle of its widest part that no title reaches into."""
    parts: list[Gutter] = []
    start = gutter[0]
    for block in sorted((block for block in blocks if block.x1 > gutter[0] and block.x0 < gutter[1]), key=lambda block: block.x0):
        parts.append((start, min(block.x0, gutter[1])))
        start = max(start, block.x1)
    parts.append((start, gutter[1]))
    best = max(parts, key=lambda part: part[1] - part[0])
    return middle(best) if best[1] > best[0] else middle(gutter)
