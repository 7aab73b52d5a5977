"""Heavy packages stay behind their doors."""

from __future__ import annotations

import subprocess
import sys

import pytest

from transform_sim import solvers


def test_importing_the_package_loads_no_solver() -> None:
    code = """
import sys, transform_sim.solvers as solvers
print([name for name in ("highspy", "pyomo") if name in sys.modules])
solvers.prepare
print([name for name in ("highspy", "pyomo") if name in sys.modules])
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["[]", "['highspy']"]


def test_public_names() -> None:
    for name in solvers.__all__:
        assert getattr(solvers, name).__name__ == name
    with pytest.raises(AttributeError, match="no attribute 'solve'"):
        _ = solvers.solve
