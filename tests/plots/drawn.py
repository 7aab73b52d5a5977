"""Reading back what is drawn on axes."""

from __future__ import annotations

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.container import BarContainer
from matplotlib.figure import Figure
from matplotlib.patches import StepPatch
from matplotlib.text import Text

from transform_sim.results import Results

from .conftest import DAYS


def axes() -> Axes:
    return Figure(figsize=(7.2, 4.3), layout="constrained").add_subplot()


def panels(ax: Axes) -> list[Axes]:
    """The axes and the panels under it."""
    return list(ax.figure.axes)


def bars(ax: Axes) -> dict[str, np.ndarray]:
    """Heights of the bars by label, without the strips beside them."""
    return {label: heights for label, heights in _bars(ax).items() if not label.startswith("_")}


def strips(ax: Axes) -> dict[str, np.ndarray]:
    """Heights of the strips beside the bars by what the note calls them."""
    return {label[1:]: heights for label, heights in _bars(ax).items() if label.startswith("_")}


def _bars(ax: Axes) -> dict[str, np.ndarray]:
    groups = [c for c in ax.containers if isinstance(c, BarContainer)]
    return {c.get_label(): np.array([p.get_height() for p in c]) for c in groups}


def total(ax: Axes) -> np.ndarray:
    return np.sum(list(bars(ax).values()), axis=0)


def plain(text: str) -> str:
    """Text in one line with ordinary spaces."""
    return text.replace("\n", " ").replace("\u00a0", " ")


def texts(ax: Axes) -> str:
    """All words on the axes: title, axis labels, notes, labels beside it."""
    return plain(" | ".join(t.get_text() for t in ax.findobj(Text)))


def changed(results: Results, **variables: xr.DataArray) -> Results:
    return Results(results.data.assign(variables))


def stairs(ax: Axes) -> dict[str, float]:
    """MWh per year under the steps by label, each day counted as often as it occurs; below zero negative."""
    out: dict[str, float] = {}
    seen: dict[str, int] = {}
    for patch in (p for p in ax.patches if isinstance(p, StepPatch)):
        name = patch.get_label()
        top, _, base = patch.get_data()
        days = list(DAYS.values())[seen.get(name, 0) % len(DAYS)]
        seen[name] = seen.get(name, 0) + 1
        out[name] = out.get(name, 0.0) + float((top - base).sum()) * days * 1e3
    return out
