"""Writes the tables of North Rhine-Westphalia and their totals to `scenarios/data/`; prints what they rest on.

    python tools/build_nrw.py --data FOLDER

FOLDER holds the open data files that scenarios/data/README.md lists; their licences stand there too. The same files
give the same tables. Production by site follows verified emissions or the capacities of `tools/nrw/plants.csv`.
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from nrw import activity, calibration, document, heat, plants, report, sites, sources, split

TARGET = Path(__file__).parents[1] / "scenarios" / "data"
HEAD = {
    "nrw_sites": (
        "Existing plants of industry in North Rhine-Westphalia, written by tools/build_nrw.py; see README.md.",
        "capacity: production of 2018 / 0.90 (refinery: crude oil), blast furnaces and chlorine as recalled.",
        "year_basis assumed: spread over the last renewal cycle by rule. status closed: production ended after 2018.",
    ),
    "nrw_heat_demand": (
        "Heat and power of the industry that nrw_sites.csv does not name, 2016, written by tools/build_nrw.py.",
        "Derived totals; source: Länderarbeitskreis Energiebilanzen, IT.NRW; Fraunhofer ISI et al. See README.md.",
    ),
    "nrw_base_year": (
        "Production of the base year by process and its emissions, written by tools/build_nrw.py; see README.md.",
        "running: without plants closed since. emissions: by factor; register_2018: verified, the same plants.",
    ),
    "nrw_base_stock": (
        "Plants that stood in the base year, written by tools/build_nrw.py: those of nrw_sites.csv, closed ones too,",
        "without the year of a renewal, before which a plant stood there as well; of boilers those of paper mills.",
    ),
    "nrw_residual": (
        "What the named processes leave of the emissions register of 2018, written by tools/build_nrw.py.",
        "Data, not plants: each row fills a gap in its sector, in t CO₂e/a. See README.md.",
    ),
    "nrw_register": (
        "Verified emissions of 2018 by groups of permits, and what the calibration compares with them; they add up to",
        "the register. Written by tools/build_nrw.py from tools/nrw/groups.csv. fitted: what follows the register.",
    ),
    "nrw_districts": ("Districts (NUTS3) and their sub-regions; own assignment, CC0-1.0. See README.md.",),
}


def main() -> None:
    parser = argparse.ArgumentParser(description="Writes the tables of North Rhine-Westphalia.")
    parser.add_argument("--data", type=Path, required=True, help="folder with the open data files")
    folder = parser.parse_args().data
    districts, register = sources.districts(folder), sources.installations(folder)
    named = plants.named_plants(register, districts)
    production = activity.productions(named, register)
    furnaces = sites.furnace_rows(TARGET / "nrw_blast_furnaces.csv")
    works = sites.rounded([*furnaces, *sites.plant_rows(named, register, production)])

    use = sources.heat_use(folder)
    paper = heat.paper_fuel(use)
    books = heat.accounts(sources.final_energy(folder), heat.named_use(production, paper))
    power = next(a.rest for a in books if a.group == "electricity")
    shares = split.region_shares(named, register, districts)
    by_region = split.regional(heat.heat_by_level(books, use), power, shares)
    boilers = split.heat_rows(by_region, split.paper_steam(works, production, paper))
    base = report.base_year(named, works, production, register)
    demand = split.demand_rows(by_region)

    write("nrw_sites", [asdict(r) for r in [*works, *sites.rounded(boilers)]])
    write("nrw_heat_demand", demand)
    write("nrw_base_year", base)
    write("nrw_base_stock", calibration.stock([*works, *boilers]))
    write("nrw_residual", [asdict(r) for r in calibration.residuals(named, register)])
    write("nrw_register", calibration.groups(named, register))
    write("nrw_districts", [asdict(d) for d in districts.values()])
    document.update(TARGET / "README.md", base, books, demand)
    rest, electric = report.residual(named, register), sources.electric_heat_share(folder)
    print("\n".join(report.lines(base, rest, books, register, demand, electric)))


def write(name: str, rows: Sequence[Mapping[str, object]]) -> None:
    """Writes `scenarios/data/<name>.csv`, its comment lines first."""
    with (TARGET / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
        file.writelines(f"# {line}\n" for line in HEAD[name])
        table = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        table.writeheader()
        table.writerows({k: f"{v:.10g}" if isinstance(v, float) else v for k, v in row.items()} for row in rows)


if __name__ == "__main__":
    main()
