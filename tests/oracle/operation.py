"""How a process may run: least load, ramps, and what it uses at part load, hour by hour."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from .assets import Asset
from .processes import available, flow, grid_of, modes
from .program import Program, Term
from .study import Study, at

HOURS_OF_A_DAY = 24


def limit(study: Study, program: Program, asset: Asset) -> None:
    """Rows on the load of a process at each of its places."""
    process, grid = asset.section, grid_of(study, asset.section)
    for place in asset.places:
        for y in study.periods:
            capacity = program.x["capacity", asset.key, place, y]
            share = available(study, process, grid, place, y)
            load = [
                [(1.0, program.x["activity", asset.key, mode, place, y, h]) for mode in modes(process)]
                for h in study.steps(grid)
            ]
            least = at(process.get("minimum_load", 0.0), y)
            for h in study.steps(grid):
                if least:
                    program.at_most([(least * share[h], capacity), *times(-1, load[h])], 0.0)
            if grid == "hour" and study.kept:
                ramps(study, program, process, capacity, share, load)
                for c, curve in (process.get("part_load") or {}).items():
                    part_load(study, program, asset, c, curve, place, y, share, load)


def times(factor: float, terms: list[Term]) -> list[Term]:
    return [(factor * a, x) for a, x in terms]


def hour_before(study: Study, h: int) -> int:
    """The hour before: of the first of the year or of a representative day, its last."""
    if study.full:
        return h - 1 if h else len(study.steps("hour")) - 1
    return h - 1 if h % HOURS_OF_A_DAY else h + HOURS_OF_A_DAY - 1


def ramps(
    study: Study, program: Program, process: dict[str, Any], capacity: Any, share: list[float], load: list[list[Term]]
) -> None:
    """The load rises and falls by so much of capacity in an hour, beside what availability gives and takes."""
    for h in study.steps("hour"):
        before = hour_before(study, h)
        for field, later, earlier in (("ramp_up", h, before), ("ramp_down", before, h)):
            if process.get(field) is not None:
                most = process[field] + max(share[later] - share[earlier], 0.0)
                program.at_most([*load[later], *times(-1, load[earlier]), (-most, capacity)], 0.0)


def part_load(
    study: Study, program: Program, asset: Asset, c: str, curve: dict[str, float], place: str | None, y: int,
    share: list[float], load: list[list[Term]],
) -> None:  # fmt: skip
    """Use beside the flows: above each straight part of the curve, below the line between its ends."""
    at_full = -flow(asset.section, asset.technique, modes(asset.section)[0], c, y)
    capacity = program.x["capacity", asset.key, place, y]
    points = sorted((float(key.removesuffix("%")) / 100, factor) for key, factor in curve.items())
    assert place is not None
    for h in study.steps("hour"):
        column = program.new("part_load", asset.key, c, place, y, h, free=True)
        row_grid = study.grid(c)
        for g in study.steps(row_grid):
            weight = study.weight(row_grid, g, "hour", h)
            if weight:
                program.balance[c, study.node(c, place), y, g].append((-weight, column))

        def besides(low: tuple[float, float], high: tuple[float, float], h: int = h) -> list[Term]:
            """Use on the line through two points, less that at full load per unit."""
            (x1, f1), (x2, f2) = low, high
            slope = (x2 * f2 - x1 * f1) / (x2 - x1)
            rest = (x1 * f1 - slope * x1) * share[h]
            return [*times(at_full * (slope - 1), load[h]), (at_full * rest, capacity)]

        for low, high in pairwise(points):
            program.at_most([*besides(low, high), (-1.0, column)], 0.0)
        program.at_most([(1.0, column), *times(-1, besides(points[0], points[-1]))], 0.0)
