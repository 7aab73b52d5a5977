"""How much of each product was recovered from waste."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from transform_sim import analysis
from transform_sim.results import Results

from . import reading, stack, style
from .colours import Look, looks
from .language import say
from .stack import Tag
from .words import capital, label, percent

FIGURE = "recycled_content"
LINES = 8
"""Most products in the figure."""
DASHES: tuple[stack.Dashes, ...] = ("-", "--", "-.", ":")


def recycled_content(results: Results, *, ax: Axes | None = None) -> Axes:
    """Recycled content of each product by period, in per cent of its mass; those with most recovered material first.

    The note says how much of what is on offer is bought. Raises NotApplicableError if the study marks no commodity as
    `secondary`, or uses none.
    """
    table = analysis.recycled_content(results)
    if not len(table):
        raise reading.NotApplicableError(
            f"figure {FIGURE} of {results.name} — nothing is made of recovered material — "
            "mark commodities such as scrap with secondary: true"
        )
    periods = [int(y) for y in results.data["period"].values]
    shares = 100.0 * table.pivot_table(index="period", columns="product", values="share").reindex(periods)
    most = table.groupby("product")["recycled"].max().sort_values(ascending=False, kind="stable").index[:LINES]
    shares = shares[list(most)]
    with style.sheet(ax) as ax:
        _lines(ax, shares)
        style.upright(ax, say("Recycled content, % of mass"))
        note = say(
            "Mass of recovered material in the product ÷ mass of the product; losses are taken to be primary material "
            "first (upper estimate), pools are mixed evenly."
        )
        style.finish(ax, results, _finding(shares), note=f"{note} {_used(results)}".rstrip())
    return ax


def _lines(ax: Axes, shares: pd.DataFrame) -> None:
    drawn, tags = looks(list(shares.columns)), []
    for k, name in enumerate(shares.columns):
        look, dashes = Look(drawn[name].colour), DASHES[k % len(DASHES)]
        ax.plot(
            np.arange(len(shares)), shares[name].to_numpy(), color=look.colour, linestyle=dashes, linewidth=1.8,
            marker="o", markersize=3, label=label(str(name)),
        )  # fmt: skip
        known = shares[name].dropna()
        ended = known.index[-1] != shares.index[-1]
        text = f"{capital(label(str(name)))}: {percent(float(known.iloc[-1]), 100.0)}"
        text += f" ({known.index[-1]})" if ended else ""
        tags.append(Tag(text, look, float(known.iloc[-1]), not ended, "line", dashes))
    stack.periods_axis(ax, list(shares.index))
    ax.set_ylim(0.0, 1.08 * max(float(np.nanmax(shares.to_numpy())), 1.0))
    stack.beside(ax, tags, len(shares) - 1)


def _finding(shares: pd.DataFrame) -> str:
    """How the content of the product with most recovered material changes."""
    name = str(shares.columns[0])
    known = shares[name].dropna()
    values = {
        "what": label(name), "first": known.index[0], "last": known.index[-1],
        "then": percent(float(known.iloc[0]), 100.0), "now": percent(float(known.iloc[-1]), 100.0),
    }  # fmt: skip
    if len(known) == 1:
        return say("Recycled content of {what} is {now} in {last}", **values)
    if values["then"] == values["now"]:
        return say("Recycled content of {what} is {then} in {first} and in {last}", **values)
    if known.iloc[-1] > known.iloc[0]:
        return say("Recycled content of {what} rises from {then} in {first} to {now} in {last}", **values)
    return say("Recycled content of {what} falls from {then} in {first} to {now} in {last}", **values)


def _used(results: Results) -> str:
    """How much of each limited supply of recovered material is bought in the last period."""
    use = analysis.secondary_use(results).dropna(subset="share")
    if not len(use):
        return ""
    last = use[use["period"] == use["period"].max()]
    parts = [f"{label(str(n))} {percent(float(s), 1.0)}" for n, s in zip(last["supply"], last["share"], strict=True)]
    return say(
        "Bought of what is on offer in {year}: {parts}.", year=int(last["period"].iloc[0]), parts=", ".join(parts)
    )
