"""Supported investment: what contracts and grants are given to stays within what is built or converted."""

from __future__ import annotations

from collections.abc import Mapping

from transform_sim.inputs import Supported
from transform_sim.inputs.investments import VARIABLE
from transform_sim.lp import LinearProgram
from transform_sim.names import STOCK

CAPITAL = (
    *(f"{section}.*.{field}" for section in ("processes", "storages", "links")
      for field in ("capex", "first_of_a_kind", "lifetime", "economic_lifetime", "wacc")),
    "storages.*.capex_power", "storages.*.discharge_rate", "links.*.length", "processes.*.reinvest",
    "processes.*.retrofits", "horizon.discount_rate",
)  # fmt: skip


def support_columns(
    lp: LinearProgram, built: Mapping[str, Supported], variable: Mapping[str, str], reads: tuple[str, ...]
) -> None:
    """Columns of supported investment by kind: all contracts (or all grants) together take no more than is invested."""
    for kind, s in built.items():
        lp.add_columns(variable[kind], s.table, STOCK, upper=s.upper[:, :, None], unit="unit/h", reads=reads)
        if len(s.table):
            own = [d for d in s.table.dims if d not in ("contract", "grant")]
            lp.add_rows(f"{variable[kind]}_limit", s.table.only(*own), STOCK,
                        terms=[(1, variable[kind]), (-1, VARIABLE[kind])], upper=0)  # fmt: skip


def cheaper_capital(
    lp: LinearProgram, name: str, built: Mapping[str, Supported], variable: Mapping[str, str], reads: tuple[str, ...]
) -> None:
    """What support takes off the yearly cost of capital above the discount rate.

    A contract lowers the cost of capital of what grants may leave: both together would pay for the same twice.
    """
    for kind, s in built.items():
        if len(s.table):
            lp.add_cost(
                name, variable[kind], -s.financing[:, :, None], over=s.table, payer="investors", receiver="industry",
                kind="transfer", paid=s.investments.capital.paid, reads=(*CAPITAL, *reads),
            )  # fmt: skip
