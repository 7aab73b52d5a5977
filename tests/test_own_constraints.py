"""A constraint of your own: a function like those in `model/`, passed as `constraints=[f]`."""

from __future__ import annotations

import numpy as np
import pytest

import transform_sim as ts
from tests.micro import ROOT, mini
from transform_sim.errors import ModelError
from transform_sim.inputs import Inputs
from transform_sim.lp import AxisMap

MINI = ROOT / "scenarios" / "mini"


def clean_share(lp: ts.LinearProgram, data: Inputs) -> None:
    """At least half of the steel of each year comes from the shaft: a_shaft ≥ a_furnace."""
    shaft, furnace = (ts.Entities.of(asset=[data.assets.code(name)]) for name in ("shaft", "furnace"))
    lp.add_rows(
        "clean_share", ts.SINGLE, "year",
        terms=[ts.Term(1, "activity", over=shaft), ts.Term(-1, "activity", over=furnace)],
        lower=0,
    )  # fmt: skip


def test_a_rule_between_two_processes() -> None:
    r = ts.solve(MINI / "two_routes.yaml", constraints=[clean_share])
    # 2025: the furnace alone would cost 268 EUR/t, half of it each 268 and 284
    assert r.objective == pytest.approx(1e6 * 5 * ((268 + 284) / 2 + 296 + 308), rel=1e-12)
    assert r.activity.sel(process="shaft", period=2025).sum() == pytest.approx(0.5e6)


def few_furnaces(lp: ts.LinearProgram, data: Inputs) -> None:
    """No more than 0.8 Mt/a of furnaces, in t/h; a limit that `capacity_max` could say as well."""
    table = data.assets.table
    furnaces = table.take(table["asset"] == data.assets.code("furnace"))
    lp.add_rows("few_furnaces", ts.SINGLE, "stock", [ts.Term(1, "capacity", over=furnaces)], upper=0.8e6 / 8760)


def test_a_limit_on_capacity_and_what_it_would_be_as_data() -> None:
    path = MINI / "two_routes.yaml"
    limited = ts.solve(path, constraints=[few_furnaces])
    assert limited.objective == pytest.approx(mini("two_routes").objective + 5 * 0.2e6 * 16, rel=1e-12)
    as_data = ts.solve(ts.load(path).with_({"processes.furnace.capacity_max": 0.8e6}))
    assert limited.objective == pytest.approx(as_data.objective, rel=1e-12)


def stranded_cost(lp: ts.LinearProgram, data: Inputs) -> None:
    """A fee per t/h of retrofitted capacity and hour, from the industry to the state."""
    lp.add_cost("conversion_fee", "mid_conversion", 2.0, receiver="state", kind="transfer")


def test_an_own_cost_enters_the_split_and_the_objective() -> None:
    r = ts.solve(MINI / "retrofit_midway.yaml", constraints=[stranded_cost])
    # 1e6/8760 t/h converted in 2030: 2 EUR · N_y = 5 years, on a grid without hours
    fee = 2 * 5 * 1e6 / 8760
    assert float(r.cost.sel(component="conversion_fee").sum()) == pytest.approx(fee)
    assert r.objective == pytest.approx(mini("retrofit_midway").objective + fee, rel=1e-12)
    assert r.cost.receiver.sel(component="conversion_fee") == "state"


def steady(lp: ts.LinearProgram, data: Inputs) -> None:
    """The electrolyser changes by at most 10 % of its capacity from one slice to the other, either way."""
    asset = data.assets.code("electrolyser")
    run = ts.Entities.of(asset=[asset])
    hours = len(lp.grids["hour"])
    difference = np.zeros((1, 1, hours))
    difference[0, 0] = [1.0, -1.0]
    for name, sign in (("steady_up", 1.0), ("steady_down", -1.0)):
        # one row per year over both slices: a map from every step to it instead of the operator P
        every = AxisMap(np.zeros(hours, dtype=np.int64), np.arange(hours), np.ones(hours))
        lp.add_rows(
            name, run, "year",
            terms=[ts.Term(sign * difference, "activity", step=every), ts.Term(-0.1, "capacity")],
            upper=0,
        )  # fmt: skip


def test_a_rule_between_steps() -> None:
    r = ts.solve(MINI / "implied_store.yaml", constraints=[steady])
    # 4 MW of power on average, at most 1 MW (a tenth of 10 MW) between night and day: 4.5 and 3.5
    assert r.activity_hour.squeeze().to_series().to_dict() == pytest.approx({"night": 4.5, "day": 3.5})
    assert r.objective == pytest.approx(4380 * (4.5 * 20 + 3.5 * 100), rel=1e-12)


def test_they_work_with_pyomo_and_in_a_prepared_study() -> None:
    path = MINI / "two_routes.yaml"
    ours = ts.solve(path, constraints=[clean_share]).objective
    assert ts.solve(path, constraints=[clean_share], solver="pyomo").objective == pytest.approx(ours, rel=1e-9)
    study = ts.prepare(path, constraints=[clean_share])
    assert study.solve().objective == pytest.approx(ours, rel=1e-9)
    assert "clean_share" in [block.name for block in study.program.rows]


def test_wrong_names_and_shapes_are_told() -> None:
    def unknown_dimension(lp: ts.LinearProgram, data: Inputs) -> None:
        lp.add_rows("mine", ts.Entities.of(country=[0]), "year", [(1, "activity")], upper=1)

    def taken_name(lp: ts.LinearProgram, data: Inputs) -> None:
        lp.add_rows("balance", ts.SINGLE, "year", [(1, "activity")], upper=1)

    def wrong_shape(lp: ts.LinearProgram, data: Inputs) -> None:
        lp.add_rows("mine", ts.SINGLE, "year", [(np.ones(7), "activity")], upper=1)

    path = MINI / "two_routes.yaml"
    with pytest.raises(ModelError, match="mine: unknown dimension 'country'"):
        ts.solve(path, constraints=[unknown_dimension])
    with pytest.raises(ModelError, match="rows 'balance' are already declared on grid 'year'; choose another name"):
        ts.solve(path, constraints=[taken_name])
    with pytest.raises(ModelError, match="has 1 axes; give a scalar or the three axes"):
        ts.solve(path, constraints=[wrong_shape])
