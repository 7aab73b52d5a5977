"""Plants: years, growth, techniques, conversions, operation and stores make sense together."""

from __future__ import annotations

import math

from transform_sim.scenario.plants import Process
from transform_sim.scenario.problems import Report
from transform_sim.scenario.schema import Scenario
from transform_sim.scenario.time import TypicalDaysTime
from transform_sim.scenario.units import factor, fault_of

from .common import GRIDS, PLANTS, all_flows, effective_grid, finest, numbers


def years(scenario: Scenario, report: Report) -> None:
    """Nothing ends before it begins, and what exists was built by the start of the horizon."""
    start = scenario.horizon.start
    for section in PLANTS:
        for name, plant in getattr(scenario, section).items():
            path = (section, name)
            if plant.earliest is not None and plant.latest is not None and plant.latest < plant.earliest:
                report.add("years", path, f"latest {plant.latest} lies before earliest {plant.earliest}", "latest")
            late = [y for y in (plant.existing.years if plant.existing else ()) if y > start]
            if late:
                message = f"starts in {late[0]}, after the horizon's start {start}; new plants are built, not existing"
                report.add("years", (*path, "existing"), message, late[0])


def growth(scenario: Scenario, report: Report) -> None:
    """Growth starts from a first plant."""
    for name, process in scenario.processes.items():
        if process.growth_max is not None and not any(v > 0 for v in numbers(process.seed_capacity)):
            report.add("growth", ("processes", name), "growth_max needs seed_capacity, the first plant to grow from")


def techniques(scenario: Scenario, report: Report) -> None:
    """Techniques exclude conversions, and existing stock needs a technique of its own time."""
    targets = {target for process in scenario.processes.values() for target in process.retrofits}
    for name, process in scenario.processes.items():
        if not process.techniques:
            continue
        path = ("processes", name, "techniques")
        for reason, given in (("reinvest", process.reinvest), ("retrofits", process.retrofits)):
            if given:
                report.add("techniques", path, f"a process with techniques cannot have {reason}. Make two processes")
        if name in targets:
            report.add("techniques", path, "a process with techniques cannot be the target of a retrofit")
        first = min(process.techniques)
        if numbers(process.existing) and first > scenario.horizon.start:
            message = f"existing stock belongs to the first technique, which starts in {first}. Add an earlier one"
            report.add("techniques", path, message)


def retrofits(scenario: Scenario, report: Report) -> None:
    """A conversion leads to another process whose capacity is measured in a like unit."""
    for name, process in scenario.processes.items():
        for target in process.retrofits:
            other, path = scenario.processes.get(target), ("processes", name, "retrofits", target)
            if target == name:
                report.add("retrofit", path, "leads to the process itself. Write reinvest for a renewal")
            elif other is not None and _measured_alike(process, other) is False:
                message = f"is measured in {other.unit}, but {name} in {process.unit}"
                report.add("retrofit", path, message)


def circles(scenario: Scenario, report: Report) -> None:
    """Conversions at any time that lead back to where they began do not make capacity from nothing."""
    circle = _growing_circle(_mid_ratios(scenario))
    if circle:
        message = (
            f"mid conversions go round in a circle, {' → '.join(circle)}, whose ratios multiply to more than 1: "
            "capacity would come from nothing. Lower a ratio, or write kind: end"
        )
        report.add("retrofit", ("processes", circle[0], "retrofits", circle[1]), message)


def _mid_ratios(scenario: Scenario) -> dict[tuple[str, str], float]:
    """Logarithm of the ratio of each conversion at any time, by (from, to)."""
    return {
        (name, target): math.log(ratio)
        for name, process in scenario.processes.items()
        for target, retrofit in process.retrofits.items()
        for ratio in numbers(retrofit.ratio)
        if retrofit.kind == "mid" and target in scenario.processes and target != name and ratio > 0
    }


def _growing_circle(gains: dict[tuple[str, str], float]) -> list[str]:
    """A circle whose gains add up to more than nothing, first name repeated at the end; empty if there is none.

    Bellman and Ford: without such a circle, no path improves once it has been lengthened as often as there are names.
    """
    best = {name: 0.0 for edge in gains for name in edge}
    before: dict[str, str] = {}
    improved = ""
    for _ in range(len(best) + 1):
        improved = ""
        for (name, target), gain in gains.items():
            if best[name] + gain > best[target] + 1e-9:
                best[target], before[target], improved = best[name] + gain, name, target
    if not improved:
        return []
    for _ in best:  # back until surely inside the circle
        improved = before[improved]
    circle = [improved, before[improved]]
    while circle[-1] != improved:
        circle.append(before[circle[-1]])
    first = min(range(len(circle) - 1), key=lambda i: circle[i])
    return [*circle[first:-1], *circle[: first + 1]][::-1]


def _measured_alike(one: Process, other: Process) -> bool | None:
    """Whether capacities can become each other without a factor; None if a unit is unknown (reported elsewhere)."""
    if fault_of(one.unit) or fault_of(other.unit):
        return None
    return one.unit == other.unit or _factor_is_one(one.unit, other.unit)


def _factor_is_one(unit: str, other: str) -> bool:
    try:
        return factor(unit, other) == 1.0
    except ValueError:
        return False


def operation(scenario: Scenario, report: Report) -> None:
    """A flexible process may not shift what it makes within a coarser balance unless a store is implied."""
    for name, process in scenario.processes.items():
        if process.operation != "flexible":
            continue
        grid, coarse = _grids(scenario, process)
        for commodity, own in coarse.items():
            message = (
                f"flexible by the {grid}, but {commodity} is balanced by the {own} only, which would be a free "
                f"store. Write baseload, balance {commodity} by the {grid}, or set its implied_store"
            )
            report.add("operation", ("processes", name, "operation"), message)


def profiles_suit_operation(scenario: Scenario, report: Report) -> None:
    """What follows a profile of availability is not taken for baseload unasked; only baseload has a draw."""
    for name, process in scenario.processes.items():
        grid, coarse = _grids(scenario, process)
        if process.availability_profile and process.operation is None and coarse:
            commodity, own = next(iter(coarse.items()))
            message = (
                f"would be averaged over the year: {commodity} is balanced by the {own} only, so the process runs as "
                f"baseload. Balance {commodity} by the {grid}, set its implied_store, or write operation: baseload"
            )
            report.add("operation", ("processes", name, "availability_profile"), message)
        flexible = process.operation == "flexible" or (process.operation is None and not coarse)
        if process.draw_profile and flexible and grid != "year":
            message = f"draw_profile has no effect, since the process is flexible by the {grid}. Write baseload"
            report.add("no-effect", ("processes", name), message, "draw_profile")


def _grids(scenario: Scenario, process: Process) -> tuple[str, dict[str, str]]:
    """The finest grid of what a process uses and makes; the grids of products balanced coarser without a store."""
    used = [(c, q) for _, c, q in all_flows(process) if c in scenario.commodities]
    used = [(c, q) for c, q in used if scenario.commodities[c].kind != "emission"]
    grid = finest([effective_grid(scenario, c) for c, _ in used])
    made = dict.fromkeys(c for c, q in used if any(v > 0 for v in numbers(q)))
    own = {c: effective_grid(scenario, c) for c in made}
    return grid, {c: g for c, g in own.items() if g != grid and not scenario.commodities[c].implied_store}


def stores(scenario: Scenario, report: Report) -> None:
    """A store keeps to a grid on which it can work."""
    days = isinstance(scenario.time, TypicalDaysTime)
    for name, storage in scenario.storages.items():
        commodity = scenario.commodities.get(storage.commodity)
        if commodity is None:
            continue
        path = ("storages", name)
        if storage.balance and GRIDS.index(storage.balance) < GRIDS.index(commodity.balance):
            message = (
                f"{storage.balance} is coarser than {storage.commodity}, which is balanced by the {commodity.balance}"
            )
            report.add("store", (*path, "balance"), message)
        if days and storage.cycle == "year" and effective_grid(scenario, storage.commodity) == "hour":
            message = (
                f"a store over the year cannot be followed hour by hour with typical days; balance {storage.commodity} "
                "(and all stores of it) by the day, or take full_year"
            )
            report.add("store", (*path, "cycle"), message)


def power_of_stores(scenario: Scenario, report: Report) -> None:
    """Power that costs something is limited, or nobody could say how much of it there is."""
    for name, storage in scenario.storages.items():
        paid = any(v > 0 for v in numbers(storage.capex_power))
        if paid and any(math.isinf(v) for v in numbers(storage.discharge_rate)):
            message = "capex_power needs discharge_rate, the power per capacity that is paid for"
            report.add("store", ("storages", name), message, "capex_power")
