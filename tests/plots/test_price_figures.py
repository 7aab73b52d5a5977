"""Abatement cost and willingness to pay as drawn: widths and heights are the numbers of the tables."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes

from tests.analysis.test_abatement_cost import steel
from tests.analysis.test_willingness_to_pay import hydrogen
from tests.micro import mini
from transform_sim import Scenario, plots, solve
from transform_sim.analysis import abatement_cost_curve, abatement_cost_steps, willingness_to_pay
from transform_sim.results import Results

from .drawn import axes, texts


def boxes(ax: Axes) -> pd.DataFrame:
    """Left edge, width and height of each bar, from left to right."""
    found = [(p.get_x(), p.get_width(), p.get_height()) for c in ax.containers for p in c]
    return pd.DataFrame(sorted(found), columns=["left", "width", "height"])


@pytest.fixture(scope="module")
def priced() -> Results:
    """The furnace makes all in 2025; the carbon price of 2030 is above the first step."""
    return solve(two_years())


def two_years() -> Scenario:
    horizon = {"start": 2025, "end": 2030, "step": 5, "discount_rate": 0.0}
    return steel(horizon=horizon, policies={"carbon_price": {2025: 0, 2030: 30}})


def test_steps_are_as_wide_as_what_they_avoid_and_as_high_as_they_cost(priced: Results) -> None:
    ax = plots.abatement(priced, ax=axes())
    steps, drawn = abatement_cost_steps(priced), boxes(ax)
    table = steps[steps["period"] == 2030]
    np.testing.assert_allclose(drawn["width"], table["potential"])
    np.testing.assert_allclose(drawn["height"], table["cost"])
    np.testing.assert_allclose(drawn["left"], table["cumulative"] - table["potential"], atol=1e-12)
    assert "0.5 Mt/a of 2 Mt/a CO₂ could be avoided for less than 30 EUR2020/t in 2030" in texts(ax)
    assert "most of it in making steel" in texts(ax)


def test_the_curve_of_the_system_is_its_line() -> None:
    curve = abatement_cost_curve(steel(), [1.75e6, 1e6, 0.25e6, -1e6], progress=False)
    priced = solve(steel())
    ax = plots.abatement(priced, curve, ax=axes())
    line = next(one for one in ax.lines if one.get_label() == "Whole system, by cap")
    np.testing.assert_allclose(line.get_xdata(), [0, 0.25, 1.0, 1.75])  # the last cap has no solution
    np.testing.assert_allclose(line.get_ydata(), [0, 20, 50, 160])
    assert "System: last tonne under ever tighter caps." in texts(ax)


def test_without_a_carbon_price_nothing_is_cheaper() -> None:
    ax = plots.abatement(solve(steel()), ax=axes())
    assert "None of 2 Mt/a CO₂ could be avoided for less than 0 EUR2020/t in 2025" in texts(ax)


def test_bars_are_users_and_the_line_is_the_price() -> None:
    r = hydrogen()
    ax = plots.willingness(r, "hydrogen", period=2035, ax=axes())
    table = willingness_to_pay(r, "hydrogen")
    own, drawn = table[table["period"] == 2035], boxes(ax)
    np.testing.assert_allclose(drawn["width"], own["used"])
    np.testing.assert_allclose(drawn["height"], own["willingness"])
    price = float(r.shadow_price.sel(commodity="hydrogen", period=2035).squeeze())
    line = next(one for one in ax.lines if one.get_linestyle() == "--")
    np.testing.assert_allclose(line.get_ydata(), price)
    assert "plants behind 100 % of its use could pay the price" in texts(ax)


def test_what_is_not_there_is_not_drawn() -> None:
    with pytest.raises(plots.NotApplicableError, match="no process that can be built uses 'coal' in 2035"):
        plots.willingness(mini("two_routes"), "coal", ax=axes())
    with pytest.raises(plots.NotApplicableError, match="no product has an incumbent"):
        plots.abatement(mini("battery_day"), ax=axes())


def test_both_speak_german(priced: Results) -> None:
    curve = abatement_cost_curve(two_years(), [1e6], progress=False)
    with plots.language("de"):
        first, second = plots.abatement(priced, curve, ax=axes()), plots.willingness(hydrogen(), "hydrogen", ax=axes())
        for ax in (first, second):
            ax.figure.canvas.draw()
    assert "ließen sich 2030 für weniger als 30 EUR2020/t vermeiden" in texts(first)
    assert "über das hinaus, was 30 EUR2020/t vermeiden" in texts(first)
    assert "Wasserstoff" in texts(second)
