"""What paths mean: scenario files, folders of them, and their variants."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from transform_sim.errors import ScenarioError

from .files import MAX_SCENARIO, FileError, decode, read_bytes
from .load import load_variants
from .reader import read

SUFFIXES = (".yaml", ".yml")
SECTIONS = ("extends", "horizon", "regions", "commodities")
AXES = "axes"
"""The key that every sweep file has and no scenario."""


@dataclass(frozen=True)
class Found:
    """One scenario file, as it stands or in one of its variants."""

    path: Path
    variant: str | None = None

    def __str__(self) -> str:
        return f"{self.path} ({self.variant})" if self.variant else str(self.path)

    def told(self, text: str) -> str:
        """What went wrong, with the file's name before it unless it begins with that."""
        return text if text.startswith(f"{self}:") else f"{self}: {text}"

    @property
    def stem(self) -> str:
        """A name while the scenario's own is not known."""
        return f"{self.path.stem}-{self.variant}" if self.variant else self.path.stem


@dataclass(frozen=True)
class Selection:
    """Which variants of each file are meant, and the folder the scenarios may read from."""

    variants: tuple[str, ...] = ()
    all_variants: bool = False
    root: Path | None = None


def find(paths: Iterable[Path], selection: Selection, say: Callable[[str], object]) -> tuple[Found, ...]:
    """The scenarios of files and folders in the order given, each once; `say` is told what is left out.

    Raises OSError for a folder that cannot be read.
    """
    files: dict[str, Path] = {}
    for file in (file for path in paths for file in _files(path, say)):
        files.setdefault(os.path.realpath(file), file)
    return tuple(found for file in files.values() for found in _variants(file, selection))


def meant_as(file: Path) -> Literal["scenario", "sweep", "other", "unreadable"]:
    """What a YAML file is by the keys at its top."""
    try:
        node, _ = read(decode(read_bytes(file, file.name, MAX_SCENARIO), file.name), str(file))
    except FileError:
        return "unreadable"
    if node is None:
        return "unreadable"
    if any(section in node.mapping for section in SECTIONS):
        return "scenario"
    return "sweep" if AXES in node.mapping else "other"


def _files(path: Path, say: Callable[[str], object]) -> Iterator[Path]:
    if not path.is_dir():
        yield path
        return
    for file in sorted(p for p in path.iterdir() if p.suffix in SUFFIXES and not p.name.startswith(".")):
        if meant_as(file) in ("scenario", "unreadable"):  # loading it tells its problems
            yield file
        else:
            say(f"{file} is left out: it has none of {', '.join(SECTIONS)}, so it is no scenario")


def _variants(file: Path, selection: Selection) -> Iterator[Found]:
    if not selection.all_variants:
        yield from (Found(file, name) for name in selection.variants or (None,))
        return
    yield Found(file)
    try:
        names = load_variants(file, selection.root)
    except ScenarioError:
        return  # loading the file itself tells its problems
    yield from (Found(file, name) for name in names)
