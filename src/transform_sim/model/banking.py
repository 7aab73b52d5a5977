"""Banking of allowances under the emission cap."""

from __future__ import annotations

import numpy as np

from transform_sim.inputs import Inputs
from transform_sim.lp import LinearProgram, Term, period_previous
from transform_sim.names import BANK, BANK_BALANCE, HOURS_PER_YEAR, NET_EMISSION, STOCK, YEAR

from .emission_cap import COUNTED


def banking(lp: LinearProgram, data: Inputs) -> None:
    r"""What a cap leaves goes into a bank, from which later periods take; none is borrowed. In place of the annual cap:

    $$ \frac{B_y - B_{y^-}}{8760\,n_y} + \sum_{e,n} gwp_e E_{e,n,y} = cap_y / 8760, \qquad B_y \ge 0 $$

    with $B_{y^-}$ = `start` in the first period with a cap. As an equality the bank is all that is left; to let
    allowances lapse is never worth more than to keep them.
    """
    e, bank = data.emissions, data.emissions.bank
    if bank is None or not len(e.table):
        return
    share = 1 / (HOURS_PER_YEAR * bank.lengths[None, :, None])
    limit = e.cap[1][:, :, None] + bank.start[:, :, None] * share
    upper = np.where(bank.open, np.inf, 0.0)[:, :, None]
    lp.add_columns(BANK, bank.table, STOCK, upper=upper, unit="t", reads=("policies.emission_cap",))
    lp.add_rows(
        BANK_BALANCE, bank.table, YEAR,
        terms=[
            Term(e.potential[:, None, None], NET_EMISSION, over=e.counted, reads=COUNTED),
            Term(share, BANK),
            Term(-share[:, 1:], BANK, period=period_previous(len(lp.periods))),
        ],
        lower=np.where(np.isfinite(limit), limit, -np.inf), upper=limit,
        reads=("policies.emission_cap", "policies.banking.start"),
    )  # fmt: skip
