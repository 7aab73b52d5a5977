"""Cohorts of processes with reline and retrofit as arrays: capacity by campaign, and the conversions between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from transform_sim.lp import Entities
from transform_sim.scenario import Quantity
from transform_sim.scenario.plants import Process

from .assets import Assets, hours_of
from .campaigns import Arc, Campaigns, Key, campaign_end, find_campaigns
from .capital import Capital, converting, overnight
from .frame import Frame
from .values import INF, scalar

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Conversions:
    """Arcs of one kind ('end' or 'mid'): `ratio` per entity, `upper` 0 where it is closed and infinite where open.

    `table` is (source, target, region) for end arcs and (source, target, region, cohort) for mid arcs.
    `capital` is per unit of the source converted in each period, one row per entity.
    """

    table: Entities
    ratio: Floats
    capital: Capital
    upper: Floats


@dataclass(frozen=True, eq=False)
class Cohorts:
    """Capacity by campaign.

    Attributes:
        labels: name of each cohort, 'start-end'.
        table: entities (asset, region, cohort), J rows.
        stock: existing capacity of the cohort in its first period, shape (J, Y); zero elsewhere.
        alive, first, ends: in which periods the cohort exists, starts, and is over, shape (J, Y), as 0 and 1.
        from_new: 1 where capacity built in that period becomes this cohort, shape (J, Y).
        from_end: entities (source, target, cohort) and 1 where a conversion in that period opens this cohort.
        new_table, new_capital: entities (asset, region) and capital of new capacity, one row each.
        warnings: what had to be assumed about campaigns.
    """

    labels: tuple[str, ...]
    table: Entities
    stock: Floats
    alive: Floats
    first: Floats
    ends: Floats
    from_new: Floats
    from_end: tuple[Entities, Floats]
    end: Conversions
    mid: Conversions
    new_table: Entities
    new_capital: Capital
    warnings: tuple[str, ...]


def make_cohorts(frame: Frame, assets: Assets) -> Cohorts | None:
    """Lay out the cohorts; None if no process has conversions."""
    own = assets.table.take(assets.by_cohort)
    kept = list(zip(own["asset"].tolist(), own["region"].tolist(), strict=True))
    if not kept:
        return None
    return _arrays(kept, find_campaigns(kept, frame, assets), frame, assets)


def _arrays(kept: list[tuple[int, int]], found: Campaigns, frame: Frame, assets: Assets) -> Cohorts:
    keys = sorted(found.keys)
    code = {key: k for k, key in enumerate(keys)}
    places = sorted(found.cohorts, key=lambda p: (p[0], p[1], code[p[2]]))
    table = Entities.records(("asset", "region", "cohort"), [(a, r, code[k]) for a, r, k in places])
    shape = (len(places), len(frame.years))
    spans = np.array([k for *_, k in places], dtype=float).reshape(-1, 2)  # no campaign at all is possible too
    first_at = np.searchsorted(frame.years, spans[:, 0]).clip(max=len(frame.years) - 1)
    first = np.zeros(shape)
    first[np.arange(len(places)), first_at] = 1.0
    stock, from_new = first * np.array([found.cohorts[p] for p in places])[:, None], np.zeros(shape)
    for i, place in enumerate(places):
        from_new[i, found.from_new.get(place, [])] = 1.0
    opens = Entities.records(("source", "asset", "cohort"), [(s, t, code[k]) for s, t, k in found.from_end])
    opening = np.zeros((len(found.from_end), shape[1]))
    for i, periods in enumerate(found.from_end.values()):
        opening[i, periods] = 1.0
    new = Entities.records(("asset", "region"), kept)
    new_capital = [_new_capital(assets.plants[assets.owner[a]], frame) for a, _ in kept]
    return Cohorts(
        labels=tuple(f"{s:.0f}-{'' if np.isinf(e) else f'{e:.0f}'}" for s, e in keys),
        table=table, stock=stock,
        alive=((frame.years >= spans[:, :1]) & (frame.years < spans[:, 1:])).astype(float),
        first=first, ends=(frame.years == spans[:, 1:]).astype(float),
        from_new=from_new, from_end=(opens, opening),
        end=_end_conversions([a for a in found.arcs if a.kind == "end"], frame, assets),
        mid=_mid_conversions(list(found.mid), code, frame, assets),
        new_table=new, new_capital=Capital.stacked(new_capital, frame),
        warnings=tuple(found.warnings),
    )  # fmt: skip


def _new_capital(plant: object, frame: Frame) -> Capital:
    assert isinstance(plant, Process)
    life = scalar(plant.lifetime, INF)
    ends = np.array([campaign_end(y, life, frame) for y in frame.years])
    if plant.economic_lifetime is not None:
        ends = frame.years + plant.economic_lifetime.scalar
    return Capital.of(overnight(plant, frame) * hours_of(plant, frame), ends, plant.wacc, frame)


def _arc_capex(arc: Arc, frame: Frame, assets: Assets) -> Floats:
    source, target = (assets.plants[assets.owner[q]] for q in (arc.source, arc.target))
    return converting(target, arc.data, frame) * hours_of(source, frame)


def _wacc(arc: Arc, assets: Assets) -> Quantity | None:
    plant = assets.plants[assets.owner[arc.source]]
    return arc.data.wacc if arc.data.wacc is not None else plant.wacc


def _end_conversions(arcs: list[Arc], frame: Frame, assets: Assets) -> Conversions:
    rows = [(a.source, a.target, a.region) for a in arcs]
    capital = [
        Capital.of(
            _arc_capex(a, frame, assets), np.array([campaign_end(y, a.life, frame) for y in frame.years]),
            _wacc(a, assets), frame,
        )
        for a in arcs
    ]  # fmt: skip
    opens = [(frame.years >= a.earliest) & (np.arange(len(frame.years)) > 0) for a in arcs]
    return _conversions(("source", "target", "region"), rows, arcs, capital, opens, frame)


def _mid_conversions(spread: list[tuple[Arc, Key]], code: dict[Key, int], frame: Frame, assets: Assets) -> Conversions:
    rows = [(a.source, a.target, a.region, code[k]) for a, k in spread]
    capital, opens = [], []
    for arc, (start, end) in spread:
        capital.append(Capital.of(_arc_capex(arc, frame, assets), end, _wacc(arc, assets), frame))
        first = max(start, frame.years[0])
        opens.append((frame.years > first) & (frame.years < end) & (frame.years >= arc.earliest))
    arcs = [a for a, _ in spread]
    return _conversions(("source", "target", "region", "cohort"), rows, arcs, capital, opens, frame)


def _conversions(
    dims: tuple[str, ...], rows: Sequence[tuple[int, ...]], arcs: list[Arc], capital: list[Capital],
    opens: list[NDArray[np.bool_]], frame: Frame,
) -> Conversions:  # fmt: skip
    shape = (len(rows), len(frame.years))
    return Conversions(
        table=Entities.records(dims, rows),
        ratio=np.array([a.ratio for a in arcs]),
        capital=Capital.stacked(capital, frame),
        upper=np.where(np.array(opens, dtype=bool).reshape(shape), INF, 0.0),
    )
