"""The cost split adds to the objective, on every solve, whatever counts in the view."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import transform_sim as ts
from tests.micro import SYSTEMS, mini, solve


def split(r: ts.Results) -> float:
    return float(r.cost.values[r.cost.counts.values].sum())


def test_minis(each_mini: ts.Results) -> None:
    assert split(each_mini) == pytest.approx(each_mini.objective, rel=1e-9)


@pytest.mark.parametrize("path", SYSTEMS, ids=lambda path: path.stem)
def test_systems(path: Path) -> None:
    r = ts.solve(path)
    assert split(r) == pytest.approx(r.objective, rel=1e-9)
    assert set(r.cost.kind.values) <= {"resource", "transfer"}
    # all that is paid to the state, to investors or between buyers and sellers of certificates is a transfer
    for component in ("carbon_price", "levy", "financing"):
        if component in r.cost.component:
            assert r.cost.kind.sel(component=component) == "transfer"


def test_components_of_a_hand_made_case() -> None:
    r = mini("two_routes")
    cost = r.cost.sum("period").to_series()
    # 2025 furnaces: 100 capital, 105, 75; 2030 and 2035 shafts: 150 capital in each, 110, 120
    assert cost["investment"] == pytest.approx(1e6 * (100 + 150 + 150))
    assert cost["variable_opex"] == pytest.approx(1e6 * 5 * (105 + 110 + 110))
    assert cost["supply_price"] == pytest.approx(1e6 * 5 * (75 + 120 + 120))
    assert cost["carbon_price"] == pytest.approx(1e6 * 5 * (1.7 * 40 + 0.6 * 60 + 0.6 * 80))


def test_costs_stand_in_the_period_of_build_or_of_operation() -> None:
    cost = mini("two_routes").cost
    assert cost.sel(component="investment").values == pytest.approx([100e6, 150e6, 150e6])
    assert cost.sel(component="supply_price").values == pytest.approx([375e6, 600e6, 600e6])


def test_the_private_view_less_its_transfers_is_the_social_cost_of_the_same_plan() -> None:
    """On one fixed plan: the two views may well choose different ones."""
    sections = {
        "processes": {
            "mill": {"unit": "t", "flows": {"steel": 1, "co2": 2}, "capex": 100, "lifetime": 20, "wacc": 0.09}
        },
        "commodities": {"steel": {"unit": "t"}, "co2": {"unit": "t", "kind": "emission"}},
        "policies": {"carbon_price": 50, "social_carbon": "absent"},
        "horizon": {"start": 2025, "end": 2035, "step": 5, "discount_rate": 0.03},
    }
    private, social = solve(**sections), solve(view="social", **sections)
    np.testing.assert_allclose(private.new_capacity.values, social.new_capacity.values)
    transfers = float(private.cost.values[private.cost.kind.values == "transfer"].sum())
    assert transfers > 0
    assert private.objective - transfers == pytest.approx(social.objective, rel=1e-9)
    # the ledger holds the same transfers in both views
    assert float(social.cost.values[social.cost.kind.values == "transfer"].sum()) == pytest.approx(transfers)
