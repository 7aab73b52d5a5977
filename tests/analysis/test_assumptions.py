"""The numbers of a study with their sources, as the text in its results gives them."""

from __future__ import annotations

import pytest

import transform_sim as ts
from tests.micro import MINIS, mini, solve
from transform_sim.analysis.assumptions import assumptions, followed, titles
from transform_sim.results import Results


@pytest.fixture(scope="module")
def study() -> Results:
    """Numbers in every form: with a source, under a plant's source, without any; in modes, steps, years and slices."""
    return solve(
        horizon={"start": 2025, "end": 2025, "discount_rate": 0.0},
        time={"slices": {"winter": {"share": 0.25}, "rest": {"share": "75 %"}}},
        profiles={"wind": {"winter": 0.5, "rest": 0.2}},
        commodities={"steel": {"unit": "t", "title": "Crude steel"}, "power": {"unit": "MWh"}},
        processes={
            "works": {"title": "Works", "unit": "t", "earliest": 2020, "flows": {"steel": 1, "power": "-1 MWh/t"},
                      "modes": {"a": {"variable_opex": {"value": 7, "source": "A book", "low": 5}}}},
            "mill": {"unit": "t", "source": "Mills of the north", "flows": {"steel": "1 t/t", "power": -0.5},
                     "capex": {2025: 1, 2030: 2}, "wacc": {"value": 0.05, "quality": "recalled", "source": "A bank"},
                     "lifetime": 1},
        },
        supply={"power": {"steps": ({"price": 40, "power_max": 1000}, {"price": 1})}},
        sales={"surplus": {"commodity": "power", "follows": "power", "spread": 20, "power_max": 1}},
        demand={"steel": {"amount": 10}},
    )  # fmt: skip


def test_a_number_with_a_source_keeps_it(study: Results) -> None:
    rows = assumptions(study).set_index("path")
    row = rows.loc["processes.works.modes.a.variable_opex"]
    assert (row["value"], row["low"], row["quality"], row["source"]) == ("7", "5", "unstated", "A book")
    row = rows.loc["processes.mill.wacc"]
    assert (row["value"], row["quality"], row["source"]) == ("0.05", "recalled", "A bank")


def test_a_number_without_a_source_takes_that_of_its_plant(study: Results) -> None:
    rows = assumptions(study).set_index("path")
    for path, value in (("flows.power", "-0.5"), ("capex", "2025: 1, 2030: 2"), ("lifetime", "1")):
        row = rows.loc[f"processes.mill.{path}"]
        assert (row["value"], row["quality"], row["source"]) == (value, "unstated", "Mills of the north")


def test_numbers_without_any_source_are_listed_as_unstated(study: Results) -> None:
    rows = assumptions(study)
    bare = rows[(rows["source"] == "")]
    assert dict(zip(bare["path"], bare["value"], strict=True)) == {
        "horizon.discount_rate": "0", "time.slices.winter.share": "0.25", "time.slices.rest.share": "75 %",
        "supply.power.steps.0.price": "40", "supply.power.steps.0.power_max": "1000", "supply.power.steps.1.price": "1",
        "sales.surplus.spread": "20", "sales.surplus.power_max": "1", "demand.steel.amount": "10",
    }  # fmt: skip
    assert set(bare["quality"]) == {"unstated"}


def test_titles_and_what_sales_follow_are_read_from_the_text(study: Results) -> None:
    assert titles(study) == {"commodities.steel": "Crude steel", "processes.works": "Works"}
    assert followed(study) == {"surplus": "power"}


@pytest.mark.parametrize("path", MINIS, ids=lambda p: p.stem)
def test_every_number_that_a_scenario_gives_is_listed(path: object) -> None:
    scenario = ts.load(str(path))
    given = {g.path for g in scenario.quantities()}
    ones = {g.path for g in scenario.quantities() if {abs(v) for *_, v in g.quantity.items()} == {1.0}}
    paths = set(assumptions(mini(scenario.source.path.stem))["path"])  # type: ignore[union-attr]
    assert given - ones <= paths <= given
