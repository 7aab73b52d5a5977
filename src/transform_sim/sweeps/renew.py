"""The folder of a batch whose scenarios are other ones than before: what is still true stays, under its new number.

At every moment manifest and chunks agree, so a process may be killed anywhere in here: old chunks go before the new
manifest comes, and those that move are written after it. One that is lost between is made again from its results.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from .batch import Batch
from .lock import only_writer
from .record import Ended
from .store import (
    CHUNKS,
    LOCK,
    MANIFEST,
    Arrays,
    Store,
    StoreError,
    chunk_file,
    read_chunk,
    read_manifest,
    save_manifest,
)

LASTING = (Ended.OPTIMAL, Ended.INFEASIBLE, Ended.UNBOUNDED)
"""What a second attempt would find again; a limit of time, a full disk or an error may have gone."""


def renew(folder: Path, batch: Batch) -> set[int]:
    """Make an earlier batch in the folder into this one; returns the scenarios of which nothing is left to do.

    Raises StoreError if the folder holds something else, BusyError if another process writes there, OSError.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with only_writer(folder / LOCK):
        if not (folder / MANIFEST).exists():
            return set()
        there, wanted = read_manifest(folder), batch.manifest()
        if "keys" not in there:
            raise StoreError(f"{folder} holds a sweep and no batch. Choose another folder for the results")
        store = Store(folder)
        found = _lasting(store, there, wanted["keys"], batch) if batch.resume else {}
        moved = {number: read_chunk(folder, old) for number, old in found.items() if number != old}
        stay = {chunk_file(folder, number) for number in found if number not in moved}
        for file in (folder / CHUNKS).iterdir():
            if file not in stay:
                file.unlink()
        save_manifest(folder, wanted)
        for number, arrays in moved.items():
            assert arrays is not None
            store.write(number, {**arrays, "case": np.array([number], dtype=np.int64)}, 0.0)
        return set(found)


def _lasting(store: Store, there: Mapping[str, Any], keys: list[str], batch: Batch) -> dict[int, int]:
    """Scenarios whose end is known, whose results are whole, and the number they had."""
    finished, numbers = store.finished(), {key: number for number, key in enumerate(there["keys"])}
    out = {}
    for number, key in enumerate(keys):
        old = numbers.get(key)
        if old is not None and old in finished:
            arrays = read_chunk(store.folder, old, ("status",))
            assert arrays is not None
            if _lasts(arrays, number, batch):
                out[number] = old
    return out


def _lasts(arrays: Arrays, number: int, batch: Batch) -> bool:
    status, entry = str(arrays["status"][0]), batch.entries[number]
    if status != Ended.OPTIMAL or entry.scenario is None:
        return status in LASTING
    whole = batch.keeper.kept(entry.name, entry.scenario) is not None
    return whole and batch.keeper.complete(entry.name)
