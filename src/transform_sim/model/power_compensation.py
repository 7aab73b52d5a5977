"""Compensation for the carbon cost in the price of electricity."""

from __future__ import annotations

from transform_sim.inputs import Inputs
from transform_sim.lp import LinearProgram
from transform_sim.names import COMPENSATED_OUTPUT, POWER_COMPENSATION

from .output_payment import output_payment


def power_compensation(lp: LinearProgram, data: Inputs) -> None:
    r"""Paid per unit of product, so that electricity keeps its price in every hour; limits as for free allocation.

    $$ -\,\alpha_y\, EF_y\, p^{CO_2}_{y-1}\, EB_{k,y}\, q_{k,y} $$
    """
    fields = ("aid", "emission_factor", "electricity")
    reads = tuple(f"policies.power_compensation.*.{field}" for field in fields)
    output_payment(lp, data.power_compensation, COMPENSATED_OUTPUT, POWER_COMPENSATION, reads)
