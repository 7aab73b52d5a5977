"""Obligations: green routes make what a quota is about, firm plants give what a margin is about."""

from __future__ import annotations

import math
from collections.abc import Iterator

from transform_sim.scenario.carbon import signs
from transform_sim.scenario.flows import runs
from transform_sim.scenario.policies import CapacityMargin, Quota
from transform_sim.scenario.problems import Report
from transform_sim.scenario.schema import Scenario
from transform_sim.scenario.tree import Path

from .common import numbers, traded


def quotas(scenario: Scenario, report: Report) -> None:
    """Something is green, and all that is named so makes or brings the commodity."""
    for name, quota in scenario.policies.quotas.items():
        path: Path = ("policies", "quotas", name)
        if not _is_traded(scenario, quota, path, report):
            continue
        if not quota.processes and not quota.supply and any(numbers(quota.share)):
            report.add("policy", path, "nothing counts as green. Name processes, supply or both")
        for key, position, message in _not_green(scenario, quota):
            report.add("policy", (*path, key), message, position)
        named = [scenario.processes[p].modes for p in quota.processes if p in scenario.processes]
        for position, mode in enumerate(quota.modes or ()):
            if not any(mode in modes for modes in named):
                report.add("policy", (*path, "modes"), f"none of its processes has a mode '{mode}'", position)


def _not_green(scenario: Scenario, quota: Quota) -> Iterator[tuple[str, int, str]]:
    """(key, position, message) of each route and purchase of something else."""
    for position, process in enumerate(quota.processes):
        if process in scenario.processes and not makes(scenario, process, quota.commodity):
            yield "processes", position, f"'{process}' does not make {quota.commodity}"
    for position, supply in enumerate(quota.supply):
        trade = scenario.supply.get(supply)
        if trade and traded(supply, trade) != quota.commodity:
            yield "supply", position, f"'{supply}' supplies {traded(supply, trade)}, not {quota.commodity}"


def capacity_margins(scenario: Scenario, report: Report) -> None:
    """Something is firm, and all that has a credit gives the commodity at a known rate."""
    for name, margin in scenario.policies.capacity_margins.items():
        path: Path = ("policies", "capacity_margins", name)
        if not _is_traded(scenario, margin, path, report):
            continue
        if not margin.credits and not any(numbers(margin.imports)):
            report.add("policy", path, "nothing is firm. Give credits, imports or both")
        for plant in margin.credits:
            message = _not_firm(scenario, plant, margin)
            if message:
                report.add("policy", (*path, "credits"), message, plant)


def _not_firm(scenario: Scenario, plant: str, margin: CapacityMargin) -> str:
    """Why a plant can have no credit; nothing if it can, or does not exist (reported elsewhere)."""
    if plant in scenario.links:
        return f"'{plant}' is a link, whose capacity makes nothing. Give what it brings for certain as imports"
    if plant in scenario.processes and not makes(scenario, plant, margin.commodity):
        return f"'{plant}' does not make {margin.commodity}"
    store = scenario.storages.get(plant)
    if store and store.commodity != margin.commodity:
        return f"'{plant}' keeps {store.commodity}, not {margin.commodity}"
    if store and any(math.isinf(v) for v in numbers(store.discharge_rate)):
        return f"'{plant}' has no discharge_rate, so its power is not known. Give one"
    return ""


def _is_traded(scenario: Scenario, policy: Quota | CapacityMargin, path: Path, report: Report) -> bool:
    """Whether the commodity is one that is made and used; an emission is reported."""
    known = scenario.commodities.get(policy.commodity)
    if known is not None and known.kind == "emission":
        message = f"'{policy.commodity}' is an emission, which nobody makes to use"
        report.add("policy", (*path, "commodity"), message)
    return known is not None and known.kind != "emission"


def makes(scenario: Scenario, process: str, commodity: str) -> bool:
    """Whether a process makes a commodity in some mode, technique and year."""
    return any(commodity in run.flows and 1 in signs(run.flows[commodity]) for run in runs(scenario.processes[process]))
