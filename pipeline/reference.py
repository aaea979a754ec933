"""The reference pages of the documentation, made from the code: `python -m pipeline.reference` writes them to `docs/reference`."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import typer.main

from pipeline import api
from pipeline.cli import app
from pipeline.datapackage import dictionary
from pipeline.reconcile import RULES
from pipeline.settings import Settings
from pipeline.views import VIEWS

FOLDER = Path(__file__).parent.parent / "docs" / "reference"
_NOTE = "<!-- Made by `python -m pipeline.reference`; change the code, not this page. -->"


def pages() -> dict[str, str]:
    """File name -> Markdown of every reference page."""
    made = {"commands.md": _commands(), "rules.md": _rules(), "columns.md": _columns(), "settings.md": _settings(), "api.md": _api()}
    return {name: f"{_NOTE}\n\n{text.strip()}\n" for name, text in made.items()}


def write_pages(folder: Path = FOLDER) -> None:
    """Write the pages to `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in pages().items():
        (folder / name).write_text(text, encoding="utf-8")


def _commands() -> str:
    parts = [
        "# Commands",
        "`renja COMMAND --help` says the same in the terminal. Every command reads its settings from the environment too"
        " ([settings](settings.md)).",
    ]
    for name, command in _leaves(typer.main.get_command(app), "renja"):
        parts.append(f"## {name}\n\n{_help(command)}")
        parts.append(_table(("argument or option", "meaning", "default"), [_parameter(parameter) for parameter in _shown(command)]))
    return "\n\n".join(part for part in parts if part)


def _leaves(command: Any, name: str) -> Iterator[tuple[str, Any]]:
    """The commands below one, in the order of the help."""
    children = getattr(command, "commands", None)
    if children is None:
        yield name, command
        return
    for child in children:
        yield from _leaves(children[child], f"{name} {child}")


def _help(command: Any) -> str:
    """The help text, examples as code."""
    text = inspect.cleandoc(command.help or "")
    return re.sub(
        r"^(?: {4}.+(?:\n\n)?)+", lambda found: "```\n" + re.sub(r"\n\n", "\n", inspect.cleandoc(found[0])) + "\n```\n\n", text, flags=re.M
    )


def _shown(command: Any) -> list[Any]:
    return [parameter for parameter in command.params if parameter.name != "help" and not getattr(parameter, "hidden", False)]


def _parameter(parameter: Any) -> tuple[str, str, str]:
    names = [*parameter.opts, *parameter.secondary_opts] if parameter.opts[0].startswith("-") else [parameter.name.upper()]
    shown = getattr(parameter, "show_default", None)
    default = (
        shown
        if isinstance(shown, str)
        else ""
        if parameter.default in (None, [], ()) or callable(parameter.default)
        else str(parameter.default)
    )
    return ", ".join(f"`{name}`" for name in names), getattr(parameter, "help", None) or "", f"`{default}`" if default else ""


def _rules() -> str:
    rows = [(rule.id, rule.statement_en, rule.statement_id, rule.inputs, rule.source, rule.severity) for _, rule in sorted(RULES.items())]
    heads = ("rule", "states", "menyatakan", "on", "source", "weight")
    return f"""# Rules

Each check ends as `cocok` (holds), `pembulatan` (holds within the printed precision), `selisih` (does not hold), `terhalang` (a member is
unreadable or the group is incomplete) or `tidak_dapat_diperiksa` (nothing printed to check against). The weight says how much a breach
matters; how sure a finding is, it says itself (`tingkat`, `kepastian`).

{_table(heads, rows)}"""


def _columns() -> str:
    views = _table(("view", "satu baris adalah", "one row is"), [(f"`{view.name}`", view.indonesian, view.english) for view in VIEWS])
    return dictionary() + f"\n## Views\n\n`api.Dataset.sql` and the DuckDB export have them beside the tables.\n\n{views}"


def _settings() -> str:
    rows = []
    for name, field in Settings.model_fields.items():
        default = "" if field.default_factory is not None or field.default is None else str(field.default)
        rows.append((f"`RENJA_{name.upper()}`", field.description or "", f"`{default}`" if default else ""))
    return f"""# Settings

Read from environment variables; an option of a command has the last word.

{_table(("variable", "meaning", "default"), rows)}"""


def _api() -> str:
    parts = ["# Python", inspect.getdoc(api) or ""]
    for name in ("open_dataset", "read"):
        function = getattr(api, name)
        parts.append(f"## `api.{name}{_signature(function)}`\n\n{inspect.getdoc(function)}")
    for owner, title in ((api.Frames, "Both a `Dataset` and a `Document`"), (api.Dataset, "A `Dataset`"), (api.Document, "A `Document`")):
        rows = []
        for name, member in vars(owner).items():
            if not name.startswith("_") and (callable(member) or isinstance(member, property)):
                target = member.fget if isinstance(member, property) else member
                call = name if isinstance(member, property) else f"{name}{_signature(member)}"
                rows.append((f"`{call}`", (inspect.getdoc(target) or "").split("\n")[0]))
        if rows:
            parts.append(f"## {title}\n\n{_table(('member', 'what'), rows)}")
    return "\n\n".join(parts)


def _signature(function: Any) -> str:
    """The signature as one calls it, annotations without quotes."""
    text = re.sub(r"(: |-> )'([^']*)'", r"\1\2", str(inspect.signature(function)))
    return text.replace("(self, ", "(").replace("(self)", "()")


def _table(heads: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    if not rows:
        return ""
    escaped = [tuple(cell.replace("|", "\\|").replace("\n", " ") for cell in row) for row in rows]
    return "\n".join(f"| {' | '.join(row)} |" for row in (heads, ("---",) * len(heads), *escaped))


if __name__ == "__main__":
    write_pages()
