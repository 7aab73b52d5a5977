"""Emissions by route and the net path, with the years in which a cap decides."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from transform_sim.results import Results

from . import reading, stack, style
from .colours import Look, looks
from .stack import Tag
from .words import amount, amounts, capital, label, percent, quantity, sized

FIGURE = "emissions"
BALANCE = "purchases and disposal"
"""What purchases and disposal release at the nodes: net emissions less those of processes."""


def emissions(results: Results, emission: str | None = None, *, ax: Axes | None = None) -> Axes:
    """An emission by route in each period (removals below zero) and its net sum as a line; per year.

    `emission` is the first one if absent. Years in which a cap or budget binds are marked with what one tonne less
    under it would save. Raises NotApplicableError if the results have no such emission.
    """
    net = reading.take(results, "emissions", FIGURE)
    known = [str(e) for e in net["emission"].values]
    emission = known[0] if emission is None else emission
    if emission not in known:
        raise reading.NotApplicableError(
            f"figure {FIGURE} of {results.name} — there is no emission '{emission}' — choose from {', '.join(known)}"
        )
    line = reading.by(net.sel(emission=[emission]), "emission")[emission]
    parts = sources(results, emission, line)
    highest = max(float(parts.clip(lower=0).sum(axis=1).max()), float(line.abs().max()))
    factor, unit = sized(highest, f"{reading.unit_of(results, 'emission', emission)}/a")
    frame, line = reading.largest(parts) / factor, line / factor
    with style.sheet(ax) as ax:
        drawn = looks(list(frame.columns))
        middle = stack.bars(ax, frame, drawn)
        _net_line(ax, line, frame)
        note = _binding(ax, results, line)
        net_tag = Tag("Net emission", Look(style.INK), float(line.iloc[-1]), mark="line", here=False)
        stack.beside(ax, [*stack.tags(frame, middle, drawn), net_tag], stack.end(frame))
        style.upright(ax, f"{capital(label(emission))}, {unit}")
        style.finish(ax, results, finding(line, label(emission), unit), note=note)
    return ax


def sources(results: Results, emission: str, net: pd.Series[float]) -> pd.DataFrame:
    """The emission by route, and what is released by purchases and disposal; adds to the net emission."""
    array = results.data.get("process_emission")
    frame = pd.DataFrame(index=net.index)
    if array is not None and emission in array["emission"].values:
        frame = reading.routes(results, reading.by(array.sel(emission=emission), "process"))
    rest = net - frame.sum(axis=1)
    size = max(float(net.abs().max()), float(frame.abs().to_numpy().max(initial=0.0)))
    if float(rest.abs().max()) > 1e-6 * size:
        frame = frame.assign(**{BALANCE: rest})
    return frame


def _net_line(ax: Axes, line: pd.Series[float], frame: pd.DataFrame) -> None:
    """The net path over the bars with its values; also where it equals the bars, for it is what targets ask for."""
    at = np.arange(len(line))
    ax.plot(at, line.to_numpy(), color="white", linewidth=3.6, zorder=4, solid_capstyle="round")
    ax.plot(
        at, line.to_numpy(), color=style.INK, linewidth=1.6, marker="o", markersize=4.5, markerfacecolor="white",
        zorder=5, label="net",
    )  # fmt: skip
    if len(line) > stack.TICKS:
        return
    values = line.to_numpy()
    tops = np.maximum(values, frame.clip(lower=0).sum(axis=1).to_numpy())
    bottoms = np.minimum(values, frame.clip(upper=0).sum(axis=1).to_numpy())
    for i, text in enumerate(amounts(line)):
        if values[i] < 0:
            stack.above(ax, text, i, float(bottoms[i]), under=True)
        else:
            stack.above(ax, text, i, float(tops[i]), side=_free_side(values, i))


def _free_side(values: np.ndarray, i: int) -> int:
    """Where the line leaves room above a point: right (1) when it falls to it, left (-1) when it rises from it."""
    left = i > 0 and values[i - 1] > values[i]
    right = i + 1 < len(values) and values[i + 1] > values[i]
    return int(left) - int(right)


def _binding(ax: Axes, results: Results, line: pd.Series[float]) -> str:
    """Fill the points of years in which a cap or budget binds; a note that says so, with the price."""
    price = results.data["cap_price"].values if "cap_price" in results.data else np.zeros(len(line))
    binds = np.flatnonzero(price > 1e-6)
    if not binds.size:
        return ""
    ax.plot(binds, line.to_numpy()[binds], "o", color=style.INK, markersize=4.5, zorder=6, label="cap binds")
    low, high = amount(float(price[binds].min())), amount(float(price[binds].max()))
    span = low if low == high else f"{low} to {high}"
    return (
        f"Filled points: a cap or budget on emissions binds; one tonne less would save {span} "
        f"{results.data.attrs['currency']} on top of the carbon price."
    )


def finding(line: pd.Series[float], what: str, unit: str) -> str:
    """By how much the net emission falls from first to last period."""
    first, last = line.index[0], line.index[-1]
    then, now = float(line.iloc[0]), float(line.iloc[-1])
    if first == last:
        return f"{capital(what)}: {quantity(then, unit)} in {first}"
    if then == now == 0:
        return f"{capital(what)} stays at zero from {first} to {last}"
    if then <= 0 or now >= then:
        return f"{capital(what)} goes from {quantity(then, unit)} in {first} to {amount(now)} in {last}"
    change = f"falls by {percent(then - now, then)}" if now > 0 else "falls to zero" if now == 0 else "falls below zero"
    return f"{capital(what)} {change}: from {quantity(then, unit)} in {first} to {amount(now)} in {last}"
