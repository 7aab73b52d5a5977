"""Made-up works with flexible loads and stores: one site over a full year, two regions over typical days."""

from __future__ import annotations

from functools import cache
from typing import Any, Literal

import numpy as np

import transform_sim as ts

from .micro import load

HOURS = np.arange(8760)
DAILY = 25 * np.cos(2 * np.pi * (HOURS - 19) / 24) + 10 * np.cos(2 * np.pi * (HOURS - 8) / 12)
SUN = np.maximum(np.sin((HOURS % 24 - 6) / 12 * np.pi), 0.0) * (0.6 - 0.4 * np.cos(2 * np.pi * HOURS / 8760))

PRICE = (60 + DAILY + 12 * np.cos(2 * np.pi * HOURS / 8760) - 40 * SUN).round(3)
"""EUR/MWh: dear in the evening and in winter, cheap at night and, in summer, at noon."""

SMELTER = {"commodity": "electricity", "load": {"ruhr": 100}, "method": "battery", "up": 0.25, "down": 0.25,
           "energy": 8, "efficiency": 0.97, "cost_up": 2}  # fmt: skip
FURNACE = {"commodity": "electricity", "load": {"ruhr": 20}, "method": "window", "up": 0.15, "down": 0.8, "window": 24}
PAPER = {"commodity": "electricity", "load": {"ruhr": 30}, "method": "none", "down": 0.5,
         "sheds": [{"share": 0.5, "cost": 95, "hours_max": 100}]}  # fmt: skip
CELLS = {"commodity": "electricity", "process": "membrane", "method": "zerrahn_schill", "delay": 4, "up": 0.1,
         "down": 0.4, "cost_down": 5}  # fmt: skip
BATTERY = {"commodity": "electricity", "existing": 40, "latest": 2024, "lifetime": 20, "charge_rate": 0.25,
           "discharge_rate": 0.25, "charge_efficiency": 0.95, "discharge_efficiency": 0.95, "variable_opex": 1,
           "flexibility": "today"}  # fmt: skip


def site(time: Any, **sections: Any) -> ts.Scenario:
    """A site of 300 MW that buys all its power at a given price, so that nothing it does changes the price."""
    own: dict[str, Any] = {
        "name": "works", "title": "Made-up works", "time": time, "profiles": {"price": PRICE.tolist()},
        "commodities": {"electricity": {"unit": "MWh", "kind": "energy", "balance": "hour"}},
        "supply": {"electricity": {"price": float(PRICE.mean()), "price_profile": "price"}},
        "demand": {"electricity": {"amount": 300 * 8760}},
        "flexible_loads": {"smelter": SMELTER, "arc_furnace": FURNACE, "paper": PAPER},
        "storages": {"battery": BATTERY},
    }  # fmt: skip
    return load(**own | sections)


def valley(time: Any = None, **sections: Any) -> ts.Scenario:
    """Two regions with one power market: dearer the more is bought, sun of their own, a silo behind a cement mill."""
    own: dict[str, Any] = {
        "name": "valley", "title": "Made-up valley", "time": time or {"typical_days": {"count": 4, "keep": []}},
        "profiles": {"price": PRICE.tolist(), "sun": SUN.round(3).tolist()},
        "regions": {"ruhr": {}, "rhein": {}}, "horizon": {"start": 2025, "end": 2030, "step": 5, "discount_rate": 0.0},
        "commodities": {
            "electricity": {"unit": "MWh", "kind": "energy", "balance": "hour", "area": "valley"},
            "cement": {"unit": "t", "balance": "hour"}, "chlorine": {"unit": "t"},
        },
        "processes": {
            "solar_pv": {"unit": "MWh", "sector": "power", "flows": {"electricity": 1}, "existing": {"ruhr": 150},
                         "lifetime": 30, "latest": 2024, "availability_profile": "sun"},
            "cement_mill": {"unit": "t", "sector": "cement", "flows": {"electricity": -0.1, "cement": 1},
                            "regions": ["ruhr"], "existing": {"ruhr": 150 * 8760}, "lifetime": 30, "latest": 2024},
            "membrane": {"unit": "t", "sector": "chlorine", "flows": {"electricity": -2.5, "chlorine": 1},
                         "existing": {"rhein": 12 * 8760}, "lifetime": 30, "latest": 2024, "regions": ["rhein"],
                         "operation": "baseload"},
        },
        "storages": {
            "cement_silo": {"commodity": "cement", "existing": {"ruhr": 600}, "lifetime": 30, "latest": 2024,
                            "regions": ["ruhr"], "flexibility": "today"},
            "battery": BATTERY | {"existing": {"rhein": 40}, "regions": ["rhein"]},
        },
        "supply": {
            "base_power": {"commodity": "electricity", "price": 45, "price_profile": "price", "power_max": 220},
            "peak_power": {"commodity": "electricity", "price": 85, "price_profile": "price", "power_max": 120},
            "reserve": {"commodity": "electricity", "price": 300},
        },
        "demand": {"electricity": {"amount": {"valley": 220 * 8760}}, "cement": {"amount": {"ruhr": 100 * 8760}},
                   "chlorine": {"amount": {"rhein": 10 * 8760}}},
        "flexible_loads": {"smelter": SMELTER | {"load": {"valley": 100}},
                           "arc_furnace": FURNACE | {"load": {"valley": 20}},
                           "paper": PAPER | {"load": {"valley": 30}},
                           "chlorine_cells": CELLS},
    }  # fmt: skip
    return load(**own | sections)


@cache
def solved(which: Literal["site", "year", "valley"]) -> ts.Results:
    """The site over typical days or a full year, or the valley; solved once per run."""
    if which == "valley":
        return ts.solve(valley())
    if which == "site":
        return ts.solve(site({"typical_days": {"count": 4, "keep": []}}))
    return ts.solve(site("full_year", flexible_loads={"smelter": SMELTER}))
