"""One case of a stored sweep, solved once more to see all of its results."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from transform_sim.errors import ModelError, TransformSimError
from transform_sim.model import Constraint
from transform_sim.pipeline import solve
from transform_sim.results import Results
from transform_sim.scenario import Scenario, loads

from .axes import AS_IS, Axis, changes, quantities
from .entries import BATCH
from .record import Ended

AGREE = 1e-6
"""Relative difference of objectives up to which two solves are of the same case."""
TOLD = 5
"""Most labels or numbers that a message holds."""


def scenario_of(manifest: Mapping[str, Any], case: int, root: Path | None) -> Scenario:
    """The scenario of a case, called `<scenario>-case-<number>`.

    Args:
        root: folder of the tables that the scenario reads; needed only if it reads any.

    Raises ScenarioError if a table cannot be read or the case was refused, ModelError if a table has changed.
    """
    if manifest["design"] == BATCH:
        raise ModelError("a batch has all results of its scenarios already: ts.open_results of the folder of each name")
    base = loads(manifest["scenario"], root)
    if base.hash != manifest["scenario_hash"]:
        raise ModelError("the sweep read other tables than those that are there now, so this is another scenario")
    axes = [Axis.kept(name, kept) for name, kept in manifest["axes"].items()]
    moves = [(a, code) for a, code in zip(axes, manifest["cases"][case], strict=True) if code != AS_IS]
    moved = changes(base, quantities(base), moves)
    return base.with_({**moved, "name": f"{base.name}-case-{case}"})


def solved(
    manifest: Mapping[str, Any], row: pd.Series[Any], constraints: Sequence[Constraint], root: Path | None
) -> Results:
    """Results of the case in a row of `Sweep.cases`; raises TransformSimError if they are not what was stored."""
    results = solve(scenario_of(manifest, int(str(row.name)), root), constraints=constraints)
    stored = float(row["objective"])
    if row["status"] == Ended.OPTIMAL.value and abs(results.objective - stored) > AGREE * (1 + abs(stored)):
        raise TransformSimError(
            f"case {row.name} costs {results.objective:.10g}, but {stored:.10g} is stored: "
            "if the sweep had constraints of its own, give them here too"
        )
    return results


def number(cases: pd.DataFrame, axes: Mapping[str, str], at: Mapping[str, Any]) -> int:
    """The one case at these levels; `axes` are columns of the cases by axis. ModelError for none or several."""
    left = cases
    for name, level in at.items():
        if name not in axes:
            raise ModelError(f"there is no axis {name!r}; there is {', '.join(axes)}")
        known = left[axes[name]]
        found = left[_is(known, level)]
        if found.empty:
            raise ModelError(f"no such case has {name} {level!r}; there is {_some(known.unique())}")
        left = found
    if len(left) > 1:
        others = ", ".join(a for a in axes if a not in at) or "its number"
        raise ModelError(f"{len(left):,} cases are there ({_some(left.index)}); say which by {others}")
    return int(left.index[0])


def _is(labels: pd.Series[Any], level: Any) -> Any:
    if labels.dtype.kind == "f":
        wanted = isinstance(level, int | float | np.number) and not isinstance(level, bool)
        return np.isclose(labels, float(level), rtol=1e-9, atol=0.0, equal_nan=True) if wanted else labels.isin([])
    return labels == str(float(level) if isinstance(level, int | np.integer) else level)


def _some(labels: Any) -> str:
    shown = [str(label) for label in labels[:TOLD]]
    return ", ".join(shown) + (", …" if len(labels) > TOLD else "")
