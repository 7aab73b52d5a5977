"""Figures of odd results, their errors, and how they behave among other figures."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np
import pytest
import xarray as xr
from matplotlib import pyplot
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from transform_sim import plots
from transform_sim.results import Results

from .conftest import PERIODS, array, steel_results
from .drawn import axes, bars, changed, panels, texts, total

FIGURES = [plots.production, plots.capacity, plots.emissions, plots.cost, plots.prices, plots.dispatch, plots.energy]


@pytest.mark.parametrize("draw", FIGURES)
@pytest.mark.parametrize("periods", [(2040,), PERIODS])
def test_every_figure_is_readable_for_few_and_many_periods(draw: Callable[..., Axes], periods: Sequence[int]) -> None:
    ax = draw(steel_results(periods), ax=axes())
    ax.figure.draw_without_rendering()
    assert ax.get_title(loc="left")
    assert all(panel.get_ylabel() for panel in panels(ax))
    assert "Scenario: Steel in a region [made-up-steel], private view." in " ".join(texts(p) for p in panels(ax))


@pytest.mark.parametrize("draw", FIGURES)
def test_labels_beside_the_axes_do_not_overlap(draw: Callable[..., Axes], steel: Results) -> None:
    from matplotlib.offsetbox import AnnotationBbox

    from transform_sim.plots.style import Page

    ax = draw(steel, ax=Page().add_subplot())
    ax.figure.draw_without_rendering()
    for panel in panels(ax):
        boxes = sorted((a.offsetbox.get_window_extent() for a in panel.findobj(AnnotationBbox)), key=lambda b: b.y0)
        assert all(low.y1 <= high.y0 + 1.0 for low, high in pairwise(boxes))
        assert all(b.x1 <= ax.figure.bbox.x1 + 1.0 for b in boxes)


def test_nothing_to_show_is_said(steel: Results) -> None:
    empty = changed(
        steel, flow=steel.flow * 0, purchase=steel.purchase * 0, process_emission=steel.process_emission * 0,
        emissions=steel.emissions * 0, annual_cost=steel.annual_cost * 0, cap_price=steel.cap_price * 0,
    )  # fmt: skip
    assert plots.production(empty, ax=axes()).get_title(loc="left") == "No crude steel is made or bought"
    assert plots.emissions(empty, ax=axes()).get_title(loc="left") == "CO₂ emissions stay at zero from 2025 to 2050"
    assert plots.cost(empty, ax=axes()).get_title(loc="left") == "Nothing is paid"


def many(names: Sequence[str]) -> Results:
    """As many plants as names, the n-th making n kt."""
    data = steel_results().data
    values = np.arange(1.0, len(names) + 1)[None, :, None, None] * np.full((1, 1, 1, 6), 1e3)
    flow = array(values, commodity=["crude_steel"], process=list(names), region=["ruhr"], period=list(PERIODS))
    demand = data["served_demand"].assign_coords(demand_commodity=("demand", ["crude_steel"]))
    out = xr.Dataset({"flow": flow, "served_demand": demand}).assign_coords(commodity_unit=("commodity", ["t"]))
    out.attrs = data.attrs
    return Results(out)


def test_small_ones_beyond_twelve_are_drawn_together() -> None:
    drawn = bars(plots.production(many([f"plant_{i}" for i in range(20)]), ax=axes()))
    assert len(drawn) == 12
    np.testing.assert_allclose(drawn["other"], sum(range(1, 10)))  # the nine smallest
    np.testing.assert_allclose(sum(drawn.values()), sum(range(1, 21)))


def test_long_names_keep_what_tells_them_apart() -> None:
    names = [f"a_very_long_name_of_plant_{i}_with_more_words_than_a_label_can_hold" for i in range(5)]
    ax = plots.production(many(names), ax=axes())
    words = texts(ax)
    assert all(f"… {i} …" in words or f"plant {i}" in words for i in range(5))


@pytest.mark.parametrize(
    ("draw", "missing"),
    [
        (plots.capacity, "capacity"),
        (plots.emissions, "emissions"),
        (plots.cost, "annual_cost"),
        (plots.prices, "shadow_price"),
        (plots.dispatch, "shadow_price_hour"),
        (plots.energy, "flow"),
        (plots.production, "served_demand"),
    ],
)
def test_a_missing_quantity_is_named(draw: Callable[..., Axes], missing: str) -> None:
    with pytest.raises(plots.NotApplicableError, match=f"have no '{missing}'"):
        draw(steel_results(drop=[missing]), ax=axes())


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda r: plots.production(r, "steal"), "no commodity 'steal' — choose from coal, crude_steel"),
        (lambda r: plots.production(r, "hbi_abroad"), "no commodity 'hbi_abroad'"),
        (lambda r: plots.capacity(r, "coal"), "no plant makes 'coal'"),
        (lambda r: plots.emissions(r, "ch4"), "no emission 'ch4' — choose from co2"),
        (lambda r: plots.dispatch(r, "coal"), "'coal' does not balance by the hour — choose from electricity"),
        (lambda r: plots.dispatch(r, period=2031), "no period 2031 — choose from 2025, 2030"),
        (lambda r: plots.dispatch(r, days=["1 May"]), "no day 1 May — choose from 2025-01-22"),
    ],
)
def test_a_wrong_choice_says_what_there_is(call: Callable[[Results], Axes], message: str, steel: Results) -> None:
    with pytest.raises(plots.NotApplicableError, match=message):
        call(steel)
    assert not pyplot.get_fignums()  # a figure that fails leaves none behind


def test_results_that_do_not_name_commodities_are_refused(steel: Results) -> None:
    with pytest.raises(plots.NotApplicableError, match="do not say 'supply_commodity' — solve the scenario again"):
        plots.production(Results(steel.data.drop_vars("supply_commodity")), ax=axes())


def test_units_other_than_tonnes_and_megawatt_hours_keep_their_ladder(steel: Results) -> None:
    units = [{"t": "kt", "MWh": "GJ"}[u] for u in steel.data["commodity_unit"].values]
    other = Results(steel.data.assign_coords(commodity_unit=("commodity", units)))
    assert plots.production(other, ax=axes()).get_ylabel() == "Crude steel, Mt/a"
    np.testing.assert_allclose(
        total(plots.production(other, ax=axes())), total(plots.production(steel, ax=axes())) * 1e3
    )
    assert plots.production(other, "electricity", ax=axes()).get_ylabel() == "Electricity, PJ/a"


def test_without_axes_pyplot_shows_one_figure(steel: Results) -> None:
    ax = plots.production(steel)
    assert pyplot.get_fignums() == [ax.figure.number]
    assert ax is pyplot.gca()


def test_what_a_notebook_sets_when_pyplot_starts_stays(steel: Results, monkeypatch: pytest.MonkeyPatch) -> None:
    make = pyplot.figure

    def start_and_make(**options: object) -> Figure:
        pyplot.ion()  # as the inline backend does on its first figure; without it, later ones are not shown
        return make(**options)  # type: ignore[arg-type]

    monkeypatch.setattr(pyplot, "figure", start_and_make)
    plots.production(steel)
    assert pyplot.isinteractive()
    pyplot.ioff()


def test_global_settings_stay(steel: Results) -> None:
    before = dict(pyplot.rcParams)
    plots.capacity(steel)
    assert dict(pyplot.rcParams) == before


@pytest.mark.parametrize("draw", [plots.capacity, plots.dispatch, plots.prices])
def test_panels_stay_in_the_place_of_the_given_axes(draw: Callable[..., Axes], steel: Results) -> None:
    grid = Figure(figsize=(14, 9), layout="constrained")
    left, right = grid.subplots(1, 2)
    draw(steel, ax=right)
    grid.draw_without_rendering()
    assert all(p.get_position().x0 > left.get_position().x1 for p in grid.axes if p is not left)
    free = Figure(figsize=(8, 6))
    ax = draw(steel, ax=free.add_axes((0.1, 0.2, 0.6, 0.7)))
    assert ax in free.axes
    assert all(p.get_position().y0 > 0.19 and p.get_position().y1 < 0.91 for p in free.axes)
