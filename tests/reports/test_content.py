"""Numbers and names beside the figures: tiles, tables, sources."""

from __future__ import annotations

import pytest

from tests.micro import mini, solve
from transform_sim import plots
from transform_sim.plots.language import vocabulary
from transform_sim.reports import content, pictures
from transform_sim.reports.pictures import Picture

from .conftest import sourced


def test_tiles_name_emissions_as_the_scenario_titles_them() -> None:
    tiles = {tile.title: tile for tile in content.tiles(sourced())}
    # 1 Mt of steel: 5 MWh of coal at 0.34 in 2025, 3 MWh of gas at 0.2 in 2030
    assert tiles["CO₂ emissions of industry"].value == "0.6 Mt/a"
    assert tiles["CO₂ emissions of industry"].note == "in 2030; 1.7 in 2025"
    assert tiles["Carbon price"].value == "200 EUR2020/t"
    # a furnace for 1 Mt at 100, then a shaft at 150
    assert tiles["Investment"].value == "250 m EUR2020"


def test_emissions_without_a_title_are_called_emissions() -> None:
    assert content.tiles(mini("two_routes"))[0].title == "CO₂ emissions"


def test_german_tiles_have_german_numbers() -> None:
    with plots.language("de"):
        tiles = content.tiles(sourced())
    assert tiles[0].title == "CO₂-Emissionen der Industrie"
    assert (tiles[0].value, tiles[0].note) == ("0,6 Mt/a", "im Jahr 2030; 1,7 im Jahr 2025")
    assert any("Mio." in tile.value for tile in tiles)


def test_rows_of_the_table_share_their_decimals() -> None:
    rows = {item: (unit, values) for _, group in content.indicator_rows(sourced()) for item, unit, values in group}
    assert rows["CO₂ emissions of industry"] == ("Mt/a", ["1.70", "0.60"])
    assert rows["Steel"] == ("Mt/a", ["1.00", "1.00"])


def test_assumptions_stand_under_their_thing() -> None:
    groups = {group.title: group for group in content.assumption_groups(sourced())}
    assert [thing.title for thing in groups["Plants"].things] == ["Blast furnace", "Shaft"]
    assert ["".join(parts) for parts, _ in groups["Plants"].things[0].rows] == ["flows.coal", "capex"]
    assert groups["Plants"].things[0].rows[0][0] == ("flows.", "coal")
    assert groups["Policies"].things[0].title == ""
    assert sum(group.count for group in groups.values()) == 13


def test_numbers_without_a_source_share_a_line_of_their_thing() -> None:
    groups = {group.title: group for group in content.assumption_groups(sourced())}
    assert {title: (group.count, group.bare) for title, group in groups.items()} == {
        "Years and discounting": (1, 1), "Commodities": (2, 0), "Plants": (6, 3), "Purchases": (2, 1), "Demand": (1, 1),
        "Policies": (1, 0),
    }  # fmt: skip
    shaft = groups["Plants"].things[1]
    ((source, rows),) = shaft.bare
    assert (source, [("".join(parts), a.value) for parts, a in rows]) == ("", [("lifetime", "5"), ("flows.gas", "-3")])
    assert ["".join(parts) for parts, _ in shaft.rows] == ["capex"]


def test_the_source_of_a_plant_stands_beside_its_numbers() -> None:
    results = solve(processes={"mill": {"unit": "t", "source": "Mills", "flows": {"steel": 1}, "capex": 5}})
    (thing,) = next(g for g in content.assumption_groups(results) if g.title == "Plants").things
    assert [(source, [a.value for _, a in rows]) for source, rows in thing.bare] == [("Mills", ["5"])]


def test_chapters_hold_every_picture_once() -> None:
    names = ["emissions", "cost", "cost_by_sector", "balance_gas", "production_steel", "levelised_steel",
             "capacity_gas", "own"]  # fmt: skip
    chapters = pictures.chapters([Picture(n, n, "") for n in names])
    assert [[p.name for p in c.pictures] for c in chapters] == [
        ["emissions"], ["balance_gas"], ["cost", "cost_by_sector"], ["production_steel", "levelised_steel"],
        ["capacity_gas"], ["own"],
    ]  # fmt: skip
    assert [c.title for c in chapters if c.product] == ["Steel", "Gas"]
    assert [len(c.key) for c in chapters] == [1, 1, 2, 1, 1, 1]


@pytest.mark.parametrize("term", [*content.SECTIONS.values(), *(title for title, _ in pictures.CHAPTERS)])
def test_headings_have_german_ones(term: str) -> None:
    assert term in vocabulary()
