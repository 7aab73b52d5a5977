"""The command line in a process of its own: Ctrl-C, places that cannot be written, a disk that is full."""

from __future__ import annotations

import csv
import signal
import subprocess
import sys
from pathlib import Path

import pytest

import transform_sim as ts

from .studies import call, leftovers, scenario, start

resource = pytest.importorskip("resource", reason="needs a system with signals and limits")


def test_ctrl_c_in_a_batch_keeps_what_is_finished_and_resume_goes_on(tmp_path: Path) -> None:
    files, out = [scenario(tmp_path, f"s{n:02}.yaml") for n in range(25)], tmp_path / "out"
    process = start("run", *files, "--out", out, "--no-figures")
    assert process.stderr is not None
    heard = ""
    for line in process.stderr:
        heard += line
        if "s01.yaml: solved in" in line:
            process.send_signal(signal.SIGINT)
        if "Interrupted" in line:
            process.send_signal(signal.SIGINT)  # an impatient user
    process.communicate()
    assert process.returncode == 130, heard
    assert "Traceback" not in heard
    with (out / "batch.csv").open(newline="") as file:
        ended = [row["status"] for row in csv.DictReader(file)]
    solved = ended.count("solved")
    assert 2 <= solved < 25
    assert ended[:solved] == ["solved"] * solved
    assert set(ended[solved:]) <= {"interrupted", "waiting"}
    assert f"{solved} of 25 are finished and kept" in heard
    assert not leftovers(out)
    assert all(ts.open_results(path).objective == pytest.approx(1000) for path in out.glob("*/results.nc"))

    assert call("run", *files[: solved + 1], "--out", out, "--no-figures", "--resume").exit_code == 0
    with (out / "batch.csv").open(newline="") as file:
        assert [row["status"] for row in csv.DictReader(file)] == ["kept"] * solved + ["solved"]


def test_a_batch_killed_at_work_goes_on_where_it_was(tmp_path: Path) -> None:
    files, out = [scenario(tmp_path, f"s{n:02}.yaml") for n in range(12)], tmp_path / "out"
    process = start("run", *files, "--out", out, "--no-figures", "--workers", 2)
    assert process.stderr is not None
    for line in process.stderr:
        if "s02.yaml: solved in" in line:
            process.kill()
            break
    process.communicate()  # to the end of what its workers may say: they leave with it
    assert len(list((out / "batch" / "chunks").iterdir())) < 12
    assert call("run", *files, "--out", out, "--no-figures", "--resume").exit_code == 0
    with (out / "batch.csv").open(newline="") as file:
        ended = {row["name"]: row["status"] for row in csv.DictReader(file)}
    assert list(ended) == [path.stem for path in files]
    assert ended["s02"] == "kept"
    assert set(ended.values()) == {"kept", "solved"}
    assert not leftovers(out)
    assert call("run", *files, "--out", tmp_path / "whole", "--no-figures").exit_code == 0
    stored = [{f.name: f.read_bytes() for f in (o / "batch" / "chunks").iterdir()} for o in (out, tmp_path / "whole")]
    assert stored[0] == stored[1]


@pytest.mark.parametrize("place", ["file", "file/out", "/dev/null/out"])
def test_a_place_that_cannot_be_written_is_told_before_anything_is_solved(tmp_path: Path, place: str) -> None:
    (tmp_path / "file").touch()
    process = start("run", scenario(tmp_path, "good.yaml"), "--out", tmp_path / place)
    stdout, stderr = process.communicate()
    assert (process.returncode, stdout) == (6, "")
    assert f"{tmp_path / place} cannot be written: " in stderr
    assert "solve" not in stderr
    assert stderr.count("\n") == 1


def test_a_disk_that_fills_up_leaves_earlier_results_whole(tmp_path: Path) -> None:
    path, out = scenario(tmp_path, "good.yaml"), tmp_path / "out"
    assert call("run", path, "--out", out, "--no-figures").exit_code == 0
    process = start(
        "run", path, "--variant", "dear", "--out", out, "--no-figures",
        before=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (8_000, 8_000)),
    )  # fmt: skip
    _, stderr = process.communicate()
    assert process.returncode == 6, stderr
    assert f"{out} cannot be written: File too large" in stderr
    assert ts.open_results(out / "results.nc").objective == pytest.approx(1000)
    assert not leftovers(out)


def test_a_closed_pipe_is_no_error_to_tell() -> None:
    process = start("schema")
    assert process.stdout is not None
    process.stdout.read(1)
    process.stdout.close()
    process.stdout = None
    assert process.communicate()[1] == ""


def test_the_command_is_installed() -> None:
    command = Path(sys.executable).parent / "transform-sim"
    if not command.exists():
        pytest.skip("the package is not installed in this environment")
    found = subprocess.run([command, "--version"], capture_output=True, text=True, check=True)
    assert found.stdout == f"transform-sim {ts.__version__}\n"
