"""From a plant in a scenario to a scenario of that plant alone: one region, one year, every hour, given prices."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from transform_sim.errors import ScenarioError
from transform_sim.inputs import Inputs
from transform_sim.lp import LinearProgram, Term
from transform_sim.names import CAPACITY, STOCK
from transform_sim.scenario import Scenario
from transform_sim.scenario.flexibility import FlexibleLoad, takes_part

from .market import Market, Traded
from .wish import Taken, Wish, taken

OF_STOCK = (
    "existing", "earliest", "latest", "capacity_max", "new_capacity_max", "reinvest", "retrofits", "growth_max",
    "seed_capacity", "regions", "fixed_opex", "fixed_opex_share", "techniques",
)  # fmt: skip
"""What says how a plant is built and renewed; a site stands."""
KEPT = ("name", "currency", "view", "horizon", "regions", "commodities", "flexibility")
"""What every scenario has; all other sections are the site's own or left out."""


@dataclass(frozen=True, eq=False)
class Derived:
    """The scenario of a site.

    Attributes:
        trades: what is bought and sold.
        origin: where each price comes from, in words, by commodity.
        loads: names of the plant's flexible loads.
    """

    scenario: Scenario
    at: Taken
    trades: tuple[Traded, ...]
    origin: Mapping[str, str]
    loads: tuple[str, ...]


def derive(wish: Wish) -> Derived:
    """Derive the scenario of a site; raises ScenarioError with every problem."""
    problems: list[str] = []
    found = taken(wish, problems)
    market = None if found is None else Market(wish, found, problems)
    if problems or market is None:
        count = f"{len(problems)} problem{'s' if len(problems) > 1 else ''}"
        raise ScenarioError("\n  ".join([f"site {wish.plant}: {count}", *problems]), problems)
    loads = _flexible_loads(market)
    return Derived(_scenario(market, loads), market.found, tuple(market.trades), market.origin, tuple(loads))


def kept_whole(lp: LinearProgram, data: Inputs) -> None:
    r"""What stands is kept, which a scenario cannot say: a constraint of one's own beside that of a site.

    $$ K_{q,r} \ge \bar K_{q,r} $$

    Without it a part of the plant would be laid up, so that minimum load and part-load use of the rest are less.
    """
    assets = data.assets
    lp.add_rows("kept_whole", assets.table, STOCK, terms=[Term(1, CAPACITY)], lower=assets.existing[:, :, None])


def _scenario(market: Market, loads: Mapping[str, FlexibleLoad]) -> Scenario:
    found, region, tree = market.found, market.found.region, market.tree
    emissions = [c for c, own in market.base.commodities.items() if own.kind == "emission"]
    names = dict.fromkeys([*market.uses, *market.makes, *emissions])
    hourly = {*market.stored, *(load.commodity for load in loads.values())}
    flexible = {n: {k: v for k, v in market.here(tree["flexible_loads"][n]).items() if k != "regions"} for n in loads}
    stores = {n: {**_standing(market, tree["storages"][n], size), "cycle": "year"} for n, size in found.stores.items()}
    return market.base.with_({
        **dict.fromkeys(set(tree) - set(KEPT)),  # what is between plants, and what studies aim at
        "name": f"{market.base.name}-{found.plant}"[:100],
        "title": f"{found.process.title or found.plant}, {region}, {found.year}",
        "description": f"One plant as a price taker, from {market.base.name}.",
        "horizon": {"start": found.year, "end": found.year, "step": 1, "discount_rate": 0},
        "time": "full_year",
        "regions": {region: tree["regions"][region]},
        "commodities": {c: _commodity(market, c, c in hourly) for c in names},
        "processes": {found.plant: _process(market)},
        "storages": stores or None,
        "flexible_loads": flexible or None,
        "policies": {"carbon_price": market.carbon_price()},
        **{key: part or None for key, part in market.sections.items()},
        "profiles": {**market.sections["profiles"], **_profiles(market, loads)} or None,
    })  # fmt: skip


def _process(market: Market) -> dict[str, Any]:
    own = market.tree["processes"][market.found.plant]
    process = _standing(market, own, market.found.capacity)
    if market.wish.minimum_load is not None:
        process["minimum_load"] = market.wish.minimum_load
    if market.technique is not None:
        process["flows"] = {**own.get("flows", {}), **market.here(own["techniques"][market.technique])}
    return process


def _standing(market: Market, entry: dict[str, Any], capacity: float) -> dict[str, Any]:
    """A plant or store of this capacity that stands; its fixed cost is sunk."""
    kept = {k: v for k, v in market.here(entry).items() if k not in OF_STOCK}
    return {**kept, "existing": {market.found.region: capacity}, "latest": market.found.year - 1}


def _commodity(market: Market, name: str, hourly: bool) -> dict[str, Any]:
    """Balanced by the hour where its price, a store or a flexible load needs it; else over the year."""
    entry: dict[str, Any] = market.here(market.tree["commodities"][name])
    if market.base.commodities[name].kind == "emission":
        return entry
    hourly |= any(market.is_hourly(t) for t in market.trades if t.commodity == name)
    return {**entry, "balance": "hour" if hourly else "year", "implied_store": not hourly}


def _flexible_loads(market: Market) -> dict[str, FlexibleLoad]:
    """Those of the plant that take part here at the scenario's level of flexibility."""
    base, found = market.base, market.found
    return {
        name: load for name, load in base.flexible_loads.items()
        if load.process == found.plant and found.region in (load.regions or (found.region,))
        and takes_part(load.flexibility, base.flexibility)
    }  # fmt: skip


def _profiles(market: Market, loads: Mapping[str, FlexibleLoad]) -> dict[str, Any]:
    """Profiles of the plant and its flexible loads; those of its trades are in `market.sections`."""
    process = market.found.process
    shape = process.availability_profile
    names = [shape if isinstance(shape, str) else (shape or {}).get(market.found.region), process.draw_profile]
    names += [name for load in loads.values() for name in (load.up_profile, load.down_profile)]
    return {name: market.base.profiles[name] for name in names if name}
