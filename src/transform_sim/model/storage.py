"""Stores."""

from __future__ import annotations

from transform_sim.inputs import Inputs
from transform_sim.lp import LinearProgram, Term
from transform_sim.names import (
    CAPACITY,
    CHARGE,
    CHARGE_LIMIT,
    DISCHARGE,
    DISCHARGE_LIMIT,
    GRIDS,
    LEVEL,
    LEVEL_LIMIT,
    RUN,
    SEASONAL_LEVEL,
    STORAGE_LEVEL,
)


def storage(lp: LinearProgram, data: Inputs) -> None:
    r"""Levels follow from charging and loss, return after each day or year, and stay within capacity.

    $$ L_h = (1-\ell)^{\Delta_h} L_{h^-} + \Delta_h (\eta^+ s^+_h - s^-_h / \eta^-), \qquad L \le K $$

    Over runs of n equal days with A = (1−ℓ)²⁴ the factors are Aⁿ and 24 (1−Aⁿ)/(1−A).
    Holding a level costs $W_h c L_h$; at the end of run k, whose neighbour has n' days, $12 (n + n') c L_k$.
    """
    stores = data.stores
    for grid in GRIDS:
        lp.add_columns(CHARGE, stores.rates[grid], grid, unit="unit/h")
        lp.add_columns(DISCHARGE, stores.rates[grid], grid, unit="unit/h")
    for grid in (*GRIDS, RUN):
        lp.add_columns(LEVEL, stores.levels[grid], grid, unit="unit")
        lp.add_rows(LEVEL_LIMIT, stores.levels[grid], grid, terms=[(1, LEVEL), (-1, CAPACITY)], upper=0)
    _levels(lp, data)
    _rates(lp, data)
    table, cost = stores.variable_opex
    lp.add_cost("variable_opex", CHARGE, cost[:, :, None], over=table, reads=("storages.*.variable_opex",))
    for table, cost in stores.holding_cost.values():
        lp.add_cost("holding_cost", LEVEL, cost, over=table, reads=("storages.*.holding_cost",))


def _levels(lp: LinearProgram, data: Inputs) -> None:
    reads = ("storages.*.loss", "storages.*.charge_efficiency", "storages.*.discharge_efficiency", "storages.*.cycle")
    for rule in data.stores.rules:
        lp.add_rows(
            STORAGE_LEVEL if rule.cycle == "day" else SEASONAL_LEVEL.format(rule.grid), rule.table, rule.level_grid,
            terms=[
                (1, LEVEL),
                Term(-rule.keep, LEVEL, over=rule.table, step=rule.previous, reads=reads),
                Term(-rule.gain * rule.charge, CHARGE, over=rule.table, step=rule.source, reads=reads),
                Term(rule.gain / rule.discharge, DISCHARGE, over=rule.table, step=rule.source, reads=reads),
            ],
            equals=0,
        )  # fmt: skip


def _rates(lp: LinearProgram, data: Inputs) -> None:
    for name, variable, (limited, rate), field in (
        (CHARGE_LIMIT, CHARGE, data.stores.charge_rate, "charge_rate"),
        (DISCHARGE_LIMIT, DISCHARGE, data.stores.discharge_rate, "discharge_rate"),
    ):
        for columns in lp.columns(variable):
            here = limited.within(columns.entities)
            lp.add_rows(
                name, limited.take(here), columns.grid.name,
                terms=[
                    (1, variable),
                    Term(-rate[here][:, None, None], CAPACITY, over=limited.take(here), reads=(f"storages.*.{field}",)),
                ],
                upper=0,
            )  # fmt: skip
