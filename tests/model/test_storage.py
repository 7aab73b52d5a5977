"""Stores by hand: daily and seasonal cycles, losses, efficiencies, rates."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import transform_sim as ts
from tests.micro import HALVES, load, objective, solve
from transform_sim.pipeline import compose

NIGHT_AND_DAY = [10.0] * 12 + [50.0] * 12
"""Prices of the hours of every day; their mean is 30."""


def daily(store: dict[str, Any], hours: list[float] = NIGHT_AND_DAY, **sections: Any) -> ts.Results:
    """1 MW all the time at these prices, and a store; all days are alike."""
    base: dict[str, Any] = {
        "time": {"typical_days": {"count": 2, "keep": []}},
        "profiles": {"spot": hours * 365},
        "commodities": {"power": {"unit": "MWh", "balance": "hour"}},
        "supply": {"power": {"price": sum(hours) / 24, "price_profile": "spot", "price_floor": -100}},
        "storages": {"battery": {"commodity": "power", **store}},
        "demand": {"power": {"amount": 8760}},
    }
    return solve(**base | sections)


def test_a_battery_fills_by_night_and_pays_for_its_size() -> None:
    r = daily({"capex": 1000, "lifetime": 1, "charge_efficiency": 0.9, "discharge_efficiency": 0.9})
    # 12 MWh of the day come from the store: 12/0.9 = 13.33 MWh of level, 13.33/0.9 = 14.81 MWh charged at 10
    level, charged = 12 / 0.9, 12 / 0.81
    assert r.objective == pytest.approx(365 * (12 * 10 + charged * 10) + level * 1000, rel=1e-9)
    assert r.storage_capacity.values == pytest.approx(level)
    assert float(r.charge.sum()) == pytest.approx(365 * charged)
    assert float(r.discharge.sum()) == pytest.approx(365 * 12)


def test_a_store_that_does_not_pay_is_not_built() -> None:
    # a MWh of level saves 50 · 0.9 − 10/0.9 = 33.89 a day, 12,369 a year
    r = daily({"capex": 12_400, "lifetime": 1, "charge_efficiency": 0.9, "discharge_efficiency": 0.9})
    assert r.objective == pytest.approx(8760 * 30, rel=1e-9)
    assert r.storage_capacity.values == pytest.approx(0)


def test_rates_ask_for_a_larger_store() -> None:
    r = daily({"capex": 1000, "lifetime": 1, "discharge_rate": 0.05})
    # 1 MW out needs 20 MWh, though 12 MWh are moved
    assert r.storage_capacity.values == pytest.approx(20)
    assert r.objective == pytest.approx(365 * 24 * 10 + 20 * 1000, rel=1e-9)
    r = daily({"capex": 1000, "lifetime": 1, "charge_rate": 0.04})
    # 12 MWh charged in 12 hours at 0.04 an hour: 25 MWh
    assert r.storage_capacity.values == pytest.approx(25)


def test_losses_compound_hour_by_hour() -> None:
    r = daily({"existing": 100, "latest": 2000, "loss": 0.01})
    # 1 MW from hour 12 to 23 out of what was charged in hour 11, of which 0.99 is left after each hour
    level = sum(0.99**-k for k in range(1, 13))
    assert r.objective == pytest.approx(365 * (12 * 10 + level * 10), rel=1e-9)
    assert float(r.level_hour.max()) == pytest.approx(level)


def test_the_level_returns_within_the_day_and_so_no_money_is_made_of_nothing() -> None:
    r = daily({"existing": 100, "latest": 2000, "variable_opex": 3})
    # each MWh moved costs 3
    assert r.objective == pytest.approx(365 * (24 * 10 + 12 * 3), rel=1e-9)
    levels = r.level_hour.squeeze().values.reshape(2, 24)
    net = (r.charge_hour - r.discharge_hour).squeeze().values.reshape(2, 24)
    previous = np.roll(levels, 1, axis=1)  # the first hour follows the last of the same day
    assert levels == pytest.approx(previous + net, abs=1e-9)


def test_no_money_without_a_device_when_prices_are_negative() -> None:
    hours = [-40.0] * 6 + [60.0] * 18
    sections = {"commodities": {"power": {"unit": "MWh", "balance": "hour"}}}
    paid = 365 * (6 * -40 + 18 * 60)
    nothing = {"existing": 0, "latest": 2000}
    # buying more than is needed is impossible: there is no way out for it
    assert daily(nothing, hours, **sections).objective == pytest.approx(paid)
    # a store that returns what it took may not earn by burning it either, unless it loses some: then it is a device
    lossless = {"existing": 10, "latest": 2000, "discharge_rate": 0.001, "charge_rate": 10}
    assert daily(lossless, hours).objective == pytest.approx(paid - 365 * 18 * 0.01 * 100, rel=1e-9)
    # 18 hours at 0.01 MW (0.001 of 10 MWh) are moved from −40 to 60; what charges in excess must come out again


def test_a_seasonal_store_loses_day_by_day_over_runs_of_equal_days() -> None:
    cavern = {"commodity": "hydrogen", "cycle": "year", "loss": 1e-5, "charge_efficiency": 0.98,
              "discharge_efficiency": 0.9, "capex": 2, "lifetime": 1}  # fmt: skip
    r = solve(commodities={"hydrogen": {"unit": "MWh", "balance": "day"}}, storages={"cavern": cavern}, time=HALVES,
              profiles={"price": {"summer": 0.5, "winter": 1.5}}, demand={"hydrogen": {"amount": 8760}},
              supply={"hydrogen": {"price": 100, "price_profile": "price"}})  # fmt: skip
    # winter of 182.5 equal days: 0 = Aⁿ L − 24 (1 − Aⁿ)/(1 − A) · 1 MW/0.9
    # summer fills it: L = 24 (1 − Aⁿ)/(1 − A) · 0.98 z
    a = (1 - 1e-5) ** 24
    an = a**182.5
    level = 24 * (1 - an) / (1 - a) / 0.9 / an
    charge = level / (24 * (1 - an) / (1 - a)) / 0.98
    assert r.storage_capacity.values == pytest.approx(level, rel=1e-9)
    assert r.charge_day.sel(day="summer").values == pytest.approx(charge, rel=1e-9)
    assert r.objective == pytest.approx(4380 * 50 * (1 + charge) + 2 * level, rel=1e-9)


def test_a_daily_store_cannot_carry_from_slice_to_slice() -> None:
    store = {"commodity": "power", "existing": 1e6, "latest": 2000, "cycle": "day"}
    sections = {"commodities": {"power": {"unit": "MWh", "balance": "hour"}}, "time": HALVES,
                "profiles": {"price": {"summer": 0.5, "winter": 1.5}}, "demand": {"power": {"amount": 8760}},
                "supply": {"power": {"price": 100, "price_profile": "price"}}}  # fmt: skip
    assert objective(storages={"battery": store}, **sections) == pytest.approx(876_000)
    assert objective(storages={"battery": {**store, "cycle": "year"}}, **sections) == pytest.approx(438_000)


@pytest.mark.parametrize(("cycle", "before_first"), [("year", 8759), ("day", 23)])
def test_in_a_full_year_levels_chain_the_hours(cycle: str, before_first: int) -> None:
    store = {"commodity": "power", "existing": 5, "cycle": cycle}
    data, program = compose(
        load(time="full_year", commodities={"power": {"unit": "MWh", "balance": "hour"}}, storages={"battery": store},
             supply={"power": {"price": 1}}, demand={"power": {"amount": 8760}})
    )  # fmt: skip
    (rule,) = data.stores.rules
    assert rule.level_grid == "hour"
    assert rule.previous.cols[0] == before_first
    assert rule.previous.cols[100] == 99
    assert rule.previous.cols[24] == (23 if cycle == "year" else 47)
    assert program.shape == (8760 * 3 + 1, 8760 * 4 + 2)


def test_what_is_held_costs_by_the_hour() -> None:
    # a MWh moved from hour 11 to 12 + k is held over k + 1 hours; at 4 EUR an hour the first ten moves are worth 40
    r = daily({"existing": 100, "latest": 2000, "holding_cost": 4})
    # saved by what is used in hour 12, 13, …: 40 − 4, 40 − 8, …, 40 − 36, then nothing
    assert r.objective == pytest.approx(365 * (12 * 10 + 12 * 50 - sum(40 - 4 * k for k in range(1, 10))), rel=1e-9)
    assert float(r.cost.sel(component="holding_cost").sum()) == pytest.approx(
        4 * float((r.level_hour * r.step_weight).sum()), rel=1e-9
    )


@pytest.mark.parametrize("time", [HALVES, {"slices": {"summer": {"share": 0.25}, "winter": {"share": 0.75}}}])
def test_a_seasonal_level_is_held_on_a_straight_line(time: dict[str, Any]) -> None:
    share = time["slices"]["winter"]["share"]
    r = solve(commodities={"hydrogen": {"unit": "MWh", "balance": "day"}}, time=time,
              storages={"cavern": {"commodity": "hydrogen", "cycle": "year", "existing": 1e9, "latest": 2000,
                                   "holding_cost": 1e-3}},
              profiles={"price": {"summer": 0.01, "winter": 1.0}}, demand={"hydrogen": {"amount": 8760}},
              supply={"hydrogen": {"price": 1000, "price_profile": "price"}})  # fmt: skip
    # all of winter out of the cavern: from nothing up to share · 8760 and back, on average half of it all year
    held = float(r.cost.sel(component="holding_cost").sum())
    assert held == pytest.approx(1e-3 * 8760 * share * 8760 / 2, rel=1e-9)
