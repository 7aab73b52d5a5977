"""Small sweeps: two routes to steel, in chunks of three cases."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import numpy as np

import transform_sim as ts
from tests.micro import ROOT
from transform_sim.scenario.sweepfile import sweep_spec
from transform_sim.sweeps.design import cases
from transform_sim.sweeps.plan import Plan, plan
from transform_sim.sweeps.start import written

TWO_ROUTES = ROOT / "scenarios" / "mini" / "two_routes.yaml"
AXES = {
    "carbon": {"scale": "policies.carbon_price", "values": [0.5, 1.0, 2.0]},
    "supply.coal.price": [10, 15],
    "steel": {"set": "demand.steel.amount", "values": ["0.5 Mt/a", "1 Mt/a"]},
}


def planned(
    axes: Mapping[str, Any] = AXES, scenario: Any = TWO_ROUTES, design: Any = "grid", size: int | None = 3
) -> Plan:
    """A plan whose chunks hold `size` cases, so that few cases are several chunks; None: as planned."""
    scenario = scenario if isinstance(scenario, ts.Scenario) else ts.load(scenario)
    spec = sweep_spec({"name": "small", "axes": written(axes), "design": design})
    made = plan(scenario, cases(scenario, spec.axes, spec.design))
    if size is None:
        return made
    return replace(made, chunks=tuple(np.array_split(made.order, -(-len(made.order) // size))))


def as_kind(kind: type[Plan], plan: Plan) -> Plan:
    """The same plan as one of a subclass."""
    return kind(**{f.name: getattr(plan, f.name) for f in fields(Plan)})


def stored(folder: Path) -> dict[str, bytes]:
    """All files of a sweep's folder that must not depend on who made them."""
    files = [folder / "manifest.json", *sorted((folder / "chunks").iterdir())]
    return {str(f.relative_to(folder)): f.read_bytes() for f in files}
