"""Every quantity in its default unit, from wherever its unit and its numbers come."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from transform_sim.scenario import Quantity, Scenario, load, loads
from transform_sim.scenario.checks.common import sections

from .study import STUDY, spoilt

EXAMPLE = Path(__file__).parents[2] / "src/transform_sim/scenario/example.yaml"
H20, H25 = 79.533, 100.0


@pytest.fixture(scope="module")
def example() -> Scenario:
    return load(EXAMPLE)


def quantities(scenario: Scenario) -> dict[str, Quantity]:
    """Every quantity by path."""
    found = {}
    for path, section in sections(scenario):
        for field in type(section).model_fields:
            value = getattr(section, field)
            named = value.items() if isinstance(value, dict) else [(None, value)]
            for key, item in named:
                if isinstance(item, Quantity):
                    found[".".join(map(str, (*path, field, *((key,) if key else ()))))] = item
    return found


def test_all_quantities_are_numbers_with_a_unit(example: Scenario) -> None:
    for path, quantity in quantities(example).items():
        assert quantity.unit, path
        assert all(isinstance(v, float) and not math.isnan(v) for *_, v in quantity.items()), path


@pytest.mark.parametrize(
    ("path", "unit", "points"),
    [
        ("horizon.discount_rate", "1/a", {None: {None: 0.03}}),
        ("commodities.natural_gas.carbon_content", "t/MWh", {None: {None: 0.2016}}),  # 56 · 3.6 / 1000
        ("commodities.captured_co2.disposal.volume_max", "t/a", {None: {2030: 1e6, 2045: 5e6}}),
        ("processes.direct_reduction.capex", "EUR2020/(t/a)", {None: {None: 700}}),
        ("processes.direct_reduction.existing", "t/a", {"ruhr": {2022: 2e5}}),
        ("processes.direct_reduction.fixed_opex", "EUR2020/(t/a)/a", {None: {None: 85}}),
        ("processes.direct_reduction.modes.hydrogen.flows.hydrogen", "MWh/t", {None: {None: -6.2 / 3.6}}),
        ("processes.direct_reduction.reinvest.capex", "EUR2020/(t/a)", {None: {None: 190}}),
        ("processes.electrolysis.capex", "EUR2020/MW", {None: {2025: 1.5e6, 2045: 0.8e6}}),
        ("processes.electrolysis.seed_capacity", "MW", {None: {None: 100}}),
        ("processes.wind.capacity_max", "MW", {None: {None: 5000}}),
        ("storages.cavern.capex", "EUR2020/MWh", {None: {None: 2000}}),
        ("storages.cavern.capex_power", "EUR2020/(MWh/h)", {None: {None: 1e5}}),
        ("storages.cavern.discharge_rate", "1/h", {None: {None: 0.004}}),
        ("storages.cavern.charge_rate", "1/h", {None: {None: math.inf}}),
        ("links.pipeline.capex", "EUR2020/MW/km", {None: {None: 400}}),
        ("links.pipeline.length", "km", {None: {None: 250}}),
        ("supply.grid_power.power_max", "MWh/h", {None: {None: 3000}}),
        ("supply.grid_power.emissions.co2_grid", "t/MWh", {None: {2025: 0.34, 2045: 0.01}}),
        ("supply.natural_gas.steps.0.volume_max", "MWh/a", {None: {None: 20e6}}),
        ("demand.crude_steel.amount", "t/a", {"ruhr": {2025: 2e6, 2045: 1.8e6}}),
        ("policies.emission_cap", "t/a", {None: {2045: 5e5}}),
        ("resources.land.limit", "ha", {None: {None: 9000}}),
        ("resources.land.capacity.wind", "ha/MW", {None: {None: 1.5}}),
    ],
)
def test_units_follow_from_the_place(example: Scenario, path: str, unit: str, points: object) -> None:
    quantity = quantities(example)[path]
    assert quantity.unit == unit
    found = {(r, y): v for r, y, v in quantity.items()}
    assert isinstance(points, dict)
    assert found == pytest.approx({(r, y): v for r, years in points.items() for y, v in years.items()})


def test_ranges_are_converted_too(example: Scenario) -> None:
    provenance = example.processes["direct_reduction"].capex.provenance
    assert (provenance.low, provenance.high, provenance.quality) == (500, 1250, "recalled")
    scenario = loads(spoilt(("high: 1250", "high: 1250 EUR2025/(t/a), source: a book, note: old")))
    provenance = scenario.processes["shaft"].capex.provenance
    assert provenance.high == pytest.approx(1250 * H20 / H25)
    assert (provenance.source, provenance.note) == ("a book", "old")


def test_another_unit_of_the_commodity_changes_everything_measured_in_it() -> None:
    scenario = loads(spoilt(("hydrogen: {unit: MWh", "hydrogen: {unit: GJ")))
    assert scenario.processes["shaft"].flows["hydrogen"].unit == "GJ/t"
    assert scenario.storages["cavern"].capex.unit == "EUR2020/GJ"
    assert scenario.storages["cavern"].capex.scalar == pytest.approx(2000 / 3.6)
    assert scenario.links["pipe"].capex.unit == "EUR2020/(GJ/h)/km"


def test_a_link_without_length_costs_per_capacity() -> None:
    scenario = loads(spoilt((" length: 200,", "")))
    assert scenario.links["pipe"].capex.unit == "EUR2020/MW"


def test_another_currency_year_changes_money_with_a_year_only() -> None:
    scenario = loads(spoilt(("EUR2020", "EUR2025"), ("capex: {value: 840", "capex: {value: 840 EUR2020/(t/a)")))
    assert scenario.processes["shaft"].capex.unit == "EUR2025/(t/a)"
    assert scenario.processes["shaft"].capex.scalar == pytest.approx(840 * H25 / H20)
    assert scenario.processes["furnace"].reinvest is not None
    assert scenario.processes["furnace"].reinvest.capex.scalar == 240


def test_resources_may_be_counted_in_anything() -> None:
    scenario = loads(STUDY + "  crews: {unit: jobs, limit: 500 jobs, capacity: {turbine: 0.2 jobs/MW}}\n")
    assert scenario.resources["crews"].limit.unit == "jobs"
    assert scenario.resources["crews"].capacity["turbine"].scalar == 0.2


def test_keys_that_the_file_gives_stay_known() -> None:
    shaft = loads(STUDY).processes["shaft"]
    assert shaft.model_fields_set == {"unit", "flows", "regions", "capex", "earliest"}


SITES = """\
# a comment
site,region,process,capacity,campaign_year
Furnace 1,ruhr,furnace,3.8 Mt/a,2021
Furnace 2,ruhr,furnace,1900000,2014
Furnace 3,ruhr,furnace,1.9e6,2014
Furnace 4,coast,furnace,500000,
Somewhere,coast,shaft,7,2000
"""


def test_sites_add_up_and_remain(tmp_path: Path) -> None:
    (tmp_path / "sites.csv").write_text(SITES)
    text = spoilt(("existing: {ruhr: {2012: 4.0e6}}", "existing: {table: sites.csv}"))
    scenario = loads(text, root=tmp_path)
    existing = scenario.processes["furnace"].existing
    assert existing is not None
    assert existing.points == {"ruhr": {2021: 3.8e6, 2014: 3.8e6}, "coast": {None: 5e5}}
    assert [(s.site, s.region, s.process, s.capacity, s.start) for s in scenario.sites] == [
        ("Furnace 1", "ruhr", "furnace", 3.8e6, 2021),
        ("Furnace 2", "ruhr", "furnace", 1.9e6, 2014),
        ("Furnace 3", "ruhr", "furnace", 1.9e6, 2014),
        ("Furnace 4", "coast", "furnace", 5e5, None),
    ]
    assert scenario.with_({"policies.carbon_price": 5}).sites == scenario.sites


def test_tables_by_year_region_case_and_unit(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(
        "region,year,case,value,unit\nruhr,2025,high,4,Mt/a\nruhr,2045,high,3.5,Mt/a\ncoast,,high,1000,t/a\nruhr,2025,low,1,Mt/a\n"
    )
    text = spoilt(("amount: {ruhr: 3.0e6}", "amount: {value: {table: a.csv, where: {case: high}}, source: s}"))
    amount = loads(text, root=tmp_path).demand["steel"].amount
    assert amount.points == {"ruhr": {2025: 4e6, 2045: 3.5e6}, "coast": {None: 1000}}
    assert amount.provenance.source == "s"


def test_profiles_from_tables_lists_slices_and_shipped_data(tmp_path: Path) -> None:
    (tmp_path / "wind.csv").write_text("hour,cf\n" + "".join(f"{h},0.{h % 10}\n" for h in range(8760)))
    text = spoilt(
        ("wind: {winter: 0.4, summer: 0.2}", "wind: {table: wind.csv, column: cf}, sun: package:de_2025/solar_pv"),
        ("price: {winter: 1.5", "flat: <series>, price: {winter: 1.5"),
    )
    profiles = loads(text, root=tmp_path).profiles
    assert isinstance(profiles["wind"], tuple)
    assert (len(profiles["wind"]), profiles["wind"][7]) == (8760, 0.7)
    assert profiles["sun"] == "package:de_2025/solar_pv"
    assert profiles["price"] == {"winter": 1.5, "summer": 0.8}
    assert isinstance(profiles["flat"], tuple)
    assert sum(profiles["flat"]) == pytest.approx(2628)


def test_slices_by_calendar() -> None:
    scenario = loads(
        spoilt(
            ("{share: 0.25}", "{months: [1, 2, 12]}"),
            ("{share: 0.75}", "{months: [3, 4, 5, 6, 7, 8, 9, 10, 11]}"),
        )
    )
    assert not isinstance(scenario.time, str)


def test_one_line_changes_the_time_structure(tmp_path: Path) -> None:
    text = EXAMPLE.read_text(encoding="utf-8")
    for time in ("full_year", "{typical_days: {count: 4}}", "{typical_days: {profiles: [wind], keep: ['max:wind']}}"):
        assert loads(text.replace("time: annual", f"time: {time}")).time != "annual"
