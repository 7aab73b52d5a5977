"""The folder of a sweep: a manifest, finished chunks, each there whole or not at all, and a log of times.

    manifest.json       what is swept, by which versions; says whether a folder belongs to this sweep
    chunks/00000.npz    status, proof and outputs of the cases of one chunk
    chunks/00000.lost   why the workers on this chunk died; the next run tries it again
    log.csv             when each chunk was written and how long its cases took
    lock                who is writing

Times stand in the log alone, so that all else is the same, byte for byte, whoever solved it and however often the
sweep was stopped.
"""

from __future__ import annotations

import io
import json
import zipfile
import zlib
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from transform_sim.errors import FilesError
from transform_sim.files import PART, write_whole

from .lock import only_writer

FORMAT = "1"
MANIFEST, CHUNKS, LOG, LOCK = "manifest.json", "chunks", "log.csv", "lock"
KINDS: dict[str, type] = {
    "name": str, "hash": str, "scenario_hash": str, "design": str, "grid": bool, "axes": dict, "currency": str,
    "cases": list, "chunks": list, "plan": str, "scenario": str,
}  # fmt: skip
"""What every manifest holds, of a sweep, a batch or price cases, and is read by."""
Arrays = Mapping[str, NDArray[Any]]


class StoreError(FilesError):
    """A folder holds no sweep, another sweep, or a damaged one."""


@dataclass(frozen=True)
class Store:
    """A sweep's folder, open for writing; see `writing`."""

    folder: Path

    def finished(self) -> set[int]:
        """Numbers of the chunks that are there and whole; a damaged one is taken away, to be solved again."""
        found = set()
        for file in sorted(f for f in (self.folder / CHUNKS).glob("*.npz") if f.stem.isdigit()):
            if _whole(file):
                found.add(int(file.stem))
            else:
                file.unlink()
        return found

    def write(self, number: int, arrays: Arrays, seconds: float) -> None:
        """Keep a finished chunk."""
        text = io.BytesIO()
        np.savez_compressed(text, allow_pickle=False, **arrays)
        write_whole(chunk_file(self.folder, number), text.getvalue())
        lost_file(self.folder, number).unlink(missing_ok=True)
        self._log(number, len(arrays["case"]), seconds)

    def lose(self, number: int, why: str) -> None:
        """Note that nobody could solve a chunk."""
        write_whole(lost_file(self.folder, number), why.encode())

    def _log(self, number: int, cases: int, seconds: float) -> None:
        # lost lines are no loss: no fsync
        file = self.folder / LOG
        head = "" if file.exists() else "written,chunk,cases,seconds\n"
        now = datetime.now(UTC).isoformat(timespec="seconds")
        with file.open("a", encoding="utf-8") as log:
            log.write(f"{head}{now},{number},{cases},{seconds:.3f}\n")


@contextmanager
def writing(folder: Path, manifest: Mapping[str, Any]) -> Iterator[Store]:
    """The folder of the sweep that the manifest describes, new or to be continued, held against other writers.

    Raises StoreError if it holds something else, with the reason; BusyError if somebody is writing there; OSError.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with only_writer(folder / LOCK):
        for part in (*folder.glob(f"*{PART}"), *(folder / CHUNKS).glob(f"*{PART}")):
            part.unlink()
        if (folder / MANIFEST).exists():
            _same(folder, read_manifest(folder), manifest)
        else:
            _empty(folder)
            (folder / CHUNKS).mkdir(exist_ok=True)
            save_manifest(folder, manifest)
        yield Store(folder)


def save_manifest(folder: Path, manifest: Mapping[str, Any]) -> None:
    """Write the manifest, one line for each part."""
    lines = [f"{json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}" for key, value in manifest.items()]
    write_whole(folder / MANIFEST, ("{\n" + ",\n".join(lines) + "\n}\n").encode())


def read_manifest(folder: Path) -> dict[str, Any]:
    """What is swept in a folder; raises StoreError if it holds no sweep, a damaged one or one of another format."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise StoreError(f"there is no sweep in {folder}: it has no {MANIFEST}") from None
    except ValueError as error:
        raise StoreError(f"{folder / MANIFEST} is damaged: {error}") from None
    found = manifest.get("format") if isinstance(manifest, dict) else None
    if found != FORMAT:
        raise StoreError(f"{folder / MANIFEST} has format {found!r}; this version reads {FORMAT!r}")
    if lost := [name for name, kind in KINDS.items() if not isinstance(manifest.get(name), kind)]:
        raise StoreError(f"{folder / MANIFEST} is damaged: {', '.join(lost)} missing or of another kind")
    return dict(manifest)


def read_chunk(folder: Path, number: int, names: Collection[str] | None = None) -> dict[str, NDArray[Any]] | None:
    """The arrays of a chunk, or those of some names; None if it is not finished; StoreError if it is damaged."""
    file = chunk_file(folder, number)
    try:
        with file.open("rb") as handle, np.load(handle, allow_pickle=False) as arrays:
            return {name: arrays[name] for name in arrays.files if names is None or name in names}
    except FileNotFoundError:
        return None
    except (OSError, ValueError, EOFError, KeyError, zipfile.BadZipFile) as error:
        raise StoreError(f"{file} is damaged ({error}). Take it away, and the same call solves it again") from None


def read_lost(folder: Path, number: int) -> str | None:
    """Why a chunk could not be solved; None if it was not tried or is finished."""
    with suppress(FileNotFoundError):
        return lost_file(folder, number).read_text(encoding="utf-8")
    return None


def chunk_file(folder: Path, number: int) -> Path:
    return folder / CHUNKS / f"{number:05}.npz"


def lost_file(folder: Path, number: int) -> Path:
    return folder / CHUNKS / f"{number:05}.lost"


def _whole(file: Path) -> bool:
    """Whether every array of a chunk is as it was written."""
    try:
        with zipfile.ZipFile(file) as arrays:
            return arrays.testzip() is None
    except (zipfile.BadZipFile, zlib.error, EOFError):
        return False


def _empty(folder: Path) -> None:
    """A folder with files but no manifest is somebody else's."""
    others = sorted(p.name for p in folder.iterdir() if p.name not in (LOCK, CHUNKS))
    if others or ((folder / CHUNKS).is_dir() and any((folder / CHUNKS).iterdir())):
        what = others[0] if others else CHUNKS
        raise StoreError(f"{folder} holds {what} and no sweep. Choose another folder, so that nothing of yours is lost")


def _same(folder: Path, there: Mapping[str, Any], wanted: Mapping[str, Any]) -> None:
    """Two sweeps are the same if their hashes are; the other parts of the manifests tell what differs."""
    if there.get("hash") == wanted["hash"]:
        return
    parts = [key for key in wanted if key not in ("hash", "plan") and there.get(key) != wanted[key]]
    texts = [_difference(key, there.get(key), wanted[key]) for key in parts] or ["its plan differs"]
    raise StoreError(f"{folder} holds another sweep: {'; '.join(texts)}. Choose another folder for this one")


def _difference(key: str, there: Any, wanted: Any) -> str:
    if isinstance(there, dict) and isinstance(wanted, dict):
        names = [name for name in {**there, **wanted} if there.get(name) != wanted.get(name)]
        return f"other {key}: " + ", ".join(f"{n} {_change(there.get(n), wanted.get(n))}" for n in names)
    if key == "scenario" and isinstance(there, str):
        there, wanted = ([line for line in text.splitlines() if line.strip()] for text in (there, wanted))
        return f"other scenario: {_change(there, wanted)}"
    return f"other {key.replace('_', ' ')}" + (f": {there} → {wanted}" if len(f"{there}{wanted}") < 60 else "")


def _change(there: Any, wanted: Any) -> str:
    """What two values differ in: of an axis the part that differs first, of lists what stands in one alone."""
    if isinstance(there, dict) and isinstance(wanted, dict):
        part = next(name for name in {**there, **wanted} if there.get(name) != wanted.get(name))
        return f"{part} {_change(there.get(part), wanted.get(part))}"
    if isinstance(there, list) and isinstance(wanted, list):
        old, new = ({json.dumps(v): v for v in values} for values in (there, wanted))
        if old.keys() != new.keys():
            there, wanted = [old[k] for k in old if k not in new], [new[k] for k in new if k not in old]
    return f"{_short(there)} → {_short(wanted)}"


def _short(value: Any) -> str:
    text = "none" if value is None or value == [] else json.dumps(value, ensure_ascii=False)
    return text if len(text) < 60 else text[:57] + "…"
