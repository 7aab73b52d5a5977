"""Public budgets by hand: contracts and grants together, and what is paid back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import transform_sim as ts
from tests.micro import load, objective, solve
from tests.model.paid import between_slopes, dual, is_no_matter_of_society, policies, program, swept_is_solved

FIVES = {"start": 2025, "end": 2030, "step": 5, "discount_rate": 0.0}


def plan(limit: Any, *, share: float = 0.5, strike: float | None = None, **sections: Any) -> dict[str, Any]:
    """10 t of steel at 60, or by a works of 400 EUR/(t/a) for 20 years that runs for 30; half of it is paid.

    With a strike the works also has a contract for the 1 t CO₂ that each tonne of it avoids.
    """
    given: dict[str, Any] = {
        "grants": {"works": {"plants": ["works"], "share": share, "budget": "fund"}},
        "budgets": {"fund": {"limit": limit}},
    }
    if strike is not None:
        given["carbon_contracts"] = {"works": {"process": "works", "strike": strike, "reference_emission": 1,
                                               "budget": "fund"}}  # fmt: skip
    return {
        "horizon": FIVES,
        "processes": {
            "works": {"unit": "t", "flows": {"steel": 1}, "capex": 400, "lifetime": 20, "variable_opex": 41,
                      "new_capacity_max": {2025: 10, 2026: 0}},
            "old": {"unit": "t", "flows": {"steel": 1}, "existing": 1000, "latest": 2000, "variable_opex": 60},
        },
        "policies": {"carbon_price": {2025: 10, 2030: 50}} | given,
    } | sections  # fmt: skip


def test_a_grant_counts_as_money_over_the_years_of_its_period() -> None:
    # granted half, the works costs 41 + 10 a year; ungranted 61, a euro more than the old
    assert objective(**plan(1e9)) == pytest.approx(10 * 10 * 51)
    # 200 EUR/(t/a) over five years: 160 EUR a year are enough for 4 t/a
    r = solve(**plan(160))
    assert r.objective == pytest.approx(10 * (4 * 51 + 6 * 60))
    assert float(r.data.new_capacity.sum()) == pytest.approx(4)
    assert objective(**plan(0)) == pytest.approx(10 * 600)


def test_its_dual_is_what_more_money_is_worth() -> None:
    scenario = load(**plan(160))
    # a euro a year is 1/40 t/a, and that saves 9 in each of ten years
    worth = dual(scenario, "public_budget[fund, 2025]") / 8760
    assert worth == pytest.approx(-10 * 9 / 40)
    between_slopes(lambda b: ts.solve(scenario.with_({"policies.budgets.fund.limit": b})).objective, 160, 8, worth)


def test_contracts_and_grants_share_a_budget() -> None:
    # grant 40 a year and t in the first period, contract 30 − 10 = 20: 240 EUR a year are enough for both on 4 t/a
    r = solve(**plan({2025: 240, 2030: 1e9}, strike=30, share=0.5))
    # each takes what saves most per euro: the contract 20 in five years for 20, the grant 100 for 40, but it needs none
    # below a contract: of 61 − 20 and 61 + 20 (paid back at 50) nothing is left, so it is not signed
    assert r.objective == pytest.approx(10 * (6 * 51 + 4 * 60))
    high = solve(**plan({2025: 240, 2030: 1e9}, strike=60))
    # at a strike of 60 it pays 50, then 10: worth 300 for 50 a year; the grant is worth 100 for 40 a year
    # 61 − 30 is less than 60: all 10 t are built if 4.8 of them are under contract
    cost = {name: float(value) for name, value in high.data.cost.sum("period").to_series().items()}
    assert cost["carbon_contract"] == pytest.approx(-4.8 * 300)
    assert cost.get("grant", 0.0) == pytest.approx(0)
    assert high.objective == pytest.approx(10 * (4.8 * 31 + 5.2 * 60))


def test_what_is_paid_back_relieves_it() -> None:
    # a contract of 2025 pays 20, then takes 20; another works of 2030 is granted from what is taken
    late = {"unit": "t", "flows": {"heat": 1}, "capex": 400, "lifetime": 20, "variable_opex": 41, "earliest": 2030}
    heat = {"heat": {"unit": "t"}, "steel": {"unit": "t"}}
    sections = plan({2025: 200, 2030: 0}, strike=30, share=0.0, commodities=heat,
                    demand={"steel": {"amount": 10}, "heat": {"amount": 5}})  # fmt: skip
    sections["processes"] |= {"late": late, "fire": {"unit": "t", "flows": {"heat": 1}, "existing": 100,
                                                     "latest": 2000, "variable_opex": 60}}  # fmt: skip
    sections["processes"]["works"]["variable_opex"] = 30  # worth building, contract or not
    sections["policies"]["grants"] = {"late": {"plants": ["late"], "share": 0.5, "budget": "fund"}}
    r = solve(**sections)
    # 10 t pay back 200 a year: at 40 a year and t enough for 5 t/a, each of which saves 9 a year
    assert -r.data.cost.sel(component="carbon_contract").values == pytest.approx([5 * 200, -5 * 200])
    assert float(r.data.new_capacity.sel(process="late").sum()) == pytest.approx(5)
    assert r.objective == pytest.approx(10 * 10 * 50 + 5 * 5 * 60 + 5 * 5 * 51)
    alone = policies(sections, carbon_contracts=None)
    assert objective(**alone) == pytest.approx(r.objective + 5 * 5 * 9)


def test_a_limit_holds_from_its_first_year_on_and_switched_off_it_holds_nobody() -> None:
    assert objective(**plan({2026: 0})) == pytest.approx(objective(**plan(1e9)))
    sections = plan(0)
    sections["policies"]["budgets"]["fund"]["active"] = False
    assert objective(**sections) == pytest.approx(objective(**plan(1e9)))
    assert "public_budget" not in {rows.name for rows in program(sections).rows}


def test_switched_off_and_in_the_social_view() -> None:
    sections = plan(100, strike=30)
    off = policies(sections, budgets={"fund": {"limit": 100, "active": False}})
    assert program(off).shape[0] == program(sections).shape[0] - 2
    assert program(off).shape[1] == program(sections).shape[1]
    is_no_matter_of_society(sections, "carbon_contracts")


def test_sweeps_give_what_single_solves_give(tmp_path: Path) -> None:
    axes = {"policies.budgets.fund.limit.2025": [80.0, 160.0, 240.0], "policies.grants.works.share": [0.2, 0.5],
            "policies.carbon_contracts.works.strike": [40.0, 60.0],
            "policies.carbon_price.2025": [10.0, 20.0]}  # fmt: skip
    swept_is_solved(plan({2025: 160, 2030: 100}, strike=60), axes, tmp_path)
