"""What makes a product, what of it is bought, and how much of it comes from plants that stand already."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from transform_sim.results import Results

from . import reading, stack, style
from .campaigns import standing
from .colours import DOTS, OTHER
from .language import say
from .words import amount, capital, inside, label, percent, quantity, sized

FIGURE = "production"
STRIP = 0.09
"""Width of the strip beside each bar."""
OLD, NEW, BOUGHT = "#555555", "#DDDDDD", "#FFFFFF"


def production(results: Results, commodity: str | None = None, *, ax: Axes | None = None) -> Axes:
    """Production of a commodity by route in each period, with what is bought of it; per year.

    The strip at the right of each bar splits it into what comes from plants as they stood at the start, from plants
    built, renewed or converted since, and from purchases. `commodity` is the first that is demanded if absent. Raises
    NotApplicableError if the results do not have it.
    """
    commodity = reading.chosen(results, commodity, FIGURE)
    made, bought = net_makers(results, commodity), purchases(results, commodity)
    both = together(results, made, bought, commodity)
    factor, unit = sized(float(both.sum(axis=1).max()), f"{reading.unit_of(results, 'commodity', commodity)}/a")
    frame = reading.largest(both) / factor
    with style.sheet(ax) as ax:
        stack.chart(ax, frame, f"{capital(label(commodity))}, {unit}")
        note = ""
        if "capacity" in results.data and not made.empty:
            old = (made * standing(results)[made.columns]).sum(axis=1)
            note = _strip(ax, old / factor, made.sum(axis=1) / factor, bought.sum(axis=1) / factor)
        style.finish(ax, results, finding(frame, label(commodity), unit), note=note)
    return ax


def net_makers(results: Results, commodity: str) -> pd.DataFrame:
    """Amounts per year by period and process that makes more than it uses."""
    flow = results.data.get("flow")
    if flow is None or commodity not in flow["commodity"].values:
        return pd.DataFrame(index=[int(y) for y in results.data["period"].values])
    frame = reading.by(flow.sel(commodity=commodity).clip(min=0.0), "process")
    return frame.loc[:, (frame > 0).any()]


def purchases(results: Results, commodity: str) -> pd.DataFrame:
    """Amounts per year by period and supply."""
    bought = reading.of_commodity(results, "purchase", "supply", commodity, FIGURE)
    if bought is None:
        return pd.DataFrame(index=[int(y) for y in results.data["period"].values])
    return reading.by(bought, "supply").rename(columns=lambda name: reading.trade_name("purchase", name, commodity))


def together(results: Results, made: pd.DataFrame, bought: pd.DataFrame, commodity: str) -> pd.DataFrame:
    """Makers by route, then purchases by supply."""
    if made.empty and bought.empty and not _known(results, commodity):
        raise reading.NotApplicableError(
            f"figure {FIGURE} of {results.name} — nothing makes or supplies '{commodity}' — choose another commodity"
        )
    both = pd.concat([reading.routes(results, made), bought], axis=1)
    return reading.add_up(both, list(both.columns))


def _known(results: Results, commodity: str) -> bool:
    """Whether plants could make it."""
    return "flow" in results.data and commodity in results.data["flow"]["commodity"].values


def _strip(ax: Axes, old: pd.Series[float], made: pd.Series[float], bought: pd.Series[float]) -> str:
    """What comes from where, beside each bar, and a note that says so; nothing where all has one origin."""
    parts = {
        say("dark = plants that stood at the start"): (old, OLD, ""),
        say("light = built, renewed or converted since"): (made - old, NEW, ""),
        say("dotted = bought"): (bought, BOUGHT, DOTS),
    }
    size = float((made + bought).max())
    seen = {text: part for text, part in parts.items() if float(part[0].abs().max()) > 1e-6 * size}
    if len(seen) < 2:
        return ""
    at, base = np.arange(len(made)) + stack.BAR / 2 + 0.02, np.zeros(len(made))
    for text, (values, colour, pattern) in seen.items():
        ax.bar(
            at, values, STRIP, bottom=base, align="edge", color=colour, hatch=pattern, edgecolor="#777777",
            linewidth=0.4, label=f"_{text}",
        )  # fmt: skip
        base = base + values.to_numpy()
    return say("Strip beside each bar: {parts}.", parts=", ".join(seen))


def finding(frame: pd.DataFrame, what: str, unit: str) -> str:
    """Who makes most at the start, who at the end; of one source alone, how much."""
    total = frame.sum(axis=1)
    years = [y for y in frame.index if total[y] > 0]
    if not years:
        return say("No {what} is made or bought", what=what)
    first, last = years[0], years[-1]
    named = frame.drop(columns=OTHER, errors="ignore")
    before, after = str(named.loc[first].idxmax()), str(named.loc[last].idxmax())
    then, now = (percent(frame.loc[y, n], total[y]) for y, n in ((first, before), (last, after)))
    who = {"product": what, "what": capital(label(after)), "first": first, "last": last, "then": then, "now": now}
    if first == last:
        return say("{what} provides {now} of {product} in {last}", **who)
    if before == after and then == now == percent(1, 1):
        alone = (
            ""
            if label(after).lower() == what.lower()
            else say("; {what} provides all of it", what=inside(label(after)))
        )
        return _amounts(total[first], total[last], first, last, what, unit) + alone
    if before == after:
        return say("{what} stays the largest source of {product}: {then} in {first}, {now} in {last}", **who)
    left = percent(frame.loc[last, before], total[last])
    who |= {"old": inside(label(before)), "left": left}
    if then == now == percent(1, 1):
        share = frame[after] / total
        year = next(y for y in years if (share[[x for x in years if x >= y]] > 0.995).all())
        who |= {"product": capital(what), "what": inside(label(after)), "year": year}
        return say("{product}: {what} replaces {old} entirely by {year}", **who)
    if frame.loc[last, before] / total[last] >= frame.loc[first, before] / total[first]:
        return say("{what} provides {now} of {product} in {last}; {old} keeps {left}", **who)
    return say("{what} provides {now} of {product} in {last}; {old} falls from {then} in {first} to {left}", **who)


def _amounts(then: float, now: float, first: object, last: object, what: str, unit: str) -> str:
    """How the amount of a product changes."""
    values = {"what": capital(what), "then": quantity(then, unit), "now": amount(now), "first": first, "last": last}
    if amount(then) == amount(now):
        return say("{what} stays at {then} from {first} to {last}", **values)
    if now < then:
        return say("{what} falls from {then} in {first} to {now} in {last}", **values)
    return say("{what} grows from {then} in {first} to {now} in {last}", **values)
