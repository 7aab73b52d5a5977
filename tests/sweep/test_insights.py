"""What is read out of sweeps, on data made by hand whose answers are known."""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import transform_sim as ts
from tests.sweep.handmade import GAP, cases, grid, one_at_a_time, planes, two_outputs
from tests.sweep.small import TWO_ROUTES, planned
from transform_sim.errors import MissingExtraError, ModelError
from transform_sim.scenario.sweepfile import sweep_spec
from transform_sim.sweeps import design
from transform_sim.sweeps.insights import break_even, crossings, pareto, regret, saltelli, sobol, tornado
from transform_sim.sweeps.opened import open_sweep
from transform_sim.sweeps.plan import plan
from transform_sim.sweeps.run import run

# --- break-even maps -----------------------------------------------------------------------------------------------


def test_leaders_and_lines_of_three_planes() -> None:
    x, y = [0.0, 4.0, 8.0, 12.0], [1.0, 5.0, 9.0]
    data = grid(planes(x, y), {"x": x, "y": y}, process=["old", "gas", "new"])
    found = break_even(data, "x", "y", "made")
    table = found.leaders.pivot(index="x", columns="y", values="leader")
    assert table.loc[0.0].tolist() == ["old", "old", "new"]
    assert table.loc[12.0].tolist() == ["gas", "gas", "gas"]
    row = found.leaders.set_index(["x", "y"]).loc[(8.0, 5.0)]
    assert (row["leader"], row["second"], row["value"], row["margin"]) == ("gas", "old", 8.0, 2.0)
    assert found.leaders["distinguishable"].all()
    lines = found.lines.set_index(["one", "other"])
    # old = gas where x = 6 and new is less, old = new where y = 6 and gas is less, gas = new on the diagonal above
    assert (lines.loc[("old", "gas"), ["x0", "x1"]] == 6.0).all(axis=None)
    assert lines.loc[("old", "gas"), ["y0", "y1"]].to_numpy().max() == 6.0
    assert (lines.loc[("old", "new"), ["y0", "y1"]] == 6.0).all(axis=None)
    assert lines.loc[("old", "new"), ["x0", "x1"]].to_numpy().max() == 6.0
    diagonal = lines.loc[("gas", "new")]
    np.testing.assert_allclose(diagonal["x0"], diagonal["y0"])
    assert diagonal[["x0", "x1"]].to_numpy().min() == pytest.approx(6.0)
    assert diagonal[["x0", "x1"]].to_numpy().max() == 9.0


def test_the_order_of_levels_and_units_do_not_matter() -> None:
    x, y = [8.0, 0.0, 4.0], ["5 EUR/t", "1 EUR/t", "9 EUR/t"]
    data = grid(planes(x, [5.0, 1.0, 9.0]), {"x": x, "y": y}, process=["old", "gas", "new"])
    found = break_even(data, "x", "y", "made")
    assert found.leaders["x"].tolist() == [0.0] * 3 + [4.0] * 3 + [8.0] * 3
    assert found.leaders["y"].tolist()[:3] == [1.0, 5.0, 9.0]
    assert found.leaders["leader"].tolist()[:3] == ["old", "old", "new"]


def test_the_least_leads_among_costs() -> None:
    x, y = [0.0, 4.0, 8.0], [1.0, 5.0]
    found = break_even(grid(planes(x, y), {"x": x, "y": y}, route=["old", "gas", "new"]), "x", "y", "made", least=True)
    row = found.leaders.set_index(["x", "y"])
    assert row.loc[(8.0, 5.0), ["leader", "second", "value", "margin"]].tolist() == ["new", "old", 5.0, 1.0]


def test_two_named_things_cross_whatever_else_leads() -> None:
    x, y = [0.0, 4.0], [1.0, 3.0]
    data = grid(planes(x, y), {"x": x, "y": y}, process=["old", "gas", "new"])
    assert break_even(data, "x", "y", "made").lines.empty
    line = crossings(data, "x", "y", "made", "gas", "new")
    ends = {(r.x0, r.y0) for r in line.itertuples()} | {(r.x1, r.y1) for r in line.itertuples()}
    assert ends == {(1.0, 1.0), (3.0, 3.0)}
    with pytest.raises(ModelError, match="there is no 'wind' to compare; there is old, gas, new"):
        crossings(data, "x", "y", "made", "gas", "wind")


def test_a_third_may_lead_between_two_leaders() -> None:
    values = np.array([[[10.0, 0.0, 6.0], [0.0, 10.0, 6.0]]] * 2)
    data = grid(values, {"x": [0.0, 1.0], "y": [0.0, 1.0]}, process=["old", "new", "scrap"])
    found = break_even(data, "x", "y", "made")
    assert set(found.leaders["leader"]) == {"old", "new"}
    lines = found.lines.set_index(["one", "other"])[["y0", "y1"]]
    assert lines.index.tolist() == [("old", "scrap"), ("new", "scrap")]
    np.testing.assert_allclose(lines, [[0.4, 0.4], [0.6, 0.6]])


NAMES = ["value", "regret", "x", "y", "case", "leader", "margin", "distinguishable", "efficient", "dx", "sweep"]


@pytest.mark.parametrize("name", NAMES)
def test_axes_may_be_called_like_columns(name: str) -> None:
    other = "y" if name == "x" else "x"
    levels = {name: [1.0, 2.0], other: [3.0, 4.0]}
    frame = regret(grid([[1, 2], [3, 1]], levels), name)
    column = f"{name}_axis" if name in ("value", "regret", "distinguishable") else name
    assert frame.attrs["option"] == column
    assert frame.columns.tolist() == [column, other, "value", "regret", "distinguishable"]
    assert frame[column].tolist() == [1.0, 1.0, 2.0, 2.0]
    assert frame["regret"].tolist() == [0.0, 1.0, 2.0, 0.0]

    costs = grid([[1, 2], [3, 1]], levels)
    front = pareto(costs.assign(made=costs["objective"] * -1), "objective", "made")
    assert front["x"].tolist() == [1.0, 1.0, 2.0, 3.0]
    assert front["y"].tolist() == [-1.0, -1.0, -2.0, -3.0]
    own = f"{name}_axis" if name in ("x", "y", "efficient", "distinguishable", "dx") else name
    assert front[own].tolist() == [1.0, 2.0, 1.0, 2.0]

    values = np.array([[[1.0, 2.0], [2.0, 1.0]], [[3.0, 0.0], [0.0, 3.0]]])
    found = break_even(grid(values, levels, process=["a", "b"]), name, other, "made")
    assert found.leaders[found.x].tolist() == [1.0, 1.0, 2.0, 2.0]
    assert found.leaders["leader"].tolist() == ["b", "a", "a", "b"]

    lone = cases([1.0, 2.0, 4.0], {name: [np.nan, 1.0, 2.0]} if name != "case" else {"k": [np.nan, 1.0, 2.0]})
    assert tornado(lone, "objective")["swing"].tolist() == [3.0]
    assert len(pareto(lone, "objective", "objective")) == 3


def test_a_saddle_is_cut_by_its_mean() -> None:
    values = np.array([[[3.0, 0.0], [0.0, 1.0]], [[0.0, 1.0], [3.0, 0.0]]])
    data = grid(values, {"x": [0.0, 1.0], "y": [0.0, 1.0]}, process=["a", "b"])
    line = crossings(data, "x", "y", "made", "a", "b")
    # a leads in two opposite corners and in the middle, so that b is cut off in two corners
    middles = {(round((r.x0 + r.x1) / 2, 3), round((r.y0 + r.y1) / 2, 3)) for r in line.itertuples()}
    assert middles == {(0.875, 0.125), (0.125, 0.875)}


def test_a_lead_within_the_tolerance_is_not_distinguishable() -> None:
    values = np.array([[[1e6, 1e6 + 1e-3]], [[1e6, 2e6]]])
    found = break_even(grid(values, {"x": [0, 1], "y": [0]}, process=["a", "b"]), "x", "y", "made")
    assert found.leaders["distinguishable"].tolist() == [False, True]


def test_a_case_without_an_optimum_has_no_leader_and_no_line() -> None:
    x, y = [0.0, 4.0, 8.0], [1.0, 5.0]
    data = grid(planes(x, y), {"x": x, "y": y}, process=["old", "gas", "new"])
    data["status"][2, 0] = "infeasible"
    found = break_even(data, "x", "y", "made")
    row = found.leaders.set_index(["x", "y"]).loc[(8.0, 1.0)]
    assert (row["leader"], row["second"], bool(row["distinguishable"])) == ("", "", False)
    assert found.lines.empty  # the only cell with a change of lead has that corner


def test_other_axes_must_have_been_chosen() -> None:
    axes = {"x": [0.0, 1.0], "y": [0.0, 1.0], "ccs": ["no", "yes"]}
    data = grid(np.zeros((2, 2, 2, 2)), axes, process=["a", "b"])
    with pytest.raises(ModelError, match="needs a grid of these two axes; there is x, y, ccs, process"):
        break_even(data, "x", "y", "made")
    assert len(break_even(data, "x", "y", data["made"].sel(ccs="no")).leaders) == 4
    with pytest.raises(ModelError, match=r"no longer says for which ccs it holds; choose one with \.sel\(ccs=…\)"):
        break_even(data, "x", "y", data["made"].max("ccs"))
    with pytest.raises(ModelError, match="the levels of ccs are no numbers of one unit"):
        break_even(data, "x", "ccs", data["made"].sel(y=0.0))


# --- tornado -------------------------------------------------------------------------------------------------------


def test_a_tornado_ranks_axes_by_what_they_move() -> None:
    frame = tornado(one_at_a_time([100, 120, 95, 110, 100.5, 70, 101]), "objective")
    assert frame.index.tolist() == ["ccs", "gas", "coal"]
    assert frame.loc["gas"].tolist() == [20.0, 40.0, -5.0, 20.0, 25.0, True]
    assert frame.loc["ccs"].tolist() == ["5 Mt/a", "25 Mt/a", 0.5, -30.0, 30.5, True]
    assert frame.loc["coal", ["low_level", "low", "swing"]].tolist() == [12.0, 1.0, 1.0]
    assert np.isnan(frame.loc["coal", "high"])
    assert frame.attrs["base"] == 100.0


def test_a_swing_within_the_gaps_is_not_distinguishable() -> None:
    frame = tornado(one_at_a_time([1000, 1001, 999, 1000, 1000, 900, 1000.5], GAP), "objective")
    assert frame["distinguishable"].to_dict() == {"ccs": True, "gas": False, "coal": False}


def test_an_end_without_an_optimum_is_not_known() -> None:
    data = one_at_a_time([100, 120, 95, 110, 100.5, 70, 101])
    data["status"][1] = "infeasible"
    gas = tornado(data, "objective").loc["gas"]
    assert (gas["low"], gas["swing"]) == (-5.0, 5.0)
    assert np.isnan(gas["high"])
    data["status"][0] = "infeasible"
    with pytest.raises(ModelError, match="the scenario itself has no proved optimum"):
        tornado(data, "objective")


def test_a_tornado_needs_one_axis_at_a_time() -> None:
    with pytest.raises(ModelError, match="design one_at_a_time or ranges"):
        tornado(grid([[1.0, 2.0]], {"a": [1.0], "b": [1.0, 2.0]}), "objective")
    with pytest.raises(ModelError, match="design one_at_a_time or ranges"):
        tornado(cases([1.0, 2.0], {"a": [1.0, 2.0], "b": [1.0, np.nan]}), "objective")


def test_an_output_must_be_chosen_down_to_one_value_per_case() -> None:
    data = grid(np.zeros((1, 2)), {"a": [1.0]}, process=["p", "q"])
    with pytest.raises(ModelError, match="made has process beside the cases, but one value per case is needed"):
        tornado(data, "made")
    with pytest.raises(ModelError, match="no 'cost'; it has status, gap, tolerance, made"):
        tornado(data, "cost")


# --- regret --------------------------------------------------------------------------------------------------------

COSTS = [[10.0, 30.0, 50.0], [12.0, 20.0, 70.0]]
"""Two options in three states."""


def test_regret_is_what_the_best_option_would_save() -> None:
    frame = regret(grid(COSTS, {"ccs": ["no", "yes"], "price": [1.0, 2.0, 3.0]}), "ccs")
    table = frame.pivot(index="ccs", columns="price", values="regret")
    assert table.loc["no"].tolist() == [0.0, 10.0, 0.0]
    assert table.loc["yes"].tolist() == [2.0, 0.0, 20.0]
    assert frame["distinguishable"].all()
    other = regret(grid(np.transpose(COSTS), {"price": [1.0, 2.0, 3.0], "ccs": ["no", "yes"]}), "ccs")
    pd.testing.assert_frame_equal(other, frame)


def test_regret_within_the_gaps_is_not_distinguishable() -> None:
    costs = [[1000.0, 1000.0], [1001.0, 1100.0]]
    frame = regret(grid(costs, {"ccs": ["no", "yes"], "price": [1.0, 2.0]}, GAP), "ccs")
    assert frame["distinguishable"].tolist() == [False, True, False, True]


def test_an_impossible_option_has_no_regret_and_makes_the_other_the_best() -> None:
    data = grid(COSTS, {"ccs": ["no", "yes"], "price": [1.0, 2.0, 3.0]})
    data["status"][0, 0], data["status"][:, 1] = "infeasible", "infeasible"
    frame = regret(data, "ccs").set_index(["ccs", "price"])
    assert np.isnan(frame.loc[("no", 1.0), "regret"])
    assert frame.loc[("yes", 1.0), ["regret", "distinguishable"]].tolist() == [0.0, True]
    assert frame.xs(2.0, level="price")["regret"].isna().all()
    assert not frame.xs(2.0, level="price")["distinguishable"].any()


def test_regret_needs_options_and_states() -> None:
    with pytest.raises(ModelError, match="needs a grid with the axis 'ccs' and another; this has ccs"):
        regret(grid([1.0, 2.0], {"ccs": ["no", "yes"]}), "ccs")
    with pytest.raises(ModelError, match="two levels of 'ccs'"):
        regret(grid([[1.0, 2.0]], {"ccs": ["no"], "price": [1.0, 2.0]}), "ccs")


# --- Pareto front --------------------------------------------------------------------------------------------------


def test_the_front_is_what_no_other_case_beats() -> None:
    data = two_outputs([1, 2, 3, 2, 5, 4], [9, 5, 5, 7, 1, 1])
    frame = pareto(data, "objective", "emissions")
    assert frame["case"].tolist() == [0, 1, 3, 2, 5, 4]
    assert set(frame.loc[frame["efficient"], "case"]) == {0, 1, 5}
    assert frame["distinguishable"].all()
    # by trying all pairs
    x, y = frame["x"].to_numpy(), frame["y"].to_numpy()
    beaten = (x <= x[:, None]) & (y <= y[:, None]) & ((x < x[:, None]) | (y < y[:, None]))
    assert frame["efficient"].tolist() == (~beaten.any(axis=1)).tolist()


def test_equal_cases_are_both_efficient_and_not_distinguishable() -> None:
    frame = pareto(two_outputs([1, 1, 3], [9, 9, 5]), "objective", "emissions")
    assert frame["efficient"].all()
    assert frame["distinguishable"].tolist() == [False, False, True]


def test_a_case_within_the_gap_of_a_better_one_is_not_distinguishable() -> None:
    frame = pareto(two_outputs([1000, 1001, 2000], [9, 5, 1], GAP), "objective", "emissions")
    assert frame["efficient"].tolist() == [True, True, True]
    assert frame["distinguishable"].tolist() == [False, True, True]


def test_cases_without_an_optimum_are_left_out_of_the_front() -> None:
    data = two_outputs([1, 2, 3], [9, 5, 1])
    data["status"][1] = "infeasible"
    assert pareto(data, "objective", "emissions")["case"].tolist() == [0, 2]


# --- Sobol indices -------------------------------------------------------------------------------------------------


def test_sobol_indices_of_a_function_with_known_ones() -> None:
    pytest.importorskip("SALib")
    points = saltelli({"a": (0.0, 1.0), "b": (0.0, 1.0), "c": (5.0, 6.0)}, 512, seed=3)
    assert len(points) == 512 * 5
    # 4a + 2b: variances 16/12 and 4/12; c does nothing
    data = cases(4 * points["a"] + 2 * points["b"], points.to_dict("list"))
    frame = sobol(data, "objective", seed=1)
    assert frame.index.tolist() == ["a", "b", "c"]
    np.testing.assert_allclose(frame["first"], [0.8, 0.2, 0.0], atol=0.02)
    np.testing.assert_allclose(frame["total"], [0.8, 0.2, 0.0], atol=0.02)
    assert frame["distinguishable"].tolist() == [True, True, False]
    assert frame.attrs["blocks"] == 512
    pd.testing.assert_frame_equal(frame, sobol(data, "objective", seed=1))


def test_interactions_are_in_the_total_alone() -> None:
    pytest.importorskip("SALib")
    points = saltelli({"a": (-1.0, 1.0), "b": (-1.0, 1.0)}, 512)
    frame = sobol(cases(points["a"] * points["b"], points.to_dict("list")), "objective")
    np.testing.assert_allclose(frame["first"], 0.0, atol=0.05)
    np.testing.assert_allclose(frame["total"], 1.0, atol=0.05)


def test_blocks_without_an_optimum_are_left_out_and_no_variance_is_no_share() -> None:
    pytest.importorskip("SALib")
    points = saltelli({"a": (0.0, 1.0), "b": (0.0, 1.0)}, 8)
    data = cases(points["a"] + points["b"], points.to_dict("list"))
    data["status"][5] = "infeasible"
    assert sobol(data, "objective").attrs["blocks"] == 7
    data["status"][:] = "infeasible"
    with pytest.raises(ModelError, match="0 of 8 blocks"):
        sobol(data, "objective")
    still = sobol(cases(1000.0 + points["a"], points.to_dict("list"), GAP), "objective")
    assert still["total"].isna().all()
    assert not still["distinguishable"].any()


def test_sobol_needs_its_own_design() -> None:
    with pytest.raises(ModelError, match="need cases that `saltelli` made"):
        sobol(cases([1.0, 2.0, 3.0, 4.0], {"a": [1.0, 2.0, 3.0, 4.0], "b": [1.0, 2.0, 3.0, 5.0]}), "objective")
    with pytest.raises(ModelError, match="n is 12, but Sobol sequences need a power of two"):
        saltelli({"a": (0.0, 1.0)}, 12)
    with pytest.raises(ModelError, match="axis 'a': low is not below high"):
        saltelli({"a": (1.0, 1.0)}, 8)


def test_without_salib_the_pip_line_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "SALib", None)
    monkeypatch.setitem(sys.modules, "SALib.sample.sobol", None)
    with pytest.raises(MissingExtraError, match=r'pip install "transform-sim\[sensitivity\]"'):
        saltelli({"a": (0.0, 1.0)}, 8)


# --- a sweep that was run ------------------------------------------------------------------------------------------


def test_insights_of_a_sweep_that_was_run(tmp_path: Path) -> None:
    run(planned(), tmp_path / "grid")
    sweep = open_sweep(tmp_path / "grid")
    assert (regret(sweep, "supply.coal.price").query("regret > 0")["supply.coal.price"] == 15.0).all()
    front = pareto(sweep, "objective", sweep.emissions.isel(emission=0).sum("period"))
    assert front["efficient"].any()
    run(planned(design="one_at_a_time"), tmp_path / "one")
    frame = tornado(open_sweep(tmp_path / "one"), "objective")
    assert set(frame.index) == {"carbon", "supply.coal.price", "steel"}
    assert frame["distinguishable"].any()


def test_sobol_indices_of_a_sweep_that_was_run(tmp_path: Path) -> None:
    pytest.importorskip("SALib")
    ranges = {"carbon": (0.5, 2.0), "coal": (0.5, 1.5)}
    scenario = ts.load(TWO_ROUTES)
    axes = {"carbon": {"scale": "policies.carbon_price"}, "coal": {"scale": "supply.coal.price"}}
    saltelli(ranges, 4).to_csv(tmp_path / "cases.csv", index=False)
    spec = sweep_spec({"name": "small", "axes": axes, "design": {"cases": "cases.csv"}})
    with (tmp_path / "cases.csv").open(encoding="utf-8", newline="") as file:
        listed = design.cases(scenario, spec.axes, spec.design, list(csv.DictReader(file)))
    run(plan(scenario, listed), tmp_path / "out")
    frame = sobol(open_sweep(tmp_path / "out"), "objective")
    assert set(frame.index) == {"carbon", "coal"}
    assert (frame["total"] > 0).all()
    assert frame.attrs["blocks"] == 4
