"""What a scenario may say of quotas and capacity margins, and what it is told when it may not."""

from __future__ import annotations

import pytest

from transform_sim.scenario import loads

from .study import problems_of, shown, spoilt

POLICIES = "policies: {%s, carbon"


def told(policy: str, *more: tuple[str, str]) -> list[str]:
    """What is wrong with the small study with a policy written so."""
    return [shown(p) for p in problems_of(spoilt(("policies: {carbon", POLICIES % policy), *more))]


def quota(text: str) -> str:
    return f"quotas: {{green: {{commodity: hydrogen, share: 42 %, {text}}}}}"


def margin(text: str, commodity: str = "electricity") -> str:
    return f"capacity_margins: {{firm: {{commodity: {commodity}, {text}}}}}"


def test_shares_credits_and_imports_are_read_in_their_units() -> None:
    text = quota("processes: [electrolysis]") + ", "
    text += margin("margin: 10 %, credits: {turbine: 8 %}, imports: {grid: {2025: 2 GW}}")
    policies = loads(spoilt(("policies: {carbon", POLICIES % text))).policies
    assert policies.quotas["green"].share.scalar == pytest.approx(0.42)
    firm = policies.capacity_margins["firm"]
    assert firm.margin.scalar == pytest.approx(0.1)
    assert firm.credits["turbine"].scalar == pytest.approx(0.08)
    assert firm.imports.points["grid"] == pytest.approx({2025: 2000})


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("active: true", "policies.quotas.green: nothing counts as green. Name processes, supply or both"),
        ("processes: [furnace]", "policies.quotas.green.processes: 'furnace' does not make hydrogen"),
        ("processes: [shaft]", "policies.quotas.green.processes: 'shaft' does not make hydrogen"),
        ("supply: [coal]", "policies.quotas.green.supply: 'coal' supplies coal, not hydrogen"),
        ("processes: [electrolysis, electrolysis]",
         "policies.quotas.green.processes: 'electrolysis' stands twice. Name it once"),
        ("processes: [pem]", "policies.quotas.green.processes: unknown process 'pem'; known are electrolysis, furnace, "
         "shaft, turbine"),
    ],
)  # fmt: skip
def test_mistakes_in_quotas_are_named(text: str, message: str) -> None:
    assert message in told(quota(text))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("credits: {}", "policies.capacity_margins.firm: nothing is firm. Give credits, imports or both"),
        ("credits: {shaft: 1}", "policies.capacity_margins.firm.credits: 'shaft' does not make electricity"),
        ("credits: {cavern: 1}", "policies.capacity_margins.firm.credits: 'cavern' keeps hydrogen, not electricity"),
        ("credits: {pipe: 1}", "policies.capacity_margins.firm.credits: 'pipe' is a link, whose capacity makes "
         "nothing. Give what it brings for certain as imports"),
        ("credits: {turbine: 1}, imports: {ruhr: 5}",
         "policies.capacity_margins.firm.imports: 'ruhr' is no place for this value; known are grid"),
    ],
)  # fmt: skip
def test_mistakes_in_margins_are_named(text: str, message: str) -> None:
    assert message in told(margin(text))


def test_the_power_of_a_store_must_be_known() -> None:
    message = (
        "policies.capacity_margins.firm.credits: 'cavern' has no discharge_rate, so its power is not known. Give one"
    )
    assert message in told(margin("credits: {cavern: 1}", "hydrogen"))
    rated = ("cycle: year, capex: 2 EUR/kWh", "cycle: year, capex: 2 EUR/kWh, discharge_rate: 0.01")
    assert told(margin("credits: {cavern: 1}", "hydrogen"), rated) == []


def test_emissions_are_nobodys_obligation() -> None:
    both = quota("supply: [power]").replace("hydrogen", "co2") + ", " + margin("credits: {turbine: 1}", "co2")
    found = told(both)
    assert "policies.quotas.green.commodity: 'co2' is an emission, which nobody makes to use" in found
    assert "policies.capacity_margins.firm.commodity: 'co2' is an emission, which nobody makes to use" in found
