"""Investment, balance, energy flows and levelised cost: what is drawn equals the results."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from functools import cache

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.container import BarContainer

from tests.micro import mini, solve
from transform_sim import analysis, plots
from transform_sim.analysis import invested as invested_by_sector
from transform_sim.plots.balance import balance
from transform_sim.plots.bands import columns_of, folded, layout
from transform_sim.plots.investment import investment
from transform_sim.plots.levelised import levelised
from transform_sim.plots.sankey import sankey
from transform_sim.results import Results

from .conftest import PERIODS, by_period
from .drawn import axes, bars, plain, texts

FIGURES = [investment, balance, sankey, levelised]


def invested(results: Results) -> Results:
    """The made-up region with investment in two sectors."""
    paid = by_period({"dri_eaf": [0, 2e9, 3e9, 1e9, 0, 0], "electrolysis": [0, 0, 1e9, 0, 1e9, 0],
                      "cavern": [0, 0, 0, 0, 5e8, 0]}, "owner", PERIODS)  # fmt: skip
    sector = ("owner", ["steel", "hydrogen", "hydrogen"])
    return Results(results.data.drop_dims("owner").assign(investment=paid.assign_coords(owner_sector=sector)))


@cache
def system() -> Results:
    """A small study with all that the figures show: two sectors, a store, three ways to make steel."""
    return solve(
        horizon={"start": 2025, "end": 2030, "step": 5, "discount_rate": 0.0},
        commodities={c: {"unit": "MWh"} for c in ("electricity", "hydrogen", "natural_gas")}
        | {"steel": {"unit": "t"}, "co2": {"unit": "t", "kind": "emission"}},
        processes={
            "wind": {"unit": "MWh", "sector": "power", "flows": {"electricity": 1}, "capex": 1000, "lifetime": 20,
                     "capacity_max": 3},
            "electrolysis": {"unit": "MWh", "sector": "hydrogen", "flows": {"electricity": -1, "hydrogen": 0.7},
                             "capex": 500, "lifetime": 20},
            "shaft": {"unit": "t", "sector": "steel", "capex": 100, "lifetime": 20, "flows": {"steel": 1},
                      "reinvest": {"capex": 20},
                      "modes": {"gas": {"flows": {"natural_gas": -3}, "auxiliary_carbon": 0.6},
                                "hydrogen": {"flows": {"hydrogen": -2}}}},
            "scrap": {"unit": "t", "sector": "steel", "flows": {"steel": 1, "electricity": -0.5},
                      "variable_opex": 200},
        },
        supply={"electricity": {"price": 40}, "natural_gas": {"price": 30}},
        demand={"steel": {"amount": 100_000}},
        policies={"carbon_price": {2025: 10, 2030: 300}},
    )  # fmt: skip


@pytest.mark.parametrize("draw", FIGURES)
@pytest.mark.parametrize("language", ["en", "de"])
def test_every_figure_is_drawn_in_both_languages(draw: Callable[..., Axes], language: str) -> None:
    with plots.language(language):
        ax = draw(system(), ax=axes())
        ax.figure.draw_without_rendering()
    assert ax.get_title(loc="left")
    assert ("Szenario: micro" if language == "de" else "Scenario: micro") in texts(ax)


def test_investment_by_sector_adds_to_the_results(steel: Results) -> None:
    r = invested(steel)
    ax = investment(r, ax=axes())
    drawn = bars(ax)
    assert set(drawn) == {"steel", "hydrogen"}
    np.testing.assert_allclose(sum(drawn.values()), r.investment.sum("owner") / 1e9)
    np.testing.assert_allclose(drawn["hydrogen"], [0, 0, 1, 0, 1.5, 0])
    assert ax.get_ylabel() == "Investment per period, bn EUR2020"
    # 6 of 8.5 bn
    title = plain(ax.get_title(loc="left"))
    assert title == "8.5 bn EUR2020 are invested from 2025 to 2050; steel takes 71 %"


def test_investment_in_one_sector_stands_by_plant() -> None:
    r = mini("reline_or_convert")
    drawn = bars(investment(r, ax=axes()))
    paid = r.investment.sum("period")
    assert set(drawn) == {str(o) for o in paid["owner"].values[paid.values > 0]}
    np.testing.assert_allclose(sum(v.sum() for v in drawn.values()), float(paid.sum()) / 1e6)


def test_stores_and_networks_are_no_sector() -> None:
    drawn = invested_by_sector(mini("seasonal_cavern"))
    paid = mini("seasonal_cavern").investment
    stores = paid.values[np.isin(paid["owner_kind"].values, ("storage", "link"))].sum()
    assert stores > 0
    assert drawn["networks"].sum() == pytest.approx(stores)


def test_no_investment_is_said(steel: Results) -> None:
    r = invested(steel)
    ax = investment(Results(r.data.assign(investment=r.investment * 0)), ax=axes())
    assert ax.get_title(loc="left") == "Nothing is invested"


@pytest.mark.parametrize("commodity", ["electricity", "hydrogen"])
def test_balance_shows_all_that_is_made_and_used(steel: Results, commodity: str) -> None:
    drawn = bars(balance(steel, commodity, ax=axes()))
    flow = steel.flow.sel(commodity=commodity).sum("region")
    bought = steel.purchase.isel(supply=np.flatnonzero(steel.purchase["supply_commodity"] == commodity)).sum(
        ["supply", "node"]
    )
    sold = steel.sale.sum(["sales", "node"]) if commodity == "electricity" else 0.0
    above = sum(np.clip(v, 0, None) for v in drawn.values())
    below = sum(np.clip(v, None, 0) for v in drawn.values())
    np.testing.assert_allclose(above, (flow.clip(min=0).sum("process") + bought) / 1e6)
    np.testing.assert_allclose(below, (flow.clip(max=0).sum("process") - sold) / 1e6)


def test_balance_of_a_store_shows_its_losses() -> None:
    r = mini("seasonal_cavern")
    ax = balance(r, "hydrogen", ax=axes())
    lost = float((r.charge.sum() - r.discharge.sum()) / 1e3)
    np.testing.assert_allclose(bars(ax)["losses in stores"], [-lost])
    assert ax.get_ylabel() == "Hydrogen, GWh/a (supply above, use below)"
    assert "Electrolyser provides 100 % of hydrogen in 2030" in plain(ax.get_title(loc="left"))


def test_many_users_are_drawn_by_sector() -> None:
    users = {f"mill_{i}": {"unit": "t", "sector": "steel", "flows": {"power": -1, "steel": 1}, "capacity_max": 1}
             for i in range(8)}  # fmt: skip
    r = solve(
        commodities={"steel": {"unit": "t"}, "power": {"unit": "MWh"}}, processes=users,
        supply={"power": {"price": 1}}, demand={"steel": {"amount": 8}},
    )  # fmt: skip
    drawn = bars(balance(r, "power", ax=axes()))
    np.testing.assert_allclose(drawn["steel"], [-8])


@pytest.mark.parametrize("period", [2025, 2030])
def test_bands_are_in_proportion_to_the_energy_and_conserve_it(period: int) -> None:
    links = analysis.links(system(), period)
    placed = layout(links)
    scale = placed.bands[0].width / placed.bands[0].value
    for band in placed.bands:
        assert band.width == pytest.approx(band.value * scale)
    for node in placed.nodes:
        out = sum(b.width for b in placed.bands if b.points[0][0] == pytest.approx(node.x + 0.012)
                  and node.low - 1e-9 <= b.points[0][1] < node.low + node.height - 1e-9)  # fmt: skip
        into = sum(b.width for b in placed.bands if b.points[-1][0] == pytest.approx(node.x)
                   and node.low - 1e-9 <= b.points[-1][1] < node.low + node.height - 1e-9)  # fmt: skip
        assert node.height == pytest.approx(max(out, into), rel=1e-3)
        if node.name[0] in ("carrier", "conversion") and into:
            assert out == pytest.approx(into, rel=1e-3)


def test_all_energy_of_the_results_enters_and_leaves_the_figure() -> None:
    r = system()
    placed = layout(analysis.links(r, 2030))
    first = [n for n in placed.nodes if not any(b.points[-1] == (n.x, n.low) for b in placed.bands)]
    bought = float(r.purchase.sel(period=2030).sum()) / 1e6
    wind = float(r.flow.sel(commodity="electricity", process="wind", period=2030).sum()) / 1e6
    assert sum(n.value for n in first) == pytest.approx(bought + wind, rel=1e-9)
    ends = sum(n.value for n in placed.nodes if n.name[0] in ("use", "losses"))
    assert ends == pytest.approx(bought + wind, rel=1e-9)


def test_small_studies_are_drawn_in_units_that_can_be_read() -> None:
    # 8,760 MWh of hydrogen at half a MWh per MWh of power and a store that loses some
    ax = sankey(mini("seasonal_cavern"), ax=axes())
    assert "Numbers and widths: GWh/a" in texts(ax)
    assert "Hydrogen  8.76" in texts(ax)


def test_nodes_do_not_overlap() -> None:
    for column in layout(analysis.links(system(), 2030)).columns():
        for below, above in itertools.pairwise(column):
            assert below.low + below.height < above.low
        assert column[0].low >= -1e-9
        assert column[-1].low + column[-1].height <= 1 + 1e-9


def test_a_carrier_with_one_source_is_drawn_once() -> None:
    edges = {
        (("source", "gas"), ("carrier", "gas"), "gas"): 2.0,
        (("carrier", "gas"), ("use", "steel"), "gas"): 1.5,
        (("carrier", "gas"), ("use", "glass"), "gas"): 0.5,
    }
    assert set(folded(edges)) == set(list(edges)[1:])


def test_power_from_hydrogen_from_power_can_be_drawn() -> None:
    links = analysis.links(system(), 2030)
    back = links.iloc[[0, 0]].assign(
        source_kind=["carrier", "conversion"], source=["hydrogen", "turbine"],
        target_kind=["conversion", "carrier"], target=["turbine", "electricity"], value=0.001,
    )  # fmt: skip
    placed = layout(pd.concat([links, back]))
    assert {n.name for n in placed.nodes} >= {("conversion", "turbine"), ("carrier", "electricity")}


def ways(ax: Axes) -> dict[str, np.ndarray]:
    """Widths of the horizontal bars by part."""
    groups = [c for c in ax.containers if isinstance(c, BarContainer)]
    return {str(c.get_label()): np.array([p.get_width() for p in c]) for c in groups}


def test_levelised_bars_are_the_cost_of_each_way_cheapest_first() -> None:
    ax = levelised(system(), "steel", period=2030, ax=axes())
    frame = analysis.levelised_cost(system(), "steel")
    frame = frame[frame["period"] == 2030]
    cost = frame.groupby(["process", "mode", "investment"])["value"].sum().sort_values()
    drawn = sum(ways(ax).values())
    np.testing.assert_allclose(drawn, cost.to_numpy())
    np.testing.assert_allclose(ways(ax)["CO₂ emitted"].max(), 0.6 * 300)
    assert "Cost of steel in 2030, EUR2020/t" in texts(ax)


def test_levelised_title_says_what_is_cheapest_and_by_how_much() -> None:
    ax = levelised(system(), "steel", period=2025, ax=axes())
    # a shaft renewed on gas: 20/20 + 3 · 30 + 0.6 · 10 = 97; scrap: 200 + 0.5 · 34, the shadow price of power
    assert plain(ax.get_title(loc="left")) == (
        "Shaft makes steel at least cost in 2025: 97 EUR2020/t; next comes scrap with 217"
    )


def test_what_is_made_by_the_way_is_no_way_to_make_it() -> None:
    r = solve(
        commodities={"steel": {"unit": "t"}, "power": {"unit": "MWh"}},
        processes={
            "furnace": {"unit": "t", "flows": {"steel": 1, "power": 0.1}, "variable_opex": 500},
            "turbine": {"unit": "MWh", "flows": {"power": 1}, "variable_opex": 60},
        },
        demand={"steel": {"amount": 10}, "power": {"amount": 100}},
    )  # fmt: skip
    # a tonne of steel is worth 494, the 0.1 MWh beside it 6
    ax = levelised(r, "power", ax=axes())
    assert plain(ax.get_title(loc="left")) == "Turbine makes power for 60 EUR2020/MWh in 2025"


def test_ways_that_cost_the_same_are_said_to() -> None:
    r = solve(processes={
        "old_works": {"unit": "t", "flows": {"steel": 1}, "variable_opex": 500},
        "new_works": {"unit": "t", "flows": {"steel": 1}, "variable_opex": 501},
    })  # fmt: skip
    title = plain(levelised(r, ax=axes()).get_title(loc="left"))
    assert title == "Old works and new works make steel at about the same cost in 2025: 500 EUR2020/t"


def test_the_title_of_energy_flows_names_the_largest_source() -> None:
    links = analysis.links(system(), 2025)
    brought = links[links["source_kind"] == "source"].groupby("source")["value"].sum()
    share = 100 * brought.max() / brought.sum()
    title = plain(sankey(system(), 2025, ax=axes()).get_title(loc="left"))
    assert title.startswith(f"{str(brought.idxmax()).replace('_', ' ').capitalize()} brings {share:.0f} % of ")


def test_the_price_of_the_product_is_a_line() -> None:
    ax = levelised(system(), "steel", period=2030, ax=axes())
    price = float(system().shadow_price.sel(commodity="steel", period=2030).squeeze())
    assert any(np.allclose(line.get_xdata(), price) for line in ax.lines)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda r: investment(Results(r.data.drop_vars("investment")), ax=axes()), "have no 'investment'"),
        (lambda r: balance(r, "steal", ax=axes()), "no commodity 'steal'"),
        (lambda r: balance(Results(r.data.drop_vars("flow")), ax=axes()), "have no 'flow'"),
        (lambda r: sankey(r, 2031, ax=axes()), "no period 2031 — choose from 2025, 2030"),
        (lambda r: levelised(r, "natural_gas", ax=axes()), "no process makes 'natural_gas'"),
        (lambda r: levelised(r, period=2031, ax=axes()), "can be built and priced in 2031"),
    ],
)
def test_what_does_not_apply_says_why(call: Callable[[Results], Axes], message: str) -> None:
    with pytest.raises(plots.NotApplicableError, match=message):
        call(system())


def test_a_study_without_energy_has_no_energy_flows() -> None:
    r = solve(processes={"works": {"unit": "t", "flows": {"steel": 1}}})
    with pytest.raises(plots.NotApplicableError, match="no energy is used in 2025"):
        sankey(r, ax=axes())


def test_nothing_of_a_commodity_is_refused() -> None:
    r = system()
    empty = Results(r.data.assign(flow=xr.zeros_like(r.flow), purchase=xr.zeros_like(r.purchase)))
    with pytest.raises(plots.NotApplicableError, match="nothing makes or supplies 'hydrogen'"):
        balance(empty, "hydrogen", ax=axes())


def test_columns_of_a_diagram_end_where_carriers_go_in_circles() -> None:
    a, b, x, y = (("carrier", n) for n in "abxy")
    edges = {(x, b, "c"): 3.0, (b, a, "c"): 2.0, (y, a, "c"): 2.0, (a, b, "c"): 1.0, (b, ("use", "u"), "c"): 1.0}
    levels = columns_of(edges)
    assert max(levels.values()) < len(levels)
    assert levels[x] < levels[b] < levels[a]
