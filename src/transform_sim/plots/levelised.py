"""What a product costs by the way it is made, and what the cost is made of."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from transform_sim.analysis.plant_cost import BY_PRODUCT, CAPITAL, CARBON, FIXED, STORAGE, VARIABLE
from transform_sim.analysis.support_cost import ALLOCATION, COMPENSATION, CONTRACT, GRANT, QUOTA, SUPPORT
from transform_sim.results import Results
from transform_sim.scenario import Scenario

from . import reading, stack, style, ways
from .colours import Look, looks
from .language import say, word
from .words import amount, capital, inside, label, quantity, shortened

FIGURE = "levelised"
NAMED = 0.37
"""Share of the width in which the names of the ways stand."""
WAYS = 14
"""Most bars; the dearest ways beyond them are left out."""
NAMES = {
    CAPITAL: "capital", FIXED: "fixed operation", VARIABLE: "variable operation", STORAGE: "CO₂ transport and storage",
    CARBON: "CO₂ emitted", BY_PRODUCT: "by-products", ALLOCATION: "free allocation",
    COMPENSATION: "electricity price compensation", CONTRACT: "carbon contract", GRANT: "investment grant",
    QUOTA: "green premium",
}  # fmt: skip
COLOURS = {CAPITAL: "#004488", FIXED: "#997700", VARIABLE: "#EECC66", STORAGE: "#9FBF9F", CARBON: "#777777",
           BY_PRODUCT: "#FFFFFF", ALLOCATION: "#B7D9C0", COMPENSATION: "#E3DDA0", CONTRACT: "#8FC3E8",
           GRANT: "#C9B8DE", QUOTA: "#A6CE39"}  # fmt: skip
HATCHES = {BY_PRODUCT: "////", **dict.fromkeys(SUPPORT, "....")}
CLOSE = 0.01
"""Difference, as share of the least cost, below which two plants are said to cost the same."""


def levelised(
    results: Results,
    commodity: str | None = None,
    *,
    period: int | None = None,
    support: bool = True,
    scenario: Scenario | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Levelised cost of a product from new (and renewed) plants by process and mode, cheapest first; its price as line.

    Args:
        commodity: the first that is demanded if absent.
        period: the last if absent.
        support: whether what policies pay is taken off (below zero).
        scenario: the one that was solved, where plants read tables (see `analysis.levelised_cost`).

    Each way stands in the region where it is cheapest. Raises NotApplicableError if no process makes the commodity.
    """
    commodity = reading.chosen(results, commodity, FIGURE)
    year = int(results.data["period"].values[-1]) if period is None else period
    rows = ways.priced(results, commodity, year, scenario, FIGURE, support=support)
    names = ways.named(rows)
    frame = ways.stacked(rows, names)
    total = frame.sum(axis=1)
    shown = frame.loc[total.sort_values(kind="stable").index[:WAYS]]
    unit = str(rows["unit"].iloc[0])
    price = ways.price_of(results, commodity, year)
    with style.sheet(ax, 1.75 + max(0.27 * max(len(shown), 5), 0.21 * len(shown.columns))) as ax:
        _bars(ax, shown)
        _line(ax, price, len(shown))
        ax.set_xlabel(
            say("Cost of {what} in {year}, {unit}", what=label(commodity), year=year, unit=unit),
            loc="left", fontsize=style.TEXT, color=style.INK,
        )  # fmt: skip
        ax.xaxis.set_label_position("top")
        plants = dict(zip(names, rows["process"].astype(str), strict=True))
        note = _note(rows, len(frame) - len(shown))
        style.finish(ax, results, finding(total, plants, commodity, year, unit), note=note)
    return ax


def _bars(ax: Axes, frame: pd.DataFrame) -> None:
    """Horizontal bars, cheapest at the top, with their sums; a legend in the order of the parts."""
    own = looks([c for c in frame.columns if c not in COLOURS])
    at = np.arange(len(frame))[::-1]
    right, left = np.zeros(len(frame)), np.zeros(len(frame))
    for part in frame.columns:
        value = frame[part].to_numpy()
        base = np.where(value < 0, left, right)
        look = own.get(part) or Look(COLOURS[part], HATCHES.get(part, ""))
        ax.barh(
            at, value, 0.72, left=base, color=look.colour, hatch=look.hatch, edgecolor=look.edge, linewidth=0.6,
            label=capital(word(NAMES[part]) if part in NAMES else label(part)),
        )  # fmt: skip
        right, left = right + np.maximum(value, 0.0), left + np.minimum(value, 0.0)
    for y, end, total in zip(at, right, frame.sum(axis=1), strict=True):
        ax.annotate(
            amount(float(total)), (end, y), (3, 0), textcoords="offset points", va="center", fontsize=stack.LABEL,
            color=style.INK, zorder=7, bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.8},
        )  # fmt: skip
    low, high = 1.02 * float(left.min()), 1.12 * float(right.max())
    edge = low - NAMED / (1 - NAMED) * (high - low)
    for y, name in zip(at, frame.index, strict=True):
        ax.text(edge, y, shortened(name, 31, 2), va="center", fontsize=stack.LABEL, color=style.INK, linespacing=1.0)
    ax.set_yticks([])
    ax.set_ylim(-0.6, len(frame) - 0.1)
    ax.set_xlim(edge, high)
    ticks = [float(x) for x in MaxNLocator(5).tick_values(min(low, 0.0), high) if low <= x <= high]
    ax.set_xticks(ticks, [amount(x) for x in ticks])
    ax.spines["bottom"].set_bounds(low, high)
    ax.grid(axis="y", visible=False)
    ax.grid(axis="x", color=style.PALE, linewidth=0.6)
    ax.axvline(0.0, color=style.QUIET, linewidth=0.8, zorder=3)
    ax.legend(
        loc="upper left", bbox_to_anchor=(1.01, 1.0), frameon=False, fontsize=stack.LABEL, handlelength=1.3,
        handleheight=0.8, borderaxespad=0.0,
    )  # fmt: skip


def _line(ax: Axes, price: float, bars: int) -> None:
    if np.isnan(price):
        return
    ax.axvline(price, color=style.INK, linewidth=1.2, linestyle=(0, (4, 2)), zorder=6, label="price")
    ax.annotate(
        say("Price: {price}", price=amount(price)), (price, bars - 0.35), (-3, 0), textcoords="offset points",
        va="center", ha="right", fontsize=stack.LABEL, color=style.INK, path_effects=style.halo(), zorder=8,
    )  # fmt: skip


def _note(rows: pd.DataFrame, left_out: int) -> str:
    notes = [
        say(
            "Plants run whenever available (electrolysers in their best hours); energy and materials at shadow prices, "
            "CO₂ at carbon price and cap. Price: what one more unit costs."
        )
    ]
    if (rows["investment"] == "renewed").any():
        notes.append(say("Renewed: the plant stands already, so that only its renewal is paid."))
    untraded = [inside(label(c)) for c in dict.fromkeys(rows[rows["basis"] == "untraded"]["item"])]
    if untraded:
        notes.append(say("Where {what} is not traded, its cost is uncertain.", what=", ".join(untraded)))
    if left_out:
        notes.append(say("{count} dearer ways are not shown.", count=left_out))
    return " ".join(notes)


def finding(total: pd.Series[float], plants: dict[str, str], commodity: str, year: int, unit: str) -> str:
    """The plant that makes the product at least cost, and what the next one costs; `plants` by way."""
    ranked = total.sort_values(kind="stable")
    least = float(ranked.iloc[0])
    best = plants[str(ranked.index[0])]
    values = {
        "way": capital(label(best)), "what": label(commodity), "year": year, "cost": quantity(least, unit),
    }  # fmt: skip
    others = [name for name in ranked.index if plants[str(name)] != best]
    if not others:
        return say("{way} makes {what} for {cost} in {year}", **values)
    other, more = inside(label(plants[str(others[0])])), float(ranked[others[0]])
    if more - least < CLOSE * abs(least):
        return say("{way} and {other} make {what} at about the same cost in {year}: {cost}", **values, other=other)
    return say(
        "{way} makes {what} at least cost in {year}: {cost}; next comes {other} with {more}",
        **values, other=other, more=amount(more),
    )  # fmt: skip
