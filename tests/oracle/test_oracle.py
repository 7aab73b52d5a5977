"""The package against the oracle: the same least cost on shipped systems and on random ones."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

import transform_sim as ts

from .oracle import OracleResult, solve, solve_file
from .reader import read
from .strategies import as_yaml, systems

SYSTEMS = sorted((Path(__file__).parent / "systems").glob("*.yaml"))


def agree(objective: float, oracle: OracleResult) -> None:
    """Equal to 1e-8 of what is paid and earned; where both nearly cancel, the sum itself says little."""
    turnover = sum(abs(cost) for cost in oracle.cost.values())
    assert objective == pytest.approx(oracle.objective, rel=1e-8, abs=1e-8 * turnover)


@pytest.mark.parametrize("path", SYSTEMS, ids=lambda path: path.stem)
def test_shipped_systems(path: Path) -> None:
    agree(ts.solve(ts.load(path)).objective, solve_file(path))


@given(systems())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_random_systems(data: dict[str, Any]) -> None:
    agree(ts.solve(ts.loads(as_yaml(data))).objective, solve(data))


@given(systems())
@settings(max_examples=20, deadline=None)
def test_random_systems_are_read_back_as_they_were_written(data: dict[str, Any]) -> None:
    assert read(as_yaml(data)) == data
