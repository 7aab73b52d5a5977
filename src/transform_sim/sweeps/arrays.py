"""The cases of a sweep's folder as labelled arrays: what finished chunks hold, under the axes of the manifest."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from .axes import AS_SCENARIO, apart
from .parts import Part, joined, unpacked
from .record import PROOF, Ended
from .store import read_chunk, read_lost

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


def dataset(folder: Path, manifest: dict[str, Any]) -> xr.Dataset:
    """All cases, finished or not; see `Sweep.data`. Raises StoreError for a damaged chunk."""
    fields, parts = _read(folder, manifest)
    taken = {*FIELDS, *parts, *(d for p in parts.values() for d in p.labels), "case"}
    names = apart(manifest["axes"], taken)
    dims, shape, coords = _cases({names[name]: a for name, a in manifest["axes"].items()}, manifest)
    money = manifest["currency"]
    variables: dict[str, Any] = {}
    for name, values in fields.items():
        text, unit = FIELDS[name]
        attrs = {"long_name": text, **({"units": money} if unit else {})}
        variables[name] = (dims, values.reshape(shape), attrs)
    for name, part in parts.items():
        values = part.values.reshape(*shape, *part.values.shape[1:])
        variables[name] = ([*dims, *part.labels], values, dict(part.attrs))
    beside = {c: (d, list(v)) for p in parts.values() for c, (d, v) in p.notes.items()}
    beside |= {name: (dims[0], texts) for name, texts in manifest.get("beside", {}).items()}
    labels = {d: list(v) for p in parts.values() for d, v in p.labels.items()}
    return (
        xr.Dataset(variables, coords)
        .assign_coords({**labels, **beside})
        .assign_attrs(sweep=str(manifest["name"]), scenario_hash=manifest["scenario_hash"], currency=money)
    )


def codes_of(manifest: dict[str, Any]) -> NDArray[np.int64]:
    """Level of each case on each axis, shape (cases, axes); −1 where the case leaves the scenario as it is."""
    codes = np.array(manifest["cases"], dtype=np.int64)
    return codes.reshape(len(manifest["cases"]), len(manifest["axes"]))


def levels(labels: list[Any], codes: NDArray[np.int64]) -> NDArray[Any]:
    """Labels of these levels; NaN (a text where labels are texts) where a case leaves the scenario as it is."""
    if all(isinstance(x, int | float) for x in labels):
        return np.array([*labels, np.nan], dtype=float)[codes]
    return np.array([*map(str, labels), AS_SCENARIO])[codes]


def _read(folder: Path, manifest: dict[str, Any]) -> tuple[dict[str, NDArray[Any]], dict[str, Part]]:
    """Fields of all cases and what was kept of them."""
    n = len(manifest["cases"])
    fields: dict[str, NDArray[Any]] = {name: np.full(n, np.nan) for name in ("objective", "deviation", *PROOF)}
    fields |= {name: np.full(n, "", dtype=object) for name in ("method", "message")}
    fields["status"] = np.full(n, Ended.WAITING.value, dtype=object)
    fields["iterations"], fields["handed_over"] = np.zeros(n, dtype=np.int64), np.zeros(n, dtype=bool)
    found = []
    for number, cases in enumerate(manifest["chunks"]):
        arrays = read_chunk(folder, number)
        if arrays is not None:
            for name in fields:
                fields[name][arrays["case"]] = arrays[name]
            found.append((arrays["case"], unpacked(arrays)))
        elif (why := read_lost(folder, number)) is not None:
            fields["status"][cases], fields["message"][cases] = Ended.LOST.value, why
    text = ("status", "method", "message")
    return {name: fields[name].astype(str) if name in text else fields[name] for name in FIELDS}, joined(found, n)


def _cases(axes: dict[str, Any], manifest: dict[str, Any]) -> tuple[list[str], tuple[int, ...], dict[str, Any]]:
    """Dimensions, shape and coordinates of the cases; the axes by what they are called here."""
    if manifest["grid"]:
        shape = tuple(len(a["labels"]) for a in axes.values())
        places = {name: (name, levels(a["labels"], np.arange(len(a["labels"]))), _attrs(a)) for name, a in axes.items()}
        return list(axes), shape, dict(places)
    n, codes = len(manifest["cases"]), codes_of(manifest)
    coords: dict[str, Any] = {"case": np.arange(n)}
    for k, (name, a) in enumerate(axes.items()):
        coords[name] = ("case", levels(a["labels"], codes[:, k]), _attrs(a))
    return ["case"], (n,), coords


def _attrs(axis: dict[str, Any]) -> dict[str, str]:
    """What a coordinate says about its axis; texts only, which every file format takes."""
    said = {"long_name": axis["long_name"], "kind": axis["kind"], "paths": ", ".join(axis["paths"])}
    return {**said, "units": axis["units"]} if axis["units"] else said
