"""A deck of industrial routes whose levelised costs and switching points are known: the whole chain reproduces them.

The routes are rounded numbers for regression, not data: none of them is part of the package. Each line of
`deck/routes.csv` is one plant: capex (EUR per t/a, heat: per kW), fixed cost a year, other cost per unit, life, inputs
per unit of product, direct emission (t CO₂ per unit), then the levelised cost and the carbon price at which it draws
level with the first route of its product, at the prices of 2030 and 2045. 7 % interest, 90 % of the year, heat 6,000 h.

    LCO = (capex · CRF + fixed)/share + other + Σ input · price;  CO2* = (LCO_x − LCO_ref)/(e_ref − e_x)

Emissions follow from the carbon in coal, gas and captured CO₂; what that leaves open to the stated figure (limestone,
electrodes, rounding) is given as auxiliary carbon.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import transform_sim as ts
from tests.micro import solve
from transform_sim.finance import annuity_factor

PRICES = {
    2030: {"electricity": 75, "hydrogen": 130, "gas": 35, "coal": 20, "ore": 130, "scrap": 320, "lime": 100,
           "storage": 70},
    2045: {"electricity": 60, "hydrogen": 95, "gas": 30, "coal": 18, "ore": 130, "scrap": 350, "lime": 100,
           "storage": 50},
}  # fmt: skip
CARBON = {"coal": 0.341, "gas": 0.2016}
ENERGY = ("electricity", "hydrogen", "gas", "coal", "heat")
SHARE = {"steel": 0.9, "clinker": 0.9, "ammonia": 0.9, "heat": 6000 / 8760}
RATE = 0.07
DEMAND = 1000.0


@dataclass(frozen=True)
class Route:
    """One line of the deck."""

    product: str
    name: str
    capex: float
    fixed_opex: float
    variable_opex: float
    lifetime: int
    inputs: dict[str, float]
    emission: float
    lco: dict[int, float]
    switch: dict[int, float]

    def by_formula(self, year: int) -> float:
        """Levelised cost as the formula has it."""
        capital = (self.capex * annuity_factor(RATE, self.lifetime) + self.fixed_opex) / SHARE[self.product]
        if self.product == "heat":  # per kW and 8,760 h → per MWh
            capital *= 1000 / 8760
        return capital + self.variable_opex + sum(q * PRICES[year][c] for c, q in self.inputs.items())

    @property
    def process(self) -> dict[str, Any]:
        """The route as a scenario writes it."""
        per = 1000 if self.product == "heat" else 1
        flows = {c: -q for c, q in self.inputs.items() if c != "storage"} | {self.product: 1}
        captured = self.inputs.get("storage", 0.0)
        carbon_in = sum(self.inputs.get(c, 0.0) * content for c, content in CARBON.items())
        return {
            "unit": "MWh" if self.product == "heat" else "t",
            "flows": flows | ({"captured": captured} if captured else {}),
            "auxiliary_carbon": round(self.emission + captured - carbon_in, 6),
            "capex": self.capex * per,
            "fixed_opex": self.fixed_opex * per,
            "variable_opex": self.variable_opex,
            "lifetime": self.lifetime,
            "availability": SHARE[self.product],
        }


def _deck() -> dict[str, Route]:
    def by_year(row: dict[str, str], name: str) -> dict[int, float]:
        return {year: float(row[f"{name}_{year}"]) for year in PRICES if row[f"{name}_{year}"]}

    def inputs(text: str) -> dict[str, float]:
        words = text.split()
        return {name: float(amount) for name, amount in zip(words[::2], words[1::2], strict=True)}

    with (Path(__file__).parent / "deck" / "routes.csv").open(encoding="utf-8", newline="") as file:
        return {
            row["route"]: Route(
                row["product"], row["route"], float(row["capex"]), float(row["fixed_opex"]),
                float(row["variable_opex"]), int(row["lifetime"]), inputs(row["inputs"]), float(row["emission"]),
                by_year(row, "lco"), by_year(row, "switch"),
            )
            for row in csv.DictReader(file)
        }  # fmt: skip


DECK = _deck()
REFERENCE = {"steel": "bf_bof_reline", "clinker": "reference", "ammonia": "smr", "heat": "gas_boiler"}
CHALLENGERS = [name for name, route in DECK.items() if route.switch]


def run(year: int, *routes: str, carbon_price: float = 0.0) -> ts.Results:
    """The cheapest way to 1,000 units of the product among some routes, at the prices of a year."""
    chosen = [DECK[name] for name in routes]
    product = chosen[0].product
    commodities: dict[str, Any] = {c: {"unit": "MWh" if c in ENERGY else "t"} for c in (*PRICES[year], product)}
    del commodities["storage"]
    for fuel, content in CARBON.items():
        commodities[fuel]["carbon_content"] = content
    storage = {"cost": PRICES[year]["storage"], "permanent": True}
    commodities["captured"] = {"unit": "t", "carbon_content": 1, "disposal": storage}
    commodities["co2"] = {"unit": "t", "kind": "emission"}
    return solve(
        horizon={"start": year, "end": year, "step": 1, "discount_rate": RATE},
        commodities=commodities,
        processes={route.name: route.process for route in chosen},
        supply={c: {"price": p} for c, p in PRICES[year].items() if c != "storage"},
        # somebody else takes power, so that what a blast furnace makes beyond its own needs is worth its price
        demand={product: {"amount": DEMAND}, "others": {"commodity": "electricity", "amount": DEMAND}},
        policies={"carbon_price": carbon_price},
    )


def emitted(r: ts.Results) -> float:
    """t CO₂; results of plants that emit nothing have no such quantity."""
    return float(r.emissions.sum()) if "emissions" in r.data else 0.0


@pytest.mark.parametrize("year", list(PRICES))
@pytest.mark.parametrize("name", list(DECK))
def test_levelised_cost_is_the_price_of_the_product(name: str, year: int) -> None:
    route, r = DECK[name], run(year, name)
    price = float(r.shadow_price.sel(commodity=route.product).squeeze())
    assert price == pytest.approx(route.lco[year], rel=0.005)
    assert price == pytest.approx(route.by_formula(year), rel=1e-9)
    assert emitted(r) == pytest.approx(route.emission * DEMAND, abs=1e-3 * DEMAND)


@pytest.mark.parametrize("year", list(PRICES))
@pytest.mark.parametrize("name", CHALLENGERS)
def test_routes_switch_at_their_carbon_price(name: str, year: int) -> None:
    route, reference = DECK[name], DECK[REFERENCE[DECK[name].product]]
    saved = reference.emission - route.emission
    switch = (route.by_formula(year) - reference.by_formula(year)) / saved
    assert switch == pytest.approx(route.switch[year], abs=0.6, rel=0.005)  # published without decimals
    for carbon_price, winner in ((switch * 0.999, reference), (switch * 1.001, route)):
        r = run(year, reference.name, name, carbon_price=carbon_price)
        assert float(r.activity.sel(process=winner.name).sum()) == pytest.approx(DEMAND)
        assert emitted(r) == pytest.approx(winner.emission * DEMAND, abs=1e-3 * DEMAND)


def test_every_line_is_read() -> None:
    assert len(DECK) == 17
    assert len(CHALLENGERS) == 12
