"""From file to report: the NRW studies, step by step, and what their size costs.

    python benchmarks/study.py                    # reference and climate-neutral: 4 days, annual
    python benchmarks/study.py --eight-days       # also 8 representative days (minutes)

Each study runs in a process of its own; nothing else should run meanwhile. Times are wall clock in seconds. The aim is
at most 120,000 columns and two minutes from file to report for the studies with four days; the last column is the time
against the first row.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SCENARIOS = Path(__file__).resolve().parents[1] / "scenarios"
STEPS = ("load", "build", "solve", "save", "report")
AIM_COLUMNS, AIM_SECONDS = 120_000, 120.0


def main() -> None:
    """Run the studies and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--eight-days", action="store_true")
    parser.add_argument("--method", default="auto")
    parser.add_argument("--one", nargs=2, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one:
        print(json.dumps(measure(given.one[0], given.one[1] or None, given.method)))
        return
    variants = ["", "annual", *(["eight_days"] if given.eight_days else [])]
    rows = []
    for name in ("nrw_reference", "nrw_climate_neutral"):
        for variant in variants:
            command = [sys.executable, __file__, "--method", given.method, "--one", name, variant]
            found = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
            rows.append((f"{name} {variant}".strip(), json.loads(found)))
    report(rows)


def measure(name: str, variant: str | None, method: str) -> dict[str, float | str]:
    """Seconds of each step of one study, its size and its method."""
    import transform_sim as ts

    out: dict[str, float | str] = {}
    since = time.perf_counter()

    def lap(step: str) -> None:
        nonlocal since
        now = time.perf_counter()
        out[step], since = now - since, now

    scenario = ts.load(SCENARIOS / f"{name}.yaml", variant=variant)
    lap("load")
    study = ts.prepare(scenario, method=method)
    lap("build")
    results = study.solve()
    lap("solve")
    with tempfile.TemporaryDirectory() as folder:
        results.save(Path(folder) / "results.nc")
        lap("save")
        ts.report(results, Path(folder) / "report.html", figures=Path(folder) / "figures")
        lap("report")
    columns = results.solver["columns"]
    return out | {"columns": columns, "method": results.solver["method"], "objective": results.objective}


def report(rows: list[tuple[str, dict[str, float]]]) -> None:
    """One line per study, with its ratio to the first and whether the aim is met."""
    head = f"{'study':<32}{'columns':>9}" + "".join(f"{step:>8}" for step in STEPS) + f"{'sum':>8}{'ratio':>7}  method"
    print(head)
    first = sum(rows[0][1][step] for step in STEPS)
    for name, row in rows:
        total = sum(row[step] for step in STEPS)
        times = "".join(f"{row[step]:8.1f}" for step in STEPS)
        print(f"{name:<32}{row['columns']:>9,}{times}{total:8.1f}{total / first:7.2f}  {row['method']}")
    within = all(
        row["columns"] <= AIM_COLUMNS and sum(row[s] for s in STEPS) <= AIM_SECONDS
        for name, row in rows
        if "eight" not in name
    )
    print(f"at most {AIM_COLUMNS:,} columns and {AIM_SECONDS:.0f} s from file to report: {'yes' if within else 'NO'}")


if __name__ == "__main__":
    main()
