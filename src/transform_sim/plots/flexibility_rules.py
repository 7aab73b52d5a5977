"""What rules of the network do to flexibility: discounts on even use against prices that ask for uneven use."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from transform_sim.analysis.regulation import CHEAPEST, INFEASIBLE
from transform_sim.results import Results

from . import reading, style
from .colours import GREY
from .flexibility_bars import COST, above, height, pairs_of_bars
from .language import say, word
from .words import amount, quantity, sized

FIGURE = "regulation"
GENERAL = "general"


def regulation(results: Results, table: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """What each regulation of a network charge costs its buyer a year: the charge, and the flexibility given up for it.

    The table is that of `analysis.cheapest_regulation`; `results` are those of the scenario. Raises NotApplicableError
    if no regulation has a solution.
    """
    solved = table[table["status"] != INFEASIBLE]
    if not len(solved):
        raise reading.NotApplicableError(
            f"figure {FIGURE} of {results.name} — no regulation has a solution — allow other options"
        )
    shown = table.set_index("option")[["network_charge", "flexibility_lost"]]
    factor, unit = sized(float(shown.abs().max().max()), str(table["unit"].iloc[0]))
    names = {str(option): _named(str(option)) for option in shown.index}
    pairs = [("network_charge", GREY, say("network charge")), ("flexibility_lost", COST, say("flexibility given up"))]
    without = {names[str(o)]: dict.fromkeys(shown.columns, say("no solution")) for o in shown.index
               if o not in set(solved["option"])}  # fmt: skip
    hours = {names[str(o)]: quantity(float(h), "h") for o, h in zip(solved["option"], solved["hours_of_use"],
                                                                    strict=True) if h > 0}  # fmt: skip
    with style.sheet(ax, height(shown)) as ax:
        pairs_of_bars(ax, shown.rename(index=names) / factor, pairs, without, hours)
        above(ax, say("Cost per year, {unit}", unit=unit))
        note = say(
            "Flexibility given up: what all else costs more than without this charge. Under the names: hours of use, "
            "annual purchase ÷ peak."
        )
        style.finish(ax, results, _conflict(solved, factor, unit), note=note)
    return ax


def _named(option: str) -> str:
    """A regulation as people call it."""
    kind, _, hours = option.partition(" ")
    if hours:
        return say("baseload, {hours} h", hours=amount(float(hours)))
    return word("atypical use") if kind == "atypical" else word(option)


def _conflict(solved: pd.DataFrame, factor: float, unit: str) -> str:
    """What the cheapest regulation saves of the charge against the general one, and what it costs in flexibility."""
    best = solved[solved["status"] == CHEAPEST].iloc[0]
    if best["option"] == GENERAL:
        return say("Under the published charge use follows prices most cheaply")
    general = solved[solved["option"] == GENERAL]
    other = (general if len(general) else solved.sort_values("cost", ascending=False)).iloc[0]
    gain, lost = (float(sign * (other[c] - best[c])) / factor
                  for sign, c in ((1, "network_charge"), (-1, "flexibility_lost")))  # fmt: skip
    return say(
        "Cheapest is {option}: {gain} less network charge for {lost} of flexibility",
        option=_named(str(best["option"])), gain=quantity(gain, unit), lost=quantity(lost, unit),
    )  # fmt: skip
