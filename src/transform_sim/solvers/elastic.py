r"""The least by which a program without solution misses one, and the rows and bounds that prove it has none.

Every side and bound may give at a price:

$$ \min \sum w\,(e^- + e^+) \quad \text{s.t.} \quad b^- - e^- \le A(x + f^+ - f^-) \le b^+ + e^+ $$

A side costs its violation relative to its own size, weighed with the share of the year its step stands for, so that a
demand and a cap that give one per cent count alike. Sides of 0 that no scenario path sets (definitions, "no more than
there is") cost a thousand times as much: they are not what somebody could change. Lower bounds of 0 never give.

`contradict` then asks for one of the sides that gave why it had to: all others give what they gave, and the duals of
its least violation combine rows and bounds to a contradiction.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from transform_sim.lp import Program
from transform_sim.lp.blocks import Block

from .case import Case
from .engine import Engine, Options
from .solution import Status

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]

STRUCTURAL = 1e3
_SIMPLEX: Options = {"solver": "simplex", "presolve": "choose", "simplex_strategy": 1}


class Gives(NamedTuple):
    """By how much each row, or each column, gives: positive above its upper side, negative below its lower."""

    amount: Floats
    cost: Floats

    def dearest(self) -> tuple[float, int]:
        """Highest cost and where it is."""
        return max(zip(self.cost.tolist(), range(len(self.cost)), strict=True), default=(0.0, -1))


class _Side(NamedTuple):
    """Sides or bounds that may give: their positions, the sign of giving, its price, and what giving does to rows."""

    where: Codes
    sign: float
    price: Floats
    effect: sparse.csc_array


def relax(program: Program, case: Case, limits: Options) -> tuple[Gives, Gives] | None:
    """What rows and what columns give at the least total; None if it was not found within the limits of HiGHS."""
    rows, columns = _sides(program, case)
    sides = (*rows, *columns)
    effect = sparse.hstack([side.effect for side in sides], format="csc")
    least = _least(program, case, np.concatenate([side.price for side in sides]), sparse.csc_array(effect), limits)
    if least is None:
        return None
    starts = np.cumsum([program.shape[1], *(len(side.price) for side in sides)])
    given = [least[0][a:b] for a, b in itertools.pairwise(starts)]
    return _collect(rows, given[:2], program.shape[0]), _collect(columns, given[2:], program.shape[1])


def contradict(program: Program, case: Case, rows: Gives, columns: Gives, seconds: float) -> tuple[Codes, Codes] | None:
    """Rows and columns that force the dearest of what gives; None if they were not found within `seconds`.

    All else gives as much as it did, so that this one alone is in the way.
    """
    (row_cost, row), (column_cost, column) = rows.dearest(), columns.dearest()
    others, held = (rows.amount.copy(), columns.amount.copy()), (0, row) if row_cost >= column_cost else (1, column)
    sign = float(np.sign(others[held[0]][held[1]]))
    others[held[0]][held[1]] = 0.0
    rest = Case(
        case.cost,
        case.lower + np.minimum(others[1], 0.0),
        case.upper + np.maximum(others[1], 0.0),
        case.row_lower + np.minimum(others[0], 0.0),
        case.row_upper + np.maximum(others[0], 0.0),
    )
    slack = -sparse.eye_array(program.shape[0], format="csc")
    effect = sign * (slack if held[0] == 0 else program.matrix)[:, [held[1]]]
    least = _least(program, rest, np.ones(1), sparse.csc_array(effect), {"time_limit": seconds})
    if least is None:
        return None
    weight = np.abs(least[1]) * _row_size(program.matrix)
    proof = np.flatnonzero(weight > 1e-9 * np.max(weight, initial=0.0))
    touched = sparse.csc_array(program.matrix[proof, :])
    return proof, np.flatnonzero(np.diff(touched.indptr))


def _least(
    program: Program, case: Case, price: Floats, effect: sparse.csc_array, limits: Options
) -> tuple[Floats, Floats] | None:
    """Values and row duals at the least price of giving; None if a limit was reached."""
    n_columns, more = program.shape[1], len(price)
    elastic = Case(
        np.append(np.zeros(n_columns), price),
        np.append(case.lower, np.zeros(more)),
        np.append(case.upper, np.full(more, np.inf)),
        case.row_lower,
        case.row_upper,
    )
    matrix = sparse.csc_array(sparse.hstack([program.matrix, effect], format="csc"))
    outcome = Engine(matrix, elastic).run({**_SIMPLEX, **limits})
    if outcome.status is not Status.OPTIMAL or outcome.x is None or outcome.row_dual is None:
        return None
    return outcome.x, outcome.row_dual


def _sides(program: Program, case: Case) -> tuple[list[_Side], list[_Side]]:
    matrix, (n_rows, n_columns) = program.matrix, program.shape
    unit = sparse.eye_array(n_rows, format="csc")
    rows, columns = [], []
    for values, sign in ((case.row_lower, -1.0), (case.row_upper, 1.0)):
        where = np.flatnonzero(np.isfinite(values))
        price = _price(program.rows, values, _row_size(matrix))
        rows.append(_Side(where, sign, price[where], -sign * unit[:, where]))
    for values, sign in ((case.lower, -1.0), (case.upper, 1.0)):
        gives = np.isfinite(values) if sign > 0 else np.isfinite(values) & (values != 0)
        where = np.flatnonzero(gives)
        price = _price(program.columns, values, np.ones(n_columns))
        columns.append(_Side(where, sign, price[where], sign * matrix[:, where]))
    return rows, columns


def _price(blocks: Sequence[Block], values: Floats, size: Floats) -> Floats:
    """Price of giving one unit: 1 ÷ the side itself, for its share of the year; dearer where nobody set the side."""
    price = np.empty(len(values))
    for block in blocks:
        value = values[block.span].reshape(block.shape)
        share = block.grid.weight / block.grid.weight.sum()
        chosen = (value != 0) | bool(block.reads)
        scale = np.maximum(np.abs(np.where(np.isfinite(value), value, 0.0)), size[block.span].reshape(block.shape))
        price[block.span] = (np.where(chosen, 1.0, STRUCTURAL) * share / scale).ravel()
    return price


def _row_size(matrix: sparse.csc_array) -> Floats:
    """Largest coefficient of each row; 1 for an empty one."""
    size = np.zeros(matrix.shape[0])
    np.maximum.at(size, matrix.indices, np.abs(matrix.data))
    return np.where(size > 0, size, 1.0)


def _collect(sides: Sequence[_Side], given: Sequence[Floats], n: int) -> Gives:
    amount, cost = np.zeros(n), np.zeros(n)
    for side, part in zip(sides, given, strict=True):
        amount[side.where] += side.sign * part
        cost[side.where] += side.price * part
    return Gives(amount, cost)
