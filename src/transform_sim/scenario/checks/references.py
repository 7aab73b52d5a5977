"""Names: each refers to something that exists, none stands for two things, all can be written in a path."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from transform_sim.scenario.entries import lacking, shipped
from transform_sim.scenario.markets import Commodity, Demand, Trade
from transform_sim.scenario.problems import Report, did_you_mean
from transform_sim.scenario.schema import Scenario
from transform_sim.scenario.tree import Key, Path, locate

from .common import PLANTS, WORDS, names, sections

NAME = re.compile(r"(?=.*[^\d])[^\W][\w+-]*")
NAMED = ("regions", "commodities", *PLANTS, "supply", "sales", "demand", "flexible_loads",
         "network_charges", "resources", "profiles")  # fmt: skip

POLICIES = ("free_allocation", "power_compensation", "border_adjustment", "carbon_contracts", "grants", "budgets",
            "quotas", "capacity_margins")  # fmt: skip


def references(scenario: Scenario, report: Report) -> None:
    """Every name in a field that refers to a section of the scenario."""
    for path, section in sections(scenario):
        for field, info in type(section).model_fields.items():
            extra = info.json_schema_extra if isinstance(info.json_schema_extra, dict) else {}
            value = getattr(section, field)
            where = (*path, info.alias or field)
            for kind, used in ((extra.get("x-names"), _values(value)), (extra.get("x-keys"), _keys(value))):
                if kind:
                    _look_up(str(kind), used, where, scenario, report)


def own_names(scenario: Scenario, report: Report) -> None:
    """Supplies, sales and demands without `commodity` are named like one."""
    commodities = names(report, "commodities")
    for section in ("supply", "sales", "demand"):
        for name, item in getattr(scenario, section).items():
            assert isinstance(item, Trade | Demand)
            if item.commodity is None and name not in commodities:
                known = did_you_mean(name, commodities)
                hint = known if "mean" in known else ""
                report.add("unknown-name", (section, name), f"'{name}' is no commodity, and none is named{hint}")


def spelling(scenario: Scenario, report: Report) -> None:
    """Names are made of letters, digits, '_', '-', '+', so that dotted paths and column names stay readable."""
    entries: list[tuple[Path, str]] = [((s, n), n) for s in NAMED for n in getattr(scenario, s)]
    processes = scenario.processes.items()
    entries += [(("processes", n, "modes", mode), mode) for n, process in processes for mode in process.modes]
    entries += [(("commodities", n, "area"), a) for n, c in scenario.commodities.items() for a in _areas(c)]
    entries += [(("policies", kind, n), n) for kind in POLICIES for n in getattr(scenario.policies, kind)]
    entries += [(("time", "slices", n), n) for n in getattr(scenario.time, "slices", ())]
    entries += [((), scenario.name)] if not _fits(scenario.name) else []
    for path, name in entries:
        if not _fits(name):
            where = path[:-1] if path else ("name",)
            message = f"name '{name}' does not fit. Use letters, digits, '_', '-', '+', and not digits alone"
            report.add("bad-name", where, message, path[-1] if path else None)


def _areas(commodity: Commodity) -> list[str]:
    area = commodity.area
    return [] if area is None else [area] if isinstance(area, str) else list(area.values())


def _fits(name: str) -> bool:
    return NAME.fullmatch(name) is not None and len(name) <= 60


def unique_plants(scenario: Scenario, report: Report) -> None:
    """Processes, storages and links share one space of names."""
    seen: dict[str, str] = {}
    for section in PLANTS:
        for name in getattr(scenario, section):
            if name in seen:
                report.add("repeated-name", (section, name), f"'{name}' is the name of a {WORDS[seen[name]]} too")
            seen.setdefault(name, section)


def _look_up(
    kind: str, used: Iterator[tuple[Key | None, str]], where: Path, scenario: Scenario, report: Report
) -> None:
    known = names(report, kind)
    for key, name in used:
        if name not in known:
            taken = shipped(locate(report.tree, where if key is None else (*where, key)))
            hint = lacking(kind, name, where, key) if taken else did_you_mean(name, known)
            report.add("unknown-name", where, f"unknown {WORDS[kind]} '{name}'{hint}", key)


def _values(value: Any) -> Iterator[tuple[Key | None, str]]:
    """(key to find the line, name) of each name in a value: one, a list, or the values of a mapping."""
    if isinstance(value, str):
        yield None, value
    elif isinstance(value, tuple):
        yield from enumerate(value)
    elif isinstance(value, dict):
        yield from value.items()


def _keys(value: Any) -> Iterator[tuple[Key | None, str]]:
    """(key, name) of each name that is a key; flows by year of build hold them one level deeper."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if isinstance(key, int):
                yield from ((key, name) for name in inner)
            else:
                yield key, key
