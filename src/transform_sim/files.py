"""Files written whole or not at all."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from transform_sim.errors import FilesError

PART = ".part"
"""What a name ends in while its file is being written; a killed process may leave such a file."""


def target(path: str | Path) -> Path:
    """Where a file can be written: links are followed; raises FilesError for anything but a plain file."""
    found = Path(path).resolve()
    if not found.parent.is_dir():
        raise FilesError(f"{path} cannot be written: there is no folder {found.parent}")
    if found.exists() and not found.is_file():
        raise FilesError(f"{path} cannot be written: it is no plain file. Name a file")
    return found


def write_whole(path: str | Path, content: bytes) -> Path:
    """Write a file aside and rename it into place; the disk keeps it before this returns.

    A failure leaves what was there, and nothing half. Raises FilesError as `target` does, and OSError as the
    system does.
    """
    found = target(path)
    part = found.with_name(found.name + PART)
    try:
        with part.open("wb") as handle:
            handle.write(content)
            handle.flush()
            os.fsync(handle.fileno())
        os.replace(part, found)
    except BaseException:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise
    with suppress(OSError):  # a system without descriptors of folders keeps their entries by itself
        descriptor = os.open(found.parent, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    return Path(path)
