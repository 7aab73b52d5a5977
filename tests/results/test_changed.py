"""Studies solved again with other costs and bounds: accounts that add up, and demand as it was solved."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import transform_sim as ts
from tests.micro import MINIS, ROOT, load, mini
from transform_sim.names import BALANCE, HOURS_PER_YEAR
from transform_sim.solvers import Bounds

TWO_ROUTES = ROOT / "scenarios" / "mini" / "two_routes.yaml"


def more(study: ts.Study, commodity: str, factor: float = 1.0, plus: float = 0.0) -> Bounds:
    """Bounds with the right-hand side of a commodity's balances scaled and moved (unit/h)."""
    lower, upper = study.program.row_lower.copy(), study.program.row_upper.copy()
    for block in (b for b in study.program.rows if b.name == BALANCE):
        mine = block.entities["commodity"] == study.program.labels["commodity"].index(commodity)
        for side in (lower, upper):
            view = side[block.span].reshape(block.shape)
            view[mine] = view[mine] * factor + plus
    return Bounds(row_lower=lower, row_upper=upper)


def same(one: ts.Results, other: ts.Results) -> None:
    """Equal but for time and iterations."""
    assert list(one.data.data_vars) == list(other.data.data_vars)
    for name, array in one.data.data_vars.items():
        np.testing.assert_allclose(array.values, other.data[name].values, rtol=1e-9, atol=1e-9, err_msg=str(name))
    assert one.warnings == other.warnings


@pytest.mark.parametrize("path", MINIS, ids=lambda path: path.stem)
def test_doubled_costs_double_the_objective(path: Any) -> None:
    study, plain = ts.prepare(path), mini(path.stem)
    r = study.solve(cost=2 * study.program.cost)
    assert r.objective == pytest.approx(2 * plain.objective, rel=1e-9)
    assert float(r.cost[r.cost.counts].sum()) == pytest.approx(r.objective, rel=1e-9)
    extra = r.cost.sel(component="changed_cost")
    assert float(extra.sum()) == pytest.approx(plain.objective, rel=1e-9)
    assert (str(extra.payer.item()), str(extra.receiver.item()), str(extra.kind.item())) == ("case", "case", "resource")
    assert any("changed_cost" in w for w in r.warnings)


def test_a_replaced_carbon_cost_shows_no_price_paid() -> None:
    study = ts.prepare(TWO_ROUTES)
    r = study.solve(cost=2 * study.program.cost)
    assert "carbon_price" not in r.data
    assert any("carbon price paid is not shown" in w for w in r.warnings)
    assert repr(r)


def test_doubled_demand_is_served() -> None:
    study, plain = ts.prepare(TWO_ROUTES), mini("two_routes")
    r = study.solve(bounds=more(study, "steel", factor=2))
    np.testing.assert_allclose(r.served_demand.values, 2 * plain.served_demand.values)
    np.testing.assert_allclose(
        r.flow.sel(commodity="steel").sum(["process", "region"]), r.served_demand.sum(["demand", "node"])
    )
    assert "changed_cost" not in r.cost.component
    assert any("other bounds" in w and "rows" in w for w in r.warnings)


def test_a_warm_solve_equals_a_fresh_one() -> None:
    study = ts.prepare(TWO_ROUTES)
    first = study.solve()
    bounds, cost = more(study, "steel", factor=2), 3 * study.program.cost
    study.solve(cost, bounds)
    same(study.solve(cost, bounds), ts.prepare(TWO_ROUTES).solve(cost, bounds))
    same(study.solve(), first)
    assert first.warnings == mini("two_routes").warnings


def test_several_demands_at_a_node_share_a_change() -> None:
    demand = {"bars": {"commodity": "steel", "amount": 10}, "sheet": {"commodity": "steel", "amount": 30}}
    study = ts.prepare(load(demand=demand, supply={"steel": {"price": 1}}))
    r = study.solve(bounds=more(study, "steel", plus=20 / HOURS_PER_YEAR))
    assert r.served_demand.values.ravel() == pytest.approx([15, 45])
    assert any("in proportion" in w for w in r.warnings)


def test_a_demand_that_no_one_declared_is_left_out() -> None:
    commodities = {"steel": {"unit": "t"}, "scrap": {"unit": "t"}}
    study = ts.prepare(load(commodities=commodities, supply={"steel": {"price": 1}, "scrap": {"price": 2}}))
    r = study.solve(bounds=more(study, "scrap", plus=1.0))
    assert "served_demand" not in r.data
    assert r.objective == pytest.approx(10 + 2 * HOURS_PER_YEAR)
    assert any("served_demand is left out" in w for w in r.warnings)
