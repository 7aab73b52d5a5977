"""What only all sectors together show: names given twice, names that nobody has, carbon that does not close."""

from __future__ import annotations

from typing import Any

from transform_sim.errors import ScenarioError
from transform_sim.scenario import loads
from transform_sim.scenario.problems import Problem, dotted
from transform_sim.scenario.tree import from_dotted, locate
from transform_sim.scenario.write import write

from .sectors import Sector

FRAME = {
    "name": "catalogue",
    "currency": "EUR2020",
    "horizon": {"start": 2025, "end": 2050, "step": 5},
    "regions": {"here": {}, "there": {}},
}


def names_once(sectors: list[Sector]) -> None:
    """A name stands for one entry, whatever its section, so that people can ask for it by name."""
    seen: dict[str, str] = {}
    for sector in sectors:
        for section, name, node in sector.entries():
            if name in seen:
                sector.tell((section, name), f"'{name}' is the name of an entry in {seen[name]} too")
            seen.setdefault(name, f"{node.file}:{node.line}")


def whole_study(sectors: list[Sector]) -> dict[str, Any]:
    """One study with every entry, its profiles and loads invented; links go from here to there."""
    study: dict[str, Any] = dict(FRAME)
    for sector in sectors:
        for section, entries in sector.shipped.items():
            study.setdefault(section, {}).update(entries)
    for name, link in study.get("links", {}).items():
        study["links"][name] = {**link, "from": "here", "to": "there", "length": 1}
    for name, load in study.get("flexible_loads", {}).items():
        study["flexible_loads"][name] = load if "process" in load else {**load, "load": "100 MW"}
    used = [p.get("availability_profile") for p in study.get("processes", {}).values()]
    profiles = {str(name): "package:de_2025/solar_pv" for name in used if name}
    return study | ({"profiles": profiles} if profiles else {})


def whole_problems(sectors: list[Sector]) -> list[Problem]:
    """Load one study with every entry; its problems at the authored lines."""
    if any(sector.problems for sector in sectors):
        return []  # values that are missing would be told twice
    try:
        loads(write(whole_study(sectors)))
    except ScenarioError as error:
        return [_authored(problem, sectors) for problem in error.problems]
    return []


def _authored(problem: Problem, sectors: list[Sector]) -> Problem:
    path = from_dotted(problem.path) if problem.path else ()
    for sector in sectors:
        part = sector.tree.mapping.get(str(path[0])) if path else None
        if part is not None and len(path) > 1 and path[1] in part.mapping:
            node = locate(sector.tree, path)
            return Problem(problem.code, node.file, node.line, dotted(path), problem.message)
    return problem
