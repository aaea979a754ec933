"""The content-addressed store: what was made once from the same bytes, code and settings is not made again."""

from __future__ import annotations

import errno
import hashlib
import secrets
import zlib
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from pipeline.logs import logger

T = TypeVar("T")

_PROBLEMS = {
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "the disk quota is used up",
    errno.EROFS: "the file system is read-only",
    errno.EACCES: "permission denied",
    errno.EPERM: "permission denied",
}

_HEAD = b"renja1 "  # then 64 hex digits of the payload's sha256, a line end, and the payload
_HEAD_LENGTH = len(_HEAD) + 65
_COMPRESSION = 1


class StorageError(Exception):
    """The disk does not take what has to be written; the message is one clear line."""


def storage_problem(error: OSError, path: Path) -> str:
    """A full disk, a read-only folder and the like in one clear line."""
    what = _PROBLEMS.get(error.errno or 0, error.strerror or str(error))
    return f"cannot write to {path}: {what}"


def content_key(*parts: str) -> str:
    """The key of something that is made from `parts` alone; parts cannot run into one another."""
    digest = hashlib.sha256()
    for part in parts:
        data = part.encode()
        digest.update(f"{len(data)}:".encode())
        digest.update(data)
    return digest.hexdigest()


def file_sha256(path: Path) -> str:
    """SHA-256 of a file's bytes, read in blocks."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def tree_fingerprint(paths: Iterable[Path], suffixes: tuple[str, ...]) -> str:
    """One hash over the files with these suffixes below `paths` (files or folders): their names and bytes, in a fixed order."""
    digest = hashlib.sha256()
    for root in paths:
        files = [root] if root.is_file() else sorted(path for path in root.rglob("*") if path.suffix in suffixes and path.is_file())
        for path in files:
            name = path.name if path == root else path.relative_to(root).as_posix()
            digest.update(f"{name}\0{file_sha256(path)}\n".encode())
    return digest.hexdigest()


def write_atomically(path: Path, data: bytes) -> None:
    """The file holds either its old bytes or all of the new ones, whenever the process dies; `StorageError` where the disk refuses."""
    beside = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with beside.open("xb") as file:
                file.write(data)
            beside.replace(path)
        except BaseException:
            beside.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise StorageError(storage_problem(error, path)) from error


_adapters: dict[Any, TypeAdapter[Any]] = {}


def _adapter(kind: Any) -> TypeAdapter[Any]:
    """Building an adapter costs far more than using it, so each type gets one."""
    if kind not in _adapters:
        _adapters[kind] = TypeAdapter(kind)
    return _adapters[kind]


class Store:
    """Values by (stage, key) below one folder, each with its own checksum; safe for many processes at once.

    A value is JSON through pydantic, so any type that pydantic can validate may be stored. An entry that is cut, changed or of an older
    shape counts as absent and is deleted.
    """

    def __init__(self, root: Path) -> None:
        self.root = root

    def path(self, stage: str, key: str) -> Path:
        return self.root / stage / key[:2] / key[2:]

    def has(self, stage: str, key: str) -> bool:
        return self.path(stage, key).exists()

    def get_bytes(self, stage: str, key: str) -> bytes | None:
        """The stored bytes, or None where there are none that can be trusted."""
        path = self.path(stage, key)
        try:
            data = path.read_bytes()
        except FileNotFoundError:
            return None
        payload = data[_HEAD_LENGTH:]
        if data[:_HEAD_LENGTH] != _head(payload):
            self._drop(stage, key, "checksum does not match")
            return None
        return payload

    def put_bytes(self, stage: str, key: str, payload: bytes) -> None:
        write_atomically(self.path(stage, key), _head(payload) + payload)

    def get(self, stage: str, key: str, kind: type[T]) -> T | None:
        """The stored value, or None where there is none that can be trusted."""
        payload = self.get_bytes(stage, key)
        if payload is None:
            return None
        try:
            value: T = _adapter(kind).validate_json(zlib.decompress(payload))
        except (ValueError, ValidationError, zlib.error) as error:
            self._drop(stage, key, str(error).splitlines()[0])
            return None
        return value

    def put(self, stage: str, key: str, value: T, kind: type[T]) -> None:
        self.put_bytes(stage, key, zlib.compress(_adapter(kind).dump_json(value), _COMPRESSION))

    def _drop(self, stage: str, key: str, reason: str) -> None:
        logger().warning("store entry dropped", stage=stage, key=key, reason=reason)
        self.delete(stage, key)

    def get_or_make(self, stage: str, key: str, kind: type[T], make: Callable[[], T]) -> T:
        """The stored value, or the one that `make` gives, which is then stored."""
        found = self.get(stage, key, kind)
        if found is not None:
            return found
        value = make()
        self.put(stage, key, value, kind)
        return value

    def delete(self, stage: str, key: str) -> None:
        self.path(stage, key).unlink(missing_ok=True)


def _head(payload: bytes) -> bytes:
    return _HEAD + hashlib.sha256(payload).hexdigest().encode() + b"\n"
