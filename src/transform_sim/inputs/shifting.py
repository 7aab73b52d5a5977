"""How shifted use comes back: blocks, pairs of hours, delay classes, levels."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from transform_sim.lp import Entities, Grid
from transform_sim.names import HOUR
from transform_sim.scenario import Quantity
from transform_sim.scenario.flexibility import FlexibleLoad

from .frame import Frame
from .sequences import Sequences
from .values import INF, scalar

Floats = NDArray[np.float64]
Valued = tuple[Entities, Floats]
"""Entities and a number of each, shape (n, 1, 1)."""


@dataclass(frozen=True, eq=False)
class Shifting:
    """All loads that are shifted, at nodes: tables hold (load, node) unless said otherwise.

    Attributes:
        sequences: hours that follow each other.
        table: all of them; `joint` those whose more and less use are limited together.
        windows: blocks in which loads even out, those loads and their efficiency.
        paired, classed, levelled: loads of zerrahn_schill, gils and battery, with their efficiency.
        offsets: of zerrahn_schill (load, offset, node), by the hours from more to less use.
        recovery: by number of hours those that must recover, and how many full hours of more use these may hold.
        delays: of gils (load, delay, node) and their efficiency, by the hours of the class.
        held: of gils those whose outstanding amounts are limited, and the full hours that may be outstanding.
        kept: of battery, what the level keeps of itself per hour; `energy`: the full hours that a level holds.
    """

    sequences: Sequences
    table: Entities
    joint: Entities
    windows: tuple[tuple[Grid, Entities, Floats], ...]
    paired: Valued
    classed: Valued
    levelled: Valued
    offsets: dict[int, Entities]
    recovery: dict[int, Valued]
    delays: dict[int, Valued]
    held: Valued
    kept: Floats
    energy: Valued

    @property
    def pairs(self) -> Entities:
        """Entities (load, offset, node) of all offsets."""
        return _together(("load", "offset", "node"), list(self.offsets.values()))

    @property
    def classes(self) -> Entities:
        """Entities (load, delay, node) of all delay classes."""
        return _together(("load", "delay", "node"), [table for table, _ in self.delays.values()])


def make_shifting(frame: Frame, nodes: Entities) -> tuple[Shifting | None, tuple[str, ...]]:
    """Lay out what is shifted among the loads at `nodes` (load, node); None if nothing is.

    Returns with it what a reader should know: that hours do not follow each other, or not for long enough.
    """
    loads = {k: d for k, d in enumerate(frame.scenario.flexible_loads.values()) if d.method != "none"}
    if not loads:
        return None, ()
    sequences = Sequences.of(frame.time)
    if sequences is None:
        names = list(frame.scenario.flexible_loads)
        named = ", ".join(names[k] for k in loads)
        return None, (f"nothing is shifted, because the time steps have no order: {named}",)
    rows = _Rows(nodes, loads, sequences)
    classes, batteries = rows.of_method("gils"), rows.of_method("battery")
    level = rows.valued(batteries, "loss", 0.0)[1]
    shifting = Shifting(
        sequences=sequences, table=rows.at(loads),
        joint=rows.at({k: d for k, d in loads.items() if d.method in ("zerrahn_schill", "gils") and d.joint_limit}),
        windows=tuple(rows.windows(frame.grids[HOUR])),
        paired=rows.valued(rows.of_method("zerrahn_schill"), "efficiency", 1.0),
        classed=rows.valued(classes, "efficiency", 1.0),
        levelled=rows.valued(batteries, "efficiency", 1.0),
        offsets=rows.offsets(), recovery=rows.recovery(), delays=rows.delays(),
        held=rows.valued(_finite(classes, "duration"), "duration", INF),
        kept=1.0 - level,
        energy=rows.valued(_finite(batteries, "energy"), "energy", INF),
    )  # fmt: skip
    return shifting, tuple(rows.cut(list(frame.scenario.flexible_loads)))


Loads = Mapping[int, FlexibleLoad]


def _together(dims: tuple[str, ...], tables: list[Entities]) -> Entities:
    none = [Entities.records(dims, [])]
    return Entities({d: np.concatenate([t[d] for t in tables or none]) for d in dims})


def _finite(loads: Loads, field: str) -> Loads:
    return {k: d for k, d in loads.items() if np.isfinite(getattr(d, field).scalar)}


def _hours(quantity: Quantity | None) -> int:
    return round(scalar(quantity, 0.0))


@dataclass(frozen=True, eq=False)
class _Rows:
    """The tables of shifted loads by code."""

    nodes: Entities
    loads: Loads
    sequences: Sequences

    def of_method(self, method: str) -> Loads:
        return {k: d for k, d in self.loads.items() if d.method == method}

    def at(self, loads: Loads) -> Entities:
        """The loads at their nodes."""
        return self.nodes.take(np.isin(self.nodes["load"], list(loads)))

    def valued(self, loads: Loads, field: str, default: float) -> Valued:
        table = self.at(loads)
        values = [scalar(getattr(self.loads[int(k)], field), default) for k in table["load"]]
        return table, np.array(values, dtype=float).reshape(-1, 1, 1)

    def windows(self, hours: Grid) -> Iterator[tuple[Grid, Entities, Floats]]:
        """Blocks by length; one longer than the sequence is the sequence."""
        found: dict[int, dict[int, FlexibleLoad]] = {}
        for k, load in self.of_method("window").items():
            found.setdefault(min(_hours(load.window), self.sequences.length), {})[k] = load
        for length, loads in found.items():
            yield (self.sequences.blocks(length, hours), *self.valued(loads, "efficiency", 1.0))

    def offsets(self) -> dict[int, Entities]:
        """Hours from more to less use. None is 0: that would shift nothing. On a circle no hour is counted twice."""
        n = self.sequences.length
        reach = {k: min(_hours(d.delay), n // 2) for k, d in self.of_method("zerrahn_schill").items()}
        most = max(reach.values(), default=0)
        found = {}
        for offset in (o for o in range(-most, most + 1) if o and -n < 2 * o):
            table = self.at({k: self.loads[k] for k, far in reach.items() if abs(offset) <= far})
            codes = np.full(len(table), offset + most)
            found[offset] = Entities({"load": table["load"], "offset": codes, "node": table["node"]})
        return found

    def recovery(self) -> dict[int, Valued]:
        found: dict[int, dict[int, FlexibleLoad]] = {}
        for k, load in self.of_method("zerrahn_schill").items():
            if load.recovery is not None:
                found.setdefault(min(_hours(load.recovery), self.sequences.length), {})[k] = load
        return {hours: self.valued(loads, "delay", 0.0) for hours, loads in found.items()}

    def delays(self) -> dict[int, Valued]:
        """Delay classes that come back within the sequence."""
        found: dict[int, Valued] = {}
        for code, hours in enumerate(delay_classes(list(self.loads.values()))):
            if hours < self.sequences.length:
                loads = {k: d for k, d in self.of_method("gils").items() if hours in map(_hours, d.delays)}
                table, efficiency = self.valued(loads, "efficiency", 1.0)
                codes = np.full(len(table), code)
                found[hours] = Entities({"load": table["load"], "delay": codes, "node": table["node"]}), efficiency
        return found

    def cut(self, names: list[str]) -> Iterator[str]:
        """What is shorter than written because sequences are."""
        n = self.sequences.length
        for k, load in self.loads.items():
            if load.method == "window" and _hours(load.window) > n:
                yield (
                    f"{names[k]} evens out within {n} h instead of {_hours(load.window)} h: "
                    f"representative days of {n} h stand alone"
                )
            if load.method == "zerrahn_schill" and 2 * _hours(load.delay) > n:
                yield (
                    f"{names[k]} is shifted by {n // 2} h at most instead of {_hours(load.delay)} h: "
                    f"representative days of {n} h stand alone"
                )
            lost = [f"{_hours(q)} h" for q in load.delays if _hours(q) >= n]
            if lost:
                yield f"{names[k]} is not shifted by {', '.join(lost)}: representative days of {n} h stand alone"


def delay_classes(loads: list[FlexibleLoad]) -> list[int]:
    """The distinct delay classes of some loads in hours, ascending."""
    return sorted({_hours(q) for load in loads for q in load.delays})


def longest_delay(loads: list[FlexibleLoad], length: int) -> int:
    """The largest offset between more and less use of some loads in sequences of `length` hours."""
    return max((min(_hours(d.delay), length // 2) for d in loads if d.method == "zerrahn_schill"), default=0)
