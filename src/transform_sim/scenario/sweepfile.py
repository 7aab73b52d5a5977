"""The sweep file: which scenario, what is varied, which combinations, what is kept. Read as strictly as a scenario."""

from __future__ import annotations

import csv
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from transform_sim.errors import ScenarioError

from .files import FileError, Study, decode, read_bytes
from .load import load
from .problems import Problem, Report, did_you_mean, render
from .reader import read
from .schema import Scenario
from .sweepspec import AxisSpec, SweepSpec, check_axis, check_design
from .tables import LINE, TableError, parse
from .tree import from_plain, plain

MAX_SWEEP = 2_000_000
KEPT = ("indicators", "everything")
TEXT = "<axes>"


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
        check_axis(axis, ("axes", name), spec.design, report)
    check_design(spec, report)
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
