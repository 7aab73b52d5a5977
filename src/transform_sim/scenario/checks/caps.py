"""Banking of allowances: there is a cap to save under, and the bank at the start belongs to somebody."""

from __future__ import annotations

from transform_sim.scenario.problems import Report
from transform_sim.scenario.schema import Scenario

from .common import numbers


def banking(scenario: Scenario, report: Report) -> None:
    """What is banked are allowances of an emission cap; those at the start are given for one cap only."""
    bank, cap = scenario.policies.banking, scenario.policies.emission_cap
    path = ("policies", "banking")
    if bank is None or not bank.active:
        return
    if cap is None:
        message = "banking has no effect without emission_cap, whose allowances are banked. Give one, or leave it out"
        report.add("no-effect", path, message)
    elif len(cap.regions) > 1 and any(numbers(bank.start)):
        message = f"nothing says whose allowances these are, since the cap names {', '.join(cap.regions[:5])}. "
        report.add("missing-place", (*path, "start"), message + "Leave it out, or give one cap for all")
