"""The year hour by hour: shipped series, representative days and what is worth what on them."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path
from typing import Any

DATA = Path(__file__).parents[2] / "src" / "transform_sim" / "data"
PACKAGE = "package:de_2025"


@cache
def column(file: str, name: str) -> list[float]:
    """A column of a shipped table."""
    with (DATA / file).open(encoding="utf-8", newline="") as table:
        return [float(row[name]) for row in csv.DictReader(table)]


def series(given: Any) -> list[float]:
    """The 8,760 values of a profile that is a list or a shipped series."""
    if isinstance(given, str):
        return column("de_2025.csv", given.removeprefix(f"{PACKAGE}/"))
    if not isinstance(given, list) or len(given) != 8760:
        raise ValueError("a profile over the hours is a list of 8,760 values or a shipped series")
    return [float(value) for value in given]


def day_by_day(time: Any) -> list[int]:
    """For each of the 365 days the day that stands for it, counted from 0."""
    if time == "full_year":
        return list(range(365))
    choice = time["typical_days"]
    count, keep = choice.get("count", 4), choice.get("keep")
    if choice.get("profiles", PACKAGE) != PACKAGE:
        raise ValueError("the oracle knows the shipped clustering only")
    plain = keep == [] or (keep is None and count < 3)
    return [int(day) for day in column("de_2025_days.csv", str(count) if plain else f"{count}_keep")]


def runs_of(days: list[int]) -> list[tuple[int, int]]:
    """Runs of equal days in the order of the year: (day, how many)."""
    runs: list[tuple[int, int]] = []
    for day in days:
        if runs and runs[-1][0] == day:
            runs[-1] = (day, runs[-1][1] + 1)
        else:
            runs.append((day, 1))
    return runs


def rescaled(year: list[float], chosen: list[float], weights: list[float], clip: bool) -> list[float]:
    """Values of the chosen days whose weighted mean is the year's: scaled; clipped at 1 if they are shares.

    A series that is negative at any hour of the year, chosen or not, is shifted instead.
    """
    mean, values, total = sum(year) / len(year), chosen, sum(weights)
    now = sum(w * v for w, v in zip(weights, values, strict=True)) / total
    if min(year) < 0:
        return [v + mean - now for v in values]
    if not clip:
        return [v * mean / now for v in values]
    low, high = 0.0, 1.0
    while sum(w * min(1.0, v * high) for w, v in zip(weights, values, strict=True)) / total < mean and high < 1e9:
        high *= 2
    for _ in range(200):  # the factor is found by halving: the clipped mean rises with it
        middle = (low + high) / 2
        reached = sum(w * min(1.0, v * middle) for w, v in zip(weights, values, strict=True)) / total
        low, high = (middle, high) if reached < mean else (low, middle)
    return [min(1.0, v * high) for v in values]
