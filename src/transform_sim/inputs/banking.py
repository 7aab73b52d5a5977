"""Banks of allowances under the emission cap."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from transform_sim.lp import Entities

from .frame import Frame

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Bank:
    """One bank for each row of the cap.

    Attributes:
        table: entities (node), or the single table of a cap on all.
        open: whether there is a cap, and so a bank, shape (n, Y).
        start: t in the bank before its first period, in that period; 0 in all others, shape (n, Y).
        lengths: years of each period, shape (Y,).
    """

    table: Entities
    open: NDArray[np.bool_]
    start: Floats
    lengths: Floats


def make_bank(frame: Frame, cap: tuple[Entities, Floats]) -> Bank | None:
    """Lay out the banks of a cap; None without banking."""
    banking = frame.scenario.policies.banking
    table, limit = cap
    open_ = np.isfinite(limit)
    if banking is None or not banking.active or not open_.any():
        return None
    first = open_ & (np.cumsum(open_, axis=1) == 1)
    return Bank(table, open_, np.where(first, banking.start.scalar, 0.0), frame.lengths)
