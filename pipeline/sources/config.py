"""`sources.yml`: where documents come from. Validated on load; every error names the file and the entry."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from pipeline.schemas.documents import DOCUMENT_KINDS


class SourcesError(ValueError):
    """A sources file that cannot be used, with the place and the reason."""


class Limits(BaseModel):
    """How politely and how much is fetched; every source may override it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    delay_seconds: float = Field(1.0, ge=0, description="least time between two requests to one host")
    timeout_seconds: float = Field(60.0, gt=0, description="time without a byte after which a request is given up")
    longest_seconds: float = Field(1800.0, gt=0, description="time for one document, however steadily its bytes trickle in")
    attempts: int = Field(4, ge=1, le=10, description="tries for a request that fails for a passing reason")
    max_megabytes: int = Field(200, ge=1, description="larger documents are refused")
    max_documents: int = Field(2000, ge=1, description="most documents that one source may name")
    allow_private: bool = Field(False, description="allow addresses of private networks and of this machine")


class _Source(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$", description="a short name, used in file names and logs")
    region: str | None = Field(None, pattern=r"^\d\d(\.\d\d)?$", description="Kemendagri code of the region")
    agency: str | None = None
    kind: str | None = Field(None, description="jenis_dokumen, where the source holds one kind only")
    licence: str | None = None
    limits: Limits | None = None

    @field_validator("kind")
    @classmethod
    def _known(cls, kind: str | None) -> str | None:
        if kind is not None and kind not in DOCUMENT_KINDS:
            raise ValueError(f"{kind!r} is none of {', '.join(DOCUMENT_KINDS)}")
        return kind


class FolderSource(_Source):
    """PDFs of a local folder, by a glob pattern below it."""

    type: Literal["folder"]
    path: Path
    glob: str = "**/*.pdf"


class UrlSource(_Source):
    """Single documents by HTTP(S) address."""

    type: Literal["url"]
    urls: tuple[str, ...] = Field(min_length=1)

    @field_validator("urls")
    @classmethod
    def _http(cls, urls: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(_http_address(url) for url in urls)


class IndexSource(_Source):
    """A web page with links to PDFs (depth 1); `pattern` is a regular expression that a link's address must match."""

    type: Literal["index"]
    url: str
    pattern: str = r"\.pdf($|[?#])"

    @field_validator("url")
    @classmethod
    def _http(cls, url: str) -> str:
        return _http_address(url)

    @field_validator("pattern")
    @classmethod
    def _compiles(cls, pattern: str) -> str:
        try:
            re.compile(pattern)
        except re.error as error:
            raise ValueError(f"not a regular expression: {error}") from error
        return pattern


class CsvSource(_Source):
    """A local CSV file with a column of addresses."""

    type: Literal["csv"]
    path: Path
    column: str = "url"


class StoreSource(_Source):
    """Objects of a store that fsspec knows (`s3://bucket/prefix`), by a glob below `location`; S3 needs the extra `s3`."""

    type: Literal["store"]
    location: str = Field(pattern=r"^(s3|file|memory)://")
    glob: str = "**/*.pdf"
    options: dict[str, str | bool | dict[str, str]] = Field(
        default_factory=dict, description="options for fsspec, e.g. endpoint_url or anon"
    )


Source = Annotated[FolderSource | UrlSource | IndexSource | CsvSource | StoreSource, Field(discriminator="type")]


class SourcesFile(BaseModel):
    """The whole file: shared limits, and the sources with unique names."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    limits: Limits = Limits()
    sources: tuple[Source, ...] = Field(min_length=1)

    @field_validator("sources")
    @classmethod
    def _unique(cls, sources: tuple[Source, ...]) -> tuple[Source, ...]:
        names = [source.name for source in sources]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"names used twice: {', '.join(twice)}")
        return sources

    def limits_of(self, source: Source) -> Limits:
        """The shared limits, with what the source says of its own."""
        own = source.limits.model_dump(exclude_unset=True) if source.limits else {}
        return self.limits.model_copy(update=own)


def load_sources(path: Path) -> SourcesFile:
    """Read and validate `path`; local paths in it are relative to the file's folder. Raises SourcesError with one line per fault."""
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SourcesError(
            f"{path}: {(error.strerror or str(error)).lower()}; docs/how-to/add-a-source.md shows how to write it"
        ) from error
    except UnicodeDecodeError as error:
        raise SourcesError(f"{path}: not in UTF-8") from error
    except yaml.YAMLError as error:
        raise SourcesError(f"{path}: not valid YAML: {error}") from error
    try:
        parsed = SourcesFile.model_validate(content)
    except ValidationError as error:
        faults = (f"{path}: {'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors())
        raise SourcesError("\n".join(faults)) from error
    return parsed.model_copy(update={"sources": tuple(_anchored(source, path.parent) for source in parsed.sources)})


def _anchored(source: Source, folder: Path) -> Source:
    if isinstance(source, FolderSource | CsvSource):
        return source.model_copy(update={"path": folder / source.path})
    return source


def _http_address(url: str) -> str:
    if not re.match(r"https?://[^/\s]+", url):
        raise ValueError(f"{url!r} is no http(s) address")
    return url
