"""Investment grants by hand: what they save, on what they are given, and on what not twice."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import transform_sim as ts
from tests.micro import load, objective, solve
from tests.model.paid import between_slopes, dual, is_no_matter_of_society, policies, swept_is_solved
from tests.model.paid import switched_off_is_absent as off_is_absent

FIVES = {"start": 2025, "end": 2040, "step": 5, "discount_rate": 0.03}
N = [sum(1.03 ** -(5 * i + k) for k in range(5)) for i in range(4)]
"""Present value of a payment in every year of each period."""


def annuity(rate: float, years: int) -> float:
    return rate / (1 - (1 + rate) ** -years)


def plants(*, grants: dict[str, Any] | None = None, **sections: Any) -> dict[str, Any]:
    """100 t a year by a works of 400 EUR/(t/a) at a WACC of 8 %, or a boiler with nothing to build for 60 EUR/t."""
    given = {"works": {"plants": ["works"], "share": 0.3}} if grants is None else grants
    return {
        "horizon": FIVES,
        "processes": {
            "works": {"unit": "t", "flows": {"steel": 1}, "capex": 400, "lifetime": 20, "wacc": 0.08,
                      "variable_opex": 30},
            "old": {"unit": "t", "flows": {"steel": 1}, "existing": 1000, "latest": 2000, "variable_opex": 60},
        },
        "demand": {"steel": {"amount": 100}},
        "policies": {"grants": given},
    } | sections  # fmt: skip


def test_a_share_of_the_annuity_at_the_wacc_decides_for_the_plant() -> None:
    yearly = 400 * annuity(0.08, 20)  # 40.74: with 30 for running dearer than 60
    assert objective(**plants(grants={})) == pytest.approx(6000 * sum(N))
    # it pays from a share of 1 − 30/40.74 = 26.4 % on
    level = 1 - 30 / yearly
    for share, best in ((level - 1e-4, 60.0), (level + 1e-4, 30 + yearly * (1 - level - 1e-4)), (0.5, 30 + yearly / 2)):
        given = {"works": {"plants": ["works"], "share": share}}
        assert objective(**plants(grants=given)) == pytest.approx(100 * best * sum(N), rel=1e-9)
    r = solve(**plants())
    cost = r.data.cost.sum("period")
    resource = 400 * annuity(0.03, 20) * 100 * sum(N)
    assert float(cost.sel(component="grant")) == pytest.approx(-0.3 * resource)
    assert float(cost.sel(component="grant_financing")) == pytest.approx(-0.3 * (100 * yearly * sum(N) - resource))


def test_share_by_year_of_build_and_by_region() -> None:
    # given from 2030 on only: the works is built then, and pays 15 of its 20 years within the study
    later = {"works": {"plants": ["works"], "share": {2030: 0.5, 2035: 0.0}}}
    yearly = 400 * annuity(0.08, 20)
    expected = 6000 * N[0] + 100 * (30 + yearly / 2) * sum(N[1:])
    assert objective(**plants(grants=later)) == pytest.approx(expected)
    two = {"regions": {"ruhr": {}, "saar": {}}, "demand": {"steel": {"amount": {"ruhr": 100, "saar": 100}}}}
    there = plants(grants={"works": {"plants": ["works"], "share": 0.5, "regions": ["saar"]}}, **two)
    there["processes"]["old"]["existing"] = {"ruhr": 1000, "saar": 1000}
    assert objective(**there) == pytest.approx((6000 + 100 * (30 + yearly / 2)) * sum(N))


def test_one_plant_is_not_granted_twice() -> None:
    both = {"state": {"plants": ["works"], "share": 0.3}, "union": {"plants": ["works", "old"], "share": 0.45}}
    yearly = 400 * annuity(0.08, 20)
    r = solve(**plants(grants=both))
    assert r.objective == pytest.approx(100 * (30 + 0.55 * yearly) * sum(N))
    # neither more than it costs
    whole = {name: {"plants": ["works"], "share": 1.0} for name in ("state", "union")}
    assert objective(**plants(grants=whole)) == pytest.approx(100 * 30 * sum(N))


@pytest.mark.parametrize("kind", ["end", "mid"])
def test_conversions_are_granted_and_relines_are_not(kind: str) -> None:
    horizon = {"start": 2025, "end": 2040, "step": 5, "discount_rate": 0.0}
    years = 15 if kind == "mid" else 20
    furnace = {
        "unit": "t", "flows": {"steel": 1}, "variable_opex": 60, "existing": {2010 if kind == "end" else 2025: 100},
        "lifetime": 20, "new_capacity_max": 0, "reinvest": {"capex": 100},
        "retrofits": {"shaft": {"capex": 300, "kind": kind, "wacc": 0.05, "ratio": 0.5, "earliest": 2030}},
    }  # fmt: skip
    shaft = {"unit": "t", "flows": {"steel": 1}, "variable_opex": 20, "lifetime": 20, "new_capacity_max": 0}
    sections = plants(
        horizon=horizon, processes={"furnace": furnace, "shaft": shaft},
        demand={"steel": {"amount": 50}},
        grants={"new": {"plants": ["shaft"], "share": 0.4}, "old": {"plants": ["furnace"], "share": 0.9}},
    )  # fmt: skip
    # 100 t/a of furnace become 50 of shaft in 2030, paid at 5 % over the new campaign or what is left of the old
    yearly = 300 * annuity(0.05, years)
    r = solve(**sections)
    saved = {"grant": 0.4 * 300 / years, "grant_financing": 0.4 * (yearly - 300 / years)}
    for component, amount in saved.items():
        assert float(r.data.cost.sel(component=component).sum()) == pytest.approx(-100 * 15 * amount)
    assert r.objective == pytest.approx(5 * 50 * 60 + 15 * 50 * 20 + 15 * 100 * 0.6 * yearly)


def test_stores_and_links_are_granted_as_they_are_paid() -> None:
    commodities = {"steel": {"unit": "t"}, "power": {"unit": "MWh", "balance": "hour"}}
    sections = plants(
        horizon={"start": 2025, "end": 2025, "step": 1, "discount_rate": 0.0}, commodities=commodities,
        regions={"ruhr": {}, "saar": {}}, processes={}, demand={"power": {"amount": {"ruhr": 8760}}},
        supply={"power": {"price": 60, "regions": ["saar"]}},
        links={"line": {"commodity": "power", "from": "saar", "to": "ruhr", "capex": 1000, "length": 2,
                        "first_of_a_kind": 0.5, "lifetime": 10}},
        grants={"line": {"plants": ["line"], "share": 0.25}},
    )  # fmt: skip
    # one MW for 1000 · 2 · 1.5 / 10 a year
    assert objective(**sections) == pytest.approx(8760 * 60 + 300 * 0.75)


def test_switched_off_and_in_the_social_view() -> None:
    off_is_absent(plants(), "grants")
    is_no_matter_of_society(plants(), "grants")


def test_duals_lie_between_slopes() -> None:
    # with few works to be had, what may be granted is worth the whole grant on the margin
    sections = plants()
    sections["processes"]["works"]["new_capacity_max"] = {2025: 40, 2026: 0}
    scenario = load(**sections)

    def cost(most: float) -> float:
        return ts.solve(scenario.with_({"processes.works.new_capacity_max.2025": most})).objective

    granted = dual(scenario, "granted_new_limit[works, ruhr, 2025]") / 8760
    assert granted == pytest.approx(-0.3 * 400 * annuity(0.08, 20) * sum(N))
    between_slopes(cost, 40, 1, dual(scenario, "new_capacity_max[works, ruhr, 2025]") / 8760)


def test_sweeps_give_what_single_solves_give(tmp_path: Path) -> None:
    axes = {"policies.grants.works.share": [0.0, 0.3, 0.6], "processes.works.capex": [380.0, 420.0],
            "processes.works.wacc": [0.05, 0.08]}  # fmt: skip
    swept_is_solved(policies(plants()), axes, tmp_path)
