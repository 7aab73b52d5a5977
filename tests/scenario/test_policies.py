"""What a scenario may say of policies that pay, and what it is told when it may not."""

from __future__ import annotations

import pytest

from transform_sim.scenario import loads

from .study import problems_of, shown, spoilt

ALLOCATION = "free_allocation: {bm: {commodity: steel, benchmark: 1.3, activity_level: 3e6, %s}}"
COMPENSATION = "power_compensation: {aid: {commodity: steel, electricity: 0.3, emission_factor: 0.72, %s}}"
BORDER = "border_adjustment: {cbam: {commodity: coal, embodied: 0.1, %s}}"
CONTRACT = "carbon_contracts: {bid: {process: shaft, strike: 120, reference_emission: 1.9, %s}}"


def with_policy(text: str, *more: tuple[str, str]) -> str:
    return spoilt(("policies: {carbon", f"policies: {{{text}, carbon"), *more)


def told(text: str, *more: tuple[str, str]) -> list[str]:
    """What is wrong with a policy written so."""
    return [shown(p) for p in problems_of(with_policy(text, *more))]


def test_numbers_are_read_in_the_units_of_the_product_and_the_plant() -> None:
    index = "indexation: {hydrogen: {difference: 1.7, price: 130, base: 0.1 EUR/kWh}}"
    text = ", ".join([ALLOCATION % "factor: {2026: 97.5 %, 2034: 0}", COMPENSATION % "activity_level: 1 Mt/a",
                      CONTRACT % f"volume: 2 Mt/a, wacc_reduction: 2 %/a, {index}"])  # fmt: skip
    policies = loads(with_policy(text)).policies
    assert policies.free_allocation["bm"].benchmark.unit == "t/t"
    assert policies.free_allocation["bm"].factor.points[None] == pytest.approx({2026: 0.975, 2034: 0})
    assert policies.power_compensation["aid"].activity_level.scalar == pytest.approx(1e6)
    bid = policies.carbon_contracts["bid"]
    assert bid.volume is not None
    assert (bid.volume.scalar, bid.wacc_reduction.scalar, bid.duration.scalar) == pytest.approx((2e6, 0.02, 15))
    assert bid.indexation["hydrogen"].base.scalar == pytest.approx(100)
    assert bid.strike.unit == "EUR2020/t"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (ALLOCATION.replace("steel", "co2") % "",
         "policies.free_allocation.bm.commodity: 'co2' is an emission, and no product"),
        (ALLOCATION.replace("steel", "coal") % "", "policies.free_allocation.bm.commodity: no process makes coal"),
        (ALLOCATION % "processes: [furnace, turbine]",
         "policies.free_allocation.bm.processes: 'turbine' does not make steel"),
        (ALLOCATION % "factor: 120 %", "policies.free_allocation.bm.factor: 120 % is above 1. Did you mean 1.2 %?"),
        (ALLOCATION % "by: route", "policies.free_allocation.bm.by: 'route' is none of output, lump_sum"),
        (COMPENSATION % "activity_level: 5, processes: [blast]",
         "policies.power_compensation.aid.processes: unknown process 'blast'; known are electrolysis, furnace, "
         "shaft, turbine"),
        (COMPENSATION % "", "policies.power_compensation.aid: 'activity_level' is missing (Historical activity level: "
         "the most output per year that counts)"),
        (BORDER.replace("coal", "steel") % "", "policies.border_adjustment.cbam.commodity: no steel is bought"),
        (BORDER % "supply: [power]",
         "policies.border_adjustment.cbam.supply: 'power' supplies electricity, not coal"),
        (BORDER % "allocation: bmx", "policies.border_adjustment.cbam.allocation: unknown free allocation 'bmx'"),
        (f"{ALLOCATION % ''}, {BORDER % 'allocation: bm'}",
         "policies.border_adjustment.cbam.allocation: 'bm' is given for steel, not coal"),
        (BORDER.replace("}}", "}, second: {commodity: coal, embodied: 1}}") % "",
         "policies.border_adjustment.second: purchases of 'coal' need certificates under 'cbam' already"),
        (CONTRACT % "emission: 2",
         "policies.carbon_contracts.bid.emission: 2 is no less than reference_emission, 1.9: nothing is avoided"),
        (CONTRACT % "signed_from: 2030, signed_until: 2028",
         "policies.carbon_contracts.bid.signed_until: 2028 lies before signed_from, 2030"),
        (ALLOCATION % "processes: []",
         "policies.free_allocation.bm.processes: no route is named. Name one at least, or leave it out for all"),
        ("grants: {g: {plants: [], share: 0.4}}",
         "policies.grants.g.plants: nothing is given; at least one is needed"),
        (CONTRACT % "regions: [coast]",
         "policies.carbon_contracts.bid.regions: 'shaft' cannot stand in coast"),
        (CONTRACT % "wacc_reduction: 20 %/a",
         "policies.carbon_contracts.bid.wacc_reduction: 0.2 is more than the cost of capital of shaft, 0.03"),
        (CONTRACT % "budget: fund", "policies.carbon_contracts.bid.budget: unknown public budget 'fund'"),
        ("budgets: {fund: {limit: 1e9}}",
         "policies.budgets.fund: no contract and no grant draws on 'fund'. Name it as their budget, or leave it out"),
        ("grants: {g: {plants: [shaft, hut], share: 0.4}}",
         "policies.grants.g.plants: unknown process, storage or link 'hut'; known are cavern, electrolysis, furnace, "
         "pipe, shaft, turbine"),
        ("free_allocation: {'1': {commodity: steel, benchmark: 1, activity_level: 1}}",
         "policies.free_allocation: name '1' does not fit. Use letters, digits, '_', '-', '+', and not digits alone"),
    ],
)  # fmt: skip
def test_mistakes_are_named(text: str, message: str) -> None:
    assert message in told(text)


@pytest.mark.parametrize(
    ("text", "where"),
    [
        (f"{ALLOCATION.replace('steel', 'coal') % 'processes: [], active: false'}, {BORDER % 'allocation: [bm, bm]'}",
         "border_adjustment.cbam.allocation: 'bm'"),
        (BORDER % "supply: [coal, coal]", "border_adjustment.cbam.supply: 'coal'"),
        (ALLOCATION % "processes: [furnace, shaft, furnace]", "free_allocation.bm.processes: 'furnace'"),
        (ALLOCATION % "also_used_by: [turbine, turbine]", "free_allocation.bm.also_used_by: 'turbine'"),
        (COMPENSATION % "activity_level: 5, processes: [shaft, shaft]", "power_compensation.aid.processes: 'shaft'"),
        (CONTRACT % "modes: [gas, gas]", "carbon_contracts.bid.modes: 'gas'"),
        ("grants: {g: {plants: [shaft, pipe, shaft], share: 0.4}}", "grants.g.plants: 'shaft'"),
        ("grants: {g: {plants: [shaft], regions: [ruhr, ruhr], share: 0.4}}", "grants.g.regions: 'ruhr'"),
        ("quotas: {q: {commodity: steel, share: 1, processes: [shaft, shaft]}}", "quotas.q.processes: 'shaft'"),
        ("quotas: {q: {commodity: coal, share: 1, supply: [coal, coal]}}", "quotas.q.supply: 'coal'"),
    ],
)  # fmt: skip
def test_no_list_names_anything_twice(text: str, where: str) -> None:
    lines = [line for line in told(text) if "stands twice" in line]
    assert lines == [f"policies.{where} stands twice. Name it once"]


def test_without_a_carbon_price_allowances_are_worth_nothing() -> None:
    free = ("carbon_price: {2025: 75, 2045: 200}, ", "")
    message = "policies.free_allocation: free_allocation is paid at the carbon price, and there is none. Give policies"
    assert any(line.startswith(message) for line in told(ALLOCATION % "", free))
    assert not any(line.startswith(message) for line in told(ALLOCATION % "active: false", free))


def test_what_is_switched_off_can_still_be_referred_to() -> None:
    text = "free_allocation: {bm: {commodity: coal, processes: [], benchmark: 1, activity_level: 1, active: false}}"
    assert not told(f"{text}, {BORDER % 'allocation: bm'}")
