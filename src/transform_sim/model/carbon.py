"""Carbon by origin where origins meet: who takes fossil carbon, and who that of plants or the air."""

from __future__ import annotations

from transform_sim.inputs import Inputs
from transform_sim.lp import LinearProgram, Term
from transform_sim.names import (
    ACTIVITY,
    CARBON_BALANCE,
    CARBON_DISPOSAL,
    CARBON_DRAWN,
    CARBON_INPUT,
    CARBON_LEFT,
    CARBON_OF_DISPOSAL,
    CARBON_OF_FLOW,
    CARBON_SENT,
    DISPOSAL,
    LINK_FLOW,
    PURCHASE,
    YEAR,
)

from .paths import FLOWS

CONTENT = (
    *FLOWS, "processes.*.auxiliary_carbon",
    "processes.*.modes.*.auxiliary_carbon", "commodities.*.carbon_content",
)  # fmt: skip
"""What decides how much carbon goes where."""
ORIGIN = (
    "commodities.*.origin", "commodities.*.biogenic_share", "commodities.*.carbon_dioxide", "supply.*.origin",
    "supply.*.biogenic_share", "processes.*.auxiliary_origin", "processes.*.permanent", "policies.credit_removals",
    "policies.charge_co2_use", "commodities.*.disposal.permanent",
)  # fmt: skip
"""What decides where carbon comes from and how it counts."""


def carbon(lp: LinearProgram, data: Inputs) -> None:
    r"""In each pool and for each origin, what enters over the year leaves it; a process spreads what it draws evenly.

    $$ \sum_{q,m} \omega_c \Big( \sum_{c'} z_{q,m,c',o} + \sum k_o a \Big) + \sum \kappa \beta_o b
    + \sum_l (1-\lambda) t_{l,o} = \sum_{q,m} z_{q,m,c,o} + \sum_l t_{l,o} + d_{c,n,o} + x_{c,n,o} $$
    $$ \sum_o z_{q,m,c,o} = \kappa_c f a, \qquad \sum_o t_{l,o} = \kappa_c f_l, \qquad \sum_o d_{c,n,o} = \kappa_c d $$
    """
    o = data.origins
    if not len(o.pools):
        return
    for name, table in (
        (CARBON_INPUT, o.feeds),
        (CARBON_SENT, o.sent),
        (CARBON_LEFT, o.left),
        (CARBON_DISPOSAL, o.disposed),
    ):
        lp.add_columns(name, table, YEAR, unit="t/h")
    (passed, share), (made, known), (bought, brought) = o.passed, o.made, o.bought
    ends, arrives = o.ends
    lp.add_rows(
        CARBON_BALANCE, o.pools, YEAR,
        terms=[
            Term(share[:, :, None], CARBON_INPUT, over=passed, reads=(*CONTENT, *ORIGIN)),
            Term(known[:, :, None], ACTIVITY, over=made, reads=(*CONTENT, *ORIGIN)),
            Term(brought[:, :, None], PURCHASE, over=bought, reads=("commodities.*.carbon_content", *ORIGIN)),
            Term(arrives[:, :, None], CARBON_SENT, over=ends, reads=("links.*.loss",)),
            Term(-1, CARBON_INPUT, over=o.draws),
            (-1, CARBON_LEFT),
            (-1, CARBON_DISPOSAL),
        ],
        equals=0,
    )  # fmt: skip
    for rows, parts, (whole, content), of, reads in (
        (CARBON_DRAWN, CARBON_INPUT, o.drawn, ACTIVITY, CONTENT),
        (CARBON_OF_FLOW, CARBON_SENT, o.sent_of, LINK_FLOW, ("commodities.*.carbon_content",)),
        (CARBON_OF_DISPOSAL, CARBON_DISPOSAL, o.disposed_of, DISPOSAL, ("commodities.*.carbon_content",)),
    ):
        lp.add_rows(
            rows, whole, YEAR, terms=[(1, parts), Term(-content[:, :, None], of, over=whole, reads=reads)], equals=0
        )
