"""What avoiding emissions costs: steps of technologies by product, and the curve of the whole system."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from transform_sim.analysis import abatement_cost_steps
from transform_sim.results import Results
from transform_sim.scenario import Scenario

from . import reading, stack, style
from .colours import OTHER, looks
from .language import say
from .words import capital, inside, label, quantity

FIGURE = "abatement"
PRODUCTS = 10
"""Most products with a colour of their own; the smallest beyond them are drawn together."""
MEGA = 1e6
FAR = 0.04
"""Share of all that can be avoided which may lie beyond either end of the vertical axis."""


def abatement(
    results: Results,
    curve: pd.DataFrame | None = None,
    *,
    period: int | None = None,
    base: int | None = None,
    scenario: Scenario | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Marginal abatement cost: steps by product from the ways to make each, and the curve of the system as a line.

    Args:
        curve: table of `analysis.abatement_cost_curve`; without it, the steps alone are drawn.
        period: that of the curve if absent, without a curve the last.
        base, scenario: as in `analysis.abatement_cost_steps`.

    Raises NotApplicableError if no product has a step in the period.
    """
    own = int(results.data["period"].values[-1]) if curve is None else int(curve["period"].iloc[0])
    year = own if period is None else period
    with reading.applicable(results, FIGURE):
        steps = abatement_cost_steps(results, base=base, scenario=scenario)
    steps = steps[steps["period"] == year]
    if steps.empty:
        raise reading.NotApplicableError(
            f"figure {FIGURE} of {results.name} — nothing that stands can be replaced in {year} — choose another period"
        )
    unit = str(steps["unit"].iloc[0])
    with style.sheet(ax) as ax:
        low, high = _limits(steps)
        _steps(ax, steps)
        line = None if curve is None else _curve(ax, curve)
        top = high if line is None else max(high, min(float(line.max()) * 1.05, 2.0 * high))
        ax.set_ylim(low, top)
        ax.set_xlim(left=0.0)
        if low < 0:
            ax.axhline(0.0, color=style.QUIET, linewidth=0.8, zorder=3)
        style.numbers(ax.xaxis)
        ax.set_xlabel(say("Emissions avoided in {year}, Mt CO₂/a", year=year), fontsize=style.TEXT, color=style.INK)
        style.upright(ax, say("Cost of avoiding, {unit} CO₂", unit=unit))
        ax.legend(
            loc="upper left", bbox_to_anchor=(1.01, 1.0), frameon=False, fontsize=stack.LABEL, handlelength=1.3,
            handleheight=0.8, borderaxespad=0.0,
        )  # fmt: skip
        beyond = float(steps.loc[(steps["cost"] > top) | (steps["cost"] < low), "potential"].sum())
        style.finish(ax, results, _finding(results, steps, year, unit), note=_note(beyond, curve))
    return ax


def _steps(ax: Axes, steps: pd.DataFrame) -> None:
    """A bar per step, as wide as what it avoids, in the colour of its product; thin lines part them."""
    sizes = steps.groupby("commodity")["potential"].sum().sort_values(ascending=False, kind="stable")
    named = list(sizes.index) if len(sizes) <= PRODUCTS else list(sizes.index[: PRODUCTS - 1])
    names = steps["commodity"].where(steps["commodity"].isin(named), OTHER)
    shown = [*named, OTHER] if (names == OTHER).any() else named
    drawn = looks([str(n) for n in shown])
    left = (steps["cumulative"] - steps["potential"]).to_numpy()
    for name in shown:
        at, look = (names == name).to_numpy(), drawn[str(name)]
        ax.bar(
            left[at], steps["cost"].to_numpy()[at], steps["potential"].to_numpy()[at], align="edge", color=look.colour,
            hatch=look.hatch, edgecolor=look.edge, linewidth=0.3, label=capital(label(str(name))),
        )  # fmt: skip


def _curve(ax: Axes, curve: pd.DataFrame) -> pd.Series[float]:
    """The system's marginal cost: up to each cap, what its last tonne costs."""
    known = curve.dropna(subset="dual").sort_values("avoided", kind="stable")
    at, cost = known["avoided"].to_numpy() / MEGA, known["marginal"]
    ax.plot(
        at, cost, drawstyle="steps-pre", color=style.INK, linewidth=1.6, zorder=6, label=say("Whole system, by cap")
    )
    return cost


def _limits(steps: pd.DataFrame) -> tuple[float, float]:
    """Ends of the vertical axis: those of nearly all that can be avoided."""
    order = steps.sort_values("cost", kind="stable")
    share = order["potential"].cumsum() / order["potential"].sum()
    low = float(order["cost"].iloc[int(np.searchsorted(share.to_numpy(), FAR))])
    high = float(order["cost"].iloc[min(int(np.searchsorted(share.to_numpy(), 1.0 - FAR)), len(order) - 1)])
    span = max(high, 0.0) - min(low, 0.0) or 1.0
    return (low - 0.1 * span if low < 0 else 0.0), max(high, 0.0) + 0.1 * span


def _note(beyond: float, curve: pd.DataFrame | None) -> str:
    notes = [
        say(
            "Steps: each way to make a product against the one before, for all that is made by the way that makes "
            "most of it at the start; without carbon cost and limits such as scrap."
        )
    ]
    if curve is not None:
        paid = float(curve["carbon_price"].iloc[0])
        unit = str(curve["unit"].iloc[0])
        notes.append(
            say("System: last tonne under ever tighter caps, beyond what {price} avoids.", price=quantity(paid, unit))
            if paid > 0
            else say("System: last tonne under ever tighter caps.")
        )
    if beyond > 0:
        notes.append(say("Beyond the axis: {amount}.", amount=quantity(beyond, "Mt/a")))
    return " ".join(notes)


def _finding(results: Results, steps: pd.DataFrame, year: int, unit: str) -> str:
    """How much costs less than the carbon price of the year; without one, less than nothing."""
    prices = results.data.get("carbon_price")
    price = 0.0 if prices is None else float(prices.sel(period=year))
    cheap = steps[steps["cost"] <= price]
    values = {
        "year": year, "part": quantity(float(cheap["potential"].sum()), "Mt/a"),
        "whole": quantity(float(steps["potential"].sum()), "Mt/a"),
    }  # fmt: skip
    if cheap.empty:
        return say("None of {whole} CO₂ could be avoided for less than {price} in {year}", **values,
                   price=quantity(price, unit))  # fmt: skip
    most = str(cheap.groupby("commodity")["potential"].sum().idxmax())
    values |= {"what": inside(label(most)), "price": quantity(price, unit)}
    return say(
        "{part} of {whole} CO₂ could be avoided for less than {price} in {year}, most of it in making {what}", **values
    )
