"""Emissions by route or sector and the net path, beside the target, with the years in which a cap decides."""

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
from .words import amount, amounts, capital, emitted, label, percent, quantity, sector, sized

FIGURE = "emissions"
TARGET = "#D55E00"
NEAR = 0.005
"""Share of the first net emission below which the last one counts as net zero."""
BALANCE = "purchases and disposal"
"""What purchases and disposal release at the nodes: net emissions less those of processes."""
REMOVED = "stored CO₂, biogenic or from the air"
"""Carbon of plants and the air that is stored for good, below zero at the store where policies credit it."""


def emissions(results: Results, emission: str | None = None, *, ax: Axes | None = None) -> Axes:
    """An emission by route in each period (removals below zero), its net sum as a line, the cap as a step; per year.

    More routes than fit are drawn by sector. `emission` is the first one if absent. Years in which a cap or budget
    binds are marked with what one tonne less under it would save. Raises NotApplicableError if the results have no
    such emission.
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
    cap = target(results, emission)
    highest = max(float(parts.clip(lower=0).sum(axis=1).max()), float(line.abs().max()))
    factor, unit = sized(highest, f"{reading.unit_of(results, 'emission', emission)}/a")
    frame, line, cap = reading.largest(parts, reading.SECTORS) / factor, line / factor, cap / factor
    with style.sheet(ax) as ax:
        drawn = looks(list(frame.columns))
        net_tag = Tag(say("Net emission"), Look(style.INK), float(line.iloc[-1]), mark="line", here=False)
        middle = stack.bars(ax, frame, drawn, sector)
        target_tag = _target_line(ax, cap)
        _net_line(ax, line, frame)
        note = " ".join(filter(None, (_binding(ax, results, line), _banked(results))))
        stack.beside(ax, [*stack.tags(frame, middle, drawn, sector), net_tag, *target_tag], stack.end(frame))
        style.upright(ax, f"{capital(label(emission))}, {unit}")
        style.finish(ax, results, finding(line, emitted(emission), unit) + reaching(line, cap), note=note)
    return ax


def target(results: Results, emission: str) -> pd.Series[float]:
    """The cap in force by period; NaN where there is none. It counts scope-1 emissions, the first in the results."""
    index = [int(y) for y in results.data["period"].values]
    first = str(results.data["emissions"]["emission"].values[0])
    if "emission_cap" not in results.data or emission != first:
        return pd.Series(np.nan, index=index)
    return pd.Series(results.data["emission_cap"].values.astype(float), index=index)


def sources(results: Results, emission: str, net: pd.Series[float]) -> pd.DataFrame:
    """The emission by route or sector, what is removed by storage, and what purchases and disposal release.

    Adds to the net emission.
    """
    array = results.data.get("process_emission")
    frame = pd.DataFrame(index=net.index)
    if array is not None and emission in array["emission"].values:
        frame, _ = reading.grouped(results, reading.by(array.sel(emission=emission), "process"))
    removed = analysis.removals(results, emission)
    rest = net - frame.sum(axis=1) + removed
    size = max(float(part.abs().max()) for part in (net, removed, *(frame[c] for c in frame.columns)))
    for name, part in ((REMOVED, -removed), (BALANCE, rest)):
        if float(part.abs().max()) > 1e-6 * size:
            frame = frame.assign(**{name: part})
    return frame


def _target_line(ax: Axes, cap: pd.Series[float]) -> list[Tag]:
    """The cap as a step over each period, and its label; nothing where there is none."""
    known = cap.dropna()
    if known.empty:
        return []
    edges = np.arange(len(cap) + 1) - 0.5
    # Drawn twice: a white rim keeps the line apart from bars of any colour.
    for colour, width, name in (("white", 3.6, "_rim"), (TARGET, 1.8, "target")):
        ax.stairs(cap.to_numpy(), edges, baseline=None, color=colour, linewidth=width, zorder=4, label=name)
    low, high = ax.get_ylim()
    span = high - low
    ax.set_ylim(min(low, float(known.min()) - 0.04 * span), max(high, float(known.max()) + 0.08 * span))
    text = say("Target: {value}", value=amount(float(known.iloc[-1])))
    return [Tag(text, Look(TARGET), float(known.iloc[-1]), known.index[-1] == cap.index[-1], "line")]


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


def _banked(results: Results) -> str:
    """That a bank lets a year be above its cap."""
    if "bank" not in results.data or not (results.data["bank"] > 0).any():
        return ""
    return say("Allowances that are left are banked: the caps hold in sum, not in each year.")


def _binding(ax: Axes, results: Results, line: pd.Series[float]) -> str:
    """Fill the points of years in which a cap or budget binds; a note that says so, with the price."""
    if "cap_price" not in results.data:
        return ""
    price = results.data["cap_price"].transpose("period", "node").values  # above zero where a cap binds
    binds = np.flatnonzero((price > 1e-6).any(axis=1))
    if not binds.size:
        return ""
    ax.plot(binds, line.to_numpy()[binds], "o", color=style.INK, markersize=4.5, zorder=6, label="cap binds")
    binding = price[price > 1e-6]
    low, high = amount(float(binding.min())), amount(float(binding.max()))
    return say(
        "Filled points: a cap or budget on emissions binds; one tonne less would save {span} {money} on top of the "
        "carbon price.",
        span=low if low == high else say("{low} to {high}", low=low, high=high), money=results.data.attrs["currency"],
    )  # fmt: skip


def reaching(line: pd.Series[float], cap: pd.Series[float]) -> str:
    """From when on the target decides the path."""
    if cap.isna().all():
        return ""
    size = max(float(line.abs().max()), 1e-12)
    binds = [int(y) for y in line.index if not np.isnan(cap[y]) and cap[y] - line[y] < 1e-4 * size]
    return say("; the target binds from {year}", year=binds[0]) if binds else say("; the target does not bind")


def finding(line: pd.Series[float], what: str, unit: str) -> str:
    """By how much the net emission falls from first to last period."""
    first, last = line.index[0], line.index[-1]
    then, now = float(line.iloc[0]), float(line.iloc[-1])
    values = {
        "what": capital(what), "then": quantity(then, unit), "now": amount(now), "first": first, "last": last,
    }  # fmt: skip
    if first == last:
        return say("{what}: {then} in {first}", **values)
    if then == now == 0:
        return say("{what} stay at zero from {first} to {last}", **values)
    if amount(then) == amount(now):
        return say("{what} stay at {then} from {first} to {last}", **values)
    if then <= 0 or now > then:
        return say("{what} go from {then} in {first} to {now} in {last}", **values)
    if abs(now) < NEAR * then:
        year = next(y for y in line.index if (line.loc[y:].abs() < NEAR * then).all())
        return say("{what} fall from {then} in {first} to net zero by {year}", year=year, **values)
    if now < 0:
        return say("{what} fall below zero: from {then} in {first} to {now} in {last}", **values)
    share = percent(then - now, then)
    return say("{what} fall by {share}: from {then} in {first} to {now} in {last}", share=share, **values)
