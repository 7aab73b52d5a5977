"""Network charges: each counts purchases of its commodity, has prices there, and the keys of its regulation."""

from __future__ import annotations

from transform_sim.scenario.network import NetworkCharge, discount_at, discounts
from transform_sim.scenario.problems import Report
from transform_sim.scenario.profiles import numbers as values_of
from transform_sim.scenario.schema import Scenario
from transform_sim.scenario.tree import Path

from .common import node_of, nodes, numbers, places_exist, traded, traded_nodes

BELONGS = {"least_share": "atypical", "hours": "baseload", "share": "baseload"}
"""Regulation in which a key means something; a key that is not here suits all."""


def purchases(scenario: Scenario, report: Report) -> None:
    """The supplies that are named sell the commodity, and something is bought where it is charged."""
    for name, charge in scenario.network_charges.items():
        path: Path = ("network_charges", name)
        known = scenario.commodities.get(charge.commodity)
        if known is None:
            continue
        if known.kind == "emission":
            message = f"'{charge.commodity}' is an emission, which nobody buys"
            report.add("network-charge", (*path, "commodity"), message)
            continue
        for position, supply in enumerate(charge.supply or ()):
            trade = scenario.supply.get(supply)
            if trade and traded(supply, trade) != charge.commodity:
                message = f"'{supply}' supplies {traded(supply, trade)}, not {charge.commodity}"
                report.add("network-charge", (*path, "supply"), message, position)
        found = places_exist(scenario, charge.commodity, charge.regions, path, report)
        if found and not charged_nodes(scenario, charge):
            report.add("network-charge", path, f"no {charge.commodity} that counts is bought where it is charged")


def charged_nodes(scenario: Scenario, charge: NetworkCharge) -> list[str]:
    """The nodes where purchases that count are made."""
    known = scenario.commodities[charge.commodity]
    everywhere = nodes(scenario, charge.commodity)
    here = (
        None if charge.regions is None else {node_of(known, r) if r in scenario.regions else r for r in charge.regions}
    )
    bought = {
        node
        for name, supply in scenario.supply.items()
        if traded(name, supply) == charge.commodity and (charge.supply is None or name in charge.supply)
        for node in traded_nodes(scenario, name, supply)
    }
    return [node for node in everywhere if node in bought and (here is None or node in here)]


def prices(scenario: Scenario, report: Report) -> None:
    """A charge has a price, and one by place names every node where it is charged."""
    for name, charge in scenario.network_charges.items():
        path: Path = ("network_charges", name)
        here = charged_nodes(scenario, charge) if charge.commodity in scenario.commodities else []
        if not {"energy", "capacity"} & charge.model_fields_set:
            report.add("price", path, "has no price. Give energy, capacity or both")
        for key in ("energy", "capacity"):
            given = getattr(charge, key).regions
            missing = [node for node in here if node not in given] if given else []
            if missing:
                message = f"nothing is given for {', '.join(missing[:5])}. Name them, or limit it with regions"
                report.add("price", (*path, key), message)


def regulations(scenario: Scenario, report: Report) -> None:
    """A regulation has the keys that it needs; keys of another have no effect, save the window, which is compared."""
    for name, charge in scenario.network_charges.items():
        path: Path = ("network_charges", name)
        for key, suits in BELONGS.items():
            if key in charge.model_fields_set and charge.regulation != suits:
                report.add("no-effect", path, f"{key} has no effect with regulation {charge.regulation}", key)
        if (charge.available_until or 9999) < (charge.available_from or 0):
            message = f"{charge.available_until} lies before available_from, {charge.available_from}"
            report.add("years", (*path, "available_until"), message)
        if charge.regulation == "atypical" and charge.high_load_window is None:
            message = "regulation atypical needs high_load_window, the hours whose peak counts"
            report.add("network-charge", path, message, "regulation")
        hours = sum(numbers(charge.hours))
        if charge.regulation == "baseload" and charge.share is None and hours and discount_at(hours) is None:
            message = f"{hours:g} hours of use earn no discount; it begins at {discounts()[0].hours:g}. Give share"
            report.add("network-charge", (*path, "hours"), message)
        given = scenario.profiles.get(charge.high_load_window or "", "")
        other = [v for v in values_of(given) if v not in (0.0, 1.0)]
        if other:
            message = f"holds {other[0]:g}, but as network_charges.{name}.high_load_window it must be 0 or 1"
            report.add("profile-values", ("profiles", str(charge.high_load_window)), message)
