"""Demand that nothing can meet: no supply, process or link can deliver it by the year it is wanted."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from dataclasses import dataclass

from transform_sim.scenario.plants import Built, Link
from transform_sim.scenario.problems import Report
from transform_sim.scenario.quantity import Quantity
from transform_sim.scenario.schema import Scenario

from .common import node_of, nodes, numbers, standing_regions, traded, traded_nodes

Place = tuple[str, str]  # commodity, node
LARGEST_STUDY = 200_000
"""Above this many plants and supplies times regions the question is left to the solver."""


@dataclass(frozen=True)
class Way:
    """One way to have a commodity at a node from a year on, given others."""

    name: str
    target: Place
    needs: tuple[Place, ...]
    start: float


def demand_can_be_met(scenario: Scenario, report: Report) -> None:
    """Every demand that must be met has a way to its node in every period that wants it."""
    if len(scenario.regions) * (len(scenario.supply) + len(scenario.processes)) > LARGEST_STUDY:
        return
    ways = _ways(scenario)
    span = scenario.horizon
    periods = range(span.start, span.end + 1, span.step) if span.end >= span.start else range(0)
    for year in periods:
        possible = _possible(ways, year)
        for name, demand in scenario.demand.items():
            if demand.shortfall_cost is not None or any(v < 0 for v in numbers(demand.elasticity)):
                continue
            commodity = traded(name, demand)
            for node, place in _wanted(scenario, commodity, demand.amount, year):
                if (commodity, node) not in possible:
                    reason = _why(ways, (commodity, node), year, possible)
                    message = f"{commodity} is demanded in {place} in {year}, but {reason}"
                    report.add("unreachable", ("demand", name), message)
        if any(problem.code == "unreachable" for problem in report.problems):
            return


def _wanted(scenario: Scenario, commodity: str, amount: Quantity, year: int) -> list[tuple[str, str]]:
    """(node, place as written) where more than nothing is demanded in a year."""
    known = scenario.commodities.get(commodity)
    if known is None:
        return []
    wanted = []
    for place, points in amount.points.items():
        given = [y for y in points if y is not None]
        inside = None in points or (given and min(given) <= year <= max(given))
        near = [v for y, v in points.items() if y is None or v] if inside else []
        if not any(isinstance(v, float) and v > 0 for v in near):
            continue
        for node in nodes(scenario, commodity) if place is None else [node_of(known, place)]:
            wanted.append((node, place or node))
    return wanted


def _ways(scenario: Scenario) -> list[Way]:
    ways = []
    for name, supply in scenario.supply.items():
        start = -math.inf if supply.available_from is None else supply.available_from
        ways += [Way(name, (traded(name, supply), node), (), start) for node in traded_nodes(scenario, name, supply)]
    for name, link in scenario.links.items():
        ends = [(link.from_, link.to)] + ([(link.to, link.from_)] if link.bidirectional else [])
        start = _start(link, None)
        ways += [Way(name, (link.commodity, to), ((link.commodity, at),), start) for at, to in ends]
    return ways + _process_ways(scenario)


def _process_ways(scenario: Scenario) -> list[Way]:
    ways = []
    for name, process in scenario.processes.items():
        groups = [dict(process.flows) | dict(flows) for flows in process.techniques.values()] or [dict(process.flows)]
        runs = [g | dict(mode.flows) for g in groups for mode in process.modes.values()] or groups
        for flows in runs:
            goods = {
                c: q
                for c, q in flows.items()
                if c in scenario.commodities and scenario.commodities[c].kind != "emission"
            }
            for region in standing_regions(scenario, process):
                at = {c: (c, node_of(scenario.commodities[c], region)) for c in goods}
                needs = tuple(at[c] for c, q in goods.items() if numbers(q) and all(v < 0 for v in numbers(q)))
                made = [at[c] for c, q in goods.items() if any(v > 0 for v in numbers(q))]
                ways += [Way(name, target, needs, _start(process, region)) for target in made]
    return ways


def _start(plant: Built, region: str | None) -> float:
    """First year in which a plant can operate in a region: at once if it exists there, else when it may be built."""
    stock = plant.existing.points if plant.existing else {}
    if region is None or region in stock or None in stock or (isinstance(plant, Link) and stock):
        return -math.inf
    return -math.inf if plant.earliest is None else plant.earliest


def _possible(ways: list[Way], year: int) -> set[Place]:
    """All places that may be served: start from all and take out, again and again, what has no way left.

    Loops that feed themselves stay in; only what is impossible for certain goes.
    """
    open_ways = [way for way in ways if way.start <= year]
    left = Counter(way.target for way in open_ways)
    users: dict[Place, list[Way]] = defaultdict(list)
    for way in open_ways:
        for need in way.needs:
            users[need].append(way)
    gone = [need for need in users if not left[need]]
    blocked: set[int] = set()
    while gone:
        for way in users.pop(gone.pop(), ()):
            if id(way) not in blocked:
                blocked.add(id(way))
                left[way.target] -= 1
                if left[way.target] == 0:
                    gone.append(way.target)
    return {place for place, count in left.items() if count > 0}


def _why(ways: list[Way], target: Place, year: int, possible: set[Place]) -> str:
    towards = [w for w in ways if w.target == target]
    if not towards:
        return "nothing makes, supplies or brings it there"
    late = min((w for w in towards), key=lambda w: w.start)
    if late.start > year:
        return f"'{late.name}' is not available before {late.start:.0f}. Start it earlier, or give shortfall_cost"
    way = next(w for w in towards if w.start <= year)
    lacking = next(need for need in way.needs if need not in possible)
    return f"'{way.name}' lacks {lacking[0]} in {lacking[1]}"
