"""The vocabulary: spellings of columns, table kinds and row labels, read from the YAML files beside this module.

The files are data under review: a spelling seen in a new document is added there, never in code. They are checked once, when loaded.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files

import yaml
from pydantic import BaseModel, ConfigDict, Field, model_validator


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ColumnEntry(_Entry):
    """How one canonical column is spelled. `as` gives the published name where two readings of a header share one."""

    kind: str
    spellings: tuple[str, ...]
    published: str | None = Field(default=None, alias="as")


class Columns(_Entry):
    synonyms: Mapping[str, str]
    light: frozenset[str]
    others: frozenset[str]
    facets: frozenset[str]
    qualifiers: frozenset[str]
    columns: Mapping[str, ColumnEntry]


class TableKind(_Entry):
    """What speaks for and against a kind of table."""

    columns: tuple[str, ...]
    titles: tuple[str, ...] = ()
    needs: tuple[tuple[str, ...], ...] = ()
    words: tuple[str, ...] = ()
    against: tuple[str, ...] = ()
    years: int = 0
    one_year: bool = False
    ascending: tuple[str, ...] = ()
    pair: tuple[str, str] | None = None
    later: str | None = None


class Tables(_Entry):
    common: tuple[str, ...]
    other: tuple[str, ...]
    kinds: Mapping[str, TableKind]


class Rows(_Entry):
    levels: Mapping[str, tuple[str, ...]]
    totals: Mapping[str, tuple[str, ...]]
    total_tail: frozenset[str]
    agencies: tuple[str, ...]
    labels: tuple[str, ...]
    after_table: tuple[str, ...]
    belanja: Mapping[str, tuple[str, ...]]


class Vocabulary(_Entry):
    """All three files together; every column that a kind names must be described."""

    header: Columns
    tables: Tables
    rows: Rows

    @model_validator(mode="after")
    def _columns_are_described(self) -> Vocabulary:
        known = set(self.header.columns)
        for name, kind in self.tables.kinds.items():
            named = {*kind.columns, *(column for need in kind.needs for column in need)}
            if missing := named - known:
                raise ValueError(f"kind {name} names columns that columns.yaml does not describe: {sorted(missing)}")
        if missing := {*self.tables.common, *self.tables.other} - known:
            raise ValueError(f"common columns not described: {sorted(missing)}")
        return self

    def published(self, column: str) -> str:
        """The published name of a described column."""
        return self.header.columns[column].published or column


def _read(name: str) -> object:
    return yaml.safe_load(files(__name__).joinpath(name).read_text(encoding="utf-8"))


@lru_cache(maxsize=1)
def load() -> Vocabulary:
    """The vocabulary of the package; a mistake in a file raises pydantic's ValidationError, which names the place."""
    return Vocabulary.model_validate({"header": _read("columns.yaml"), "tables": _read("tables.yaml"), "rows": _read("rows.yaml")})
