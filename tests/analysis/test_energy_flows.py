"""Balances close, and energy is neither made nor lost on its way through the links."""

from __future__ import annotations

import numpy as np
import pytest

from tests.micro import MINIS, mini, solve
from transform_sim.analysis import balance, links
from transform_sim.errors import TransformSimError
from transform_sim.results import Results

NAMES = [path.stem for path in MINIS]


def sides(results: Results, commodity: str) -> dict[str, float]:
    frame = balance(results, commodity)
    return {str(k): float(v) for k, v in frame.groupby("side")["value"].sum().items()}


@pytest.mark.parametrize("name", NAMES)
def test_supply_equals_use_in_every_period(name: str) -> None:
    r = mini(name)
    for commodity in r.data["commodity"].values.astype(str):
        frame = balance(r, commodity)
        by_side = frame.pivot_table(index="period", columns="side", values="value", aggfunc="sum")
        assert list(by_side.columns) == ["supply", "use"] or frame.empty
        if len(frame):
            np.testing.assert_allclose(by_side["supply"], by_side["use"], rtol=1e-9)


def test_stores_count_with_what_they_lose() -> None:
    frame = balance(mini("seasonal_cavern"), "hydrogen").set_index("kind")["value"]
    # 4,380 MWh are needed in each half; all is made in the cheap one, a fifth of what is stored is lost
    assert frame["demand"] == pytest.approx(8760)
    assert frame["process"] == pytest.approx(frame["demand"] + frame["store"])
    made = float(mini("seasonal_cavern").charge.sum() - mini("seasonal_cavern").discharge.sum())
    assert frame["store"] == pytest.approx(made)
    assert made > 0


def test_networks_count_with_what_is_lost_on_the_way() -> None:
    r = mini("two_nodes")
    frame = balance(r, "hydrogen").set_index("kind")["value"]
    assert frame["network"] == pytest.approx(0.02 * float(r.link_flow.sum()))
    assert frame["network"] > 0


def test_amounts_are_those_of_the_results() -> None:
    r = mini("two_routes")
    frame = balance(r, "steel")
    made = frame[frame["side"] == "supply"].set_index(["item", "period"])["value"]
    for (process, period), value in made.items():
        assert value == pytest.approx(float(r.flow.sel(commodity="steel", process=process, period=period).sum()))
    assert sides(r, "steel")["use"] == pytest.approx(float(r.served_demand.sum()))


def test_an_unknown_commodity_is_named() -> None:
    with pytest.raises(TransformSimError, match="no commodity 'steal' — choose from steel, coal"):
        balance(mini("two_routes"), "steal")


def chain() -> Results:
    """Wind and bought power, hydrogen from power, power from hydrogen, heat from power and air, steel from both."""
    return solve(
        commodities={c: {"unit": "GJ" if c == "heat" else "MWh"} for c in ("electricity", "hydrogen", "heat")}
        | {"steel": {"unit": "t"}},
        processes={
            "wind": {"unit": "MWh", "flows": {"electricity": 1}, "existing": 1, "latest": 2024},
            "electrolysis": {"unit": "MWh", "flows": {"electricity": -1, "hydrogen": 0.7}},
            "turbine": {"unit": "MWh", "flows": {"hydrogen": -1, "electricity": 0.5}, "existing": 0.001,
                        "latest": 2024, "variable_opex": -500},
            "heat_pump": {"unit": "GJ", "flows": {"electricity": -0.1, "heat": 1}},
            "works": {"unit": "t", "flows": {"hydrogen": -2, "heat": -3.6, "steel": 1}, "sector": "steel"},
        },
        supply={"grid": {"commodity": "electricity", "price": 50}},
        demand={"steel": {"amount": 10_000}, "heat": {"amount": 36_000}},
    )  # fmt: skip


def test_energy_is_conserved_at_every_node_between_the_ends() -> None:
    frame = links(chain(), 2025)
    into = frame.groupby(["target_kind", "target"])["value"].sum()
    out = frame.groupby(["source_kind", "source"])["value"].sum()
    between = [n for n in into.index if n[0] in ("carrier", "conversion")]
    assert len(between) == 6
    for node in between:
        assert into[node] == pytest.approx(out[node], rel=1e-9), node
    ends = frame[frame["target_kind"].isin(["use", "losses"])]["value"].sum()
    assert frame[frame["source_kind"] == "source"]["value"].sum() == pytest.approx(ends, rel=1e-9)


def test_links_are_the_energy_of_the_results() -> None:
    frame = links(chain(), 2025).set_index(["source", "target"])["value"]
    # TWh: 10,000 t take 20,000 MWh of hydrogen and 36,000 GJ; the demand for heat takes 36,000 GJ too
    assert frame["hydrogen", "steel"] == pytest.approx(0.020)
    assert frame["heat", "steel"] == pytest.approx(0.010)
    assert frame["heat", "heat"] == pytest.approx(0.010)
    # 72,000 GJ from 7,200 MWh of power, the rest of 20,000 MWh from the air
    assert frame["electricity", "heat_pump"] == pytest.approx(0.0072)
    assert frame["ambient heat", "heat_pump"] == pytest.approx(0.0128)
    assert frame["turbine", "losses"] == pytest.approx(0.5 * frame["hydrogen", "turbine"])
    assert frame["electrolysis", "losses"] == pytest.approx(0.3 * frame["electricity", "electrolysis"])


def test_a_period_without_energy_is_refused() -> None:
    r = solve(processes={"works": {"unit": "t", "flows": {"steel": 1}}})
    with pytest.raises(TransformSimError, match="no energy is used in 2025"):
        links(r, 2025)


def test_only_a_heat_pump_takes_heat_from_the_air() -> None:
    """Heat counted by the fuel of today: a furnace that needs less power than that makes no heat of the air."""
    r = solve(
        commodities={c: {"unit": "MWh"} for c in ("heat", "electricity")},
        processes={
            "heat_pump": {"unit": "MWh", "flows": {"electricity": -0.25, "heat": 1}, "capacity_max": 0.01},
            "furnace": {"unit": "MWh", "flows": {"electricity": -0.8, "heat": 1}},
        },
        supply={"electricity": {"price": 50}},
        demand={"heat": {"amount": 1000}},
    )  # fmt: skip
    frame = links(r, 2025).set_index(["source", "target"])["value"] * 1e6
    # 87.6 MWh of heat from the pump
    assert frame["ambient heat", "heat_pump"] == pytest.approx(0.75 * 87.6)
    assert frame["efficiency gain", "furnace"] == pytest.approx(0.2 * (1000 - 87.6))
