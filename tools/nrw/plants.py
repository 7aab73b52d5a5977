"""The plants that are named one by one, with where they stand and what splits the production among them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from .sources import District, Installation, read

LIST = Path(__file__).with_name("plants.csv")


@dataclass(frozen=True)
class Plant:
    """One plant of `plants.csv`; `weight` in kt/a where it is given, `quality` its own if better than its process's."""

    process: str
    site: str
    installations: tuple[str, ...]
    nuts3: str
    region: str
    weight: float | None
    quality: str
    campaign_year: int | None
    status: str
    note: str


def named_plants(register: dict[str, Installation], districts: dict[str, District]) -> list[Plant]:
    """All plants of the list. Raises KeyError for an installation or a district that does not exist."""
    return [_plant(row, register, districts) for row in read(LIST)]


def _plant(row: dict[str, str], register: dict[str, Installation], districts: dict[str, District]) -> Plant:
    numbers = tuple(row["installations"].split())
    at = register[numbers[0]] if numbers else None
    return Plant(
        process=row["process"],
        site=row["site"],
        installations=numbers,
        nuts3=at.nuts3 if at else row["nuts3"],
        region=at.region if at else districts[row["nuts3"]].region,
        weight=float(row["weight"]) if row["weight"] else None,
        quality=row["quality"],
        campaign_year=int(row["campaign_year"]) if row["campaign_year"] else None,
        status=row["status"],
        note=row["note"],
    )
