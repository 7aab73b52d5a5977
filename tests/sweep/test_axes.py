"""What an axis means in a scenario, and how a sweep file says it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import transform_sim as ts
from tests.micro import ROOT
from tests.sweep.test_evaluate import scale, set_, steel
from transform_sim.errors import ModelError, ScenarioError
from transform_sim.scenario.sweepfile import load_sweep, sweep_spec
from transform_sim.sweeps.axes import Axis, changes, joined, quantities, split


def of(scenario: ts.Scenario, *moves: tuple[Axis, int]) -> dict[str, Any]:
    return changes(scenario, quantities(scenario), moves)


def test_set_puts_the_value_itself() -> None:
    both = Axis("fuels", "set", ("supply.gas.price", "processes.melter.capex"), ((20, 300), (40, "0.5 EUR2020/(kg/a)")))
    assert of(steel(), (both, 1)) == {"supply.gas.price": 40, "processes.melter.capex": "0.5 EUR2020/(kg/a)"}
    assert both.labels == (20.0, 40.0)
    assert both.coordinates is None, "two paths with values of their own need not move in proportion"


def test_scale_multiplies_what_is_written_in_any_unit() -> None:
    scenario = steel(supply={"gas": {"price": "10 EUR2020/GJ"}, "power": {"price": {"value": {2025: 50}, "high": 60}}})
    assert of(scenario, (scale("supply.gas.price", 2.0), 0)) == {"supply.gas.price": pytest.approx(72.0)}
    assert of(scenario, (scale("supply.power.price", 3.0), 0)) == {"supply.power.price": {2025: 150.0}}


def test_scale_by_region_and_of_stock() -> None:
    scenario = steel()
    assert of(scenario, (scale("processes.shaft.existing", 0.5), 0)) == {"processes.shaft.existing": {"ruhr": 30.0}}
    assert of(scenario, (scale("processes.shaft.existing.ruhr", 2), 0)) == {"processes.shaft.existing": {"ruhr": 120.0}}


def test_one_year_is_set_and_another_scaled() -> None:
    year, factor = set_("policies.carbon_price.2025", 10), scale("policies.carbon_price.2035", 2.0)
    assert of(steel(), (year, 0), (factor, 0)) == {"policies.carbon_price": {2025: 10.0, 2035: 240.0}}


def test_factors_on_one_number_multiply() -> None:
    a, b = scale("supply.gas.price", 2.0), scale("supply.gas.price", 5.0)
    assert of(steel(), (a, 0), (b, 0)) == {"supply.gas.price": 300.0}


def test_what_cannot_be_scaled_or_is_set_twice_is_refused() -> None:
    with pytest.raises(ModelError, match=r"no number stands at 'supply\.gas'"):
        of(steel(), (scale("supply.gas", 2.0), 0))
    with pytest.raises(
        ModelError, match=r"no number stands at 'supply\.gsa\.price' .* Did you mean 'supply\.gas\.price'"
    ):
        of(steel(), (scale("supply.gsa.price", 2.0), 0))
    with pytest.raises(ModelError, match="no such year or region"):
        of(steel(), (scale("policies.carbon_price.2027", 2.0), 0))
    with pytest.raises(ModelError, match="another axis sets"):
        of(steel(), (set_("policies.carbon_price", 5), 0), (set_("policies.carbon_price.2025", 6), 0))


def test_coordinates_are_numbers_in_one_unit() -> None:
    coordinates = set_("supply.gas.price", "20 EUR/MWh", "35 EUR/MWh").coordinates
    assert coordinates is not None
    assert coordinates.tolist() == [20.0, 35.0]
    assert set_("supply.gas.price", "20 EUR/MWh", "9 EUR/GJ").coordinates is None
    assert set_("supply.gas.price", 20, {2025: 30}).coordinates is None
    assert set_("supply.gas.price", None, 30).labels == ("none", 30.0)


@pytest.mark.parametrize("value", [3, 2.5, "12 Mt/a", "7 %", "3.6GJ/t"])
def test_numbers_with_units_are_taken_apart_and_put_together(value: Any) -> None:
    parts = split(value)
    assert parts is not None
    assert split(joined(*parts)) == parts
    assert split("wind") is None
    assert split(None) is None


GOOD: dict[str, Any] = {
    "name": "gas",
    "axes": {
        "gas": {"set": "supply.gas.price", "values": [1, 2]},
        "carbon": {"scale": ["a.b", "c.d"], "values": [0.5]},
    },
}


def test_a_sweep_as_written() -> None:
    spec = sweep_spec(GOOD)
    assert (spec.design, spec.kept) == ("grid", "indicators")
    assert spec.axes["gas"].levels == ((1,), (2,))
    assert spec.axes["carbon"].paths == ("a.b", "c.d")
    two = sweep_spec({"name": "x", "axes": {"ccs": {"set": {"a.b": ["0 Mt/a", "5 Mt/a"], "c.d": [None, 7]}}}})
    assert two.axes["ccs"].levels == (("0 Mt/a", None), ("5 Mt/a", 7))


@pytest.mark.parametrize(
    ("patch", "said"),
    [
        ({"axes": {"gas": {"set": "a", "scale": "b", "values": [1]}}}, "give either set"),
        ({"axes": {"gas": {"values": [1]}}}, "give either set"),
        ({"axes": {"gas": {"set": "a"}}}, "values are missing"),
        ({"axes": {"gas": {"set": "a", "values": []}}}, "the list is empty"),
        ({"axes": {"gas": {"set": "a", "low": 1}}}, "low and high go together"),
        ({"axes": {"gas": {"set": "a", "low": 1, "high": 2}}}, "only latin_hypercube and sobol sample"),
        ({"axes": {"gas": {"set": {"a": [1, 2], "b": [1]}}}}, "all equally long"),
        ({"axes": {"gas": {"set": 5, "values": [1]}}}, "is no path"),
        ({"axes": {"gas": {"scale": "a", "values": ["5 EUR/t"]}}}, "a factor is a number without unit"),
        ({"axes": {"gas": {"sett": "a", "values": [1]}}}, "Did you mean 'set'"),
        ({"axes": {"gas": {"set": "a", "values": [1, 2, 1.0]}}}, "two levels are the same: 1"),
        ({"axes": {"gas": {"set": {"a": [1, 1], "b": [2, 2]}}}}, "two levels are the same: 1, 2"),
        ({"axes": {"gas": {"set": "a", "values": [74, 95, "130 EUR/t"]}}}, "'130 EUR/t' has a unit and 74 has none"),
        ({"axes": {"gas": {"set": {"a": [1, 2], "b": [5, "8Mt/a"]}}}}, "'8Mt/a' has a unit and 5 has none"),
        ({"axes": {"gas": {"set": "variants.dear.supply.gas.price", "values": [1]}}}, "no axis goes into variants"),
        ({"axes": {}}, "no axis is given"),
        ({"design": "ranges"}, "leave axes out"),
        ({"design": "gird"}, "Did you mean 'grid'"),
        ({"design": {"sobol": 0}}, "no whole number"),
        ({"design": {"sobol": 8, "sed": 1}}, "unknown key 'sed'"),
        ({"design": {"sobol": 8, "latin_hypercube": 8}}, "is none of grid"),
        ({"design": 7}, "is none of grid"),
        ({"keep": "all"}, "is none of indicators"),
        ({"kep": "all"}, "Did you mean 'keep'"),
        ({"name": 5}, "is not a text"),
        ({"axes": [1]}, "is not a mapping"),
    ],
)  # fmt: skip
def test_mistakes_are_named(patch: dict[str, Any], said: str) -> None:
    with pytest.raises(ScenarioError, match=said):
        sweep_spec(GOOD | patch)


def write(folder: Path, text: str) -> Path:
    file = folder / "sweeps" / "sweep.yaml"
    file.parent.mkdir(exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file


def test_all_problems_of_a_file_come_with_their_lines(tmp_path: Path) -> None:
    text = "name: x\nscenario: ../none.yaml\naxes:\n  gas: {set: a.b}\n  co2: {scale: c, values: [1,5]}\ndesign: gird\n"
    with pytest.raises(ScenarioError) as caught:
        load_sweep(write(tmp_path, text))
    assert [p.line for p in sorted(caught.value.problems, key=lambda p: p.line)] == [2, 4, 6]


def test_levels_with_and_without_a_unit_mix_only_where_none_is_needed() -> None:
    for values in ([0, "25 Mt/a"], ["10 Mt/a", "inf Mt/a"], [5, "high"]):
        spec = sweep_spec(GOOD | {"axes": {"gas": {"set": "a", "values": values}}})
        assert [level for (level,) in spec.axes["gas"].levels] == values


def test_an_empty_file_is_told_what_a_sweep_has(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="the file is empty; a sweep has at least name, scenario, axes"):
        load_sweep(write(tmp_path, ""))


def test_nothing_outside_the_folder_above_is_read(tmp_path: Path) -> None:
    inner = tmp_path / "study"
    inner.mkdir()
    (tmp_path / "other.yaml").write_text("name: other\n", encoding="utf-8")
    for name in ("../../other.yaml", str(tmp_path / "other.yaml")):
        with pytest.raises(ScenarioError, match="outside the study folder"):
            load_sweep(write(inner, f"name: x\nscenario: {name}\naxes: {{a: {{set: b, values: [1]}}}}\n"))


def test_a_file_with_its_table_of_cases(tmp_path: Path) -> None:
    (tmp_path / "study.yaml").write_text(steel().text, encoding="utf-8")
    text = "name: x\nscenario: ../study.yaml\naxes: {gas: {set: supply.gas.price}}\ndesign: {cases: cases.csv}\n"
    file = write(tmp_path, text)
    (file.parent / "cases.csv").write_text("case,gas\nA,20\nB,\n", encoding="utf-8")
    spec, scenario, rows = load_sweep(file)
    assert spec.name == "x"
    assert scenario.supply["gas"].price is not None
    assert [row["gas"] for row in rows] == ["20", ""]
    (file.parent / "cases.csv").write_text("case,gaz\nA,20\n", encoding="utf-8")
    with pytest.raises(ScenarioError, match=r"a column 'gaz', which is no axis\. Did you mean 'gas'"):
        load_sweep(file)


@pytest.mark.parametrize("path", sorted((ROOT / "scenarios" / "sweeps").glob("*.yaml")), ids=lambda p: p.stem)
def test_shipped_sweeps_are_read(path: Path) -> None:
    spec, scenario, _ = load_sweep(path)
    paths = quantities(scenario)
    assert all(p in paths for axis in spec.axes.values() for p in axis.paths if axis.scale is not None)
