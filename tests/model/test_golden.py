"""The program of each family is what it was; see `golden.py` for how to change it on purpose."""

from __future__ import annotations

from pathlib import Path

import pytest

import transform_sim as ts
from tests.model.golden import FOLDER, families, write
from transform_sim import model


def test_every_family_has_a_golden_program() -> None:
    assert {family.__name__ for family in model.FAMILIES} == set(families())


@pytest.mark.parametrize("family", families())
def test_the_program_is_unchanged(family: str, tmp_path: Path) -> None:
    written = write(family, tmp_path / "program.lp").read_text(encoding="utf-8")
    assert written == (FOLDER / f"{family}.lp").read_text(encoding="utf-8")


@pytest.mark.parametrize("family", families())
def test_the_study_behind_it_solves(family: str) -> None:
    assert ts.solve(FOLDER / f"{family}.yaml").certificate["ok"]
