"""What the figures draw equals the results, read back from the artists on the axes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np
import pytest
import xarray as xr
from matplotlib import pyplot
from matplotlib.axes import Axes
from matplotlib.container import BarContainer
from matplotlib.figure import Figure
from matplotlib.patches import StepPatch
from matplotlib.text import Text

from transform_sim import plots
from transform_sim.results import Results

from .conftest import DAYS, PERIODS, array, steel_results

FIGURES = [plots.production, plots.capacity, plots.emissions, plots.cost, plots.prices, plots.dispatch, plots.energy]


def axes() -> Axes:
    return Figure(figsize=(7.2, 4.3), layout="constrained").add_subplot()


def panels(ax: Axes) -> list[Axes]:
    """The axes and the panels under it."""
    return list(ax.figure.axes)


def bars(ax: Axes) -> dict[str, np.ndarray]:
    """Heights of the bars by label."""
    return {c.get_label(): np.array([p.get_height() for p in c]) for c in ax.containers if isinstance(c, BarContainer)}


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


def test_production_shows_every_tonne_made_and_bought(steel: Results) -> None:
    ax = plots.production(steel, ax=axes())
    flow = steel.flow.sel(commodity="crude_steel").sum("region") / 1e6
    drawn = bars(ax)
    assert set(drawn) == {"BF-BOF", "BF-BOF+CCS", "DRI-EAF", "Scrap-EAF", "HBI-EAF"}
    np.testing.assert_allclose(drawn["DRI-EAF"], flow.sel(process="dri_eaf"))
    np.testing.assert_allclose(total(ax), steel.served_demand.sum(["demand", "node"]) / 1e6)
    assert ax.get_ylabel() == "Crude steel, Mt/a"


def test_production_of_another_commodity_includes_its_purchases(steel: Results) -> None:
    ax = plots.production(steel, "electricity", ax=axes())
    made = steel.flow.sel(commodity="electricity").clip(min=0).sum(["process", "region"])
    bought = steel.purchase.sel(supply="grid_power").sum("node")
    np.testing.assert_allclose(total(ax), (made + bought) / 1e6)
    np.testing.assert_allclose(bars(ax)["grid power"], bought / 1e6)
    assert ax.get_ylabel() == "Electricity, TWh/a"


def test_a_supply_named_after_its_commodity_is_called_a_purchase(steel: Results) -> None:
    assert set(bars(plots.production(steel, "scrap", ax=axes()))) == {"purchased scrap"}


def test_production_title_states_the_finding(steel: Results) -> None:
    title = plain(plots.production(steel, ax=axes()).get_title(loc="left"))
    # 7.53 of 13.9 Mt in 2050
    assert title == "DRI-EAF provides 54 % of crude steel in 2050; BF-BOF falls from 100 % in 2025 to 0 %"


def test_capacity_shows_makers_and_what_becomes_of_them(steel: Results) -> None:
    ax = plots.capacity(steel, ax=axes())
    upper, lower = panels(ax)
    makers = ["bf_bof", "bf_bof_ccs", "dri_eaf", "scrap_eaf", "hbi_eaf"]
    np.testing.assert_allclose(total(upper), steel.capacity.sel(process=makers).sum(["process", "region"]) / 1e6)
    drawn = bars(lower)
    # 2030: furnaces of 5.54 end, 2.5 become shafts, 1.0 is relined, 2.04 closes; 4.77 falls to 3.66 by capture (1.11);
    # 6.8 falls to 6.0 before its end. 2035: 6.0 end, 5.0 become shafts; 3.66 falls to 2.66 before its end.
    np.testing.assert_allclose(drawn["relined or renewed"][:3], [0, 1.0, 0], atol=1e-12)
    np.testing.assert_allclose(drawn["becomes DRI-EAF"][:3], [0, 2.5, 5.0])
    np.testing.assert_allclose(drawn["becomes BF-BOF+CCS"][:3], [0, 1.11, 0])
    np.testing.assert_allclose(drawn["closed at campaign end"][:3], [0, 2.04, 1.0], atol=1e-12)
    np.testing.assert_allclose(drawn["closed before campaign end"][:3], [0, 0.8, 1.0], atol=1e-12)


def test_capacity_without_campaigns_has_one_panel() -> None:
    bare = steel_results(drop=("cohort_capacity", "end_conversion", "mid_conversion"))
    assert len(panels(plots.capacity(bare, ax=axes()))) == 1


def test_capacity_names_makers_in_other_units(steel: Results) -> None:
    flow = steel.flow.copy()
    flow.loc[{"commodity": "electricity", "process": "bf_bof"}] = 1e6  # power from furnace gas
    ax = plots.capacity(changed(steel, flow=flow), "electricity", ax=axes())
    assert set(bars(panels(ax)[0])) == {"Wind", "Solar"}
    assert "Not shown, measured in other units: BF-BOF." in texts(panels(ax)[-1])


def test_emissions_add_to_the_net_line(steel: Results) -> None:
    ax = plots.emissions(steel, ax=axes())
    net = steel.emissions.sel(emission="co2").sum("node") / 1e6
    np.testing.assert_allclose(total(ax), net)
    line = next(x for x in ax.lines if x.get_label() == "net")
    np.testing.assert_allclose(line.get_ydata(), net)


def test_emissions_mark_the_years_in_which_a_cap_binds(steel: Results) -> None:
    ax = plots.emissions(steel, ax=axes())
    marks = next(x for x in ax.lines if x.get_label() == "cap binds")
    assert list(marks.get_xdata()) == [3, 4, 5]
    assert "one tonne less would save 14 to 96 EUR2020" in texts(ax)


def test_emissions_of_purchases_close_the_sum_and_removals_go_below_zero(steel: Results) -> None:
    emission = steel.process_emission.copy()
    emission.loc[{"process": "dri_eaf", "period": [2045, 2050]}] = -3e6
    extra = xr.DataArray([0, 0, 0.5e6, 1e6, 1e6, 1e6], dims="period")
    net = emission.sum(["process", "region"]).expand_dims(node=["ruhr"]) + extra
    ax = plots.emissions(changed(steel, process_emission=emission, emissions=net), ax=axes())
    np.testing.assert_allclose(total(ax), net.sum(["emission", "node"]) / 1e6)
    np.testing.assert_allclose(bars(ax)["purchases and disposal"], extra / 1e6, atol=1e-9)
    assert bars(ax)["DRI-EAF"][-1] == pytest.approx(-3.0)
    assert ax.get_ylim()[0] < -3.0
    assert "falls below zero" in ax.get_title(loc="left")


def test_cost_times_period_weight_is_the_objective(steel: Results) -> None:
    ax = plots.cost(steel, ax=axes())
    counted = steel.cost.values[steel.cost["counts"].values].sum()
    assert (total(ax) * steel.data["period_weight"].values).sum() * 1e9 == pytest.approx(counted)
    assert "levies" not in bars(ax)
    assert (bars(ax)["sales"][1:] < 0).all()


def test_prices_are_lines_in_a_panel_for_each_unit(steel: Results) -> None:
    ax = plots.prices(steel, ax=axes())
    assert [p.get_ylabel() for p in panels(ax)] == ["EUR2020/t", "EUR2020/MWh", "EUR2020/t CO₂"]
    lines = {x.get_label(): x.get_ydata() for p in panels(ax) for x in p.lines}
    np.testing.assert_allclose(lines["crude steel"], steel.shadow_price.sel(commodity="crude_steel").mean("node"))
    np.testing.assert_allclose(lines["with cap or budget"], steel.carbon_price + steel.cap_price)
    assert np.isnan(lines["hydrogen"][0])  # nobody makes or buys any in 2025


def test_prices_of_chosen_commodities(steel: Results) -> None:
    bare = Results(steel.data.drop_vars(["carbon_price", "cap_price"]))
    (panel,) = panels(plots.prices(bare, ["hydrogen"], ax=Figure().add_axes((0.1, 0.2, 0.6, 0.7))))
    assert [x.get_label() for x in panel.lines] == ["hydrogen"]
    # 131 and 135 EUR/MWh in the two places in 2030: a line at the mean, a band around it
    assert panel.lines[0].get_ydata()[1] == pytest.approx(133)
    assert len(panel.collections) == 1


def test_energy_is_counted_once(steel: Results) -> None:
    ax = plots.energy(steel, ax=axes())
    works = ["bf_bof", "bf_bof_ccs", "dri_eaf", "scrap_eaf", "hbi_eaf"]
    carriers = ["coal", "natural_gas", "electricity", "hydrogen"]
    use = -steel.flow.sel(process=works, commodity=carriers).sum(["process", "region"]) / 1e6
    np.testing.assert_allclose(total(ax), use.sum("commodity"))
    np.testing.assert_allclose(bars(ax)["electricity"], use.sel(commodity="electricity"))


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


def test_dispatch_adds_to_the_year_and_balances(steel: Results) -> None:
    upper, price = panels(plots.dispatch(steel, ax=axes()))
    drawn = stairs(upper)
    flow = steel.flow.sel(commodity="electricity", period=2050).sum("region")
    assert drawn["Electrolysis"] == pytest.approx(float(flow.sel(process="electrolysis")))
    assert drawn["DRI-EAF"] == pytest.approx(float(flow.sel(process="dri_eaf")))
    assert drawn["Wind"] == pytest.approx(float(flow.sel(process="onshore_wind")))
    assert drawn["grid power"] == pytest.approx(float(steel.purchase.sel(supply="grid_power", period=2050).sum()))
    assert sum(drawn.values()) == pytest.approx(0.0, abs=1.0)
    assert price.get_ylabel().replace("\n", " ") == "Price, EUR2020/MWh"
    shown = np.concatenate([p.get_data().values for p in price.patches if isinstance(p, StepPatch)])
    np.testing.assert_allclose(shown, steel.shadow_price_hour.sel(commodity="electricity", period=2050)[0])


def test_dispatch_of_chosen_days_and_period(steel: Results) -> None:
    ax = plots.dispatch(steel, period=2035, days=["2025-07-03"], ax=axes())
    lower = panels(ax)[-1]
    assert [t.get_text() for t in lower.get_xticklabels()] == ["3 July\n109 days/a"]
    assert "in 2035" in plain(ax.get_title(loc="left"))
    assert "Not every day is shown." in texts(lower)


def test_dispatch_closes_with_demand_and_nets_stores(steel: Results) -> None:
    data = steel.data
    hours = data["hour"].values
    level = np.tile(np.where(np.arange(24) < 12, 100.0, 0.0), 4)
    coords = {"storage": ["battery"], "region": ["ruhr"], "period": list(PERIODS), "hour": hours}
    charge = array(np.broadcast_to(level + 50.0, (1, 1, 6, 96)), **coords)
    discharge = array(np.broadcast_to(150.0 - level, (1, 1, 6, 96)), **coords)
    data = data.assign(charge_hour=charge, discharge_hour=discharge)
    data = data.assign(charge=charge.sum("hour"), discharge=discharge.sum("hour"))
    data = data.assign_coords(storage_commodity=("storage", ["electricity"]))
    upper = panels(plots.dispatch(Results(data), ax=axes()))[0]
    drawn = [p for p in upper.patches if isinstance(p, StepPatch) and p.get_label() == "battery"]
    heights = np.concatenate([(p.get_data().values - p.get_data().baseline) for p in drawn])
    assert heights.max() == pytest.approx(0.1)  # 150 - 50 MW, not 150
    assert heights.min() == pytest.approx(-0.1)
    assert sum(stairs(upper).values()) == pytest.approx(0.0, abs=1.0)


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
        emissions=steel.emissions * 0, cost=steel.cost * 0, cap_price=steel.cap_price * 0,
    )  # fmt: skip
    assert plots.production(empty, ax=axes()).get_title(loc="left") == "No crude steel is made or bought"
    assert plots.emissions(empty, ax=axes()).get_title(loc="left") == "CO₂ stays at zero from 2025 to 2050"
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
        (plots.cost, "cost"),
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
