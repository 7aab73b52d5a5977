"""What avoiding emissions costs, from the ways to make each product: steps of a marginal abatement cost curve."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import pairwise
from operator import itemgetter
from typing import Any

import pandas as pd

from transform_sim.errors import TransformSimError
from transform_sim.results import Results
from transform_sim.scenario import Scenario

from .way_costs import NOISE, PLACE, WAY, carbon_lines, incumbent, output, period_of, priced_at_one

Row = dict[str, Any]
MEGA = 1e6
NEW = "new"
COLUMNS = [
    "commodity", "reference", *WAY, "replaces", "replaces_mode", "cost", "unit", "avoided", "potential", "cumulative",
]  # fmt: skip


def abatement_cost_steps(
    results: Results,
    commodities: Sequence[str] | None = None,
    *,
    base: int | None = None,
    scenario: Scenario | None = None,
) -> pd.DataFrame:
    """What it costs to avoid emissions by making products another way: tidy rows, by period the cheapest step first.

    In each region a product is made by the incumbent: the process that makes most of it in the base period of those
    that can be built or renewed. It stands for its cheapest way without carbon cost. Steps lead from it to ways with
    less emission, each against the one before, along the lower convex envelope: so nothing is avoided twice, and ways
    that never pay are left out.

    Columns: commodity; `reference`, the incumbent; what names a way as in `levelised_cost`; `replaces` and
    `replaces_mode`, the way before; `cost` in `unit` (money per t CO₂e avoided, at the prices of the period, without
    carbon price, cap and support; below zero where the way is cheaper anyway); `avoided`, t CO₂e
    per unit of the commodity; `potential`, Mt CO₂e/a, if all that the incumbent makes in the base period is replaced;
    `cumulative`, its sum up to this step in the period.

    Args:
        commodities: those that are demanded and that processes make if absent.
        base: period that says which is the incumbent and how much it makes; the first if absent.
        scenario: as in `levelised_cost`.

    Emissions are those of the plants themselves; inputs and by-products count at shadow prices of the results, in
    which the carbon cost of others may be passed on. What limits a way, such as scrap, is not seen: see
    `abatement_cost_curve` for all of it together. Raises TransformSimError for an unknown period, for a commodity
    named that nothing makes, and if no product has an incumbent.
    """
    year = period_of(results, base, "abatement cost")
    named = _demanded(results) if commodities is None else list(commodities)
    parts = [_of_product(results, c, year, scenario, asked=commodities is not None) for c in named]
    found = [row for part in parts for row in part]
    if not found and commodities is None:
        raise TransformSimError(
            f"abatement cost of {results.name} — no product has an incumbent that emits and can be replaced — "
            "choose commodities, or another base period"
        )
    table = pd.DataFrame(found, columns=[c for c in COLUMNS if c not in ("unit", "cumulative")])
    table = table.sort_values(["period", "cost"], kind="stable", ignore_index=True)
    table["unit"] = f"{results.data.attrs['currency']}/t"
    table["cumulative"] = table.groupby("period")["potential"].cumsum()
    return table[COLUMNS]


def _demanded(results: Results) -> list[str]:
    """Products that are demanded and that processes make."""
    if "served_demand" not in results.data or "flow" not in results.data:
        return []
    flow = results.data["flow"]
    made = (flow > 0).any([d for d in flow.dims if d != "commodity"])
    known = set(flow["commodity"].values[made.values].astype(str))
    demanded = results.data["demand_commodity"].values.astype(str)
    return [c for c in dict.fromkeys(demanded.tolist()) if c in known]


def _of_product(
    results: Results, commodity: str, base: int, scenario: Scenario | None, *, asked: bool
) -> list[tuple[object, ...]]:
    """Steps of one product in all its regions and periods from the base on."""
    lines = carbon_lines(priced_at_one(results, commodity, scenario=scenario, support=False)).reset_index()
    processes = list(dict.fromkeys(lines["process"]))
    reference = incumbent(results, commodity, base, processes)
    if not reference:
        if asked:
            raise TransformSimError(
                f"abatement cost of {results.name} — none of {', '.join(processes)} makes '{commodity}' in {base} — "
                "choose another base period"
            )
        return []
    own_output = output(results, commodity, base).loc[[reference]]
    made = {str(r): float(v) for r, v in zip(own_output.columns, own_output.to_numpy()[0], strict=True) if v > 0}
    open_ = (lines["investment"] == NEW) | (lines["process"] == reference)
    here = lines[open_ & lines["region"].isin(list(made)) & (lines["period"] >= base)].dropna()
    steps: list[tuple[object, ...]] = []
    for _, group in here.groupby(PLACE, sort=False):
        ways: list[Row] = [{str(k): v for k, v in row.items()} for row in group.to_dict("records")]
        own = [way for way in ways if way["process"] == reference]
        if not own:
            continue  # it can no longer be built, so nothing says what it would cost
        for before, way in pairwise(_envelope(ways, min(own, key=itemgetter("rest")))):
            avoided = before["amount"] - way["amount"]
            cost = (way["rest"] - before["rest"]) / avoided
            potential = avoided * made[way["region"]] / MEGA
            named = (*(way[k] for k in WAY), before["process"], before["mode"])
            steps.append((commodity, reference, *named, cost, avoided, potential))
    return steps


def _envelope(ways: list[Row], start: Row) -> Iterator[Row]:
    """From the start, each time the way that avoids more at the least cost per tonne; of equal ones the farthest."""
    least = NOISE * max(abs(start["amount"]), NOISE)
    at: Row | None = start
    while at is not None:
        yield at
        before = at
        cleaner = [way for way in ways if before["amount"] - way["amount"] > least]
        at = min(cleaner, key=partial(_dearness, before), default=None)


def _dearness(before: Row, way: Row) -> tuple[float, float]:
    """Cost per tonne that a way avoids against the one before, and how much it still emits."""
    return round((way["rest"] - before["rest"]) / (before["amount"] - way["amount"]), 9), way["amount"]
