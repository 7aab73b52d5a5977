"""One table of existing plants serves studies that do not take all of its plants."""

from __future__ import annotations

from pathlib import Path

import pytest

import transform_sim as ts
from transform_sim.errors import ScenarioError

STUDY = """
name: shared
horizon: {start: 2025, end: 2025, discount_rate: 0}
regions: {here: {}}
commodities: {glass: {unit: t}, power: {unit: MWh}}
processes:
  melt: {unit: t, existing: {table: plants.csv}, flows: {glass: 1, power: -1}}
  other: {unit: t, existing: {table: plants.csv}, flows: {glass: 1, power: -2}}
supply: {power: {price: 50}}
demand: {glass: {amount: 100}}
"""
TABLE = "site,region,process,capacity\nA,here,melt,100\nB,here,other,50\nC,here,{name},7\nD,here,{name},7\n"


def study(folder: Path, name: str) -> ts.Scenario:
    (folder / "plants.csv").write_text(TABLE.format(name=name))
    return ts.loads(STUDY, root=folder)


def test_a_plant_that_only_the_catalogue_has_is_left_out(tmp_path: Path) -> None:
    scenario = study(tmp_path, "paper_mill")
    assert [site.site for site in scenario.sites] == ["A", "B"]


def test_a_plant_that_nobody_knows_is_told_once(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError) as caught:
        study(tmp_path, "melter")
    text = str(caught.value)
    assert text.count("'melter' is no process of the scenario. Did you mean 'melt'?") == 1
    assert "line 4" in text
