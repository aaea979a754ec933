"""The audit report: what it says, that it works in a browser and on paper, and that the workbook recomputes."""

from __future__ import annotations

import re
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from typer.testing import CliRunner

from pipeline.cli import app
from pipeline.report.charts import billions, page_strip, program_bars
from pipeline.report.html import rupiah, texts, write_html
from pipeline.report.model import DocumentView, document_rows
from pipeline.report.workbook import _write
from tests.dataset.chromium import Tab


@pytest.fixture(scope="module")
def plan_page(snapshot: Path, originals: dict[str, Path]) -> Path:
    key = next(key for key, path in originals.items() if path.name == "renja-a.pdf")
    return snapshot / "laporan" / f"{key}.html"


def test_both_languages_have_the_same_words() -> None:
    indonesian, english = texts("id"), texts("en")
    assert indonesian.keys() == english.keys()
    for name, words in indonesian.items():
        if isinstance(words, dict):
            assert words.keys() == english[name].keys(), name
    with pytest.raises(ValueError, match="no report language"):
        texts("nl")


def test_a_report_is_one_file_that_asks_for_nothing(plan_page: Path) -> None:
    page = plan_page.read_text(encoding="utf-8")
    assert not re.findall(r'(?:src|href)="(?!data:|#|index\.html|[0-9a-f]{16}\.html)', page)
    assert "data:image/png;base64," in page
    assert "<script>document.title" not in page, "what a document prints is shown, never run"


def test_every_finding_is_in_one_group(snapshot: Path) -> None:
    for view in (rows.view() for rows in document_rows(snapshot)):
        assert [f["temuan_id"] for group in view.groups for f in group.findings] != [] or not view.findings
        assert sorted(f["temuan_id"] for group in view.groups for f in group.findings) == sorted(f["temuan_id"] for f in view.findings)
        assert sum(sum(rule.severities.values()) for rule in view.by_rule) == len(view.findings)
        assert all(len({f["aturan"] for f in group.findings}) == 1 for group in view.groups if group.rule)


def test_a_document_without_its_pdf_gets_a_report_without_pictures(snapshot: Path, tmp_path: Path) -> None:
    index = write_html(snapshot, tmp_path, sources={}, lang="en")
    assert "Audit overview" in index.read_text(encoding="utf-8")
    assert all("data:image/png" not in path.read_text(encoding="utf-8") for path in tmp_path.glob("*.html"))


def test_the_command_writes_the_report_in_english(snapshot: Path, originals: dict[str, Path], tmp_path: Path) -> None:
    folder = next(iter(originals.values())).parent
    clean = str(snapshot.parent.parent)
    result = CliRunner().invoke(app, ["report", "--lang", "en", "--out", str(tmp_path / "en"), "--clean", clean, "--pdfs", str(folder)])
    assert result.exit_code == 0, result.output
    assert {path.suffix for path in (tmp_path / "en").iterdir()} == {".html", ".xlsx"}
    assert CliRunner().invoke(app, ["report", "--lang", "nl", "--clean", clean]).exit_code == 2


def test_the_workbook_recomputes_each_sum(snapshot: Path) -> None:
    path = snapshot / "laporan" / "temuan.xlsx"
    formulas = openpyxl.load_workbook(path)
    values = openpyxl.load_workbook(path, data_only=True)
    name = texts("id")["sum"][:31]
    sums = 0
    for row in formulas[name].iter_rows(min_row=2):
        if row[6].data_type != "f":
            continue
        sums += 1
        first, last = (int(number) for number in re.findall(r"\$?F\$?(\d+)", row[6].value))
        members = [formulas[name].cell(place, 6).value for place in range(first, last + 1)]
        assert values[name].cell(row[6].row, 7).value == sum(members), "the stored result is what the formula gives"
        assert values[name].cell(row[7].row, 8).value == row[5].value - sum(members) != 0
    assert sums >= 1
    findings = formulas[texts("id")["findings"][:31]]
    assert all(cell.data_type != "f" for row in findings.iter_rows() for cell in row), "print is text, never a formula"
    assert findings.max_row - 1 == sum(len(rows.view().findings) for rows in document_rows(snapshot))


@pytest.mark.parametrize("text", ["²", "--5", "+-1", "1" * 5000, "٣"])
def test_what_looks_like_a_number_and_is_none_stays_as_it_is_printed(tmp_path: Path, text: str) -> None:
    assert rupiah(text) == text
    with xlsxwriter.Workbook(str(tmp_path / "a.xlsx")) as book:
        _write(book.add_worksheet(), 0, 0, text, {"money": None, "text": None})
    assert openpyxl.load_workbook(tmp_path / "a.xlsx").active["A1"].value == text


def test_bars_carry_long_names_on_two_lines() -> None:
    row = {"uraian": "PROGRAM " + "PENUNJANG URUSAN " * 6, "kode": "2.17.01", "pagu": 1_234_567_890}
    chart = program_bars([row], "pagu", None, ("pagu", ""))
    assert chart.count("<tspan") == 2 and "…" in chart and "1,23 M" in chart
    assert program_bars([row | {"pagu": None}], "pagu", None, ("pagu", "")) == ""
    assert [billions(n) for n in (0, 999, 45_600_000, -2_000_000_000)] == ["0", "999", "45,6 jt", "-2,00 M"]


def test_the_boxes_of_pages_are_as_large_for_few_pages_as_for_many() -> None:
    def strip(pages: int) -> str:
        return page_strip(DocumentView({"jumlah_halaman": pages}, [], {}, {}, [], [{"halaman": 1, "temuan_id": "a"}], [], []))

    few, many = (strip(pages).split("viewBox=")[1].split()[2] for pages in (3, 41))
    assert few == many
    assert strip(3).count("<rect") == 3


@pytest.mark.browser
def test_the_report_in_a_browser(tab: Tab, plan_page: Path, tmp_path: Path) -> None:
    tab.open(plan_page.as_uri())
    cards = "document.querySelectorAll('article:not(.hidden)').length"
    every = tab.ask(cards)
    assert every == tab.ask("document.querySelectorAll('article').length") >= 1
    tab.ask("document.querySelector('button[data-level=galat]').click()")
    shown = tab.ask(cards)
    assert 1 <= shown <= every and tab.ask("document.querySelectorAll('article.galat:not(.hidden)').length") == shown
    assert tab.ask("[...document.querySelectorAll('[data-group]:not(.hidden)')].every(g => g.querySelector('article:not(.hidden)'))")
    tab.ask("document.querySelector('button[data-level=\"\"]').click()")
    tab.press("/")
    tab.type("tidak-ada-kata-ini")
    assert tab.ask(cards) == 0
    tab.press("Escape")
    tab.ask(
        "(() => { const s = document.querySelector('input[type=search]'); s.value = ''; s.dispatchEvent(new Event('input')); s.blur() })()"
    )
    assert tab.ask(cards) == every
    tab.ask("document.querySelector('button[data-only]').click()")
    assert tab.ask("new Set([...document.querySelectorAll('article:not(.hidden)')].map(a => a.dataset.rule)).size") == 1
    tab.ask("document.querySelector('button[data-only]').click()")
    assert tab.ask("[...document.images].every(i => i.complete && i.naturalWidth > 100)")
    folded = "document.querySelector('details.tree').open"
    assert tab.ask(folded) is False
    tab.ask("document.querySelector('details.tree > summary').click()")
    assert tab.ask(folded) is True
    before = tab.ask("scrollY")
    tab.press("n")
    tab.ask("new Promise(done => setTimeout(done, 700))")
    assert tab.ask("scrollY") > before
    assert tab.pdf().startswith(b"%PDF") and tab.errors == []
    assert tab.ask("document.title") != "rusak"
    tab.open((plan_page.parent / "index.html").as_uri())
    assert tab.ask("document.querySelectorAll('tr[data-find]').length") == 2
    assert tab.errors == []
