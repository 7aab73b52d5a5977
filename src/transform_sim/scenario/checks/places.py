"""Places: values by region or node name real ones, links end at nodes, stock stands where it may."""

from __future__ import annotations

from collections.abc import Collection

from transform_sim.scenario.base import Section
from transform_sim.scenario.flexibility import FlexibleLoad
from transform_sim.scenario.markets import Demand, Disposal, Resource, Step, Trade
from transform_sim.scenario.network import NetworkCharge
from transform_sim.scenario.plants import Built, Link
from transform_sim.scenario.policies import CapacityMargin, Policies
from transform_sim.scenario.problems import Report, did_you_mean
from transform_sim.scenario.quantity import Quantity
from transform_sim.scenario.schema import Scenario
from transform_sim.scenario.tree import Key, Path

from .common import names, nodes, sections, standing_regions, traded, traded_nodes
from .coverage import emitting_nodes


def values_by_place(scenario: Scenario, report: Report) -> None:
    """The regions or nodes by which a value is given."""
    for path, section in sections(scenario):
        known = _known_places(scenario, report, path, section)
        for field, info in type(section).model_fields.items():
            value = getattr(section, field)
            if isinstance(value, Quantity) and known:
                for place in value.regions:
                    if place not in known:
                        where = (*path, info.alias or field)
                        message = f"'{place}' is no place for this value{did_you_mean(place, known)}"
                        report.add("unknown-name", where, message, place)


def _known_places(scenario: Scenario, report: Report, path: Path, section: Section) -> Collection[Key]:
    """The names that values of a section may be given by."""
    regions = names(report, "regions")
    if isinstance(section, Link):
        return [section.from_]
    if isinstance(section, Trade | Step):
        trade = getattr(scenario, str(path[0]))[path[1]]
        return nodes(scenario, traded(str(path[1]), trade))
    if isinstance(section, Demand):
        return list(dict.fromkeys([*regions, *nodes(scenario, traded(str(path[1]), section))]))
    if isinstance(section, FlexibleLoad):
        return list(dict.fromkeys([*regions, *nodes(scenario, section.commodity)]))
    if isinstance(section, NetworkCharge | CapacityMargin):
        return nodes(scenario, section.commodity)
    if isinstance(section, Policies):
        return list(dict.fromkeys([*regions, *emitting_nodes(scenario)]))
    if isinstance(section, Resource):
        bought = [(n, scenario.supply[n]) for n in section.purchases if n in scenario.supply]
        return list(dict.fromkeys([*regions, *(node for b in bought for node in traded_nodes(scenario, *b))]))
    if isinstance(section, Disposal):
        return nodes(scenario, str(path[1]))
    return regions


def trade_places(scenario: Scenario, report: Report) -> None:
    """Where a trade takes place, and that its price is known there."""
    for kind in ("supply", "sales"):
        for name, trade in getattr(scenario, kind).items():
            if trade.regions is not None:
                own = nodes(scenario, traded(name, trade))
                known = dict.fromkeys([*own, *names(report, "regions")])
                for position, place in enumerate(trade.regions):
                    if own and place not in known:
                        message = f"unknown place '{place}'{did_you_mean(place, known)}"
                        report.add("unknown-name", (kind, name, "regions"), message, position)
            curve = [("price", trade.price), *((("steps", k, "price"), s.price) for k, s in enumerate(trade.steps))]
            for field, price in curve:
                if price and price.regions:
                    path: Path = (kind, name, *((field,) if isinstance(field, str) else field))
                    _priced(path, price, traded_nodes(scenario, name, trade), report)


def disposal_places(scenario: Scenario, report: Report) -> None:
    """The cost of disposal is known at each node."""
    for name, commodity in scenario.commodities.items():
        if commodity.disposal and commodity.disposal.cost.regions:
            path = ("commodities", name, "disposal", "cost")
            _priced(path, commodity.disposal.cost, nodes(scenario, name), report)


def _priced(path: Path, price: Quantity, here: list[str], report: Report) -> None:
    missing = [node for node in here if node not in price.points]
    if missing:
        hint = "Name them, or limit it with regions" if path[0] != "commodities" else "Name them"
        report.add("price", path, f"nothing is given for {', '.join(missing[:5])}. {hint}")


def link_ends(scenario: Scenario, report: Report) -> None:
    """Links join two different nodes of their commodity."""
    for name, link in scenario.links.items():
        own = nodes(scenario, link.commodity)
        for key, end in (("from", link.from_), ("to", link.to)):
            if own and end not in own:
                message = f"'{end}' is no node of {link.commodity}{did_you_mean(end, own)}"
                report.add("link", ("links", name, key), message)
        if link.from_ == link.to:
            report.add("link", ("links", name), f"both ends are '{link.to}'; a link joins two nodes")


def stock_in_place(scenario: Scenario, report: Report) -> None:
    """Existing capacity stands in regions where its plant may stand."""
    for path, plant in sections(scenario):
        if not isinstance(plant, Built) or isinstance(plant, Link) or plant.existing is None:
            continue
        allowed = standing_regions(scenario, plant)  # type: ignore[arg-type]
        for region in plant.existing.regions:
            if region in scenario.regions and region not in allowed:
                message = f"stands in '{region}', where it may not stand; regions names {', '.join(allowed)}"
                report.add("region", (*path, "existing"), message, region)
