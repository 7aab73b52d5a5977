"""What is kept of each price case: annual figures of the plant, and on request its hours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from transform_sim.errors import ModelError
from transform_sim.inputs import Inputs
from transform_sim.lp import Program
from transform_sim.lp.blocks import Columns
from transform_sim.names import ACTIVITY, LEVEL, NET_EMISSION
from transform_sim.sweeps.parts import Labels, Notes, Part

from .costs import PRICE_TERMS, rows_of
from .market import SOLD, Traded
from .prices import CARBON, HOURS, Floats

ANNUAL, HOURLY = "annual", "hourly"
KEEP = (ANNUAL, HOURLY)
RUNS = 1e-6
"""Share of its capacity above which a plant runs."""


def kept(keep: str) -> str:
    """What to keep, checked."""
    if keep not in KEEP:
        raise ModelError(f"there is no {keep!r} to keep; give {' or '.join(KEEP)}")
    return keep


@dataclass(frozen=True, eq=False)
class _Flow:
    """Columns of one trade, or of the plant's modes, over the steps of their grid."""

    columns: NDArray[np.int64]
    hours: Floats

    def rates(self, x: Floats) -> Floats:
        """Sum over all rows (modes) at each step."""
        return np.asarray(x[self.columns].sum(axis=0))

    def year(self, x: Floats) -> float:
        return float(self.rates(x) @ self.hours)


class Reader:
    """Reads the figures of a site from solutions of its program."""

    def __init__(self, data: Inputs, program: Program, trades: tuple[Traded, ...], keep: str) -> None:
        self._keep = keep
        self._currency = data.scenario.currency
        self._trades = [(t, _whole(*rows_of(program, t))) for t in trades]
        demands = (d.commodity or name for name, d in data.scenario.demand.items())
        self._commodities = tuple(dict.fromkeys([*(t.commodity for t in trades), *demands]))
        self._units = tuple(data.scenario.commodities[c].unit for c in self._commodities)
        self._load, self._levels, self._emitted = (
            [_whole(b, slice(None)) for b in program.columns if b.name == name]
            for name in (ACTIVITY, LEVEL, NET_EMISSION)
        )
        self._capacity = float(data.assets.existing[_of_process(data)].sum())
        self._made = np.array([_made(data, program, c) for c in self._commodities])
        self._others: dict[str, Floats] = {}
        for term in (t for t in program.costs if t.counts and t.name not in (*PRICE_TERMS, CARBON)):
            if not term.columns.upper.any():
                continue  # nothing can be built
            cost = self._others.setdefault(term.name, np.zeros(program.shape[1]))
            cost[term.columns.span] += np.broadcast_to(term.coefficient, term.columns.shape).ravel()
        self._rest = sum(self._others.values(), np.zeros(program.shape[1]))

    def read(self, x: Floats, cost: Floats) -> dict[str, Part]:
        """What is kept of a solution at these costs."""
        paid = (cost - self._rest) * x
        money = dict.fromkeys(self._commodities, 0.0)
        sides = {side: np.zeros((2, len(self._commodities))) for side in ("bought", "sold")}
        peak = np.full(len(self._commodities), np.nan)
        for trade, flow in self._trades:
            k = self._commodities.index(trade.commodity)
            value = float(paid[flow.columns].sum())
            money[trade.commodity] += value
            sides["sold" if trade.section == SOLD else "bought"][:, k] += flow.year(x), value
            if trade.section != SOLD and len(flow.hours) > 1:
                peak[k] = np.fmax(peak[k], flow.rates(x).max())
        items = money | {name: float(own @ x) for name, own in self._others.items()}
        if self._emitted:
            items[CARBON] = float(sum(paid[f.columns].sum() for f in self._emitted))
        (bought, spent), (sold, earned) = sides["bought"], sides["sold"]
        return {
            "cost": self._part(np.array([*items.values()]), {"item": tuple(items)}, "cost, − revenue", self._currency),
            **self._operation(x),
            "bought": self._of_commodity(bought, "bought", "unit/a"),
            "sold": self._of_commodity(sold, "sold", "unit/a"),
            "made": self._of_commodity(self._made @ x, "made by the plant, − used", "unit/a"),
            "price_bought": self._of_commodity(_ratio(spent, bought), "mean price paid", f"{self._currency}/unit"),
            "capture_price": self._of_commodity(_ratio(-earned, sold), "mean price earned", f"{self._currency}/unit"),
            "peak": self._of_commodity(peak, "most bought in an hour", "unit/h"),
        }

    def _operation(self, x: Floats) -> dict[str, Part]:
        """How the plant runs, and what it emits."""
        load = sum((f.rates(x) for f in self._load), np.zeros(1))
        rates = np.repeat(load, HOURS) if len(load) == 1 else load
        full, runs = rates.sum() / self._capacity, float((rates > RUNS * self._capacity).sum())
        parts = {
            "full_load_hours": self._part(np.array(full), {}, "output ÷ capacity", "h"),
            "operating_hours": self._part(np.array(runs), {}, "hours in which the plant runs", "h"),
        }
        if self._emitted:
            parts["emissions"] = self._part(np.array(sum(f.year(x) for f in self._emitted)), {}, "net emissions", "t/a")
        return parts | (self._hours(x, rates) if self._keep == HOURLY else {})

    def _hours(self, x: Floats, load: Floats) -> dict[str, Part]:
        hour = {"hour": tuple(range(len(load)))}
        parts = {"load": self._part(load, hour, "activity of the plant", "unit/h")}
        for trade, flow in self._trades:
            if len(flow.hours) > 1:
                verb = "sold" if trade.section == SOLD else "bought"
                unit = self._units[self._commodities.index(trade.commodity)]
                named = f"{trade.commodity} {verb}"
                parts[f"{verb}_{trade.name}"] = self._part(flow.rates(x), hour, named, f"{unit}/h")
        levels = [f.rates(x) for f in self._levels]
        if levels:
            parts["level"] = self._part(np.sum(levels, axis=0), hour, "in the stores at the end of the hour", "unit")
        return parts

    def _of_commodity(self, values: Floats, name: str, units: str) -> Part:
        notes: Notes = {"unit": ("commodity", self._units)}
        return Part(values, {"commodity": self._commodities}, {"long_name": name, "units": units}, notes)

    def _part(self, values: Floats, labels: Mapping[str, Labels], name: str, units: str) -> Part:
        return Part(values, labels, {"long_name": name, "units": units})


def _ratio(money: Floats, amount: Floats) -> Floats:
    """Money per unit; NaN where nothing was traded."""
    return np.where(amount > 0, money / np.where(amount > 0, amount, 1.0), np.nan)


def _whole(block: Columns, rows: NDArray[np.int64] | slice) -> _Flow:
    columns = np.arange(block.offset, block.offset + block.size).reshape(block.shape)[rows, 0]
    return _Flow(columns, block.grid.weight)


def _of_process(data: Inputs) -> NDArray[np.bool_]:
    """Rows of the table of assets that belong to the plant."""
    own = [data.assets.owner[a] in data.scenario.processes for a in data.assets.table["asset"]]
    return np.array(own, dtype=bool)


def _made(data: Inputs, program: Program, commodity: str) -> Floats:
    """Amount per year that the plant makes (− uses) of a commodity, per unit of each column."""
    flows, code = data.activities.flows, data.frame.commodities.index(commodity)
    out = np.zeros(program.shape[1])
    for block in (b for b in program.columns if b.name == ACTIVITY):
        view = out[block.span].reshape(block.shape)
        for e in range(block.shape[0]):
            here = (
                (flows.table["commodity"] == code)
                & (flows.table["asset"] == block.entities["asset"][e])
                & (flows.table["mode"] == block.entities["mode"][e])
            )
            view[e] += flows.values[here].sum(axis=0)[:, None] * block.grid.weight
    return out
