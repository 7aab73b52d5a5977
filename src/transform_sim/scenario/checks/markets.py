"""Markets: every trade has one price, elastic demand its reference, emissions are not goods."""

from __future__ import annotations

from transform_sim.scenario.flows import at
from transform_sim.scenario.markets import Demand
from transform_sim.scenario.problems import Report
from transform_sim.scenario.schema import Scenario
from transform_sim.scenario.tree import Path

from .common import numbers, traded

EMISSION_ONLY = ("scope", "warming_potential")
GOODS_ONLY = ("balance", "implied_store", "carbon_content", "disposal", "secondary")


def prices(scenario: Scenario, report: Report) -> None:
    """A supply has a price or steps; a sale has a price, steps, or a supply that it follows."""
    for section, ways in (("supply", ("price", "steps")), ("sales", ("price", "steps", "follows"))):
        for name, trade in getattr(scenario, section).items():
            given = [way for way in ways if getattr(trade, way)]
            if len(given) != 1:
                choice = f"{', '.join(ways[:-1])} or {ways[-1]}"
                found = f"has {' and '.join(given)}" if given else "has no price"
                report.add("price", (section, name), f"{found}. Give one of {choice}")
            if "spread" in trade.model_fields_set and not getattr(trade, "follows", None):
                report.add("no-effect", (section, name), "spread has no effect without follows", "spread")


def followed(scenario: Scenario, report: Report) -> None:
    """A sale follows a supply of the same commodity."""
    for name, sale in scenario.sales.items():
        supply = scenario.supply.get(sale.follows or "")
        if supply and traded(str(sale.follows), supply) != traded(name, sale):
            message = f"'{sale.follows}' supplies {traded(str(sale.follows), supply)}, not {traded(name, sale)}"
            report.add("price", ("sales", name, "follows"), message)


def elasticity(scenario: Scenario, report: Report) -> None:
    """An elastic demand knows the price at which its amount is wanted, and a range of prices."""
    for name, demand in scenario.demand.items():
        path: Path = ("demand", name)
        elastic = any(v < 0 for v in numbers(demand.elasticity))
        if elastic and demand.reference_price is None:
            report.add(
                "elasticity", path, "elasticity needs reference_price, at which amount is demanded", "elasticity"
            )
        low, high = demand.elastic_range
        if not (0 < low <= 1 <= high and low < high):
            message = f"[{low:g}, {high:g}] is no range above zero that holds the reference price, 1"
            report.add("elasticity", (*path, "elastic_range"), message)
        elif elastic:
            _choked_before_short(demand, path, report)
        if demand.elasticity is None:
            _without_elasticity(demand, path, report)


def _choked_before_short(demand: Demand, path: Path, report: Report) -> None:
    """What is not met costs no less than the highest price of the curve, or the curve would fall again."""
    shortfall, reference, high = demand.shortfall_cost, demand.reference_price, demand.elastic_range[1]
    if shortfall is None or reference is None:
        return
    for year in sorted({*shortfall.years, *reference.years}) or [0]:
        cost, choke = at(shortfall, year), high * at(reference, year)
        if cost < choke - 1e-9 * choke:
            when = f" in {year}" if year else ""
            message = f"{cost:g}{when} is below the highest price of the elastic demand, {high:g} · reference_price = "
            report.add(
                "elasticity", (*path, "shortfall_cost"), f"{message}{choke:g}. Raise it, or narrow elastic_range"
            )
            return


def _without_elasticity(demand: Demand, path: Path, report: Report) -> None:
    for key in ("reference_price", "elastic_steps", "elastic_range"):
        if key in demand.model_fields_set:
            report.add("no-effect", path, f"{key} has no effect without elasticity", key)


def emissions_are_no_goods(scenario: Scenario, report: Report) -> None:
    """Emissions are not traded, stored, carried or demanded; only emissions are released by purchases."""
    kinds: dict[str, str] = {name: commodity.kind for name, commodity in scenario.commodities.items()}
    uses = [(("storages", n), s.commodity) for n, s in scenario.storages.items()]
    uses += [(("links", n), link.commodity) for n, link in scenario.links.items()]
    for section in ("supply", "sales", "demand"):
        uses += [((section, n), traded(n, t)) for n, t in getattr(scenario, section).items()]
    for path, name in uses:
        if kinds.get(name) == "emission":
            report.add("emission", path, f"'{name}' is an emission, which is only released and counted")
    for name, supply in scenario.supply.items():
        for emission in supply.emissions:
            _must_be_emission(kinds, emission, ("supply", name, "emissions"), report, emission)
    for name, process in scenario.processes.items():
        if process.emission:
            _must_be_emission(kinds, process.emission, ("processes", name, "emission"), report)


def _must_be_emission(kinds: dict[str, str], name: str, path: Path, report: Report, key: str | None = None) -> None:
    if kinds.get(name, "emission") != "emission":
        report.add("emission", path, f"'{name}' is of kind {kinds[name]}; it must be an emission", key)


def idle_keys(scenario: Scenario, report: Report) -> None:
    """Keys of a commodity that mean nothing for its kind."""
    for name, commodity in scenario.commodities.items():
        emission = commodity.kind == "emission"
        for key in GOODS_ONLY if emission else EMISSION_ONLY:
            if key in commodity.model_fields_set:
                what = "an emission" if emission else f"a commodity of kind {commodity.kind}"
                report.add("no-effect", ("commodities", name), f"{key} has no effect for {what}", key)
