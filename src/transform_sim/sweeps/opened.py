"""A sweep's folder, opened to read: the cases with what was kept of them, finished or not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from html import escape
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from transform_sim.errors import ModelError
from transform_sim.model import Constraint
from transform_sim.results import Results
from transform_sim.results.summary import counted
from transform_sim.scenario import Scenario

from .again import number, scenario_of, solved
from .arrays import FIELDS, codes_of, dataset, levels
from .axes import apart
from .entries import BATCH
from .record import Ended
from .store import MANIFEST, read_manifest

SHOWN = ("status", "objective", "method", "handed_over", "deviation", "message")
"""Columns of the table of cases, after the axes."""


@dataclass(frozen=True, eq=False)
class Sweep:
    """Cases of a sweep as they stood when it was opened; open it again to see how a running one goes on.

    Quantities that were kept are attributes too: `sweep.emissions` is `sweep.data["emissions"]`.

    Attributes:
        root: folder of the tables that the scenario reads; only to solve cases anew, if it reads any.
    """

    folder: Path
    manifest: dict[str, Any]
    root: Path | None = None

    @property
    def name(self) -> str:
        return str(self.manifest["name"])

    @property
    def plan(self) -> str:
        """What was planned and why, as text."""
        return str(self.manifest["plan"])

    @property
    def scenario_text(self) -> str:
        """The scenario that is varied, merged into one YAML text."""
        return str(self.manifest["scenario"])

    @cached_property
    def data(self) -> xr.Dataset:
        """Status, objective, proof and what was kept. Dimensions are the axes of a grid, else `case`.

        The coordinate of an axis says in its attributes what it moves: `kind` (`set` or `scale`), `paths`, `long_name`
        and, for numbers, `units`. An axis that is called like something in here gets the ending `_axis`.

        A case that is not finished has status `waiting` and NaN.
        """
        return dataset(self.folder, self.manifest)

    @cached_property
    def cases(self) -> pd.DataFrame:
        """One row per case: its point on each axis, status, objective, method, message.

        An axis that is called like another column gets the ending `_axis`.
        """
        axes, codes = self.manifest["axes"], codes_of(self.manifest)
        columns = {self._columns[name]: levels(a["labels"], codes[:, k]) for k, (name, a) in enumerate(axes.items())}
        columns |= self.manifest.get("beside", {})
        columns |= {name: self.data[name].values.reshape(-1) for name in SHOWN}
        return pd.DataFrame(columns, index=pd.RangeIndex(len(codes), name="case"))

    def failed(self) -> pd.DataFrame:
        """The cases without a proved optimum, and why; those that wait are not among them."""
        status = self.cases["status"]
        return self.cases[~status.isin([Ended.OPTIMAL.value, Ended.WAITING.value])]

    def scenario(self, case: int | None = None, **at: Any) -> Scenario:
        """The scenario of one case, by its number or its point on the axes; arguments and errors as for `solve`."""
        return scenario_of(self.manifest, self._number(case, at), self.root)

    def solve(self, case: int | None = None, *, constraints: Sequence[Constraint] = (), **at: Any) -> Results:
        """All results of one case, by its number or its point on the axes, solved anew from what the folder holds.

            sweep.solve(17)
            sweep.solve(hydrogen=95, carbon_price=1.5, capex=1.0)
            ts.compare([sweep.solve(0), sweep.solve(59)])

        A scenario that reads tables of its study needs their folder: `open_sweep(folder, root="scenarios")`.

        Args:
            constraints: of your own, if the sweep had any.

        Raises ModelError for a case that is not there, ScenarioError without the tables, InfeasibleError with the
        reasons for a case without solution, TransformSimError if the cost is not the stored one.
        """
        row: pd.Series[Any] = self.cases.iloc[self._number(case, at)]
        return solved(self.manifest, row, constraints, self.root)

    def _number(self, case: int | None, at: dict[str, Any]) -> int:
        if case is None:
            return number(self.cases, self._columns, at)
        if at:
            raise ModelError("give the number of a case or its point on the axes, not both")
        if not (isinstance(case, int | np.integer) and 0 <= case < len(self.cases)):
            raise ModelError(f"there is no case {case!r}; they are numbered 0 … {len(self.cases) - 1}")
        return int(case)

    @property
    def complete(self) -> bool:
        """Whether no case waits."""
        return not bool((self.data["status"] == Ended.WAITING.value).any())

    def __getattr__(self, name: str) -> xr.DataArray:
        if name.startswith("_") or name in ("data", "manifest", "folder"):
            raise AttributeError(name)
        if name in self.data.data_vars:
            return self.data[name]
        known = ", ".join(map(str, self.data.data_vars))
        raise AttributeError(f"this sweep has no {name!r}. It has: {known}")

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *map(str, self.data.data_vars)]

    def __repr__(self) -> str:
        return "\n".join([f"Sweep of {self.name}", *(f"  {label:<9} {text}" for label, text in self._lines())])

    def _repr_html_(self) -> str:
        rows = "".join(f"<tr><th>{escape(a)}</th><td>{escape(b)}</td></tr>" for a, b in self._lines())
        return f"<h4>Sweep of {escape(self.name)}</h4><table>{rows}</table>"

    @property
    def _columns(self) -> dict[str, str]:
        """Columns of the axes in `cases`."""
        return apart(self.manifest["axes"], SHOWN)

    def _lines(self) -> list[tuple[str, str]]:
        status = self.data["status"].values.reshape(-1)
        kinds, counts = np.unique(status, return_counts=True)
        ended = ", ".join(f"{c:,} {k}" for k, c in sorted(zip(kinds, counts, strict=True), key=lambda kc: -kc[1]))
        axes = [f"{name} ({len(a['labels'])})" for name, a in self.manifest["axes"].items()]
        rows = [("Cases", f"{len(status):,}: {ended}"), ("Axes", f"{', '.join(axes)}; {self.manifest['design']}")]
        optimal = status == Ended.OPTIMAL.value
        if optimal.any():
            cost = self.data["objective"].values.reshape(-1)[optimal]
            size, count = counted(float(np.abs(cost).max()))
            low, high = (f"{value / size:.4g}" for value in (cost.min(), cost.max()))
            rows.append(("Cost", f"{low} … {high} {count}{self.manifest['currency']}"))
            gap = self.data["gap"].values.reshape(-1)[optimal].max()
            again = self.data["deviation"].values.reshape(-1)
            rows.append(("Proof", f"worst gap {gap:.1e}; {_checked(again[~np.isnan(again)])}"))
        rows.append(("Kept", ", ".join(map(str, (v for v in self.data.data_vars if v not in FIELDS))) or "nothing yet"))
        rows.append(("Folder", str(self.folder)))
        return rows


def open_sweep(folder: str | Path, root: str | Path | None = None) -> Sweep:
    """Open a sweep's or batch's folder, complete or not, also while it runs; raises StoreError if it holds none.

    Args:
        root: folder of the tables that the scenario reads, for `Sweep.solve`; what is kept can be read without.
    """
    folder = Path(folder)
    if (folder / BATCH / MANIFEST).exists() and not (folder / MANIFEST).exists():
        folder = folder / BATCH
    return Sweep(folder, read_manifest(folder), None if root is None else Path(root))


def _checked(deviations: NDArray[np.float64]) -> str:
    if not len(deviations):
        return "no case was solved twice"
    return f"{len(deviations):,} solved again cold, largest deviation {deviations.max():.1e}"
