"""The premium of first plants by hand: on what is built, renewed and converted, and on nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from tests.micro import objective, solve

FIVES = {"start": 2025, "end": 2035, "step": 5, "discount_rate": 0.0}
"""Periods of five years: 2025, 2030, 2035 (until 2040)."""
STEEL = {"steel": {"amount": 10}}


def mill(**fields: Any) -> dict[str, Any]:
    return {"unit": "t", "flows": {"steel": 1}, "capex": 100, "lifetime": 5} | fields


def test_the_premium_delays_a_technology_by_one_period() -> None:
    # a year: import at 24; the mill 100/5 = 20, with 30 % in 2025 26, with 15 % in 2030 23
    first: dict[str, Any] = {"first_of_a_kind": {2025: "30 %", 2035: 0}}
    sections = {"horizon": FIVES, "demand": STEEL, "supply": {"import": {"commodity": "steel", "price": 24}}}
    r = solve(processes={"mill": mill(**first)}, **sections)
    assert r.new_capacity.values.ravel() == pytest.approx([0, 10, 10])
    assert r.objective == pytest.approx(10 * 5 * (24 + 23 + 20), rel=1e-12)
    # what is invested is what is paid
    assert r.investment.sum("owner").values == pytest.approx([0, 1150, 1000])
    mature = solve(processes={"mill": mill(readiness=9)}, **sections)
    assert mature.new_capacity.values.ravel() == pytest.approx([10, 10, 10])
    assert mature.objective == pytest.approx(10 * 5 * 60, rel=1e-12)


@pytest.mark.parametrize(("view", "rate"), [("private", 0.1), ("social", 0.02)])
def test_it_counts_in_both_views_and_carries_the_cost_of_capital(view: str, rate: float) -> None:
    horizon = {"start": 2025, "end": 2025, "step": 1, "discount_rate": 0.02}
    plant = mill(lifetime=20, wacc=0.1, first_of_a_kind=0.25)
    payment = 125 * rate / (1 - (1 + rate) ** -20)
    assert objective(view=view, horizon=horizon, processes={"mill": plant}) == pytest.approx(10 * payment, rel=1e-12)


def test_fixed_cost_by_share_is_that_of_a_mature_plant() -> None:
    # one year: (100 · 1.5)/1 for capital, 4 % of 100
    plant = mill(lifetime=1, fixed_opex_share=0.04, first_of_a_kind=0.5)
    assert objective(processes={"mill": plant}) == pytest.approx(10 * (150 + 4), rel=1e-12)


def test_techniques_stores_and_links_pay_it_too() -> None:
    plant = mill(flows={}, techniques={2020: {"steel": 1}}, lifetime=1, first_of_a_kind=0.2)
    assert objective(processes={"mill": plant}) == pytest.approx(10 * 120, rel=1e-12)
    regions = {"coast": {}, "ruhr": {}}
    line = {"commodity": "steel", "from": "coast", "to": "ruhr", "length": 2, "capex": 30, "lifetime": 1}
    supply = {"steel": {"price": {"coast": 0}, "regions": ["coast"]}}
    sections = {"regions": regions, "supply": supply, "demand": {"steel": {"amount": {"ruhr": 10}}}}
    assert objective(links={"line": line | {"first_of_a_kind": 0.1}}, **sections) == pytest.approx(10 * 66, rel=1e-12)
    # half of 8,760 t wait for the winter: 3 + 4 · 0.5 for each t of the store
    store = {"commodity": "steel", "cycle": "year", "capex": 3, "capex_power": 4, "discharge_rate": 0.5, "lifetime": 1}
    halves = {"slices": {"summer": {"share": 0.5}, "winter": {"share": 0.5}}}
    sections = {
        "time": halves, "profiles": {"all": {"summer": 1, "winter": 0}},
        "commodities": {"steel": {"unit": "t", "balance": "hour"}},
        "processes": {"mill": mill(capex=0, availability_profile="all")}, "demand": {"steel": {"amount": 8760}},
    }  # fmt: skip
    plain = objective(storages={"yard": store}, **sections)
    assert plain == pytest.approx(4380 * 5)
    assert objective(storages={"yard": store | {"first_of_a_kind": 0.4}}, **sections) == pytest.approx(1.4 * plain)


@pytest.mark.parametrize("kind", ["end", "mid"])
def test_a_conversion_pays_the_premium_of_what_it_becomes(kind: str) -> None:
    old = {"unit": "t", "flows": {"steel": 1}, "existing": {2010: 10}, "lifetime": 20 if kind == "end" else 30,
           "latest": 2000, "first_of_a_kind": 3, "variable_opex": 0 if kind == "end" else {2025: 0, 2030: 90},
           "retrofits": {"new": {"capex": 40, "kind": kind}}}  # fmt: skip
    new = mill(lifetime=10, latest=2000, first_of_a_kind={2025: 0.5, 2030: 0.25, 2035: 0})
    r = solve(horizon=FIVES, processes={"old": old, "new": new}, demand=STEEL)
    # in 2030, for the ten years until 2040: 40 · 1.25, whatever the old plant's own premium
    assert r.objective == pytest.approx(10 * 50, rel=1e-12)
    assert r.investment.sel(owner="new").values == pytest.approx([0, 500, 0])


def test_a_renewal_pays_it_as_well() -> None:
    plant = mill(existing={2025: 10}, latest=2000, reinvest={"capex": 20}, first_of_a_kind={2030: 0.5, 2035: 0.1})
    # relined in 2030 and 2035 for five years each
    assert objective(horizon=FIVES, processes={"mill": plant}, demand=STEEL) == pytest.approx(10 * (30 + 22), rel=1e-12)
