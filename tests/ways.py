"""Ways to make things, worked out by hand from what a scenario declares: flows, carbon by origin and cost of one unit.

Nothing here calls the package's own arithmetic: only the numbers of the scenario, in its units and money, are read.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from transform_sim.scenario import Scenario
from transform_sim.scenario.plants import Process
from transform_sim.scenario.quantity import Quantity

HOURS = 8760
DISCOUNT = 0.03
"""Interest of plants that state none, in the studies of these tests."""
NONE: Mapping[str, str] = {}
CHARGED = ("fossil", "process")
"""Origins of carbon that count as emitted."""


def at(quantity: Quantity | None, year: int, default: float = 0.0) -> float:
    """A quantity in a year: linear between the years given, constant outside."""
    points = quantity.points.get(None, {}) if quantity is not None else {}
    if not points:
        return default
    if None in points:
        return float(points[None])
    years = sorted(y for y in points if y is not None)
    return float(np.interp(year, years, [float(points[y]) for y in years]))


@dataclass(frozen=True)
class Carbon:
    """Carbon of one unit of activity, t CO₂: brought in by origin, made into commodities, up the stack."""

    brought: dict[str, float]
    made: dict[str, float]

    @property
    def total(self) -> float:
        return sum(self.brought.values())

    @property
    def stack(self) -> float:
        return self.total - sum(self.made.values())

    @property
    def charged(self) -> float:
        """Share of the carbon that is fossil or of minerals; what comes out is mixed evenly."""
        return sum(self.brought.get(o, 0.0) for o in CHARGED) / self.total if self.total else 0.0


@dataclass(frozen=True)
class Way:
    """One way to make a product: a process in a mode, built in the years of a technique (None where there are none)."""

    name: str
    process: Process
    mode: str | None
    technique: int | None

    @property
    def label(self) -> str:
        return ".".join(str(part) for part in (self.name, self.mode, self.technique) if part is not None)

    def flows(self, year: int) -> dict[str, float]:
        """Amount per unit of activity by commodity, made above zero."""
        out = {c: at(q, year) for c, q in self.process.flows.items()}
        if self.mode is not None:
            for c, q in self.process.modes[self.mode].flows.items():
                out[c] = out.get(c, 0.0) + at(q, year)
        if self.technique is not None:
            out |= {c: at(q, year) for c, q in self.process.techniques[self.technique].items()}
        return out

    def carbon(self, scenario: Scenario, year: int, origins: Mapping[str, str] = NONE) -> Carbon:
        """Where the carbon of one unit comes from and what it becomes; `origins` of goods other than they say."""
        brought: dict[str, float] = {}
        made: dict[str, float] = {}
        for name, amount in self.flows(year).items():
            commodity = scenario.commodities[name]
            carbon = amount * at(commodity.carbon_content, year)
            if commodity.kind == "emission" or carbon == 0:
                continue
            if carbon > 0:
                made[name] = carbon
                continue
            biogenic = at(commodity.biogenic_share, year)
            own = origins.get(name, commodity.origin)
            for origin, share in ((own, 1 - biogenic), ("biogenic", biogenic)):
                brought[origin] = brought.get(origin, 0.0) - carbon * share
        origin = self.process.auxiliary_origin
        brought[origin] = brought.get(origin, 0.0) + self.auxiliary(year)
        return Carbon({o: c for o, c in brought.items() if c != 0}, made)

    def auxiliary(self, year: int) -> float:
        """t CO₂ per unit of activity from carbon outside the flows."""
        return self._of_mode("auxiliary_carbon", year)

    def emission(self, scenario: Scenario, year: int, origins: Mapping[str, str] = NONE) -> float:
        """t CO₂ that count per unit where captured CO₂ is stored for good, which is a credit for that of plants."""
        carbon = self.carbon(scenario, year, origins)
        stored = sum(c for name, c in carbon.made.items() if scenario.commodities[name].carbon_dioxide)
        return carbon.charged * carbon.stack - (1 - carbon.charged) * stored

    def cost(self, year: int, prices: dict[str, float], made: str) -> float:
        r"""$(capex \cdot CRF + fix)/f + var + \sum q p$ of a plant built in a year, per unit of `made`."""
        p, flows = self.process, self.flows(year)
        rate, life = at(p.wacc, year, DISCOUNT), at(p.economic_lifetime, year) or at(p.lifetime, year, np.inf)
        growth = (1 + rate) ** life
        crf = rate if np.isinf(growth) else rate * growth / (growth - 1)
        capex = at(p.capex, year)
        annual = capex * ((1 + at(p.first_of_a_kind, year)) * crf + at(p.fixed_opex_share, year)) + at(
            p.fixed_opex, year
        )
        per_unit = annual / (HOURS if p.unit == "MWh" else 1) / at(p.availability, year)
        bought = -sum(amount * prices[c] for c, amount in flows.items() if c != made and c in prices)
        return (per_unit + self._of_mode("variable_opex", year) + bought) / flows[made]

    def _of_mode(self, field: str, year: int) -> float:
        """What a mode says for itself, or else the process."""
        own = getattr(self.process.modes[self.mode], field) if self.mode is not None else None
        return at(own if own is not None else getattr(self.process, field), year)


def ways(scenario: Scenario, *names: str) -> Iterator[Way]:
    """All modes and techniques of some processes, or of all."""
    for name in names or scenario.processes:
        process = scenario.processes[name]
        modes: list[str | None] = [*process.modes] or [None]
        techniques: list[int | None] = [*process.techniques] or [None]
        for mode, technique in itertools.product(modes, techniques):
            yield Way(name, process, mode, technique)
