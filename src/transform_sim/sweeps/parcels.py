"""Work on its way to other processes, and what becomes of it there."""

from __future__ import annotations

import hashlib
import pickle
from collections.abc import Callable
from concurrent.futures import Executor, Future
from pathlib import Path
from typing import Protocol

from transform_sim.errors import TransformSimError

from .record import Done

Solver = Callable[[int], Done]
"""Solves the chunk of a number."""


class Work(Protocol):
    """What can be pickled and solves chunks wherever it arrives."""

    def part(self, number: int) -> Work:
        """What another process needs to solve one chunk; itself if that is all of it."""

    def solver(self) -> Solver:
        """Made once in each process."""


class Parcels:
    """Work as it travels to other processes; what goes there again and again is packed once."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._part: Work | None = None
        self._packed = "", b""

    def submit(self, executor: Executor, number: int) -> Future[Done]:
        part = self._work.part(number)
        if part is not self._part:
            self._part, self._packed = part, _packed(part)
        return executor.submit(_solve, *self._packed, number)


class FiledParcels:
    """Work that travels to own processes as a file.

    A pipe holds 64 kB. Before Python 3.12, the pool waits for ever to write the rest of a larger parcel when the
    worker has died that was to read it (https://github.com/python/cpython/issues/94777).
    """

    def __init__(self, work: Work, folder: str) -> None:
        self._work, self._folder = work, Path(folder)
        self._part: Work | None = None
        self._path = self._folder

    def submit(self, executor: Executor, number: int) -> Future[Done]:
        part = self._work.part(number)
        if part is not self._part:
            key, content = _packed(part)
            self._part, self._path = part, self._folder / f"{number}-{key}"
            self._path.write_bytes(content)
        return executor.submit(_solve_filed, self._path, part is self._work, number)


def _packed(work: Work) -> tuple[str, bytes]:
    """The work as bytes, with a key that tells it from others."""
    try:
        content = pickle.dumps(work, protocol=pickle.HIGHEST_PROTOCOL)
    except (pickle.PicklingError, AttributeError, TypeError) as error:
        why = f"the work cannot be sent to other processes: {error}"
        raise TransformSimError(f"{why}. Define own constraints in a module, or take workers=1") from None
    return hashlib.sha256(content).hexdigest(), content


_solvers: dict[str, Solver] = {}


def _solve(key: str, content: bytes, number: int) -> Done:
    """A chunk in another process, which keeps the last work that it was given."""
    if key not in _solvers:
        _solvers.clear()
        _solvers[key] = pickle.loads(content).solver()
    return _solvers[key](number)


def _solve_filed(path: Path, again: bool, number: int) -> Done:
    """A chunk of what a file holds; the file goes at once unless other chunks need it again."""
    key = path.name.partition("-")[2]
    content = b"" if key in _solvers else path.read_bytes()
    if not again:
        path.unlink()
    return _solve(key, content, number)
