"""Carbon contracts: what can be built under them, what it makes, and what is paid for that."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from transform_sim.finance import survival
from transform_sim.lp import Entities, join
from transform_sim.scenario import Quantity, Scenario
from transform_sim.scenario.base import FrozenDict
from transform_sim.scenario.plants import Process
from transform_sim.scenario.support import CarbonContract

from .activities import ONLY_MODE, Activities
from .assets import Assets, hours_of, make_assets
from .cohorts import Cohorts, make_cohorts
from .frame import Frame
from .investments import Investments, investments
from .support import Part, Supported, supported
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


def make_contracts(frame: Frame, assets: Assets, cohorts: Cohorts | None, activities: Activities) -> Contracts:
    """Lay out carbon contracts; the social view has none, as they are transfers."""
    given = frame.scenario.policies.carbon_contracts
    active = frame.scenario.view == "private"
    paid = {k: c for k, c in enumerate(given.values()) if c.active and active}
    can = investments(frame, assets, cohorts) if paid else {}
    parts: dict[str, list[Part]] = {kind: [] for kind in can}
    output, payment, runs = [], [], []
    for k, contract in paid.items():
        regions = frame.region_codes(contract.regions)
        lowered = _cheaper(frame, can, contract)
        open_ = _window(contract.signed_from, contract.signed_until, frame)
        for kind, investment in can.items():
            at = investment.into([contract.process], regions, assets)
            stands = np.minimum(investment.stands[at], _lasts(contract, frame))
            saved = (investment.capital.financing - lowered[kind].capital.financing)[at]
            # a grant takes its share of the cost of capital off already
            saved = saved * (1.0 - largest_grant(contract.process, investment.table["region"][at], frame))
            parts[kind].append(Part(k, at, np.broadcast_to(open_, (len(at), len(open_))), stands, saved))
        own = assets.table["region"][np.isin(assets.table["asset"], _codes(assets, contract.process))]
        here = [r for r in dict.fromkeys(own.tolist()) if r in regions]
        output += [(k, r) for r in here]
        payment += [paid_per_unit(contract, frame)] * len(here)
        runs += [(k, *row) for row in _runs(contract, frame, assets, activities)]
    built = {kind: supported("contract", can[kind], rows, frame) for kind, rows in parts.items()}
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
            here = np.isin(regions, frame.region_codes(grant.regions))
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


def _window(first: int | None, last: int | None, frame: Frame) -> Floats:
    """1 in periods that start in these years, shape (V,)."""
    return ((frame.years >= (first or -INF)) & (frame.years <= (last or INF))).astype(float)


def _lasts(contract: CarbonContract, frame: Frame) -> Floats:
    """Share of each period y in which a contract from period v pays, shape (V, Y)."""
    years = scalar(contract.duration, INF)
    return np.array([survival(v, years, frame.years, frame.lengths) for v in frame.years])


def _cheaper(frame: Frame, can: dict[str, Investments], contract: CarbonContract) -> dict[str, Investments]:
    """All investments if the process under contract had the lower cost of capital that it gets by it."""
    less = scalar(contract.wacc_reduction, 0.0)
    if not less:
        return can
    own = replace(frame, scenario=_lowered(frame.scenario, contract.process, less))
    assets = make_assets(own)
    return investments(own, assets, make_cohorts(own, assets))


def _lowered(scenario: Scenario, process: str, less: float) -> Scenario:
    """The scenario with a lower cost of capital of one process, and of conversions into it."""
    rate = scenario.horizon.discount_rate.scalar

    def lower(wacc: Quantity | None) -> Quantity:
        return Quantity.of(max(scalar(wacc, rate) - less, 0.0))

    def changed(name: str, plant: Process) -> Process:
        arcs = plant.retrofits
        if process in arcs:
            arc = arcs[process]
            lowered = arc.model_copy(update={"wacc": lower(arc.wacc if arc.wacc is not None else plant.wacc)})
            plant = plant.model_copy(update={"retrofits": FrozenDict({**arcs, process: lowered})})
        return plant.model_copy(update={"wacc": lower(plant.wacc)}) if name == process else plant

    processes = FrozenDict({name: changed(name, plant) for name, plant in scenario.processes.items()})
    return scenario.model_copy(update={"processes": processes})
