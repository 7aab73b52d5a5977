"""Output that is paid for: limits that keep a payment per unit from becoming a money pump."""

from __future__ import annotations

from transform_sim.inputs import OutputPayments
from transform_sim.lp import LinearProgram, Term
from transform_sim.names import ACTIVITY, DISPOSAL, FORGONE_DEMAND, SALE, SHED, UNSERVED, YEAR

from .paths import FLOWS


def output_payment(lp: LinearProgram, p: OutputPayments, column: str, section: str, reads: tuple[str, ...]) -> None:
    """Columns of output that is paid for, within what is made and what is used for good, and the payment.

    Args:
        column: name of the variable; rows and cost component are named after `section`, as in the scenario.
        reads: scenario paths that the unit payment comes from.
    """
    if not len(p.table):
        return
    level, by = p.level[:, :, None], p.by_output[:, None, None]
    lp.add_columns(column, p.table, YEAR, lower=level * ~by, upper=level, unit="unit/h",
                   reads=(f"policies.{section}.*.activity_level",))  # fmt: skip
    paid = p.table.take(p.by_output)
    (made, output), (used, use) = p.made, p.used
    lp.add_rows(
        f"{section}_output", paid, YEAR,
        terms=[(1, column), Term(-output[:, :, None], ACTIVITY, over=made, reads=FLOWS),
               Term(1, DISPOSAL, over=p.thrown)],
        upper=0,
    )  # fmt: skip
    lp.add_rows(
        f"{section}_use", paid, YEAR,
        terms=[
            (1, column),
            Term(-use[:, :, None], ACTIVITY, over=used, reads=FLOWS),
            Term(-1, SALE, over=p.sold),
            Term(1, UNSERVED, over=p.demanded),
            Term(1, FORGONE_DEMAND, over=p.demanded),
            Term(1, SHED, over=p.shed),
        ],
        upper=p.demand[p.by_output][:, :, None],
        reads=("demand.*.amount", "demand.*.elastic*"),
    )  # fmt: skip
    lp.add_cost(section, column, -p.unit[:, :, None], over=p.table, payer="state", receiver="industry",
                kind="transfer", reads=("policies.carbon_price", *reads))  # fmt: skip
