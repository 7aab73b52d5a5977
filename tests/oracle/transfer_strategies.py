"""Random systems in which the state pays for output, for investment and under contracts, some out of a budget."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from .obligation_strategies import by_year, number
from .strategies import systems

MADE = {"steel": ["mill", "ccs", "green"], "hydrogen": ["electrolyser"], "power": ["wind", "turbine"]}
LEVEL = {"steel": 4e4, "hydrogen": 2e4, "power": 3e4}
TURBINE = {
    "unit": "MWh",
    "flows": {"power": 0.5, "hydrogen": -1},
    "lifetime": 20,
    "existing": {"one": 1},
    "latest": 2000,
}


@st.composite
def supported_systems(draw: st.DrawFn) -> dict[str, Any]:
    """A random system with up to two policies of each kind, sometimes with a way back from hydrogen to power.

    What is under contract is limited in volume, so that nothing that is paid for being thrown away is without bounds.
    """
    data = draw(systems())
    data["view"] = draw(st.sampled_from(["private"] * 7 + ["social"]))
    if ("electrolyser" in data["processes"] or "ship" in data["supply"]) and draw(st.booleans()):
        data["processes"]["turbine"] = dict(TURBINE)
    return data | {"policies": data["policies"] | draw(policies(data))}


def named(least: int, most: int, one: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """So many entries, some switched off."""
    off = st.sampled_from([{}, {}, {}, {"active": False}])
    entry = st.builds(lambda a, b: a | b, one, off)
    return st.lists(entry, min_size=least, max_size=most).map(lambda found: {f"no_{k}": e for k, e in enumerate(found)})


@st.composite
def policies(draw: st.DrawFn, data: dict[str, Any]) -> dict[str, Any]:
    """All sections of policies that pay."""
    made = {c: [p for p in routes if p in data["processes"]] for c, routes in MADE.items()}
    made = {c: routes for c, routes in made.items() if routes}
    year = data["horizon"]["start"]
    found: dict[str, Any] = {
        "free_allocation": draw(named(0, 3, allocations(made, year))),
        "power_compensation": draw(named(0, 2, compensations(made, year))),
        "budgets": draw(named(0, 2, st.fixed_dictionaries({"limit": by_year(0, 8e6, year)}))),
    }
    imports = {n: s.get("commodity") or n for n, s in data["supply"].items()}
    found["border_adjustment"] = draw(borders(imports, found["free_allocation"], year))
    found["carbon_contracts"] = draw(
        named(1, 2, contracts(data, [r for routes in made.values() for r in routes], list(found["budgets"])))
    )
    plants = [*data["processes"], *data.get("storages", {}), *data.get("links", {})]
    found["grants"] = draw(named(0, 2, grants(data, plants, list(found["budgets"]))))
    drawn = {e.get("budget") for s in ("carbon_contracts", "grants") for e in found[s].values()}
    found["budgets"] = {name: b for name, b in found["budgets"].items() if name in drawn}
    return found


@st.composite
def routes_of(draw: st.DrawFn, made: dict[str, list[str]]) -> dict[str, Any]:
    """A product, its activity level, and perhaps some of its routes."""
    c = draw(st.sampled_from(list(made)))
    found: dict[str, Any] = {"commodity": c, "activity_level": draw(number(0, LEVEL[c]))}
    if draw(st.booleans()):
        found["processes"] = draw(st.lists(st.sampled_from(made[c]), min_size=1, unique=True))
    if c == "hydrogen" and "green" in made.get("steel", []) and draw(st.booleans()):
        found["also_used_by"] = ["green"]
    return found


@st.composite
def allocations(draw: st.DrawFn, made: dict[str, list[str]], year: int) -> dict[str, Any]:
    found = draw(routes_of(made)) | {"benchmark": draw(by_year(0, 1.5, year))}
    found |= draw(st.sampled_from([{}, {"by": "lump_sum"}, {"by": "output"}]))
    return found | ({"factor": draw(by_year(0, 1, year))} if draw(st.booleans()) else {})


@st.composite
def compensations(draw: st.DrawFn, made: dict[str, list[str]], year: int) -> dict[str, Any]:
    found = draw(routes_of(made)) | {"electricity": draw(by_year(0, 1.5, year))}
    found |= {"emission_factor": draw(by_year(0.1, 0.8, year))}
    return found | ({"aid": draw(number(0, 1))} if draw(st.booleans()) else {})


@st.composite
def borders(draw: st.DrawFn, imports: dict[str, str], free: dict[str, Any], year: int) -> dict[str, Any]:
    """At most one adjustment per commodity, which takes off what is given free for the same."""
    found = {}
    for c in sorted({*imports.values()} & {"steel", "hydrogen", "power"}):
        if draw(st.booleans()):
            border = {"commodity": c, "embodied": draw(by_year(0, 2, year))}
            given = [name for name, a in free.items() if a["commodity"] == c]
            if given and draw(st.booleans()):
                border["allocation"] = draw(st.sampled_from([*given, given]))
            if draw(st.booleans()):
                border["foreign_price"] = draw(by_year(0, 150, year))
            if draw(st.booleans()):
                border["supply"] = [next(n for n, bought in imports.items() if bought == c)]
            found[f"of_{c}"] = border | draw(st.sampled_from([{}, {}, {"active": False}]))
    return found


@st.composite
def contracts(draw: st.DrawFn, data: dict[str, Any], routes: list[str], budgets: list[str]) -> dict[str, Any]:
    """A contract for any route, with a random subset of what it knows."""
    process = draw(st.sampled_from(routes))
    plant, year = data["processes"][process], data["horizon"]["start"]
    size = 2e4 if plant["unit"] == "t" else 4.0
    emission = draw(number(0, 0.8))
    found: dict[str, Any] = {"process": process, "strike": draw(by_year(-50, 450, year)), "emission": emission}
    found |= {"reference_emission": emission + draw(number(0.1, 1.5)), "volume": draw(number(0, size))}
    options = {
        "regions": st.sampled_from([[r] for r in plant.get("regions", data["regions"])]),
        "signed_from": st.integers(year, year + 6), "signed_until": st.integers(year + 6, year + 15),
        "duration": st.sampled_from([1, 7, 12, 15, 30]), "two_sided": st.just(False),
        "reference_allocation": by_year(0, 1, year), "allocation": by_year(0, 1, year),
        "wacc_reduction": number(0, min(plant.get("wacc", data["horizon"]["discount_rate"]), 0.05)),
        "indexation": st.fixed_dictionaries({"gas": st.fixed_dictionaries(
            {"difference": number(-2, 2), "price": by_year(10, 40, year), "base": number(10, 40)})}),
        **({"budget": st.sampled_from(budgets)} if budgets else {}),
        **({"modes": st.lists(st.sampled_from(list(plant["modes"])), min_size=1, unique=True)} if plant.get("modes")
           else {}),
    }  # fmt: skip
    return found | {key: draw(option) for key, option in options.items() if draw(st.booleans())}


@st.composite
def grants(draw: st.DrawFn, data: dict[str, Any], plants: list[str], budgets: list[str]) -> dict[str, Any]:
    found: dict[str, Any] = {"plants": draw(st.lists(st.sampled_from(plants), min_size=1, unique=True))}
    found["share"] = draw(by_year(0, 1, data["horizon"]["start"]))
    if budgets and draw(st.booleans()):
        found["budget"] = draw(st.sampled_from(budgets))
    return found | ({"regions": [draw(st.sampled_from(list(data["regions"])))]} if draw(st.booleans()) else {})
