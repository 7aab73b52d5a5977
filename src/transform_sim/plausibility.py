"""Does a scenario look right? Hints for `check`, never errors."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from transform_sim.inputs import Inputs
from transform_sim.names import GRIDS, HOUR, HOURS_PER_YEAR

Floats = NDArray[np.float64]


def plausibility_findings(data: Inputs) -> tuple[str, ...]:
    """Everything about a scenario that deserves a second look before it is solved."""
    return (
        *base_year_findings(data), *trade_findings(data), *annual_findings(data), *free_findings(data),
        *flexible_findings(data), *flow_findings(data), *data.warnings,
    )  # fmt: skip


def base_year_findings(data: Inputs) -> tuple[str, ...]:
    """Products whose demand in the first period exceeds standing capacity and purchases.

    Looks at commodities made by processes at one node of the whole study; new capacity is not counted, so a
    finding is a hint to look at the data, not an error.
    """
    frame, out = data.frame, []
    for c, name in enumerate(frame.commodities):
        asked = sum(
            float(r[0])
            for (k, code, _), r in zip(_demand_rows(data), data.demands.rate, strict=True)
            if code == c and list(data.scenario.demand.values())[k].shortfall_cost is None
        )
        bought = bool(np.any(data.supply.at["commodity"] == c))
        makers = _standing_output(data, c)
        if asked > 0 and makers is not None and not bought and makers < asked * (1 - 1e-9):
            unit = data.scenario.commodities[name].unit
            out.append(
                f"{name}: demand of {frame.years[0]:.0f} is {asked * HOURS_PER_YEAR:,.0f} {unit}/a, but what stands "
                f"can make {makers * HOURS_PER_YEAR:,.0f} {unit}/a; the rest must be built in the first period"
            )
    return tuple(out)


def trade_findings(data: Inputs) -> tuple[str, ...]:
    """Sales that at some hour pay more than a purchase of the same commodity at the same node costs."""
    out: dict[str, None] = {}
    for grid in GRIDS:
        bought, sold = data.supply.tables[grid], data.sales.tables[grid]
        for i, (k, n) in enumerate(zip(bought["supply"].tolist(), bought["node"].tolist(), strict=True)):
            cost = data.supply.price[grid][i] + data.supply.levy[1][k][:, None]
            for j, (s, m) in enumerate(zip(sold["sale"].tolist(), sold["node"].tolist(), strict=True)):
                if m != n or _commodity(data, "supply", k) != _commodity(data, "sale", s):
                    continue
                open_ = (data.supply.upper[grid][i] > 0) & (data.sales.upper[grid][j] > 0)
                if np.any((data.sales.price[grid][j] > cost + 1e-9) & open_):
                    out[
                        f"sales.{data.sales.names[s]} pays more than supply.{data.supply.names[k]} costs at some time: "
                        "buying to sell makes money. Let it follow the supply with a spread, or limit its power"
                    ] = None
    return tuple(out)


def annual_findings(data: Inputs) -> tuple[str, ...]:
    """Which costs an annual study cannot see."""
    fine = [c for c, g in data.frame.grid_of.items() if g != "year" and data.scenario.commodities[c].kind != "emission"]
    if len(data.frame.grids["hour"]) > 1 or not fine:
        return ()
    return (
        f"with one step per year, {', '.join(fine)} balance over the year: hours of scarcity, storage and what "
        "following prices would save are not seen",
    )


def free_findings(data: Inputs) -> tuple[str, ...]:
    """Plants that may be built without limit and cost nothing, such as those whose capex was forgotten.

    Capital is also free where the discount rate is zero and the life has no end.
    """
    a = data.assets
    limited = {*a.capacity_max[0]["plant"].tolist(), *a.new_capacity_max[0]["plant"].tolist()}
    free = ~a.by_cohort & ((a.new_max > 0) & (a.capital.annuity + a.capital.financing + a.fixed_opex <= 0)).any(axis=1)
    names = [a.owner[q] for q in np.unique(a.table["asset"][free])]
    order = list(a.plants)
    return tuple(
        f"{name} may be built without limit and costs nothing. Give it capex and lifetime, or latest or capacity_max"
        for name in dict.fromkeys(names)
        if order.index(name) not in limited
    )


def flexible_findings(data: Inputs) -> tuple[str, ...]:
    """Flexible loads that get for nothing what should cost: room for more use, or use that nobody has.

    A given load that in some hour may take off more than is demanded supplies the rest from nowhere, unless a process
    uses it. Free capacity up to a `capacity_max` is as good a room as one without limit.
    """
    f, a, out = data.flexible_loads, data.assets, {}
    free = ((a.new_max > 0) & (a.capital.annuity + a.capital.financing + a.fixed_opex <= 0)).any(axis=1)
    at_no_cost = {a.owner[q] for q in np.unique(a.table["asset"][free & ~a.by_cohort])}
    for name, load in data.scenario.flexible_loads.items():
        if load.process in at_no_cost and load.method != "none":
            out[name, "built"] = (
                f"{name} shifts what {load.process} uses, whose capacity costs nothing: it is built to shift. Give "
                f"{load.process} capex and lifetime, or latest"
            )
    used = {data.frame.commodities[c] for c in data.activities.flows.table["commodity"][_uses(data)]}
    for i, (k, n) in enumerate(zip(f.reference.table["load"], f.reference.table["node"], strict=True)):
        name, load = f.names[k], data.scenario.flexible_loads[f.names[k]]
        if load.load is not None and load.commodity not in used:
            off, asked = f.down[i] * f.reference.given[i], _demanded(data, load.commodity, int(n))
            if np.any(off > asked * (1 + 1e-6) + 1e-9):
                out[name, "off"] = (
                    f"{name} may take off more than is demanded at {data.frame.places[n]} in some hours: supply from "
                    "nowhere. Give it the profile of the demand, or a lower load"
                )
    return tuple(out.values())


def _uses(data: Inputs) -> NDArray[np.bool_]:
    return np.asarray((data.activities.flows.values < 0).any(axis=1))


def _demanded(data: Inputs, commodity: str, node: int) -> Floats:
    """What is demanded of a commodity at a node by the hour, shape (Y, T)."""
    d = data.demands
    own = (d.table["commodity"] == data.frame.commodities.index(commodity)) & (d.table["node"] == node)
    return np.asarray((d.rate[own][:, :, None] * d.shape[HOUR][own]).sum(axis=0))


def flow_findings(data: Inputs) -> tuple[str, ...]:
    """Processes that make something out of nothing, or make nothing, such as those whose flows were taken out.

    Out of nothing: in some period a way of running makes a good and takes none. Carbon taken from the air counts as
    taken. Sources are left alone: what an availability profile limits, and fleets that make energy and cannot be
    built (hydropower); so are studies that have no other good to take.
    """
    scenario, out = data.scenario, {}
    goods = {name for name, c in scenario.commodities.items() if c.kind != "emission"}
    for name, process in scenario.processes.items():
        ways = [way for q, owner in enumerate(data.assets.owner) if owner == name for way in _ways(data, q)]
        made = dict.fromkeys(c for flows in ways for c, rate in flows.items() if c in goods and np.any(rate > 0))
        fleet = all(scenario.commodities[c].kind == "energy" for c in made) and not _can_be_built(data, name)
        if not made and not any(np.any(rate < 0) for flows in ways for c, rate in flows.items() if c not in goods):
            out[f"processes.{name}"] = f"{name} makes nothing. Give it flows, + for what it makes"
        elif process.availability_profile is None and not fleet and goods - set(made):
            free = [flows for flows in ways if _from_nothing(flows, goods)]
            if free:
                what = ", ".join(c for c in made if any(np.any(flows.get(c, 0.0) > 0) for flows in free))
                out[f"processes.{name}"] = (
                    f"{name} makes {what} and uses nothing, so it is free but for its own costs. Give it flows, − for "
                    "what it uses; a source has an availability_profile, or is a supply"
                )
    return tuple(f"{text} ({scenario.where(path)})" for path, text in out.items())


def _ways(data: Inputs, asset: int) -> Iterator[dict[str, Floats]]:
    """Flows by commodity, shape (Y,), of each mode of an asset; the same in all its regions."""
    a = data.activities
    modes = np.unique(np.concatenate([t["mode"][t["asset"] == asset] for t in a.tables.values()]))
    for mode in modes.tolist():
        flows: dict[str, Floats] = {}
        for kind, part in (("commodity", a.flows), ("emission", a.emissions)):
            own = np.flatnonzero((part.table["asset"] == asset) & (part.table["mode"] == mode))
            flows |= {data.frame.commodities[part.table[kind][i]]: part.values[i] for i in own}
        yield flows


def _from_nothing(flows: dict[str, Floats], goods: set[str]) -> bool:
    """Whether in some period something is made of a good and nothing is taken."""
    made = np.any([rate > 0 for c, rate in flows.items() if c in goods], axis=0)
    return bool(np.any(made & ~np.any([rate < 0 for rate in flows.values()], axis=0)))


def _can_be_built(data: Inputs, plant: str) -> bool:
    """Whether new capacity of a plant may start in some period and region."""
    a = data.assets
    table, limit = a.new_capacity_max
    own = limit[table["plant"] == list(a.plants).index(plant)]
    codes = [q for q, owner in enumerate(a.owner) if owner == plant]
    return bool(np.any(a.new_max[np.isin(a.table["asset"], codes)] > 0)) and (not own.size or bool(np.any(own > 0)))


def _commodity(data: Inputs, kind: str, code: int) -> int:
    at = data.supply.at if kind == "supply" else data.sales.at
    return int(at["commodity"][at[kind] == code][0])


def _standing_output(data: Inputs, commodity: int) -> float | None:
    """Most that existing plants can make in the first period, mean rate; None if no process makes it."""
    flows, standing = data.activities.flows, _standing(data)
    best: dict[tuple[int, int], float] = {}
    own = np.flatnonzero((flows.table["commodity"] == commodity) & (flows.values[:, 0] > 0))
    for i in own:
        place = (int(flows.table["asset"][i]), int(flows.table["region"][i]))
        best[place] = max(best.get(place, 0.0), float(flows.values[i, 0]))
    if not best:
        return None
    available = _availability(data)
    return sum(rate * standing.get(p, 0.0) * available.get(p, 1.0) for p, rate in best.items())


def _standing(data: Inputs) -> dict[tuple[int, int], float]:
    a = data.assets
    out = {
        (int(q), int(r)): float(e)
        for q, r, e in zip(a.table["asset"], a.table["region"], a.existing[:, 0], strict=True)
    }
    if data.cohorts is not None:
        c = data.cohorts
        for q, r in set(zip(c.table["asset"].tolist(), c.table["region"].tolist(), strict=True)):
            here = (c.table["asset"] == q) & (c.table["region"] == r)
            out[q, r] = float(c.stock[here, 0].sum())
    return out


def _availability(data: Inputs) -> dict[tuple[int, int], float]:
    out = {}
    for grid in GRIDS:
        table, share = data.activities.limit[grid], data.activities.availability[grid]
        weight = data.frame.grids[grid].weight / HOURS_PER_YEAR
        for i, (q, r) in enumerate(zip(table["asset"].tolist(), table["region"].tolist(), strict=True)):
            first = np.broadcast_to(share[i, 0], weight.shape)
            out[q, r] = float(first @ weight)
    return out


def _demand_rows(data: Inputs) -> list[tuple[int, int, int]]:
    """(demand, commodity, node) codes of every demand."""
    t = data.demands.table
    return list(zip(t["demand"].tolist(), t["commodity"].tolist(), t["node"].tolist(), strict=True))
