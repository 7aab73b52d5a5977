"""Series over the year: where each profile comes from, and whether it covers the year."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from .base import FrozenDict
from .problems import Report, did_you_mean
from .scalars import ScalarError, check_number
from .schema import Scenario
from .tables import LINE, Tables
from .time import Slices
from .tree import Path

HOURS = 8760
LEAP_HOURS = 8784


def resolve_profiles(scenario: Scenario, tables: Tables, report: Report) -> FrozenDict[str, Any]:
    """Every profile as a tuple of 8,760 numbers, a mapping over the slices, or the name of a shipped series."""
    resolved = {
        name: _profile(profile, scenario, tables, report, ("profiles", name))
        for name, profile in scenario.profiles.items()
    }
    return FrozenDict(resolved)


def _profile(profile: Any, scenario: Scenario, tables: Tables, report: Report, path: Path) -> Any:
    if isinstance(profile, str):
        _check_shipped(profile, tables, report, path)
        return profile
    if isinstance(profile, tuple):
        return _hours(profile, report, path)
    if "table" in profile:
        return _from_table(profile, tables, report, path)
    return _by_slice(profile, scenario, report, path)


def _check_shipped(name: str, tables: Tables, report: Report, path: Path) -> None:
    """`package:table/column` must exist."""
    table, _, column = name.partition("/")
    if not name.startswith("package:") or not column:
        message = f"'{name}' is no series. Write package:de_2025/<column>, {{table: file.csv, column: name}}, or a list"
        report.add("unknown-name", path, message)
        return
    rows = tables.rows(table, path)
    if rows and column not in rows[0]:
        known = did_you_mean(column, (c for c in rows[0] if c not in (LINE, "hour")))
        report.add("unknown-name", path, f"{table} has no series '{column}'{known}")


def _from_table(profile: Mapping[str, Any], tables: Tables, report: Report, path: Path) -> tuple[float, ...]:
    unknown = [key for key in profile if key not in ("table", "column")]
    if unknown:
        report.add("unknown-key", path, f"unknown key '{unknown[0]}'; known are table, column", unknown[0])
    name, column = profile["table"], profile.get("column", "value")
    if not isinstance(name, str) or not isinstance(column, str):
        report.add("wrong-type", path, "table and column are names: {table: file.csv, column: name}")
        return ()
    series = tables.series(name, column, path)
    return () if series is None else _hours(series, report, path)


def _hours(series: tuple[float, ...], report: Report, path: Path) -> tuple[float, ...]:
    if len(series) != HOURS:
        hint = ". Leave out 29 February" if len(series) == LEAP_HOURS else ""
        report.add("profile-length", path, f"{len(series):,} values; a year has {HOURS:,} hours{hint}")
    for number in series:
        try:
            check_number(number)
        except ScalarError as error:
            report.add(error.code, path, str(error))
            break
    return tuple(map(float, series))


def _by_slice(profile: Mapping[str, Any], scenario: Scenario, report: Report, path: Path) -> Any:
    if not isinstance(scenario.time, Slices):
        if report.told_about("time"):
            return profile
        report.add("profile-length", path, f"is given by slice, but time has none; give {HOURS:,} values or a table")
        return profile
    slices = scenario.time.slices
    for name in profile:
        if name not in slices:
            report.add("unknown-name", path, f"unknown slice '{name}'{did_you_mean(name, slices)}", name)
    missing = [name for name in slices if name not in profile]
    if missing:
        report.add("profile-length", path, f"no value for slice {', '.join(missing)}")
    values = {}
    for name, value in profile.items():
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if not number:
            report.add("wrong-type", path, f"{value!r} for slice '{name}' is not a number", name)
        values[name] = float(value) if number else math.nan
    return FrozenDict(values)


def numbers(profile: Any) -> list[float]:
    """The numbers of a resolved profile, none for a shipped one."""
    if isinstance(profile, str):
        return []
    return list(profile.values()) if isinstance(profile, dict) else list(profile)
