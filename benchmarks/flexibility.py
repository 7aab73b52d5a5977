"""Load shifting over a full year at one site: seconds to lay out and build, and memory, as a load reaches further.

    python benchmarks/flexibility.py

Pairs of hours within a delay L (zerrahn_schill) take 2 L columns per hour, delay classes two each. Every load is built
in a process of its own; memory is the peak of what numpy allocates from the inputs to the frozen program. The aim is
less than a second for L = 4; the rows with several years, each of 8,760 hours, and the last column show that memory is
linear in hours.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
import tracemalloc
from typing import Any

LIMITS = {"commodity": "power", "load": 100, "up": 0.25, "down": 0.25}
LOADS: dict[str, Any] = {
    "none": None,
    "window 24 h": {"method": "window", "window": 24},
    "battery 48 h": {"method": "battery", "energy": 48},
    "gils 4, 8, 24 h": {"method": "gils", "delays": [4, 8, 24], "duration": 4},
    **{f"zerrahn_schill L = {h}": {"method": "zerrahn_schill", "delay": h} for h in (1, 2, 4, 8, 16)},
    "of a process L = 4": {"method": "zerrahn_schill", "delay": 4, "process": "mill"},
    **{f"L = 4, {n} years": {"method": "zerrahn_schill", "delay": 4, "years": n} for n in (2, 4)},
}
STUDY = """
name: flexibility
horizon: {start: 2025, end: 2025, step: 1}
time: full_year
profiles: {spot: package:de_2025/price}
regions: {ruhr: {}}
commodities: {power: {unit: MWh, balance: hour}, flour: {unit: t}}
processes: {mill: {unit: t, flows: {flour: 1, power: -0.1}, existing: 8760000}}
supply: {power: {price: 80, price_profile: spot}}
demand: {power: {amount: 876000}, flour: {amount: 876000}}
"""


def main() -> None:
    """Build all loads and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--one", choices=LOADS, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one:
        print(json.dumps(measure(LOADS[given.one], given.repeat)))
        return
    print(f"{'load':24}{'columns':>10}{'non-zeros':>12}{'build s':>10}{'peak MB':>10}{'B per non-zero':>16}")
    for name in LOADS:
        command = [sys.executable, __file__, "--one", name, "--repeat", str(given.repeat)]
        row = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)
        peak, each = row["peak"] / 1e6, row["peak"] / row["non_zeros"]
        print(f"{name:24}{row['columns']:10,}{row['non_zeros']:12,}{row['seconds']:10.2f}{peak:10.0f}{each:16.0f}")


def measure(load: dict[str, Any] | None, repeat: int) -> dict[str, float]:
    """Shortest time from scenario to frozen program, and the peak of memory on the way."""
    import transform_sim as ts
    from transform_sim.pipeline import compose

    scenario = ts.loads(STUDY)
    if load is not None:
        limits = {k: v for k, v in LIMITS.items() if k != "load" or "process" not in load}
        fields = {k: v for k, v in load.items() if k != "years"}
        last = 2024 + load.get("years", 1)
        scenario = scenario.with_({"flexible_loads": {"works": limits | fields}, "horizon.end": last})
    seconds = []
    for _ in range(repeat):
        since = time.perf_counter()
        _, program = compose(scenario)
        seconds.append(time.perf_counter() - since)
    tracemalloc.start()
    compose(scenario)
    peak = tracemalloc.get_traced_memory()[1]
    columns, non_zeros = program.shape[1], int(program.matrix.nnz)
    return {"columns": columns, "non_zeros": non_zeros, "seconds": min(seconds), "peak": float(peak)}


if __name__ == "__main__":
    main()
