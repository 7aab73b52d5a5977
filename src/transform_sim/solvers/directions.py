"""In which direction cost falls: the cheapest one that stays within what is open."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from transform_sim.errors import SolveError

from .case import Case
from .engine import Engine
from .methods import METHODS

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
FREE = 1e3
"""How far a column may go that is open both ways, where those open one way add up to 1 at most."""


@dataclass(frozen=True, eq=False)
class Open:
    """Which sides of columns and rows do not stop a direction: True where it may go."""

    down: Mask
    up: Mask
    row_down: Mask
    row_up: Mask

    @classmethod
    def far_out(cls, case: Case) -> Open:
        """Sides without a bound: directions that can be followed for ever."""
        sides = (case.lower, case.upper, case.row_lower, case.row_upper)
        return cls(*(np.isinf(side) for side in sides))

    @classmethod
    def at_zero(cls, case: Case) -> Open:
        """Sides that zero does not touch: directions that can be taken from there, if only a little way."""
        return cls(case.lower < 0, case.upper > 0, case.row_lower < 0, case.row_upper > 0)


def cheapest_direction(matrix: sparse.csc_array, cost: Floats, where: Open) -> Floats | None:
    r"""The direction r, largest entry ±1, in which cost falls fastest for its size; None if it falls in none.

    $\min c r$ with $A r$ and $r$ free only towards open sides and the sum of the columns that are open one way at most
    1, so that one loop comes back and not all at once.
    """
    towards = np.where(where.down == where.up, 0.0, np.where(where.up, 1.0, -1.0))
    most = np.where(towards == 0.0, FREE, 1.0)
    cone = Case(
        cost,
        np.where(where.down, -most, 0.0),
        np.where(where.up, most, 0.0),
        np.append(np.where(where.row_down, -np.inf, 0.0), -np.inf),
        np.append(np.where(where.row_up, np.inf, 0.0), 1.0),
    )
    size = sparse.csc_array(towards.reshape(1, -1))
    outcome = Engine(sparse.csc_array(sparse.vstack([matrix, size], format="csc")), cone).run(METHODS["simplex"])
    if outcome.x is None:
        raise SolveError(f"HiGHS could not tell whether cost falls in any direction: {outcome.status}")
    if not cost @ outcome.x < 0:
        return None
    largest = np.max(np.abs(outcome.x))
    return np.where(np.abs(outcome.x) > 1e-9 * largest, outcome.x / largest, 0.0)
