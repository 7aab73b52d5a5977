"""Coverage: a value given by place names every place where it is needed, so that nothing is left out unseen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from transform_sim.scenario.base import Section
from transform_sim.scenario.carbon import (
    CHARGED,
    Origins,
    carries,
    is_counted,
    main_emission,
    possible_origins,
    uses_co2,
)
from transform_sim.scenario.flows import Run, runs
from transform_sim.scenario.plants import Process, Storage
from transform_sim.scenario.problems import Report
from transform_sim.scenario.schema import Scenario
from transform_sim.scenario.tree import Path

from .carbon import derived
from .common import (
    emission_nodes,
    named_once,
    node_of,
    nodes,
    numbers,
    sections,
    standing_regions,
    traded,
    traded_nodes,
)


def chosen_places(scenario: Scenario, report: Report) -> None:
    """A list of regions holds at least one, and each once: a plant named twice would count twice."""
    for path, section in sections(scenario):
        regions = getattr(section, "regions", None)
        chosen: tuple[str, ...] = regions if isinstance(regions, tuple) else ()  # the scenario's own is a mapping
        named_once(chosen, (*path, "regions"), report)
        if getattr(section, "regions", None) == ():
            report.add(
                "missing-key", (*path, "regions"), "nothing is given; name one at least, or leave it out for all"
            )


def availability_everywhere(scenario: Scenario, report: Report) -> None:
    """Availability by region and profiles by region name every region where the process may stand."""
    for name, process in scenario.processes.items():
        here, profile = standing_regions(scenario, process), process.availability_profile
        given = {"availability": process.availability.regions}
        given["availability_profile"] = () if profile is None or isinstance(profile, str) else tuple(profile)
        for key, regions in given.items():
            missing = [region for region in here if region not in regions]
            if regions and missing:
                message = f"nothing is given for {', '.join(missing[:5])}. Name them, or limit the process with regions"
                report.add("missing-place", ("processes", name, key), message)


def stock_has_a_place(scenario: Scenario, report: Report) -> None:
    """Existing capacity says where it stands, if it may stand in several regions."""
    plants: dict[Path, Section] = {("processes", n): p for n, p in scenario.processes.items()}
    plants |= {("storages", n): s for n, s in scenario.storages.items()}
    for path, plant in plants.items():
        assert isinstance(plant, Process | Storage)
        here = standing_regions(scenario, plant)
        if plant.existing and not plant.existing.regions and numbers(plant.existing) and len(here) > 1:
            message = f"it may stand in {', '.join(here[:5])}; say where. Write {{{here[0]}: …}}"
            report.add("missing-place", (*path, "existing"), message)


def capped_places(scenario: Scenario, report: Report) -> None:
    """A cap by place names every area where counted emissions arise, and nothing where none can.

    It also names a node whose trade or disposal stands for several places, if it names one of these.
    """
    cap = scenario.policies.emission_cap
    if cap is None or not cap.regions:
        return
    path, told = ("policies", "emission_cap"), set(cap.regions)
    sources = list(_sources(scenario))
    for place in cap.regions:
        if place in scenario.regions and place not in {node for node, *_ in sources}:
            report.add("no-effect", path, f"no counted emission arises in '{place}'", place)
    for node, source, behind in sources:
        shared = len(behind) > 1 and not set(cap.regions).isdisjoint(behind)
        if node not in told and (node not in scenario.regions or shared):
            told.add(node)
            message = f"nothing is given for '{node}', where {source} emits. Name it, or give one cap for all"
            report.add("missing-place", path, message)


def emitting_nodes(scenario: Scenario) -> list[str]:
    """The nodes where counted emissions can arise."""
    return list(dict.fromkeys(node for node, *_ in _sources(scenario)))


def _sources(scenario: Scenario) -> Iterator[tuple[str, str, list[str]]]:
    """(node, what emits there, nodes of the emission behind it) of each source of emissions that a cap counts."""
    counted = {name for name, c in scenario.commodities.items() if is_counted(c)}
    origins = possible_origins(scenario)
    for name, process in scenario.processes.items():
        released = {e for run in runs(process) for e in _released(scenario, process, run, origins)}
        for emission in released & counted:
            for region in standing_regions(scenario, process):
                node = node_of(scenario.commodities[emission], region)
                yield node, f"'{name}'", [node]
    for name, supply in scenario.supply.items():
        for emission in (e for e, q in supply.emissions.items() if e in counted and any(numbers(q))):
            here = traded_nodes(scenario, name, supply)
            yield from _arising(scenario, f"supply '{name}'", emission, traded(name, supply), here)
    main = main_emission(scenario)
    for name, c in scenario.commodities.items() if main in counted else ():
        if c.disposal and carries(scenario, name) and not (c.disposal.permanent and origins[name] <= set(CHARGED)):
            yield from _arising(scenario, f"disposal of '{name}'", str(main), name, nodes(scenario, name))


def _arising(
    scenario: Scenario, source: str, emission: str, commodity: str, here: list[str]
) -> Iterator[tuple[str, str, list[str]]]:
    """The same for what is bought or disposed of at some nodes of a commodity."""
    for node in here:
        behind = emission_nodes(scenario, emission, commodity, node)
        yield (behind[0] if len(behind) == 1 else node), source, behind


def _released(scenario: Scenario, process: Process, run: Run, origins: Mapping[str, Origins]) -> set[str]:
    """The emissions of one way to run a process that may differ from zero in some year."""
    target = process.emission or main_emission(scenario)
    found = {c for c, q in run.flows.items() if c in scenario.commodities and any(numbers(q))}
    balance = derived(scenario, process, run, origins)
    if balance is None or target is None:
        return found
    held = {o for c in run.flows for o in origins.get(c, ())} | {process.auxiliary_origin}
    removes = process.permanent and scenario.policies.credit_removals and not held <= set(CHARGED)
    releases = removes or any(abs(b.total) > 1e-9 for b in balance) or uses_co2(scenario, process, run.flows)
    return found - {target} | ({target} if releases else set())


def limited_purchases(scenario: Scenario, report: Report) -> None:
    """A limit by place names every area where purchases that it counts are made."""
    for name, resource in scenario.resources.items():
        named = resource.limit.regions
        for supply in resource.purchases if named else ():
            trade = scenario.supply.get(supply)
            here = traded_nodes(scenario, supply, trade) if trade else []
            missing = [node for node in here if node not in named and node not in scenario.regions]
            if trade and missing:
                message = f"nothing is given for {', '.join(missing[:5])}, where supply '{supply}' is bought. "
                message += f"{traded(supply, trade)} is balanced by area: name it, or give one limit for all"
                report.add("missing-place", ("resources", name, "limit"), message)
