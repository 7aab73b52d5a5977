r"""The price of carbon, or of anything plants use, at which two ways to make a product cost the same.

With costs $a_i + b_i\,p$ over one price $p$, all others as they are:

$$ p^* = \frac{a_1 - a_2}{b_2 - b_1} $$
"""

from __future__ import annotations

from operator import itemgetter
from typing import Any, Literal

import numpy as np
import pandas as pd

from transform_sim.errors import TransformSimError
from transform_sim.inputs import make_inputs
from transform_sim.results import Results
from transform_sim.scenario import Scenario

from .levelised_cost import levelised_cost
from .support_cost import CONTRACT
from .technology import plants_of
from .way_costs import (
    BY_OUTPUT,
    CARBON_PRICE,
    GOODS,
    WAY,
    carbon_lines,
    commodity_lines,
    incumbent,
    period_of,
    priced_at_one,
    totals,
    used_per_unit,
)

Row = dict[str, Any]
ABOVE, BELOW, ALWAYS, NEVER, UNKNOWN = "above", "below", "always", "never", ""
PARALLEL = 1e-9
"""Difference of amounts, as share of the larger, below which two ways use as much."""


def break_even(
    results: Results,
    commodity: str,
    of: str = CARBON_PRICE,
    *,
    reference: str | None = None,
    allocation: bool = True,
    scenario: Scenario | None = None,
    prices: Literal["shadow", "market"] = "shadow",
) -> pd.DataFrame:
    """At which price each way to make a commodity costs as much as the reference: tidy rows, one per way and period.

    Columns: those that name a way as in `levelised_cost` (process, route, mode, technique, region, investment, period);
    `reference`, `reference_mode`, `reference_region` and `reference_investment`, which it is compared with; `price` in
    `unit`, NaN where the price makes no difference between the two or something else has no price; `cheaper`: whether
    the way costs less 'above' or 'below' this price, 'always' or 'never' where the price makes no difference, '' where
    costs are unknown; `cost` and `reference_cost` at the prices of the results, in `cost_unit`. A price below zero
    says that one of the two is cheaper at every price that can be.

    Args:
        of: 'carbon_price', of all that is priced by it, or a commodity that ways use or make.
        reference: a process that makes the commodity; the one that makes most of it in the first period if absent, of
            those that can be built or renewed. Of its ways the cheapest at the prices of the results counts, in the
            same region where it can stand there.
        allocation: whether free allocation and power compensation count, which follow the carbon price too. Grants
            count; carbon contracts never do, as they pay what is missing to their strike whatever the price. In years
            without a carbon price nothing says how much is allocated: there the price is NaN.
        scenario, prices: as in `levelised_cost`.

    Costs are those of `levelised_cost`: all other prices and the hours in which plants run stay as they are, also
    prices in which the carbon cost of others is passed on. Raises TransformSimError for a commodity that nothing
    makes, a price or a reference that no way has.
    """
    left_out = (CONTRACT,) if allocation else (CONTRACT, *BY_OUTPUT)

    def counted(rows: pd.DataFrame) -> pd.DataFrame:
        return rows[~rows["kind"].isin(left_out)]

    rows = counted(levelised_cost(results, commodity, scenario=scenario, prices=prices))
    chosen = _reference(results, commodity, reference, list(dict.fromkeys(rows["process"])))
    if of == CARBON_PRICE:
        lines = carbon_lines(counted(priced_at_one(results, commodity, scenario=scenario, prices=prices)))
        unit = f"{results.data.attrs['currency']}/t"
    else:
        lines, unit = _goods_lines(results, rows, commodity, of, scenario)
    own = lines.assign(cost=totals(rows)).reset_index()
    return _compared(own, chosen).assign(unit=unit, cost_unit=str(rows["unit"].iloc[0]))


def _goods_lines(
    results: Results, rows: pd.DataFrame, commodity: str, of: str, scenario: Scenario | None
) -> tuple[pd.DataFrame, str]:
    """Lines over the price of something that ways use or make, and the unit of that price."""
    known = sorted({str(i) for i in rows.loc[rows["kind"].isin(GOODS), "item"]})
    if of not in known:
        raise TransformSimError(
            f"break-even of {results.name} — no way to make '{commodity}' uses or makes '{of}' — "
            f"choose from {', '.join([CARBON_PRICE, *known])}"
        )
    data = make_inputs(scenario if scenario is not None else plants_of(results))
    lines = commodity_lines(rows, used_per_unit(data, commodity, of), of)
    return lines, f"{data.scenario.currency}/{data.scenario.commodities[of].unit}"


def _reference(results: Results, commodity: str, reference: str | None, ways: list[str]) -> str:
    """The process to compare with."""
    if reference is None:
        found = incumbent(results, commodity, period_of(results, None, "break-even"), ways)
        if found:
            return found
        problem = f"nothing that can be built makes '{commodity}' in the first period — give a reference:"
    elif reference in ways:
        return reference
    else:
        problem = f"'{reference}' does not make '{commodity}' — choose from"
    raise TransformSimError(f"break-even of {results.name} — {problem} {', '.join(ways)}")


def _compared(own: pd.DataFrame, reference: str) -> pd.DataFrame:
    """Every way beside the cheapest way of the reference, of the same region if there is one."""
    rows: list[Row] = [{str(k): v for k, v in row.items()} for row in own.to_dict("records")]
    here: dict[tuple[str, int], Row] = {}
    anywhere: dict[int, Row] = {}
    for row in sorted(
        (r for r in rows if r["process"] == reference and r["cost"] == r["cost"]), key=itemgetter("cost")
    ):
        here.setdefault((row["region"], row["period"]), row)
        anywhere.setdefault(row["period"], row)
    out = []
    for row in rows:
        other = here.get((row["region"], row["period"]), anywhere.get(row["period"]))
        if other is None or other is row:
            continue
        name = (reference, other["mode"], other["region"], other["investment"])
        out.append((*(row[k] for k in WAY), *name, *_meeting(row, other), row["cost"], other["cost"]))
    names = ["reference", "reference_mode", "reference_region", "reference_investment"]
    return pd.DataFrame(out, columns=[*WAY, *names, "price", "cheaper", "cost", "reference_cost"])


def _meeting(one: Row, other: Row) -> tuple[float, str]:
    """Where two lines meet, and on which side of it the first is lower."""
    less, more = other["rest"] - one["rest"], one["amount"] - other["amount"]
    if np.isnan(less) or np.isnan(more):
        return np.nan, UNKNOWN
    if abs(more) <= PARALLEL * max(abs(one["amount"]), abs(other["amount"])):
        return np.nan, ALWAYS if less > 0 else NEVER
    return less / more, BELOW if more > 0 else ABOVE
