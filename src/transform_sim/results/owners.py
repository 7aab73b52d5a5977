"""Whom a cost belongs to: the plant, trade, demand, flexible load, charge, commodity or policy that causes it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from transform_sim.lp import Entities

if TYPE_CHECKING:
    from transform_sim.inputs import Inputs
    from transform_sim.scenario import Scenario

NO_SECTOR = "other"
PLANTS = ("process", "storage", "link")
POLICY = "policy"
CAUSES = ("target", "asset", "plant", "supply", "sale", "demand", "load", "network_charge", "commodity",
          "allocation", "compensation", "contract")  # fmt: skip
"""Dimensions that say what causes the cost of a column, the strongest first: a conversion belongs to its target."""
PAYMENTS = {
    "allocation": "free_allocation", "compensation": "power_compensation", "contract": "carbon_contract",
}  # fmt: skip
"""Kinds of owners of what the state pays for, by dimension."""


@dataclass(frozen=True)
class Owners:
    """All owners of a scenario, in its order; the last one is policy, which owns what no other causes.

    Attributes:
        labels: the name, with its kind behind it where a trade is called like something else: `steel (demand)`.
        names: as in the scenario.
        kinds: process, storage, link, supply, sales, demand, load (a flexible one), network_charge, commodity (its
            disposal), free_allocation, power_compensation, carbon_contract or policy.
        sectors: of a process or a contract for one its sector, of all else its commodity.
    """

    labels: tuple[str, ...]
    names: tuple[str, ...]
    kinds: tuple[str, ...]
    sectors: tuple[str, ...]

    @classmethod
    def of(cls, s: Scenario) -> Owners:
        """Everything in a scenario that can cost something."""
        rows = [(n, "process", d.sector or NO_SECTOR) for n, d in s.processes.items()]
        rows += [(n, "storage", d.commodity) for n, d in s.storages.items()]
        rows += [(n, "link", d.commodity) for n, d in s.links.items()]
        rows += [(n, "supply", d.commodity or n) for n, d in s.supply.items()]
        rows += [(n, "sales", d.commodity or n) for n, d in s.sales.items()]
        rows += [(n, "demand", d.commodity or n) for n, d in s.demand.items()]
        rows += [(n, "load", d.commodity) for n, d in s.flexible_loads.items()]
        rows += [(n, "network_charge", d.commodity) for n, d in s.network_charges.items()]
        rows += [(n, "commodity", n) for n, d in s.commodities.items() if d.disposal is not None]
        rows += [(n, "free_allocation", d.commodity) for n, d in s.policies.free_allocation.items()]
        rows += [(n, "power_compensation", d.commodity) for n, d in s.policies.power_compensation.items()]
        contracts = s.policies.carbon_contracts.items()
        rows += [(n, "carbon_contract", s.processes[d.process].sector or NO_SECTOR) for n, d in contracts]
        rows.append((POLICY, POLICY, POLICY))
        count = Counter(name for name, *_ in rows)
        # no two plants share a name, so that a plant is always found under its own
        labels = [n if count[n] == 1 or kind in PLANTS else f"{n} ({kind.replace('_', ' ')})" for n, kind, _ in rows]
        names, kinds, sectors = zip(*rows, strict=True)
        return cls(tuple(labels), names, kinds, sectors)

    def __len__(self) -> int:
        return len(self.labels)

    def codes(self, data: Inputs, table: Entities) -> NDArray[np.int64]:
        """Owner of each entity, as position in `labels`."""
        cause = next((dim for dim in CAUSES if dim in table.dims), None)
        if cause is None:
            return np.full(len(table), len(self) - 1)
        known = {key: i for i, key in enumerate(zip(self.names, self._families(), strict=True))}
        labels = data.labels[cause] if cause in CAUSES[2:] else data.assets.owner
        family = PLANTS[0] if cause in CAUSES[:3] else "sales" if cause == "sale" else PAYMENTS.get(cause, cause)
        return np.array([known.get((n, family), len(self) - 1) for n in labels], dtype=np.int64)[table[cause]]

    def _families(self) -> list[str]:
        """Kinds, with all plants as one."""
        return [PLANTS[0] if kind in PLANTS else kind for kind in self.kinds]
