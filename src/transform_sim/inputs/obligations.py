"""Obligations: least shares from green routes, and firm capacity over the load of each step."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from transform_sim.lp import Entities, join
from transform_sim.names import (
    ACTIVITY,
    FORGONE_DEMAND,
    GRIDS,
    PART_LOAD_USE,
    SHED,
    SHIFT_DOWN,
    SHIFT_UP,
    YEAR,
)
from transform_sim.scenario.policies import CapacityMargin

from .activities import Activities
from .assets import Assets
from .demands import Demands
from .flexible_loads import FlexibleLoads
from .frame import Frame
from .operation import Operation
from .trades import Trades
from .values import over_places, over_years, stacked

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Codes = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Quotas:
    """All quotas that are active; Q rows of `table` (quota).

    Attributes:
        share: least share, 0 where none is in force, shape (Q, Y); `in_force`: in which periods one is, (Q, Y).
        made: entities (quota, asset, mode, region) and gross output of the commodity per unit of activity, (n, Y).
        bought: entities (quota, supply) of all purchases of the commodity.
        green_made, green_bought: which of these count as green.
    """

    names: tuple[str, ...]
    table: Entities
    share: Floats
    in_force: Bools
    made: tuple[Entities, Floats]
    green_made: Bools
    bought: Entities
    green_bought: Bools


def make_quotas(frame: Frame, assets: Assets, activities: Activities, supply: Trades) -> Quotas:
    """Lay out all quotas of the scenario."""
    quotas = {n: q for n, q in frame.scenario.policies.quotas.items() if q.active}
    share = [over_years(q.share, frame.years, np.nan, "limit") for q in quotas.values()]
    limit = stacked(share, frame.years)
    making, output, green, buying, green_bought = [], [], [], [], []
    table, values = activities.flows.table, activities.flows.values
    for k, quota in enumerate(quotas.values()):
        code = frame.commodities.index(quota.commodity)
        for i in np.flatnonzero((table["commodity"] == code) & (values > 0).any(axis=1)):
            making.append((k, *(int(table[d][i]) for d in ("asset", "mode", "region"))))
            output.append(np.maximum(values[i], 0.0))
            mode = activities.modes[int(table["mode"][i])]
            owner = assets.owner[int(table["asset"][i])]
            green.append(owner in quota.processes and (quota.modes is None or mode in quota.modes))
        for s in np.unique(supply.at["supply"][supply.at["commodity"] == code]):
            buying.append((k, int(s)))
            green_bought.append(supply.names[s] in quota.supply)
    return Quotas(
        names=tuple(quotas),
        table=Entities.records(("quota",), [(k,) for k in range(len(quotas))]),
        share=np.nan_to_num(limit),
        in_force=~np.isnan(limit),
        made=(Entities.records(("quota", "asset", "mode", "region"), making), stacked(output, frame.years)),
        green_made=np.array(green, dtype=bool),
        bought=Entities.records(("quota", "supply"), buying),
        green_bought=np.array(green_bought, dtype=bool),
    )


class LoadTerm(NamedTuple):
    """What a variable adds to the load of a margin: entities with dimension capacity_margin and (n, Y, T or 1)."""

    variable: str
    table: Entities
    amount: Floats


@dataclass(frozen=True, eq=False)
class CapacityMargins:
    """All capacity margins that are active, at each node of their commodity.

    Attributes:
        factor: one more than the margin, shape (M, Y) with M margins.
        tables: entities (capacity_margin, node) on the grid of the commodity.
        imports, demand: aligned with `tables`: firm supply from outside, (n, Y, 1), and demand in full, (n, Y, T).
        firm: entities (capacity_margin, asset, region, node) and firm output per unit of capacity, shape (n, Y).
        load: what adds to demand on each grid.
    """

    names: tuple[str, ...]
    factor: Floats
    tables: dict[str, Entities]
    imports: dict[str, Floats]
    demand: dict[str, Floats]
    firm: tuple[Entities, Floats]
    load: dict[str, tuple[LoadTerm, ...]]
    warnings: tuple[str, ...]

    def factors(self, table: Entities) -> Floats:
        """One more than the margin of each entity, shape (n, Y, 1)."""
        return np.asarray(self.factor[table["capacity_margin"]][:, :, None])


def make_capacity_margins(
    frame: Frame, assets: Assets, activities: Activities, operation: Operation, demands: Demands, loads: FlexibleLoads
) -> CapacityMargins:
    """Lay out all capacity margins of the scenario."""
    margins = {n: m for n, m in frame.scenario.policies.capacity_margins.items() if m.active}
    given = list(margins.values())
    tables = {g: _nodes(given, g, frame) for g in GRIDS}
    of = Entities.records(
        ("capacity_margin", "commodity"), [(k, frame.commodities.index(m.commodity)) for k, m in enumerate(given)]
    )
    return CapacityMargins(
        names=tuple(margins),
        factor=1.0 + stacked([over_years(m.margin, frame.years, 0.0) for m in given], frame.years),
        tables=tables,
        imports={g: _imports(given, table, frame) for g, table in tables.items()},
        demand={g: _demand(of, table, demands, g, frame) for g, table in tables.items()},
        firm=_firm(of, given, frame, assets, activities),
        load={g: tuple(_load(of, g, frame, activities, operation, demands, loads)) for g in GRIDS},
        warnings=tuple(_coarse(margins, frame)),
    )


def _nodes(given: list[CapacityMargin], grid: str, frame: Frame) -> Entities:
    rows = [(k, n) for k, m in enumerate(given) if frame.grid_of[m.commodity] == grid for n in frame.nodes(m.commodity)]
    return Entities.records(("capacity_margin", "node"), rows)


def _imports(given: list[CapacityMargin], table: Entities, frame: Frame) -> Floats:
    each = [over_places(m.imports, frame.places, frame.years, 0.0) for m in given]
    rows = [each[k][n] for k, n in zip(table["capacity_margin"], table["node"], strict=True)]
    return stacked(rows, frame.years)[:, :, None]


def _with_margin(of: Entities, table: Entities) -> tuple[Entities, Codes]:
    """Entities of a commodity with the margins on it in its place, and which entity of `table` each is."""
    pairs = join(of, table)
    plain = table.take(pairs.right).without("commodity")
    return Entities({"capacity_margin": of["capacity_margin"][pairs.left], **plain.codes}), pairs.right


def _demand(of: Entities, table: Entities, demands: Demands, grid: str, frame: Frame) -> Floats:
    """Demand in full, elastic demand at its lowest price: what is forgone is taken off by its column."""
    wanted, which = _with_margin(of, demands.table)
    out = np.zeros((len(table), len(frame.years), len(frame.grids[grid])))
    pairs = join(table, wanted)
    amount = demands.rate[which][:, :, None] * demands.shape[grid][which]
    np.add.at(out, pairs.left, amount[pairs.right])
    return out


def _firm(
    of: Entities, given: list[CapacityMargin], frame: Frame, assets: Assets, activities: Activities
) -> tuple[Entities, Floats]:
    """Credit × what a unit of capacity gives at full load: of a process in its best mode, of a store as it is built.

    A store that does not take part at the scenario's level of flexibility has no credit.
    """
    flows = activities.flows
    making, which = _with_margin(of, flows.table)
    rows: dict[tuple[int, ...], Floats] = {}
    places = (making[d] for d in ("capacity_margin", "asset", "region", "node"))
    for i, place in zip(which, zip(*(p.tolist() for p in places), strict=True), strict=True):
        rows[place] = np.maximum(rows.get(place, 0.0), flows.values[i])
    firm = {}
    for (k, asset, region, node), output in rows.items():
        credit = given[k].credits.get(assets.owner[asset])
        if credit is not None:
            firm[k, asset, region, node] = credit.scalar * output
    for k, margin in enumerate(given):
        for name, store in frame.scenario.storages.items():
            if name in margin.credits and store.commodity == margin.commodity:
                code, rate = frame.commodities.index(margin.commodity), store.discharge_rate.scalar
                for r in frame.region_codes(store.regions):
                    power = np.full(len(frame.years), margin.credits[name].scalar * rate)
                    firm[k, assets.code(name), r, int(frame.node_of[code, r])] = power
    return (
        Entities.records(("capacity_margin", "asset", "region", "node"), list(firm)),
        stacked(list(firm.values()), frame.years),
    )


def _load(
    of: Entities, grid: str, frame: Frame, activities: Activities, operation: Operation, demands: Demands,
    loads: FlexibleLoads,
) -> Iterator[LoadTerm]:  # fmt: skip
    """Use by processes, also beside their flows at part load; what flexible loads change; elastic demand forgone."""
    flows = activities.flows
    table, which = _with_margin(of, flows.table)
    use = np.maximum(-flows.values[which], 0.0)[:, :, None]
    using = use.any(axis=(1, 2))
    shaped = np.isin(table["asset"], list(flows.profile)) & (grid != YEAR)
    yield LoadTerm(ACTIVITY, table.take(using & ~shaped), use[using & ~shaped])
    at = using & shaped
    if at.any():
        shape = np.array([frame.shape(flows.profile[int(a)], grid) for a in table["asset"][at]])
        yield LoadTerm(ACTIVITY, table.take(at), use[at] * shape[:, None, :])
    one = np.ones((1, 1, 1))
    pairs = join(of, operation.part_load.at)
    beside = Entities({**operation.part_load.at.take(pairs.right).codes, **of.take(pairs.left).codes})
    yield LoadTerm(PART_LOAD_USE, beside, one)
    moved, _ = _with_margin(of, loads.at)
    yield from (LoadTerm(SHIFT_UP, moved, one), LoadTerm(SHIFT_DOWN, moved, -one), LoadTerm(SHED, moved, -one))
    wanted, which = _with_margin(of, demands.table)
    yield LoadTerm(FORGONE_DEMAND, wanted, -demands.shape[grid][which])


def _coarse(margins: dict[str, CapacityMargin], frame: Frame) -> Iterator[str]:
    """The load of one step is no peak."""
    for name, margin in margins.items():
        if len(frame.grids[frame.grid_of[margin.commodity]]) == 1:
            yield f"capacity margin {name}: the load is the mean of the year, since {margin.commodity} has one step"
