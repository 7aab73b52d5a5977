"""Time to plan a sweep of 10,000 cases over the annual NRW study, and to put its cases together.

    python benchmarks/sweep.py

Three axes: a factor on the carbon price (25 levels), the price of imported hydrogen (20), a factor on the demand for
steel (20). Times are those of the processor: one process, one thread.
"""

from __future__ import annotations

import pickle
import time
from pathlib import Path

import numpy as np

import transform_sim as ts
from transform_sim.lp import Program
from transform_sim.scenario.sweepfile import sweep_spec
from transform_sim.sweeps.design import cases
from transform_sim.sweeps.plan import Plan, plan
from transform_sim.sweeps.verify import agrees, sample

STUDY = Path(__file__).resolve().parents[1] / "scenarios" / "nrw_reference.yaml"
AXES = {
    "carbon_price": {"scale": "policies.carbon_price", "values": np.linspace(0.5, 2.0, 25).tolist()},
    "hydrogen": {"set": "supply.hydrogen_import.steps.0.price", "values": np.linspace(74, 170, 20).tolist()},
    "steel": {"scale": "demand.crude_steel.amount", "values": np.linspace(0.6, 1.0, 20).tolist()},
}
CHECKED = 5


def main() -> None:
    """Plan, put together, compare some cases with their full build, and print."""
    start = time.process_time()
    scenario = ts.load(STUDY, variant="annual")
    loaded = time.process_time()
    design = cases(scenario, sweep_spec({"name": "benchmark", "axes": AXES}).axes, "grid")
    planned = plan(scenario, design)
    ready = time.process_time()
    for i in planned.order:
        planned.case(int(i))
    assembled = time.process_time()
    right = sum(agrees(planned, i) for i in sample(planned, CHECKED))
    checked = time.process_time()
    print(planned, flush=True)
    n = len(planned.cases)
    one = (checked - assembled) / CHECKED
    plan_time, cases_time = ready - loaded, assembled - ready
    print(f"load {loaded - start:.2f} s, plan {plan_time:.2f} s, put {n:,} cases together {cases_time:.2f} s")
    print(f"one case {1e3 * cases_time / n:.3f} ms; its full build {1e3 * one:.0f} ms")
    print(f"planned and put together in 1/{one * n / (plan_time + cases_time):,.0f} of the time of {n:,} full builds")
    print(f"{right} of {CHECKED} cases agree with their full build; the plan travels as {size(planned):.1f} MB")
    print(hops(scenario, planned.groups[0].program))


def size(planned: Plan) -> float:
    """Megabytes of the pickled plan."""
    return len(pickle.dumps(planned)) / 1e6


def hops(scenario: ts.Scenario, program: Program) -> str:
    """Where one full build spends its time."""
    from transform_sim.inputs import make_inputs
    from transform_sim.model import build
    from transform_sim.sweeps.union import fingerprint

    marks = [time.process_time()]
    changed = scenario.with_({"policies.carbon_price": 100})
    marks.append(time.process_time())
    data = make_inputs(changed)
    marks.append(time.process_time())
    declared = build(data)
    marks.append(time.process_time())
    declared.freeze()
    marks.append(time.process_time())
    fingerprint(program)
    marks.append(time.process_time())
    names = ("scenario.with_", "inputs", "build", "freeze", "fingerprint")
    return "one build: " + ", ".join(f"{n} {1e3 * t:.0f} ms" for n, t in zip(names, np.diff(marks), strict=True))


if __name__ == "__main__":
    main()
