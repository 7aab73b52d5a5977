"""The ledger of a batch: one row per scenario from the start, so that no failure hides another."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from time import perf_counter

import pandas as pd
from rich.table import Table

from transform_sim.results import Results
from transform_sim.results.compare import compare
from transform_sim.results.summary import number
from transform_sim.results.tables import FINE

from .exits import Code, Failure
from .jobs import Job

OUTCOME = {
    Code.FINE: "solved",
    Code.SCENARIO: "has problems",
    Code.NO_SOLUTION: "no solution",
    Code.NOT_PROVED: "not proved",
    Code.FILES: "file trouble",
    Code.INTERNAL: "failed",
    Code.INTERRUPTED: "interrupted",
}
COLUMNS = ("name", "file", "variant", "status", "objective", "unit", "seconds", "message")


@dataclass
class Row:
    """One scenario of a batch: what is known about it so far."""

    job: Job
    name: str
    status: str = "waiting"
    seconds: float | None = None
    message: str = ""
    results: Results | None = None
    _since: float = field(default=0.0, repr=False)

    def start(self) -> None:
        """Begin to take its time."""
        self.status, self._since = "running", perf_counter()

    def succeed(self, results: Results, again: bool) -> None:
        """Keep what a comparison needs; `again` if they were there from an earlier run."""
        self.status, self.seconds = "kept" if again else OUTCOME[Code.FINE], perf_counter() - self._since
        # the series over hours are in the file, and hundreds of them would not fit into memory
        self.results = Results(results.data.drop_dims(FINE, errors="ignore").assign_attrs(scenario=self.name))

    def fail(self, why: Failure) -> None:
        """Note why there are no results, in one line."""
        self.status, self.seconds = OUTCOME[why.code], perf_counter() - self._since
        self.message = " ".join(why.text.split())

    def cells(self) -> tuple[object, ...]:
        """Values in the order of COLUMNS."""
        money = (self.results.objective, self.results.data.attrs["currency"]) if self.results else ("", "")
        seconds = "" if self.seconds is None else round(self.seconds, 3)
        return (self.name, self.job.path, self.job.variant or "", self.status, *money, seconds, self.message)


@dataclass
class Ledger:
    """All rows of a batch, and which names are taken."""

    rows: tuple[Row, ...]
    _taken: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, jobs: Sequence[Job]) -> Ledger:
        return cls(tuple(Row(job, job.stem) for job in jobs))

    def distinct(self, name: str) -> str:
        """The name, or the first of name-2, name-3, … that no row before has; case does not tell two apart."""
        chosen, n = name, 1
        while chosen.casefold() in self._taken:
            n += 1
            chosen = f"{name}-{n}"
        self._taken.add(chosen.casefold())
        return chosen

    @property
    def solved(self) -> int:
        """Number of rows with results."""
        return sum(row.results is not None for row in self.rows)

    def csv(self) -> str:
        """The ledger as CSV text, one line per scenario."""
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerows([COLUMNS, *(row.cells() for row in self.rows)])
        return text.getvalue()

    def comparison(self) -> pd.DataFrame:
        """Results side by side; raises ValueError if there are none, or if they are in money of different years."""
        return compare([row.results for row in self.rows if row.results is not None])

    def table(self, comparable: bool) -> Table:
        """Outcome, cost and last year's emissions of every scenario; change from the first if they are comparable."""
        results = [row.results for row in self.rows if row.results is not None]
        kinds = list(dict.fromkeys(kind for r in results for kind in _last_emissions(r)))
        money = f"million {results[0].data.attrs['currency']}" if comparable else "million"
        table = Table(box=None, pad_edge=False)
        table.add_column("Scenario", overflow="fold")
        table.add_column("Outcome", no_wrap=True)
        for head in (f"Cost [{money}]", "Change", *(f"{kind}, last year [t/a]" for kind in kinds), "Seconds"):
            table.add_column(head, justify="right")
        for row in self.rows:
            base = results[0] if comparable and row.results is not results[0] else None
            seconds = "" if row.seconds is None else f"{row.seconds:.1f}"
            table.add_row(row.name, row.status, *_figures(row.results, base, kinds), seconds)
        return table


def _figures(results: Results | None, base: Results | None, kinds: list[str]) -> list[str]:
    """Cost, change from the base, emissions; empty where there are none."""
    if results is None:
        return [""] * (2 + len(kinds))
    change = number((results.objective - base.objective) / 1e6) if base else ""
    emissions = _last_emissions(results)
    shown = [number(emissions[kind]) if kind in emissions else "" for kind in kinds]
    return [number(results.objective / 1e6), change, *shown]


def _last_emissions(results: Results) -> dict[str, float]:
    """Emissions of the last period, by kind."""
    if "emissions" not in results.data:
        return {}
    last = results.data["emissions"].sum("node").isel(period=-1)
    return {str(kind): float(value) for kind, value in zip(last["emission"].values, last.values, strict=True)}
