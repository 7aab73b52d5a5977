"""Files: bases, variants, changes, places in the text, hashes, copies."""

from __future__ import annotations

import copy
import pickle
from pathlib import Path

import numpy as np
import pytest

from transform_sim.errors import ScenarioError
from transform_sim.scenario import Quantity, Scenario, load, load_variants, loads
from transform_sim.scenario.merge import merge
from transform_sim.scenario.reader import read
from transform_sim.scenario.tree import Node, plain

from .study import STUDY, spoilt


def node(text: str) -> Node:
    found, problems = read(text, "x.yaml")
    assert problems == []
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("base", "patch", "merged"),
    [
        ("a: {x: 1, y: 2}", "a: {y: 3, z: 4}", {"a": {"x": 1, "y": 3, "z": 4}}),
        ("a: {x: 1, y: 2}", "a: {x: }", {"a": {"y": 2}}),
        ("a: 1", "b: ", {"a": 1, "b": None}),
        ("a: {2025: 1, 2030: 2}", "a: {2030: 3}", {"a": {2030: 3}}),
        ("a: {2025: 1}", "a: {ruhr: 3}", {"a": {"ruhr": 3}}),
        ("a: {ruhr: {2025: 1}, rest: 2}", "a: {rest: {2030: 3}}", {"a": {"ruhr": {2025: 1}, "rest": {2030: 3}}}),
        ("a: {value: 1, source: s}", "a: {value: 2}", {"a": {"value": 2}}),
        ("a: {ruhr: 1}", "a: {table: t.csv}", {"a": {"table": "t.csv"}}),
        ("a: {table: t.csv}", "a: {ruhr: 1}", {"a": {"ruhr": 1}}),
        ("a: [1, 2, 3]", "a: [4]", {"a": (4,)}),
        ("a: {x: 1}", "a: 5", {"a": 5}),
        ("a: {x: 1}", "a: {}", {"a": {"x": 1}}),
    ],
)
def test_merging(base: str, patch: str, merged: object) -> None:
    assert plain(merge(node(base), node(patch))) == merged


@pytest.fixture
def study(tmp_path: Path) -> Path:
    """base.yaml ← middle/step.yaml ← top.yaml, with a table beside the middle one and variants in two files."""
    (tmp_path / "base.yaml").write_text(STUDY + "variants: {rich: {policies: {carbon_price: 300}}}\n")
    (tmp_path / "middle").mkdir()
    (tmp_path / "middle" / "prices.csv").write_text("year,price\n2025,12\n2045,14\n")
    (tmp_path / "middle" / "step.yaml").write_text(
        "extends: ../base.yaml\nsupply:\n  coal: {price: {table: prices.csv, column: price}}\n"
    )
    (tmp_path / "top.yaml").write_text(
        "extends: middle/step.yaml\nname: top\nprocesses: {shaft: {earliest: 2030}}\n"
        "variants:\n  no_cap: {policies: {emission_cap: }}\n  named: {name: other, regions: {north: }}\n"
    )
    return tmp_path


def test_a_chain_of_bases(study: Path) -> None:
    top = load(study / "top.yaml")
    assert top.name == "top"
    assert top.processes["shaft"].earliest == 2030
    assert top.processes["shaft"].capex.scalar == 840
    assert top.supply["coal"].price is not None
    assert top.supply["coal"].price.points == {None: {2025: 12, 2045: 14}}


def test_a_base_above_the_folder_needs_root(study: Path) -> None:
    with pytest.raises(ScenarioError, match="outside the study folder"):
        load(study / "middle" / "step.yaml")
    assert load(study / "middle" / "step.yaml", root=study).name == "small"


def test_every_path_knows_its_file_and_line(study: Path) -> None:
    top = load(study / "top.yaml")
    assert top.where("name").endswith("top.yaml:2")
    assert top.where("supply.coal.price").endswith("step.yaml:3")
    assert top.where("processes.shaft.earliest").endswith("top.yaml:3")
    assert top.where("processes.shaft.capex.high").endswith("base.yaml:26")
    assert top.where("processes.shaft.capex").endswith("base.yaml:26")
    assert top.where("policies.carbon_price.2045").endswith("base.yaml:46")


def test_variants(study: Path) -> None:
    assert load_variants(study / "top.yaml") == ["rich", "no_cap", "named"]
    assert load_variants(study / "middle" / "step.yaml", root=study) == ["rich"]
    rich = load(study / "top.yaml", variant="rich")
    assert rich.name == "top-rich"
    assert rich.policies.carbon_price is not None
    assert rich.policies.carbon_price.scalar == 300
    assert load(study / "top.yaml", variant="no_cap").policies.emission_cap is None
    named = load(study / "top.yaml", variant="named")
    assert (named.name, list(named.regions)) == ("other", ["ruhr", "coast", "north"])


def test_the_merged_text_says_the_same(study: Path) -> None:
    for variant in (None, "no_cap"):
        top = load(study / "top.yaml", variant=variant)
        again = loads(top.text, root=study)
        assert again.hash == top.hash
        assert again.supply == top.supply
        assert again.processes == top.processes


def test_the_hash_follows_the_meaning_not_the_layout(study: Path) -> None:
    first = loads(STUDY).hash
    lines = STUDY.splitlines()
    assert loads("\n".join([*lines[3:], "# words", *lines[:3]])).hash == first
    assert loads(spoilt(("price: 10}", "price: 10.0}"))).hash == first
    assert loads(spoilt(("price: 10}", "price: 10.5}"))).hash != first
    before = load(study / "top.yaml").hash
    (study / "middle" / "prices.csv").write_text("year,price\n2025,12\n2045,15\n")
    assert load(study / "top.yaml").hash != before


def test_changes_make_a_checked_copy(study: Path) -> None:
    top = load(study / "top.yaml")
    changed = top.with_(
        {
            "policies.carbon_price.2045": 250,
            "processes.shaft.capex.high": "1300 EUR2025/(t/a)",
            "processes.electrolysis.capex": {2025: 900.0, 2045: np.float64(600)},
            "policies.emission_cap": None,
            "demand.steel.amount.ruhr": np.int64(5),
            "policies.emission_budget": "50 Mt",
        }
    )
    assert changed.policies.carbon_price is not None
    assert changed.policies.carbon_price.points == {None: {2025: 75, 2045: 250}}
    assert changed.processes["electrolysis"].capex.points == {None: {2025: 900, 2045: 600}}
    assert changed.policies.emission_cap is None
    assert changed.policies.emission_budget is not None
    assert changed.policies.emission_budget.scalar == 50e6
    assert changed.demand["steel"].amount.points == {"ruhr": {None: 5}}
    assert top.policies.emission_cap is not None
    assert changed.hash != top.hash
    assert changed.path == top.path
    assert top.with_({}).hash == top.hash


def test_changes_step_into_lists_and_sourced_values() -> None:
    scenario = loads(spoilt(("  coal: {price: 10}", "  coal: {steps: [{price: 10}, {price: {value: {2025: 20}}}]}")))
    changed = scenario.with_({"supply.coal.steps.0.price": 11, "supply.coal.steps.1.price.2025": 21})
    assert [s.price.points for s in changed.supply["coal"].steps] == [{None: {None: 11}}, {None: {2025: 21}}]


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        ("policies.carbon_prize", 5, "policies: unknown key 'carbon_prize'. Did you mean 'carbon_price'?"),
        ("processes.shaft.earliest.2030", 5, "processes.shaft.earliest.2030: '2030' cannot be set: 2028 stands there"),
        ("processes.shaft.capex", float("nan"), "processes.shaft.capex: the value is NaN"),
        ("processes.shaft.capex", float("inf"), "processes.shaft.capex: the value is infinite"),
        ("processes.shaft.capex", -5, "processes.shaft.capex: -5 EUR2020/(t/a) is below 0"),
        ("processes.shaft.capex", object(), "is not a number, text, list or mapping"),
        ("processes.shaft.regions.7", "ruhr", "'7' is no item of the list; it has 0 … 0"),
        ("", 5, "unknown key ''"),
        ("..", 5, "unknown key ''"),
    ],
)
def test_a_change_that_makes_no_sense_is_named(path: str, value: object, message: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        loads(STUDY).with_({path: value})
    assert message in str(caught.value)


def test_nothing_can_be_changed_in_place() -> None:
    scenario = loads(STUDY)
    with pytest.raises(ValueError, match="frozen"):
        scenario.name = "x"  # type: ignore[misc]
    with pytest.raises(ValueError, match="frozen"):
        scenario.processes["shaft"].earliest = 2026  # type: ignore[misc]
    with pytest.raises(TypeError, match="cannot be changed"):
        scenario.processes["x"] = scenario.processes["shaft"]
    with pytest.raises(TypeError, match="cannot be changed"):
        scenario.processes.clear()
    with pytest.raises(TypeError, match="cannot be changed"):
        scenario.processes["shaft"].capex.points[None][None] = 0  # type: ignore[index]
    with pytest.raises(AttributeError):
        scenario.processes["shaft"].capex.unit = "t"  # type: ignore[misc]


def test_copies_and_pickles_are_equal(study: Path) -> None:
    top = load(study / "top.yaml")
    for twin in (pickle.loads(pickle.dumps(top)), copy.deepcopy(top), copy.copy(top)):
        assert twin == top
        assert twin.hash == top.hash
        assert twin.where("name") == top.where("name")
        assert twin.with_({"processes.shaft.earliest": 2035}).processes["shaft"].earliest == 2035


def test_errors_travel_between_processes() -> None:
    with pytest.raises(ScenarioError) as caught:
        loads("name: 1\n")
    twin = pickle.loads(pickle.dumps(caught.value))
    assert (str(twin), twin.problems) == (str(caught.value), caught.value.problems)


def test_a_scenario_shows_itself_in_a_line_and_as_a_table() -> None:
    scenario = loads(spoilt(("name: small", "name: small\ntitle: Steel <b>")))
    assert repr(scenario) == str(scenario)
    assert repr(scenario).startswith("<Scenario small: 2025–2045 in steps of 5 a, 2 slices, EUR2020; 2 regions, 6 comm")
    assert "Steel &lt;b&gt;" in scenario._repr_html_()
    assert "furnace, shaft, electrolysis, turbine" in scenario._repr_html_()


def test_a_scenario_made_by_hand_has_no_source() -> None:
    by_hand = Scenario.model_validate(
        {
            "name": "x",
            "horizon": {"start": 2025, "end": 2030},
            "regions": {"r": {}},
            "commodities": {"steel": {"unit": "t"}},
        }
    )
    with pytest.raises(TypeError, match="was not read from a text"):
        _ = by_hand.text
    assert by_hand.horizon.discount_rate == Quantity.of(0.03)
