"""Border adjustment: what certificates cost per unit bought."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from transform_sim.lp import Entities
from transform_sim.scenario.transfers import BorderAdjustment

from .frame import Frame
from .output_payments import allowances
from .trades import commodity_of
from .values import over_years, stacked

Floats = NDArray[np.float64]
Border = tuple[Entities, Floats]
"""Entities (supply) and money per unit bought, shape (n, Y)."""


def make_border(frame: Frame) -> Border:
    """Certificates per unit × the price left after that of the origin; the social view has none."""
    policies = frame.scenario.policies
    rows, cost = [], []
    for adjustment in policies.border_adjustment.values():
        if not adjustment.active or frame.scenario.view != "private":
            continue
        unit = certificates(adjustment, frame) * price(adjustment, frame)
        for k, (name, supply) in enumerate(frame.scenario.supply.items()):
            chosen = adjustment.supply is None or name in adjustment.supply
            if chosen and commodity_of(name, supply) == adjustment.commodity:
                rows.append((k,))
                cost.append(unit)
    return Entities.records(("supply",), rows), stacked(cost, frame.years)


def certificates(adjustment: BorderAdjustment, frame: Frame) -> Floats:
    """Certificates per unit: embodied emission less what makers at home are given, shape (Y,)."""
    embodied = over_years(adjustment.embodied, frame.years, 0.0)
    given = frame.scenario.policies.free_allocation
    free = [allowances(given[name], frame.years) for name in adjustment.allocations]
    return np.asarray(np.maximum(embodied - np.sum(free, axis=0), 0.0))


def price(adjustment: BorderAdjustment, frame: Frame) -> Floats:
    """Price of a certificate: the carbon price less what was paid at the origin, shape (Y,)."""
    here = over_years(frame.scenario.policies.carbon_price, frame.years, 0.0)
    return np.maximum(here - over_years(adjustment.foreign_price, frame.years, 0.0), 0.0)
