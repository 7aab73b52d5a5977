"""Policies that pay: what they are about is made, bought or built, and their numbers mean something."""

from __future__ import annotations

from transform_sim.scenario.policies import Policies
from transform_sim.scenario.problems import Report, did_you_mean
from transform_sim.scenario.schema import Scenario
from transform_sim.scenario.support import CarbonContract
from transform_sim.scenario.transfers import BorderAdjustment, OutputPayment
from transform_sim.scenario.tree import Path

from .common import named_once, numbers, sections, traded
from .obligations import makes

PRICED = ("free_allocation", "power_compensation", "border_adjustment")
"""What is paid at the carbon price."""


def names_stand_once(scenario: Scenario, report: Report) -> None:
    """No list of a policy names anything twice; regions are looked at everywhere (`coverage.chosen_places`)."""
    for path, section in sections(scenario.policies, ("policies",)):
        for key in type(section).model_fields:
            chosen = getattr(section, key)
            if isinstance(chosen, tuple) and key != "regions":
                named_once(chosen, (*path, key), report)


def carbon_is_priced(scenario: Scenario, report: Report) -> None:
    """Allowances, compensation and certificates are worth something."""
    policies = scenario.policies
    if policies.carbon_price is not None:
        return
    for kind in PRICED:
        if any(p.active for p in getattr(policies, kind).values()):
            message = f"{kind} is paid at the carbon price, and there is none. Give policies.carbon_price"
            report.add("no-effect", ("policies", kind), message)


def output_payments(scenario: Scenario, report: Report) -> None:
    """The product is made, by all routes that are named."""
    for kind in ("free_allocation", "power_compensation"):
        for name, payment in getattr(scenario.policies, kind).items():
            path: Path = ("policies", kind, name)
            if payment.commodity in scenario.commodities:
                _output_payment(scenario, payment, path, report)


def _output_payment(scenario: Scenario, payment: OutputPayment, path: Path, report: Report) -> None:
    product = payment.commodity
    if scenario.commodities[product].kind == "emission":
        report.add("policy", (*path, "commodity"), f"'{product}' is an emission, and no product")
        return
    if payment.processes is None:
        # what is switched off may be there for border adjustments of what nobody makes here
        if payment.active and not any(makes(scenario, process, product) for process in scenario.processes):
            report.add("policy", (*path, "commodity"), f"no process makes {product}")
        return
    if payment.active and not payment.processes:
        report.add("policy", (*path, "processes"), "no route is named. Name one at least, or leave it out for all")
    for position, process in enumerate(payment.processes):
        if process in scenario.processes and not makes(scenario, process, product):
            report.add("policy", (*path, "processes"), f"'{process}' does not make {product}", position)


def border_adjustments(scenario: Scenario, report: Report) -> None:
    """What is named is bought and of that product, and what is taken off is given for the same product."""
    policies = scenario.policies
    counted: dict[str, str] = {}
    for name, border in policies.border_adjustment.items():
        path: Path = ("policies", "border_adjustment", name)
        if border.commodity not in scenario.commodities:
            continue
        for supply in _bought(scenario, border, path, report):
            if supply in counted and border.active:
                message = f"purchases of '{supply}' need certificates under '{counted[supply]}' already"
                report.add("policy", path, message)
            counted |= {supply: name} if border.active else {}
        for allocation in border.allocations:
            given = policies.free_allocation.get(allocation)
            if given is not None and given.commodity != border.commodity:
                message = f"'{allocation}' is given for {given.commodity}, not {border.commodity}"
                report.add("policy", (*path, "allocation"), message)


def _bought(scenario: Scenario, border: BorderAdjustment, path: Path, report: Report) -> list[str]:
    """Supplies that need certificates."""
    sold = {name: traded(name, supply) for name, supply in scenario.supply.items()}
    for position, supply in enumerate(border.supply or ()):
        if supply in sold and sold[supply] != border.commodity:
            message = f"'{supply}' supplies {sold[supply]}, not {border.commodity}"
            report.add("policy", (*path, "supply"), message, position)
    found = [s for s, c in sold.items() if c == border.commodity and (border.supply is None or s in border.supply)]
    if not found and border.supply is None:
        report.add("policy", (*path, "commodity"), f"no {border.commodity} is bought")
    return found


def contracts(scenario: Scenario, report: Report) -> None:
    """A contract avoids something, is signed in years that exist, and lowers a cost of capital that is there."""
    for name, contract in scenario.policies.carbon_contracts.items():
        path: Path = ("policies", "carbon_contracts", name)
        reference, own = (numbers(q) for q in (contract.reference_emission, contract.emission))
        if reference and own and reference[0] <= own[0]:
            message = f"{own[0]:g} is no less than reference_emission, {reference[0]:g}: nothing is avoided"
            report.add("policy", (*path, "emission"), message)
        if (contract.signed_until or 9999) < (contract.signed_from or 0):
            message = f"{contract.signed_until} lies before signed_from, {contract.signed_from}"
            report.add("years", (*path, "signed_until"), message)
        if contract.process in scenario.processes:
            _suits_process(scenario, contract, path, report)


def _suits_process(scenario: Scenario, contract: CarbonContract, path: Path, report: Report) -> None:
    """The modes, regions and cost of capital of what is built."""
    process = scenario.processes[contract.process]
    for position, mode in enumerate(contract.modes or ()):
        if mode not in process.modes:
            known = did_you_mean(mode, process.modes) if process.modes else "; it has none"
            report.add("policy", (*path, "modes"), f"'{contract.process}' has no mode '{mode}'{known}", position)
    for position, region in enumerate(contract.regions or ()):
        if region in scenario.regions and process.regions is not None and region not in process.regions:
            report.add("policy", (*path, "regions"), f"'{contract.process}' cannot stand in {region}", position)
    less, rate = numbers(contract.wacc_reduction), numbers(process.wacc or scenario.horizon.discount_rate)
    if less and rate and less[0] > rate[0]:
        message = f"{less[0]:g} is more than the cost of capital of {contract.process}, {rate[0]:g}"
        report.add("policy", (*path, "wacc_reduction"), message)


def budgets(scenario: Scenario, report: Report) -> None:
    """A budget that nobody draws on limits nothing."""
    policies: Policies = scenario.policies
    drawn = {c.budget for c in policies.carbon_contracts.values()} | {g.budget for g in policies.grants.values()}
    for name in policies.budgets:
        if name not in drawn:
            message = f"no contract and no grant draws on '{name}'. Name it as their budget, or leave it out"
            report.add("no-effect", ("policies", "budgets", name), message)
