"""Structured logs: one JSON object a line, into a file; the terminal belongs to the command line."""

from __future__ import annotations

import contextlib
import io
import logging
import logging.handlers
from pathlib import Path
from typing import Any

import structlog

_NAME = "renja"
_LOG_BYTES = 10_000_000
_LOG_FILES = 3


def logger(**context: Any) -> Any:
    """A logger that carries `context` (document, page, stage ...) into each of its lines."""
    return structlog.wrap_logger(
        logging.getLogger(_NAME),
        processors=[
            structlog.stdlib.filter_by_level,
            structlog.contextvars.merge_contextvars,
            structlog.stdlib.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.stdlib.BoundLogger,
        **context,
    )


class _FileHandler(logging.handlers.RotatingFileHandler):
    """A log file that is made with its first line, and silent where the disk takes no line: what that means is told once, by the run."""

    def _open(self) -> io.TextIOWrapper:
        Path(self.baseFilename).parent.mkdir(parents=True, exist_ok=True)
        return super()._open()

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802  # the name that logging calls
        """Leaves the line out."""


def log_to(folder: Path) -> None:
    """Sends log lines to `folder/renja.jsonl`; without this call only warnings reach standard error."""
    root = logging.getLogger(_NAME)
    for handler in list(root.handlers):
        root.removeHandler(handler)
        with contextlib.suppress(OSError):  # lines that a full disk did not take
            handler.close()
    handler = _FileHandler(folder / "renja.jsonl", maxBytes=_LOG_BYTES, backupCount=_LOG_FILES, encoding="utf-8", delay=True)
    handler.setFormatter(logging.Formatter("%(message)s"))
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    root.propagate = False
