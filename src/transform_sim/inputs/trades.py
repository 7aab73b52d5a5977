"""Supply, sales and disposal: prices, limits and what they release."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from transform_sim.lp import Entities
from transform_sim.names import GRIDS, HOURS_PER_YEAR
from transform_sim.scenario import Quantity
from transform_sim.scenario.carbon import ORIGINS, main_emission
from transform_sim.scenario.markets import Sale, Step, Supply, Trade

from .carbon import CarbonBook, released_by_disposal
from .frame import Frame
from .values import INF, over_places, over_years, scalar, stacked

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Trades:
    """Purchases or sales; entities are (trade, step, node), where `trade` is 'supply' or 'sale'.

    Attributes:
        tables: entities on each grid; `price`: per unit, shape (n, Y, T); `upper`: bound, shape (n, Y, 1).
        at: entities (trade, node, commodity) → which balance it enters.
        power: entities (trade, node) of trades with several steps under one limit, and the limit (n, Y).
        volume: entities (trade) and mean-rate limit (n, Y); `step_volume`: the same by (trade, step).
        levy: entities (trade) and cost (n, Y).
        emissions: entities (trade, node, emission, place where it arises) and amount per unit (n, Y).
    """

    names: tuple[str, ...]
    tables: dict[str, Entities]
    price: dict[str, Floats]
    upper: dict[str, Floats]
    at: Entities
    power: tuple[Entities, Floats]
    volume: tuple[Entities, Floats]
    step_volume: tuple[Entities, Floats]
    levy: tuple[Entities, Floats]
    emissions: tuple[Entities, Floats]


@dataclass(frozen=True, eq=False)
class Disposals:
    """Ways out: entities (commodity, node) on each grid with cost and upper bound, each (n, Y, 1).

    `limit`: entities (commodity, node) and mean-rate limit (n, Y); `emission`: entities (commodity, node, emission,
    place where it arises) and what counts as emitted per unit where the origin of the carbon is known, shape (n, Y).
    """

    tables: dict[str, Entities]
    cost: dict[str, Floats]
    upper: dict[str, Floats]
    limit: tuple[Entities, Floats]
    emission: tuple[Entities, Floats]


@dataclass
class _Rows:
    table: list[tuple[int, int, int]]
    price: list[Floats]
    upper: list[Floats]


def make_trades(frame: Frame, kind: str) -> Trades:
    """Lay out all supplies (`kind='supply'`) or sales (`kind='sale'`)."""
    trades: dict[str, Supply | Sale] = dict(frame.scenario.supply if kind == "supply" else frame.scenario.sales)
    grids = {g: _Rows([], [], []) for g in GRIDS}
    for k, (name, trade) in enumerate(trades.items()):
        grid = frame.grid_of[commodity_of(name, trade)]
        _add(grids[grid], k, name, trade, grid, frame)
    dims = (kind, "step", "node")
    shape = {g: (len(r.table), len(frame.years), len(frame.grids[g])) for g, r in grids.items()}
    return Trades(
        names=tuple(trades),
        tables={g: Entities.records(dims, r.table) for g, r in grids.items()},
        price={g: np.array(r.price).reshape(shape[g]) for g, r in grids.items()},
        upper={g: np.array(r.upper).reshape(*shape[g][:2], 1) for g, r in grids.items()},
        at=_places(trades, kind, frame),
        power=_power(trades, kind, frame),
        volume=_volumes(trades, kind, frame),
        step_volume=_step_volumes(trades, kind, frame),
        levy=_levies(trades, kind, frame),
        emissions=_emissions(trades, kind, frame),
    )


def commodity_of(name: str, trade: Trade) -> str:
    """The commodity a trade moves: stated, or the section's own name."""
    return trade.commodity or name


def prices(name: str, trade: Supply | Sale, grid: str, frame: Frame) -> list[Floats]:
    """Price of each step of the curve on a grid, each of shape (places, Y, T)."""
    if isinstance(trade, Sale) and trade.follows:
        supply = frame.scenario.supply[trade.follows]
        return [p - scalar(trade.spread, 0.0) for p in prices(trade.follows, supply, grid, frame)[:1]]
    means: list[Quantity | None] = [step.price for step in trade.steps] or [trade.price]
    shape, floor = frame.shape(trade.price_profile, grid), scalar(trade.price_floor, 0.0)
    shaped = [over_places(q, frame.places, frame.years, 0.0)[:, :, None] * shape for q in means]
    # a negative mean is meant; the floor is for hours that the shape pushes below zero
    return [np.maximum(p, floor) if trade.price_profile else p for p in shaped]


def _add(rows: _Rows, k: int, name: str, trade: Supply | Sale, grid: str, frame: Frame) -> None:
    curve = prices(name, trade, grid, frame)
    steps: tuple[Step | None, ...] = trade.steps or (None,)
    open_ = frame.years >= (trade.available_from or -INF)
    own = over_places(trade.power_max, frame.places, frame.years, INF, "limit")
    for j, (price, step) in enumerate(zip(curve, steps, strict=True)):
        limit = over_places(step.power_max if step else None, frame.places, frame.years, INF, "limit")
        if len(steps) == 1:
            limit = np.minimum(limit, own)
        for node in frame.nodes(commodity_of(name, trade), trade.regions):
            rows.table.append((k, j, node))
            rows.price.append(np.broadcast_to(price[node], (len(frame.years), len(frame.grids[grid]))))
            rows.upper.append(np.where(open_, limit[node], 0.0))


def _places(trades: dict[str, Supply | Sale], kind: str, frame: Frame) -> Entities:
    rows = [
        (k, node, frame.commodities.index(commodity_of(n, t)))
        for k, (n, t) in enumerate(trades.items())
        for node in frame.nodes(commodity_of(n, t), t.regions)
    ]
    return Entities.records((kind, "node", "commodity"), rows)


def _power(trades: dict[str, Supply | Sale], kind: str, frame: Frame) -> tuple[Entities, Floats]:
    rows, values = [], []
    for k, (name, trade) in enumerate(trades.items()):
        if trade.power_max is not None and len(trade.steps) > 1:
            limit = over_places(trade.power_max, frame.places, frame.years, INF, "limit")
            for node in frame.nodes(commodity_of(name, trade), trade.regions):
                rows.append((k, node))
                values.append(limit[node])
    return Entities.records((kind, "node"), rows), stacked(values, frame.years)


def _volumes(trades: dict[str, Supply | Sale], kind: str, frame: Frame) -> tuple[Entities, Floats]:
    limited = [(k, t) for k, t in enumerate(trades.values()) if t.volume_max is not None]
    values = [over_years(t.volume_max, frame.years, INF, "limit") / HOURS_PER_YEAR for _, t in limited]
    return Entities.records((kind,), [(k,) for k, _ in limited]), stacked(values, frame.years)


def _step_volumes(trades: dict[str, Supply | Sale], kind: str, frame: Frame) -> tuple[Entities, Floats]:
    limited = [
        (k, j, s) for k, t in enumerate(trades.values()) for j, s in enumerate(t.steps) if s.volume_max is not None
    ]
    values = [over_years(s.volume_max, frame.years, INF, "limit") / HOURS_PER_YEAR for *_, s in limited]
    return Entities.records((kind, "step"), [x[:2] for x in limited]), stacked(values, frame.years)


def _levies(trades: dict[str, Supply | Sale], kind: str, frame: Frame) -> tuple[Entities, Floats]:
    rows = [(k, t.levy) for k, t in enumerate(trades.values()) if isinstance(t, Supply)]
    values = [over_years(levy, frame.years, 0.0) for _, levy in rows]
    return Entities.records((kind,), [(k,) for k, _ in rows]), stacked(values, frame.years)


def _emissions(trades: dict[str, Supply | Sale], kind: str, frame: Frame) -> tuple[Entities, Floats]:
    rows, values = [], []
    for k, (name, trade) in enumerate(trades.items()):
        code = frame.commodities.index(commodity_of(name, trade))
        for emission, q in (trade.emissions if isinstance(trade, Supply) else {}).items():
            to = frame.commodities.index(emission)
            for node in frame.nodes(frame.commodities[code], trade.regions):
                rows.append((k, node, to, frame.emission_node(to, code, node)))
                values.append(over_years(q, frame.years, 0.0))
    return Entities.records((kind, "node", "emission", "place"), rows), stacked(values, frame.years)


def make_disposals(frame: Frame, book: CarbonBook) -> Disposals:
    """Lay out all ways out for surplus."""
    tables: dict[str, list[tuple[int, int]]] = {g: [] for g in GRIDS}
    cost: dict[str, list[Floats]] = {g: [] for g in GRIDS}
    upper: dict[str, list[Floats]] = {g: [] for g in GRIDS}
    limited, limit, releasing, carbon = [], [], [], []
    emission = main_emission(frame.scenario)
    for code, (name, c) in enumerate(frame.scenario.commodities.items()):
        if c.disposal is None:
            continue
        price = over_places(c.disposal.cost, frame.places, frame.years, 0.0)
        volume = over_places(c.disposal.volume_max, frame.places, frame.years, INF, "limit") / HOURS_PER_YEAR
        open_ = np.where(frame.years >= (c.disposal.available_from or -INF), INF, 0.0)
        if emission is not None and name in book.mixed:
            released = _let_go(name, book, permanent=c.disposal.permanent)
            to = frame.commodities.index(emission)
            for node in frame.nodes(name) if released.any() else ():
                releasing.append((code, node, to, frame.emission_node(to, code, node)))
                carbon.append(released)
        for node in frame.nodes(name):
            tables[frame.grid_of[name]].append((code, node))
            cost[frame.grid_of[name]].append(price[node][:, None])
            upper[frame.grid_of[name]].append(open_)
            if c.disposal.volume_max is not None:
                limited.append((code, node))
                limit.append(volume[node])
    shape = {g: (len(rows), len(frame.years), 1) for g, rows in tables.items()}
    return Disposals(
        tables={g: Entities.records(("commodity", "node"), rows) for g, rows in tables.items()},
        cost={g: np.array(v).reshape(shape[g]) for g, v in cost.items()},
        upper={g: np.array(v).reshape(shape[g]) for g, v in upper.items()},
        limit=(Entities.records(("commodity", "node"), limited), stacked(limit, frame.years)),
        emission=(
            Entities.records(("commodity", "node", "emission", "place"), releasing),
            stacked(carbon, frame.years),
        ),
    )


def _let_go(commodity: str, book: CarbonBook, *, permanent: bool) -> Floats:
    """What counts as emitted per unit disposed of, shape (Y,)."""
    credited = book.scenario.policies.credit_removals
    weight = [released_by_disposal(o, permanent=permanent, credited=credited) for o in ORIGINS]
    return np.asarray(book.content[commodity] * (np.array(weight) @ book.mixed[commodity]))
