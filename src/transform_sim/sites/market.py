"""What a site buys, sells and delivers: at prices given, else as the scenario has it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from transform_sim.scenario.flows import Run, at, runs
from transform_sim.scenario.markets import Sale, Supply
from transform_sim.scenario.problems import did_you_mean
from transform_sim.scenario.tree import plain
from transform_sim.scenario.units import capacity_hours

from .prices import CARBON, HOURS, Floats, PriceError, one
from .wish import Taken, Wish, number

BOUGHT, SOLD = "supply", "sales"
CLOSE = 1e-9


@dataclass(frozen=True)
class Traded:
    """A trade of the site: section and name in its scenario, and whether its price was given."""

    section: str
    name: str
    commodity: str
    given: bool


class Market:
    """The trades of a plant as they come together; what is wrong goes to `problems`.

    Attributes:
        uses, makes: commodities of the plant, in any of its modes; `stored`: those that its stores keep.
        prices: those that were given, by commodity; `origin`: where each price comes from, in words.
        sections: `supply`, `sales`, `demand` and `profiles` of the new scenario.
        technique: first build year of the technique that the plant has, if it has several.
    """

    def __init__(self, wish: Wish, found: Taken, problems: list[str]) -> None:
        self.wish, self.found, self.base, self.problems = wish, found, found.base, problems
        self.tree: dict[str, Any] = plain(found.base.source.tree)
        years = [r.technique for r in runs(found.process) if r.technique is not None]
        self.technique = max((y for y in years if y <= found.year), default=min(years, default=None))
        self.uses, self.makes = self._sides()
        self.stored = [self.base.storages[s].commodity for s in found.stores]
        self.prices = self._prices()
        self.trades: list[Traded] = []
        self.origin: dict[str, str] = {}
        self.sections: dict[str, dict[str, Any]] = {BOUGHT: {}, SOLD: {}, "demand": {}, "profiles": {}}
        if wish.minimum_load is not None and not 0 <= number("minimum_load", wish.minimum_load, "1", problems) <= 1:
            problems.append(f"minimum_load: {wish.minimum_load} is no share between 0 and 1")
        for name in self.uses:
            self._trade(name, BOUGHT)
        for name in self.makes:
            self._outlet(name)
        self._check_names()

    def _sides(self) -> tuple[list[str], list[str]]:
        """Commodities that the plant uses and makes, in any of its modes."""
        uses: dict[str, None] = {}
        makes: dict[str, None] = {}
        for run in self._runs():
            for name, flow in run.flows.items():
                amount = at(flow, self.found.year)
                if self.base.commodities[name].kind != "emission" and amount:
                    (makes if amount > 0 else uses)[name] = None
        return list(uses), list(makes)

    def _runs(self) -> list[Run]:
        """The plant's modes in its technique."""
        return [r for r in runs(self.found.process) if r.technique == self.technique]

    def _prices(self) -> dict[str, float | Floats]:
        out: dict[str, float | Floats] = {}
        for name, value in self.wish.prices.items():
            try:
                out[name] = one(value, self.base.profiles)
            except PriceError as error:
                self.problems.append(f"prices[{name!r}]: {error}")
                continue
            mean = float(np.mean(out[name]))
            if name == CARBON and not (np.ndim(out[name]) == 0 and mean >= 0):
                self.problems.append(f"prices['{CARBON}']: give one number that is not negative")
            elif np.ndim(out[name]) and mean <= 0:
                self.problems.append(f"prices[{name!r}]: the mean over the year is {mean:g}; give such a year to run")
        return out

    def _check_names(self) -> None:
        known = {*self.uses, *self.makes, CARBON}
        for name in self.prices:
            if name not in known:
                self.problems.append(
                    f"prices: {self.wish.plant} neither uses nor makes {name!r}{did_you_mean(name, known)}"
                )
        for name in self.wish.demand:
            if name not in self.makes:
                self.problems.append(
                    f"demand: {self.wish.plant} does not make {name!r}{did_you_mean(name, self.makes)}"
                )
        for store, name in zip(self.found.stores, self.stored, strict=True):
            if name not in known:
                self.problems.append(f"stores: {store} keeps {name}, which {self.wish.plant} neither uses nor makes")

    def _outlet(self, name: str) -> None:
        """Demand, sale or disposal of an output."""
        if name in self.wish.demand:
            amount = self._amount(name)
            self.sections["demand"][name] = {"amount": {self.found.region: amount}}
            every = "in every hour" if name in self.stored else "over the year"
            self.origin[name] = f"{amount:,.6g} {self._unit(name)}/a, {every}"
            if name not in self.prices:
                return
        disposed = self.base.commodities[name].disposal is not None
        self._trade(name, SOLD, needed=not disposed)
        if disposed and name not in self.origin:
            self.origin[name] = "disposed of as in the scenario"

    def _amount(self, name: str) -> float:
        """Amount that is demanded per year, which the plant must be able to make."""
        what, unit = f"demand[{name!r}]", self._unit(name)
        amount = number(what, self.wish.demand[name], f"{unit}/a", self.problems)
        flows = [at(r.flows[name], self.found.year) for r in self._runs() if name in r.flows]
        most = max(flows) * self.found.capacity * HOURS / capacity_hours(self.found.process.unit)
        if not 0 <= amount < math.inf:
            self.problems.append(f"{what}: {amount:g} is no amount per year")
        elif amount > most * (1 + CLOSE):
            self.problems.append(f"{what}: {amount:,.6g} {unit}/a; in all hours of the year it makes {most:,.6g}")
        return amount

    def _trade(self, name: str, section: str, *, needed: bool = True) -> None:
        """Supply or sale at the price given, or as the scenario has it."""
        if name in self.prices:
            entry = {} if section == SOLD else self._released(name)
            self.sections[section][name] = {**entry, **self._price(name)}
            self.trades.append(Traded(section, name, name, given=True))
            how = "given, hour by hour" if np.ndim(self.prices[name]) else f"given, {self.prices[name]:g}"
            self.origin[name] = f"{self.origin[name]}; rest {how}" if name in self.origin else how
            return
        own = self._of_scenario(name, section)
        for entry_name in own:
            self._take(entry_name, section)
            self.trades.append(Traded(section, entry_name, name, given=False))
        if own:
            self.origin[name] = f"as in the scenario ({', '.join(own)})"
        elif needed and name not in self.wish.prices:  # what was given wrongly is told already
            makers = [p for p in self.base.processes if p != self.wish.plant and self._makes(p, name)]
            by = f"; there {', '.join(makers[:3])} makes it" if makers and section == BOUGHT else ""
            what = "buys" if section == BOUGHT else "makes"
            also = "" if section == BOUGHT else f", or demand={{'{name}': amount per year}}"
            self.problems.append(
                f"prices: {self.wish.plant} {what} {name}, and the scenario has no price for it{by}; give "
                f"prices={{'{name}': …}}{also}"
            )

    def _makes(self, process: str, name: str) -> bool:
        return any(
            name in r.flows and at(r.flows[name], self.found.year) > 0 for r in runs(self.base.processes[process])
        )

    def _of_scenario(self, name: str, section: str) -> list[str]:
        """Names of the scenario's trades in this commodity at this place."""
        trades: Mapping[str, Supply | Sale] = getattr(self.base, section)
        area = self.base.commodities[name].area
        node = area if isinstance(area, str) else (area or {}).get(self.found.region, self.found.region)
        return [
            key for key, trade in trades.items()
            if (trade.commodity or key) == name
            and (trade.regions is None or {self.found.region, node} & set(trade.regions))
            and (trade.available_from or 0) <= self.found.year
        ]  # fmt: skip

    def _take(self, name: str, section: str) -> None:
        """A trade of the scenario as it is, but for limits that it has for all its plants together."""
        entry = self.here(self.tree[section][name])
        for key in ("regions", "power_max", "volume_max"):
            entry.pop(key, None)
        trade = getattr(self.base, section)[name]
        if trade.price_profile:
            self.sections["profiles"][trade.price_profile] = self.base.profiles[trade.price_profile]
        self.sections[section][name] = entry
        if getattr(trade, "follows", None) and trade.follows not in self.sections[BOUGHT]:
            self._take(trade.follows, BOUGHT)

    def _released(self, name: str) -> dict[str, Any]:
        """What the scenario's first purchase of a commodity emits (scope 2), and where its carbon comes from."""
        found = [self.tree[BOUGHT][s] for s in self._of_scenario(name, BOUGHT)]
        emits = next(({"emissions": self.here(f["emissions"])} for f in found if "emissions" in f), {})
        first = found[0] if found else {}
        return emits | {key: self.here(first[key]) for key in ("origin", "biogenic_share") if key in first}

    def _price(self, name: str) -> dict[str, Any]:
        """Price of a trade: a number, or a mean with a profile that may fall below zero."""
        value = self.prices[name]
        if not isinstance(value, np.ndarray):
            return {"price": value}
        given, profile = self.wish.prices[name], f"{name}_price"
        shipped = isinstance(given, str) and given not in self.base.profiles
        self.sections["profiles"][profile] = given if shipped else tuple(value.tolist())
        floor = {"price_floor": math.floor(value.min()) - 1.0} if value.min() < 0 else {}
        return {"price": float(value.mean()), "price_profile": profile, **floor}

    def is_hourly(self, trade: Traded) -> bool:
        """Whether a trade must be followed hour by hour."""
        entry = self.sections[trade.section][trade.name]
        follows = self.sections[BOUGHT].get(entry.get("follows", ""), {})
        steps = (step for part in (entry, follows) for step in part.get("steps", ()))
        shaped = any(part.get("price_profile") for part in (entry, follows))
        return shaped or any("power_max" in step for step in steps)

    def here(self, data: Any) -> Any:
        """Data without what holds for other regions."""
        others = set(self.base.regions) - {self.found.region}
        if isinstance(data, dict):
            return {k: self.here(v) for k, v in data.items() if k not in others}
        return data

    def carbon_price(self) -> Any:
        """Price of emissions: that given, else the scenario's."""
        policies = self.tree.get("policies") or {}
        if CARBON in self.prices:
            self.origin[CARBON] = f"given, {self.prices[CARBON]:g}"
            return self.prices[CARBON]
        self.origin[CARBON] = "as in the scenario" if CARBON in policies else "none in the scenario"
        return policies.get(CARBON, 0.0)

    def _unit(self, name: str) -> str:
        return self.base.commodities[name].unit
