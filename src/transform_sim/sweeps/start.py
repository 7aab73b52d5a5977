"""From what a user asks for, in Python or in a file, to a plan and to the cases of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from transform_sim.model import Constraint
from transform_sim.scenario import Scenario, load
from transform_sim.scenario.sweepfile import load_sweep, sweep_spec

from .cluster import run_on
from .design import cases
from .opened import Sweep, open_sweep
from .plan import Plan, plan
from .progress import shown, silent
from .run import run
from .verify import verify


def sweep(
    scenario: Scenario | str | Path,
    axes: Mapping[str, Any],
    design: str | Mapping[str, Any] = "grid",
    *,
    out: str | Path,
    keep: str | Sequence[str] = "indicators",
    workers: int = 1,
    executor: Executor | None = None,
    scheduler: str | None = None,
    constraints: Sequence[Constraint] = (),
    progress: bool = True,
) -> Sweep:
    """Solve a scenario for many values of what `axes` name, each with its proof, and keep the outcome in a folder.

    The same call goes on where an earlier one was stopped.

        ts.sweep("study.yaml", {"policies.carbon_price": [60, 120, 180]}, out="co2")

    Args:
        axes: a path with its values, or a name with what a sweep file says: {"gas": {"scale": "supply.gas.price",
            "values": [0.8, 1.2]}}; empty for the design `ranges`.
        design: `grid`, `one_at_a_time`, `ranges`, {"latin_hypercube": n, "seed": k} or {"sobol": n, "seed": k}.
        out: folder for the outcome.
        keep: `indicators`, `everything`, or names of quantities of Results.
        workers: processes at once; a script that takes several needs `if __name__ == "__main__":`.
        executor: of processes, in place of own ones.
        scheduler: address of a Dask scheduler, such as `tcp://host:8786`, whose workers solve (extra `cluster`).
        constraints: of your own, as for `solve`; functions of a module if there are several workers.
        progress: whether to show on the error stream how far it is.
    """
    if executor is not None and scheduler is not None:
        raise TypeError("sweep takes an executor or a scheduler, not both")
    chosen = scenario if isinstance(scenario, Scenario) else load(scenario)
    spec = sweep_spec({"name": chosen.name, "axes": written(axes), "design": design, "keep": keep})
    planned = verify(plan(chosen, cases(chosen, spec.axes, spec.design), constraints))
    with shown() if progress else nullcontext(silent) as watch:
        if scheduler is None:
            run(planned, out, spec.kept, workers=workers, executor=executor, watch=watch)
        else:
            run_on(scheduler, planned, out, spec.kept, watch=watch)
    return open_sweep(out)


def plan_file(path: str | Path) -> tuple[Plan, str | tuple[str, ...]]:
    """The plan of a sweep file, and what is to be kept; raises ScenarioError with every problem of the file."""
    spec, scenario, rows = load_sweep(path)
    return verify(plan(scenario, cases(scenario, spec.axes, spec.design, rows))), spec.kept


def written(axes: Mapping[str, Any]) -> dict[str, Any]:
    """Axes as a sweep file has them: a path with its values alone sets that path."""
    return {
        name: axis if isinstance(axis, Mapping) else {"set": name, "values": _plain(axis)}
        for name, axis in axes.items()
    }


def _plain(values: Any) -> list[Any]:
    """Values of a list or array as plain numbers and texts."""
    return list(values.tolist() if hasattr(values, "tolist") else values)
