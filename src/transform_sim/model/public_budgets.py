"""Public budgets for contracts and grants."""

from __future__ import annotations

from transform_sim.inputs import Inputs
from transform_sim.lp import Entities, LinearProgram, Term, join
from transform_sim.names import CONTRACTED_OUTPUT, GRANTED, HOURS_PER_YEAR, PUBLIC_BUDGET, YEAR

from .carbon_contracts import PAYMENT
from .support import CAPITAL


def public_budgets(lp: LinearProgram, data: Inputs) -> None:
    r"""Payments of a year stay within the budget; grants count as money, spread over the years of their period.

    $$ \sum_c \Delta E (K - p^{eff}_t) y_{c,t} + \sum_g \sigma_g\,capex_t\,\gamma_{g,t} / n_t \le B_t $$

    The prices are data, so the row is linear; with a budget they are coefficients of the program, not only of its
    objective.
    """
    budgets = data.budgets
    table, limit = budgets.limit
    drawn = join(budgets.contracts, data.contracts.output)
    output = data.contracts.output.take(drawn.right)
    over = Entities({"budget": budgets.contracts["budget"][drawn.left], **output.codes})
    lp.add_rows(
        PUBLIC_BUDGET, table, YEAR,
        terms=[
            Term(data.contracts.payment[drawn.right][:, :, None], CONTRACTED_OUTPUT, over=over,
                 reads=("policies.carbon_price", *PAYMENT)),
            *(_granted(data, kind) for kind in data.grants.built),
        ],
        upper=limit[:, :, None], reads=("policies.budgets.*.limit",),
    )  # fmt: skip


def _granted(data: Inputs, kind: str) -> Term:
    """Grants of one kind in money per hour of the period."""
    s, years = data.grants.built[kind], data.frame.lengths
    drawn = join(data.budgets.grants, s.table)
    money = (data.grants.share[kind] * s.investments.capital.overnight)[drawn.right] / (years * HOURS_PER_YEAR)
    over = Entities({"budget": data.budgets.grants["budget"][drawn.left], **s.table.take(drawn.right).codes})
    return Term(money[:, :, None], GRANTED[kind], over=over, reads=(*CAPITAL, "policies.grants.*.share"))
