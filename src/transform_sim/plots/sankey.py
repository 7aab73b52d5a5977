"""Energy of one period from its sources through carriers and conversions to where it is used or lost."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path

from transform_sim import analysis
from transform_sim.analysis.energy_flows import LOSSES, Note
from transform_sim.errors import TransformSimError
from transform_sim.results import Results

from . import reading, stack, style
from .bands import THICK, Layout, Place, layout
from .colours import GREY, OTHER, looks
from .language import say, word
from .words import SPACE, amount, capital, label, percent, quantity, shortened, sized, wrapped

FIGURE = "sankey"
ROUTES = 8
"""Most routes of conversion; beyond them, conversions are drawn by sector."""
WIDER = 1.25
"""How much wider than before the axes become when the layout finds no ticks and labels beside them."""
WIDE = 1.17
"""Width of the drawing with the labels of the last column, the columns being 1 wide."""


def sankey(results: Results, period: int | None = None, *, ax: Axes | None = None) -> Axes:
    """Energy flows of one period as bands whose widths are TWh per year; each band has the colour of its carrier.

    `period` is the last if absent. Sources stand left: purchases, plants that take no energy carrier, heat from the
    air; losses and uses stand right. Raises NotApplicableError if no energy is used in the period.
    """
    reading.take(results, "flow", FIGURE)
    known = [int(y) for y in results.data["period"].values]
    year = known[-1] if period is None else period
    if year not in known:
        raise reading.NotApplicableError(
            f"figure {FIGURE} of {results.name} — there is no period {year} — choose from {', '.join(map(str, known))}"
        )
    links = flows(results, year)
    factor, unit = sized(float(links[links["source_kind"] == "source"]["value"].sum()), "TWh/a")
    placed = layout(links.assign(value=links["value"] / factor))
    with style.sheet(ax, max(style.HEIGHT, 1.4 + 0.42 * placed.most)) as ax:
        _draw(ax, links, placed)
        style.finish(ax, results, finding(links, year), note=say(
            "Numbers and widths: {unit}, lower heating value; feedstock and fuel together.", unit=unit
        ))  # fmt: skip
    return ax


def flows(results: Results, year: int) -> pd.DataFrame:
    """Links of the figure: conversions by route, or by sector if there are many; one use stands as its routes."""
    try:
        links = analysis.links(results, year)
        conversions, uses = (links[links["target_kind"] == k]["target"].nunique() for k in ("conversion", "use"))
        by: Note = "route" if conversions <= ROUTES else "sector"
        return analysis.links(results, year, conversions=by, uses="sector" if uses > 1 else "route")
    except TransformSimError as error:
        why = str(error).split(" — ", 1)[-1]  # it names the results too
        raise reading.NotApplicableError(f"figure {FIGURE} of {results.name} — {why}") from None


def _draw(ax: Axes, links: pd.DataFrame, placed: Layout) -> None:
    """Bands first, then nodes, then their labels."""
    own = {**looks([c for c in dict.fromkeys(links["carrier"]) if c != LOSSES])}
    for band in placed.bands:
        colour = own[band.carrier].colour if band.carrier in own else GREY
        ax.add_patch(PathPatch(
            _curve(band.points, band.width), facecolor=colour, alpha=0.6, edgecolor="none", zorder=2,
        ))  # fmt: skip
    for node in placed.nodes:
        kind, name = node.name
        colour = own[name].colour if kind == "carrier" and name in own else "#5A5A5A"
        ax.add_patch(Rectangle(
            (node.x, node.low), THICK, node.height, facecolor=colour, edgecolor="none", zorder=4,
        ))  # fmt: skip
    _labels(ax, placed)
    ax.set_xlim(0.0, WIDE)
    ax.set_ylim(-0.01, 1.01)
    ax.set_xticks([])
    ax.set_yticks([])
    ax.grid(visible=False)
    ax.spines[["bottom"]].set_visible(False)


def _curve(points: Sequence[tuple[float, float]], width: float) -> Path:
    """A band of constant height that runs level through points at its lower edge."""
    upper = [(x, y + width) for x, y in reversed(points)]
    vertices, codes = [points[0]], [Path.MOVETO]
    for edge in (points, upper):
        for (x0, y0), (x1, y1) in pairwise(edge):
            half = (x0 + x1) / 2
            vertices += [(half, y0), (half, y1), (x1, y1)]
            codes += [Path.CURVE4] * 3
        vertices.append(upper[0] if edge is points else points[0])
        codes.append(Path.LINETO)
    return Path(vertices, codes)


def _labels(ax: Axes, placed: Layout) -> None:
    """Name and amount right of each node, clear of each other within a column and short of the next one."""
    line = stack.LINE / (0.86 * style.height(ax))
    columns = placed.columns()
    width = WIDER * float(ax.get_window_extent().width / ax.figure.dpi * 72) / WIDE / max(len(columns) - 1, 1)
    for column in columns:
        room = 34 if column is columns[-1] else max(int(width / (style.GLYPH * stack.LABEL)) - 1, 12)
        texts = [_told(node, room) for node in column]
        middles = [node.low + node.height / 2 for node in column]
        sizes = [line * (1 + text.count("\n")) for text in texts]
        for node, text, y in zip(column, texts, placed.spread(middles, sizes), strict=True):
            ax.text(
                node.x + THICK + 0.006, y, text, va="center", ha="left", fontsize=stack.LABEL, linespacing=1.0,
                color=style.INK, path_effects=style.halo(), zorder=6, clip_on=False,
            )  # fmt: skip


def _told(node: Place, room: int) -> str:
    """Name and amount of a node in one line of so many characters, or in two."""
    name, number = capital(name_of(*node.name)), f"{SPACE}{SPACE}{amount(node.value)}"
    if len(name) + len(number) <= room:
        return name + number
    first, _, rest = wrapped(name, room, 2).partition("\n")
    return f"{first}\n{shortened(rest, room - len(number), 1)}{number}" if rest else f"{first}\n{number.strip(SPACE)}"


def name_of(kind: str, name: str) -> str:
    """What a node is called."""
    if kind == "losses":
        return word("losses")
    return word("other uses") if kind == "use" and name == OTHER else label(name)


def finding(links: pd.DataFrame, year: int) -> str:
    """How much energy comes in, what brings most of it, and what is lost."""
    brought = links[links["source_kind"] == "source"].groupby("source")["value"].sum()
    total, most = float(brought.sum()), str(brought.idxmax())
    lost = float(links[links["target_kind"] == "losses"]["value"].sum())
    factor, unit = sized(total, "TWh/a")
    values = {
        "what": capital(label(most)), "share": percent(float(brought[most]), total),
        "total": quantity(total / factor, unit), "year": year,
    }  # fmt: skip
    if not lost > reading.NOTHING * total:
        return say("{what} brings {share} of {total} of energy in {year}", **values)
    return say(
        "{what} brings {share} of {total} of energy in {year}; {lost} of it is lost in conversion and transport",
        lost=percent(lost, total), **values,
    )  # fmt: skip
