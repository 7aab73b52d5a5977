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


class Code(IntEnum):
    """What the exit code of every command means."""

    FINE = 0
    PART_FAILED = 1
    USAGE = 2
    SCENARIO = 3
    NO_SOLUTION = 4
    NOT_PROVED = 5
    FILES = 6
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
    Code.INTERNAL: "an unexpected error",
    Code.INTERRUPTED: "interrupted",
}


TRACE = "error.txt"


class OutputError(Exception):
    """A result cannot be written; `hopeless` if nothing else can be written there either."""

    def __init__(self, place: Path, error: OSError) -> None:
        super().__init__(f"{place} cannot be written: {reason(error)}. Make room, or choose another folder")
        self.hopeless = error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EROFS)


@dataclass(frozen=True)
class Failure:
    """Why something did not work: the exit code and the text for the user."""

    code: Code
    text: str


def reason(error: OSError) -> str:
    """The system's words for an error, with the file it is about; some libraries bury them in their own."""
    if not error.errno:
        return str(error) or type(error).__name__
    words = os.strerror(error.errno)
    return f"{words} ('{error.filename}')" if isinstance(error.filename, str | Path) else words


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
        return Failure(code, reason(error) if isinstance(error, OSError) else str(error))
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
    if isinstance(error, KeyboardInterrupt):
        return Code.INTERRUPTED
    return Code.FILES if isinstance(error, OSError | OutputError) else Code.INTERNAL


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
