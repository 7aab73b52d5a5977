"""Every notebook runs from top to bottom, as a reader would run it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

NOTEBOOKS = sorted((Path(__file__).resolve().parents[1] / "notebooks").glob("*.ipynb"))
# in a process of its own: a kernel's helpers warn about things that are not ours
RUN = """
import sys
import nbformat
from nbclient import NotebookClient

notebook = nbformat.read(sys.argv[1], 4)
NotebookClient(notebook, timeout=600, resources={"metadata": {"path": sys.argv[2]}}).execute()
"""


def test_there_are_notebooks() -> None:
    assert [n.stem for n in NOTEBOOKS] == ["01_first_study", "02_sweep", "03_flexible_demand", "04_policy"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_notebook_runs(path: Path) -> None:
    done = subprocess.run([sys.executable, "-c", RUN, str(path), str(path.parent)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-3000:]
