"""Representative days: which days stand for the year, how often, and in which order."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from transform_sim.scenario.time import TypicalDays

from .clustering import choose_days, extreme_days
from .grid import HOURS_PER_DAY, Floats, Ints, TimeStructure, day_name, hour_name
from .profiles import PACKAGE, load_profile, shipped_clusterings

WHERE = "time.typical_days"
SHIPPED_EXTREMES = ("peak_residual_load", "low_wind_and_sun")


def from_typical_days(choice: TypicalDays, profiles: Mapping[str, Any]) -> TimeStructure:
    """Days of 24 hours, each with as many days of the year as it stands for; runs follow the calendar.

    Raises ValueError for a clustering that is not shipped, or for unknown profiles and extremes.
    """
    if isinstance(choice.profiles, str):
        return from_medoids(_shipped(choice))
    return from_medoids(_own(choice, choice.profiles, profiles))


def from_medoids(medoid_of_day: Ints) -> TimeStructure:
    """The time structure in which each day of the year is represented by the given day (0…364)."""
    medoids, day_of_date, count = np.unique(medoid_of_day, return_inverse=True, return_counts=True)
    hours = np.arange(HOURS_PER_DAY)
    source_hour = (medoids[:, None] * HOURS_PER_DAY + hours).ravel()
    run_day, run_length = _runs(day_of_date)
    return TimeStructure(
        kind="typical_days",
        weight=np.repeat(count, HOURS_PER_DAY).astype(float),
        duration=np.ones(source_hour.size),
        day=np.repeat(np.arange(medoids.size), HOURS_PER_DAY),
        run_day=run_day,
        run_length=run_length,
        day_label=tuple(day_name(int(d)) for d in medoids),
        step_label=tuple(hour_name(int(h)) for h in source_hour),
        step_of_hour=(day_of_date[:, None] * HOURS_PER_DAY + hours).ravel(),
        source_hour=source_hour,
    )


def _runs(sequence: Ints) -> tuple[Ints, Floats]:
    """Value and length of each stretch of equal values."""
    start = np.flatnonzero(np.r_[True, sequence[1:] != sequence[:-1]])
    return sequence[start], np.diff(np.r_[start, sequence.size]).astype(float)


def _shipped(choice: TypicalDays) -> Ints:
    if choice.profiles != PACKAGE:
        raise ValueError(
            f"{WHERE}.profiles — '{choice.profiles}' is not shipped — write {PACKAGE}, or a list of own profiles: "
            f"[{choice.profiles}]"
        )
    keep = (SHIPPED_EXTREMES if choice.count > len(SHIPPED_EXTREMES) else ()) if choice.keep is None else choice.keep
    if keep and sorted(keep) != sorted(SHIPPED_EXTREMES):
        raise ValueError(
            f"{WHERE}.keep — [{', '.join(keep)}] is not shipped — write [{', '.join(SHIPPED_EXTREMES)}] or []"
        )
    suffix = "_keep" if keep else ""
    table = shipped_clusterings()
    if f"{choice.count}{suffix}" not in table:
        known = [name.removesuffix("_keep") for name in table if name.endswith("_keep") == bool(suffix)]
        hint = f" (or 2 with `keep: []`: {len(keep)} of the days are extremes)" if choice.count == 2 else ""
        raise ValueError(f"{WHERE}.count — {choice.count} days are not shipped — write one of {', '.join(known)}{hint}")
    return table[f"{choice.count}{suffix}"]


def _own(choice: TypicalDays, names: tuple[str, ...], profiles: Mapping[str, Any]) -> Ints:
    if not names:
        raise ValueError(f"{WHERE}.profiles — is empty — name the profiles to cluster, or write {PACKAGE}")
    series = np.array([_profile(name, profiles, f"{WHERE}.profiles") for name in names])
    keep = []
    for entry in choice.keep or ():
        extreme, _, name = entry.partition(":")
        if extreme not in ("max", "min") or not name:
            raise ValueError(
                f"{WHERE}.keep — '{entry}' is not known for own profiles — write max:<profile>, min:<profile>, "
                "or `keep: []` for none"
            )
        values = _profile(name, profiles, f"{WHERE}.keep")
        keep.append(peak_hour(values) if extreme == "max" else -daily_mean(values))
    if choice.count <= len(keep):
        raise ValueError(
            f"{WHERE}.count — {choice.count} days leave none beside the {len(keep)} in `keep` — "
            f"write at least {len(keep) + 1}"
        )
    return choose_days(series, choice.count, extreme_days(keep))


def _profile(name: str, profiles: Mapping[str, Any], where: str) -> Floats:
    if name not in profiles:
        raise ValueError(f"{where} — unknown profile '{name}' — known are {', '.join(profiles) or 'none'}")
    try:
        return load_profile(profiles[name])
    except ValueError as error:
        raise ValueError(f"{where} — '{name}' cannot be clustered: {error}") from None


def peak_hour(values: Floats) -> Floats:
    """(365,) highest hour of each day: what plants and connections must be sized for."""
    return np.asarray(values.reshape(-1, HOURS_PER_DAY).max(axis=1))


def daily_mean(values: Floats) -> Floats:
    """(365,) mean of each day: the lowest hour would say nothing of the sun, which is away every night."""
    return np.asarray(values.reshape(-1, HOURS_PER_DAY).mean(axis=1))
