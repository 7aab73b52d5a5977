"""How carbon flows from its sources through plants and commodities to the air, products and stores."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from transform_sim.errors import TransformSimError
from transform_sim.results import Results
from transform_sim.scenario.carbon import ORIGINS

from .carbon_arrays import labels, values_of
from .carbon_balance import (
    AUXILIARY,
    BOUGHT,
    DISPOSED,
    LOST,
    PRODUCT,
    RELEASED,
    STORED,
    UNTRACKED,
    carbon_balance,
)
from .energy_flows import NOISE, Note, noted
from .exchange import written_commodities

FROM_AIR, ADDED = "air", "auxiliary"
"""Sources beside what is bought: what is taken from the air, and electrodes, fluxes and the like."""

Floats = NDArray[np.float64]
Node = tuple[str, str]
Links = dict[tuple[Node, Node, str], float]


def carbon_links(results: Results, period: int, *, conversions: Note = "route") -> pd.DataFrame:
    """Carbon in t CO₂ a year from source to commodity, through plants to other commodities, and to where it ends.

    Columns: source_kind, source, target_kind, target, carrier (the origin), value. Kinds: source (a purchase, 'air',
    'auxiliary'), carrier (a commodity), conversion (plants, joined by route or sector as `conversions` says), use (a
    product) and losses ('released', 'stored', 'disposed', 'untracked', 'lost on the way'). What plants of one
    conversion make for each other is left out. At each node between the ends what comes in goes out; of CO₂ in use the
    origin changes on the way. Raises TransformSimError if no carbon is followed, or none moves in the period.
    """
    data, found = results.data, Links()
    rows = carbon_balance(results)
    rows = rows[rows["period"] == period]
    traded = dict(zip(labels(data, "supply"), _texts(results, "supply_commodity"), strict=False))
    names = rows[["kind", "item", "origin"]].astype(str).to_numpy()
    for (kind, item, origin), value in zip(names, rows["value"].to_numpy(dtype=float), strict=True):
        ends = _ends(kind, item, origin, traded.get(item, ""), lambda p: noted(data, p, conversions))
        if ends is not None:
            _add(found, *ends, ORIGINS.index(origin), float(value))
    _through(found, results, period, conversions)
    total = float(rows.loc[rows["side"] == "in", "value"].sum())
    if not total > 0:
        raise TransformSimError(f"carbon flows of {results.name} — no carbon moves in {period}")
    return pd.DataFrame(
        [(*s, *t, c, v) for (s, t, c), v in found.items() if v > NOISE * total],
        columns=["source_kind", "source", "target_kind", "target", "carrier", "value"],
    )


def _texts(results: Results, coordinate: str) -> list[str]:
    return [str(x) for x in results.data[coordinate].values] if coordinate in results.data.coords else []


def _ends(kind: str, item: str, origin: str, commodity: str, plant: Callable[[str], str]) -> tuple[Node, Node] | None:
    """From where to where a row of the balance leads; None for a change of origin, which leads nowhere."""
    if kind == BOUGHT:
        return ("source", item), ("carrier", commodity)
    if kind == AUXILIARY:
        return ("source", FROM_AIR if origin == "air" else ADDED), ("conversion", plant(item))
    if kind in (RELEASED, UNTRACKED):
        return ("conversion", plant(item)), ("losses", kind)
    if kind == PRODUCT:
        return ("carrier", item), ("use", item)
    return (("carrier", item), ("losses", kind)) if kind in (STORED, DISPOSED, LOST) else None


def _through(found: Links, results: Results, period: int, conversions: Note) -> None:
    """Links between commodities and plants, less what goes round within one conversion.

    Plants that only pass CO₂ on, to transport or store it, are no node: one commodity becomes another.
    """
    data, commodities = results.data, labels(results.data, "commodity")
    at = [int(y) for y in data["period"].values].index(period)
    made, taken = (values_of(data, f"carbon_{x}", "process", "commodity")[..., at] for x in ("made", "taken"))
    movers = _movers(results, made, taken)
    for p in np.flatnonzero(movers):
        shares = made[p].sum(axis=1) / made[p].sum()
        for a, b, o in np.ndindex(len(commodities), len(commodities), len(ORIGINS)):
            _add(found, ("carrier", commodities[a]), ("carrier", commodities[b]), o, taken[p, a, o] * shares[b])
    groups = [noted(data, p, conversions) for p in labels(data, "process")]
    for group in dict.fromkeys(groups):
        own = np.array([g == group for g in groups]) & ~movers
        into, out = taken[own].sum(axis=0), made[own].sum(axis=0)
        again = np.minimum(into, out)
        for c, o in np.ndindex(into.shape):
            _add(found, ("carrier", commodities[c]), ("conversion", group), o, into[c, o] - again[c, o])
            _add(found, ("conversion", group), ("carrier", commodities[c]), o, out[c, o] - again[c, o])


def _movers(results: Results, made: Floats, taken: Floats) -> NDArray[np.bool_]:
    """Plants that take CO₂ and make as much CO₂ of it, in a period."""
    gases = {name for name, own in written_commodities(results).items() if own.get("carbon_dioxide")}
    gas = np.array([c in gases for c in labels(results.data, "commodity")], dtype=bool)
    into, out = taken.sum(axis=(1, 2)), made.sum(axis=(1, 2))
    other = (made + taken)[:, ~gas].sum(axis=(1, 2))
    return np.asarray((into > 0) & (np.abs(into - out) <= NOISE * into) & (other <= NOISE * into))


def _add(found: Links, source: Node, target: Node, origin: int, value: float) -> None:
    if value > 0:
        key = (source, target, ORIGINS[origin])
        found[key] = found.get(key, 0.0) + float(value)
