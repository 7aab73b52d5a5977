"""Which regulation of a network charge is cheapest, by hand on the shipped study."""

from __future__ import annotations

import pytest

import transform_sim as ts
from tests.micro import ROOT
from transform_sim.analysis import cheapest_regulation
from transform_sim.errors import InfeasibleError, ScenarioError


@pytest.fixture(scope="module")
def scenario() -> ts.Scenario:
    return ts.load(ROOT / "scenarios" / "mini" / "network_charge.yaml")


def test_the_discount_for_even_use_buys_flexibility_away(scenario: ts.Scenario) -> None:
    table = cheapest_regulation(scenario, "grid_fee").set_index("option")
    # purchases: 70,000 MWh, of which 4380 · 70,000/hours in the cheap half (30) and the rest in the dear one (90)
    power = {7000: 43800 * 30 + 26200 * 90, 7500: 40880 * 30 + 29120 * 90, 8000: 38325 * 30 + 31675 * 90}
    fee = {hours: share * (350_000 + 1e5 * 70_000 / hours) for hours, share in ((7000, 0.2), (7500, 0.15), (8000, 0.1))}
    general = 350_000 + 1e5 * 70_000 / 4380
    assert table["cost"].to_dict() == pytest.approx(
        {"general": 2.1e6 + general, **{f"baseload {h}": power[h] + fee[h] for h in power}}
    )
    assert table["network_charge"].to_dict() == pytest.approx(
        {"general": general, **{f"baseload {h}": fee[h] for h in fee}}
    )
    assert table["flexibility_lost"].to_dict() == pytest.approx(
        {"general": 0, **{f"baseload {h}": power[h] - 2.1e6 for h in power}}, abs=1e-3
    )
    assert table["hours_of_use"].values == pytest.approx([4380, 7000, 7500, 8000])
    assert table["status"].to_dict() == {"general": "", "baseload 7000": "cheapest", "baseload 7500": "",
                                         "baseload 8000": ""}  # fmt: skip
    assert set(table["unit"]) == {"EUR2020/a"}


def test_a_window_opens_atypical_use(scenario: ts.Scenario) -> None:
    window = {"profiles.calm": {"windy": 0, "calm": 1}, "network_charges.grid_fee.high_load_window": "calm"}
    table = cheapest_regulation(scenario.with_(window), "grid_fee").set_index("option")
    assert list(table.index)[:2] == ["general", "atypical"]
    # nothing is bought in the window; a fifth of the peak is charged all the same
    expected = 2.1e6 + 350_000 + 1e5 * 0.2 * 70_000 / 4380
    assert table.loc["atypical", "cost"] == pytest.approx(expected)
    assert table.loc["atypical", "status"] == "cheapest"
    with pytest.raises(ScenarioError, match="needs high_load_window"):
        cheapest_regulation(scenario, "grid_fee", ["atypical"])


def test_what_cannot_be_kept_is_labelled(scenario: ts.Scenario) -> None:
    homes = {"profiles.need": {"windy": 1, "calm": 9}}
    homes |= {"demand.homes": {"commodity": "electricity", "amount": 3e6, "profile": "need"}}
    table = cheapest_regulation(scenario.with_(homes), "grid_fee", ["baseload 8000", "general"])
    assert table["status"].tolist() == ["infeasible", "cheapest"]
    assert table.iloc[0][["cost", "network_charge", "flexibility_lost", "hours_of_use"]].isna().all()
    with pytest.raises(InfeasibleError):
        cheapest_regulation(scenario.with_({"supply.grid.power_max": 1}), "grid_fee")


def test_costs_are_means_of_the_years(scenario: ts.Scenario) -> None:
    longer = {"horizon": {"start": 2025, "end": 2035, "step": 5, "discount_rate": 0.05}}
    once, often = (cheapest_regulation(s, "grid_fee") for s in (scenario, scenario.with_(longer)))
    for column in ("cost", "network_charge", "flexibility_lost"):
        assert often[column].values == pytest.approx(once[column].values, abs=1e-2)


def test_slips_are_named(scenario: ts.Scenario) -> None:
    with pytest.raises(KeyError, match="no network charge 'fee'; there are grid_fee"):
        cheapest_regulation(scenario, "fee")
    with pytest.raises(ValueError, match="unknown option 'baseload'"):
        cheapest_regulation(scenario, "grid_fee", ["baseload"])
    with pytest.raises(ValueError, match="social view"):
        cheapest_regulation(scenario.with_({"view": "social"}), "grid_fee")
