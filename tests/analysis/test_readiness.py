"""The register of technologies: what a scenario says of each, and when results build it first."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

import transform_sim as ts
from tests.micro import MINIS, ROOT, load, mini, solve
from transform_sim.analysis import readiness
from transform_sim.errors import TransformSimError
from transform_sim.results import Results


def row(frame: pd.DataFrame, plant: str) -> dict[str, Any]:
    """What the register says of one plant, without what is missing."""
    return frame.set_index("plant").loc[plant].dropna().to_dict()


def test_the_register_says_what_is_young_and_when_it_comes() -> None:
    assert row(readiness(mini("valley_of_death")), "electrolysis") == {
        "kind": "process", "title": "Iron electrolysis", "sector": "", "readiness": 6, "earliest": 2030,
        "capacity_unit": "t/a", "first_built": 2035, "premium_2025": 0.375, "premium_2030": 0.375,
        "premium_2035": 0.1875, "premium_2040": 0.0,
    }  # fmt: skip
    scenario = ts.load(ROOT / "scenarios" / "mini" / "valley_of_death.yaml", variant="from_seeds")
    seeds = row(readiness(ts.solve(scenario)), "electrolysis")
    assert (seeds["growth"], seeds["seed"], seeds["first_built"]) == (0.0, 40e3, 2030)


def test_a_scenario_that_is_not_solved_builds_nothing() -> None:
    frame = readiness(ts.load(ROOT / "scenarios" / "mini" / "valley_of_death.yaml"))
    assert list(frame["plant"]) == ["furnace", "electrolysis"]
    assert frame["first_built"].isna().all()
    solved = readiness(mini("valley_of_death"))
    pd.testing.assert_frame_equal(frame.drop(columns="first_built"), solved.drop(columns="first_built"))


@pytest.mark.parametrize("path", MINIS, ids=lambda path: path.stem)
def test_the_text_in_the_results_says_all_that_the_scenario_does(path: Any) -> None:
    from_text = readiness(mini(path.stem)).drop(columns="first_built")
    pd.testing.assert_frame_equal(from_text, readiness(ts.load(path)).drop(columns="first_built"))


def test_converting_into_a_plant_builds_it_and_renewing_what_stands_does_not() -> None:
    converted = readiness(mini("retrofit_midway")).set_index("plant")["first_built"]
    assert converted["furnace_ccs"] == 2030
    assert pd.isna(converted["furnace"])
    at_the_end = readiness(mini("reline_or_convert")).set_index("plant")["first_built"]
    assert at_the_end["shaft"] == 2035
    scenario = ts.load(ROOT / "scenarios" / "mini" / "reline_or_convert.yaml", variant="no_carbon_price")
    assert readiness(ts.solve(scenario))["first_built"].isna().all()  # all is relined


def test_stores_and_links_stand_in_it_with_what_they_hold_and_carry() -> None:
    store = row(readiness(mini("seasonal_cavern")), "cavern")
    assert (store["kind"], store["sector"], store["capacity_unit"]) == ("storage", "hydrogen", "MWh")
    assert store["first_built"] == 2030
    line = row(readiness(mini("two_nodes")), "pipeline")
    assert (line["kind"], line["sector"], line["capacity_unit"]) == ("link", "hydrogen", "MW")
    assert line["first_built"] == 2035


def test_a_trace_that_the_solver_leaves_is_not_built() -> None:
    r = mini("valley_of_death")
    data = r.data.copy(deep=True)
    built = data["new_capacity"]
    built.loc[{"process": "electrolysis", "period": 2030}] = 0.5  # of a million
    assert row(readiness(Results(data)), "electrolysis")["first_built"] == 2035


def test_a_study_without_plants_has_an_empty_register() -> None:
    r = solve(supply={"steel": {"price": 1}})
    assert readiness(r).empty
    assert list(readiness(r).columns) == list(readiness(load(supply={"steel": {"price": 1}})).columns)


def test_results_without_a_text_ask_for_the_scenario() -> None:
    r = mini("valley_of_death")
    bare = Results(r.data.assign_attrs(scenario_text=""))
    with pytest.raises(TransformSimError, match="give the scenario"):
        readiness(bare)
    scenario = ts.load(ROOT / "scenarios" / "mini" / "valley_of_death.yaml")
    pd.testing.assert_frame_equal(readiness(bare, scenario=scenario), readiness(r))
