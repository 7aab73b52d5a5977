"""Reads the open data files that the North Rhine-Westphalian tables are made from."""

from __future__ import annotations

import csv
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

REGIONS = {
    "Rheinisches Revier": "rheinisches_revier",
    "Emscher-Lippe": "emscher_lippe",
    "Ruhr (other)": "ruhr",
    "Rhine-South": "rhine_south",
    "Rest of NRW": "rest_nrw",
}
BALANCE_YEAR, HEAT_YEAR, END_USE_YEAR, EMISSION_YEAR = "2016", "2012", "2016", "2018"
INDUSTRY = "industry (mining, stones and earths, manufacturing)"
TJ_PER_TWH = 3600.0


@dataclass(frozen=True)
class District:
    """A NUTS3 district and the sub-region it belongs to."""

    nuts3: str
    name: str
    region: str


@dataclass(frozen=True)
class Installation:
    """An installation under the EU emissions trading system; `emissions` in t CO₂e of 2018."""

    number: str
    name: str
    sector: str
    nuts3: str
    region: str
    emissions: float


def read(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file; lines that start with # are comments."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(line for line in file if not line.startswith("#")))


def districts(folder: Path) -> dict[str, District]:
    """All districts of the state by NUTS3 code."""
    rows = read(folder / "nrw_regions.csv")
    return {r["nuts3"]: District(r["nuts3"], r["nuts3_name"], REGIONS[r["subregion"]]) for r in rows}


def installations(folder: Path) -> dict[str, Installation]:
    """All installations by number; without a report for 2018 they count as zero."""
    found = {}
    for row in read(folder / "nrw_ets_installations.csv"):
        number, emitted = row["installation_id"], float(row[f"verified_tco2e_{EMISSION_YEAR}"] or 0)
        region = REGIONS[row["subregion"]]  # by site, so Wesseling counts as rhine_south though its district does not
        found[number] = Installation(number, row["installation_name"], row["sector"], row["nuts3"], region, emitted)
    return found


def final_energy(folder: Path) -> dict[str, float]:
    """Final energy use of the state's industry in 2016 by carrier, TWh."""
    rows = read(folder / "nrw_energy_balance_1990_2016.csv")
    return {
        r["carrier"]: float(r["energy_tj"]) / TJ_PER_TWH
        for r in rows
        if r["year"] == BALANCE_YEAR and r["item"] == INDUSTRY and r["energy_tj"] and r["carrier"] != "total"
    }


def heat_use(folder: Path) -> dict[tuple[str, str, str], float]:
    """Final energy for heat of German industry in 2012 by sector, carrier and temperature level, TWh."""
    found: dict[tuple[str, str, str], float] = defaultdict(float)
    for row in read(folder / "de_industry_heat_by_temperature_2012.csv"):
        found[row["sector"], row["carrier"], row["heat_level"]] += float(row["final_energy_twh"])
    return dict(found)


def electric_heat_share(folder: Path) -> float:
    """Share of heat in the electricity use of German industry in 2016, metals left out (most of theirs is explicit)."""
    heat = total = 0.0
    for row in read(folder / "de_industry_end_use_2013_2018.csv"):
        if row["year"] == END_USE_YEAR and row["carrier"] == "electricity" and row["sector"] != "Metals":
            total += float(row["final_energy_twh"])
            heat += float(row["final_energy_twh"]) if row["end_use"].endswith("_heating") else 0.0
    return heat / total
