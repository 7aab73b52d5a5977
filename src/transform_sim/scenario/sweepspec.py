"""What a sweep file may say: its axes and its design, and what of it goes together."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from pydantic import Field

from .base import Named, Section, text
from .problems import Report, did_you_mean
from .scalars import ScalarError
from .tree import Path as TreePath
from .units import split

MAX_CASES = 100_000_000
DESIGNS = ("grid", "one_at_a_time", "ranges")
SAMPLED = ("latin_hypercube", "sobol")
VARIANTS = "variants"


class AxisSpec(Section):
    """One axis: what is set or scaled, and over which values."""

    set_: Any = Field(None, alias="set", description="Path, list of paths, or {path: list of values}.")
    scale: Any = text("Path or list of paths whose numbers are multiplied.", None)
    values: tuple[Any, ...] | None = text("Values, or factors, one for each level.", None)
    low: Any = text("Lowest value or factor that a sampling design takes.", None)
    high: Any = text("Highest value or factor that a sampling design takes.", None)

    @property
    def paths(self) -> tuple[str, ...]:
        """The dotted paths that move."""
        given = self.scale if self.set_ is None else self.set_
        return (given,) if isinstance(given, str) else tuple(given or ())

    @property
    def levels(self) -> tuple[tuple[Any, ...], ...]:
        """What each level puts at each path; one factor for all of them if they are scaled."""
        if isinstance(self.set_, dict):
            return tuple(zip(*self.set_.values(), strict=True))
        n = 1 if self.set_ is None else len(self.paths)
        return tuple((value,) * n for value in self.values or ())


class SweepSpec(Section):
    """A sweep as written."""

    name: str = text("Short name, used for folders.", ...)
    title: str = text("Name for people.")
    description: str = text("What the sweep is about.")
    scenario: str = text("Scenario file, relative to this file.", "")
    variant: str | None = text("A name under its `variants:`.", None)
    axes: Named[AxisSpec] = Field(default_factory=dict, description="What is varied, by name.")
    design: Any = text(
        "`grid`, `one_at_a_time`, `ranges`, {latin_hypercube: n, seed: k}, {sobol: n, seed: k} or {cases: file.csv}.",
        "grid",
    )
    keep: Any = text("`indicators`, `everything`, or a list of names of results.", "indicators")

    @property
    def kept(self) -> str | tuple[str, ...]:
        """`indicators`, `everything` or names of results."""
        return self.keep if isinstance(self.keep, str) else tuple(self.keep)


def check_axis(axis: AxisSpec, path: TreePath, design: Any, report: Report) -> None:
    if (axis.set_ is None) == (axis.scale is None):
        report.add("missing-key", path, "give either set (the value itself) or scale (a factor on what is there)")
        return
    key, given = ("scale", axis.scale) if axis.set_ is None else ("set", axis.set_)
    listed = isinstance(given, dict) and key == "set"
    texts = (given,) if isinstance(given, str) else given
    if not texts or not isinstance(texts, tuple | dict) or (isinstance(texts, dict) and not listed):
        report.add("wrong-type", (*path, key), "is no path, such as policies.carbon_price, and no list of paths")
        return
    if not all(isinstance(p, str) for p in texts):
        report.add("wrong-type", (*path, key), "a path is a text such as policies.carbon_price.2030")
        return
    if any(p == VARIANTS or p.startswith(f"{VARIANTS}.") for p in texts):
        report.add("wrong-choice", (*path, key), "no axis goes into variants; choose one variant for the whole sweep")
    if listed:
        lengths = {len(v) if isinstance(v, tuple) else -1 for v in given.values()}
        if len(lengths) > 1 or min(lengths) < 1:
            report.add("wrong-type", (*path, "set"), "every path needs a list of values, all equally long")
            return
        if axis.values is not None:
            report.add("no-effect", path, "values stand under set already", "values")
    _check_levels(axis, path, listed, design, report)


def _check_levels(axis: AxisSpec, path: TreePath, listed: bool, design: Any, report: Report) -> None:
    ends = (axis.low is not None) + (axis.high is not None)
    if axis.values is not None and not axis.values:
        report.add("missing-key", (*path, "values"), "the list is empty")
    if ends == 1:
        report.add("missing-key", path, "low and high go together")
    if ends and (listed or axis.values is not None):
        report.add("no-effect", path, "give either values or low and high", "low")
    if not ends and not listed and axis.values is None and not (isinstance(design, dict) and "cases" in design):
        report.add("missing-key", path, "values are missing, or low and high for a sampling design")
    if ends and not (isinstance(design, dict) and set(design) & set(SAMPLED)):
        report.add("no-effect", path, f"only {' and '.join(SAMPLED)} sample between low and high; give values", "low")
    for column in axis.set_.values() if isinstance(axis.set_, dict) else (axis.values or (),):
        if axis.scale is None and (mixed := _mixed(column)):
            report.add("unit", path, mixed)
    same = _repeated(axis.levels)
    if same is not None:
        report.add("wrong-choice", path, f"two levels are the same: {same}")
    if axis.set_ is None and any(isinstance(v, bool) or not isinstance(v, int | float) for v in axis.values or ()):
        report.add("wrong-type", (*path, "values"), "a factor is a number without unit")


def _mixed(values: Sequence[Any]) -> str | None:
    """What to tell where some numbers have a unit and others have none, which a reader takes to be in it, too."""
    plain = [v for v in values if isinstance(v, int | float) and not isinstance(v, bool) and v]  # 0 is 0 in any unit
    given = [v for v in values if isinstance(v, str) and _has_unit(v)]
    if not plain or not given:
        return None
    return f"{given[0]!r} has a unit and {plain[0]!r} has none. Give every value its unit, or none of them"


def _has_unit(text: str) -> bool:
    with suppress(ScalarError):
        return bool(split(text)[1])
    return False


def _repeated(levels: Sequence[tuple[Any, ...]]) -> str | None:
    """A level that comes twice, in words."""
    seen = set()
    for level in levels:
        words = tuple(str(float(v) if isinstance(v, int) and not isinstance(v, bool) else v) for v in level)
        if words in seen:
            return ", ".join(dict.fromkeys(map(str, level)))
        seen.add(words)
    return None


def check_design(spec: SweepSpec, report: Report) -> None:
    design = spec.design
    if isinstance(design, str):
        if design not in DESIGNS:
            known = did_you_mean(design, (*DESIGNS, *SAMPLED, "cases"))
            report.add("wrong-choice", ("design",), f"'{design}' is no design without a number or file{known}")
    elif not isinstance(design, dict) or len(set(design) & {*SAMPLED, "cases"}) != 1:
        report.add("wrong-choice", ("design",), f"is none of {', '.join(DESIGNS)}, {', '.join(SAMPLED)}, cases")
        return
    else:
        kind = next(iter(set(design) & {*SAMPLED, "cases"}))
        for key in set(design) - {kind} - ({"seed"} if kind in SAMPLED else set()):
            report.add("unknown-key", ("design",), f"unknown key '{key}'", key)
        for key in {kind, "seed"} & set(design) - {"cases"}:
            value = design[key]
            if isinstance(value, bool) or not isinstance(value, int) or not (key != "seed") <= value <= MAX_CASES:
                report.add("wrong-type", ("design", key), f"is no whole number of cases or seed up to {MAX_CASES:,}")
        if kind == "cases" and not isinstance(design["cases"], str):
            report.add("wrong-type", ("design", "cases"), "is no name of a table")
    if (design == "ranges") == bool(spec.axes):
        said = "takes its axes from the scenario; leave axes out" if spec.axes else "no axis is given"
        report.add("no-effect" if spec.axes else "missing-key", ("axes",) if spec.axes else (), said)
