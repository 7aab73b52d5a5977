"""The scenario of a plant alone: what it holds, where its prices come from, and what is refused."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import transform_sim as ts
from transform_sim.errors import ScenarioError

from .plants import HOURS, HYDROGEN, electrolyser, mill, shipped, works


def test_a_site_is_a_scenario_that_can_be_saved_and_solved() -> None:
    site = electrolyser(prices={"electricity": "package:de_2025/price"})
    again = ts.loads(site.scenario.text)
    assert again.hash == site.scenario.hash
    assert ts.solve(again).objective == pytest.approx(site.solve().objective, rel=1e-9)
    assert list(again.processes) == ["electrolyser"]
    assert list(again.regions) == ["coast"]
    assert again.time == "full_year"


def test_prices_that_are_not_given_are_those_of_the_scenario_in_that_year() -> None:
    site = electrolyser(prices={}, year=2030)
    # 80 in 2025, 60 in 2035: 70 in 2030; the levy of 5 comes on top
    assert np.mean(site.prices["electricity"]) == pytest.approx(70.0)
    assert site.prices["carbon_price"] == 100.0
    results = site.solve()
    assert results.cost.sel(component="levy").sum().item() == pytest.approx(5 * HYDROGEN / 0.7)
    assert "as in the scenario (electricity)" in repr(site)


def test_a_price_that_is_given_is_all_there_is_to_pay() -> None:
    site = electrolyser(prices={"electricity": 50.0})
    assert site.solve().objective == pytest.approx(50 * HYDROGEN / 0.7, rel=1e-9)
    assert "electricity: given, 50" in repr(site)


def test_capacity_is_what_stands_there_unless_given() -> None:
    assert electrolyser().derived.at.capacity == 100.0
    assert electrolyser(capacity=250).derived.at.capacity == 250.0
    assert mill(stores={"silo": 9000.0}).derived.at.stores == {"silo": 9000.0}
    assert electrolyser(capacity="0.25 GW").derived.at.capacity == 250.0
    assert "Store    silo, 5,000 t" in repr(mill())


def test_fixed_cost_is_sunk_and_said() -> None:
    site = electrolyser()
    assert site.fixed_cost == 4e6  # 100 MW · 40,000 EUR/MW
    assert "fixed cost of 4e+06" in repr(site)
    assert "fixed_opex" not in site.solve().cost["component"]
    # of a store as the study counts it: 2 % of 10 EUR/MWh and, at 0.25 MW/MWh, of 100 EUR/MW; 4,000 MWh
    store = {"capex": 10, "capex_power": 100, "discharge_rate": 0.25, "fixed_opex_share": 0.02}
    dear = works().with_({f"storages.tank.{key}": value for key, value in store.items()})
    site = ts.site(dear, "electrolyser", prices={"hydrogen": 1.0}, stores={"tank": 4000})
    assert site.fixed_cost == pytest.approx(4e6 + 4000 * 0.02 * (10 + 25))


def test_a_plant_of_the_catalogue_needs_no_scenario() -> None:
    site = ts.site(
        None, "electrolysis", year=2040, capacity=100, prices={"electricity": "package:de_2025/price"},
        demand={"hydrogen": 300_000},
    )  # fmt: skip
    # the technique of 2035: 0.6532 MWh hydrogen per MWh
    bought = site.run(site.cases(), progress=False).bought.sel(commodity="electricity").item()
    assert bought == pytest.approx(300_000 / 0.6532, rel=1e-9)


def test_carbon_is_paid_at_the_scenarios_price_unless_given() -> None:
    # 1.25 MWh gas with 0.2 t: 0.25 t per MWh hydrogen
    site = ts.site(works(), "boiler", region="coast", prices={"hydrogen": 90.0})
    made = 50 * HOURS
    assert site.solve().objective == pytest.approx(made * (1.25 * 40 + 0.25 * 80 - 90), rel=1e-9)
    assert site.solve(carbon_price=200).objective == pytest.approx(0.0, abs=1e-6)  # 50 + 50 > 90: it stands


def test_all_mistakes_are_told_at_once() -> None:
    with pytest.raises(ScenarioError) as caught:
        ts.site(
            works(), "mill", region="coast", capacity=-1, stores=["tank", "tnak"], demand={"hydrogen": 3},
            minimum_load=2,
            prices={"electricity": np.ones(8784), "cement": np.full(HOURS, np.nan), "gold": 1},
        )  # fmt: skip
    text = str(caught.value)
    for part in (
        "there is no store 'tnak'. Did you mean 'tank'?",
        "capacity: -1 is no capacity above zero",
        "minimum_load: 2 is no share",
        "prices['electricity']: has 8,784 values; a year has 8,760 hours; leave out 29 February",
        "prices['cement']: 8,760 of 8,760 values are no numbers",
        "mill buys clinker, and the scenario has no price for it; there kiln makes it; give prices={'clinker': …}",
        "neither uses nor makes 'gold'",
        "demand: mill does not make 'hydrogen'",
        "stores: tank keeps hydrogen, which mill neither uses nor makes",
    ):
        assert part in text
    assert len(caught.value.problems) == 9


def test_an_unknown_plant_region_or_foreign_region_is_refused_with_a_suggestion() -> None:
    with pytest.raises(ScenarioError, match=r"no plant 'electrolyzer'\. Did you mean 'electrolyser'"):
        ts.site(works(), "electrolyzer")
    with pytest.raises(ScenarioError, match=r"there is no 'cost'\. Did you mean 'coast'"):
        electrolyser(region="cost")
    with pytest.raises(ScenarioError, match=r"may not stand in inland; it may in coast"):
        electrolyser(region="inland", capacity=10)
    with pytest.raises(ScenarioError, match="without a scenario, say for which year"):
        ts.site(None, "electrolysis", capacity=1, prices={"electricity": 1, "hydrogen": 1})


def test_what_has_the_wrong_type_is_told_in_one_line() -> None:
    with pytest.raises(ScenarioError, match=r"year: '2030' is no year"):
        electrolyser(year="2030")
    with pytest.raises(ScenarioError, match=r"prices: say of what: \{commodity: prices\}"):
        electrolyser(prices=shipped())
    with pytest.raises(ScenarioError, match=r"capacity: .*hundred"):
        electrolyser(capacity="hundred")
    with pytest.raises(ScenarioError, match=r"demand\['hydrogen'\]: .* is no number"):
        electrolyser(demand={"hydrogen": np.ones(HOURS)})


def test_a_demand_above_what_the_plant_can_make_is_refused() -> None:
    with pytest.raises(ScenarioError, match=r"demand\['hydrogen'\]: 700,000 MWh/a; in all hours .* makes 613,200"):
        electrolyser(demand={"hydrogen": 700_000})


def test_flexible_loads_of_the_plant_are_part_of_the_site_at_the_scenarios_level() -> None:
    load = {"process": "electrolyser", "commodity": "electricity", "method": "window", "window": 24, "up": 0.2,
            "down": 0.2, "overload": 0.2, "flexibility": "potential"}  # fmt: skip
    works_so = works().with_({
        "flexible_loads.cells": load, "flexible_loads.kilns": {**load, "process": "mill"},
    })  # fmt: skip
    wanted = {"prices": {"electricity": shipped()}, "demand": {"hydrogen": 0.7 * 100 * HOURS}, "minimum_load": 1}
    steady = ts.site(works_so.with_({"flexibility": "today"}), "electrolyser", **wanted)
    assert steady.derived.loads == ()
    assert steady.solve().objective == pytest.approx(100 * shipped().sum(), rel=1e-9)
    shifting = ts.site(works_so.with_({"flexibility": "potential"}), "electrolyser", **wanted)
    assert "Shifts   cells" in repr(shifting)
    # 20 MW from the twelve dearest to the twelve cheapest hours of each day
    days = np.sort(shipped().reshape(365, 24), axis=1)
    saved = 20 * (days[:, 12:].sum() - days[:, :12].sum())
    found = shifting.run({"electricity": shipped()}, progress=False)
    assert found.objective.item() == pytest.approx(100 * shipped().sum() - saved, rel=1e-9)
    assert shifting.solve().objective == pytest.approx(found.objective.item(), rel=1e-9)


def test_a_series_with_times_is_put_in_the_order_of_the_year() -> None:
    winter = pd.date_range("2025-01-01", periods=HOURS, freq="h", tz="Etc/GMT-1")
    series = pd.Series(shipped(), winter)
    leap = pd.date_range("2024-01-01", periods=8784, freq="h")
    of_leap = pd.Series(np.insert(shipped(), 59 * 24, np.full(24, 1e6)), leap)
    turned = pd.Series(np.roll(shipped(), -4000), pd.date_range("2025-06-16 16:00", periods=HOURS, freq="h"))
    for given in (series, series[::-1], series.tz_convert("Europe/Berlin"), series.tz_convert("UTC"), of_leap, turned):
        np.testing.assert_allclose(electrolyser(prices={"electricity": given}).prices["electricity"], shipped())
    summer = pd.Series(shipped(), winter.tz_convert("Europe/Berlin").tz_localize(None))
    with pytest.raises(ScenarioError, match=r"has 0 values for the hour of 03-30 02:00"):
        electrolyser(prices={"electricity": summer})
    quarters = pd.Series(np.repeat(shipped(), 4), pd.date_range("2025-01-01", periods=4 * HOURS, freq="15min"))
    with pytest.raises(ScenarioError, match=r"has 4 values for the hour of 01-01 00:00"):
        electrolyser(prices={"electricity": quarters})


def test_a_year_whose_mean_is_not_positive_is_left_to_run() -> None:
    with pytest.raises(ScenarioError, match=r"mean over the year is -20; give such a year to run"):
        electrolyser(prices={"electricity": np.full(HOURS, -20.0)})


def test_the_page_in_a_notebook_escapes_what_it_shows() -> None:
    html = electrolyser()._repr_html_()
    assert "<th>Buys</th><td>electricity: given, hour by hour</td>" in html


def test_what_is_bought_at_a_given_price_keeps_its_origin() -> None:
    scenario = ts.loads(
        """
        name: wood
        horizon: {start: 2025, end: 2025, step: 1, discount_rate: 0}
        regions: {town: {}}
        commodities:
          fuel: {unit: MWh, carbon_content: 0.4}
          heat: {unit: MWh, balance: hour}
          co2: {unit: t, kind: emission}
        processes: {boiler: {unit: MWh, flows: {heat: 1, fuel: -1}, existing: 10}}
        supply: {wood: {commodity: fuel, price: 30, origin: biogenic}}
        demand: {heat: {amount: 8760}}
        policies: {carbon_price: 100}
        """
    )
    site = ts.site(scenario, "boiler", prices={"fuel": 20.0}, demand={"heat": 8760})
    assert float(site.solve().emissions.sum()) == pytest.approx(0.0)
