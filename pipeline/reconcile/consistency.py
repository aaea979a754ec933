"""The same quantity printed twice: R14 both sides of a review, R25 two tables of one document, R26 units, R17 names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

from normalizers.text import squash
from pipeline.findings import CheckStatus

from .equations import Equation
from .sheet import Figure, Node, Sheet

PLANNED = (
    "pagu",
    "target_rp",
    "pagu_kebutuhan",
    "pagu_rkpd",
    "anggaran",
    "pagu_sebelum",
    "pagu_sesudah",
    "anggaran_murni",
    "anggaran_perubahan",
    "pagu_apbd",
    "pagu_rkpd_perubahan",
)
QUANTITIES = (PLANNED, ("realisasi", "realisasi_rp"), ("pagu_maju",))
SIDES = ("pagu_rkpd", "pagu_kebutuhan")
_LEAST_SHARED, _SAME_QUANTITY = 3, 0.8
NodeKey = tuple[str, str]


def two_sides(sheet: Sheet) -> Iterator[Equation]:
    """R14: both amounts of a row of T-C.31; where they mostly agree, one that differs is worth a look, but may be a proposal."""
    left, right = SIDES
    if not {left, right} <= set(sheet.money):
        return
    for node in sheet.nodes:
        planned, needed = sheet.figure(node, left), sheet.figure(node, right)
        if planned is not None and needed is not None:
            yield Equation("R14", sheet, needed, ((planned, 1),), soft=True, of="sisi rancangan awal RKPD")


def two_tables(sheets: Sequence[Sheet]) -> Iterator[Equation]:
    """R25: columns of two tables that print the same quantity for nearly all of their common rows."""
    keyed = [_unique_nodes(sheet) for sheet in sheets]
    for (first, rows), (second, other_rows) in combinations(zip(sheets, keyed, strict=True), 2):
        shared = [key for key in rows if key in other_rows]
        if len(shared) < _LEAST_SHARED:
            continue
        for columns in QUANTITIES:
            yield from _best_pairs(first, second, [(rows[key], other_rows[key]) for key in shared], columns)


def _best_pairs(first: Sheet, second: Sheet, pairs: Sequence[tuple[Node, Node]], columns: Sequence[str]) -> Iterator[Equation]:
    """For each column of the second table the column of the first that agrees best."""
    for below in (column for column in columns if column in second.money):
        best: tuple[float, list[Equation]] = (0.0, [])
        for above in (column for column in columns if column in first.money):
            equations = [e for pair in pairs if (e := _same(first, second, pair, above, below))]
            share = sum(e.verdict().status is not CheckStatus.DIFFERS for e in equations) / len(equations) if equations else 0.0
            if len(equations) >= _LEAST_SHARED and share > best[0]:
                best = share, equations
        if best[0] >= _SAME_QUANTITY:
            yield from best[1]


def _same(first: Sheet, second: Sheet, pair: tuple[Node, Node], above: str, below: str) -> Equation | None:
    one, other = first.figure(pair[0], above), second.figure(pair[1], below)
    if one is None or other is None or not (one.amount or other.amount):
        return None
    return Equation("R25", second, other, ((one, 1),), soft=True, of=first.table.title or first.table.kind)


def _unique_nodes(sheet: Sheet) -> Mapping[NodeKey, Node]:
    """The rows that one key names alone: level with official or printed code, or with the name where there is no code."""
    found: dict[NodeKey, list[Node]] = defaultdict(list)
    for node in sheet.nodes:
        if node.is_total:
            found[("total", "")].append(node)
        elif node.code or node.line.printed_name:
            found[(node.line.kind, node.code or squash(node.line.printed_name or ""))].append(node)
    return {key: nodes[0] for key, nodes in found.items() if len(nodes) == 1}


def figures_of(node: Node, sheet: Sheet, columns: Sequence[str]) -> list[Figure]:
    return [figure for column in columns if (figure := sheet.figure(node, column))]
