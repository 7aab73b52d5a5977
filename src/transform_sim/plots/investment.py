"""What is invested, by sector."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from transform_sim.analysis import invested
from transform_sim.results import Results

from . import reading, stack, style
from .colours import by_sector
from .cost import named
from .language import say
from .words import capital, inside, percent, quantity, sized

FIGURE = "investment"


def investment(results: Results, *, ax: Axes | None = None) -> Axes:
    """Overnight investment in each period by sector, undiscounted; storages and links stand together.

    Where all is invested in one sector, or the study names none, it stands by plant.

    Raises NotApplicableError if the results hold none.
    """
    reading.take(results, "investment", FIGURE)
    frame = invested(results)
    if (frame > 0).any().sum() == 1:
        frame = invested(results, "owner")
    frame = frame[by_sector(list(frame.columns))]
    factor, unit = sized(float(frame.sum(axis=1).max()), str(results.data.attrs["currency"]))
    with style.sheet(ax) as ax:
        shown, text = reading.largest(frame, reading.SECTORS) / factor, say("Investment per period, {unit}", unit=unit)
        stack.chart(ax, shown, text, name=named, until=False)
        note = say("Overnight and undiscounted, with renewals and conversions, for all years of a period.")
        style.finish(ax, results, finding(results, frame), note=note)
    return ax


def finding(results: Results, frame: pd.DataFrame) -> str:
    """How much is invested in all, and the sector that takes most of it."""
    total = frame.sum()
    if not total.sum() > 0:
        return say("Nothing is invested")
    most = str(total.idxmax())
    factor, unit = sized(float(total.sum()), str(results.data.attrs["currency"]))
    values = {
        "paid": quantity(float(total.sum()) / factor, unit), "what": inside(named(most)),
        "share": percent(float(total[most]), float(total.sum())), "first": frame.index[0], "last": frame.index[-1],
    }  # fmt: skip
    if len(total[total > 0]) == 1:
        return say("{paid} are invested from {first} to {last}, all in {what}", **values)
    return capital(say("{paid} are invested from {first} to {last}; {what} takes {share}", **values))
