"""Tables `temuan` and `pemeriksaan`: what does not add up, and everything that was checked."""

from __future__ import annotations

from pipeline.findings import Certainty, CheckStatus, Severity
from pipeline.schemas.model import TableSpec, box, document_id, integer, json_text, line_id, page, rupiah, table_id, text

TEMUAN = TableSpec(
    name="temuan",
    indonesian="Satu baris untuk setiap temuan; satu sebab dilaporkan satu kali.",
    english="One row per finding; one cause is reported once.",
    key=("temuan_id",),
    columns=(
        text(
            "temuan_id",
            "Sidik jari temuan; tetap sama dari malam ke malam.",
            "Fingerprint of the finding; the same from night to night.",
            "f03d9a1c7be4",
            nullable=False,
        ),
        document_id(),
        table_id(nullable=True),
        line_id(nullable=True),
        text("kolom", "Kolom baku.", "Canonical column.", "pagu"),
        text("aturan", "Aturan pemeriksaan.", "Rule of the check.", "R02", nullable=False),
        text("status", "Akhir pemeriksaan.", "End of the check.", "selisih", nullable=False, allowed=tuple(CheckStatus)),
        text(
            "tingkat",
            "galat hanya bila cetakan pasti bertentangan.",
            "galat only where the print contradicts itself beyond doubt.",
            "galat",
            nullable=False,
            allowed=tuple(Severity),
        ),
        text(
            "kepastian",
            "Seberapa pasti temuan berasal dari cetakan.",
            "How sure it is that the finding comes from the print.",
            "pasti",
            nullable=False,
            allowed=tuple(Certainty),
        ),
        text("tercetak", "Nilai sebagaimana tercetak.", "Value as printed.", "550.000.000"),
        text("seharusnya", "Nilai yang memenuhi aturan.", "Value that would satisfy the rule.", "500.000.000"),
        rupiah("selisih", "Selisih, bila bilangan bulat.", "Difference, where it is a whole number.", 50000000),
        text("selisih_teks", "Selisih sebagai teks.", "Difference as text.", "50000000"),
        text(
            "pesan",
            "Satu kalimat yang dapat disalin auditor.",
            "One sentence that an auditor can paste.",
            "Jumlah sub kegiatan tidak sama dengan kegiatan.",
            nullable=False,
        ),
        text("dugaan_sebab", "Sebab yang mungkin.", "Likely cause.", "angka tertukar"),
        json_text("bukti", "Baris yang menjadi bukti.", "Rows that are the evidence.", '["b8e07f31c55a"]', nullable=False),
        json_text(
            "terkait", "Temuan lain yang mengikuti dari temuan ini.", "Other findings that follow from this one.", "[]", nullable=False
        ),
        page(nullable=True),
        *box("tempat temuan", "the place of the finding", nullable=True),
    ),
)

PEMERIKSAAN = TableSpec(
    name="pemeriksaan",
    indonesian="Satu baris untuk setiap pemeriksaan, apa pun akhirnya.",
    english="One row per check that was made, whatever its end.",
    key=("pemeriksaan_id",),
    columns=(
        text("pemeriksaan_id", "Penanda pemeriksaan.", "Identifier of the check.", "c2a80f7d1b36", nullable=False),
        text("aturan", "Aturan pemeriksaan.", "Rule of the check.", "R01", nullable=False),
        document_id(),
        table_id(nullable=True),
        line_id(nullable=True),
        text("kolom", "Kolom baku.", "Canonical column.", "pagu"),
        text("status", "Akhir pemeriksaan.", "End of the check.", "cocok", nullable=False, allowed=tuple(CheckStatus)),
        text("tercetak", "Nilai tercetak.", "Printed value.", "1793267126"),
        text("dihitung", "Nilai yang dihitung.", "Computed value.", "1793267126"),
        integer("jumlah_anggota", "Jumlah baris yang dihitung.", "Number of rows that went in.", 4, nullable=False, minimum=0),
        json_text("anggota", "Baris yang dihitung.", "Rows that went in.", '["b8e07f31c55a"]', nullable=False),
        text(
            "alasan", "Mengapa terhalang atau tidak dapat diperiksa.", "Why it was blocked or not checkable.", "satu anggota tidak terbaca"
        ),
    ),
)
