"""The formulation: one file per family, each a function of the program and the inputs.

A constraint of your own has the same signature and is passed as `constraints=[f]`:

    def few_blast_furnaces(lp, data):
        bf = data.assets.table.take(data.assets.table["asset"] == data.assets.code("bf_bof"))
        lp.add_rows("few_blast_furnaces", SINGLE, "stock", [Term(1, "capacity", over=bf)], upper=1200)
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from transform_sim.inputs import Inputs
from transform_sim.lp import LinearProgram

from .activity import activity
from .balance import balance
from .banking import banking
from .border_adjustment import border_adjustment
from .capacity import capacity
from .capacity_margins import capacity_margins
from .carbon import carbon
from .carbon_contracts import carbon_contracts
from .cohorts import cohorts
from .demand import demand
from .emission_cap import emission_cap
from .emissions import emissions
from .flexible_load import flexible_load
from .free_allocation import free_allocation
from .grants import grants
from .growth import growth
from .network import network
from .operation import operation
from .power_compensation import power_compensation
from .public_budgets import public_budgets
from .quotas import quotas
from .resources import resources
from .storage import storage
from .trade import trade
from .transport import transport

Constraint = Callable[[LinearProgram, Inputs], None]

# a family comes after those whose variables it uses
FAMILIES: tuple[Constraint, ...] = (
    capacity, cohorts, growth, activity, operation, storage, transport, trade, network, demand, flexible_load,
    carbon, emissions, emission_cap, banking, resources, quotas, capacity_margins, free_allocation, power_compensation,
    border_adjustment, carbon_contracts, grants, public_budgets, balance,
)  # fmt: skip


def build(data: Inputs, constraints: Sequence[Constraint] = ()) -> LinearProgram:
    """Declare the whole program of a study, the user's own constraints last."""
    lp = data.empty_program()
    for family in (*FAMILIES, *constraints):
        family(lp, data)
    return lp
