"""What is kept of a case as sparse maps of its solution: made once for a matrix, then one product per case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from transform_sim.inputs import Inputs
from transform_sim.lp import Program
from transform_sim.lp.blocks import Block, Columns
from transform_sim.names import (
    EMISSION_BALANCE,
    END_CONVERSION,
    MID_CONVERSION,
    NET_EMISSION,
    NEW_CAPACITY,
    STOCK,
)
from transform_sim.results.compare import KINDS
from transform_sim.results.extract import Rename
from transform_sim.results.owners import Owners
from transform_sim.solvers.case import Case

from .parts import Label

Floats = NDArray[np.float64]
CAPITAL = (NEW_CAPACITY, END_CONVERSION, MID_CONVERSION)


@dataclass(frozen=True, eq=False)
class Linear:
    """A quantity that is linear in the columns: matrix, and labels of what comes out."""

    matrix: sparse.csr_array
    labels: dict[str, tuple[Label, ...]]

    def of(self, x: Floats) -> Floats:
        """The quantity in the shape of its labels."""
        return np.asarray((self.matrix @ x).reshape([len(v) for v in self.labels.values()]))


def linear(
    program: Program,
    variable: str,
    rename: Rename,
    *,
    scale: Floats | None = None,
    by_period: bool = True,
) -> Linear | None:
    """The amount per year of a variable by the dimensions of `rename`, as the results have it; None without a block.

    Dimensions that `rename` leaves out, and without `by_period` the periods, are summed. `scale` is a factor by asset.
    """
    blocks = [b for b in program.columns if b.name == variable]
    names = {to: _occurring(blocks, dim, labels) for dim, (to, labels) in rename.items()}
    if not blocks or not all(names.values()):
        return None
    years = tuple(program.periods.labels)
    labels: dict[str, tuple[Label, ...]] = {**names, **({"period": years} if by_period else {})}
    shape = tuple(len(v) for v in labels.values())
    rows, columns, values = [], [], []
    for block in blocks:
        codes = [_codes(block, dim, have, names[to]) for dim, (to, have) in rename.items()]
        here = np.flatnonzero(np.all([c >= 0 for c in codes], axis=0))
        at = [c[here][:, None] for c in codes] + ([np.arange(len(years))[None, :]] if by_period else [])
        to = np.broadcast_to(np.ravel_multi_index(np.broadcast_arrays(*at), shape), (len(here), block.shape[1]))
        factor = np.ones(len(here)) if scale is None else scale[block.entities["asset"][here]]
        hours = np.ones(1) if block.grid.name == STOCK else block.grid.weight
        place = np.arange(block.size).reshape(block.shape)[here] + block.offset
        rows.append(np.broadcast_to(to[:, :, None], place.shape).ravel())
        columns.append(place.ravel())
        values.append(np.broadcast_to(factor[:, None, None] * hours, place.shape).ravel())
    return Linear(_matrix(rows, columns, values, (int(np.prod(shape)), program.shape[1])), labels)


@dataclass(frozen=True, eq=False)
class SectorCost:
    """What is paid per year by sector: the cost of each column when it is due, and of what each sector releases.

    Attributes:
        due: (sector · period) ← column: share of a column's present value that falls due in one year of the period.
        released: (sector · net emission) ← column: what each sector puts into the balance of each net emission.
        emissions, into: positions of the net emissions, and the period of each.
        weight: $N_y$ of each period.
        timed: False for columns of which the program does not tell when their cost is due.
    """

    due: sparse.csr_array
    released: sparse.csr_array
    emissions: NDArray[np.int64]
    into: NDArray[np.int64]
    labels: dict[str, tuple[Label, ...]]
    weight: Floats
    timed: NDArray[np.bool_]

    @classmethod
    def of(cls, data: Inputs, program: Program) -> SectorCost:
        owners = Owners.of(data.scenario)
        sector = [sector_of(s, k) for s, k in zip(owners.sectors, owners.kinds, strict=True)]
        names = tuple(dict.fromkeys(sector))
        code = np.array([names.index(s) for s in sector])
        n_years, n = len(program.periods), program.shape[1]
        of_column, rows, columns, values = np.zeros(n, dtype=np.int64), [], [], []
        timed = np.ones(n, dtype=bool)
        for block in program.columns:
            own = code[owners.codes(data, block.entities)]
            of_column[block.span] = np.repeat(own, block.size // len(own))
            if block.name == NET_EMISSION:
                continue
            share, known = _due(program, block)
            timed[block.span] = np.repeat(known.ravel(), block.shape[2])
            e, v, y = np.nonzero(share)
            for t in range(block.shape[2]):
                rows.append(own[e] * n_years + y)
                columns.append(block.offset + (e * n_years + v) * block.shape[2] + t)
                values.append(share[e, v, y])
        due = _matrix(rows, columns, values, (len(names) * n_years, n))
        released, emissions, into = _released(program, of_column, len(names))
        labels: dict[str, tuple[Label, ...]] = {"sector": names, "period": tuple(program.periods.labels)}
        return cls(due, released, emissions, into, labels, program.periods.weight, timed)

    def fits(self, case: Case) -> bool:
        """Whether all that a case costs is due when the program says."""
        return not case.cost[~self.timed].any()

    def paid(self, case: Case, x: Floats) -> Floats:
        """Payments per year, shape (sector, period), of the cost that counts."""
        shape = tuple(len(v) for v in self.labels.values())
        out = (self.due @ (case.cost * x)).reshape(shape)
        if len(self.emissions):
            amount = (self.released @ x).reshape(shape[0], -1)
            np.add.at(out.T, self.into, (amount * (case.cost[self.emissions] / self.weight[self.into])).T)
        return np.asarray(out)


def sector_of(sector: str, kind: str) -> str:
    """Where the cost of an owner is counted: under its sector if it is a process, else under its kind."""
    return sector if kind == "process" else KINDS.get(kind, kind)


def _due(program: Program, block: Columns) -> tuple[Floats, NDArray[np.bool_]]:
    """Share of present value due in a year of each period, (E, V, Y), and whether the program tells it, (E, V).

    Columns with capital pay as their capital does; all else at once. Capital of several lives, or beside a cost that
    is due at once, tells no common time.
    """
    n, weight = block.n_periods, program.periods.weight
    at_once = np.broadcast_to(np.diag(1 / weight), (len(block.entities), n, n))
    costs = [c for c in program.costs if c.columns is block and c.counts]
    shares = [_normal(c.paid, weight) for c in costs if c.paid is not None]
    if not shares:
        return at_once, np.full(block.shape[:2], block.name not in CAPITAL)
    share = shares[0]
    known: NDArray[np.bool_] = np.asarray(share.any(axis=2))
    for other in shares[1:]:
        share = np.where(known[:, :, None], share, other)
        known = np.asarray(known | other.any(axis=2))
    agree = [np.isclose(s, share).all(axis=2) | ~s.any(axis=2) for s in shares]
    plain = [np.broadcast_to(c.coefficient, block.shape).any(axis=2) for c in costs if c.paid is None]
    for fits in (*agree, *(~some for some in plain)):
        known = np.asarray(known & fits)
    return share, known


def _normal(paid: Floats, weight: Floats) -> Floats:
    years = (paid @ weight)[:, :, None]
    return np.divide(paid, years, out=np.zeros_like(paid), where=years > 0)


def _released(
    program: Program, sector: NDArray[np.int64], n_sectors: int
) -> tuple[sparse.csr_array, NDArray[np.int64], NDArray[np.int64]]:
    """What each sector puts into the balance of each net emission, from the rows of the program itself."""
    columns = next((b for b in program.columns if b.name == NET_EMISSION), None)
    if columns is None:
        return sparse.csr_array((0, program.shape[1])), np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    rows = next(b for b in program.rows if b.name == EMISSION_BALANCE)
    balance = sparse.coo_array(program.matrix[rows.offset : rows.offset + rows.size, :])
    row, column = (np.asarray(at, dtype=np.int64) for at in balance.coords)
    others = (column < columns.offset) | (column >= columns.offset + columns.size)
    row, column, value = row[others], column[others], balance.data[others]
    matrix = _matrix([sector[column] * columns.size + row], [column], [value], (n_sectors * columns.size, len(sector)))
    emissions = np.arange(columns.offset, columns.offset + columns.size)
    return matrix, emissions, np.tile(np.arange(columns.n_periods), len(columns.entities))


def _matrix(
    rows: Sequence[NDArray[np.int64]],
    columns: Sequence[NDArray[np.int64]],
    values: Sequence[Floats],
    shape: tuple[int, int],
) -> sparse.csr_array:
    none = [np.zeros(0, dtype=np.int64)]
    at = (np.concatenate([*rows, *none]), np.concatenate([*columns, *none]))
    return sparse.csr_array(sparse.coo_array((np.concatenate([*values, np.zeros(0)]), at), shape=shape))


def _occurring(blocks: Sequence[Block], dim: str, labels: Sequence[str]) -> tuple[str, ...]:
    seen = {labels[c] for block in blocks for c in np.unique(block.entities[dim])}
    return tuple(x for x in dict.fromkeys(labels) if x and x in seen)


def _codes(block: Block, dim: str, labels: Sequence[str], names: Sequence[str]) -> NDArray[np.int64]:
    """Position in `names` of each entity; −1 for those that are left out."""
    lookup = np.array([names.index(x) if x in names else -1 for x in labels], dtype=np.int64)
    return np.asarray(lookup[block.entities[dim]])
