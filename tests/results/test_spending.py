"""What is paid in each year, who causes it, and what is invested: by hand, and in sum equal to the cost split."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import transform_sim as ts
from tests.micro import MINIS, ROOT, SYSTEMS, load, mini, solve
from transform_sim.lp import SINGLE, Entities, LinearProgram, Term
from transform_sim.names import EMISSION_BALANCE, NET_EMISSION
from transform_sim.solvers import Bounds

TWO_PERIODS = {"start": 2030, "end": 2035, "step": 5, "discount_rate": 0.05}
CRF_5 = 0.05 / (1 - 1.05**-5)
CRF_7 = 0.05 / (1 - 1.05**-7)
CRF_10 = 0.05 / (1 - 1.05**-10)
MILL = {"unit": "t", "flows": {"steel": 1}, "capex": 100, "lifetime": 10}


def mill(horizon: dict[str, Any] = TWO_PERIODS, view: str = "private", **changes: Any) -> ts.Results:
    """A mill for 10 t/a of steel, built in 2030."""
    return solve(horizon=horizon, view=view, processes={"mill": MILL | changes})


def paid(r: ts.Results, component: str, owner: str) -> list[float]:
    """Payments per year of one component by one owner."""
    return [float(v) for v in r.annual_cost.sel(component=component, owner=owner).values]


def adds_up(r: ts.Results) -> None:
    """Payments of all years, discounted, are the cost of each component; nothing is lost or paid twice."""
    present = (r.annual_cost.sum("owner") * r.data["period_weight"]).sum("period").values
    np.testing.assert_allclose(present, r.cost.sum("period").values, rtol=1e-9, atol=1e-6)
    counted = float(present[r.cost.counts.values].sum())
    assert counted == pytest.approx(r.objective, rel=1e-9, abs=1e-6)


# capital by hand -------------------------------------------------------------------------------------------------


def test_an_annuity_is_paid_in_every_year_of_the_life() -> None:
    r = mill()
    assert paid(r, "investment", "mill") == pytest.approx([1000 * CRF_10, 1000 * CRF_10], rel=1e-12)
    assert paid(r, "investment", "mill")[0] == pytest.approx(129.504575)  # by the tables of annuities
    assert r.investment.sel(owner="mill").values.tolist() == pytest.approx([1000, 0])


def test_an_economic_life_shorter_than_the_life_ends_the_payments() -> None:
    assert paid(mill(economic_lifetime=5), "investment", "mill") == pytest.approx([1000 * CRF_5, 0])
    # two of the five years of the second period
    assert paid(mill(economic_lifetime=7), "investment", "mill") == pytest.approx([1000 * CRF_7, 400 * CRF_7])


def test_what_is_paid_after_the_horizon_is_not_there() -> None:
    r = mill(lifetime=40)
    crf = 0.05 / (1 - 1.05**-40)
    assert paid(r, "investment", "mill") == pytest.approx([1000 * crf, 1000 * crf])
    assert float(r.investment.sum()) == pytest.approx(1000)


@pytest.mark.parametrize("timing", ["start", "middle", "end"])
def test_payments_are_undiscounted_whenever_they_fall_in_the_year(timing: str) -> None:
    r = mill(horizon=TWO_PERIODS | {"cost_timing": timing}, variable_opex=7)
    assert paid(r, "investment", "mill") == pytest.approx([1000 * CRF_10] * 2)
    assert paid(r, "variable_opex", "mill") == pytest.approx([70, 70])
    adds_up(r)


@pytest.mark.parametrize("view", ["private", "social"])
def test_financing_is_what_the_wacc_adds_and_shown_in_both_views(view: str) -> None:
    r = mill(view=view, wacc=0.09, fixed_opex=3)
    wacc = 0.09 / (1 - 1.09**-10)
    assert paid(r, "financing", "mill") == pytest.approx([1000 * (wacc - CRF_10)] * 2)
    assert paid(r, "fixed_opex", "mill") == pytest.approx([30, 30])
    assert bool(r.annual_cost.counts.sel(component="financing")) is (view == "private")
    adds_up(r)


def test_a_plant_that_is_built_again_is_paid_and_invested_again() -> None:
    r = mill(lifetime=5)
    assert paid(r, "investment", "mill") == pytest.approx([1000 * CRF_5] * 2)
    assert r.investment.sel(owner="mill").values.tolist() == pytest.approx([1000, 1000])


def test_a_reline_is_paid_over_its_campaign() -> None:
    furnace = MILL | {
        "lifetime": 20, "existing": {"ruhr": {2015: 10}}, "latest": 2024,
        "reinvest": {"capex": 40, "lifetime": 5},
    }  # fmt: skip
    horizon = TWO_PERIODS | {"end": 2040}
    r = solve(horizon=horizon, processes={"furnace": furnace})
    # the campaign ends in 2035; that of the reline in 2040, and so on
    assert paid(r, "reinvestment", "furnace") == pytest.approx([0, 400 * CRF_5, 400 * CRF_5])
    assert r.investment.sel(owner="furnace").values.tolist() == pytest.approx([0, 400, 400])
    adds_up(r)


def test_a_conversion_belongs_to_what_it_becomes_and_is_paid_over_what_is_left() -> None:
    r = mini("retrofit_midway")  # 1 Mt/a at 100, in 2030, ten years before the end of its life, at 0 %
    assert paid(r, "reinvestment", "furnace_ccs") == pytest.approx([0, 10e6, 10e6])
    assert paid(r, "reinvestment", "furnace") == [0, 0, 0]
    assert r.investment.sel(owner="furnace_ccs").values.tolist() == pytest.approx([0, 100e6, 0])


def test_new_capacity_of_a_process_with_campaigns() -> None:
    renewed = MILL | {"lifetime": 5, "reinvest": {"capex": 60, "lifetime": 5}}
    r = solve(horizon=TWO_PERIODS, processes={"mill": renewed})
    assert paid(r, "investment", "mill") == pytest.approx([1000 * CRF_5, 0])
    assert paid(r, "reinvestment", "mill") == pytest.approx([0, 600 * CRF_5])
    assert r.investment.sel(owner="mill").values.tolist() == pytest.approx([1000, 600])


def test_techniques_pay_as_one_plant() -> None:
    techniques = {2030: {"coal": -5}, 2035: {"coal": -4}}
    r = solve(
        horizon=TWO_PERIODS,
        commodities={"steel": {"unit": "t"}, "coal": {"unit": "MWh"}},
        supply={"coal": {"price": 2}},
        processes={"mill": MILL | {"lifetime": 5, "techniques": techniques}},
    )
    assert paid(r, "investment", "mill") == pytest.approx([1000 * CRF_5] * 2)
    assert paid(r, "supply_price", "coal") == pytest.approx([100, 80])
    assert r.investment.sel(owner="mill").values.tolist() == pytest.approx([1000, 1000])


def test_stores_and_links_are_invested_in_their_own_units() -> None:
    r, link = mini("seasonal_cavern"), mini("two_nodes")
    # 5,475 MWh at 10, over 20 years at 0 %
    assert r.investment.sel(owner="cavern").values.tolist() == pytest.approx([54_750])
    assert paid(r, "investment", "cavern") == pytest.approx([54_750 / 20])
    # 30 MW over 250 km at 1,000, over 40 years at 0 %
    assert link.investment.sel(owner="pipeline").values.tolist() == pytest.approx([7.5e6])
    assert paid(link, "investment", "pipeline") == pytest.approx([7.5e6 / 40])


# who causes it ---------------------------------------------------------------------------------------------------


def released(**sections: Any) -> dict[str, Any]:
    """Steel made from coal, steel bought with its emissions, and waste burnt, at 50 per t CO₂."""
    return {
        "commodities": {
            "steel": {"unit": "t"}, "coal": {"unit": "MWh", "carbon_content": "0.3 t/MWh"},
            "gas": {"unit": "t", "carbon_content": "1 t/t", "disposal": {"cost": 1}},
            "co2": {"unit": "t", "kind": "emission"},
        },
        "processes": {"mill": {"unit": "t", "flows": {"steel": 1, "coal": -5, "gas": 0.5}, "sector": "iron and steel"}},
        "supply": {
            "coal": {"price": 2}, "steel": {"price": 1, "volume_max": 4, "emissions": {"co2": 2}, "levy": 3},
        },
        "policies": {"carbon_price": 50},
    } | sections  # fmt: skip


def test_carbon_is_paid_by_the_process_the_purchase_and_the_disposal_that_emit() -> None:
    # 4 t are bought with 2 t CO₂ each (101 + 3 beat 10 + 75 only because the mill is limited), 6 t made
    sections = released()
    sections["processes"]["mill"]["capacity_max"] = 6
    sections["processes"]["mill"]["existing"] = {"ruhr": 6}
    r = solve(**sections)
    assert paid(r, "carbon_price", "mill") == pytest.approx([6 * (5 * 0.3 - 0.5) * 50])
    assert paid(r, "carbon_price", "steel (supply)") == pytest.approx([4 * 2 * 50])
    assert paid(r, "carbon_price", "gas") == pytest.approx([6 * 0.5 * 50])
    assert paid(r, "levy", "steel (supply)") == pytest.approx([12])
    assert paid(r, "disposal", "gas") == pytest.approx([3])
    assert paid(r, "supply_price", "coal") == pytest.approx([60])
    adds_up(r)


def test_emissions_that_cancel_are_paid_and_earned_where_they_arise() -> None:
    r = solve(
        commodities={"steel": {"unit": "t"}, "air": {"unit": "t"}, "co2": {"unit": "t", "kind": "emission"}},
        processes={
            "mill": {"unit": "t", "flows": {"steel": 1, "co2": 2}},
            "capture": {"unit": "t", "flows": {"air": 1, "co2": -1}, "variable_opex": 5},
        },
        demand={"steel": {"amount": 10}, "air": {"amount": 20}},
        policies={"carbon_price": 30},
    )
    assert float(r.emissions.sum()) == pytest.approx(0, abs=1e-9)
    assert paid(r, "carbon_price", "mill") == pytest.approx([600])
    assert paid(r, "carbon_price", "capture") == pytest.approx([-600])


def test_owners_have_kinds_and_sectors() -> None:
    r = solve(**released())
    found = zip(
        r.annual_cost.owner.values, r.annual_cost.owner_kind.values, r.annual_cost.owner_sector.values, strict=True
    )
    assert [tuple(map(str, row)) for row in found] == [
        ("mill", "process", "iron and steel"),
        ("coal", "supply", "coal"),
        ("steel (supply)", "supply", "steel"),
        ("steel (demand)", "demand", "steel"),
        ("gas", "commodity", "gas"),
        ("policy", "policy", "policy"),
    ]
    assert r.annual_cost.owner_name.values.tolist() == ["mill", "coal", "steel", "steel", "gas", "policy"]
    assert r.data["process_sector"].values.tolist() == ["iron and steel"]
    assert mini("two_routes").data["process_sector"].values.tolist() == ["other", "other"]


def test_shortfall_belongs_to_the_demand() -> None:
    r = solve(demand={"steel": {"amount": 10, "shortfall_cost": 9}})
    assert paid(r, "shortfall", "steel") == pytest.approx([90])


def test_a_cost_of_ones_own_without_a_plant_belongs_to_policy() -> None:
    def quota(lp: LinearProgram, data: Any) -> None:
        lp.add_columns("missed", SINGLE, "year", lower=1.0)
        lp.add_rows("quota", SINGLE, "year", [Term(1, "missed")], lower=2.0)
        lp.add_cost("fine", "missed", 3.0)
        # half of the cost is due one period later
        lp.add_cost("upkeep", "new_capacity", 4.0, over=Entities.of(asset=[0]), paid=[[[0.5, 0.5], [0.0, 0.5]]])

    r = ts.solve(load(horizon=TWO_PERIODS, processes={"mill": MILL}), constraints=[quota])
    assert paid(r, "fine", "policy") == pytest.approx([2 * 3 * 8760] * 2)
    assert paid(r, "upkeep", "mill") == pytest.approx([10 / 8760 * 2] * 2)
    adds_up(r)


# sums ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", MINIS, ids=lambda path: path.stem)
def test_minis_add_up(path: Path) -> None:
    adds_up(mini(path.stem))


@pytest.mark.parametrize("path", [*SYSTEMS, ROOT / "scenarios" / "nrw_steel_annual.yaml"], ids=lambda path: path.stem)
def test_systems_add_up(path: Path) -> None:
    r = ts.solve(path)
    adds_up(r)
    at_build = r.annual_cost.sel(component=["investment"]) if "investment" in r.cost.component else r.annual_cost[:0]
    assert (at_build.values >= -1e-9).all()
    # only plants are invested in
    assert not r.investment.values[~np.isin(r.investment.owner_kind.values, ["process", "storage", "link"])].any()


def test_tables_and_attributes() -> None:
    r = mini("two_routes")
    tables = r.tables()
    assert set(tables["annual_cost"]["unit"]) == {"EUR2020/a"}
    assert set(tables["investment"]["unit"]) == {"EUR2020"}
    assert list(tables["annual_cost"].columns) == ["component", "owner", "period", "value", "unit"]
    # one plant of 1 Mt/a at 100, then two at 150, each paid in the five years that it lasts
    assert r.investment.sum("owner").values.tolist() == pytest.approx([100e6, 150e6, 150e6])
    assert paid(r, "carbon_price", "shaft") == pytest.approx([0, 0.6e6 * 60, 0.6e6 * 80])


# changed re-solves -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", MINIS, ids=lambda path: path.stem)
def test_replaced_costs_are_paid_when_the_declared_ones_are(path: Path) -> None:
    study, plain = ts.prepare(path), mini(path.stem)
    r = study.solve(cost=2 * study.program.cost)
    adds_up(r)
    counted = plain.annual_cost.values[plain.annual_cost.counts.values].sum(axis=0)
    extra = r.annual_cost.sel(component="changed_cost").values
    np.testing.assert_allclose(extra, counted, rtol=1e-9, atol=1e-6)  # the plan is the same
    assert float((extra * r.data["period_weight"].values).sum()) == pytest.approx(plain.objective, rel=1e-9)


def test_a_new_cost_of_a_free_plant_is_paid_at_once() -> None:
    study = ts.prepare(load(horizon=TWO_PERIODS, processes={"mill": MILL | {"capex": 0}}))
    cost = study.program.cost.copy()
    (block,) = study.program.blocks("columns", "new_capacity")
    cost[block.span] += 8760.0  # per t/h, so 1 per t/a, as present value
    r = study.solve(cost=cost)
    assert r.annual_cost.sel(component="changed_cost", owner="mill").values * r.data["period_weight"].values == (
        pytest.approx([10, 0])
    )


def test_emissions_that_a_changed_balance_adds_belong_to_policy() -> None:
    study = ts.prepare(load(**released()))
    lower, upper = study.program.row_lower.copy(), study.program.row_upper.copy()
    (rows,) = study.program.blocks("rows", EMISSION_BALANCE)
    for side in (lower, upper):
        side[rows.span] -= 2 / 8760  # two tonnes a year that no one emits
    r = study.solve(bounds=Bounds(row_lower=lower, row_upper=upper))
    assert paid(r, "carbon_price", "policy") == pytest.approx([100])
    assert any(c.columns.name == NET_EMISSION for c in study.program.costs)
    adds_up(r)


# the cap ---------------------------------------------------------------------------------------------------------


def capped(cap: Any, **sections: Any) -> ts.Study:
    """Two regions with a mill each, under a cap."""
    return ts.prepare(load(
        horizon=TWO_PERIODS, regions={"ruhr": {}, "saar": {}},
        commodities={"steel": {"unit": "t"}, "co2": {"unit": "t", "kind": "emission"}},
        processes={"mill": {"unit": "t", "flows": {"steel": 1, "co2": 2}}},
        policies={"emission_cap": cap}, **sections,
    ))  # fmt: skip


def test_the_cap_in_force() -> None:
    nan = np.nan
    for cap, expected in (
        ({2030: 60, 2035: 50}, [60, 50]),
        ({2035: 50}, [nan, 50]),
        ({"ruhr": {2030: 30, 2035: 25}, "saar": 40}, [70, 65]),
        ({"ruhr": {2035: 25}, "saar": 40}, [nan, 65]),
        ({"ruhr": 30}, [nan, nan]),  # the saar may emit without limit
    ):
        r = capped(cap).solve()
        np.testing.assert_allclose(r.emission_cap.values, expected)
        assert r.emission_cap.attrs["units"] == "t/a"
    assert np.isnan(solve(supply={"steel": {"price": 1}}).emission_cap.values).all()


def test_a_changed_cap_is_shown_as_it_was_solved() -> None:
    study = capped(60)
    upper = study.program.row_upper.copy()
    (rows,) = study.program.blocks("rows", "emission_cap")
    upper[rows.span] = [45 / 8760, np.inf]
    r = study.solve(bounds=Bounds(row_upper=upper))
    np.testing.assert_allclose(r.emission_cap.values, [45, np.nan])
