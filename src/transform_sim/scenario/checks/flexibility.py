"""Flexible loads: each has one reference, the keys of its method, and a commodity that it can be moved within."""

from __future__ import annotations

from collections import defaultdict

from transform_sim.scenario.carbon import carries
from transform_sim.scenario.flexibility import FlexibleLoad, takes_part
from transform_sim.scenario.flows import points_at, runs
from transform_sim.scenario.problems import Report
from transform_sim.scenario.quantity import Quantity
from transform_sim.scenario.schema import Scenario
from transform_sim.scenario.tree import Path
from transform_sim.scenario.units import HOURS_PER_YEAR

from .common import all_flows, finest, node_of, nodes, numbers, places_exist, standing_regions, traded

SHIFTING = ("window", "zerrahn_schill", "gils", "battery")
BELONGS = {
    "window": ("window",), "delay": ("zerrahn_schill",), "recovery": ("zerrahn_schill",), "delays": ("gils",),
    "duration": ("gils",), "energy": ("battery",), "loss": ("battery",), "joint_limit": ("zerrahn_schill", "gils"),
    "up": SHIFTING, "up_profile": SHIFTING, "efficiency": SHIFTING, "cost_up": SHIFTING, "cost_down": SHIFTING,
    "overload": SHIFTING,
}  # fmt: skip
"""Methods to which a key means something; a key that is not here suits all."""

NEEDED = {"window": ("window",), "zerrahn_schill": ("delay",), "gils": ("delays",), "battery": ()}
"""Keys without which a method says nothing, beside the limits `up` and `down`."""


def references(scenario: Scenario, report: Report) -> None:
    """The reference is either a process or a load, and each brings keys of its own."""
    for name, load in scenario.flexible_loads.items():
        path: Path = ("flexible_loads", name)
        if (load.process is None) == (load.load is None):
            found = "has no reference" if load.process is None else "has process and load"
            report.add("flexibility", path, f"{found}. Give one of process or load")
            continue
        own, idle = ("load", ("share", "overload")) if load.process is None else ("process", ("profile",))
        if load.load is not None and load.load.regions:
            idle = (*idle, "regions")
        for key in idle:
            if key in load.model_fields_set:
                message = f"{key} has no effect with {own}" + (" by place" if key == "regions" else "")
                report.add("no-effect", path, message, key)


def methods(scenario: Scenario, report: Report) -> None:
    """A method has the keys that it needs, and none of another."""
    for name, load in scenario.flexible_loads.items():
        path: Path = ("flexible_loads", name)
        needed = ("sheds",) if load.method == "none" else ("up", "down", *NEEDED[load.method])
        for key in needed:
            if not getattr(load, key):
                report.add("flexibility", path, f"method {load.method} needs {key}", "method")
        for key, suits in BELONGS.items():
            if key in load.model_fields_set and load.method not in suits:
                report.add("no-effect", path, f"{key} has no effect with method {load.method}", key)
        for position, shed in enumerate(load.sheds):
            if (shed.recovery is None) != (shed.duration is None):
                given, missing = ("duration", "recovery") if shed.recovery is None else ("recovery", "duration")
                report.add("flexibility", (*path, "sheds", position), f"{given} needs {missing}", given)


def whole_hours(scenario: Scenario, report: Report) -> None:
    """Delays and windows are whole hours, and delay classes differ."""
    for name, load in scenario.flexible_loads.items():
        path: Path = ("flexible_loads", name)
        given: list[tuple[Path, Quantity | None]] = [
            ((*path, key), getattr(load, key)) for key in ("window", "delay", "recovery")
        ]
        given += [((*path, "delays", position), q) for position, q in enumerate(load.delays)]
        given += [((*path, "sheds", position, "recovery"), shed.recovery) for position, shed in enumerate(load.sheds)]
        for where, quantity in given:
            for hours in numbers(quantity):
                if hours != round(hours):
                    report.add("flexibility", where, f"{hours:g} h is no whole number of hours")
        classes = [hours for q in load.delays for hours in numbers(q)]
        for hours in dict.fromkeys(h for h in classes if classes.count(h) > 1):
            report.add("repeated-name", (*path, "delays"), f"{hours:g} h stands twice. Name it once")


def uses(scenario: Scenario, report: Report) -> None:
    """The process stands where the load is and uses the commodity; parts of one process are no more than all of it."""
    parts: dict[tuple[str, str, str], float] = defaultdict(float)
    for name, load in scenario.flexible_loads.items():
        path: Path = ("flexible_loads", name)
        if load.commodity in scenario.commodities:
            places_exist(scenario, load.commodity, load.regions, path, report)
        process = scenario.processes.get(load.process or "")
        if process is None or load.commodity not in scenario.commodities:
            continue
        flows = [run.flows[load.commodity] for run in runs(process) if load.commodity in run.flows]
        if not any(value < 0 for flow in flows for value in numbers(flow)):
            report.add("flexibility", (*path, "process"), f"'{load.process}' uses no {load.commodity}")
        here = standing_regions(scenario, process)
        for region in load.regions or ():
            if region not in here and (region in scenario.regions or region in nodes(scenario, load.commodity)):
                report.add("region", (*path, "regions"), f"'{load.process}' may not stand in '{region}'")
        share = sum(numbers(load.share))
        for region in load.regions or here:
            before = parts[load.process or "", load.commodity, region]
            parts[load.process or "", load.commodity, region] += share
            if before <= 1 + 1e-9 < before + share:
                message = f"with it, {before + share:g} of what '{load.process}' uses in '{region}' would be flexible"
                report.add("flexibility", (*path, "share"), f"{message}; at most 1 is")


def hourly(scenario: Scenario, report: Report) -> None:
    """Only what balances by the hour and carries no carbon can be moved from hour to hour, whatever takes part."""
    for name, load in scenario.flexible_loads.items():
        commodity = scenario.commodities.get(load.commodity)
        if commodity is None:
            continue
        grid = finest([commodity.balance, *_stores(scenario, load)])
        if grid != "hour":
            message = f"{load.commodity} is balanced by the {grid}. Write balance: hour in commodities.{load.commodity}"
            report.add("flexibility", ("flexible_loads", name, "commodity"), message)
        if carries(scenario, load.commodity):  # what is shed would keep its emission and lose its origin
            message = f"{load.commodity} carries carbon, which follows the flows of plants. Shift what carries none"
            report.add("flexibility", ("flexible_loads", name, "commodity"), message)


def _stores(scenario: Scenario, load: FlexibleLoad) -> list[str]:
    """Grids of the stores of its commodity that take part whenever the load does."""
    return [
        store.balance
        for store in scenario.storages.values()
        if store.commodity == load.commodity and store.balance and takes_part(store.flexibility, load.flexibility)
    ]


def demanded(scenario: Scenario, report: Report) -> None:
    """Given loads are part of what is demanded; where no process uses the commodity, together they are at most that.

    More would be use that is taken off though nobody uses it: supply from nowhere.
    """
    horizon = scenario.horizon
    before: dict[tuple[str, str, int], float] = defaultdict(float)
    used = {c for p in scenario.processes.values() for _, c, q in all_flows(p) if any(v < 0 for v in numbers(q))}
    for name, load in scenario.flexible_loads.items():
        if load.load is None or load.commodity in used or load.commodity not in scenario.commodities:
            continue
        wanted = [(d.amount, None) for n, d in scenario.demand.items() if traded(n, d) == load.commodity]
        for node in nodes(scenario, load.commodity):
            for year in range(horizon.start, horizon.end + 1, horizon.step):
                own = _at_node(scenario, load.commodity, load.load, load.regions, node, year)
                before[load.commodity, node, year] += own
                given = before[load.commodity, node, year]
                most = sum(_at_node(scenario, load.commodity, q, r, node, year) for q, r in wanted) / HOURS_PER_YEAR
                if own > 0 and given > most * (1 + 1e-9):
                    unit = load.load.unit
                    message = f"{given:g} {unit} would be flexible at '{node}', but only {most:g} are demanded"
                    first = "" if given == own else "with it, "
                    report.add("flexibility", ("flexible_loads", name, "load"), f"{first}in {year} {message}")
                    break


def _at_node(
    scenario: Scenario, commodity: str, amount: Quantity, regions: tuple[str, ...] | None, node: str, year: int
) -> float:
    """An amount at a node in a year: regions that share it add up; one without place is that of each node."""
    known = scenario.commodities[commodity]
    if not amount.regions:
        here = regions is None or node in {node_of(known, r) if r in scenario.regions else r for r in regions}
        return points_at(amount.points[None], year) if here else 0.0
    own = [p for p in amount.regions if (node_of(known, p) if p in scenario.regions else p) == node]
    return sum(points_at(amount.points[p], year) for p in own)
