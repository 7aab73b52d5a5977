"""Payments per unit of output: which output earns what, and how much of it may (free allocation, compensation)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from transform_sim.lp import Entities
from transform_sim.names import HOURS_PER_YEAR
from transform_sim.scenario.transfers import FreeAllocation, OutputPayment, PowerCompensation

from .activities import Activities
from .assets import Assets
from .demands import Demands
from .frame import Frame
from .trades import commodity_of
from .values import over_years, stacked

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class OutputPayments:
    """Payments of one kind, `dim` being the name of their dimension; K rows, Y periods.

    Attributes:
        names: labels of all, also of those that are switched off.
        table: entities (dim) of those that are paid, K rows.
        unit: money per unit of output, shape (K, Y).
        level: activity level, the most that counts, as mean rate, shape (K, Y).
        by_output: False where the level is paid for whatever is made, shape (K,).
        made: entities (dim, asset, mode, region) of the routes that count and output per activity, shape (n, Y).
        used: the same of processes that use the product and earn nothing for what they make, use above zero.
        demanded: entities (dim, demand, node); `demand` largest final demand as mean rate, shape (K, Y).
        sold: entities (dim, sale); `thrown` (dim, commodity), what is disposed of; `shed` (dim, load).
    """

    dim: str
    names: tuple[str, ...]
    table: Entities
    unit: Floats
    level: Floats
    by_output: NDArray[np.bool_]
    made: tuple[Entities, Floats]
    used: tuple[Entities, Floats]
    demanded: Entities
    demand: Floats
    sold: Entities
    thrown: Entities
    shed: Entities


def make_free_allocation(frame: Frame, assets: Assets, activities: Activities, demands: Demands) -> OutputPayments:
    """Free allocation: benchmark × share kept × carbon price per unit."""
    given = frame.scenario.policies.free_allocation
    price = over_years(frame.scenario.policies.carbon_price, frame.years, 0.0)
    unit = {name: price * allowances(a, frame.years) for name, a in given.items()}
    return _payments("allocation", given, unit, frame, assets, activities, demands)


def make_power_compensation(frame: Frame, assets: Assets, activities: Activities, demands: Demands) -> OutputPayments:
    """Compensation: aid × emission factor × carbon price of the year before × use per unit."""
    given = frame.scenario.policies.power_compensation
    before = over_years(frame.scenario.policies.carbon_price, frame.years - 1, 0.0)
    unit = {name: before * tonnes_compensated(c, frame.years) for name, c in given.items()}
    return _payments("compensation", given, unit, frame, assets, activities, demands)


def allowances(allocation: FreeAllocation, years: Floats) -> Floats:
    """Allowances given per unit of output, shape (Y,)."""
    return over_years(allocation.benchmark, years, 0.0) * over_years(allocation.factor, years, 1.0)


def tonnes_compensated(compensation: PowerCompensation, years: Floats) -> Floats:
    """Tonnes whose carbon price is compensated per unit of output, shape (Y,)."""
    parts = (compensation.aid, compensation.emission_factor, compensation.electricity)
    return np.asarray(np.prod([over_years(q, years, 0.0) for q in parts], axis=0))


def _payments(
    dim: str, given: Mapping[str, OutputPayment], unit: Mapping[str, Floats], frame: Frame, assets: Assets,
    activities: Activities, demands: Demands,
) -> OutputPayments:  # fmt: skip
    """Lay out the payments that are active; the social view has none, as they are transfers."""
    private = frame.scenario.view == "private"
    paid = {k: p for k, p in enumerate(given.values()) if p.active and private}
    by_output = np.array([not isinstance(p, FreeAllocation) or p.by == "output" for p in paid.values()], dtype=bool)
    earning = _earning([p for p, by in zip(paid.values(), by_output, strict=True) if by], frame, assets, activities)
    made, used = [], []
    for k, payment in paid.items():
        made.append(_routes(dim, k, payment, frame, assets, activities, _named(payment, assets), sign=1))
        others = [a for a, p in enumerate(assets.owner) if p not in earning or p in payment.also_used_by]
        used.append(_routes(dim, k, payment, frame, assets, activities, np.array(others, dtype=np.int64), sign=-1))
    code = {k: frame.commodities.index(p.commodity) for k, p in paid.items()}
    of = demands.table["commodity"]
    total = [demands.rate[of == c].sum(axis=0) for c in code.values()]
    sales = [commodity_of(name, sale) for name, sale in frame.scenario.sales.items()]
    sold = [(k, i) for k, p in paid.items() for i, commodity in enumerate(sales) if commodity == p.commodity]
    demanded = [
        (k, int(d), int(n))
        for k, c in code.items()
        for d, n in zip(demands.table["demand"][of == c], demands.table["node"][of == c], strict=True)
    ]
    loads = [load.commodity for load in frame.scenario.flexible_loads.values()]
    shed = [(k, i) for k, p in paid.items() for i, commodity in enumerate(loads) if commodity == p.commodity]
    names = list(given)
    level = [over_years(p.activity_level, frame.years, 0.0) / HOURS_PER_YEAR for p in paid.values()]
    return OutputPayments(
        dim=dim,
        names=tuple(names),
        table=Entities.records((dim,), [(k,) for k in paid]),
        unit=stacked([unit[names[k]] for k in paid], frame.years),
        level=stacked(level, frame.years),
        by_output=by_output,
        made=_joined(dim, made, frame),
        used=_joined(dim, used, frame),
        demanded=Entities.records((dim, "demand", "node"), demanded),
        demand=stacked(total, frame.years),
        sold=Entities.records((dim, "sale"), sold),
        thrown=Entities.records((dim, "commodity"), list(code.items())),
        shed=Entities.records((dim, "load"), shed),
    )


def _named(payment: OutputPayment, assets: Assets) -> NDArray[np.int64]:
    """Assets of the routes whose output counts."""
    named = payment.processes
    return np.array([a for a, p in enumerate(assets.owner) if named is None or p in named], dtype=np.int64)


def _earning(paid: list[OutputPayment], frame: Frame, assets: Assets, activities: Activities) -> set[str]:
    """Processes that are paid for something they make, in whatever years, so that what they use earns nothing."""
    table, values = activities.flows.table, activities.flows.values
    found: set[str] = set()
    for payment in paid:
        code = frame.commodities.index(payment.commodity)
        own = (table["commodity"] == code) & (values > 0).any(axis=1) & np.isin(table["asset"], _named(payment, assets))
        found |= {assets.owner[a] for a in table["asset"][own]}
    return found


def _routes(
    dim: str, k: int, payment: OutputPayment, frame: Frame, assets: Assets, activities: Activities,
    among: NDArray[np.int64], *, sign: int,
) -> tuple[Entities, Floats]:  # fmt: skip
    """Entities (dim, asset, mode, region) of some assets that make (+1) or use (−1) the product, and how much."""
    table, values = activities.flows.table, sign * activities.flows.values
    code = frame.commodities.index(payment.commodity)
    own = (table["commodity"] == code) & (values > 0).any(axis=1) & np.isin(table["asset"], among)
    chosen = table.take(own)
    codes = {d: chosen[d] for d in ("asset", "mode", "region")}
    return Entities({dim: np.full(len(chosen), k, dtype=np.int64), **codes}), np.maximum(values[own], 0.0)


def _joined(dim: str, parts: list[tuple[Entities, Floats]], frame: Frame) -> tuple[Entities, Floats]:
    dims = (dim, "asset", "mode", "region")
    if not parts:
        return Entities.records(dims, []), np.zeros((0, len(frame.years)))
    codes = {d: np.concatenate([t[d] for t, _ in parts]) for d in dims}
    return Entities(codes), np.concatenate([v for _, v in parts])
