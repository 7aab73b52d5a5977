"""The few numbers by which a study is told equal what the results hold."""

from __future__ import annotations

import numpy as np
import pytest

from tests.micro import mini
from transform_sim.analysis.indicators import indicators
from transform_sim.results import Results


@pytest.fixture(scope="module")
def routes() -> Results:
    return mini("two_routes")


def test_indicators_equal_the_results(routes: Results) -> None:
    table, data = indicators(routes), routes.data
    money = data.attrs["currency"]
    np.testing.assert_allclose(table.loc["emissions", "co2", "Mt/a"], routes.emissions.sum(["emission", "node"]) / 1e6)
    np.testing.assert_allclose(table.loc["policy", "carbon price", f"{money}/t"], routes.carbon_price)
    paid = routes.annual_cost.isel(component=np.flatnonzero(data["counts"].values))
    np.testing.assert_allclose(
        table.loc["money", "annual cost", f"m {money}/a"], paid.sum(["component", "owner"]) / 1e6
    )
    np.testing.assert_allclose(
        table.loc["money", "investment in the period", f"m {money}"], routes.investment.sum("owner") / 1e6
    )
    np.testing.assert_allclose(table.loc["delivered", "steel", "Mt/a"], [1.0, 1.0, 1.0])


def test_energy_is_told_in_terawatt_hours(routes: Results) -> None:
    table = indicators(routes)
    # 5 MWh of coal per t in 2025, 3 MWh of gas once carbon is dear
    np.testing.assert_allclose(table.loc["energy bought", "coal", "TWh/a"], [5, 0, 0], atol=1e-9)
    np.testing.assert_allclose(table.loc["final energy and feedstock use", "gas", "TWh/a"], [0, 3, 3], atol=1e-9)


def test_the_cost_of_all_periods_is_the_objective(routes: Results) -> None:
    table = indicators(routes)
    annual = table[table.index.get_level_values("item") == "annual cost"].to_numpy()[0]
    assert float(annual @ routes.data["period_weight"].values) * 1e6 == pytest.approx(routes.objective)


def test_what_is_nowhere_is_left_out(routes: Results) -> None:
    assert "price of the cap" not in " ".join(indicators(routes).index.get_level_values("item"))
