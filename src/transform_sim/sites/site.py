"""One plant as a price taker: what it costs and how it runs at given prices, for one year or many price cases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from contextlib import nullcontext
from dataclasses import dataclass, replace
from functools import cached_property
from html import escape
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from transform_sim.errors import ModelError
from transform_sim.model import Constraint
from transform_sim.pipeline import compose, prepare
from transform_sim.results import Results
from transform_sim.scenario import Scenario, load
from transform_sim.scenario.flows import at as at_year
from transform_sim.scenario.units import capacity_unit
from transform_sim.sweeps.progress import shown, silent
from transform_sim.sweeps.run import perform

from .derive import Derived, derive, kept_whole
from .kept import ANNUAL, kept
from .market import Traded
from .opened import SiteCases, open_site
from .prices import CARBON, HOURS, Cases, Codes, Floats, Listed, PriceError, Prices, Shaped, listed
from .wish import Wish
from .work import Plant, Running, prepared

CLOSE = 1e-9
"""How closely costs from the price map must agree with a full build, relative."""


def site(
    scenario: Scenario | str | Path | None,
    plant: str,
    *,
    region: str | None = None,
    year: int | None = None,
    capacity: float | str | None = None,
    prices: Mapping[str, Any] | None = None,
    stores: str | Sequence[str] | Mapping[str, float | str | None] = (),
    demand: Mapping[str, float | str] | None = None,
    minimum_load: float | None = None,
) -> Site:
    """One plant of a scenario, or of the catalogue, as a price taker over the hours of a year.

        works = ts.site("study.yaml", "electrolysis", capacity=100, prices={"electricity": "package:de_2025/price"},
                        demand={"hydrogen": 300_000})
        works.solve()

    Args:
        scenario: that the plant, and every price not given, is taken from; None: the catalogue alone.
        plant: a process of the scenario, else of the catalogue.
        region: where; by default the first one in which it stands, or may stand.
        year: of costs and prices that change with time; by default the scenario's first.
        capacity: in the plant's unit (MW, t/a), or text with a unit; by default what stands there in that year.
        prices: of what is bought and sold by commodity, and `carbon_price`: a number, the name of a profile, or 8,760
            numbers from 1 January 00:00 CET on; a pandas series with times is put in that order. They are all there is
            to pay: levies of the scenario come on top of its own prices only.
        stores: of the scenario or the catalogue, or {store: capacity}; their level returns after the year.
        demand: what must be delivered per year: in every hour the same if a store keeps it, else at any time.
        minimum_load: share of the capacity below which the plant cannot run; None: that of the scenario.

    What stands is paid for: capital and fixed costs (`fixed_cost`) are no part of the results.

    Raises ScenarioError with everything that is wrong.
    """
    chosen = load(scenario) if isinstance(scenario, str | Path) else scenario
    given = {} if prices is None else prices
    wish = Wish(chosen, plant, region, year, capacity, given, stores, demand or {}, minimum_load)
    return Site(wish, derive(wish))


@dataclass(frozen=True, eq=False)
class Site:
    """A plant with its prices. Printed, it says what is bought and sold at which prices, and where these are from."""

    wish: Wish
    derived: Derived

    @property
    def scenario(self) -> Scenario:
        """The plant alone as a scenario: to print, to save (`scenario.text`), to solve with `constraints`."""
        return self.derived.scenario

    @property
    def constraints(self) -> tuple[Constraint, ...]:
        """What the scenario cannot say: all that stands is kept, which matters to a plant that has a minimum load."""
        return (kept_whole,)

    @property
    def fixed_cost(self) -> float:
        """Fixed cost of plant and stores per year, in money of the scenario, which no price changes."""
        return self.derived.at.fixed_cost

    def at(self, **prices: Any) -> Site:
        """The same plant at other prices; arguments as `prices` of `site`."""
        wish = replace(self.wish, prices={**self.wish.prices, **prices})
        return Site(wish, derive(wish))

    def solve(self, **prices: Any) -> Results:
        """The best operation over the year, at other prices if any are given; solved and proved as any scenario."""
        here = self.at(**prices) if prices else self
        return prepare(here.scenario, constraints=here.constraints).solve()

    def cases(
        self,
        commodity: str = "electricity",
        *,
        level: Sequence[float] = (1.0,),
        spread: Sequence[float] = (1.0,),
        carbon_price: Sequence[float] | None = None,
    ) -> Cases:
        """Every combination of price level, price spread and carbon price, to give to `run`.

        Args:
            commodity: whose hourly prices are changed.
            level: factors on the mean of the year.
            spread: factors on how far each hour is from that mean.
            carbon_price: prices per t CO₂e; None leaves that of the site.

        Raises ModelError if the site has no hourly prices of the commodity.
        """
        own = prepared(self._plant).costs.own.get(commodity)
        if not isinstance(own, np.ndarray):
            raise ModelError(f"the site has no hourly prices of {commodity!r} to vary; give a series to ts.site")
        given = {"level": level, "spread": spread} | ({} if carbon_price is None else {CARBON: carbon_price})
        axes = {name: tuple(np.array(values, dtype=float, ndmin=1).tolist()) for name, values in given.items()}
        for name, values in axes.items():
            if not values or not np.isfinite(values).all():
                raise ModelError(f"{name}: {list(values)} are no numbers; give one or more")
        codes: Codes = np.stack([c.ravel() for c in np.indices([len(v) for v in axes.values()])], axis=1)
        columns = [np.array(labels)[codes[:, k]] for k, labels in enumerate(axes.values())]
        prices: dict[str, Prices] = {commodity: Shaped(own, columns[0], columns[1])}
        if carbon_price is not None:
            prices[CARBON] = Listed(columns[2])
        return Cases(prices, axes, codes, is_grid=True)

    def run(
        self,
        prices: Cases | Mapping[str, Any] | Any,
        *,
        out: str | Path | None = None,
        keep: str = ANNUAL,
        workers: int = 1,
        executor: Executor | None = None,
        progress: bool = True,
    ) -> SiteCases:
        """Solve many price cases, each with its proof; the same call goes on where an earlier one was stopped.

            works.run(works.cases(level=[0.8, 1, 1.2], spread=[0.5, 1, 2]))
            works.run({"electricity": array_of_cases_and_hours}, out="cases", workers=2)

        Args:
            prices: from `cases`, or by commodity an array (cases, 8760), (8760,) for one case, or (cases,), or a table
                with hours as rows and a column for each case; one alone is for the commodity with hourly prices.
            out: folder for the outcome; None keeps it in memory.
            keep: `annual` figures, or `hourly` too: load, trades and levels of the store.
            workers, executor, progress: as for `sweep`.

        Raises ModelError, with every problem, for prices that do not fit.
        """
        cases = prices if isinstance(prices, Cases) else self._listed(prices)
        site = prepared(self._plant)
        site.costs.check(cases.prices)
        self._verify(cases)
        task = Running.of(self._plant, cases, kept(keep), self.scenario.name)
        with TemporaryDirectory() if out is None else nullcontext(str(out)) as folder:
            with shown() if progress else nullcontext(silent) as watch:
                perform(task, folder, workers=workers, executor=executor, watch=watch)
            found = open_site(folder)
            if out is None:
                found.data  # noqa: B018 - read before the folder goes
        return found

    @property
    def prices(self) -> Mapping[str, float | Floats]:
        """Prices at which the site trades, by commodity, and the carbon price."""
        return prepared(self._plant).costs.own

    @cached_property
    def _plant(self) -> Plant:
        return Plant(self.scenario, self.derived.trades)

    def _listed(self, given: Any) -> Cases:
        hourly = [name for name, price in self.prices.items() if np.ndim(price)]
        try:
            return listed(given, hourly[0] if len(hourly) == 1 else None)
        except PriceError as error:
            raise ModelError(f"these prices cannot be read:\n  {error}") from None

    def _verify(self, cases: Cases) -> None:
        """Raise if the costs of the first case are not those of its full build."""
        prices = cases.of(0)
        if any(np.ndim(p) and not np.mean(p) > 0 for p in prices.values()):
            return  # no scenario can be written for such a year, so there is nothing to compare with
        named = {n: np.full(HOURS, p) if self._is_hourly(n) and not np.ndim(p) else p for n, p in prices.items()}
        full = compose(self.at(**named).scenario, self.constraints)[1].cost
        quick = prepared(self._plant).costs.cost(prices)
        if quick.shape != full.shape or np.abs(quick - full).max() > CLOSE * (1.0 + np.abs(full).max()):
            raise ModelError("the costs of these cases are not linear in the prices; solve them one by one")

    def _is_hourly(self, name: str) -> bool:
        return bool(np.ndim(self.prices.get(name, 0.0)))

    def _lines(self) -> list[tuple[str, str]]:
        at = self.derived.at
        size = f"{at.capacity:,.6g} {capacity_unit(at.process.unit)}"
        rows = [("Plant", f"{at.plant} in {at.region}, {at.year}"), ("Capacity", size)]
        for name, amount in at.stores.items():
            unit = self.scenario.commodities[self.scenario.storages[name].commodity].unit
            rows.append(("Store", f"{name}, {amount:,.6g} {unit}"))
        rows += [("Shifts", ", ".join(self.derived.loads))] if self.derived.loads else []
        least = at_year(self.scenario.processes[at.plant].minimum_load, at.year)
        rows += [("Minimum", f"{least:.0%} of the capacity")] if least > 0 else []
        for name, text in self.derived.origin.items():
            rows.append((_verb(name, self.derived.trades), f"{name}: {text}"))
        if self.fixed_cost > 0:
            rows.append(("Not here", f"fixed cost of {self.fixed_cost:,.4g} {self.scenario.currency} a year"))
        return rows

    def __repr__(self) -> str:
        return "\n".join([f"Site {self.scenario.title}", *(f"  {a:<9}{b}" for a, b in self._lines())])

    def _repr_html_(self) -> str:
        rows = "".join(f"<tr><th>{escape(a)}</th><td>{escape(b)}</td></tr>" for a, b in self._lines())
        return f"<h4>Site {escape(self.scenario.title)}</h4><table>{rows}</table>"


def _verb(name: str, trades: Sequence[Traded]) -> str:
    if name == CARBON:
        return "Pays"
    sections = {t.section for t in trades if t.commodity == name}
    return "Buys" if "supply" in sections else "Sells" if sections else "Delivers"
