"""`program.reads()`: a number in the scenario changes only those parts of the program that name its path.

A sweep decides by these declarations what it may change without building the matrix again, so a missing one would give
silently wrong cases. Every number of two rich systems is changed a little, one at a time.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, get_args

import pytest

import transform_sim as ts
from tests.micro import SYSTEMS
from tests.model.golden import FOLDER as GOLDEN
from tests.oracle.reader import read_file
from transform_sim.errors import ScenarioError
from transform_sim.lp import Program
from transform_sim.pipeline import compose
from transform_sim.scenario.base import Section
from transform_sim.scenario.schema import Scenario

AXES = ("horizon.start", "horizon.end", "horizon.step", "time")
"""What lays out periods and steps is read by everything and declared by nobody."""

CHOSEN = {
    "hydrogen_seasons", "steel_campaigns", "elastic_budget", "markets_only", "network_charges", "flexible_loads",
    "operation", "obligations", "banked_caps", "transfers",
}  # fmt: skip
RICH = [p for p in SYSTEMS if p.stem in CHOSEN]

Parts = set[str]


def numbers(data: Any, path: str = "") -> Iterator[tuple[str, float]]:
    """Dotted path and value of every number."""
    if isinstance(data, dict):
        for key, value in data.items():
            yield from numbers(value, f"{path}.{key}" if path else str(key))
    elif isinstance(data, (list, tuple)):
        for k, value in enumerate(data):
            yield from numbers(value, f"{path}.{k}")
    elif isinstance(data, (int, float)) and not isinstance(data, bool):
        yield path, data


def nearby(value: float) -> float:
    """Another number near by: years and counts move by one, shares stay below one."""
    if isinstance(value, int) and value > 1:
        return value + 1
    return value * 0.97 if value else 0.01


def declared(reads: dict[str, Parts], path: str) -> Parts:
    """The parts that name the path or something above it; `*` stands for one key."""

    def covers(pattern: str) -> bool:
        keys, wanted = path.split("."), pattern.split(".")
        return len(wanted) <= len(keys) and all(map(fnmatchcase, keys, wanted))

    return {part for part, patterns in reads.items() if any(map(covers, patterns))}


def changed(before: Program, after: Program) -> Parts:
    """The parts in which two programs differ; other rows or columns are another matrix."""
    if before.shape != after.shape:
        return {"matrix"}
    parts = {"costs": ("cost",), "bounds": ("lower", "upper", "row_lower", "row_upper")}
    found = {p for p, names in parts.items() if any((getattr(before, n) != getattr(after, n)).any() for n in names)}
    difference = abs(before.matrix - after.matrix)
    return found | ({"matrix"} if difference.nnz and difference.max() > 0 else set())


@pytest.mark.parametrize("path", RICH, ids=lambda path: path.stem)
def test_a_number_changes_only_what_names_it(path: Path) -> None:
    scenario = ts.load(path)
    _, before = compose(scenario)
    reads = before.reads()
    wrong, seen = {}, Counter[str]()
    for leaf, value in numbers(read_file(path)):
        if leaf.startswith(AXES):
            continue
        try:
            other = scenario.with_({leaf: nearby(value)})
        except ScenarioError:
            continue  # some numbers cannot move alone
        parts = changed(before, compose(other)[1])
        seen.update(parts)
        if parts - declared(reads, leaf):
            wrong[leaf] = sorted(parts - declared(reads, leaf))
    assert not wrong
    assert min(seen[part] for part in ("costs", "bounds", "matrix")) > 5


def fields(section: Any) -> dict[str, Any]:
    """Types of a section's fields, by the names that a file uses."""
    return {info.alias or name: info.annotation for name, info in section.model_fields.items()}


def sections_in(annotation: Any) -> list[Any]:
    """The section types that stand anywhere in a type."""
    if isinstance(annotation, type) and issubclass(annotation, Section):
        return [annotation]
    return [s for part in get_args(annotation) for s in sections_in(part)]


@pytest.mark.parametrize("path", [*RICH, *sorted(GOLDEN.glob("*.yaml"))], ids=lambda path: path.stem)
def test_every_path_that_is_named_can_stand_in_a_scenario(path: Path) -> None:
    for patterns in compose(path)[1].reads().values():
        for pattern in patterns:
            here: list[Any] = [Scenario]
            for key in pattern.split("."):
                if key != "*":
                    found = [a for s in here for name, a in fields(s).items() if fnmatchcase(name, key)]
                    assert found, pattern
                    here = [s for annotation in found for s in sections_in(annotation)]
