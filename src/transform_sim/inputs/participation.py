"""Which storages and flexible loads take part at the scenario's level of flexibility."""

from __future__ import annotations

from transform_sim.scenario import Scenario
from transform_sim.scenario.base import FrozenDict
from transform_sim.scenario.flexibility import takes_part


def taking_part(scenario: Scenario) -> Scenario:
    """The scenario as if what does not take part were not written: nor are its uses of shared limits."""
    level = scenario.flexibility
    storages = {n: s for n, s in scenario.storages.items() if takes_part(s.flexibility, level)}
    loads = {n: f for n, f in scenario.flexible_loads.items() if takes_part(f.flexibility, level)}
    absent = scenario.storages.keys() - storages.keys()
    if not absent and len(loads) == len(scenario.flexible_loads):
        return scenario
    resources = {
        name: resource.model_copy(
            update={"capacity": FrozenDict({n: q for n, q in resource.capacity.items() if n not in absent})}
        )
        for name, resource in scenario.resources.items()
    }
    return scenario.model_copy(
        update={
            "storages": FrozenDict(storages),
            "flexible_loads": FrozenDict(loads),
            "resources": FrozenDict(resources),
        }
    )
