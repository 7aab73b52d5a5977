"""Horizontal bars in pairs, for tables of two numbers for each thing."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from . import stack, style
from .words import amount, capital, label, shortened

STRONG, PALE, COST = "#0B5FA5", "#88CCEE", "#C27BA0"
ROWS = 10
"""Most things in one figure."""
BAR = 0.36


def height(table: pd.DataFrame) -> float:
    """Inches for the bars of a table with title and source."""
    return 1.95 + 0.42 * max(len(table), 2)


def pairs_of_bars(
    ax: Axes, table: pd.DataFrame, pairs: list[tuple[str, str, str]], said: Mapping[str, Mapping[str, str]],
    beside: dict[str, str] | None = None,
) -> None:  # fmt: skip
    """Two horizontal bars for each row of the table, the first row at the top, with their numbers.

    `pairs` says column, colour and name in the legend, `said` what stands at a bar instead of its number, `beside` what
    stands under the name.
    """
    at = np.arange(len(table))[::-1]
    known = table.fillna(0.0)
    for k, (column, colour, text) in enumerate(pairs):
        place = at + (0.5 - k) * BAR
        ax.barh(place, known[column], 0.9 * BAR, color=colour, linewidth=0, label=capital(text))
        for y, name, value in zip(place, table.index, known[column], strict=True):
            shown = said.get(str(name), {}).get(column) or amount(float(value))
            ax.annotate(shown, (max(float(value), 0.0), y), (3, 0), textcoords="offset points", va="center",
                        fontsize=stack.LABEL, color=style.INK, zorder=7)  # fmt: skip
    names = [shortened(capital(label(str(n))), 26, 1 if beside else 2) for n in table.index]
    names = [f"{n}\n{(beside or {}).get(str(i), '')}".rstrip() for n, i in zip(names, table.index, strict=True)]
    ax.set_yticks(at, names)
    low, high = float(known.min().min()), float(known.max().max())
    span = (max(high, 0.0) - min(low, 0.0)) or 1.0
    ax.set_xlim(min(low, 0.0) - (0.02 * span if low < 0 else 0.0), max(high, 0.0) + 0.14 * span)
    ax.set_ylim(-1.1, len(table) - 0.4)  # room for the legend
    style.numbers(ax.xaxis)
    ax.grid(axis="y", visible=False)
    ax.grid(axis="x", color=style.PALE, linewidth=0.6)
    ax.axvline(0.0, color=style.QUIET, linewidth=0.8, zorder=3)
    ax.legend(loc="lower right", ncols=2, frameon=False, fontsize=stack.LABEL, borderaxespad=0.0)


def above(ax: Axes, text: str) -> None:
    ax.set_xlabel(text, loc="left", fontsize=style.TEXT, color=style.INK, fontfamily=style.FONT)
    ax.xaxis.set_label_position("top")
