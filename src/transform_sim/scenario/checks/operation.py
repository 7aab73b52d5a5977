"""How processes run: curves of part load belong to something used, start at the minimum load, and are convex."""

from __future__ import annotations

import math

from transform_sim.scenario.flows import at, runs
from transform_sim.scenario.operation import FULL, Point, bent_down, curve
from transform_sim.scenario.plants import Process
from transform_sim.scenario.problems import Report
from transform_sim.scenario.quantity import Quantity
from transform_sim.scenario.scalars import ScalarError
from transform_sim.scenario.schema import Scenario
from transform_sim.scenario.tree import Path

from .common import numbers


def part_load_uses(scenario: Scenario, report: Report) -> None:
    """What is used otherwise at part load is used alike in all modes, and carries no carbon."""
    for name, process in scenario.processes.items():
        for used in process.part_load:
            commodity = scenario.commodities.get(used)
            if commodity is None:
                continue
            fault = _not_used_alike(process, used)
            if commodity.kind == "emission":
                fault = f"{used} is an emission. Part load changes what is used"
            elif any(numbers(commodity.carbon_content)):
                fault = f"{used} carries carbon, whose emission follows from the flows. Part load is for other inputs"
            if fault:
                report.add("part-load", ("processes", name, "part_load", used), fault)


def _not_used_alike(process: Process, commodity: str) -> str:
    """What is wrong with the flows of a commodity for a curve; nothing if each way to run uses as much."""
    found = list(runs(process))
    if not any(v < 0 for run in found for v in numbers(run.flows.get(commodity))):
        return f"{commodity} is not used"
    if any(v > 0 for run in found for v in numbers(run.flows.get(commodity))):
        return f"{commodity} is made, not only used"
    for technique in dict.fromkeys(run.technique for run in found):
        flows = [run.flows.get(commodity) for run in found if run.technique == technique]
        years = sorted({y for flow in flows if flow for y in flow.years}) or [0]
        for year in years:
            values = [at(flow, year) if flow else 0.0 for flow in flows]
            if not any(map(math.isnan, values)) and max(values) - min(values) > 1e-12 * abs(min(values)):
                return (
                    f"its modes use {-max(values):g} and {-min(values):g} of {commodity}; a curve needs one use for all"
                )
    return ""


def part_load_curves(scenario: Scenario, report: Report) -> None:
    """A curve runs from the minimum load or below to full load, where its factor is 1, and never bends down."""
    for name, process in scenario.processes.items():
        for commodity, given in process.part_load.items():
            path: Path = ("processes", name, "part_load", commodity)
            points = _points(given, path, report) if commodity in scenario.commodities else []
            if points and _ends(points, process, path, report):
                for point, most in bent_down(points):
                    message = (
                        f"at {point.key}, {point.factor:g} makes the use bend down, which a linear program cannot "
                        f"follow. At most {math.floor(most * 1e4) / 1e4:g} is convex there; or leave the point out"
                    )
                    report.add("part-load", path, message, point.key)


def _points(given: dict[str, Quantity], path: Path, report: Report) -> list[Point]:
    """The points by rising load; none if some cannot be read, which is told."""
    if any(not numbers(factor) for factor in given.values()):
        return []
    try:
        points = curve(given)
    except ScalarError as error:
        report.add("part-load", path, f"a load is a share such as 60 %: {error}")
        return []
    for before, point in zip([None, *points], points, strict=False):
        fault = "is not above 0" if point.load <= 0 else "is above full load" if point.load > FULL else ""
        if before is not None and before.load == point.load:
            fault = f"is the same load as {before.key}"
        if fault:
            report.add("part-load", path, f"{point.key} {fault}", point.key)
            return []
    return points


def _ends(points: list[Point], process: Process, path: Path, report: Report) -> bool:
    """Whether a curve begins and ends where it must; what is wrong is told."""
    first, last = points[0], points[-1]
    fault = ""
    least = min(numbers(process.minimum_load), default=0.0)
    if last.load != FULL or last.factor != 1.0:
        fault = "the last point must be 100 %: 1, full load"
    elif len(points) == 1:
        fault = "has full load only. Add a point at the minimum load"
    elif first.load > least * (1 + 1e-9):
        fault = f"starts at {first.load:.4g}, above minimum_load {least:.4g}: nothing is said of the loads between"
    if fault:
        report.add("part-load", path, fault)
    return not fault
