"""Cases per minute and core: how fast a planned sweep is solved, proved and kept, and where the time goes.

    python benchmarks/sweep_solve.py             # annual studies of 0.9k to 16k columns, then steel hour by hour
    python benchmarks/sweep_solve.py --hourly    # NRW hour by hour too: some cases, warm beside cold (minutes)

One process, one thread, seconds of the processor: what else runs on the machine counts little. `solver` is the time
inside HiGHS, `certificate` that of the independent proof, `outputs` that of what is kept, `rest` assembling, passing
arrays and writing. Beside it, what the same cases cost if each is solved by itself, with the program built once and
built anew.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

import transform_sim as ts
from transform_sim.errors import InfeasibleError
from transform_sim.scenario.sweepfile import sweep_spec
from transform_sim.solvers import highs
from transform_sim.solvers.engine import Engine
from transform_sim.sweeps.design import cases
from transform_sim.sweeps.opened import open_sweep
from transform_sim.sweeps.outputs import Reader
from transform_sim.sweeps.plan import Plan, plan
from transform_sim.sweeps.run import run
from transform_sim.sweeps.work import fresh, run_case

SCENARIOS = Path(__file__).resolve().parents[1] / "scenarios"
AXES: dict[str, Any] = {
    "carbon_price": {"scale": "policies.carbon_price", "values": [0.6, 0.8, 1.0, 1.25, 1.5]},
    "gas": {"scale": "supply.natural_gas.price", "values": [0.8, 1.0, 1.2, 1.4]},
    "capex": {"scale": "processes.dri_eaf.capex", "values": [0.7, 1.0, 1.5]},
    "steel": {"scale": "demand.crude_steel.amount", "values": [0.7, 0.8, 0.9, 1.0]},
}
HOURLY = {name: AXES[name] | {"values": AXES[name]["values"][:2]} for name in AXES}
NRW_HOURLY = {
    "carbon_price": AXES["carbon_price"] | {"values": [1.0, 1.25]},
    "steel": AXES["steel"] | {"values": [0.9, 1.0]},
}
COLD = 8
"""Cases that are also solved by themselves."""
SLOW = 0.5
"""Seconds from which a case of a chain has a line of its own."""
clock = time.process_time


def main() -> None:
    """Print one block for each study, as soon as it is measured."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hourly", action="store_true")
    arguments = parser.parse_args()
    nrw = ts.load(SCENARIOS / "nrw_reference.yaml", variant="annual")
    measure("steel, annual", ts.load(SCENARIOS / "nrw_steel_annual.yaml"), AXES)
    measure("Braunschweig, annual", ts.load(SCENARIOS / "braunschweig_wolfsburg.yaml", variant="annual"), AXES)
    measure("NRW until 2035, annual", nrw.with_({"horizon.end": 2035}), AXES)
    measure("NRW, annual", nrw, AXES)
    hourly = ts.load(SCENARIOS / "nrw_steel.yaml")
    measure("steel, hourly", hourly, HOURLY, cold=4)
    chain("steel, hourly", hourly, HOURLY)
    if arguments.hourly:
        chain("NRW, hourly", ts.load(SCENARIOS / "nrw_reference.yaml"), NRW_HOURLY)


def measure(name: str, scenario: ts.Scenario, axes: dict[str, Any], cold: int = COLD) -> None:
    """Solve a grid once as a sweep, and a few of its cases by themselves."""
    start = clock()
    planned = planned_grid(scenario, axes)
    planning, n = clock() - start, len(planned.cases)
    columns = planned.groups[0].program.shape[1]
    say(f"{name}: {columns:,} columns, {n} cases, planned in {planning:.1f} s")
    with tempfile.TemporaryDirectory() as folder:
        with parts() as spent:
            start = clock()
            run(planned, folder)
            whole = clock() - start
        found = open_sweep(folder).cases
        pivots = open_sweep(folder).iterations.values.mean()
    ended = "; ".join(
        f"{count} {how}" for how, count in (found["status"] + ", " + found["method"]).value_counts().items()
    )
    say(f"  {60 * n / whole:,.0f} cases per minute and core, {1e3 * whole / n:.1f} ms a case, {pivots:.0f} pivots")
    say(f"  {ended}")
    spent["rest"] = whole - sum(spent.values())
    say("  ms a case: " + ", ".join(f"{part} {1e3 * seconds / n:.1f}" for part, seconds in spent.items()))
    for text, seconds in alone(planned, cold).items():
        say(f"  {text}: {1e3 * seconds:.0f} ms a case, {seconds * n / whole:.1f} times as much")


def chain(name: str, scenario: ts.Scenario, axes: dict[str, Any]) -> None:
    """Solve a few cases one after the other, and say what each took: the first is cold."""
    planned = planned_grid(scenario, axes)
    columns = planned.groups[0].program.shape[1]
    say(f"{name}: {columns:,} columns, {len(planned.cases)} cases, one after the other")
    session, seconds, pivots = fresh(planned.groups[0].program), [], []
    for i in planned.order:
        _, case = planned.case(int(i))
        start = clock()
        solution = run_case(session, case)
        seconds.append(clock() - start)
        pivots.append(solution.iterations)
        if seconds[-1] > SLOW:
            say(f"  {solution.method}: {seconds[-1]:.1f} s, {solution.iterations:,} iterations")
    warm = sum(seconds[1:]) / len(seconds[1:])
    say(f"  the first, cold: {seconds[0]:.2f} s, {pivots[0]:,} iterations")
    say(f"  each of the others: {warm:.3f} s, {_mean(pivots[1:]):,.0f} iterations; 1/{seconds[0] / warm:.1f} of cold")


def _mean(values: list[int]) -> float:
    return sum(values) / len(values)


def planned_grid(scenario: ts.Scenario, axes: dict[str, Any]) -> Plan:
    """The plan of all combinations."""
    spec = sweep_spec({"name": "benchmark", "axes": axes, "design": "grid"})
    return plan(scenario, cases(scenario, spec.axes, spec.design))


def say(line: str) -> None:
    """Print at once."""
    print(line, flush=True)


def alone(planned: Plan, n: int) -> dict[str, float]:
    """Seconds for a case from a cold start, of cases spread over the sweep."""
    chosen = planned.order[:: max(1, len(planned.order) // n)][:n]

    def cold(i: int) -> None:
        group, case = planned.case(i)
        run_case(fresh(group.program), case)

    def anew(i: int) -> None:
        ts.solve(planned.scenario.with_(planned.changes(i)))

    out = {}
    for text, solve in {"cold, built once": cold, "each by itself (load, build, solve, results)": anew}.items():
        start = clock()
        for i in chosen:
            with suppress(InfeasibleError):
                solve(int(i))
        out[text] = (clock() - start) / len(chosen)
    return out


@contextmanager
def parts() -> Iterator[dict[str, float]]:
    """Seconds spent meanwhile in the solver, the certificate and the outputs."""
    spent: dict[str, float] = {}
    with ExitStack() as stack:
        stack.enter_context(timed(Engine, "run", "solver", spent))
        stack.enter_context(timed(highs, "certify_case", "certificate", spent))
        stack.enter_context(timed(Reader, "read", "outputs", spent))
        yield spent


@contextmanager
def timed(owner: Any, name: str, part: str, spent: dict[str, float]) -> Iterator[None]:
    """Add up the time of a function."""
    function: Callable[..., Any] = getattr(owner, name)
    spent[part] = 0.0

    def measured(*given: Any, **named: Any) -> Any:
        start = clock()
        try:
            return function(*given, **named)
        finally:
            spent[part] += clock() - start

    setattr(owner, name, measured)
    try:
        yield
    finally:
        setattr(owner, name, function)


if __name__ == "__main__":
    main()
