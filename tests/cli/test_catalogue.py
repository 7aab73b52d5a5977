"""`transform-sim catalogue`: entries, one entry, and what is told of names that are none."""

from __future__ import annotations

import transform_sim as ts
from transform_sim.cli.options import entry_names

from .studies import call


def test_lists_every_entry() -> None:
    found = call("catalogue")
    assert found.exit_code == 0
    frame = ts.catalogue.entries()
    listed = {line.split()[0] for line in found.stdout.splitlines()}
    assert {name for _, name in frame.index} <= listed
    assert f"{len(frame)} entries, {frame['numbers'].sum()} numbers with their source" in found.stdout


def test_lists_one_sector() -> None:
    found = call("catalogue", "--sector", "steel")
    assert found.exit_code == 0
    assert "scrap_eaf" in found.stdout
    assert "gas_boiler" not in found.stdout


def test_shows_an_entry_with_ranges_and_sources() -> None:
    found = call("catalogue", "scrap_eaf")
    assert found.exit_code == 0
    assert "scrap_eaf: Electric arc furnace on scrap (process, sector steel" in found.stdout
    rows = ts.catalogue.rows("scrap_eaf")
    for path in rows["path"]:
        assert path in found.stdout
    capex = rows[rows["path"] == "capex"].iloc[0]
    line = next(line for line in found.stdout.splitlines() if line.startswith("capex"))
    assert line.split()[1:5] == [f"{capex['value']:g}", f"{capex['low']:g}", f"{capex['high']:g}", capex["unit"]]
    assert capex["source"][:40] in line


def test_an_entry_without_numbers_says_what_it_is() -> None:
    found = call("catalogue", "electricity")
    assert found.stdout.splitlines() == [
        "electricity: Electricity (commodity, per MWh)",
        "kind: energy, balance: hour, carbon_content: not tracked. It has no numbers",
    ]


def test_a_commodity_says_on_which_grid_it_is_balanced() -> None:
    found = call("catalogue", "natural_gas").stdout.splitlines()
    assert found[1] == "kind: energy, balance: year"
    assert found[3].split()[:2] == ["carbon_content", "0.2016"]


def test_an_unknown_name_is_wrong_usage_with_a_suggestion() -> None:
    found = call("catalogue", "scrap_eef")
    assert found.exit_code == 2
    assert "Did you mean 'scrap_eaf'?" in found.stderr
    found = call("catalogue", "--sector", "stel")
    assert found.exit_code == 2
    assert "Did you mean 'steel'?" in found.stderr
    assert call("catalogue", "scrap_eaf", "--sector", "steel").exit_code == 2


def test_names_are_completed() -> None:
    assert "scrap_eaf" in entry_names("scrap")
    assert all(name.startswith("scrap") for name in entry_names("scrap"))
    assert entry_names("nothing_like_it") == []
