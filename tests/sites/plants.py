"""Small plants with round numbers, and the price years that the tests use."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

import transform_sim as ts
from transform_sim.timeseries import load_profile

Floats = NDArray[np.float64]
HOURS = 8760
TEXT = """
name: works
horizon: {start: 2025, end: 2035, step: 5}
regions: {coast: {}, inland: {}}
commodities:
  electricity: {unit: MWh, kind: energy, balance: hour}
  gas: {unit: MWh, kind: energy, carbon_content: 0.2}
  hydrogen: {unit: MWh, kind: energy, balance: day, implied_store: true}
  cement: {unit: t}
  clinker: {unit: t}
  co2: {unit: t, kind: emission}
processes:
  electrolyser:
    {unit: MWh, regions: [coast], flows: {electricity: -1, hydrogen: 0.7}, existing: {coast: 100}, fixed_opex: 40e3}
  boiler: {unit: MWh, flows: {gas: -1.25, hydrogen: 1}, existing: {coast: 50}}
  mill: {unit: t, flows: {electricity: -0.05, clinker: -0.75, cement: 1}, existing: {inland: 876e3}, variable_opex: 3}
  kiln: {unit: t, flows: {gas: -1, clinker: 1}, existing: {inland: 876e3}}
storages:
  tank: {commodity: hydrogen, existing: {coast: 600}, charge_rate: 1, discharge_rate: 1}
  silo: {commodity: cement, existing: {inland: 5000}}
  leaky: {commodity: hydrogen, existing: {coast: 600}, charge_efficiency: 0.95, loss: 0.001}
supply:
  electricity: {price: {2025: 80, 2035: 60}, price_profile: price, price_floor: -500, levy: 5}
  gas: {price: 40}
demand: {hydrogen: {amount: {coast: 100_000}}, cement: {amount: {inland: 400_000}}}
policies: {carbon_price: {2025: 80, 2035: 120}}
profiles: {price: package:de_2025/price}
"""
HYDROGEN = 0.7 * 100 * HOURS * 0.6
"""MWh a year at a load factor of 0.6."""


@cache
def works() -> ts.Scenario:
    return ts.loads(TEXT)


def shipped() -> Floats:
    """Day-ahead prices of 2025."""
    return load_profile("package:de_2025/price")


def years(n: int, seed: int = 0) -> Floats:
    """Price years (n, 8760): 2025 with another level and random hours, some below zero."""
    draw = np.random.default_rng(seed)
    return shipped() * draw.uniform(0.6, 1.4, (n, 1)) + draw.normal(0.0, 25.0, (n, HOURS))


def electrolyser(**given: Any) -> ts.Site:
    """With a product of the year."""
    usual = {"prices": {"electricity": shipped()}, "demand": {"hydrogen": HYDROGEN}}
    return ts.site(works(), "electrolyser", **{**usual, **given})


def mill(**given: Any) -> ts.Site:
    """With a silo and an even offtake."""
    usual = {"prices": {"electricity": shipped(), "clinker": 60.0}, "demand": {"cement": 600e3}, "stores": ["silo"]}
    return ts.site(works(), "mill", **{**usual, **given})
