"""Levelised cost against the deck of known routes and against small plants solved by hand."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest
import xarray as xr

import transform_sim as ts
from tests.micro import ROOT, mini, solve
from tests.test_reference_deck import DECK, PRICES, SHARE, run
from transform_sim.analysis import levelised_cost
from transform_sim.analysis.technology import plants_of
from transform_sim.errors import TransformSimError
from transform_sim.finance import annuity_factor
from transform_sim.results import Results

WAY = ["process", "mode", "technique", "region", "investment", "period"]


@cache
def deck(product: str, year: int, carbon_price: float) -> Results:
    """All routes of a product against each other; only the cheapest runs."""
    return run(year, *(n for n, route in DECK.items() if route.product == product), carbon_price=carbon_price)


def totals(frame: Any) -> dict[tuple[Any, ...], float]:
    """Levelised cost of each way."""
    return dict(frame.groupby(WAY)["value"].sum())


@pytest.mark.parametrize("carbon_price", [0.0, 137.0])
@pytest.mark.parametrize("year", list(PRICES))
@pytest.mark.parametrize("product", list(SHARE))
def test_every_route_of_the_deck_costs_what_its_formula_says(product: str, year: int, carbon_price: float) -> None:
    # routes that do not run have no traded inputs: these count at market prices
    found = totals(levelised_cost(deck(product, year, carbon_price), product))
    routes = {name: route for name, route in DECK.items() if route.product == product}
    assert {process for process, *_ in found} == set(routes)
    for (process, *_), value in found.items():
        route = routes[process]
        assert value == pytest.approx(route.by_formula(year) + carbon_price * route.emission, rel=1e-6), process


@pytest.mark.parametrize("year", list(PRICES))
def test_market_prices_give_the_same_where_supply_is_unlimited(year: int) -> None:
    r = deck("steel", year, 0.0)
    assert totals(levelised_cost(r, "steel", prices="market")) == pytest.approx(totals(levelised_cost(r, "steel")))


def test_parts_of_one_route_are_its_line_of_the_deck() -> None:
    route = DECK["bf_bof_reline"]
    frame = levelised_cost(run(2030, route.name, carbon_price=50.0), "steel")
    value = frame.groupby(["kind", "item"])["value"].sum()
    assert value["capital", ""] == pytest.approx(route.capex * annuity_factor(0.07, route.lifetime) / 0.9)
    assert value["fixed", ""] == pytest.approx(route.fixed_opex / 0.9)
    assert value["variable", ""] == pytest.approx(route.variable_opex)
    assert value["energy", "coal"] == pytest.approx(route.inputs["coal"] * PRICES[2030]["coal"])
    assert value["co2", "co2"] == pytest.approx(50.0 * route.emission, rel=1e-6)
    assert set(frame["unit"]) == {"EUR2020/t"}


def test_captured_carbon_costs_its_way_to_the_store() -> None:
    captured = next(r for r in DECK.values() if r.product == "steel" and r.inputs.get("storage"))
    frame = levelised_cost(run(2030, captured.name), "steel")
    stored = frame[frame["kind"] == "storage"]
    assert list(stored["item"]) == ["captured"]
    assert stored["value"].sum() == pytest.approx(captured.inputs["storage"] * PRICES[2030]["storage"])


def test_by_products_are_credits() -> None:
    r = solve(
        commodities={"steel": {"unit": "t"}, "heat": {"unit": "MWh"}},
        processes={"works": {"unit": "t", "flows": {"steel": 2, "heat": 3}, "variable_opex": 40}},
        supply={"heat": {"price": 5}},
        demand={"steel": {"amount": 10}, "heat": {"amount": 100}},
    )
    value = levelised_cost(r, "steel").groupby("kind")["value"].sum()
    # per t of steel: half an activity at 40, 1.5 MWh of heat worth 5 each
    assert value["variable"] == pytest.approx(20.0)
    assert value["by-product"] == pytest.approx(-7.5)


def test_each_generation_stands_in_the_years_in_which_it_is_built() -> None:
    found = totals(levelised_cost(mini("generations"), "hydrogen"))
    standing = 60_000 / 10 / 8760  # no interest, ten years
    assert found == pytest.approx({
        ("electrolyser", "", "2020", "ruhr", "new", 2025): (30 + standing) / 0.6,
        ("electrolyser", "", "2030", "ruhr", "new", 2030): (30 + standing) / 0.75,
        ("electrolyser", "", "2030", "ruhr", "new", 2035): (30 + standing) / 0.75,
    })  # fmt: skip


def test_renewal_has_its_own_investment() -> None:
    found = totals(levelised_cost(mini("reline_or_convert"), "steel"))
    # 5 MWh of coal at 15, 1.7 t CO₂ at 50, other cost 105; capital without interest over 20 years
    running = 5 * 15 + 105 + 5 * 0.34 * 50
    assert found["furnace", "", "", "ruhr", "new", 2025] == pytest.approx(running + 900 / 20)
    assert found["furnace", "", "", "ruhr", "renewed", 2025] == pytest.approx(running + 200 / 20)
    assert not [w for w in found if w[0] == "shaft" and w[4] == "renewed"]


def test_first_plants_cost_their_premium_new_and_renewed() -> None:
    found = totals(levelised_cost(mini("valley_of_death"), "steel"))
    costs = {period: cost for (process, *_, period), cost in found.items() if process == "electrolysis"}
    assert costs == pytest.approx({2030: 190 + 100 * 1.375, 2035: 190 + 100 * 1.1875, 2040: 290})
    plant = {"unit": "t", "flows": {"steel": 1}, "capex": 300, "fixed_opex_share": 0.02, "lifetime": 10,
             "reinvest": {"capex": 100}, "first_of_a_kind": 0.5}  # fmt: skip
    relined = totals(levelised_cost(solve(processes={"mill": plant}), "steel"))
    assert {key[4]: cost for key, cost in relined.items()} == pytest.approx({"new": 45 + 6, "renewed": 15 + 6})


def test_the_price_of_a_cap_counts_on_top_of_the_carbon_price() -> None:
    plants = {
        "furnace": {"unit": "t", "flows": {"steel": 1}, "auxiliary_carbon": 2, "variable_opex": 100},
        "clean": {"unit": "t", "flows": {"steel": 1}, "variable_opex": 150},
    }
    r = solve(
        commodities={"steel": {"unit": "t"}, "co2": {"unit": "t", "kind": "emission"}}, processes=plants,
        policies={"carbon_price": 10, "emission_cap": 8},
    )  # fmt: skip
    # the cap lets 4 of 10 t be made with carbon; one tonne less costs 25, of which 10 is paid anyway
    both = {w[0]: v for w, v in totals(levelised_cost(r, "steel")).items()}
    paid = {w[0]: v for w, v in totals(levelised_cost(r, "steel", cap_price=False)).items()}
    assert both == pytest.approx({"furnace": 150, "clean": 150})
    assert paid == pytest.approx({"furnace": 120, "clean": 150})


def test_each_plant_pays_the_price_of_the_cap_where_its_region_emits() -> None:
    plants = {
        "furnace": {"unit": "t", "flows": {"steel": 1}, "auxiliary_carbon": 2, "variable_opex": 100},
        "clean": {"unit": "t", "flows": {"steel": 1}, "variable_opex": 150},
    }
    r = solve(
        regions={"ruhr": {}, "saar": {}, "coast": {}}, demand={"steel": {"amount": 10}}, processes=plants,
        commodities={"steel": {"unit": "t"},
                     "co2": {"unit": "t", "kind": "emission", "area": {"ruhr": "inland", "saar": "inland"}}},
        policies={"emission_cap": {"inland": 8}},
    )  # fmt: skip
    found = {(w[0], w[3]): v for w, v in totals(levelised_cost(r, "steel")).items()}
    assert {region: v for (name, region), v in found.items() if name == "furnace"} == pytest.approx(
        {"ruhr": 150, "saar": 150, "coast": 100}
    )


@pytest.mark.parametrize(("view", "rate"), [("private", 0.1), ("social", 0.02)])
def test_capital_is_paid_at_the_rate_of_the_view(view: str, rate: float) -> None:
    r = solve(
        view=view, horizon={"start": 2025, "end": 2025, "step": 1, "discount_rate": 0.02},
        processes={"works": {"unit": "t", "flows": {"steel": 1}, "capex": 500, "wacc": 0.1, "lifetime": 30,
                             "economic_lifetime": 20, "availability": 0.8}},
    )  # fmt: skip
    assert levelised_cost(r, "steel")["value"].sum() == pytest.approx(500 * annuity_factor(rate, 20) / 0.8)


@pytest.mark.parametrize(("capex", "cost"), [(87_600, 80.0), (876_000, 280.0)])
def test_a_plant_beside_a_store_runs_in_its_best_hours(capex: float, cost: float) -> None:
    r = solve(
        time={"slices": {"summer": {"share": 0.5}, "winter": {"share": 0.5}}},
        profiles={"spot": {"summer": 0.5, "winter": 1.5}},
        commodities={"electricity": {"unit": "MWh", "balance": "hour"},
                     "hydrogen": {"unit": "MWh", "implied_store": True}},
        processes={"electrolyser": {"unit": "MWh", "flows": {"electricity": -1, "hydrogen": 0.5}, "capex": capex,
                                    "lifetime": 1}},
        supply={"electricity": {"price": 40, "price_profile": "spot"}},
        demand={"hydrogen": {"amount": 100}, "electricity": {"amount": 100}},
    )  # fmt: skip
    # half a year: capex / 4380 h + 20 EUR; a whole one: capex / 8760 h + 40 EUR; half a MWh of hydrogen per MWh
    frame = levelised_cost(r, "hydrogen")
    assert frame["value"].sum() == pytest.approx(cost)
    assert float(r.shadow_price.sel(commodity="hydrogen").squeeze()) == pytest.approx(cost)


def test_what_nobody_trades_counts_at_the_market_price_or_is_marked() -> None:
    r = solve(
        commodities={c: {"unit": "t"} for c in ("steel", "scrap", "iron")},
        processes={
            "cheap": {"unit": "t", "flows": {"steel": 1}, "variable_opex": 1},
            "melting": {"unit": "t", "flows": {"steel": 1, "scrap": -1}},
            "reducing": {"unit": "t", "flows": {"steel": 1, "iron": -1}},
            "iron_making": {"unit": "t", "flows": {"iron": 1}, "variable_opex": 7},
        },
        supply={"scrap": {"price": 30}},
    )  # fmt: skip
    frame = levelised_cost(r, "steel").set_index("process")
    scrap, iron = (frame[frame["item"] == item] for item in ("scrap", "iron"))
    assert scrap.loc["melting", "basis"] == "market"
    assert scrap.loc["melting", "value"] == pytest.approx(30.0)
    assert iron.loc["reducing", "basis"] == "untraded"


def test_a_study_whose_markets_read_tables_needs_no_scenario() -> None:
    scenario = ts.load(ROOT / "scenarios" / "nrw_steel_annual.yaml")
    plants = plants_of(Results(xr.Dataset(attrs={"scenario": scenario.name, "scenario_text": scenario.text})))
    assert set(plants.processes) == set(scenario.processes)
    assert plants.processes["dri_eaf"].capex == scenario.processes["dri_eaf"].capex
    assert "coal" in plants.supply
    assert "grid_power" not in plants.supply  # its price stands in a table


def test_results_without_a_text_ask_for_the_scenario() -> None:
    r = mini("two_routes")
    bare = Results(r.data.assign_attrs(scenario_text=""))
    with pytest.raises(TransformSimError, match="give the scenario"):
        levelised_cost(bare, "steel")
    scenario = ts.load(ROOT / "scenarios" / "mini" / "two_routes.yaml")
    assert totals(levelised_cost(bare, "steel", scenario=scenario)) == pytest.approx(totals(levelised_cost(r, "steel")))


def test_a_commodity_that_nothing_makes_is_refused() -> None:
    with pytest.raises(TransformSimError, match="no process makes 'coal'"):
        levelised_cost(mini("two_routes"), "coal")
