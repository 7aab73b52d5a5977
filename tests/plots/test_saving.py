"""Files of all figures: which are written, that nothing stays open, that they do not change from run to run."""

from __future__ import annotations

from pathlib import Path

import pytest
from matplotlib import pyplot

from transform_sim import plots
from transform_sim.plots.language import spoken

from .conftest import steel_results

ALL = [
    "production_crude_steel", "capacity_crude_steel", "balance_electricity", "capacity_electricity", "balance_hydrogen",
    "capacity_hydrogen", "emissions", "cost", "cost_by_sector", "prices", "dispatch", "energy", "sankey", "exchange",
]  # fmt: skip
"""The made-up results hold neither `investment` nor the text of a scenario (levelised)."""


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return plots.save_all(steel_results(), tmp_path_factory.mktemp("study") / "new" / "figures")


def test_every_figure_in_every_format(written: list[Path]) -> None:
    assert [p.name for p in written] == [f"{name}.{form}" for name in ALL for form in ("png", "svg")]
    assert all(p.stat().st_size > 10_000 for p in written)


def test_no_figure_stays_open(written: list[Path]) -> None:
    assert written
    assert not pyplot.get_fignums()


def test_the_same_results_give_the_same_bytes(written: list[Path], tmp_path: Path) -> None:
    again = plots.save_all(steel_results(), tmp_path)
    assert [p.read_bytes() for p in written] == [p.read_bytes() for p in again]


def test_a_figure_that_does_not_apply_is_left_out(tmp_path: Path) -> None:
    annual = plots.save_all(steel_results([2030], hours=False, drop=["shadow_price"]), tmp_path, formats=["svg"])
    assert [p.stem for p in annual] == [name for name in ALL if name not in ("dispatch", "prices", "exchange")]


def test_files_speak_the_language_asked_for(written: list[Path], tmp_path: Path) -> None:
    german = plots.save_all(steel_results(), tmp_path, formats=["svg"], language="de")
    assert [p.stem for p in german] == ALL
    assert spoken() == "en"
    english = {p.name: p for p in written}
    assert all(p.read_bytes() != english[p.name].read_bytes() for p in german)
