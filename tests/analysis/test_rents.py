"""Rents from shadow prices: known by hand, and strong duality on whole studies."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import transform_sim as ts
from tests.micro import HALVES, MINIS, ROOT, SYSTEMS, solve
from transform_sim.analysis import rents
from transform_sim.errors import TransformSimError

ALL = ROOT / "tests" / "policies" / "all_policies.yaml"
NEW = {"unit": "t", "flows": {"steel": 1}, "capex": 100, "lifetime": 10, "variable_opex": 20}  # 30 per t


def rent(r: ts.Results, owner: str, column: str = "rent") -> float:
    table = rents(r)
    return float(table.loc[table["owner"] == owner, column].sum())


def present(r: ts.Results) -> dict[str, tuple[float, float]]:
    """By owner: rent over the horizon from prices, and that of its limits."""
    weight = r.data["period_weight"].to_series()
    table = rents(r)
    out = (table["rent"] * table["period"].map(weight)).groupby(table["owner"]).sum()
    limits = (r.limit_rent.sum("limit") * r.data["period_weight"]).sum("period").to_series()
    return {str(o): (float(out.get(o, 0.0)), float(limits[o])) for o in r.data["owner"].values}


def dual(r: ts.Results) -> None:
    """Owners' rents are those of their limits, and add to minus the objective."""
    both = np.array(list(present(r).values()))
    size = float(np.abs(r.data["cost"].values).sum())
    np.testing.assert_allclose(both[:, 0], both[:, 1], atol=1e-6 * size)
    np.testing.assert_allclose(-both.sum(axis=0), r.objective, atol=1e-6 * size)
    held = r.market_income - r.market_expense
    assert float(np.abs(held.sum("owner").values).max(initial=0.0)) <= 1e-9 * float(np.abs(held).sum() + 1)


def test_new_capacity_earns_nothing_and_old_capacity_what_it_saves() -> None:
    old = NEW | {"capex": 0, "variable_opex": 24, "existing": 4, "latest": 2000}
    r = solve(processes={"new": NEW, "old": old})
    assert rent(r, "new") == pytest.approx(0, abs=1e-9)
    assert rent(r, "old") == pytest.approx(4 * (30 - 24))
    assert rent(r, "steel") == pytest.approx(-10 * 30)  # demand
    assert float(r.limit_rent.sel(limit="capacity_stock", owner="old").sum()) == pytest.approx(24)
    dual(r)


def test_a_plant_that_must_run_may_lose() -> None:
    stuck = NEW | {"capex": 0, "variable_opex": 50, "existing": 4, "latest": 2000}

    def must_run(lp: ts.LinearProgram, data: object) -> None:
        lp.add_rows("must_run", ts.Entities({"asset": np.array([1])}), "year", [(1, "activity")], lower=3 / 8760)

    r = solve(processes={"new": NEW, "stuck": stuck}, constraints=[must_run])
    assert rent(r, "stuck") == pytest.approx(-3 * 20)
    assert float(r.limit_rent.sel(limit="must_run", owner="stuck").sum()) == pytest.approx(-60)
    dual(r)


def test_suppliers_at_a_limit_and_sellers_earn_the_difference() -> None:
    far = {"commodity": "steel", "price": 9}
    r = solve(supply={"near": far | {"price": 5, "volume_max": 4}, "far": far},
              sales={"abroad": {"commodity": "steel", "price": 12, "volume_max": 3}})  # fmt: skip
    assert rent(r, "near") == pytest.approx(4 * 4)
    assert rent(r, "far") == pytest.approx(0)
    assert rent(r, "abroad") == pytest.approx(3 * 3)
    dual(r)


def test_amounts_count_at_the_prices_of_their_own_hours() -> None:
    r = solve(
        time=HALVES, profiles={"sun": {"summer": 1.0, "winter": 0.2}},
        commodities={"power": {"unit": "MWh", "balance": "hour"}},
        processes={"panel": {"unit": "MWh", "flows": {"power": 1}, "existing": 1, "latest": 2000,
                             "availability_profile": "sun"}},
        supply={"cheap": {"commodity": "power", "price": 10, "power_max": 0.5},
                "grid": {"commodity": "power", "price": 40}},
        demand={"power": {"amount": 8760}},
    )  # fmt: skip
    # summer: 1 MW of sun, no need of the grid: the price is between 0 and 10; winter: 40
    price = r.shadow_price_hour.squeeze()
    used = r.activity_hour.squeeze()
    assert rent(r, "panel") == pytest.approx(float((price.values * used.values * r.step_weight.values).sum()))
    assert rent(r, "cheap") == pytest.approx(4380 * 0.5 * 30)
    dual(r)


def test_scarce_resources_and_allowances_have_holders() -> None:
    r = solve(
        commodities={"steel": {"unit": "t"}, "co2": {"unit": "t", "kind": "emission"}},
        processes={"dirty": {"unit": "t", "flows": {"steel": 1, "co2": 2}, "variable_opex": 10},
                   "clean": {"unit": "t", "flows": {"steel": 1}, "variable_opex": 50}},
        policies={"emission_cap": 12},
    )  # fmt: skip
    assert rent(r, "dirty") == pytest.approx(0, abs=1e-9)
    assert rent(r, "dirty", "paid") == pytest.approx(240)
    assert rent(r, "policy") == pytest.approx(240)
    dual(r)


@pytest.mark.parametrize("path", [ALL, *MINIS, *SYSTEMS], ids=lambda path: path.stem)
def test_rents_are_those_of_limits_by_strong_duality(path: Path) -> None:
    dual(ts.solve(path, method="simplex"))


def test_the_social_view_has_the_same_identity() -> None:
    dual(ts.solve(ts.load(ALL).with_({"view": "social"}), method="simplex"))


def test_rents_of_the_annual_variant_of_the_reference_study() -> None:
    r = ts.solve(ts.load(ROOT / "scenarios" / "nrw_reference.yaml", variant="annual"))
    dual(r)
    table = rents(r)
    assert (table.loc[table["owner_kind"] == "demand", "rent"].sum()) < 0


def test_changed_costs_and_bounds_count_as_solved() -> None:
    study = ts.prepare(ROOT / "scenarios" / "mini" / "two_routes.yaml", method="simplex")
    dual(study.solve(cost=1.5 * study.program.cost))


def test_without_shadow_prices_there_are_no_rents() -> None:
    r = solve(supply={"steel": {"price": 1}})
    with pytest.raises(TransformSimError, match="no shadow prices"):
        rents(ts.Results(r.data.drop_vars(["market_income", "market_expense", "limit_rent", "market", "limit"])))
