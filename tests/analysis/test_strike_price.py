"""Strike prices: the plant is built under contract just above them, and not just below."""

from __future__ import annotations

import numpy as np
import pytest

import transform_sim as ts
from transform_sim.analysis import strike_price
from transform_sim.errors import TransformSimError
from transform_sim.finance import annuity_factor
from transform_sim.scenario import Scenario

TWO_ROUTES = """
name: two
regions: {a: {}}
horizon: {start: 2025, end: 2045, step: 5, discount_rate: 4 %/a}
commodities:
  steel: {unit: t}
  hydrogen: {unit: MWh}
  co2: {unit: t, kind: emission}
processes:
  bf:
    {unit: t, flows: {steel: 1, co2: 1.9}, variable_opex: 300, capex: 800 EUR/(t/a), lifetime: 20, wacc: 7 %/a}
  dri:
    {unit: t, flows: {steel: 1, hydrogen: -1.7, co2: 0.1}, variable_opex: 250, capex: 700 EUR/(t/a), lifetime: 25,
     wacc: 8 %/a}
supply: {hydrogen: {price: {2025: 140, 2045: 110}}}
demand: {steel: {amount: {2025: 1000, 2045: 1300}}}
policies:
  carbon_price: {2025: 60, 2045: 100}
  carbon_contracts:
    bid:
      {process: dri, strike: 0, reference_emission: 1.9, emission: 0.1, wacc_reduction: 1 %/a, active: false,
       indexation: {hydrogen: {difference: 1.7, price: {2025: 140, 2045: 110}, base: 140}}}
"""
BID = "policies.carbon_contracts.bid"


@pytest.fixture(scope="module")
def study() -> Scenario:
    return ts.loads(TWO_ROUTES)


def signed(study: Scenario, start: int, strike: float) -> Scenario:
    """The contract of one bidding round, in force."""
    years = {f"{BID}.signed_from": start, f"{BID}.signed_until": start}
    return study.with_({f"{BID}.active": True, f"{BID}.strike": strike, **years})


def test_the_plant_is_built_just_above_its_strike_and_not_below(study: Scenario) -> None:
    table = strike_price(ts.solve(study), "bid")
    assert table["start"].tolist() == [2025, 2030, 2035, 2040, 2045]
    for start, strike in zip(table["start"], table["strike"], strict=True):
        below, above = (ts.solve(signed(study, start, strike + step)) for step in (-0.01, 0.01))
        assert float(below.contracted_capacity.sum()) == pytest.approx(0, abs=1e-6)
        assert float(above.contracted_capacity.sel(period=start).sum()) > 50


def test_at_the_strike_neither_route_gains_or_loses(study: Scenario) -> None:
    strike = float(strike_price(ts.solve(study), "bid")["strike"].iloc[0])
    prepared = ts.prepare(signed(study, 2025, strike), method="simplex")
    solution, program = prepared.session.solve(), prepared.program
    assert solution.row_dual is not None
    reduced = program.cost - program.matrix.T @ solution.row_dual
    for block in (b for b in program.columns if b.name in ("new_capacity", "contracted_new")):
        first = reduced[block.span].reshape(block.shape)[:, 0, 0]
        # in EUR of 2025 per t/a of capacity
        np.testing.assert_allclose(first / 8760, 0.0, atol=1e-6)


def test_a_strike_by_hand() -> None:
    """One period, no interest: the dearer route needs the difference in cost over what it avoids, and the price."""
    text = TWO_ROUTES.replace("end: 2045", "end: 2025").replace("lifetime: 25", "lifetime: 20")
    changes = {"horizon.discount_rate": 0.0, f"{BID}.wacc_reduction": 0.0, "policies.carbon_price": 60.0}
    results = ts.solve(ts.loads(text).with_(changes))
    bf, dri = (
        capex * annuity_factor(rate, 20) + running
        for capex, rate, running in ((800, 0.07, 300 + 1.9 * 60), (700, 0.08, 250 + 1.7 * 140 + 0.1 * 60))
    )
    for against in (None, "bf"):
        table = strike_price(results, "bid", against=against)
        assert table["gap"].iloc[0] == pytest.approx(dri - bf)
        assert table["strike"].iloc[0] == pytest.approx((dri - bf) / 1.8 + 60)
        assert table["offered"].iloc[0] == 0
        assert table["unit"].iloc[0] == "EUR2020/t"


def test_what_else_is_paid_lowers_the_strike(study: Scenario) -> None:
    """A grant of the investment lowers the strike by what it is worth per tonne avoided under contract."""
    plain = strike_price(ts.solve(study), "bid", against="bf")["strike"]
    granted = study.with_({"policies.grants": {"fund": {"plants": ["dri"], "share": 0.3}}})
    lower = strike_price(ts.solve(granted), "bid", against="bf")["strike"]
    saved = 0.3 * 700 * annuity_factor(0.07, 25) / 1.8  # at the cost of capital under the contract
    # the plant of 2045 has five years within the horizon, as many as its contract; that of 2025 all its 25, and 15
    assert plain.iloc[-1] - lower.iloc[-1] == pytest.approx(saved)
    assert plain.iloc[0] - lower.iloc[0] > saved


@pytest.mark.parametrize(
    "changes",
    [
        # two t of steel from each unit of activity, for which the contract pays
        {"processes.dri.flows": {"steel": 2, "hydrogen": "-3.4 MWh/t", "co2": 0.2}, "processes.dri.variable_opex": 500,
         "processes.dri.capex": {2025: 1400, 2030: 18000}},
        {"processes.dri.economic_lifetime": 10},
        # a campaign of 12 years ends with a period, after 10
        {"processes.dri.lifetime": 12, "processes.dri.reinvest": {"capex": 9000}},
        {"processes.dri.availability": 0.8},
        {f"{BID}.two_sided": False},
        {f"{BID}.duration": 7},
        {"policies.carbon_contracts.other": {"process": "dri", "strike": 300, "reference_emission": 1.9, "volume": 0}},
    ],
    ids=lambda changes: "-".join(key.split(".")[-1] for key in changes),
)  # fmt: skip
def test_the_plant_is_built_just_above_its_strike_whatever_it_is_like(
    study: Scenario, changes: dict[str, object]
) -> None:
    """In the first year, when nothing is worth waiting for: later plants cost more."""
    dear = {"processes.dri.capex": {2025: 700, 2030: 9000}, "processes.bf.capex": {2025: 800, 2030: 800}}
    changed = study.with_({**dear, **changes})
    strike = float(strike_price(ts.solve(changed), "bid")["strike"].iloc[0])
    built = [
        float(ts.solve(signed(changed, 2025, strike + step)).contracted_capacity.sel(contract="bid").sum())
        for step in (-0.01, 0.01)
    ]
    assert built[0] == pytest.approx(0, abs=1e-6)
    assert built[1] > 50


def test_a_plant_that_comes_by_conversion_has_a_strike_too() -> None:
    mini = ts.load("scenarios/mini/contract_for_steel.yaml")
    (name,) = mini.policies.carbon_contracts
    path = f"policies.carbon_contracts.{name}"
    off = mini.with_({f"{path}.active": False, f"{path}.budget": None, "policies.budgets": {}})
    table = strike_price(ts.solve(off), name)
    assert set(table["investment"]) == {"from furnace"}
    start, strike = int(table["start"].iloc[0]), float(table["strike"].iloc[0])
    signed_for = [
        float(ts.solve(off.with_({f"{path}.active": True, f"{path}.strike": strike + step,
                                  f"{path}.signed_from": start, f"{path}.signed_until": start})
                       ).contracted_capacity.sum())
        for step in (-0.01, 0.01)
    ]  # fmt: skip
    assert signed_for[0] == pytest.approx(0, abs=1e-3)
    assert signed_for[1] > 1e5


def test_a_name_that_is_none_gets_the_names_that_are(study: Scenario) -> None:
    results = ts.solve(study)
    with pytest.raises(TransformSimError, match="no contract 'bit' — it has: bid"):
        strike_price(results, "bit")
    with pytest.raises(TransformSimError, match="no 'eaf' makes steel — choose of: bf, dri"):
        strike_price(results, "bid", against="eaf")
