"""A sweep's folder, opened to read: the cases with what was kept of them, finished or not."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from html import escape
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from .parts import Part, joined, unpacked
from .record import PROOF, Ended
from .store import read_chunk, read_lost, read_manifest

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
AS_SCENARIO = "as in the scenario"


@dataclass(frozen=True, eq=False)
class Sweep:
    """Cases of a sweep as they stood when it was opened; open it again to see how a running one goes on.

    Quantities that were kept are attributes too: `sweep.emissions` is `sweep.data["emissions"]`.
    """

    folder: Path
    manifest: dict[str, Any]

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

        A case that is not finished has status `waiting` and NaN.
        """
        n = len(self.manifest["cases"])
        fields, parts = self._read(n)
        taken = {*FIELDS, *parts, *(d for p in parts.values() for d in p.labels), "case"}
        axes = {(f"{name}_axis" if name in taken else name): a for name, a in self.manifest["axes"].items()}
        dims, shape, coords = self._cases(axes, n)
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
        labels = {d: list(v) for p in parts.values() for d, v in p.labels.items()}
        return dataset.assign_coords({**labels, **beside}).assign_attrs(
            sweep=self.name, scenario_hash=self.manifest["scenario_hash"], currency=money
        )

    @cached_property
    def cases(self) -> pd.DataFrame:
        """One row per case: its point on each axis, status, objective, method, message."""
        axes, codes = self.manifest["axes"], self._codes
        columns = {name: _at(a["labels"], codes[:, k]) for k, (name, a) in enumerate(axes.items())}
        shown = ("status", "objective", "method", "handed_over", "deviation", "message")
        columns |= {name: self.data[name].values.reshape(-1) for name in shown}
        return pd.DataFrame(columns, index=pd.RangeIndex(len(codes), name="case"))

    def failed(self) -> pd.DataFrame:
        """The cases without a proved optimum, and why; those that wait are not among them."""
        status = self.cases["status"]
        return self.cases[~status.isin([Ended.OPTIMAL.value, Ended.WAITING.value])]

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
        for number, cases in enumerate(self.manifest["chunks"]):
            arrays = read_chunk(self.folder, number)
            if arrays is not None:
                for name in fields:
                    fields[name][arrays["case"]] = arrays[name]
                found.append((arrays["case"], unpacked(arrays)))
            elif (why := read_lost(self.folder, number)) is not None:
                fields["status"][cases], fields["message"][cases] = Ended.LOST.value, why
        text = ("status", "method", "message")
        return {name: fields[name].astype(str) if name in text else fields[name] for name in FIELDS}, joined(found, n)

    def _cases(self, axes: dict[str, Any], n: int) -> tuple[list[str], tuple[int, ...], dict[str, Any]]:
        """Dimensions, shape and coordinates of the cases."""
        if self.manifest["grid"]:
            labels = {name: _at(a["labels"], np.arange(len(a["labels"]))) for name, a in axes.items()}
            return list(labels), tuple(len(v) for v in labels.values()), dict(labels)
        coords: dict[str, Any] = {"case": np.arange(n)}
        for k, (name, a) in enumerate(axes.items()):
            coords[name] = ("case", _at(a["labels"], self._codes[:, k]))
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


def open_sweep(folder: str | Path) -> Sweep:
    """Open a sweep's folder, complete or not, also while it runs; raises StoreError if it holds none."""
    return Sweep(Path(folder), read_manifest(Path(folder)))


def _checked(deviations: NDArray[np.float64]) -> str:
    if not len(deviations):
        return "no case was solved twice"
    return f"{len(deviations):,} solved again cold, largest deviation {deviations.max():.1e}"


def _at(labels: list[Any], codes: NDArray[np.int64]) -> NDArray[Any]:
    """Labels of these levels; NaN (a text where labels are texts) where a case leaves the scenario as it is."""
    if all(isinstance(x, int | float) for x in labels):
        return np.array([*labels, np.nan], dtype=float)[codes]
    return np.array([*map(str, labels), AS_SCENARIO])[codes]
