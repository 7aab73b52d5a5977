"""Run a plan: chunks that are not there yet go to workers, what comes back goes into the folder at once."""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import pickle
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
from contextlib import closing, suppress
from dataclasses import dataclass
from importlib.metadata import version
from itertools import chain
from pathlib import Path
from time import perf_counter
from typing import Any

from transform_sim.errors import TransformSimError

from .outputs import Keep, chosen
from .plan import Plan
from .progress import Watcher, silent
from .record import Done, Tally
from .store import FORMAT, Store, read_chunk, writing
from .work import Worker, solve_remote

PACKAGES = ("transform-sim", "numpy", "scipy", "highspy")


@dataclass(frozen=True)
class Lost:
    """A chunk whose workers died twice, and of what."""

    number: int
    why: str


def run(
    plan: Plan,
    out: str | Path,
    keep: str | Sequence[str] = "indicators",
    *,
    workers: int = 1,
    executor: Executor | None = None,
    watch: Watcher = silent,
) -> None:
    """Solve all cases of a plan that are not in the folder yet; each chunk is kept as soon as it is solved.

    Ctrl-C, a full disk or a killed process leave what is finished, and the same call goes on from there.

    Args:
        keep: `indicators`, `everything`, or names of quantities of Results.
        workers: processes at once; what is stored does not depend on it.
        executor: of processes, to be used in place of own ones, such as `connected` gives; it gets twice as many chunks
            at once as there are workers.
        watch: is told how the sweep stands.

    Raises StoreError if the folder holds something else, BusyError if another process writes there.
    """
    what = chosen(keep, plan)
    with writing(Path(out), manifest(plan, what)) as store:
        there = store.finished()
        todo = [n for n in range(len(plan.chunks)) if n not in there]
        tally = _stored(store, there)
        total, before, start = len(plan.cases), tally.cases, perf_counter()
        watch(total, before, tally, 0.0)
        with closing(_results(plan, what, todo, workers, executor)) as results:
            for result in results:
                tally = tally + _kept(store, plan, result)
                watch(total, before, tally, perf_counter() - start)


def manifest(plan: Plan, keep: Keep) -> dict[str, Any]:
    """What is written beside the chunks; its hash stands for all that decides what they hold."""
    versions = {name: version(name) for name in PACKAGES}
    chunks = [chunk.tolist() for chunk in plan.chunks]
    parts = json.dumps([FORMAT, plan.hash, keep, versions, chunks])
    return {
        "format": FORMAT,
        "name": plan.scenario.name,
        "hash": hashlib.sha256(parts.encode()).hexdigest(),
        "scenario_hash": plan.scenario.hash,
        "keep": keep if isinstance(keep, str) else list(keep),
        "design": plan.cases.design,
        "grid": plan.cases.is_grid,
        "axes": {a.name: {"kind": a.kind, "paths": list(a.paths), "labels": list(a.labels)} for a in plan.cases.axes},
        "versions": versions,
        "currency": plan.scenario.currency,
        "cases": plan.cases.codes.tolist(),
        "chunks": chunks,
        "plan": str(plan),
        "scenario": plan.scenario.text,
    }


def _kept(store: Store, plan: Plan, result: Done | Lost) -> Tally:
    if isinstance(result, Lost):
        store.lose(result.number, result.why)
        cases = len(plan.chunks[result.number])
        return Tally(cases, failed=cases)
    store.write(result.number, result.arrays, result.seconds)
    return Tally.of(result.arrays)


def _stored(store: Store, there: set[int]) -> Tally:
    """The tally of what earlier runs have finished."""
    tally = Tally()
    for number in sorted(there):
        arrays = read_chunk(store.folder, number, ("status", "handed_over"))
        assert arrays is not None
        tally = tally + Tally.of(arrays)
    return tally


def _results(
    plan: Plan, keep: Keep, todo: Sequence[int], workers: int, executor: Executor | None
) -> Generator[Done | Lost]:
    """Each chunk when it is finished; in this process if one worker is enough."""
    if not todo:
        return
    if executor is None and workers <= 1:
        worker = Worker(plan, keep)
        for number in todo:
            yield worker.solve(number)
        return
    task = _Task.of(plan, keep)
    if executor is None:
        yield from _in_processes(task, todo, workers)
    else:
        yield from _elsewhere(executor, task, todo, 2 * max(workers, 2))


@dataclass(frozen=True)
class _Task:
    """A plan as it travels to other processes."""

    key: str
    content: bytes

    @classmethod
    def of(cls, plan: Plan, keep: Keep) -> _Task:
        try:
            content = pickle.dumps((plan, keep), protocol=pickle.HIGHEST_PROTOCOL)
        except (pickle.PicklingError, AttributeError, TypeError) as error:
            why = f"the sweep cannot be sent to other processes: {error}"
            raise TransformSimError(f"{why}. Define own constraints in a module, or take workers=1") from None
        return cls(hashlib.sha256(content).hexdigest(), content)

    def submit(self, executor: Executor, number: int) -> Future[Done]:
        return executor.submit(solve_remote, self.key, self.content, number)


def _elsewhere(executor: Executor, task: _Task, todo: Sequence[int], most: int) -> Iterator[Done | Lost]:
    """In somebody's executor: what fails there is tried once more, alone, as it may take others on its worker along."""
    again: list[int] = []
    for number, result in chain(_spread(executor, task, todo, most), _spread(executor, task, again, 1)):
        if isinstance(result, BrokenExecutor):
            raise TransformSimError(f"the workers are gone: {result}. What is finished is kept; the same call goes on")
        if isinstance(result, Done):
            yield result
        elif number in again:
            yield _lost(number, result)
        else:
            again.append(number)


def _in_processes(task: _Task, todo: Sequence[int], workers: int) -> Iterator[Done | Lost]:
    """In own processes. One that dies takes the others with it, so each chunk that it may have been is tried alone."""
    left = list(todo)
    while left:
        suspects: list[int] = []
        with _Pool(min(workers, len(left))) as pool:
            for number, result in _spread(pool, task, left, 2 * workers):
                if isinstance(result, Done):
                    left.remove(number)
                    yield result
                else:
                    suspects.append(number)
        yield from _alone(task, suspects)
        left = [number for number in left if number not in suspects]


def _alone(task: _Task, suspects: Sequence[int]) -> Iterator[Done | Lost]:
    """One after the other in one process, in a new one after each that dies."""
    left = list(suspects)
    while left:
        with _Pool(1) as pool:
            for number in tuple(left):
                result = _future(task.submit(pool, number))
                left.remove(number)
                yield result if isinstance(result, Done) else _lost(number, result)
                if isinstance(result, BrokenExecutor):
                    break


class _Pool(ProcessPoolExecutor):
    """Processes that start anew, the same on every system; raises TransformSimError if they cannot even start."""

    def __init__(self, workers: int) -> None:
        super().__init__(workers, multiprocessing.get_context("spawn"), initializer=_listen)
        try:
            self.submit(_listen).result()
        except BrokenExecutor:
            self.shutdown()
            hint = "Call sweep under `if __name__ == '__main__':`, so that they can import your script"
            raise TransformSimError(f"worker processes die as they start. {hint}, or take workers=1") from None

    def __exit__(self, *error: object) -> None:
        self.shutdown(cancel_futures=True)


def _listen() -> None:
    """On Ctrl-C a worker stops what it does and leaves without a word; the main process tells what there is."""
    signal.signal(signal.SIGINT, lambda *_: sys.exit(130))


def _spread(
    executor: Executor, task: _Task, todo: Sequence[int], most: int
) -> Iterator[tuple[int, Done | BaseException]]:
    """Each chunk with what became of it, as they come; a broken executor ends it, with all that were at work.

    At most `most` are handed over at once.
    """
    queue, running = deque(todo), dict[Future[Done], int]()
    try:
        while queue or running:
            while queue and len(running) < most:
                try:
                    running[task.submit(executor, queue[0])] = queue[0]
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
    """What it gives, or why it gives nothing, when it is there; only a scheduler that went away cancels any."""
    with suppress(CancelledError):
        return future.exception() or future.result()
    return BrokenExecutor("their tasks were cancelled")


def _lost(number: int, error: BaseException) -> Lost:
    why = "a worker process died, twice" if isinstance(error, BrokenExecutor) else f"{type(error).__name__}: {error}"
    return Lost(number, why)
