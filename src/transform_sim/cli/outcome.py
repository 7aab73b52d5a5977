"""What becomes of the scenarios of a batch: into the ledger at once, and told as it comes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter
from typing import Any

from numpy.typing import NDArray

from transform_sim.sweeps.entries import BATCH, Entry
from transform_sim.sweeps.pools import Lost
from transform_sim.sweeps.record import Done, Ended
from transform_sim.sweeps.store import read_chunk

from . import output
from .batch import Ledger, Row
from .exits import Code, Failure
from .folders import Folders
from .jobs import Job
from .reporter import Reporter

CODES = {
    Ended.INFEASIBLE: Code.NO_SOLUTION,
    Ended.UNBOUNDED: Code.NO_SOLUTION,
    Ended.LIMIT: Code.NOT_PROVED,
    Ended.TIME: Code.NOT_PROVED,
    Ended.UNPROVED: Code.NOT_PROVED,
    Ended.REFUSED: Code.SCENARIO,
    Ended.UNWRITTEN: Code.FILES,
    Ended.FAILED: Code.INTERNAL,
    Ended.LOST: Code.INTERNAL,
}
"""The code of each way to end without results."""


def solved(job: Job, folder: Path, steps: Mapping[str, float]) -> str:
    """That a scenario is solved, how long each step took, and where it is."""
    each = ", ".join(f"{name} {seconds:.1f}" for name, seconds in steps.items())
    return f"{job}: solved in {sum(steps.values()):.1f} s ({each}), written to {folder}"


def kept(job: Job, folder: Path) -> str:
    """That an earlier run has solved a scenario."""
    return f"{job}: {folder} holds its results already"


class Teller:
    """Hears of each scenario of a batch when it is finished."""

    def __init__(self, entries: tuple[Entry, ...], ledger: Ledger, folders: Folders, reporter: Reporter) -> None:
        self._entries, self._ledger, self._folders, self._reporter = entries, ledger, folders, reporter

    @contextmanager
    def step(self, number: int, name: str) -> Iterator[None]:
        """Show a step while it lasts."""
        self._reporter.begin(f"{number + 1}/{len(self._entries)} {self._ledger.rows[number].job}")
        with self._reporter.step(name):
            yield

    def begin(self, there: set[int]) -> None:
        """Enter what an earlier run has finished."""
        for number in sorted(there):
            start, row = perf_counter(), self._ledger.rows[number]
            arrays = read_chunk(self._folders.settings.out / BATCH, number, ("status", "message"))
            assert arrays is not None
            self._enter(number, row, arrays, again=True)
            row.seconds = perf_counter() - start
        self._save()

    def each(self, result: Done | Lost) -> None:
        """Enter what has just been finished."""
        row = self._ledger.rows[result.number]
        if isinstance(result, Lost):
            self._fail(row, Failure(CODES[Ended.LOST], result.why))
        elif not row.ended:  # one that could not be read is told already
            row.steps |= result.steps
            row.seconds = sum(row.steps.values())
            self._enter(result.number, row, result.arrays, again="solve" not in result.steps)
        self._save()

    def _enter(self, number: int, row: Row, arrays: Mapping[str, NDArray[Any]], again: bool) -> None:
        status, entry = Ended(str(arrays["status"][0])), self._entries[number]
        if status != Ended.OPTIMAL:
            self._fail(row, Failure(CODES[status], str(arrays["message"][0])))
            return
        assert entry.scenario is not None
        folder, results = self._folders.of(entry.name), self._folders.kept(entry.name, entry.scenario)
        if results is None:
            self._fail(row, Failure(Code.FILES, f"{folder} does not hold the results that were written there"))
            return
        row.succeed(results, again)
        self._reporter.say(kept(row.job, folder) if again else solved(row.job, folder, row.steps))

    def _fail(self, row: Row, why: Failure) -> None:
        row.fail(why)
        self._reporter.problem(row.job.told(why.text))

    def _save(self) -> None:
        self._ledger.run(self._folders.settings.workers)
        output.save_text(self._folders.settings.out / "batch.csv", self._ledger.csv())
