"""`transform-sim sweep`: plan, run, go on, and what it says when something is wrong."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import transform_sim as ts
from tests.cli.studies import call, scenario, start
from transform_sim.sweeps.opened import open_sweep

SWEEP = """\
name: prices
scenario: good.yaml
axes:
  price: {set: supply.steel.price, values: [100, 200, 300]}
  amount: {set: demand.steel.amount, values: [10, 20]}
"""


def sweep_file(folder: Path, text: str = SWEEP) -> Path:
    """A sweep file beside the scenario that it varies."""
    scenario(folder, "good.yaml")
    (folder / "sweep.yaml").write_text(text, encoding="utf-8")
    return folder / "sweep.yaml"


def test_all_cases_are_solved_and_kept(tmp_path: Path) -> None:
    out = tmp_path / "out"
    found = call("sweep", sweep_file(tmp_path), "--out", out)
    assert found.exit_code == 0, found.output
    assert "6 of 6 cases, 6 certified" in found.stderr
    assert "6: 6 optimal" in found.stdout
    opened = open_sweep(out)
    assert opened.objective.sel(price=200, amount=20).item() == pytest.approx(4000)
    assert opened.purchase.sel(price=300, amount=10).values.ravel().tolist() == [10]


def test_the_plan_alone_solves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = sweep_file(tmp_path)
    monkeypatch.chdir(tmp_path)
    found = call("sweep", path, "--plan")
    assert found.exit_code == 0
    assert "6 cases" in found.stdout
    assert not (tmp_path / "sweep").exists()


def test_without_a_folder_it_is_called_like_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = sweep_file(tmp_path)
    monkeypatch.chdir(tmp_path)
    assert call("sweep", path, "--quiet").output == ""
    assert ts.open_sweep(tmp_path / "sweep").complete


def test_another_sweep_in_the_folder_is_refused(tmp_path: Path) -> None:
    path, out = sweep_file(tmp_path), tmp_path / "out"
    assert call("sweep", path, "--out", out).exit_code == 0
    sweep_file(tmp_path, SWEEP.replace("300", "400"))
    found = call("sweep", path, "--out", out)
    assert found.exit_code == 6
    assert "holds another sweep: other axes: price" in found.stderr
    assert open_sweep(out).data["price"].values.tolist() == [100, 200, 300]


def test_cases_without_solution_are_told_and_are_no_fault(tmp_path: Path) -> None:
    text = SWEEP.replace("amount: {set: demand.steel.amount", "most: {set: supply.steel.volume_max")
    found = call("sweep", sweep_file(tmp_path, text.replace("[10, 20]", "[4, 20]")), "--out", tmp_path / "out")
    assert found.exit_code == 0, found.output
    assert "case 0 (price 100.0, most 4.0): infeasible. It would have one if these gave" in found.stderr
    assert "3 infeasible, 3 optimal" in found.stdout


def test_a_mistake_in_the_file_is_told_with_its_line(tmp_path: Path) -> None:
    found = call("sweep", sweep_file(tmp_path, SWEEP.replace("values: [100", "valeus: [100")), "--out", tmp_path / "o")
    assert found.exit_code == 3
    assert "sweep.yaml" in found.stderr
    assert ":4" in found.stderr
    assert "Did you mean 'values'" in found.stderr
    assert not (tmp_path / "o").exists()


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("set: supply.steel.price, values", "scale: supply.iron.price, values", "supply.iron.price"),
        ("axes:", "keep: [emision]\naxes:", "nothing called 'emision' to keep"),
    ],
)
def test_what_the_scenario_does_not_have_is_told(tmp_path: Path, old: str, new: str, told: str) -> None:
    found = call("sweep", sweep_file(tmp_path, SWEEP.replace(old, new)), "--out", tmp_path / "o")
    assert (found.exit_code, told in found.stderr) == (3, True), found.stderr


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    found = call("sweep", sweep_file(tmp_path), "--out", tmp_path / "file" / "out")
    assert found.exit_code == 6
    assert "file/out cannot be written" in found.stderr
    assert "Traceback" not in found.output


def test_a_disk_that_fills_up_keeps_what_is_finished(tmp_path: Path) -> None:
    resource = pytest.importorskip("resource", reason="needs a system with limits")
    path, out = sweep_file(tmp_path), tmp_path / "out"
    process = start(
        "sweep", path, "--out", out, before=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (3_000, 3_000))
    )
    _, said = process.communicate()
    assert process.returncode == 6, said
    assert f"{out} cannot be written: File too large" in said
    assert call("sweep", path, "--out", out).exit_code == 0
    assert open_sweep(out).complete


def test_the_names_of_the_package_come_in_any_order() -> None:
    code = "import transform_sim as ts; ts.open_sweep; print(ts.sweep.__name__, callable(ts.sweep))"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout == "sweep True\n"
