"""Characters of a page, as runs: letters that stand close together on one baseline, in the order of the page's own text."""

from __future__ import annotations

import ctypes
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from extractors import pdfium
from extractors.errors import UnreadablePage
from extractors.pdfium import FloatBox, FloatMatrix, Frame
from extractors.settings import Settings

UNREADABLE = "\ufffd"
_BLANKS = frozenset(" \u00a0\t\n\r\x0b\x0c\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000")
_NOTHING = frozenset("\u200b\u200c\u200d\u2060\ufeff\u00ad")
_SYMBOLS = {0xF0B7: "•", 0xF0A7: "▪", 0xF0D8: "➢", 0xF0FC: "✓", 0xF0E0: "→", 0xF076: "❖", 0xF0A8: "◻", 0xF06E: "■", 0xF0FB: "✗"}
_INVISIBLE_MODES = (3, 7)
_LINE_END_HYPHENS = (0x02, 0xFFFE)  # PDFium's marks for a hyphen at the end of a line
_BLANK_CODES = frozenset((9, 10, 11, 12, 13, 32, 0xA0))
_LOST_SHARE = 0.2  # of a font's letters without a meaning, from which on the others have theirs by chance
_FORCE_BOLD = 1 << 18

_FIRST = 12  # letters that tell whether a font is looked at letter by letter
_ZERO = bytes(4)
_SAMPLE = 60  # letters that a font is judged by
_BOX_HEIGHT_MAX = 3.0  # times the size; a font whose letters are higher has another em
_CAPITAL_EM = 0.72

Extent = tuple[float, float]  # from and to, along the reading direction


@dataclass(slots=True)
class Run:
    """Letters without a visible gap; `starts` and `ends` along the reading direction, `base` the baseline, all in the run's own frame."""

    letters: list[str]
    starts: list[float]
    ends: list[float]
    base: float
    size: float
    bold: bool
    owners: list[int]  # the text object of each letter
    blank_before: bool = False
    unmapped: int = 0
    whole: str | None = None  # its text in the file, where the page shows only a part
    clip: Extent | None = None  # what is left open where a clip cuts it

    def extend(self, other: Run, start: int = 0) -> None:
        """Go on with the letters of `other` from `start`."""
        if self.whole is not None or other.whole is not None:
            self.whole = (self.whole or "".join(self.letters)) + (other.whole or "".join(other.letters[start:]))
        self.letters += other.letters[start:]
        self.starts += other.starts[start:]
        self.ends += other.ends[start:]
        self.owners += other.owners[start:]
        if other.unmapped:
            self.unmapped = self.letters.count(UNREADABLE)

    def part(self, start: int, stop: int) -> Run:
        """The letters from `start` to before `stop`, as a run of their own."""
        letters = self.letters[start:stop]
        return replace(
            self,
            letters=letters,
            starts=self.starts[start:stop],
            ends=self.ends[start:stop],
            owners=self.owners[start:stop],
            blank_before=self.blank_before and start == 0,
            unmapped=letters.count(UNREADABLE),
        )


def parted_by_clips(one: Extent | None, one_at: float, two: Extent | None, two_at: float) -> bool:
    """Whether letters at two places belong to two cells: each has a clip of its own, or one stands beyond the clip of the other."""
    if one is not None and two is not None:
        return one != two
    return (one is not None and not one[0] <= two_at <= one[1]) or (two is not None and not two[0] <= one_at <= two[1])


@dataclass(slots=True)
class Glyphs:
    """All runs of a page, by the direction of their text (degrees, counter-clockwise in page coordinates)."""

    runs: dict[int, list[Run]] = field(default_factory=dict)
    hidden: dict[int, list[Run]] = field(default_factory=dict)  # invisible text, as OCR layers use

    def main_direction(self, default: int) -> int:
        """The direction of most of the text, and of most figures, when it is clearly that; else `default`.

        A page with little below a header of turned cells has most letters turned, but not its figures.
        """
        runs = self.runs or self.hidden
        counts = {angle: sum(len(run.letters) for run in found) for angle, found in runs.items()}
        total = sum(counts.values())
        if total < 20:
            return default
        best = max(counts, key=lambda angle: counts[angle])
        if counts[best] < 0.6 * total:
            return default
        if best == default or default not in counts or _digits(runs[best]) >= _digits(runs[default]):
            return best
        return default


def _digits(runs: Sequence[Run]) -> int:
    return sum(letter.isdigit() for run in runs for letter in run.letters)


class _Style(NamedTuple):
    """What is the same for all characters of one text object."""

    direction: int | None
    size: float
    base: float
    bold: bool
    symbol: bool
    checked: bool
    invisible: bool
    origin: float = 0.0  # where the reading direction's axis begins, in page coordinates
    space: float = 0.0  # points; a gap of this width separates words, with a blank printed in it a gap of the other
    printed_space: float = 0.0
    back: float = 0.0  # how far a letter may reach back over the one before it


class _Fonts:
    """Bold, symbol and doubtful, and how many times the nominal size its em is: remembered per font."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[bool, bool, bool, float]] = {}

    def look(self, text: int, at: int, font: int, size: float) -> tuple[bool, bool, bool, float]:
        known = self._known.get(font)
        if known is None:
            name = ""
            buffer = ctypes.create_string_buffer(256)
            if font and pdfium.font_base_name(font, buffer, 256):
                name = buffer.value.decode("utf-8", "replace").lower()
            bold = any(word in name for word in ("bold", "black", "heavy", "-bd", ",bd")) or bool(
                font and pdfium.font_flags(font) & _FORCE_BOLD
            )
            bold = bold or bool(font and pdfium.font_weight(font) >= 600)
            symbol = any(word in name for word in ("symbol", "wingding", "webding", "zapf", "dingbat"))
            suspicious = any(pdfium.unmapped_at(text, at + k) == 1 for k in range(_FIRST))
            known = self._known[font] = (bold, symbol, suspicious, 1.0 if name else _em(text, at, font, size))
        return known


def _em(text: int, at: int, font: int, size: float) -> float:
    """The em of a font without a name by its nominal size: 1, but for drawn letters (Type 3), whose nominal size means nothing."""
    box = FloatBox()
    heights = []
    for letter in range(at, at + _SAMPLE):
        owner = pdfium.object_at(text, letter)
        if owner and pdfium.text_font(owner) == font and pdfium.loose_box_at(text, letter, ctypes.byref(box)):
            heights.append(max(abs(box.top - box.bottom), 0.0))
        if letter == at and (not heights or heights[0] <= _BOX_HEIGHT_MAX * size):
            return 1.0
    return max(heights) / (_CAPITAL_EM * size) if size > 0 else 1.0


def read_glyphs(page: Any, bounds: tuple[float, float, float, float], settings: Settings) -> Glyphs:
    """Every visible run of the page, and apart from it the invisible ones. Raises `UnreadablePage` above the cap of characters."""
    textpage = page.get_textpage()
    try:
        count = textpage.count_chars()
        if count > settings.chars_max:
            raise UnreadablePage(f"the page holds {count} characters, more than the {settings.chars_max} that are read")
        return _Reader(pdfium.handle(textpage), bounds, settings).read(count)
    finally:
        textpage.close()


class _Reader:
    def __init__(self, text: int, bounds: tuple[float, float, float, float], settings: Settings) -> None:
        self.text = text
        self.settings = settings
        self.frames = {angle: Frame(bounds, angle) for angle in (0, 90, 180, 270)}
        self.fonts = _Fonts()
        self.glyphs = Glyphs()
        self.nameless: list[int] = []  # places of letters that the file gives no meaning to
        self.matrix = FloatMatrix()
        self.matrix_ref = ctypes.byref(self.matrix)
        self.styles: dict[tuple[bytes, bytes, float, int | None, int], _Style] = {}

    def read(self, count: int) -> Glyphs:
        text, settings = self.text, self.settings
        loose_box_at, object_at = pdfium.loose_box_at, pdfium.object_at
        box = FloatBox()
        box_ref = ctypes.byref(box)
        source: int | None = None
        style: _Style | None = None
        run: Run | None = None
        run_style: _Style | None = None  # of the run's last letter
        blank = False
        for at, code in enumerate(pdfium.codes_of(text, count)):
            if code in _BLANK_CODES:
                blank = True
                continue
            owner = object_at(text, at)
            if owner != source:
                source = owner
                style = self._style(at, owner) if owner else None
            if style is None or style.direction is None:
                continue
            if 32 < code < 0xAD and not style.checked:
                letter = chr(code)
            else:
                letter = self._letter(at, code, style)
                if letter in _BLANKS:
                    blank = True
                    continue
                if letter in _NOTHING:
                    continue
            loose_box_at(text, at, box_ref)
            if style.direction == 0:
                start, end = box.left - style.origin, box.right - style.origin
            elif style.direction == 90:
                start, end = box.bottom - style.origin, box.top - style.origin
            elif style.direction == 180:
                start, end = style.origin - box.right, style.origin - box.left
            else:
                start, end = style.origin - box.top, style.origin - box.bottom
            if run is not None and (
                # the common case first: what stands close behind a letter of the same style goes on from it
                (style is run_style and style.back <= start - run.ends[-1] < (style.printed_space if blank else style.space))
                or _follows(run, start, end, letter, style, blank)
            ):
                if letter == run.letters[-1] and _overprints(run, start, end, owner == run.owners[-1], settings):
                    continue
                run.letters.append(letter)
                run.starts.append(start)
                run.ends.append(end)
                run.owners.append(owner)
            else:
                run = Run([letter], [start], [end], style.base, style.size, style.bold, [owner], blank)
                store = self.glyphs.hidden if style.invisible else self.glyphs.runs
                store.setdefault(style.direction, []).append(run)
            run_style = style
            if letter == UNREADABLE:
                run.unmapped += 1
            blank = False
        self._distrust()
        return self.glyphs

    def _distrust(self) -> None:
        """Make unreadable all that a font prints of which a share of the letters has no meaning.

        A font without a table of its letters gives some of them as control codes, some as unmapped, and the others by chance.
        """
        if not self.nameless:
            return
        runs = [run for found in self.glyphs.runs.values() for run in found]
        fonts: dict[int, int | None] = {}
        nameless = Counter(self._font_of(pdfium.object_at(self.text, at), fonts) for at in self.nameless)
        printed = Counter(self._font_of(owner, fonts) for run in runs for owner in run.owners)
        broken = {font for font, count in nameless.items() if count >= _LOST_SHARE * printed[font]}
        for run in runs:
            by_chance = [self._font_of(owner, fonts) in broken for owner in run.owners]
            if any(by_chance):
                run.letters = [UNREADABLE if lost else letter for letter, lost in zip(run.letters, by_chance, strict=True)]
                run.unmapped = run.letters.count(UNREADABLE)

    @staticmethod
    def _font_of(owner: int, known: dict[int, int | None]) -> int | None:
        if owner not in known:
            known[owner] = pdfium.text_font(owner) if owner else None
        return known[owner]

    def _style(self, at: int, owner: int) -> _Style:
        pdfium.matrix_at(self.text, at, self.matrix_ref)
        turned = bytes(self.matrix)  # a, b, c, d, e, f as floats of four bytes; on a level line e only tells how far along it is
        place = turned[20:] if turned[4:8] == _ZERO else turned[16:]
        key = (turned[:16], place, pdfium.font_size_at(self.text, at), pdfium.text_font(owner), pdfium.text_mode(owner))
        style = self.styles.get(key)
        if style is None:
            style = self.styles[key] = self._new_style(at, *key[2:])
        return style

    def _new_style(self, at: int, font_size: float, font: int | None, mode: int) -> _Style:
        a, b, c, d = self.matrix.a, self.matrix.b, self.matrix.c, self.matrix.d
        angle = math.degrees(math.atan2(b, a)) % 360
        upright = abs((angle + 45) % 90 - 45) <= 8
        size = abs(font_size * (math.hypot(c, d) or math.hypot(a, b)))
        bold, symbol, checked, em = self.fonts.look(self.text, at, font or 0, size)
        size *= em
        if not upright:
            return _Style(None, size, 0.0, bold, symbol, checked, False)
        direction = round(angle / 90) * 90 % 360
        frame, settings = self.frames[direction], self.settings
        return _Style(
            direction=direction,
            size=size,
            base=frame.point(self.matrix.e, self.matrix.f)[1],
            bold=bold or mode == 2,
            symbol=symbol,
            checked=checked,
            invisible=mode in _INVISIBLE_MODES,
            origin={0: frame.left, 90: frame.bottom, 180: frame.right, 270: frame.top}[direction],
            space=settings.space_gap_em * size,
            printed_space=settings.printed_space_gap_em * size,
            back=-0.3 * size,
        )

    def _letter(self, at: int, code: int, style: _Style) -> str:
        if code in _SYMBOLS:
            return _SYMBOLS[code]
        if style.checked and pdfium.unmapped_at(self.text, at) == 1:
            self.nameless.append(at)
            return UNREADABLE
        if code in _LINE_END_HYPHENS:
            return "-"
        if 0xE000 <= code <= 0xF8FF:
            return chr(code - 0xF000) if style.symbol and 0xF020 <= code <= 0xF07E else UNREADABLE
        if 0 < code < 32 and pdfium.unmapped_at(self.text, at) != 1:
            return " "  # some fonts map their blank to a control character
        if 32 <= code <= 0x10FFFF and code not in (0xFFFD, 0xFFFF):
            return chr(code)
        self.nameless.append(at)
        return UNREADABLE


def _overprints(run: Run, start: float, end: float, same_object: bool, settings: Settings) -> bool:
    """Whether a letter is the run's last one printed again, a hair beside it (fake bold); never a neighbour set close.

    The letters of one ligature (`ff`, `tt`) share the box of one glyph: they are no copies.
    """
    last_start, last_end = run.starts[-1], run.ends[-1]
    if same_object and start == last_start and end == last_end:
        return False
    reach = min(settings.doubled_em * run.size, 0.4 * (last_end - last_start))
    return start - last_start < reach and end - last_end < reach


def _follows(run: Run, start: float, end: float, letter: str, style: _Style, blank: bool) -> bool:
    """Whether a letter goes on where the run ends: same line, same size, no visible gap."""
    size = style.size
    if abs(style.base - run.base) > 0.02 * size + 0.05 or abs(size - run.size) > 0.05 * size or style.bold != run.bold:
        return False
    gap = start - run.ends[-1]
    if gap < style.back and start < run.starts[-1] - 0.02 * size:
        return False
    return -1.2 * size < gap < (style.printed_space if blank else style.space)
