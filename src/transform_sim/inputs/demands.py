"""Demand: amounts, shapes, price steps of elastic demand, priced shortfall."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from transform_sim.lp import Entities
from transform_sim.names import GRIDS, HOURS_PER_YEAR
from transform_sim.scenario.markets import Demand

from .frame import Frame
from .values import over_places, over_years, scalar

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Demands:
    """Demand by node.

    Attributes:
        names: labels; `n_steps`: largest number of price steps.
        table: entities (demand, commodity, node) and largest mean rate, shape (n, Y).
        shape: on each grid, shape of each entity of `table`, (n, 1, T); for demands of that grid or finer.
        unserved: entities (demand, node) on each grid with upper bound (n, Y, T) and cost (n, Y, 1).
        forgone: entities (demand, step, node) with upper bound and cost, each (n, Y, 1).
    """

    names: tuple[str, ...]
    n_steps: int
    table: Entities
    rate: Floats
    shape: dict[str, Floats]
    unserved: dict[str, tuple[Entities, Floats, Floats]]
    forgone: tuple[Entities, Floats, Floats]


def make_demands(frame: Frame) -> Demands:
    """Lay out all demands of the scenario."""
    demands = frame.scenario.demand
    rows, rates, forgone, width, value = [], [], [], [], []
    for k, (name, demand) in enumerate(demands.items()):
        commodity = demand.commodity or name
        for node, amount in _by_node(demand, commodity, frame).items():
            quantity, steps = _steps(demand, amount, frame)
            rows.append((k, frame.commodities.index(commodity), node))
            rates.append(quantity)
            for j, (size, cost) in enumerate(steps):
                forgone.append((k, j, node))
                width.append(size)
                value.append(cost)
    table = Entities.records(("demand", "commodity", "node"), rows)
    rate = np.array(rates).reshape(len(rows), len(frame.years))
    profiles = [demands[list(demands)[k]].profile for k, *_ in rows]
    shape = {
        g: np.array([frame.shape(p, g) for p in profiles]).reshape(len(rows), 1, len(frame.grids[g])) for g in GRIDS
    }
    steps_shape = (len(forgone), len(frame.years), 1)
    return Demands(
        names=tuple(demands),
        n_steps=1 + max((j for _, j, _ in forgone), default=0),
        table=table, rate=rate, shape=shape,
        unserved={g: _unserved(g, rows, rate, shape[g], frame) for g in GRIDS},
        forgone=(
            Entities.records(("demand", "step", "node"), forgone),
            np.array(width).reshape(steps_shape),
            np.array(value).reshape(steps_shape),
        ),
    )  # fmt: skip


def _by_node(demand: Demand, commodity: str, frame: Frame) -> dict[int, Floats]:
    """Mean rate by node, shape (Y,): regions that share a node add up; an amount without place is each node's."""
    code = frame.commodities.index(commodity)
    amount = over_places(demand.amount, frame.places, frame.years, 0.0) / HOURS_PER_YEAR
    named = demand.amount.regions or tuple(frame.places[n] for n in frame.nodes(commodity))
    total: dict[int, Floats] = {}
    for place in named:
        at = frame.places.index(place)
        by_region = bool(demand.amount.regions) and place in frame.regions
        node = int(frame.node_of[code, at]) if by_region else at
        total[node] = total.get(node, np.zeros(len(frame.years))) + amount[at]
    return total


def _steps(demand: Demand, amount: Floats, frame: Frame) -> tuple[Floats, list[tuple[Floats, Floats]]]:
    """Largest demand, and (width, value) of each step that may be forgone, for an elastic demand."""
    if demand.elasticity is None or demand.elasticity.scalar == 0.0:
        return amount, []
    reference = over_years(demand.reference_price, frame.years, 0.0)
    low, high = demand.elastic_range
    ratio = np.linspace(low, high, demand.elastic_steps + 1)
    quantity = amount[:, None] * ratio**demand.elasticity.scalar
    price = reference[:, None] * ratio
    last = over_years(demand.shortfall_cost, frame.years, 0.0) if demand.shortfall_cost else price[:, -1]
    steps = [
        (quantity[:, k] - quantity[:, k + 1], (price[:, k] + price[:, k + 1]) / 2) for k in range(demand.elastic_steps)
    ]
    return quantity[:, 0], [*steps, (quantity[:, -1], last)]


def _unserved(
    grid: str, rows: list[tuple[int, int, int]], rate: Floats, shape: Floats, frame: Frame
) -> tuple[Entities, Floats, Floats]:
    demands = list(frame.scenario.demand.values())
    chosen = [
        i
        for i, (k, c, _) in enumerate(rows)
        if frame.grid_of[frame.commodities[c]] == grid
        and demands[k].shortfall_cost is not None
        and not scalar(demands[k].elasticity, 0.0)
    ]
    table = Entities.records(("demand", "node"), [(rows[i][0], rows[i][2]) for i in chosen])
    upper = rate[chosen][:, :, None] * shape[chosen]
    cost = [over_years(demands[rows[i][0]].shortfall_cost, frame.years, 0.0) for i in chosen]
    return table, upper, np.array(cost).reshape(len(chosen), len(frame.years), 1)
