"""After validation: every quantity into its field's default unit, which may depend on other parts of the file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from . import money, units
from .base import FrozenDict, Section
from .convert import Converter, Spec, unreadable
from .flexibility import FlexibleLoad
from .markets import Commodity, Demand, Resource, Trade
from .network import NetworkCharge
from .plants import Link, Process, Storage
from .policies import CapacityMargin, Quota
from .problems import Report
from .profiles import resolve_profiles
from .quantity import Quantity
from .schema import Scenario
from .support import CarbonContract
from .tables import Site, Tables
from .transfers import BorderAdjustment, OutputPayment
from .tree import Key, Path

S = TypeVar("S", bound=Section)


@dataclass(frozen=True)
class Context:
    """What the unit templates of a section are filled with."""

    scenario: Scenario
    report: Report
    tables: Tables
    sites: list[Site]
    words: Mapping[str, str] = field(default_factory=dict)

    def having(self, **words: str | None) -> Context:
        """The same with further words; one that is None is not known here."""
        kept = {k: w for k, w in self.words.items() if k not in words}
        return replace(self, words=kept | {k: w for k, w in words.items() if w})

    def unit(self, template: str) -> str | None:
        """The template filled in; None if a word is missing because a name or unit is (reported elsewhere)."""
        try:
            filled = template.format(**self.words)
        except KeyError:
            return None
        return re.sub(r"\((\w+)\)", r"\1", filled)


def resolve(scenario: Scenario, tables: Tables, report: Report) -> Scenario:
    """The scenario with all quantities as floats in default units and all tables read; problems are reported."""
    context = Context(scenario, report, tables, [], {"currency": _currency(scenario, report)})
    for section in ("commodities", "processes", "resources"):
        for name, item in getattr(scenario, section).items():
            fault = units.fault_of(item.unit, amount=section != "resources")
            if fault and not (section == "resources" and _is_label(item.unit)):
                report.add("unknown-unit", (section, name), fault, "unit")
    resolved = _section(scenario, (), context)
    resolved = _copy(resolved, {"profiles": resolve_profiles(scenario, tables, report)})
    resolved._sites = tuple(context.sites)
    return resolved


def _currency(scenario: Scenario, report: Report) -> str:
    if money.is_currency(scenario.currency):
        return scenario.currency
    message = f"'{scenario.currency}' is not EUR of a year with a price index, such as EUR2020"
    report.add("unknown-currency", ("currency",), message)
    return "EUR2020"


def _section(section: S, path: Path, context: Context) -> S:
    context = _context(section, path, context)
    changed: dict[str, Any] = {}
    for name, info in type(section).model_fields.items():
        value = getattr(section, name)
        new = _value(value, Spec.of(info.json_schema_extra), (*path, info.alias or name), context)
        if new is not value:
            changed[name] = new
    return _copy(section, changed) if changed else section


def _copy(section: S, changed: dict[str, Any]) -> S:
    """A copy with other values that still knows which fields the file gives."""
    copy = section.model_copy(update=changed)
    object.__setattr__(copy, "__pydantic_fields_set__", set(section.model_fields_set))
    return copy


def _value(value: Any, spec: Spec | None, path: Path, context: Context) -> Any:
    """A field's value resolved: a quantity, a section, or a list or mapping of them."""
    if isinstance(value, Quantity):
        return _quantity(value, spec, path, context) if spec else value
    if isinstance(value, Section):
        return _section(value, path, context)
    if isinstance(value, tuple) and value and isinstance(value[0], Section | Quantity):
        return tuple(_value(item, spec, (*path, i), context) for i, item in enumerate(value))
    if isinstance(value, dict) and any(isinstance(v, Quantity | Section | dict) for v in value.values()):
        return FrozenDict({k: _value(v, spec, (*path, k), _keyed(k, path, context)) for k, v in value.items()})
    return value


def _quantity(quantity: Quantity, spec: Spec, path: Path, context: Context) -> Quantity:
    per_km = "/km" if "per_length" in context.words and path[-1] in ("capex", "fixed_opex") else ""
    unit = context.unit(spec.unit + per_km)
    if unit is None:
        return unreadable(quantity)  # the unit hangs on a name or unit that is reported elsewhere
    converter = Converter(spec, unit, context.words["currency"], context.report)
    if path[0] == "links" and path[-1] in ("capex", "fixed_opex") and not per_km and converter.reads(quantity, "/km"):
        message = "'length' is missing: what is given per km is multiplied by it. Add for example length: 100 km"
        context.report.add("missing-key", path[:2], message)
        return unreadable(quantity)
    if quantity.table is None:
        return converter.quantity(quantity, path)
    if path[-1] == "existing":
        return _stock(quantity, converter, path, context)
    return converter.quantity(context.tables.quantity(quantity, path), path)


def _stock(quantity: Quantity, converter: Converter, path: Path, context: Context) -> Quantity:
    """Existing capacity from a table of sites, summed by region and year; the sites are kept."""
    assert quantity.table is not None
    sites = context.tables.sites(quantity.table, str(path[1]), _plants(context.report), converter.number, path)
    context.sites.extend(sites)
    points: dict[str | None, dict[int | None, float]] = {}
    for site in sites:
        years = points.setdefault(site.region, {})
        years[site.start] = years.get(site.start, 0.0) + site.capacity
    if not points:
        return unreadable(quantity)
    frozen = FrozenDict({region: FrozenDict(years) for region, years in points.items()})
    provenance = converter.provenance(quantity.provenance, path)
    return replace(quantity, points=frozen, provenance=provenance, unit=converter.unit)


def _plants(report: Report) -> list[Key]:
    """Every plant as written, those that had to be left out included."""
    written = (report.tree.mapping.get(section) for section in ("processes", "storages", "links"))
    return [name for part in written if part for name in part.mapping]


def _keyed(key: Any, path: Path, context: Context) -> Context:
    """The words that the key of a mapping brings: a flow's commodity, a resource's user."""
    context = context.having(commodity=_commodity_unit(context.scenario, key))
    if path[0] == "resources" and len(path) == 3:
        unit = _trade_unit if path[2] == "purchases" else _activity_unit
        context = context.having(activity=unit(context.scenario, key), capacity=_capacity_unit(context.scenario, key))
    return context


def _context(section: Section, path: Path, context: Context) -> Context:
    scenario, name = context.scenario, path[-1] if path else ""
    if isinstance(section, Process | Storage | Link):
        per_length = "km" if isinstance(section, Link) and section.length else None
        unit, capacity = _activity_unit(scenario, name), _capacity_unit(scenario, name)
        return context.having(unit=unit, capacity=capacity, per_length=per_length)
    if isinstance(section, Trade | Demand):
        return context.having(unit=_commodity_unit(scenario, section.commodity or name))
    if isinstance(section, CarbonContract):
        named = section.process
        return context.having(unit=_activity_unit(scenario, named), capacity=_capacity_unit(scenario, named))
    if isinstance(section, FlexibleLoad | NetworkCharge | OutputPayment | BorderAdjustment | Quota | CapacityMargin):
        return context.having(unit=_commodity_unit(scenario, section.commodity))
    if isinstance(section, Commodity | Resource):
        return context.having(unit=_good(section.unit, amount=isinstance(section, Commodity)))
    return context


def _good(unit: str, amount: bool = True) -> str | None:
    return unit if (not amount and _is_label(unit)) or not units.fault_of(unit, amount) else None


def _is_label(unit: str) -> bool:
    """Resources may be counted in anything: jobs, trips."""
    return re.fullmatch(r"[A-Za-z_]+", unit) is not None


def _commodity_unit(scenario: Scenario, name: Any) -> str | None:
    commodity = scenario.commodities.get(name)
    return _good(commodity.unit) if commodity else None


def _trade_unit(scenario: Scenario, name: Any) -> str | None:
    supply = scenario.supply.get(name)
    return _commodity_unit(scenario, supply.commodity or name) if supply else None


def _activity_unit(scenario: Scenario, name: Any) -> str | None:
    """Unit of what a process makes, a store or link carries."""
    if name in scenario.processes:
        return _good(scenario.processes[name].unit)
    carrier = scenario.storages.get(name) or scenario.links.get(name)
    return _commodity_unit(scenario, carrier.commodity) if carrier else None


def _capacity_unit(scenario: Scenario, name: Any) -> str | None:
    """Unit of capacity of a process, store or link."""
    unit = _activity_unit(scenario, name)
    if unit is None or name in scenario.storages:
        return unit
    return units.capacity_unit(unit)
