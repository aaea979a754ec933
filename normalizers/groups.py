"""Groups of a header that say the same: a sub-title misread in one of them is read as its sisters print it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import groupby
from operator import eq

from rapidfuzz import fuzz

from normalizers.binding import Path
from normalizers.text import compact

_LEAST_SISTERS = 3  # groups that must print the same before a fourth is doubted
_MISREAD = 50.0  # how alike (0 to 100) a misread sub-title still is: `RD` and `Rp`, but not `%` and `Rp`


def agreed_paths(paths: Sequence[Path]) -> list[Path]:
    """The paths with odd sub-titles set right: `K | RD` beside three or more groups of `K | Rp` is `K | Rp`.

    Only a group with as many sub-titles, one printed as in the others and the rest nearly so, is held against them.
    """
    runs = [[index for index, _ in run] for _, run in groupby(enumerate(paths), key=lambda item: item[1][:-1])]
    groups = [run for run in runs if len(run) > 1 and len(paths[run[0]]) > 1]
    agreed = list(paths)
    for length in {len(run) for run in groups}:
        sisters = [run for run in groups if len(run) == length]
        titles = {tuple(run): tuple(compact(paths[i][-1]) for i in run) for run in sisters}
        (common, count), *_ = Counter(titles.values()).most_common(1)
        if count < _LEAST_SISTERS:
            continue
        model = next(run for run in sisters if titles[tuple(run)] == common)
        for run in sisters:
            own = titles[tuple(run)]
            if own != common and any(map(eq, own, common)) and all(fuzz.ratio(a, b) >= _MISREAD for a, b in zip(own, common, strict=True)):
                for i, wanted in zip(run, model, strict=True):
                    agreed[i] = (*paths[i][:-1], paths[wanted][-1])
    return agreed
