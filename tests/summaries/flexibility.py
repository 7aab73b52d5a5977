"""What flexible industry saves in the NRW studies: none of it, each load alone, what works today, all that could.

    python -m tests.summaries.flexibility

solves every case of the studies as shipped (some seven minutes) and writes `flexibility.csv`.
"""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

import transform_sim as ts
from transform_sim.inputs import Inputs
from transform_sim.names import HOURS_PER_YEAR
from transform_sim.pipeline import compose
from transform_sim.results import Results
from transform_sim.scenario import Scenario
from transform_sim.scenario.tree import plain

from . import ROOT

TABLE = Path(__file__).parent / "flexibility.csv"
STUDIES = ("nrw_reference", "nrw_climate_neutral")
ALONE = "nrw_reference"
"""The study in which each load is solved alone."""

SAID = ("title", "description", "source", "note", "quality", "licence", "low", "high", "variants", "name")
"""Keys that change no number of a result."""


def level(study: str, flexibility: str) -> Scenario:
    """A study at a level of flexibility."""
    return ts.load(ROOT / "scenarios" / f"{study}.yaml", variant=f"flexibility_{flexibility}")


def alone(study: str, load: str) -> Scenario:
    """A study with one flexible load and no other."""
    scenario = level(study, "potential")
    return scenario.with_({f"flexible_loads.{name}": None for name in scenario.flexible_loads if name != load})


def cases(study: str) -> Iterator[tuple[str, str, Scenario]]:
    """(case, stage, scenario) of every row; `stage` is from which level on the loads of the case take part."""
    yield "none", "none", level(study, "none")
    if study == ALONE:
        for name, load in level(study, "potential").flexible_loads.items():
            yield name, load.flexibility, alone(study, name)
    yield "today", "today", level(study, "today")
    yield "potential", "potential", level(study, "potential")


def digest(study: str) -> str:
    """What of a study can change its results, in a few letters."""
    scenario = level(study, "potential")
    told = json.dumps([_numbers(plain(scenario.source.tree)), dict(scenario.source.digests)], sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def _numbers(part: Any) -> Any:
    if isinstance(part, dict):
        return {str(key): _numbers(value) for key, value in part.items() if key not in SAID}
    return [_numbers(value) for value in part] if isinstance(part, tuple) else part


def taken_off(data: Inputs, results: Results) -> float:
    """MW that the loads of a study may take off in the first period, at most."""
    loads, capacity = data.flexible_loads, results.capacity.isel(period=0)
    table, plants = loads.mean.table, loads.mean.plants
    mean = loads.mean.given[:, 0, 0].copy()
    for i in range(len(plants)):
        load, asset, region, node = (int(plants[d][i]) for d in ("load", "asset", "region", "node"))
        place = {"process": data.assets.owner[asset], "region": data.frame.regions[region]}
        row = np.flatnonzero((table["load"] == load) & (table["node"] == node))
        here = capacity.sel(place)
        hours = HOURS_PER_YEAR if str(here["process_capacity_unit"].values).endswith("/a") else 1.0
        mean[row] += loads.mean.per_capacity[i, 0, 0] * float(here) / hours
    return float(mean @ loads.down_mean[:, 0, 0])


def solve(scenario: Scenario) -> tuple[float, int, float]:
    """Objective, columns, and MW that may be taken off in the first period."""
    data, _ = compose(scenario)
    results = ts.solve(scenario)
    assert results.certificate["ok"]
    return results.objective, int(results.solver["columns"]), taken_off(data, results)


def table() -> list[dict[str, str]]:
    """The stored rows."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def main() -> None:
    """Solve every case and write the table."""
    rows = []
    for study in STUDIES:
        base = 0.0
        for case, stage, scenario in cases(study):
            objective, columns, power = solve(scenario)
            base = objective if case == "none" else base
            rows.append({
                "study": study, "digest": digest(study), "case": case, "stage": stage, "columns": columns,
                "taken_off_mw": f"{power:.0f}", "objective": f"{objective:.2f}",
                "saving": f"{base - objective:.2f}",
            })  # fmt: skip
            print(*rows[-1].values())
    with TABLE.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    main()
