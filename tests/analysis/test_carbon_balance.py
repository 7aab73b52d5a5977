"""All carbon that enters a study leaves it again: by hand, by origin, with losses on the way and along its flows."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import pandas as pd
import pytest

import transform_sim as ts
from tests.micro import HALVES, mini, solve
from tests.model.test_carbon import AIR, PRICE, STANDING, capture, fuel_users, wood_fired
from transform_sim import analysis
from transform_sim.errors import TransformSimError
from transform_sim.scenario.carbon import ORIGINS

CO2 = {"unit": "t", "carbon_content": 1, "carbon_dioxide": True}


@cache
def from_the_air() -> ts.Results:
    """Methanol from CO₂ of the air and of coal: nobody pays for that of coal, as it counts when it is used."""
    return capture(
        processes={
            "kiln": {**STANDING, "flows": {"clinker": 1, "coal": -1, "limestone": -1, "captured": 0.8}},
            "air_capture": {**STANDING, "flows": {"captured": 1}, "auxiliary_carbon": 1, "auxiliary_origin": "air",
                            "existing": 3, "capacity_max": 3},
            "synthesis": {**STANDING, "flows": {"methanol": 1, "captured": -1.5}, "auxiliary_carbon": 0.1},
            "burner": {"unit": "MWh", "existing": 100, "flows": {"heat": 5, "methanol": -1}},
            "injection": {**STANDING, "flows": {"stored": 1, "captured": -1}},
        },
        policies={**PRICE, "credit_removals": False},
    )  # fmt: skip


@cache
def stored_gas() -> ts.Results:
    """Gas and biogas bought in summer; the store that winter lives on loses a tenth, the pipe to a town a fifth."""
    return solve(
        time=HALVES, profiles={"season": {"summer": 0.5, "winter": 1.5}},
        regions={"works": {}, "town": {}},
        commodities={"gas": {"unit": "MWh", "carbon_content": 0.2, "balance": "day"},
                     "heat": {"unit": "MWh", "balance": "day"}, **AIR},
        processes={"boiler": {"unit": "MWh", "existing": {"works": 100}, "flows": {"heat": 1, "gas": -1}}},
        storages={"cavern": {"commodity": "gas", "balance": "day", "cycle": "year", "existing": {"works": 1e5},
                             "discharge_efficiency": 0.9, "latest": 2024}},
        links={"pipe": {"commodity": "gas", "from": "works", "to": "town", "existing": 100, "loss": 0.2,
                        "latest": 2024}},
        supply={"gas": {"price": {"works": 20, "town": 1000}, "price_profile": "season"},
                "biogas": {"commodity": "gas", "price": {"works": 19, "town": 1000}, "origin": "biogenic",
                           "volume_max": 2000}},
        demand={"heat": {"amount": {"works": 8760}}, "gas": {"amount": {"works": 876, "town": 876}}},
    )  # fmt: skip


def total(frame: pd.DataFrame, kind: str, **where: object) -> float:
    own = frame[frame["kind"] == kind]
    for column, value in where.items():
        own = own[own[column] == value]
    return float(own["value"].sum())


def slagging() -> ts.Results:
    """A furnace whose slag takes a tenth of the carbon of its coal where no one follows it."""
    return solve(
        commodities={"coal": {"unit": "t", "carbon_content": 3}, "steel": {"unit": "t"}, **AIR},
        processes={"furnace": {**STANDING, "flows": {"steel": 1, "coal": -1}, "auxiliary_carbon": -0.3}},
        supply={"coal": {"price": 1}},
    )  # fmt: skip


STUDIES: dict[str, Callable[[], ts.Results]] = {
    "fuel": lambda: fuel_users(4), "capture": capture, "wood": wood_fired, "air": from_the_air, "losses": stored_gas,
    "mini": lambda: mini("whose_carbon"), "untracked": slagging,
}  # fmt: skip


@pytest.mark.parametrize("name", STUDIES)
def test_both_sides_are_equal_for_every_origin(name: str) -> None:
    frame = analysis.carbon_balance(STUDIES[name]())
    sums = frame.pivot_table(index=["period", "origin"], columns="side", values="value", aggfunc="sum").fillna(0.0)
    assert sums["in"].to_numpy() == pytest.approx(sums["out"].to_numpy(), abs=1e-6 * sums["in"].abs().max())
    assert sums["in"].sum() > 0


def test_the_balance_of_a_cement_works_is_that_of_its_scenario() -> None:
    frame = analysis.carbon_balance(mini("whose_carbon"))
    assert total(frame, "bought", origin="process") == pytest.approx(5)
    assert total(frame, "bought", item="waste", origin="biogenic") == pytest.approx(2)
    assert total(frame, "released") == pytest.approx(1)
    assert total(frame, "released", item="kiln", origin="biogenic") == pytest.approx(0.2)
    assert total(frame, "product", item="methanol", origin="biogenic") == pytest.approx(1.4)
    assert total(frame, "stored", item="captured_co2") == pytest.approx(6.6)
    assert set(frame["kind"]) == {"bought", "released", "product", "stored"}


def test_use_of_co2_changes_the_origin_alone() -> None:
    frame = analysis.carbon_balance(capture())
    assert total(frame, "use of CO2") == pytest.approx(0, abs=1e-9)
    assert total(frame, "use of CO2", origin="counted", item="synthesis") == pytest.approx(6)
    assert total(frame[frame["origin"].isin(["fossil", "process"])], "use of CO2") == pytest.approx(-6)
    assert total(frame, "released", origin="counted") == pytest.approx(6)


def test_auxiliary_carbon_is_told_from_the_change_of_origin_beside_it() -> None:
    frame = analysis.carbon_balance(from_the_air())
    methanol = 4
    assert total(frame, "auxiliary", item="air_capture", origin="air") == pytest.approx(3)
    assert total(frame, "auxiliary", item="synthesis", origin="fossil") == pytest.approx(0.1 * methanol)
    assert total(frame, "use of CO2", origin="counted") == pytest.approx(1.5 * methanol - 3)
    assert total(frame, "auxiliary") == pytest.approx(3 + 0.1 * methanol)


def test_what_a_negative_auxiliary_carbon_takes_out_is_not_released() -> None:
    frame = analysis.carbon_balance(slagging())
    assert total(frame, "untracked", item="furnace", origin="fossil") == pytest.approx(3)
    assert total(frame, "released") == pytest.approx(27)


def test_stores_and_links_lose_what_no_product_holds() -> None:
    r = stored_gas()
    frame = analysis.carbon_balance(r)
    charged, taken = (float(r.data[n].sum()) for n in ("charge", "discharge"))
    sent = 876 / 0.8
    assert charged > taken > 1000
    assert total(frame, "lost on the way", item="gas") == pytest.approx(0.2 * (charged - taken + 0.2 * sent), rel=1e-6)
    assert total(frame, "product", item="gas") == pytest.approx(0.2 * 2 * 876)
    table = analysis.embodied_carbon(r).set_index("product")
    assert table.loc["gas", ["amount", "total"]].tolist() == pytest.approx([2 * 876, 0.2])


def test_embodied_carbon_is_that_of_a_unit_of_product() -> None:
    table = analysis.embodied_carbon(fuel_users(4)).set_index("product")
    assert list(table.index) == ["plastic"]
    assert table.loc["plastic", "unit"] == "t/a"
    assert table.loc[
        "plastic", ["amount", "total", "fossil", "biogenic", "share_not_fossil"]
    ].tolist() == pytest.approx([1, 3, 3, 0, 0])


def test_co2_that_counted_when_it_was_used_is_not_called_not_fossil() -> None:
    r = capture(demand={"clinker": {"amount": 10}, "methanol": {"amount": 4}})
    (row,) = analysis.embodied_carbon(r).to_dict("records")
    assert row["counted"] == pytest.approx(1.4)
    assert row["share_not_fossil"] == 0
    (green,) = analysis.embodied_carbon(mini("whose_carbon")).to_dict("records")
    assert green["share_not_fossil"] == pytest.approx(1)
    assert sum(green[o] for o in ORIGINS) == pytest.approx(green["total"])


def test_removals_are_what_stores_take_of_plants_and_the_air_where_that_is_credited() -> None:
    credited, not_credited = wood_fired(), wood_fired(credit_removals=False)
    assert analysis.removals(credited, "co2").to_dict() == pytest.approx({2025: 3.0})
    assert analysis.removals(not_credited, "co2").to_dict() == {2025: 0.0}
    assert analysis.removals(capture(), "co2").to_dict() == {2025: 0.0}  # fossil and mineral CO₂ is not removed
    net = credited.emissions.sum(["emission", "node"]).values
    assert net == pytest.approx(float(credited.process_emission.sum()) - 3.0)


def test_carbon_that_is_disposed_of_but_not_for_good_is_not_stored() -> None:
    open_ = {"unit": "t", "carbon_content": 1, "carbon_dioxide": True, "disposal": {}}
    r = solve(
        commodities={"wood": {"unit": "MWh", "carbon_content": 0.4, "origin": "biogenic"}, "heat": {"unit": "MWh"},
                     "captured": open_, **AIR},
        processes={"boiler": {"unit": "MWh", "existing": 100, "flows": {"heat": 1, "wood": -1, "captured": 0.3}}},
        supply={"wood": {"price": 5}}, demand={"heat": {"amount": 10}}, policies=PRICE,
    )  # fmt: skip
    frame = analysis.carbon_balance(r)
    assert total(frame, "disposed", item="captured", origin="biogenic") == pytest.approx(3)
    assert total(frame, "stored") == 0


def middle(links: pd.DataFrame) -> dict[tuple[str, str], tuple[float, float]]:
    """What goes into and out of each node that is neither a beginning nor an end."""
    into = links.groupby(["target_kind", "target"])["value"].sum()
    out = links.groupby(["source_kind", "source"])["value"].sum()
    return {n: (float(into[n]), float(out[n])) for n in into.index if n in out.index}


@pytest.mark.parametrize("by", ["route", "sector"])
@pytest.mark.parametrize("name", STUDIES)
def test_flows_of_carbon_conserve_it_at_every_node(name: str, by: Any) -> None:
    r = STUDIES[name]()
    links, frame = analysis.carbon_links(r, 2025, conversions=by), analysis.carbon_balance(r)
    found = middle(links)
    assert found
    for into, out in found.values():
        assert into == pytest.approx(out, rel=1e-6)
    enters = total(frame[frame["side"] == "in"], "bought") + total(frame, "auxiliary")
    ends = links[links["target_kind"].isin(["use", "losses"])]
    assert links[links["source_kind"] == "source"]["value"].sum() == pytest.approx(enters)
    assert ends["value"].sum() == pytest.approx(enters, rel=1e-6)


def test_plants_that_only_pass_co2_on_are_no_node() -> None:
    links = analysis.carbon_links(capture(), 2025)
    assert "injection" not in {*links["source"], *links["target"]}
    passed = links[(links["source"] == "captured") & (links["target"] == "stored")]
    assert passed["value"].sum() == pytest.approx(2)


def test_studies_without_carbon_say_so() -> None:
    r = solve(processes={"works": {"unit": "t", "flows": {"steel": 1}}})
    for ask in (analysis.carbon_balance, analysis.embodied_carbon, lambda r: analysis.carbon_links(r, 2025)):
        with pytest.raises(TransformSimError, match="no carbon is followed — give commodities a carbon_content"):
            ask(r)
