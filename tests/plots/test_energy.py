"""Final energy in the figure, in the table of the report and by hand are the same."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from tests.micro import ROOT, solve
from transform_sim import plots
from transform_sim import solve as solved
from transform_sim.analysis.indicators import indicators
from transform_sim.results import Results

from .drawn import axes, bars, panels, texts


@cache
def works() -> Results:
    """Steam from combined heat and power, steel from hydrogen, ammonia from gas, an electrolyser and a power plant."""
    return solve(
        horizon={"start": 2025, "end": 2030, "step": 5, "discount_rate": 0.0},
        commodities={"steel": {"unit": "t"}, "ammonia": {"unit": "t"}, **{
            c: {"unit": "MWh", "kind": "energy"} for c in ("gas", "electricity", "hydrogen", "heat_200")}},
        processes={
            "chp": {"unit": "MWh", "flows": {"electricity": 1, "heat_200": 2, "gas": -4}},
            "turbine": {"unit": "MWh", "flows": {"electricity": 1, "gas": -2}},
            "electrolysis": {"unit": "MWh", "flows": {"hydrogen": 1, "electricity": -1.5}},
            "shaft": {"unit": "t", "flows": {"steel": 1, "hydrogen": -2, "heat_200": -1}},
            "synthesis": {"unit": "t", "sector": "ammonia", "flows": {"ammonia": 1, "gas": -8, "electricity": -1}},
        },
        supply={"gas": {"price": 30}},
        demand={"steel": {"amount": 1e6}, "ammonia": {"amount": {2025: 2e6, 2030: 1e6}}},
    )  # fmt: skip


def used(results: Results) -> dict[str, np.ndarray]:
    table = indicators(results).loc["final energy and feedstock use"]
    return {str(item): values.to_numpy() for (item, _), values in table.iterrows()}  # type: ignore[misc]


def test_final_use_is_that_of_a_sum_by_hand() -> None:
    # 1 Mt of steel takes 1 TWh of heat, for which the plant burns 2 TWh of gas
    expected = {"gas": [2, 2], "gas feedstock": [16, 8], "electricity": [2, 1], "hydrogen": [2, 2]}
    found = used(works())
    assert set(found) == set(expected)
    for carrier, values in expected.items():
        np.testing.assert_allclose(found[carrier], values)


@pytest.mark.parametrize("study", ["works", "nrw_steel_annual"])
def test_figure_and_table_are_equal(study: str) -> None:
    results = works() if study == "works" else solved(ROOT / "scenarios" / f"{study}.yaml")
    ax = plots.energy(results, ax=axes())
    drawn, table = bars(panels(ax)[0]), {plots.words.label(item): values for item, values in used(results).items()}
    assert set(drawn) == set(table)
    for carrier, values in table.items():
        np.testing.assert_allclose(drawn[carrier], values, atol=1e-9)


def test_the_note_says_how_combined_heat_and_power_counts() -> None:
    said = "Combined heat and power counts with all its fuel."
    assert said in texts(plots.energy(works(), ax=axes()))
    boiler = solve(
        commodities={"steel": {"unit": "t"}, "gas": {"unit": "MWh"}, "heat_200": {"unit": "MWh"}},
        processes={"boiler": {"unit": "MWh", "flows": {"heat_200": 1, "gas": -1.1}},
                   "mill": {"unit": "t", "flows": {"steel": 1, "heat_200": -1}}},
        supply={"gas": {"price": 30}},
    )  # fmt: skip
    assert said not in texts(plots.energy(boiler, ax=axes()))
