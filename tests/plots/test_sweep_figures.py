"""Figures of sweeps show the numbers of the frames that they are given."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PathCollection
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from tests.sweep.handmade import GAP, grid, one_at_a_time, planes, two_outputs
from transform_sim.plots import language, sweeps
from transform_sim.plots.reading import NotApplicableError
from transform_sim.sweeps import insights
from transform_sim.sweeps.crossing import BreakEven

from .drawn import axes, plain, texts

X, Y = [0.0, 4.0, 8.0, 12.0], [1.0, 5.0, 9.0]
ROUTES = ["bf_bof", "dri_eaf", "hbi_eaf"]


def title(ax: Axes) -> str:
    return plain(ax.get_title(loc="left"))


def steel_map() -> BreakEven:
    data = grid(planes(X, Y), {"hydrogen": X, "carbon_price": Y}, process=ROUTES)
    return insights.break_even(data, "hydrogen", "carbon_price", "made")


def swings(gap: float = 0.0) -> pd.DataFrame:
    return insights.tornado(one_at_a_time([1e9, 1.2e9, 0.95e9, 1.1e9, 1.005e9, 0.7e9, 1e9], gap), "objective")


def options() -> pd.DataFrame:
    costs = [[10e9, 30e9, 50e9], [12e9, 20e9, 70e9]]
    return insights.regret(grid(costs, {"ccs": ["no", "yes"], "carbon_price": [1.0, 2.0, 3.0]}), "ccs")


def front() -> pd.DataFrame:
    return insights.pareto(two_outputs([1e9, 2e9, 3e9, 4e9], [9e6, 5e6, 6e6, 1e6]), "objective", "emissions")


def shares() -> pd.DataFrame:
    frame = pd.DataFrame(
        {"first": [0.6, 0.1], "first_error": [0.05, 0.02], "total": [0.8, 0.3], "total_error": [0.1, 0.05]},
        index=pd.Index(["carbon_price", "hydrogen"], name="axis"),
    )
    frame["distinguishable"] = True
    frame.attrs = {"sweep": "by hand", "output": "objective", "units": "EUR2020", "blocks": 64}
    return frame


FIGURES: dict[str, Callable[..., Axes]] = {
    "break_even": lambda **on: sweeps.break_even(steel_map(), **on),
    "tornado": lambda **on: sweeps.tornado(swings(), **on),
    "regret": lambda **on: sweeps.regret(options(), **on),
    "pareto": lambda **on: sweeps.pareto(front(), **on),
    "sobol": lambda **on: sweeps.sobol(shares(), **on),
}


def test_every_figure_is_tested_here() -> None:
    assert set(FIGURES) == set(sweeps.__all__)


@pytest.mark.parametrize("name", FIGURES)
def test_figures_draw_on_given_axes_or_on_their_own_and_are_written(name: str, tmp_path: Path) -> None:
    given = axes()
    assert FIGURES[name](ax=given) is given
    own = FIGURES[name]()
    assert isinstance(own.figure, Figure)
    for ax, file in ((given, "given.png"), (own, "own.svg")):
        ax.figure.savefig(tmp_path / file)  # a warning, such as of a layout that does not fit, is an error
        assert (tmp_path / file).stat().st_size > 5000


@pytest.mark.parametrize("name", FIGURES)
def test_figures_speak_german(name: str) -> None:
    with language("de"):
        ax = FIGURES[name](ax=axes())
    ax.figure.draw_without_rendering()
    said = texts(ax).replace("by hand", "")
    assert "Fallstudie" in said
    assert not re.findall(r"\b(?:the|of|and|cost|price|cases|case|leads|hydrogen|levels?|not)\b(?! \|)", said)


def test_the_map_has_a_field_of_the_leader_around_each_case() -> None:
    found = steel_map()
    ax = sweeps.break_even(found, ax=axes())
    fields = [p for p in ax.patches if isinstance(p, Rectangle)]
    for row in found.leaders.itertuples():
        over = [f.get_label() for f in fields if _holds(f, row.hydrogen, row.carbon_price)]
        assert over == [row.leader]
    assert sum(f.get_width() * f.get_height() for f in fields) == pytest.approx(16 * 12)  # all, without gaps
    drawn = [c for c in ax.collections if isinstance(c, LineCollection)]
    pieces = np.array(drawn[-1].get_segments()).reshape(-1, 4)
    np.testing.assert_allclose(pieces, found.lines[["x0", "y0", "x1", "y1"]])
    # dri_eaf leads in 5 of 12, bf_bof (6) in 4, hbi_eaf in 3
    counts = found.leaders["leader"].value_counts()
    assert counts.to_dict() == {"dri_eaf": 5, "bf_bof": 4, "hbi_eaf": 3}
    assert title(ax) == "Made: DRI-EAF leads in 42 % of the cases, BF-BOF in 33 %"
    assert {"DRI-EAF", "BF-BOF", "HBI-EAF"} <= set(texts(ax).split(" | "))


def _holds(field: Rectangle, x: float, y: float) -> bool:
    return (
        field.get_x() < x < field.get_x() + field.get_width() and field.get_y() < y < field.get_y() + field.get_height()
    )


def test_the_map_marks_what_cannot_be_told_apart_and_what_has_no_solution() -> None:
    values = np.array([[[1e6, 1e6 + 1e-3], [1e6, 0.0]], [[1e6, 2e6], [1e6, 0.0]]])
    data = grid(values, {"x": [0.0, 1.0], "y": [0.0, 1.0]}, process=["bf_bof", "dri_eaf"])
    data["status"][1, 1] = "infeasible"
    ax = sweeps.break_even(insights.break_even(data, "x", "y", "made"), ax=axes())
    assert [(*line.get_xdata(), *line.get_ydata()) for line in ax.lines if line.get_label() == "close"] == [(0.0, 0.0)]
    assert "Crosses: not distinguishable from the next. White: no solution." in texts(ax)
    data["status"][:] = "infeasible"
    with pytest.raises(NotApplicableError, match="no case has a proved optimum"):
        sweeps.break_even(insights.break_even(data, "x", "y", "made"), ax=axes())


def test_tornado_bars_are_the_changes() -> None:
    ax = sweeps.tornado(swings(), ax=axes())
    ends = {c.get_label(): round(float(c.patches[0].get_width()), 6) for c in ax.containers}
    assert ends == {
        "low 5 Mt/a": 5.0, "high 25 Mt/a": -300.0, "low 20": -50.0, "high 40": 200.0, "low 12": 0.0,
    }  # fmt: skip
    assert [t.get_text() for t in ax.get_yticklabels()] == ["Coal", "Gas", "CCS"]  # the widest on top
    assert title(ax) == "CCS moves total cost most: by 305 m EUR2020 between its ends"
    assert "Change of total cost, m EUR2020" in texts(ax)


def test_a_tornado_says_what_is_not_distinguishable() -> None:
    ax = sweeps.tornado(swings(gap=0.1), ax=axes())
    assert "not distinguishable" in texts(ax)
    colours = {c.get_label(): c.patches[0].get_facecolor() for c in ax.containers}
    assert colours["high 40"] == colours["low 20"] == colours["low 12"]
    assert title(sweeps.tornado(swings(gap=1.0), ax=axes())) == (
        "No axis moves total cost by more than the proofs leave open"
    )


def test_the_regret_table_has_every_number() -> None:
    ax = sweeps.regret(options(), ax=axes())
    cells = {(t.get_position()[1], t.get_position()[0]): t.get_text() for t in ax.texts if t.get_ha() == "center"}
    assert [[cells[i, j] for j in range(3)] for i in range(2)] == [["0", "10.0", "0"], ["2.0", "0", "20.0"]]
    assert title(ax) == "CCS at no is regretted least: at most 10 bn EUR2020"


def test_regret_within_the_gaps_stands_in_brackets_and_too_much_is_refused() -> None:
    data = grid([[1e9, 1e9], [1.001e9, 1.1e9]], {"ccs": ["no", "yes"], "price": [1.0, 2.0]}, GAP)
    data["status"][1, 1] = "infeasible"
    ax = sweeps.regret(insights.regret(data, "ccs"), ax=axes())
    assert [t.get_text() for t in ax.texts if t.get_ha() == "center"] == ["(0)", "0", "(1.00)", "–"]
    assert "In brackets: not distinguishable" in texts(ax)
    wide = grid(np.ones((2, 13)), {"ccs": ["no", "yes"], "price": np.arange(13.0).tolist()})
    with pytest.raises(NotApplicableError, match="2 options in 13 states"):
        sweeps.regret(insights.regret(wide, "ccs"), ax=axes())


def test_the_front_is_drawn_apart_from_what_it_beats() -> None:
    ax = sweeps.pareto(front(), ax=axes())
    points = {c.get_label(): c.get_offsets() for c in ax.collections if isinstance(c, PathCollection)}
    np.testing.assert_allclose(points["beaten"], [[3.0, 6e6 / 1e6]])
    np.testing.assert_allclose(points["efficient"], [[1.0, 9.0], [2.0, 5.0], [4.0, 1.0]])
    assert len(points["close"]) == 0
    assert title(ax).startswith("3 of 4 cases are beaten by no other: emissions falls from 9")


def test_sobol_bars_are_shares() -> None:
    ax = sweeps.sobol(shares(), ax=axes())
    widths = {c.get_label(): [round(p.get_width(), 6) for p in c.patches] for c in ax.containers if c.get_label() in
              ("alone", "with interactions")}  # fmt: skip
    assert widths == {"with interactions": [30.0, 80.0], "alone": [10.0, 60.0]}
    assert title(ax) == "Carbon price has a part in 80 % of the variance of total cost"
    none = shares()
    none["distinguishable"] = False
    assert title(sweeps.sobol(none, ax=axes())) == "No axis moves total cost by more than the proofs leave open"


def test_a_single_case_is_a_map_too() -> None:
    data = grid([[[1.0, 2.0]]], {"x": [3.0], "y": [4.0]}, process=["bf_bof", "dri_eaf"])
    ax = sweeps.break_even(insights.break_even(data, "x", "y", "made"), ax=axes())
    assert title(ax) == "DRI-EAF leads everywhere in made"
    assert len(ax.patches) == 1
