"""Price cases of one plant over all hours of a year: the direct ways against HiGHS, cold and from the case before.

    python benchmarks/site.py

An electrolyser with a product of the year, the same with a tank and an even offtake, a cement mill with a silo, and a
tank that loses something, which only the simplex can solve. Prices: Germany 2025, shipped. Times are those of the
processor: one process and one thread, of numpy too, as its threads cost more than they bring on vectors of this size.
"""

from __future__ import annotations

import os

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # before numpy is loaded

import time
from collections.abc import Callable
from typing import Any

import numpy as np

import transform_sim as ts
from transform_sim.sites.work import Prepared, prepared
from transform_sim.sweeps.work import fresh
from transform_sim.timeseries import load_profile

HOURS = 8760
PRICE = load_profile("package:de_2025/price")
PLANTS = """
name: benchmark
horizon: {start: 2030, end: 2030, step: 1}
regions: {site: {}}
commodities:
  electricity: {unit: MWh, kind: energy, balance: hour}
  hydrogen: {unit: MWh, kind: energy}
  cement: {unit: t}
  clinker: {unit: t}
processes:
  electrolyser: {unit: MWh, flows: {electricity: -1, hydrogen: 0.7}, existing: 100}
  mill: {unit: t, flows: {electricity: -0.045, clinker: -0.75, cement: 1}, existing: 1.3e6}
storages:
  tank: {commodity: hydrogen, existing: 500, charge_rate: 1, discharge_rate: 1}
  leaky: {commodity: hydrogen, existing: 500, charge_efficiency: 0.98}
  silo: {commodity: cement, existing: 6000}
"""
CASES = 300


def main() -> None:
    """Time each site and print."""
    base = ts.loads(PLANTS)
    bought = {"electricity": PRICE, "clinker": 60.0}
    hydrogen, cement = {"hydrogen": 306_600.0}, {"cement": 1.0e6}
    power = {"electricity": PRICE}
    sites = {
        "electrolyser, product of the year": ts.site(base, "electrolyser", prices=power, demand=hydrogen),
        "electrolyser and tank": ts.site(base, "electrolyser", prices=power, demand=hydrogen, stores=["tank"]),
        "mill and silo": ts.site(base, "mill", prices=bought, demand=cement, stores=["silo"]),
        "electrolyser and leaky tank": ts.site(base, "electrolyser", prices=power, demand=hydrogen, stores=["leaky"]),
    }
    for name, site in sites.items():
        start = time.process_time()
        ready = prepared(site._plant)
        print(f"\n{name}: {ready.program!r}, ready in {time.process_time() - start:.2f} s", flush=True)
        cold = simplex(ready)
        direct(site, cold)


def simplex(ready: Prepared) -> float:
    """HiGHS on 2025, then on from there; seconds of a cold solve."""
    draw = np.random.default_rng(0)
    session = fresh(ready.program)
    cold, _ = timed(lambda: session.solve(ready.costs.cost({})))
    print(f"  HiGHS cold {1e3 * cold:,.0f} ms; from the case before:", end="")
    for what, price in {
        "level + 10 %": 1.1 * PRICE,
        "noise of 1 EUR/MWh": PRICE + draw.normal(0, 1, HOURS),
        "noise of 5": PRICE + draw.normal(0, 5, HOURS),
        "another year": np.roll(PRICE, 24 * 91),
    }.items():
        took, _ = timed(lambda p=price: session.solve(ready.costs.cost({"electricity": p})))  # type: ignore[misc]
        print(f" {what} {1e3 * took:,.0f} ms,", end="", flush=True)
    print()
    return cold


def direct(site: ts.Site, cold: float) -> None:
    """Cases of unrelated price years, as `Site.run` solves and proves them, and their share of a cold solve each."""
    ready = prepared(site._plant)
    n = CASES if ready.way is not None else 10
    draw = np.random.default_rng(1)
    prices = PRICE * draw.uniform(0.6, 1.4, (n, 1)) + draw.normal(0.0, 20.0, (n, HOURS))
    site.run({"electricity": prices[:1]}, progress=False)  # numba compiles
    took, found = timed(lambda: site.run({"electricity": prices}, progress=False))
    ways = ", ".join(f"{k}: {v}" for k, v in found.cases["method"].value_counts().items())
    each = took / n
    print(f"  {n} unrelated price years: {1e3 * each:.1f} ms each with proof and second solves ({ways});")
    again = found.deviation.values[~np.isnan(found.deviation.values)]
    print(
        f"  {cold / each:.0f} times as fast as cold; 10,000 cases {10_000 * each / 60:.1f} min in one process;", end=""
    )
    print(f" {len(again)} solved again by HiGHS, largest difference {again.max(initial=0.0):.0e}")


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """Seconds, and what came out."""
    start = time.process_time()
    out = work()
    return time.process_time() - start, out


if __name__ == "__main__":
    main()
