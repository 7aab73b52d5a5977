"""Random systems that must keep green shares and firm capacity."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from .flexible_strategies import flexible_systems
from .operation_strategies import hourly_systems
from .strategies import systems

BACKUP = {"unit": "MWh", "flows": {"power": 1}, "variable_opex": 250, "lifetime": 20}
"""What can always be built for firm capacity, so that there is a solution."""


def number(low: float, high: float) -> st.SearchStrategy[float]:
    """One of 11 values between two bounds."""
    return st.integers(0, 10).map(lambda k: round(low + (high - low) * k / 10, 10))


def by_year(low: float, high: float, year: int) -> st.SearchStrategy[Any]:
    """A number, or two by year, the first before or in the horizon."""
    either = number(low, high)
    return either | st.builds(lambda a, b, k: {year + k: a, year + 7: b}, either, either, st.integers(-2, 6))


@st.composite
def obliged_systems(draw: st.DrawFn) -> dict[str, Any]:
    """A random system with quotas on steel, hydrogen or power, and firm power."""
    data = draw(systems())
    year, policies = data["horizon"]["start"], data["policies"]
    green = {
        "steel": (["green"], ["import"]), "hydrogen": (["electrolyser"], ["ship"]), "power": (["wind"], ["grid"]),
    }  # fmt: skip
    policies["quotas"] = {}
    for c, (processes, supply) in green.items():
        chosen = {"processes": [p for p in processes if p in data["processes"]]}
        chosen["supply"] = [s for s in supply if s in data["supply"] and draw(st.booleans())]
        if any(chosen.values()):
            quota = {"commodity": c, "share": draw(by_year(0, 1, year)), **chosen}
            policies["quotas"][f"green_{c}"] = quota | draw(st.sampled_from([{}, {}, {"active": False}]))
    if draw(st.booleans()):
        policies["capacity_margins"] = {"firm": draw(margins(data, year))}
        data["demand"]["flats"] = {"commodity": "power", "amount": draw(number(1e3, 2e4)), "elasticity": -0.4,
                                   "reference_price": 90, "elastic_steps": 2}  # fmt: skip
        if "profiles" in data:
            data["demand"]["flats"]["profile"] = "shape"
    return data


@st.composite
def margins(draw: st.DrawFn, data: dict[str, Any], year: int) -> dict[str, Any]:
    """A margin on power that a plant of last resort can always keep."""
    data["processes"]["backup"] = BACKUP | {"capex": draw(number(1e4, 4e5))}
    credits: dict[str, float] = {"backup": draw(number(0.5, 1))}
    if "wind" in data["processes"] and draw(st.booleans()):
        credits["wind"] = draw(number(0, 0.4))
    if "discharge_rate" in data.get("storages", {}).get("battery", {}):
        credits["battery"] = draw(number(0, 1))
    margin = {"commodity": "power", "margin": draw(by_year(0, 0.3, year)), "credits": credits}
    if draw(st.booleans()):
        margin["imports"] = draw(by_year(0, 3, year))
    return margin


@st.composite
def firm_systems(draw: st.DrawFn) -> dict[str, Any]:
    """Plants at part load, or flexible loads, on representative days with a margin on power."""
    data = draw(hourly_systems() | flexible_systems())
    return data | {"policies": {"capacity_margins": {"firm": draw(margins(data, data["horizon"]["start"]))}}}
