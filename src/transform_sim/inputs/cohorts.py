"""Cohorts of processes with reline and retrofit: campaigns by start and end, and the conversions between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from transform_sim.lp import Entities
from transform_sim.scenario import Quantity
from transform_sim.scenario.plants import Process, Reinvest, Retrofit

from .assets import Assets, buildable, existing_stock, hours_of
from .capital import Capital, overnight
from .frame import Frame
from .values import INF, over_years, scalar

Floats = NDArray[np.float64]
Key = tuple[float, float]
"""Start and end of a campaign, in years."""


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


@dataclass
class _Draft:
    """Collected while walking the processes."""

    cohorts: dict[tuple[int, int, Key], float] = field(default_factory=dict)
    keys: dict[Key, None] = field(default_factory=dict)
    from_new: dict[tuple[int, int, Key], list[int]] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)

    def add(self, asset: int, region: int, key: Key, stock: float = 0.0) -> None:
        place = (asset, region, key)
        self.cohorts[place] = self.cohorts.get(place, 0.0) + stock
        self.keys.setdefault(key)


def make_cohorts(frame: Frame, assets: Assets) -> Cohorts | None:
    """Lay out the cohorts; None if no process has conversions."""
    own = assets.table.take(assets.by_cohort)
    kept = list(zip(own["asset"].tolist(), own["region"].tolist(), strict=True))
    if not kept:
        return None
    draft = _Draft()
    for a, r in kept:
        _own_campaigns(a, r, frame, assets, draft)
    arcs = [arc for a, r in kept for arc in _arcs(a, r, assets)]
    opened = _opened_by_end(arcs, frame, assets, draft)
    mid = _spread_mid(arcs, frame, draft)
    return _finish(kept, arcs, opened, mid, frame, assets, draft)


def snap(end: float, frame: Frame) -> float:
    """The period start (or end of the horizon) nearest to a campaign's end; ties go to the later; later ones stay."""
    stops = np.append(frame.years, frame.years[-1] + frame.lengths[-1])
    if end > stops[-1]:
        return end
    distance = np.abs(stops - end)
    return float(stops[np.flatnonzero(distance == distance.min())[-1]])


def campaign_end(start: float, life: float, frame: Frame) -> float:
    """Snapped end of a campaign that starts with a period; it lasts that period at least."""
    return max(snap(start + life, frame), float(start + frame.lengths[0]))


def _own_campaigns(a: int, r: int, frame: Frame, assets: Assets, draft: _Draft) -> None:
    plant, name = assets.plants[assets.owner[a]], assets.owner[a]
    hours, life = hours_of(plant, frame), scalar(plant.lifetime, INF)
    second = frame.years[1] if len(frame.years) > 1 else frame.years[0] + frame.lengths[0]
    for start, amount in existing_stock(plant, frame.places[r]):
        begin = float(frame.years[0] if start is None else start)
        end = INF if start is None else snap(begin + life, frame)
        if end <= frame.years[0]:
            draft.warnings.append(
                f"{name} in {frame.places[r]}: the campaign of {start} ends in {begin + life:.0f}, nearest to the "
                f"start of the study; it counts as ending in {second:.0f}"
            )
            end = float(second)
        draft.add(a, r, (begin, end), amount / hours)
    for v in np.flatnonzero(buildable(plant, (-INF, INF), frame)):
        key = (float(frame.years[v]), campaign_end(frame.years[v], life, frame))
        draft.add(a, r, key)
        draft.from_new.setdefault((a, r, key), []).append(int(v))


@dataclass(frozen=True, eq=False)
class _Arc:
    source: int
    target: int
    region: int
    kind: str
    data: Reinvest
    life: float
    ratio: float
    earliest: float


def _arcs(a: int, r: int, assets: Assets) -> list[_Arc]:
    plant = assets.plants[assets.owner[a]]
    assert isinstance(plant, Process)
    life = scalar(plant.lifetime, INF)
    arcs = []
    if plant.reinvest:
        own = scalar(plant.reinvest.lifetime, life)
        arcs.append(_Arc(a, a, r, "end", plant.reinvest, own, 1.0, -INF))
    standing = set(zip(assets.table["asset"].tolist(), assets.table["region"].tolist(), strict=True))
    for name, retrofit in plant.retrofits.items():
        target = assets.code(name)
        if (target, r) in standing:
            arcs.append(_arc_to(a, target, r, retrofit, assets))
    return arcs


def _arc_to(a: int, target: int, r: int, retrofit: Retrofit, assets: Assets) -> _Arc:
    plant = assets.plants[assets.owner[target]]
    life = scalar(retrofit.lifetime, scalar(plant.lifetime, INF))
    earliest = retrofit.earliest if retrofit.earliest is not None else plant.earliest
    return _Arc(a, target, r, retrofit.kind, retrofit, life, retrofit.ratio.scalar, float(earliest or -INF))


def _opened_by_end(
    arcs: list[_Arc], frame: Frame, assets: Assets, draft: _Draft
) -> dict[tuple[int, int, Key], list[int]]:
    """Campaigns that end arcs can open: (source, target, key) → periods."""
    opened: dict[tuple[int, int, Key], list[int]] = {}
    for arc in (a for a in arcs if a.kind == "end"):
        for y in range(1, len(frame.years)):
            if frame.years[y] >= arc.earliest:
                key = (float(frame.years[y]), campaign_end(frame.years[y], arc.life, frame))
                draft.add(arc.target, arc.region, key)
                periods = opened.setdefault((arc.source, arc.target, key), [])
                if y not in periods:
                    periods.append(y)
    return opened


def _spread_mid(arcs: list[_Arc], frame: Frame, draft: _Draft) -> list[tuple[_Arc, Key]]:
    """Mid arcs by cohort; a converted cohort keeps its key in the target, which may convert it further."""
    mid = [a for a in arcs if a.kind == "mid"]
    spread: dict[tuple[_Arc, Key], None] = {}
    grew = True
    while grew:
        grew = False
        for arc in mid:
            for a, r, key in list(draft.cohorts):
                if (a, r) == (arc.source, arc.region) and (arc, key) not in spread:
                    spread[arc, key] = None
                    draft.add(arc.target, arc.region, key)
                    grew = True
    return list(spread)


def _finish(
    kept: list[tuple[int, int]], arcs: list[_Arc], opened: dict[tuple[int, int, Key], list[int]],
    mid: list[tuple[_Arc, Key]], frame: Frame, assets: Assets, draft: _Draft,
) -> Cohorts:  # fmt: skip
    keys = sorted(draft.keys)
    code = {key: k for k, key in enumerate(keys)}
    places = sorted(draft.cohorts, key=lambda p: (p[0], p[1], code[p[2]]))
    table = Entities.records(("asset", "region", "cohort"), [(a, r, code[k]) for a, r, k in places])
    shape = (len(places), len(frame.years))
    spans = np.array([k for *_, k in places], dtype=float).reshape(-1, 2)  # no campaign at all is possible too
    first_at = np.searchsorted(frame.years, spans[:, 0]).clip(max=len(frame.years) - 1)
    first = np.zeros(shape)
    first[np.arange(len(places)), first_at] = 1.0
    stock, from_new = first * np.array([draft.cohorts[p] for p in places])[:, None], np.zeros(shape)
    for i, place in enumerate(places):
        from_new[i, draft.from_new.get(place, [])] = 1.0
    opens = Entities.records(("source", "asset", "cohort"), [(s, t, code[k]) for s, t, k in opened])
    opening = np.zeros((len(opened), shape[1]))
    for i, periods in enumerate(opened.values()):
        opening[i, periods] = 1.0
    new = Entities.records(("asset", "region"), kept)
    new_capital = [_new_capital(assets.plants[assets.owner[a]], frame) for a, _ in kept]
    return Cohorts(
        labels=tuple(f"{s:.0f}-{'' if np.isinf(e) else f'{e:.0f}'}" for s, e in keys),
        table=table, stock=stock,
        alive=((frame.years >= spans[:, :1]) & (frame.years < spans[:, 1:])).astype(float),
        first=first, ends=(frame.years == spans[:, 1:]).astype(float),
        from_new=from_new, from_end=(opens, opening),
        end=_end_conversions([a for a in arcs if a.kind == "end"], frame, assets),
        mid=_mid_conversions(mid, code, frame, assets),
        new_table=new, new_capital=Capital.stacked(new_capital, frame),
        warnings=tuple(draft.warnings),
    )  # fmt: skip


def _new_capital(plant: object, frame: Frame) -> Capital:
    assert isinstance(plant, Process)
    life = scalar(plant.lifetime, INF)
    ends = np.array([campaign_end(y, life, frame) for y in frame.years])
    if plant.economic_lifetime is not None:
        ends = frame.years + plant.economic_lifetime.scalar
    return Capital.of(overnight(plant, frame) * hours_of(plant, frame), ends, plant.wacc, frame)


def _arc_capex(arc: _Arc, frame: Frame, assets: Assets) -> Floats:
    return over_years(arc.data.capex, frame.years, 0.0) * hours_of(assets.plants[assets.owner[arc.source]], frame)


def _wacc(arc: _Arc, assets: Assets) -> Quantity | None:
    plant = assets.plants[assets.owner[arc.source]]
    return arc.data.wacc if arc.data.wacc is not None else plant.wacc


def _end_conversions(arcs: list[_Arc], frame: Frame, assets: Assets) -> Conversions:
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


def _mid_conversions(spread: list[tuple[_Arc, Key]], code: dict[Key, int], frame: Frame, assets: Assets) -> Conversions:
    rows = [(a.source, a.target, a.region, code[k]) for a, k in spread]
    capital, opens = [], []
    for arc, (start, end) in spread:
        capital.append(Capital.of(_arc_capex(arc, frame, assets), end, _wacc(arc, assets), frame))
        first = max(start, frame.years[0])
        opens.append((frame.years > first) & (frame.years < end) & (frame.years >= arc.earliest))
    arcs = [a for a, _ in spread]
    return _conversions(("source", "target", "region", "cohort"), rows, arcs, capital, opens, frame)


def _conversions(
    dims: tuple[str, ...], rows: Sequence[tuple[int, ...]], arcs: list[_Arc], capital: list[Capital],
    opens: list[NDArray[np.bool_]], frame: Frame,
) -> Conversions:  # fmt: skip
    shape = (len(rows), len(frame.years))
    return Conversions(
        table=Entities.records(dims, rows),
        ratio=np.array([a.ratio for a in arcs]),
        capital=Capital.stacked(capital, frame),
        upper=np.where(np.array(opens, dtype=bool).reshape(shape), INF, 0.0),
    )
