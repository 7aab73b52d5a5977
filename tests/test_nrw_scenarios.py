"""The nine scenarios of the NRW study: short, of one world, and each with the story it is named after.

All are solved without hours; docs/scenarios.md tells of the runs with hours.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import transform_sim as ts
from tests.micro import tool
from tests.summaries import OBJECTIVE, stored
from tests.test_scenario_freedom import REFERENCE, bases, changes_of_the_reference

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "scenarios" / "nrw"
KN45 = ("KN45-Mix", "KN45-H2", "KN45-Elek", "KN45-CCS", "KN45-Kreislauf", "KN45-Import", "KN45-Rueckzug")
LONGEST = 45
HELD = changes_of_the_reference()
LEFT_OVER = 0.05
"""Share of today's emissions that largely neutral production leaves."""


@pytest.fixture(scope="module")
def results() -> dict[str, ts.Results]:
    """All nine without hours, by name."""
    loaded = [
        ts.load(FOLDER / f"{file}.yaml", variant="annual", root=FOLDER.parent)
        for file in tool("compare_scenarios").FILES
    ]
    return {scenario.name.removesuffix("-annual"): ts.solve(scenario) for scenario in loaded}


@pytest.fixture(scope="module")
def table(results: dict[str, ts.Results]) -> pd.DataFrame:
    """Key indicators: rows (indicator, year), one column per scenario."""
    parts = [tool("compare_scenarios").indicators(result).assign(scenario=name) for name, result in results.items()]
    return pd.concat(parts).pivot(index=["indicator", "year"], columns="scenario", values="value")


def test_all_nine_are_there_under_their_names(results: dict[str, ts.Results]) -> None:
    assert tuple(results) == tool("compare_scenarios").NAMES
    assert {f.stem for f in FOLDER.glob("*.yaml")} == set(tool("compare_scenarios").FILES)
    assert all(result.certificate["ok"] for result in results.values())


@pytest.mark.parametrize("file", sorted(FOLDER.rglob("*.yaml")), ids=lambda f: f.stem)
def test_each_file_is_short_and_held_to_what_a_scenario_may_change(file: Path) -> None:
    assert len(file.read_text(encoding="utf-8").splitlines()) <= LONGEST
    assert file in HELD


@pytest.mark.parametrize("file", sorted(FOLDER.glob("*.yaml")), ids=lambda f: f.stem)
def test_each_extends_the_reference_and_at_most_a_target(file: Path) -> None:
    assert REFERENCE.resolve() in bases(file)
    others = {base.name for base in bases(file)} - {REFERENCE.name}
    expected = {"ref": set(), "seed2050": {"seed_2050.yaml"}}
    assert others == expected.get(file.stem, {"ksg_2045.yaml"})


@pytest.mark.parametrize("file", sorted(FOLDER.rglob("*.yaml")), ids=lambda f: f.stem)
def test_every_number_that_is_changed_says_where_it_comes_from(file: Path) -> None:
    """First years stand with a comment; all else has a source and a quality, and a range where it is no law's path."""
    scenario = ts.load(file if file.parent == FOLDER else FOLDER / "kn45_mix.yaml", root=FOLDER.parent)
    for given in scenario.quantities():
        if str(file.name) not in str(scenario.where(given.path)):
            continue
        told = given.quantity.provenance
        assert told is not None, given.path
        assert told.source, given.path
        assert told.quality, given.path
        assert given.path == "policies.emission_cap" or told.high is not None, given.path


def test_the_well_known_names_are_two_of_the_nine() -> None:
    for name, file in (("nrw_reference", "ref"), ("nrw_climate_neutral", "kn45_mix")):
        known = ts.load(FOLDER.parent / f"{name}.yaml", variant="annual")
        same = ts.load(FOLDER / f"{file}.yaml", variant="annual", root=FOLDER.parent)
        assert ts.solve(known).objective == pytest.approx(ts.solve(same).objective, rel=1e-9)


def test_without_a_target_the_cap_of_the_laws_is_missed(table: pd.DataFrame) -> None:
    for year in ("2030", "2040", "2045"):
        assert table.at[("CO₂", year), "REF"] > table.at[("CO₂", year), "KN45-Mix"] + 0.1


@pytest.mark.parametrize("name", KN45)
def test_industry_is_neutral_in_2045_and_stays_so(table: pd.DataFrame, name: str) -> None:
    assert table.at[("CO₂", "2025"), name] > 50
    assert table.at[("CO₂", "2045"), name] <= 1e-6
    assert table.at[("CO₂", "2050"), name] <= 1e-6


def test_the_older_target_comes_later_and_leaves_a_twentieth(table: pd.DataFrame) -> None:
    emissions = table.loc["CO₂", "Seed2050"]
    assert emissions["2050"] <= LEFT_OVER * emissions["2025"]
    assert emissions["2045"] > max(table.at[("CO₂", "2045"), name] for name in KN45)
    assert table.at[("Cap premium", "2050"), "Seed2050"] > 0


def test_hydrogen_is_used_most_where_it_is_cheap_and_least_where_co2_is_stored(table: pd.DataFrame) -> None:
    for year in ("2040", "2045", "2050"):
        used = table.loc[("Hydrogen used", year)]
        assert used["KN45-H2"] > 1.5 * used["KN45-Mix"] > 1.5 * used["KN45-CCS"]
    assert table.at[("Hydrogen imported", "2045"), "KN45-H2"] > table.loc[("Hydrogen from gas", "2045")].max()


def test_more_co2_is_stored_where_that_is_early_and_cheap(table: pd.DataFrame) -> None:
    for year in ("2030", "2035", "2040", "2045", "2050"):
        stored_ = table.loc[("CO₂ stored", year)]
        assert stored_["KN45-CCS"] > stored_["KN45-Mix"]
    assert table.loc[("CO₂ stored", "2045")].idxmax() == "KN45-CCS"


def test_more_power_is_used_where_it_is_cheap(table: pd.DataFrame) -> None:
    assert table.loc[("Power used", "2045")].idxmax() == "KN45-Elek"
    for year in ("2030", "2035", "2040", "2045", "2050"):
        assert table.at[("Power used", year), "KN45-Elek"] > table.at[("Power used", year), "KN45-Mix"]


def test_more_is_recycled_where_more_comes_back(results: dict[str, ts.Results]) -> None:
    circular, mixed = (_recycled(results[name]) for name in ("KN45-Kreislauf", "KN45-Mix"))
    for product in ("crude_steel", "hvc", "glass"):
        assert circular[product] > mixed[product]


def _recycled(result: ts.Results) -> pd.Series:
    content = ts.analysis.recycled_content(result).query("period == 2045")
    return content.set_index("product")["share"]


def test_intermediates_come_from_abroad_where_they_are_cheap(table: pd.DataFrame) -> None:
    for year in ("2035", "2040", "2045", "2050"):
        iron, slabs = table.loc[("Imports: iron", year)], table.loc[("Imports: slabs", year)]
        assert iron["KN45-Import"] > iron["KN45-Mix"]
        assert slabs["KN45-Import"] > slabs["KN45-Mix"]


def test_less_is_made_where_industry_leaves(results: dict[str, ts.Results]) -> None:
    left, mixed = (results[name].served_demand.sum("node").sel(period=2045) for name in ("KN45-Rueckzug", "KN45-Mix"))
    for product in ("crude_steel", "hvc", "ammonia", "methanol", "chlorine", "aluminium", "glass", "paper"):
        assert float(left.sel(demand=product)) < float(mixed.sel(demand=product))
    for product in ("cement", "lime", "heat_200"):
        assert float(left.sel(demand=product)) == pytest.approx(float(mixed.sel(demand=product)))


def test_cost_is_ordered_where_it_must_be(table: pd.DataFrame) -> None:
    """A cap costs; what only widens potentials, lowers prices or asks for less does not."""
    cost = table.loc[("Cost", "all")]
    assert cost["REF"] < cost["KN45-Mix"]
    for name in ("KN45-Import", "KN45-Kreislauf", "KN45-Rueckzug"):
        assert cost[name] < cost["KN45-Mix"]


def test_the_base_year_is_one(table: pd.DataFrame) -> None:
    """What stands in 2025 runs much alike, whatever is to come: what is built in that year looks ahead."""
    emissions = table.loc[("CO₂", "2025")]
    assert emissions.to_numpy() == pytest.approx(emissions["REF"], rel=0.02)


def test_the_page_shows_what_is_stored() -> None:
    """Tables are those of docs/scenarios.csv, whose REF and KN45-Mix are the two studies that CI solves with hours."""
    told = "run python tools/compare_scenarios.py"
    text, numbers = tool("compare_scenarios").PAGE.read_text(encoding="utf-8"), tool("compare_scenarios").numbers()
    assert tool("compare_scenarios").page(text, numbers) == text, f"{told} --tables"
    for name, study in (("REF", "nrw_reference"), ("KN45-Mix", "nrw_climate_neutral")):
        cost = numbers.at[("Cost", "all"), name] * 1e9
        assert cost == pytest.approx(stored(study)["objective"], rel=OBJECTIVE), told


def test_the_stories_hold_with_hours_too() -> None:
    numbers = tool("compare_scenarios").numbers()
    used, kept, power = (numbers.loc[(k, "2045")] for k in ("Hydrogen used", "CO₂ stored", "Power used"))
    assert used["KN45-H2"] > used["KN45-Mix"] > used["KN45-CCS"]
    assert kept["KN45-CCS"] > kept["KN45-Mix"]
    assert power["KN45-Elek"] > power["KN45-Mix"]
    assert (
        numbers.at[("Recycled in steel", "2045"), "KN45-Kreislauf"]
        > numbers.at[("Recycled in steel", "2045"), "KN45-Mix"]
    )
    assert (numbers.loc[("CO₂", "2045"), list(KN45)] <= 1e-6).all()
