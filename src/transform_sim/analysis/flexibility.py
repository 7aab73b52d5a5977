"""What flexible loads and stores do in a study: how much they move, when, at which prices, and what it earns."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from transform_sim.errors import TransformSimError
from transform_sim.results import Results
from transform_sim.scenario import units

from .flexibility_hours import LOAD, Moved, bought, moved, node_of, price_at, weights

Floats = NDArray[np.float64]
COLUMNS = [
    "name", "kind", "commodity", "node", "period", "unit", "use", "more", "less", "shed", "full_hours", "cycles",
    "price_more", "price_less", "price_shed", "revenue", "cost", "peak_before", "peak_after",
]  # fmt: skip
SHIFTING, SHEDDING, KEEPING = ("load_shift",), ("load_shed",), ("variable_opex", "holding_cost")
"""Components of cost that moving, giving up and storing cause."""
REST = "rest"
HIGHEST = 1e-6
"""Share of the highest purchases below which another hour's are not as high."""
NOISE = 1e-9
"""Share of the largest rate below which another is left by the solver's tolerance."""


def flexible_use(results: Results) -> pd.DataFrame:
    """One row per flexible load or store, node and period; empty if the results have no hours.

    Columns, per year of the period:
        unit: of `use` (before anything is moved), `more`, `less` (moved) and `shed` (given up): GWh/a of energy, else
            the commodity's own. Of a store `more` is charged, `less` given back. `more` − `less` is lost.
        full_hours: `less` ÷ the highest rate of it; `cycles`: of a store, `less` ÷ its capacity.
        price_more, price_less, price_shed: mean price of the hours where it is used, in money per unit.
        revenue: what less use saves and more use costs at these prices, money a year; `cost` what moving, giving up,
            charging and holding cost.
        peak_before, peak_after: use in the hours in which most of the commodity is bought, per hour: before anything
            is moved, and as it was solved (see `peak`). NaN if none is bought.

    The price is the shadow price of the commodity at the node, the dual of its balance in that hour: what one more
    unit would cost the system. All prices of a study are of one solve by one method. Revenue at that price is what
    the last unit is worth, times all of them: less than the system saves, as moving itself evens prices out
    (`flexibility_value` solves without). Costs are shared over nodes in proportion to what is moved there.
    """
    found = moved(results)
    peaks = {c: _peak_of(results, c, found) for c in dict.fromkeys(m.commodity for m in found)}
    rows = [row for m in found for row in _rows(results, m, found, peaks[m.commodity])]
    return pd.DataFrame(rows, columns=COLUMNS)


def peak(results: Results, commodity: str, period: int | None = None) -> pd.DataFrame:
    """Who uses how much when most of a commodity is bought (less what is sold), before and after things are moved.

    Columns: name, kind, before, after, per hour. `before` is the use, mean over the hours with the highest purchases
    if nothing were moved and all else stayed; `after` the use in the hours with the highest purchases as solved. All
    other use, less own generation, is the row 'rest', so that a column adds to the highest purchases. Period: the last
    if absent. Raises TransformSimError if none is bought by the hour.
    """
    own = moved(results, commodity)
    y = _place(results, period)
    total = bought(results, commodity)
    before, after = _peak_hours(total, own)
    rows = [(m.name, m.kind, float(m.use[y] @ before[y]), float((m.use + m.change)[y] @ after[y])) for m in own]
    frame = pd.DataFrame(rows, columns=["name", "kind", "before", "after"])
    frame = frame.groupby(["name", "kind"], sort=False, as_index=False).sum()
    unmoved = total - _change(own, total)
    rest = unmoved[y] @ before[y] - frame["before"].sum(), total[y] @ after[y] - frame["after"].sum()
    return pd.concat([frame, pd.DataFrame([(REST, REST, *rest)], columns=frame.columns)], ignore_index=True)


def duration_curve(
    results: Results, commodity: str, node: str | None = None, period: int | None = None, with_shift: bool = True
) -> pd.Series[float]:
    """Purchases of a commodity, less sales, from the highest to the lowest; index: hours a year, up to 8,760.

    An entry holds from the hours of the one before to its own, so that entries times differences add to what is bought
    in the year. Without shift nothing is moved by flexible loads and stores of the commodity, and all else is as it
    was solved: what a silo lets its mill do is not taken back. Node: all if absent; period: the last. Raises
    TransformSimError if none is bought by the hour.
    """
    total = bought(results, commodity, node)
    if not with_shift:
        total = total - _change([m for m in moved(results, commodity) if node in (None, m.node)], total)
    rate = total[_place(results, period)]
    order = np.argsort(-rate, kind="stable")
    return pd.Series(rate[order], index=pd.Index(np.cumsum(weights(results)[order]), name="hours"), name=commodity)


def _change(own: list[Moved], like: Floats) -> Floats:
    return np.sum([m.change for m in own], axis=0) if own else np.zeros_like(like)


def _place(results: Results, period: int | None) -> int:
    known = [int(y) for y in results.data["period"].values]
    if period is not None and period not in known:
        raise TransformSimError(
            f"flexibility of {results.name} — there is no period {period} — choose from {', '.join(map(str, known))}"
        )
    return len(known) - 1 if period is None else known.index(period)


def _peak_of(results: Results, commodity: str, found: list[Moved]) -> tuple[Floats, Floats] | None:
    try:
        total = bought(results, commodity)
    except TransformSimError:
        return None
    return _peak_hours(total, [m for m in found if m.commodity == commodity])


def _peak_hours(total: Floats, own: list[Moved]) -> tuple[Floats, Floats]:
    """Shares of the hours that are as high as the highest, before and after things are moved, shape (Y, T)."""
    return _highest(total - _change(own, total)), _highest(total)


def _highest(rate: Floats) -> Floats:
    most = rate.max(axis=1, keepdims=True)
    high = rate >= most - HIGHEST * abs(most)
    return np.asarray(high / high.sum(axis=1, keepdims=True))


def _rows(
    results: Results, m: Moved, found: list[Moved], peaks: tuple[Floats, Floats] | None
) -> Iterator[tuple[object, ...]]:
    """The rows of one load or store at its node, all periods."""
    unit = str(results.data[f"{m.kind}_unit"].sel({m.kind: m.name}).item())
    size = units.factor(unit, "GWh") if units.is_energy(unit) else 1.0
    w, price = weights(results), price_at(results, m.commodity, m.node)
    cost, capacity = _cost(results, m, found), _capacity(results, m)
    amounts = [part @ w * size for part in (m.use, m.more, m.less, m.shed)]
    mean = [_mean(price, part * w) for part in (m.more, m.less, m.shed)]
    revenue = np.nansum(-m.change * price * w, axis=1) if not np.isnan(price).all() else price[:, 0]
    full = _ratio(m.less @ w, m.less.max(axis=1))
    for y, period in enumerate(results.data["period"].values):
        at = (np.nan, np.nan)
        if peaks is not None:
            at = float(m.use[y] @ peaks[0][y]), float((m.use + m.change)[y] @ peaks[1][y])
        yield (
            m.name, m.kind, m.commodity, m.node, int(period), "GWh/a" if units.is_energy(unit) else f"{unit}/a",
            *(float(a[y]) for a in amounts), full[y], _ratio(m.less @ w, capacity)[y], *(float(p[y]) for p in mean),
            revenue[y], cost[y], *at,
        )  # fmt: skip


def _ratio(amount: Floats, whole: Floats) -> Floats:
    """Amount ÷ whole; NaN where there is nothing to set it against."""
    enough = whole > NOISE * max(float(whole.max()), 1.0)
    return np.asarray(np.divide(amount, whole, out=np.full(len(amount), np.nan), where=enough))


def _mean(price: Floats, amount: Floats) -> Floats:
    """Mean price, by amounts; NaN where nothing is moved."""
    total = amount.sum(axis=1)
    return _ratio((price * amount).sum(axis=1), total)


def _capacity(results: Results, m: Moved) -> Floats:
    """Capacity of a store at its node by period; NaN of a load."""
    years = results.data.sizes["period"]
    if m.kind == LOAD or "storage_capacity" not in results.data:
        return np.full(years, np.nan)
    own = results.data["storage_capacity"].sel(storage=m.name)
    here = [r for r in map(str, own["region"].values) if node_of(results, m.commodity, r) == m.node]
    return np.asarray(own.sel(region=here).sum("region").transpose("period").values, dtype=float)


def _cost(results: Results, m: Moved, found: list[Moved]) -> Floats:
    """What moving costs a year by period, this node's share of it."""
    out = np.zeros(results.data.sizes["period"])
    if "annual_cost" not in results.data:
        return out
    array, w = results.data["annual_cost"], weights(results)
    owner = (array["owner_name"].values.astype(str) == m.name) & (array["owner_kind"].values.astype(str) == m.kind)
    same = [other for other in found if (other.name, other.kind) == (m.name, m.kind)]
    kinds = [(SHIFTING, "less"), (SHEDDING, "shed")] if m.kind == LOAD else [(KEEPING, "more")]
    for components, part in kinds:
        named = np.isin(array["component"].values.astype(str), components)
        spent = array.values[named][:, owner].sum(axis=(0, 1))
        own = getattr(m, part) @ w
        whole = np.sum([getattr(other, part) @ w for other in same], axis=0)
        out += spent * np.divide(own, whole, out=np.full(len(own), 1.0 / len(same)), where=whole > 0)
    return out
