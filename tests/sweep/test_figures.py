"""Figures say what the levels of the axes are counted in, and keep their order."""

from __future__ import annotations

from typing import Any

import numpy as np
import xarray as xr

from tests.plots.drawn import axes
from tests.sweep.handmade import grid, one_at_a_time, planes
from transform_sim.plots import sweeps as figures
from transform_sim.sweeps import insights


def said(data: xr.Dataset, **attrs: dict[str, Any]) -> xr.Dataset:
    """The data with what their axes are, as an opened sweep has it."""
    for name, own in attrs.items():
        data[name].attrs = own
    return data


SCALE = {"kind": "scale", "units": "1"}
SET = {"kind": "set", "units": "EUR2020/MWh"}


def test_a_map_names_units_and_factors() -> None:
    x, y = [0.0, 4.0, 8.0], [1.0, 5.0]
    data = said(
        grid(planes(x, y), {"hydrogen": x, "capex": y}, process=["old", "gas", "new"]), hydrogen=SET, capex=SCALE
    )
    ax = figures.break_even(insights.break_even(data, "hydrogen", "capex", "made"), ax=axes())
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("Hydrogen, EUR2020/MWh", "Capex, factor")


def test_a_map_takes_the_unit_of_texts() -> None:
    y = ["1 EUR/t", "5 EUR/t"]
    data = grid(planes([0.0, 8.0], [1.0, 5.0]), {"x": [0.0, 8.0], "co2": y}, process=["old", "gas", "new"])
    ax = figures.break_even(insights.break_even(data, "x", "co2", "made"), ax=axes())
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("X", "CO₂, EUR/t")


def test_regret_keeps_the_order_of_levels_and_names_units() -> None:
    levels = {"ccs": ["0 Mt/a", "5 Mt/a", "25 Mt/a"], "price": [3.0, 1.0], "capex": [1.0, 0.5]}
    data = said(grid(np.arange(12.0).reshape(3, 2, 2), levels), price=SET, capex=SCALE)
    ax = figures.regret(insights.regret(data, "ccs"), ax=axes())
    assert [t.get_text() for t in ax.get_yticklabels()] == ["0 Mt/a", "5 Mt/a", "25 Mt/a"]
    assert [t.get_text() for t in ax.get_xticklabels()] == ["3\n1", "3\n0.5", "1\n1", "1\n0.5"]
    assert ax.get_xlabel() == "Price, EUR2020/MWh; Capex, factor"
    assert [t.get_text() for t in ax.texts[:12]] == ["0"] * 4 + ["4.00"] * 4 + ["8.00"] * 4


def test_a_tornado_names_units_and_wraps_long_names() -> None:
    data = one_at_a_time([100, 120, 95, 110, 100.5, 70, 101])
    data = said(data, gas=SCALE, coal=SET).rename(coal="price_of_coal_from_far_away_places")
    ax = figures.tornado(insights.tornado(data, "objective"), ax=axes())
    names = [t.get_text() for t in ax.get_yticklabels()]
    assert names == ["Price of coal from far away\nplaces, EUR2020/MWh", "Gas, factor", "CCS"]
