"""Carbon contracts: what can be built under them, what it makes, and what is paid for that."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from transform_sim.finance import survival
from transform_sim.lp import Entities, join
from transform_sim.scenario.support import CarbonContract

from .activities import ONLY_MODE, Activities
from .assets import Assets, hours_of
from .frame import Frame
from .investments import Investments
from .support import Rows, Supported, gathered, granted_regions
from .values import INF, over_years, scalar, stacked

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Contracts:
    """Carbon contracts that are active; C rows of `output`.

    Attributes:
        names: labels of all, also of those that are switched off; `process` is what each is about.
        built: what can be put under contract, by kind; `makes` is the yearly mean output of a unit of it put under
            contract in v, in each period y, shape (n, V, Y).
        output: entities (contract, region); `payment` by the state per unit of output, shape (C, Y).
        runs: entities (plant, contract, asset, mode) whose output counts.
        by_mode: contracts for some modes only; `two_sided`: contracts that pay back; codes.
        available: entities (plant, asset, region) and mean availability, shape (n, Y).
        volume: entities (contract) and most capacity, shape (n,).
    """

    names: tuple[str, ...]
    process: tuple[str, ...]
    built: dict[str, Supported]
    makes: dict[str, Floats]
    output: Entities
    payment: Floats
    runs: Entities
    by_mode: NDArray[np.int64]
    two_sided: NDArray[np.int64]
    available: tuple[Entities, Floats]
    volume: tuple[Entities, Floats]


def make_contracts(frame: Frame, assets: Assets, activities: Activities, can: Mapping[str, Investments]) -> Contracts:
    """Lay out carbon contracts; the social view has none, as they are transfers. `can` are all investments by kind."""
    given = frame.scenario.policies.carbon_contracts
    active = frame.scenario.view == "private"
    paid = {k: c for k, c in enumerate(given.values()) if c.active and active}
    parts: dict[str, list[Rows]] = {kind: [] for kind in can}
    output, payment, runs = [], [], []
    for k, contract in paid.items():
        regions = frame.region_codes(contract.regions)
        open_ = signing(contract, frame.years).astype(float)
        for kind, investment in can.items():
            at = investment.into([contract.process], regions, assets)
            stands = np.minimum(investment.stands[at], _lasts(contract, frame))
            saved = investment.capital.take(at).cheaper(scalar(contract.wacc_reduction, 0.0))
            # a grant takes its share of the cost of capital off already
            saved = saved * (1.0 - largest_grant(contract.process, investment.table["region"][at], frame))
            parts[kind].append(Rows(k, at, np.broadcast_to(open_, (len(at), len(open_))), stands, saved))
        own = assets.table["region"][np.isin(assets.table["asset"], _codes(assets, contract.process))]
        here = [r for r in dict.fromkeys(own.tolist()) if r in regions]
        output += [(k, r) for r in here]
        payment += [paid_per_unit(contract, frame)] * len(here)
        runs += [(k, *row) for row in _runs(contract, frame, assets, activities)]
    built = {kind: gathered("contract", can[kind], rows, frame) for kind, rows in parts.items() if paid}
    table, share = activities.mean_availability(frame.grids)
    of = join(table, assets.of_plant)
    places = Entities({**table.take(of.left).codes, "plant": assets.of_plant["plant"][of.right]})
    limited = [(k, c) for k, c in paid.items() if c.volume is not None]
    volume = [scalar(c.volume, INF) / hours_of(assets.plants[c.process], frame) for _, c in limited]
    return Contracts(
        names=tuple(given),
        process=tuple(c.process for c in given.values()),
        built=built,
        makes={kind: _makes(s, table, share) for kind, s in built.items()},
        output=Entities.records(("contract", "region"), output),
        payment=stacked(payment, frame.years),
        runs=Entities.records(("contract", "plant", "asset", "mode"), runs),
        by_mode=np.array([k for k, c in paid.items() if c.modes is not None], dtype=np.int64),
        two_sided=np.array([k for k, c in paid.items() if c.two_sided], dtype=np.int64),
        available=(places, share[of.left]),
        volume=(Entities.records(("contract",), [(k,) for k, _ in limited]), np.array(volume)),
    )


def _runs(contract: CarbonContract, frame: Frame, assets: Assets, activities: Activities) -> list[tuple[int, int, int]]:
    """(plant, asset, mode) whose output counts."""
    process = frame.scenario.processes[contract.process]
    modes = contract.modes if contract.modes is not None else tuple(process.modes) or (ONLY_MODE,)
    plant = list(assets.plants).index(contract.process)
    codes = [activities.modes.index(m) for m in modes]
    return [(plant, a, m) for a in _codes(assets, contract.process) for m in codes]


def largest_grant(process: str, regions: NDArray[np.int64], frame: Frame) -> Floats:
    """The largest share of investment that some grant may pay, by region and period, shape (n, V)."""
    out = np.zeros((len(regions), len(frame.years)))
    for grant in frame.scenario.policies.grants.values():
        if grant.active and process in grant.plants:
            here = np.isin(regions, granted_regions(grant, frame))
            share = over_years(grant.share, frame.years, 0.0, "limit")
            out = np.maximum(out, np.where(here[:, None], share, 0.0))
    return out


def _makes(s: Supported, table: Entities, share: Floats) -> Floats:
    """Yearly mean output of what was put under contract, shape (n, V, Y)."""
    at = join(s.results, table)
    out = np.zeros_like(s.stands)
    out[at.left] = share[at.right][:, None, :]
    return np.asarray(out * s.stands * s.investments.ratio[:, None, None])


def paid_per_unit(contract: CarbonContract, frame: Frame) -> Floats:
    """What the state pays per unit of output (paid back: negative), shape (Y,)."""
    years = frame.years
    avoided = scalar(contract.reference_emission, 0.0) - scalar(contract.emission, 0.0)
    gap = over_years(contract.reference_allocation, years, 0.0) - over_years(contract.allocation, years, 0.0)
    price = over_years(frame.scenario.policies.carbon_price, years, 0.0) * (avoided - gap)
    strike = over_years(contract.strike, years, 0.0) * avoided
    for index in contract.indexation.values():
        moved = over_years(index.price, years, 0.0) - scalar(index.base, 0.0)
        strike = strike + scalar(index.difference, 0.0) * moved
    return strike - price if contract.two_sided else np.maximum(strike - price, 0.0)


def _codes(assets: Assets, process: str) -> list[int]:
    return [a for a, owner in enumerate(assets.owner) if owner == process]


def signing(contract: CarbonContract, years: Floats) -> NDArray[np.bool_]:
    """Periods in which a plant under the contract can start, shape (V,)."""
    return np.asarray((years >= (contract.signed_from or -INF)) & (years <= (contract.signed_until or INF)))


def _lasts(contract: CarbonContract, frame: Frame) -> Floats:
    """Share of each period y in which a contract from period v pays, shape (V, Y)."""
    years = scalar(contract.duration, INF)
    return np.array([survival(v, years, frame.years, frame.lengths) for v in frame.years])
