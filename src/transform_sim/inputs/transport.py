"""Stores and links: efficiencies, losses, rates, and where they sit."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from transform_sim.lp import AxisMap, Entities, chain
from transform_sim.names import GRIDS, HOUR, RUN, YEAR

from .assets import Assets
from .frame import Frame
from .values import INF, over_years, scalar, stacked

Floats = NDArray[np.float64]
DIRECTIONS = ("forward", "backward")


@dataclass(frozen=True, eq=False)
class Levels:
    """How levels follow from charging, for the stores of one grid and one kind of cycle; S rows.

    L_t = keep_t · L_previous(t) + gain_t · (η⁺ s⁺ − s⁻/η⁻)_source(t), with t a step of `level_grid`.

    Attributes:
        table: entities (asset, region).
        keep, gain: shape (S, 1, T) or (1, 1, T).
        charge, discharge: efficiencies, shape (S, 1, 1).
    """

    cycle: str
    grid: str
    level_grid: str
    table: Entities
    keep: Floats
    gain: Floats
    previous: AxisMap
    source: AxisMap
    charge: Floats
    discharge: Floats


@dataclass(frozen=True, eq=False)
class Stores:
    """All storages.

    Attributes:
        rates: entities (asset, region) of charge and discharge on each grid; `levels`: of levels.
        at: entities (asset, region, commodity, node).
        rules: how levels follow, one per grid and cycle.
        charge_rate, discharge_rate: entities with a finite limit and share of capacity per hour, shape (n,).
        variable_opex: entities (asset) and cost per unit charged, shape (n, Y).
        holding_cost: by grid of the level, entities (asset, region) with a cost per unit and hour, and that cost for
            the hours of which each step holds the level, shape (n, Y, T).
    """

    rates: dict[str, Entities]
    levels: dict[str, Entities]
    at: Entities
    rules: tuple[Levels, ...]
    charge_rate: tuple[Entities, Floats]
    discharge_rate: tuple[Entities, Floats]
    variable_opex: tuple[Entities, Floats]
    holding_cost: dict[str, tuple[Entities, Floats]]


@dataclass(frozen=True, eq=False)
class Links:
    """Links by direction.

    Attributes:
        tables: entities (asset, direction) on each grid.
        ends: entities (asset, direction, commodity, node) and what arrives there per unit sent, shape (n,).
        tariff: entities (asset) and cost per unit sent, shape (n, Y).
    """

    tables: dict[str, Entities]
    ends: tuple[Entities, Floats]
    tariff: tuple[Entities, Floats]


def make_stores(frame: Frame, assets: Assets) -> Stores:
    """Lay out all storages of the scenario."""
    storages = frame.scenario.storages
    rates: dict[str, list[tuple[int, int]]] = {g: [] for g in GRIDS}
    levels: dict[str, list[tuple[int, int]]] = {g: [] for g in (*GRIDS, RUN)}
    groups: dict[tuple[str, str, str], list[str]] = {}
    at = []
    for name, storage in storages.items():
        grid = frame.grid_of[storage.commodity]
        level_grid = _level_grid(grid, storage.cycle, frame)
        groups.setdefault((grid, level_grid, storage.cycle), []).append(name)
        commodity = frame.commodities.index(storage.commodity)
        for r in frame.region_codes(storage.regions):
            place = (assets.code(name), r)
            rates[grid].append(place)
            levels[level_grid].append(place)
            at.append((*place, commodity, int(frame.node_of[commodity, r])))
    opex = [over_years(s.variable_opex, frame.years, 0.0) for s in storages.values()]
    pair = ("asset", "region")
    return Stores(
        rates={g: Entities.records(pair, rows) for g, rows in rates.items()},
        levels={g: Entities.records(pair, rows) for g, rows in levels.items()},
        at=Entities.records(("asset", "region", "commodity", "node"), at),
        rules=tuple(_rule(*key, names, frame, assets) for key, names in groups.items()),
        charge_rate=_rates("charge_rate", frame, assets),
        discharge_rate=_rates("discharge_rate", frame, assets),
        variable_opex=(
            Entities.records(("asset",), [(assets.code(n),) for n in storages]),
            stacked(opex, frame.years),
        ),
        holding_cost={g: _holding_cost(rows, g, frame, assets) for g, rows in levels.items()},
    )


def make_links(frame: Frame, assets: Assets) -> Links:
    """Lay out all links of the scenario."""
    links = frame.scenario.links
    rows: dict[str, list[tuple[int, int]]] = {g: [] for g in GRIDS}
    ends, share = [], []
    for name, link in links.items():
        asset, commodity = assets.code(name), frame.commodities.index(link.commodity)
        a, b = frame.nodes(link.commodity, (link.from_,))[0], frame.nodes(link.commodity, (link.to,))[0]
        for direction in range(2 if link.bidirectional else 1):
            rows[frame.grid_of[link.commodity]].append((asset, direction))
            source, target = (a, b) if direction == 0 else (b, a)
            ends += [(asset, direction, commodity, source), (asset, direction, commodity, target)]
            share += [-1.0, 1.0 - scalar(link.loss, 0.0)]
    tariff = [over_years(link.tariff, frame.years, 0.0) for link in links.values()]
    return Links(
        tables={g: Entities.records(("asset", "direction"), r) for g, r in rows.items()},
        ends=(Entities.records(("asset", "direction", "commodity", "node"), ends), np.array(share)),
        tariff=(
            Entities.records(("asset",), [(assets.code(n),) for n in links]),
            stacked(tariff, frame.years),
        ),
    )


def _holding_cost(places: list[tuple[int, int]], grid: str, frame: Frame, assets: Assets) -> tuple[Entities, Floats]:
    """Cost of a unit of level; the program counts it for the hours of a step, but levels of runs have no hours.

    Between the ends of two runs of equal days a level goes straight, so half of each run belongs to either end.
    """
    cost = {n: over_years(s.holding_cost, frame.years, 0.0) for n, s in frame.scenario.storages.items()}
    kept = [(a, r) for a, r in places if cost[assets.owner[a]].any()]
    hours = np.ones(1)
    if grid == RUN:
        days = np.asarray(frame.time.run_length, dtype=float)
        hours = 12.0 * (days + np.roll(days, -1))
    per_hour = stacked([cost[assets.owner[a]] for a, _ in kept], frame.years)
    return Entities.records(("asset", "region"), kept), per_hour[:, :, None] * hours


def _level_grid(grid: str, cycle: str, frame: Frame) -> str:
    """Seasonal stores chain runs of equal days; in a full year they can follow its hours."""
    if cycle == "day":
        return grid
    return HOUR if grid == HOUR and frame.time.chronological else RUN


def _rule(grid: str, level_grid: str, cycle: str, names: list[str], frame: Frame, assets: Assets) -> Levels:
    each = [(n, frame.scenario.storages[n]) for n in names]
    places = [(assets.code(n), r, s) for n, s in each for r in frame.region_codes(s.regions)]
    loss = np.array([scalar(s.loss, 0.0) for *_, s in places])[:, None, None]
    if level_grid == RUN:
        keep, gain, previous, source = _run_chain(grid, loss, frame)
    else:
        keep, gain, previous, source = _step_chain(grid, cycle, loss, frame)
    return Levels(
        cycle, grid, level_grid,
        Entities.records(("asset", "region"), [p[:2] for p in places]), keep, gain, previous, source,
        np.array([scalar(s.charge_efficiency, 1.0) for *_, s in places])[:, None, None],
        np.array([scalar(s.discharge_efficiency, 1.0) for *_, s in places])[:, None, None],
    )  # fmt: skip


def _run_chain(grid: str, loss: Floats, frame: Frame) -> tuple[Floats, Floats, AxisMap, AxisMap]:
    """Level at the end of each run of n equal days: Aⁿ of the level before, (1 − Aⁿ)/(1 − A) times the day's charge."""
    days = np.asarray(frame.time.run_length, dtype=float)
    with np.errstate(divide="ignore", invalid="ignore"):
        lost = 24.0 * np.log1p(-loss)  # log of what stays after a day; expm1 keeps tiny losses exact
        keep = np.exp(lost * days)
        factor = np.where(lost < 0, np.expm1(lost * days) / np.expm1(lost), days)
    index = np.arange(len(days))
    day = np.asarray(frame.time.run_day, dtype=np.int64)
    step = np.zeros_like(day) if grid == YEAR else day  # on an hourly grid a day has one step here
    return keep, 24.0 * factor, chain((index - 1) % len(index)), AxisMap(index, step, np.ones(len(index)))


def _step_chain(grid: str, cycle: str, loss: Floats, frame: Frame) -> tuple[Floats, Floats, AxisMap, AxisMap]:
    """Level at the end of each step; the step before is the day's last for its first, or the year's."""
    time, target = frame.time, frame.grids[grid]
    duration = np.asarray(target.weight)
    if grid != YEAR:
        duration = np.bincount(target.member, weights=time.duration, minlength=len(target)).astype(float)
    index = np.arange(len(target))
    previous = index - 1
    if cycle == "year":
        previous %= len(index)
    else:
        day = np.asarray(time.day) if grid == HOUR else index
        first = np.searchsorted(day, day, side="left")
        last = np.searchsorted(day, day, side="right") - 1
        previous = np.where(index == first, last, previous).astype(np.int64)
    keep = (1.0 - loss) ** duration
    return keep, duration[None, None, :], chain(previous), chain(index)


def _rates(field: str, frame: Frame, assets: Assets) -> tuple[Entities, Floats]:
    rows, values = [], []
    for name, storage in frame.scenario.storages.items():
        rate = scalar(getattr(storage, field), INF)
        if np.isfinite(rate):
            rows += [(assets.code(name), r) for r in frame.region_codes(storage.regions)]
            values += [rate] * len(frame.region_codes(storage.regions))
    return Entities.records(("asset", "region"), rows), np.array(values)
