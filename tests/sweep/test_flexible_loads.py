"""Sweeps over the numbers of flexible loads: each case is what a solve of its own scenario gives."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import transform_sim as ts
from tests.micro import ROOT
from transform_sim.pipeline import compose

LOAD_SHIFT = ROOT / "scenarios" / "mini" / "load_shift.yaml"
WORKS = "flexible_loads.cold_stores"
AXES: dict[str, list[Any]] = {
    f"{WORKS}.up": [0, 0.1, 0.4],
    f"{WORKS}.down": [0.05, 0.25],
    f"{WORKS}.cost_up": [0, 2, 30],
    f"{WORKS}.efficiency": [1, 0.9],
    f"{WORKS}.window": [4, 12, 48],
    f"{WORKS}.load.ruhr": [0, 50],
    "flexibility": ["none", "today"],
}


@pytest.mark.parametrize("path", AXES)
def test_each_case_is_a_solve_of_its_own(path: str, tmp_path: Path) -> None:
    found = ts.sweep(LOAD_SHIFT, {path: AXES[path]}, out=tmp_path / "sweep", progress=False)
    scenario = ts.load(LOAD_SHIFT)
    alone = [ts.solve(scenario.with_({path: value})).objective for value in AXES[path]]
    assert found.data["objective"].values == pytest.approx(alone, rel=1e-8)
    assert len(set(alone)) == len(alone)


def test_what_changes_no_matrix_is_swept_without_building_it_again() -> None:
    reads = compose(LOAD_SHIFT)[1].reads()
    for field, parts in (
        ("up", {"bounds"}),
        ("cost_up", {"costs"}),
        ("efficiency", {"matrix"}),
        ("window", {"matrix"}),
    ):
        assert {part for part, paths in reads.items() if f"flexible_loads.*.{field}" in paths} == parts
