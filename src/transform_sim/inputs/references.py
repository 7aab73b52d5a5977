"""The use that flexible loads can change: what they would draw at full capacity, and what they draw as they run."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from transform_sim.lp import Entities
from transform_sim.names import GRIDS, HOUR, HOURS_PER_YEAR, YEAR
from transform_sim.scenario.flexibility import FlexibleLoad

from .activities import Activities
from .assets import Assets
from .frame import Frame
from .values import over_places, scalar

Floats = NDArray[np.float64]
NODE = ("load", "node")
PLANT = ("load", "asset", "region", "node")
RUN = ("load", "asset", "mode", "region", "node")


@dataclass(frozen=True, eq=False)
class Reference:
    """Use of which the limits of flexible loads are shares: given amounts, or so much per unit of capacity.

    Attributes:
        table: entities (load, node), E rows; `given` the use of those without a process, shape (E, Y, T).
        plants: entities (load, asset, region, node), P rows; `per_capacity` their use at full available capacity in
            the first mode, shape (P, Y, T).
        most: the highest use that a unit of capacity allows in any mode at any hour of its draw, shape (P, Y, T).
        runs: entities (load, asset, mode, region, node); `per_activity` the use per unit of activity, shape (F, Y, T).
    """

    table: Entities
    given: Floats
    plants: Entities
    per_capacity: Floats
    most: Floats
    runs: Entities
    per_activity: Floats

    @property
    def of_process(self) -> NDArray[np.bool_]:
        """Which rows of `table` belong to a process."""
        return np.isin(self.table["load"], self.plants["load"])

    def mean(self, weight: Floats) -> Reference:
        """The same over the year: T = 1."""

        def over_year(values: Floats) -> Floats:
            whole = np.broadcast_to(values, (*values.shape[:2], len(weight)))
            return np.asarray((whole @ weight)[:, :, None] / HOURS_PER_YEAR)

        return Reference(
            self.table, over_year(self.given), self.plants, over_year(self.per_capacity), over_year(self.most),
            self.runs, over_year(self.per_activity),
        )  # fmt: skip


def make_reference(frame: Frame, assets: Assets, activities: Activities) -> Reference:
    """Lay out the use of all flexible loads."""
    nodes: list[tuple[int, int]] = []
    given: list[Floats] = []
    plants: list[tuple[int, ...]] = []
    shape = (len(frame.years), len(frame.grids[HOUR]))
    use: list[tuple[Floats, Floats]] = []
    runs: list[tuple[tuple[int, ...], Floats]] = []
    for k, load in enumerate(frame.scenario.flexible_loads.values()):
        if load.process is None:
            for node, mean in _amounts(load, frame).items():
                nodes.append((k, node))
                given.append(mean[:, None] * frame.shape(load.profile, HOUR))
            continue
        own = list(_runs(load, frame, assets, activities))
        runs += [((k, *run.place), np.outer(run.use, run.draw)) for run in own]
        for asset, region, node in dict.fromkeys((r.asset, r.region, r.node) for r in own):
            plants.append((k, asset, region, node))
            here = [r for r in own if (r.asset, r.region) == (asset, region)]
            use.append(_at_full_capacity(here, _available(activities, asset, region)))
        for node in dict.fromkeys(r.node for r in own):
            nodes.append((k, node))
            given.append(np.zeros(shape))
    return Reference(
        table=Entities.records(NODE, nodes), given=_stack(given, shape),
        plants=Entities.records(PLANT, plants), per_capacity=_stack([u for u, _ in use], shape),
        most=_stack([m for _, m in use], shape),
        runs=Entities.records(RUN, [run for run, _ in runs]), per_activity=_stack([v for _, v in runs], shape),
    )  # fmt: skip


def _stack(rows: list[Floats], shape: tuple[int, int]) -> Floats:
    return np.array([np.broadcast_to(row, shape) for row in rows]).reshape(len(rows), *shape)


def _amounts(load: FlexibleLoad, frame: Frame) -> dict[int, Floats]:
    """Mean use by node, shape (Y,): regions that share a node add up; an amount without place is each node's."""
    amount = over_places(load.load, frame.places, frame.years, 0.0)
    code = frame.commodities.index(load.commodity)
    assert load.load is not None
    if not load.load.regions:
        return {n: amount[n] for n in frame.nodes(load.commodity, load.regions)}
    total: dict[int, Floats] = {}
    for place in load.load.regions:
        at = frame.places.index(place)
        node = int(frame.node_of[code, at]) if place in frame.regions else at
        total[node] = total.get(node, np.zeros(len(frame.years))) + amount[at]
    return total


class Run(NamedTuple):
    """One way to run a process at a place: its use per unit of activity (Y,), and the shape of its draw (T,)."""

    asset: int
    mode: int
    region: int
    node: int
    use: Floats
    draw: Floats

    @property
    def place(self) -> tuple[int, int, int, int]:
        return self[:4]


def _runs(load: FlexibleLoad, frame: Frame, assets: Assets, activities: Activities) -> Iterator[Run]:
    """The ways to run a load's process in its regions that use the commodity, modes in the order of the process."""
    flows = activities.flows
    share, code = scalar(load.share, 1.0), frame.commodities.index(load.commodity)
    regions = frame.region_codes(load.regions)
    for i in np.flatnonzero(flows.table["commodity"] == code):
        asset, mode, region, node = (int(flows.table[d][i]) for d in ("asset", "mode", "region", "node"))
        if assets.owner[asset] == load.process and region in regions:
            use = share * np.maximum(-flows.values[i], 0.0)
            yield Run(asset, mode, region, node, use, frame.shape(flows.profile.get(asset), HOUR))


def _available(activities: Activities, asset: int, region: int) -> Floats:
    """Availability of an asset by the hour; of one that runs by the year the same in every hour, shape (Y, T or 1)."""
    for grid in GRIDS:
        limit = activities.limit[grid]
        found = np.flatnonzero((limit["asset"] == asset) & (limit["region"] == region))
        if len(found):
            assert grid in (YEAR, HOUR), "a process that uses what balances by the hour runs by the hour or the year"
            return np.asarray(activities.availability[grid][found[0]])
    raise KeyError(asset)


def _at_full_capacity(runs: list[Run], available: Floats) -> tuple[Floats, Floats]:
    """Use per unit of capacity: of the first mode, evenly; and the highest of any mode and hour of its draw."""
    highest = np.max([run.use * run.draw.max() for run in runs], axis=0)
    return runs[0].use[:, None] * available, highest[:, None] * available
