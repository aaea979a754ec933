"""Rulings that belong together: those that touch, and the parts of a table that a merged row keeps from touching."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from extractors.alignment.text import CAPTION
from extractors.settings import Settings
from extractors.types import Bbox, Ruling, Word

_ROW_PADDING_EM = 1.6  # white over and under the text of a row
_TOUCH = 3.0  # a rule that ends this far before another still meets it


def connected(rulings: Sequence[Ruling], words: Sequence[Word], settings: Settings) -> list[list[Ruling]]:
    """Sets of rulings, each of one table or drawing."""
    return _reunited(_components(rulings), words, settings)


def _components(rulings: Sequence[Ruling]) -> list[list[Ruling]]:
    """Rulings grouped by touching, directly or over others."""
    across = [r for r in rulings if not r.vertical]
    down = sorted((r for r in rulings if r.vertical), key=lambda r: r.x0)
    places = [r.x0 for r in down]
    parent = list(range(len(across) + len(down)))

    def root(item: int) -> int:
        while parent[item] != item:
            parent[item] = parent[parent[item]]
            item = parent[item]
        return item

    for one, line in enumerate(across):
        at = bisect_left(places, line.x0 - _TOUCH)
        while at < len(down) and places[at] <= line.x1 + _TOUCH:
            other = down[at]
            if other.y0 - _TOUCH <= line.y0 <= other.y1 + _TOUCH:
                parent[root(len(across) + at)] = root(one)
            at += 1
    groups: dict[int, list[Ruling]] = {}
    for index, line in enumerate([*across, *down]):
        groups.setdefault(root(index), []).append(line)
    _gather(groups)
    return [group for group in groups.values() if len(group) >= 4 or (len(group) >= 3 and any(r.vertical for r in group))]


def _gather(groups: dict[int, list[Ruling]]) -> None:
    """Adds to each group the column rules that touch no rule across, but go on from one of the group's own, inside of its sides."""
    loose = [name for name, group in groups.items() if all(ruling.vertical for ruling in group)]
    for group in [group for name, group in groups.items() if name not in loose]:
        down = [ruling for ruling in group if ruling.vertical]
        if len(down) < 2:
            continue
        places = [ruling.x0 for ruling in down]
        frame = Bbox(min(places), min(ruling.y0 for ruling in down), max(places), max(ruling.y1 for ruling in down))
        for name in loose:
            for rule in groups.get(name, ())[:1]:
                inside = frame.y0 - _TOUCH <= rule.y0 and rule.y1 <= frame.y1 + _TOUCH
                if inside and any(abs(rule.x0 - x) <= _TOUCH for x in places):
                    group.extend(groups.pop(name))


def _reunited(parts: Sequence[list[Ruling]], words: Sequence[Word], settings: Settings) -> list[list[Ruling]]:
    """Parts over each other that are one table: without a frame at its sides, a row merged over its whole width touches no upright rule."""
    whole: list[list[Ruling]] = []
    for part in sorted(parts, key=lambda each: min(r.y0 for r in each)):
        above = next((other for other in reversed(whole) if _goes_on(other, part, words, settings)), None)
        if above is None:
            whole.append(part)
        else:
            above += part
    return whole


def _goes_on(above: Sequence[Ruling], below: Sequence[Ruling], words: Sequence[Word], settings: Settings) -> bool:
    """Whether two sets of rules are as wide, both open at their sides, with nothing between them but the text of one row."""
    one, two = _open_sides(above, settings), _open_sides(below, settings)
    if one is None or two is None or max(abs(one.x0 - two.x0), abs(one.x1 - two.x1)) > settings.snap or one.y1 > two.y0:
        return False
    between = [w for w in words if one.y1 < w.bbox.centre[1] < two.y0 and one.x0 < w.bbox.centre[0] < one.x1]
    if not between or CAPTION.match(" ".join(word.text for word in between)):
        return False
    text = max(w.bbox.y1 for w in between) - min(w.bbox.y0 for w in between)
    return two.y0 - one.y1 <= text + _ROW_PADDING_EM * between[0].size


def _open_sides(part: Sequence[Ruling], settings: Settings) -> Bbox | None:
    """The extent of rules that run on beyond the upright ones on both sides; None for others."""
    across, down = [r for r in part if not r.vertical], [r for r in part if r.vertical]
    if not across or not down:
        return None
    left, right = min(r.x0 for r in across), max(r.x1 for r in across)
    if min(r.x0 for r in down) - left < settings.overhang or right - max(r.x0 for r in down) < settings.overhang:
        return None
    return Bbox(left, min(r.y0 for r in part), right, max(r.y1 for r in part))
