"""Stock of capacity, its limits and its cost."""

from __future__ import annotations

from transform_sim.inputs import Inputs
from transform_sim.lp import LinearProgram, Term, period_until
from transform_sim.names import CAPACITY, CAPACITY_MAX, CAPACITY_STOCK, NEW_CAPACITY, NEW_CAPACITY_MAX, STOCK

PLANTS = ("processes", "storages", "links")


def capacity(lp: LinearProgram, data: Inputs) -> None:
    r"""Capacity stays within what stands and what was built; the slack is mothballed and may return.

    $$ K_{q,r,y} \le \bar K_{q,r,y} + \sum_{v \le y} s_{q,v,y} N_{q,r,v} $$

    New capacity pays an annuity over its economic life whatever happens to it; capacity pays fixed opex.
    """
    a = data.assets
    lp.add_columns(NEW_CAPACITY, a.table, STOCK, upper=a.new_max[:, :, None], unit="unit/h",
                   reads=(*_paths("earliest", "latest"), "processes.*.techniques"))  # fmt: skip
    lp.add_columns(CAPACITY, a.table, STOCK, unit="unit/h")
    plain = a.table.take(~a.by_cohort)
    lp.add_rows(
        CAPACITY_STOCK, plain, STOCK,
        terms=[
            (1, CAPACITY),
            Term(-a.survival[~a.by_cohort][:, :, None], NEW_CAPACITY, over=plain,
                 period=period_until(len(lp.periods)), reads=_paths("lifetime")),
        ],
        upper=a.existing[~a.by_cohort][:, :, None],
        reads=_paths("existing", "lifetime"),
    )  # fmt: skip
    for name, variable, (places, limit), field in (
        (CAPACITY_MAX, CAPACITY, a.capacity_max, "capacity_max"),
        (NEW_CAPACITY_MAX, NEW_CAPACITY, a.new_capacity_max, "new_capacity_max"),
    ):
        lp.add_rows(name, places, STOCK, terms=[Term(1, variable, over=a.of_plant)], upper=limit[:, :, None],
                    reads=_paths(field))  # fmt: skip
    _costs(lp, data)


def _costs(lp: LinearProgram, data: Inputs) -> None:
    a, private = data.assets, data.scenario.view == "private"
    mature = (*_paths("capex"), "storages.*.capex_power", "storages.*.discharge_rate", "links.*.length")
    reads = (*mature, *_paths("first_of_a_kind", "lifetime", "economic_lifetime"), "horizon.discount_rate")
    lp.add_cost("investment", NEW_CAPACITY, a.capital.annuity[:, :, None], paid=a.capital.paid, reads=reads)
    lp.add_cost(
        "financing", NEW_CAPACITY, a.capital.financing[:, :, None], receiver="investors", kind="transfer",
        paid=a.capital.paid, counts=private, reads=(*reads, *_paths("wacc")),
    )  # fmt: skip
    lp.add_cost("fixed_opex", CAPACITY, a.fixed_opex[:, :, None],
                reads=(*_paths("fixed_opex", "fixed_opex_share"), *mature))  # fmt: skip


def _paths(*fields: str) -> tuple[str, ...]:
    return tuple(f"{section}.*.{field}" for section in PLANTS for field in fields)
