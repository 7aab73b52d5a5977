"""Limits shared by several plants and trades."""

from __future__ import annotations

from transform_sim.inputs import Inputs
from transform_sim.lp import LinearProgram, Term
from transform_sim.names import ACTIVITY, CAPACITY, PURCHASE, RESOURCE_LIMIT, STOCK


def resources(lp: LinearProgram, data: Inputs) -> None:
    r"""Use by capacity, by activity and by purchases stays within what is available, in all or by region.

    $$ \sum \rho_q K_{q,r,y} + \sum \rho_p \sum_h W_h a_{p,r,y,h} + \sum \rho_b \sum_h W_h b_{y,h} \le limit_y $$
    """
    r = data.resources
    over, use = r.purchase
    bought = {RESOURCE_LIMIT: (over.without("region"), use), f"regional_{RESOURCE_LIMIT}": r.purchase}
    for name, (table, limit) in ((RESOURCE_LIMIT, r.total), (f"regional_{RESOURCE_LIMIT}", r.regional)):
        terms = [
            Term(use[:, None, None], variable, over=over, reads=(f"resources.*.{field}",))
            for (over, use), variable, field in (
                (r.capacity, CAPACITY, "capacity"),
                (r.activity, ACTIVITY, "activity"),
                (bought[name], PURCHASE, "purchases"),
            )
        ]
        lp.add_rows(name, table, STOCK, terms=terms, upper=limit[:, :, None], reads=("resources.*.limit",))
