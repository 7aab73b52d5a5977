"""Purchases, sales and disposal."""

from __future__ import annotations

from transform_sim.inputs import Inputs
from transform_sim.inputs.trades import Trades
from transform_sim.lp import LinearProgram, Term
from transform_sim.names import (
    DISPOSAL,
    DISPOSAL_LIMIT,
    GRIDS,
    POWER_LIMIT,
    PURCHASE,
    SALE,
    VOLUME_LIMIT,
    YEAR,
)

PRICE_FIELDS = ("price", "price_profile", "price_floor", "steps")


def trade(lp: LinearProgram, data: Inputs) -> None:
    r"""Purchases and sales along their curves, within power per hour and volume per year; surplus leaves at a cost.

    $$ b_{i,n,y,h} \le \bar b_{i,y}, \qquad \sum_{n} \sum_h \tfrac{W_h}{8760} b_{i,n,y,h} \le \tfrac{V_y}{8760} $$
    """
    _trade(lp, data.supply, PURCHASE, "supply", 1.0)
    _trade(lp, data.sales, SALE, "sale", -1.0)
    table, levy = data.supply.levy
    lp.add_cost("levy", PURCHASE, levy[:, :, None], over=table, receiver="state", kind="transfer",
                counts=data.scenario.view == "private", reads=("supply.*.levy",))  # fmt: skip
    _disposal(lp, data)


def _trade(lp: LinearProgram, trades: Trades, variable: str, kind: str, sign: float) -> None:
    own, spread = ("supply", ()) if kind == "supply" else ("sales", ("sales.*.spread",))
    # a sale may follow the price of a supply
    prices = tuple(f"{section}.*.{f}" for section in dict.fromkeys((own, "supply")) for f in PRICE_FIELDS)
    limits = tuple(f"{own}.*.{f}" for f in ("power_max", "volume_max", "available_from", "steps"))
    for grid in GRIDS:
        table = trades.tables[grid]
        lp.add_columns(variable, table, grid, upper=trades.upper[grid], unit="unit/h", reads=limits)
    for columns in lp.columns(variable):
        grid = columns.grid.name
        lp.add_cost(
            f"{kind}_price", variable, sign * trades.price[grid], over=columns.entities,
            payer="industry" if kind == "supply" else "buyers",
            receiver="suppliers" if kind == "supply" else "industry",
            reads=(*prices, *spread, "profiles.*"),
        )  # fmt: skip
        power, most = trades.power
        here = power.within(columns.entities)
        lp.add_rows(f"{kind}_{POWER_LIMIT}", power.take(here), grid, terms=[(1, variable)],
                    upper=most[here][:, :, None], reads=limits)  # fmt: skip
    total, volume = trades.volume
    lp.add_rows(f"{kind}_{VOLUME_LIMIT}", total, YEAR, terms=[(1, variable)], upper=volume[:, :, None], reads=limits)
    steps, volume = trades.step_volume
    lp.add_rows(f"{kind}_step_{VOLUME_LIMIT}", steps, YEAR, terms=[(1, variable)], upper=volume[:, :, None],
                reads=limits)  # fmt: skip


def _disposal(lp: LinearProgram, data: Inputs) -> None:
    out = data.disposals
    for grid in GRIDS:
        lp.add_columns(DISPOSAL, out.tables[grid], grid, upper=out.upper[grid], unit="unit/h",
                       reads=("commodities.*.disposal.available_from",))  # fmt: skip
        if len(out.tables[grid]):
            lp.add_cost("disposal", DISPOSAL, out.cost[grid], over=out.tables[grid],
                        reads=("commodities.*.disposal.cost",))  # fmt: skip
    table, volume = out.limit
    lp.add_rows(DISPOSAL_LIMIT, table, YEAR, terms=[Term(1, DISPOSAL)], upper=volume[:, :, None],
                reads=("commodities.*.disposal.volume_max",))  # fmt: skip
