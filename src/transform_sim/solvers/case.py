"""One instance of a program: its own costs and bounds with some of them replaced."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from transform_sim.errors import ModelError
from transform_sim.lp import Program

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Bounds:
    """Bounds that replace those of a program; None leaves the program's own. A scalar holds for all."""

    lower: ArrayLike | None = None
    upper: ArrayLike | None = None
    row_lower: ArrayLike | None = None
    row_upper: ArrayLike | None = None


@dataclass(frozen=True, eq=False)
class Case:
    """What varies between solves of one program: costs, column bounds and row sides, as full arrays."""

    cost: Floats
    lower: Floats
    upper: Floats
    row_lower: Floats
    row_upper: Floats

    @classmethod
    def of(cls, program: Program, cost: ArrayLike | None = None, bounds: Bounds | None = None) -> Case:
        """The program's own arrays where nothing else is given; raises ModelError for wrong shapes or values."""
        bounds = bounds or Bounds()
        return cls(
            _array("cost", cost, program.cost),
            _array("lower", bounds.lower, program.lower, infinite=-np.inf),
            _array("upper", bounds.upper, program.upper, infinite=np.inf),
            _array("row_lower", bounds.row_lower, program.row_lower, infinite=-np.inf),
            _array("row_upper", bounds.row_upper, program.row_upper, infinite=np.inf),
        )


def _array(name: str, given: ArrayLike | None, own: Floats, infinite: float = 0.0) -> Floats:
    """`given` in the shape of `own`, finite but for the one infinity that means "no bound"."""
    values = own if given is None else np.asarray(given, dtype=float)
    if values.ndim == 0:
        values = np.full(own.shape, values)
    if values.shape != own.shape:
        raise ModelError(f"{name} has shape {values.shape}; the program needs {own.shape}")
    wrong = ~np.isfinite(values)
    if infinite:
        wrong &= values != infinite
    if wrong.any():
        where = int(np.argmax(wrong))
        raise ModelError(f"{name}[{where}] is {values[where]}; give a finite number" + _or(infinite))
    return values


def _or(infinite: float) -> str:
    return f" or {infinite} for none" if infinite else ""
