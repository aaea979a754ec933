"""Table `koreksi`: what became of the reviewed corrections."""

from __future__ import annotations

from normalizers.types import CorrectionStatus
from pipeline.schemas.model import TableSpec, document_id, text

KOREKSI = TableSpec(
    name="koreksi",
    indonesian="Satu baris untuk setiap koreksi yang mengenai sebuah dokumen.",
    english="One row per reviewed correction that concerns a document.",
    key=("koreksi_id",),
    columns=(
        text("koreksi_id", "Penanda hasil koreksi.", "Identifier of the outcome.", "c41b7d09e2fa", nullable=False),
        document_id(),
        text("koreksi", "Berkas dan urutan koreksi.", "File and entry of the correction.", "koreksi.yml#2", nullable=False),
        text(
            "baris_id",
            "Baris yang dikoreksi; kosong bila tidak ada.",
            "The corrected row; empty where there is none.",
            "b8e07f31c55a",
            nullable=False,
        ),
        text(
            "status",
            "diterapkan; kedaluwarsa bila cetakannya sudah lain; ambigu bila lebih dari satu baris cocok; tidak_terpakai.",
            "diterapkan applied; kedaluwarsa where other text is printed now; ambigu where several rows fit; tidak_terpakai unused.",
            "diterapkan",
            nullable=False,
            allowed=tuple(CorrectionStatus),
        ),
        text(
            "keterangan",
            "Apa yang diubah, atau mengapa tidak.",
            "What was changed, or why not.",
            "pagu 1.000 menjadi 10.000",
            nullable=False,
        ),
    ),
)
