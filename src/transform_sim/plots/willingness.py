"""What users of a commodity could pay for it, over how much they use: its demand curve."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from transform_sim.analysis import willingness_to_pay
from transform_sim.results import Results
from transform_sim.scenario import Scenario

from . import reading, stack, style
from .colours import OTHER, looks
from .language import say
from .words import amount, capital, inside, label, percent, quantity, sized

FIGURE = "willingness"
USERS = 12
"""Most processes with a colour of their own; the smallest beyond them are drawn together."""
FEW = 0.02
"""Share of the use at either end whose bars may leave the axes."""


def willingness(
    results: Results,
    commodity: str,
    *,
    period: int | None = None,
    capital_paid: bool = True,
    scenario: Scenario | None = None,
    ax: Axes | None = None,
) -> Axes:
    """What processes could pay at most for a commodity, the highest first, over how much they use; its price as line.

    Args:
        period: the last if absent.
        capital_paid: whether investment is paid too (new plants), as `capital` in `analysis.willingness_to_pay`.

    Raises NotApplicableError if no process uses the commodity in the period.
    """
    year = int(results.data["period"].values[-1]) if period is None else period
    with reading.applicable(results, FIGURE):
        table = willingness_to_pay(results, commodity, capital=capital_paid, scenario=scenario)
    table = table[(table["period"] == year) & table["willingness"].notna()]
    used = table[table["used"] > reading.NOTHING * float(table["used"].max() if len(table) else 0.0)]
    if used.empty:
        raise reading.NotApplicableError(
            f"figure {FIGURE} of {results.name} — no process that can be built uses '{commodity}' in {year} — "
            "choose another period"
        )
    size, unit = sized(float(used["used"].sum()), str(used["used_unit"].iloc[0]))
    price = float(np.average(used["price"], weights=used["used"]))
    money = str(used["unit"].iloc[0])
    with style.sheet(ax) as ax:
        _steps(ax, used, size)
        _line(ax, price, float(used["used"].sum()) / size)
        style.numbers(ax.xaxis)
        ax.set_xlabel(
            say("{what} used in {year}, {unit}", what=capital(label(commodity)), year=year, unit=unit),
            fontsize=style.TEXT, color=style.INK,
        )  # fmt: skip
        style.upright(ax, say("Most that could be paid, {unit}", unit=money))
        ax.legend(
            loc="upper left", bbox_to_anchor=(1.01, 1.0), frameon=False, fontsize=stack.LABEL, handlelength=1.3,
            handleheight=0.8, borderaxespad=0.0,
        )  # fmt: skip
        style.finish(
            ax, results, finding(used, commodity, year, price, money), note=_note(table, used, price, capital_paid)
        )
    return ax


def _steps(ax: Axes, used: pd.DataFrame, size: float) -> None:
    """A bar per user, as wide as its use, in the colour of its process."""
    sizes = used.groupby("process")["used"].sum().sort_values(ascending=False, kind="stable")
    named = list(sizes.index) if len(sizes) <= USERS else list(sizes.index[: USERS - 1])
    names = used["process"].where(used["process"].isin(named), OTHER)
    order = [str(n) for n in dict.fromkeys(names)]  # as they stand along the curve
    drawn = looks(order)
    width = used["used"].to_numpy() / size
    left = np.cumsum(width) - width
    for name in order:
        at, look = (names == name).to_numpy(), drawn[name]
        ax.bar(
            left[at], used["willingness"].to_numpy()[at], width[at], align="edge", color=look.colour, hatch=look.hatch,
            edgecolor=look.edge, linewidth=0.3, label=capital(label(name)),
        )  # fmt: skip
    ax.axhline(0.0, color=style.QUIET, linewidth=0.8, zorder=3)
    ax.set_xlim(0.0, float(width.sum()))
    first, last = (int(np.searchsorted(np.cumsum(width) / width.sum(), share)) for share in (FEW, 1.0 - FEW))
    high, low = (float(used["willingness"].iloc[min(k, len(used) - 1)]) for k in (first, last))
    ax.set_ylim(min(1.1 * low, 0.0), 1.1 * max(high, 0.0))


def _line(ax: Axes, price: float, end: float) -> None:
    ax.axhline(price, color=style.INK, linewidth=1.2, linestyle=(0, (4, 2)), zorder=6)
    low, high = ax.get_ylim()
    ax.set_ylim(min(low, price), max(high, price + 0.08 * (high - low)))
    ax.annotate(
        say("Price: {price}", price=amount(price)), (end, price), (-3, 4), textcoords="offset points", ha="right",
        va="bottom", fontsize=stack.LABEL, color=style.INK, path_effects=style.halo(), zorder=8,
    )  # fmt: skip


def _note(table: pd.DataFrame, used: pd.DataFrame, price: float, capital_paid: bool) -> str:
    paid = (
        say("What a new plant earns at shadow prices less all its other costs, by unit used.")
        if capital_paid
        else say("What a standing plant earns at shadow prices less its other costs without capital, by unit used.")
    )
    others = table.drop(used.index)
    more = int(others.loc[others["willingness"] > price, "process"].nunique())
    idle = say("Processes that use none although they could pay more: {count}.", count=more)
    return f"{paid} {idle}" if more else paid


def finding(used: pd.DataFrame, commodity: str, year: int, price: float, unit: str) -> str:
    """Who could pay most, and what part of the use could pay the price."""
    best = used.iloc[0]
    enough = float(used.loc[used["willingness"] >= price * (1 - 1e-6), "used"].sum())
    return say(
        "{who} could pay {most} for {what} in {year}; plants behind {share} of its use could pay the price",
        who=capital(label(str(best["process"]))), most=quantity(float(best["willingness"]), unit),
        what=inside(label(commodity)), year=year, share=percent(enough, float(used["used"].sum())),
    )  # fmt: skip
