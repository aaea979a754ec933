"""The rules by which printed rows become official ones."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from extractors.types import Bbox
from normalizers import codes
from normalizers.matching import PrintedRow, is_sure, match_document, match_table_rows
from normalizers.matching.context import agency_bidang
from normalizers.matching.decision import fit
from normalizers.matching.evidence import Relation, relate
from normalizers.nomenklatur import Edition, EditionView, Entry, Nomenklatur, load
from normalizers.types import LEVELS, CellText, DocumentFacts, Line, Match, MatchStatus, RowKind, TypedDocument, TypedTable

BOX = Bbox(0, 0, 1, 1)
COOPERATIVES = "Dinas Koperasi, Usaha Kecil dan Menengah"


@pytest.fixture(scope="module")
def view() -> EditionView:
    return load().for_year(2024, "kabkota")


def matched(view: EditionView, *rows: tuple[str | None, str | None], agency: str | None = COOPERATIVES) -> list[Match]:
    return match_table_rows([[PrintedRow(code, name) for code, name in rows]], view, agency)[0]


@pytest.mark.parametrize(
    ("code", "name", "official", "status"),
    [
        ("2.17.01.2.06.0005", "Penyediaan Barang Cetakan dan Penggandaan", "2.17.01.2.06.0005", MatchStatus.EXACT),
        ("2 17 01 2,06 05", "Penyediaan Barang Cetak dan Penggandaan", "2.17.01.2.06.0005", MatchStatus.EXACT),
        ("02.17.01.2.06.0005", "Penyediaan Barang Cetakan dan Penggandaan", "2.17.01.2.06.0005", MatchStatus.REPAIRED),
        ("X XX 01 207 06", "Pengadaan Peralatan dan Mesin Lainnya", "2.17.01.2.07.0006", MatchStatus.REPAIRED),
        ("5.1.02.01.01.0026", "Penyediaan Barang Cetakan dan Penggandaan", "2.17.01.2.06.0005", MatchStatus.REPAIRED),
        ("5.01.01.2.06.0062", "Penyediaan Bahan Bacaan dan Peraturan Perundang-undangan", "2.17.01.2.06.0006", MatchStatus.REPAIRED),
        ("01.2.06.04.", "Penyediaan Bahan Logistik Kantor", "2.17.01.2.06.0004", MatchStatus.REPAIRED),
        ("2.17.06", "PROGRAM PEMBERDAYAAN DAN PERLINDUNGAN KOPRASI", "2.17.06", MatchStatus.REPAIRED),
        (None, "Program Perkembangan UMKM", "2.17.08", MatchStatus.FUZZY),
        (None, "Penyedia Jasa Penunjang Urusan Pemerintah Dearah", "2.17.01.2.08", MatchStatus.FUZZY),
    ],
)
def test_code_and_name_together_find_the_entry(view: EditionView, code: str | None, name: str, official: str, status: MatchStatus) -> None:
    *_, match = matched(view, ("2.17.02", "PROGRAM PELAYANAN IZIN USAHA SIMPAN PINJAM"), ("2.17.05", None), (code, name))
    assert (match.code, match.status) == (official, status), match.reason
    assert match.reason.endswith(".") and 0 < match.score <= 1


def test_a_clear_name_overrules_another_entrys_code(view: EditionView) -> None:
    rows = matched(
        view,
        ("2.17.01.2.09", "Pemeliharaan Barang Milik Daerah Penunjang Urusan Pemerintahan Daerah"),
        ("2.17.01.2.06.0003", "Pemeliharaan Mebel"),
        ("2.17.01.2.09.0006", "Pemeliharaan Peralatan dan Mesin Lainnya"),
    )
    assert rows[1].code == "2.17.01.2.09.0005"
    assert "2.17.01.2.06.0003 bukan kode nama ini" in rows[1].reason


def test_a_clear_code_does_not_lose_to_a_near_twin(view: EditionView) -> None:
    [match] = matched(view, ("2.17.01.2.01.0005", "Koordinasi dan Penyusunan Perubahn DPA SKPD"))
    assert match.code == "2.17.01.2.01.0005"


def test_a_kegiatan_with_a_neighbours_name_goes_with_its_children(view: EditionView) -> None:
    kegiatan, *_ = matched(
        view,
        ("X XX 01 207", "Penyediaan Jasa Penunjang Urusan Pemerintahan Daerah"),
        ("X XX 01 207 02", "Pengadaan Kendaraan Dinas Operasional atau Lapangan"),
        ("X XX 01 207 06", "Pengadaan Peralatan dan Mesin Lainnya"),
        ("2.17.02", "PROGRAM PELAYANAN IZIN USAHA SIMPAN PINJAM"),
    )
    assert kegiatan.code == "2.17.01.2.07"


def test_two_names_too_close_are_left_undecided_with_both_shown(view: EditionView) -> None:
    [match] = matched(view, (None, "Penyusunan Rencana Tenaga Kerja Mkro"))
    assert match.status is MatchStatus.UNSURE and match.code is None
    assert {code for code, _, _ in match.candidates} >= {"2.07.02.2.01.0001", "2.07.02.2.01.0002"}
    assert "terlalu dekat" in match.reason


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("1.01.03", "PROGRAM PENGEMBANGAN KURIKULUM"),  # no edition at hand covers it; 2.17.08 is only alike
        ("1.01.02.2.01.0033", "Pemeliharaan Mebel Sekolah"),
        (None, "Pembangunan Jembatan Gantung Desa Terpencil"),
        ("2.17", "PERENCANAAN"),  # a label, though bidang 5.01 is called so
        ("02.17.01", "DINAS KOPERASI, USAHA KECIL DAN MENENGAH"),
    ],
)
def test_unmatched_beats_wrongly_matched(view: EditionView, code: str | None, name: str) -> None:
    [match] = matched(view, (code, name), agency=None)
    assert not is_sure(match), match
    assert match.code is None and match.reason


def test_without_codes_the_order_of_rows_gives_the_parent(view: EditionView) -> None:
    rows = matched(
        view,
        (None, "PROGRAM HUBUNGAN INDUSTRIAL"),
        (None, "Program Pengembangan UMKM"),
        (None, "Pengembangan Usaha Mikro dengan Orientasi Peningkatan Skala Usaha Menjadi Usaha Kecil"),
        (None, "Penumbuhan Pengembangan Kewirausahaan"),
    )
    assert [match.code for match in rows] == ["2.07.05", "2.17.08", "2.17.08.2.01", "2.17.08.2.01.0003"]


def test_of_two_codes_of_one_name_the_budget_year_chooses() -> None:
    name = "Fasilitasi Kemitraan Usaha Mikro"
    own, later = (
        Edition(str(year), "", year, year, (Entry(f"2.17.07.2.01.00{number}", name, RowKind.SUB_KEGIATAN, "kabkota"),))
        for year, number in ((2024, 21), (2027, 35))
    )
    both = Nomenklatur([own, later])
    for year, code in ((2024, "2.17.07.2.01.0021"), (2027, "2.17.07.2.01.0035")):
        [[match]] = match_table_rows([[PrintedRow(None, name)]], both.for_year(year), COOPERATIVES)
        assert match.code == code


def test_penunjang_rows_carry_the_agencys_bidang(view: EditionView) -> None:
    rows = matched(
        view, (None, "Administrasi Umum Perangkat Daerah"), (None, "Penyediaan Bahan Logistik Kantor"), agency="Dinas Perhubungan"
    )
    assert [match.code for match in rows] == ["2.15.01.2.06", "2.15.01.2.06.0004"]


def test_a_remnant_of_a_name_is_read_against_the_documents_other_rows(view: EditionView) -> None:
    full = [
        (None, "Administrasi Keuangan Perangkat Daerah"),
        (None, "Penyediaan Gaji dan Tunjangan ASN"),
        (None, "Penyediaan Jasa Surat Menyurat"),
    ]
    tables = [[PrintedRow(*row) for row in full], [PrintedRow(None, "Gaii dan Tunj ASN")]]
    assert match_table_rows(tables, view, COOPERATIVES)[1][0].code == "2.17.01.2.02.0001"


def test_older_documents_need_code_and_name() -> None:
    old = load().for_year(2017, "kabkota")
    rows = matched(old, (None, "Penyediaan Jasa Surat Menyurat"), ("1.15.01.01", "Penyediaan Jasa Surat Menyurat"))
    assert [match.code for match in rows] == [None, None]
    assert all(match.status is MatchStatus.NOT_NOMENKLATUR for match in rows)


@pytest.mark.parametrize(
    ("printed", "official", "relation"),
    [
        ("2.17.06", "2.17.06", Relation.SAME),
        ("X.XX.01.2.07", "2.17.01.2.07", Relation.TEMPLATE),
        ("01.2.06.04", "2.17.01.2.06.0004", Relation.PARTIAL),
        ("5.01.01.2.06.0006", "2.17.01.2.06.0006", Relation.OTHER_BIDANG),
        ("2.17.01.2.06.0060", "2.17.01.2.06.0006", Relation.NEAR),
        ("2.17.01.2.06.0011", "2.17.01.2.06.0004", Relation.SIBLING),
        ("2.17.06.2.01", "2.17.01.2.08", Relation.DIFFERENT),
        ("5.1.02.01.01.0026", "2.17.01.2.06.0005", Relation.FOREIGN),
    ],
)
def test_how_a_printed_code_stands_to_an_official_one(printed: str, official: str, relation: Relation) -> None:
    assert relate(codes.parse(printed), official) is relation


def test_a_child_fits_its_parent_better_than_a_stranger() -> None:
    assert fit("2.17.01.2.02", "2.17.01.2.02.0001") > fit("2.17.01.2.03", "2.17.01.2.02.0001")
    assert fit("2.17.01.2.02.0001", "2.17.01.2.02.0002") > fit("2.17.01.2.02.0001", "2.17.01.2.02.0001")


@pytest.mark.parametrize(
    ("agency", "bidang"),
    [
        ("Dinas Koperasi, UKM dan Tenaga Kerja Kota Sibolga", ("2.17", "2.07")),
        ("Badan Pendidikan dan Pelatihan", ("5.04",)),
        ("Inspektorat Daerah", ("6.01",)),
        (None, ()),
    ],
)
def test_an_agencys_name_tells_its_bidang(agency: str | None, bidang: tuple[str, ...]) -> None:
    assert agency_bidang(agency) == bidang


def _line(order: int, kind: RowKind, **cells: str) -> Line:
    texts = {name: CellText(text, 1, BOX) for name, text in cells.items()}
    return Line(f"b{order}", order, 1, BOX, kind, texts, printed_code=cells.get("kode"), printed_name=cells.get("uraian"))


def test_a_document_gets_matches_and_continuations_carry_them() -> None:
    lines = (
        _line(0, RowKind.PROGRAM, kode="2.17.06", uraian="PROGRAM PEMBERDAYAAN DAN PERLINDUNGAN KOPERASI"),
        _line(1, RowKind.SUB_KEGIATAN, kode="2.17.01.2.02.0001", uraian="Penyediaan Gaji dan Tunjangan ASN", satuan="Orang/bulan"),
        _line(2, RowKind.INDIKATOR, indikator="Jumlah Orang yang Menerima Gaji dan Tunjangan ASN"),
        _line(3, RowKind.TOTAL, uraian="JUMLAH"),
        _line(4, RowKind.OTHER, uraian="Usulan warga Desa Suka Maju"),
    )
    table = TypedTable("t", 0, "rencana_renja", "", (), lines, 1, 1)
    document = TypedDocument("d", "s", "x.pdf", DocumentFacts(year=2024, scope="kabkota"), (table,), (), (), 1)
    found = match_document(document, load()).tables[0].lines
    assert [line.match.code if line.match else None for line in found] == ["2.17.06", "2.17.01.2.02.0001", "2.17.01.2.02.0001", None, None]
    assert found[1].match is not None and "Indikator tercetak sesuai" in found[1].match.reason and "satuan sesuai" in found[1].match.reason
    assert found[3].match is None and found[4].match is None


@pytest.mark.shared
def test_facsimile_codes_are_right(shared: Path) -> None:
    wanted = right = 0
    for path in sorted((shared / "corpus" / "facsimile" / "chromium").glob("*.truth.json")):
        truth = json.loads(path.read_text(encoding="utf-8"))
        tables, gold = [], []
        for number, source in enumerate(truth["tables"]):
            rows = [row for row in source["rows"] if row.get("level") != "sambungan"]
            tables.append(
                TypedTable(
                    f"t{number}",
                    number,
                    source["kind"],
                    "",
                    (),
                    tuple(map(_truth_line, range(len(rows)), rows, [source["cols"]] * len(rows))),
                    1,
                    1,
                )
            )
            gold.append([row.get("gold_code") for row in rows])
        facts = DocumentFacts(year=truth["tahun"], agency=truth["opd"], scope="kabkota")
        done = match_document(TypedDocument("d", "s", "x.pdf", facts, tuple(tables), (), (), 1), load())
        for table, codes_wanted in zip(done.tables, gold, strict=True):
            for line, code in zip(table.lines, codes_wanted, strict=True):
                wanted += code is not None
                right += code is not None and line.match is not None and line.match.code == code
    assert right >= 0.98 * wanted > 0


def _truth_line(order: int, row: dict[str, object], columns: list[str]) -> Line:
    texts = {name: str(cell or "").strip() for name, cell in zip(columns, row["cells"], strict=True)}  # type: ignore[call-overload]
    code = ".".join(text for name, text in texts.items() if name.startswith("kode") and text)
    name = texts.get("uraian") or texts.get("uraian_rkpd")
    kind = next((level for level in (*LEVELS, RowKind.INDIKATOR, RowKind.TOTAL) if level.value == row["level"]), RowKind.OTHER)
    return Line(f"b{order}", order, 1, BOX, kind, {}, printed_code=code or None, printed_name=name or None)


@pytest.mark.shared
def test_gold_pairs_are_matched_and_right(shared: Path, view: EditionView) -> None:
    with (shared / "reference" / "gold_pairs.csv").open(encoding="utf-8", newline="") as handle:
        pairs = [pair for pair in csv.DictReader(handle) if pair["document"].endswith("2024")]
    tables: dict[tuple[str, str], list[dict[str, str]]] = {}
    for pair in pairs:
        tables.setdefault((pair["document"], pair["table"]), []).append(pair)
    published = right = official = 0
    for document in sorted({document for document, _ in tables}):
        own = [rows for (name, _), rows in tables.items() if name == document]
        printed = [[PrintedRow(pair["raw_code"] or None, pair["raw_name"] or None) for pair in rows] for rows in own]
        for rows, matches in zip(own, match_table_rows(printed, view), strict=True):
            for pair, match in zip(rows, matches, strict=True):
                official += bool(pair["gold_code"])
                published += is_sure(match)
                right += is_sure(match) and match.code == pair["gold_code"]
    assert right >= 0.99 * published
    assert right >= 0.97 * official
