"""Labelled arrays as they are kept: one per quantity and case, then one per quantity and chunk, then one for all."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Label = str | int | float | bool
Labels = tuple[Label, ...]
Notes = Mapping[str, tuple[str, Labels]]
"""What stands beside labels: coordinate → (dimension, text for each label)."""
META = "meta"
OUTPUT = "output:"
EITHER = " or "
"""Between units that differ from case to case."""


@dataclass(frozen=True, eq=False)
class Part:
    """One quantity of one case, or of several with a first axis for them that is not among `labels`."""

    values: Floats
    labels: Mapping[str, Labels]
    attrs: Mapping[str, str] = field(default_factory=dict)
    notes: Notes = field(default_factory=dict)

    @classmethod
    def of(cls, array: xr.DataArray) -> Part:
        """From a quantity of Results."""
        dims = [str(d) for d in array.dims]
        labels = {d: tuple(array[d].values.tolist()) for d in dims}
        beside = {str(n): c for n, c in array.coords.items() if n not in dims and len(c.dims) == 1}
        notes = {n: (str(c.dims[0]), tuple(c.values.tolist())) for n, c in beside.items()}
        return cls(array.values.astype(float), labels, {str(k): str(v) for k, v in array.attrs.items()}, notes)


def stacked(cases: Sequence[Mapping[str, Part]]) -> dict[str, Part]:
    """Quantities of several cases on common labels, one array each with the cases first; NaN where one has none."""
    alone = [{n: replace(p, values=p.values[None]) for n, p in parts.items()} for parts in cases]
    return joined([(np.array([i]), parts) for i, parts in enumerate(alone)], len(cases))


def joined(chunks: Sequence[tuple[NDArray[np.int64], Mapping[str, Part]]], n: int) -> dict[str, Part]:
    """Quantities of all n cases, from chunks that each tell which cases they hold; NaN where none is kept."""
    out = {}
    for name in dict.fromkeys(m for _, parts in chunks for m in parts):
        known = [(cases, parts[name]) for cases, parts in chunks if name in parts]
        labels = _union([p.labels for _, p in known])
        values = np.full([n, *map(len, labels.values())], np.nan)
        for cases, part in known:
            there = ~np.isnan(part.values.reshape(len(cases), -1)).all(axis=1)
            values[cases[there]] = _on(part.values[there], part.labels, labels)
        out[name] = Part(values, labels, _attributes([p for _, p in known]), _noted([p for _, p in known], labels))
    return out


def _on(values: Floats, own: Mapping[str, Labels], common: Mapping[str, Labels]) -> Floats:
    """The values (case, …) on common labels: 0 for plants and trades, NaN for years that a case does not have."""
    if own == common:
        return values
    out = np.zeros([len(values), *map(len, common.values())])
    for axis, (dim, labels) in enumerate(common.items(), 1):
        if dim == "period":
            absent = [i for i, year in enumerate(labels) if year not in own[dim]]
            out[(slice(None),) * axis + (absent,)] = np.nan
    at = [np.array([common[dim].index(x) for x in labels], dtype=np.int64) for dim, labels in own.items()]
    out[np.ix_(np.arange(len(values)), *at)] = values
    return out


def packed(parts: Mapping[str, Part]) -> dict[str, NDArray[Any]]:
    """Arrays for one npz file."""
    meta = {
        name: {"labels": p.labels, "attrs": p.attrs, "notes": {k: list(v) for k, v in p.notes.items()}}
        for name, p in parts.items()
    }
    arrays = {OUTPUT + name: p.values for name, p in parts.items()}
    return {META: np.array(json.dumps(meta, ensure_ascii=False)), **arrays}


def unpacked(arrays: Mapping[str, NDArray[Any]]) -> dict[str, Part]:
    """What `packed` made."""
    return {
        name: Part(
            arrays[OUTPUT + name],
            {d: tuple(labels) for d, labels in m["labels"].items()},
            m["attrs"],
            {k: (dim, tuple(texts)) for k, (dim, texts) in m["notes"].items()},
        )
        for name, m in json.loads(str(arrays[META])).items()
    }


def _union(labels: Sequence[Mapping[str, Labels]]) -> dict[str, Labels]:
    """Common labels of each dimension: as they come, years rising."""
    first = labels[0]
    if all(one == first for one in labels[1:]):
        return dict(first)
    out = {dim: tuple(dict.fromkeys(label for one in labels for label in one[dim])) for dim in first}
    return {dim: tuple(sorted(all_)) if dim == "period" else all_ for dim, all_ in out.items()}


def _attributes(parts: Sequence[Part]) -> dict[str, str]:
    """Units and meaning of all; where they differ, each of them."""
    out: dict[str, str] = {}
    for part in parts:
        for name, text in part.attrs.items():
            out[name] = str(_either(out.get(name, text), text))
    return out


def _noted(parts: Sequence[Part], labels: Mapping[str, Labels]) -> Notes:
    """What stands beside the common labels; where parts differ, each of their texts, or no number."""
    out: dict[str, tuple[str, dict[Label, Label]]] = {}
    for part in parts:
        for name, (dim, texts) in part.notes.items():
            by = out.setdefault(name, (dim, {}))[1]
            for label, text in zip(part.labels[dim], texts, strict=True):
                by[label] = _either(by.get(label, text), text)
    return {name: (dim, tuple(by.get(x, "") for x in labels[dim])) for name, (dim, by) in out.items()}


def _either(known: Label, other: Label) -> Label:
    if known == other or known != known:
        return known
    if not (isinstance(known, str) and isinstance(other, str)):
        return np.nan
    return known if other in known.split(EITHER) else f"{known}{EITHER}{other}"
