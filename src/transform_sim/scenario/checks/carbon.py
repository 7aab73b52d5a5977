"""Carbon: what goes into a process comes out; a stated emission is checked against that."""

from __future__ import annotations

import math

from transform_sim.scenario.flows import Flows, Run, at, runs
from transform_sim.scenario.plants import Process
from transform_sim.scenario.problems import Report
from transform_sim.scenario.schema import Scenario
from transform_sim.scenario.tree import Path

SHARE, PER_UNIT = 0.02, 0.02
"""Gap allowed between a stated emission and the balance: share of the carbon in, or t per unit of activity."""

NOWHERE = "but there is no fossil emission of scope 1 to count it"


def carbon_closes(scenario: Scenario, report: Report) -> None:
    """The stated emission of each mode and technique agrees with the carbon balance of its flows."""
    for name, process in scenario.processes.items():
        target = process.emission or main_emission(scenario)
        for run in runs(process):
            path = _place(name, run)
            for year, released, carbon_in in derived(scenario, process, run.mode, run.flows) or ():
                gap = max(SHARE * carbon_in, PER_UNIT) + 1e-9
                if target is None and abs(released) > max(SHARE * carbon_in, 1e-9):
                    report.add("no-emission", path, f"releases {released:.4g} t CO₂ per unit, {NOWHERE}")
                    break
                if target not in run.flows and released < -gap:
                    _tell_of_nothing(report, path, str(target), released)
                    break
                stated = at(run.flows[target], year) if target in run.flows else math.nan
                if abs(stated - released) > gap:
                    _tell(report, path, str(target), stated, released, year)
                    break


def derived(
    scenario: Scenario, process: Process, mode: str | None, flows: Flows
) -> list[tuple[int, float, float]] | None:
    """(year, released, brought in), in t CO₂ per unit, at the years where the balance bends; None if not tracked."""
    target = process.emission or main_emission(scenario)
    contents, auxiliary = _contents(scenario, flows), _auxiliary_carbon(process, mode)
    if not contents and auxiliary == 0:
        return None
    return [(year, *_balance(flows, contents, auxiliary, year)) for year in _years(flows, contents, target)]


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


def _auxiliary_carbon(process: Process, mode: str | None) -> float:
    """CO₂ from carbon outside the flows, of a mode if it says its own, in t per unit."""
    own = process.modes[mode].auxiliary_carbon if mode else None
    return float((own or process.auxiliary_carbon).points.get(None, {}).get(None, 0.0))


def _place(name: str, run: Run) -> Path:
    """Where the flows of a run are written."""
    where: Path = (
        ("modes", run.mode) if run.mode else ("techniques", run.technique) if run.technique is not None else ()
    )
    return ("processes", name, *where)


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
    carbon = [-at(flows[name], year) * content for name, content in contents.items()]
    carbon_in = sum(c for c in carbon if c > 0) + max(auxiliary, 0.0)
    return sum(carbon) + auxiliary, carbon_in


def _years(flows: Flows, contents: dict[str, float], target: str | None) -> list[int]:
    """The years at which the balance can differ; 0 stands for all if nothing changes."""
    used = [flows[name] for name in (*contents, target) if name in flows]
    return sorted({year for flow in used for year in flow.years}) or [0]


def _tell(report: Report, path: Path, target: str, stated: float, released: float, year: int) -> None:
    when = f" in {year}" if year else ""
    message = (
        f"{target} is stated as {stated:.4g} t per unit{when}, but the carbon of the flows gives {released:.4g}. "
        "Correct the flows, add auxiliary_carbon, or leave the emission out"
    )
    report.add("carbon", path, message)


def _tell_of_nothing(report: Report, path: Path, target: str, released: float) -> None:
    message = (
        f"{-released:.4g} t CO₂ per unit more goes out than comes in. Add the carbon_content of what goes in, or "
        f"state {target}: {released:.4g} if it is carbon from the air or from plants"
    )
    report.add("carbon", path, message)
