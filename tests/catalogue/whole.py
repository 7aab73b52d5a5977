"""One study that takes every entry of the shipped catalogue, and the builder that made it."""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path

from transform_sim.scenario import Scenario, loads
from transform_sim.scenario.entries import entries
from transform_sim.scenario.write import write

ROOT = Path(__file__).parents[2]
TOOLS = ROOT / "tools"
if str(TOOLS) not in sys.path:
    sys.path.insert(0, str(TOOLS))


def text() -> str:
    """Every entry under its own name, in two places that the links join."""
    study: dict[str, object] = {
        "name": "everything",
        "horizon": {"start": 2025, "end": 2050, "step": 5},
        "regions": {"here": {}, "there": {}},
    }
    found = entries()
    study |= {part: {name: {"from": "catalogue"} for name in found[part]} for part in found if part != "links"}
    study["links"] = {
        name: {"entry": name, "from": "here", "to": "there", "length": "50 km"} for name in found["links"]
    }
    study["flexible_loads"] = {
        name: {"from": "catalogue"} | ({} if "process" in node.mapping else {"load": "100 MW"})
        for name, node in found["flexible_loads"].items()
    }
    profiles = {node.mapping["availability_profile"].value for node in found["processes"].values()
                if "availability_profile" in node.mapping}  # fmt: skip
    study["profiles"] = dict.fromkeys(sorted(map(str, profiles)), "package:de_2025/solar_pv")
    study["supply"] = {"electricity": {"price": 60}, "scrap": {"price": 300}, "lime": {"price": 100},
                       "natural_gas": {"price": 30}}  # fmt: skip
    study["demand"] = {"crude_steel": {"amount": {"here": 1000, "there": 0}, "shortfall_cost": 5000}}
    return write(study)


@cache
def everything() -> Scenario:
    """That study, loaded."""
    return loads(text())
