"""`transform-sim sweep`: plan, run, go on, and what it says when something is wrong."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Executor, Future
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest
from typer.testing import Result

import transform_sim as ts
from tests.cli.studies import call, scenario, start
from transform_sim.cli.exits import Code
from transform_sim.errors import ScenarioError
from transform_sim.sweeps import cluster
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
    assert "1000 … 6000 EUR2020" in found.stdout
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


@pytest.mark.parametrize("plan", [(), ("--plan",)])
def test_a_scenario_is_pointed_to_the_command_that_solves_it(tmp_path: Path, plan: tuple[str, ...]) -> None:
    path = scenario(tmp_path, "good.yaml")
    found = call("sweep", path, "--out", tmp_path / "out", *plan)
    assert found.exit_code == Code.USAGE
    assert f"good.yaml is a scenario and no sweep of one. Solve it with: transform-sim run {path}" in words(found)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("command", ["run", "check"])
def test_a_sweep_is_pointed_to_the_command_that_solves_its_cases(tmp_path: Path, command: str) -> None:
    path = sweep_file(tmp_path)
    options = ("--out", tmp_path / "out") if command == "run" else ()
    for paths in ([path], [tmp_path / "good.yaml", path]):
        found = call(command, *paths, *options)
        assert found.exit_code == Code.USAGE
        assert f"sweep.yaml is a sweep of a scenario. Solve its cases with: transform-sim sweep {path}" in words(found)
    assert not (tmp_path / "out").exists()


def words(found: Result) -> str:
    """What was told, out of the box in which usage errors stand."""
    return " ".join(found.stderr.replace("│", " ").split())


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
    ("change", "told"),
    [
        (("[100, 200, 300]", "[100 EUR/MWh, 200 EUR/MWh]"), ":4  axes.price: supply.steel.price: the unit"),
        (("demand.steel.amount", "demand.steel.amont"), ":5  axes.amount: demand.steel: unknown key 'amont'"),
        (("demand.steel.amount", "demnd.steel"), ":5  axes.amount: unknown key 'demnd'"),
    ],
)
def test_what_an_axis_brings_in_is_told_at_its_line(tmp_path: Path, change: tuple[str, str], told: str) -> None:
    found = call("sweep", sweep_file(tmp_path, SWEEP.replace(*change)), "--plan")
    assert found.exit_code == 3
    assert told in found.stderr
    assert "sweep.yaml: 1 problem" in found.stderr
    assert "good.yaml" not in found.stderr


def test_what_an_axis_brings_in_is_told_of_the_axes_in_python(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match=r"<axes>: 1 problem\n  axes.price: supply.steel.price: the unit"):
        ts.sweep(
            scenario(tmp_path, "good.yaml"),
            {"price": {"set": "supply.steel.price", "values": ["5 EUR/MWh"]}},
            out=tmp_path / "out",
        )


def test_cases_that_the_scenario_refuses_are_told_even_when_quiet(tmp_path: Path) -> None:
    path = sweep_file(tmp_path, SWEEP.replace("[10, 20]", "[-10, 20]"))
    found = call("sweep", path, "--out", tmp_path / "out", "--quiet")
    assert (found.exit_code, found.stdout) == (Code.PART_FAILED, "")
    assert "case 0 (price 100.0, amount -10.0): refused." in found.stderr


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


class Brief(Executor):
    """Solves one chunk; then its workers are gone."""

    def __init__(self) -> None:
        self.left = 1

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        if not self.left:
            raise BrokenExecutor("the scheduler at alpha has closed")
        self.left -= 1
        future: Future[Any] = Future()
        future.set_result(fn(*args, **kwargs))
        return future


def test_workers_that_go_away_are_told_and_what_is_finished_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, out = sweep_file(tmp_path, SWEEP.replace("[100, 200, 300]", f"{list(range(100, 300))}")), tmp_path / "out"
    monkeypatch.setattr(cluster, "connected", lambda scheduler: nullcontext(Brief()))
    found = call("sweep", path, "--out", out, "--scheduler", "tcp://alpha:8786")
    assert found.exit_code == Code.WORKERS, found.output
    assert "the workers are gone: the scheduler at alpha has closed. What is finished is kept" in found.stderr
    assert "(1 of " in found.stderr
    assert "Traceback" not in found.output
    assert not (out / "error.txt").exists()
    assert (open_sweep(out).cases["status"] == "optimal").any()
    assert call("sweep", path, "--out", out).exit_code == 0
    assert open_sweep(out).complete


def test_a_cluster_that_cannot_be_reached_has_the_same_code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody(scheduler: str) -> Any:
        raise cluster.ClusterError(f"no Dask scheduler answers at {scheduler}")

    monkeypatch.setattr(cluster, "connected", nobody)
    found = call("sweep", sweep_file(tmp_path), "--out", tmp_path / "out", "--scheduler", "tcp://alpha:1")
    assert (found.exit_code, "answers at tcp://alpha:1" in found.stderr) == (Code.WORKERS, True), found.output


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"values: [100, 200, 300]": "values: "}, "values are missing"),
        ({"supply.steel.price": "supply.steel.prize"}, "Did you mean 'price'"),
        ({"supply.steel.price": "suply.steel.price"}, "Did you mean 'supply'"),
        ({"set: supply.steel.price": "set: "}, "give either set"),
        ({"[100, 200, 300]": "[100, 2 apples]"}, "apples"),
        ({"[100, 200, 300]": f"[{', '.join(map(str, range(4000)))}]", "[10, 20]": f"{list(range(1, 3000))}"},
         "the grid has 11,996,000 cases; at most 1,000,000 are planned"),
        ({"axes:": "design: {cases: none.csv}\naxes:"}, "there is no file 'none.csv'"),
        ({"axes:": "design: {cases: bytes.csv}\naxes:"}, "'bytes.csv' is not UTF-8 text"),
        ({"axes:": "design: {cases: quote.csv}\naxes:"}, "'quote.csv'"),
        ({"axes:": "design: {cases: empty.csv}\naxes:"}, "'empty.csv' has no rows"),
        ({"axes:": "design: {cases: half.csv}\naxes:"}, "'half.csv' has no column 'amount': that axis"),
        ({"axes:": "design: {cases: .}\naxes:"}, "'.' is a folder"),
        ({"axes:": "variant: deer\naxes:"}, "deer"),
    ],
)  # fmt: skip
def test_slips_of_users_are_told_and_nothing_is_written(tmp_path: Path, change: dict[str, str], told: str) -> None:
    text = SWEEP
    for old, new in change.items():
        text = text.replace(old, new)
    path = sweep_file(tmp_path, text)
    (tmp_path / "bytes.csv").write_bytes(b"price,amount\n\xff\xfe,1\n")
    (tmp_path / "quote.csv").write_text('price,amount\n"100,10\n', encoding="utf-8")
    (tmp_path / "empty.csv").write_text("price,amount\n", encoding="utf-8")
    (tmp_path / "half.csv").write_text("price\n100\n", encoding="utf-8")
    found = call("sweep", path, "--out", tmp_path / "out")
    assert (found.exit_code, told in found.stderr) == (Code.SCENARIO, True), found.output
    assert "sweep.yaml" in found.stderr
    assert not (tmp_path / "out").exists()


def test_one_case_is_a_sweep(tmp_path: Path) -> None:
    text = SWEEP.replace("[100, 200, 300]", "[100]").replace("[10, 20]", "[10]")
    assert call("sweep", sweep_file(tmp_path, text), "--out", tmp_path / "out").exit_code == 0
    opened = open_sweep(tmp_path / "out")
    assert (len(opened.cases), opened.complete) == (1, True)


def test_the_names_of_the_package_come_in_any_order() -> None:
    code = "import transform_sim as ts; ts.open_sweep; print(ts.sweep.__name__, callable(ts.sweep))"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout == "sweep True\n"
