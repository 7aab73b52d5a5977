"""Balances by hand: equalities, nodes, grids, draw profiles and prices."""

from __future__ import annotations

import pytest

from tests.micro import HALVES, objective, solve
from transform_sim.errors import InfeasibleError

STEEL = {"steel": {"unit": "t"}, "slag": {"unit": "t"}}
MILL = {"unit": "t", "flows": {"steel": 1, "slag": 0.3}, "existing": 100, "latest": 2000}


def test_a_by_product_without_a_way_out_stops_its_maker() -> None:
    with pytest.raises(InfeasibleError):
        solve(commodities=STEEL, processes={"mill": MILL})
    short = {"steel": {"amount": 10, "shortfall_cost": 7}}
    assert objective(commodities=STEEL, processes={"mill": MILL}, demand=short) == pytest.approx(70)


def test_a_by_product_leaves_through_its_disposal_or_a_sale() -> None:
    dumped = {**STEEL, "slag": {"unit": "t", "disposal": {"cost": 4}}}
    assert objective(commodities=dumped, processes={"mill": MILL}) == pytest.approx(3 * 4)
    sold = {"slag": {"price": 5, "volume_max": 2}}
    r = solve(commodities=dumped, processes={"mill": MILL}, sales=sold)
    assert r.objective == pytest.approx(1 * 4 - 2 * 5)
    # the price of slag is what one more t would cost to be rid of; steel earns or costs through it
    assert float(r.shadow_price.sel(commodity="slag").squeeze()) == pytest.approx(-4)
    assert float(r.shadow_price.sel(commodity="steel").squeeze()) == pytest.approx(0.3 * 4)


def test_regions_that_share_an_area_share_a_balance() -> None:
    regions, amount = {"ruhr": {}, "saar": {}}, {"ruhr": 6, "saar": 4}
    mill = {"unit": "t", "flows": {"steel": 1}, "existing": {"ruhr": 10}, "latest": 2000}
    sections = {"regions": regions, "processes": {"mill": mill}}
    apart = solve(demand={"steel": {"amount": amount, "shortfall_cost": 3}}, **sections)
    assert apart.objective == pytest.approx(4 * 3)
    together = solve(
        commodities={"steel": {"unit": "t", "area": "germany"}}, demand={"steel": {"amount": amount}}, **sections
    )
    assert together.objective == 0
    assert list(together.shadow_price.dropna("node", how="all").node.values) == ["germany"]


def test_a_coarse_process_draws_by_its_profile_on_finer_rows() -> None:
    commodities = {"steel": {"unit": "t"}, "power": {"unit": "MWh", "balance": "hour"}}
    mill = {"unit": "t", "flows": {"steel": 1, "power": -876}, "existing": 100, "latest": 2000, "draw_profile": "shift"}
    supply = {"power": {"price": 10, "price_profile": "spot"}}
    r = solve(commodities=commodities, processes={"mill": mill}, supply=supply, time=HALVES,
              profiles={"shift": {"summer": 3, "winter": 1}, "spot": {"summer": 1, "winter": 2}})  # fmt: skip
    # 10 t draw 8760 MWh, 1 MW on average: 1.5 MW in summer at 6.67, 0.5 MW in winter at 13.33
    assert r.purchase_hour.values.ravel() == pytest.approx([1.5, 0.5])
    assert r.objective == pytest.approx(4380 * (1.5 * 20 / 3 + 0.5 * 40 / 3), rel=1e-12)
    # a tonne of steel costs what it draws
    assert float(r.shadow_price.sel(commodity="steel").squeeze()) == pytest.approx(438 * (1.5 * 20 / 3 + 0.5 * 40 / 3))


def test_prices_are_per_unit_whatever_the_step_the_period_and_the_discount() -> None:
    horizon = {"start": 2025, "end": 2030, "step": 5, "discount_rate": 0.07, "cost_timing": "middle"}
    time = {"slices": {"short": {"share": 0.01}, "long": {"share": 0.99}}}
    supply = {"power": {"price": {2025: 40, 2030: 90}, "price_profile": "spot"}}
    r = solve(horizon=horizon, time=time, commodities={"power": {"unit": "MWh", "balance": "hour"}}, supply=supply,
              demand={"power": {"amount": 8760}}, profiles={"spot": {"short": 4.96, "long": 0.96}})  # fmt: skip
    # 0.01 · 4.96 + 0.99 · 0.96 = 1: the shape is its own
    fine = r.shadow_price_hour.squeeze()
    assert fine.sel(hour="short").values == pytest.approx([40 * 4.96, 90 * 4.96])
    assert fine.sel(hour="long").values == pytest.approx([40 * 0.96, 90 * 0.96])
    assert r.shadow_price.squeeze().values == pytest.approx([40, 90])


def test_demand_follows_its_profile_and_finer_commodities_balance_by_step() -> None:
    commodities = {"power": {"unit": "MWh", "balance": "hour"}}
    plant = {"unit": "MWh", "flows": {"power": 1}, "existing": 1, "latest": 2000}
    demand = {"power": {"amount": 8760, "profile": "load", "shortfall_cost": 50}}
    r = solve(commodities=commodities, processes={"plant": plant}, demand=demand, time=HALVES,
              profiles={"load": {"summer": 1, "winter": 3}})  # fmt: skip
    # 0.5 MW in summer, 1.5 MW in winter, of which the plant gives 1
    assert r.objective == pytest.approx(0.5 * 4380 * 50, rel=1e-12)
    coarse = {"power": {"unit": "MWh"}}
    assert objective(commodities=coarse, processes={"plant": plant}, demand=demand, time=HALVES,
                     profiles={"load": {"summer": 1, "winter": 3}}) == 0  # fmt: skip
