"""A made corpus of small plans (Renja, form T-C.33): real programs, invented agencies and amounts, a few planted errors.

python -m benchmarks.corpus FOLDER [--documents 1000]
"""

from __future__ import annotations

import argparse
import csv
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.extractors.pdf_maker import cells, document, lattice, text

ROOT = Path(__file__).resolve().parent.parent
WIDE, HIGH = 842.0, 595.0
EDGES = (40.0, 125.0, 330.0, 480.0, 560.0, 650.0, 730.0, 810.0)
HEADS = ("Kode", "Program/Kegiatan/Sub Kegiatan", "Indikator Kinerja", "Lokasi", "Target Capaian", "Pagu Indikatif (Rp)", "Sumber Dana")
SIZE = 7.0
LINE = 9.0
REGENCIES = ("Padang Lawas Utara", "Pasuruan", "Sleman", "Banyumas", "Cianjur", "Bantul", "Klaten", "Malang", "Jember", "Garut")
AGENCIES = ("Koperasi dan Usaha Kecil Menengah", "Perdagangan", "Tenaga Kerja", "Perindustrian", "Perhubungan", "Pertanian", "Pariwisata")
_WRONG_EVERY = 25  # one document of so many prints a kegiatan that is not the sum of its sub kegiatan
_ROWS_PER_PAGE = 430.0


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a plan as it is printed."""

    code: str
    name: str
    indicator: str
    target: str
    pagu: int


def _listed() -> list[tuple[str, str]]:
    with (ROOT / "normalizers" / "nomenklatur" / "data" / "2.17.csv").open(encoding="utf-8", newline="") as file:
        return [(row["kode"], row["nama"]) for row in csv.DictReader(file) if "2023" in row["edisi"]]


def plan(chance: random.Random, listed: Sequence[tuple[str, str]], wrong: bool) -> list[Entry]:
    """Three to five programs with kegiatan and sub kegiatan, summed up; `wrong` misprints the sum of one kegiatan."""
    programs = [code for code, _ in listed if code.count(".") == 2]
    names = dict(listed)
    entries: list[Entry] = []
    for program in sorted(chance.sample(programs, chance.randint(3, 5))):
        below: list[Entry] = []
        for kegiatan in [code for code in names if code.startswith(f"{program}.") and code.count(".") == 4][:3]:
            subs = [code for code in names if code.startswith(f"{kegiatan}.")][:6]
            leaves = [_leaf(code, names[code], chance) for code in subs]
            total = sum(leaf.pagu for leaf in leaves)
            below += [Entry(kegiatan, names[kegiatan], "Persentase kegiatan yang terlaksana", "100 %", total), *leaves]
        total = sum(entry.pagu for entry in below if entry.code.count(".") == 4)
        entries += [Entry(program, names[program], "Persentase koperasi yang berkualitas", f"{chance.randint(40, 95)} %", total), *below]
    if wrong:
        at = chance.choice([place for place, entry in enumerate(entries) if entry.code.count(".") == 4])
        old = entries[at]
        entries[at] = Entry(old.code, old.name, old.indicator, old.target, old.pagu + 1_000_000)
    return entries


def _leaf(code: str, name: str, chance: random.Random) -> Entry:
    return Entry(code, name, "Jumlah laporan yang disusun", f"{chance.randint(1, 40)} Laporan", chance.randrange(5_000, 900_000) * 1_000)


def _wrapped(content: str, width: float) -> list[str]:
    """Lines that fit a cell, by the mean width of a Helvetica letter."""
    lines = [""]
    for word in content.split():
        longer = f"{lines[-1]} {word}".strip()
        if len(longer) * SIZE * 0.58 > width - 6 and lines[-1]:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def _row(entry: Entry) -> list[list[str]]:
    texts = (entry.code, entry.name, entry.indicator, "Kabupaten", entry.target, f"{entry.pagu:,}".replace(",", "."), "DAU")
    return [_wrapped(content, right - left) for content, left, right in zip(texts, EDGES, EDGES[1:], strict=False)]


def _pages(rows: Sequence[list[list[str]]]) -> Iterator[bytes]:
    """Table pages with the header on each of them."""
    heads = [_wrapped(head, right - left) for head, left, right in zip(HEADS, EDGES, EDGES[1:], strict=False)]
    waiting = list(rows)
    while waiting:
        shown, used = [heads], _height(heads)
        while waiting and used + _height(waiting[0]) <= _ROWS_PER_PAGE:
            used += _height(waiting[0])
            shown.append(waiting.pop(0))
        yield _page(shown)


def _height(row: list[list[str]]) -> float:
    return LINE * max(map(len, row)) + 6


def _page(rows: Sequence[list[list[str]]]) -> bytes:
    out = text(40, HIGH - 40, "Tabel T-C.33 Rumusan Rencana Program dan Kegiatan Perangkat Daerah", 10)
    tops = [HIGH - 60]
    for row in rows:
        tops.append(tops[-1] - _height(row))
    out += lattice(EDGES, tops)
    for top, row in zip(tops, rows, strict=False):
        for number in range(max(map(len, row))):
            out += cells(EDGES, [top - number * LINE], [[lines[number] if number < len(lines) else "" for lines in row]], SIZE)
    return out


def made(number: int, *, seed: int = 2024) -> bytes:
    """The PDF of document `number`: a cover, a page of prose and the table; the same bytes every time."""
    chance = random.Random(f"{seed} {number}")
    place = number // 2
    agency, regency = AGENCIES[place % len(AGENCIES)], REGENCIES[place // len(AGENCIES) % len(REGENCIES)]
    office = f"UNIT {place // (len(AGENCIES) * len(REGENCIES)) + 1} "
    year = 2024 + number % 2
    entries = plan(chance, _listed(), wrong=number % _WRONG_EVERY == 0)
    total = sum(entry.pagu for entry in entries if entry.code.count(".") == 2)
    lines = (
        f"RENCANA KERJA (RENJA) TAHUN {year}",
        f"DINAS {office if office != 'UNIT 1 ' else ''}{agency.upper()}",
        f"PEMERINTAH KABUPATEN {regency.upper()}",
    )
    cover = b"".join(text(150, 420 - 40 * at, line, 18, font="F2") for at, line in enumerate(lines))
    prose = b"".join(
        text(60, 520 - 16 * at, line, 10)
        for at, line in enumerate(
            (
                "BAB I PENDAHULUAN",
                f"Rencana Kerja Dinas {agency} Kabupaten {regency} Tahun {year} disusun sebagai pedoman pelaksanaan.",
                f"Jumlah pagu seluruh program adalah sebesar Rp{total:,}".replace(",", ".") + ".",
            )
        )
    )
    return document(cover, prose, *_pages([_row(entry) for entry in entries]), size=(WIDE, HIGH))


def build(folder: Path, documents: int) -> None:
    """Writes the corpus to `folder`; a document that is there already is left alone."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(documents):
        path = folder / f"renja-{number:04d}.pdf"
        if not path.exists():
            path.write_bytes(made(number))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--documents", type=int, default=1000)
    given = parser.parse_args()
    build(given.folder, given.documents)


if __name__ == "__main__":
    main()
