"""Carbon, mass and energy of every entry of the catalogue, in every mode and technique, in all periods.

Own arithmetic (`tests/ways.py`). What leaves the stack is worked out by the package as the rest of a balance, so the
balance itself proves nothing. What can be wrong is that more comes out than went in, that more is captured than a plant
can catch, that a good holds more carbon than it weighs, or that a flow was put there to make the sum right. Each
test lists all entries that fail.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator

import pandas as pd
import pytest

import transform_sim as ts
from tests.micro import load
from tests.ways import Way, at, ways
from transform_sim.errors import ScenarioError
from transform_sim.scenario import Scenario

from .whole import everything

YEARS = (2025, 2030, 2035, 2040, 2045, 2050)
CARBON = 44.01 / 12.011
"""t CO₂ in a t of pure carbon."""
SLACK = 0.005
"""Rounding: half a per cent of what goes in."""
TYPICAL = 0.02
"""Masses and heating values of goods of changing composition are good to two per cent."""

MASS = {
    # t per MWh on a lower heating value basis: methane 13.9 MWh/t, hard coal 8.14, lignite as dust 6.1, wood as fired
    # 4.8, refuse-derived fuel 4.4, hydrogen 33.33; of works gas the carbon monoxide alone, the rest is air of the blast
    "natural_gas": 1 / 13.9, "coal": 1 / 8.14, "lignite": 1 / 6.1, "biomass": 1 / 4.8, "refuse_fuel": 1 / 4.4,
    "hydrogen": 0.03, "works_gas": 0.6, "mine_gas": 1 / 8.0,
}  # fmt: skip
HEATING_VALUE = {
    # MWh/t: ammonia 18.6 GJ, methanol 19.9, naphtha 44.3, crude oil 41.9, products 42.5, olefins and aromatics 46,
    # mixed plastics 39 (polyolefins 43), carbon 32.8, bio-coal 31, residual waste 10.1
    "ammonia": 5.166, "methanol": 5.528, "naphtha": 12.3, "crude_oil": 11.63, "refined_products": 11.8, "hvc": 12.8,
    "plastic_waste": 10.9, "solid_carbon": 9.1, "biocarbon": 8.6, "residual_waste": 2.8,
}  # fmt: skip

FROM_AIR_AND_WATER = {
    # t per unit of activity of what is no commodity here
    "ammonia_reforming": (0.85, "nitrogen of the air, hydrogen of steam"),
    "ammonia_reforming_ccs": (0.85, "nitrogen of the air, hydrogen of steam"),
    "ammonia_reforming_partial_ccs": (0.85, "nitrogen of the air, hydrogen of steam"),
    "ammonia_autothermal_ccs": (0.85, "nitrogen of the air, hydrogen of steam"),
    "ammonia_pyrolysis": (0.85, "nitrogen of the air"),
    "ammonia_synthesis": (0.85, "nitrogen of the air"),
    "methanol_reforming": (0.75, "oxygen and hydrogen of steam"),
    "methanol_reforming_ccs": (0.75, "oxygen and hydrogen of steam"),
    "chlor_alkali_existing": (1.7, "salt"),
    "chlor_alkali_membrane": (1.7, "salt"),
    "chlor_alkali_oxygen_cathode": (1.7, "salt"),
    "air_separation_unit": (1.1, "air"),
    "electrolysis": (0.2, "water"),
    "electrolysis_with_byproducts": (0.2, "water"),
}
MORE_THAN_PUT_IN = {
    "heat_pump": (5.5, "heat of the surroundings"),
    "steam_heat_pump": (4.0, "heat of the surroundings"),
    "steam_heat_pump_waste_heat": (2.0, "heat of cooling water"),
    "steam_recompression": (8.0, "heat of the vapour that is compressed"),
    "sme_heat_pump": (4.0, "heat of the surroundings"),
    "deep_geothermal": (math.inf, "heat of the ground"),
    "solar_thermal": (math.inf, "the sun"),
    "wind": (math.inf, "the wind"),
    "offshore_wind": (math.inf, "the wind"),
    "solar": (math.inf, "the sun"),
    "electric_furnace_1000": (1.25, "heat above 500 °C is counted as the gas that it would take"),
    "biomass_chp": (1.12, "condensing flue gas gives heat beyond the lower heating value"),
    "biomass_chp_ccs": (1.12, "condensing flue gas gives heat beyond the lower heating value"),
}
"""Plants that give up to so many times the energy of the commodities that they take, and where it comes from."""

ALL_CARBON_CAUGHT = {"direct_air_capture": "its carbon is what it has caught", "co2_storage": "takes CO₂ itself"}
BEST_CAPTURE = 0.985
"""Highest share of carbon, beside that in products, that a plant may catch; autothermal reformers hope for 0.97."""

Offenders = dict[str, str]
"""What is wrong, by way to run: in the first year in which it is."""


def each(scenario: Scenario) -> Iterator[tuple[Way, int]]:
    for way in ways(scenario):
        for year in YEARS:
            yield way, year


def states_what_it_emits(scenario: Scenario) -> Offenders:
    """Emissions of scope 1 follow from carbon; what others emit (scope 2 and 3) is stated."""
    found: Offenders = {}
    for way, year in each(scenario):
        for name, amount in way.flows(year).items():
            own = scenario.commodities[name]
            if own.kind == "emission" and own.scope == 1:
                found.setdefault(way.label, f"{name} {amount:+.4g} ({year})")
    return found


def takes_carbon_away_outside_the_flows(scenario: Scenario) -> Offenders:
    """Auxiliary carbon is brought in (electrodes, fluxes); a negative one would hide carbon that goes out."""
    found: Offenders = {}
    for way, year in each(scenario):
        if way.auxiliary(year) < 0:
            found.setdefault(way.label, f"{way.auxiliary(year):.4f} t ({year})")
    return found


def leaves_nothing_to_the_stack(scenario: Scenario) -> Offenders:
    """Capture is never complete."""
    found: Offenders = {}
    for way, year in each(scenario):
        carbon = way.carbon(scenario, year)
        caught = sum(c for name, c in carbon.made.items() if scenario.commodities[name].carbon_dioxide)
        left = carbon.stack + caught
        if 0 < caught > BEST_CAPTURE * left and not way.name.startswith(tuple(ALL_CARBON_CAUGHT)):
            found.setdefault(way.label, f"{caught:.4f} of {left:.4f} t caught ({year})")
    return found


def gives_more_goods_than_it_takes(scenario: Scenario) -> Offenders:
    """By weight; CO₂ is left out on the side of what is made: it takes its oxygen from the air."""
    found: Offenders = {}
    for way, year in each(scenario):
        goods = {c: amount * weight(scenario, c) for c, amount in way.flows(year).items() if weight(scenario, c)}
        nature, _ = FROM_AIR_AND_WATER.get(way.name, (0.0, ""))
        went_in = nature - sum(m for m in goods.values() if m < 0)
        came_out = sum(m for c, m in goods.items() if m > 0 and not scenario.commodities[c].carbon_dioxide)
        if came_out > went_in * (1 + TYPICAL):
            found.setdefault(way.label, f"{went_in:.3f} t in, {came_out:.3f} t out ({year})")
    return found


def weight(scenario: Scenario, commodity: str) -> float:
    """t per unit of a commodity; 0 of what has no weight, or is an emission."""
    own = scenario.commodities[commodity]
    return 0.0 if own.kind == "emission" else {"t": 1.0, "kg": 0.0}.get(own.unit, MASS.get(commodity, 0.0))


def makes_energy_of_nothing(scenario: Scenario) -> Offenders:
    """At lower heating values; heat pumps give up to their coefficient of performance, others what is named."""
    found: Offenders = {}
    for way, year in each(scenario):
        mwh = {
            c: amount * (1.0 if scenario.commodities[c].unit == "MWh" else HEATING_VALUE.get(c, 0.0))
            for c, amount in way.flows(year).items()
        }
        taken, given = -sum(e for e in mwh.values() if e < 0), sum(e for e in mwh.values() if e > 0)
        most, _ = MORE_THAN_PUT_IN.get(way.name, (1.0, ""))
        if given > most * taken * (1 + TYPICAL) and not math.isinf(most):
            found.setdefault(way.label, f"{taken:.3f} MWh in, {given:.3f} MWh out ({year})")
    return found


CHECKS: list[Callable[[Scenario], Offenders]] = [
    states_what_it_emits, takes_carbon_away_outside_the_flows,
    leaves_nothing_to_the_stack, gives_more_goods_than_it_takes, makes_energy_of_nothing,
]  # fmt: skip


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_no_entry_offends(check: Callable[[Scenario], Offenders]) -> None:
    found = check(everything())
    assert not found, "\n".join(["", *(f"{name}: {what}" for name, what in found.items())])


MADE_UP = {
    "commodities": {
        "gas": {"unit": "MWh", "carbon_content": 0.2},
        "captured": {"unit": "t", "carbon_content": 1, "carbon_dioxide": True, "disposal": {}},
        "heat": {"unit": "MWh"},
        "ore": {"unit": "t"},
        "steel": {"unit": "t"},
        "co2": {"unit": "t", "kind": "emission"},
    },
    "processes": {
        "stated": {"unit": "t", "flows": {"steel": 1, "ore": -1, "gas": -1, "co2": 0.2}},
        "all_caught": {"unit": "t", "flows": {"steel": 1, "ore": -1, "gas": -1, "captured": 0.2}},
        "hidden": {"unit": "t", "flows": {"steel": 1, "ore": -1, "gas": -1}, "auxiliary_carbon": -0.1},
        "heavier": {"unit": "t", "flows": {"steel": 1, "ore": -0.9}},
        "hotter": {"unit": "MWh", "flows": {"heat": 1, "gas": -0.9}},
        "sound": {"unit": "t", "flows": {"steel": 1, "ore": -1.1, "gas": -1, "captured": 0.18}},
    },
    "supply": {"gas": {"price": 1}, "ore": {"price": 1}},
}


@pytest.mark.parametrize(
    ("check", "wrong"),
    [
        (states_what_it_emits, {"stated"}),
        (takes_carbon_away_outside_the_flows, {"hidden"}),
        (leaves_nothing_to_the_stack, {"all_caught"}),
        (gives_more_goods_than_it_takes, {"heavier"}),
        (makes_energy_of_nothing, {"hotter"}),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_made_up_offenders_are_found(check: Callable[[Scenario], Offenders], wrong: set[str]) -> None:
    assert set(check(load(**MADE_UP))) == wrong


def test_more_carbon_out_than_in_does_not_load() -> None:
    """So no entry needs to be looked at for it: all of them load."""
    flows = {"steel": 1, "ore": -1, "gas": -10, "captured": 2.0001}
    with pytest.raises(ScenarioError, match=r"0\.0001 t CO₂ per unit more goes out than comes in"):
        load(**{**MADE_UP, "processes": {"too_much_caught": {"unit": "t", "flows": flows}}})


def test_carbon_of_plants_and_of_minerals_says_so() -> None:
    """Fuels of wood are biogenic, carbonates are not fuel; all of their carbon is counted, whatever its origin."""
    wanted = {"biomass": "biogenic", "biocarbon": "biogenic", "limestone": "process", "glass_raw_materials": "process"}
    found = {name: everything().commodities[name] for name in wanted}
    assert {name: c.origin for name, c in found.items()} == wanted
    assert all(at(c.carbon_content, 2030) > 0 for c in found.values())
    mixed = everything().commodities["refuse_fuel"]
    assert 0 < at(mixed.biogenic_share, 2030) < 1
    assert at(mixed.carbon_content, 2030) > 0.25  # all of it: 0.295 t/MWh of waste that is wholly fossil, wood 0.37
    assert [name for name, c in everything().commodities.items() if c.carbon_dioxide] == ["captured_co2", "stored_co2"]


def test_carbon_of_the_air_is_only_that_of_capture_from_the_air() -> None:
    origins = {way.name: set(way.carbon(everything(), 2030).brought) for way in ways(everything())}
    assert [name for name, own in origins.items() if "air" in own] == ["direct_air_capture"]
    assert origins["direct_air_capture"] == {"air"}


def test_no_good_holds_more_carbon_than_it_weighs() -> None:
    offenders = [
        f"{name}: {at(c.carbon_content, 2030):.3f} t CO₂ in a {c.unit}"
        for name, c in everything().commodities.items()
        if c.unit == "t" and at(c.carbon_content, 2030) > CARBON * 1.001
    ]
    assert not offenders, "\n".join(["", *offenders])


# --- what is written ------------------------------------------------------------------------------------------------

BALANCE_ALONE = re.compile(
    r"(?:to |closes? |closing |the )*(?:the )?(?:carbon |mass |energy )?balances?\W*", re.IGNORECASE
)


def test_no_flow_is_there_only_to_balance() -> None:
    """A note says how a number was found; that it makes a sum right is no reason for it."""
    rows = ts.catalogue.rows()
    flows: pd.DataFrame = rows[rows["path"].str.contains("flows|auxiliary_carbon|techniques")]
    alone = flows[flows["note"].map(lambda note: bool(BALANCE_ALONE.fullmatch(str(note).strip())))]
    assert len(flows) > 100
    assert alone.empty, "\n".join(["", *(f"{r.entry}: {r.path}" for r in alone.itertuples())])


@pytest.mark.parametrize("exceptions", [FROM_AIR_AND_WATER, MORE_THAN_PUT_IN, ALL_CARBON_CAUGHT])
def test_exceptions_stand_for_entries(exceptions: dict[str, object]) -> None:
    names = set(everything().processes)
    assert [name for name in exceptions if not any(entry.startswith(name) for entry in names)] == []
