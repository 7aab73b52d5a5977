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
WAITING, RUNNING = "waiting", "running"
MOST_BESIDE = 5
"""Scenarios that fit side by side on a screen."""
BY_SECTOR = {"investment": ("investment", 1e6), "annual_cost": ("cost", 1e6), "sector_emissions": ("emissions", 1.0)}
"""Indicators by sector that are shown: their words, and the unit in which they are counted."""
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
        """Outcome, cost and last year's emissions of every scenario; change from the first if they are comparable."""
        known = {row.name: _Shown.of(row.results) for row in self.rows if row.results is not None}
        first = next(iter(known.values()), None) if comparable else None
        kinds = list(dict.fromkeys(kind for shown in known.values() for kind in shown.emissions))
        money = f"million {first.currency}" if first else "million"
        table = Table(box=None, pad_edge=False)
        table.add_column("Scenario", overflow="fold")
        table.add_column("Outcome", no_wrap=True)
        for head in (f"Cost [{money}]", "Change", *(f"{kind}, last year [t/a]" for kind in kinds), "Seconds"):
            table.add_column(head, justify="right")
        for row in self.rows:
            seconds = "" if row.seconds is None else f"{row.seconds:.1f}"
            table.add_row(row.name, row.status, *_figures(known.get(row.name), first, kinds), seconds)
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
        for indicator, (text, scale) in BY_SECTOR.items():
            here = comparison[comparison.index.get_level_values("indicator") == indicator][names].reset_index()
            for _, item, period, unit, *values in here.itertuples(index=False, name=None):
                if period in (WHOLE, last) and np.nanmax(np.abs(values)) > 1e-6 * scale:
                    year = "" if period == WHOLE else f" {period}"
                    head = f"{text} {item}{year} [{'million ' if scale > 1 else ''}{unit}]"
                    table.add_row(head, *("" if isnan(v) else number(v / scale) for v in values))
        return table if table.row_count else None


@dataclass(frozen=True)
class _Shown:
    """What the table of outcomes shows of one result: cost, and emissions of the last year by kind."""

    cost: float
    currency: str
    emissions: dict[str, float]

    @classmethod
    def of(cls, results: Results) -> _Shown:
        """From the indicators that `compare` sets side by side."""
        values, last = indicators(results), str(results.data["period"].values[-1])
        kinds = {str(item): unit for name, item, _, unit in values.index if name == "emissions"}
        emissions = {kind: float(values.get(("emissions", kind, last, unit), 0.0)) for kind, unit in kinds.items()}
        return cls(results.objective, str(results.data.attrs["currency"]), emissions)


def _figures(shown: _Shown | None, first: _Shown | None, kinds: list[str]) -> list[str]:
    """Cost, change from the first, emissions; empty where there are none."""
    if shown is None:
        return [""] * (2 + len(kinds))
    change = number((shown.cost - first.cost) / 1e6) if first and first is not shown else ""
    emissions = [number(shown.emissions[kind]) if kind in shown.emissions else "" for kind in kinds]
    return [number(shown.cost / 1e6), change, *emissions]
