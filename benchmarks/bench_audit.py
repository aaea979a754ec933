"""How long the audit takes: `python -m benchmarks.bench_audit [LINES]` checks a made document of so many lines; CPU seconds of one core."""

from __future__ import annotations

import random
import sys
import time

from normalizers.tree import with_parents
from normalizers.types import TypedDocument
from pipeline.reconcile import audit
from tests.pipeline.builders import Row, document, table

LIMIT_SECONDS = 2.0
COLUMNS = ("target_rp", "tw1_rp", "tw2_rp", "tw3_rp", "tw4_rp", "realisasi_rp")


def made(lines: int, wrong: int = 20) -> TypedDocument:
    """A plan and its evaluation of `lines` lines together, with `wrong` figures changed."""
    chance = random.Random(7)
    plan, evaluation = _rows(lines // 2, chance)
    for _ in range(wrong):
        cells = chance.choice(evaluation)[3]
        cells[chance.choice(COLUMNS)] += 10**6  # type: ignore[index, operator]
    tables = [table(plan, identity="a"), table(evaluation, kind="evaluasi_triwulan", identity="b")]
    return document(*tables, kind="renja", year=2024, agency="Dinas")


def _rows(lines: int, chance: random.Random) -> tuple[list[Row], list[Row]]:
    plan: list[Row] = []
    evaluation: list[Row] = []
    program = 0
    while len(plan) < lines:
        program += 1
        at = len(plan)
        code = f"{1 + program // 90}.{program // 9 % 90 + 10}.{program % 90 + 10}"
        leaves: list[tuple[str, str, dict[str, int]]] = []
        kegiatan: list[tuple[str, str, dict[str, int]]] = []
        for k in range(1, 4):
            own = [(f"{code}.2.{k:02d}.{s:04d}", f"Sub kegiatan {program} {k} {s}", _leaf(chance)) for s in range(1, 10)]
            kegiatan.append((f"{code}.2.{k:02d}", f"Kegiatan nomor {program} {k}", _total([cells for *_, cells in own])))
            leaves += own
        whole = _total([cells for *_, cells in kegiatan])
        rows: list[tuple[str, str, str, dict[str, int]]] = [("program", code, f"PROGRAM NOMOR {program}", whole)]
        for k, group in enumerate(kegiatan):
            rows.append(("kegiatan", *group))
            rows += [("sub_kegiatan", *leaf) for leaf in leaves[9 * k : 9 * k + 9]]
        plan[at:] = [(level, c, name, _planned(cells["target_rp"])) for level, c, name, cells in rows]
        evaluation[at:] = list(rows)
    return plan, evaluation


def _planned(pagu: int) -> dict[str, int | str]:
    return {"pagu": pagu, "pagu_maju": pagu * 11 // 10}


def _leaf(chance: random.Random) -> dict[str, int]:
    quarters = [chance.randrange(10**6, 10**8) for _ in range(4)]
    return dict(zip(COLUMNS, (sum(quarters) * 2, *quarters, sum(quarters)), strict=True))


def _total(rows: list[dict[str, int]]) -> dict[str, int]:
    return {column: sum(cells[column] for cells in rows) for column in COLUMNS}


def main() -> int:
    lines = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    checked = made(lines)
    count = sum(len(one.lines) for one in checked.tables)
    start = time.process_time()
    for one in checked.tables:
        with_parents(one)
    grown = time.process_time()
    result = audit([checked])
    done = time.process_time()
    print(f"{count} lines: tree {grown - start:.2f} s, audit {done - grown:.2f} s")
    print(f"{len(result.checks)} checks, {len(result.findings)} findings")
    aim = LIMIT_SECONDS * count / 10_000
    if done - start < aim:
        return 0
    print(f"slower than the aim of {aim:.1f} s")
    return 1


if __name__ == "__main__":
    sys.exit(main())
