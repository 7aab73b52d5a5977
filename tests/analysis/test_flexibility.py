"""What flexible loads and stores do: equal to the results, solved by hand, energy kept, peaks that add up."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tests.flexible import HOURS, site, solved
from tests.micro import mini, solve
from transform_sim import analysis
from transform_sim.analysis.flexibility_hours import bought, moved, weights
from transform_sim.errors import TransformSimError
from transform_sim.results import Results

DAYS = {"typical_days": {"count": 2, "keep": []}}
NIGHT = np.where(HOURS % 24 < 12, 20.0, 80.0)


def night_and_day(**sections: object) -> Results:
    """Two MW at 20 EUR/MWh in the first half of each day and 80 in the other; half of one MW moves within the day."""
    load = {"commodity": "electricity", "load": {"ruhr": 1}, "method": "window", "window": 24, "up": 0.5, "down": 0.5}
    own = {
        "time": DAYS, "profiles": {"price": NIGHT.tolist()},
        "commodities": {"electricity": {"unit": "MWh", "kind": "energy", "balance": "hour"}},
        "supply": {"electricity": {"price": 50, "price_profile": "price"}},
        "demand": {"electricity": {"amount": 2 * 8760}},
        "flexible_loads": {"works": load},
    }  # fmt: skip
    return solve(**own | sections)


def test_a_load_solved_by_hand() -> None:
    row = analysis.flexible_use(night_and_day()).iloc[0]
    moved_gwh = 0.5 * 12 * 365 / 1e3  # 2.19
    expected = {
        "name": "works", "kind": "load", "unit": "GWh/a", "use": 8.76, "more": moved_gwh, "less": moved_gwh,
        "shed": 0.0, "full_hours": 12 * 365, "price_more": 20.0, "price_less": 80.0,
        "revenue": moved_gwh * 1e3 * 60, "cost": 0.0, "peak_before": 1.0, "peak_after": 1.5,
    }  # fmt: skip
    assert row[list(expected)].to_dict() == pytest.approx(expected)
    assert np.isnan(row["cycles"])
    assert np.isnan(row["price_shed"])


@pytest.mark.parametrize("which", ["site", "valley"])
def test_amounts_are_those_of_the_results(which: str) -> None:
    r = solved(which)  # type: ignore[arg-type]
    rows = analysis.flexible_use(r)
    assert set(rows["kind"]) == {"load", "storage"}
    for row in rows.to_dict("records"):
        size = 1e-3 if row["unit"] == "GWh/a" else 1.0
        at = {row["kind"]: row["name"], "period": row["period"]}
        up, down = ("shift_up", "shift_down") if row["kind"] == "load" else ("charge", "discharge")
        if row["name"] in r.data[up][row["kind"]].values:
            net = float(r.data[up].sel(at).sum() - r.data[down].sel(at).sum()) * size
            assert row["more"] - row["less"] == pytest.approx(net, abs=1e-6)
        if row["kind"] == "load":
            assert row["use"] == pytest.approx(float(r.flexible_use.sel(at).sum()) * size)
            given_up = float(r.data["shed"].sel(at).sum()) if row["name"] in r.data["shed"]["load"].values else 0.0
            assert row["shed"] == pytest.approx(given_up * size, abs=1e-6)


def test_what_is_moved_comes_back_but_for_its_losses() -> None:
    rows = analysis.flexible_use(solved("valley")).query("period == 2030").set_index("name")
    kept = {"smelter": 0.97, "arc_furnace": 1.0, "chlorine_cells": 1.0, "cement_silo": 1.0, "battery": 0.95**2}
    for name, share in kept.items():
        assert rows.loc[name, "less"] == pytest.approx(share * rows.loc[name, "more"], rel=1e-6)
        assert rows.loc[name, "less"] > 0


def test_revenue_is_amounts_times_mean_prices_and_pays_for_its_cost() -> None:
    rows = analysis.flexible_use(solved("site")).fillna(0.0)
    money = rows["price_less"] * rows["less"] + rows["price_shed"] * rows["shed"] - rows["price_more"] * rows["more"]
    np.testing.assert_allclose(rows["revenue"], money * 1e3)
    assert (rows["revenue"] >= rows["cost"]).all()
    assert (rows["cost"] > 0).sum() == 3


def test_the_price_is_the_shadow_price_of_the_hour() -> None:
    r = solved("site")
    price = r.shadow_price_hour.sel(commodity="electricity", node="ruhr").values[0]
    own = next(m for m in moved(r) if m.name == "smelter")
    revenue = -float((own.change[0] * price) @ weights(r))
    assert analysis.flexible_use(r).set_index("name").loc["smelter", "revenue"] == pytest.approx(revenue)


def test_costs_are_those_of_the_results() -> None:
    r = solved("site")
    rows = analysis.flexible_use(r).set_index("name")
    paid = r.annual_cost.sel(period=2025)
    for owner, component in (("smelter", "load_shift"), ("paper", "load_shed"), ("battery", "variable_opex")):
        assert rows.loc[owner, "cost"] == pytest.approx(float(paid.sel(owner=owner, component=component)))


def test_hours_and_cycles_of_a_store() -> None:
    row = analysis.flexible_use(solved("site")).set_index("name").loc["battery"]
    assert row["cycles"] == pytest.approx(row["less"] * 1e3 / 40)
    assert row["full_hours"] == pytest.approx(row["less"] * 1e3 / 10)  # 40 MWh at 0.25 per hour


def test_a_store_stands_at_the_node_of_its_commodity() -> None:
    rows = analysis.flexible_use(solved("valley")).set_index("name")
    assert set(rows.loc["battery", "node"]) == {"valley"}  # it stands in rhein, whose power market is the valley
    assert set(rows.loc["cement_silo", "node"]) == {"ruhr"}


def test_what_no_one_buys_has_no_peak() -> None:
    rows = analysis.flexible_use(solved("valley")).set_index("name")
    assert rows.loc["cement_silo", ["peak_before", "peak_after"]].isna().all(axis=None)
    assert rows.loc["smelter", ["peak_before", "peak_after"]].notna().all(axis=None)
    with pytest.raises(TransformSimError, match="no 'cement' is bought by the hour"):
        analysis.duration_curve(solved("valley"), "cement")


@pytest.mark.parametrize("which", ["site", "valley"])
def test_a_peak_is_the_sum_of_its_parts(which: str) -> None:
    r = solved(which)  # type: ignore[arg-type]
    table = analysis.peak(r, "electricity")
    curves = [analysis.duration_curve(r, "electricity", with_shift=shift) for shift in (False, True)]
    assert table["before"].sum() == pytest.approx(curves[0].iloc[0])
    assert table["after"].sum() == pytest.approx(curves[1].iloc[0])
    assert table["name"].iloc[-1] == "rest"
    same = analysis.flexible_use(r).query("period == period.max() and commodity == 'electricity'")
    np.testing.assert_allclose(table["after"].iloc[:-1], same["peak_after"])


def _energy(curve: pd.Series[float]) -> float:
    return float(curve.to_numpy() @ np.diff(curve.index.to_numpy(dtype=float), prepend=0.0))


@pytest.mark.parametrize("which", ["site", "valley", "year"])
def test_a_duration_curve_keeps_the_energy(which: str) -> None:
    r = solved(which)  # type: ignore[arg-type]
    with_, without = (analysis.duration_curve(r, "electricity", with_shift=shift) for shift in (True, False))
    year = int(r.data["period"].values[-1])
    total = float(r.purchase.sel(period=year).sum())
    lost = analysis.flexible_use(r).query(f"period == {year} and commodity == 'electricity'")
    kept = total - 1e3 * float((lost["more"] - lost["less"] - lost["shed"]).sum())
    assert _energy(with_) == pytest.approx(total)
    assert _energy(without) == pytest.approx(kept)
    for curve in (with_, without):
        assert curve.index[-1] == pytest.approx(8760.0)
        assert (np.diff(curve.to_numpy()) <= 0).all()


def test_without_shifting_a_steady_site_buys_steadily() -> None:
    np.testing.assert_allclose(analysis.duration_curve(solved("year"), "electricity", with_shift=False), 300.0)


def test_sales_count_against_purchases() -> None:
    r = night_and_day(
        demand={"electricity": {"amount": 8760}}, sales={"surplus": {"commodity": "electricity", "price": 10}},
        processes={"wind": {"unit": "MWh", "flows": {"electricity": 1}, "existing": {"ruhr": 3}, "lifetime": 30,
                            "latest": 2024, "operation": "baseload"}},
    )  # fmt: skip
    net = bought(r, "electricity")[0]
    assert net @ weights(r) == pytest.approx(float(r.purchase.sum() - r.sale.sum()))
    assert net.min() < 0


def test_results_without_flexibility_have_no_rows() -> None:
    for r in (mini("two_routes"), night_and_day(flexible_loads={}), night_and_day(flexibility="none")):
        assert analysis.flexible_use(r).empty


def test_a_period_that_is_not_there_is_told() -> None:
    with pytest.raises(TransformSimError, match=r"no period 2031 — choose from 2025, 2030"):
        analysis.peak(solved("valley"), "electricity", 2031)


def test_a_site_with_stores_alone_has_rows() -> None:
    import transform_sim as ts

    r = ts.solve(site(DAYS, flexible_loads={}))
    rows = analysis.flexible_use(r)
    assert list(rows["name"]) == ["battery"]
    assert rows["peak_before"].iloc[0] == 0.0


def test_slices_of_the_year_hold_what_is_given_up_and_stored() -> None:
    rows = analysis.flexible_use(mini("seasonal_cavern"))
    assert list(rows["kind"]) == ["storage"]
    r = mini("seasonal_cavern")
    net = float((r.charge - r.discharge).sum())
    assert (rows["more"] - rows["less"]).sum() == pytest.approx(net * 1e-3, abs=1e-9)
    assert rows["less"].iloc[0] > 0


def test_a_load_that_is_only_given_up_earns_the_price_it_avoids() -> None:
    r = night_and_day(
        time={"slices": {"night": {"share": 0.5}, "day": {"share": 0.5}}},
        profiles={"price": {"night": 0.4, "day": 1.6}},
        flexible_loads={"paper": {"commodity": "electricity", "load": {"ruhr": 1}, "method": "none",
                                  "sheds": [{"cost": 70, "hours_max": 100}]}},
    )  # fmt: skip
    row = analysis.flexible_use(r).iloc[0]
    assert row[["shed", "price_shed", "revenue", "cost"]].tolist() == pytest.approx([0.1, 80.0, 8000.0, 7000.0])
