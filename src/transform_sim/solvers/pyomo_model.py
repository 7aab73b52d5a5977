"""The program as a Pyomo model with readable names, for own constraints and other solvers.

Component names: a variable is the `Var` of its name, a row family the `Constraint` of its name, and the index is what
stands in the brackets of `program.column_name` and `row_name`: labels of the dimensions, then the period as a number if
there are periods, then the step if the grid has several. Blocks of one name on different grids share one component:

    model.new_capacity["electrolyser", "coast", 2030]
    model.activity["electrolyser", "coast", 2030, "2025-01-17 05:00"]
    model.balance["crude_steel", "coast", 2030]

A row family named like a variable is `<name>_rows`; a name that Pyomo itself uses gets a trailing underscore. Rows
without any limit have no constraint. The objective is `model.total_cost`, duals arrive in `model.dual`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyomo.environ as pyo
from numpy.typing import NDArray
from pyomo.core.expr.numeric_expr import LinearExpression
from scipy import sparse

from transform_sim.errors import ModelError
from transform_sim.lp import Program

from .labels import member_keys

Floats = NDArray[np.float64]
OBJECTIVE = "total_cost"


@dataclass(frozen=True, eq=False)
class Positions:
    """Where each column and row of the program went; kept at `model.transform_sim`. Rows without limits are None."""

    columns: list[Any]
    rows: list[Any]
    components: frozenset[str]


def to_pyomo(program: Program) -> Any:
    """The program as a `ConcreteModel`; add constraints by name and solve it with any solver that Pyomo knows.

    An own constraint is one line more:
    `model.extra = pyo.Constraint(expr=model.new_capacity["electrolyser", "coast", 2030] >= 5)`.

    Raises ModelError if two members of a family carry the same labels.
    """
    model = pyo.ConcreteModel(name="transform_sim")
    columns = _variables(model, program)
    rows = _constraints(model, program, columns)
    priced = np.flatnonzero(program.cost)
    expression = _linear(program.cost[priced].tolist(), [columns[k] for k in priced])
    model.add_component(OBJECTIVE, pyo.Objective(expr=expression, sense=pyo.minimize))
    model.dual = pyo.Suffix(direction=pyo.Suffix.IMPORT)
    names = frozenset(c.name for c in model.component_objects(descend_into=False))
    model.transform_sim = Positions(columns, rows, names)
    return model


def _variables(model: Any, program: Program) -> list[Any]:
    data: list[Any] = [None] * program.shape[1]
    for name, blocks in _families(program.columns).items():
        keys = [key for block in blocks for key in member_keys(block, program)]
        variable = pyo.Var() if keys == [()] else pyo.Var(pyo.Set(dimen=None, initialize=_distinct(name, keys)))
        model.add_component(_free_name(model, name), variable)
        members = iter(variable.values())
        for block in blocks:
            data[block.span] = [next(members) for _ in range(block.size)]
    bounds = zip(data, _none_if_infinite(program.lower), _none_if_infinite(program.upper), strict=True)
    for member, lower, upper in bounds:
        member.setlb(lower)
        member.setub(upper)
    return data


def _constraints(model: Any, program: Program, columns: Sequence[Any]) -> list[Any]:
    matrix = sparse.csr_array(program.matrix)
    starts, indices, values = matrix.indptr.tolist(), matrix.indices.tolist(), matrix.data.tolist()
    lower, upper = _none_if_infinite(program.row_lower), _none_if_infinite(program.row_upper)
    data: list[Any] = [None] * program.shape[0]
    for name, blocks in _families(program.rows).items():
        keys = _distinct(name, [key for block in blocks for key in member_keys(block, program)])
        where = [k for block in blocks for k in range(block.span.start, block.span.stop)]
        constraint = pyo.Constraint(pyo.Any)
        model.add_component(_free_name(model, name, "_rows"), constraint)
        for key, k in zip(keys, where, strict=True):
            if lower[k] is None and upper[k] is None:
                continue
            part = slice(starts[k], starts[k + 1])
            # Pyomo refuses a constraint without variables: an empty row keeps its limits on 0 × the first column
            body = _linear(values[part] or [0.0], [columns[j] for j in indices[part]] or [columns[0]])
            data[k] = constraint.add(key or None, _limits(lower[k], body, upper[k]))
    return data


def _limits(lower: float | None, body: Any, upper: float | None) -> Any:
    return body == lower if lower == upper else (lower, body, upper)


def _linear(coefficients: Sequence[float], variables: Sequence[Any]) -> Any:
    return LinearExpression(constant=0.0, linear_coefs=coefficients, linear_vars=variables)


def _families(blocks: Sequence[Any]) -> dict[str, list[Any]]:
    families: dict[str, list[Any]] = {}
    for block in blocks:
        families.setdefault(block.name, []).append(block)
    return families


def _distinct(name: str, keys: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    if len(set(keys)) < len(keys):
        raise ModelError(f"{name}: two members carry the same labels; Pyomo needs distinct ones")
    return keys


def _free_name(model: Any, name: str, suffix: str = "") -> str:
    if suffix and name in model.component_map():
        name += suffix
    return name + "_" if hasattr(model, name) or name in (OBJECTIVE, "dual", "transform_sim") else name


def _none_if_infinite(values: Floats) -> list[float | None]:
    return [v if np.isfinite(v) else None for v in values.tolist()]
