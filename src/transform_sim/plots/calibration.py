"""Modelled against verified emissions by group of permits; what was fitted is hollow and confirms nothing."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FixedLocator

from transform_sim.analysis.calibration import FITTED, OUTSIDE, RESIDUAL, TOLERANCE, VALIDATION
from transform_sim.analysis.calibration import calibration as compared
from transform_sim.results import Results

from . import stack, style
from .flexibility_bars import above
from .language import say
from .reading import NotApplicableError
from .words import SPACE, amount, capital, label, quantity, shortened

FIGURE = "calibration"
BLUE, BAND, VERIFIED = "#0B5FA5", "#E4E4E4", "#222222"
FILLED = {VALIDATION: BLUE, FITTED: "white", RESIDUAL: "#BBBBBB"}
MARKS = {VALIDATION: "o", FITTED: "o", RESIDUAL: "s"}
DECADES = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0)


def calibration(
    results: Results, register: str | Path | pd.DataFrame, *, period: int | None = None, ax: Axes | None = None
) -> Axes:
    """Emissions as modelled (points) and as verified (lines with a band of ±10 %), the largest group at the top.

    Filled points are found without the register, hollow ones are fitted to it; residual processes, which fill gaps by
    definition, stand in one row. `register` and `period` are those of `ts.analysis.calibration`. Raises
    NotApplicableError if nothing that was verified emits.
    """
    table = compared(results, register, period=period)
    rows = _rows(table)
    if rows.empty:
        raise NotApplicableError(f"figure {FIGURE} of {results.name} — the register has no emissions — give another")
    with style.sheet(ax, 1.9 + 0.28 * len(rows)) as ax:
        at = np.arange(len(rows))[::-1]
        _points(ax, rows, at)
        _scale(ax, rows, at)
        above(ax, say("CO₂ of a year, Mt; the scale is logarithmic"))
        style.finish(ax, results, _finding(rows), note=_note(table))
    return ax


def _rows(table: pd.DataFrame) -> pd.DataFrame:
    """Rows with verified emissions, the largest first, and all residual ones together as the last."""
    known = table[(table["verified"] > 0) & (table["modelled"] > 0)]
    named = known[known["kind"] != RESIDUAL].sort_values("verified", ascending=False, kind="stable")
    rows = named[["product", "modelled", "verified", "kind"]]
    rest = known.loc[known["kind"] == RESIDUAL, ["modelled", "verified"]]
    if len(rest):
        last = {"product": say("residual processes ({n})", n=len(rest)), "kind": RESIDUAL, **rest.sum()}
        rows = pd.concat([rows, pd.DataFrame([last])], ignore_index=True)
    return rows.assign(deviation=100.0 * (rows["modelled"] / rows["verified"] - 1.0))


def _points(ax: Axes, rows: pd.DataFrame, at: np.ndarray) -> None:
    share = TOLERANCE / 100.0
    verified = rows["verified"].to_numpy()
    ax.barh(at, 2 * share * verified, 0.62, left=(1 - share) * verified, color=BAND, linewidth=0, label="band")
    ax.vlines(verified, at - 0.31, at + 0.31, color=VERIFIED, linewidth=1.6, label=say("verified"))
    names = {VALIDATION: say("modelled, independent"), FITTED: say("modelled, fitted"), RESIDUAL: say("residual")}
    for kind, text in names.items():
        own = (rows["kind"] == kind).to_numpy()
        if own.any():
            ax.plot(
                rows.loc[own, "modelled"], at[own], MARKS[kind], markersize=6, markerfacecolor=FILLED[kind],
                markeredgecolor=BLUE if kind != RESIDUAL else style.QUIET, label=text, zorder=5,
            )  # fmt: skip


def _scale(ax: Axes, rows: pd.DataFrame, at: np.ndarray) -> None:
    """Names at the left, deviations at the right, a logarithmic scale with few plain numbers."""
    both = rows[["modelled", "verified"]].to_numpy()
    ax.set_xscale("log")
    ax.set_xlim(both.min() / 1.4, both.max() * 1.4)
    ax.xaxis.set_major_locator(FixedLocator([x for x in DECADES if both.min() / 1.4 <= x <= both.max() * 1.4]))
    ax.xaxis.set_minor_locator(FixedLocator([]))
    style.numbers(ax.xaxis)
    ax.set_yticks(at, [shortened(capital(label(str(p))), 34, 1) for p in rows["product"]])
    for y, deviation in zip(at, rows["deviation"], strict=True):
        ax.annotate(
            _percent(float(deviation)), (1, y), (4, 0), xycoords=("axes fraction", "data"), textcoords="offset points",
            va="center", fontsize=stack.LABEL, color=style.INK, annotation_clip=False,
        )  # fmt: skip
    ax.set_ylim(-1.3, len(rows) - 0.4)  # room for the legend
    ax.grid(axis="y", visible=False)
    ax.grid(axis="x", color=style.PALE, linewidth=0.6)
    handles, labels = ax.get_legend_handles_labels()
    shown = [(h, capital(t)) for h, t in zip(handles, labels, strict=True) if t != "band"]
    ax.legend(*zip(*shown, strict=True), loc="lower right", ncols=4, frameon=False, fontsize=stack.LABEL,
              borderaxespad=0.0, handlelength=1.2, columnspacing=1.2)  # fmt: skip


def _percent(value: float) -> str:
    rounded = round(value, 1) if abs(value) < 10 else round(value)
    return f"{'+' if rounded > 0 else ''}{amount(rounded)}{SPACE}%"


def _finding(rows: pd.DataFrame) -> str:
    own = rows[rows["kind"] == VALIDATION]
    if own.empty:
        return say("Every row was fitted to the register: the comparison confirms nothing")
    near = int((own["deviation"].abs() <= TOLERANCE).sum())
    return say(
        "Of {whole} verified, {part} are compared without fitting; {near} of {all} such rows within 10 %",
        near=near, all=len(own), part=quantity(float(own["verified"].sum()), "Mt"),
        whole=quantity(float(rows["verified"].sum()), "Mt"),
    )  # fmt: skip


def _note(table: pd.DataFrame) -> str:
    note = say(
        "Band: ±10 % of what was verified. Fitted rows (hollow) were set after the register and confirm nothing."
    )
    outside = table[table["kind"] == OUTSIDE]
    if outside.empty:
        return note
    total = quantity(float(outside["modelled"].sum()), "Mt")
    who = ", ".join(label(str(p)) for p in outside["product"])
    return f"{note} {say('Not drawn, as it is outside the register: {who}, {total}.', who=who, total=total)}"
