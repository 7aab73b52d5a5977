"""Labelled blocks of columns and rows, terms and costs: what a program is declared from."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from transform_sim.errors import ModelError

from .axes import AxisMap, Grid
from .entities import SINGLE, Entities

Floats = NDArray[np.float64]
Kind = Literal["resource", "transfer"]


@dataclass(frozen=True, eq=False)
class Block:
    """Entity table × period × step. Position of (e, y, t): offset + (e·Y + y)·T + t."""

    name: str
    grid: Grid
    entities: Entities
    n_periods: int
    offset: int
    lower: Floats
    upper: Floats
    reads: tuple[str, ...] = ()

    @property
    def shape(self) -> tuple[int, int, int]:
        return len(self.entities), self.n_periods, len(self.grid)

    @property
    def size(self) -> int:
        return int(np.prod(self.shape))

    @property
    def span(self) -> slice:
        return slice(self.offset, self.offset + self.size)

    def __repr__(self) -> str:
        dims = ", ".join((*self.entities.dims, "period", self.grid.name))
        return f"<{self.name}[{dims}] {' × '.join(map(str, self.shape))} = {self.size:,}>"


@dataclass(frozen=True, eq=False, repr=False)
class Columns(Block):
    """A variable on one grid; `unit` is that of its values."""

    unit: str = ""


@dataclass(frozen=True, eq=False, repr=False)
class Rows(Block):
    """A constraint family on one grid."""

    terms: tuple[BoundTerm, ...] = ()


@dataclass(frozen=True, eq=False)
class Term:
    """A coefficient times a variable, as a formula in `model/` writes it.

    Args:
        coefficient: scalar, or array broadcastable to (entity of `over`, period pair, step pair).
        over: entity table of the coefficient; it may name dimensions of the rows, of the variable, or of
            both, and so relate the two.
        period: period map; None pairs equal periods.
        step: step map; None uses the operator P between the two grids.
        reads: scenario paths the coefficient comes from.
    """

    coefficient: ArrayLike
    variable: str
    over: Entities = SINGLE
    period: AxisMap | None = None
    step: AxisMap | None = None
    reads: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class BoundTerm:
    """A term tied to one column block: the three sparse maps and the coefficient over their pairs."""

    columns: Columns
    entity: AxisMap
    period: AxisMap
    step: AxisMap
    coefficient: Floats
    reads: tuple[str, ...] = ()

    @property
    def size(self) -> int:
        return len(self.entity.rows) * len(self.period.rows) * len(self.step.rows)


@dataclass(frozen=True, eq=False)
class Cost:
    """One cost term: linear in one variable, paid by one actor to another.

    Attributes:
        coefficient: present value per unit of the column; has the shape of the block or broadcasts to it.
        paid: share of each period y in which a column of period v is paid for, shape (E or 1, V, Y); None: each in
            its own period.
    """

    name: str
    columns: Columns
    coefficient: Floats
    payer: str
    receiver: str
    kind: Kind
    counts: bool = True
    reads: tuple[str, ...] = ()
    paid: Floats | None = None


@dataclass
class Declared:
    """Everything declared so far."""

    columns: list[Columns] = field(default_factory=list)
    rows: list[Rows] = field(default_factory=list)
    costs: list[Cost] = field(default_factory=list)


def shaped(value: ArrayLike, shape: tuple[int, int, int], what: str) -> Floats:
    """`value` as a float array with three axes that broadcasts to `shape`; raises ModelError otherwise."""
    array = np.asarray(value, dtype=float)
    if array.ndim not in (0, 3):
        raise ModelError(f"{what} has {array.ndim} axes; give a scalar or the three axes entity × period × step")
    array = array.reshape((1, 1, 1)) if array.ndim == 0 else array
    if any(have not in (1, want) for have, want in zip(array.shape, shape, strict=True)):
        raise ModelError(f"{what} has shape {array.shape}; it must broadcast to {shape} (entity × period × step)")
    if np.isnan(array).any():
        raise ModelError(f"{what} contains NaN; mask the entity instead")
    return array
