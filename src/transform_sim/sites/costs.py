"""What prices do to the costs of a site's program: one sum of products, read from the formulation's own cost terms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from transform_sim.errors import ModelError
from transform_sim.lp import Program
from transform_sim.lp.blocks import Columns
from transform_sim.names import HOUR, PURCHASE, SALE
from transform_sim.pipeline import compose
from transform_sim.scenario import Scenario
from transform_sim.scenario.flows import at
from transform_sim.scenario.problems import did_you_mean

from .derive import kept_whole
from .market import SOLD, Traded
from .prices import CARBON, Floats, Prices

Codes = NDArray[np.int64]
PRICE_TERMS = ("supply_price", "sale_price")


@dataclass(frozen=True, eq=False)
class Lever:
    """The columns whose cost one price moves: cost = rest + weight · price.

    Attributes:
        hourly: whether there is a column for each hour; else the price must be one number.
    """

    columns: Codes
    weight: Floats
    hourly: bool


@dataclass(frozen=True, eq=False)
class CostMap:
    """Costs of a site's program as a function of prices.

    Attributes:
        rest: costs without those that a lever moves; own: price of each lever in the scenario.
    """

    rest: Floats
    levers: Mapping[str, tuple[Lever, ...]]
    own: Mapping[str, float | Floats]

    def cost(self, prices: Mapping[str, float | Floats]) -> Floats:
        """Costs of all columns at these prices; at the scenario's own where none is given."""
        cost = self.rest.copy()
        for name, levers in self.levers.items():
            for lever in levers:
                cost[lever.columns] += lever.weight * prices.get(name, self.own[name])
        return cost

    @property
    def priced(self) -> NDArray[np.bool_]:
        """The columns whose cost prices move."""
        out = np.zeros(len(self.rest), dtype=bool)
        for levers in self.levers.values():
            for lever in levers:
                out[lever.columns] = True
        return out

    def check(self, prices: Mapping[str, Prices]) -> None:
        """Raise ModelError, with every problem, for prices that do not move the costs alone."""
        problems = []
        for name, given in prices.items():
            if name not in self.levers:
                problems.append(f"no price of {name!r} can be varied{did_you_mean(name, self.levers)}")
            elif given.hourly and not all(lever.hourly for lever in self.levers[name]):
                why = "emissions are counted by the year" if name == CARBON else "give ts.site a series for it too"
                problems.append(f"{name}: hourly prices, but the site has one for the whole year; {why}")
        if problems:
            raise ModelError("\n  ".join(["these cases cannot be run:", *problems]))


def cost_map(scenario: Scenario, program: Program, trades: Sequence[Traded]) -> CostMap:
    """Find the levers of a site's program; a commodity that is traded along steps has none."""
    rest = program.cost.copy()
    levers: dict[str, tuple[Lever, ...]] = {}
    own: dict[str, float | Floats] = {}
    for commodity in dict.fromkeys(t.commodity for t in trades):
        mine = [t for t in trades if t.commodity == commodity]
        found = [_lever(program, trade) for trade in mine]
        if any(f is None for f in found) or any(len(_of(mine, s)) > 1 for s in ("supply", SOLD)):
            continue
        known = [f for f in found if f is not None]
        levers[commodity] = tuple(lever for lever, _ in known)
        own[commodity] = known[0][1]
        for lever, price in known:
            rest[lever.columns] -= lever.weight * price
    weight = _carbon(scenario, program)
    columns = np.flatnonzero(weight)  # none where nothing emits
    now = scenario.policies.carbon_price
    own[CARBON] = 0.0 if now is None else at(now, scenario.horizon.start)
    levers[CARBON] = (Lever(columns, weight[columns], hourly=False),)
    rest[columns] -= weight[columns] * own[CARBON]
    return CostMap(rest, levers, own)


def _carbon(scenario: Scenario, program: Program) -> Floats:
    """What one EUR/t adds to the cost of each column: the terms of the carbon price in a program where it is 1."""
    unit = compose(scenario.with_({"policies.carbon_price": 1.0}), [kept_whole])[1]
    weight = np.zeros(program.shape[1])
    for term in (t for t in unit.costs if t.name == CARBON and t.counts):
        weight[term.columns.span] += np.broadcast_to(term.coefficient, term.columns.shape).ravel()
    return weight


def _of(trades: Sequence[Traded], section: str) -> list[Traded]:
    return [t for t in trades if t.section == section]


def rows_of(program: Program, trade: Traded) -> tuple[Columns, Codes]:
    """The block of a trade's purchases or sales, and its rows there: one for each step of the price."""
    kind, dim = (SALE, "sale") if trade.section == SOLD else (PURCHASE, "supply")
    code = program.labels[dim].index(trade.name)
    found = ((b, np.flatnonzero(b.entities[dim] == code)) for b in program.columns if b.name == kind)
    return next((block, rows) for block, rows in found if len(rows))


def _lever(program: Program, trade: Traded) -> tuple[Lever, float | Floats] | None:
    """The columns of one trade with the price that they have now; None if it has several steps."""
    block, rows = rows_of(program, trade)
    if len(rows) != 1:
        return None
    row, steps = int(rows[0]), len(block.grid)
    columns = block.offset + row * steps + np.arange(steps)
    weight = (-1.0 if trade.section == SOLD else 1.0) * program.column_scale[columns]
    paid = np.zeros(steps)
    for term in program.costs:
        if term.columns is block and term.name in PRICE_TERMS:
            paid += np.broadcast_to(term.coefficient, block.shape)[row, 0]
    hourly, price = block.grid.name == HOUR, paid / weight
    return Lever(columns, weight, hourly), price if hourly else float(price[0])
