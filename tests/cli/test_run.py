"""`transform-sim run` of one scenario: what it writes, what it says, how it ends."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import transform_sim as ts
from transform_sim.cli import run as run_module
from transform_sim.errors import CertificateError, TimeLimitError

from .studies import BROKEN, INFEASIBLE, call, leftovers, scenario


def test_writes_results_tables_figures_summary_and_scenario(tmp_path: Path) -> None:
    out = tmp_path / "new" / "out"
    found = call("run", scenario(tmp_path, "good.yaml"), "--out", out)
    assert found.exit_code == 0, found.stderr
    assert ts.open_results(out / "results.nc").objective == pytest.approx(1000)
    purchase = pd.read_csv(out / "tables" / "purchase.csv")
    assert (purchase["value"].tolist(), purchase["unit"].tolist()) == ([10.0], ["t/a"])
    assert {p.suffix for p in (out / "figures").iterdir()} == {".png", ".svg"}
    assert ts.load(out / "scenario.yaml").hash == ts.load(tmp_path / "good.yaml").hash
    assert not leftovers(out)


def test_the_summary_has_outcome_certificate_and_the_command_that_repeats_it(tmp_path: Path) -> None:
    path, out = scenario(tmp_path, "good.yaml"), tmp_path / "out"
    call("run", path, "--out", out, "--variant", "dear", "--time-limit", "60", "--no-figures")
    text = (out / "summary.txt").read_text()
    assert "Results of good-dear" in text
    assert "proved optimal" in text
    assert "objective 3000 EUR2020" in text
    assert f"transform-sim run {path} --variant dear --time-limit 60.0 --out {out}" in text
    assert ts.load(path, "dear").hash in text


def test_says_its_steps_on_one_stream_and_the_outcome_on_the_other(tmp_path: Path) -> None:
    found = call("run", scenario(tmp_path, "good.yaml"), "--out", tmp_path / "out", "--no-figures")
    assert [line.rsplit(" ", 1)[-1] for line in found.stderr.splitlines()[:4]] == ["load", "build", "solve", "write"]
    assert "Results of good" in found.stdout
    assert "tables/" in found.stdout


def test_quiet_says_nothing_when_all_is_well(tmp_path: Path) -> None:
    found = call("run", scenario(tmp_path, "good.yaml"), "--out", tmp_path / "out", "--no-figures", "--quiet")
    assert (found.exit_code, found.output) == (0, "")


def test_both_solvers_find_the_same(tmp_path: Path) -> None:
    path = scenario(tmp_path, "good.yaml")
    for solver in ("highs", "pyomo"):
        assert call("run", path, "--out", tmp_path / solver, "--solver", solver, "--no-figures").exit_code == 0
        assert ts.open_results(tmp_path / solver / "results.nc").objective == pytest.approx(1000)
        assert ("--solver pyomo" in (tmp_path / solver / "summary.txt").read_text()) == (solver == "pyomo")


def test_a_new_run_replaces_what_the_old_one_wrote_and_nothing_else(tmp_path: Path) -> None:
    path, out = scenario(tmp_path, "good.yaml"), tmp_path / "out"
    call("run", path, "--out", out)
    (out / "tables" / "mine.csv").write_text("mine")
    (out / "tables" / "stale.csv").write_text("of the run before")
    with (out / "files.txt").open("a") as names:
        names.write("tables/stale.csv\n")
    assert call("run", path, "--out", out, "--variant", "dear", "--no-figures").exit_code == 0
    assert ts.open_results(out / "results.nc").objective == pytest.approx(3000)
    assert not (out / "figures").exists()
    assert not (out / "tables" / "stale.csv").exists()
    assert (out / "tables" / "mine.csv").read_text() == "mine"


def test_never_writes_over_the_users_own_files(tmp_path: Path) -> None:
    path = scenario(tmp_path, "scenario.yaml")
    before = path.read_text()
    found = call("run", path, "--out", tmp_path)
    assert found.exit_code == 6
    assert f"{path} is there already" in found.stderr
    assert "Choose another folder" in found.stderr
    assert path.read_text() == before


def test_a_forged_list_of_files_deletes_nothing_outside_the_folder(tmp_path: Path) -> None:
    path, out = scenario(tmp_path, "good.yaml"), tmp_path / "out"
    call("run", path, "--out", out, "--no-figures")
    with (out / "files.txt").open("a") as names:
        names.write(f"../good.yaml\n{path}\n")
    assert call("run", path, "--out", out, "--no-figures").exit_code == 0
    assert path.exists()


def test_resume_keeps_what_is_finished_until_the_scenario_changes(tmp_path: Path) -> None:
    path, out = scenario(tmp_path, "good.yaml"), tmp_path / "out"
    again = ("run", path, "--out", out, "--resume", "--no-figures")
    assert call(*again).exit_code == 0
    written = (out / "results.nc").stat().st_mtime_ns
    found = call(*again)
    assert "holds its results already" in found.stderr
    assert (out / "results.nc").stat().st_mtime_ns == written
    path.write_text(path.read_text().replace("price: 100", "price: 150"))
    assert call(*again).exit_code == 0
    assert ts.open_results(out / "results.nc").objective == pytest.approx(1500)


@pytest.mark.parametrize("spoil", ["versions", "bytes"])
def test_resume_solves_again_what_other_versions_wrote_or_nobody_can_read(tmp_path: Path, spoil: str) -> None:
    path, out = scenario(tmp_path, "good.yaml"), tmp_path / "out"
    call("run", path, "--out", out, "--no-figures")
    if spoil == "versions":
        results = ts.open_results(out / "results.nc")
        results.data.attrs["versions"] = '{"numpy": "0.1"}'
        results.save(out / "results.nc")
    else:
        (out / "results.nc").write_bytes((out / "results.nc").read_bytes()[:3000])
    found = call("run", path, "--out", out, "--no-figures", "--resume")
    assert (found.exit_code, "solved in" in found.stderr) == (0, True)
    assert ts.open_results(out / "results.nc").objective == pytest.approx(1000)


def test_problems_come_with_file_and_line_and_code_3(tmp_path: Path) -> None:
    found = call("run", scenario(tmp_path, "broken.yaml", BROKEN), "--out", tmp_path / "out")
    assert found.exit_code == 3
    assert "unknown key 'demnad'. Did you mean 'demand'?" in found.stderr
    assert ":6" in found.stderr
    assert found.stdout == ""


def test_an_unknown_variant_is_a_problem_of_the_scenario(tmp_path: Path) -> None:
    found = call("run", scenario(tmp_path, "good.yaml"), "--out", tmp_path / "out", "--variant", "deer")
    assert found.exit_code == 3
    assert "there is no variant 'deer'. Did you mean 'dear'?" in found.stderr


def test_no_solution_is_code_4_with_its_reason(tmp_path: Path) -> None:
    found = call("run", scenario(tmp_path, "scarce.yaml", INFEASIBLE), "--out", tmp_path / "out")
    assert found.exit_code == 4
    assert "scarce has no solution" in found.stderr
    assert not (tmp_path / "out" / "results.nc").exists()


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (TimeLimitError("the limit of 60 s was reached; the optimum is at least 12"), 5),
        (CertificateError("the solution proves nothing: balance[steel, ruhr, 2025] is off by 3"), 5),
        (KeyboardInterrupt(), 130),
    ],
)
def test_what_stops_a_solve_is_told_in_its_own_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException, code: int
) -> None:
    monkeypatch.setattr(run_module, "prepare", _raising(error))
    found = call("run", scenario(tmp_path, "good.yaml"), "--out", tmp_path / "out")
    assert found.exit_code == code
    assert (str(error) or "Interrupted.") in found.stderr
    assert "Traceback" not in found.output


def test_an_unexpected_error_is_one_sentence_and_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_module, "prepare", _raising(ZeroDivisionError("division\nby zero")))
    path, out = scenario(tmp_path, "good.yaml"), tmp_path / "out"
    found = call("run", path, "--out", out)
    assert found.exit_code == 70
    assert "an unexpected error, ZeroDivisionError: division by zero" in found.stderr
    assert f"The traceback is in {out / 'error.txt'}" in found.stderr
    assert "Traceback (most recent call last)" in (out / "error.txt").read_text()
    monkeypatch.undo()
    assert call("run", path, "--out", out, "--no-figures").exit_code == 0
    assert not (out / "error.txt").exists()


def test_debug_shows_an_unexpected_error_in_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_module, "prepare", _raising(ZeroDivisionError("by zero")))
    found = call("run", scenario(tmp_path, "good.yaml"), "--out", tmp_path / "out", "--debug")
    assert isinstance(found.exception, ZeroDivisionError)


def test_results_outlive_a_figure_that_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("transform_sim.reports.report", _raising(ValueError("no ink")))
    out = tmp_path / "out"
    assert call("run", scenario(tmp_path, "good.yaml"), "--out", out).exit_code == 70
    assert ts.open_results(out / "results.nc").objective == pytest.approx(1000)


def test_reads_outside_its_folder_only_with_root(tmp_path: Path) -> None:
    study = tmp_path / "study"
    study.mkdir()
    scenario(tmp_path, "base.yaml")
    path = scenario(study, "deep.yaml", "extends: ../base.yaml\nname: deep\n")
    refused = call("run", path, "--out", tmp_path / "out")
    assert (refused.exit_code, "outside the study folder" in refused.stderr) == (3, True)
    assert call("run", path, "--out", tmp_path / "out", "--root", tmp_path, "--no-figures").exit_code == 0


def _raising(error: BaseException) -> Any:
    def fail(*_: object, **__: object) -> None:
        raise error

    return fail


def test_a_study_stopped_while_it_drew_is_drawn_when_resumed(tmp_path: Path) -> None:
    out, path = tmp_path / "out", scenario(tmp_path, "good.yaml")
    assert call("run", path, "--out", out, "--no-figures").exit_code == 0
    assert not (out / "report.html").exists()
    assert call("run", path, "--out", out, "--resume").exit_code == 0
    assert (out / "report.html").exists()
