"""Demand that nothing can meet: no supply, process or link can deliver it by the year it is wanted."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from dataclasses import dataclass

from transform_sim.scenario.flows import points_at, runs
from transform_sim.scenario.plants import Built
from transform_sim.scenario.problems import Report
from transform_sim.scenario.quantity import Quantity
from transform_sim.scenario.schema import Scenario

from .common import node_of, nodes, numbers, standing_regions, traded, traded_nodes

Place = tuple[str, str]  # commodity, node
LARGEST_STUDY = 200_000
"""Above this many plants and supplies times regions the question is left to the solver."""


@dataclass(frozen=True)
class Way:
    """One way to have a commodity at a node, given others, in some of the periods."""

    name: str
    target: Place
    needs: tuple[Place, ...]
    years: frozenset[int]


def demand_can_be_met(scenario: Scenario, report: Report) -> None:
    """Every demand that must be met has a way to its node in every period that wants it."""
    if len(scenario.regions) * (len(scenario.supply) + len(scenario.processes)) > LARGEST_STUDY:
        return
    periods = _periods(scenario)
    ways = _ways(scenario)
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
        if not points_at(points, year) > 0:
            continue
        for node in nodes(scenario, commodity) if place is None else [node_of(known, place)]:
            wanted.append((node, place or node))
    return wanted


def _periods(scenario: Scenario) -> range:
    span = scenario.horizon
    return range(span.start, span.end + 1, span.step) if span.end >= span.start else range(0)


def _ways(scenario: Scenario) -> list[Way]:
    ways = []
    for name, supply in scenario.supply.items():
        first = -math.inf if supply.available_from is None else supply.available_from
        years = frozenset(y for y in _periods(scenario) if y >= first)
        ways += [Way(name, (traded(name, supply), node), (), years) for node in traded_nodes(scenario, name, supply)]
    for name, link in scenario.links.items():
        ends = [(link.from_, link.to)] + ([(link.to, link.from_)] if link.bidirectional else [])
        years = _stands(scenario, link, None, renewed=False)
        ways += [Way(name, (link.commodity, to), ((link.commodity, at),), years) for at, to in ends]
    return ways + _process_ways(scenario)


def _process_ways(scenario: Scenario) -> list[Way]:
    ways = []
    targets = {t for p in scenario.processes.values() for t in p.retrofits}
    for name, process in scenario.processes.items():
        renewed = process.reinvest is not None or name in targets
        for run in runs(process):
            goods = {
                c: q
                for c, q in run.flows.items()
                if c in scenario.commodities and scenario.commodities[c].kind != "emission"
            }
            for region in standing_regions(scenario, process):
                at = {c: (c, node_of(scenario.commodities[c], region)) for c in goods}
                needs = tuple(at[c] for c, q in goods.items() if numbers(q) and all(v < 0 for v in numbers(q)))
                made = [at[c] for c, q in goods.items() if any(v > 0 for v in numbers(q))]
                years = _stands(scenario, process, region, renewed=renewed)
                ways += [Way(name, target, needs, years) for target in made]
    return ways


def _stands(scenario: Scenario, plant: Built, region: str | None, *, renewed: bool) -> frozenset[int]:
    """Periods in which a plant may have capacity in a region: what exists, and what may be built, while it lives.

    Plants that can be renewed or converted to are taken to last, since their campaigns follow one another.
    """
    life = math.inf if renewed else max((v for v in numbers(plant.lifetime)), default=math.inf)
    stock = plant.existing.points if plant.existing else {}
    own = [stock[r] for r in (region, None) if r in stock] if region else list(stock.values())
    first = -math.inf if plant.earliest is None else plant.earliest
    last = math.inf if plant.latest is None else plant.latest
    step, periods = scenario.horizon.step, _periods(scenario)
    starts = [year for points in own for year in points]
    built = [v for v in periods if first <= v <= last]
    if renewed:  # a conversion needs no new capacity of its own
        built += [v for v in periods if v >= first]
    return frozenset(
        y
        for y in periods
        if any(s is None or (s < y + step and s + life > y) for s in starts) or any(v <= y < v + life for v in built)
    )


def _possible(ways: list[Way], year: int) -> set[Place]:
    """All places that may be served: start from all and take out, again and again, what has no way left.

    Loops that feed themselves stay in; only what is impossible for certain goes.
    """
    open_ways = [way for way in ways if year in way.years]
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
    ready = [w for w in towards if year in w.years]
    if not ready:
        names = list(dict.fromkeys(f"'{w.name}'" for w in towards))
        none = f"{names[0]} is not" if len(names) == 1 else f"none of {', '.join(names)} is"
        later = [y for w in towards for y in w.years if y > year]
        when = f"before {min(later)}" if later else "by then or later"
        return f"{none} available {when}. Give it capacity by then, or give shortfall_cost"
    lacking = next(need for need in ready[0].needs if need not in possible)
    return f"'{ready[0].name}' lacks {lacking[0]} in {lacking[1]}"
