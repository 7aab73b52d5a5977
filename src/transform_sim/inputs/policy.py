"""Emissions under policy, carbon price, caps and budgets, and shared resources."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from transform_sim.lp import Entities
from transform_sim.names import HOURS_PER_YEAR
from transform_sim.scenario import Quantity
from transform_sim.scenario.carbon import is_counted

from .activities import Activities
from .assets import Assets
from .banking import Bank, make_bank
from .frame import Frame
from .origins import Origins
from .trades import Disposals, Trades
from .values import INF, over_places, over_years

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Emissions:
    """Emission nodes and policies.

    Attributes:
        table: entities (emission, node), one per emission and node where it can arise; `rows`: the same with the node
            as `place`, so that what is bought and disposed of at other nodes can enter.
        counted: entities (emission) under price and cap, with warming potential, shape (n,).
        price: carbon price per t CO₂e, shape (Y,); counts in the objective if `priced`.
        cap: entities (node) or the single empty table, and mean-rate caps, shape (n, Y); infinite where absent.
        bank: what is banked of it; None if nothing is.
        budget: t CO₂e over the horizon divided by 8,760 h, or infinite; `budget_weight` $b_y$, shape (Y,).
    """

    table: Entities
    rows: Entities
    counted: Entities
    potential: Floats
    price: Floats
    priced: bool
    cap: tuple[Entities, Floats]
    bank: Bank | None
    budget: float
    budget_weight: Floats


@dataclass(frozen=True, eq=False)
class Resources:
    """Shared limits.

    Attributes:
        total, regional: entities (resource) and (resource, region), each with limits of shape (n, Y).
        capacity, activity: entities (resource, asset) and use per unit, shape (n,).
        purchase: entities (resource, supply, region, node) and use per unit; region is the node itself.
    """

    names: tuple[str, ...]
    total: tuple[Entities, Floats]
    regional: tuple[Entities, Floats]
    capacity: tuple[Entities, Floats]
    activity: tuple[Entities, Floats]
    purchase: tuple[Entities, Floats]


def make_emissions(
    frame: Frame, activities: Activities, supply: Trades, disposals: Disposals, origins: Origins
) -> Emissions:
    """Lay out emissions and the policies on them."""
    policies, commodities = frame.scenario.policies, frame.scenario.commodities
    sources = (
        activities.emissions.table, supply.emissions[0], origins.released[0], disposals.emission[0], origins.let_go[0],
    )  # fmt: skip
    at = sorted({pair for t in sources for pair in zip(t["emission"].tolist(), t["place"].tolist(), strict=True)})
    counted = [
        (k, c) for k, c in enumerate(commodities.values()) if is_counted(c)
    ]  # fmt: skip
    private, cap = frame.scenario.view == "private", _caps(frame)
    budget = INF if policies.emission_budget is None else policies.emission_budget.scalar / HOURS_PER_YEAR
    return Emissions(
        table=Entities.records(("emission", "node"), at),
        rows=Entities.records(("emission", "place"), at),
        counted=Entities.records(("emission",), [(k,) for k, _ in counted]),
        potential=np.array([c.warming_potential.scalar for _, c in counted]),
        price=over_years(policies.carbon_price, frame.years, 0.0),
        priced=private or policies.social_carbon == "damage",
        cap=cap,
        bank=make_bank(frame, cap),
        budget=budget,
        budget_weight=frame.budget_weight,
    )


def _caps(frame: Frame) -> tuple[Entities, Floats]:
    cap = frame.scenario.policies.emission_cap
    if cap is not None and cap.regions:
        codes = [frame.places.index(r) for r in cap.regions]
        limit = over_places(cap, frame.places, frame.years, INF, "limit")[codes] / HOURS_PER_YEAR
        return Entities.records(("node",), [(c,) for c in codes]), limit
    return Entities({}), over_years(cap, frame.years, INF, "limit")[None, :] / HOURS_PER_YEAR


def make_resources(frame: Frame, assets: Assets, supply: Trades) -> Resources:
    """Lay out shared limits; uses are per unit/h of capacity, and per annual amount of activity and purchases."""
    resources = frame.scenario.resources
    total, total_limit, regional, regional_limit = [], [], [], []
    use: dict[str, list[tuple[tuple[int, ...], float]]] = {"capacity": [], "activity": [], "purchase": []}
    for k, resource in enumerate(resources.values()):
        limit = over_places(resource.limit, frame.places, frame.years, INF, "limit")
        if resource.limit.regions:
            regional += [(k, frame.places.index(r)) for r in resource.limit.regions]
            regional_limit += [limit[frame.places.index(r)] for r in resource.limit.regions]
        else:
            total.append((k,))
            total_limit.append(limit[0])
        use["capacity"] += _uses(k, resource.capacity, assets, per_capacity=True)
        use["activity"] += _uses(k, resource.activity, assets, per_capacity=False)
        for name, q in resource.purchases.items():
            i = supply.names.index(name)
            use["purchase"] += [((k, i, int(n), int(n)), q.scalar) for n in supply.at["node"][supply.at["supply"] == i]]
    dims = {"purchase": ("resource", "supply", "region", "node")}
    tables = {
        name: (
            Entities.records(dims.get(name, ("resource", "asset")), [u[0] for u in rows]),
            np.array([u[1] for u in rows]),
        )
        for name, rows in use.items()
    }
    years = len(frame.years)
    return Resources(
        tuple(resources),
        (Entities.records(("resource",), total), np.array(total_limit).reshape(len(total), years)),
        (Entities.records(("resource", "region"), regional), np.array(regional_limit).reshape(len(regional), years)),
        **tables,
    )


def _uses(
    resource: int, uses: Mapping[str, Quantity], assets: Assets, *, per_capacity: bool
) -> list[tuple[tuple[int, ...], float]]:
    rows: list[tuple[tuple[int, ...], float]] = []
    for name, q in uses.items():
        for asset in (a for a, owner in enumerate(assets.owner) if owner == name):
            hours = float(assets.hours[assets.table["asset"] == asset][0]) if per_capacity else 1.0
            rows.append(((resource, asset), q.scalar * hours))
    return rows
