"""Mistakes in CSV tables: quantities, sites, series."""

from __future__ import annotations

from pathlib import Path

import pytest

from transform_sim.errors import ScenarioError
from transform_sim.scenario import loads

from .study import shown, spoilt

PRICE = ("price: 10}", "price: {table: t.csv}}")
SITES = ("existing: {ruhr: {2012: 4.0e6}}", "existing: {table: t.csv}")
SERIES = ("wind: {winter: 0.4, summer: 0.2}", "wind: {table: t.csv}")
LEAP = "value\n" + "0.5\n" * 8784


@pytest.mark.parametrize(
    ("change", "table", "message"),
    [
        (PRICE, "", "supply.coal.price: 't.csv' has no rows"),
        (PRICE, "year,value\n", "supply.coal.price: 't.csv' has no rows"),
        (PRICE, "year,value\nsoon,5\n", "supply.coal.price: 't.csv', line 2: 'soon' in column 'year' is not a year"),
        (PRICE, "year,value\n# why\n2025,\n", "supply.coal.price: 't.csv', line 3: column 'value' holds no number"),
        (PRICE, 'year,value\n2025,"1,5"\n', "supply.coal.price: 't.csv', line 2: '1,5' has a decimal comma. Write 1.5"),
        (
            PRICE,
            "year,value,unit\n2025,5,EUR/kg/h\n",
            "supply.coal.price.2025: 't.csv', line 2: the unit EUR2020/kg/h does not fit; "
            "EUR2020/MWh is expected, or a unit that converts to it",
        ),
        (
            PRICE,
            "region,value\nrhur,5\n",
            "supply.coal.price: 't.csv', line 2: 'rhur' is no place for this value; known are hub",
        ),
        (
            PRICE,
            "a\n" + "x" * 200_000 + "\n",
            "supply.coal.price: 't.csv' is not a CSV table: field larger than field limit (131072)",
        ),
        (
            SITES,
            "region,capacity\nrhur,5\n",
            "processes.furnace.existing: 't.csv', line 2: 'rhur' is no place for this value. Did you mean 'ruhr'?",
        ),
        (
            SITES,
            "process,region,capacity\nshaft,ruhr,5\n",
            "processes.furnace.existing: 't.csv' has no row with process = furnace",
        ),
        (
            SITES,
            "region,value\nruhr,5\n",
            "processes.furnace.existing: 't.csv' has no column 'capacity'; known are region, value",
        ),
        (
            SITES,
            "region,capacity\nruhr,-5\n",
            "processes.furnace.existing.ruhr: 't.csv', line 2: -5 t/a is below 0 t/a",
        ),
        (
            SITES,
            "region,capacity,campaign_year\nruhr,5,12\n",
            "processes.furnace.existing: 't.csv', line 2: '12' in column 'campaign_year' is not a year",
        ),
        (
            PRICE,
            "year,value\n# why\n2025,5,5\n",
            "supply.coal.price: 't.csv', line 3: row has 3 fields, the header 2; a decimal comma?",
        ),
        (
            PRICE,
            "year,value\n2025,5\n2030\n2035,6\n2040\n",
            "supply.coal.price: 't.csv', line 3: row has 1 fields, the header 2; an empty cell needs its comma too "
            "(wrong too: line 5)",
        ),
        (
            PRICE,
            "year,value\n2025,5\n,6\n",
            "supply.coal.price: 't.csv', line 3: column 'year' is empty here or in a row before, but not in all",
        ),
        (
            SITES,
            "region,capacity,campaign_year\nruhr,5,2040\n",
            "processes.furnace.existing: 't.csv', line 2: starts in 2040, after the horizon's start 2025; "
            "new plants are built, not existing",
        ),
        (PRICE, "year,value,value\n2025,5,6\n", "supply.coal.price: 't.csv', line 1: column 'value' stands twice"),
        (
            PRICE,
            "year;value\n2025;5\n",
            "supply.coal.price: 't.csv', line 1: columns are separated by ';'; the separator must be a comma",
        ),
        (
            PRICE,
            "year\tvalue\n2025\t5\n",
            "supply.coal.price: 't.csv', line 1: columns are separated by tabs; the separator must be a comma",
        ),
        (
            (PRICE[0], "price: {table: t.csv, column: gas}}"),
            "year,gas,unit\n2025,5,EUR/kg\n",
            "supply.coal.price.2025: 't.csv', line 2: the unit EUR2020/kg does not fit; "
            "EUR2020/MWh is expected, or a unit that converts to it",
        ),
        (
            SITES,
            "region,capacity,unit\nruhr,5,MW\n",
            "processes.furnace.existing.ruhr: 't.csv', line 2: the unit MW does not fit; "
            "t/a is expected, or a unit that converts to it",
        ),
        (
            SITES,
            "process,region,capacity\nfurnace,ruhr,5\nfurnaec,ruhr,5\n",
            "processes.furnace.existing: 't.csv', line 3: 'furnaec' is no process of the scenario. "
            "Did you mean 'furnace'?",
        ),
        (SERIES, "value\n1\nmuch\n", "profiles.wind: 't.csv', line 3: 'much' is not a number"),
        (SERIES, LEAP, "profiles.wind: 8,784 values; a year has 8,760 hours. Leave out 29 February"),
        (
            (SERIES[0], "wind: {table: t.csv, colum: x}"),
            LEAP,
            "profiles.wind: unknown key 'colum'; known are table, column",
        ),
        (
            (SERIES[0], "wind: {table: 5}"),
            LEAP,
            "profiles.wind: table and column are names: {table: file.csv, column: name}",
        ),
        (
            (SERIES[0], "wind: {winter: much, summer: 1}"),
            "",
            "profiles.wind: 'much' for slice 'winter' is not a number",
        ),
        (
            (SERIES[0], "wind: package:de_2025/wnid_onshore"),
            "",
            "profiles.wind: package:de_2025 has no series 'wnid_onshore'. Did you mean 'wind_onshore'?",
        ),
    ],
)
def test_mistake_in_a_table_is_named(tmp_path: Path, change: tuple[str, str], table: str, message: str) -> None:
    (tmp_path / "t.csv").write_text(table)
    with pytest.raises(ScenarioError) as caught:
        loads(spoilt(change), root=tmp_path)
    assert message in [shown(p) for p in caught.value.problems]


def test_units_of_sites_are_used(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("region,capacity,unit\nruhr,3,Mt/a\nruhr,500,kt/a\n")
    furnace = loads(spoilt(SITES), root=tmp_path).processes["furnace"]
    assert furnace.existing is not None
    assert furnace.existing.points == {"ruhr": {None: 3.5e6}}


def test_blanks_around_cells_do_not_matter(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text(
        'site , region, process ,capacity, campaign_year\n"Works, 1" , ruhr , furnace, 5 ,2012 \n  \n'
    )
    read = loads(spoilt(SITES), root=tmp_path)
    assert [(s.site, s.region, s.process, s.capacity, s.start) for s in read.sites] == [
        ("Works, 1", "ruhr", "furnace", 5.0, 2012)
    ]


def test_a_wrong_cell_that_two_values_use_is_told_once(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("year,value\n2025,5 km\n2030,much\n")
    levy = ("power: {commodity: electricity, price: 70", "power: {commodity: electricity, price: {table: t.csv}")
    with pytest.raises(ScenarioError) as caught:
        loads(spoilt(PRICE, levy), root=tmp_path)
    assert [str(p).split("t.csv', line ")[1][0] for p in caught.value.problems] == ["2", "3"]


def test_a_table_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "t.csv").mkdir()
    with pytest.raises(ScenarioError, match=r"'t\.csv' is a folder"):
        loads(spoilt(PRICE), root=tmp_path)
