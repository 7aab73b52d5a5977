"""Several results side by side."""

from __future__ import annotations

from itertools import groupby

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


def two_sectors(name: str, price: float, **horizon: int) -> ts.Results:
    """Steel and cement in sectors of their own; the price decides whether cement is made or bought."""
    return solve(
        name=name,
        horizon={"start": 2025, "end": 2030, "step": 5, "discount_rate": 0.0} | horizon,
        commodities={"steel": {"unit": "t"}, "cement": {"unit": "t"}, "co2": {"unit": "t", "kind": "emission"}},
        processes={
            "mill": {"unit": "t", "sector": "iron and steel", "flows": {"steel": 1, "co2": 2}, "capex": 100,
                     "lifetime": 10},
            "kiln": {"unit": "t", "sector": "cement", "flows": {"cement": 1, "co2": 0.5}, "capex": 20, "lifetime": 10},
        },
        supply={"cement": {"price": price}},
        demand={"steel": {"amount": 10}, "cement": {"amount": 40}},
        policies={"carbon_price": 1},
    )  # fmt: skip


def test_sectors_side_by_side() -> None:
    table = ts.compare([two_sectors("made", 100), two_sectors("bought", 1)])
    assert table.loc[("sector_emissions", "iron and steel, co2", "2030", "t/a")].to_list() == pytest.approx([20, 20, 0])
    assert table.loc[("sector_emissions", "cement, co2", "2030", "t/a")].to_list() == pytest.approx([20, 0, -20])
    assert table.loc[("investment", "iron and steel", "all", "EUR2020")].to_list() == pytest.approx([1000, 1000, 0])
    assert table.loc[("investment", "cement", "all", "EUR2020")].to_list() == pytest.approx([800, 0, -800])
    # an annuity of a tenth, and the carbon price
    assert table.loc[("annual_cost", "cement", "2025", "EUR2020/a")].to_list() == pytest.approx([100, 0, -100])
    assert table.loc[("annual_cost", "iron and steel", "2030", "EUR2020/a")].to_list() == pytest.approx([120, 120, 0])
    assert table.loc[("annual_cost", "supply", "2030", "EUR2020/a")].to_list() == pytest.approx([0, 40, 40])
    # what is paid in all years is the cost, at 0 %
    total = table.loc["annual_cost"].sum() * 5
    assert total.to_list() == pytest.approx(table.loc["cost"].iloc[0].to_list())


def test_rows_of_one_indicator_stand_together_with_years_rising() -> None:
    table = ts.compare([two_sectors("made", 100), two_sectors("bought", 1)])
    blocks = [i for i, _ in groupby(table.index.get_level_values("indicator"))]
    assert blocks == list(dict.fromkeys(blocks))
    assert blocks[:5] == ["cost", "emissions", "sector_emissions", "investment", "annual_cost"]
    for _, part in table.groupby(level=["indicator", "item", "unit"], sort=False):
        years = part.index.get_level_values("period").to_list()
        assert years == sorted(years)


def test_a_year_that_one_does_not_have_is_no_zero() -> None:
    table = ts.compare([two_sectors("short", 100, end=2025), two_sectors("long", 100)])
    row = table.loc[("emissions", "co2", "2030", "t/a")]
    assert row.isna().to_list() == [True, False, True]
    assert not table.loc[("emissions", "co2", "2025", "t/a")].isna().any()


def test_horizons_that_differ_are_shown_and_what_spans_them_has_no_difference() -> None:
    studies = [two_sectors("short", 100, end=2025), two_sectors("long", 100), two_sectors("alike", 50, end=2025)]
    table = ts.compare(studies)
    assert table.index.get_level_values("indicator")[0] == "horizon"
    assert table.loc[("horizon", "last year", "all", "a")].to_list()[:3] == [2025, 2030, 2025]
    assert table.loc[("horizon", "periods", "all", "1")].to_list()[:3] == [1, 2, 1]
    for row in (("cost", "present value", "all", "EUR2020"), ("investment", "iron and steel", "all", "EUR2020"),
                ("new_capacity", "mill", "all", "t/a")):  # fmt: skip
        values = table.loc[row]
        assert values[["short", "long", "alike"]].notna().all()
        assert values[["long − short", "alike − short"]].isna().to_list() == [True, False]
    # the years that they share are compared as ever
    assert table.loc[("emissions", "co2", "2025", "t/a"), "long − short"] == pytest.approx(0)


def test_years_at_another_distance_are_another_horizon() -> None:
    coarse = two_sectors("coarse", 100, end=2035, step=10)
    table = ts.compare([two_sectors("fine", 100, end=2035), coarse])
    assert table.loc[("horizon", "periods", "all", "1")].to_list()[:2] == [3, 2]
    assert table.loc["cost"]["coarse − fine"].isna().all()


def test_one_horizon_goes_without_saying() -> None:
    table = ts.compare([two_sectors("made", 100), two_sectors("bought", 1)])
    assert "horizon" not in table.index.get_level_values("indicator")
    assert table.loc["cost"].notna().all(axis=None)


def test_what_a_view_leaves_out_is_no_cost() -> None:
    path = ROOT / "scenarios" / "mini" / "two_routes.yaml"
    social = ts.solve(ts.load(path).with_({"view": "social", "policies.social_carbon": "absent", "name": "social"}))
    table = ts.compare([social])
    assert float(table.loc["annual_cost"]["social"].sum() * 5) == pytest.approx(social.objective)


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
