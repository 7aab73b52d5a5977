"""What exchange between sectors saves: the study solved with it, and with each by-product kept in its sector."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from rich.console import Console
from rich.progress import track

from transform_sim.errors import InfeasibleError, TransformSimError
from transform_sim.inputs import Inputs, make_inputs
from transform_sim.model import Constraint
from transform_sim.pipeline import solve
from transform_sim.results import Results
from transform_sim.scenario import Scenario

from .by_products import at_home, by_product, crosses, exchanged_in, made_in
from .exchange import exchange
from .flexibility_value import ALL, _compared

COLUMNS = (
    "commodity", "finding", "gain", "accuracy", "money", "period", "annual_gain", "exchanged", "unit", "co2",
)  # fmt: skip


def exchange_value(
    scenario: Scenario, commodities: Sequence[str] | None = None, *, progress: bool = True, **options: Any
) -> pd.DataFrame:
    """What it is worth that sectors use what others make beside their product: cost without exchange less cost with it.

    Without exchange, what a sector makes of a commodity as by-product goes no further than the sector over the year:
    it uses it itself, or it is sold, demanded, stored away or disposed of. Users elsewhere may still buy the commodity
    and take it from plants that are run for it, so of a commodity that only by-product brings, they get none. Give it
    a `disposal`, or makers without a taker have to stop. All else is free to answer: other inputs, other plants.

    One row per commodity and period, those of all together ('all') first. Columns: commodity; `finding` ('saves', 'not
    distinguishable' within the accuracy, 'no solution without', where the gain is infinite); `gain` in the objective
    (present value of all periods), the `accuracy` to which the certificates of both solves prove it, and their unit
    `money`; period; `annual_gain`, difference in what is paid a year, undiscounted, and below zero where what is built
    early pays later; `exchanged`, the amount that crosses sectors with exchange (`exchange`, pro rata), and its unit;
    `co2`, t CO₂e a year emitted more without. Gains of single commodities need not add up to that of all.

    Args:
        commodities: those to look at; by default all that a sector makes as by-product and another uses. What a plant
            is run for is told by `exchange.main_products`. Of a named commodity that is by-product nowhere, whatever
            is made of it stays in its sector.
        progress: whether a bar on the error stream shows how far it is.
        options: as for `transform_sim.solve`: solver, method, constraints …

    Raises TransformSimError if sectors exchange none of the commodities, and what `solve` raises for the study itself.
    """
    data = make_inputs(scenario)
    chosen = _chosen(data, commodities)
    own = tuple(options.pop("constraints", ()))
    cases: list[tuple[str, ...]] = [(), tuple(chosen), *((c,) for c in chosen if len(chosen) > 1)]
    bar = track(
        cases, "Value of exchange", console=Console(stderr=True, emoji=False), disable=not progress, transient=True
    )
    solved = {kept: _solved(scenario, kept, own, options) for kept in bar}
    whole = solved[()]
    assert whole is not None
    crossing = exchange(whole)
    rows = [_rows(ALL, solved[tuple(chosen)], whole, None, data)]
    for c in chosen:
        makes_beside = crossing["by_product"] if by_product(data, c).any() else True
        amounts = crossing[(crossing["commodity"] == c) & makes_beside].groupby("period")["amount"].sum()
        rows.append(_rows(c, solved[(c,)], whole, amounts, data))
    return pd.concat(rows, ignore_index=True)


def exchanged(scenario: Scenario) -> list[str]:
    """Commodities that a plant of one sector makes as by-product and one of another uses, in the scenario's order."""
    return exchanged_in(make_inputs(scenario))


def _solved(
    scenario: Scenario, kept: tuple[str, ...], own: tuple[Constraint, ...], options: Mapping[str, Any]
) -> Results | None:
    """The study with some by-products kept at home; None if it has no solution then."""
    try:
        return solve(scenario, constraints=(*own, at_home(kept)), **options)
    except InfeasibleError:
        if not kept:
            raise
        return None


def _rows(
    name: str, without: Results | None, whole: Results, amounts: pd.Series[float] | None, data: Inputs
) -> pd.DataFrame:
    """The rows of one commodity, or of all of them where there are no `amounts` that could be added."""
    years = [int(y) for y in whole.data["period"].values]
    gain, accuracy, finding, *yearly = _compared(without, whole, len(years))
    more = np.full(len(years), np.nan) if without is None else _emitted(without, data) - _emitted(whole, data)
    unit = "" if amounts is None else f"{data.scenario.commodities[name].unit}/a"
    return pd.DataFrame({
        "commodity": name, "finding": finding, "gain": gain, "accuracy": accuracy,
        "money": str(whole.data.attrs["currency"]), "period": years, "annual_gain": yearly,
        "exchanged": np.nan if amounts is None else amounts.reindex(years, fill_value=0.0).to_numpy(),
        "unit": unit, "co2": more,
    })[list(COLUMNS)]  # fmt: skip


def _emitted(results: Results, data: Inputs) -> NDArray[np.float64]:
    """t CO₂e a year under price and cap, by period."""
    counted = [data.frame.commodities[c] for c in data.emissions.counted["emission"]]
    if "emissions" not in results.data:
        return np.zeros(len(data.frame.years))
    net = results.data["emissions"].sum("node").reindex(emission=counted, fill_value=0.0)
    return np.asarray(data.emissions.potential @ net.transpose("emission", "period").values)


def _chosen(data: Inputs, commodities: Sequence[str] | None) -> list[str]:
    """The commodities to look at; raises TransformSimError where there is nothing to compare."""
    where = f"value of exchange in {data.scenario.name}"
    found = exchanged_in(data)
    if commodities is None:
        if not found:
            raise TransformSimError(f"{where} — no sector uses a by-product of another — name commodities to look at")
        return found
    goods = [c for c, own in data.scenario.commodities.items() if own.kind != "emission"]
    for c in commodities:
        if c not in goods:
            raise TransformSimError(f"{where} — there is no commodity '{c}' — choose from {', '.join(goods)}")
        if c not in found and not crosses(data, c, made_in(data, c)):
            raise TransformSimError(
                f"{where} — no sector uses {c} of another — choose from {', '.join(found) or 'others'}"
            )
    if not commodities:
        raise TransformSimError(f"{where} — no commodity is named — leave it out for all by-products")
    return list(dict.fromkeys(commodities))
