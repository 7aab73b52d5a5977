"""What tests of policies that pay have in common: programs side by side, slopes, sweeps against single solves."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import transform_sim as ts
from tests.micro import load
from transform_sim.lp import Program
from transform_sim.pipeline import compose

OWN = {
    "free_allocation": {"allocated_output"},
    "power_compensation": {"compensated_output"},
    "border_adjustment": set(),
    "carbon_contracts": {"contracted_output", "contracted_new", "contracted_end", "contracted_mid"},
    "grants": {"granted_new", "granted_end", "granted_mid"},
    "budgets": set(),
}
"""Columns of each section."""


def program(sections: dict[str, Any]) -> Program:
    return compose(load(**sections))[1]


def policies(sections: dict[str, Any], **change: Any) -> dict[str, Any]:
    """The study with some of its policies replaced; None takes one away."""
    changed = sections["policies"] | change
    return sections | {"policies": {name: policy for name, policy in changed.items() if policy is not None}}


def alike(one: Program, other: Program) -> None:
    """The same columns, rows and numbers."""
    assert one.shape == other.shape
    assert [one.column_name(i) for i in range(one.shape[1])] == [other.column_name(i) for i in range(one.shape[1])]
    assert [one.row_name(i) for i in range(one.shape[0])] == [other.row_name(i) for i in range(one.shape[0])]
    for part in ("cost", "lower", "upper", "row_lower", "row_upper"):
        assert getattr(one, part).tolist() == getattr(other, part).tolist()
    assert abs(one.matrix - other.matrix).sum() == 0


def switched_off_is_absent(sections: dict[str, Any], section: str) -> None:
    """`active: false` on all policies of a section gives the program of a study that has none of them."""
    off = {name: policy | {"active": False} for name, policy in sections["policies"][section].items()}
    with_it, without = program(sections), program(policies(sections, **{section: None}))
    alike(program(policies(sections, **{section: off})), without)
    assert with_it.shape != without.shape or with_it.cost.tolist() != without.cost.tolist()


def is_no_matter_of_society(sections: dict[str, Any], section: str) -> None:
    """The social view has none of its columns, rows and costs."""
    social = sections | {"view": "social"}
    assert not OWN[section] & {c.name for c in program(social).columns}
    alike(program(social), program(policies(social, **{section: None})))


def dual(scenario: ts.Scenario, row: str) -> float:
    """The shadow price of a row by its name."""
    study = ts.prepare(scenario)
    names = [study.program.row_name(i) for i in range(study.program.shape[0])]
    return float(study.session.solve().row_dual[names.index(row)])


def between_slopes(cost: Callable[[float], float], at: float, step: float, price: float) -> None:
    """`price` lies between the slopes of least cost to the left and to the right."""
    left, right = (cost(at) - cost(at - step)) / step, (cost(at + step) - cost(at)) / step
    slack = 1e-9 * abs(cost(at)) / step + 1e-7 * abs(price)
    assert left - slack <= price <= right + slack
    assert left <= right + slack


def swept_is_solved(sections: dict[str, Any], axes: dict[str, list[float]], folder: Path) -> None:
    """A sweep over these numbers, which must matter, gives what single solves give."""
    scenario = load(**sections)
    sweep = ts.sweep(scenario, axes, out=folder / "sweep", progress=False)
    cold = [ts.solve(scenario.with_(dict(zip(axes, case, strict=True)))).objective for case in product(*axes.values())]
    assert np.ravel(sweep.objective.values) == pytest.approx(cold, rel=1e-6)
    assert len(set(np.round(cold, 6))) >= len(cold) / 2
