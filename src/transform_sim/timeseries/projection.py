"""What a profile is worth on the steps of a time structure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import numpy as np

from .grid import Floats, TimeStructure
from .profiles import load_profile

Use = Literal["availability", "shape", "window"]


def project(raw: Any, structure: TimeStructure, use: Use) -> Floats:
    """Values of a profile on the finest steps, with the mean of the year.

    A step takes the mean of its hours. A representative day takes its own hours, rescaled so that the weighted
    mean is the year's mean (`fit_availability`, `fit_shape`). A window is not rescaled: a step lies in it if any of
    its own hours does.

    Args:
        raw: what `load_profile` reads, or a value for each slice.
        use: `availability`, values between 0 and 1; `shape`, which is divided by its mean over the year; or `window`,
            values of 0 and 1.

    Returns (H,). Raises ValueError where values are outside these limits, or the mean cannot be met.
    """
    hourly = not isinstance(raw, Mapping)
    given = load_profile(raw) if hourly else _by_slice(raw, structure)
    if use == "availability" and (given.min() < 0 or given.max() > 1):
        raise ValueError(
            f"profile — runs from {given.min():g} to {given.max():g} — an availability lies between 0 and 1"
        )
    if use == "window" and not np.isin(given, (0.0, 1.0)).all():
        other = given[~np.isin(given, (0.0, 1.0))][0]
        raise ValueError(f"profile — holds {other:g} — a window is 1 in its hours and 0 in all others")
    mean = float(given.mean()) if hourly else float(given @ structure.weight / structure.weight.sum())
    if use == "shape" and not mean > 0:
        raise ValueError(f"profile — its mean over the year is {mean:g} — a shape needs a mean above zero")
    values = _on_steps(given, structure, use) if hourly else given
    return values / mean if use == "shape" else values


def _by_slice(values: Mapping[str, Any], structure: TimeStructure) -> Floats:
    if structure.kind != "slices":
        raise ValueError(f"profile — is given by slice, but time is {structure.kind} — give hourly values")
    if set(values) != set(structure.day_label):
        raise ValueError(
            f"profile — is given for {', '.join(map(str, values))} — "
            f"give one value for each slice: {', '.join(structure.day_label)}"
        )
    found = np.array([values[name] for name in structure.day_label], dtype=float)
    if not np.isfinite(found).all():
        raise ValueError(f"profile — the values by slice are {found.tolist()} — each must be a number")
    return found


def _on_steps(series: Floats, structure: TimeStructure, use: Use) -> Floats:
    if structure.step_of_hour is None:
        raise ValueError("profile — has hourly values, but slices by share have no hours — give {slice: value}")
    if use == "window":
        own = series if structure.source_hour is None else series[structure.source_hour]
        step = structure.step_of_hour if structure.source_hour is None else np.arange(structure.n_steps)
        return np.asarray(np.bincount(step, own, minlength=structure.n_steps) > 0, dtype=float)
    if structure.source_hour is None:
        return np.bincount(structure.step_of_hour, series, minlength=structure.n_steps) / structure.weight
    values, share = series[structure.source_hour], structure.weight / structure.weight.sum()
    if use == "availability":
        return fit_availability(values, share, float(series.mean()))
    return fit_shape(values, share, float(series.mean()), additive=bool(series.min() < 0))


def fit_availability(values: Floats, share: Floats, mean: float) -> Floats:
    """Capacity factors times one factor and clipped at 1, so that the mean weighted by `share` is met.

    A value that reaches 1 stays there and the others take up the rest; each round fixes at least one value, so
    the rounds end and the mean is exact. Zeros stay zero: the night stays dark. Raises ValueError
    where the mean is out of reach even with every positive value at 1.
    """
    reachable = float(share[values > 0].sum())
    if mean > reachable + 1e-12:
        raise ValueError(
            f"profile — the representative days reach a mean of at most {reachable:.4g}, the year has {mean:.4g} — "
            "choose more representative days, or cluster this profile too"
        )
    fitted, left = np.zeros(len(values)), mean
    free = np.flatnonzero(values > 0)
    while free.size:
        part = values[free] / values[free].max()
        part *= max(left, 0.0) / (share[free] @ part)
        over = part > 1
        if not over.any():
            fitted[free] = part
            break
        fitted[free[over]] = 1.0
        left -= share[free[over]].sum()
        free = free[~over]
    return fitted


def fit_shape(values: Floats, share: Floats, mean: float, *, additive: bool) -> Floats:
    """Values moved to the mean weighted by `share`: by one factor, or by one summand if `additive`.

    A factor keeps zeros and ratios, which is right for demands. A series with negative values (prices) is
    shifted: a factor would flip or blow up where the days' mean is near zero, and it would stretch the spreads
    between hours, from which a store or a flexible plant lives. Raises ValueError where all values are zero.
    """
    if additive:
        return values + (mean - share @ values)
    largest = values.max()
    if not largest > 0:
        raise ValueError(
            f"profile — is zero on all representative days, but {mean:g} over the year — "
            "choose more representative days, or cluster this profile too"
        )
    shape = values / largest
    return np.asarray(shape * (mean / (share @ shape)))
