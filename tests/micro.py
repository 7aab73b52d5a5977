"""Small studies for tests: sections as plain data, read, checked and solved as a file would be."""

from __future__ import annotations

import importlib.util
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import transform_sim as ts

from .oracle.strategies import as_yaml

ROOT = Path(__file__).parent.parent
MINIS = sorted((ROOT / "scenarios" / "mini").glob("*.yaml"))
SYSTEMS = sorted((ROOT / "tests" / "oracle" / "systems").glob("*.yaml"))

ONE_YEAR = {"start": 2025, "end": 2025, "step": 1, "discount_rate": 0.0}
"""One period of one year without discounting: objectives are money per year."""

HALVES = {"slices": {"summer": {"share": 0.5}, "winter": {"share": 0.5}}}


def study(**sections: Any) -> dict[str, Any]:
    """One region, steel, one year, 10 t demanded; the sections given replace or add to this."""
    base: dict[str, Any] = {
        "name": "micro",
        "horizon": ONE_YEAR,
        "regions": {"ruhr": {}},
        "commodities": {"steel": {"unit": "t"}},
        "demand": {"steel": {"amount": 10}},
    }
    return base | sections


def load(**sections: Any) -> ts.Scenario:
    """The scenario of a study with these sections."""
    return ts.loads(as_yaml(study(**sections)))


def solve(*, constraints: Any = (), **sections: Any) -> ts.Results:
    """The optimum of a study with these sections."""
    return ts.solve(load(**sections), constraints=constraints)


def objective(**sections: Any) -> float:
    """Least cost of a study with these sections."""
    return solve(**sections).objective


@cache
def mini(name: str) -> ts.Results:
    """The optimum of a scenario in `scenarios/mini`, solved once per run."""
    return ts.solve(ROOT / "scenarios" / "mini" / f"{name}.yaml")


@cache
def tool(name: str) -> ModuleType:
    """A script of `tools/` as a module."""
    spec = importlib.util.spec_from_file_location(name, ROOT / "tools" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
