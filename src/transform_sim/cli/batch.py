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
        self.results = Results(results.data.drop_dims(FINE, errors="ignore"))

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
    def solved(self) -> list[Row]:
        """Rows with results."""
        return [row for row in self.rows if row.results is not None]

    def csv(self) -> str:
        """The ledger as CSV text, one line per scenario."""
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerows([COLUMNS, *(row.cells() for row in self.rows)])
        return text.getvalue()

    def comparison(self) -> pd.DataFrame:
        """Results side by side; raises ValueError if there are none, or if they are in money of different years."""
        return compare([row.results for row in self.solved if row.results is not None])

    def table(self, comparison: pd.DataFrame | None) -> Table:
        """Outcome, cost and last year's emissions of every scenario, for reading."""
        table = Table("Scenario", "Outcome", box=None, pad_edge=False)
        for head in ("Cost [million]", "Difference", *_emission_heads(comparison), "Seconds"):
            table.add_column(head, justify="right")
        place = {row.name: i for i, row in enumerate(self.solved)}
        for row in self.rows:
            figures = _figures(row, place.get(row.name), comparison)
            table.add_row(row.name, row.status, *figures, "" if row.seconds is None else f"{row.seconds:.1f}")
        return table


def _emission_heads(comparison: pd.DataFrame | None) -> list[str]:
    return [f"{item} {year} [{unit}]" for item, year, unit in _last_emissions(comparison).index]


def _figures(row: Row, place: int | None, comparison: pd.DataFrame | None) -> list[str]:
    """Cost, difference to the first solved, emissions; empty where there are none."""
    if row.results is None or place is None:
        return [""] * (2 + len(_emission_heads(comparison)))
    cost = f"{number(row.results.objective / 1e6)} {row.results.data.attrs['currency']}"
    if comparison is None:
        return [cost, ""]
    values = comparison.to_numpy(dtype=float)
    difference = number((values[0, place] - values[0, 0]) / 1e6) if place else ""
    return [cost, difference, *(number(value) for value in _last_emissions(comparison).to_numpy(dtype=float)[:, place])]


def _last_emissions(comparison: pd.DataFrame | None) -> pd.DataFrame:
    """Emissions of the last period, one row per (kind, period, unit)."""
    if comparison is None or "emissions" not in comparison.index.get_level_values("indicator"):
        return pd.DataFrame()
    emissions = comparison.loc[["emissions"]].droplevel("indicator")
    periods = emissions.index.get_level_values("period")
    return emissions[periods == max(periods, key=int)]
