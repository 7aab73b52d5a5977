"""Abatement cost of technologies and of the system, by hand, and both against the prices that solve the study."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from pandas.testing import assert_frame_equal

from tests.micro import load, mini
from transform_sim import Scenario, solve
from transform_sim.analysis import abatement_cost_curve, abatement_cost_steps
from transform_sim.errors import TransformSimError

MEGA = 1e6


def steel(**sections: Any) -> Scenario:
    """1 Mt of steel from a furnace (2 t CO₂, 100 EUR), with three ways to avoid it and one that never pays."""

    def plant(carbon: float, cost: float) -> dict[str, Any]:
        return {"unit": "t", "flows": {"steel": 1}, "auxiliary_carbon": carbon, "variable_opex": cost}

    own = {
        "commodities": {"steel": {"unit": "t"}, "co2": {"unit": "t", "kind": "emission"}},
        "processes": {
            "furnace": plant(2, 100), "better": plant(1.5, 110), "shaft": plant(0.5, 160), "clean": plant(0, 240),
            "dear": plant(1, 180),
        },
        "demand": {"steel": {"amount": "1 Mt/a"}},
    }  # fmt: skip
    return load(**own | sections)


def test_steps_follow_the_lower_envelope_and_avoid_nothing_twice() -> None:
    table = abatement_cost_steps(solve(steel()))
    assert list(table["process"]) == ["better", "shaft", "clean"]
    assert list(table["replaces"]) == ["furnace", "better", "shaft"]
    np.testing.assert_allclose(table["cost"], [20, 50, 160])
    np.testing.assert_allclose(table["potential"], [0.5, 1.0, 0.5])
    np.testing.assert_allclose(table["cumulative"], [0.5, 1.5, 2.0])  # all that the furnace emits, once
    assert set(table["reference"]) == {"furnace"}


def test_a_carbon_price_and_support_change_neither_steps_nor_their_order() -> None:
    given = {"free": {"commodity": "steel", "activity_level": "1 Mt/a", "benchmark": 1.0}}
    policies = {"carbon_price": 15, "free_allocation": given}
    paid = abatement_cost_steps(solve(steel(policies=policies)))
    np.testing.assert_allclose(paid["cost"], [20, 50, 160])


def test_what_is_cheaper_anyway_has_a_cost_below_zero() -> None:
    # the shaft cannot be built before 2030, when it is cheaper and cleaner
    table = abatement_cost_steps(mini("two_routes"))
    np.testing.assert_allclose(table["cost"], 60 / 1.1)
    np.testing.assert_allclose(table["potential"], 1.1)
    limited = steel(horizon={"start": 2025, "end": 2030, "step": 5, "discount_rate": 0.0})
    late = limited.with_({"processes.shaft.variable_opex": 90, "processes.shaft.earliest": 2030})
    later = abatement_cost_steps(solve(late))
    first = later[later["period"] == 2030].iloc[0]
    assert (first["process"], first["cost"]) == ("shaft", pytest.approx(-10 / 1.5))


def test_steps_of_the_price_are_what_a_carbon_price_brings() -> None:
    for price, process in ((10, "furnace"), (30, "better"), (100, "shaft"), (200, "clean")):
        r = solve(steel(policies={"carbon_price": price}))
        assert str(r.flow.sel(commodity="steel").sum(["region", "period"]).idxmax().item()) == process


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"base": 2031}, "no period 2031 — choose from 2025, 2030, 2035"),
        ({"commodities": ["coal"]}, "no process makes 'coal'"),
    ],
)
def test_wrong_names_are_refused(change: dict[str, Any], message: str) -> None:
    with pytest.raises(TransformSimError, match=message):
        abatement_cost_steps(mini("two_routes"), **change)


def test_a_study_without_products_has_no_steps() -> None:
    r = mini("two_routes")
    bare = type(r)(r.data.drop_vars("served_demand"))
    with pytest.raises(TransformSimError, match="no product has an incumbent"):
        abatement_cost_steps(bare)


def test_the_curve_of_the_system_is_the_steps_of_its_routes() -> None:
    caps = [1.75 * MEGA, 1.0 * MEGA, 0.25 * MEGA]
    table = abatement_cost_curve(steel(), caps, progress=False)
    np.testing.assert_allclose(table["dual"], [0, 20, 50, 160])
    np.testing.assert_allclose(table["emissions"], [2e6, *caps])
    np.testing.assert_allclose(table["cost"], [0, 0.25e6 * 20, 0.5e6 * 20 + 0.5e6 * 50, 60e6 + 0.25e6 * 160])
    assert set(table["unit"]) == {"EUR2020/t"}


def test_the_dual_rises_as_the_cap_falls_and_is_the_slope_of_the_cost() -> None:
    scenario = steel(horizon={"start": 2025, "end": 2030, "step": 5, "discount_rate": 0.05})
    table = abatement_cost_curve(scenario, n=9, progress=False)
    assert len(table) == 10
    assert (np.diff(table["dual"]) >= -1e-9).all()
    slope = np.diff(table["cost"]) / np.diff(table["avoided"])
    assert (slope <= table["dual"][1:] + 1e-6).all()
    assert (slope >= table["dual"][:-1] - 1e-6).all()
    close = abatement_cost_curve(scenario, [0.8e6, 0.8e6 - 1e3], progress=False)
    assert np.diff(close["cost"])[1] / 1e3 == pytest.approx(close["dual"][1])


def test_a_tax_at_the_dual_gives_the_emissions_of_the_cap() -> None:
    for cap in (1.5e6, 0.5e6):  # at the corners, where one route makes all
        row = abatement_cost_curve(steel(), [cap + 1.0, cap], progress=False)
        below, above = row["marginal"].iloc[1], abatement_cost_curve(steel(), [cap - 1.0], progress=False)["marginal"]
        tax = (float(below) + float(above.iloc[1])) / 2
        taxed = solve(steel(policies={"carbon_price": tax}))
        assert float(taxed.emissions.sum()) == pytest.approx(cap)


def test_on_top_of_a_carbon_price_the_margin_is_the_break_even() -> None:
    scenario = mini_scenario("two_routes")
    table = abatement_cost_curve(scenario, [1.5e6, 0.7e6, 0.5e6], period=2025, progress=False)
    assert table["carbon_price"].iloc[0] == 40.0
    np.testing.assert_allclose(table["marginal"][1:3], 60 / 1.1)
    assert table.iloc[3][["dual", "cost", "marginal"]].isna().all()  # 0.6 t is the least per t of steel


def mini_scenario(name: str) -> Scenario:
    from tests.micro import ROOT
    from transform_sim import load as read

    return read(ROOT / "scenarios" / "mini" / f"{name}.yaml")


def test_caps_of_other_years_and_unmet_demand_stay_as_they_are() -> None:
    two = steel(
        horizon={"start": 2025, "end": 2030, "step": 5, "discount_rate": 0.0},
        policies={"emission_cap": {2025: 1.9e6, 2030: 1.0e6}},
        demand={"steel": {"amount": "1 Mt/a", "shortfall_cost": 1000}},
    )
    table = abatement_cost_curve(two, n=3, period=2025, progress=False)
    np.testing.assert_allclose(table["cap"][1:], [1.5e6, 1e6, 0.5e6])  # to the least with all demand served
    assert float(solve(two).objective) > 0
    early = abatement_cost_curve(two, [1.9e6], period=2025, progress=False)
    both = solve(two).objective - solve(two.with_({"policies.emission_cap": {2025: 1e9, 2030: 1.0e6}})).objective
    assert early["cost"].iloc[1] * 5 == pytest.approx(both)


def test_a_bank_is_switched_off_so_that_the_year_has_a_cap_of_its_own() -> None:
    two = steel(
        horizon={"start": 2025, "end": 2030, "step": 5, "discount_rate": 0.0},
        policies={"emission_cap": {2025: 1.9e6, 2030: 1.0e6}, "banking": {"start": "3 Mt"}},
    )
    given = abatement_cost_curve(two, [1.25e6], period=2030, progress=False)
    np.testing.assert_allclose(given["dual"], [0, 50])
    np.testing.assert_allclose(given["emissions"], [2e6, 1.25e6])  # the bank would have let more out in 2030
    without = abatement_cost_curve(two.with_({"policies.banking": None}), [1.25e6], period=2030, progress=False)
    assert_frame_equal(given, without)


@pytest.mark.parametrize(
    ("change", "message"),
    [({"period": 2040}, "no period 2040 — choose from 2025"), ({"n": 0}, "n is 0 — give 1 or more")],
)
def test_wrong_curves_are_refused(change: dict[str, Any], message: str) -> None:
    with pytest.raises(TransformSimError, match=message):
        abatement_cost_curve(steel(), progress=False, **change)


def test_caps_by_region_and_studies_without_emissions_are_refused() -> None:
    with pytest.raises(TransformSimError, match="by region"):
        abatement_cost_curve(steel(policies={"emission_cap": {"ruhr": 1e6}}), progress=False)
    clean = load(processes={"mill": {"unit": "t", "flows": {"steel": 1}, "variable_opex": 1}})
    with pytest.raises(TransformSimError, match="nothing emits"):
        abatement_cost_curve(clean, progress=False)
