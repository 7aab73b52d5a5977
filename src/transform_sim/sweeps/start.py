"""From what a user asks for, in Python or in a file, to a plan and to the cases of it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import nullcontext
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from transform_sim.errors import ModelError, ScenarioError
from transform_sim.model import Constraint
from transform_sim.scenario import Scenario, load
from transform_sim.scenario.files import decode, read_bytes
from transform_sim.scenario.problems import Problem, Report, render
from transform_sim.scenario.reader import read
from transform_sim.scenario.sweepfile import MAX_SWEEP, TEXT, load_sweep, row_problems, sweep_spec
from transform_sim.scenario.sweepspec import SweepSpec
from transform_sim.scenario.tree import Node, from_plain

from .cluster import run_on
from .design import MOST_CASES, cases
from .opened import Sweep, open_sweep
from .plan import Plan, plan
from .progress import shown, silent
from .run import run
from .verify import verify

Design = str | Mapping[str, Any] | pd.DataFrame | Sequence[Mapping[str, Any]]


def sweep(
    scenario: Scenario | str | Path,
    axes: Mapping[str, Any],
    design: Design = "grid",
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
        design: `grid`, `one_at_a_time`, `ranges`, {"latin_hypercube": n, "seed": k}, {"sobol": n, "seed": k}, or the
            cases themselves: a table (DataFrame, list of dicts) with one row per case and one column per axis; an empty
            cell leaves what the scenario says. Axes then need no values: {"gas": {"set": "supply.gas.price"}}.
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
    listed = not isinstance(design, str | Mapping)
    named = {"cases": "table"} if listed else design
    given = written(axes)
    spec = sweep_spec({"name": chosen.name, "axes": given, "design": named, "keep": keep})
    rows = _rows(design, spec.axes) if listed else []
    combined = cases(chosen, spec.axes, spec.design, rows)
    try:
        planned = verify(plan(chosen, combined, constraints))
    except ScenarioError as error:
        raise _placed(error, from_plain({"axes": given}, TEXT), spec) from None
    with shown() if progress else nullcontext(silent) as watch:
        if scheduler is None:
            run(planned, out, spec.kept, workers=workers, executor=executor, watch=watch)
        else:
            run_on(scheduler, planned, out, spec.kept, watch=watch)
    return open_sweep(out, chosen.source.path.parent if chosen.source.path else None)


def plan_file(path: str | Path) -> tuple[Plan, str | tuple[str, ...]]:
    """The plan of a sweep file, and what is to be kept; raises ScenarioError with every problem of the file."""
    spec, scenario, rows = load_sweep(path)
    listed = cases(scenario, spec.axes, spec.design, rows)
    try:
        return replace(verify(plan(scenario, listed)), name=spec.name), spec.kept
    except ScenarioError as error:
        path = Path(path)
        tree, _ = read(decode(read_bytes(path, path.name, MAX_SWEEP), path.name), str(path))
        raise (error if tree is None else _placed(error, tree, spec)) from None


def _placed(error: ScenarioError, tree: Node, spec: SweepSpec) -> ScenarioError:
    """The same where its causes stand in the tree of a sweep: the scenario alone was right, so an axis brought them."""
    report = Report(tree)
    for problem in error.problems:
        axis = next((n for n, a in spec.axes.items() for p in a.paths if _brings(p, problem)), None)
        if axis is None:
            report.problems.append(problem)
        else:
            report.add(problem.code, ("axes", axis), ": ".join(filter(None, (problem.path, problem.message))))
    return ScenarioError(render(report.problems), report.problems)


def _brings(path: str, problem: Problem) -> bool:
    """Whether what is set at a path is what a problem is about: at its place or, as a key that it names, below it."""
    if problem.path == path or problem.path.startswith(f"{path}."):
        return True
    above = f"{problem.path}." if problem.path else ""
    return path.startswith(above) and f"'{path.removeprefix(above).split('.')[0]}'" in problem.message


def written(axes: Mapping[str, Any]) -> dict[str, Any]:
    """Axes as a sweep file has them: a path with its values alone sets that path."""
    if not isinstance(axes, Mapping):
        raise ModelError(f"axes are a mapping, such as {{'policies.carbon_price': [60, 120]}}, not {axes!r}")
    return {
        name: axis if isinstance(axis, Mapping) else {"set": name, "values": axis}
        for name, axis in ((name, _plain(axis)) for name, axis in axes.items())
    }


def _plain(axis: Any) -> Any:
    """An axis with plain lists in place of arrays, ranges and the like; raises ModelError for endless ones."""
    if isinstance(axis, Mapping):
        return {key: _plain(part) if key in ("set", "values") else part for key, part in axis.items()}
    if isinstance(axis, str) or not isinstance(axis, Iterable) or getattr(axis, "ndim", 1) == 0:
        return axis
    values = list(islice(axis, MOST_CASES + 1))
    if len(values) > MOST_CASES:
        raise ModelError(f"an axis has more than {MOST_CASES:,} values; at most {MOST_CASES:,} cases are planned")
    return [value.item() if isinstance(value, np.generic) else value for value in values]


def _rows(table: Any, axes: Collection[str]) -> list[Mapping[str, Any]]:
    """The rows of a table of cases; raises ModelError where its columns are not the axes."""
    if isinstance(table, pd.DataFrame):
        columns = [str(c) for c in table.columns]
        values = table.astype(object).where(table.notna(), None).to_numpy().tolist()
        rows: list[Mapping[str, Any]] = [dict(zip(columns, row, strict=True)) for row in values]
    else:
        rows = list(table) if isinstance(table, Iterable) else []
        if not all(isinstance(row, Mapping) for row in rows) or not isinstance(table, Iterable):
            raise ModelError(f"design {table!r} is neither the name of a design nor a table with one row per case")
        columns = list(dict.fromkeys(str(c) for row in rows for c in row))
    if problems := row_problems(columns if rows else [], axes):
        raise ModelError("; ".join(f"the table of cases {problem}" for problem in problems))
    return rows
