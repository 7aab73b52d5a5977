"""How processes may run: least load, ramps, and what they use besides at part load."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from transform_sim.lp import AxisMap, Entities, chain
from transform_sim.names import GRIDS, HOUR
from transform_sim.scenario.operation import chord, curve, segments
from transform_sim.scenario.plants import Process

from .activities import Activities
from .assets import Assets
from .frame import Frame
from .sequences import Sequences
from .values import over_years, scalar, stacked

Floats = NDArray[np.float64]
PLACE = ("asset", "region")
USE = ("asset", "commodity", "region")
NO_ORDER = "ramps and part load are left out, because the time steps have no order: {}"
NOT_HOURLY = "ramps and part load are left out for what does not run by the hour: {}"


@dataclass(frozen=True, eq=False)
class PartLoad:
    """Use besides the flows, between lines in load: u ((a − 1) x + b α K), with u the use per unit at full load.

    Attributes:
        at: entities (asset, commodity, region, node), P rows; `table` without the node.
        segments: entities (asset, commodity, region, segment), S rows, whose lines a curve lies above.
        slope, base: u (a − 1) and u b α of the segments, shapes (S, Y, 1) and (S, Y, T).
        most_slope, most_base: the same of the line between the ends of a curve, which it lies below, P rows.
        n_segments: most segments of any curve.
    """

    at: Entities
    segments: Entities
    slope: Floats
    base: Floats
    most_slope: Floats
    most_base: Floats
    n_segments: int

    @property
    def table(self) -> Entities:
        return self.at.without("node")


@dataclass(frozen=True, eq=False)
class Operation:
    """Limits of operation as shares of capacity.

    Attributes:
        least: by grid entities (asset, region) with a minimum load, and that share of capacity, shape (n, Y, T or 1).
        before: row h takes the hour before in its sequence; of no meaning where nothing ramps.
        ramp_up, ramp_down: entities (asset, region) and how far the load may move into an hour, shape (n, Y, T).
    """

    least: dict[str, tuple[Entities, Floats]]
    before: AxisMap
    ramp_up: tuple[Entities, Floats]
    ramp_down: tuple[Entities, Floats]
    part_load: PartLoad
    warnings: tuple[str, ...]

    @property
    def labels(self) -> dict[str, tuple[str, ...]]:
        """Labels of the dimension that only part load has."""
        return {"segment": tuple(f"segment {k + 1}" for k in range(self.part_load.n_segments))}


def make_operation(frame: Frame, assets: Assets, activities: Activities) -> Operation:
    """Lay out the limits of operation of all processes."""
    sequences = Sequences.of(frame.time)
    before = chain(np.arange(len(frame.grids[HOUR])) if sequences is None else sequences.later(-1))
    hourly = _Hourly(frame, assets, activities, sequences is not None, before.cols)
    return Operation(
        least={grid: _least(grid, frame, assets, activities) for grid in GRIDS},
        before=before,
        ramp_up=hourly.ramp("ramp_up", 1.0),
        ramp_down=hourly.ramp("ramp_down", -1.0),
        part_load=hourly.part_load(),
        warnings=tuple(_left_out(frame, sequences is not None)),
    )


def _least(grid: str, frame: Frame, assets: Assets, activities: Activities) -> tuple[Entities, Floats]:
    table, processes = activities.limit[grid], frame.scenario.processes
    shares = {n: over_years(p.minimum_load, frame.years, 0.0) for n, p in processes.items()}
    share = stacked([shares[assets.owner[a]] for a in table["asset"]], frame.years)
    limited = share.any(axis=1)
    return table.take(limited), share[limited][:, :, None] * activities.availability[grid][limited]


def _asks(process: Process) -> bool:
    """Whether a process has something that only means anything from hour to hour."""
    return bool(process.part_load) or process.ramp_up is not None or process.ramp_down is not None


def _left_out(frame: Frame, ordered: bool) -> Iterator[str]:
    """What a reader should know: whose ramps and part load have no effect."""
    asking = {n: p for n, p in frame.scenario.processes.items() if _asks(p)}
    if not ordered and asking:
        yield NO_ORDER.format(", ".join(asking))
    elif even := [n for n, p in asking.items() if frame.process_grid(p) != HOUR]:
        yield NOT_HOURLY.format(", ".join(even))


@dataclass(frozen=True, eq=False)
class _Hourly:
    """Processes that run by the hour, in hours that follow each other; `before` is the hour before each."""

    frame: Frame
    assets: Assets
    activities: Activities
    ordered: bool
    before: NDArray[np.int64]

    def places(self) -> Iterator[tuple[int, int, int, Process]]:
        """Position in the limits by the hour, asset, region, process."""
        table = self.activities.limit[HOUR]
        for i in range(len(table) if self.ordered else 0):
            asset = int(table["asset"][i])
            yield i, asset, int(table["region"][i]), self.frame.scenario.processes[self.assets.owner[asset]]

    def available(self, i: int) -> Floats:
        """Availability by year and hour, shape (Y, T)."""
        shape = (len(self.frame.years), len(self.before))
        return np.broadcast_to(self.activities.availability[HOUR][i], shape)

    def ramp(self, field: str, sign: float) -> tuple[Entities, Floats]:
        """What a load may move into an hour: the ramp, and what availability itself takes or gives back."""
        rows, values = [], []
        for i, asset, region, process in self.places():
            rate = getattr(process, field)
            if rate is not None:
                share = self.available(i)
                rows.append((asset, region))
                values.append(scalar(rate, 0.0) + np.maximum(sign * (share - share[:, self.before]), 0.0))
        return Entities.records(PLACE, rows), self.stack(values)

    def part_load(self) -> PartLoad:
        """Curves of all uses, as lines in load and available capacity."""
        at, parts, most, lines = [], [], [], []
        for i, asset, region, process in self.places():
            for name, given in process.part_load.items():
                code = self.frame.commodities.index(name)
                points, use = curve(given), self.use(asset, code, region)
                at.append((asset, code, region, int(self.frame.node_of[code, region])))
                most.append(self.line(use, i, chord(points)))
                for k, part in enumerate(segments(points)):
                    parts.append((asset, code, region, k))
                    lines.append(self.line(use, i, part))
        return PartLoad(
            at=Entities.records((*USE, "node"), at), segments=Entities.records((*USE, "segment"), parts),
            slope=self.stack([a for a, _ in lines], 1), base=self.stack([b for _, b in lines]),
            most_slope=self.stack([a for a, _ in most], 1), most_base=self.stack([b for _, b in most]),
            n_segments=max((k + 1 for *_, k in parts), default=0),
        )  # fmt: skip

    def use(self, asset: int, commodity: int, region: int) -> Floats:
        """Use per unit of activity at full load, the same in all modes, shape (Y,)."""
        t = self.activities.flows.table
        own = (t["asset"] == asset) & (t["commodity"] == commodity) & (t["region"] == region)
        found = np.flatnonzero(own)
        return -self.activities.flows.values[found[0]] if len(found) else np.zeros(len(self.frame.years))

    def line(self, use: Floats, i: int, line: tuple[float, float]) -> tuple[Floats, Floats]:
        slope, base = line
        return (use * (slope - 1.0))[:, None], use[:, None] * base * self.available(i)

    def stack(self, values: list[Floats], steps: int | None = None) -> Floats:
        shape = (len(self.frame.years), len(self.before) if steps is None else steps)
        return np.array(values, dtype=float).reshape(len(values), *shape)
