"""Hints about a scenario: plants whose flows were lost."""

from __future__ import annotations

import pytest

from transform_sim.pipeline import compose
from transform_sim.plausibility import flexible_findings, flow_findings
from transform_sim.scenario import loads

STUDY = """\
name: mill
horizon: {start: 2025, end: 2035, step: 5}
regions: {ruhr: {}}
time: {slices: {winter: {share: 0.5}, summer: {share: 0.5}}}
profiles: {wind: {winter: 0.4, summer: 0.2}}
commodities: {steel: {unit: t}, coal: {unit: MWh}, power: {unit: MWh, kind: energy}, co2: {unit: t, kind: emission}}
processes:
  mill: {unit: t, flows: {steel: 1, coal: -5}, capex: 100, variable_opex: 50}
supply: {coal: {price: 10}, steel: {price: 500}}
demand: {steel: {amount: 10}}
"""
FLOWS = "flows: {steel: 1, coal: -5}"


def findings(flows: str) -> tuple[str, ...]:
    assert FLOWS in STUDY
    return flow_findings(compose(loads(STUDY.replace(FLOWS, flows)))[0])


@pytest.mark.parametrize(
    "flows",
    [
        "flows: {steel: 1}",
        "flows: {steel: 1, co2: 0.1}",
        "flows: {steel: 1, coal: 0}",
        "flows: {steel: 1, coal: {2025: -5, 2035: 0}}",
        "flows: {steel: 1}, modes: {usual: {flows: {coal: -5}}, lost: {}}",
        "flows: {steel: 1}, techniques: {2025: {coal: -5}, 2030: {}}",
        "flows: {steel: 1}, latest: 2020, existing: 5",
        "flows: {power: 1}",
    ],
)
def test_what_is_made_out_of_nothing_is_told_once(flows: str) -> None:
    (found,) = findings(flows)
    good = "power" if "power" in flows else "steel"
    assert found.startswith(f"mill makes {good} and uses nothing")
    assert found.endswith("(<text>:8)")


@pytest.mark.parametrize("flows", ["flows: {}", "flows: {coal: -5}", "flows: {steel: 0, coal: -5}"])
def test_what_makes_nothing_is_told(flows: str) -> None:
    assert findings(flows) == ("mill makes nothing. Give it flows, + for what it makes (<text>:8)",)


@pytest.mark.parametrize(
    "flows",
    [
        FLOWS,
        "flows: {power: 1}, availability_profile: wind",
        "flows: {power: 1}, latest: 2020, existing: 5, availability: 0.5",
        "flows: {power: 1}, new_capacity_max: 0, existing: 5",
        "flows: {steel: 1}, modes: {one: {flows: {coal: -5}}, other: {flows: {power: -2}}}",
        "flows: {coal: 1, co2: -0.4}",
        "flows: {power: -1, co2: -1}",
    ],
)
def test_sources_and_whole_plants_are_left_alone(flows: str) -> None:
    assert findings(flows) == ()


def test_a_study_of_one_good_has_nothing_to_take() -> None:
    goods = "{steel: {unit: t}, coal: {unit: MWh}, power: {unit: MWh, kind: energy}, co2: {unit: t, kind: emission}}"
    text = STUDY.replace(goods, "{steel: {unit: t}}").replace(FLOWS, "flows: {steel: 1}")
    assert flow_findings(compose(loads(text.replace("coal: {price: 10}, ", "")))[0]) == ()


WORKS = """\
name: works
horizon: {start: 2025, end: 2025, step: 1}
regions: {ruhr: {}}
time: {slices: {winter: {share: 0.5}, summer: {share: 0.5}}}
profiles: {cold: {winter: 2, summer: 1}}
commodities: {power: {unit: MWh, kind: energy, balance: hour}, chlorine: {unit: t}}
supply: {power: {price: 50}}
"""
CELLS = """\
processes: {cells: {unit: t, flows: {power: -2, chlorine: 1}, capacity_max: 9 t/h, LIFE}}
demand: {chlorine: {amount: 8760}}
flexible_loads: {shifted: {commodity: power, process: cells, method: window, window: 24 h, up: 0.2, down: 0.2}}
"""
GIVEN = """\
demand: {power: {amount: 8760, profile: cold}}
flexible_loads: {shed: {commodity: power, load: 1 MW, down: DOWN, PROFILE method: none, sheds: [{cost: 40}]}}
"""


@pytest.mark.parametrize("life", ["capex: 0", "lifetime: 20"])
def test_free_capacity_that_is_built_to_shift_is_told(life: str) -> None:
    (found,) = flexible_findings(compose(loads(WORKS + CELLS.replace("LIFE", life)))[0])
    assert found.startswith("shifted shifts what cells uses, whose capacity costs nothing")


@pytest.mark.parametrize("life", ["capex: 5, lifetime: 20", "existing: 1 t/h, latest: 2024"])
def test_capacity_that_costs_or_stands_is_left_alone(life: str) -> None:
    assert flexible_findings(compose(loads(WORKS + CELLS.replace("LIFE", life)))[0]) == ()


@pytest.mark.parametrize(
    ("down", "profile", "told"), [("1", "", True), ("0.6", "", False), ("1", "profile: cold,", False)]
)
def test_a_load_above_what_is_demanded_in_some_hours_is_told(down: str, profile: str, told: bool) -> None:
    study = WORKS + GIVEN.replace("DOWN", down).replace("PROFILE", profile)
    found = flexible_findings(compose(loads(study))[0])
    assert [f.split(" at ")[0] for f in found] == ["shed may take off more than is demanded"] * told
