"""What first plants lack, by hand: over their life within the horizon, with the capital of their year of build."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import transform_sim as ts
from tests.micro import ROOT, load, mini
from transform_sim.analysis import funding_gap
from transform_sim.errors import TransformSimError

YEARS = {"start": 2025, "end": 2035, "step": 5, "discount_rate": 0.0}
YOUNG = {"unit": "t", "flows": {"steel": 1}, "capex": 300, "lifetime": 10, "variable_opex": 220, "readiness": 6}


def steel(**plant: Any) -> ts.Results:
    """A furnace makes steel for 200 EUR and 1 t CO₂; the young plant costs 220 and 300/10 of capital, more at first."""
    furnace = {"unit": "t", "flows": {"steel": 1}, "variable_opex": 200, "auxiliary_carbon": 1, "readiness": 9}
    return ts.solve(load(
        horizon=YEARS, commodities={"steel": {"unit": "t"}, "co2": {"unit": "t", "kind": "emission"}},
        processes={"furnace": furnace, "young": YOUNG | plant}, policies={"carbon_price": {2025: 0, 2035: 60}},
    ))  # fmt: skip


def test_a_plant_that_is_not_built_lacks_what_its_product_is_not_worth() -> None:
    r = steel(first_of_a_kind={2025: 1.0, 2035: 2.0}, seed_capacity=4, availability=0.5)
    table = funding_gap(r)
    # 60 · 2 of capital per t and 220; steel is worth 200, 230 in 2030; it lives for two of the three periods
    assert list(table["period"]) == [2025, 2030]
    np.testing.assert_allclose(table["cost"], 340)
    np.testing.assert_allclose(table["worth"], [200, 230])
    np.testing.assert_allclose(table["gap"], [140, 110])
    np.testing.assert_allclose(table["output"], 2.0)
    np.testing.assert_allclose(table["yearly"], [280, 220])
    np.testing.assert_allclose(table["present_value"], [1400, 1100])
    assert not table["in_results"].any()
    assert set(table["process"]) == {"young"}
    assert (set(table["unit"]), set(table["output_unit"])) == ({"EUR2020/t"}, {"t/a"})


def test_later_profit_does_not_reduce_the_gap() -> None:
    r = steel(seed_capacity=1, capex=100, variable_opex=210, new_capacity_max=0)
    table = funding_gap(r).set_index("period")
    # 10 of capital, so 220: it lacks 20 in 2025 and earns 10 in 2030
    assert table["gap"].to_dict() == pytest.approx({2025: 20.0, 2030: 0.0})


def test_what_results_build_gives_year_and_size() -> None:
    table = funding_gap(mini("valley_of_death"))
    assert set(table["built"]) == {2035}
    assert table["in_results"].all()
    np.testing.assert_allclose(table["capacity"], 1e6)
    np.testing.assert_allclose(table["gap"], 0.0, atol=1e-6)


def test_who_builds_early_for_later_lacks_what_the_file_says() -> None:
    scenario = ts.load(ROOT / "scenarios" / "mini" / "valley_of_death.yaml", variant="from_seeds")
    table = funding_gap(ts.solve(scenario))
    # the first plant of 40 kt/a in 2030: it lives for one period, and loses 34 EUR/t
    assert list(table["period"]) == [2030]
    assert table["gap"].iloc[0] == pytest.approx(34.0)
    assert table["present_value"].iloc[0] == pytest.approx(34.0 * 40e3 * 5)


def test_without_seed_and_building_the_size_is_unknown() -> None:
    table = funding_gap(steel(new_capacity_max=0))
    assert table["gap"].iloc[0] == pytest.approx(50.0)
    assert table["present_value"].isna().all()


def test_a_study_without_young_plants_is_refused() -> None:
    with pytest.raises(TransformSimError, match="no process is young — give readiness below 9 or first_of_a_kind"):
        funding_gap(mini("two_routes"))
