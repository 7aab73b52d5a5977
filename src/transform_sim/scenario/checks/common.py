"""What several checks ask of a scenario: its parts, its names, its nodes."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator
from typing import Any

from transform_sim.scenario.base import Section
from transform_sim.scenario.markets import Commodity, Demand, Trade
from transform_sim.scenario.plants import Process, Storage
from transform_sim.scenario.problems import Report, did_you_mean
from transform_sim.scenario.quantity import Quantity
from transform_sim.scenario.schema import Scenario
from transform_sim.scenario.tree import Key, Path

PLANTS = ("processes", "storages", "links")
GRIDS = ("year", "day", "hour")
WORDS = {
    "commodities": "commodity", "processes": "process", "storages": "storage", "links": "link", "supply": "supply",
    "sales": "sale", "demand": "demand", "regions": "region", "profiles": "profile", "resources": "resource",
    "plants": "process, storage or link", "flexible_loads": "flexible load", "free_allocation": "free allocation",
    "budgets": "public budget",
}  # fmt: skip


def names(report: Report, section: str) -> Collection[Key]:
    """The names of a section as written, those of entries that had to be left out included."""
    if section == "plants":
        return [name for part in PLANTS for name in names(report, part)]
    policies = report.tree.mapping.get("policies")
    written = report.tree.mapping.get(section) or (policies.mapping.get(section) if policies else None)
    return written.mapping.keys() if written else ()


def sections(value: Any, path: Path = ()) -> Iterator[tuple[Path, Section]]:
    """Every section of the scenario with its path, outer ones first."""
    if isinstance(value, Section):
        yield path, value
        for name, info in type(value).model_fields.items():
            yield from sections(getattr(value, name), (*path, info.alias or name))
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from sections(item, (*path, key))
    elif isinstance(value, tuple) and value and isinstance(value[0], Section):
        for position, item in enumerate(value):
            yield from sections(item, (*path, position))


def node_of(commodity: Commodity, region: str) -> str:
    """The node where a commodity balances in a region."""
    if commodity.area is None:
        return region
    return commodity.area if isinstance(commodity.area, str) else commodity.area.get(region, region)


def nodes(scenario: Scenario, commodity: str) -> list[str]:
    """The nodes of a commodity; none for one that does not exist."""
    known = scenario.commodities.get(commodity)
    return list(dict.fromkeys(node_of(known, r) for r in scenario.regions)) if known else []


def emission_nodes(scenario: Scenario, emission: str, commodity: str, node: str) -> list[str]:
    """The nodes that the regions behind a node of a commodity have for an emission.

    What is bought or disposed of there emits at that node if it is one; if they are several, at its own.
    """
    own, target = scenario.commodities[commodity], scenario.commodities[emission]
    return list(dict.fromkeys(node_of(target, r) for r in scenario.regions if node_of(own, r) == node))


def traded(name: str, trade: Trade | Demand) -> str:
    """The commodity of a trade or demand."""
    return trade.commodity or name


def traded_nodes(scenario: Scenario, name: str, trade: Trade) -> list[str]:
    """The nodes where a trade takes place; names that are no place (reported elsewhere) are left out."""
    commodity = traded(name, trade)
    everywhere = nodes(scenario, commodity)
    if trade.regions is None or not everywhere:
        return everywhere
    known = scenario.commodities[commodity]
    chosen = dict.fromkeys(node_of(known, r) if r in scenario.regions else r for r in trade.regions)
    return [node for node in everywhere if node in chosen]


def places_exist(
    scenario: Scenario, commodity: str, chosen: tuple[str, ...] | None, path: Path, report: Report
) -> bool:
    """Whether all chosen places are regions or nodes of a commodity; those that are not are reported."""
    known = dict.fromkeys([*nodes(scenario, commodity), *names(report, "regions")])
    unknown = [(k, place) for k, place in enumerate(chosen or ()) if place not in known]
    for position, place in unknown:
        report.add("unknown-name", (*path, "regions"), f"unknown place '{place}'{did_you_mean(place, known)}", position)
    return not unknown


def named_once(chosen: tuple[str, ...], path: Path, report: Report) -> None:
    """A list holds each name once, as what is named twice would count twice."""
    for name in dict.fromkeys(n for n in chosen if chosen.count(n) > 1):
        report.add("repeated-name", path, f"'{name}' stands twice. Name it once")


def standing_regions(scenario: Scenario, plant: Process | Storage) -> list[str]:
    """The regions where a process or storage may stand."""
    return list(scenario.regions) if plant.regions is None else list(plant.regions)


def all_flows(process: Process) -> Iterator[tuple[Path, str, Quantity]]:
    """(where, commodity, flow) of a process: common, by mode, by technique."""
    groups: list[tuple[Path, Any]] = [(("flows",), process.flows)]
    groups += [(("modes", name, "flows"), mode.flows) for name, mode in process.modes.items()]
    groups += [(("techniques", year), flows) for year, flows in process.techniques.items()]
    for where, flows in groups:
        for commodity, flow in flows.items():
            yield where, commodity, flow


def numbers(quantity: Quantity | None) -> list[float]:
    """The readable numbers of a quantity."""
    if quantity is None:
        return []
    return [v for *_, v in quantity.items() if isinstance(v, float) and not math.isnan(v)]


def finest(grids: list[str]) -> str:
    """The finest of some grids, `year` if there are none."""
    return max(grids, key=GRIDS.index, default="year")


def effective_grid(scenario: Scenario, commodity: str) -> str:
    """The finer of a commodity's declared grid and that of any storage of it."""
    stores = [s.balance for s in scenario.storages.values() if s.commodity == commodity and s.balance]
    return finest([scenario.commodities[commodity].balance, *stores])
