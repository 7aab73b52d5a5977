"""Random plants that run by the hour within minimum loads, ramps and curves of part load."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

Draw = st.DrawFn
LOADS = (0.2, 0.45, 0.7, 1.0)
PROFILES = {"spot": "price", "load": "load", "sea": "wind_offshore", "sun": "solar_pv"}


@st.composite
def curves(draw: Draw) -> dict[str, float]:
    """A convex curve through four loads: use rises with load ever steeper, or as steeply as before."""
    steps = sorted(draw(st.lists(st.integers(1, 8), min_size=3, max_size=3)))
    use = [draw(st.integers(1, 12)) / 10]
    for low, high, slope in zip(LOADS, LOADS[1:], steps, strict=False):
        use.append(use[-1] + slope * (high - low))
    return {f"{100 * load:g} %": value / use[-1] / load for load, value in zip(LOADS, use, strict=True)} | {"100 %": 1}


@st.composite
def limits(draw: Draw) -> dict[str, Any]:
    """A random subset of what limits operation; a curve needs its minimum load."""
    some: dict[str, Any] = {"minimum_load": draw(st.sampled_from([0.2, 0.35, 0.6, {2025: 0.2, 2030: 0.5}]))}
    if draw(st.booleans()):
        some["part_load"] = {"power": draw(curves())}
    elif draw(st.booleans()):
        del some["minimum_load"]
    for ramp in ("ramp_up", "ramp_down"):
        if draw(st.booleans()):
            some[ramp] = draw(st.sampled_from([0.0, 0.05, 0.2, 0.9]))
    return some


@st.composite
def hourly_systems(draw: Draw) -> dict[str, Any]:
    """Power at prices by the hour, or below zero, through such a plant into hydrogen, which may be stored."""
    price = draw(st.sampled_from([{"price": 60, "price_profile": "spot"}, {"price": 40, "price_profile": "load"},
                                  {"price": -20}]))  # fmt: skip
    plant: dict[str, Any] = {"unit": "MWh", "flows": {"power": -1.5, "hydrogen": 1}, "capex": 1e5, "lifetime": 20}
    plant |= {"existing": draw(st.integers(0, 12)), **draw(limits())}
    if draw(st.booleans()):
        plant["modes"] = {"plain": {"variable_opex": 2}, "hot": {"flows": {"heat": 0.1}}}
    if draw(st.booleans()):
        plant |= {"availability": 0.9, "availability_profile": draw(st.sampled_from(["sea", "sun"]))}
    tank = {"commodity": "hydrogen", "capex": 100, "lifetime": 20, "holding_cost": draw(st.sampled_from([0.0, 0.05]))}
    daily = {"balance": "day", "implied_store": True}
    return {
        "name": "hourly",
        "horizon": {"start": 2025, "end": 2030, "step": 5, "discount_rate": 0.04},
        "time": {"typical_days": {"count": 2, "keep": []}},
        "profiles": {name: f"package:de_2025/{column}" for name, column in PROFILES.items()},
        "regions": {"ruhr": {}},
        "commodities": {
            "power": {"unit": "MWh", "balance": "hour"},
            "hydrogen": {"unit": "MWh"} | draw(st.sampled_from([daily, {"balance": "hour"}])),
            "heat": {"unit": "MWh", "balance": "hour", "disposal": {"cost": 1}},
        },
        "processes": {"electrolyser": plant},
        "storages": {"tank": tank} if draw(st.booleans()) else {},
        "supply": {"power": price},
        "demand": {"hydrogen": {"amount": 8760 * draw(st.integers(0, 9)), "shortfall_cost": 400}},
    }
