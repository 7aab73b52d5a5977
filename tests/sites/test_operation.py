"""Optima against programs written out by hand, values of the literature and arithmetic."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse
from scipy.optimize import linprog

import transform_sim as ts

from .plants import HOURS, HYDROGEN, Floats, electrolyser, mill, shipped, years


def store_cost(price: Floats, use: float, most: float, offtake: float, size: float, efficiency: float = 1.0) -> float:
    """Cost of a plant (`use` per product, at most `most` an hour) with a store and an even offtake, by hand."""
    eye, zero = sparse.eye_array(HOURS), sparse.csr_array((HOURS, HOURS))
    before = sparse.csr_array((np.ones(HOURS), (np.arange(HOURS), (np.arange(HOURS) - 1) % HOURS)))
    balance = sparse.hstack([eye, -eye, eye, zero])  # made − charged + discharged = offtake
    level = sparse.hstack([zero, -efficiency * eye, eye, eye - before])
    found = linprog(
        np.r_[price * use, np.zeros(3 * HOURS)], A_eq=sparse.vstack([balance, level]),
        b_eq=np.r_[np.full(HOURS, offtake), np.zeros(HOURS)],
        bounds=[(0, most)] * HOURS + [(0, size)] * (3 * HOURS), method="highs",
    )  # fmt: skip
    assert found.status == 0
    return float(found.fun)


def test_the_electrolyser_of_the_textbook_case_costs_what_was_published() -> None:
    # 48 hours of p = 60 + 30 cos(2π(t − 19)/24) + 10 cos(2π(t − 8)/12), 100 MW, at least 20 MW, 2,880 MWh together:
    # 136,340.380. The price repeats after 24 hours, so the year costs 182.5 times as much.
    t = np.arange(HOURS)
    price = 60 + 30 * np.cos(2 * np.pi * (t - 19) / 24) + 10 * np.cos(2 * np.pi * (t - 8) / 12)
    site = electrolyser(prices={"electricity": price}, demand={"hydrogen": 0.7 * 2880 * 182.5}, minimum_load=0.2)
    assert site.solve().objective / 182.5 == pytest.approx(136_340.380, abs=0.001)
    found = site.run({"electricity": price[None, :]}, progress=False, keep="hourly")
    assert found.objective.item() / 182.5 == pytest.approx(136_340.380, abs=0.001)
    assert found.price_bought.sel(commodity="electricity").item() == pytest.approx(47.34, abs=0.005)
    assert found.load.min().item() == pytest.approx(20.0)


@pytest.mark.parametrize("year", range(3))
def test_a_product_of_the_year_is_made_as_a_program_by_hand_would(year: int) -> None:
    price = years(3)[year]
    found = linprog(price, A_eq=np.full((1, HOURS), 0.7), b_eq=[HYDROGEN], bounds=(0, 100), method="highs")
    run = electrolyser().run({"electricity": price[None, :]}, progress=False)
    assert run.method.item() == "direct: hours sorted"
    assert run.objective.item() == pytest.approx(found.fun, rel=1e-9)


@pytest.mark.parametrize("year", range(3))
def test_a_store_is_used_as_a_program_by_hand_would(year: int) -> None:
    price = years(3, seed=1)[year]
    tank = electrolyser(stores=["tank"]).run({"electricity": price[None, :]}, progress=False)
    assert tank.method.item() == "direct: store, hour after hour"
    assert tank.objective.item() == pytest.approx(store_cost(price, 1 / 0.7, 70, HYDROGEN / HOURS, 600), rel=1e-9)
    silo = mill().run({"electricity": price[None, :]}, progress=False)
    by_hand = store_cost(price, 0.05, 100, 600e3 / HOURS, 5000) + 600e3 * (0.75 * 60 + 3)
    assert silo.objective.item() == pytest.approx(by_hand, rel=1e-9)


@pytest.mark.parametrize("size", [60e3, 2e6])
def test_a_store_of_a_season_is_used_over_the_year(size: float) -> None:
    site = electrolyser(stores={"tank": size})
    price = years(1, seed=4)
    found = site.run({"electricity": price}, progress=False, keep="hourly")
    assert found.method.item() == "direct: store, hour after hour"
    assert found.objective.item() == pytest.approx(site.solve(electricity=price[0]).objective, rel=1e-9)
    assert np.ptp(found.level.values) > 5_000  # days of offtake


def test_a_store_with_losses_is_left_to_the_simplex() -> None:
    site = electrolyser(stores=["leaky"])
    found = site.run({"electricity": np.stack([shipped(), 1.01 * shipped()])}, progress=False)
    assert found.method.values.tolist() == ["simplex", "simplex, warm"]
    assert found.objective.values[0] == pytest.approx(site.solve().objective, rel=1e-9)


def test_at_one_price_for_all_hours_cost_is_price_times_energy() -> None:
    for site in (electrolyser(), electrolyser(stores=["tank"])):
        found = site.run({"electricity": np.array([30.0, 55.5])}, progress=False)
        np.testing.assert_allclose(found.objective.values, np.array([30.0, 55.5]) * HYDROGEN / 0.7, rtol=1e-9)


def test_a_larger_store_never_costs_more_and_none_costs_the_mean_price() -> None:
    price = {"electricity": shipped()[None, :]}
    cost = [
        electrolyser(stores={"tank": size}).run(price, progress=False).objective.item()
        for size in (1e-3, 100.0, 1_000.0, 10_000.0)
    ]
    assert cost == sorted(cost, reverse=True)
    assert cost[0] == pytest.approx(shipped().mean() * HYDROGEN / 0.7, rel=1e-5)
    assert cost[-1] > electrolyser().run(price, progress=False).objective.item()


def test_negative_prices_earn_nothing_without_something_that_uses_power() -> None:
    price = shipped() - 60.0
    site = electrolyser()
    found = site.run({"electricity": price[None, :]}, progress=False)
    # what it takes is what the product needs, however much it would be paid for more
    assert found.bought.sel(commodity="electricity").item() == pytest.approx(HYDROGEN / 0.7)
    assert found.objective.item() == pytest.approx(np.sort(price)[:5256].sum() * 100)  # 0.6 · 8760 hours


def test_a_price_taker_at_the_shadow_prices_of_a_study_runs_the_plant_at_the_studys_cost() -> None:
    # the study: the electrolyser beside a wind park, whose power it need not buy
    site = electrolyser()
    study = site.scenario.with_({
        "profiles.wind": "package:de_2025/wind_onshore",
        "processes.wind": {"unit": "MWh", "flows": {"electricity": 1}, "existing": 120, "latest": 2024,
                           "availability_profile": "wind"},
    })  # fmt: skip
    solved = ts.solve(study)
    price = solved.shadow_price_hour.sel(commodity="electricity").values.ravel()
    used = solved.activity_hour.sel(process="electrolyser").values.ravel()
    assert price.mean() < shipped().mean()
    alone = site.run({"electricity": price[None, :]}, progress=False)
    assert alone.objective.item() == pytest.approx(float(price @ used), rel=1e-6)


def test_what_is_kept_of_a_case_adds_up() -> None:
    found = mill().run({"electricity": years(4)}, progress=False, keep="hourly")
    np.testing.assert_allclose(found.cost.sum("item"), found.objective, rtol=1e-9)
    np.testing.assert_allclose(found.made.sel(commodity="cement"), 600e3)
    np.testing.assert_allclose(found.full_load_hours, 600e3 / 876e3 * HOURS)
    np.testing.assert_allclose(found.bought.sel(commodity="clinker"), 0.75 * 600e3)
    load = found.load.values
    np.testing.assert_allclose((load * 0.05 * years(4)).sum(axis=1), found.cost.sel(item="electricity"), rtol=1e-9)
    np.testing.assert_allclose(found.bought_electricity, 0.05 * load, atol=1e-9)
    np.testing.assert_allclose(found.peak.sel(commodity="electricity"), 0.05 * load.max(axis=1))
    np.testing.assert_array_equal(found.operating_hours, (load > 1e-4).sum(axis=1))
    change = np.diff(found.level.values, axis=1)
    np.testing.assert_allclose(change, load[:, 1:] - 600e3 / HOURS, atol=1e-6)
