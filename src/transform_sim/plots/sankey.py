"""Energy of one period from its sources through carriers and conversions to where it is used or lost."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from transform_sim import analysis
from transform_sim.analysis.energy_flows import LOSSES, Note
from transform_sim.results import Results

from . import diagram, reading, style
from .bands import layout
from .colours import OTHER, looks
from .language import say, word
from .words import capital, label, percent, quantity, sized

FIGURE = "sankey"
ROUTES = 8
"""Most routes of conversion; beyond them, conversions are drawn by sector."""


def sankey(results: Results, period: int | None = None, *, ax: Axes | None = None) -> Axes:
    """Energy flows of one period as bands whose widths are TWh per year; each band has the colour of its carrier.

    `period` is the last if absent. Sources stand left: purchases, plants that take no energy carrier, heat from the
    air; losses and uses stand right. Raises NotApplicableError if no energy is used in the period.
    """
    reading.take(results, "flow", FIGURE)
    year = diagram.year(results, period, FIGURE)
    links = flows(results, year)
    factor, unit = sized(float(links[links["source_kind"] == "source"]["value"].sum()), "TWh/a")
    placed = layout(links.assign(value=links["value"] / factor))
    own = {c: look.colour for c, look in looks([c for c in dict.fromkeys(links["carrier"]) if c != LOSSES]).items()}
    with style.sheet(ax, diagram.height(placed)) as ax:
        diagram.draw(ax, placed, own, {("carrier", c): colour for c, colour in own.items()}, lambda n: name_of(*n))
        style.finish(ax, results, finding(links, year), note=say(
            "Numbers and widths: {unit}, lower heating value; feedstock and fuel together.", unit=unit
        ))  # fmt: skip
    return ax


def flows(results: Results, year: int) -> pd.DataFrame:
    """Links of the figure: conversions by route, or by sector if there are many; one use stands as its routes."""
    with reading.applicable(results, FIGURE):
        links = analysis.links(results, year)
        conversions, uses = (links[links["target_kind"] == k]["target"].nunique() for k in ("conversion", "use"))
        by: Note = "route" if conversions <= ROUTES else "sector"
        return analysis.links(results, year, conversions=by, uses="sector" if uses > 1 else "route")


def name_of(kind: str, name: str) -> str:
    """What a node is called."""
    if kind == "losses":
        return word("losses")
    return word("other uses") if kind == "use" and name == OTHER else label(name)


def finding(links: pd.DataFrame, year: int) -> str:
    """How much energy comes in, what brings most of it, and what is lost."""
    brought = links[links["source_kind"] == "source"].groupby("source")["value"].sum()
    total, most = float(brought.sum()), str(brought.idxmax())
    lost = float(links[links["target_kind"] == "losses"]["value"].sum())
    factor, unit = sized(total, "TWh/a")
    values = {
        "what": capital(label(most)), "share": percent(float(brought[most]), total),
        "total": quantity(total / factor, unit), "year": year,
    }  # fmt: skip
    if not lost > reading.NOTHING * total:
        return say("{what} brings {share} of {total} of energy in {year}", **values)
    return say(
        "{what} brings {share} of {total} of energy in {year}; {lost} of it is lost in conversion and transport",
        lost=percent(lost, total), **values,
    )  # fmt: skip
