"""A sweep killed at any moment: what is there is whole, and going on gives the bytes of a run that nobody killed."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from transform_sim.sweeps.opened import open_sweep
from transform_sim.sweeps.run import run
from transform_sim.sweeps.store import MANIFEST, read_chunk

from .small import planned, stored
from .test_store import MANIFEST as HEAD

# Writes a manifest and two chunks, and ends as if killed just before one of the calls that a disk may see. Each file
# takes three of them: fsync of the file, its renaming, fsync of the folder.
WRITE = """\
import json, os, sys
from pathlib import Path
import numpy as np
from transform_sim.sweeps.store import writing

folder, last = Path(sys.argv[1]), int(sys.argv[2])
calls = 0
def guarded(call):
    def at(*given):
        global calls
        calls += 1
        if calls == last:
            os._exit(9)
        return call(*given)
    return at
os.fsync, os.replace = guarded(os.fsync), guarded(os.replace)
with writing(folder, json.loads(sys.argv[3])) as store:
    for number in {0, 1} - store.finished():
        store.write(number, {"case": np.array([number]), "objective": np.arange(3000) * 0.1}, 0.0)
print(calls)
"""
CALLS = 9

RUN = """\
import sys
from transform_sim.sweeps.run import run
from tests.sweep.small import planned

if __name__ == "__main__":
    run(planned(), sys.argv[1], watch=lambda *_: print("chunk", flush=True))
"""


def write(folder: Path, last: int) -> subprocess.CompletedProcess[str]:
    """Write the folder in a process of its own that ends at a call; 0: at none."""
    command = [sys.executable, "-c", WRITE, str(folder), str(last), json.dumps(HEAD)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    folder = tmp_path_factory.mktemp("whole")
    assert write(folder, 0).stdout == f"{CALLS}\n"
    return stored(folder)


@pytest.mark.parametrize("last", range(1, CALLS + 1))
def test_killed_at_any_write(tmp_path: Path, whole: dict[str, bytes], last: int) -> None:
    assert write(tmp_path, last).returncode == 9
    there = [n for n in (0, 1) if read_chunk(tmp_path, n) is not None]  # raises if one is not whole
    assert there == [n for n in (0, 1) if last > 3 * (n + 1) + 2]
    assert (tmp_path / MANIFEST).exists() == (last > 2)
    assert write(tmp_path, 0).returncode == 0
    assert stored(tmp_path) == whole


@pytest.mark.skipif(sys.platform == "win32", reason="needs signals")
def test_killed_while_it_solves(tmp_path: Path) -> None:
    plan = planned()
    run(plan, tmp_path / "whole")
    killed = tmp_path / "killed"
    process = subprocess.Popen([sys.executable, "-c", RUN, str(killed)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    for _ in range(3):  # the first word comes before the first chunk
        assert process.stdout.readline() == "chunk\n"
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert process.returncode == -signal.SIGKILL
    assert 6 <= (open_sweep(killed).cases["status"] == "optimal").sum() <= 12
    run(plan, killed)
    assert stored(killed) == stored(tmp_path / "whole")


@pytest.mark.skipif(sys.platform == "win32", reason="needs signals")
def test_ctrl_c_stops_the_workers_too(tmp_path: Path) -> None:
    script = RUN.replace("sys.argv[1],", "sys.argv[1], workers=2,")
    command = [sys.executable, "-c", script, str(tmp_path)]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "chunk\n"
    time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert "KeyboardInterrupt" in said
    assert "BrokenProcessPool" not in said
    for number in range(4):
        read_chunk(tmp_path, number)  # whole or not there
