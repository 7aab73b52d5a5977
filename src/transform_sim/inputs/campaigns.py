"""Campaigns of plants with reline and retrofit: which may start when, how long they last, what may turn into what."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from transform_sim.scenario.plants import Process, Reinvest, Retrofit

from .assets import Assets, buildable, existing_stock, hours_of
from .frame import Frame
from .values import INF, scalar

Key = tuple[float, float]
"""Start and end of a campaign, in years."""
Place = tuple[int, int, Key]


@dataclass(frozen=True, eq=False)
class Arc:
    """A conversion of one asset into another or, as a reline, into itself, in one region.

    Attributes:
        kind: 'end' of a campaign, or 'mid' of one.
        data: what the scenario says about it, such as its investment.
        life: years of the campaign that an end arc opens.
        ratio: capacity of the target per unit of the source.
        earliest: first year in which it is allowed.
    """

    source: int
    target: int
    region: int
    kind: str
    data: Reinvest
    life: float
    ratio: float
    earliest: float


@dataclass(eq=False)
class Campaigns:
    """What a study's campaigns can be.

    Attributes:
        cohorts: existing capacity by (asset, region, campaign), in units of the asset; 0 where none stands yet.
        keys: all campaigns.
        from_new: periods in which new capacity becomes such a cohort.
        arcs: all conversions.
        from_end: periods in which end arcs open a campaign, by (source, target, campaign).
        mid: each mid arc with each campaign of its source.
        warnings: what had to be assumed.
    """

    cohorts: dict[Place, float] = field(default_factory=dict)
    keys: dict[Key, None] = field(default_factory=dict)
    from_new: dict[Place, list[int]] = field(default_factory=dict)
    arcs: list[Arc] = field(default_factory=list)
    from_end: dict[Place, list[int]] = field(default_factory=dict)
    mid: dict[tuple[Arc, Key], None] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)

    def add(self, asset: int, region: int, key: Key, stock: float = 0.0) -> None:
        place = (asset, region, key)
        self.cohorts[place] = self.cohorts.get(place, 0.0) + stock
        self.keys.setdefault(key)


def find_campaigns(kept: list[tuple[int, int]], frame: Frame, assets: Assets) -> Campaigns:
    """Walk the assets (asset, region) that are kept by campaign."""
    found = Campaigns()
    for a, r in kept:
        _own_campaigns(a, r, frame, assets, found)
    found.arcs = [arc for a, r in kept for arc in _arcs(a, r, assets)]
    _open_by_end(frame, found)
    _spread_mid(found)
    return found


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


def _own_campaigns(a: int, r: int, frame: Frame, assets: Assets, found: Campaigns) -> None:
    plant, name = assets.plants[assets.owner[a]], assets.owner[a]
    hours, life = hours_of(plant, frame), scalar(plant.lifetime, INF)
    second = frame.years[1] if len(frame.years) > 1 else frame.years[0] + frame.lengths[0]
    for start, amount in existing_stock(plant, frame.places[r]):
        begin = float(frame.years[0] if start is None else start)
        end = INF if start is None else snap(begin + life, frame)
        if end <= frame.years[0]:
            found.warnings.append(
                f"{name} in {frame.places[r]}: the campaign of {start} ends in {begin + life:.0f}, nearest to the "
                f"start of the study; it counts as ending in {second:.0f}"
            )
            end = float(second)
        found.add(a, r, (begin, end), amount / hours)
    for v in np.flatnonzero(buildable(plant, (-INF, INF), frame)):
        key = (float(frame.years[v]), campaign_end(frame.years[v], life, frame))
        found.add(a, r, key)
        found.from_new.setdefault((a, r, key), []).append(int(v))


def _arcs(a: int, r: int, assets: Assets) -> list[Arc]:
    plant = assets.plants[assets.owner[a]]
    assert isinstance(plant, Process)
    life = scalar(plant.lifetime, INF)
    arcs = []
    if plant.reinvest:
        own = scalar(plant.reinvest.lifetime, life)
        arcs.append(Arc(a, a, r, "end", plant.reinvest, own, 1.0, -INF))
    standing = set(zip(assets.table["asset"].tolist(), assets.table["region"].tolist(), strict=True))
    for name, retrofit in plant.retrofits.items():
        target = assets.code(name)
        if (target, r) in standing:
            arcs.append(_arc_to(a, target, r, retrofit, assets))
    return arcs


def _arc_to(a: int, target: int, r: int, retrofit: Retrofit, assets: Assets) -> Arc:
    plant = assets.plants[assets.owner[target]]
    life = scalar(retrofit.lifetime, scalar(plant.lifetime, INF))
    earliest = retrofit.earliest if retrofit.earliest is not None else plant.earliest
    return Arc(a, target, r, retrofit.kind, retrofit, life, retrofit.ratio.scalar, float(earliest or -INF))


def _open_by_end(frame: Frame, found: Campaigns) -> None:
    for arc in (a for a in found.arcs if a.kind == "end"):
        for y in range(1, len(frame.years)):
            if frame.years[y] >= arc.earliest:
                key = (float(frame.years[y]), campaign_end(frame.years[y], arc.life, frame))
                found.add(arc.target, arc.region, key)
                periods = found.from_end.setdefault((arc.source, arc.target, key), [])
                if y not in periods:
                    periods.append(y)


def _spread_mid(found: Campaigns) -> None:
    """A converted cohort keeps its key in the target, which may convert it further."""
    mid = [a for a in found.arcs if a.kind == "mid"]
    grew = True
    while grew:
        grew = False
        for arc in mid:
            for a, r, key in list(found.cohorts):
                if (a, r) == (arc.source, arc.region) and (arc, key) not in found.mid:
                    found.mid[arc, key] = None
                    found.add(arc.target, arc.region, key)
                    grew = True
