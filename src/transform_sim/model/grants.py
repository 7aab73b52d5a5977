"""Investment grants."""

from __future__ import annotations

from transform_sim.inputs import Inputs
from transform_sim.lp import LinearProgram
from transform_sim.names import GRANT, GRANTED

from .support import CAPITAL, cheaper_capital, support_columns


def grants(lp: LinearProgram, data: Inputs) -> None:
    r"""The state pays a share of what is invested, so that less is financed; one grant at most for the same plant.

    $$ \sum_g \gamma_{g,v} \le N_v, \qquad -\,\sigma_{g,v}\,capex_v\,CRF\,\gamma_{g,v} $$

    It counts as the yearly payments that it saves; the budget it draws on counts the money itself.
    """
    reads = ("policies.grants.*.share",)
    support_columns(lp, data.grants.built, GRANTED, reads)
    for kind, s in data.grants.built.items():
        if len(s.table):
            annuity = data.grants.share[kind] * s.investments.capital.annuity
            lp.add_cost(
                GRANT, GRANTED[kind], -annuity[:, :, None], over=s.table, payer="state", receiver="industry",
                kind="transfer", paid=s.investments.capital.paid, reads=(*CAPITAL, *reads),
            )  # fmt: skip
    cheaper_capital(lp, "grant_financing", data.grants.built, GRANTED, reads)
