"""Designs: which cases there are."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import transform_sim as ts
from tests.sweep.small import TWO_ROUTES
from tests.sweep.test_evaluate import scale, set_, steel
from transform_sim.errors import ModelError, TransformSimError
from transform_sim.scenario.sweepfile import sweep_spec
from transform_sim.sweeps.axes import AS_IS, AS_SCENARIO, Axis
from transform_sim.sweeps.design import cases, grid, listed, one_at_a_time, ranges, sampled

GAS, CARBON = set_("supply.gas.price", 10, 20, 30), scale("policies.carbon_price", 0.5, 2.0)
WIDE = Axis("gas", "set", ("supply.gas.price",), low="10 EUR/MWh", high="40 EUR/MWh")


def test_a_grid_holds_all_combinations_with_the_last_axis_fastest() -> None:
    found = grid((GAS, CARBON))
    assert found.is_grid
    assert [tuple(found.point(i).values()) for i in range(3)] == [(10.0, 0.5), (10.0, 2.0), (20.0, 0.5)]
    assert len({tuple(c) for c in found.codes.tolist()}) == len(found) == 6


def test_one_at_a_time_starts_with_the_scenario_itself() -> None:
    found = one_at_a_time((GAS, CARBON))
    assert found.point(0) == {}
    assert [len(found.point(i)) for i in range(1, len(found))] == [1] * 5


@pytest.mark.parametrize("kind", ["latin_hypercube", "sobol"])
def test_samples_fill_the_range_and_the_levels(kind: str) -> None:
    found = sampled((WIDE, CARBON), kind, 64, seed=1)
    x = found.axes[0].coordinates
    assert x is not None
    assert 10 <= x.min() < 12 < 38 < x.max() <= 40
    assert np.allclose(np.histogram(x[found.codes[:, 0]], bins=8, range=(10, 40))[0], 8)
    assert (np.bincount(found.codes[:, 1]) == 32).all()
    assert str(found.point(3)[WIDE.name]).endswith(" EUR/MWh")
    again = sampled((WIDE, CARBON), kind, 64, seed=1)
    assert (again.codes == found.codes).all()
    assert again.axes == found.axes
    assert sampled((WIDE, CARBON), kind, 64, seed=2).axes != found.axes


def test_a_table_lists_cases_and_leaves_gaps_as_they_are() -> None:
    rows = [{"gas": "10", "carbon": "2"}, {"gas": "", "carbon": "0.5"}, {"gas": "30 EUR/MWh"}]
    free = (
        Axis("gas", "set", ("supply.gas.price",)),
        Axis("carbon", "scale", ("policies.carbon_price",), ((0.5,), (2.0,))),
    )
    found = listed(free, rows)
    assert found.codes.tolist() == [[0, 1], [AS_IS, 0], [1, AS_IS]]
    assert found.axes[0].labels == (10.0, "30 EUR/MWh")
    with pytest.raises(ModelError, match=r"case 0: 3 is no value of axis 'carbon', which has 0\.5, 2\.0"):
        listed(free, [{"carbon": "3"}])
    with pytest.raises(ModelError, match="is no factor"):
        listed(free, [{"carbon": "much"}])


def test_ranges_take_every_sourced_number_to_its_ends() -> None:
    supply = {"gas": {"price": {"value": {2025: 30, 2030: 35}, "low": {2025: 20, 2030: 15}, "high": "20 EUR2020/GJ"}},
              "power": {"price": {"value": 50, "high": 70}}}  # fmt: skip
    found = ranges(steel(supply=supply))
    assert [a.name for a in found.axes] == ["supply.gas.price", "supply.power.price"]
    assert found.axes[0].levels == (({2025: 20.0, 2030: 15.0},), (72.0,))
    assert len(found) == 1 + 2 + 1


def test_designs_as_a_file_names_them() -> None:
    axes = sweep_spec({"name": "x", "axes": {"gas": {"set": "supply.gas.price", "values": [10, 20]}}}).axes
    low_high = {
        "name": "x",
        "axes": {"gas": {"scale": "supply.gas.price", "low": 0.5, "high": 2}},
        "design": {"sobol": 8},
    }
    sizes = [
        len(cases(steel(), axes, design)) for design in ("grid", "one_at_a_time", {"latin_hypercube": 5, "seed": 3})
    ]
    assert sizes == [2, 3, 5]
    assert len(cases(steel(), sweep_spec(low_high).axes, {"sobol": 8})) == 8
    assert cases(steel(), {}, "ranges").design == "ranges"


def test_absurd_sizes_and_ranges_are_refused() -> None:
    many = set_("a", *range(1001)), set_("b", *range(1000))
    with pytest.raises(ModelError, match="1,001,000 cases"):
        grid(many)
    with pytest.raises(ModelError, match="no range in one unit"):
        sampled((Axis("gas", "set", ("supply.gas.price",), low="1 EUR/MWh", high="3 EUR/GJ"),), "sobol", 4, 0)


FREE = {"gas": {"set": "supply.coal.price"}, "carbon": {"scale": "policies.carbon_price"}}


@pytest.mark.parametrize(
    "table",
    [
        pd.DataFrame({"carbon": [0.5, 2.0, np.nan], "gas": [10, None, "20 EUR2020/MWh"]}),
        [{"gas": 10, "carbon": 0.5}, {"gas": None, "carbon": np.float64(2)}, {"gas": "20 EUR2020/MWh", "case": "C"}],
    ],
    ids=["frame", "list"],
)
def test_cases_can_be_listed_in_python(table: Any, tmp_path: Path) -> None:
    opened = ts.sweep(TWO_ROUTES, FREE, table, out=tmp_path, progress=False)
    assert opened.data["gas"].values.tolist() == ["10.0", AS_SCENARIO, "20 EUR2020/MWh"]
    np.testing.assert_array_equal(opened.data["carbon"], [0.5, 2.0, np.nan])
    dear = ts.load(TWO_ROUTES).with_({"supply.coal.price": 20})
    assert opened.objective.values[2] == pytest.approx(ts.solve(dear).objective, rel=1e-9)


@pytest.mark.parametrize(
    ("table", "said"),
    [
        (pd.DataFrame({"gas": [], "carbon": []}), "has no rows"),
        ([], "has no rows"),
        ([{"gas": 10}], "has no column 'carbon': that axis would never move"),
        ([{"gas": 10, "carbn": 1, "carbon": 1}], r"has a column 'carbn', which is no axis\. Did you mean 'carbon'"),
        (pd.DataFrame([[1, 2, 3]], columns=["gas", "gas", "carbon"]), "has two columns 'gas'"),
        ([{"gas": {2025: 3}, "carbon": 1}], r"case 0: \{2025: 3\} of axis 'gas' is neither a number nor a text"),
        ([{"gas": 1, "carbon": "much"}], "case 0: 'much' of axis 'carbon' is no factor"),
        (7, "design 7 is neither the name of a design nor a table"),
        (["grid"], "is neither the name of a design nor a table"),
    ],
)
def test_mistakes_in_listed_cases_are_told(table: Any, said: str, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=said):
        ts.sweep(TWO_ROUTES, FREE, table, out=tmp_path / "out", progress=False)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("axes", "said"),
    [
        ({"supply.coal.price": range(10**9)}, "more than 1,000,000 values"),
        ({"supply.coal.price": np.arange(3e6)}, "more than 1,000,000 values"),
        ({f"supply.coal.price.{y}": range(100) for y in range(2025, 2030)}, "the grid has 10,000,000,000 cases"),
        ({"supply.coal.price": 60}, "is not a list"),
        ({"supply.coal.price": "60"}, "is not a list"),
        ({"supply.coal.price": []}, "the list is empty"),
        (["supply.coal.price"], "axes are a mapping, such as"),
    ],
)
def test_endless_and_empty_axes_are_refused_at_once(axes: dict[str, Any], said: str, tmp_path: Path) -> None:
    with pytest.raises(TransformSimError, match=said):
        ts.sweep(TWO_ROUTES, axes, out=tmp_path / "out", progress=False)
