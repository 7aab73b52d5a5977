"""The sweep file: which scenario, what is varied, which combinations, what is kept. Read as strictly as a scenario."""

from __future__ import annotations

import csv
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError

from transform_sim.errors import ScenarioError

from .base import Named, Section, text
from .files import FileError, Study, decode, read_bytes
from .load import load
from .problems import Problem, Report, did_you_mean, render
from .reader import read
from .scalars import ScalarError
from .schema import Scenario
from .tables import LINE, TableError, parse
from .tree import Path as TreePath
from .tree import from_plain, plain
from .units import split

MAX_SWEEP = 2_000_000
MAX_CASES = 100_000_000
DESIGNS = ("grid", "one_at_a_time", "ranges")
SAMPLED = ("latin_hypercube", "sobol")
KEPT = ("indicators", "everything")
TEXT = "<axes>"
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


Rows = list[dict[str, str]]


def load_sweep(path: str | Path) -> tuple[SweepSpec, Scenario, Rows]:
    """A sweep file, its scenario, and the rows of its table of cases (none for other designs).

    The file may name a scenario and a table in its own folder or in the one above, and below them.
    Raises ScenarioError with every problem, its file and line.
    """
    path = Path(path)
    try:
        node, problems = read(decode(read_bytes(path, path.name or str(path), MAX_SWEEP), path.name), str(path))
    except FileError as error:
        node, problems = None, [Problem(error.code, str(path), 0, "", str(error))]
    if node is None:
        empty = "the file is empty; a sweep has at least name, scenario, axes"
        problems = [replace(p, message=empty) if p.code == "empty-file" else p for p in problems]
        raise ScenarioError(render(problems), problems)
    report = Report(node, problems)
    spec = _checked(plain(node), report)
    study = Study(path.resolve().parent.parent, path.parent)
    file = _file(spec.scenario if spec else "", "scenario", study, report)
    rows = _rows(spec, study, report)
    if report.problems or spec is None or file is None:
        raise ScenarioError(render(report.problems), report.problems)
    return spec, load(file, spec.variant), rows


def sweep_spec(data: Mapping[str, Any]) -> SweepSpec:
    """The same from Python: keys as in a file; raises ScenarioError."""
    node = from_plain(data, TEXT)
    report = Report(node)
    spec = _checked(plain(node), report)
    if report.problems or spec is None:
        raise ScenarioError(render(report.problems), report.problems)
    return spec


def _checked(data: dict[Any, Any], report: Report) -> SweepSpec | None:
    try:
        spec = SweepSpec.model_validate(data)
    except ValidationError as error:
        for item in error.errors(include_url=False):
            _tell(item["type"], item["loc"], report)
        return None
    for name, axis in spec.axes.items():
        _check_axis(axis, ("axes", name), spec.design, report)
    _check_design(spec, report)
    if not (spec.keep in KEPT or (isinstance(spec.keep, tuple) and all(isinstance(k, str) for k in spec.keep))):
        report.add("wrong-choice", ("keep",), f"is none of {', '.join(KEPT)}, and no list of names of results")
    return spec


def _tell(kind: str, location: tuple[Any, ...], report: Report) -> None:
    path = tuple(k for k in location if k != "[key]")
    if kind == "extra_forbidden":
        section = AxisSpec if path[0] == "axes" and len(path) > 1 else SweepSpec
        known = [f.alias or n for n, f in section.model_fields.items()]
        report.add("unknown-key", path[:-1], f"unknown key '{path[-1]}'{did_you_mean(path[-1], known)}", path[-1])
    elif kind == "missing":
        report.add("missing-key", path[:-1], f"'{path[-1]}' is missing")
    else:
        wanted = {"string_type": "a text", "tuple_type": "a list"}.get(kind, "a mapping")
        report.add("wrong-type", path, f"is not {wanted}")


def _check_axis(axis: AxisSpec, path: TreePath, design: Any, report: Report) -> None:
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


def _check_design(spec: SweepSpec, report: Report) -> None:
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


def _file(name: str, key: str, study: Study, report: Report) -> Path | None:
    if not name:
        report.add("missing-key", (), f"'{key}' is missing: the file that the sweep varies")
        return None
    try:
        return study.find(name, study.folder)
    except FileError as error:
        outside = f"'{name}' lies outside the study folder: the one above that of the sweep file, and all below it"
        report.add(error.code, (key,), outside if error.code == "outside-study" else str(error))
        return None


def _rows(spec: SweepSpec | None, study: Study, report: Report) -> Rows:
    name = spec.design.get("cases") if spec is not None and isinstance(spec.design, dict) else None
    if spec is None or not isinstance(name, str):
        return []
    path = ("design", "cases")
    try:
        rows = parse(study.table(name))
    except csv.Error as error:
        report.add("table", path, f"'{name}' is not a CSV table: {error}")
        return []
    except FileError as error:
        report.add(error.code, path, str(error))
        return []
    except TableError as error:
        report.add("table", path, f"'{name}', line {error.line}: {error}")
        return []
    for problem in row_problems(list(rows[0]) if rows else [], spec.axes):
        report.add("table", path, f"'{name}' {problem}")
    return rows


def row_problems(columns: Sequence[str], axes: Collection[str]) -> list[str]:
    """What is wrong with a table of cases that has these columns; none at all if it has no rows."""
    if not columns:
        return ["has no rows"]
    known = [c for c in columns if c not in (LINE, "case")]
    twice = [f"has two columns '{c}'" for c in dict.fromkeys(known) if known.count(c) > 1]
    lost = [f"has a column '{c}', which is no axis{did_you_mean(c, axes)}" for c in known if c not in axes]
    return twice + lost + [f"has no column '{a}': that axis would never move" for a in axes if a not in known]
