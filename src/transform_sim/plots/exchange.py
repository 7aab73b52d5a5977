"""What sectors make for each other, and what exchange of by-products is worth."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from transform_sim import analysis
from transform_sim.analysis.flexibility_value import ALL, NEEDED, SAME
from transform_sim.results import Results

from . import reading, stack, style
from .colours import OTHER
from .flexibility_bars import ROWS, STRONG, above
from .language import say
from .words import amount, capital, inside, label, percent, quantity, sector, shortened, sized

FIGURE, VALUE = "exchange", "exchange_value"
SHADES = "Blues"
DARK = 0.55
"""Share of the darkest shade from which numbers stand in white."""
SMALL = 2e-3
"""Share of the largest cell below which one stays empty."""
MOST = 12
"""Most sectors on one side."""
BY_PRODUCT = "#C27BA0"


def exchange(results: Results, period: int | None = None, *, ax: Axes | None = None) -> Axes:
    """Who supplies whom: a matrix of makers' and users' sectors with the worth of what passes, at shadow prices.

    Framed cells are mostly by-products: what their makers are run for is something else. Period: the last if absent.
    Raises NotApplicableError if sectors exchange nothing then, or nothing that has a price.
    """
    table = analysis.exchange(results)
    known = [int(y) for y in results.data["period"].values]
    year = known[-1] if period is None else period
    own = table[(table["period"] == year) & table["value"].notna()]
    if not len(own) or not own["value"].abs().sum() > 0:
        raise reading.NotApplicableError(
            f"figure {FIGURE} of {results.name} — sectors exchange nothing of worth in {year} — choose another period"
        )
    own = own.assign(size=own["value"].abs(), beside=own["value"].abs().where(own["by_product"], 0.0))
    size, beside = _matrix(own, "size"), _matrix(own, "beside")
    size = _ordered(reading.largest(reading.largest(size, MOST).T, MOST).T)
    beside = reading.add_up(reading.add_up(beside, _kept(beside, size)).T, _kept(beside.T, size.T)).T
    factor, unit = sized(float(size.to_numpy().max()), f"{results.data.attrs['currency']}/a")
    with style.sheet(ax, 2.3 + 0.3 * len(size)) as ax:
        _cells(ax, size / factor, beside.reindex(index=size.index, columns=size.columns) / factor)
        note = say(
            "Rows make, columns use. Worth at mean shadow prices of the year, sign left out; pro rata where several "
            "make and use. Framed: mostly by-products."
        )
        above(ax, say("Exchanged between sectors in {year}, {unit}", year=year, unit=unit))
        style.finish(ax, results, _exchanged(own, year, str(results.data.attrs["currency"])), note=note)
    return ax


def _matrix(own: pd.DataFrame, column: str) -> pd.DataFrame:
    return own.pivot_table(index="from_sector", columns="to_sector", values=column, aggfunc="sum", fill_value=0.0)


def _ordered(size: pd.DataFrame) -> pd.DataFrame:
    """Sectors with the largest sums first, what stands for several last."""
    rows, columns = (size.sum(axis=k).sort_values(ascending=False, kind="stable").index for k in (1, 0))
    return size.loc[sorted(rows, key=OTHER.__eq__), sorted(columns, key=OTHER.__eq__)]


def _kept(whole: pd.DataFrame, shown: pd.DataFrame) -> list[str]:
    """The column under which each column of `whole` is shown."""
    return [str(c) if c in shown.columns else OTHER for c in whole.columns]


def _cells(ax: Axes, size: pd.DataFrame, beside: pd.DataFrame) -> None:
    values, most = size.to_numpy(), float(size.to_numpy().max())
    ax.pcolormesh(np.where(values > SMALL * most, values, np.nan), cmap=SHADES, vmin=0.0, vmax=1.3 * most)
    for (i, j), value in np.ndenumerate(values):
        if value <= SMALL * most:
            continue
        ax.text(
            j + 0.5, i + 0.5, amount(float(f"{value:.2g}")), ha="center", va="center", fontsize=stack.LABEL,
            color="white" if value > DARK * 1.3 * most else style.INK,
        )  # fmt: skip
        if beside.to_numpy()[i, j] > 0.5 * value:
            ax.add_patch(Rectangle((j + 0.05, i + 0.08), 0.9, 0.84, fill=False, edgecolor=BY_PRODUCT, linewidth=1.6))
    ax.set_yticks(np.arange(len(size)) + 0.5, [capital(sector(str(n))) for n in size.index])
    ax.set_xticks(
        np.arange(len(size.columns)) + 0.5, [capital(sector(str(n))) for n in size.columns], rotation=40, ha="left",
        rotation_mode="anchor",
    )  # fmt: skip
    ax.xaxis.tick_top()  # below, they would run into the note
    ax.tick_params(length=0)
    ax.spines["bottom"].set_visible(False)
    ax.set_xlim(0, len(size.columns))
    ax.set_ylim(len(size), 0)
    ax.grid(visible=False)


def _exchanged(own: pd.DataFrame, year: int, currency: str) -> str:
    total, beside = float(own["size"].sum()), float(own["beside"].sum())
    factor, unit = sized(total, f"{currency}/a")
    values = {"total": quantity(total / factor, unit), "year": year}
    if not beside > 0:
        return say("Sectors supply each other with {total} in {year}; none of it are by-products", **values)
    most = str(own.groupby("commodity")["beside"].sum().idxmax())
    return say(
        "Sectors supply each other with {total} in {year}; {share} of it are by-products, above all {what}",
        share=percent(beside, total), what=inside(label(most)), **values,
    )  # fmt: skip


def exchange_value(results: Results, value: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """What each exchange of by-products saves: the table of `analysis.exchange_value`.

    `results` are those of the study with exchange. Under each name stands how much crosses sectors at most in a year.
    """
    single = value[value["commodity"] != ALL]
    first = single.drop_duplicates("commodity").set_index("commodity")
    gain = first["gain"].replace(np.inf, np.nan).sort_values(ascending=False, kind="stable", na_position="first")[:ROWS]
    together = value[value["commodity"] == ALL].iloc[0]
    known = np.nan_to_num([*gain, float(together["gain"])], posinf=0.0)
    factor, unit = sized(float(np.abs(known).max()), str(together["money"]))
    with style.sheet(ax, 1.7 + 0.42 * max(len(gain), 2)) as ax:
        _bars(ax, gain / factor, first["finding"])
        ax.set_yticks(np.arange(len(gain))[::-1], [_named(str(c), single) for c in gain.index])
        above(ax, say("Gain from exchange, present value, {unit}", unit=unit))
        note = say(
            "Least cost with what a sector makes as by-product kept in the sector, less least cost with exchange. "
            "Gains of single commodities need not add up."
        )
        style.finish(ax, results, _saved(gain, together, factor, unit), note=note)
    return ax


def _bars(ax: Axes, gain: pd.Series[float], finding: pd.Series[str]) -> None:
    known = gain.fillna(0.0)
    at = np.arange(len(gain))[::-1]
    ax.barh(at, known, 0.6, color=STRONG, linewidth=0, label=capital(say("gain")))
    said = {NEEDED: say("no solution without exchange"), SAME: say("not distinguishable")}
    for y, name, one in zip(at, known.index.astype(str), known, strict=True):
        ax.annotate(
            said.get(str(finding[name]), amount(float(one))), (max(float(one), 0.0), y), (3, 0),
            textcoords="offset points", va="center", fontsize=stack.LABEL, color=style.INK, zorder=7,
        )  # fmt: skip
    low, high = min(float(known.min()), 0.0), max(float(known.max()), 0.0)
    span = (high - low) or 1.0
    ax.set_xlim(low - (0.02 * span if low < 0 else 0.0), high + 0.14 * span)
    style.numbers(ax.xaxis)
    ax.grid(axis="y", visible=False)
    ax.grid(axis="x", color=style.PALE, linewidth=0.6)


def _named(commodity: str, single: pd.DataFrame) -> str:
    """A commodity with the most of it that is exchanged in a year."""
    own = single[single["commodity"] == commodity]
    factor, unit = sized(float(own["exchanged"].max()), str(own["unit"].iloc[0]))
    most = quantity(float(own["exchanged"].max()) / factor, unit)
    return f"{shortened(capital(label(commodity)), 26, 1)}\n{say('up to {amount}', amount=most)}"


def _saved(gain: pd.Series[float], together: pd.Series, factor: float, unit: str) -> str:
    """What exchange saves in all, or what it cannot do without."""
    known = gain.dropna()
    if together["finding"] == SAME:
        return say("What exchange between sectors saves cannot be told from nothing")
    if together["finding"] != NEEDED:
        total = quantity(float(together["gain"]) / factor, unit)
        return say("Exchange of by-products between sectors saves {total}", total=total)
    if not len(known) or not known.max() > 0:
        return say("Without exchange of by-products the study has no solution")
    most = str(known.idxmax())
    return say(
        "Without all exchange of by-products the study has no solution; that of {what} alone saves {total}",
        what=inside(label(most)), total=quantity(float(known[most]) / factor, unit),
    )  # fmt: skip
