"""The emissions register by groups of permits, and the plants that stood in its year: what the calibration rests on."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from .activity import RULES
from .plants import Plant
from .sites import SiteRow
from .sources import Installation, read
from .split import MILLS

GROUPS = Path(__file__).with_name("groups.csv")
RESIDUAL = "residual_"
MELTING = RULES["aluminium_recycling"]
ROLLING = "aluminium (secondary)"


@dataclass(frozen=True)
class Residual:
    """Verified emissions of one sector of the register that no named process makes, in one sub-region, t CO₂e."""

    process: str
    sector: str
    region: str
    capacity: float
    unit: str
    quality: str
    source: str


def stock(rows: Iterable[SiteRow]) -> list[dict[str, object]]:
    """Plants of the base year, closed ones too, without the year of a renewal: before it a plant stood there as well.

    Boilers and power plants are those of the paper mills alone, added up by sub-region and hardly rounded: with room to
    spare, prices would choose among them.
    """
    found: dict[tuple[str, str, str, str], float] = defaultdict(float)
    for row in rows:
        if row.unit == "t/a" or row.site.startswith(MILLS):
            found[row.site, row.region, row.process, row.unit] += row.capacity
    return [
        {"site": site, "region": region, "process": process, "capacity": math.ceil(capacity * 100) / 100, "unit": unit}
        for (site, region, process, unit), capacity in found.items()
    ]


def residuals(plants: Sequence[Plant], register: Mapping[str, Installation]) -> list[Residual]:
    """What the named processes leave of the register, by sector and sub-region, rounded to 100 t; the largest first.

    Of the works that remelt aluminium only melting is named: the rest is their rolling mills' furnaces.
    """
    named = {n for p in plants for n in p.installations}
    remelters = {n for p in plants if p.process == "aluminium_recycling" for n in p.installations}
    melted = MELTING.emission * (MELTING.amount or 0.0) / sum(register[n].emissions for n in remelters)
    found: dict[tuple[str, str], float] = defaultdict(float)
    for at in register.values():
        if at.number in remelters:
            found[at.sector, at.region] += at.emissions * (1 - melted)
        elif at.number not in named and not at.sector.startswith("steel"):
            found[at.sector, at.region] += at.emissions
    filling = {g["register"]: g["process"] for g in read(GROUPS) if g["process"].startswith(RESIDUAL)}
    total: dict[str, float] = defaultdict(float)
    for (sector, _), value in found.items():
        total[sector] += value
    order = sorted(found.items(), key=lambda item: (-total[item[0][0]], item[0]))
    return [
        Residual(
            filling[sector], sector, region, round(value, -2), "t/a", "computed",
            "EU Transaction Log 2018" + (", less melting at 0.12 t/t" if sector == ROLLING else ""),
        )
        for (sector, region), value in order
        if round(value, -2) > 0
    ]  # fmt: skip


def groups(plants: Sequence[Plant], register: Mapping[str, Installation]) -> list[dict[str, object]]:
    """One row per group of permits: what is compared with what. Verified emissions of all rows are the register's.

    Raises ValueError if a permit belongs to no group.
    """
    named = {n: p.process for p in plants for n in p.installations if p.process != "cement_mill"}
    emitted: dict[tuple[str, str], float] = defaultdict(float)
    for at in register.values():
        steel = at.sector.startswith("steel")
        process = named.get(at.number, "bf_bof" if steel else RESIDUAL)
        emitted["steel" if steel else at.sector, process] += at.emissions
    table: list[dict[str, object]] = []
    for row in read(GROUPS):
        if row["sector"]:
            process = RESIDUAL if row["process"].startswith(RESIDUAL) else row["process"]
            verified = emitted.pop((row["register"], process))
            shown = {k: v for k, v in row.items() if k not in ("register", "process")}
            table.append({**shown, "verified": round(verified, -2), "unit": "t/a"})
    if lost := [key for key, value in emitted.items() if value]:
        raise ValueError(f"permits without a group: {lost}")
    return table
