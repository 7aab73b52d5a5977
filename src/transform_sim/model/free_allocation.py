"""Free allocation of allowances."""

from __future__ import annotations

from transform_sim.inputs import Inputs
from transform_sim.lp import LinearProgram
from transform_sim.names import ALLOCATED_OUTPUT, FREE_ALLOCATION

from .output_payment import output_payment


def free_allocation(lp: LinearProgram, data: Inputs) -> None:
    r"""Allowances by product benchmark are an output subsidy, whatever route makes the product.

    Output counts up to the activity level, as far as it is made here and not thrown away, and as far as it is sold,
    meets final demand (less what is not served, forgone or shed) or goes to makers who earn no allocation of their
    own: paid in a circle or twice it would be a money pump.

    $$ q_{k,y} \le \min\Big(HAL_{k,y},\ \sum f^+ a - \sum d,\
    D - u - e - \sum s^- + \sum s + \sum_{p \notin B} f^- a\Big), \qquad
    -\,p^{CO_2}_y\, BM_{k,y}\, \phi_{k,y}\, q_{k,y} $$

    A lump sum is paid for the activity level whatever is made, so it changes no decision.
    """
    fields = ("benchmark", "factor")
    reads = tuple(f"policies.free_allocation.*.{field}" for field in fields)
    output_payment(lp, data.free_allocation, ALLOCATED_OUTPUT, FREE_ALLOCATION, reads)
