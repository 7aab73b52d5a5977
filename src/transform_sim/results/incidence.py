"""Who pays whom: every cost component booked twice, and what changes hands through prices."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from transform_sim.errors import TransformSimError
from transform_sim.names import CAPACITY_MARGIN, QUOTA

Floats = NDArray[np.float64]
INDUSTRY, STATE, CONSUMERS, SUPPLIERS = "industry", "state", "consumers", "suppliers"
PRICE = "price"
CAP_SCARCITY, QUOTA_PREMIUM, CAPACITY_PRICE, PRODUCT_PRICE = (
    "cap_scarcity", "quota_premium", "capacity_price", "product_price",
)  # fmt: skip
COLUMNS = (
    "actor", "counterpart", "component", "kind", "counts", "owner", "owner_kind", "sector", "period", "amount", "unit",
)  # fmt: skip


def incidence(data: xr.Dataset) -> pd.DataFrame:
    """One row per payment and side of it; see `Results.incidence`.

    Raises TransformSimError if the results do not say who pays.
    """
    if "annual_cost" not in data or "payer" not in data.coords:
        name = data.attrs.get("scenario", "results")
        raise TransformSimError(f"incidence of {name} — these results do not say who pays — solve the study again")
    books = [*_ledger(data), *_prices(data)]
    frame = pd.DataFrame(books, columns=[*COLUMNS[:-1]])
    return frame.assign(unit=str(data["annual_cost"].attrs["units"]))


def _ledger(data: xr.Dataset) -> Iterator[tuple[Any, ...]]:
    """Declared costs: what the payer pays the receiver gets; what is below zero flows the other way.

    Costs count from the side of those who decide. What is paid to industry is a negative cost, and so a positive flow.
    """
    paid = data["annual_cost"].transpose("component", "owner", "period")
    notes = [paid[c].values for c in ("payer", "receiver", "component", "kind", "counts")]
    for k, (payer, receiver, component, kind, counts) in enumerate(zip(*notes, strict=True)):
        earned = receiver == INDUSTRY and payer != INDUSTRY
        flow = -paid.values[k] if earned else paid.values[k]
        yield from _twice(data, flow, str(payer), str(receiver), (str(component), str(kind), bool(counts)))


def _prices(data: xr.Dataset) -> Iterator[tuple[Any, ...]]:
    """What prices move between owners: scarcity of caps, quotas, firm capacity, and what consumers pay for products."""
    if "market_income" not in data:
        return
    brought = (data["market_income"] - data["market_expense"]).transpose("market", "owner", "period")
    kind = data["owner_kind"].values.astype(str)
    emissions: list[str] = data["emission"].values.tolist() if "emission" in data.dims else []
    rows = {str(m): brought.values[i] for i, m in enumerate(brought["market"].values)}
    policy = kind == "policy"
    for market in (m for m in rows if m in emissions):
        taken = np.where(policy[:, None], 0.0, -rows[market])
        yield from _twice(data, taken, INDUSTRY, STATE, (CAP_SCARCITY, PRICE, False))
    for family, name in ((QUOTA, QUOTA_PREMIUM), (CAPACITY_MARGIN, CAPACITY_PRICE)):
        if family in rows:
            yield from _cleared(data, rows[family], name)
    goods = [v for m, v in rows.items() if m in data["commodity"].values]
    if goods:
        taken = np.where((kind == "demand")[:, None], -np.sum(goods, axis=0), 0.0)
        yield from _twice(data, taken, CONSUMERS, INDUSTRY, (PRODUCT_PRICE, PRICE, False))


def _twice(
    data: xr.Dataset, paid: Floats, payer: str, receiver: str, what: tuple[str, str, bool]
) -> Iterator[tuple[Any, ...]]:
    """Payments (owner, Y) as two rows each: − for who pays, + for who receives."""
    owners, years = _owners(data), data["period"].values.tolist()
    for o, y in zip(*np.nonzero(paid), strict=True):
        amount = float(paid[o, y])
        yield (payer, receiver, *what, *owners[o], years[y], -amount)
        yield (receiver, payer, *what, *owners[o], years[y], amount)


def _cleared(data: xr.Dataset, brought: Floats, name: str) -> Iterator[tuple[Any, ...]]:
    """A market in which some owners pay and others are paid: each deals with the actors behind the other side."""
    owners = _owners(data)
    actor = np.array([_actor(k) for k in data["owner_kind"].values.astype(str)])
    for y, year in enumerate(data["period"].values):
        paid, got = np.maximum(-brought[:, y], 0.0), np.maximum(brought[:, y], 0.0)
        if not paid.any() or not got.any():
            continue
        got *= paid.sum() / got.sum()
        for side, other, sign in ((paid, got, -1.0), (got, paid, 1.0)):
            share = {a: float(other[actor == a].sum() / other.sum()) for a in dict.fromkeys(actor[other > 0])}
            for o in np.flatnonzero(side):
                for a, part in share.items():
                    amount = sign * float(side[o]) * part
                    yield (actor[o], a, name, PRICE, False, *owners[o], int(year), amount)


def _actor(kind: str) -> str:
    """Who stands behind an owner; behind policy, firm supply from outside."""
    return {"demand": CONSUMERS, "policy": SUPPLIERS}.get(kind, INDUSTRY)


def _owners(data: xr.Dataset) -> list[tuple[str, str, str]]:
    """Name, kind and sector of each owner."""
    names, kinds, sectors = (data[c].values.tolist() for c in ("owner", "owner_kind", "owner_sector"))
    return list(zip(names, kinds, sectors, strict=True))
