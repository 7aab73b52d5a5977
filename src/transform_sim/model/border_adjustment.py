"""Border adjustment for the carbon in imports."""

from __future__ import annotations

from transform_sim.inputs import Inputs
from transform_sim.lp import LinearProgram
from transform_sim.names import BORDER_ADJUSTMENT, PURCHASE


def border_adjustment(lp: LinearProgram, data: Inputs) -> None:
    r"""Imports pay for their embodied emission what makers at home pay for theirs, after free allocation.

    $$ \max(0,\ e_{i,y} - BM_{k,y} \phi_{k,y}) \cdot \max(0,\ p^{CO_2}_y - p^{abroad}_y) \cdot b_{i,y} $$

    All of it is data, so that no payment depends on a shadow price.
    """
    table, unit = data.border
    fields = ("embodied", "foreign_price")
    lp.add_cost(
        BORDER_ADJUSTMENT, PURCHASE, unit[:, :, None], over=table, receiver="state", kind="transfer",
        reads=("policies.carbon_price", *(f"policies.border_adjustment.*.{f}" for f in fields),
               "policies.free_allocation.*.benchmark", "policies.free_allocation.*.factor"),
    )  # fmt: skip
