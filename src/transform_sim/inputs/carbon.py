"""Carbon by origin: what each way to run takes, passes on and releases, and the pools in which origins meet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from transform_sim.scenario import Quantity, Scenario
from transform_sim.scenario.carbon import (
    CHARGED,
    DRAWN_DOWN,
    ORIGINS,
    auxiliary,
    carries,
    charged_by,
    continues_as,
    main_emission,
    mixture,
    pooled,
    possible_origins,
    uses_co2,
)
from transform_sim.scenario.flows import Run
from transform_sim.scenario.plants import Process

from .values import over_years

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class CarbonBook:
    """What is known of the carbon in the commodities of a scenario, before anything is solved.

    Attributes:
        content: t CO₂ per unit of each commodity that carries carbon.
        pools: origins of each commodity whose carbon meets in a pool, in the order of `ORIGINS`.
        mixed: shares by origin of all others, shape (origins, Y).
    """

    scenario: Scenario
    years: Floats
    content: dict[str, float]
    pools: dict[str, tuple[str, ...]]
    mixed: dict[str, Floats]


class Feed(NamedTuple):
    """Carbon of one origin that a way to run takes from a commodity, and as what a share of it goes on, shape (Y,)."""

    commodity: str
    origin: str
    becomes: str
    share: Floats

    @property
    def charged(self) -> bool:
        """Whether it counts as emitted by the use of CO₂ itself."""
        return self.becomes != self.origin


@dataclass(frozen=True, eq=False)
class Recipe:
    """Carbon of one way to run, per unit of activity and in t CO₂; arrays over periods.

    All carbon that goes in is spread evenly over what comes out and the stack.

    Attributes:
        taken: carbon from each commodity; `feeds`: of those with a pool, by origin; `auxiliary`: carbon beside them.
        known: carbon of known origin (shares, auxiliary), as it goes on, by origin.
        out: share of all carbon in that each commodity carries on; `stack`: carbon released, `stack_share` as share.
        used: known carbon that counts as emitted because its CO₂ is used.
        emission: the emission commodity that takes it; `counts`: the origins that count there.
        bound: share of all carbon in that comes out bound for good and, from plants or the air, counts below zero.
    """

    taken: dict[str, Floats]
    feeds: tuple[Feed, ...]
    auxiliary: tuple[str, Floats]
    known: dict[str, Floats]
    out: dict[str, Floats]
    stack: Floats
    stack_share: Floats
    used: Floats
    emission: str | None
    counts: tuple[str, ...]
    bound: Floats

    @property
    def released(self) -> Floats:
        """What counts as emitted per unit of activity of the carbon whose origin is known, shape (Y,)."""
        goes_in = sum(self.taken.values(), self.auxiliary[1])
        charged = sum((k for o, k in self.known.items() if o in self.counts), np.zeros_like(goes_in))
        share = np.divide(charged, goes_in, out=np.zeros_like(goes_in), where=goes_in > 0)
        # where all of it counts, the balance itself is the emission, without the rounding of a share
        total = self.used + self.stack * np.where(np.isclose(share, 1.0, rtol=0.0, atol=1e-12), 1.0, share)
        return total - sum((k * self.bound for o, k in self.known.items() if o in DRAWN_DOWN), np.zeros_like(goes_in))

    def weight(self, origin: str) -> Floats:
        """What counts as emitted per t of carbon of this origin that goes in."""
        released = self.stack_share if origin in self.counts else np.zeros_like(self.stack)
        return released - (self.bound if origin in DRAWN_DOWN else 0.0)


def carbon_book(scenario: Scenario, years: Floats) -> CarbonBook:
    """Read contents, pools and mixtures of all commodities that carry carbon."""
    content = {
        c: d.carbon_content.scalar for c, d in scenario.commodities.items() if carries(scenario, c) and d.carbon_content
    }
    origins, in_pools = possible_origins(scenario), set(pooled(scenario))
    mixed: dict[str, Floats] = {}
    bought = {s.commodity or n: n for n, s in scenario.supply.items()}
    for c in content:
        if c in in_pools:
            continue
        if len(origins[c]) == 1:
            mixed[c] = np.outer([o in origins[c] for o in ORIGINS], np.ones(len(years)))
        else:
            mixed[c] = shares(*mixture(scenario, bought[c]), years)
    pools = {c: tuple(o for o in ORIGINS if o in origins[c]) for c in content if c in in_pools}
    return CarbonBook(scenario, years, content, pools, mixed)


def shares(origin: str, biogenic: Quantity, years: Floats) -> Floats:
    """A mixture as shares by origin, shape (origins, Y)."""
    green = over_years(biogenic, years, 0.0)
    out = np.zeros((len(ORIGINS), len(years)))
    out[ORIGINS.index(origin)] = 1.0 - green
    out[ORIGINS.index("biogenic")] += green
    return out


def recipe(book: CarbonBook, process: Process, run: Run) -> Recipe | None:
    """The carbon of one way to run; None if none of its flows carries any."""
    scenario, years = book.scenario, book.years
    flows = {c: over_years(q, years, 0.0) * book.content[c] for c, q in run.flows.items() if c in book.content}
    extra = np.full(len(years), auxiliary(process, run.mode))
    if not flows and not extra.any():
        return None
    taken = {c: np.maximum(-f, 0.0) for c, f in flows.items() if (f < 0).any()}
    made = {c: np.maximum(f, 0.0) for c, f in flows.items() if (f > 0).any()}
    beside, none = np.maximum(extra, 0.0), np.zeros(len(years))
    used = _used(scenario, taken, made) if uses_co2(scenario, process, run.flows) else none
    feeds = list(_feeds(book, taken, used))
    goes_in, comes_out = sum(taken.values(), beside), sum(made.values(), np.maximum(-extra, 0.0))
    goes_in = np.maximum(goes_in, comes_out)  # no more comes out, but for rounding
    known: dict[str, Floats] = {process.auxiliary_origin: beside} if beside.any() else {}
    charge = none
    for feed in (f for f in feeds if f.commodity in book.mixed):
        part = taken[feed.commodity] * book.mixed[feed.commodity][ORIGINS.index(feed.origin)] * feed.share
        known[feed.becomes] = known.get(feed.becomes, none) + part
        charge = charge + part * feed.charged
    per = np.divide(1.0, goes_in, out=np.zeros(len(years)), where=goes_in > 0)
    out = {c: f * per for c, f in made.items()}
    kept = sum((share for c, share in out.items() if not scenario.commodities[c].carbon_dioxide), none)
    emission = process.emission or main_emission(scenario)
    return Recipe(
        taken=taken,
        feeds=tuple(f for f in feeds if f.commodity in book.pools),
        auxiliary=(process.auxiliary_origin, beside),
        known=known,
        out=out,
        stack=goes_in - comes_out,
        stack_share=(goes_in - comes_out) * per,
        used=charge,
        emission=emission,
        counts=charged_by(scenario, emission),
        bound=kept if process.permanent and scenario.policies.credit_removals else none,
    )


def _used(scenario: Scenario, taken: dict[str, Floats], made: dict[str, Floats]) -> Floats:
    """Share of the CO₂ that goes in which does not come out as CO₂ again, shape (Y,)."""
    into, out = (
        sum(f for c, f in flows.items() if scenario.commodities[c].carbon_dioxide) for flows in (taken, made)
    )  # fmt: skip
    into = np.asarray(into)
    return np.maximum(1.0 - np.divide(out, into, out=np.ones_like(into), where=into > 0), 0.0)


def _feeds(book: CarbonBook, commodities: Iterable[str], used: Floats) -> Iterator[Feed]:
    """Every origin of every commodity taken, and as what it goes on."""
    for c in commodities:
        origins = book.pools.get(c) or tuple(o for k, o in enumerate(ORIGINS) if book.mixed[c][k].any())
        for origin in origins:
            becomes = continues_as(origin, c, book.scenario, used=bool(used.any()))
            if becomes != origin:
                yield Feed(c, origin, becomes, used)
            if becomes == origin or (used < 1).any():
                yield Feed(c, origin, origin, 1.0 - used if becomes != origin else np.ones_like(used))


def released_by_disposal(origin: str, *, permanent: bool, credited: bool) -> float:
    """What counts as emitted per t of carbon disposed of: stored for good, carbon from the air counts below zero."""
    if permanent:
        return -1.0 if origin in DRAWN_DOWN and credited else 0.0
    return 1.0 if origin in CHARGED else 0.0
