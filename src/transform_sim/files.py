"""Files written whole or not at all."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from transform_sim.errors import TransformSimError


def target(path: str | Path) -> Path:
    """Where a file can be written: links are followed; raises TransformSimError for anything but a plain file."""
    found = Path(path).resolve()
    if not found.parent.is_dir():
        raise TransformSimError(f"{path} cannot be written: there is no folder {found.parent}")
    if found.exists() and not found.is_file():
        raise TransformSimError(f"{path} cannot be written: it is no plain file. Name a file")
    return found


def write_whole(path: str | Path, content: bytes) -> Path:
    """Write a file aside and rename it into place; a failure leaves what was there, and nothing half.

    Raises TransformSimError as `target` does, and OSError as the system does.
    """
    found = target(path)
    part = found.with_name(found.name + ".part")
    try:
        part.write_bytes(content)
        part.replace(found)
    except OSError:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise
    return Path(path)
