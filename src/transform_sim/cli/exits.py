"""Exit codes, and what the user reads instead of a traceback."""

from __future__ import annotations

import errno
import os
import tempfile
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path

import typer

from transform_sim import errors
from transform_sim.errors import FilesError


class Code(IntEnum):
    """What the exit code of every command means."""

    FINE = 0
    PART_FAILED = 1
    USAGE = 2
    SCENARIO = 3
    NO_SOLUTION = 4
    NOT_PROVED = 5
    FILES = 6
    WORKERS = 7
    INTERNAL = 70
    INTERRUPTED = 130


MEANING = {
    Code.FINE: "all fine",
    Code.PART_FAILED: "some scenarios of a batch failed",
    Code.USAGE: "wrong usage",
    Code.SCENARIO: "the scenario has problems",
    Code.NO_SOLUTION: "no solution: infeasible or unbounded",
    Code.NOT_PROVED: "the solver stopped early, or the certificate failed",
    Code.FILES: "files could not be read or written",
    Code.WORKERS: "the workers are gone or cannot start; what is finished is kept",
    Code.INTERNAL: "an unexpected error",
    Code.INTERRUPTED: "interrupted",
}

TRACE = "error.txt"
"""Where the traceback of an unexpected error is kept."""

HINTS = {
    errno.ENOSPC: "Make room there, or choose another place",
    errno.EDQUOT: "Make room there, or choose another place",
    errno.ENOENT: "Make its folder first",
    errno.EEXIST: "A file is in the way; choose another place",
    errno.ENOTDIR: "A file is in the way; choose another place",
}


class OutputError(FilesError):
    """A file or folder cannot be written; `hopeless` if nothing else can be written there either."""

    def __init__(self, place: Path, error: OSError) -> None:
        hint = HINTS.get(error.errno or 0, "Choose a place that can be written")
        super().__init__(f"{place} cannot be written: {reason(error)}. {hint}")
        self.hopeless = error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EROFS)


@dataclass(frozen=True)
class Failure:
    """Why something did not work: the exit code and the text for the user."""

    code: Code
    text: str


def reason(error: OSError) -> str:
    """The system's words for an error; some libraries bury them in their own."""
    return os.strerror(error.errno) if error.errno else str(error) or type(error).__name__


def failure(error: BaseException, folder: Path | None = None) -> Failure:
    """What to tell about an error; the traceback of an unexpected one goes to `folder`/error.txt.

    Without a folder, or where it cannot be written, the traceback goes to the system's temporary folder.
    """
    code = code_of(error)
    if isinstance(error, KeyboardInterrupt):
        return Failure(code, "Interrupted.")
    if isinstance(error, MemoryError):
        return Failure(code, "not enough memory. Choose a coarser `time:`, fewer regions or a longer `horizon.step`")
    if code != Code.INTERNAL:
        return Failure(code, _told(error) if isinstance(error, OSError) else str(error).strip())
    what = " ".join(f"{type(error).__name__}: {error}".split())
    return Failure(code, f"an unexpected error, {what}\n  The traceback is in {_keep(error, folder)}")


def code_of(error: BaseException) -> Code:
    """The exit code that an error leads to."""
    if isinstance(error, errors.ScenarioError):
        return Code.FILES if _unreadable(error) else Code.SCENARIO
    if isinstance(error, errors.MissingExtraError):
        return Code.SCENARIO
    if isinstance(error, errors.InfeasibleError | errors.UnboundedError):
        return Code.NO_SOLUTION
    if isinstance(error, errors.SolveError):
        return Code.NOT_PROVED
    if isinstance(error, errors.WorkersError):
        return Code.WORKERS
    if isinstance(error, KeyboardInterrupt):
        return Code.INTERRUPTED
    return Code.FILES if isinstance(error, OSError | FilesError) else Code.INTERNAL


@contextmanager
def guarded(debug: bool = False, folder: Path | None = None) -> Iterator[None]:
    """Turn errors into a sentence on the error stream and an exit code; `debug` lets unexpected ones through.

    Args:
        folder: where the traceback of an unexpected error is kept.
    """
    try:
        yield
    except (typer.Exit, typer.Abort, typer.BadParameter, BrokenPipeError):
        raise
    except (Exception, KeyboardInterrupt) as error:
        if debug and code_of(error) == Code.INTERNAL:
            raise
        told = failure(error, folder)
        typer.echo(told.text, err=True)
        raise typer.Exit(told.code) from None


def _told(error: OSError) -> str:
    return f"{error.filename}: {reason(error)}" if error.filename else reason(error)


def _unreadable(error: errors.ScenarioError) -> bool:
    """Whether all that is wrong is that the scenario file itself cannot be read."""
    return bool(error.problems) and all(p.code == "missing-file" and not p.path for p in error.problems)


def _keep(error: BaseException, folder: Path | None) -> str:
    text = "".join(traceback.format_exception(error))
    try:
        place = (folder or Path(tempfile.mkdtemp(prefix="transform-sim-"))) / TRACE
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")
    except OSError:
        return _keep(error, None) if folder else f"no file, because none can be written:\n{text}"
    return str(place)
