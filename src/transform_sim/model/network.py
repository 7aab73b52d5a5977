"""Charges of the network on what is bought, per unit and per annual peak."""

from __future__ import annotations

import numpy as np

from transform_sim.inputs import Inputs, NetworkCharges
from transform_sim.lp import LinearProgram, Term, join
from transform_sim.names import (
    CHARGED_PEAK,
    CHARGED_PURCHASE,
    CHARGED_PURCHASE_SUM,
    GRIDS,
    HOURS_PER_YEAR,
    LEAST_PEAK,
    PEAK_LIMIT,
    PEAK_PURCHASE,
    PURCHASE,
    STOCK,
    USE_HOURS,
    WINDOW_PEAK,
    YEAR,
)

YEARS = ("network_charges.*.available_from", "network_charges.*.available_until")
PAID_SHARE = ("network_charges.*.share", "network_charges.*.hours", *YEARS)


def network(lp: LinearProgram, data: Inputs) -> None:
    r"""A charge for all that is bought at a node, q, and for its annual peak P, of which H may be charged instead.

    $$ q_{y} = \sum_h \tfrac{W_h}{8760} \sum b_{y,h}, \qquad P_{y} \ge \sum b_{y,h} $$

    Atypical use, with high-load window $\mathcal{W}$ and least share $\sigma$; baseload, with hours of use B:

    $$ H_{y} \ge \sum b_{y,h} \; (h \in \mathcal{W}), \quad H_{y} \ge \sigma P_{y}; \qquad
    q_{y} \ge \tfrac{B}{8760} P_{y} $$

    The charge is a transfer: it recovers what the network costs anyway, so buying less or more evenly saves the buyer
    money that others then pay. Networks that a study may widen are links, whose cost counts in either view. The social
    view therefore leaves the charge out of the objective, and with it the hours of use, which nobody would keep
    without a discount.
    """
    charges = data.network_charges
    if not len(charges.table):
        return
    lp.add_columns(PEAK_PURCHASE, charges.table, STOCK, unit="unit/h")
    lp.add_columns(CHARGED_PURCHASE, charges.table, YEAR, unit="unit/h")
    atypical = charges.table.take(charges.atypical)
    lp.add_columns(CHARGED_PEAK, atypical, STOCK, unit="unit/h")
    bought = Term(1, PURCHASE, over=charges.counted)
    lp.add_rows(CHARGED_PURCHASE_SUM, charges.table, YEAR, terms=[bought, (-1, CHARGED_PURCHASE)], equals=0)
    for grid in GRIDS:
        lp.add_rows(PEAK_LIMIT, charges.tables[grid], grid, terms=[bought, (-1, PEAK_PURCHASE)], upper=0)
        _in_window(lp, charges, grid)
    lp.add_rows(
        LEAST_PEAK, atypical, STOCK,
        terms=[
            Term(charges.least_share[charges.atypical][:, None, None], PEAK_PURCHASE, over=atypical,
                 reads=("network_charges.*.least_share",)),
            (-1, CHARGED_PEAK),
        ],
        upper=0,
    )  # fmt: skip
    _hours_of_use(lp, data)
    _pay(lp, data)


def _in_window(lp: LinearProgram, charges: NetworkCharges, grid: str) -> None:
    """Rows of steps outside the window are empty."""
    table, steps = charges.windows[grid]
    own = join(charges.counted, table)
    inside, reads = steps[:, None, :].astype(float), ("profiles.*",)
    lp.add_rows(
        WINDOW_PEAK, table, grid,
        terms=[
            Term(inside[own.right], PURCHASE, over=charges.counted.take(own.left), reads=reads),
            Term(-inside, CHARGED_PEAK, over=table, reads=reads),
        ],
        upper=0,
    )  # fmt: skip


def _hours_of_use(lp: LinearProgram, data: Inputs) -> None:
    charges = data.network_charges
    if data.scenario.view == "social":
        return
    table = charges.table.take(charges.baseload)
    kept = charges.hours[charges.baseload][:, None, None] / HOURS_PER_YEAR
    lp.add_rows(
        USE_HOURS, table, YEAR,
        terms=[Term(kept, PEAK_PURCHASE, over=table, reads=("network_charges.*.hours",)), (-1, CHARGED_PURCHASE)],
        upper=np.where(charges.active[charges.baseload], 0.0, np.inf)[:, :, None], reads=YEARS,
    )  # fmt: skip


def _pay(lp: LinearProgram, data: Inputs) -> None:
    """What is paid for amounts and for peaks; of atypical use the charged peak, else the peak of all hours."""
    charges, private = data.network_charges, data.scenario.view == "private"
    every = np.ones(len(charges.table), dtype=bool)
    for name, variable, own, price, field in (
        ("network_charge_energy", CHARGED_PURCHASE, every, charges.energy, "energy"),
        ("network_charge_capacity", PEAK_PURCHASE, ~charges.atypical, charges.capacity, "capacity"),
        ("network_charge_capacity", CHARGED_PEAK, charges.atypical, charges.capacity, "capacity"),
    ):
        lp.add_cost(
            name, variable, price[own][:, :, None], over=charges.table.take(own), receiver="network operator",
            kind="transfer", counts=private, reads=(f"network_charges.*.{field}", *PAID_SHARE),
        )  # fmt: skip
