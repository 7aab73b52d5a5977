"""Carbon by origin: what goes in and where it ends up, period by period and along its way through the plants."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Patch

from transform_sim import analysis
from transform_sim.analysis.carbon_balance import (
    DISPOSED,
    IN,
    LOST,
    NOT_FOSSIL,
    OUT,
    PRODUCT,
    RELEASED,
    STORED,
    UNTRACKED,
    USED,
)
from transform_sim.analysis.carbon_flows import ADDED, FROM_AIR
from transform_sim.analysis.energy_flows import Note
from transform_sim.results import Results
from transform_sim.scenario.carbon import ORIGINS

from . import diagram, reading, stack, style
from .bands import Name, layout
from .colours import DOTS, OTHER, STRIPES, Look
from .language import say, word
from .words import PURCHASED, capital, label, percent, quantity, sector, sized

FIGURE, WAYS = "carbon", "carbon_sankey"
COLOURS = {
    "fossil": "#3A3A3A", "process": "#D9C48F", "biogenic": "#2F8F4E", "air": "#7CC8F0", "counted": "#AA4499",
}  # fmt: skip
NAMES = {
    "fossil": "fossil", "process": "mineral", "biogenic": "biogenic", "air": "from the air",
    "counted": "CO₂ used again",
}  # fmt: skip
"""What people call the origins."""
PLACES = {
    PRODUCT: "in products", RELEASED: "into the air", STORED: "stored", DISPOSED: "disposed of",
    LOST: "losses on the way", UNTRACKED: "not followed further",
}  # fmt: skip
"""Where carbon ends up, in the order in which it is stacked."""
TEXTURES = {RELEASED: "", PRODUCT: DOTS, STORED: STRIPES}
NATURAL = ("biogenic", "air")
OTHER_NODES = {
    "conversion": "other plants",
    "use": "other products",
    "carrier": "other materials",
    "source": "other materials",
}
MOST, SMALL = 9, 0.005
"""Nodes of a kind in the diagram, and share of all carbon below which one is small; small ones are drawn together."""


def carbon(results: Results, *, ax: Axes | None = None) -> Axes:
    """Carbon that goes in above zero, where it ends up below, by origin in each period; both are equal, in CO₂ a year.

    Colours are origins, textures say where it ends up. Raises NotApplicableError if the results follow no carbon.
    """
    into, out = sides(results)
    factor, unit = sized(float(into.sum(axis=1).max()), "t/a")
    names = {**{o: word(NAMES[o]) for o in ORIGINS}, **{_key(k, o): _told(k, o) for k in PLACES for o in ORIGINS}}
    drawn = {**{o: Look(COLOURS[o]) for o in ORIGINS}, **{
        _key(k, o): Look(COLOURS[o], TEXTURES.get(k, "xxx")) for k in PLACES for o in ORIGINS
    }}  # fmt: skip
    above, below = (reading.largest(side / factor, len(drawn)) for side in (into, -out))
    frame = pd.concat([above, below], axis=1)
    with style.sheet(ax, style.HEIGHT + 1.0) as ax:
        middle = stack.bars(ax, frame, drawn, lambda n: names[n])
        stack.totals(ax, above)
        stack.beside(ax, stack.tags(frame, middle, drawn, lambda n: names[n]), stack.end(frame))
        style.upright(ax, say("Carbon, {unit} as CO₂ (input above, destination below)", unit=unit))
        style.finish(ax, results, finding(results), note=say(
            "Carbon in what is bought and used, as CO₂. The origin of carbon in a product is an account (mass "
            "balance): within a pool it may be swapped."
        ))  # fmt: skip
    return ax


def sides(results: Results) -> tuple[pd.DataFrame, pd.DataFrame]:
    """What goes in by origin, and what leaves by place and origin; by period, t CO₂ a year."""
    rows = _balance(results, FIGURE)
    periods = [int(y) for y in results.data["period"].values]
    named = rows.assign(name=[o if s == IN else _key(k, o) for s, k, o in rows[["side", "kind", "origin"]].to_numpy()])
    order = {IN: list(ORIGINS), OUT: [_key(k, o) for k in PLACES for o in ORIGINS]}
    both = []
    for side, names in order.items():
        # CO₂ that counts when it is used keeps its origin above, so that the bars show what went in
        own = named[(named["side"] == side) & (named["kind"] != USED)]
        table = own.pivot_table(index="period", columns="name", values="value", aggfunc="sum")
        both.append(table.reindex(index=periods, columns=[n for n in names if n in table.columns]).fillna(0.0))
    return both[0], both[1]


def _balance(results: Results, figure: str) -> pd.DataFrame:
    with reading.applicable(results, figure):
        rows = analysis.carbon_balance(results)
    if rows.empty:
        raise reading.NotApplicableError(f"figure {figure} of {results.name} — no carbon moves")
    return rows


def _key(kind: str, origin: str) -> str:
    return f"{origin} {kind}"


def _told(kind: str, origin: str) -> str:
    return say("{what}, {where}", what=word(NAMES[origin]), where=word(PLACES[kind]))


def carbon_sankey(results: Results, period: int | None = None, *, ax: Axes | None = None) -> Axes:
    """Carbon of one period from its sources through plants to products, the air and stores, in CO₂ a year.

    `period` is the last if absent. Colours of bands are origins; of CO₂ that counts as emitted when it is used, the
    origin changes there. Raises NotApplicableError if no carbon is followed, or none moves in the period.
    """
    year = diagram.year(results, period, WAYS)
    links = flows(results, year)
    total = float(links[links["source_kind"] == "source"]["value"].sum())
    factor, unit = sized(total, "t/a")
    placed = layout(links.assign(value=links["value"] / factor))
    with style.sheet(ax, diagram.height(placed)) as ax:
        diagram.draw(ax, placed, COLOURS, {}, _namer(links))
        own = [o for o in ORIGINS if o in set(links["carrier"])]
        style.finish(ax, results, ways(links, year), note=say(
            "Numbers and widths: {unit} as CO₂. Colours: origins of carbon.", unit=unit
        ))  # fmt: skip
        _key_of_colours(ax, own)
    return ax


def flows(results: Results, year: int) -> pd.DataFrame:
    """Links of the diagram: plants by route, or by sector if there are many; small nodes together."""
    with reading.applicable(results, WAYS):
        links = analysis.carbon_links(results, year)
        routes = links.loc[links["target_kind"] == "conversion", "target"].nunique()
        by: Note = "route" if routes <= MOST else "sector"
        return merged(analysis.carbon_links(results, year, conversions=by))


def merged(links: pd.DataFrame) -> pd.DataFrame:
    """The links with small plants, products and commodities that are only bought drawn together, each as one node."""
    made = set(links.loc[links["source_kind"] != "source", "target"])
    least = SMALL * float(links.loc[links["source_kind"] == "source", "value"].sum())
    names: dict[Name, Name] = {}
    for kind in ("conversion", "use", "carrier"):
        own = links[links["target_kind"] == kind]
        own = own[~own["target"].isin(made)] if kind == "carrier" else own
        sizes = own.groupby("target")["value"].sum().sort_values(ascending=False)
        small = [str(n) for k, (n, v) in enumerate(sizes.items()) if v < least or k >= MOST]
        names |= {(kind, n): (kind, OTHER) for n in small} if len(small) > 1 else {}
    sources = links[links["source_kind"] == "source"]
    for source, *target in sources[["source", "target_kind", "target"]].astype(str).to_numpy():
        if target[0] == "carrier" and (target[0], target[1]) in names:
            names["source", source] = ("source", OTHER)
    out: pd.DataFrame = links.copy()
    for end in ("source", "target"):
        found = [names.get((k, n), (k, n)) for k, n in out[[f"{end}_kind", end]].astype(str).to_numpy()]
        out[f"{end}_kind"], out[end] = [k for k, _ in found], [n for _, n in found]
    keys = ["source_kind", "source", "target_kind", "target", "carrier"]
    joined: pd.DataFrame = out.groupby(keys, sort=False)["value"].sum().reset_index()
    return joined


def _namer(links: pd.DataFrame) -> Callable[[Name], str]:
    """What the nodes of a diagram are called: what is bought is told from the same thing that is made as well."""
    carriers = set(links.loc[links["target_kind"] == "carrier", "target"])

    def name(node: Name) -> str:
        kind, own = node
        if kind == "source" and own in (FROM_AIR, ADDED):
            return word("taken from the air") if own == FROM_AIR else word("auxiliary carbon")
        if kind == "source" and own in carriers:
            return label(f"{PURCHASED}{own}")
        if kind == "losses":
            return word(PLACES[own])
        if own == OTHER:
            return word(OTHER_NODES[kind])
        return sector(own) if kind == "conversion" else label(own)

    return name


def _key_of_colours(ax: Axes, origins: list[str]) -> None:
    """Which colour is which origin, under the bands."""
    ax.set_ylim(-0.1, 1.01)
    keys = [Patch(facecolor=COLOURS[o], alpha=0.6, label=capital(word(NAMES[o]))) for o in origins]
    ax.legend(handles=keys, loc="lower left", ncols=len(keys), fontsize=stack.LABEL, frameon=False, borderaxespad=0.0,
              borderpad=0.0)  # fmt: skip


def finding(results: Results) -> str:
    """What is stored at the end, and how much of the carbon in products is not fossil."""
    rows = _balance(results, FIGURE)
    year = int(results.data["period"].values[-1])
    last = rows[rows["period"] == year]
    out = last[last["side"] == OUT].groupby(["kind", "origin"])["value"].sum()
    stored, held = (out[k] if k in out.index.get_level_values(0) else pd.Series(dtype=float) for k in (STORED, PRODUCT))
    factor, unit = sized(float(last.loc[last["side"] == IN, "value"].sum()), "t/a")
    values = {
        "year": year, "stored": quantity(float(stored.sum()) / factor, unit),
        "green": percent(float(stored.reindex(list(NATURAL)).sum()), float(stored.sum())),
        "share": percent(float(held.reindex(list(NOT_FOSSIL)).sum()), float(held.sum())),
        "released": quantity(float(out.get(RELEASED, pd.Series(0.0)).sum()) / factor, unit),
    }  # fmt: skip
    if stored.sum() > 0 and held.sum() > 0:
        return say(
            "{stored} of CO₂ is stored in {year}, {green} of it biogenic or from the air; {share} of the carbon in "
            "products is not fossil", **values,
        )  # fmt: skip
    if stored.sum() > 0:
        return say("{stored} of CO₂ is stored in {year}, {green} of it biogenic or from the air", **values)
    if held.sum() > 0:
        return say(
            "No CO₂ is stored in {year}, {released} goes into the air; {share} of the carbon in products is not fossil",
            **values,
        )  # fmt: skip
    return say("All carbon goes into the air: {released} of CO₂ in {year}", **values)


def ways(links: pd.DataFrame, year: int) -> str:
    """How much carbon comes in, and where it ends up, the largest part first."""
    ends = links[links["target_kind"].isin(["use", "losses"])]
    places = [PRODUCT if k == "use" else str(n) for k, n in ends[["target_kind", "target"]].to_numpy()]
    sums = ends.groupby(places)["value"].sum().sort_values(ascending=False)
    factor, unit = sized(float(sums.sum()), "t/a")
    parts = ", ".join(f"{percent(float(v), float(sums.sum()))} {word(PLACES[str(k)])}" for k, v in sums.items())
    total = quantity(float(sums.sum()) / factor, unit)
    return say("Where {total} of carbon (as CO₂) ends up in {year}: {parts}", total=total, year=year, parts=parts)
