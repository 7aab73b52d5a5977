"""What a loop of plants does and earns, in the scenario's names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from transform_sim.inputs import Inputs
from transform_sim.inputs.activities import ONLY_MODE
from transform_sim.lp import Program
from transform_sim.lp.blocks import Columns
from transform_sim.names import (
    CAPACITY,
    CARBON_DISPOSAL,
    CARBON_INPUT,
    CARBON_LEFT,
    CARBON_SENT,
    CHARGED_PEAK,
    CHARGED_PURCHASE,
    COHORT_CAPACITY,
    LEVEL,
    PEAK_PURCHASE,
    STOCK,
)
from transform_sim.scenario.plants import Process
from transform_sim.scenario.units import capacity_hours, capacity_unit

Floats = NDArray[np.float64]
Kind = Literal["money pump", "removal", "negative price"]
FOLLOWS = frozenset({
    CAPACITY, COHORT_CAPACITY, LEVEL, CARBON_INPUT, CARBON_SENT, CARBON_LEFT, CARBON_DISPOSAL, PEAK_PURCHASE,
    CHARGED_PEAK, CHARGED_PURCHASE,
})  # fmt: skip
"""Columns that follow from others, and are listed only if there are no others."""
SHOWN = 12
"""Members and components that the text lists."""


@dataclass(frozen=True)
class Member:
    """What is done in a loop, such as `activity[cracker, coast]`; amount per year, of capacity what is built."""

    name: str
    amount: float
    unit: str

    def __str__(self) -> str:
        return f"{self.name} {_number(self.amount)} {self.unit}".rstrip()


@dataclass(frozen=True)
class MoneyPump:
    """A loop that earns money while nothing is demanded.

    Attributes:
        earns: money per year by period, undiscounted, capital as annuities; below zero where it costs.
        endless: whether nothing limits it; amounts are then those for 1 unit of the largest member.
        year: the period in which it earns most, for which `split` and `loop` are given.
        split: what it costs (earns: below zero) per year by component.
        currency: of all money.
    """

    kind: Kind
    earns: Mapping[int, float]
    endless: bool
    year: int
    split: Mapping[str, float]
    loop: tuple[Member, ...]
    currency: str

    def __str__(self) -> str:
        years = ", ".join(str(year) for year, money in self.earns.items() if money > 0)
        earned = f"{_number(self.earns[self.year])} {self.currency}"
        how = f"without limit, {earned} for 1 {_unit(self.loop)}" if self.endless else f"{earned}/a in {self.year}"
        parts = sorted(self.split.items(), key=lambda item: item[1])
        split = ", ".join(f"{name} {_number(-money, '+')}" for name, money in parts[:SHOWN])
        members = "; ".join(map(str, self.loop[:SHOWN]))
        more = f"; and {len(self.loop) - SHOWN} more" if len(self.loop) > SHOWN else ""
        return f"{self.kind} in {years}: {how} ({split})\n  {members}{more}"


def described(kind: Kind, data: Inputs, program: Program, x: Floats, *, endless: bool) -> MoneyPump:
    """A loop from the values of all columns."""
    due = _due(program, x)
    total = np.sum(list(due.values()), axis=0)
    y = int(np.argmin(total))
    done = list(_members(data, program, x, y, FOLLOWS)) or list(_members(data, program, x, y, {LEVEL}))
    loop = sorted(done, key=lambda member: -abs(member.amount))
    scale = 1.0 / abs(loop[0].amount) if endless and loop else 1.0
    return MoneyPump(
        kind=kind,
        earns={year: -scale * float(money) for year, money in zip(program.periods.labels, total, strict=True)},
        endless=endless,
        year=program.periods.labels[y],
        split={name: scale * float(money[y]) for name, money in due.items() if money[y]},
        loop=tuple(Member(m.name, scale * m.amount, m.unit) for m in loop),
        currency=data.scenario.currency,
    )


def _unit(loop: tuple[Member, ...]) -> str:
    return f"{loop[0].unit} of {loop[0].name}" if loop else "unit"


def _number(value: float, sign: str = "") -> str:
    return f"{value:{sign},.0f}" if abs(value) >= 1000 else f"{value:{sign}.4g}"


def _due(program: Program, x: Floats) -> dict[str, Floats]:
    """What is paid per year of each period by component, undiscounted, shape (Y,)."""
    weight, out = program.periods.weight, dict[str, Floats]()
    for cost in (c for c in program.costs if c.counts):
        value = (cost.coefficient * x[cost.columns.span].reshape(cost.columns.shape)).sum(axis=2)
        if cost.paid is None:
            due = value.sum(axis=0) / weight
        else:
            years = (cost.paid @ weight)[:, :, None]
            share = np.divide(cost.paid, years, out=np.zeros_like(cost.paid), where=years > 0)
            due = (value[:, :, None] * share).sum(axis=(0, 1))
        if np.any(value):
            out[cost.name] = out.get(cost.name, np.zeros(len(weight))) + due
    return out


def _members(data: Inputs, program: Program, x: Floats, y: int, without: Set[str]) -> Iterator[Member]:
    """What is done in one period, without some variables."""
    largest = np.max(np.abs(x))
    for block in (b for b in program.columns if b.name not in without):
        values = x[block.span].reshape(block.shape)[:, y]
        amounts = values[:, 0] if block.grid.name == STOCK else values @ block.grid.weight
        for e in np.flatnonzero(np.abs(values).max(axis=1) > 1e-9 * largest):
            unit, factor = _unit_of(data, block, int(e))
            yield Member(_name(program, block, int(e)), factor * float(amounts[e]), unit)


def _name(program: Program, block: Columns, entity: int) -> str:
    labels = [(dim, program.labels[dim][codes[entity]]) for dim, codes in block.entities.codes.items()]
    told = [label for dim, label in labels if (dim, label) != ("mode", ONLY_MODE)]
    return f"{block.name}[{', '.join(told)}]"


def _unit_of(data: Inputs, block: Columns, entity: int) -> tuple[str, float]:
    """Unit of a member's amount, and the factor to it: of capacities as the scenario writes them, else per year."""
    codes = {dim: int(c[entity]) for dim, c in block.entities.codes.items()}
    plant = next((data.assets.owner[codes[dim]] for dim in ("source", "target", "asset") if dim in codes), None)
    unit = _amount(data, codes) if plant is None else _unit_of_plant(data, plant)
    if block.grid.name != STOCK:
        return f"{unit}/a" if unit else "", 1.0
    if plant is None or plant in data.scenario.storages:
        return unit, 1.0
    return capacity_unit(unit), capacity_hours(unit)


def _unit_of_plant(data: Inputs, name: str) -> str:
    plant = data.assets.plants[name]
    return plant.unit if isinstance(plant, Process) else data.scenario.commodities[plant.commodity].unit


def _amount(data: Inputs, codes: Mapping[str, int]) -> str:
    """Unit of what is traded, paid for or released."""
    s, policies = data.scenario, data.scenario.policies
    if "contract" in codes:
        contract = policies.carbon_contracts[data.labels["contract"][codes["contract"]]]
        return s.processes[contract.process].unit
    entries: dict[str, Mapping[str, Any]] = {
        "supply": s.supply, "sale": s.sales, "demand": s.demand, "load": s.flexible_loads,
        "network_charge": s.network_charges, "allocation": policies.free_allocation,
        "compensation": policies.power_compensation,
    }  # fmt: skip
    for dim, section in entries.items():
        if dim in codes:
            name = data.labels[dim][codes[dim]]
            return s.commodities[section[name].commodity or name].unit
    named = next((dim for dim in ("commodity", "emission") if dim in codes), None)
    return "" if named is None else s.commodities[data.labels[named][codes[named]]].unit
