"""The command line as a whole: help, version, options, exit codes, speed of its start."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import get_args

import pytest

import transform_sim as ts
from transform_sim import errors
from transform_sim.cli.exits import MEANING, Code, OutputError, code_of, failure
from transform_sim.cli.options import Method
from transform_sim.scenario import Problem
from transform_sim.solvers import highs

from .studies import call, scenario, start

COMMANDS = ("run", "sweep", "check", "schema", "export", "catalogue", "new", "show", "report")


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_examples(command: str) -> None:
    found = call(command, "--help")
    assert found.exit_code == 0
    assert f"Examples:\n    transform-sim {command} " in found.stdout


def test_the_help_lists_commands_and_exit_codes() -> None:
    text = call("--help").stdout
    listed = [line.split()[0] for line in text.split("Commands:\n")[1].splitlines() if line[2:3].strip()]
    assert tuple(listed[: len(COMMANDS)]) == COMMANDS
    for code, meaning in MEANING.items():
        assert f"{code.value:>3}  {meaning}" in text
    assert set(MEANING) == set(Code)
    assert "..." not in text.split("Commands:")[1]  # no meaning is cut off
    assert "--install-completion" in text


def test_the_version() -> None:
    assert call("--version").stdout == f"transform-sim {ts.__version__}\n"


def test_methods_are_those_of_the_library() -> None:
    assert {m.value for m in Method} == set(get_args(highs.Method))


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["run", "x.yaml"], "Missing option '--out'"),
        (["run", "--out", "o"], "Missing argument 'PATH'"),
        (["run", "x.yaml", "--out", "o", "--method", "magic"], "'magic'"),
        (["run", "x.yaml", "--out", "o", "--solver", "pyomo:"], "'pyomo:' is none of highs, pyomo, pyomo:NAME"),
        (["run", "x.yaml", "--out", "o", "--solver", "pyomo", "--method", "ipx"], "leave it out with --solver pyomo"),
        (["run", "x.yaml", "--out", "o", "--threads", "0"], "Invalid value for '--threads'"),
        (["rnu"], "No such command 'rnu'"),
    ],
)
def test_wrong_usage_is_code_2(words: list[str], told: str) -> None:
    found = call(*words)
    assert (found.exit_code, told in found.stderr) == (2, True), found.stderr


MISSING = Problem("missing-file", "x.yaml", 0, "", "'x.yaml' does not exist")
BASE_MISSING = Problem("missing-file", "x.yaml", 3, "extends", "there is no file 'y.yaml' in the study folder")


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (errors.ScenarioError("x"), Code.SCENARIO),
        (errors.ScenarioError("x", [MISSING]), Code.FILES),
        (errors.ScenarioError("x", [BASE_MISSING]), Code.SCENARIO),
        (errors.MissingExtraError("x"), Code.SCENARIO),
        (errors.InfeasibleError("x"), Code.NO_SOLUTION),
        (errors.UnboundedError("x"), Code.NO_SOLUTION),
        (errors.TimeLimitError("x"), Code.NOT_PROVED),
        (errors.CertificateError("x"), Code.NOT_PROVED),
        (errors.SolveError("x"), Code.NOT_PROVED),
        (PermissionError(13, "Permission denied", "x"), Code.FILES),
        (OutputError(Path("x"), OSError(28, "x")), Code.FILES),
        (KeyboardInterrupt(), Code.INTERRUPTED),
        (errors.ModelError("x"), Code.INTERNAL),
        (MemoryError(), Code.INTERNAL),
        (KeyError("x"), Code.INTERNAL),
    ],
)
def test_the_exit_code_of_every_error(error: BaseException, code: Code) -> None:
    assert code_of(error) == code


def test_errors_of_the_system_name_the_file() -> None:
    assert failure(PermissionError(13, "anything", "x.yaml")).text == "x.yaml: Permission denied"
    assert "not enough memory" in failure(MemoryError()).text


def test_a_traceback_finds_a_place_when_the_folder_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    text = failure(ZeroDivisionError("by zero"), tmp_path / "file" / "out").text
    kept = Path(text.rsplit(" ", 1)[-1])
    assert kept.name == "error.txt"
    assert "by zero" in kept.read_text()
    kept.unlink()
    kept.parent.rmdir()


def test_help_and_wrong_usage_load_nothing_heavy() -> None:
    code = (
        "import sys\nfrom transform_sim.cli import main\nsys.argv = ['transform-sim', 'run', '--help']\n"
        "try: main()\nexcept SystemExit: pass\n"
        "print([m for m in ('numpy', 'ruamel', 'pandas', 'highspy', 'pint', 'matplotlib') if m in sys.modules])"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.splitlines()[-1] == "[]"


def test_a_terminal_that_knows_ascii_only_does_not_stop_a_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONIOENCODING", "ascii")
    process = start("run", scenario(tmp_path, "good.yaml"), "--out", tmp_path / "out", "--no-figures")
    stdout, stderr = process.communicate()
    assert (process.returncode, "Results of good" in stdout) == (0, True), stderr
