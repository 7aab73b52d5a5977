"""Shadow prices of the main commodities, and what a tonne of CO₂ costs."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import xarray as xr
from matplotlib.axes import Axes

from transform_sim.results import Results

from . import reading, stack, style
from .colours import Look, looks
from .language import say, word
from .stack import Tag
from .words import amount, capital, label

FIGURE = "prices"
LINES = 5
"""Most commodities in one panel."""
DASHES: tuple[stack.Dashes, ...] = ("-", "--", "-.", ":", "-")
CARBON = "CO₂"
TONNE = {"t": "tonne"}


def prices(results: Results, commodities: Sequence[str] | None = None, *, ax: Axes | None = None) -> Axes:
    """Shadow prices by period, a panel for each unit, and the price of CO₂ in the lowest.

    Without `commodities`, those with the largest turnover of each unit are shown. Raises NotApplicableError if the
    results have no prices.
    """
    panels = panels_of(results, commodities)
    with style.sheet(ax, 1.1 + 1.6 * len(panels)) as ax:
        axes = [ax, *style.split(ax, *[1.0] * (len(panels) - 1))]
        for panel, (unit, frames) in zip(axes, panels.items(), strict=True):
            _lines(panel, frames)
            style.upright(panel, unit)
            panel.tick_params(labelbottom=panel is axes[-1])
        note = say(
            "Price: what one more unit of demand would cost in that year; mean over the year and over places (band: "
            "lowest and highest place). Commodities with the largest turnover; no price where nothing is made or "
            "bought."
        )
        style.finish(ax, results, finding(results, panels), note=note, bottom=axes[-1])
    return ax


Lines = dict[str, pd.DataFrame]
"""Name → mean, low and high by period."""


def panels_of(results: Results, commodities: Sequence[str] | None) -> dict[str, Lines]:
    """The lines of each panel by unit, those with most turnover first; the price of CO₂ last."""
    price = reading.take(results, "shadow_price", FIGURE)
    money = str(results.data.attrs["currency"])
    shown = [reading.chosen(results, c, FIGURE) for c in commodities] if commodities is not None else None
    used = throughput(results)
    lines = {str(c): _line(price.sel(commodity=c), used.get(str(c))) for c in price["commodity"].values}
    rank = {c: float((f["mean"].abs() * used[c]).sum()) if c in used else 0.0 for c, f in lines.items()}
    first = [reading.chosen(results, None, FIGURE)] if "served_demand" in results.data else []
    order = shown or sorted(lines, key=lambda c: (c not in first, -rank[c]))
    panels: dict[str, Lines] = {}
    for c in (c for c in order if c in lines):
        panel = panels.setdefault(reading.unit_of(results, "commodity", c, "price_unit"), {})
        if shown is not None or (len(panel) < LINES and (rank[c] > 0 or c in first)):
            panel[c] = lines[c]
    carbon = _carbon(results)
    out = {unit: panel for unit, panel in panels.items() if panel} | ({f"{money}/t {CARBON}": carbon} if carbon else {})
    if not out:
        raise reading.NotApplicableError(
            f"figure {FIGURE} of {results.name} — nothing that is made or bought has a price — add supply and demand"
        )
    return out


def throughput(results: Results) -> pd.DataFrame:
    """Amount of each commodity made and bought, by period."""
    parts = []
    if "flow" in results.data:
        parts.append(reading.by(results.data["flow"].clip(min=0.0), "commodity"))
    if "purchase" in results.data:
        bought = reading.by(results.data["purchase"], "supply")
        parts.append(reading.add_up(bought, list(reading.labelled(results, "supply_commodity", FIGURE))))
    if not parts:
        return pd.DataFrame(index=[int(y) for y in results.data["period"].values])
    both = pd.concat(parts, axis=1)
    return reading.add_up(both, list(both.columns))


def _line(price: xr.DataArray, used: pd.Series[float] | None) -> pd.DataFrame:
    """Mean, lowest and highest price over nodes by period; none where nothing is made or bought."""
    index = [int(y) for y in price["period"].values]
    frame = pd.DataFrame(price.transpose("node", "period").values, columns=index)
    out = pd.DataFrame({"mean": frame.mean(), "low": frame.min(), "high": frame.max()})
    return out if used is None else out.where(used > reading.NOTHING * used.max(), axis=0)


def _carbon(results: Results) -> Lines:
    """The price paid, and with it what one tonne less under cap or budget would save, where it may be emitted."""
    data = results.data
    if "carbon_price" not in data:
        return {}
    index = [int(y) for y in data["period"].values]
    paid = xr.DataArray(data["carbon_price"].values[None], {"node": [""], "period": index}, ["node", "period"])
    lines = {}
    if (paid > 0).any():
        lines["carbon price"] = _line(paid, None)
    if "cap_price" in data and (data["cap_price"] > 1e-6).any():
        lines["with cap or budget"] = _line(data["cap_price"] + data["carbon_price"], None)
    return lines


def _lines(ax: Axes, frames: Lines) -> None:
    drawn = looks(list(frames))
    tags, top, bottom = [], 0.0, 0.0
    for k, (name, frame) in enumerate(frames.items()):
        look, dashes = Look(drawn[name].colour), DASHES[k % len(DASHES)]
        at = np.arange(len(frame))
        ax.plot(
            at, frame["mean"].to_numpy(), color=look.colour, linestyle=dashes, linewidth=1.8, marker="o", markersize=3,
            label=label(name),
        )  # fmt: skip
        if ((frame["high"] - frame["low"]) > 0.01 * frame["high"].abs()).any():
            ax.fill_between(at, frame["low"], frame["high"], color=look.colour, alpha=0.15, linewidth=0)
        top, bottom = max(top, float(frame["high"].max())), min(bottom, float(frame["low"].min()))
        known = frame["mean"].dropna()
        if len(known):
            ended = "" if known.index[-1] == frame.index[-1] else f" ({known.index[-1]})"
            text = f"{capital(label(name))}: {amount(float(known.iloc[-1]))}{ended}"
            tags.append(Tag(text, look, float(known.iloc[-1]), not ended, "line", dashes))
    stack.periods_axis(ax, list(next(iter(frames.values())).index))
    span = (top - bottom) or 1.0
    ax.set_ylim(bottom - (0.06 * span if bottom < 0 else 0.0), top + 0.10 * span)
    stack.beside(ax, tags, len(next(iter(frames.values()))) - 1)


def finding(results: Results, panels: dict[str, Lines]) -> str:
    """What one unit more of the first commodity costs at the start and at the end."""
    unit, lines = next(iter(panels.items()))
    name, frame = next(iter(lines.items()))
    known = frame["mean"].dropna()
    what = label(name)
    if not len(known):
        return say("{what} has no price", what=capital(what))
    money, _, per = unit.partition("/")
    values = {
        "what": what, "unit": word(TONNE.get(per, per)), "money": money, "first": known.index[0],
        "last": known.index[-1], "then": amount(float(known.iloc[0])), "now": amount(float(known.iloc[-1])),
    }  # fmt: skip
    if len(known) == 1:
        return say("One more {unit} of {what} costs {then} {money} in {first}", **values)
    return say("One more {unit} of {what} costs {then} {money} in {first} and {now} in {last}", **values)
