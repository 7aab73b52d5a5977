"""Least shares from green routes."""

from __future__ import annotations

import numpy as np

from transform_sim.inputs import Inputs
from transform_sim.lp import LinearProgram, Term
from transform_sim.names import ACTIVITY, PURCHASE, QUOTA, YEAR

from .paths import FLOWS

SHARE = ("policies.quotas.*.share",)


def quotas(lp: LinearProgram, data: Inputs) -> None:
    r"""Of all that is made and bought of a commodity, at all nodes over the year, a share is green.

    Making is gross, $f^+ = \max(0, f)$: a mode that uses the commodity takes nothing off.

    $$ \sum_{green} f^+ a + \sum_{green} b \ge \theta_y \Big( \sum f^+ a + \sum b \Big) $$
    """
    q = data.quotas
    over, output = q.made
    made, bought = (
        green[:, None] - q.share[table["quota"]] for green, table in ((q.green_made, over), (q.green_bought, q.bought))
    )
    lp.add_rows(
        QUOTA, q.table, YEAR,
        terms=[
            Term((made * output)[:, :, None], ACTIVITY, over=over, reads=(*SHARE, *FLOWS)),
            Term(bought[:, :, None], PURCHASE, over=q.bought, reads=SHARE),
        ],
        lower=np.where(q.in_force, 0.0, -np.inf)[:, :, None], reads=SHARE,
    )  # fmt: skip
