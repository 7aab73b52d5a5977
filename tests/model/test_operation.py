"""Minimum loads, ramps and part load: by hand, against golden values and an independent program."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest
from scipy.optimize import linprog

import transform_sim as ts
from tests.micro import HALVES, load, objective, solve
from transform_sim.names import GRIDS
from transform_sim.pipeline import compose

from .test_duals import between_slopes

HOURS = 48
T = np.arange(HOURS)
PRICE = 60 + 30 * np.cos(2 * np.pi * (T - 19) / 24) + 10 * np.cos(2 * np.pi * (T - 8) / 12)
"""Two days of prices, mean 60 EUR/MWh."""
DAYS = {"typical_days": {"count": 2, "keep": []}}
NIGHT_AND_DAY = [10.0] * 12 + [50.0] * 12
CURVE = {"20 %": 0.9, "60 %": 0.94, "100 %": 1}
"""Use per unit by load; as share of that at full load: 0.18, 0.564, 1."""


def two_days(**limits: Any) -> ts.Results:
    """100 MW that make 2,880 MWh within the first 48 hours of a year, before they cease to be available."""
    rest = [0.0] * (8760 - HOURS)
    return solve(
        time="full_year",
        profiles={"spot": [*PRICE.tolist(), *rest], "there": [1.0] * HOURS + rest},
        commodities={"power": {"unit": "MWh", "balance": "hour"}, "hydrogen": {"unit": "MWh", "implied_store": True}},
        processes={"electrolyser": {"unit": "MWh", "flows": {"power": -1, "hydrogen": 1}, "existing": 100,
                                    "latest": 2000, "availability_profile": "there", **limits}},
        supply={"power": {"price": PRICE.sum() / 8760, "price_profile": "spot"}},
        demand={"hydrogen": {"amount": 2880}},
    )  # fmt: skip


def test_the_golden_electrolyser() -> None:
    r = two_days(minimum_load=0.2)
    assert r.objective == pytest.approx(136_340.380, abs=1e-3)
    assert float(r.activity_hour.max()) == pytest.approx(100)
    assert r.activity_hour.squeeze().values[:HOURS].min() == pytest.approx(20)


@pytest.mark.parametrize(("up", "down", "least"), [(0.1, 0.1, 0.0), (0.05, 0.3, 0.2), (0.3, 0.02, 0.1)])
def test_ramps_against_a_program_of_two_days_alone(up: float, down: float, least: float) -> None:
    # what availability gives and takes at both ends is no ramp, so the circle of the year is open there
    load, change = np.eye(HOURS), np.diff(np.eye(HOURS), axis=0)
    of_capacity = np.repeat([-up, -down, -1.0, least], [HOURS - 1, HOURS - 1, HOURS, HOURS])
    rows = np.column_stack([np.vstack([change, -change, load, -load]), of_capacity])
    alone = linprog(
        [*PRICE, 0.0], A_ub=rows, b_ub=np.zeros(len(rows)),
        A_eq=[[1.0] * HOURS + [0.0]], b_eq=[2880.0], bounds=[(0, None)] * HOURS + [(0, 100)],
    )  # fmt: skip
    r = two_days(ramp_up=up, ramp_down=down, minimum_load=least)
    assert r.objective == pytest.approx(alone.fun, rel=1e-9)
    steps = np.diff(r.activity_hour.squeeze().values[:HOURS])
    capacity = float(r.capacity.sum())
    assert steps.max() <= up * capacity + 1e-6
    assert steps.min() >= -down * capacity - 1e-6
    assert max(steps.max() - up * capacity, -steps.min() - down * capacity) == pytest.approx(0, abs=1e-6)


def daily(limits: dict[str, Any], hours: list[float] = NIGHT_AND_DAY, **sections: Any) -> ts.Results:
    """An electrolyser of 1 MW, a unit of hydrogen per MWh at full load, half of what it could make; days are alike."""
    base: dict[str, Any] = {
        "time": DAYS,
        "profiles": {"spot": hours * 365},
        "commodities": {"power": {"unit": "MWh", "balance": "hour"},
                        "hydrogen": {"unit": "MWh", "balance": "day", "implied_store": True}},
        "processes": {"electrolyser": {"unit": "MWh", "flows": {"power": -1, "hydrogen": 1}, "existing": 1,
                                       "latest": 2000, **limits}},
        "supply": {"power": {"price": sum(hours) / 24, "price_profile": "spot"}},
        "demand": {"hydrogen": {"amount": 4380}},
    }  # fmt: skip
    return solve(**base | sections)


def test_without_limits_it_runs_by_night_alone() -> None:
    assert daily({}).objective == pytest.approx(365 * 12 * 10)


def test_a_ramp_spills_into_the_day() -> None:
    # a quarter of an hour's capacity up and down: 0.625 in the first and the last hour of the night, then 0.875 and 1;
    # outside of it 0.375 and 0.125 at either end, so 11 of 12 MWh by night
    r = daily({"ramp_up": 0.25, "ramp_down": 0.25})
    assert r.objective == pytest.approx(365 * (11 * 10 + 1 * 50))
    night = r.activity_hour.squeeze().values.reshape(2, 24)
    assert np.abs(night - np.roll(night, 1, axis=1)).max() == pytest.approx(0.25)
    # only down: the last hours of the night give way, or the first of the day stay up: three of them hold 1.5
    assert daily({"ramp_down": 0.25}).objective == pytest.approx(365 * (11.5 * 10 + 0.5 * 50))
    assert daily({"ramp_up": 0.0}).objective == pytest.approx(365 * 12 * 30)


def test_the_last_hour_of_a_day_comes_before_its_first() -> None:
    r = daily({"ramp_up": 0.01, "ramp_down": 1.0})
    load = r.activity_hour.squeeze().values.reshape(2, 24)
    assert (load - np.roll(load, 1, axis=1)).max() <= 0.01 + 1e-9
    assert load[:, 0] - load[:, -1] == pytest.approx([0.01] * 2)


def test_what_runs_may_not_stand_still_but_less_of_it_may_be_kept() -> None:
    boiler = {"unit": "MWh", "flows": {"heat": 1}, "minimum_load": 0.5, "existing": 9, "latest": 2000}
    sections: dict[str, Any] = {
        "time": HALVES,
        "profiles": {"cold": {"summer": 0.5, "winter": 1.5}},
        "commodities": {"heat": {"unit": "MWh", "balance": "hour", "disposal": {"cost": 7}}},
        "demand": {"heat": {"amount": 2 * 8760, "profile": "cold"}},
    }
    # 1 MW in summer, 3 in winter: 3 of 9 MW are kept, which make 1.5 in summer; 0.5 are disposed of
    r = solve(processes={"boiler": boiler}, **sections)
    assert r.capacity.values == pytest.approx(3)
    assert r.objective == pytest.approx(4380 * 0.5 * 7)
    # and where a MWh less in winter may be bought for 10: each MW saves 0.5 · 7 in summer, costs 10
    bought = objective(processes={"boiler": boiler}, supply={"heat": {"price": 10}}, **sections)
    assert bought == pytest.approx(r.objective)
    cheap = solve(processes={"boiler": boiler}, supply={"heat": {"price": 3}}, **sections)
    assert cheap.capacity.values == pytest.approx(2)
    assert cheap.objective == pytest.approx(4380 * 3)


def test_a_minimum_load_holds_over_the_year_for_what_runs_by_the_year() -> None:
    r = solve(
        processes={"works": {"unit": "t", "flows": {"steel": 1}, "existing": 100, "latest": 2000,
                             "minimum_load": {2025: 0.4}, "availability": 0.5}},
        resources={"jobs": {"unit": "jobs", "limit": 1e9, "capacity": {"works": 1}}},
    )  # fmt: skip
    # 10 t/a at 0.4 to 1 times 0.5 of capacity
    assert 20 - 1e-6 <= float(r.capacity.sum()) <= 50 + 1e-6
    data, program = compose(load(processes={"works": {"unit": "t", "flows": {"steel": 1}, "minimum_load": 0.4}}))
    (rows,) = [b for b in program.rows if b.name == "least_load"]
    assert rows.grid.name == "year"
    assert data.warnings == ()


@pytest.mark.parametrize(("share", "use"), [(0.2, 0.18), (0.4, 0.372), (0.6, 0.564), (0.8, 0.782), (1.0, 1.0)])
def test_use_at_part_load_lies_on_the_curve(share: float, use: float) -> None:
    # all of the MW is kept, since a lower load saves power; with ramps of 0 it runs evenly
    r = daily({"minimum_load": 0.2, "ramp_up": 0, "part_load": {"power": CURVE}},
              demand={"hydrogen": {"amount": share * 8760}})  # fmt: skip
    assert float(r.purchase.sum()) == pytest.approx(use * 8760)


def test_what_is_used_besides_is_reported_with_the_plant() -> None:
    r = daily({"minimum_load": 0.2, "part_load": {"power": CURVE}}, demand={"hydrogen": {"amount": 0.8 * 8760}})
    bought, made = float(r.purchase.sum()), float(r.activity.sum())
    assert float(r.part_load_use.sum()) == pytest.approx(bought - made)
    assert bought < made
    assert float(r.flow.sel(commodity="power").sum()) == pytest.approx(-bought)
    assert r.part_load_use_hour.squeeze().sum("hour") != 0


@pytest.mark.parametrize("curve", [{"20 %": 1.4, "60 %": 1, "100 %": 1}, {"20 %": 1.4, "100 %": 1}])
def test_prices_below_zero_burn_no_power_beyond_the_line_between_the_ends(curve: dict[str, float]) -> None:
    limits = {"minimum_load": 0.2, "part_load": {"power": curve}}
    paid = {"power": {"price": -40}}
    # at 0.8 of capacity the line from 0.2 · 1.4 = 0.28 to 1 lies at 0.28 + 0.72 · 0.75 = 0.82, however it swings
    r = daily(limits, supply=paid, demand={"hydrogen": {"amount": 0.8 * 8760}})
    assert r.objective == pytest.approx(-40 * 8760 * 0.82)
    # and without anything to make, nothing is used at all
    assert daily(limits, supply=paid, demand={"hydrogen": {"amount": 0}}).objective == pytest.approx(0, abs=1e-6)


def test_what_is_out_of_service_uses_nothing() -> None:
    out = {"out": ([1.0] * 12 + [0.0] * 12) * 365}
    r = daily({"minimum_load": 0.2, "ramp_up": 0.01, "ramp_down": 0.01, "availability_profile": "out",
               "part_load": {"power": {"20 %": 1.2, "100 %": 1}}},
              profiles={"spot": [1.0] * 8760, **out})  # fmt: skip
    # at full load as long as it is there; the ends of its service are no ramps
    assert r.activity_hour.squeeze().values.reshape(2, 24)[:, :12] == pytest.approx(np.ones((2, 12)))
    bought = r.purchase_hour.squeeze().values.reshape(2, 24)
    assert bought == pytest.approx(np.repeat([[1.0, 0.0]], 12, axis=1).repeat(2, axis=0), abs=1e-9)


def test_modes_share_one_load_and_techniques_have_their_own_use() -> None:
    techniques = {2020: {"hydrogen": 1}, 2025: {"hydrogen": 1, "power": -0.9}}
    limits = {"minimum_load": 0.2, "part_load": {"power": CURVE}, "capex": 1, "lifetime": 1, "latest": 2025}
    process = {"unit": "MWh", "flows": {"power": -1}, "techniques": techniques, **limits}
    r = daily({}, [30.0] * 24, processes={"electrolyser": process}, demand={"hydrogen": {"amount": 8760}},
              resources={"site": {"unit": "MW", "limit": 1.0, "capacity": {"electrolyser": 1}}})  # fmt: skip
    # one MW can stand, of the better technique, at full load
    assert float(r.purchase.sum()) == pytest.approx(0.9 * 8760)
    modes = {"a": {"variable_opex": 1}, "b": {"variable_opex": 2}}
    r = daily({"modes": modes, "flows": {"power": -1, "hydrogen": 1}, "ramp_up": 0, "minimum_load": 0.2,
               "part_load": {"power": CURVE}}, demand={"hydrogen": {"amount": 0.8 * 8760}})  # fmt: skip
    assert float(r.activity.sel(mode="a").sum()) == pytest.approx(0.8 * 8760)
    assert float(r.purchase.sum()) == pytest.approx(0.782 * 8760)


HOURLY = {"ramp_up": 0.1, "part_load": {"power": {"20 %": 0.9, "100 %": 1}}, "minimum_load": 0.2}


@pytest.mark.parametrize("time", ["annual", HALVES])
def test_where_steps_have_no_order_ramps_and_part_load_are_left_out_with_a_word(time: Any) -> None:
    r = daily(HOURLY, time=time, profiles={}, supply={"power": {"price": 30}})
    assert r.objective == pytest.approx(30 * 4380)
    assert [w for w in r.warnings if "ramps" in w] == [
        "ramps and part load are left out, because the time steps have no order: electrolyser"
    ]


def test_what_runs_evenly_has_none_either() -> None:
    hydrogen = {"unit": "MWh"}
    scenario = load(time=DAYS, commodities={"power": {"unit": "MWh", "balance": "hour"}, "hydrogen": hydrogen},
                    processes={"electrolyser": {"unit": "MWh", "flows": {"power": -1, "hydrogen": 1}, **HOURLY}},
                    supply={"power": {"price": 30}}, demand={"hydrogen": {"amount": 4380}})  # fmt: skip
    data, program = compose(scenario)
    assert data.warnings == ("ramps and part load are left out for what does not run by the hour: electrolyser",)
    names = {b.name for b in program.rows}
    assert "least_load" in names
    assert not {"ramp_up", "least_use", "most_use"} & names


def test_in_a_full_year_the_first_hour_follows_the_last() -> None:
    power = {"unit": "MWh", "balance": "hour"}
    works = {"unit": "MWh", "flows": {"power": 1}, "ramp_up": 0.1}
    for time, before in (("full_year", (8759, 23)), (DAYS, (23, 47))):
        data, _ = compose(load(time=time, commodities={"power": power}, processes={"works": works},
                               demand={"power": {"amount": 1}}))  # fmt: skip
        assert data.operation.before.cols[[0, 24]].tolist() == list(before)


def test_no_limits_no_rows() -> None:
    data, program = compose(load(processes={"works": {"unit": "t", "flows": {"steel": 1}}}))
    assert not {"least_load", "ramp_up", "ramp_down", "least_use", "most_use"} & {b.name for b in program.rows}
    assert not any(len(data.operation.least[grid][0]) for grid in GRIDS)


@cache
def limited() -> ts.Scenario:
    """Everything at once, at a corner nowhere: prices of hours differ, capacity is built."""
    limits = {"minimum_load": 0.2, "ramp_up": 0.15, "ramp_down": 0.1, "part_load": {"power": CURVE},
              "capex": 9e4, "lifetime": 20}  # fmt: skip
    return load(
        time=DAYS, profiles={"spot": "package:de_2025/price"}, regions={"ruhr": {}},
        commodities={"power": {"unit": "MWh", "balance": "hour"}, "hydrogen": {"unit": "MWh", "balance": "hour"}},
        processes={"electrolyser": {"unit": "MWh", "flows": {"power": -1, "hydrogen": 0.7}, **limits}},
        storages={"tank": {"commodity": "hydrogen", "capex": 300, "lifetime": 20, "holding_cost": 0.01}},
        supply={"power": {"price": 60, "price_profile": "spot"}}, demand={"hydrogen": {"amount": {"ruhr": 7e4}}},
    )  # fmt: skip


def test_prices_are_slopes() -> None:
    r = ts.solve(limited())
    price = float(r.shadow_price.sel(commodity="hydrogen").squeeze())
    between_slopes(limited(), "demand.hydrogen.amount.ruhr", 7e4, 50.0, price)


@pytest.mark.parametrize(
    "path", ["processes.electrolyser.ramp_up", "processes.electrolyser.minimum_load", "storages.tank.holding_cost"]
)
def test_a_changed_number_is_declared_where_it_is_read(path: str) -> None:
    reads = compose(limited())[1].reads()
    starred = ".".join([path.split(".")[0], "*", path.split(".")[2]])
    assert any(starred in patterns for patterns in reads.values())
