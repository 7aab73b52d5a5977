"""Routes of one product switch at the carbon price that a calculation by hand gives; its price is its levelised cost.

Plants are those of the catalogue, two at a time, at round prices. For every two ways to make a product of which the
cleaner is the dearer, with cost C and emission e per unit as `tests/ways.py` works them out,

    CO2* = (C_clean − C_dirty) / (e_dirty − e_clean)

and a program with both makes all of the product the dirty way at CO2* − 0.01 EUR/t, and the clean way at CO2* + 0.01.
"""

from __future__ import annotations

import itertools
from functools import cache
from typing import Any

import pytest

import transform_sim as ts
from tests.catalogue.whole import everything
from tests.micro import load, solve
from tests.ways import DISCOUNT, HOURS, Way, at, ways

YEAR = 2045
AMOUNT = 1000.0
STEP = 0.01
PRODUCTS = (
    "crude_steel", "clinker", "lime", "cement", "ammonia", "methanol", "hvc", "chlorine", "aluminium", "glass", "paper",
    "hydrogen", "electricity", "heat_100", "heat_200", "heat_500", "heat_1000", "sme_heat",
)  # fmt: skip
PRICES = {
    "electricity": 75.0, "hydrogen": 130.0, "natural_gas": 35.0, "coal": 20.0, "lignite": 8.0, "biomass": 25.0,
    "refuse_fuel": 5.0, "iron_ore": 98.0, "pellets": 130.0, "hbi": 450.0, "scrap": 320.0, "lime": 100.0,
    "limestone": 12.0, "biocarbon": 500.0, "naphtha": 485.0, "methanol": 600.0, "plastic_waste": 50.0,
    "ammonia": 700.0, "captured_co2": 150.0, "alumina": 375.0, "aluminium_scrap": 1500.0, "copper_room": 1.0,
}  # fmt: skip
"""EUR per unit; any other good 50 EUR/MWh or 100 EUR/t. The identity holds at any prices; these make pairs switch."""
STORAGE = 70.0
ORIGINS = {"captured_co2": "biogenic"}
"""CO₂ that is bought comes from plants, so that using it is no emission."""


def product_of(way: Way) -> str | None:
    """The product that a way is there for: what it makes one of, or hydrogen of electrolysis; None if it has none."""
    made = [c for c, amount in way.flows(YEAR).items() if c in PRODUCTS and amount > 0]
    first = next((c for c in made if way.flows(YEAR)[c] == 1), None)
    return first or ("hydrogen" if made == ["hydrogen"] else None)


def goods(way: Way, year: int = YEAR) -> dict[str, float]:
    """What a way uses and makes, without what it states to be emitted by others."""
    known = everything().commodities
    return {c: amount for c, amount in way.flows(year).items() if known[c].kind != "emission"}


def price_of(commodity: str) -> float:
    return PRICES.get(commodity, 50.0 if everything().commodities[commodity].unit == "MWh" else 100.0)


def buildable(way: Way) -> bool:
    """Whether the way can be built new in the year, in what plants of that year are (the last technique)."""
    p = way.process
    stands = (p.earliest or 0) <= YEAR <= (p.latest or YEAR)
    return (
        stands
        and p.availability_profile is None
        and (way.technique is None or way.technique == max(t for t in p.techniques if t <= YEAR))
    )


@cache
def calculated(way_label: str) -> tuple[float, float]:
    """(cost, emission) of one unit of the product without a carbon price; what is captured is stored."""
    way = WAYS[way_label]
    product = product_of(way)
    assert product is not None
    prices = {c: price_of(c) for c in goods(way) if c != product}
    if goods(way).get("captured_co2", 0) > 0:
        prices["captured_co2"] = -STORAGE
    return way.cost(YEAR, prices, product), way.emission(everything(), YEAR, ORIGINS) / way.flows(YEAR)[product]


def study(*of: Way, carbon_price: float = 0.0, **more: Any) -> dict[str, Any]:
    """Sections of a study of one year in which these ways, and no other, make a product."""
    product, flows = product_of(of[0]), {c for way in of for c in way.flows(YEAR)}
    commodities: dict[str, Any] = {c: {"from": "catalogue"} for c in sorted(flows | {"co2"})}
    used = {c for way in of for c, amount in goods(way).items() if c != product and amount < 0}
    beside = {c for way in of for c, amount in goods(way).items() if c != product and amount > 0}
    for c, origin in ORIGINS.items():
        if c in used:
            commodities[c]["origin"] = origin
    if "captured_co2" in beside:
        commodities["captured_co2"]["disposal"] = {"cost": STORAGE, "permanent": True}
    others = beside - {"captured_co2"}
    # somebody else takes what is made beside the product, and would otherwise pay its price
    demand = {f"others_{c}": {"commodity": c, "amount": 100 * AMOUNT} for c in sorted(others)}
    return {
        "horizon": {"start": YEAR, "end": YEAR, "step": 1, "discount_rate": DISCOUNT},
        "commodities": commodities,
        "processes": {name: taken(name, of) for name in dict.fromkeys(way.name for way in of)},
        "supply": {c: {"price": price_of(c)} for c in sorted(used | others)},
        "demand": demand | {str(product): {"amount": AMOUNT}},
        "policies": {"carbon_price": carbon_price},
    } | more


def taken(name: str, of: tuple[Way, ...]) -> dict[str, Any]:
    """The catalogue's entry with the modes in question, new and by itself."""
    process = everything().processes[name]
    modes = {way.mode for way in of if way.name == name}
    own: dict[str, Any] = {"from": "catalogue"}
    own |= {key: None for key in ("retrofits", "new_capacity_max") if getattr(process, key)}
    dropped = {mode: None for mode in process.modes if mode not in modes}
    return own | ({"modes": dropped} if dropped else {})


WAYS = {way.label: way for way in ways(everything()) if product_of(way) and buildable(way)}


def pairs() -> list[tuple[str, str]]:
    """(dirty, clean) of one product where the clean way costs more and saves at least 20 kg of CO₂ per unit.

    Plants meet in the mode that is cheapest without a carbon price: each the cheapest and the dirtiest of all, and the
    one that is next to it in emission. Modes of one plant that are next to each other meet as well.
    """
    met: dict[tuple[str, str], None] = {}
    for product in PRODUCTS:
        own = [way for way in WAYS.values() if product_of(way) == product]
        plants = [sorted((w for w in own if w.name == name), key=dirt) for name in {w.name: None for w in own}]
        best = sorted((min(modes, key=cost_of) for modes in plants), key=dirt)
        couples = [couple for chain in (best, *plants) for couple in itertools.pairwise(chain)]
        couples += [(most, other) for most in (*best[-1:], *sorted(best, key=cost_of)[:1]) for other in best]
        for one, other in couples:
            clean, dirty = sorted((one, other), key=dirt)
            (low, most), (high, least) = calculated(dirty.label), calculated(clean.label)
            # where CO₂ of plants is for sale and a store is open, storing it pays by itself at a high carbon price
            apart = goods(one).get("captured_co2", 0.0) * goods(other).get("captured_co2", 0.0) >= 0
            if apart and most - least >= 0.02 and high > low + 0.02:
                met[dirty.label, clean.label] = None
    return list(met)


def dirt(way: Way) -> float:
    return calculated(way.label)[1]


def cost_of(way: Way) -> float:
    return calculated(way.label)[0]


@pytest.mark.parametrize(("dirty", "clean"), pairs())
def test_routes_switch_at_the_calculated_carbon_price(dirty: str, clean: str) -> None:
    (low, most), (high, least) = calculated(dirty), calculated(clean)
    switch = (high - low) / (most - least)
    for carbon_price, winner in ((switch - STEP, dirty), (switch + STEP, clean)):
        made = production(solve(**study(WAYS[dirty], WAYS[clean], carbon_price=carbon_price)), dirty, clean)
        assert made[winner] == pytest.approx(AMOUNT, rel=1e-6), (switch, carbon_price, made)


def production(r: ts.Results, *labels: str) -> dict[str, float]:
    """Product made by each way."""
    out = {}
    for label in labels:
        way = WAYS[label]
        activity = r.activity.sel(process=way.name)
        own = activity.sel(mode=way.mode) if way.mode is not None else activity
        out[label] = float(own.sum()) * way.flows(YEAR)[str(product_of(way))]
    return out


def test_every_product_with_routes_of_different_emission_switches() -> None:
    """Products of which no two routes form a pair: those whose routes emit nothing, or whose cleaner one is cheaper."""
    found = {product_of(WAYS[dirty]) for dirty, _ in pairs()}
    assert found >= set(PRODUCTS) - {"cement", "chlorine", "paper", "heat_100"}
    assert len(pairs()) >= 50


# --- prices ---------------------------------------------------------------------------------------------------------

PERIODS = (2030, 2035, 2040, 2045, 2050)
FALL = 0.8
"""Prices of goods fall in a straight line to this share by the last period, and the carbon price rises."""
LEFT_OUT = ("growth_max", "seed_capacity", "earliest", "reinvest")
"""What would keep a period from building as much as it wants, or let it renew a plant for less than a new one costs."""


def carbon_price(year: int) -> float:
    return 80 + 4.0 * (year - PERIODS[0])


def prices_in(way: Way, year: int) -> dict[str, float]:
    """Prices of all that a way uses or makes beside its product, in a year."""
    share = 1 - (1 - FALL) * (year - PERIODS[0]) / (PERIODS[-1] - PERIODS[0])
    prices = {c: price_of(c) * share for c in goods(way, year) if c != product_of(way)}
    return prices | ({"captured_co2": -STORAGE} if goods(way, year).get("captured_co2", 0) > 0 else {})


def growing(way: Way, **own: Any) -> tuple[ts.Results, Way]:
    """A study in which demand grows from period to period, so that each builds; and the way as it stands there."""
    sections = study(way)
    process = sections["processes"][way.name] | {key: None for key in LEFT_OUT if getattr(way.process, key)} | own
    sections |= {
        "horizon": {"start": PERIODS[0], "end": PERIODS[-1], "step": 5, "discount_rate": DISCOUNT},
        "processes": {way.name: process},
        "supply": {
            c: {"price": {PERIODS[0]: price_of(c), PERIODS[-1]: price_of(c) * FALL}} for c in sections["supply"]
        },
        "policies": {"carbon_price": {y: carbon_price(y) for y in PERIODS}},
    }
    sections["demand"][product_of(way)] = {"amount": {y: AMOUNT * (i + 1) for i, y in enumerate(PERIODS)}}
    scenario = load(**sections)
    return ts.solve(scenario), next(w for w in ways(scenario, way.name) if w.technique == way.technique)


def price(r: ts.Results, way: Way, year: int) -> float:
    return float(r.shadow_price.sel(commodity=product_of(way), period=year).squeeze())


def constant(way: Way) -> bool:
    """Whether a plant costs the same in every year, so that no later one undercuts it."""
    costs = (way.process.capex, way.process.first_of_a_kind)
    return way.technique is None and all(len({at(q, y) for y in PERIODS}) == 1 for q in costs)


STEADY = [label for label, way in WAYS.items() if constant(way)]


@pytest.mark.parametrize("label", STEADY[::5])
def test_a_product_costs_what_a_new_plant_costs_in_every_period(label: str) -> None:
    way, product = WAYS[label], str(product_of(WAYS[label]))
    r, _ = growing(way)
    for year in PERIODS:
        emitted = way.emission(everything(), year, ORIGINS) / way.flows(year)[product]
        levelised = way.cost(year, prices_in(way, year), product) + carbon_price(year) * emitted
        assert price(r, way, year) == pytest.approx(levelised, rel=1e-6, abs=1e-6), year


def test_plants_that_last_one_period_set_the_price_of_that_period() -> None:
    """The investment falls, and every period builds all of its plants anew."""
    r, way = growing(WAYS["steam_heat_pump"], lifetime=5)
    assert at(way.process.capex, 2030) > at(way.process.capex, 2050)
    for year in PERIODS:
        assert price(r, way, year) == pytest.approx(way.cost(year, prices_in(way, year), "heat_200"), rel=1e-6)


def test_where_later_plants_are_cheaper_earlier_ones_must_earn_their_loss_before() -> None:
    r"""A plant of period $y$ is paid by the rents $\rho$ of all periods that it sees.

    $$ A_y \sum_{t \ge y} N_t = \sum_{t \ge y} N_t \rho_t \quad\Rightarrow\quad
    \rho_y = A_y + (A_y - A_{y+1}) \sum_{t > y} N_t / N_y $$

    With annuities $A$ that fall, early rents lie above them.
    """
    r, way = growing(WAYS["steam_heat_pump"], lifetime=50)
    weight = [sum((1 + DISCOUNT) ** -(y + k - PERIODS[0]) for k in range(5)) for y in PERIODS]
    crf = 0.07 * 1.07**50 / (1.07**50 - 1)
    annuity = [at(way.process.capex, y) * crf / HOURS / at(way.process.availability, y) for y in PERIODS]
    for i, year in enumerate(PERIODS):
        lost = (annuity[i] - annuity[i + 1]) * sum(weight[i + 1 :]) / weight[i] if i + 1 < len(PERIODS) else 0.0
        levelised = way.cost(year, prices_in(way, year), "heat_200")
        assert price(r, way, year) == pytest.approx(levelised + lost, rel=1e-6), year
        assert (lost > 0.1) is (i + 1 < len(PERIODS))
