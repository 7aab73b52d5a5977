"""What is kept of a case is what the results of its own scenario say."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import transform_sim as ts
from tests.micro import MINIS, ROOT, mini
from tests.model.test_reads import RICH, nearby, numbers
from tests.oracle.reader import read_file
from transform_sim.errors import ModelError, ScenarioError
from transform_sim.pipeline import compose
from transform_sim.results.compare import indicators as compared
from transform_sim.solvers.case import Case
from transform_sim.sweeps import outputs
from transform_sim.sweeps.opened import open_sweep
from transform_sim.sweeps.outputs import Reader, indicators, touches
from transform_sim.sweeps.parts import Part, joined, packed, stacked, unpacked
from transform_sim.sweeps.plan import Group
from transform_sim.sweeps.run import run
from transform_sim.sweeps.start import sweep

from .small import AXES, TWO_ROUTES, planned

SYSTEMS = [*MINIS, *RICH]


def same(one: dict[str, Part], other: dict[str, Part]) -> None:
    """Equal on common labels; a plant that one does not list is 0."""
    assert set(one) == set(other)
    for name, part in stacked([one, other]).items():
        assert not np.isnan(part.values).any(), name
        size = np.abs(part.values).max(initial=0.0)
        np.testing.assert_allclose(part.values[0], part.values[1], rtol=1e-9, atol=1e-9 * size + 1e-9, err_msg=name)


@pytest.mark.parametrize("path", SYSTEMS, ids=lambda path: path.stem)
def test_maps_read_what_the_results_say(path: Path) -> None:
    plan = planned({"horizon.end": [ts.load(path).horizon.end]}, path)
    study = ts.prepare(path)
    solution = study.session.solve()
    case = Case.of(study.program)
    reader = Reader(plan, Group(0, study.program, study.inputs), "indicators")
    assert reader._costs.fits(case)
    same(reader._quickly(case, solution), indicators(study.solve()))


def test_indicators_are_those_that_a_comparison_shows() -> None:
    results = mini("two_routes")
    parts, table = indicators(results), compared(results)
    for name, dim in (("activity", "process"), ("purchase", "supply"), ("emissions", "emission")):
        part = parts[name]
        for i, label in enumerate(part.labels[dim]):
            for k, year in enumerate(part.labels["period"]):
                rows = table[[key[:3] == (name, label, str(year)) for key in table.index]]
                assert part.values[i, k] == pytest.approx(rows.sum(), rel=1e-9)
    cost = parts["annual_cost"]
    for i, sector in enumerate(cost.labels["sector"]):
        rows = table[[key[:2] == ("annual_cost", sector) for key in table.index]]
        assert cost.values[i].sum() == pytest.approx(rows.sum(), rel=1e-9)


AXES_OF = {
    "two_routes": {"policies.carbon_price": [20, 90], "supply.coal.price": [10, 30], "processes.shaft.capex": [0, 300]},
    "reline_or_convert": {
        "policies.carbon_price": [0, 120],
        "processes.furnace.retrofits.shaft.capex": [300, 900],
        "processes.furnace.economic_lifetime": [10, 20],
    },
    "emission_budget": {"policies.emission_budget": ["30 t", "90 t"], "horizon.discount_rate": ["0 %/a", "5 %/a"]},
    "seasonal_cavern": {"horizon.discount_rate": ["2 %/a", "8 %/a"]},
}


@pytest.mark.parametrize("name", AXES_OF)
def test_each_case_keeps_what_its_own_scenario_says(name: str, tmp_path: Path) -> None:
    path = ROOT / "scenarios" / "mini" / f"{name}.yaml"
    plan = planned(AXES_OF[name], path)
    run(plan, tmp_path)
    opened, scenario = open_sweep(tmp_path), ts.load(path)
    assert opened.failed().empty
    for i in range(len(plan.cases)):
        own = indicators(ts.solve(scenario.with_(plan.changes(i))))
        at = opened.data.stack(case=list(AXES_OF[name])).isel(case=i)
        same({n: Part.of(at[n].reset_coords(drop=True).drop_vars("case", errors="ignore")) for n in own}, own)


@pytest.mark.parametrize("path", RICH, ids=lambda path: path.stem)
def test_only_what_is_listed_moves_the_years_of_payment(path: Path) -> None:
    scenario = ts.load(path)
    before, seen = compose(scenario)[1], 0
    for leaf, value in numbers(read_file(path)):
        if touches(leaf):
            continue
        try:
            after = compose(scenario.with_({leaf: nearby(value)}))[1]
        except ScenarioError:
            continue  # some numbers cannot move alone
        np.testing.assert_array_equal(after.periods.weight, before.periods.weight, err_msg=leaf)
        due = [[(c.name, c.columns.name, c.paid) for c in p.costs if c.paid is not None] for p in (before, after)]
        if [d[:2] for d in due[0]] == [d[:2] for d in due[1]]:
            seen += 1
            for one, other in zip(*due, strict=True):
                np.testing.assert_array_equal(one[2], other[2], err_msg=leaf)
    assert seen > 5


@pytest.mark.parametrize(
    ("path", "moves"),
    [
        ("processes.furnace.lifetime", True),
        ("processes.furnace", True),
        ("horizon.discount_rate", True),
        ("processes.furnace.capex", False),
        ("policies.carbon_price.2030", False),
    ],
)
def test_which_paths_move_the_years_of_payment(path: str, moves: bool) -> None:
    assert touches(path) is moves


@pytest.mark.parametrize("keep", ["everything", ["activity", "shadow_price", "annual_cost"]])
def test_quantities_of_the_results_are_kept_whole(keep: Any, tmp_path: Path) -> None:
    opened = sweep(TWO_ROUTES, AXES, out=tmp_path, keep=keep, progress=False)
    alone = ts.solve(ts.load(TWO_ROUTES).with_({"supply.coal.price": 10, "demand.steel.amount": "1 Mt/a"}))
    names = [str(n) for n, a in alone.data.data_vars.items() if "period" in a.dims] if keep == "everything" else keep
    at = opened.data.sel({"carbon": 1.0, "supply.coal.price": 10, "steel": "1 Mt/a"})
    assert len(names) > 2
    for name in names:
        np.testing.assert_allclose(at[name].values, getattr(alone, name).values, rtol=1e-9, atol=1e-6, err_msg=name)
        assert at[name].dims == getattr(alone, name).dims


def test_values_at_steps_are_kept_if_they_are_named(tmp_path: Path) -> None:
    path = ROOT / "scenarios" / "mini" / "battery_day.yaml"
    axes = {"horizon.discount_rate": ["0 %/a", "3 %/a"]}
    opened = sweep(path, axes, out=tmp_path, keep=["discharge_hour"], progress=False)
    alone = mini("battery_day").discharge_hour
    assert opened.discharge_hour.dims == ("horizon.discount_rate", *alone.dims)
    assert np.isfinite(opened.discharge_hour.values).all()


def test_a_name_that_no_results_have_is_refused_before_anything_is_solved(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="nothing called 'emision' to keep; give indicators, everything, or"):
        sweep(TWO_ROUTES, AXES, out=tmp_path / "out", keep=["emision"], progress=False)
    assert not (tmp_path / "out").exists()


def test_parts_come_together_on_common_labels() -> None:
    one = {"activity": Part(np.array([[1.0, 2.0]]), {"process": ("a",), "period": (2025, 2030)})}
    two = {"activity": Part(np.array([[5.0], [6.0]]), {"process": ("b", "a"), "period": (2030,)})}
    part = stacked([one, two, {}])["activity"]
    assert part.labels == {"process": ("a", "b"), "period": (2025, 2030)}
    np.testing.assert_array_equal(part.values[0], [[1, 2], [0, 0]])
    np.testing.assert_array_equal(part.values[1], [[np.nan, 6], [np.nan, 5]])  # it has no 2025
    assert np.isnan(part.values[2]).all()


def test_parts_are_read_back_as_they_were_packed() -> None:
    notes = {"process_unit": ("process", ("t", "MWh"))}
    part = Part(np.arange(6.0).reshape(3, 2), {"process": ("a", "b")}, {"units": "t/a"}, notes)
    arrays = packed({"activity": part})
    found = unpacked(arrays)["activity"]
    assert (found.labels, found.attrs, found.notes) == (part.labels, part.attrs, part.notes)
    whole = joined([(np.array([4, 0, 2]), {"activity": found})], 5)["activity"]
    np.testing.assert_array_equal(whole.values[[4, 0, 2]], part.values)
    assert np.isnan(whole.values[[1, 3]]).all()


def test_the_list_of_indicators_is_that_of_the_maps() -> None:
    study = ts.prepare(TWO_ROUTES)
    assert set(outputs.maps(study.inputs, study.program)) == set(outputs.SUMMED)
