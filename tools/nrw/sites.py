"""The table of existing plants: production split by site, capacity, year of the last renewal."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from .activity import AVAILABILITY, KOELN_AND_WESSELING, RULES
from .plants import Plant
from .sources import Installation, read

BASE_YEAR = 2025
GOLDEN = (math.sqrt(5) - 1) / 2
SCHOLVEN_REFINERY = "4"  # its permit covers the crackers of the site too


@dataclass(frozen=True)
class SiteRow:
    """A row of the table; `capacity` in `unit`. `year_basis` says whether the year is known or spread by rule."""

    site: str
    region: str
    process: str
    capacity: float
    unit: str
    campaign_year: int
    year_basis: str
    nuts3: str
    status: str
    quality: str
    note: str


def plant_rows(
    plants: Sequence[Plant], register: dict[str, Installation], production: dict[str, float]
) -> list[SiteRow]:
    """The rows of all named plants, process by process, the largest first."""
    rows = []
    for process in dict.fromkeys(p.process for p in plants):
        mine = [p for p in plants if p.process == process]
        capacities = _capacities(mine, register, production)
        order = sorted(range(len(mine)), key=lambda i: (-capacities[i], mine[i].site))
        years = spread_years(len(mine), RULES[process].cycle)
        rows += [_row(mine[i], capacities[i], year) for i, year in zip(order, years, strict=True)]
    return rows


def spread_years(count: int, cycle: int) -> list[int]:
    """Years of renewal, evenly spread over the last `cycle` years for any leading part of the list.

    The k-th plant gets the fractional part of k + 1 golden sections of the cycle, so neither large nor small plants are
    renewed together. The earliest still stands at the start of 2025 and for one year more.
    """
    span = cycle - 1
    return [BASE_YEAR - span + math.floor(span * ((k + 1) * GOLDEN % 1)) for k in range(count)]


def _row(plant: Plant, capacity: float, year: int) -> SiteRow:
    known = plant.campaign_year is not None
    return SiteRow(
        site=plant.site,
        region=plant.region,
        process=plant.process,
        capacity=capacity,
        unit="t/a",
        campaign_year=plant.campaign_year or year,
        year_basis="recalled" if known else "assumed",
        nuts3=plant.nuts3,
        status=plant.status,
        quality=plant.quality or RULES[plant.process].quality,
        note=plant.note,
    )


def _capacities(plants: list[Plant], register: dict[str, Installation], production: dict[str, float]) -> list[float]:
    """Capacities in t/a: production over availability, split by capacity where one is listed, else by emissions.

    Chlorine's weights are the capacities themselves. Grinding plants keep their own, mills beside kilns share the rest.
    """
    process = plants[0].process
    total = production[process] / AVAILABILITY
    weights = [p.weight for p in plants]
    if all(w is not None for w in weights):
        return _shares(total, [w or 0.0 for w in weights])
    own = [(w or 0.0) * 1e3 for w in weights]
    emissions = [
        _emissions(p, register, production) if w is None else 0.0 for p, w in zip(plants, weights, strict=True)
    ]
    rest = _shares(total - sum(own), emissions)
    return [a + b for a, b in zip(own, rest, strict=True)]


def _shares(total: float, weights: list[float]) -> list[float]:
    if total <= 0 or min(weights) < 0 or sum(weights) <= 0:
        raise ValueError(f"cannot split {total:.6g} by {weights}")
    return [total * w / sum(weights) for w in weights]


def _emissions(plant: Plant, register: dict[str, Installation], production: dict[str, float]) -> float:
    emitted = sum(register[n].emissions for n in plant.installations)
    if SCHOLVEN_REFINERY in plant.installations:
        emitted -= scholven_crackers(production)
    return emitted


def scholven_crackers(production: dict[str, float]) -> float:
    """Emissions of the crackers at Scholven that sit inside the refinery's permit, t CO₂/a."""
    return RULES["steam_cracker"].emission * (production["steam_cracker"] - KOELN_AND_WESSELING)


def furnace_rows(table: Path) -> list[SiteRow]:
    """The blast furnaces of the existing table, as they stand there."""
    return [
        SiteRow(
            site=r["site"],
            region=r["region"],
            process=r["process"],
            capacity=float(r["capacity"]),
            unit="t/a",
            campaign_year=int(r["campaign_year"]),
            year_basis="assumed" if r["note"] else "recalled",
            nuts3="DEA12",
            status="running",
            quality=r["quality"],
            note=r["note"],
        )
        for r in read(table)
    ]


def rounded(rows: list[SiteRow]) -> list[SiteRow]:
    """The rows with capacities rounded up, so that they still make what was made: to 100 t/a or 0.1 MW."""
    return [replace(r, capacity=_up(r.capacity, 100) if r.unit == "t/a" else _up(r.capacity, 0.1)) for r in rows]


def _up(value: float, step: float) -> float:
    return round(math.ceil(value / step - 1e-6) * step, 1)
