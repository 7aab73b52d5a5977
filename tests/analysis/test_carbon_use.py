"""Plants that take carbon of several origins: their levelised cost is the price of what they make."""

from __future__ import annotations

from typing import Any

import pytest

import transform_sim as ts
from tests.micro import solve
from transform_sim.analysis import levelised_cost


def methanol(**policies: Any) -> ts.Results:
    """Methanol from the CO₂ of a kiln, of wood and of the air, all newly built, and burnt for heat; wood is scarce."""
    new = {"unit": "t", "lifetime": 20, "capex": 100}
    return solve(
        commodities={
            "coal": {"unit": "MWh", "carbon_content": 0.4},
            "wood": {"unit": "MWh", "carbon_content": 0.4, "origin": "biogenic"},
            "clinker": {"unit": "t"},
            "captured": {"unit": "t", "carbon_content": 1, "carbon_dioxide": True},
            "methanol": {"unit": "t", "carbon_content": 1.4},
            "heat": {"unit": "MWh"},
            "co2": {"unit": "t", "kind": "emission"},
        },
        processes={
            "kiln": {**new, "flows": {"clinker": 1, "coal": -2, "captured": 0.7}},
            "wood_boiler": {**new, "flows": {"captured": 0.36, "wood": -1}},
            "air_capture": {**new, "flows": {"captured": 1}, "auxiliary_carbon": 1, "auxiliary_origin": "air",
                            "variable_opex": 150},
            "synthesis": {**new, "flows": {"methanol": 1, "captured": -1.5}, "variable_opex": 300},
            "burner": {**new, "unit": "MWh", "flows": {"heat": 5, "methanol": -1}},
        },
        supply={"coal": {"price": 10}, "wood": {"price": 20, "volume_max": 10}},
        demand={"clinker": {"amount": 10}, "heat": {"amount": 80}, "methanol": {"amount": 1}},
        policies={"carbon_price": 120, **policies},
    )  # fmt: skip


MAKER = {"clinker": "kiln", "methanol": "synthesis", "heat": "burner"}


@pytest.mark.parametrize("policies", [{}, {"charge_co2_use": False}, {"carbon_price": 300}])
@pytest.mark.parametrize("product", list(MAKER))
def test_levelised_cost_is_the_price_of_a_product_of_the_same_carbon(policies: dict[str, Any], product: str) -> None:
    r = methanol(**policies)
    cost = levelised_cost(r, product).groupby("process")["value"].sum()[MAKER[product]]
    price = float(r.shadow_price.sel(commodity=product).squeeze())
    if product == "methanol":
        # the price is that of methanol with fossil carbon where it counts when it burns; other carbon is worth more
        made = r.carbon_made.sel(process="synthesis", commodity=product).squeeze()
        worth = r.carbon_premium.sel(commodity=product).squeeze().fillna(0)
        price += 1.4 * float((made / made.sum() * worth).sum())
    assert cost == pytest.approx(price, rel=1e-6)


def test_carbon_that_will_not_count_is_worth_the_carbon_price_more() -> None:
    worth = methanol().carbon_premium.sel(commodity="captured").squeeze()
    assert float(worth.sel(origin="air")) == pytest.approx(120)
    assert float(worth.sel(origin="biogenic")) == pytest.approx(120)
