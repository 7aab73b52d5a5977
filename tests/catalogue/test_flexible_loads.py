"""Flexible loads of the catalogue: taken under a study's own keys, and as large as the publications say."""

from __future__ import annotations

import pytest

import transform_sim as ts
from transform_sim.errors import ScenarioError
from transform_sim.pipeline import compose
from transform_sim.scenario import Scenario, loads
from transform_sim.scenario.entries import entries, is_entry
from transform_sim.scenario.quantity import Quantity

from .whole import everything

LINE = """
name: line
horizon: {start: 2025, end: 2025, step: 1}
time: {typical_days: {count: 2, profiles: package:de_2025}}
regions: {here: {}}
commodities:
  electricity: {from: catalogue}
  aluminium: {from: catalogue}
  alumina: {from: catalogue}
processes:
  aluminium_smelter:
    from: catalogue
    existing: {here: {2024: 56_883 t/a}}     # 90 MW at full available capacity
    capex: 0
    new_capacity_max: 0
    auxiliary_carbon: 0
    reinvest: null
    retrofits: null
supply:
  electricity: {price: 60, price_profile: price}
  alumina: {price: 0}
profiles: {price: package:de_2025/price}
demand: {aluminium: {amount: 51_194 t/a}}
flexible_loads:
  smelter_modulation: {from: catalogue, efficiency: 1, cost_down: 0}
"""


def first(quantity: Quantity | None) -> float:
    assert quantity is not None
    return next(float(value) for _, _, value in quantity.items())


def test_a_study_takes_a_load_and_changes_what_it_names() -> None:
    scenario = loads(LINE.replace("efficiency: 1", "efficiency: 0.9"))
    load = scenario.flexible_loads["smelter_modulation"]
    assert load.process == "aluminium_smelter"
    assert load.method == "battery"
    assert first(load.share) == 0.25
    assert first(load.efficiency) == 0.9
    assert "Essen" in load.energy.provenance.source
    assert is_entry("smelter_modulation")


def test_a_load_without_its_process_says_what_to_declare() -> None:
    text = LINE.replace("  aluminium_smelter:", "  smelter:").replace("    from: catalogue\n    existing",
                        "    from: catalogue\n    entry: aluminium_smelter\n    existing")  # fmt: skip
    with pytest.raises(ScenarioError, match=r"process.*aluminium_smelter.*declare 'aluminium_smelter' under processes"):
        loads(text)
    own = text.replace("{from: catalogue, efficiency", "{from: catalogue, process: smelter, efficiency")
    assert loads(own).flexible_loads["smelter_modulation"].process == "smelter"


def test_an_entry_of_another_kind_is_named() -> None:
    with pytest.raises(ScenarioError, match="there it is a storage"):
        loads(LINE.replace("smelter_modulation: {from: catalogue", "heat_store: {from: catalogue"))


def test_a_smelter_line_swings_as_the_one_that_was_converted() -> None:
    """TRIMET: a line of 90 MW runs at 68 to 112 MW, and both ends lie some 2,000 MWh apart."""
    data, _ = compose(loads(LINE))
    found = data.flexible_loads
    [per_capacity] = found.mean.per_capacity[:, 0, 0]
    swing = float(per_capacity) * 56_883 / 8760 * float(found.up_mean[0, 0, 0])
    assert swing == pytest.approx(22, rel=0.03)
    assert 2 * swing * first(loads(LINE).flexible_loads["smelter_modulation"].energy) == pytest.approx(2100, rel=0.03)


def named(scenario: Scenario, process: str) -> float:
    return sum(first(load.share) for load in scenario.flexible_loads.values() if load.process == process)


def test_loads_leave_room_for_each_other() -> None:
    scenario = everything()
    for process in {load.process for load in scenario.flexible_loads.values() if load.process}:
        assert 0 < named(scenario, process) <= 1, process
    assert named(scenario, "aluminium_smelter") == 1


def test_a_load_stands_on_a_plant_that_costs_something_to_build() -> None:
    """Where capacity is free, a load tied to it could build itself any size."""
    processes = entries()["processes"]
    for name, node in entries()["flexible_loads"].items():
        process = node.mapping.get("process")
        if process is not None:
            assert "capex" in processes[str(process.value)].mapping, name


def test_what_only_investment_makes_flexible_is_potential() -> None:
    loads_ = entries()["flexible_loads"]
    stages = {name: str(node.mapping["flexibility"].value) for name, node in loads_.items()}
    assert {name for name, stage in stages.items() if stage == "potential"} == {
        "smelter_modulation", "arc_furnace_direct_reduction", "oxyfuel_oxygen", "pulp_refining", "capture_solvent",
    }  # fmt: skip


def test_steps_of_shedding_are_numbers_with_a_source_too() -> None:
    rows = ts.catalogue.rows("chlorine_cells").set_index("path")
    assert rows.loc["sheds.0.cost", "value"] == 200
    assert rows.loc["sheds.0.cost", "unit"] == "EUR2020/MWh"
    assert set(ts.catalogue.rows("arc_furnace_batches")["path"]) >= {"delays.0", "delays.1", "delays.2"}
    assert "sheds" not in ts.catalogue.show("chlorine_cells").facts
