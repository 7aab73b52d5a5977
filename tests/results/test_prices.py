"""Shadow prices: real money per unit, positive where more demand costs more, means that fit their steps."""

from __future__ import annotations

import numpy as np
import pytest

import transform_sim as ts
from tests.micro import mini, solve


def test_a_price_is_positive_where_more_demand_costs_more(each_mini: ts.Results) -> None:
    for name in each_mini.data.data_vars:
        if str(name).startswith("shadow_price"):
            served = [str(c) for c in each_mini.served_demand.demand_commodity.values]
            found = getattr(each_mini, str(name))
            prices = found.sel(commodity=[c for c in served if c in found.commodity])
            assert not (prices < -1e-6).any()


def test_what_must_be_got_rid_of_has_a_negative_price() -> None:
    r = mini("retrofit_midway")
    captured = r.shadow_price.sel(commodity="captured").squeeze()
    assert captured.sel(period=[2030, 2035]).values == pytest.approx([-50, -50])


def test_the_mean_of_the_year_is_weighed_with_hours(each_mini: ts.Results) -> None:
    weight = each_mini.step_weight
    if "shadow_price_hour" not in each_mini.data:
        return
    fine = each_mini.shadow_price_hour
    mean = (fine * weight).sum("hour") / 8760
    for commodity in fine.dropna("commodity", how="all").commodity.values:
        found = each_mini.shadow_price.sel(commodity=commodity).dropna("node", how="all")
        np.testing.assert_allclose(mean.sel(commodity=commodity, node=found.node).values, found.values, rtol=1e-9)


def test_only_places_with_a_balance_have_a_price() -> None:
    r = mini("two_nodes")
    assert not r.shadow_price.isnull().any()
    r = solve(regions={"ruhr": {}, "saar": {}}, commodities={"steel": {"unit": "t", "area": "germany"}},
              supply={"steel": {"price": 3}})  # fmt: skip
    price = r.shadow_price.sel(commodity="steel")
    assert float(price.sel(node="germany").squeeze()) == pytest.approx(3)
    assert price.sel(node=[n for n in price.node.values if n != "germany"]).isnull().all()


def test_carbon_is_paid_and_capped_at_the_prices_shown() -> None:
    r = mini("two_routes")
    assert r.carbon_price.values == pytest.approx([40, 60, 80])
    assert r.cap_price.values.ravel() == pytest.approx([0, 0, 0])
    assert mini("emission_budget").cap_price.values.ravel() == pytest.approx([30, 60, 90])
