"""The tables of North Rhine-Westphalia: places, names and units are valid, totals are those that the README states."""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from functools import cache

import pytest
from ruamel.yaml import YAML

from tests.micro import ROOT

DATA = ROOT / "scenarios" / "data"
CATALOGUE = ROOT / "src" / "transform_sim" / "data" / "catalogue"
REGIONS = {"rheinisches_revier", "emscher_lippe", "ruhr", "rhine_south", "rest_nrw"}
DEMANDS = {"heat_100", "heat_200", "heat_500", "heat_1000", "sme_heat", "industry_power"}
HEAT_MAKERS = {
    "gas_boiler",
    "coal_boiler",
    "biomass_boiler",
    "gas_chp",
    "gas_furnace_500",
    "gas_furnace_1000",
    "sme_gas_boiler",
}
AVAILABILITY, HOURS = 0.90, 8760


@cache
def rows(name: str) -> list[dict[str, str]]:
    lines = (DATA / f"{name}.csv").read_text(encoding="utf-8").splitlines()
    return list(csv.DictReader(line for line in lines if not line.startswith("#")))


@cache
def catalogue() -> dict[str, dict[str, object]]:
    """All processes of the shipped catalogue."""
    found: dict[str, dict[str, object]] = {}
    for path in sorted(CATALOGUE.glob("*.yaml")):
        found |= YAML(typ="safe").load(path).get("processes") or {}
    return found


@cache
def documented() -> dict[str, list[str]]:
    """Rows of the README's tables by their first cell."""
    lines = re.findall(r"^\| (.+) \|$", (DATA / "README.md").read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {cells[0]: cells for line in lines if (cells := line.split(" | "))}


def capacities(unit: str) -> dict[str, float]:
    """Capacity by process."""
    found: dict[str, float] = defaultdict(float)
    for row in rows("nrw_sites"):
        if row["unit"] == unit:
            found[row["process"]] += float(row["capacity"])
    return found


def test_districts_partition_the_state() -> None:
    districts = rows("nrw_districts")
    assert len({d["nuts3"] for d in districts}) == len(districts) == 53
    assert {d["region"] for d in districts} == REGIONS


def test_sites_stand_where_their_district_lies() -> None:
    """Only Wesseling, in the Rhein-Erft district, counts elsewhere."""
    region_of = {d["nuts3"]: d["region"] for d in rows("nrw_districts")}
    moved = {r["site"] for r in rows("nrw_sites") if r["nuts3"] and region_of[r["nuts3"]] != r["region"]}
    assert moved == {"Wesseling", "Wesseling OM4", "Wesseling OM6"}
    assert {r["region"] for r in rows("nrw_sites")} == REGIONS


def test_sites_name_processes_of_the_catalogue_with_their_unit() -> None:
    for row in rows("nrw_sites"):
        process = catalogue()[row["process"]]
        assert {"t": "t/a", "MWh": "MW"}[str(process["unit"])] == row["unit"], row


def test_sites_are_plausible() -> None:
    for row in rows("nrw_sites"):
        assert float(row["capacity"]) > 0, row
        assert row["status"] in {"running", "closed"}, row
        assert row["quality"] in {"opened", "computed", "recalled"}, row
        assert row["year_basis"] in {"recalled", "assumed"}, row
        assert 1985 <= int(row["campaign_year"]) <= 2024, row


def test_everything_still_stands_when_the_study_starts() -> None:
    for row in rows("nrw_sites"):
        life = catalogue()[row["process"]].get("lifetime")
        if isinstance(life, dict):
            years = life["value"] if not isinstance(life["value"], dict) else max(life["value"].values())
            assert int(row["campaign_year"]) + float(str(years).split()[0]) > 2025, row


def test_no_plant_stands_twice() -> None:
    plants = [(r["site"], r["process"], r["campaign_year"], r["status"]) for r in rows("nrw_sites")]
    assert len(set(plants)) == len(plants)


def test_renewals_are_spread() -> None:
    """Of the twelve kilns no five-year span renews more than half of the capacity."""
    kilns = [r for r in rows("nrw_sites") if r["process"] == "clinker_kiln"]
    total = sum(float(r["capacity"]) for r in kilns)
    for start in range(1996, 2024):
        span = sum(float(r["capacity"]) for r in kilns if start <= int(r["campaign_year"]) < start + 5)
        assert span <= 0.5 * total, start


def test_capacity_makes_the_base_year() -> None:
    """Production needs 90 % of the capacity, that of blast furnaces 86 % (their capacity is known)."""
    standing = capacities("t/a")
    for row in rows("nrw_base_year"):
        use = float(row["production"]) / standing[row["process"]]
        expected = 15.4 / 17.934 if row["process"] == "bf_bof" else AVAILABILITY
        assert use == pytest.approx(expected, rel=1e-3), row["process"]
        assert use <= AVAILABILITY + 1e-9, row["process"]


def test_running_plants_make_what_the_base_year_says_is_running() -> None:
    for row in rows("nrw_base_year"):
        mine = [r for r in rows("nrw_sites") if r["process"] == row["process"]]
        share = sum(float(r["capacity"]) for r in mine if r["status"] == "running") / sum(
            float(r["capacity"]) for r in mine
        )
        assert float(row["running"]) == pytest.approx(float(row["production"]) * share, rel=1e-3), row["process"]


def test_base_year_is_the_one_documented() -> None:
    for row in rows("nrw_base_year"):
        _, product, made, running, emitted, registered, source = documented()[row["process"]]
        assert (product, source) == (row["product"], row["source"])
        for text, column in (
            (made, "production"),
            (running, "running"),
            (emitted, "emissions"),
            (registered, "register_2018"),
        ):
            assert text == (f"{float(row[column]) / 1e6:.3f}" if row[column] else "–"), row["process"]


def test_emissions_meet_the_register() -> None:
    """By factor 2 % from the register in every sector; of secondary aluminium only the melting is named."""
    for row in rows("nrw_base_year"):
        if row["register_2018"] and row["process"] != "aluminium_recycling":
            assert float(row["emissions"]) == pytest.approx(float(row["register_2018"]), rel=0.02), row["process"]
        if row["emissions"]:
            product = float(row["production"]) * float(row["emission_factor"])
            assert float(row["emissions"]) == pytest.approx(product, rel=1e-2), row["process"]


def test_named_emissions_stay_below_the_register() -> None:
    """44.9 Mt in all, of which 4.7 to 5.3 Mt are of plants that are not named."""
    named = sum(float(r["emissions"] or 0) for r in rows("nrw_base_year"))
    assert 44.9e6 - 5.3e6 < named < 44.9e6 - 4.7e6


def test_demand_is_complete_and_positive() -> None:
    found = {(r["demand"], r["region"]): r for r in rows("nrw_heat_demand")}
    assert set(found) == {(d, r) for d in DEMANDS for r in REGIONS}
    assert len(found) == len(rows("nrw_heat_demand"))
    for (demand, _), row in found.items():
        assert float(row["value"]) > 0
        assert row["unit"] == "TWh/a"
        assert row["commodity"] == ("electricity" if demand == "industry_power" else demand)


def test_demand_is_the_one_documented() -> None:
    for demand in DEMANDS:
        total = sum(float(r["value"]) for r in rows("nrw_heat_demand") if r["demand"] == demand)
        assert total == pytest.approx(float(documented()[demand][-1]), abs=0.0051), demand


def test_demand_closes_with_the_balance() -> None:
    """Power is what remains; useful heat is at most the fuel that remains, and at least 0.89 of it."""
    rest = {name: float(cells[3]) for name, cells in documented().items() if len(cells) == 4 and name != "carriers"}
    balance = {name: float(cells[1]) for name, cells in documented().items() if name in rest}
    assert sum(balance.values()) == pytest.approx(218.5, abs=0.1)
    assert min(rest.values()) >= 0
    power = sum(float(r["value"]) for r in rows("nrw_heat_demand") if r["demand"] == "industry_power")
    heat = sum(float(r["value"]) for r in rows("nrw_heat_demand")) - power
    fuel = sum(rest.values()) - rest["electricity"]
    assert power == pytest.approx(rest["electricity"], abs=0.01)
    assert 0.89 * fuel < heat < fuel


@pytest.mark.parametrize("region", sorted(REGIONS))
def test_boilers_and_furnaces_meet_the_heat(region: str) -> None:
    """At a mean load of 90 %; boilers serve both levels up to 200 °C and the running paper mills."""
    need = {r["demand"]: float(r["value"]) for r in rows("nrw_heat_demand") if r["region"] == region}
    made: dict[str, float] = defaultdict(float)
    for row in rows("nrw_sites"):
        if row["process"] in HEAT_MAKERS and row["region"] == region and row["status"] == "running":
            made[row["process"]] += float(row["capacity"]) * HOURS * AVAILABILITY / 1e6
    mills = [r for r in rows("nrw_sites") if r["process"] == "paper_mill" and r["region"] == region]
    paper = sum(float(r["capacity"]) for r in mills if r["status"] == "running") * AVAILABILITY * 1.4 / 1e6
    steam = sum(made[p] for p in ("gas_boiler", "coal_boiler", "biomass_boiler", "gas_chp"))
    assert steam == pytest.approx(need["heat_100"] + need["heat_200"] + paper, rel=0.01)
    assert made["gas_furnace_500"] == pytest.approx(need["heat_500"], rel=0.01)
    assert made["gas_furnace_1000"] == pytest.approx(need["heat_1000"], rel=0.01)
    assert made["sme_gas_boiler"] == pytest.approx(need["sme_heat"], rel=0.01)
