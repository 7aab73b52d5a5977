"""The axes of a study: periods, grids, places and nodes, and the grid on which each thing lives."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from transform_sim.errors import ScenarioError
from transform_sim.finance import period_weights, trapezoid_weights
from transform_sim.lp import Grid, Periods
from transform_sim.names import DAY, GRIDS, HOUR, HOURS_PER_YEAR, RUN, STOCK, YEAR
from transform_sim.scenario import Quantity, Scenario
from transform_sim.scenario.markets import Commodity
from transform_sim.scenario.plants import Process
from transform_sim.scenario.problems import Problem, render
from transform_sim.scenario.tree import from_dotted, locate
from transform_sim.timeseries import TimeStructure, project, structure

Floats = NDArray[np.float64]
TIMING = {"start": 0.0, "middle": 0.5, "end": 1.0}


@dataclass(frozen=True, eq=False)
class Frame:
    """What every family needs to place its arrays.

    Attributes:
        years, lengths: first year and number of years of each period, shape (Y,).
        weight: $N_y$, present value of one unit per year of the period, shape (Y,).
        budget_weight: trapezoid weights $b_y$ in years, shape (Y,).
        places: regions, then the areas that serve as nodes; `region` and `node` codes point into it.
        node_of: node code of each (commodity, region), shape (C, R).
        grid_of: effective grid of each commodity.
    """

    scenario: Scenario
    time: TimeStructure
    years: Floats
    lengths: Floats
    weight: Floats
    budget_weight: Floats
    grids: dict[str, Grid]
    regions: tuple[str, ...]
    places: tuple[str, ...]
    commodities: tuple[str, ...]
    node_of: NDArray[np.int64]
    grid_of: dict[str, str]

    @property
    def periods(self) -> Periods:
        reads = ("horizon.discount_rate", "horizon.cost_timing")
        return Periods(tuple(int(y) for y in self.years), self.weight, reads)

    @property
    def rate(self) -> float:
        return self.scenario.horizon.discount_rate.scalar

    def region_codes(self, regions: tuple[str, ...] | None) -> list[int]:
        """Codes of the named regions, or of all."""
        return [self.regions.index(r) for r in (self.regions if regions is None else regions)]

    def nodes(self, commodity: str, at: tuple[str, ...] | None = None) -> list[int]:
        """Node codes of a commodity, in order; only those of the named regions or nodes if given."""
        own = self.node_of[self.commodities.index(commodity)]
        if at is None:
            return list(dict.fromkeys(own.tolist()))
        chosen = [own[self.regions.index(a)] if a in self.regions else self.places.index(a) for a in at]
        return list(dict.fromkeys(int(c) for c in chosen))

    def emission_node(self, emission: int, commodity: int, node: int) -> int:
        """Where an emission arises that a purchase or disposal of a commodity causes at its node.

        It is the node that the regions behind have for the emission. If they have several, which one cannot be told,
        and the emission stays at the node of the commodity.
        """
        behind = np.unique(self.node_of[emission, self.node_of[commodity] == node])
        return int(behind[0]) if len(behind) == 1 else node

    def shape(self, profile: str | None, grid: str) -> Floats:
        """A profile as a shape of mean one on a grid, shape (T,); ones if there is none."""
        if profile is None:
            return np.ones(len(self.grids[grid]))
        return self._on_grid(profile, grid, "shape")

    def availability(self, profile: str, grid: str) -> Floats:
        """A profile as availability on a grid, shape (T,)."""
        return self._on_grid(profile, grid, "availability")

    def window(self, profile: str, grid: str) -> NDArray[np.bool_]:
        """Which steps of a grid lie in a window, wholly or in part, shape (T,)."""
        with _told(self.scenario, f"profiles.{profile}"):
            fine = project(self.scenario.profiles[profile], self.time, "window")
        target = self.grids[grid]
        return np.asarray(np.bincount(target.member, weights=fine, minlength=len(target)) > 0)

    def _on_grid(self, profile: str, grid: str, use: Literal["availability", "shape"]) -> Floats:
        with _told(self.scenario, f"profiles.{profile}"):
            fine = project(self.scenario.profiles[profile], self.time, use)
        target = self.grids[grid]
        total = np.bincount(target.member, weights=fine * self.time.weight, minlength=len(target))
        return total / target.weight

    def process_grid(self, process: Process) -> str:
        """Grid on which a process runs (formulation: grid of a process)."""
        if process.operation == "baseload":
            return YEAR
        commodities = self.scenario.commodities
        touched = {c for flows in all_flows(process) for c in flows if commodities[c].kind != "emission"}
        finest = max((self.grid_of[c] for c in touched), key=GRIDS.index, default=YEAR)
        made = {c for flows in all_flows(process) for c, q in flows.items() if any(float(v) > 0 for *_, v in q.items())}
        smooth = all(self.grid_of[c] == finest or commodities[c].implied_store for c in made if c in touched)
        return finest if smooth else YEAR


def all_flows(process: Process) -> list[Mapping[str, Quantity]]:
    """Every flow mapping of a process: common, by mode, by technique."""
    return [process.flows, *(m.flows for m in process.modes.values()), *process.techniques.values()]


def make_frame(scenario: Scenario) -> Frame:
    """Lay out the axes of a scenario."""
    horizon = scenario.horizon
    years = np.arange(horizon.start, horizon.end + 1, horizon.step, dtype=float)
    lengths = np.full(len(years), float(horizon.step))
    rate = horizon.discount_rate.scalar
    weight = period_weights(rate, years, lengths, horizon.start, TIMING[horizon.cost_timing])
    with _told(scenario, "time"):
        time = structure(scenario.time, scenario.profiles)
    regions, commodities = tuple(scenario.regions), tuple(scenario.commodities)
    places, node_of = _nodes(scenario.commodities, regions)
    return Frame(
        scenario, time, years, lengths, weight, trapezoid_weights(lengths), make_grids(time), regions, places,
        commodities, node_of, {c: effective_grid(scenario, c) for c in commodities},
    )  # fmt: skip


@contextmanager
def _told(scenario: Scenario, path: str) -> Iterator[None]:
    """What days or a series lack becomes a problem of the scenario, in the line where they stand.

    The error says "where — what is wrong — what would be right"; a path below `path` is the more exact one.
    """
    try:
        yield
    except ValueError as error:
        where, *said = str(error).split(" — ")
        path = where if where.startswith(f"{path}.") else path
        node = locate(scenario.source.tree, from_dotted(path))
        problem = Problem("profile-values", node.file, node.line, path, "; ".join(said) or where)
        raise ScenarioError(render([problem]), [problem]) from None


def effective_grid(scenario: Scenario, commodity: str) -> str:
    """The finer of the declared grid and that of any storage of the commodity."""
    declared = [scenario.commodities[commodity].balance]
    declared += [s.balance for s in scenario.storages.values() if s.commodity == commodity and s.balance]
    return max(declared, key=GRIDS.index)


def make_grids(time: TimeStructure) -> dict[str, Grid]:
    """The nested grids of a time structure, and the runs of equal days."""
    hours = np.arange(time.n_steps)
    none = np.zeros(0, dtype=np.int64)
    runs = tuple(f"run {k + 1}" for k in range(len(time.run_day)))
    one, all_in_one = np.array([1.0]), np.zeros(time.n_steps, dtype=np.int64)
    return {
        STOCK: Grid(STOCK, one, all_in_one, ("stock",), 0),
        YEAR: Grid(YEAR, np.array([HOURS_PER_YEAR]), all_in_one, ("year",), 1),
        DAY: Grid(DAY, np.asarray(time.day_weight), np.asarray(time.day, dtype=np.int64), tuple(time.day_label), 2),
        HOUR: Grid(HOUR, np.asarray(time.weight), hours, tuple(time.step_label), 3),
        RUN: Grid(RUN, np.ones(len(runs)), none, runs, 4),
    }


def _nodes(commodities: dict[str, Commodity], regions: tuple[str, ...]) -> tuple[tuple[str, ...], NDArray[np.int64]]:
    names = [
        [region if c.area is None else c.area if isinstance(c.area, str) else c.area.get(region, region)
         for region in regions]
        for c in commodities.values()
    ]  # fmt: skip
    places = tuple(dict.fromkeys([*regions, *(n for row in names for n in row)]))
    return places, np.array([[places.index(n) for n in row] for row in names], dtype=np.int64)
