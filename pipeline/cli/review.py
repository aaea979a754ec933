"""`renja review`: a person decides what the matcher left open."""

from __future__ import annotations

import getpass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from pipeline.cli.common import CleanOption, clear_errors, console, fail, latest_snapshot, originals, settings_with

if TYPE_CHECKING:
    from pipeline.review import Question

_FILE = "tinjauan.yml"
_CROP_MARGIN_PT = 12.0


def review(
    clean: CleanOption = None,
    author: Annotated[str | None, typer.Option(help="Your name, for the record; the login name where none is given.")] = None,
    not_found: Annotated[bool, typer.Option("--not-found", help="Ask for rows without any match too.")] = False,
    crops: Annotated[Path | None, typer.Option(help="Folder for the page crops.", show_default="the cache folder")] = None,
) -> None:
    """Walk the unsure matches, and write what you decide to data/overrides/tinjauan.yml.

    Each row is shown with its candidates and the path of its crop from the page. Answer with a candidate's number, an official code,
    `s` to skip, or `q` to stop; what was answered is kept.

    Examples:

        renja review --author "Siti Aminah"
    """
    settings = settings_with(clean)
    out = console()
    with clear_errors():
        from normalizers.nomenklatur import load
        from pipeline.review import answer, append_override, questions

        target = settings.overrides_dir / _FILE
        name = author or getpass.getuser()
        folder = crops or settings.cache_dir / "tinjauan"
        open_questions = list(questions(latest_snapshot(settings), load(settings.imported_editions), not_found))
        if not open_questions:
            out.print("nothing is left unsure")
            return
        pdfs = originals(None, settings)
        written = 0
        for number, question in enumerate(open_questions, start=1):
            out.print(f"\n[bold]{number}/{len(open_questions)}[/] {escape(question.file_name)} page {question.page}", highlight=False)
            _show(question, _crop(question, pdfs.get(question.document_id), folder))
            code = _ask(question)
            if code is None:
                break
            if code:
                reason = typer.prompt("reason", default="dipilih saat peninjauan")
                try:
                    append_override(target, answer(question, code, name, reason, date.today()))
                except ValueError as error:
                    fail(str(error))
                written += 1
        out.print(f"{written} corrections written to {target}; `renja run` applies them", highlight=False, markup=False, soft_wrap=True)


def _show(question: Question, crop: Path | None) -> None:
    out = console()
    out.print(f"  printed: {escape(question.printed_code or '-')} | {escape(question.printed_name or '-')}", highlight=False)
    out.print(f"  [dim]{escape(question.reason)}[/]", highlight=False)
    for number, (code, name, score) in enumerate(question.candidates, start=1):
        out.print(f"  {number}. {code} {escape(name)} ({score:.2f})", highlight=False)
    if crop is not None:
        out.print(f"  crop: {crop}", highlight=False, markup=False, soft_wrap=True)


def _ask(question: Question) -> str | None:
    """The chosen official code; empty to skip, None to stop."""
    from normalizers.nomenklatur.editions import level_of

    while True:
        said = str(typer.prompt("number, code, s or q", default="s")).strip()
        if said in ("q", "s"):
            return None if said == "q" else ""
        if said.isdecimal() and 1 <= int(said) <= len(question.candidates):
            return question.candidates[int(said) - 1][0]
        if level_of(said) is not None and not said.isdecimal():
            return said
        typer.echo("that is neither a number of the list nor an official code, as 2.17.01.2.06.0005")


def _crop(question: Question, source: Path | None, folder: Path) -> Path | None:
    """The row cut from its page as PNG, or None where the source file is not at hand."""
    if source is None:
        return None
    from extractors import ExtractionError, crop
    from extractors.types import Bbox

    x0, y0, x1, y1 = question.box
    box = Bbox(max(x0 - _CROP_MARGIN_PT, 0.0), max(y0 - _CROP_MARGIN_PT, 0.0), x1 + _CROP_MARGIN_PT, y1 + _CROP_MARGIN_PT)
    try:
        image = crop(source, question.page, box, rotation=question.rotation)
    except ExtractionError:
        return None
    path = folder / f"{question.line_id}.png"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(image)
    return path
