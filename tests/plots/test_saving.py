"""Files of all figures: which are written, that nothing stays open, that they do not change from run to run."""

from __future__ import annotations

from pathlib import Path

import pytest
from matplotlib import pyplot

from transform_sim import plots
from transform_sim.results import Results

from .conftest import steel_results

ALL = ["production", "capacity", "emissions", "cost", "prices", "dispatch", "energy"]


def test_every_figure_in_every_format_and_none_left_open(steel: Results, tmp_path: Path) -> None:
    written = plots.save_all(steel, tmp_path / "new" / "figures")
    assert [p.name for p in written] == [f"{name}.{form}" for name in ALL for form in ("png", "svg")]
    assert all(p.stat().st_size > 10_000 for p in written)
    assert not pyplot.get_fignums()


def test_a_figure_that_does_not_apply_is_left_out(tmp_path: Path) -> None:
    written = plots.save_all(steel_results(hours=False), tmp_path, formats=["svg"])
    assert [p.stem for p in written] == [name for name in ALL if name != "dispatch"]


@pytest.mark.parametrize("form", ["png", "svg"])
def test_the_same_results_give_the_same_bytes(steel: Results, tmp_path: Path, form: str) -> None:
    first, second = (plots.save_all(steel, tmp_path / name, formats=[form]) for name in ("a", "b"))
    assert [p.read_bytes() for p in first] == [p.read_bytes() for p in second]
