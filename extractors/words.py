"""Words out of runs of letters: runs joined along a baseline, doubled print dropped, split where a ruling stands between letters."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from itertools import pairwise
from statistics import median

from extractors.glyphs import Run, parted_by_clips
from extractors.pdfium import Frame
from extractors.settings import Settings
from extractors.types import Bbox, Ruling, Word

_ASCENT, _DESCENT = 0.74, 0.21  # of the font size; one box height per font, so that a dash stands on the line of its neighbours
_STAMP = 3.0  # times the usual size of a page


class Uprights:
    """Vertical rulings, to ask whether one stands between two places of a line."""

    def __init__(self, rulings: Iterable[Ruling]) -> None:
        self._items = sorted((r.x0, r.y0, r.y1) for r in rulings if r.vertical)
        self._places = [item[0] for item in self._items]

    def between(self, left: float, right: float, y: float) -> float | None:
        """The x of a ruling within `left..right` that passes the height `y`."""
        at = bisect_left(self._places, left)
        while at < len(self._items) and self._items[at][0] <= right:
            x, top, bottom = self._items[at]
            if top - 1 <= y <= bottom + 1:
                return x
            at += 1
        return None


def words_of(runs: Sequence[Run], uprights: Uprights, settings: Settings) -> list[Word]:
    """The words of one reading direction, in that direction's own frame."""
    words: list[Word] = []
    for line in _lines(runs, settings):
        joined = [part for run in _joined(line, uprights, settings) for part in _split_at_rulings(run, uprights)]
        words.extend(_word(run) for run in _spaced_out(joined))
    return words


def without_stamps(words: Sequence[Word]) -> list[Word]:
    """Without huge words printed across others (`SALINAN`, `DRAFT`): stamps and watermarks belong to no text."""
    if not words:
        return []
    huge = _STAMP * median(word.size for word in words)
    stamps = {word for word in words if word.size > huge and sum(1 for other in words if _across(word, other)) >= 2}
    return [word for word in words if word not in stamps] if stamps else list(words)


def _across(stamp: Word, other: Word) -> bool:
    x, y = other.bbox.centre
    box = stamp.bbox
    return 2 * other.size < stamp.size and box.x0 < x < box.x1 and box.y0 < y < box.y1


def sideways_lines(words: Sequence[Word], own: Frame, page: Frame) -> list[Word]:
    """Text that runs up or down an upright page (narrow header cells): one word per line, its box on the upright page.

    Stands so because words of a turned line lie over each other and would otherwise be read as lines of their own.
    """
    lines: list[list[Word]] = []
    for word in sorted(words, key=lambda item: (round(item.bbox.y1, 0), item.bbox.x0)):
        line = lines[-1] if lines else None
        if line and abs(line[-1].bbox.y1 - word.bbox.y1) < 0.3 * word.size and -1 < word.bbox.x0 - line[-1].bbox.x1 < word.size:
            line.append(word)
        else:
            lines.append([word])
    result = []
    for line in lines:
        box = line[0].bbox
        for word in line[1:]:
            box = box.union(word.bbox)
        text = " ".join(word.text for word in line)
        result.append(Word(text, page.from_frame(own, box), line[0].size, line[0].bold, min(word.confidence for word in line)))
    return result


def _lines(runs: Sequence[Run], settings: Settings) -> list[list[Run]]:
    """Runs that share a baseline, each line from left to right."""
    lines: list[list[Run]] = []
    for run in sorted(runs, key=lambda item: item.base):
        if lines and run.base - lines[-1][0].base <= settings.baseline_em * 0.5 * min(run.size, lines[-1][0].size):
            lines[-1].append(run)
        else:
            lines.append([run])
    for line in lines:
        line.sort(key=lambda item: item.starts[0])
    return lines


def _joined(line: list[Run], uprights: Uprights, settings: Settings) -> list[Run]:
    result: list[Run] = []
    widest = max(settings.space_gap_em, settings.printed_space_gap_em)
    for run in line:
        last = result[-1] if result else None
        if last is None:
            result.append(run)
            continue
        size = max(run.size, last.size)
        gap = run.starts[0] - last.ends[-1]
        if gap >= widest * size:
            result.append(run)
            continue
        twins = _doubled(last, run, settings) if gap < 0 else 0
        if twins:
            # the second print may be cut into other runs than the first: only what goes beyond is new
            if twins < len(run.letters) and run.starts[twins] > last.ends[-1] - 0.35 * size:
                last.extend(run, twins)
                continue
            if twins == len(run.letters):
                continue
        limit = settings.printed_space_gap_em if run.blank_before else settings.space_gap_em
        close = -0.35 * size < gap < limit * size and abs(run.size - last.size) < 0.25 * size
        close = close and last.whole is None and run.whole is None  # what a clip cuts ends there
        close = close and not parted_by_clips(last.clip, last.ends[-1], run.clip, run.ends[0])
        if close and (
            run.owners[0] == last.owners[0]
            or uprights.between(last.ends[-1] - 0.2 * size, run.starts[0] + 0.2 * size, run.base - 0.3 * size) is None
        ):
            last.extend(run)
            last.bold = last.bold and run.bold
        else:
            result.append(run)
    return result


def _doubled(one: Run, two: Run, settings: Settings) -> int:
    """How many of the first letters of `two` are printed in `one` as well, at the same place (fake bold, shadows)."""
    at = 0
    for count, (letter, start, end) in enumerate(zip(two.letters, two.starts, two.ends, strict=True)):
        reach = min(settings.doubled_em * max(one.size, two.size), 0.4 * (end - start))
        while at < len(one.starts) and one.starts[at] < start - reach:
            at += 1
        place = at  # the letters of a ligature stand at one place
        while place < len(one.starts) and one.starts[place] <= start + reach and one.letters[place] != letter:
            place += 1
        if place >= len(one.starts) or one.starts[place] > start + reach:
            return count
    return len(two.letters)


def _split_at_rulings(run: Run, uprights: Uprights) -> list[Run]:
    """The run in parts where a vertical ruling stands in a gap between its letters."""
    height = run.base - 0.3 * run.size
    if len(run.letters) < 2 or uprights.between(run.starts[0] + 0.3 * run.size, run.ends[-1] - 0.3 * run.size, height) is None:
        return [run]
    cuts = [
        at + 1
        for at, (end, start) in enumerate(zip(run.ends, run.starts[1:], strict=False))
        if start - end > 0.08 * run.size and uprights.between(end - 0.05 * run.size, start + 0.05 * run.size, height) is not None
    ]
    return [run.part(first, last) for first, last in pairwise([0, *cuts, len(run.letters)])]


def _spaced_out(runs: list[Run]) -> list[Run]:
    """Joins letter-spaced words (`J U M L A H`): four or more single letters in a row at even distances."""
    result: list[Run] = []
    at = 0
    while at < len(runs):
        stop = at
        while stop < len(runs) and len(runs[stop].letters) == 1 and runs[stop].letters[0].isalpha():
            stop += 1
        group = runs[at:stop]
        if len(group) < 4:
            result.extend(group or [runs[at]])
            at = max(stop, at + 1)
            continue
        gaps = [two.starts[0] - one.ends[0] for one, two in pairwise(group)]
        usual = median(gaps)
        word = group[0]
        even = usual < 0.9 * group[0].size
        for gap, run in zip(gaps, group[1:], strict=True):
            if even and gap < 1.7 * usual + 0.02 * run.size:
                word.extend(run)
            else:
                result.append(word)
                word = run
        result.append(word)
        at = stop
    return result


def _word(run: Run) -> Word:
    text = "".join(run.letters)
    box = Bbox(run.starts[0], run.base - _ASCENT * run.size, max(run.ends), run.base + _DESCENT * run.size)
    confidence = 1.0 if not run.unmapped else max(0.05, 0.5 * (1 - run.unmapped / len(run.letters)))
    return Word(text, box, run.size, run.bold, confidence, run.whole)
