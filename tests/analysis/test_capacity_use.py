"""Capacity that runs at no time, by hand."""

from __future__ import annotations

import numpy as np
import xarray as xr

from tests.micro import solve
from transform_sim.analysis.capacity_use import idle
from transform_sim.results import Results

PERIODS = [2025, 2030, 2035]


def results(capacity: list[float], activity: list[float], unit: str = "t", **fine: xr.DataArray) -> Results:
    """One plant at one place: capacity and what it does in a year."""
    coords = {"process": ["works"], "region": ["ruhr"], "period": PERIODS}
    data = xr.Dataset(
        {"capacity": (list(coords), [[capacity]]), "activity": (["mode", *coords], [[[activity]]])},
        {**coords, "mode": ["run"], "process_unit": ("process", [unit])},
    )
    return Results(data.assign(fine))


def test_what_runs_less_than_in_its_fullest_year_is_idle() -> None:
    # available nine tenths of the time: 9 of 10 is full use
    found = idle(results([10, 10, 4], [9, 4.5, 0]))
    np.testing.assert_allclose(found.values.ravel(), [0, 5, 4], atol=1e-12)


def test_a_plant_that_never_runs_is_idle_as_a_whole() -> None:
    np.testing.assert_allclose(idle(results([10, 10, 0], [0, 0, 0])).values.ravel(), [10, 10, 0])


def test_hours_count_where_a_plant_follows_them() -> None:
    dims = ["activity_hour_process", "activity_hour_mode", "activity_hour_region", "period", "hour"]
    rate = xr.DataArray(
        [[[[[0, 8], [8, 0], [2, 4]]]]], dims=dims,
        coords={dims[0]: ["works"], dims[1]: ["run"], dims[2]: ["ruhr"], "period": PERIODS, "hour": ["a", "b"]},
    )  # fmt: skip
    # 10 MW of which 8 run in the best hour, in a year that is long or short; then 4
    found = idle(results([10, 10, 10], [4 * 8760, 100, 3 * 8760], "MWh", activity_hour=rate))
    np.testing.assert_allclose(found.values.ravel(), [0, 0, 5])


def test_plants_that_are_built_for_what_they_do_are_not_idle() -> None:
    study = solve(
        processes={"works": {"unit": "t", "flows": {"steel": 1}, "capex": 10, "lifetime": 5, "availability": 0.8}},
    )
    np.testing.assert_allclose(study.capacity.sum(), 12.5)
    np.testing.assert_allclose(idle(study), 0.0, atol=1e-9)


def test_results_that_do_not_say_what_plants_do_show_nothing_idle() -> None:
    known = results([10, 10, 4], [9, 4.5, 0])
    assert not idle(Results(known.data.drop_vars("activity"))).any()
