"""Carbon: what goes into a process comes out; a stated emission is checked against that."""

from __future__ import annotations

import itertools
import math

from transform_sim.scenario.base import FrozenDict
from transform_sim.scenario.plants import Mode, Process
from transform_sim.scenario.problems import Report
from transform_sim.scenario.quantity import Quantity
from transform_sim.scenario.schema import Scenario
from transform_sim.scenario.tree import Path

SHARE, PER_UNIT = 0.02, 0.02
"""Gap allowed between a stated emission and the balance: share of the carbon in, or t per unit of activity."""

NOWHERE = "but there is no fossil emission of scope 1 to count it"

Flows = dict[str, Quantity]


def carbon_closes(scenario: Scenario, report: Report) -> None:
    """The stated emission of each mode and technique agrees with the carbon balance of its flows."""
    for name, process in scenario.processes.items():
        target = process.emission or main_emission(scenario)
        for where, flows, auxiliary in _runs(process):
            contents = _contents(scenario, flows)
            if not contents and auxiliary == 0:
                continue
            path: Path = ("processes", name, *where)
            for year in _years(flows, contents, target):
                released, carbon_in = _balance(flows, contents, auxiliary, year)
                if target is None and abs(released) > max(SHARE * carbon_in, 1e-9):
                    report.add("no-emission", path, f"releases {released:.4g} t CO₂ per unit, {NOWHERE}")
                    break
                stated = _at(flows[target], year) if target in flows else math.nan
                if abs(stated - released) > max(SHARE * carbon_in, PER_UNIT):
                    _tell(report, path, str(target), stated, released, year)
                    break


def disposal_counts(scenario: Scenario, report: Report) -> None:
    """Carbon that is disposed of for good, or else counted as an emission."""
    if main_emission(scenario) is not None:
        return
    for name, commodity in scenario.commodities.items():
        content, disposal = commodity.carbon_content, commodity.disposal
        if disposal and not disposal.permanent and content and any(v for *_, v in content.items()):
            message = f"releases carbon, {NOWHERE}. Add one, or set permanent"
            report.add("no-emission", ("commodities", name, "disposal"), message)


def main_emission(scenario: Scenario) -> str | None:
    """The first fossil emission of scope 1, which takes derived emissions."""
    for name, c in scenario.commodities.items():
        if c.kind == "emission" and c.scope == 1 and c.origin == "fossil":
            return name
    return None


def _runs(process: Process) -> list[tuple[Path, Flows, float]]:
    """(where, flows, auxiliary carbon) of each way to run a process: modes add to flows, techniques replace them."""
    modes: dict[str, Mode | None] = dict(process.modes) or {"": None}
    years: list[int | None] = [*sorted(process.techniques)] or [None]
    runs = []
    for name, mode in modes.items():
        given = mode.auxiliary_carbon if mode else None
        auxiliary = (given or process.auxiliary_carbon).points.get(None, {}).get(None, 0.0)
        for year in years:
            where: Path = ("modes", name) if mode else ("techniques", year) if year is not None else ()
            flows = _together(process, mode) | (process.techniques[year] if year is not None else {})
            runs.append((where, flows, float(auxiliary)))
    return runs


def _together(process: Process, mode: Mode | None) -> Flows:
    """Common flows and those of a mode; where both name a commodity they add, year by year."""
    flows: Flows = dict(process.flows)
    for name, flow in (mode.flows if mode else {}).items():
        if name in flows:
            years: set[int | None] = {*flows[name].years, *flow.years}
            points = {y: _at(flows[name], y or 0) + _at(flow, y or 0) for y in years or {None}}
            flow = Quantity(FrozenDict({None: FrozenDict(points)}))
        flows[name] = flow
    return flows


def _contents(scenario: Scenario, flows: Flows) -> dict[str, float]:
    """t CO₂ per unit of each flow whose carbon is tracked."""
    contents = {}
    for name in flows:
        commodity = scenario.commodities.get(name)
        if commodity and commodity.kind != "emission" and commodity.carbon_content:
            contents[name] = float(commodity.carbon_content.points.get(None, {}).get(None, math.nan))
    return contents


def _balance(flows: Flows, contents: dict[str, float], auxiliary: float, year: int) -> tuple[float, float]:
    """(released, brought in) in t CO₂ per unit of activity."""
    carbon = [-_at(flows[name], year) * content for name, content in contents.items()]
    carbon_in = sum(c for c in carbon if c > 0) + max(auxiliary, 0.0)
    return sum(carbon) + auxiliary, carbon_in


def _years(flows: Flows, contents: dict[str, float], target: str | None) -> list[int]:
    """The years at which the balance can differ; 0 stands for all if nothing changes."""
    used = [flows[name] for name in (*contents, target) if name in flows]
    return sorted({year for flow in used for year in flow.years}) or [0]


def _at(flow: Quantity, year: int) -> float:
    """A flow in a year: linear between given years, constant outside."""
    points = flow.points.get(None, {})
    if None in points:
        return float(points[None])
    given = sorted((y, float(v)) for y, v in points.items() if y is not None)
    if not given:
        return math.nan
    for (a, x), (b, z) in itertools.pairwise(given):
        if a <= year <= b:
            return x + (z - x) * (year - a) / (b - a)
    return given[0][1] if year <= given[0][0] else given[-1][1]


def _tell(report: Report, path: Path, target: str, stated: float, released: float, year: int) -> None:
    when = f" in {year}" if year else ""
    message = (
        f"{target} is stated as {stated:.4g} t per unit{when}, but the carbon of the flows gives {released:.4g}. "
        "Correct the flows, add auxiliary_carbon, or leave the emission out"
    )
    report.add("carbon", path, message)
