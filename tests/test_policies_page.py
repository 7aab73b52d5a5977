"""docs/policies.md: its examples solve, and what it says of payments, views, eligibility and results is so."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import pytest

import transform_sim as ts
from tests.micro import ROOT
from tests.oracle.strategies import as_yaml
from transform_sim import analysis, plots
from transform_sim.finance import annuity_factor
from transform_sim.scenario.policies import Policies
from transform_sim.scenario.reader import read
from transform_sim.scenario.tree import plain

PAGE = (ROOT / "docs" / "policies.md").read_text(encoding="utf-8")
OBLIGATIONS = {"emission_cap", "banking", "quotas", "capacity_margins"}
RATE = 0.03
BASE: dict[str, Any] = {
    "name": "works",
    "currency": "EUR2025",
    "horizon": {"start": 2030, "end": 2040, "step": 5, "discount_rate": RATE},
    "regions": {"ruhr": {}},
    "commodities": {
        "steel": {"unit": "t"},
        "coal": {"unit": "MWh", "kind": "energy", "carbon_content": 0.34},
        "gas": {"unit": "MWh", "kind": "energy", "carbon_content": 0.2},
        "hydrogen": {"unit": "MWh", "kind": "energy"},
        "electricity": {"unit": "MWh", "kind": "energy"},
        "co2": {"unit": "t", "kind": "emission"},
    },
    "processes": {
        "blast_furnace": {"unit": "t", "flows": {"steel": 1, "coal": -5.5}, "auxiliary_carbon": 0.06, "lifetime": 15,
                          "capex": 300, "variable_opex": 350},
        "hydrogen_route": {"unit": "t", "flows": {"steel": 1, "hydrogen": -1.733}, "auxiliary_carbon": 0.08,
                           "lifetime": 15, "capex": 700, "variable_opex": 420},
        "electrolysis": {"unit": "MWh", "flows": {"hydrogen": 1, "electricity": -1.4}, "lifetime": 15,
                         "capex": 500000},
        "gas_turbine": {"unit": "MWh", "flows": {"electricity": 1, "gas": -1.8}, "lifetime": 15, "capex": 500000},
    },
    "supply": {
        "coal": {"price": 20}, "gas": {"price": 35}, "electricity": {"price": 75}, "hydrogen": {"price": 130},
        "slab": {"commodity": "steel", "price": 750, "volume_max": 0.1e6},
    },
    "demand": {"steel": {"amount": 1e6}, "others": {"commodity": "electricity", "amount": 2e6}},
    "policies": {"carbon_price": {2030: 80, 2035: 110, 2040: 150}},
}  # fmt: skip


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE, flags=re.DOTALL | re.MULTILINE)


def sections(text: str) -> dict[str, Any]:
    node, problems = read(text, "docs/policies.md")
    assert not problems
    assert node is not None
    found: dict[str, Any] = plain(node)
    assert list(found) == ["policies"]
    return dict(found["policies"])


def works(view: str = "private", **policies: Any) -> ts.Scenario:
    return ts.loads(as_yaml({**BASE, "view": view, "policies": {**BASE["policies"], **policies}}))


EXAMPLES = [sections(text) for text in blocks("yaml")]
named = pytest.mark.parametrize("policies", EXAMPLES, ids=lambda p: "+".join(p))


@cache
def bare(view: str) -> float:
    return float(ts.solve(works(view)).objective)


@named
def test_examples_load_and_move_the_private_view(policies: dict[str, Any]) -> None:
    found = ts.solve(works(**policies))
    assert found.certificate["ok"]
    assert found.objective != pytest.approx(bare("private"), rel=1e-9)
    assert (found.objective > bare("private")) == bool({*policies} & OBLIGATIONS)


@named
def test_the_social_view_knows_obligations_and_no_transfers(policies: dict[str, Any]) -> None:
    same = ts.solve(works("social", **policies)).objective == pytest.approx(bare("social"), rel=1e-9)
    assert same == (not {*policies} & OBLIGATIONS)


@named
def test_no_example_is_a_money_pump(policies: dict[str, Any]) -> None:
    assert analysis.money_pumps(works(**policies)) == ()


def test_every_policy_is_in_the_table_and_has_an_example() -> None:
    table = PAGE.split("## Which there are")[1].split("## Writing them")[0]
    switches = {"credit_removals", "charge_co2_use", "social_carbon"}
    told = set(re.findall(r"`(\w+)`", table))
    assert set(Policies.model_fields) - switches <= told
    written = {key for example in EXAMPLES for key in example}
    assert set(Policies.model_fields) - switches - {"carbon_price", "emission_budget"} == written


def test_results_that_are_named_exist() -> None:
    everything: dict[str, Any] = {}
    for example in EXAMPLES:
        for key, value in example.items():
            everything[key] = {**everything.get(key, {}), **value} if isinstance(value, dict) else value
    found = ts.solve(works(**everything))
    components = set(found.annual_cost["component"].values)
    table = PAGE.split("## Which there are")[1].split("\n\n")[2 - 1]
    cells = [re.findall(r"`(\w+)`", row.split("|")[5]) for row in table.splitlines()[2:]]
    for name in (n for cell in cells for n in cell):
        assert name in found.data or name in components, name
    for home, name in re.findall(r"\b(analysis|plots)\.(\w+)", PAGE):
        assert hasattr({"analysis": analysis, "plots": plots}[home], name), name


def test_the_questions_can_be_asked() -> None:
    (contract,) = [p for p in EXAMPLES if "carbon_contracts" in p]
    names: dict[str, Any] = {"scenario": works(**contract)}
    (code,) = blocks("python")
    exec(code, names)
    plots_closed()
    paid, results = names["paid"], names["results"]
    assert float(paid.sum()) == pytest.approx(-float(results.cost.sel(component="carbon_contract").sum()))
    transfers = results.incidence[results.incidence["kind"] == "transfer"]
    assert transfers.groupby("component")["amount"].sum().to_numpy() == pytest.approx(0, abs=1e-3)
    assert set(results.incidence["kind"]) == {"resource", "transfer", "price"}
    whole = names["owners"].groupby("period")["rent"].sum() @ results.data["period_weight"].to_series()
    assert whole == pytest.approx(-results.objective, rel=1e-6)


def plots_closed() -> None:
    from matplotlib import pyplot

    pyplot.close("all")


def test_hydrogen_for_steel_that_is_paid_for_earns_nothing_itself() -> None:
    green: dict[str, Any] = {"quotas": {"green": {"commodity": "steel", "share": 0.5, "processes": ["hydrogen_route"]}}}
    fuel = {"commodity": "hydrogen", "benchmark": 0.2, "activity_level": 10e6}
    steel = {"commodity": "steel", "benchmark": 1.288, "activity_level": 1e6}
    scenario = works(**green, free_allocation={"fuel": fuel, "steel": steel})
    scenario = scenario.with_({"supply.hydrogen.price": 300})  # so that it is made here
    chain = ts.solve(scenario)
    assert float(chain.activity.sel(process="electrolysis").sum()) > 1e6
    assert chain.allocated_output.sel(allocation="fuel").values == pytest.approx(0, abs=1e-6)
    alone = ts.solve(scenario.with_({"policies.free_allocation.steel.active": False}))
    made = alone.activity.sel(process="electrolysis").sum(["mode", "region"]).values
    assert alone.allocated_output.sel(allocation="fuel").values == pytest.approx(made)
    assert made.max() > 0.5e6


def test_two_sided_contracts_pay_back_and_floors_do_not() -> None:
    contract = {"process": "hydrogen_route", "signed_until": 2030, "strike": 125, "reference_emission": 1.93,
                "emission": 0.08}  # fmt: skip
    both, floor = (
        ts.solve(works(carbon_contracts={"round": {**contract, "two_sided": sided}})).contract_payment.squeeze()
        for sided in (True, False)
    )
    assert both.values == pytest.approx([1.85 * 45 * 1e6, 1.85 * 15 * 1e6, -1.85 * 25 * 1e6])
    assert floor.values == pytest.approx([1.85 * 45 * 1e6, 1.85 * 15 * 1e6, 0])


def test_a_strike_above_the_whole_cost_is_told_as_a_money_pump() -> None:
    contract = {"process": "hydrogen_route", "strike": 900, "reference_emission": 1.93, "emission": 0.08}
    scenario = works(carbon_contracts={"round": contract})
    assert analysis.money_pumps(scenario) == ()  # all that is made is demanded
    (pump,) = analysis.money_pumps(scenario.with_({"commodities.steel.disposal": {"cost": 5}}))
    assert pump.kind == "money pump"
    assert "hydrogen_route" in str(pump)


def test_a_grant_is_worth_annuities_and_costs_money_at_the_start() -> None:
    (example,) = [p for p in EXAMPLES if "grants" in p]
    found = ts.solve(works(**example))
    money = float(found.grant_payment.sel(period=2030).sum())
    assert money == pytest.approx(60e6)
    assert found.grant_payment.sel(period=[2035, 2040]).values == pytest.approx(0, abs=1e-6)
    yearly = found.annual_cost.sel(component="grant").sum("owner").values
    assert yearly == pytest.approx([-5 * money * annuity_factor(RATE, 15)] * 3)


def test_the_readme_leads_here_and_links_lead_somewhere() -> None:
    assert "(docs/policies.md)" in (ROOT / "README.md").read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#]+)", PAGE):
        assert (ROOT / "docs" / target).exists(), target
