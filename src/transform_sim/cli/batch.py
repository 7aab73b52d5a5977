"""The ledger of a batch: one row per scenario from the start, so that no failure hides another."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from math import isnan

import numpy as np
import pandas as pd
from rich.table import Table

from transform_sim.results import Results
from transform_sim.results.compare import WHOLE, compare, indicators
from transform_sim.results.summary import counted, money, number
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
WAITING, RUNNING = "waiting", "running"
MOST_BESIDE = 5
"""Scenarios that fit side by side on a screen."""
BY_SECTOR = {"investment": "investment", "annual_cost": "cost", "sector_emissions": "emissions"}
"""Indicators by sector that are shown, and how they are called."""
EMITTED = "sector_emissions"
"""The one of them that is no money."""
OTHER_YEARS = "other years"
"""In place of a change: over a longer horizon the same costs more."""
COLUMNS = ("name", "file", "variant", "status", "objective", "unit", "seconds", "message")


@dataclass
class Row:
    """One scenario of a batch: what is known about it so far."""

    job: Job
    name: str
    status: str = WAITING
    seconds: float | None = None
    message: str = ""
    results: Results | None = None
    steps: dict[str, float] = field(default_factory=dict)

    @property
    def ended(self) -> bool:
        """Whether it is known what became of it."""
        return self.status not in (WAITING, RUNNING)

    def succeed(self, results: Results, again: bool) -> None:
        """Keep what a comparison needs; `again` if they were there from an earlier run."""
        self.status = "kept" if again else OUTCOME[Code.FINE]
        # the series over hours are in the file, and hundreds of them would not fit into memory
        self.results = Results(results.data.drop_dims(FINE, errors="ignore").assign_attrs(scenario=self.name))

    def fail(self, why: Failure) -> None:
        """Note why there are no results, in one line."""
        self.status = OUTCOME[why.code]
        self.message = " ".join(why.text.split())

    def cells(self) -> tuple[object, ...]:
        """Values in the order of COLUMNS."""
        money = (self.results.objective, self.results.data.attrs["currency"]) if self.results else ("", "")
        seconds = "" if self.seconds is None else round(self.seconds, 3)
        return (self.name, self.job.path, self.job.variant or "", self.status, *money, seconds, self.message)


@dataclass
class Ledger:
    """All rows of a batch."""

    rows: tuple[Row, ...]

    @classmethod
    def of(cls, jobs: Sequence[Job]) -> Ledger:
        return cls(tuple(Row(job, job.stem) for job in jobs))

    def run(self, workers: int) -> None:
        """Note which are at work: they are taken in their order."""
        for row in [row for row in self.rows if not row.ended][:workers]:
            row.status = RUNNING

    def interrupt(self) -> None:
        """Note which were at work."""
        for row in self.rows:
            if row.status == RUNNING:
                row.status = OUTCOME[Code.INTERRUPTED]

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
        """Outcome, cost and last year's emissions of every scenario; change from the first if they are comparable.

        Cost over other years than the first's has no change, as in `compare`.
        """
        known = {row.name: _Shown.of(row.results) for row in self.rows if row.results is not None}
        first = next(iter(known.values()), None) if comparable else None
        kinds = list(dict.fromkeys(kind for shown in known.values() for kind in shown.emissions))
        size, count = counted(max((abs(shown.cost) for shown in known.values()), default=0.0))
        unit = f" [{count}{first.currency}]" if first else ""
        table = Table(box=None, pad_edge=False)
        table.add_column("Scenario", overflow="fold")
        table.add_column("Outcome", no_wrap=True)
        for head in (f"Cost{unit}", "Change", *(f"{kind}, last year [t/a]" for kind in kinds), "Seconds"):
            table.add_column(head, justify="right")
        for row in self.rows:
            seconds = "" if row.seconds is None else f"{row.seconds:.1f}"
            table.add_row(row.name, row.status, *_figures(known.get(row.name), first, size, kinds), seconds)
        return table

    def sectors(self) -> Table | None:
        """Investment, and last year's cost and emissions, by sector beside the first; None for one or for many."""
        if not 2 <= self.solved <= MOST_BESIDE:
            return None
        comparison = self.comparison()
        names = list(comparison.columns[: self.solved])
        last = max((p for p in comparison.index.get_level_values("period") if p != WHOLE), default=WHOLE)
        table = Table(box=None, pad_edge=False)
        table.add_column("By sector")
        for name in names:
            table.add_column(name, justify="right", overflow="fold")
        for indicator, text in BY_SECTOR.items():
            here = comparison[comparison.index.get_level_values("indicator") == indicator][names].reset_index()
            for _, item, period, unit, *values in here.itertuples(index=False, name=None):
                largest = float(np.nanmax(np.abs(values)))
                if period in (WHOLE, last) and largest > (1e-6 if indicator == EMITTED else 1.0):
                    size, count = (1.0, "") if indicator == EMITTED else counted(largest)
                    head = f"{text} {item}{'' if period == WHOLE else f' {period}'} [{count}{unit}]"
                    table.add_row(head, *("" if isnan(v) else number(v / size) for v in values))
        return table if table.row_count else None


@dataclass(frozen=True)
class _Shown:
    """What the table of outcomes shows of one result: its cost, the years of it, emissions of the last one by kind."""

    cost: float
    currency: str
    years: tuple[int, ...]
    emissions: dict[str, float]

    @classmethod
    def of(cls, results: Results) -> _Shown:
        """From the indicators that `compare` sets side by side."""
        values, years = indicators(results), tuple(int(y) for y in results.data["period"].values)
        kinds = {str(item): unit for name, item, _, unit in values.index if name == "emissions"}
        emissions = {
            kind: float(values.get(("emissions", kind, str(years[-1]), unit), 0.0)) for kind, unit in kinds.items()
        }
        return cls(results.objective, str(results.data.attrs["currency"]), years, emissions)


def _figures(shown: _Shown | None, first: _Shown | None, size: float, kinds: list[str]) -> list[str]:
    """Cost, change from the first (both in `size`), emissions; empty where there are none.

    Without a first, money is of different years and each cost bears its own unit.
    """
    if shown is None:
        return [""] * (2 + len(kinds))
    change = ""
    if first and first is not shown:
        change = number((shown.cost - first.cost) / size) if shown.years == first.years else OTHER_YEARS
    emissions = [number(shown.emissions[kind]) if kind in shown.emissions else "" for kind in kinds]
    return [number(shown.cost / size) if first else money(shown.cost, shown.currency), change, *emissions]
