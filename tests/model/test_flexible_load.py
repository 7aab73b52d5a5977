"""Flexible loads: limits of processes, over-capacity, what takes part, seams of time, results. Hand-solved."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest

import transform_sim as ts
from tests.micro import HALVES, ONE_YEAR, load, solve
from tests.oracle.strategies import as_yaml
from transform_sim.lp import Program
from transform_sim.pipeline import compose

POWER = {"power": {"unit": "MWh", "balance": "hour"}}
CHEAP = [20.0 if hour % 24 < 12 else 100.0 for hour in range(8760)]
"""Each day twelve hours at 20, twelve at 100 EUR/MWh: 60 on the mean."""


@cache
def days() -> ts.Scenario:
    """A mill that uses 1 MWh per t on representative days that are all alike; 1 t/h is needed."""
    return ts.loads(
        as_yaml(
            {
                "name": "mill",
                "horizon": ONE_YEAR,
                "time": {"typical_days": {"count": 2}},
                "profiles": {"price": CHEAP},
                "regions": {"ruhr": {}},
                "commodities": POWER | {"flour": {"unit": "t"}},
                "processes": {"mill": {"unit": "t", "flows": {"flour": 1, "power": -1}, "existing": 8760}},
                "supply": {"power": {"price": 60, "price_profile": "price"}},
                "demand": {"flour": {"amount": 8760}},
            }
        )
    )


WINDOW = {"commodity": "power", "process": "mill", "method": "window", "window": 24, "up": 1, "down": 1}


def of_days(flexible: dict[str, Any], changes: dict[str, Any] | None = None) -> ts.Results:
    return ts.solve(days().with_((changes or {}) | {"flexible_loads": {"grinding": flexible}}))


# limits of processes ----------------------------------------------------------------------------------------------


def test_a_plant_at_full_load_has_no_room_to_shift() -> None:
    # 8760 MWh at 60: all capacity runs all the time, so nothing can be made up for
    assert of_days(WINDOW, {"processes.mill.latest": 2000}).objective == pytest.approx(8760 * 60)


def test_overload_gives_room() -> None:
    # a tenth more in the cheap hours, a tenth less in the dear ones: 0.1 MW in 12 of 24 hours at a spread of 80 less 1
    r = of_days({**WINDOW, "overload": 0.1, "cost_up": 1}, {"processes.mill.latest": 2000})
    assert r.objective == pytest.approx(8760 * (60 - 0.1 * 79 / 2))
    assert r.shift_up.values.sum() == pytest.approx(438)
    assert r.flexible_use.values.sum() == pytest.approx(8760)


@pytest.mark.parametrize(("capex", "built"), [(300, 8760), (500, 0)])
def test_flexibility_is_bought_by_over_capacity(capex: float, built: float) -> None:
    # a second t/h lets all of the use move to the cheap hours and saves 80 EUR/MWh in half of the hours, 40 EUR/a per
    # t/a: worth building at 300/10 a year, not at 500/10
    changes = {"processes.mill": {"unit": "t", "flows": {"flour": 1, "power": -1}, "existing": {"ruhr": 8760},
                                  "capex": capex, "lifetime": 10}}  # fmt: skip
    r = of_days(WINDOW, changes)
    saved = 8760 * (40 - capex / 10) if built else 0.0
    assert r.objective == pytest.approx(8760 * 60 - saved)
    assert r.new_capacity.values.sum() == pytest.approx(built)


def test_only_the_flexible_share_moves() -> None:
    # idle capacity of 1 t/h; 0.4 of the use of both is flexible, so that 0.4 MW move
    r = of_days({**WINDOW, "share": 0.4}, {"processes.mill.existing": 17_520})
    assert r.objective == pytest.approx(8760 * (60 - 0.4 * 40))


def test_idle_capacity_alone_can_neither_shift_nor_shed() -> None:
    flexible = {**WINDOW, "sheds": [{"cost": 0}], "down": 1}
    r = of_days(flexible, {"demand.flour.amount": 0, "supply.power.price": 60})
    assert r.objective == pytest.approx(0, abs=1e-6)


def test_limits_that_allow_nothing_change_nothing() -> None:
    """Neither a draw that exceeds the mean nor modes that use more than the first is curbed by a load."""
    modes = {
        "modes": {"dry": {"flows": {"power": -1}}, "wet": {"flows": {"power": -3, "flour": 1}}},
        "flows": {"flour": 1},
    }
    for mill in (
        {"flows": {"flour": 1, "power": -1}, "draw_profile": "price", "operation": "baseload"},
        {**modes, "draw_profile": "price", "operation": "baseload"},
    ):
        plant = {"processes.mill": {"unit": "t", "existing": 8760, "latest": 2000, **mill}}
        without = ts.solve(days().with_(plant)).objective
        assert of_days({**WINDOW, "up": 0, "down": 0}, plant).objective == pytest.approx(without)


def test_shedding_stops_at_its_hours_and_its_recovery() -> None:
    # 1 MW at 100 EUR/MWh in half of the hours. Shedding at 70 saves 30 EUR/MWh: for 100 full hours, or for 2 in any 6
    # hours, 4 in the 12 dear ones, since at night nothing is shed
    shed = {"commodity": "power", "load": 1, "method": "none", "sheds": [{"cost": 70}]}
    homes = {"demand.homes": {"commodity": "power", "amount": 8760}, "demand.flour.amount": 0}
    for limits, hours in (
        ({}, 4380), ({"hours_max": 100}, 100), ({"recovery": 6, "duration": 2}, 4 * 365), ({"share": 0.3}, 0.3 * 4380)
    ):  # fmt: skip
        r = of_days({**shed, "sheds": [{"cost": 70, **limits}]}, homes)
        assert r.objective == pytest.approx(8760 * 60 - 30 * hours)
        assert r.shed.values.sum() == pytest.approx(hours)
        assert float(r.annual_cost.sel(component="load_shed", owner="grinding").sum()) == pytest.approx(70 * hours)


def test_steps_of_shedding_are_a_merit_order() -> None:
    steps = [{"cost": 90, "share": 0.2}, {"cost": 70, "share": 0.5}, {"cost": 120}]
    flexible = {"commodity": "power", "load": 1, "method": "none", "down": 0.6, "sheds": steps}
    r = of_days(flexible, {"demand.homes": {"commodity": "power", "amount": 8760}, "demand.flour.amount": 0})
    # 0.5 at 70, 0.1 at 90 up to the limit of 0.6
    assert r.shed.squeeze().values == pytest.approx([438, 2190, 0])


# seams of time ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("time", ["annual", HALVES])
def test_without_an_order_of_hours_nothing_is_shifted_but_shed(time: Any) -> None:
    some = {"commodity": "power", "load": 1}
    flexible = {
        "a": {**some, "method": "battery", "up": 1, "down": 1, "sheds": [{"cost": 30, "hours_max": 876}]},
        "b": {**some, "method": "none", "sheds": [{"cost": 50, "share": 0.5}]},
    }
    r = solve(time=time, commodities=POWER, supply={"power": {"price": 60}}, demand={"power": {"amount": 26_280}},
              flexible_loads=flexible)  # fmt: skip
    assert r.objective == pytest.approx(26_280 * 60 - 876 * 30 - 4380 * 10)
    assert r.warnings == ("nothing is shifted, because the time steps have no order: a",)
    assert "shift_up" not in r.data


def test_representative_days_close_within_themselves() -> None:
    """What a day cannot hold is left out, and told."""
    base = {"commodity": "power", "load": 1, "up": 1, "down": 1}
    flexible = {
        "a": {**base, "method": "window", "window": 48}, "b": {**base, "method": "zerrahn_schill", "delay": 30},
        "c": {**base, "method": "gils", "delays": [24, 3, 48]}, "d": {**base, "method": "gils", "delays": [24]},
        "e": {**base, "method": "window", "window": 24},
    }  # fmt: skip
    data, program = compose(days().with_({"flexible_loads": flexible}))
    alone = "representative days of 24 h stand alone"
    assert data.warnings == (
        f"a evens out within 24 h instead of 48 h: {alone}",
        f"b is shifted by 12 h at most instead of 30 h: {alone}",
        f"c is not shifted by 24 h, 48 h: {alone}",
        f"d is not shifted by 24 h: {alone}",
    )
    (windows,) = program.blocks("rows", "shift_window")
    assert windows.shape == (2, 1, 2)  # both loads, both days
    (pairs,) = program.blocks("columns", "shift_pair")
    assert len(pairs.entities) == 23  # every other hour of the day once
    (classes,) = program.blocks("columns", "put_off")
    assert len(classes.entities) == 1
    # the last hour of a day is followed by its first
    assert data.flexible_loads.shifting is not None
    later = data.flexible_loads.shifting.sequences.later(1)
    assert later[[0, 23, 24, 47]].tolist() == [1, 0, 25, 24]


def test_a_full_year_is_one_sequence() -> None:
    flexible = {"commodity": "power", "load": 0.5, "up": 1, "down": 1}
    loads = {
        "a": {**flexible, "method": "window", "window": 168},
        "b": {**flexible, "method": "zerrahn_schill", "delay": 24},
    }
    data, program = compose(load(time="full_year", commodities=POWER, supply={"power": {"price": 1}},
                                 demand={"power": {"amount": 8760}}, flexible_loads=loads))  # fmt: skip
    assert data.warnings == ()
    (windows,) = program.blocks("rows", "shift_window")
    assert windows.shape == (1, 1, 53)
    assert windows.grid.weight[[0, 51, 52]].tolist() == [168, 168, 24]  # the last block is shorter
    assert data.flexible_loads.shifting is not None
    later = data.flexible_loads.shifting.sequences.later(2)
    assert later[[0, 23, 8757, 8758, 8759]].tolist() == [2, 25, 8759, 0, 1]
    assert len(program.blocks("columns", "shift_pair")[0].entities) == 48


# what takes part --------------------------------------------------------------------------------------------------


def names(program: Program) -> list[str]:
    return [program.column_name(j) for j in range(program.shape[1])] + [
        program.row_name(i) for i in range(program.shape[0])
    ]


@pytest.mark.parametrize("level", ["none", "today", "potential"])
def test_what_does_not_take_part_is_as_if_not_written(level: str) -> None:
    flexible = {"commodity": "power", "load": 1, "method": "window", "window": 6, "up": 1, "down": 1}
    loads = {"now": flexible, "later": {**flexible, "flexibility": "potential"}}
    store = {"commodity": "power", "existing": 1, "capex": 1, "lifetime": 10}
    stores = {
        "tank": store, "battery": {**store, "flexibility": "today"},
        "cars": {**store, "flexibility": "potential"},
    }  # fmt: skip
    uses = {"tank": 1, "battery": 2, "cars": 3}
    stays = {"none": {"tank"}, "today": {"tank", "battery", "now"}, "potential": {*stores, *loads}}[level]
    written = {
        "storages": stores,
        "flexible_loads": loads,
        "resources": {"land": {"unit": "ha", "limit": 9, "capacity": uses}},
    }
    cut = {
        "storages": {n: {k: v for k, v in s.items() if k != "flexibility"} for n, s in stores.items() if n in stays},
        "flexible_loads": {
            n: {k: v for k, v in f.items() if k != "flexibility"} for n, f in loads.items() if n in stays
        },
        "resources": {"land": {"unit": "ha", "limit": 9, "capacity": {n: u for n, u in uses.items() if n in stays}}},
    }
    _, chosen = compose(days().with_({**written, "flexibility": level}))
    _, alone = compose(days().with_(cut))
    assert names(chosen) == names(alone)
    assert (chosen.matrix != alone.matrix).nnz == 0
    assert np.array_equal(chosen.cost, alone.cost)


# results ----------------------------------------------------------------------------------------------------------


def test_results_hold_use_shifts_and_levels() -> None:
    pots = {"commodity": "power", "load": 4, "method": "battery", "up": 0.25, "down": 0.25, "energy": 6, "cost_up": 5}
    homes = {"demand.homes": {"commodity": "power", "amount": 43_800}, "demand.flour.amount": 0}
    r = of_days(pots, homes)
    # 1 MW up for 6 of the cheap hours, down for 6 of the dear ones: 6 MWh a day at 80 − 5 EUR/MWh
    assert r.objective == pytest.approx(43_800 * 60 - 6 * 365 * 75)
    assert r.shift_up.squeeze().item() == pytest.approx(6 * 365)
    assert r.shift_down.squeeze().item() == pytest.approx(6 * 365)
    assert r.flexible_use.squeeze().item() == pytest.approx(4 * 8760)
    assert r.shift_level_hour.values.reshape(2, 24).max(axis=1) == pytest.approx([6, 6])
    assert r.shift_up_hour.dims == ("load", "node", "period", "hour")
    weight = r.step_weight.values
    for name in ("shift_up", "shift_down", "flexible_use"):
        assert r.data[f"{name}_hour"].values @ weight == pytest.approx(r.data[name].values)
    assert str(r.shift_up.coords["load_commodity"].item()) == "power"
    assert str(r.shift_up.coords["load_unit"].item()) == "MWh"
    paid = r.annual_cost.sel(component="load_shift")
    assert float(paid.sel(owner="grinding").sum()) == pytest.approx(5 * 6 * 365)
    assert str(paid.sel(owner="grinding").coords["owner_kind"].item()) == "load"
    assert float(paid.sum()) == pytest.approx(5 * 6 * 365)


def test_a_load_stands_at_its_node() -> None:
    """Regions that share a node add up there; an amount without place is that of each node."""
    commodities = {"power": {"unit": "MWh", "balance": "hour", "area": {"ruhr": "west", "rhein": "west"}}}
    shed = {"commodity": "power", "method": "none", "sheds": [{"cost": 10}]}
    flexible = {
        "a": {**shed, "load": {"ruhr": 1, "rhein": 2, "coast": 4}},
        "b": {**shed, "load": 8, "regions": ["coast"]},
        "c": {**shed, "load": {"west": {2020: 0, 2030: 32}}},
    }
    r = solve(regions={"ruhr": {}, "rhein": {}, "coast": {}}, commodities=commodities, flexible_loads=flexible,
              supply={"power": {"price": 60}}, demand={"power": {"amount": 876_000}})  # fmt: skip
    shed_by = r.shed.sum(["shed_step", "period"]) / 8760
    assert shed_by.sel(load="a", node="west").item() == pytest.approx(3)
    assert shed_by.sel(load="a", node="coast").item() == pytest.approx(4)
    assert shed_by.sel(load="b", node=["west", "coast"]).values == pytest.approx([0, 8])
    assert shed_by.sel(load="c", node="west").item() == pytest.approx(16)  # linear between the years
