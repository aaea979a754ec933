"""Why a row was matched as it was, in one Indonesian sentence."""

from __future__ import annotations

from normalizers.codes import Code, CodeSystem, Repair
from normalizers.matching.decision import Choice
from normalizers.matching.evidence import AGREEING, Evidence, Relation
from normalizers.matching.scoring import Candidate

_REPAIRS: dict[Repair, str] = {
    Repair.LEADING_ZERO: "nol di depan",
    Repair.PADDING: "nol yang hilang",
    Repair.GLUED_KEGIATAN: "nomor kegiatan yang menyatu",
    Repair.LOST_BIDANG: "bidang yang hilang",
    Repair.CONFUSED: "huruf yang terbaca sebagai angka",
}
_SYSTEMS: dict[CodeSystem, str] = {
    CodeSystem.ACCOUNT: "kode rekening",
    CodeSystem.AGENCY: "kode perangkat daerah",
    CodeSystem.PERMENDAGRI_13: "kode Permendagri 13/2006",
}


def needed_repairs(code: Code | None) -> tuple[str, ...]:
    """Return what had to be repaired in a printed code, separators and two-digit serials (an official form) left out."""
    return tuple(_REPAIRS[repair] for repair in code.repairs if repair in _REPAIRS) if code else ()


def decimal(value: float) -> str:
    """Return a likeness or score as it is written in Indonesian."""
    return f"{value:.2f}".replace(".", ",")


def why(evidence: Evidence, candidate: Candidate, year: int | None) -> str:
    """Return the reason for a sure match."""
    return f"{_code_part(evidence, candidate)}; {_name_part(evidence, candidate)}{_edition_part(candidate, year)}."


def why_unsure(choice: Choice) -> str:
    """Return the reason for leaving a row undecided."""
    first = choice.chosen
    if first is None:
        return "Tidak ada calon yang cukup dekat."
    if choice.runner_up is None or choice.margin > 5:
        pointed = "Kode menunjuk" if first.relation in AGREEING else "Calon terdekat adalah"
        return f"{pointed} {first.code} {_quoted(first)}, tetapi nama tercetak hanya mirip {decimal(first.likeness)}."
    second = choice.runner_up
    return f"Dua calon terlalu dekat: {first.code} {_quoted(first)} dan {second.code} {_quoted(second)}."


def why_not_found(evidence: Evidence, predates: bool) -> str:
    """Return the reason for a row without an official entry."""
    code = evidence.code
    if evidence.is_agency:
        return "Baris ini menyebut perangkat daerah, bukan program atau kegiatan."
    if code is not None and code.system is not CodeSystem.NOMENKLATUR:
        return f"Kode tercetak {code.normal} adalah {_SYSTEMS[code.system]}, dan nama tidak ada dalam nomenklatur."
    if predates:
        return "Dokumen lebih tua daripada nomenklatur Permendagri 90/2019; kode dan nama tidak keduanya cocok."
    if code is not None and evidence.name is not None:
        return f"Kode {code.normal} tidak ada dalam edisi yang tersedia, dan tidak ada nama yang cukup mirip."
    if code is not None:
        return f"Kode {code.normal} tidak ada dalam edisi yang tersedia, dan nama tidak tercetak."
    return "Tidak ada nama yang cukup mirip dalam edisi yang tersedia."


def _quoted(candidate: Candidate) -> str:
    return f"“{candidate.listed.entry.name}”"


def _code_part(evidence: Evidence, candidate: Candidate) -> str:
    code, relation = evidence.code, candidate.relation
    if code is None:
        printed = evidence.row.code
        return f"Kode tercetak {printed} tidak terbaca" if printed else "Kode tidak tercetak"
    if relation is Relation.SAME:
        repairs = needed_repairs(code)
        return f"Kode {code.normal} sama setelah perbaikan {' dan '.join(repairs)}" if repairs else "Kode sama"
    if relation is Relation.TEMPLATE:
        return f"Kode templat {code.normal} diisi bidang perangkat daerah menjadi {candidate.code}"
    if relation is Relation.PARTIAL:
        return f"Kode {code.normal} tanpa bidang dilengkapi menjadi {candidate.code}"
    if relation is Relation.FOREIGN:
        return f"Kode tercetak {code.normal} adalah {_SYSTEMS[code.system]}, kode resminya {candidate.code}"
    if relation is Relation.OTHER_BIDANG:
        return f"Kode tercetak {code.normal} memakai bidang lain, kode resminya {candidate.code}"
    if relation is Relation.NEAR:
        return f"Kode tercetak {code.normal} meleset satu angka dari {candidate.code}"
    return f"Kode tercetak {code.normal} bukan kode nama ini, kode resminya {candidate.code}"


def _name_part(evidence: Evidence, candidate: Candidate) -> str:
    if evidence.name is None:
        return "nama tidak tercetak"
    if candidate.likeness == 1.0:
        return "nama sama"
    if candidate.relation in AGREEING:
        return f"nama mirip {decimal(candidate.likeness)} dengan {_quoted(candidate)}"
    return f"nama mirip {decimal(candidate.likeness)} dengan {_quoted(candidate)} menurut induk dan urutannya"


def _edition_part(candidate: Candidate, year: int | None) -> str:
    listed = candidate.listed
    kind = "daftar sementara dari dokumen" if listed.provisional else "edisi"
    if listed.distance and year is not None:
        return f", menurut {kind} {listed.edition} (tidak ada pada edisi yang lebih dekat ke {year})"
    return f", menurut {kind} {listed.edition}"
