"""Figures of exchange and of recycled content: what is drawn equals the tables, in both languages."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.collections import QuadMesh
from matplotlib.patches import Rectangle

from tests.analysis.test_exchange import works
from transform_sim import analysis, plots, solve
from transform_sim.plots.reading import NotApplicableError
from transform_sim.plots.saving import figures
from transform_sim.reports.pictures import Picture, chapters
from transform_sim.results import Results

from .conftest import steel_results
from .drawn import axes, plain, texts


@cache
def study() -> Results:
    """Slag for clinker, worth its price, and scrap beside ore."""
    scenario = works(
        horizon={"start": 2025, "end": 2030, "step": 5, "discount_rate": 0.0},
        commodities={"scrap": {"unit": "t", "secondary": True}, "power": {"unit": "MWh", "kind": "energy"}},
        supply={"slag": {"price": 20}, "scrap": {"price": 5, "volume_max": {2025: 80, 2030: 50}}},
        processes={"plant": {"unit": "MWh", "sector": "power", "flows": {"power": 1}, "variable_opex": 90}},
    )
    return solve(scenario.with_({
        "processes.furnace.flows.scrap": {2025: -0.4, 2030: -0.5}, "processes.furnace.flows.power": -2.0,
        "demand.cement.amount": 80,
    }))  # fmt: skip


@cache
def value() -> pd.DataFrame:
    return analysis.exchange_value(works(), progress=False)


def gain(results: Results, *, ax: Axes) -> Axes:
    return plots.exchange_value(results, value(), ax=ax)


@pytest.mark.parametrize("draw", [plots.exchange, gain, plots.recycled_content])
@pytest.mark.parametrize("language", ["en", "de"])
def test_every_figure_is_drawn_in_both_languages(draw: Callable[..., Axes], language: str) -> None:
    with plots.language(language):
        ax = draw(study(), ax=axes())
        ax.figure.draw_without_rendering()
    assert ax.get_title(loc="left")
    assert ("Szenario: micro" if language == "de" else "Scenario: micro") in texts(ax)


def cells(ax: Axes) -> np.ndarray:
    mesh = next(c for c in ax.collections if isinstance(c, QuadMesh))
    return np.ma.filled(np.ma.masked_invalid(mesh.get_array()), 0.0).reshape(len(ax.get_yticks()), -1)


def test_the_matrix_shows_the_worth_of_what_passes() -> None:
    ax = plots.exchange(study(), ax=axes())
    assert [t.get_text() for t in ax.get_yticklabels()] == ["Power", "Steel"]
    assert [t.get_text() for t in ax.get_xticklabels()] == ["Steel", "Cement"]
    # 200 MWh at 90 EUR from power to steel, 30 t of slag at 20 EUR from steel to cement, in thousands
    np.testing.assert_allclose(cells(ax), [[18.0, 0.0], [0.0, 0.6]])
    framed = [p for p in ax.patches if isinstance(p, Rectangle) and not p.get_fill()]
    assert [(round(p.get_x()), round(p.get_y())) for p in framed] == [(1, 1)]
    assert "18.6 k EUR2020/a in 2030; 3 % of it are by-products, above all slag" in plain(ax.get_title(loc="left"))


def test_many_sectors_are_drawn_together() -> None:
    users = {f"user_{k:02d}": {"unit": "t", "sector": f"sector {k:02d}", "flows": {f"good_{k:02d}": 1, "slag": -1 - k}}
             for k in range(15)}  # fmt: skip
    goods = {f"good_{k:02d}": {"unit": "t"} for k in range(15)}
    scenario = works(processes=users, commodities=goods, demand={c: {"amount": 1} for c in goods},
                     supply={"slag": {"price": 20}})  # fmt: skip
    results = solve(scenario)
    ax = plots.exchange(results, ax=axes())
    assert [t.get_text() for t in ax.get_xticklabels()][-1] == "Other"
    assert len(ax.get_xticks()) == 12
    worth = analysis.exchange(results)["value"].sum()
    np.testing.assert_allclose(cells(ax).sum() * (1e3 if worth > 1e3 else 1.0), worth)


def test_gains_are_drawn_as_in_the_table() -> None:
    ax = plots.exchange_value(study(), value(), ax=axes())
    assert [p.get_width() for p in ax.patches] == pytest.approx([1200])
    assert "Slag up to 20 t/a" in texts(ax)
    assert plain(ax.get_title(loc="left")) == (
        "Exchange of by-products between sectors saves 1,200 EUR2020"
    )  # fmt: skip


def test_a_gain_without_end_is_told_in_words() -> None:
    scenario = works().with_({"processes.kiln.capacity_max": 25, "processes.pure_mill.capacity_max": 0})
    table = analysis.exchange_value(scenario, progress=False)
    ax = plots.exchange_value(solve(scenario), table, ax=axes())
    assert "no solution without exchange" in texts(ax)
    assert plain(ax.get_title(loc="left")) == "Without exchange of by-products the study has no solution"


def test_lines_of_recycled_content_are_the_shares() -> None:
    ax = plots.recycled_content(study(), ax=axes())
    lines = {line.get_label(): line.get_ydata() for line in ax.get_lines()}
    assert list(lines) == ["steel"]
    np.testing.assert_allclose(lines["steel"], [40, 50])
    assert plain(ax.get_title(loc="left")) == "Recycled content of steel rises from 40 % in 2025 to 50 % in 2030"
    assert "Bought of what is on offer in 2030: scrap 100 %." in texts(ax)


def test_nothing_to_show_is_told() -> None:
    with pytest.raises(NotApplicableError, match="sectors exchange nothing of worth in 2025"):
        plots.exchange(solve(works()), ax=axes())  # slag is worth nothing where more is made than used
    with pytest.raises(NotApplicableError, match="nothing is made of recovered material"):
        plots.recycled_content(steel_results(), ax=axes())


def test_results_without_a_scenario_are_drawn_too(steel: Results) -> None:
    ax = plots.exchange(steel, 2050, ax=axes())
    assert "Steel" in [t.get_text() for t in ax.get_xticklabels()]


def test_they_stand_in_a_chapter_of_the_report() -> None:
    assert {"exchange", "recycled_content"} <= {name for name, _ in figures(study())}
    found = chapters([Picture(name, "", "") for name in ("emissions", "exchange", "recycled_content")])
    assert [(c.title, [p.name for p in c.pictures]) for c in found][-1] == (
        "Circularity and exchange", ["exchange", "recycled_content"],
    )  # fmt: skip
