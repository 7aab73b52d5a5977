"""Emissions, where they arise, and their price."""

from __future__ import annotations

from transform_sim.inputs import Inputs
from transform_sim.lp import Entities, LinearProgram, Term
from transform_sim.names import (
    ACTIVITY,
    CARBON_DISPOSAL,
    CARBON_INPUT,
    DISPOSAL,
    EMISSION_BALANCE,
    NET_EMISSION,
    PURCHASE,
    YEAR,
)

from .carbon import CONTENT, ORIGIN

MAIN = ("processes.*.emission", "commodities.*.scope", "commodities.*.origin")
"""What decides which emission takes derived carbon."""


def emissions(lp: LinearProgram, data: Inputs) -> None:
    r"""What processes, purchases and disposal release is the net emission, which pays the carbon price.

    Carbon from pools counts by its origin (see carbon).

    $$ \sum f_{q,m,e,y} a + \sum \epsilon b + \sum \kappa d + \sum_o (\mu_o z_o + \nu_o d_o) = E_{e,n,y} $$
    """
    e, flows = data.emissions, data.activities.emissions
    if not len(e.table):
        return
    bought, per_unit = data.supply.emissions
    released, carbon = data.disposals.emission
    (feeds, by_origin), (ways_out, let_go) = data.origins.released, data.origins.let_go
    lp.add_columns(NET_EMISSION, e.table, YEAR, lower=-float("inf"), unit="t/h")
    lp.add_rows(
        EMISSION_BALANCE, e.rows, YEAR,
        terms=[
            Term(flows.values[:, :, None], ACTIVITY, over=flows.table,
                 reads=(*CONTENT, *ORIGIN, *MAIN)),
            Term(per_unit[:, :, None], PURCHASE, over=bought, reads=("supply.*.emissions",)),
            Term(carbon[:, :, None], DISPOSAL, over=released, reads=("commodities.*.carbon_content", *ORIGIN, *MAIN)),
            Term(by_origin[:, :, None], CARBON_INPUT, over=feeds, reads=(*CONTENT, *ORIGIN, *MAIN)),
            Term(let_go[:, :, None], CARBON_DISPOSAL, over=ways_out, reads=(*ORIGIN, *MAIN)),
            Term(-1, NET_EMISSION, over=Entities({**e.table.codes, **e.rows.codes})),
        ],
        equals=0,
    )  # fmt: skip
    price = data.emissions.price[None, :, None] * data.emissions.potential[:, None, None]
    lp.add_cost(
        "carbon_price", NET_EMISSION, price, over=e.counted, receiver="state", kind="transfer", counts=e.priced,
        reads=("policies.carbon_price", *(f"commodities.*.{f}" for f in ("warming_potential", "scope", "origin"))),
    )  # fmt: skip
