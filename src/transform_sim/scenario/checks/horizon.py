"""Time: the horizon has whole periods, slices make up the year, series suit their use."""

from __future__ import annotations

import math
import re
from collections import Counter
from itertools import product

from transform_sim.scenario.problems import Report, did_you_mean
from transform_sim.scenario.profiles import numbers
from transform_sim.scenario.schema import Scenario
from transform_sim.scenario.time import Slice, Slices, TypicalDaysTime
from transform_sim.scenario.tree import Path

from .common import names

MAX_PERIODS = 100
SHIPPED_DAYS = "package:de_2025"
SHIPPED_EXTREMES = ("peak_residual_load", "low_wind_and_sun")
CALENDAR = {"months": range(1, 13), "hours": range(24)}


def horizon(scenario: Scenario, report: Report) -> None:
    """Start, end and step give whole periods, and not too many."""
    span = scenario.horizon
    years = span.end - span.start
    if years < 0:
        report.add("horizon", ("horizon", "end"), f"{span.end} lies before the start, {span.start}")
    elif years % span.step:
        below, above = span.end - years % span.step, span.end + span.step - years % span.step
        message = f"from {span.start}, steps of {span.step} years do not reach {span.end}. Write {below} or {above}"
        report.add("horizon", ("horizon", "end"), message)
    elif years // span.step + 1 > MAX_PERIODS:
        message = f"{years // span.step + 1} periods; at most {MAX_PERIODS} are solved. Take a larger step"
        report.add("horizon", ("horizon", "step"), message)


def slices(scenario: Scenario, report: Report) -> None:
    """All slices have shares that add to one, or all have months and hours that cover the year once."""
    if not isinstance(scenario.time, Slices):
        return
    parts, path = scenario.time.slices, ("time", "slices")
    if not parts:
        report.add("slices", path, "there is no slice")
        return
    by_share = [name for name, part in parts.items() if part.share is not None]
    mixed = [n for n, part in parts.items() if (part.share is None) == (part.months is None and part.hours is None)]
    if mixed:
        report.add("slices", (*path, mixed[0]), "give either share, or months and hours")
    elif by_share and len(by_share) < len(parts):
        report.add("slices", path, "some slices have a share and some have months or hours; do all one way")
    elif by_share:
        total = sum(part.share.scalar for part in parts.values() if part.share)
        if not math.isnan(total) and not math.isclose(total, 1.0, abs_tol=1e-6):
            report.add("slices", path, f"the shares add to {total:.7g}, not to 1")
    else:
        _cover_calendar(dict(parts), path, report)


def _cover_calendar(parts: dict[str, Slice], path: Path, report: Report) -> None:
    owners: Counter[tuple[int, int]] = Counter()
    for name, part in parts.items():
        chosen = []
        for field, known in CALENDAR.items():
            given = getattr(part, field)
            for number in given or ():
                if number not in known:
                    message = f"{number} is none of {known.start} … {known.stop - 1}"
                    report.add("out-of-range", (*path, name, field), message)
            chosen.append(set(known) if given is None else set(given))
        owners.update(product(*chosen))
    for month, hour in product(*CALENDAR.values()):
        count = owners[month, hour]
        if count != 1:
            what = "belongs to no slice" if count == 0 else "belongs to several slices"
            report.add("slices", path, f"hour {hour} in month {month} {what}")
            return


def typical_days(scenario: Scenario, report: Report) -> None:
    """Days come from the shipped clustering or from own profiles of 8,760 values."""
    if not isinstance(scenario.time, TypicalDaysTime):
        return
    days, path = scenario.time.typical_days, ("time", "typical_days")
    form: re.Pattern[str] | None = None
    if isinstance(days.profiles, str):
        if days.profiles != SHIPPED_DAYS:
            message = f"'{days.profiles}' is neither {SHIPPED_DAYS} nor a list of profiles"
            report.add("unknown-name", (*path, "profiles"), message)
    else:
        form = re.compile(r"(max|min):(.+)")
        _look_up(list(enumerate(days.profiles)), (*path, "profiles"), scenario, report)
    extremes = () if form else SHIPPED_EXTREMES
    for position, extreme in enumerate(days.keep or ()):
        match = form.fullmatch(extreme) if form else None
        if match:
            _look_up([(position, match[2])], (*path, "keep"), scenario, report)
        elif extreme not in extremes:
            known = did_you_mean(extreme, extremes or ("max:<profile>", "min:<profile>"))
            report.add("unknown-name", (*path, "keep"), f"unknown extreme '{extreme}'{known}", position)


def _look_up(used: list[tuple[int, str]], path: Path, scenario: Scenario, report: Report) -> None:
    known = names(report, "profiles")
    for position, name in used:
        if name not in known:
            report.add("unknown-name", path, f"unknown profile '{name}'{did_you_mean(name, known)}", position)


def profile_uses(scenario: Scenario, report: Report) -> None:
    """Availabilities lie in 0 … 1; draws and demands are not negative; shapes have a mean above zero."""
    for name, process in scenario.processes.items():
        given = process.availability_profile
        for profile in [given] if isinstance(given, str) else (given or {}).values():
            _within(scenario, report, profile, f"processes.{name}.availability_profile", 1.0)
        _shape(scenario, report, process.draw_profile, f"processes.{name}.draw_profile")
    for name, demand in scenario.demand.items():
        _shape(scenario, report, demand.profile, f"demand.{name}.profile")
    for section in ("supply", "sales"):
        for name, trade in getattr(scenario, section).items():
            _mean(scenario, report, trade.price_profile, f"{section}.{name}.price_profile")
    for name, load in scenario.flexible_loads.items():
        _shape(scenario, report, load.profile, f"flexible_loads.{name}.profile")
        for key in ("up_profile", "down_profile"):
            _within(scenario, report, getattr(load, key), f"flexible_loads.{name}.{key}", 1.0)


def _shape(scenario: Scenario, report: Report, profile: str | None, use: str) -> None:
    _within(scenario, report, profile, use, math.inf)
    _mean(scenario, report, profile, use)


def _within(scenario: Scenario, report: Report, profile: str | None, use: str, highest: float) -> None:
    values = numbers(scenario.profiles.get(profile or "", ""))
    outside = [v for v in values if not (0.0 <= v <= highest + 1e-9 or math.isnan(v))]
    if outside:
        allowed = "not be negative" if outside[0] < 0 else f"not exceed {highest:g}"
        message = f"holds {outside[0]:g}, but as {use} it must {allowed}"
        report.add("profile-values", ("profiles", str(profile)), message)


def _mean(scenario: Scenario, report: Report, profile: str | None, use: str) -> None:
    given = scenario.profiles.get(profile or "", "")
    values = numbers(given)
    if isinstance(given, dict) and isinstance(scenario.time, Slices):
        parts = scenario.time.slices
        shares = [_share(parts[n]) if n in parts else math.nan for n in given]
        mean = sum(v * w for v, w in zip(values, shares, strict=True)) if values else 1.0
    else:
        mean = sum(values) / len(values) if values else 1.0
    if mean <= 0:
        message = f"its mean is {mean:g}, but as {use} it is divided by its mean, which must be above zero"
        report.add("profile-values", ("profiles", str(profile)), message)


def _share(part: Slice) -> float:
    """The share of a slice; by calendar, of hours in months of equal length, which is enough for a sign."""
    if part.share is not None:
        return part.share.scalar
    cells = [len(getattr(part, field) or known) / len(known) for field, known in CALENDAR.items()]
    return math.prod(cells)
