"""Random systems with network charges of every regulation on the power and the hydrogen that they buy."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from .strategies import systems

HIGH = 60_000.0
"""EUR per MW and year, of the size of what an hour's price brings in a year."""


def number(low: float, high: float) -> st.SearchStrategy[float]:
    """One of 11 values between two bounds."""
    return st.integers(0, 10).map(lambda k: round(low + (high - low) * k / 10, 10))


@st.composite
def charged_systems(draw: st.DrawFn) -> dict[str, Any]:
    """A random system with one or two charges, and homes that want power, so that something is bought."""
    data = draw(systems())
    data["view"] = draw(st.sampled_from(["private", "private", "social"]))
    data["demand"]["flats"] = {"commodity": "power", "amount": {"one": draw(number(1e3, 4e4))}, "shortfall_cost": 400}
    if "profiles" in data and draw(st.booleans()):
        data["demand"]["flats"]["profile"] = "shape"
    slices = list(data["time"]["slices"]) if "time" in data else []
    if slices:
        data["profiles"]["window"] = {name: draw(st.sampled_from([0, 1])) for name in slices}
    names = ["local", "remote"][: draw(st.integers(1, 2))]
    data["network_charges"] = {name: draw(network_charges(data, bool(slices))) for name in names}
    return data


@st.composite
def network_charges(draw: st.DrawFn, data: dict[str, Any], windows: bool) -> dict[str, Any]:
    """One charge of any regulation, with a random subset of what it knows."""
    ships = "ship" in data["supply"] and draw(st.booleans())
    commodity, supply = ("hydrogen", "ship") if ships else ("power", "grid")
    places = data["supply"][supply].get("regions") or list(data["regions"])
    area = "area" in data["commodities"][commodity]

    year = data["horizon"]["start"]

    def price(high: float) -> Any:
        simple = number(0, high) | st.builds(lambda a, b: {year: a, year + 4: b}, number(0, high), number(0, high))
        by_place = simple if area else simple | st.fixed_dictionaries(dict.fromkeys(places, simple))
        return draw(by_place)

    charge: dict[str, Any] = {"commodity": commodity, "energy": price(20), "capacity": price(HIGH)}
    charge["regulation"] = draw(st.sampled_from(["general", "baseload", *(["atypical"] * windows)]))
    if draw(st.booleans()):
        charge["supply"] = [supply]
    if draw(st.booleans()):
        charge["regions"] = [places[0]]
    if draw(st.booleans()):
        charge[draw(st.sampled_from(["available_from", "available_until"]))] = year + draw(st.integers(0, 9))
    if charge["regulation"] == "atypical":
        charge["high_load_window"] = "window"
        if draw(st.booleans()):
            charge["least_share"] = draw(number(0, 1))
    if charge["regulation"] == "baseload":
        charge["hours"] = draw(st.sampled_from([7000, 7400, 7500, 8000, 8760]))
        if draw(st.booleans()):
            charge["share"] = draw(number(0.1, 1))
    return charge
