"""The row and the column nearest to failing the certificate's tests, which `certificate` writes down."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .kkt import FLOOR, ROUNDING, DualSide, PrimalSide, Ruler

Floats = NDArray[np.float64]
ELEMENTWISE = 100.0
"""What a single row or column is allowed, in tolerances."""


@dataclass(frozen=True)
class Finding:
    """The row or column nearest to failing, or furthest beyond it.

    Attributes:
        violation, allowed: in the unit of the row or, for `profit left`, money per unit of the column.
    """

    name: str
    what: str
    violation: float
    allowed: float

    @property
    def ratio(self) -> float:
        """Violation ÷ what is allowed; above 1 (or NaN) fails."""
        return self.violation / self.allowed

    def __str__(self) -> str:
        return f"{self.name}: {self.what} {self.violation:.3g}, allowed {self.allowed:.3g}"


def worst_row(ruler: Ruler, primal: PrimalSide, dual: DualSide | None, tolerance: float) -> Finding | None:
    """By how much it is off, or its share in the money of a column though it has slack; None without rows."""
    if not ruler.program.shape[0]:
        return None
    limit = ELEMENTWISE * tolerance
    allowed = np.maximum(limit * (FLOOR * ruler.unit + primal.through), ROUNDING * ruler.unit)
    found = [("off by", primal.row_violation, allowed)]
    if dual is not None:
        found.append(("priced though it has slack, share", dual.idle, np.full_like(dual.idle, limit)))
    return _worst(ruler.program.row_name, found)


def worst_column(
    ruler: Ruler, x: Floats, primal: PrimalSide, dual: DualSide | None, tolerance: float
) -> Finding | None:
    """By how much it is beyond a bound, or what one more unit would still earn; None without columns."""
    if not ruler.program.shape[1]:
        return None
    limit = ELEMENTWISE * tolerance
    found = [("beyond its bound by", primal.bound_violation, np.maximum(limit * (FLOOR + np.abs(x)), ROUNDING))]
    if dual is not None:
        unit = ruler.per_unit
        found.append(("profit left per unit", dual.profit / unit, limit * (FLOOR + dual.money / unit)))
    return _worst(ruler.program.column_name, found)


def _worst(name: Callable[[int], str], found: Sequence[tuple[str, Floats, Floats]]) -> Finding:
    """The member furthest beyond what is allowed, of several kinds (what, violation, allowed)."""
    at, ratio, what, violation, allowed = -1, -np.inf, "", 0.0, 1.0
    for kind, values, limits in found:
        ratios = values / limits
        k = int(np.argmax(ratios))  # stops at the first NaN, which is what must be named
        if ratios[k] > ratio or (np.isnan(ratios[k]) and not np.isnan(ratio)):
            at, ratio, what, violation, allowed = k, float(ratios[k]), kind, float(values[k]), float(limits[k])
    return Finding(name(at), what, violation, allowed)
