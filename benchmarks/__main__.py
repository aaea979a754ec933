"""Run the benchmarks one after the other: `python -m benchmarks` (those that take minutes), or `python -m benchmarks audit scan`.

Speeds are ratios measured in one run; `nightly` and `kill` take much longer and run only where they are named.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
USUAL = ("extract", "scan", "confidence", "match", "audit", "browse", "accuracy")
LONG = ("nightly", "kill")


def main() -> int:
    names = sys.argv[1:] or USUAL
    unknown = [name for name in names if name not in (*USUAL, *LONG)]
    if unknown:
        print(f"no benchmark {', '.join(unknown)}; there are: {', '.join((*USUAL, *LONG))}", file=sys.stderr)
        return 2
    failed = []
    for name in names:
        print(f"\n== {name}", flush=True)
        if subprocess.run([sys.executable, "-m", f"benchmarks.bench_{name}"], cwd=HERE.parent, check=False).returncode:
            failed.append(name)
    if failed:
        print(f"\nended with an error: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
