"""Designs: which cases there are."""

from __future__ import annotations

import numpy as np
import pytest

from tests.sweep.test_evaluate import scale, set_, steel
from transform_sim.errors import ModelError
from transform_sim.scenario.sweepfile import sweep_spec
from transform_sim.sweeps.axes import AS_IS, Axis
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
    with pytest.raises(ModelError, match="'3' is no value of axis 'carbon'"):
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
