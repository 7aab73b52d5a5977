"""What `import transform_sim as ts` offers, and that it stays light."""

from __future__ import annotations

import subprocess
import sys

import pytest

import transform_sim as ts
from transform_sim import errors

HEAVY = ("matplotlib", "pyomo", "highspy", "numba", "tsam", "pint", "pydantic", "scipy", "pandas", "xarray")
PROMISED = {
    "SINGLE", "Entities", "LinearProgram", "Results", "Scenario", "Study", "Term", "analysis", "batch", "compare",
    "from_pyomo", "load", "loads", "open_results", "open_site", "plots", "prepare", "site", "solve", "to_pyomo",
}  # fmt: skip


def test_all_promised_names_are_there() -> None:
    assert set(ts.__all__) >= PROMISED
    for name in ts.__all__:
        assert getattr(ts, name) is not None
    assert set(ts.__all__) <= set(dir(ts))


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match=r"transform_sim.*'sovle'"):
        _ = ts.sovle  # type: ignore[attr-defined]


def test_importing_loads_nothing_heavy() -> None:
    code = f"import sys, transform_sim; print([m for m in {HEAVY!r} if m in sys.modules])"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


def test_solving_loads_neither_figures_nor_the_second_solver() -> None:
    code = (
        "import sys, transform_sim as ts\n"
        "ts.solve(sys.argv[1])\n"
        "print([m for m in ('matplotlib', 'pyomo', 'tsam', 'numba') if m in sys.modules])"
    )
    from .micro import MINIS

    found = subprocess.run([sys.executable, "-c", code, str(MINIS[0])], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


def test_every_error_raised_on_purpose_has_one_base() -> None:
    own = [e for e in vars(errors).values() if isinstance(e, type) and issubclass(e, Exception)]
    assert len(own) >= 9
    assert all(issubclass(e, errors.TransformSimError) for e in own)
    solving = (errors.InfeasibleError, errors.UnboundedError, errors.TimeLimitError, errors.CertificateError)
    assert all(issubclass(e, errors.SolveError) for e in solving)
