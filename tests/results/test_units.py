"""Every number in the results says what it is and in which unit."""

from __future__ import annotations

import pytest
import xarray as xr

import transform_sim as ts
from tests.micro import mini, solve


def units_of(array: xr.DataArray) -> list[str]:
    """The units of an array: one text, or those in the coordinate that its attributes point to."""
    text = str(array.attrs["units"])
    if not text.startswith("see coordinate "):
        return [text]
    suffix = text.removeprefix("see coordinate ").split(",")[0]
    found = [c for c in array.coords if str(c).endswith(f"_{suffix}")]
    if not found and suffix == "capacity_unit":  # an amount in store: its unit is that of the commodity
        found = [c for c in array.coords if str(c) == "storage_unit"]
    assert found, f"{array.name} points to a coordinate {suffix} that it does not have"
    return [str(u) for c in found for u in array.coords[c].values]


def test_every_quantity_has_a_unit_and_a_meaning(each_mini: ts.Results) -> None:
    for name, array in each_mini.data.data_vars.items():
        assert all(units_of(array)), name
        if name != "step_weight":
            assert len(str(array.attrs["long_name"])) > 5, name


def test_capacities_come_back_in_the_units_of_the_scenario() -> None:
    r = mini("two_nodes")
    assert str(r.link_capacity.coords["link_capacity_unit"].values[0]) == "MW"
    r = mini("two_routes")
    assert r.capacity.sel(process="furnace", period=2025).sum() == pytest.approx(1e6)  # t/a, not t/h
    assert set(r.capacity.coords["process_capacity_unit"].values) == {"t/a"}
    r = mini("seasonal_cavern")
    assert str(r.storage_capacity.coords["storage_unit"].values[0]) == "MWh"


def test_units_of_flows_and_prices_follow_the_commodity() -> None:
    r = mini("two_routes")
    units = dict(zip(r.flow.commodity.values, r.flow.commodity_unit.values, strict=True))
    assert units == {"steel": "t", "coal": "MWh", "gas": "MWh"}
    prices = dict(zip(r.shadow_price.commodity.values, r.shadow_price.commodity_price_unit.values, strict=True))
    assert prices == {"steel": "EUR2020/t", "coal": "EUR2020/MWh", "gas": "EUR2020/MWh"}
    assert r.cost.attrs["units"] == "EUR2020"


def test_another_currency_and_another_unit() -> None:
    r = solve(
        currency="EUR2015",
        commodities={"heat": {"unit": "GJ"}},
        processes={"boiler": {"unit": "GJ", "flows": {"heat": 1}, "capex": "36 kEUR2015/(GJ/h)", "lifetime": 1}},
        demand={"heat": {"amount": "8760 GJ/a"}},
    )
    assert r.objective == pytest.approx(36_000)
    assert str(r.capacity.process_capacity_unit.values[0]) == "GJ/h"
    assert float(r.capacity.sum()) == pytest.approx(1.0)
    assert str(r.shadow_price.commodity_price_unit.values[0]) == "EUR2015/GJ"
    assert r.cost.attrs["units"] == "EUR2015"
