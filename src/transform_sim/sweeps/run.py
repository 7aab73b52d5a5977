"""Carry out a task: chunks that are not there yet go to workers, what comes back goes into the folder at once."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from contextlib import closing
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from time import perf_counter
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from .axes import quantities
from .outputs import Keep, chosen
from .parcels import Solver, Work
from .plan import Plan
from .pools import Lost, solved
from .progress import Watcher, silent
from .record import Done, Tally
from .store import FORMAT, Store, read_chunk, writing
from .work import Worker

PACKAGES = ("transform-sim", "numpy", "scipy", "highspy")


class Task(Protocol):
    """Cases in chunks that can be solved one by one, in any process; travels there by pickle."""

    @property
    def chunks(self) -> Sequence[NDArray[np.int64]]:
        """Case numbers of each chunk."""

    def manifest(self) -> dict[str, Any]:
        """What is written beside the chunks; its hash stands for all that decides what they hold."""

    def part(self, number: int) -> Work:
        """What another process needs to solve one chunk; itself if that is all of it."""

    def solver(self) -> Solver:
        """What solves chunks, made once in each process."""


@dataclass(frozen=True)
class Sweeping:
    """The cases of a plan, and what is kept of them."""

    plan: Plan
    keep: Keep

    @property
    def chunks(self) -> Sequence[NDArray[np.int64]]:
        return self.plan.chunks

    def manifest(self) -> dict[str, Any]:
        return manifest(self.plan, self.keep)

    def part(self, number: int) -> Work:
        return self

    def solver(self) -> Solver:
        return Worker(self.plan, self.keep).solve


def run(
    plan: Plan,
    out: str | Path,
    keep: str | Sequence[str] = "indicators",
    *,
    workers: int = 1,
    executor: Executor | None = None,
    watch: Watcher = silent,
) -> None:
    """Solve all cases of a plan that are not in the folder yet; see `perform`.

    Args:
        keep: `indicators`, `everything`, or names of quantities of Results.
    """
    perform(Sweeping(plan, chosen(keep, plan)), out, workers=workers, executor=executor, watch=watch)


def perform(
    task: Task,
    out: str | Path,
    *,
    workers: int = 1,
    executor: Executor | None = None,
    watch: Watcher = silent,
    each: Callable[[Done | Lost], object] = lambda _: None,
) -> None:
    """Solve all chunks of a task that are not in the folder yet; each is kept as soon as it is solved.

    Ctrl-C, a full disk or a killed process leave what is finished, and the same call goes on from there.

    Args:
        workers: processes at once; what is stored does not depend on it.
        executor: of processes, to be used in place of own ones, such as `connected` gives; it gets twice as many chunks
            at once as there are workers.
        watch: is told how the cases stand.
        each: is given every chunk once it is kept.

    Raises StoreError if the folder holds something else, BusyError if another process writes there, HopelessError if a
    chunk meets what would stop all others too.
    """
    with writing(Path(out), task.manifest()) as store:
        tallies = _stored(store, task)
        todo = [n for n in range(len(task.chunks)) if n not in tallies]
        tally = sum(tallies.values(), Tally())
        total, before, start = sum(map(len, task.chunks)), tally.cases, perf_counter()
        watch(total, before, tally, 0.0)
        with closing(solved(task, todo, workers, executor)) as results:
            for result in results:
                tally = tally + _kept(store, task, result)
                each(result)
                watch(total, before, tally, perf_counter() - start)


def manifest(plan: Plan, keep: Keep) -> dict[str, Any]:
    """What is written beside the chunks; see `Task`."""
    versions, numbers = {name: version(name) for name in PACKAGES}, quantities(plan.scenario)
    chunks = [chunk.tolist() for chunk in plan.chunks]
    parts = json.dumps([FORMAT, plan.hash, keep, versions, chunks])
    return {
        "format": FORMAT,
        "name": plan.name or plan.scenario.name,
        "hash": hashlib.sha256(parts.encode()).hexdigest(),
        "scenario_hash": plan.scenario.hash,
        "keep": keep if isinstance(keep, str) else list(keep),
        "design": plan.cases.design,
        "grid": plan.cases.is_grid,
        "axes": {axis.name: axis.described(numbers) for axis in plan.cases.axes},
        "versions": versions,
        "currency": plan.scenario.currency,
        "cases": plan.cases.codes.tolist(),
        "chunks": chunks,
        "plan": str(plan),
        "scenario": plan.scenario.text,
    }


def _kept(store: Store, task: Task, result: Done | Lost) -> Tally:
    if isinstance(result, Lost):
        store.lose(result.number, result.why)
        cases = len(task.chunks[result.number])
        return Tally(cases, failed=cases)
    store.write(result.number, result.arrays, result.seconds)
    return Tally.of(result.arrays)


def _stored(store: Store, task: Task) -> dict[int, Tally]:
    """The tally of each chunk that earlier runs have finished; one that holds other cases is solved again."""
    tallies = {}
    for number in sorted(store.finished() & set(range(len(task.chunks)))):
        arrays = read_chunk(store.folder, number, ("case", "status", "handed_over"))
        assert arrays is not None
        if np.array_equal(arrays["case"], task.chunks[number]):
            tallies[number] = Tally.of(arrays)
    return tallies
