"""Demand that nothing can meet, seen without a solver."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from transform_sim.inputs import Inputs
from transform_sim.names import GRIDS

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Maker:
    """One way to obtain a commodity at a node: what it takes, and in which periods it can be there."""

    name: str
    commodity: int
    node: int
    needs: tuple[tuple[int, int], ...]
    possible: Mask


def structural_findings(data: Inputs) -> tuple[str, ...]:
    """Sentences about demand that cannot be met whatever is built; empty if none is found."""
    makers = _makers(data)
    can = obtainable(data, makers)
    out = []
    for (k, c, n), rate in zip(demand_rows(data), data.demands.rate, strict=True):
        demand = list(data.scenario.demand.values())[k]
        if demand.shortfall_cost is not None or demand.elasticity is not None:
            continue
        missing = (rate > 0) & ~can[c, n]
        if missing.any():
            out.append(_sentence(data, makers, can, c, n, missing))
    return tuple(out)


def obtainable(data: Inputs, makers: list[Maker]) -> Mask:
    """Which commodity can be had at which node and period at all, shape (C, nodes, Y), by fixed point."""
    frame = data.frame
    can = np.zeros((len(frame.commodities), len(frame.places), len(frame.years)), dtype=bool)
    grew = True
    while grew:
        grew = False
        for m in makers:
            now = m.possible & np.all([can[c, n] for c, n in m.needs], axis=0) if m.needs else m.possible
            if np.any(now & ~can[m.commodity, m.node]):
                can[m.commodity, m.node] |= now
                grew = True
    return can


def demand_rows(data: Inputs) -> list[tuple[int, int, int]]:
    """(demand, commodity, node) codes of every demand."""
    t = data.demands.table
    return list(zip(t["demand"].tolist(), t["commodity"].tolist(), t["node"].tolist(), strict=True))


def _makers(data: Inputs) -> list[Maker]:
    flows, can_stand = data.activities.flows, _can_stand(data)
    t = flows.table
    groups: dict[tuple[int, int, int], list[int]] = {}
    for i in range(len(t)):
        groups.setdefault((int(t["asset"][i]), int(t["mode"][i]), int(t["region"][i])), []).append(i)
    out = []
    for (q, _, r), rows in groups.items():
        used = tuple((int(t["commodity"][i]), int(t["node"][i])) for i in rows if np.any(flows.values[i] < 0))
        possible = can_stand.get((q, r), np.zeros(len(data.frame.years), dtype=bool))
        for i in rows:
            made = flows.values[i] > 0
            if made.any():
                place = int(t["commodity"][i]), int(t["node"][i])
                out.append(Maker(data.assets.owner[q], *place, used, possible & made))
    return out + _traded(data) + _carried(data, can_stand)


def _traded(data: Inputs) -> list[Maker]:
    out = []
    commodity = {int(k): int(c) for k, c in zip(data.supply.at["supply"], data.supply.at["commodity"], strict=True)}
    for grid in GRIDS:
        table, upper = data.supply.tables[grid], data.supply.upper[grid]
        for i, (k, n) in enumerate(zip(table["supply"].tolist(), table["node"].tolist(), strict=True)):
            out.append(Maker(data.supply.names[k], commodity[k], n, (), upper[i, :, 0] > 0))
    return out


def _carried(data: Inputs, can_stand: dict[tuple[int, int], Mask]) -> list[Maker]:
    ends, share = data.links.ends
    out = []
    for i in range(0, len(share), 2):  # each direction has its sending and its arriving end
        q, c, source, target = (
            int(ends[d][j]) for d, j in (("asset", i), ("commodity", i), ("node", i), ("node", i + 1))
        )
        stands = np.any([m for (a, _), m in can_stand.items() if a == q], axis=0)
        out.append(Maker(data.assets.owner[q], c, target, ((c, source),), stands))
    return out


def _can_stand(data: Inputs) -> dict[tuple[int, int], Mask]:
    """Periods in which an asset in a region can have any capacity."""
    a, years = data.assets, len(data.frame.years)
    rows, cols = np.tril_indices(years)
    out: dict[tuple[int, int], Mask] = {}
    for i, (q, r) in enumerate(zip(a.table["asset"].tolist(), a.table["region"].tolist(), strict=True)):
        built = np.zeros(years, dtype=bool)
        np.logical_or.at(built, rows, (a.survival[i] > 0) & (a.new_max[i][cols] > 0))
        out[q, r] = built | (a.existing[i] > 0)
    if data.cohorts is not None:
        c = data.cohorts
        for i, (q, r) in enumerate(zip(c.table["asset"].tolist(), c.table["region"].tolist(), strict=True)):
            first = np.argmax(c.first[i])
            starts = c.stock[i, first] > 0 or c.from_new[i].any() or c.first[i, 1:].any()
            out[q, r] = out[q, r] | (c.alive[i] > 0) & starts
    plants = list(a.plants)
    for (table, limit), owner in ((a.capacity_max, a.owner),):
        for k, r, most in zip(table["plant"].tolist(), table["region"].tolist(), limit, strict=True):
            for q, name in enumerate(owner):
                if name == plants[k] and (q, r) in out:
                    out[q, r] = out[q, r] & (most > 0)
    return out


def _sentence(data: Inputs, makers: list[Maker], can: Mask, c: int, n: int, missing: Mask) -> str:
    frame = data.frame
    name, place = frame.commodities[c], frame.places[n]
    first = int(frame.years[np.argmax(missing)])
    ways = [m for m in makers if m.commodity == c and m.node == n]
    head = f"{name} is demanded in {place} in {first}, but "
    if not ways:
        return (
            head
            + f"no process makes it there, no supply sells it there and no link brings it. Add one, or {_relief(name)}"
        )
    y = int(np.argmax(missing))
    ready = [m for m in ways if m.possible[y]]
    names = ", ".join(dict.fromkeys(m.name for m in ways))
    if not ready:
        years = [int(frame.years[np.argmax(m.possible)]) for m in ways if m.possible.any()]
        when = f"before {min(years)}" if years else "at any time"
        return head + f"no way to obtain it ({names}) is available {when}. Give it capacity earlier, or {_relief(name)}"
    lacks = dict.fromkeys(frame.commodities[i] for m in ready for i, j in m.needs if not can[i, j, y])
    return head + f"{names} cannot run: {', '.join(lacks)} cannot be had there. Add a supply, or {_relief(name)}"


def _relief(name: str) -> str:
    return f"price its shortfall with demand.{name}.shortfall_cost"
