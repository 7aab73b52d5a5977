"""The frozen program: CSC arrays plus labels, and how it is filled."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from .axes import Periods
from .blocks import Block, BoundTerm, Columns, Cost, Declared, Rows

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Program:
    """min c·x subject to row_lower ≤ A·x ≤ row_upper, lower ≤ x ≤ upper, with every row and column named.

    `matrix` is CSC, shape (rows, columns); `costs` is the ledger whose counting terms add to `cost`.
    """

    matrix: sparse.csc_array
    cost: Floats
    lower: Floats
    upper: Floats
    row_lower: Floats
    row_upper: Floats
    columns: tuple[Columns, ...]
    rows: tuple[Rows, ...]
    costs: tuple[Cost, ...]
    labels: Mapping[str, tuple[str, ...]]
    periods: Periods

    @property
    def shape(self) -> tuple[int, int]:
        return len(self.row_lower), len(self.lower)

    @cached_property
    def column_scale(self) -> Floats:
        """$W_h N_y$ of each column: what one unit of it, all hours of the period, counts in the objective."""
        return _weights(self.columns, self.periods, len(self.lower))

    @cached_property
    def row_scale(self) -> Floats:
        """$W_g N_y$ of each row: dual ÷ this is a price in real money."""
        return _weights(self.rows, self.periods, len(self.row_lower))

    def column_name(self, position: int) -> str:
        """Readable name such as `activity[electrolyser, coast, 2030, 2025-01-17 05:00]`."""
        return _name(self.columns, position, self)

    def row_name(self, position: int) -> str:
        """Readable name such as `balance[crude_steel, coast, 2030]`."""
        return _name(self.rows, position, self)

    def blocks(self, kind: str, name: str) -> list[Block]:
        """All blocks ('columns' or 'rows') of this name, one per grid."""
        return [b for b in (self.columns if kind == "columns" else self.rows) if b.name == name]

    def reads(self) -> dict[str, set[str]]:
        """Which scenario paths entered 'costs', 'bounds' and 'matrix'."""
        bounds = {p for b in (*self.columns, *self.rows) for p in b.reads}
        matrix = {p for r in self.rows for t in r.terms for p in t.reads}
        costs = {p for c in self.costs for p in c.reads} | set(self.periods.reads)
        return {"costs": costs, "bounds": bounds, "matrix": matrix}

    def __repr__(self) -> str:
        return f"<Program {self.shape[0]:,} rows × {self.shape[1]:,} columns, {self.matrix.nnz:,} non-zeros>"


def freeze(
    declared: Declared, labels: Mapping[str, tuple[str, ...]], periods: Periods, n_rows: int, n_cols: int
) -> Program:
    """Fill the arrays; work and memory are proportional to the non-zeros."""
    cost = np.zeros(n_cols)
    for term in declared.costs:
        if term.counts:
            view = cost[term.columns.span].reshape(term.columns.shape)
            view += term.coefficient
    return Program(
        matrix=assemble(declared.rows, n_rows, n_cols),
        cost=cost,
        lower=_bounds(declared.columns, "lower", n_cols),
        upper=_bounds(declared.columns, "upper", n_cols),
        row_lower=_bounds(declared.rows, "lower", n_rows),
        row_upper=_bounds(declared.rows, "upper", n_rows),
        columns=tuple(declared.columns),
        rows=tuple(declared.rows),
        costs=tuple(declared.costs),
        labels=labels,
        periods=periods,
    )


def assemble(rows: Sequence[Rows], n_rows: int, n_cols: int) -> sparse.csc_array:
    """All terms as one CSC matrix; repeated places add up and zeros make no entry."""
    terms = [(block, term) for block in rows for term in block.terms]
    total = sum(term.size for _, term in terms)
    # 32-bit positions halve the memory; every count here stays far below 2^31 or the arrays would not fit
    row_at, col_at = np.empty(total, np.int32), np.empty(total, np.int32)
    values = np.empty(total)
    at = 0
    for block, term in terms:
        at = _fill(block, term, at, row_at, col_at, values)
    matrix = sparse.coo_array((values[:at], (row_at[:at], col_at[:at])), shape=(n_rows, n_cols)).tocsc()
    matrix.eliminate_zeros()
    return matrix


def _fill(
    block: Rows,
    term: BoundTerm,
    at: int,
    row_at: NDArray[np.int32],
    col_at: NDArray[np.int32],
    values: Floats,
) -> int:
    _, y_row, t_row = block.shape
    _, y_col, t_col = term.columns.shape
    shape = (len(term.entity.rows), len(term.period.rows), len(term.step.rows))
    span = slice(at, at + term.size)
    value = values[span].reshape(shape)
    np.multiply(term.coefficient, (term.period.values[:, None] * term.step.values)[None], out=value)
    _positions(term.entity.rows, term.period.rows, term.step.rows, y_row, t_row, block.offset, row_at[span])
    _positions(term.entity.cols, term.period.cols, term.step.cols, y_col, t_col, term.columns.offset, col_at[span])
    if np.all(term.coefficient):
        return at + term.size
    keep = value.ravel() != 0
    n = int(keep.sum())
    for array in (row_at, col_at, values):
        array[at : at + n] = array[span][keep]
    return at + n


def _positions(
    entity: NDArray[np.int64],
    period: NDArray[np.int64],
    step: NDArray[np.int64],
    n_periods: int,
    n_steps: int,
    offset: int,
    out: NDArray[np.int32],
) -> None:
    head = (offset + (entity[:, None] * n_periods + period[None, :]) * n_steps).astype(np.int32)
    view = out.reshape(len(entity), len(period), len(step))
    np.add(head[:, :, None], step.astype(np.int32)[None, None, :], out=view)


def _bounds(blocks: Sequence[Block], side: str, n: int) -> Floats:
    out = np.empty(n)
    for block in blocks:
        out[block.span].reshape(block.shape)[...] = getattr(block, side)
    return out


def _weights(blocks: Sequence[Block], periods: Periods, n: int) -> Floats:
    out = np.ones(n)
    for block in blocks:
        period = periods.weight if block.n_periods == len(periods) else np.ones(block.n_periods)
        out[block.span].reshape(block.shape)[...] = period[None, :, None] * block.grid.weight[None, None, :]
    return out


def _name(blocks: Sequence[Block], position: int, program: Program) -> str:
    for block in blocks:
        if block.offset <= position < block.offset + block.size:
            e, y, t = np.unravel_index(position - block.offset, block.shape)
            return f"{block.name}[{', '.join(label_of(block, int(e), int(y), int(t), program))}]"
    raise IndexError(f"no row or column at position {position}")


def label_of(block: Block, entity: int, period: int, step: int, program: Program) -> Iterator[str]:
    """The labels of one member of a block: entity dims, period if it has periods, step if it has several."""
    for dim, codes in block.entities.codes.items():
        yield program.labels[dim][codes[entity]]
    if block.n_periods > 1 or len(program.periods) == 1:
        yield str(program.periods.labels[period])
    if len(block.grid) > 1:
        yield block.grid.labels[step]
