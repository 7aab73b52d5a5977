"""What the figures draw equals the results, read back from the artists on the axes."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr
from matplotlib.figure import Figure
from matplotlib.patches import StepPatch

from transform_sim import plots
from transform_sim.results import Results

from .conftest import COST, PERIODS, UNITS, array, steel_results
from .drawn import axes, bars, changed, panels, plain, stairs, strips, texts, total


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


@pytest.mark.parametrize(
    ("made", "title"),
    [
        ([3.55] * 6, "Crude steel stays at 3.55 Mt/a from 2025 to 2050; BF-BOF provides all of it"),
        ([10, 9, 8, 7, 6, 5], "Crude steel falls from 10 Mt/a in 2025 to 5 in 2050; BF-BOF provides all of it"),
        ([1, 2, 3, 4, 5, 6], "Crude steel grows from 1 Mt/a in 2025 to 6 in 2050; BF-BOF provides all of it"),
    ],
)
def test_of_a_single_source_the_amount_is_told(made: list[float], title: str, steel: Results) -> None:
    flow = steel.flow.copy()
    flow.loc[{"commodity": "crude_steel"}] = 0.0
    flow.loc[{"commodity": "crude_steel", "process": "bf_bof"}] = np.array([made]) * 1e6
    assert plain(plots.production(changed(steel, flow=flow), ax=axes()).get_title(loc="left")) == title


def test_a_source_that_is_replaced_says_by_when(steel: Results) -> None:
    flow = steel.flow.copy()
    flow.loc[{"commodity": "crude_steel"}] = 0.0
    flow.loc[{"commodity": "crude_steel", "process": "bf_bof"}] = np.array([[5, 5, 3, 0, 0, 0]]) * 1e6
    flow.loc[{"commodity": "crude_steel", "process": "dri_eaf"}] = np.array([[0, 0, 2, 5, 5, 5]]) * 1e6
    title = plain(plots.production(changed(steel, flow=flow), ax=axes()).get_title(loc="left"))
    assert title == "Crude steel: DRI-EAF replaces BF-BOF entirely by 2040"


@pytest.mark.parametrize(
    ("path", "start"),
    [
        ([17, 10, 4, 0, 0, 0], "BF-BOF capacity falls from 17 Mt/a in 2025 to zero by 2040"),
        ([17, 17, 17, 17, 17, 16.999], "BF-BOF capacity stays at 17 Mt/a until 2050"),
        ([17, 17, 17, 17, 17, 15], "BF-BOF capacity falls from 17 Mt/a in 2025 to 15 in 2050"),
        ([17, 17, 17, 17, 17, 20], "BF-BOF capacity grows from 17 Mt/a in 2025 to 20 in 2050"),
    ],
)
def test_capacity_title_says_what_becomes_of_the_largest_stock(path: list[float], start: str, steel: Results) -> None:
    capacity = steel.capacity.copy()
    capacity.loc[{"process": "bf_bof"}] = np.array([path]) * 1e6
    title = plain(plots.capacity(changed(steel, capacity=capacity), ax=axes()).get_title(loc="left"))
    assert title.startswith(start)
    # 6.0 + 5.54 + 1.0 + ... leave a campaign, 2.5 + 5.0 + 1.0 become shafts
    assert "that leave a campaign, " in title
    assert "become DRI-EAF" in title


def running(results: Results, **share: float) -> Results:
    """Results whose plants run nine tenths of the time, those named less in the last period."""
    activity = results.capacity * 0.9
    for process, of_all in share.items():
        activity.loc[{"process": process, "period": 2050}] *= of_all
    return changed(results, activity=activity.expand_dims(mode=["run"]))


def test_idle_capacity_is_pale(steel: Results) -> None:
    upper, lower = panels(plots.capacity(running(steel, hbi_eaf=0.25, dri_eaf=0.0), ax=axes()))
    last = {route: float(values[-1]) for route, values in strips(upper).items()}
    stands = {p: float(steel.capacity.sel(process=p, period=2050).sum()) / 1e6 for p in ("hbi_eaf", "dri_eaf")}
    pale = {"HBI-EAF": 0.75 * stands["hbi_eaf"], "DRI-EAF": stands["dri_eaf"]}
    assert last == pytest.approx({"Scrap-EAF": 0, "BF-BOF": 0, "BF-BOF+CCS": 0} | pale)
    np.testing.assert_allclose(total(upper), total(panels(plots.capacity(steel, ax=axes()))[0]))  # bars stay whole
    assert "Pale: idle, runs at no time of the period." in texts(lower)
    assert plain(upper.get_title(loc="left")).endswith("; 74 % of what stands in 2050 is idle")


def test_capacity_in_use_has_no_pale_part(steel: Results) -> None:
    ax = plots.capacity(running(steel), ax=axes())
    assert not strips(panels(ax)[0])
    assert not any("Pale" in texts(panel) for panel in panels(ax))


def test_capacity_that_begins_later_grows_from_nothing(steel: Results) -> None:
    title = plots.capacity(steel, "hydrogen", ax=axes()).get_title(loc="left")
    assert plain(title) == "Electrolysis capacity grows from nothing in 2025 to 1.3 GW in 2050"


def test_noise_of_the_solver_is_not_written(steel: Results) -> None:
    stock = steel.cohort_capacity.copy()
    stock.loc[{"process": "dri_eaf", "cohort": "2030-2050", "period": 2040}] -= 1e-7
    lower = panels(plots.capacity(changed(steel, cohort_capacity=stock), ax=axes()))[1]
    assert "e−" not in texts(lower)


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
    assert "fall below zero" in ax.get_title(loc="left")


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
    np.testing.assert_allclose(lines["with cap or budget"], steel.carbon_price + steel.cap_price.max("node"))
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


def test_the_strip_says_what_comes_from_plants_that_stood(steel: Results) -> None:
    ax = plots.production(steel, ax=axes())
    old, new = strips(ax).values()
    flow, capacity = (
        x.sum("region").sel(process="bf_bof") for x in (steel.flow.sel(commodity="crude_steel"), steel.capacity)
    )
    # furnaces of campaigns from before 2025: 17.11, 9.66, 2.66 Mt/a; what is relined in 2030 is new
    stood = np.array([17.11, 9.66, 2.66, 0, 0, 0]) / np.maximum(capacity / 1e6, 1e-9)
    np.testing.assert_allclose(old, np.minimum(stood, 1.0) * flow / 1e6)
    np.testing.assert_allclose(old + new, total(ax))
    assert "dark = plants that stood at the start, light = built, renewed or converted since" in texts(ax)


def test_purchases_are_a_part_of_the_strip(steel: Results) -> None:
    ax = plots.production(steel, "electricity", ax=axes())
    bought = steel.purchase.sel(supply="grid_power").sum("node") / 1e6
    np.testing.assert_allclose(strips(ax)["dotted = bought"], bought)


def test_the_target_is_a_step_where_there_is_one(steel: Results) -> None:
    net = steel.emissions.sel(emission="co2").sum("node").values
    cap = xr.DataArray([np.nan, np.nan, np.nan, net[3], net[4] + 1e5, net[5]], dims="period")
    ax = plots.emissions(changed(steel, emission_cap=cap), ax=axes())
    (line,) = (p for p in ax.patches if isinstance(p, StepPatch) and p.get_label() == "target")
    np.testing.assert_allclose(line.get_data().values, cap / 1e6)
    assert f"Target: {cap[-1] / 1e6:.3g}" in texts(ax)
    assert ax.get_title(loc="left").endswith("the target binds from 2040")
    assert "target" not in plots.emissions(steel, ax=axes()).get_title(loc="left")


def test_many_routes_emit_by_sector(steel: Results) -> None:
    emission = steel.process_emission
    names = [f"plant_{i}" for i in range(20)]
    values = np.ones((20, 1, 1, 6)) * 1e6
    many = array(values, process=names, emission=["co2"], region=["ruhr"], period=list(PERIODS))
    many = many.assign_coords(process_route=("process", names), process_sector=("process", ["steel", "glass"] * 10))
    net = many.sum(["process", "region"]).expand_dims(node=["ruhr"])
    data = xr.Dataset({"process_emission": many, "emissions": net}).assign_coords(emission_unit=("emission", ["t"]))
    data.attrs = steel.data.attrs
    drawn = bars(plots.emissions(Results(data), ax=axes()))
    assert emission.sizes["process"] < 12
    np.testing.assert_allclose(drawn["steel"], 10.0)
    np.testing.assert_allclose(drawn["glass"], 10.0)


def test_cost_by_sector_adds_to_the_same(steel: Results) -> None:
    drawn = bars(plots.cost_by_sector(steel, ax=axes()))
    np.testing.assert_allclose(sum(drawn.values()), total(plots.cost(steel, ax=axes())))
    assert set(drawn) == {"steel", "purchases of energy and materials", "sales"}


def test_the_title_of_cost_by_sector_tells_of_plants(steel: Results) -> None:
    title = plain(plots.cost_by_sector(steel, ax=axes()).get_title(loc="left"))
    weight = steel.data["period_weight"].values
    kinds = [c for c, (_, _, counts) in COST.items() if counts and c not in ("supply_price", "sale_price")]
    paid = sum(float(np.array(COST[c][0]) @ weight) for c in kinds)
    assert title == f"Steel: 100 % of the {paid:.1f} bn EUR2020 that plants cost from 2025 to 2050 (present value)"


def test_cost_by_sector_needs_sectors(steel: Results) -> None:
    bare = Results(steel.data.assign_coords(process_sector=("process", ["other"] * steel.data.sizes["process"])))
    with pytest.raises(plots.NotApplicableError, match="name no sectors"):
        plots.cost_by_sector(bare, ax=axes())


def test_what_becomes_ammonia_is_feedstock(steel: Results) -> None:
    sector = ["ammonia" if p == "dri_eaf" else "steel" for p in steel.data["process"].values]
    ax = plots.energy(Results(steel.data.assign_coords(process_sector=("process", sector))), ax=axes())
    flow = -steel.flow.sel(process="dri_eaf").sum("region") / 1e6
    np.testing.assert_allclose(bars(ax)["hydrogen, feedstock"], flow.sel(commodity="hydrogen"))
    # electricity drives ammonia works but does not become ammonia
    np.testing.assert_allclose(total(ax), total(plots.energy(steel, ax=axes())))
    assert "electricity, feedstock" not in bars(ax)


def test_makers_of_heat_count_with_all_that_they_take(steel: Results) -> None:
    """A plant that makes 3 of power and 1 of heat from 6 of gas counts with all 6."""
    flow = steel.flow.copy() * 0
    made = {"natural_gas": -6e6, "electricity": 3e6, "heat": 1e6}
    flow = flow.assign_coords(commodity=["heat" if c == "coal" else c for c in flow["commodity"].values])
    for commodity, value in made.items():
        flow.loc[{"commodity": commodity, "process": "onshore_wind"}] = value
    units = [UNITS[str(c)] for c in steel.flow["commodity"].values]
    data = steel.data.drop_vars(["flow", "shadow_price"]).drop_dims("commodity")
    data = data.assign(flow=flow).assign_coords(commodity_unit=("commodity", units))
    ax = plots.energy(Results(data), ax=axes())
    np.testing.assert_allclose(bars(ax)["natural gas"], 6.0)
    assert "Combined heat and power counts with all its fuel." in texts(ax)


def test_feedstock_in_tonnes_has_a_panel(steel: Results) -> None:
    flow = steel.flow.assign_coords(
        commodity=["naphtha" if c == "pellets" else str(c) for c in steel.flow["commodity"].values]
    )
    units = [UNITS[str(c)] for c in steel.flow["commodity"].values]
    data = steel.data.drop_vars(["flow", "shadow_price"]).drop_dims("commodity")
    data = data.assign(flow=flow).assign_coords(commodity_unit=("commodity", units))
    lower = panels(plots.energy(Results(data), ax=axes()))[-1]
    used = -steel.flow.sel(commodity="pellets").sum(["process", "region"]) / 1e6
    np.testing.assert_allclose(bars(lower)["naphtha"], used)
    assert plain(lower.get_ylabel()) == "Feedstock, Mt/a"


def test_carbon_on_its_way_to_a_store_is_no_feedstock(steel: Results) -> None:
    flow = steel.flow.assign_coords(
        commodity=["captured_co2" if c == "pellets" else str(c) for c in steel.flow["commodity"].values]
    )
    units = [UNITS[str(c)] for c in steel.flow["commodity"].values]
    sector = ["co2" if p == "dri_eaf" else "steel" for p in steel.data["process"].values]
    data = steel.data.drop_vars(["flow", "shadow_price"]).drop_dims("commodity")
    data = data.assign(flow=flow).assign_coords(commodity_unit=("commodity", units), process_sector=("process", sector))
    lower = panels(plots.energy(Results(data), ax=axes()))[-1]
    used = -steel.flow.sel(commodity="pellets").drop_sel(process="dri_eaf").sum(["process", "region"]) / 1e6
    np.testing.assert_allclose(bars(lower)["captured CO₂"], used)


def test_the_title_of_dispatch_says_who_uses_cheap_hours(steel: Results) -> None:
    title = plain(plots.dispatch(steel, ax=axes()).get_title(loc="left"))
    price = steel.shadow_price_hour.sel(commodity="electricity", node="nrw", period=2050).values
    weight = steel.step_weight.values
    run = steel.activity_hour.sel(process="electrolysis", period=2050).sum(["mode", "region"]).values
    paid, mean = float(run * price @ weight / (run @ weight)), float(price @ weight / weight.sum())
    assert title == (
        f"Electrolysis uses cheap hours: for electricity it pays {paid:.3g} instead of {mean:.3g} EUR2020/MWh in 2050"
    )
