"""How right and how fast the matcher is.

    python benchmarks/bench_match.py --gold gold_pairs.csv --edition list.csv ID FIRST LAST
    python benchmarks/bench_match.py --edition list.csv ID FIRST LAST --rows 10000

`--gold` is a CSV of printed pairs (document, table, raw_code, raw_name, gold_code); pairs of one document and table are rows of one table
in that order, and the year is the one in the document's name. `--edition` imports a list first, and may be given more than once; without
it the bundled editions are used. The speed is measured on rows of the editions at hand with misspelled names and wrong codes.
"""

from __future__ import annotations

import argparse
import csv
import random
import re
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

from normalizers.matching import PrintedRow, is_sure, match_table_rows
from normalizers.nomenklatur import Nomenklatur, load
from normalizers.types import Match
from pipeline.nomenklatur_import import import_edition

TABLE = 200  # rows of one measured document


def match_gold(pairs: Sequence[dict[str, str]], nomenklatur: Nomenklatur) -> list[tuple[dict[str, str], Match]]:
    """Match the pairs, document by document, and return each with its match."""
    matched: list[tuple[dict[str, str], Match]] = []
    for document, own in groupby(pairs, key=lambda pair: pair["document"]):
        year = re.search(r"20\d\d", document)
        view = nomenklatur.for_year(int(year.group()) if year else None, "kabkota")
        tables = [list(rows) for _, rows in groupby(own, key=lambda pair: pair["table"])]
        printed = [[PrintedRow(row["raw_code"] or None, row["raw_name"] or None) for row in table] for table in tables]
        for table, matches in zip(tables, match_table_rows(printed, view), strict=True):
            matched.extend(zip(table, matches, strict=True))
    return matched


def report_gold(path: Path, nomenklatur: Nomenklatur, show: bool) -> None:
    """Print precision and recall on gold pairs; pairs whose gold code is empty must stay unmatched."""
    with path.open(encoding="utf-8", newline="") as handle:
        matched = match_gold(list(csv.DictReader(handle)), nomenklatur)
    published = [(pair, match) for pair, match in matched if is_sure(match)]
    right = sum(match.code == pair["gold_code"] for pair, match in published)
    official = sum(bool(pair["gold_code"]) for pair, _ in matched)
    print(f"pairs {len(matched)}, with an official code {official}, published {len(published)}, right {right}")
    print(f"precision {right / max(len(published), 1):.4f}  matched {right / max(official, 1):.4f}")
    print("statuses", dict(Counter(match.status.value for _, match in matched)))
    if show:
        for pair, match in matched:
            if (match.code or "") != pair["gold_code"]:
                print(f"  {pair['raw_code']} | {pair['raw_name']}")
                print(f"    {match.code} ({match.status.value}), gold {pair['gold_code']}: {match.reason}")


def misspelled(name: str, chance: random.Random) -> str:
    """Return a name with two of the slips that documents have: a letter lost, two swapped, a blank lost."""
    letters = list(name)
    for _ in range(2):
        place = chance.randrange(max(len(letters) - 1, 1))
        if chance.random() < 0.5:
            del letters[place]
        else:
            letters[place : place + 2] = reversed(letters[place : place + 2])
    return "".join(letters)


def report_speed(nomenklatur: Nomenklatur, rows: int) -> None:
    """Print rows per second of processor time, on stretches of the list with every name misspelled and half the codes lost."""
    view = nomenklatur.for_year(2025, "kabkota")
    chance = random.Random(7)
    entries = sorted((listed.entry for listed in view.entries if listed.entry.name), key=lambda entry: entry.code)
    documents = []
    for _ in range(0, rows, TABLE):
        first = chance.randrange(max(len(entries) - TABLE, 1))
        stretch = entries[first : first + TABLE]
        documents.append([PrintedRow(None if chance.random() < 0.5 else entry.code, misspelled(entry.name, chance)) for entry in stretch])
    match_table_rows([documents[0][:1]], view)  # builds the index
    start = time.process_time()
    for document in documents:
        match_table_rows([document], view)
    seconds = time.process_time() - start
    count = sum(len(document) for document in documents)
    print(f"{count} rows against {len(view.entries)} entries in {seconds:.2f} s: {count / seconds:.0f} rows/s")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gold", type=Path)
    parser.add_argument("--edition", nargs=4, action="append", default=[], metavar=("FILE", "ID", "FIRST", "LAST"))
    parser.add_argument("--rows", type=int, default=10000)
    parser.add_argument("--show", action="store_true", help="print the pairs that are not right")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        extra = [import_edition(Path(file), id, (int(first), int(last)), Path(folder)).path for file, id, first, last in arguments.edition]
        nomenklatur = load(extra)
    if arguments.gold:
        report_gold(arguments.gold, nomenklatur, arguments.show)
    report_speed(nomenklatur, arguments.rows)


if __name__ == "__main__":
    main()
