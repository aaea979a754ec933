"""Editions of the nomenklatur: what one lists, and which budget years it applies to (Permendagri 90/2019 and its Kepmendagri)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from normalizers.types import RowKind

LEVEL_OF_PARTS: dict[int, RowKind] = {
    1: RowKind.URUSAN,
    2: RowKind.BIDANG_URUSAN,
    3: RowKind.PROGRAM,
    5: RowKind.KEGIATAN,
    6: RowKind.SUB_KEGIATAN,
}
TEMPLATE_BIDANG = "X.XX"  # how the lists write the bidang of a penunjang row

_OFFICIAL = re.compile(r"(?:[1-9]|X)(?:\.(?:\d{2}|XX)(?:\.\d{2}(?:\.[1-9]\.\d{2}(?:\.\d{4})?)?)?)?")
_SCOPES = {"1": "provinsi", "2": "kabkota"}


def level_of(code: str) -> RowKind | None:
    """Return the level of an official code, or None where `code` is not in the official form."""
    return LEVEL_OF_PARTS.get(code.count(".") + 1) if _OFFICIAL.fullmatch(code) else None


@lru_cache(maxsize=65536)
def parent_of(code: str) -> str | None:
    """Return the code one level up (`2.17.01.2.02` -> `2.17.01`), None for an urusan."""
    parts = code.split(".")
    keep = {2: 1, 3: 2, 5: 3, 6: 5}.get(len(parts))
    return ".".join(parts[:keep]) if keep else None


def bidang_of(code: str) -> str | None:
    """Return the bidang urusan that a code lies in, None for an urusan."""
    parts = code.split(".")
    return ".".join(parts[:2]) if len(parts) > 1 else None


def is_template(code: str) -> bool:
    """Whether `code` is a penunjang row of the lists, to be read with the bidang of an agency."""
    return code.startswith(TEMPLATE_BIDANG + ".")


def with_bidang(code: str, bidang: str) -> str:
    """Return a template code with the bidang of an agency (`X.XX.01.2.02`, `2.17` -> `2.17.01.2.02`)."""
    return bidang + code[len(TEMPLATE_BIDANG) :]


def to_template(code: str) -> str | None:
    """Return the template form of a penunjang code (`2.17.01.2.02` -> `X.XX.01.2.02`), None where it is none."""
    parts = code.split(".")
    return ".".join([TEMPLATE_BIDANG, *parts[2:]]) if len(parts) > 2 and parts[2] == "01" else None


def scope_of(code: str) -> str | None:
    """Return the scope that the kegiatan's group tells: 1 provinsi, 2 kabkota, from 3 on special autonomy; None above kegiatan."""
    parts = code.split(".")
    if len(parts) < 5:
        return None
    return _SCOPES.get(parts[3], "khusus")


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of an edition. `scope` is kabkota, provinsi, khusus or None (both); `name` is empty where the source lacks it."""

    code: str
    name: str
    level: RowKind
    scope: str | None = None
    performance: str = ""
    indicator: str = ""
    unit: str = ""

    @property
    def parent(self) -> str | None:
        return parent_of(self.code)


@dataclass(frozen=True, slots=True)
class Edition:
    """One edition: `first_year` to `last_year` are the budget years it applies to.

    `isolated` marks an edition whose codes mean other things than later ones (90/2019): it answers for its own years alone.
    `provisional` marks a list drawn from the corpus rather than from a decree.
    """

    id: str
    decree: str
    first_year: int
    last_year: int
    entries: tuple[Entry, ...]
    isolated: bool = False
    provisional: bool = False

    def distance(self, year: int) -> int:
        """Return how many years `year` lies outside the edition's own (0 inside)."""
        return max(self.first_year - year, year - self.last_year, 0)
