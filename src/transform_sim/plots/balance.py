"""Who makes a commodity and who uses it, period by period."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from transform_sim import analysis
from transform_sim.analysis.energy_flows import (
    DEMAND,
    DISPOSED,
    FLEXIBLE,
    NETWORK,
    PROCESS,
    STORE,
    SUPPLY,
    TRADE,
    USE,
    Note,
    noted,
)
from transform_sim.results import Results

from . import reading, stack, style
from .colours import Look, looks
from .language import say
from .words import amounts, capital, inside, label, percent, sized

FIGURE = "balance"
ROUTES = 6
"""Most routes that use a commodity; beyond them, users are drawn by sector."""
MOST = 9
"""Names on each side."""
LOST = {
    STORE: "losses in stores", NETWORK: "losses on the way", DISPOSED: "disposed of", FLEXIBLE: "losses of shifting",
}  # fmt: skip
GIVEN_UP = "use given up"


def balance(results: Results, commodity: str | None = None, *, ax: Axes | None = None) -> Axes:
    """Supply of a commodity above zero, its use below, per year of each period; both are equal.

    Makers stand by route, users by route or, if there are many, by sector; what stores and networks lose is a use.
    `commodity` is electricity if absent, or the first that is demanded. Raises NotApplicableError if the results do not
    have it, or nothing of it is made or bought.
    """
    reading.take(results, "flow", FIGURE)
    if commodity is None and "electricity" in results.data["commodity"].values:
        commodity = "electricity"
    commodity = reading.chosen(results, commodity, FIGURE)
    supply, use = sides(results, commodity)
    factor, unit = sized(float(supply.sum(axis=1).max()), f"{reading.unit_of(results, 'commodity', commodity)}/a")
    above, below = (reading.largest(side / factor, MOST) for side in (supply, use))
    frame, drawn = _joined(above, below)
    with style.sheet(ax, style.HEIGHT + 0.6) as ax:
        name = say("{what}, {unit} (supply above, use below)", what=capital(label(commodity)), unit=unit)
        middle = stack.bars(ax, frame, drawn)
        if len(frame) <= stack.TICKS:
            total = above.sum(axis=1)
            for i, text in enumerate(amounts(total)):
                if total.iloc[i]:
                    stack.above(ax, text, i, float(total.iloc[i]))
        stack.beside(ax, stack.tags(frame, middle, drawn), stack.end(frame))
        style.upright(ax, name)
        style.finish(ax, results, finding(supply, use, commodity))
    return ax


def sides(results: Results, commodity: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Supply and use by period and name, both positive, in the unit of the commodity per year."""
    rows = analysis.balance(results, commodity)
    if rows.empty:
        raise reading.NotApplicableError(
            f"figure {FIGURE} of {results.name} — nothing makes or supplies '{commodity}' — choose another commodity"
        )
    users = rows[(rows["side"] != SUPPLY) & (rows["kind"] == PROCESS)]["item"].unique()
    routes = {noted(results.data, str(p), "route") for p in users}
    by: Note = "route" if len(routes) <= ROUTES else "sector"
    names = [
        _name(results, str(side), str(kind), str(item), commodity, by)
        for side, kind, item in rows[["side", "kind", "item"]].to_numpy()
    ]
    periods = [int(y) for y in results.data["period"].values]
    table = rows.assign(name=names).pivot_table(
        index="period", columns=["side", "name"], values="value", aggfunc="sum", sort=False
    )
    table = table.reindex(periods).fillna(0.0)
    supply, use = (
        table.loc[:, table.columns.get_level_values(0) == side].droplevel(0, axis=1) for side in (SUPPLY, USE)
    )
    return supply, use


def _name(results: Results, side: str, kind: str, item: str, commodity: str, by: Note) -> str:
    """What one row of the balance is called in the figure."""
    if kind == PROCESS:
        return noted(results.data, item, "route" if side == SUPPLY else by)
    if kind == TRADE:
        return reading.trade_name("purchase", item, commodity) if side == SUPPLY else item
    if kind == DEMAND:
        return "demand" if item == commodity else item
    return GIVEN_UP if side == SUPPLY else LOST[kind]


def _joined(above: pd.DataFrame, below: pd.DataFrame) -> tuple[pd.DataFrame, dict[str, Look]]:
    """Both sides as one frame, use negative; what stands on both sides is told apart by its label."""
    twice = set(above.columns) & set(below.columns)
    used = {c: say("{what} (use)", what=label(c)) if c in twice else c for c in below.columns}
    own = looks(list(dict.fromkeys([*above.columns, *below.columns])))
    drawn = {c: own[c] for c in above.columns} | {used[c]: own[c] for c in below.columns}
    return pd.concat([above, -below.rename(columns=used)], axis=1), drawn


def finding(supply: pd.DataFrame, use: pd.DataFrame, commodity: str) -> str:
    """Who provides and who uses most of it at the end."""
    last = supply.index[-1]
    total = float(supply.loc[last].sum())
    if not total > 0:
        return say("No {what} is made or bought in {year}", what=label(commodity), year=last)
    first, most = str(supply.loc[last].idxmax()), str(use.loc[last].idxmax())
    return say(
        "{maker} provides {share} of {what} in {year}; {user} uses {part}",
        maker=capital(label(first)), share=percent(float(supply.loc[last, first]), total), what=label(commodity),
        year=last, user=inside(label(most)), part=percent(float(use.loc[last, most]), total),
    )  # fmt: skip
