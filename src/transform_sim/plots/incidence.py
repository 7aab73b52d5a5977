"""Who pays whom: what policies move between state, industry, consumers and investors."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from transform_sim.analysis.incidence import counted, served
from transform_sim.results import Results

from . import reading, stack, style
from .colours import Look, looks
from .cost import named
from .language import say, word
from .words import capital, inside, label, quantity, shortened, sized

FIGURE = "incidence"
LEFT_OUT = ("financing", "product_price")
"""What changes hands without being a policy: the cost of capital and the price of the product itself."""
ACTORS = ("state", "industry", "consumers", "investors", "network operator", "suppliers")
GAP = 1.6
"""Room between actors, in bars."""
SMALL, OTHERS = 0.02, "others"
"""Share of the largest bar below which actors stand together, and how they are called then."""
TICKS = 4
"""Most bars of an actor with a year under each; of more, the first and the last are named."""


def incidence(results: Results, commodity: str | None = None, *, ax: Axes | None = None) -> Axes:
    """What each actor receives (up) and pays (down) by policy in each year; over all actors a policy adds to zero.

    Args:
        commodity: a product that is demanded; money is then per unit of it that is served.

    Raises NotApplicableError if no policy moves money.
    """
    with reading.applicable(results, FIGURE):
        table = moved(results)
        per = None if commodity is None else served(results, commodity)
    if not len(table):
        raise reading.NotApplicableError(
            f"figure {FIGURE} of {results.name} — no policy moves money — give the scenario a price, cap or support"
        )
    currency = str(results.data.attrs["currency"])
    unit = f"{currency}/a" if commodity is None else f"{currency}/{reading.unit_of(results, 'commodity', commodity)}"
    wide = table if per is None else table.div(per, axis=0, level="period")
    factor, unit = sized(float(wide.clip(lower=0).sum(axis=1).max()), unit) if commodity is None else (1.0, unit)
    wide = reading.largest(wide / factor)
    with style.sheet(ax) as ax:
        _bars(ax, wide)
        style.upright(ax, say("Received and paid, {unit}", unit=unit))
        note = say(
            "Undiscounted; diamonds: net. Without the cost of capital, and without prices, through which it is passed "
            "on and in which caps and quotas show."
        )
        style.finish(ax, results, finding(wide, unit, commodity), note=note)
    return ax


def moved(results: Results) -> pd.DataFrame:
    """Money of policies by actor and period (rows) and component (columns), received +; small actors together."""
    frame = counted(results)
    own = frame[(frame["kind"] == "transfer") & ~frame["component"].isin(LEFT_OUT)]
    table = own.pivot_table(
        index=["actor", "period"], columns="component", values="amount", aggfunc="sum", fill_value=0.0
    )
    size = table.abs().sum(axis=1).groupby(level="actor").max()
    shown = {a: a if size[a] >= SMALL * size.max() else OTHERS for a in size.index}
    small = [a for a, name in shown.items() if name == OTHERS]
    shown |= dict.fromkeys(small, small[0]) if len(small) == 1 else {}
    table = table.groupby([table.index.get_level_values(0).map(shown), table.index.get_level_values(1)]).sum()
    actors = sorted(dict.fromkeys(shown.values()), key=lambda a: (a == OTHERS, _place(a), a))
    years = [int(y) for y in results.data["period"].values]
    full = table.reindex(pd.MultiIndex.from_product([actors, years], names=["actor", "period"]), fill_value=0.0)
    most = full.abs().max()
    kept: pd.DataFrame = full.loc[:, most > reading.NOTHING * most.max()]
    return kept


def _place(actor: str) -> int:
    return ACTORS.index(actor) if actor in ACTORS else len(ACTORS)


def _bars(ax: Axes, wide: pd.DataFrame) -> None:
    """Bars by year for each actor, components stacked from zero both ways, with labels beside."""
    actors, drawn = list(dict.fromkeys(wide.index.get_level_values(0))), looks([str(c) for c in wide.columns])
    years = wide.index.get_level_values(1).unique()
    at = np.concatenate([np.arange(len(years)) + k * (len(years) + GAP) for k in range(len(actors))])
    up, down = np.zeros(len(at)), np.zeros(len(at))
    for component in wide.columns:
        value = wide[component].to_numpy(dtype=float)
        look = drawn[component]
        ax.bar(
            at, value, stack.BAR, bottom=np.where(value < 0, down, up), color=look.colour, hatch=look.hatch,
            edgecolor=look.edge, linewidth=0.6, label=named(component),
        )  # fmt: skip
        up, down = up + np.maximum(value, 0.0), down + np.minimum(value, 0.0)
    ax.plot(at, up + down, "D", color="white", markeredgecolor=style.INK, markersize=4, zorder=6, label=word("net"))
    _axis(ax, at, actors, list(years), up, down)
    stack.beside(ax, _tags(wide, drawn, ax.get_ylim()), float(at[-1]) + stack.BAR / 2)


def _axis(ax: Axes, at: np.ndarray, actors: list[str], years: list[int], up: np.ndarray, down: np.ndarray) -> None:
    """Years under the bars, actors over them."""
    shown = range(len(years)) if len(years) * len(actors) <= TICKS else sorted({0, len(years) - 1})
    ticks = [k * len(years) + i for k in range(len(actors)) for i in shown]
    ax.set_xticks(at[ticks], [str(years[t % len(years)]) for t in ticks], fontsize=stack.LABEL - 1)
    low, high = min(float(down.min()), 0.0), max(float(up.max()), 0.0)
    span = (high - low) or 1.0
    ax.set_ylim(low - 0.05 * span, high + 0.14 * span)
    ax.set_xlim(at[0] - 0.8, at[-1] + 0.8)
    ax.axhline(0.0, color=style.QUIET, linewidth=0.8, zorder=3)
    ax.spines["bottom"].set_visible(False)
    for k, actor in enumerate(actors):
        middle = at[k * len(years) : (k + 1) * len(years)].mean()
        text = shortened(capital(word(actor)), 14, 2)
        ax.text(middle, high + 0.12 * span, text, ha="center", va="top", fontweight="bold", fontsize=stack.LABEL,
                path_effects=style.halo(), zorder=7)  # fmt: skip


def _tags(wide: pd.DataFrame, drawn: dict[str, Look], limits: tuple[float, float]) -> list[stack.Tag]:
    """A label for each component, the largest at the top."""
    size = wide.abs().sum().sort_values(kind="stable")
    heights = np.linspace(*limits, len(size) + 2)[1:-1]
    return [
        stack.Tag(capital(named(str(c))), drawn[str(c)], float(h), here=False)
        for c, h in zip(size.index, heights, strict=True)
    ]


def finding(wide: pd.DataFrame, unit: str, commodity: str | None) -> str:
    """What the state takes or pays net in the first and the last year; without a state, what is moved."""
    years = wide.index.get_level_values(1)
    per = "" if commodity is None else say(", per unit of {what} demanded", what=inside(label(commodity)))
    values = {"first": years[0], "last": years[-1]}
    if "state" not in wide.index.get_level_values(0):
        total = float(wide.clip(lower=0).xs(years[-1], level="period").to_numpy().sum())
        return say("Policies move {amount} between others than the state in {last}", **values,
                   amount=quantity(total, unit)) + per  # fmt: skip
    net = wide.sum(axis=1)[wide.index.get_level_values(0) == "state"]
    said = [quantity(abs(float(net.iloc[i])), unit) for i in (0, -1)]
    values |= {"then": said[0], "now": said[1]}
    starts, ends = float(net.iloc[0]) >= 0, float(net.iloc[-1]) >= 0
    if len(net) == 1 and starts:
        text = say("The state takes {then} net in {first}", **values)
    elif len(net) == 1:
        text = say("The state pays {then} net in {first}", **values)
    elif starts and ends:
        text = say("The state takes {then} net in {first} and {now} in {last}", **values)
    elif starts:
        text = say("The state takes {then} net in {first}, but pays {now} in {last}", **values)
    elif ends:
        text = say("The state pays {then} net in {first}, but takes {now} in {last}", **values)
    else:
        text = say("The state pays {then} net in {first} and {now} in {last}", **values)
    return text + per
