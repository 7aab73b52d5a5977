"""Campaigns by hand: reline, conversion at the end or midway, retirement for good."""

from __future__ import annotations

from typing import Any

import pytest

from tests.micro import objective, solve

DECADES = {"start": 2025, "end": 2045, "step": 10, "discount_rate": 0.0}
"""Periods of ten years: 2025, 2035, 2045 (until 2055)."""

COMMODITIES = {"steel": {"unit": "t"}, "coal": {"unit": "t"}}
SHORT = {"steel": {"amount": 6, "shortfall_cost": 1000}}


def furnace(**fields: Any) -> dict[str, Any]:
    base = {"unit": "t", "flows": {"steel": 1}, "capex": 900, "lifetime": 20, "existing": {"ruhr": {2015: 6}}}
    return base | fields


def dri(**fields: Any) -> dict[str, Any]:
    return {"unit": "t", "flows": {"steel": 1}, "capex": 900, "lifetime": 20} | fields


def test_relines_follow_each_other() -> None:
    # 2015 to 2035; relined for ten years, and again in 2045: 30/10 a year from 2035 to 2055
    r = solve(horizon=DECADES, processes={"furnace": furnace(reinvest={"capex": 30, "lifetime": 10})}, demand=SHORT)
    assert r.objective == pytest.approx(6 * 3 * 20, rel=1e-12)
    assert r.end_conversion.values.ravel() == pytest.approx([0, 6, 6])
    standing = r.cohort_capacity.sum("region").sel(process="furnace")
    assert standing.sel(cohort="2015-2035").values == pytest.approx([6, 0, 0])
    assert standing.sel(cohort="2035-2045").values == pytest.approx([0, 6, 0])
    assert standing.sel(cohort="2045-2055").values == pytest.approx([0, 0, 6])


def test_a_reline_is_paid_over_its_snapped_life_and_cut_off_at_the_horizon() -> None:
    # 26 years from 2035 would end in 2061, beyond the horizon: it stays, and 20 of 26 annuities are seen
    plants = {"furnace": furnace(reinvest={"capex": 260, "lifetime": 26})}
    assert objective(horizon=DECADES, processes=plants, demand=SHORT) == pytest.approx(6 * 10 * 20, rel=1e-12)
    # 17 years would end in 2052, nearest to 2055: paid over 20 years
    plants = {"furnace": furnace(reinvest={"capex": 260, "lifetime": 17})}
    assert objective(horizon=DECADES, processes=plants, demand=SHORT) == pytest.approx(6 * 13 * 20, rel=1e-12)
    # 14 years end in 2049, nearer to 2045: ten years; again from 2045 until 2059, beyond the horizon: ten of 14 years
    plants = {"furnace": furnace(reinvest={"capex": 260, "lifetime": 14})}
    expected = 6 * (260 + 260 * 10 / 14)
    assert objective(horizon=DECADES, processes=plants, demand=SHORT) == pytest.approx(expected, rel=1e-12)


def test_a_reline_at_seven_per_cent() -> None:
    horizon = DECADES | {"discount_rate": 0.07}
    plants = {"furnace": furnace(reinvest={"capex": 240})}
    crf = 0.07 / (1 - 1.07**-20)
    weight = sum(1.07**-k for k in range(10, 30))  # 2035 … 2054
    assert crf == pytest.approx(0.094393, abs=1e-6)
    assert objective(horizon=horizon, processes=plants, demand=SHORT) == pytest.approx(
        6 * 240 * crf * weight, rel=1e-12
    )


def test_the_cost_of_capital_of_an_arc_is_its_own_or_that_of_its_process() -> None:
    def financing(**fields: Any) -> float:
        r = solve(horizon=DECADES, processes={"furnace": furnace(**fields)}, demand=SHORT)
        return float(r.cost.sum("period").to_series()["financing"])

    at_8 = 0.08 / (1 - 1.08**-20)
    assert financing(reinvest={"capex": 100, "wacc": 0.08}) == pytest.approx(6 * 100 * (at_8 - 0.05) * 20)
    assert financing(reinvest={"capex": 100}, wacc=0.08) == pytest.approx(6 * 100 * (at_8 - 0.05) * 20)


def test_capacity_retired_early_has_lost_its_reline() -> None:
    # fixed cost of 50 a year in 2025 and 2035 for 6 t that only 2045 wants: the reline in 2035 needs what stood in 2025
    demand = {"steel": {"amount": {2025: 0, 2035: 0, 2045: 6}, "shortfall_cost": 1000}}
    plants = {"furnace": furnace(reinvest={"capex": 200}, fixed_opex=50, capex=5000)}
    r = solve(horizon=DECADES, processes=plants, demand=demand)
    # keep 6 through: 50 · 30 years + 200 (20 of 20 years) = 1700 each; miss them: 10 · 1000
    # new in 2045: 5000/20 · 10 = 2500 and 500 fixed
    assert r.objective == pytest.approx(6 * 1700, rel=1e-12)
    assert r.capacity.values.ravel() == pytest.approx([6, 6, 6])
    plants["furnace"]["fixed_opex"] = 200  # now 6000 + 200 against 2500 + 2000
    r = solve(horizon=DECADES, processes=plants, demand=demand)
    assert r.objective == pytest.approx(6 * 4500, rel=1e-12)
    assert r.capacity.values.ravel() == pytest.approx([0, 0, 6])


def test_at_the_end_several_conversions_share_what_stood() -> None:
    plants = {
        "furnace": furnace(
            reinvest={"capex": 20}, retrofits={"dri": {"capex": 60, "ratio": 0.5}}, capacity_max={2035: 2}
        ),
        "dri": dri(),
    }
    r = solve(horizon=DECADES, processes=plants, demand=SHORT)
    # 6 stood until 2035; 2 are relined (limit), 4 converted into 2 t; 2 t built new: 900 for twenty years
    assert r.end_conversion.sel(source="furnace").sum("region").sel(period=2035).to_series().to_dict() == pytest.approx(
        {"furnace": 2, "dri": 4}
    )
    assert r.objective == pytest.approx(2 * 20 + 4 * 60 + 2 * 900, rel=1e-12)


def test_a_conversion_waits_for_its_earliest_year() -> None:
    def conversions(**fields: Any) -> list[float]:
        plants = {
            "furnace": furnace(existing={"ruhr": {2015: 3, 2025: 3}}, retrofits={"dri": {"capex": 1, **fields}}),
            "dri": dri(earliest=2040),
        }
        r = solve(horizon=DECADES, processes=plants, demand={"steel": {"amount": 6, "shortfall_cost": 1}})
        return r.end_conversion.values.ravel().tolist()

    assert conversions() == pytest.approx([0, 0, 3])  # that of the target
    assert conversions(earliest=2030) == pytest.approx([0, 3, 3])


def test_midway_a_cohort_keeps_its_end_and_its_parents_capital_stays() -> None:
    horizon = {"start": 2025, "end": 2040, "step": 5, "discount_rate": 0.0}
    plants = {
        "furnace": {"unit": "t", "flows": {"steel": 1, "coal": -1}, "capex": 150, "lifetime": 15, "latest": 2025,
                    "retrofits": {"dri": {"capex": 20, "kind": "mid"}}},
        "dri": dri(lifetime=25, latest=2000),
    }  # fmt: skip
    demand = {"steel": {"amount": 6, "shortfall_cost": 40}}
    r = solve(horizon=horizon, commodities=COMMODITIES, processes=plants, demand=demand,
              supply={"coal": {"price": {2025: 1, 2030: 8}}})  # fmt: skip
    # built in 2025 for 15 years at 10 a year; converted in 2030 over the ten years left: 2 a year instead of coal at 8;
    # both end in 2040, and 6 t are missing for the last five years
    assert r.objective == pytest.approx(6 * (15 * 10 + 5 * 1 + 10 * 2 + 5 * 40), rel=1e-12)
    assert r.mid_conversion.sum("region").values.ravel() == pytest.approx([0, 6, 0, 0])
    assert r.capacity.sel(process="dri").values.ravel() == pytest.approx([0, 6, 6, 0])


def test_midway_conversions_can_go_back_and_forth_without_gaining() -> None:
    plants = {
        "furnace": furnace(flows={"steel": 1, "coal": -1}, lifetime=60, latest=2000,
                           retrofits={"dri": {"capex": 0, "kind": "mid"}}),
        "dri": dri(flows={"steel": 1, "coal": {2035: 0, 2045: -3}}, lifetime=60, latest=2000,
                   retrofits={"furnace": {"capex": 0, "kind": "mid"}}),
    }  # fmt: skip
    r = solve(horizon=DECADES, commodities=COMMODITIES, processes=plants, supply={"coal": {"price": 10}}, demand=SHORT)
    # furnace at 10 in 2025, dri at 0 in 2035, furnace at 10 again in 2045
    assert r.objective == pytest.approx(6 * 10 * (10 + 0 + 10), rel=1e-12)
    assert r.capacity.sum(["process", "region"]).values == pytest.approx([6, 6, 6])


def test_an_end_that_has_passed_counts_as_the_second_period_and_says_so() -> None:
    plants = {"furnace": furnace(existing={"ruhr": {2001: 6}}, reinvest={"capex": 20})}
    r = solve(horizon=DECADES, processes=plants, demand=SHORT)
    assert r.objective == pytest.approx(6 * 20, rel=1e-12)
    assert len(r.warnings) == 1
    assert "furnace in ruhr: the campaign of 2001" in r.warnings[0]
    assert "it counts as ending in 2035" in r.warnings[0]


def test_a_process_that_can_neither_stand_nor_be_built_has_no_campaign() -> None:
    never = furnace(latest=2000, reinvest={"capex": 20})
    del never["existing"]
    r = solve(horizon=DECADES | {"end": 2025}, processes={"furnace": never}, demand=SHORT)
    assert r.objective == pytest.approx(6 * 10 * 1000)
    assert float(r.capacity.sum()) == 0
