"""`transform-sim run` of several scenarios: none stops or hides another, and what is finished stays."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import transform_sim as ts
from tests.micro import ROOT
from transform_sim.cli import output
from transform_sim.cli.exits import OutputError
from transform_sim.cli.outcome import CODES
from transform_sim.sweeps import batch as solving
from transform_sim.sweeps.record import Ended

from .studies import BROKEN, GOOD, INFEASIBLE, SWEEP, call, leftovers, scenario

MINI = ROOT / "scenarios" / "mini"


def rows(out: Path) -> list[dict[str, str]]:
    """The lines of batch.csv."""
    with (out / "batch.csv").open(newline="") as file:
        return list(csv.DictReader(file))


def outcomes(out: Path) -> dict[str, str]:
    """How each scenario ended."""
    return {row["name"]: row["status"] for row in rows(out)}


@pytest.fixture
def mixed(tmp_path: Path) -> Path:
    """A folder with a broken, a good and an infeasible scenario, and files that are none."""
    folder = tmp_path / "mixed"
    folder.mkdir()
    scenario(folder, "a_broken.yaml", BROKEN)
    scenario(folder, "b_good.yaml")
    scenario(folder, "c_scarce.yaml", INFEASIBLE)
    scenario(folder, "d_also.yml")
    scenario(folder, "sweep.yaml", SWEEP)
    scenario(folder, "table.csv", "year,value\n2025,1\n")
    return folder


def test_failures_neither_stop_nor_hide_the_others(mixed: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    found = call("run", mixed, "--out", out, "--no-figures")
    assert found.exit_code == 1
    assert outcomes(out) == {
        "a_broken": "has problems", "b_good": "solved", "c_scarce": "no solution", "d_also": "solved",
    }  # fmt: skip
    assert "unknown key 'demnad'" in found.stderr
    assert "c_scarce has no solution" in found.stderr
    for word in ("a_broken", "has problems", "b_good", "c_scarce", "no solution"):
        assert word in found.stdout
    assert ts.open_results(out / "b_good" / "results.nc").objective == pytest.approx(1000)
    assert not leftovers(out)


def test_the_ledger_has_one_line_per_scenario_with_cost_and_reason(mixed: Path, tmp_path: Path) -> None:
    call("run", mixed, "--out", tmp_path / "out", "--no-figures")
    lines = (tmp_path / "out" / "batch.csv").read_text().splitlines()
    assert len(lines) == 1 + 4
    broken, good, *_ = rows(tmp_path / "out")
    assert (float(good["objective"]), good["unit"], good["message"]) == (1000.0, "EUR2020", "")
    assert (broken["objective"], broken["file"]) == ("", str(mixed / "a_broken.yaml"))
    assert "unknown key 'demnad'" in broken["message"]
    assert float(good["seconds"]) > 0


def test_what_is_no_scenario_is_left_out_with_a_word(mixed: Path, tmp_path: Path) -> None:
    found = call("run", mixed, "--out", tmp_path / "out", "--no-figures")
    assert "sweep.yaml is left out: it has none of extends, horizon, regions, commodities" in found.stderr
    assert "table.csv" not in found.output


def test_the_comparison_sets_the_solved_side_by_side(tmp_path: Path) -> None:
    path, out = scenario(tmp_path, "good.yaml"), tmp_path / "out"
    found = call("run", path, "--out", out, "--all-variants", "--no-figures")
    assert found.exit_code == 0
    table = pd.read_csv(out / "comparison.csv", index_col=[0, 1, 2, 3])
    cost = table.loc[[("cost", "present value", "all", "EUR2020")]]
    assert cost.iloc[0].to_dict() == {"good": 1000.0, "good-dear": 3000.0, "good-dear − good": 2000.0}
    shown = {line.split()[0]: line.split()[1:] for line in found.stdout.splitlines()[:3]}
    assert "Cost [EUR2020]" in found.stdout.splitlines()[0]
    assert shown["good"][:3] == ["solved", "1,000", "20.0"]  # EUR, t CO₂ a year
    assert shown["good-dear"][:4] == ["solved", "3,000", "2,000", "20.0"]


def test_money_is_counted_by_its_size(tmp_path: Path) -> None:
    path, out = scenario(tmp_path, "good.yaml", GOOD.replace("amount: 10", "amount: 20_000_000")), tmp_path / "out"
    found = call("run", path, "--out", out, "--all-variants", "--no-figures")
    assert "Cost [bn EUR2020]" in found.stdout.splitlines()[0]
    shown = {line.split()[0]: line.split()[1:] for line in found.stdout.splitlines()[:3]}
    assert shown["good"][:2] == ["solved", "2.00"]
    assert shown["good-dear"][:3] == ["solved", "6.00", "4.00"]
    assert "cost supply 2025 [bn EUR2020/a] 2.00 6.00" in " ".join(found.stdout.split())


def test_cost_over_other_years_is_not_called_a_change(tmp_path: Path) -> None:
    scenario(tmp_path, "a.yaml")
    scenario(tmp_path, "b.yaml", GOOD.replace("end: 2025", "end: 2026"))
    scenario(tmp_path, "c.yaml", GOOD.replace("price: 100", "price: 200"))
    found = call("run", *(tmp_path / f"{n}.yaml" for n in "abc"), "--out", tmp_path / "out", "--no-figures")
    shown = {line.split()[0]: " ".join(line.split()[1:-1]) for line in found.stdout.splitlines()[:4]}
    assert shown["a"] == "solved 1,000 20.0"
    assert shown["b"] == "solved 2,000 other years 20.0"
    assert shown["c"] == "solved 2,000 1,000 20.0"


def test_sectors_stand_side_by_side_for_a_few(tmp_path: Path) -> None:
    path = scenario(tmp_path, "good.yaml")
    found = call("run", path, "--out", tmp_path / "out", "--all-variants", "--no-figures")
    lines = [line.split() for line in found.stdout.splitlines()]
    assert ["By", "sector", "good", "good-dear"] in lines
    table = pd.read_csv(tmp_path / "out" / "comparison.csv", index_col=[0, 1, 2, 3])
    assert "annual_cost" in table.index.get_level_values("indicator")
    paid = table.loc["annual_cost"]["good-dear"].to_list()
    assert [line[-1] for line in lines if line[:1] == ["cost"]] == [f"{v:,.0f}" for v in paid]
    alone = call("run", path, "--out", tmp_path / "alone", "--no-figures")
    assert "By sector" not in alone.stdout


def test_money_of_different_years_is_not_compared_but_kept(tmp_path: Path) -> None:
    scenario(tmp_path, "a.yaml")
    scenario(tmp_path, "b.yaml", (tmp_path / "a.yaml").read_text().replace("name: a", "name: b\ncurrency: EUR2015"))
    found = call("run", tmp_path / "a.yaml", tmp_path / "b.yaml", "--out", tmp_path / "out", "--no-figures")
    assert found.exit_code == 0
    assert "There is no comparison: results are in EUR2015 and EUR2020" in found.stderr
    assert outcomes(tmp_path / "out") == {"a": "solved", "b": "solved"}
    assert not (tmp_path / "out" / "comparison.csv").exists()
    shown = {line.split()[0]: line.split()[1:-1] for line in found.stdout.splitlines()[:3]}
    assert shown["a"] == ["solved", "1,000", "EUR2020", "20.0"]
    assert shown["b"] == ["solved", "1,000", "EUR2015", "20.0"]


def test_variants_are_chosen_by_name(tmp_path: Path) -> None:
    path, out = scenario(tmp_path, "good.yaml"), tmp_path / "out"
    chosen = ("--variant", "dear", "--variant", "absent", "--variant", "dear")
    assert call("run", path, "--out", out, *chosen, "--no-figures").exit_code == 1
    assert outcomes(out) == {"good-dear": "solved", "good-absent": "has problems"}


def test_scenarios_of_one_name_get_folders_of_their_own(tmp_path: Path) -> None:
    for folder in ("one", "two", "three"):
        (tmp_path / folder).mkdir()
        scenario(tmp_path / folder, "same.yaml", name="Same" if folder == "two" else "same")
    found = call("run", *(tmp_path / f for f in ("one", "two", "three")), "--out", tmp_path / "out", "--no-figures")
    assert found.exit_code == 0
    assert list(outcomes(tmp_path / "out")) == ["same", "Same-2", "same-3"]
    assert len(list((tmp_path / "out").glob("*/results.nc"))) == 3


def test_a_file_named_twice_is_solved_once(tmp_path: Path) -> None:
    path = scenario(tmp_path, "good.yaml")
    call("run", path, tmp_path, path, "--out", tmp_path / "out", "--no-figures")
    assert len(rows(tmp_path / "out")) == 1


def test_a_missing_file_does_not_stop_the_others(tmp_path: Path) -> None:
    path, out = scenario(tmp_path, "good.yaml"), tmp_path / "out"
    assert call("run", tmp_path / "gone.yaml", path, "--out", out, "--no-figures").exit_code == 1
    assert outcomes(out) == {"gone": "file trouble", "good": "solved"}


def test_a_folder_without_scenarios_is_wrong_usage(tmp_path: Path) -> None:
    found = call("run", tmp_path, "--out", tmp_path / "out")
    assert found.exit_code == 2
    assert "there is no scenario in" in found.stderr


def test_all_variants_and_one_of_them_contradict_each_other(tmp_path: Path) -> None:
    found = call("run", scenario(tmp_path, "a.yaml"), "--out", tmp_path / "o", "--all-variants", "--variant", "dear")
    assert (found.exit_code, "leave out --variant" in found.stderr) == (2, True)


def test_resume_solves_only_what_is_missing(mixed: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    call("run", mixed, "--out", out, "--no-figures")
    scenario(mixed, "a_broken.yaml")
    assert call("run", mixed, "--out", out, "--no-figures", "--resume").exit_code == 1
    assert outcomes(out) == {"a_broken": "solved", "b_good": "kept", "c_scarce": "no solution", "d_also": "kept"}
    assert len(pd.read_csv(out / "comparison.csv").columns) == 4 + 3 + 2


def test_an_unexpected_error_is_kept_beside_its_scenario(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(study: ts.Scenario, **options: Any) -> Any:
        if study.name == "a":
            raise ZeroDivisionError("by zero")
        return ts.prepare(study, **options)

    monkeypatch.setattr(solving, "prepare", fail)
    files = [scenario(tmp_path, f"{name}.yaml") for name in "ab"]
    assert call("run", *files, "--out", tmp_path / "out", "--no-figures").exit_code == 1
    assert outcomes(tmp_path / "out") == {"a": "failed", "b": "solved"}
    assert "ZeroDivisionError" in (tmp_path / "out" / "a" / "error.txt").read_text()
    found = call("run", *files, "--out", tmp_path / "out", "--no-figures", "--resume", "--debug")
    assert isinstance(found.exception, ZeroDivisionError)
    monkeypatch.undo()
    assert call("run", *files, "--out", tmp_path / "out", "--no-figures", "--resume").exit_code == 0
    assert outcomes(tmp_path / "out") == {"a": "solved", "b": "kept"}


@pytest.mark.parametrize(("number", "ended"), [(28, ["solved", "file trouble", "waiting"]), (13, None)])
def test_a_full_disk_stops_the_batch_but_a_blocked_folder_does_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, ended: list[str] | None
) -> None:
    write = output.write

    def full(folder: Path, *arguments: Any) -> None:
        if folder.name == "b":
            raise OutputError(folder, OSError(number, "long story"))
        write(folder, *arguments)

    monkeypatch.setattr(output, "write", full)
    files, out = [scenario(tmp_path, f"{name}.yaml") for name in "abc"], tmp_path / "out"
    found = call("run", *files, "--out", out, "--no-figures")
    assert found.exit_code == (6 if ended else 1)
    assert [row["status"] for row in rows(out)] == (ended or ["solved", "file trouble", "solved"])
    assert (out / "a" / "results.nc").exists()
    words = "No space left on device. Make room" if ended else "Permission denied. Choose a place"
    assert f"{out / 'b'} cannot be written: {words}" in found.stderr
    assert ("1 of 3 are finished and kept" in found.stderr) == bool(ended)


def test_an_interrupt_keeps_what_is_finished(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write, files, out = output.write, [scenario(tmp_path, f"{name}.yaml") for name in "abc"], tmp_path / "out"

    def pressed(folder: Path, *arguments: Any) -> None:
        if folder.name == "b":
            raise KeyboardInterrupt
        write(folder, *arguments)

    monkeypatch.setattr(output, "write", pressed)
    found = call("run", *files, "--out", out, "--no-figures")
    assert found.exit_code == 130
    assert outcomes(out) == {"a": "solved", "b": "interrupted", "c": "waiting"}
    assert "1 of 3 are finished and kept. The same command with --resume goes on" in found.stderr
    monkeypatch.undo()
    assert call("run", *files, "--out", out, "--no-figures", "--resume").exit_code == 0
    assert outcomes(out) == {"a": "kept", "b": "solved", "c": "solved"}


def timeless(out: Path) -> list[dict[str, str]]:
    """The lines of batch.csv but for the time taken."""
    return [{name: cell for name, cell in row.items() if name != "seconds"} for row in rows(out)]


def chunks(out: Path) -> dict[str, bytes]:
    """What the store of a batch holds."""
    return {file.name: file.read_bytes() for file in (out / "batch" / "chunks").iterdir()}


def test_two_workers_tell_and_keep_the_same_as_one(mixed: Path, tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    first = call("run", mixed, "--out", one, "--no-figures")
    second = call("run", mixed, "--out", two, "--no-figures", "--workers", 2)
    assert first.exit_code == second.exit_code == 1
    assert timeless(one) == timeless(two)
    assert chunks(one) == chunks(two)
    for words in ("unknown key 'demnad'", "c_scarce has no solution", "b_good.yaml: solved in"):
        assert words in first.stderr
        assert words in second.stderr
    assert (one / "comparison.csv").read_bytes() == (two / "comparison.csv").read_bytes()
    for name in ("files.txt", "summary.txt", "scenario.yaml"):
        assert (two / "b_good" / name).exists()


def test_python_opens_what_the_command_line_has_solved(mixed: Path, tmp_path: Path) -> None:
    call("run", mixed, "--out", tmp_path / "out", "--no-figures")
    opened = ts.open_sweep(tmp_path / "out")
    assert opened.cases["status"].tolist() == ["refused", "optimal", "infeasible", "optimal"]
    assert float(opened.objective.sel(scenario="b_good")) == pytest.approx(1000)
    message = rows(tmp_path / "out")[2]["message"]
    assert " ".join(opened.failed().set_index("scenario")["message"]["c_scarce"].split()) == message


def test_resume_keeps_what_another_batch_has_of_the_same(tmp_path: Path) -> None:
    files, out = [scenario(tmp_path, f"{name}.yaml") for name in "abcd"], tmp_path / "out"
    assert call("run", *files[:3], "--out", out, "--no-figures").exit_code == 0
    files[1].write_text(files[1].read_text().replace("price: 100,", "price: 150,"))
    again = [files[3], files[2], files[1]]
    assert call("run", *again, "--out", out, "--no-figures", "--resume").exit_code == 0
    assert outcomes(out) == {"d": "solved", "c": "kept", "b": "solved"}
    fresh = call("run", *again, "--out", tmp_path / "fresh", "--no-figures")
    assert fresh.exit_code == 0
    assert chunks(out) == chunks(tmp_path / "fresh")


def test_without_resume_everything_is_solved_anew(tmp_path: Path) -> None:
    files, out = [scenario(tmp_path, f"{name}.yaml") for name in "abc"], tmp_path / "out"
    call("run", *files, "--out", out, "--no-figures")
    call("run", *files[:2], "--out", out, "--no-figures")
    assert outcomes(out) == {"a": "solved", "b": "solved"}
    assert sorted(chunks(out)) == ["00000.npz", "00001.npz"]


def test_what_was_not_drawn_is_drawn_when_resumed(tmp_path: Path) -> None:
    files, out = [scenario(tmp_path, f"{name}.yaml") for name in "ab"], tmp_path / "out"
    call("run", *files, "--out", out, "--no-figures")
    assert call("run", *files, "--out", out, "--resume").exit_code == 0
    assert outcomes(out) == {"a": "kept", "b": "kept"}
    assert (out / "a" / "report.html").exists()
    assert (out / "b" / "report.html").exists()


def test_a_limit_of_time_is_not_kept(tmp_path: Path) -> None:
    files, out = [MINI / "two_routes.yaml", MINI / "retrofit_midway.yaml"], tmp_path / "out"
    assert call("run", *files, "--out", out, "--no-figures", "--time-limit", 0).exit_code == 1
    assert set(outcomes(out).values()) == {"not proved"}
    assert call("run", *files, "--out", out, "--no-figures", "--resume").exit_code == 0


def test_many_scenarios_tell_how_far_they_are_and_few_their_steps(tmp_path: Path) -> None:
    files = [scenario(tmp_path, f"{name}.yaml") for name in "abcdef"]
    many = call("run", *files, "--out", tmp_path / "many", "--no-figures")
    assert "6 of 6 scenarios, 6 solved, 0 failed, " in many.stderr
    few = call("run", *files[:2], "--out", tmp_path / "few", "--no-figures")
    assert f"2/2 {files[1]}: solve\n" in few.stderr
    assert "scenarios, " not in few.stderr
    quiet = call("run", *files, "--out", tmp_path / "quiet", "--no-figures", "--quiet", "--workers", 2)
    assert (quiet.exit_code, quiet.output) == (0, "")


def test_every_way_to_end_has_a_code() -> None:
    assert set(CODES) == set(Ended) - {Ended.OPTIMAL, Ended.WAITING}
