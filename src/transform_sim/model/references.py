"""Rows whose limit is a share of what flexible loads would use."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from transform_sim.inputs import Reference
from transform_sim.lp import Entities, LinearProgram, Term, join
from transform_sim.names import CAPACITY, HOUR

from .paths import DRAWN

Floats = NDArray[np.float64]
PROCESS = (*DRAWN, "profiles.*")
REFERENCE = (
    *PROCESS, "processes.*.availability", "processes.*.availability_profile",
    *(f"flexible_loads.*.{field}" for field in ("load", "profile", "share")),
)  # fmt: skip


def within(
    lp: LinearProgram, name: str, over: Entities, terms: list[Term], share: Floats, reference: Reference,
    reads: tuple[str, ...], grid: str = HOUR,
) -> None:  # fmt: skip
    """Rows: the terms are at most a share (n, Y, T) of the reference of each entity of `over`."""
    if not len(over):
        return
    given, plants = join(over, reference.table).right, join(over, reference.plants)
    codes = {**over.take(plants.left).codes, **reference.plants.take(plants.right).codes}
    per_capacity = share[plants.left] * reference.per_capacity[plants.right]
    lp.add_rows(
        name, over, grid,
        terms=[*terms, Term(-per_capacity, CAPACITY, over=Entities(codes), reads=(*REFERENCE, *reads))],
        upper=share * reference.given[given],
        reads=(*REFERENCE, *reads),
    )  # fmt: skip
