"""The layer of carbon by origin as tables: what is drawn from pools, passed on, bought, sent, stored and released."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from transform_sim.lp import Entities
from transform_sim.scenario.carbon import ORIGINS, main_emission, mixture

from .activities import Activities
from .assets import Assets
from .carbon import CarbonBook, Recipe, released_by_disposal, shares
from .frame import Frame
from .trades import commodity_of
from .transport import Links
from .values import stacked

Floats = NDArray[np.float64]
Keyed = tuple[Entities, Floats]

RUN = ("asset", "mode", "region")
FEED = (*RUN, "feed", "feed_origin")
POOL = ("commodity", "node", "origin")


@dataclass(frozen=True, eq=False)
class Origins:
    """Carbon by origin where origins meet; empty tables where none do. Values are t CO₂ per unit, shape (n, Y).

    Attributes:
        pools: entities (commodity, node, origin) that balance; where neither demand nor sales take from a pool, its
            first origin follows from the balance of the commodity and is left out, so that prices are for that one.
        feeds: entities (asset, mode, region, feed, feed_origin): carbon drawn from pools; `drawn`: entities (asset,
            mode, region, feed) and how much of it per unit of activity; `draws`: entities of both, where it is drawn.
        passed: entities of feeds and pools: share of a feed that enters a pool; `made`: the same of carbon whose
            origin is known, entities (asset, mode, region) and pools, per unit of activity.
        bought: entities (supply) and pools, per unit bought.
        sent: entities (asset, direction, origin); `sent_of`: entities (asset, direction), per unit sent; `ends`:
            entities of `sent` and pools, and what arrives.
        left: pools that demand or sales take from; `disposed`: those with a way out, `disposed_of`: entities
            (commodity, node), per unit disposed of.
        released: entities of feeds, emission and place: what counts as emitted per t drawn; `let_go`: entities
            of pools, emission and place: the same of disposal, shape (n, 1).
    """

    pools: Entities
    feeds: Entities
    drawn: Keyed
    draws: Entities
    passed: Keyed
    made: Keyed
    bought: Keyed
    sent: Entities
    sent_of: Keyed
    ends: Keyed
    left: Entities
    disposed: Entities
    disposed_of: Keyed
    released: Keyed
    let_go: Keyed


@dataclass
class _Table:
    """Rows of codes with values, in the making."""

    dims: tuple[str, ...]
    years: Floats
    rows: list[tuple[int, ...]] = field(default_factory=list)
    values: list[Floats] = field(default_factory=list)

    def add(self, row: tuple[int, ...], value: Floats) -> None:
        if value.any():
            self.rows.append(row)
            self.values.append(value)

    def keyed(self) -> Keyed:
        return Entities.records(self.dims, self.rows), stacked(self.values, self.years)


def make_origins(frame: Frame, book: CarbonBook, assets: Assets, activities: Activities, links: Links) -> Origins:
    """Lay out the layer of carbon by origin."""
    drawn, passed, made, released = _processes(frame, book, activities)
    feeds = _feeds(frame, book, drawn[0])
    bought, (sent, sent_of, ends) = _purchases(frame, book), _links(frame, book, links)
    disposed, disposed_of, let_go = _disposals(frame, book)
    left = Entities.records(POOL, _takers(frame, book))
    return Origins(
        pools=_balanced(frame, book, (passed[0], made[0], bought[0], ends[0]), left),
        feeds=feeds,
        drawn=drawn,
        draws=_draws(frame, feeds),
        passed=passed, made=made,
        bought=bought,
        sent=sent, sent_of=sent_of, ends=ends,
        left=left,
        disposed=disposed, disposed_of=disposed_of,
        released=released, let_go=let_go,
    )  # fmt: skip


def _balanced(frame: Frame, book: CarbonBook, enter: Sequence[Entities], left: Entities) -> Entities:
    """Pools that something enters, but for the origin that follows from the rest; the others stay empty."""
    rows = [
        (frame.commodities.index(c), n, ORIGINS.index(o))
        for c, origins in book.pools.items() for n in frame.nodes(c) for o in origins
    ]  # fmt: skip
    pools = Entities.records(POOL, rows)
    places = Entities({d: pools[d] for d in POOL[:2]})
    first = np.array([o == ORIGINS.index(book.pools[frame.commodities[c]][0]) for c, _, o in rows], dtype=bool)
    taken = places.within(Entities({d: left[d] for d in POOL[:2]}))
    return pools.take(np.any([places.within(t) for t in enter], axis=0) & (taken | ~first))


def _processes(frame: Frame, book: CarbonBook, run: Activities) -> tuple[Keyed, Keyed, Keyed, Keyed]:
    """What each way to run draws from pools by commodity, passes on to pools, makes for pools, and releases."""
    years = frame.years
    drawn, passed = _Table((*RUN, "feed"), years), _Table((*FEED, *POOL), years)
    made, released = _Table((*RUN, *POOL), years), _Table((*FEED, "emission", "place"), years)
    code = frame.commodities.index
    for (a, m), (regions, own) in run.recipes.items():
        for r in regions:
            for c, carbon in own.taken.items():
                if c in book.pools:
                    drawn.add((a, m, r, code(c)), carbon)
            for out, share in own.out.items():
                if out in book.pools:
                    node = int(frame.node_of[code(out), r])
                    for feed in own.feeds:
                        passed.add(
                            (a, m, r, code(feed.commodity), ORIGINS.index(feed.origin), code(out), node,
                             ORIGINS.index(feed.becomes)), share * feed.share)  # fmt: skip
                    for origin, carbon in own.known.items():
                        made.add((a, m, r, code(out), node, ORIGINS.index(origin)), share * carbon)
            _release(frame, own, (a, m, r), released)
    return drawn.keyed(), passed.keyed(), made.keyed(), released.keyed()


def _release(frame: Frame, own: Recipe, at: tuple[int, int, int], released: _Table) -> None:
    if own.emission is None:
        return
    emission = frame.commodities.index(own.emission)
    node = int(frame.node_of[emission, at[2]])
    counts: dict[tuple[str, str], Floats] = {}
    for feed in own.feeds:
        part = feed.share * (own.weight(feed.becomes) + feed.charged)
        counts[feed.commodity, feed.origin] = counts.get((feed.commodity, feed.origin), 0.0) + part
    for (commodity, origin), part in counts.items():
        released.add((*at, frame.commodities.index(commodity), ORIGINS.index(origin), emission, node), part)


def _feeds(frame: Frame, book: CarbonBook, drawn: Entities) -> Entities:
    """What is drawn, by origin: every origin that the pool of the feed may hold."""
    rows = [
        (*row, ORIGINS.index(o))
        for row in zip(*(drawn[d].tolist() for d in drawn.dims), strict=True)
        for o in book.pools[frame.commodities[row[3]]]
    ]
    return Entities.records(FEED, rows)


def _draws(frame: Frame, feeds: Entities) -> Entities:
    node = frame.node_of[feeds["feed"], feeds["region"]] if len(feeds) else np.zeros(0, dtype=np.int64)
    return Entities({**feeds.codes, "commodity": feeds["feed"], "node": node, "origin": feeds["feed_origin"]})


def _purchases(frame: Frame, book: CarbonBook) -> Keyed:
    table = _Table(("supply", *POOL), frame.years)
    for k, (name, supply) in enumerate(frame.scenario.supply.items()):
        commodity = commodity_of(name, supply)
        if commodity not in book.pools:
            continue
        mixed = shares(*mixture(frame.scenario, name), frame.years)
        for node in frame.nodes(commodity, supply.regions):
            for o, share in enumerate(mixed):
                table.add((k, frame.commodities.index(commodity), node, o), share * book.content[commodity])
    return table.keyed()


def _links(frame: Frame, book: CarbonBook, links: Links) -> tuple[Entities, Keyed, Keyed]:
    table, arrives = links.ends
    sent: list[tuple[int, int, int]] = []
    sent_of, ends = (
        _Table(("asset", "direction"), frame.years),
        _Table(("asset", "direction", "origin", "commodity", "node"), frame.years),
    )
    ones = np.ones(len(frame.years))
    for i, (a, d, c, n) in enumerate(zip(*(table[x].tolist() for x in table.dims), strict=True)):
        name = frame.commodities[c]
        for o in (ORIGINS.index(x) for x in book.pools.get(name, ())):
            ends.add((a, d, o, c, n), ones * arrives[i])
            if arrives[i] < 0:
                sent.append((a, d, o))
        if arrives[i] < 0 and name in book.pools:
            sent_of.add((a, d), ones * book.content[name])
    return Entities.records(("asset", "direction", "origin"), sent), sent_of.keyed(), ends.keyed()


def _takers(frame: Frame, book: CarbonBook) -> list[tuple[int, int, int]]:
    """Pools that demand or sales take from, and those whose stores lose something on the way."""
    s = frame.scenario
    nodes: dict[str, set[int]] = {c: set() for c in book.pools}
    for name, demand in s.demand.items():
        nodes.get(demand.commodity or name, set()).update(frame.nodes(demand.commodity or name))
    for name, sale in s.sales.items():
        nodes.get(commodity_of(name, sale), set()).update(frame.nodes(commodity_of(name, sale), sale.regions))
    for store in s.storages.values():
        nodes.get(store.commodity, set()).update(frame.nodes(store.commodity))
    return [
        (frame.commodities.index(c), n, ORIGINS.index(o))
        for c, at in nodes.items()
        for n in sorted(at)
        for o in book.pools[c]
    ]


def _disposals(frame: Frame, book: CarbonBook) -> tuple[Entities, Keyed, Keyed]:
    """Ways out of pools by origin, their carbon per unit, and what of each origin counts as emitted."""
    disposed: list[tuple[int, int, int]] = []
    of = _Table(("commodity", "node"), frame.years)
    let_go: list[tuple[int, int, int, int, int]] = []
    counts: list[float] = []
    emission = main_emission(frame.scenario)
    for c, origins in book.pools.items():
        commodity, code = frame.scenario.commodities[c], frame.commodities.index(c)
        if commodity.disposal is None:
            continue
        for n in frame.nodes(c):
            disposed += [(code, n, ORIGINS.index(o)) for o in origins]
            of.add((code, n), np.full(len(frame.years), book.content[c]))
        for o in origins if emission else ():
            charged = released_by_disposal(
                o, permanent=commodity.disposal.permanent, credited=frame.scenario.policies.credit_removals
            )
            to = frame.commodities.index(str(emission))
            for n in frame.nodes(c) if charged else ():
                let_go.append((code, n, ORIGINS.index(o), to, frame.emission_node(to, code, n)))
                counts.append(charged)
    keyed = Entities.records((*POOL, "emission", "place"), let_go), np.array(counts).reshape(len(counts), 1)
    return Entities.records(POOL, disposed), of.keyed(), keyed
