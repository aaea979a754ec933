"""What a run says of each document in one line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import pyarrow as pa


@dataclass(frozen=True, slots=True)
class DocumentSummary:
    """Counts of one document; `checked` of its `amounts` stand under a check that passed; findings by severity."""

    id: str
    file: str
    status: str
    reason: str | None = None
    kind: str | None = None
    year: int | None = None
    region: str | None = None
    agency: str | None = None
    pages: int = 0
    tables: int = 0
    lines: int = 0
    amounts: int = 0
    checked: int = 0
    errors: int = 0
    warnings: int = 0
    infos: int = 0

    @property
    def share_checked(self) -> float | None:
        return self.checked / self.amounts if self.amounts else None


def summaries(tables: Mapping[str, pa.Table]) -> tuple[DocumentSummary, ...]:
    """One summary for each row of `dokumen`, counted from the rows of these documents as they are published."""
    counts = {name: Counter(tables[name].column("dokumen_id").to_pylist()) for name in ("tabel", "baris")}
    found = tables["temuan"]
    findings = Counter(zip(found.column("dokumen_id").to_pylist(), found.column("tingkat").to_pylist(), strict=True))
    return tuple(
        DocumentSummary(
            id=row["dokumen_id"],
            file=row["nama_berkas"],
            status=row["status"],
            reason=row["galat"],
            kind=row["jenis_dokumen"],
            year=row["tahun"],
            region=row["nama_wilayah"],
            agency=row["perangkat_daerah"],
            pages=row["jumlah_halaman"] or 0,
            tables=counts["tabel"][row["dokumen_id"]],
            lines=counts["baris"][row["dokumen_id"]],
            amounts=row["jumlah_nominal"],
            checked=row["nominal_teruji"],
            errors=findings[row["dokumen_id"], "galat"],
            warnings=findings[row["dokumen_id"], "peringatan"],
            infos=findings[row["dokumen_id"], "info"],
        )
        for row in tables["dokumen"].to_pylist()
    )
