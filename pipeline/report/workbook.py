"""The audit as an XLSX workbook: printed figures beside live SUM formulas, so that an auditor recomputes in one click."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_rowcol_to_cell

from pipeline.reconcile import RULES
from pipeline.report.html import WHOLE, texts
from pipeline.report.model import DocumentRows, DocumentView, Row, checked_share, document_rows

FINDING_FIELDS = (
    "nama_berkas",
    "halaman",
    "tingkat",
    "kepastian",
    "aturan",
    "kolom",
    "tercetak",
    "seharusnya",
    "selisih",
    "pesan",
    "dugaan_sebab",
)
WIDTHS = {"pesan": 70, "dugaan_sebab": 40, "nama_berkas": 28, "uraian": 60, "tercetak": 20, "seharusnya": 20, "selisih_teks": 18}
_OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "constant_memory": True}  # rows are written in order
SAFE_INTEGER = 10**15  # a spreadsheet keeps 15 digits; a larger amount is written as text


def write_workbook(snapshot: Path, out: Path, *, lang: str = "id") -> Path:
    """Write the findings, the sums with formulas, the checks and the definitions of a snapshot to the file `out`."""
    words = texts(lang)
    with xlsxwriter.Workbook(str(out), _OPTIONS) as book:
        formats = {
            "head": book.add_format({"bold": True, "bottom": 2, "text_wrap": True, "valign": "top"}),
            "text": book.add_format({"text_wrap": True, "valign": "top"}),
            "money": book.add_format({"num_format": "#,##0", "valign": "top"}),
            "bad": book.add_format({"num_format": "#,##0", "font_color": "#B3261E", "bold": True}),
            "group": book.add_format({"bold": True, "bg_color": "#EEF2F6", "text_wrap": True, "valign": "top"}),
            "fill": book.add_format({"bg_color": "#FFF8E5", "text_wrap": True, "valign": "top"}),
        }
        add_findings = _findings_sheet(book.add_worksheet(words["findings"][:31]), formats, words)
        add_sums = _sums_sheet(book.add_worksheet(words["sum"][:31]), formats, words)
        add_checks = _checks_sheet(book.add_worksheet(words["end"][:31]), formats, words)
        for rows in document_rows(snapshot):  # one document at a time: a corpus does not fit into memory as Python objects
            add_checks(rows)
            if rows.has_findings:
                view = rows.view()
                add_findings(view)
                add_sums(view)
        _definitions_sheet(book.add_worksheet(words["definitions"][:31]), formats, words)
    return out


def _head(sheet: Any, labels: Iterable[str], formats: dict[str, Any]) -> None:
    for column, label in enumerate(labels):
        sheet.write_string(0, column, label, formats["head"])
    sheet.freeze_panes(1, 0)


def _write(sheet: Any, row: int, column: int, value: object, formats: dict[str, Any]) -> None:
    text = "" if value is None else str(value)
    if WHOLE.fullmatch(text) and abs(int(text)) < SAFE_INTEGER:
        sheet.write_number(row, column, int(text), formats["money"])
    else:
        sheet.write_string(row, column, text, formats["text"])


def _findings_sheet(sheet: Any, formats: dict[str, Any], words: dict[str, Any]) -> Callable[[DocumentView], None]:
    """Writes the head of the sheet; what is returned adds the findings of one document."""
    _head(sheet, [*FINDING_FIELDS, words["remark"], words["sign"]], formats)
    for column, name in enumerate(FINDING_FIELDS):
        sheet.set_column(column, column, WIDTHS.get(name, 12))
    sheet.set_column(len(FINDING_FIELDS), len(FINDING_FIELDS), 40)
    row = 0

    def add(view: DocumentView) -> None:
        nonlocal row
        for finding in view.findings:
            row += 1
            for column, name in enumerate(FINDING_FIELDS):
                value = view.document["nama_berkas"] if name == "nama_berkas" else finding[name]
                _write(sheet, row, column, value, formats)
            for column in (len(FINDING_FIELDS), len(FINDING_FIELDS) + 1):
                sheet.write_blank(row, column, None, formats["fill"])
        sheet.autofilter(0, 0, row, len(FINDING_FIELDS) + 1)

    return add


def _sums_sheet(sheet: Any, formats: dict[str, Any], words: dict[str, Any]) -> Callable[[DocumentView], None]:
    """Each finding that is a sum: its members one below the other, then a SUM formula beside the printed figure."""
    labels = [words["document"], words["rule"], words["page"], words["code"], words["name"], words["printed"], words["formula"]]
    _head(sheet, [*labels, words["computed_difference"]], formats)
    sheet.set_column(0, 0, 28)
    sheet.set_column(3, 3, 20)
    sheet.set_column(4, 4, 60)
    sheet.set_column(5, 7, 20)
    row = 0

    def add(view: DocumentView) -> None:
        nonlocal row
        for finding in view.findings:
            own = view.member(finding["baris_id"] or "", finding["kolom"])
            members = [m for m in view.members(finding) if m.rupiah is not None and abs(m.rupiah) < SAFE_INTEGER]
            if own is None or own.rupiah is None or len(members) < 2:
                continue
            row = _sum_block(sheet, row + 1, view.document["nama_berkas"], finding, own, members, formats) + 1

    return add


def _sum_block(sheet: Any, row: int, name: str, finding: Row, own: Any, members: list[Any], formats: dict[str, Any]) -> int:
    first, last = row + 1, row + len(members)
    sheet.write_row(row, 0, [name, finding["aturan"], own.page, own.code, own.name], formats["group"])
    sheet.write_number(row, 5, own.rupiah, formats["money"])
    total = f"=SUM({xl_rowcol_to_cell(first, 5)}:{xl_rowcol_to_cell(last, 5)})"
    sheet.write_formula(row, 6, total, formats["money"], sum(m.rupiah for m in members))
    difference = f"={xl_rowcol_to_cell(row, 5)}-{xl_rowcol_to_cell(row, 6)}"
    sheet.write_formula(row, 7, difference, formats["bad"], own.rupiah - sum(m.rupiah for m in members))
    for offset, member in enumerate(members):
        sheet.write_row(first + offset, 2, [member.page, member.code, member.name], formats["text"])
        sheet.write_number(first + offset, 5, member.rupiah, formats["money"])
    return last


def _checks_sheet(sheet: Any, formats: dict[str, Any], words: dict[str, Any]) -> Callable[[DocumentRows], None]:
    ends = list(words["ends"])
    _head(sheet, [words["document"], *(words["ends"][end] for end in ends), words["checked_share"]], formats)
    sheet.set_column(0, 0, 40)
    sheet.set_column(1, len(ends) + 1, 18)
    percent = formats["money"]
    row = 0

    def add(rows: DocumentRows) -> None:
        nonlocal row
        row += 1
        sheet.write_string(row, 0, rows.document["nama_berkas"], formats["text"])
        for column, end in enumerate(ends, start=1):
            sheet.write_number(row, column, rows.ends[end], formats["money"])
        share = checked_share(rows.document)
        if share is not None:
            sheet.write_string(row, len(ends) + 1, f"{100 * share:.1f} %".replace(".", ","), percent)

    return add


def _definitions_sheet(sheet: Any, formats: dict[str, Any], words: dict[str, Any]) -> None:
    _head(sheet, [words["rule"], "Bahasa Indonesia", "English", words["source"]], formats)
    sheet.set_column(1, 3, 60)
    for row, (identity, rule) in enumerate(sorted(RULES.items()), start=1):
        for column, text in enumerate((identity, rule.statement_id, rule.statement_en, rule.source)):
            sheet.write_string(row, column, text, formats["text"])
