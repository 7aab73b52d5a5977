"""The flows of each way to run a process, and sound studies that the checks must let through."""

from __future__ import annotations

import pytest

from transform_sim.scenario import loads
from transform_sim.scenario.flows import at, points_at, runs

from .study import problems_of, shown, spoilt

MODES = (
    "modes: {condensing: {flows: {electricity: -0.1}}, extracting: {flows: {electricity: {2025: -0.2, 2035: -0.4}}}}"
)
ELECTROLYSIS = "    flows: {electricity: -1, hydrogen: 0.65}\n"
TECHNIQUES = (
    "    flows: {electricity: -1}\n    techniques: {2025: {hydrogen: 1}}\n"
    "    modes: {venting: {flows: {hydrogen: -0.5}}}\n"
)


def test_flows_of_a_mode_add_to_the_common_ones_year_by_year() -> None:
    change = (
        "flows: {electricity: 1}, availability_profile",
        f"flows: {{electricity: 1}}, {MODES}, availability_profile",
    )
    extracting = next(run for run in runs(loads(spoilt(change)).processes["turbine"]) if run.mode == "extracting")
    assert [at(extracting.flows["electricity"], year) for year in (2020, 2025, 2030, 2040)] == pytest.approx(
        [0.8, 0.8, 0.7, 0.6]
    )


def test_flows_of_a_technique_replace_those_of_a_mode() -> None:
    (venting,) = runs(loads(spoilt((ELECTROLYSIS, TECHNIQUES))).processes["electrolysis"])
    assert (venting.mode, venting.technique) == ("venting", 2025)
    assert {name: flow.scalar for name, flow in venting.flows.items()} == {"electricity": -1, "hydrogen": 1}


@pytest.mark.parametrize(
    "mode", ["{electricity: -0.2}", "{electricity: -0.1}", "{electricity: {2025: -0.2, 2045: -0.1}}"]
)
def test_a_turbine_whose_mode_makes_less_still_meets_demand(mode: str) -> None:
    changes = (
        ("flows: {electricity: 1}, avail", f"flows: {{electricity: 1}}, modes: {{heat: {{flows: {mode}}}}}, avail"),
        ("coal: -5, electricity: 0.1", "coal: -5, electricity: -0.1"),
        ("  power: {commodity: electricity, price: 70, price_profile: price, emissions: {co2_grid: 0.3}}\n", ""),
        ("sales:\n  surplus: {commodity: electricity, follows: power, spread: 10}\n", ""),
        (", purchases: {power: 0.001}", ""),
        ("demand:\n", "demand:\n  homes: {commodity: electricity, amount: {ruhr: 1}}\n"),
    )
    assert [shown(p) for p in problems_of(spoilt(*changes))] == []


def test_an_electrolyser_whose_technique_replaces_its_mode_still_meets_demand() -> None:
    homes = ("demand:\n", "demand:\n  buses: {commodity: hydrogen, amount: {ruhr: 1}}\n")
    assert [shown(p) for p in problems_of(spoilt((ELECTROLYSIS, TECHNIQUES), homes))] == []


def test_carbon_from_the_air_is_auxiliary() -> None:
    taken = ("hydrogen: 0.65}", "hydrogen: 0.65, coal: 1}\n    auxiliary_carbon: 0.34\n    auxiliary_origin: air")
    assert [shown(p) for p in problems_of(spoilt(taken))] == []


def test_areas_can_be_capped_and_limited() -> None:
    changes = (
        ("  coal: {price: 10}", "  coal: {price: 10, emissions: {co2: 0.1}}"),
        ("emission_cap: {2045: 2.0e6}", "emission_cap: {ruhr: 2.0e6, hub: 1.0e6}"),
        ("limit: 90 km2", "limit: {ruhr: 90 km2, grid: 5 km2}"),
    )
    assert [shown(p) for p in problems_of(spoilt(*changes))] == []


def test_values_are_linear_between_given_years_and_constant_outside() -> None:
    assert [points_at({2030: 1.0, 2040: 3.0}, year) for year in (2020, 2030, 2035, 2050)] == [1, 1, 2, 3]
    assert points_at({None: 4.0}, 2030) == 4
