"""Network charges by hand: amounts and peaks, the high-load window, even use, what counts where."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import transform_sim as ts
from tests.micro import HALVES, ROOT, load, objective, solve
from transform_sim.errors import InfeasibleError
from transform_sim.pipeline import compose

# purchases of 0.5 MW in summer and 1.5 MW in winter: 8,760 MWh, 5,840 hours of use
BASE: dict[str, Any] = {
    "commodities": {"power": {"unit": "MWh", "balance": "hour"}},
    "time": HALVES,
    "profiles": {"need": {"summer": 1, "winter": 3}, "winter": {"summer": 0, "winter": 1},
                 "summer": {"summer": 1, "winter": 0}},
    "demand": {"power": {"amount": 8760, "profile": "need"}},
    "supply": {"power": {"price": 10}},
}  # fmt: skip


def charged(*, more: dict[str, Any] | None = None, **charge: Any) -> dict[str, Any]:
    """The sections with one charge of 2 EUR/MWh and 100 EUR/MW/a, and what else is given."""
    fee = {"commodity": "power", "energy": 2, "capacity": 100} | charge
    return BASE | {"network_charges": {"fee": fee}} | (more or {})


def paid(results: ts.Results) -> dict[str, float]:
    """Cost by component, all periods together."""
    costs: dict[str, float] = results.cost.sum("period").to_series().to_dict()
    return costs


def test_amounts_and_the_peak_are_paid() -> None:
    r = solve(**charged())
    assert paid(r) == pytest.approx({"supply_price": 87600, "network_charge_energy": 17520,
                                     "network_charge_capacity": 150})  # fmt: skip
    assert r.objective == pytest.approx(87600 + 17520 + 150, rel=1e-12)
    assert float(r.peak_purchase.squeeze()) == pytest.approx(1.5)
    assert float(r.charged_purchase.squeeze()) == pytest.approx(8760)
    assert set(r.cost.receiver.sel(component=["network_charge_energy", "network_charge_capacity"]).values) == {
        "network operator"
    }


def test_own_generation_lowers_the_peak() -> None:
    own = {"processes": {"roof": {"unit": "MWh", "flows": {"power": 1}, "existing": 0.4, "latest": 2000}}}
    # 0.1 and 1.1 MW are left to buy, 5,256 MWh
    assert objective(**charged(more=own)) == pytest.approx(5256 * 12 + 1.1 * 100, rel=1e-12)


def test_a_plant_that_may_pick_its_hours_weighs_price_against_peak() -> None:
    plant = {
        "commodities": {"power": {"unit": "MWh", "balance": "hour"}, "ore": {"unit": "t", "implied_store": True}},
        "processes": {"mill": {"unit": "t", "flows": {"ore": 1, "power": -1}, "existing": 5 * 8760, "latest": 2000}},
        "demand": {"ore": {"amount": 8760}},
        "profiles": BASE["profiles"] | {"spot": {"summer": 1, "winter": 3}},
        "supply": {"power": {"price": 10, "price_profile": "spot"}},
    }
    # one MW moved from winter (15) to summer (5 EUR/MWh) saves 10 · 4380 and costs one MW of peak
    for capacity, expected in ((43799, 8760 * 5 + 2 * 43799), (43801, 8760 * 10 + 43801)):
        cost = objective(**charged(more=plant, energy=0, capacity=capacity))
        assert cost == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(
    ("window", "least", "peak"),
    [("winter", 0.2, 1.5), ("summer", 0.2, 0.5), ("summer", 0.5, 0.75), ("summer", 0, 0.5)],
)
def test_atypical_use_pays_the_peak_of_the_window_or_the_least_share(window: str, least: float, peak: float) -> None:
    r = solve(**charged(regulation="atypical", high_load_window=window, least_share=least))
    assert r.objective == pytest.approx(87600 + 17520 + 100 * peak, rel=1e-12)
    assert float(r.charged_peak.squeeze()) == pytest.approx(peak)
    assert float(r.peak_purchase.squeeze()) == pytest.approx(1.5)


def test_even_use_pays_a_share_of_all_of_the_charge() -> None:
    assert objective(**charged(regulation="baseload", hours=5840, share=0.4)) == pytest.approx(
        87600 + 0.4 * (17520 + 150), rel=1e-12
    )
    with pytest.raises(InfeasibleError, match="use_hours"):
        solve(**charged(regulation="baseload", hours=5841, share=0.4))


@pytest.mark.parametrize(("hours", "share"), [(7000, 0.2), (7499, 0.2), (7500, 0.15), (8000, 0.1), (8760, 0.1)])
def test_the_discount_follows_from_the_hours(hours: float, share: float) -> None:
    even = {"demand": {"power": {"amount": 8760}}}
    assert objective(**charged(more=even, regulation="baseload", hours=hours)) == pytest.approx(
        87600 + share * (17520 + 100), rel=1e-12
    )


def test_hours_of_use_are_kept_by_a_flexible_plant_for_the_discount() -> None:
    """The shipped study: what the discount is worth and what it costs is worked out there."""
    scenario = ts.load(ROOT / "scenarios" / "mini" / "network_charge.yaml")
    r = ts.solve(scenario)
    assert r.purchase_hour.squeeze().values == pytest.approx([10, 26200 / 4380])
    free = scenario.with_({"network_charges": None})
    assert ts.solve(free).objective == pytest.approx(70000 * 30)


def test_every_node_has_its_own_peak_and_prices() -> None:
    places = {
        "regions": {"ruhr": {}, "saar": {}, "eifel": {}},
        "demand": {"power": {"amount": {"ruhr": 8760, "saar": 17520, "eifel": 8760}, "profile": "need"}},
    }
    fee = {"regions": ["ruhr", "saar"], "energy": {"ruhr": 1, "saar": {2025: 3}}, "capacity": {"ruhr": 10, "saar": 20}}
    r = solve(**charged(more=places, **fee))
    assert r.objective == pytest.approx(35040 * 10 + 8760 * 1 + 17520 * 3 + 1.5 * 10 + 3 * 20, rel=1e-12)
    assert r.peak_purchase.sel(network_charge="fee", period=2025).to_series().to_dict() == pytest.approx(
        {"ruhr": 1.5, "saar": 3, "eifel": 0}
    )
    # regions that share a node share its peak, of different shapes less than the sum
    joined = {"commodities": {"power": {"unit": "MWh", "balance": "hour", "area": "west"}}}
    demand = {"a": {"commodity": "power", "amount": {"ruhr": 8760}, "profile": "winter"},
              "b": {"commodity": "power", "amount": {"saar": 8760}, "profile": "summer"}}  # fmt: skip
    both = places | joined | {"demand": demand}
    assert objective(**charged(more=both)) == pytest.approx(17520 * 12 + 2 * 100, rel=1e-12)


def test_only_named_supplies_count_and_charges_add_up() -> None:
    supply = {"grid": {"commodity": "power", "price": 10}, "line": {"commodity": "power", "price": 11, "power_max": 1}}
    # 2 EUR/MWh on the grid alone: the line is used first; the grid gives 0.5 MW in winter
    named = charged(more={"supply": supply}, supply=["grid"])
    assert objective(**named) == pytest.approx(4380 * 1.5 * 11 + 4380 * 0.5 * 12 + 50, rel=1e-12)
    named["network_charges"]["other"] = {"commodity": "power", "capacity": 7}
    r = solve(**named)
    assert r.objective == pytest.approx(4380 * 1.5 * 11 + 4380 * 0.5 * 12 + 50 + 10.5, rel=1e-12)
    yearly = r.annual_cost.sel(period=2025).sum("component").to_series()
    assert yearly[["fee", "other"]].to_dict() == pytest.approx({"fee": 4380 * 0.5 * 2 + 50, "other": 10.5})


def test_prices_and_peaks_follow_the_years() -> None:
    horizon = {"start": 2025, "end": 2030, "step": 5, "discount_rate": 0.0}
    demand = {"power": {"amount": {2025: 8760, 2030: 17520}, "profile": "need"}}
    r = solve(**charged(more={"horizon": horizon, "demand": demand}, energy=0, capacity={2025: 100, 2035: 300}))
    assert r.objective == pytest.approx(5 * (87600 + 150) + 5 * (175200 + 3 * 200), rel=1e-12)
    assert r.peak_purchase.values.ravel() == pytest.approx([1.5, 3])


def test_a_discount_ends_and_another_charge_follows() -> None:
    horizon = {"start": 2025, "end": 2030, "step": 5, "discount_rate": 0.0}
    sections = charged(more={"horizon": horizon}, regulation="baseload", hours=5840, share=0.4, available_until=2028)
    sections["network_charges"]["later"] = {"commodity": "power", "capacity": 1000, "available_from": 2029}
    # uneven need after the discount's end makes no conflict
    sections["demand"] = {
        "power": {"amount": {2025: 8760, 2030: 8760}, "profile": "need"},
        "more": {"commodity": "power", "amount": {2025: 0, 2030: 4380}, "profile": "winter"},
    }
    r = solve(**sections)
    assert r.objective == pytest.approx(5 * (87600 + 0.4 * (17520 + 150)) + 5 * (131400 + 2500), rel=1e-12)
    assert r.charged_peak.sel(network_charge="fee").values.ravel() == pytest.approx([1.5, 0])
    assert r.charged_purchase.sel(network_charge="later").values.ravel() == pytest.approx([0, 13140])
    assert r.warnings == ()


def test_the_social_view_leaves_the_charge_out_but_keeps_it_in_the_ledger() -> None:
    r = solve(**charged(more={"view": "social"}, regulation="baseload", hours=7000))
    assert r.objective == pytest.approx(87600, rel=1e-12)
    assert paid(r) == pytest.approx({"supply_price": 87600, "network_charge_energy": 0.2 * 17520,
                                     "network_charge_capacity": 0.2 * 150})  # fmt: skip
    assert not r.cost.counts.sel(component=["network_charge_energy", "network_charge_capacity"]).any()
    assert any("5,840 hours of use at ruhr in 2025, but the discount is for 7,000" in w for w in r.warnings)
    window = solve(**charged(more={"view": "social"}, regulation="atypical", high_load_window="summer"))
    assert paid(window)["network_charge_capacity"] == pytest.approx(50)


def test_the_least_purchase_of_the_law_is_told_if_it_is_not_met() -> None:
    even = {"demand": {"power": {"amount": 9999}}}
    told = solve(**charged(more=even, regulation="baseload")).warnings
    assert told == ("network charge fee: 9,999 MWh/a are bought at ruhr in 2025, but the discount is for more than "
                    "10,000 MWh/a",)  # fmt: skip
    assert solve(**charged(more={"demand": {"power": {"amount": 10001}}}, regulation="baseload")).warnings == ()
    assert solve(**charged(more=even, regulation="baseload", share=0.2)).warnings == ()  # a rule of one's own
    joule = {"commodities": {"power": {"unit": "GJ", "balance": "hour"}}, "demand": {"power": {"amount": 35000}}}
    assert any("more than 36,000 GJ/a" in w for w in solve(**charged(more=joule, regulation="baseload")).warnings)


def test_buying_to_sell_on_in_the_same_hours_is_told() -> None:
    """It lengthens the hours of use on paper; no meter would count it."""
    sales = {"sales": {"back": {"commodity": "power", "follows": "power", "spread": 0.001}}}
    r = solve(**charged(more=sales, capacity=1e6, regulation="baseload", share=0.2))
    assert any("sold in the same hours" in w for w in r.warnings)


def test_a_peak_of_one_step_and_a_window_out_of_sight_are_told() -> None:
    plain = charged(more={"time": "annual", "profiles": {}, "demand": {"power": {"amount": 8760}}})
    assert solve(**plain).warnings == (
        "network charge fee: the peak is the mean of the year, since power has one step",
    )
    hours = [1.0 if day == 100 else 0.0 for day in range(365) for _ in range(24)]
    days = {"time": {"typical_days": {"count": 2}}, "profiles": {"rare": hours}, "demand": {"power": {"amount": 8760}}}
    r = solve(**charged(more=days, regulation="atypical", high_load_window="rare"))
    assert r.warnings == ("network charge fee: no hour that is represented lies in its high-load window",)
    assert float(r.charged_peak.squeeze()) == pytest.approx(0.2)


def test_a_day_lies_in_the_window_if_one_of_its_hours_does() -> None:
    hours = [1.0 if hour == 18 else 0.0 for _ in range(365) for hour in range(24)]
    daily = {"commodities": {"power": {"unit": "MWh", "balance": "day"}}, "time": {"typical_days": {"count": 2}},
             "profiles": {"evening": hours}, "demand": {"power": {"amount": 8760}}}  # fmt: skip
    assert objective(**charged(more=daily, regulation="atypical", high_load_window="evening")) == pytest.approx(
        8760 * 12 + 100
    )


def test_price_changes_touch_costs_alone() -> None:
    scenario = load(**charged(regulation="atypical", high_load_window="summer"))
    before = compose(scenario)[1]
    after = compose(scenario.with_({"network_charges.fee.capacity": 300, "network_charges.fee.energy": 5}))[1]
    assert (before.cost != after.cost).sum() == 2
    assert abs(before.matrix - after.matrix).nnz == 0
    for name in ("lower", "upper", "row_lower", "row_upper"):
        assert np.array_equal(getattr(before, name), getattr(after, name))


def test_without_charges_nothing_is_declared() -> None:
    _, program = compose(load(**BASE))
    assert not [b.name for b in (*program.columns, *program.rows) if "peak" in b.name or "charged" in b.name]
