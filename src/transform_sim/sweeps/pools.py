"""Chunks of work over processes: own ones or somebody's executor; one that dies takes no other along."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
from collections import deque
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import (
    FIRST_COMPLETED,
    BrokenExecutor,
    CancelledError,
    Executor,
    Future,
    ProcessPoolExecutor,
    wait,
)
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain
from tempfile import TemporaryDirectory
from threading import Thread
from typing import Any

from transform_sim.errors import TransformSimError, WorkersError

from .parcels import FiledParcels, Parcels, Work
from .record import Done


class HopelessError(TransformSimError):
    """What stopped one chunk would stop all others too, such as a full disk; it ends the run.

    `number` is the chunk's.
    """

    def __init__(self, text: str, number: int) -> None:
        super().__init__(text)
        self.number = number

    def __reduce__(self) -> tuple[Any, ...]:
        return (type(self), (str(self), self.number))


@dataclass(frozen=True)
class Lost:
    """A chunk whose workers died twice, and of what."""

    number: int
    why: str


def solved(
    work: Work, todo: Sequence[int], workers: int = 1, executor: Executor | None = None
) -> Generator[Done | Lost]:
    """Each chunk when it is finished; in this process if one worker is enough."""
    if not todo:
        return
    if executor is None and workers <= 1:
        yield from map(work.solver(), todo)
        return
    if executor is None:
        with TemporaryDirectory(prefix="transform-sim-") as folder:
            yield from _in_processes(FiledParcels(work, folder), todo, workers)
    else:
        yield from _elsewhere(executor, Parcels(work), todo, 2 * max(workers, 2))


def _elsewhere(executor: Executor, parcels: Parcels, todo: Sequence[int], most: int) -> Iterator[Done | Lost]:
    """In somebody's executor: what fails there is tried once more, alone, as it may take others on its worker along."""
    again: list[int] = []
    for number, result in chain(_spread(executor, parcels, todo, most), _spread(executor, parcels, again, 1)):
        if isinstance(result, BrokenExecutor):
            raise WorkersError(f"the workers are gone: {result}. What is finished is kept; the same call goes on")
        if isinstance(result, Done):
            yield result
        elif number in again:
            yield _lost(number, result)
        else:
            again.append(number)


def _in_processes(parcels: FiledParcels, todo: Sequence[int], workers: int) -> Iterator[Done | Lost]:
    """In own processes. One that dies takes the others with it, so each chunk that it may have been is tried alone."""
    left = list(todo)
    while left:
        suspects: list[int] = []
        with _Pool(min(workers, len(left))) as pool:
            for number, result in _spread(pool, parcels, left, 2 * workers):
                if isinstance(result, Done):
                    left.remove(number)
                    yield result
                else:
                    suspects.append(number)
        yield from _alone(parcels, suspects)
        left = [number for number in left if number not in suspects]


def _alone(parcels: FiledParcels, suspects: Sequence[int]) -> Iterator[Done | Lost]:
    """One after the other in one process, in a new one after each that dies."""
    left = list(suspects)
    while left:
        with _Pool(1) as pool:
            for number in tuple(left):
                result = _future(parcels.submit(pool, number))
                left.remove(number)
                yield result if isinstance(result, Done) else _lost(number, result)
                if isinstance(result, BrokenExecutor):
                    break


class _Pool(ProcessPoolExecutor):
    """Processes that start anew, the same on every system; raises WorkersError if they cannot even start."""

    def __init__(self, workers: int) -> None:
        super().__init__(workers, multiprocessing.get_context("spawn"), initializer=_listen)
        try:
            self.submit(os.getpid).result()
        except BrokenExecutor:
            self.shutdown()
            hint = "Call it under `if __name__ == '__main__':`, so that they can import your script"
            raise WorkersError(f"worker processes die as they start. {hint}, or take workers=1") from None

    def __exit__(self, *error: object) -> None:
        self.shutdown(cancel_futures=True)


def _listen() -> None:
    """On Ctrl-C a worker stops what it does and leaves without a word; the main process tells what there is.

    It also leaves when the main process is gone, however that ended: nobody else would tell it, and it would go on
    beside the run that takes over.
    """
    signal.signal(signal.SIGINT, lambda *_: sys.exit(130))
    Thread(target=_follow, daemon=True).start()


def _follow() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _spread(
    executor: Executor, parcels: Parcels | FiledParcels, todo: Sequence[int], most: int
) -> Iterator[tuple[int, Done | BaseException]]:
    """Each chunk with what became of it, as they come; a broken executor ends it, with all that were at work.

    At most `most` are handed over at once.
    """
    queue, running = deque(todo), dict[Future[Done], int]()
    try:
        while queue or running:
            while queue and len(running) < most:
                try:
                    running[parcels.submit(executor, queue[0])] = queue[0]
                    queue.popleft()
                except BrokenExecutor as broke:
                    if running:
                        break  # they tell it too
                    yield queue[0], broke
                    return
            ready, _ = wait(running, return_when=FIRST_COMPLETED)
            broken = False
            for future in sorted(ready, key=running.__getitem__):
                number, result = running.pop(future), _future(future)
                broken = broken or isinstance(result, BrokenExecutor)
                yield number, result
            if broken:
                yield from ((number, _future(future)) for future, number in running.items())
                return
    finally:
        for future in running:
            future.cancel()


def _future(future: Future[Done]) -> Done | BaseException:
    """What it gives, or why it gives nothing, when it is there; only a scheduler that went away cancels any.

    Raises HopelessError.
    """
    with suppress(CancelledError):
        error = future.exception()
        if isinstance(error, HopelessError):
            raise error
        return error or future.result()
    return BrokenExecutor("their tasks were cancelled")


def _lost(number: int, error: BaseException) -> Lost:
    why = "a worker process died, twice" if isinstance(error, BrokenExecutor) else f"{type(error).__name__}: {error}"
    return Lost(number, why)
