"""Network charges in results: their own owner in the cost split, units of peaks, the comparison, the file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import transform_sim as ts
from tests.micro import HALVES, ROOT, mini, solve
from transform_sim import plots
from transform_sim.analysis.reliance import reliance
from transform_sim.plots.cost import KINDS, components, named


def test_charges_own_what_is_paid_for_them_and_the_split_adds_up() -> None:
    r = ts.solve(ROOT / "tests" / "oracle" / "systems" / "network_charges.yaml")
    owned = r.annual_cost.where(r.annual_cost.owner_kind == "network_charge", drop=True)
    assert list(owned.owner.values) == ["south", "west", "north", "everywhere", "later"]
    charged = r.annual_cost.sel(component=["network_charge_energy", "network_charge_capacity"])
    assert float(charged.sum()) == pytest.approx(float(owned.sum()))
    weight = r.data.period_weight
    assert float((r.annual_cost.sum(["component", "owner"]) * weight).sum()) == pytest.approx(r.objective, rel=1e-9)
    # as published: price · amount + price · charged peak, of even use the share that is paid
    south = 6 * r.charged_purchase.sel(network_charge="south") + 4e4 * r.charged_peak.sel(network_charge="south")
    north = 7 * r.charged_purchase.sel(network_charge="north") + 1.1e5 * r.charged_peak.sel(network_charge="north")
    yearly = r.annual_cost.sum("component").sel(period=2025)
    assert float(yearly.sel(owner="south")) == pytest.approx(float(south.sel(period=2025).sum()))
    assert float(yearly.sel(owner="north")) == pytest.approx(0.15 * float(north.sel(period=2025).sum()))


def test_a_charge_that_is_called_like_its_supply_is_told_apart() -> None:
    fee = {"steel": {"commodity": "steel", "energy": 2, "capacity": 8760}}
    r = solve(supply={"steel": {"price": 100}}, network_charges=fee)
    yearly = r.annual_cost.sum(["component", "period"]).to_series()
    assert yearly["steel (supply)"] == pytest.approx(1000)
    assert yearly["steel (network charge)"] == pytest.approx(20 + 10)
    table = r.tables()["peak_purchase"]
    assert (table["value"].item(), table["unit"].item()) == (pytest.approx(10 / 8760), "t/h")


def test_tables_and_the_comparison_name_them() -> None:
    r = mini("network_charge")
    peaks = r.tables()["peak_purchase"]
    assert (peaks["value"].item(), peaks["unit"].item()) == (pytest.approx(10), "MW")
    assert r.tables()["charged_purchase"]["unit"].item() == "MWh/a"
    shown = ts.compare([r]).reset_index().query("indicator == 'annual_cost' and item == 'network charges'")
    assert shown[r.name].item() == pytest.approx(270_000)


def test_the_figures_of_cost_show_them() -> None:
    r = mini("network_charge")
    frame = components(r).rename(columns=named)
    assert frame["network charges on energy"].item() == pytest.approx(70_000)
    assert frame["network charges on peaks"].item() == pytest.approx(200_000)
    with plots.language("de"):
        assert named(KINDS["network_charge"]) == "Netzentgelte"


def test_what_they_cost_rests_on_their_prices() -> None:
    sourced = {"value": "5 EUR/MWh", "quality": "opened", "source": "price sheet"}
    scenario = ts.load(ROOT / "scenarios" / "mini" / "network_charge.yaml")
    shares = reliance(ts.solve(scenario.with_({"network_charges.grid_fee.energy": sourced})))["cost"]
    assert shares["opened"] == pytest.approx(70_000 / 3_942_000)


def test_they_are_saved_with_the_rest(tmp_path: Path) -> None:
    again = ts.open_results(mini("network_charge").save(tmp_path / "results.nc"))
    assert float(again.charged_peak.squeeze()) == pytest.approx(10)
    assert float(again.annual_cost.sel(owner="grid_fee").sum()) == pytest.approx(270_000)


@pytest.mark.parametrize("view", ["private", "social"])
def test_peaks_are_those_of_the_purchases_also_where_they_cost_nothing(view: str) -> None:
    sections: dict[str, Any] = {
        "view": view,
        "commodities": {"power": {"unit": "MWh", "balance": "hour"}},
        "time": HALVES,
        "profiles": {"need": {"summer": 1, "winter": 3}},
        "demand": {"power": {"amount": 8760, "profile": "need"}},
        "supply": {"power": {"price": 10}},
        "network_charges": {"fee": {"commodity": "power", "energy": 1}},
    }
    r = solve(**sections)
    assert float(r.peak_purchase.squeeze()) == pytest.approx(float(np.max(r.purchase_hour.values)))
