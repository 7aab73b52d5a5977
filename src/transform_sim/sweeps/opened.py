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
from transform_sim.scenario import Scenario

from .again import number, scenario_of, solved
from .axes import AS_SCENARIO, apart
from .entries import BATCH
from .parts import Part, joined, unpacked
from .record import PROOF, Ended
from .store import MANIFEST, read_chunk, read_lost, read_manifest

FIELDS = {
    "status": ("how the case ended", ""),
    "objective": ("present value of all cost that counts", "currency"),
    "method": ("what HiGHS ran", ""),
    "iterations": ("iterations of all attempts", ""),
    "handed_over": ("solved cold because the warm start did not do", ""),
    "deviation": ("relative difference of a second, cold solve; NaN where there was none", ""),
    "message": ("why there is no optimum", ""),
    **dict.fromkeys(PROOF, ("of the certificate", "")),
}
"""What every case has, with its meaning and unit."""
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
        n = len(self.manifest["cases"])
        fields, parts = self._read(n)
        taken = {*FIELDS, *parts, *(d for p in parts.values() for d in p.labels), "case"}
        names = apart(self.manifest["axes"], taken)
        dims, shape, coords = self._cases({names[name]: a for name, a in self.manifest["axes"].items()}, n)
        money = self.manifest["currency"]
        variables: dict[str, Any] = {}
        for name, values in fields.items():
            text, unit = FIELDS[name]
            attrs = {"long_name": text, **({"units": money} if unit else {})}
            variables[name] = (dims, values.reshape(shape), attrs)
        for name, part in parts.items():
            values = part.values.reshape(*shape, *part.values.shape[1:])
            variables[name] = ([*dims, *part.labels], values, dict(part.attrs))
        dataset = xr.Dataset(variables, coords)
        beside = {c: (d, list(v)) for p in parts.values() for c, (d, v) in p.notes.items()}
        beside |= {name: (dims[0], texts) for name, texts in self.manifest.get("beside", {}).items()}
        labels = {d: list(v) for p in parts.values() for d, v in p.labels.items()}
        return dataset.assign_coords({**labels, **beside}).assign_attrs(
            sweep=self.name, scenario_hash=self.manifest["scenario_hash"], currency=money
        )

    @cached_property
    def cases(self) -> pd.DataFrame:
        """One row per case: its point on each axis, status, objective, method, message.

        An axis that is called like another column gets the ending `_axis`.
        """
        axes, codes = self.manifest["axes"], self._codes
        columns = {self._columns[name]: _at(a["labels"], codes[:, k]) for k, (name, a) in enumerate(axes.items())}
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

    @property
    def _codes(self) -> NDArray[np.int64]:
        codes = np.array(self.manifest["cases"], dtype=np.int64)
        return codes.reshape(len(self.manifest["cases"]), len(self.manifest["axes"]))

    def _read(self, n: int) -> tuple[dict[str, NDArray[Any]], dict[str, Part]]:
        """Fields of all cases and what was kept of them."""
        fields: dict[str, NDArray[Any]] = {name: np.full(n, np.nan) for name in ("objective", "deviation", *PROOF)}
        fields |= {name: np.full(n, "", dtype=object) for name in ("method", "message")}
        fields["status"] = np.full(n, Ended.WAITING.value, dtype=object)
        fields["iterations"], fields["handed_over"] = np.zeros(n, dtype=np.int64), np.zeros(n, dtype=bool)
        found = []
        for n_chunk, cases in enumerate(self.manifest["chunks"]):
            arrays = read_chunk(self.folder, n_chunk)
            if arrays is not None:
                for name in fields:
                    fields[name][arrays["case"]] = arrays[name]
                found.append((arrays["case"], unpacked(arrays)))
            elif (why := read_lost(self.folder, n_chunk)) is not None:
                fields["status"][cases], fields["message"][cases] = Ended.LOST.value, why
        text = ("status", "method", "message")
        return {name: fields[name].astype(str) if name in text else fields[name] for name in FIELDS}, joined(found, n)

    def _cases(self, axes: dict[str, Any], n: int) -> tuple[list[str], tuple[int, ...], dict[str, Any]]:
        """Dimensions, shape and coordinates of the cases."""
        if self.manifest["grid"]:
            shape = tuple(len(a["labels"]) for a in axes.values())
            levels = {
                name: (name, _at(a["labels"], np.arange(len(a["labels"]))), _attrs(a)) for name, a in axes.items()
            }
            return list(axes), shape, dict(levels)
        coords: dict[str, Any] = {"case": np.arange(n)}
        for k, (name, a) in enumerate(axes.items()):
            coords[name] = ("case", _at(a["labels"], self._codes[:, k]), _attrs(a))
        return ["case"], (n,), coords

    def _lines(self) -> list[tuple[str, str]]:
        status = self.data["status"].values.reshape(-1)
        kinds, counts = np.unique(status, return_counts=True)
        ended = ", ".join(f"{c:,} {k}" for k, c in sorted(zip(kinds, counts, strict=True), key=lambda kc: -kc[1]))
        axes = [f"{name} ({len(a['labels'])})" for name, a in self.manifest["axes"].items()]
        rows = [("Cases", f"{len(status):,}: {ended}"), ("Axes", f"{', '.join(axes)}; {self.manifest['design']}")]
        optimal = status == Ended.OPTIMAL.value
        if optimal.any():
            cost = self.data["objective"].values.reshape(-1)[optimal] / 1e9
            rows.append(("Cost", f"{cost.min():.4g} … {cost.max():.4g} bn {self.manifest['currency']}"))
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


def _attrs(axis: dict[str, Any]) -> dict[str, str]:
    """What a coordinate says about its axis; texts only, which every file format takes."""
    said = {"long_name": axis["long_name"], "kind": axis["kind"], "paths": ", ".join(axis["paths"])}
    return {**said, "units": axis["units"]} if axis["units"] else said


def _checked(deviations: NDArray[np.float64]) -> str:
    if not len(deviations):
        return "no case was solved twice"
    return f"{len(deviations):,} solved again cold, largest deviation {deviations.max():.1e}"


def _at(labels: list[Any], codes: NDArray[np.int64]) -> NDArray[Any]:
    """Labels of these levels; NaN (a text where labels are texts) where a case leaves the scenario as it is."""
    if all(isinstance(x, int | float) for x in labels):
        return np.array([*labels, np.nan], dtype=float)[codes]
    return np.array([*map(str, labels), AS_SCENARIO])[codes]
