"""Several results side by side."""

from __future__ import annotations

import pytest

import transform_sim as ts
from tests.micro import ROOT, mini, solve


def test_differences_to_the_first() -> None:
    path = ROOT / "scenarios" / "mini" / "two_routes.yaml"
    dear = ts.solve(ts.load(path).with_({"policies.carbon_price": 100, "name": "dear-carbon"}))
    table = ts.compare([mini("two_routes"), dear])
    assert list(table.columns) == ["two-routes", "dear-carbon", "dear-carbon − two-routes"]
    assert table.index.names == ["indicator", "item", "period", "unit"]
    row = table.loc[("emissions", "co2", "2025", "t/a")]
    assert row.to_list() == pytest.approx([1.7e6, 0.6e6, -1.1e6])
    cost = table.loc[("cost", "present value", "all", "EUR2020")]
    assert cost["dear-carbon − two-routes"] == pytest.approx(dear.objective - mini("two_routes").objective)
    # what only one of them has is zero in the other
    shaft = table.loc[("activity", "shaft", "2025", "t/a")]
    assert shaft.to_list() == pytest.approx([0, 1e6, 1e6])
    built = table.loc[("new_capacity", "furnace", "all", "t/a")]
    assert built.to_list() == pytest.approx([1e6, 0, -1e6])


def test_equal_names_are_told_apart() -> None:
    table = ts.compare([mini("two_routes"), mini("two_routes")])
    assert list(table.columns)[:2] == ["two-routes", "two-routes (2)"]
    assert (table.iloc[:, 2] == 0).all()


def test_money_of_different_years_is_not_compared() -> None:
    other = solve(currency="EUR2015", supply={"steel": {"price": 1}})
    with pytest.raises(ValueError, match="results are in EUR2015 and EUR2020; give the scenarios one currency"):
        ts.compare([mini("two_routes"), other])
    with pytest.raises(ValueError, match="compare needs at least one result"):
        ts.compare([])
