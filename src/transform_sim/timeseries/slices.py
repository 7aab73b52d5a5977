"""Time slices: parts of the year without order, by share or by the calendar."""

from __future__ import annotations

import datetime
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from transform_sim.scenario.time import Slice

from .grid import CALENDAR_YEAR, DAYS_PER_YEAR, HOURS_PER_DAY, HOURS_PER_YEAR, Floats, Ints, TimeStructure, hour_name

WHERE = "time.slices"
MONTHS, HOURS = range(1, 13), range(HOURS_PER_DAY)


def from_slices(slices: Mapping[str, Slice]) -> TimeStructure:
    """One day of one step per slice; its hours per year follow from its share or from its months and hours.

    Raises ValueError where shares do not add to one, or an hour belongs to no slice or to several.
    """
    if not slices:
        raise ValueError(f"{WHERE} — is empty — name at least one slice")
    by_share = [name for name, part in slices.items() if part.share is not None]
    if by_share:
        step_of_hour, weight = None, _weights_by_share(slices, by_share)
    else:
        step_of_hour = _slice_of_hour(slices)
        weight = np.bincount(step_of_hour, minlength=len(slices)).astype(float)
    index = np.arange(len(slices))
    return TimeStructure(
        kind="slices",
        weight=weight,
        duration=weight.copy(),
        day=index,
        run_day=index.copy(),
        run_length=weight / HOURS_PER_DAY,
        day_label=tuple(slices),
        step_label=tuple(slices),
        step_of_hour=step_of_hour,
    )


def _weights_by_share(slices: Mapping[str, Slice], by_share: list[str]) -> Floats:
    for name, part in slices.items():
        if part.share is None or part.months is not None or part.hours is not None:
            raise ValueError(
                f"{WHERE}.{name} — slice '{by_share[0]}' is given by its share, this one by months and hours — "
                "give shares for all slices, or months and hours for all"
            )
    shares = np.array([part.share.scalar for part in slices.values() if part.share is not None])
    if (shares <= 0).any():
        raise ValueError(f"{WHERE}.{list(slices)[int(shares.argmin())]}.share — is {shares.min():g} — must be above 0")
    if abs(shares.sum() - 1) > 1e-6:
        raise ValueError(f"{WHERE} — the shares add to {shares.sum():.9g} — they must add to 1")
    # thirds written with six decimals still make a whole year
    return np.asarray(shares / shares.sum() * HOURS_PER_YEAR)


def _slice_of_hour(slices: Mapping[str, Slice]) -> Ints:
    month, hour = _calendar()
    member = np.array(
        [
            np.isin(month, _within(part.months, MONTHS, f"{WHERE}.{name}.months"))
            & np.isin(hour, _within(part.hours, HOURS, f"{WHERE}.{name}.hours"))
            for name, part in slices.items()
        ]
    )
    wrong = np.flatnonzero(member.sum(axis=0) != 1)
    if wrong.size:
        found = [f"'{name}'" for name, is_in in zip(slices, member[:, wrong[0]], strict=True) if is_in]
        raise ValueError(
            f"{WHERE} — the hour {hour_name(int(wrong[0]))} belongs to {' and '.join(found) or 'no slice'}, "
            f"as do {wrong.size} hours not to exactly one — let the months and hours of the slices cover "
            "the year once"
        )
    empty = [name for name, is_in in zip(slices, member, strict=True) if not is_in.any()]
    if empty:
        raise ValueError(f"{WHERE}.{empty[0]} — holds no hour of the year — give it months and hours, or drop it")
    return np.asarray(member.argmax(axis=0))


def _within(given: tuple[int, ...] | None, allowed: range, where: str) -> list[int]:
    wrong = [value for value in given or () if value not in allowed]
    if wrong:
        raise ValueError(f"{where} — {wrong[0]} is none of {allowed[0]}…{allowed[-1]}")
    return list(allowed if given is None else given)


def _calendar() -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Month (1…12) and hour of the day (0…23) of each hour of the year."""
    first = datetime.date(CALENDAR_YEAR, 1, 1)
    months = [(first + datetime.timedelta(days=d)).month for d in range(DAYS_PER_YEAR)]
    return np.repeat(months, HOURS_PER_DAY), np.tile(np.arange(HOURS_PER_DAY), DAYS_PER_YEAR)
