"""What arrives of documents whose right reading is known: tables, rows, cells, amounts, codes and findings.

Runs `renja run` on folders of PDFs with `*.truth.json` beside them and scores the result with the team's `evaluate.py`. Without
arguments the corpora handed to the team are used, where they are at hand; scans take minutes and are read with `--scans`.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

SHARED = Path(__file__).parents[2] / "shared"
TEXT = ("facsimile/chromium", "facsimile/writer", "facsimile/norepeat", "facsimile/rotated", "facsimile/horizontal")
SCANS = ("facsimile/scan200", "synthetic", "real")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="*", type=Path)
    parser.add_argument("--scans", action="store_true", help="folders with documents that need OCR as well")
    parser.add_argument("--evaluate", type=Path, default=SHARED / "evaluate.py")
    options = parser.parse_args()
    chosen = options.folders or [SHARED / "corpus" / name for name in (*TEXT, *(SCANS if options.scans else ()))]
    folders = [folder for folder in chosen if folder.is_dir()]
    if not folders or not options.evaluate.exists():
        print("needs documents with truth files and evaluate.py; neither is here")
        return 0
    with tempfile.TemporaryDirectory() as scratch:
        for folder in folders:
            clean = Path(scratch) / folder.name
            renja = [sys.executable, "-m", "pipeline.cli", "run", str(folder), "--clean", str(clean)]
            ended = subprocess.run(renja, stdout=subprocess.DEVNULL, check=False).returncode
            print(f"\n{folder.name} (renja run ended with {ended})", flush=True)
            subprocess.run([sys.executable, str(options.evaluate), str(clean / "latest"), str(folder)], check=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
