"""Labels in the scenario's order, nothing for what does not exist, and steps that stay small."""

from __future__ import annotations

from pathlib import Path

import numpy as np

import transform_sim as ts
from tests.micro import HALVES, load


def study() -> ts.Results:
    """A plant by the hour, one by the year, neither in alphabetical order."""
    return ts.solve(load(
        time=HALVES,
        regions={"west": {}, "east": {}},
        commodities={"steel": {"unit": "t"}, "power": {"unit": "MWh", "kind": "energy", "balance": "hour"},
                     "coal": {"unit": "t"}},
        processes={
            "turbine": {"unit": "MWh", "flows": {"power": 1}, "capex": 1, "lifetime": 1, "regions": ["west"]},
            "mill": {"unit": "t", "flows": {"steel": 1, "power": -1}, "capex": 1, "lifetime": 1, "regions": ["west"]},
            "furnace": {"unit": "t", "flows": {"steel": 1, "coal": -1}, "capex": 50, "lifetime": 1},
        },
        supply={"power": {"price": 1e6}, "coal": {"price": 1}},
        demand={"steel": {"amount": 20}},
    ))  # fmt: skip


def test_order_and_absent_combinations() -> None:
    r = study()
    assert list(r.data["process"].values) == ["turbine", "mill", "furnace"]
    assert list(r.capacity.region.values) == ["west", "east"]
    for name, array in r.data.data_vars.items():
        if not str(name).startswith(("shadow_price", "emission_cap")):  # neither price nor cap here
            assert not array.isnull().any(), name
    assert float(r.capacity.sel(process="mill", region="east").sum()) == 0


def test_steps_hold_only_what_has_steps(tmp_path: Path) -> None:
    r = study()
    fine = r.activity_hour
    assert fine.dims == ("process", "mode", "region", "period", "hour")
    assert list(fine.process.values) == ["turbine"]
    assert list(fine.region.values) == ["west"]
    assert list(fine.process_unit.values) == ["MWh"]
    assert "process_capacity_unit" in fine.coords
    annual = r.activity.sel(process="turbine", region="west").squeeze()
    np.testing.assert_allclose(float((fine * r.step_weight).sum()), float(annual))
    again = ts.open_results(r.save(tmp_path / "steps.nc"))
    assert again.activity_hour.identical(fine)
