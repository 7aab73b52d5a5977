"""What must hold whatever the data: identities of the mathematics, on studies small enough to check by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import transform_sim as ts
from tests.micro import HALVES, SYSTEMS, load, objective, solve, study
from tests.oracle.reader import read_file
from transform_sim.finance import annuity_factor
from transform_sim.inputs import make_inputs
from transform_sim.names import GRIDS
from transform_sim.pipeline import compose
from transform_sim.timeseries import load_profile

RATE, LIFE = 0.07, 20
REFERENCE = {"capex": 400, "fixed_opex": 30, "variable_opex": 250}
CLEAN = {"capex": 900, "fixed_opex": 40, "variable_opex": 340}
EMITTED = {"reference": 1.9, "clean": 0.3}


def levelised(capex: float, fixed_opex: float, variable_opex: float, factor: float = 0.9) -> float:
    """Cost per t of a plant that is new, at its capacity factor."""
    return (capex * annuity_factor(RATE, LIFE) + fixed_opex) / factor + variable_opex


LCO = {"reference": levelised(**REFERENCE), "clean": levelised(**CLEAN)}
SWITCH = (LCO["clean"] - LCO["reference"]) / (EMITTED["reference"] - EMITTED["clean"])
"""Carbon price at which both routes cost the same: (LCO_x − LCO_ref)/(e_ref − e_x)."""


def routes(**sections: Any) -> dict[str, Any]:
    """Two routes to steel, both new and unconstrained."""
    processes = {
        name: {"unit": "t", "flows": {"steel": 1, "co2": EMITTED[name]}, "lifetime": LIFE, "availability": 0.9, **cost}
        for name, cost in (("reference", REFERENCE), ("clean", CLEAN))
    }
    base = {
        "horizon": {"start": 2025, "end": 2025, "step": 5, "discount_rate": RATE},
        "commodities": {"steel": {"unit": "t"}, "co2": {"unit": "t", "kind": "emission"}},
        "processes": processes,
    }
    return base | sections


# (ii) to (v): levelised cost, switching point, cap and price -------------------------------------------------------


@pytest.mark.parametrize("route", ["reference", "clean"])
def test_the_price_of_a_product_is_the_levelised_cost_of_new_capacity(route: str) -> None:
    processes = {route: routes()["processes"][route]}
    r = solve(**routes(processes=processes))
    assert float(r.shadow_price.sel(commodity="steel").squeeze()) == pytest.approx(LCO[route], rel=1e-9)


def test_it_is_so_in_every_period_in_which_capacity_is_built() -> None:
    horizon = {"start": 2025, "end": 2040, "step": 5, "discount_rate": RATE}
    r = solve(**routes(horizon=horizon, demand={"steel": {"amount": {2025: 10, 2040: 40}}}))
    assert r.shadow_price.sel(commodity="steel").values.ravel() == pytest.approx([LCO["reference"]] * 4, rel=1e-9)


@pytest.mark.parametrize(("price", "route"), [(SWITCH * 0.9999, "reference"), (SWITCH * 1.0001, "clean")])
def test_two_routes_switch_exactly_at_their_carbon_price(price: float, route: str) -> None:
    r = solve(**routes(policies={"carbon_price": price}))
    assert float(r.activity.sel(process=route).sum()) == pytest.approx(10)


def test_the_price_of_a_cap_is_the_switching_price_of_the_marginal_route() -> None:
    r = solve(**routes(policies={"emission_cap": 11}))
    assert float(r.cap_price.squeeze()) == pytest.approx(SWITCH, rel=1e-9)


def test_a_price_at_the_dual_of_the_cap_gives_its_emissions() -> None:
    # four clean routes, so that a cap cuts inside a step of the curve and the price can be told from both sides
    def run(**policies: Any) -> ts.Results:
        plants = routes()["processes"]
        for k in range(1, 4):
            plants[f"clean_{k}"] = plants["clean"] | {"variable_opex": 340 + 40 * k, "capacity_max": 3}
        plants["clean"] = plants["clean"] | {"capacity_max": 3}
        return solve(**routes(processes=plants, policies=policies))

    capped = run(emission_cap=10 * 1.9 - 1.5 * 2.7 * 1.6)  # one and a half clean routes at 0.9 of 3 t/a
    price, weight = float(capped.cap_price.squeeze()), float(capped.data.period_weight[0])
    taxed = run(carbon_price=price)
    lower, upper = (run(carbon_price=price * k) for k in (1 + 1e-6, 1 - 1e-6))
    total = float(capped.emissions.sum())
    assert float(lower.emissions.sum()) < total < float(upper.emissions.sum())
    # and the taxed optimum costs what the capped one costs plus the tax on its emissions
    assert taxed.objective == pytest.approx(capped.objective + price * total * weight, rel=1e-9)


# (viii), (ix): time ---------------------------------------------------------------------------------------------


TIMES = ["annual", "full_year", HALVES, {"typical_days": {"count": 4}}, {"typical_days": {"count": 2, "keep": []}}]


@pytest.mark.parametrize("time", TIMES, ids=["annual", "full_year", "slices", "four_days", "two_days"])
def test_weights_of_every_grid_add_to_a_year(time: Any) -> None:
    grids = make_inputs(load(time=time, supply={"steel": {"price": 1}})).frame.grids
    for name in GRIDS:
        assert grids[name].weight.sum() == pytest.approx(8760, rel=1e-12)
    hours = grids["hour"]
    for name in GRIDS:
        grid = grids[name]
        inside = np.bincount(grid.member, weights=hours.weight, minlength=len(grid))
        assert inside == pytest.approx(grid.weight, rel=1e-12)


@pytest.mark.parametrize("time", [HALVES, *TIMES[3:]], ids=["slices", "four_days", "two_days"])
def test_hours_with_flat_prices_are_the_annual_model(time: Any) -> None:
    sections = {
        "commodities": {"power": {"unit": "MWh", "balance": "hour"}, "hydrogen": {"unit": "MWh", "balance": "day"}},
        "processes": {"electrolyser": {"unit": "MWh", "flows": {"power": -1, "hydrogen": 0.7}, "capex": 5e5,
                                       "lifetime": 20, "fixed_opex_share": 0.03, "operation": "flexible"}},
        "storages": {"cavern": {"commodity": "hydrogen", "cycle": "year", "capex": 5, "lifetime": 30},
                     "battery": {"commodity": "power", "capex": 1e5, "lifetime": 15}},
        "supply": {"power": {"price": 60}, "ship": {"commodity": "hydrogen", "price": 120, "volume_max": 5e3}},
        "sales": {"feed_in": {"commodity": "power", "follows": "power", "spread": 4}},
        "demand": {"hydrogen": {"amount": 20_000}},
    }  # fmt: skip
    sections["commodities"]["hydrogen"]["implied_store"] = True
    assert objective(time=time, **sections) == pytest.approx(objective(**sections), rel=1e-9)


def test_a_coarse_balance_is_no_store_unless_it_is_declared_one() -> None:
    """Power cost at a load factor of 0.7 on the prices of 2025: mean, cheapest hours of each day, cheapest of all."""
    spot = load_profile("package:de_2025/price")

    def cost(balance: str, **fields: Any) -> float:
        hydrogen = {"unit": "MWh", "balance": balance, **fields}
        r = solve(
            time="full_year", profiles={"spot": "package:de_2025/price"}, demand={"hydrogen": {"amount": 8760}},
            commodities={"power": {"unit": "MWh", "balance": "hour"}, "hydrogen": hydrogen},
            supply={"power": {"price": float(spot.mean()), "price_profile": "spot", "price_floor": -999}},
            processes={"electrolyser": {"unit": "MWh", "flows": {"power": -1, "hydrogen": 1}, "existing": 1 / 0.7,
                                        "latest": 2000}},
        )  # fmt: skip
        return r.objective / 8760

    def cheapest(blocks: np.ndarray) -> float:
        """Mean of the cheapest 70 % of each row."""
        hours = blocks.shape[1] * 0.7
        share = np.clip(hours - np.arange(blocks.shape[1]), 0, 1)
        return float((np.sort(blocks, axis=1) * share).sum() / share.sum() / len(blocks))

    assert cost("hour") == pytest.approx(spot.mean(), rel=1e-9)
    assert cost("day") == cost("year") == pytest.approx(spot.mean(), rel=1e-9)  # baseload: the store is not declared
    assert cost("day", implied_store=True) == pytest.approx(cheapest(spot.reshape(365, 24)), rel=1e-6)
    assert cost("year", implied_store=True) == pytest.approx(cheapest(spot.reshape(1, -1)), rel=1e-6)
    means = (spot.mean(), cheapest(spot.reshape(365, 24)), cheapest(spot.reshape(1, -1)))
    assert means == pytest.approx((89.3, 72.3, 67.1), abs=0.05)


def test_lossy_cycles_do_not_earn_at_negative_prices() -> None:
    """573 hours of 2025 had negative prices; with the default floor at 0 burning power is not paid for."""
    sections = {
        "time": {"typical_days": {"count": 4}}, "profiles": {"spot": "package:de_2025/price"}, "demand": {},
        "commodities": {"power": {"unit": "MWh", "balance": "hour"}},
        "storages": {"leaky": {"commodity": "power", "existing": 100, "latest": 2000, "charge_efficiency": 0.3,
                               "discharge_efficiency": 0.3, "loss": 0.05}},
    }  # fmt: skip
    grid = {"commodity": "power", "price": 80, "price_profile": "spot", "power_max": 100}
    assert objective(supply={"grid": grid}, **sections) == pytest.approx(0, abs=1e-6)
    # a floor below zero is a choice, and the leaky store is then a device that burns
    assert objective(supply={"grid": {**grid, "price_floor": -500}}, **sections) <= 0


# capital ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rate", [0.0, 0.03, 0.1])
@pytest.mark.parametrize("life", [5, 20, 40])
def test_annuities_cut_off_at_the_horizon_are_overnight_cost_less_salvage(rate: float, life: int) -> None:
    """With payments at the end of each year and i = r, whatever year a plant is built in."""
    horizon = {"start": 2025, "end": 2045, "step": 5, "discount_rate": rate, "cost_timing": "end"}
    mill = {"unit": "MWh", "flows": {"steel": 1}, "capex": 1000, "lifetime": life}
    data, _ = compose(load(horizon=horizon, processes={"mill": mill}))
    capital = data.assets.capital
    present = capital.annuity[0] * (capital.paid[0] @ data.frame.weight)
    for year, annuities in zip(data.frame.years, present, strict=True):
        age = 2050 - year
        # what is left of a sinking fund; at rate 0 the straight line
        left = (1 - (1 + rate) ** -(life - age)) / (1 - (1 + rate) ** -life) if rate else (life - age) / life
        salvage = left * (1 + rate) ** -age if age < life else 0.0
        overnight = 1000 * (1 + rate) ** -(year - 2025) * (1 - salvage)
        assert annuities == pytest.approx(overnight, rel=1e-9)


# (vi), (vii), (x) and other symmetries ----------------------------------------------------------------------------


MONEY = {
    "capex", "capex_power", "fixed_opex", "variable_opex", "tariff", "price", "price_floor", "levy", "spread",
    "shortfall_cost", "reference_price", "cost", "carbon_price", "holding_cost", "cost_up", "cost_down",
    "strike", "base", "foreign_price",
}  # fmt: skip
ELSEWHERE = {"network_charges": {"energy", "capacity"}, "budgets": {"limit"}}
"""Money of network charges and public budgets; in other sections these words are none."""


def scaled(data: Any, factor: float, inside: bool = False, money: set[str] = MONEY) -> Any:
    """Plain data of a scenario with all money multiplied; profiles are shapes."""
    if isinstance(data, dict):
        return {
            k: v if k == "profiles" else scaled(v, factor, inside or k in money, ELSEWHERE.get(k, money))
            for k, v in data.items()
        }
    if isinstance(data, (list, tuple)):
        return [scaled(item, factor, inside, money) for item in data]
    return data * factor if inside and isinstance(data, (int, float)) else data


@pytest.mark.parametrize("path", SYSTEMS, ids=lambda path: path.stem)
def test_doubling_all_money_doubles_the_objective(path: Any) -> None:
    data = read_file(path)
    assert objective(**scaled(data, 2.0)) == pytest.approx(2 * objective(**data), rel=1e-9)


@pytest.mark.parametrize("path", SYSTEMS, ids=lambda path: path.stem)
def test_the_order_of_names_changes_nothing(path: Any) -> None:
    data = read_file(path)
    turned = {
        section: dict(reversed(content.items())) if isinstance(content, dict) and section != "time" else content
        for section, content in reversed(data.items())
    }
    for process in turned.get("processes", {}).values():
        for part in ("modes", "flows", "retrofits"):
            if part in process:
                process[part] = dict(reversed(process[part].items()))
    assert objective(**turned) == pytest.approx(objective(**data), rel=1e-9)


def test_a_tighter_cap_never_lowers_cost() -> None:
    path = next(p for p in SYSTEMS if p.stem == "steel_campaigns")
    scenario = ts.load(path)
    costs = [ts.solve(scenario.with_({"policies.emission_cap.2045": cap})).objective for cap in (6e6, 4e6, 3e6, 2.5e6)]
    assert costs == sorted(costs)
    assert costs[0] < costs[-1]


def halved(value: Any) -> Any:
    """Half of a number, or of each number by year."""
    return {k: halved(v) for k, v in value.items()} if isinstance(value, dict) else value / 2


def test_a_region_split_into_two_halves_changes_nothing() -> None:
    whole = study(
        horizon={"start": 2025, "end": 2040, "step": 5, "discount_rate": 0.04},
        time=HALVES,
        profiles={"sun": {"summer": 0.3, "winter": 0.1}, "spot": {"summer": 0.8, "winter": 1.2}},
        commodities={"steel": {"unit": "t"}, "power": {"unit": "MWh", "balance": "hour", "disposal": {"cost": 1}},
                     "hydrogen": {"unit": "MWh", "balance": "day"}, "co2": {"unit": "t", "kind": "emission"},
                     "coal": {"unit": "MWh", "carbon_content": 0.34}},
        processes={
            "furnace": {"unit": "t", "flows": {"steel": 1, "coal": -5}, "existing": {"ruhr": {2012: 6e4, 2019: 4e4}},
                        "capex": 800, "lifetime": 20, "reinvest": {"capex": 200}, "retrofits": {"dri": {"capex": 500}}},
            "dri": {"unit": "t", "flows": {"steel": 1, "hydrogen": -1.7, "power": -0.8}, "capex": 700, "lifetime": 20},
            "electrolyser": {"unit": "MWh", "flows": {"power": -1, "hydrogen": 0.7}, "capex": 6e5, "lifetime": 15,
                             "growth_max": 0.3, "seed_capacity": 4},
            "panels": {"unit": "MWh", "flows": {"power": 1}, "availability_profile": "sun", "capex": 5e5,
                       "lifetime": 25, "capacity_max": {"ruhr": 60}},
        },
        storages={"cavern": {"commodity": "hydrogen", "cycle": "year", "capex": 300, "lifetime": 30,
                             "existing": {"ruhr": 5e3}}},
        supply={"grid": {"commodity": "power", "price": {2025: 70, 2040: 55}, "price_profile": "spot",
                         "power_max": {"ruhr": 40}},
                "coal": {"price": 15}, "ship": {"commodity": "hydrogen", "price": 110, "volume_max": 5e4}},
        demand={"steel": {"amount": {"ruhr": {2025: 1e5, 2040: 9e4}}, "shortfall_cost": 900},
                "homes": {"commodity": "power", "amount": {"ruhr": 1e5}, "shortfall_cost": 2000}},
        policies={"carbon_price": {2025: 60, 2040: 160}, "emission_cap": {2040: 6e4}},
        resources={"land": {"unit": "ha", "limit": {"ruhr": 55}, "capacity": {"panels": 1}}},
    )  # fmt: skip

    def split(data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        if set(data) == {"ruhr"}:
            half = {} if data["ruhr"] == {} else halved(data["ruhr"])
            return {"north": half, "south": half}
        return {k: split(v) for k, v in data.items()}

    assert objective(**split(whole)) == pytest.approx(objective(**whole), rel=1e-9)


@pytest.mark.parametrize("carbon_price", [30, 110, 160])
def test_a_longer_horizon_with_constant_data_leaves_early_decisions_alone(carbon_price: float) -> None:
    def run(end: int) -> ts.Results:
        return solve(
            horizon={"start": 2025, "end": end, "step": 5, "discount_rate": 0.05},
            commodities={"steel": {"unit": "t"}, "co2": {"unit": "t", "kind": "emission"}},
            processes={
                "furnace": {"unit": "t", "flows": {"steel": 1, "co2": 1.9}, "capex": 700, "lifetime": 20,
                            "variable_opex": 300, "existing": {"ruhr": {2010: 5e6, 2015: 3e6, 2020: 2e6}},
                            "reinvest": {"capex": 250}, "retrofits": {"dri": {"capex": 600}}},
                "dri": {"unit": "t", "flows": {"steel": 1, "co2": 0.4}, "capex": 900, "lifetime": 20,
                        "variable_opex": 400},
                "eaf": {"unit": "t", "flows": {"steel": 1, "co2": 0.1}, "capex": 400, "lifetime": 25,
                        "variable_opex": 450, "capacity_max": 2e6},
            },
            demand={"steel": {"amount": {2025: 10e6, 2035: 12e6}}},
            policies={"carbon_price": carbon_price},
        )  # fmt: skip

    # A right to reline beyond the horizon is worth something that no annuity sees, so near a tie (new furnaces and eaf
    # cost the same at 68 EUR/t) the longer horizon may well decide otherwise; these prices are not near one
    short, long = run(2040), run(2060)
    early = [2025, 2030, 2035]
    # plants of 2035 outlive the shorter horizon by ten years; decisions agree within 1 % of the total
    for a, b in ((short.capacity, long.capacity), (short.activity, long.activity)):
        assert a.sel(period=early).values == pytest.approx(b.sel(period=early).values, abs=0.01 * 12e6)
