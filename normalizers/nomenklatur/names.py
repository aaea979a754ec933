"""Names as they are compared: level words, running numbers and footnote marks off, spellings of the field unified."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from normalizers.text import fold
from normalizers.types import RowKind

# Spellings met in real documents, and the official one; the official names go through the same table.
SPELLINGS: dict[str, str] = {
    "cetak": "cetakan",
    "ijin": "izin",
    "perijinan": "perizinan",
    "pelatihan": "latihan",
    "produktifitas": "produktivitas",
    "efektifitas": "efektivitas",
    "aktifitas": "aktivitas",
    "kreatifitas": "kreativitas",
    "presentase": "persentase",
    "prosentase": "persentase",
    "pemerintahan": "pemerintah",
    "fasilitas": "fasilitasi",
    "standarisasi": "standardisasi",
    "analisa": "analisis",
    "kwalitas": "kualitas",
    "kab": "kabupaten",
    "perlindungan": "pelindungan",
    "mebeleur": "mebel",
    "meubelair": "mebel",
    "sarpras": "sarana prasarana",
}
# Longer wordings and their short forms; only ever a second opinion beside the name as printed.
ABBREVIATIONS: tuple[tuple[str, str], ...] = (
    ("satuan kerja perangkat daerah", "pd"),
    ("organisasi perangkat daerah", "pd"),
    ("perangkat daerah", "pd"),
    ("skpd", "pd"),
    ("opd", "pd"),
    ("barang milik daerah", "bmd"),
    ("aparatur sipil negara", "asn"),
    ("sumber daya manusia", "sdm"),
    ("usaha mikro kecil dan menengah", "umkm"),
    ("usaha mikro kecil menengah", "umkm"),
    ("usaha kecil dan menengah", "ukm"),
    ("koperasi simpan pinjam unit simpan pinjam", "ksp usp"),
    ("usaha simpan pinjam", "usp"),
    ("keluarga berencana", "kb"),
    ("rencana kerja dan anggaran", "rka"),
    ("dokumen pelaksanaan anggaran", "dpa"),
    ("standar operasional prosedur", "sop"),
    ("bahan bakar minyak", "bbm"),
    ("dalam daerah kabupaten kota", "kabkota"),
    ("daerah kabupaten kota", "kabkota"),
    ("kabupaten kota", "kabkota"),
)

_NUMBERED = re.compile(
    r"^\s*(?:\(?(?:\d{1,3}|[ivxl]{1,6}|[a-z])[.)]\s*(?=\D)|\d{1,3}(?:\.\d{1,2}){0,3}[.)]?\s+(?=[^\W\d])|[IVXL]{1,6}\s+(?=[^\W\d]))",
    re.IGNORECASE,
)
_LEVEL_WORDS: tuple[tuple[re.Pattern[str], RowKind], ...] = (
    (re.compile(r"sub ?kegiatan "), RowKind.SUB_KEGIATAN),
    (re.compile(r"kegiatan "), RowKind.KEGIATAN),
    (re.compile(r"(?:program|programm|progr?am|prgram|porgram|prorgam|pogram|proram|progrm) "), RowKind.PROGRAM),
    (re.compile(r"(?:urusan (?:\w+ ){0,2}bidang|bidang urusan(?: pemerintah(?:an)?)?|bidang) "), RowKind.BIDANG_URUSAN),
)
_LONG = re.compile(r"\b(?:" + "|".join(sorted((long for long, _ in ABBREVIATIONS), key=len, reverse=True)) + r")\b")
_SHORT = dict(ABBREVIATIONS)
_AMPERSAND = re.compile(r"\s*&\s*")
_MINIMUM_LETTERS = 3


@dataclass(frozen=True, slots=True)
class Name:
    """A name ready for comparison: `tokens` blank-separated, `compact` without blanks, `short` with abbreviations; `level` is what its
    leading word says (None where it says nothing)."""

    tokens: str
    compact: str
    short: str
    level: RowKind | None


@lru_cache(maxsize=65536)
def read_name(text: str) -> Name:
    """Return `text` ready for comparison; a running number in front, level words and unusual spellings do not count."""
    folded = _fold_name(text)
    level = None
    for pattern, kind in _LEVEL_WORDS:
        hit = pattern.match(folded)
        if hit and len(folded) - hit.end() >= _MINIMUM_LETTERS:
            folded, level = folded[hit.end() :], kind
            break
    tokens = " ".join(SPELLINGS.get(token, token) for token in folded.split())
    short = _LONG.sub(lambda hit: _SHORT[hit.group()], tokens)
    return Name(tokens, tokens.replace(" ", ""), short.replace(" ", ""), level)


def _fold_name(text: str) -> str:
    bare = _NUMBERED.sub("", _AMPERSAND.sub(" dan ", text), count=1)
    folded = fold(bare)
    return folded if len(folded) >= _MINIMUM_LETTERS else fold(text)
