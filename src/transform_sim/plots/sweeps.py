"""Figures of sweeps, drawn from the frames of the sweep's insights.

    from transform_sim.plots import sweeps
    sweeps.tornado(insights.tornado(sweep, "objective"))

They are not among those that `save_all` writes: what to compare is a choice of whoever asks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.patches import Patch

from . import style
from .breakeven import break_even, named_output, tagged, titled
from .language import say, word
from .reading import NotApplicableError
from .stack import LABEL
from .style import INK, PALE, QUIET
from .words import SPACE, amount, amounts, capital, label, quantity, sized, wrapped

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["break_even", "pareto", "regret", "sobol", "tornado"]

MOST = 12
"""Bars, options or states that can be read in one figure."""
LOW, HIGH, CLOSE = "#88CCEE", "#332288", PALE
"""An axis at its lowest and highest level; what the proofs cannot tell from nothing."""
WORSE = LinearSegmentedColormap.from_list("worse", ["#FFFFFF", "#CC6677"])
BAR = 0.66
LONGEST = 28
"""Characters of a name at a bar before it goes on in a second line."""
NEAR = 0.01
"""Share of the widest swing below which a bar is too short to write at."""


def tornado(frame: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """How far each axis alone moves an output: bars from `insights.tornado`, the widest on top."""
    shown = frame.head(MOST).iloc[::-1]
    if shown.empty:
        raise NotApplicableError("figure tornado — no axis is varied — draw it from a sweep with axes")
    factor, unit = sized(float(frame["swing"].max()), str(frame.attrs["units"]))
    with style.sheet(ax, 1.6 + 0.3 * len(shown)) as ax:
        least = NEAR * float(frame["swing"].max()) / factor
        for at, (_, row) in enumerate(shown.iterrows()):
            _swing(ax, at, row, factor, least)
        _rows(ax, [titled(str(name), frame.attrs["axes"]) for name in shown.index])
        ax.axvline(0.0, color=QUIET, linewidth=0.8)
        ax.margins(x=0.14)
        ax.set_xlabel(say("Change of {what}, {unit}", what=named_output(frame.attrs["output"]), unit=unit))
        kinds = [(HIGH, say("highest level")), (LOW, say("lowest level"))]
        if not shown["distinguishable"].all():
            kinds.append((CLOSE, say("not distinguishable")))
        _legend(ax, kinds)
        left = len(frame) - len(shown)
        base = quantity(frame.attrs["base"] / factor, unit)
        note = say("Base: {base}; levels stand at the bars.", base=base)
        note += " " + say("{n} axes that move less are not shown.", n=left) if left else ""
        tagged(ax, _moved_most(frame, factor, unit), frame.attrs["sweep"], note)
    return ax


def _moved_most(frame: pd.DataFrame, factor: float, unit: str) -> str:
    first = frame.iloc[0]
    output = named_output(frame.attrs["output"])
    if not first["distinguishable"]:
        return say("No axis moves {what} by more than the proofs leave open", what=output)
    values = {"axis": label(str(frame.index[0])), "what": output, "swing": quantity(first["swing"] / factor, unit)}
    return capital(say("{axis} moves {what} most: by {swing} between its ends", **values))


def _swing(ax: Axes, at: int, row: pd.Series, factor: float, least: float) -> None:
    """The bars of one axis; a level is written at the end of the longer bar on each side, unless that is tiny."""
    change = {side: row[side] / factor for side in ("low", "high") if not np.isnan(row[side])}
    for side, value in sorted(change.items(), key=lambda item: -abs(item[1])):  # the shorter one in front
        level = _level(row[f"{side}_level"])
        colour = {"low": LOW, "high": HIGH}[side] if row["distinguishable"] else CLOSE
        ax.barh(at, value, BAR, color=colour, label=f"{side} {level}")
        way = 1 if value > 0 else -1
        if abs(value) > least and way * value >= max(way * v for v in change.values()):
            ax.annotate(
                level, (value, at), (3 * way, 0), textcoords="offset points", va="center",
                ha="left" if way > 0 else "right", fontsize=LABEL, color=INK,
            )  # fmt: skip


def regret(frame: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """What each option costs more than the best one, by state: a table from `insights.regret`, red where it is much.

    Raises NotApplicableError if there are too many options or states to read.
    """
    option = str(frame.attrs["option"])
    states, units = list(frame.attrs["states"]), frame.attrs["axes"]
    table, clear = (_crossed(frame, option, states, column) for column in ("regret", "distinguishable"))
    sure = clear.to_numpy(dtype=bool)
    if max(table.shape) > MOST:
        raise NotApplicableError(
            f"figure regret — {table.shape[0]} options in {table.shape[1]} states are more than {MOST} — "
            "choose some levels before"
        )
    factor, unit = sized(float(np.nan_to_num(table.to_numpy()).max()), str(frame.attrs["units"]))
    values = table.to_numpy(dtype=float) / factor
    with style.sheet(ax, 1.9 + 0.34 * len(table)) as ax:
        ax.grid(visible=False)
        most = max(float(np.nan_to_num(values).max()), 1e-12)
        ax.imshow(np.ma.masked_invalid(values), cmap=WORSE, vmin=0, vmax=most, aspect="auto")
        texts = iter(amounts(np.nan_to_num(values).ravel().tolist()))
        for (i, j), value in np.ndenumerate(values):
            text = next(texts)
            shown = "–" if np.isnan(value) else text if sure[i, j] else f"({text})"
            ax.text(j, i, shown, ha="center", va="center", fontsize=LABEL, color=INK)
        _rows(ax, [_level(x) for x in table.index])
        columns = table.columns.tolist()
        names = ["\n".join(map(_level, c)) if isinstance(c, tuple) else _level(c) for c in columns]
        ax.set_xticks(range(len(names)), names)
        style.upright(ax, titled(option, units))
        ax.set_xlabel("; ".join(titled(s, units) for s in states))
        note = say("Regret in {unit}, against the best level in each state; – without a solution.", unit=unit)
        if not sure[~np.isnan(values)].all():
            note += " " + say("In brackets: not distinguishable from the best, or the best from the next.")
        tagged(ax, _least_regret(table, option, factor, unit), frame.attrs["sweep"], note)
    return ax


def _crossed(frame: pd.DataFrame, option: str, states: list[str], column: str) -> pd.DataFrame:
    """Options by states, both in the order of the sweep's levels."""
    table = frame.pivot(index=option, columns=states, values=column)
    there = frame[states].drop_duplicates()
    columns = there[states[0]] if len(states) == 1 else pd.MultiIndex.from_frame(there)
    return table.reindex(index=frame[option].unique(), columns=columns)


def _least_regret(table: pd.DataFrame, option: str, factor: float, unit: str) -> str:
    possible = table.dropna(axis="columns", how="all")
    worst = possible.max(axis=1, skipna=False).dropna()
    if worst.empty:
        return say("No level of {axis} has a solution in every state", axis=label(option))
    values = {"axis": label(option), "level": _level(worst.idxmin()), "most": quantity(worst.min() / factor, unit)}
    if not worst.min() > 0:
        return capital(say("{axis} at {level} is best in every state", **values))
    return capital(say("{axis} at {level} is regretted least: at most {most}", **values))


def pareto(frame: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """All cases by two outputs, and the front that no other case beats, from `insights.pareto`."""
    if frame.empty:
        raise NotApplicableError("figure pareto — no case has a proved optimum — solve the sweep first")
    (fx, ux), (fy, uy) = (sized(float(frame[c].abs().max()), str(frame.attrs[f"{c}_units"])) for c in ("x", "y"))
    front = frame[frame["efficient"]].sort_values("x")
    names = [named_output(frame.attrs[c]) for c in ("x", "y")]
    with style.sheet(ax) as ax:
        others = frame[~frame["efficient"]]
        ax.scatter(others["x"] / fx, others["y"] / fy, s=14, color="#BBBBBB", linewidth=0, label="beaten")
        ax.step(front["x"] / fx, front["y"] / fy, where="post", color=HIGH, linewidth=1.2)
        for sure, fill in ((True, HIGH), (False, "white")):
            part = front[front["distinguishable"] == sure]
            ax.scatter(part["x"] / fx, part["y"] / fy, s=26, facecolor=fill, edgecolor=HIGH, linewidth=1.0, zorder=4,
                       label="efficient" if sure else "close")  # fmt: skip
        ax.set_xlabel(f"{capital(names[0])}, {ux}")
        style.upright(ax, f"{capital(names[1])}, {uy}")
        note = say("Grey: cases that another one beats.")
        if not front["distinguishable"].all():
            note += " " + say("Hollow: not distinguishable from another case.")
        tagged(ax, _beaten_by_none(frame, front), frame.attrs["sweep"], note)
    return ax


def _beaten_by_none(frame: pd.DataFrame, front: pd.DataFrame) -> str:
    values = {"n": len(front), "all": len(frame)}
    if len(front) < 2:
        return say("{n} of {all} cases are beaten by no other", **values)
    first, last = front.iloc[0], front.iloc[-1]
    (fx, ux), (fy, uy) = (sized(float(frame[c].abs().max()), str(frame.attrs[f"{c}_units"])) for c in ("x", "y"))
    return say(
        "{n} of {all} cases are beaten by no other: {y} falls from {high} to {low} as {x} rises by {more}",
        **values, x=named_output(frame.attrs["x"]), y=named_output(frame.attrs["y"]), high=amount(first["y"] / fy),
        low=quantity(last["y"] / fy, uy), more=quantity((last["x"] - first["x"]) / fx, ux),
    )  # fmt: skip


def sobol(frame: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Shares of an output's variance by axis, alone and with interactions, from `insights.sobol`."""
    shown = frame.head(MOST).iloc[::-1]
    output = named_output(frame.attrs["output"])
    at = np.arange(len(shown))
    with style.sheet(ax, 1.6 + 0.42 * len(shown)) as ax:
        kinds = [("total", HIGH, 0.2, say("with interactions")), ("first", LOW, -0.2, say("alone"))]
        for name, colour, offset, text in kinds:
            shares, errors = (100 * shown[c].fillna(0.0).to_numpy() for c in (name, f"{name}_error"))
            ax.barh(at + offset, shares, 0.38, xerr=errors, color=colour, label=text,
                    error_kw={"ecolor": QUIET, "elinewidth": 0.8})  # fmt: skip
        _rows(ax, [capital(label(str(name))) for name in shown.index])
        ax.set_xlim(min(0.0, ax.get_xlim()[0]), max(100.0, ax.get_xlim()[1]))
        ax.set_xlabel(say("Share of the variance of {what}, %", what=output))
        _legend(ax, [(colour, text) for _, colour, _, text in kinds], "lower right")  # the shortest bars are below
        first = frame.iloc[0]
        if frame["distinguishable"].any():
            values = {
                "axis": label(str(frame.index[0])),
                "share": f"{100 * first['total']:.0f}{SPACE}%",
                "what": output,
            }
            title = capital(say("{axis} has a part in {share} of the variance of {what}", **values))
        else:
            title = say("No axis moves {what} by more than the proofs leave open", what=output)
        note = say("Lines: 95 % confidence; {n} blocks of cases.", n=frame.attrs["blocks"])
        tagged(ax, title, frame.attrs["sweep"], note)
    return ax


def _rows(ax: Axes, names: Sequence[str]) -> None:
    """Names at horizontal bars, with light lines for the numbers below them."""
    ax.set_yticks(range(len(names)), [wrapped(name, LONGEST, 2) for name in names])
    ax.grid(visible=False, axis="y")


def _legend(ax: Axes, kinds: Sequence[tuple[str, str]], place: Literal["best", "lower right"] = "best") -> None:
    handles = [Patch(facecolor=colour, label=text) for colour, text in kinds]
    ax.legend(handles=handles, loc=place, frameon=False, fontsize=LABEL)


def _level(value: Any) -> str:
    return amount(float(value)) if isinstance(value, int | float | np.number) else word(str(value))
