"""Results as netCDF: what is written is what is read."""

from __future__ import annotations

from pathlib import Path

import pytest
import xarray as xr

import transform_sim as ts
from tests.micro import MINIS, mini, solve
from transform_sim.errors import TransformSimError


@pytest.mark.parametrize("name", [path.stem for path in MINIS])
def test_round_trip(name: str, tmp_path: Path) -> None:
    r = mini(name)
    path = r.save(tmp_path / "results.nc")
    again = ts.open_results(path)
    xr.testing.assert_identical(again.data, r.data)
    assert again.objective == r.objective
    assert again.certificate == r.certificate
    assert again.solver == r.solver
    assert again.warnings == r.warnings
    assert [p.name for p in tmp_path.iterdir()] == ["results.nc"]  # nothing half-written is left


def test_results_without_any_cost_can_be_saved_too(tmp_path: Path) -> None:
    r = solve(processes={"mill": {"unit": "t", "flows": {"steel": 1}, "existing": 10, "latest": 2000}})
    assert r.objective == 0
    xr.testing.assert_identical(ts.open_results(r.save(tmp_path / "free.nc")).data, r.data)


def test_where_the_numbers_come_from_stands_in_the_file() -> None:
    r = mini("two_routes")
    assert ts.loads(r.data.attrs["scenario_text"]).hash == r.data.attrs["scenario_hash"]
    assert r.name == "two-routes"
    assert r.data.attrs["currency"] == "EUR2020"
    assert "highspy" in r.data.attrs["versions"]
    assert r.solver["columns"] > 0


def test_a_missing_file_is_told() -> None:
    with pytest.raises(TransformSimError, match=r"there are no results at nowhere/results\.nc"):
        ts.open_results("nowhere/results.nc")


def test_quantities_are_attributes_and_misspelt_ones_are_guessed() -> None:
    r = mini("two_routes")
    assert r.capacity.name == "capacity"
    assert "capacity" in dir(r)
    with pytest.raises(AttributeError, match=r"no 'capasity'\. Did you mean 'capacity'"):
        _ = r.capasity
