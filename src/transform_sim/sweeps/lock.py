"""One writer at a time: a lock that the system takes back when its process ends, however it ends."""

from __future__ import annotations

import json
import os
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from transform_sim.errors import FilesError

_FAR = 1 << 20
"""Byte that Windows locks: behind the text, which others may read meanwhile."""


class BusyError(FilesError):
    """Somebody else is writing there; the text says who."""


@contextmanager
def only_writer(file: Path) -> Iterator[None]:
    """Hold `file` against other writers; raises BusyError if one is at work.

    The lock belongs to the open file: the one of a process that was killed holds nobody up. The file stays, because
    taking it away would let two writers in who look at the same moment.
    """
    with file.open("a+", encoding="utf-8") as handle:
        try:
            _lock(handle)
        except OSError:
            raise BusyError(
                f"{file.parent} is being written by {_who(file)}. Wait for it, or choose another folder"
            ) from None
        try:
            handle.truncate(0)
            json.dump({"process": os.getpid(), "host": socket.gethostname()}, handle)
            handle.flush()
            yield
        finally:
            handle.truncate(0)
            _unlock(handle)


def _who(file: Path) -> str:
    with suppress(OSError, ValueError, KeyError, TypeError):
        holder = json.loads(file.read_text(encoding="utf-8"))
        return f"process {holder['process']} on {holder['host']}"
    return "another process"


if sys.platform == "win32":
    import msvcrt

    def _lock(handle: IO[str]) -> None:
        handle.seek(_FAR)
        msvcrt.locking(handle.fileno(), msvcrt.LK_NBLCK, 1)

    def _unlock(handle: IO[str]) -> None:
        handle.seek(_FAR)
        msvcrt.locking(handle.fileno(), msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _lock(handle: IO[str]) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def _unlock(handle: IO[str]) -> None:
        fcntl.flock(handle, fcntl.LOCK_UN)
