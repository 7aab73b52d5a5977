"""What a user asks for when one plant is to be looked at, and the scenario that the plant is taken from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from transform_sim.inputs.assets import fixed_opex, standing
from transform_sim.inputs.frame import Frame, make_frame
from transform_sim.scenario import Scenario, loads
from transform_sim.scenario.entries import entries
from transform_sim.scenario.plants import Process, Storage
from transform_sim.scenario.problems import did_you_mean
from transform_sim.scenario.tree import plain
from transform_sim.scenario.units import capacity_unit, read

ALONE = """\
name: catalogue
currency: EUR2020
horizon: {{start: {year}, end: {year}, step: 1, discount_rate: 0}}
regions: {{site: {{}}}}
commodities: {{electricity: {{from: catalogue}}, co2: {{from: catalogue}}}}
"""
INF = float("inf")


@dataclass(frozen=True, eq=False)
class Wish:
    """Arguments of `site`, as given."""

    scenario: Scenario | None
    plant: str
    region: str | None = None
    year: int | None = None
    capacity: float | str | None = None
    prices: Mapping[str, Any] = field(default_factory=dict)
    stores: str | Sequence[str] | Mapping[str, float | str | None] = ()
    demand: Mapping[str, float | str] = field(default_factory=dict)
    minimum_load: float | None = None


@dataclass(frozen=True, eq=False)
class Taken:
    """The plant in its scenario, with place, year and size settled.

    Attributes:
        base: the scenario, to which entries of the catalogue were added if it lacks them.
        capacity: in the plant's unit (MW, t/a); stores: capacity of each, in the unit of what it keeps.
        fixed_cost: of the plant and its stores per year, in money of the scenario.
    """

    base: Scenario
    plant: str
    process: Process
    region: str
    year: int
    capacity: float
    stores: Mapping[str, float]
    fixed_cost: float


def taken(wish: Wish, problems: list[str]) -> Taken | None:
    """Find plant, region, year and capacities; what is wrong goes to `problems`. None if the plant is not found."""
    if wish.year is not None and not isinstance(wish.year, int):
        problems.append(f"year: {wish.year!r} is no year; give a whole number, such as 2030")
    for what, named in (("prices", wish.prices), ("demand", wish.demand)):
        if not isinstance(named, Mapping):
            problems.append(f"{what}: say of what: {{commodity: {what}}}")
    if problems:
        return None
    stores = _stores(wish)
    base = _with_catalogue(wish, stores, problems)
    if base is None:
        return None
    process, year = base.processes[wish.plant], wish.year or base.horizon.start
    frame = replace(make_frame(base), years=np.array([float(year)]), lengths=np.ones(1))
    allowed = process.regions or tuple(base.regions)
    region = wish.region or next((r for r in allowed if _stands(process, r, frame) > 0), allowed[0])
    if region not in base.regions:
        problems.append(f"region: there is no {region!r}{did_you_mean(region, base.regions)}")
        return None
    if region not in allowed:
        problems.append(f"region: {wish.plant} may not stand in {region}; it may in {', '.join(allowed)}")
    plants: dict[str, Process | Storage] = {n: base.storages[n] for n in stores if n in base.storages}
    units = {n: base.commodities[p.commodity].unit for n, p in plants.items() if isinstance(p, Storage)}
    wanted = {n: (f"stores[{n!r}]", stores[n], units[n]) for n in plants}
    plants[wish.plant], wanted[wish.plant] = process, ("capacity", wish.capacity, capacity_unit(process.unit))
    sizes = {}
    for name, (what, given, unit) in wanted.items():
        size = _stands(plants[name], region, frame) if given is None else number(what, given, unit, problems)
        if given is None and not size > 0:
            problems.append(f"{what}: give one in {unit}, as none stands in {region} in {year}")
        elif not 0 < size < INF:
            problems.append(f"{what}: {size:g} is no capacity above zero")
        sizes[name] = size if 0 < size < INF else 1.0
    fixed_cost = sum(float(fixed_opex(plants[n], frame)[0]) * size for n, size in sizes.items())
    capacity = sizes.pop(wish.plant)
    return Taken(base, wish.plant, process, region, year, capacity, sizes, fixed_cost)


def number(what: str, given: Any, unit: str, problems: list[str]) -> float:
    """A number in this unit, given so or as text with another unit; 1 if it cannot be read, which is told."""
    try:
        return read(given, unit, "") if isinstance(given, str) else float(given)
    except (TypeError, ValueError) as error:
        told = str(error) if isinstance(given, str) else f"{str(given)[:40]} is no number"
        problems.append(f"{what}: {told}")
        return 1.0


def _stores(wish: Wish) -> dict[str, float | str | None]:
    """Stores by name with their capacity, None for the one that stands."""
    given = [wish.stores] if isinstance(wish.stores, str) else wish.stores
    return dict(given) if isinstance(given, Mapping) else dict.fromkeys(given)


def _stands(plant: Process | Storage, region: str, frame: Frame) -> float:
    """Capacity that stands in the year of the frame."""
    return float(standing(plant, frame.places.index(region), frame)[0])


def _with_catalogue(wish: Wish, stores: Mapping[str, Any], problems: list[str]) -> Scenario | None:
    """The scenario with the plant and the stores; those it lacks are taken from the catalogue."""
    base, changes = wish.scenario, dict[str, Any]()
    if base is None:
        if wish.year is None:
            problems.append("year: without a scenario, say for which year")
        base = loads(ALONE.format(year=wish.year or 2030))
    needed: set[str] = set()
    for section, what, wanted in (("processes", "plant", [wish.plant]), ("storages", "store", [*stores])):
        own: Mapping[str, Any] = getattr(base, section)
        shipped = entries()[section]
        for name in (n for n in wanted if n not in own):
            if name not in shipped:
                problems.append(f"there is no {what} {name!r}{did_you_mean(name, [*own, *shipped])}")
                continue
            changes[f"{section}.{name}"] = {"from": "catalogue"}
            needed |= _commodities(plain(shipped[name]))
    changes |= {f"commodities.{name}": {"from": "catalogue"} for name in needed - set(base.commodities)}
    found = base.with_(changes) if changes else base
    return found if wish.plant in found.processes else None


def _commodities(entry: dict[str, Any]) -> set[str]:
    """What an entry of the catalogue makes, uses, emits or keeps."""
    flows = [entry, *entry.get("modes", {}).values(), *({"flows": f} for f in entry.get("techniques", {}).values())]
    named = {entry[key] for key in ("emission", "commodity") if key in entry}
    return {str(c) for part in flows for c in part.get("flows", {})} | named
