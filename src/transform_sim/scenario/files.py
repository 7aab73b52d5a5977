"""Files of a study: nothing outside its folder is read, nothing huge, nothing that is no text."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from importlib.resources import files as package_files
from pathlib import Path

MAX_SCENARIO = 2_000_000
MAX_TABLE = 100_000_000


class FileError(ValueError):
    """A file cannot be used; `code` is its kind of problem."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass
class Study:
    """The folder that a scenario may read from, and what it has read.

    `root` is None for a scenario from a text without a folder: it can use shipped data only.
    `digests` maps every table that was read to the SHA-256 of its bytes.
    """

    root: Path | None
    folder: Path | None = None
    digests: dict[str, str] = field(default_factory=dict)

    def find(self, name: str, folder: Path | None) -> Path:
        """The file that `name` means in a file of `folder`; raises FileError if it lies outside the study."""
        if self.root is None or folder is None:
            raise FileError("outside-study", f"'{name}' cannot be read: this scenario has no folder; give root")
        if "\0" in name:
            raise FileError("missing-file", f"{name!r} is no file name")
        path = (folder / name).resolve()
        root = self.root.resolve()
        if not path.is_relative_to(root):
            message = f"'{name}' lies outside the study folder. Move it there, or set root (--root)"
            raise FileError("outside-study", message)
        if not path.exists():
            raise FileError("missing-file", f"there is no file '{name}' in the study folder")
        return path

    def table(self, name: str) -> str:
        """The text of a table of the study, or of shipped data (`package:name`); raises FileError."""
        if name.startswith("package:"):
            data = _shipped(name.removeprefix("package:"))
        else:
            data = read_bytes(self.find(name, self.folder), name, MAX_TABLE)
        self.digests[name] = hashlib.sha256(data).hexdigest()
        return decode(data, name)


def _shipped(name: str) -> bytes:
    file = package_files("transform_sim").joinpath(f"data/{name}.csv")
    if not name.replace("_", "").isalnum() or not file.is_file():
        raise FileError("missing-file", f"there is no shipped table 'package:{name}'")
    return file.read_bytes()


def read_bytes(path: Path, name: str, largest: int) -> bytes:
    """The bytes of a regular file of at most `largest` bytes; raises FileError."""
    try:
        if not path.is_file():
            what = "is a folder" if path.is_dir() else "does not exist" if not path.exists() else "is no ordinary file"
            raise FileError("missing-file", f"'{name}' {what}")
        size = path.stat().st_size
        if size > largest:
            raise FileError(
                "too-large-file", f"'{name}' has {size / 1e6:.0f} MB; at most {largest / 1e6:g} MB are read"
            )
        return path.read_bytes()
    except OSError as error:
        raise FileError("missing-file", f"'{name}' cannot be read: {error.strerror}") from error


def decode(data: bytes, name: str) -> str:
    """UTF-8 text, with or without a byte order mark; raises FileError."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise FileError("encoding", f"'{name}' is not UTF-8 text (line {line}). Save it as UTF-8") from error
