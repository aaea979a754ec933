"""What all commands share: consoles, settings, and errors in one clear line."""

from __future__ import annotations

import contextlib
import signal
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer
from rich.console import Console
from rich.markup import escape

if TYPE_CHECKING:
    from pipeline.settings import Settings

_PLAIN_WIDTH = 140  # where the output is no terminal

CleanOption = Annotated[Path | None, typer.Option("--clean", help="Folder of the published datasets.", show_default="data/clean")]
OriginalsOption = Annotated[
    Path | None, typer.Option("--pdfs", help="Folder (or file) of the source PDFs, for pictures of their pages.", show_default="data/raw")
]


def console() -> Console:
    found = Console()
    return found if found.is_terminal else Console(width=_PLAIN_WIDTH)


def fail(message: str, code: int = 2) -> NoReturn:
    """Prints one line to standard error and ends with `code`."""
    Console(stderr=True, soft_wrap=True).print(f"[red]renja:[/] {escape(message)}", highlight=False)
    raise typer.Exit(code)


def settings_with(clean: Path | None = None, **given: Any) -> Settings:
    """The settings from the environment, with what the command line says."""
    from pydantic import ValidationError

    from pipeline.settings import Settings

    given["clean_dir"] = clean
    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})
    except ValidationError as error:
        first = error.errors()[0]
        fail(f"setting {'.'.join(map(str, first['loc']))}: {first['msg']}")


def latest_snapshot(settings: Settings) -> Path:
    """The published snapshot; ends with a hint where there is none."""
    if not settings.latest.is_dir():
        fail(f"nothing is published in {settings.clean_dir} yet; run `renja run` first")
    return settings.latest.resolve()


def originals(pdfs: Path | None, settings: Settings) -> dict[str, Path]:
    """The PDFs below `pdfs` by dokumen_id, known by their bytes. Without `pdfs` the raw folder is looked in, and may hold none."""
    from pipeline.inputs import InputError, find_sources

    try:
        return {source.id: source.path for source in find_sources([pdfs or settings.raw_dir])}
    except InputError:
        if pdfs is not None:
            raise
        return {}


@contextlib.contextmanager
def clear_errors(left: str = "") -> Iterator[None]:
    """Turns the errors that a user can cause or mend into one line and exit code 2 (3 where a gate held the tables back); an interrupt
    into 130, SIGTERM into 143, where `left` tells how things stand then."""
    from extractors.errors import ExtractionError
    from pipeline.dataset import DatasetError
    from pipeline.engine import EngineError
    from pipeline.gates import HeldBack
    from pipeline.inputs import InputError
    from pipeline.publish import PublishError
    from pipeline.store import StorageError, storage_problem

    before = signal.signal(signal.SIGTERM, _terminate)
    try:
        yield
    except HeldBack as error:
        fail(str(error), 3)
    except (DatasetError, EngineError, ExtractionError, InputError, PublishError, StorageError) as error:
        fail(str(error))
    except KeyboardInterrupt:
        fail("; ".join(filter(None, ("stopped", left))), 130)
    except _Terminated:
        fail("; ".join(filter(None, ("terminated", left))), 143)
    except OSError as error:
        fail(storage_problem(error, Path(error.filename or ".")))
    finally:
        signal.signal(signal.SIGTERM, before)


class _Terminated(BaseException):
    """SIGTERM arrived."""


def _terminate(number: int, frame: FrameType | None) -> None:
    raise _Terminated
