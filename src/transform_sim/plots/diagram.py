"""Drawing of flows as bands between nodes: shared by what flows, whether energy or carbon."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise

from matplotlib.axes import Axes
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path

from transform_sim.results import Results

from . import reading, stack, style
from .bands import THICK, Layout, Name
from .colours import GREY
from .words import SPACE, amount, capital, shortened, wrapped

WIDER = 1.25
"""How much wider than before the axes become when the layout finds no ticks and labels beside them."""
WIDE = 1.17
"""Width of the drawing with the labels of the last column, the columns being 1 wide."""
NODE = "#5A5A5A"


def year(results: Results, period: int | None, figure: str) -> int:
    """The period asked for, else the last; raises NotApplicableError for any other than those of the results."""
    known = [int(y) for y in results.data["period"].values]
    if period is not None and period not in known:
        choice = ", ".join(map(str, known))
        raise reading.NotApplicableError(
            f"figure {figure} of {results.name} — there is no period {period} — choose from {choice}"
        )
    return known[-1] if period is None else period


def height(placed: Layout) -> float:
    """Inches that a diagram with so many nodes above each other takes."""
    return max(style.HEIGHT, 1.4 + 0.42 * placed.most)


def draw(
    ax: Axes, placed: Layout, bands: Mapping[str, str], nodes: Mapping[Name, str], name: Callable[[Name], str]
) -> None:
    """Bands first, then nodes, then their labels.

    `bands` are colours by what flows (grey where it is not named), `nodes` those of nodes with one of their own, `name`
    what a node is called.
    """
    for band in placed.bands:
        colour = bands.get(band.carrier, GREY)
        ax.add_patch(PathPatch(
            _curve(band.points, band.width), facecolor=colour, alpha=0.6, edgecolor="none", zorder=2,
        ))  # fmt: skip
    for node in placed.nodes:
        ax.add_patch(Rectangle(
            (node.x, node.low), THICK, node.height, facecolor=nodes.get(node.name, NODE), edgecolor="none", zorder=4,
        ))  # fmt: skip
    _labels(ax, placed, name)
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


def _labels(ax: Axes, placed: Layout, name: Callable[[Name], str]) -> None:
    """Name and amount right of each node, clear of each other within a column and short of the next one."""
    line = stack.LINE / (0.86 * style.height(ax))
    columns = placed.columns()
    width = WIDER * float(ax.get_window_extent().width / ax.figure.dpi * 72) / WIDE / max(len(columns) - 1, 1)
    for column in columns:
        room = 34 if column is columns[-1] else max(int(width / (style.GLYPH * stack.LABEL)) - 1, 12)
        texts = [_told(capital(name(node.name)), node.value, room) for node in column]
        middles = [node.low + node.height / 2 for node in column]
        sizes = [line * (1 + text.count("\n")) for text in texts]
        for node, text, y in zip(column, texts, placed.spread(middles, sizes), strict=True):
            ax.text(
                node.x + THICK + 0.006, y, text, va="center", ha="left", fontsize=stack.LABEL, linespacing=1.0,
                color=style.INK, path_effects=style.halo(), zorder=6, clip_on=False,
            )  # fmt: skip


def _told(name: str, value: float, room: int) -> str:
    """Name and amount of a node in one line of so many characters, or in two."""
    number = f"{SPACE}{SPACE}{amount(value)}"
    room = max(room, *(len(w) for w in name.split()))  # a long word leads into the next column rather than in two
    if len(name) + len(number) <= room:
        return name + number
    first, _, rest = wrapped(name, room, 2).partition("\n")
    return f"{first}\n{shortened(rest, room - len(number), 1)}{number}" if rest else f"{first}\n{number.strip(SPACE)}"
