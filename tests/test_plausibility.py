"""Hints about a scenario: plants whose flows were lost."""

from __future__ import annotations

import pytest

from transform_sim.pipeline import compose
from transform_sim.plausibility import flow_findings
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
