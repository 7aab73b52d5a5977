"""A map of two axes: who leads in each case, and the lines on which two are equal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.patches import Rectangle

from . import style
from .colours import looks
from .language import say, word
from .reading import NotApplicableError
from .stack import TICKS, Tag, beside
from .style import INK
from .words import amount, capital, inside, label, percent

if TYPE_CHECKING:
    from transform_sim.sweeps.crossing import BreakEven


def break_even(found: BreakEven, *, ax: Axes | None = None) -> Axes:
    """Who leads in each case of a grid, with the break-even lines, from `insights.break_even`.

    Each case is a field that reaches half-way to its neighbours. Raises NotApplicableError if no case has a leader.
    """
    table = found.leaders.pivot(index=found.x, columns=found.y, values="leader")
    counts = found.leaders.loc[found.leaders["leader"] != "", "leader"].value_counts()
    if counts.empty:
        raise NotApplicableError("figure break_even — no case has a proved optimum — solve the sweep first")
    x, y = table.index.to_numpy(dtype=float), table.columns.to_numpy(dtype=float)
    edges = _edges(x), _edges(y)
    with style.sheet(ax) as ax:
        ax.grid(visible=False)
        drawn = looks([str(n) for n in counts.index])
        for left, bottom, width, height, name in _fields(table.to_numpy(dtype=str), *edges):
            look = drawn[name]
            ax.add_patch(Rectangle((left, bottom), width, height, facecolor=look.colour, hatch=look.hatch,
                                   edgecolor=look.edge, linewidth=0.0, label=name))  # fmt: skip
        _lines(ax, found.lines)
        close = found.leaders[(found.leaders["leader"] != "") & ~found.leaders["distinguishable"]]
        ax.plot(close[found.x], close[found.y], "x", color="white", markersize=4, label="close")
        ax.set_xlim(edges[0][0], edges[0][-1])
        ax.set_ylim(edges[1][0], edges[1][-1])
        ax.set_xticks(*_ticks(x))
        ax.set_yticks(*_ticks(y))
        units = found.leaders.attrs["axes"]
        ax.set_xlabel(titled(found.x, units))
        style.upright(ax, titled(found.y, units))
        middle = found.leaders.groupby("leader")[found.y].mean()
        tags = [Tag(label(str(n)), drawn[str(n)], float(middle[n]), here=False) for n in counts.index]
        beside(ax, tags, float(edges[0][-1]))
        note = say("One field per case; lines are linear between cases.")
        note += " " + say("Crosses: not distinguishable from the next.") if len(close) else ""
        note += " " + say("White: no solution.") if (table == "").any(axis=None) else ""
        tagged(ax, _finding(counts, found), str(found.leaders.attrs["sweep"]), note)
    return ax


def named_output(text: str) -> str:
    """An output within a sentence: 'emissions: co2, 2045' → 'emissions (CO₂, 2045)'."""
    name, _, chosen = text.partition(": ")
    head = word("total cost") if name == "objective" else inside(label(name))
    return f"{head} ({', '.join(label(c) for c in chosen.split(', '))})" if chosen else head


def titled(axis: str, units: Mapping[str, str]) -> str:
    """An axis of a sweep with what its levels are counted in: 'Hydrogen, EUR2020/MWh', 'Carbon price, factor'."""
    return ", ".join(filter(None, (capital(label(axis)), word(units.get(axis, "")))))


def tagged(ax: Axes, finding: str, sweep: str, note: str) -> None:
    """Title with the finding; under the axes the sweep and a note."""
    style.sign(ax, say("Sweep: {name}.", name=sweep), finding, note=note)


def _finding(counts: pd.Series, found: BreakEven) -> str:
    names = [label(str(n)) for n in counts.index]
    values = {"first": names[0], "what": named_output(str(found.leaders.attrs["output"]))}
    if len(names) == 1:
        return capital(say("{first} leads everywhere in {what}", **values))
    shares = [percent(float(c), float(counts.sum())) for c in counts]
    values |= {"second": inside(names[1]), "share": shares[0], "rest": shares[1]}
    return capital(say("{what}: {first} leads in {share} of the cases, {second} in {rest}", **values))


def _lines(ax: Axes, lines: pd.DataFrame) -> None:
    for sure, dashes in ((True, "-"), (False, ":")):
        part = lines[lines["distinguishable"] == sure]
        pieces = part[["x0", "y0", "x1", "y1"]].to_numpy(dtype=float).reshape(-1, 2, 2)
        if len(pieces):
            ax.add_collection(LineCollection(list(pieces), colors="white", linewidths=3.0, zorder=4))
            ax.add_collection(LineCollection(list(pieces), colors=INK, linewidths=1.4, linestyles=dashes, zorder=5))


def _fields(leaders: np.ndarray, x: np.ndarray, y: np.ndarray) -> list[tuple[float, float, float, float, str]]:
    """Rectangles (left, bottom, width, height) of the same leader, one above the other drawn as one."""
    out = []
    for i, column in enumerate(leaders):
        start = 0
        for j in range(1, len(column) + 1):
            if j == len(column) or column[j] != column[start]:
                if column[start]:
                    out.append((x[i], y[start], x[i + 1] - x[i], y[j] - y[start], str(column[start])))
                start = j
    return out


def _edges(levels: np.ndarray) -> np.ndarray:
    """Half-way between levels; the outer fields are as wide beyond their level as before it."""
    if len(levels) == 1:
        return np.array([levels[0] - 0.5, levels[0] + 0.5])
    middle = (levels[1:] + levels[:-1]) / 2
    return np.concatenate([[2 * levels[0] - middle[0]], middle, [2 * levels[-1] - middle[-1]]])


def _ticks(levels: np.ndarray) -> tuple[list[float], list[str]]:
    chosen = levels[:: max(-(-len(levels) // TICKS), 1)].tolist()
    return chosen, [amount(v) for v in chosen]
