"""What owners deliver and take at shadow prices, and what limits are worth: the two sides of strong duality."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from transform_sim.lp.blocks import BoundTerm, Columns, Rows
from transform_sim.names import BALANCE, CAPACITY_MARGIN, CARBON_BALANCE, EMISSION_BALANCE, NET_EMISSION, QUOTA

from . import changed
from .extract import Extractor, Named, described
from .owners import Owners
from .spending import spent

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]
GOODS = {BALANCE: "commodity", CARBON_BALANCE: "commodity", EMISSION_BALANCE: "emission"}
"""Rows that are markets of what stands in this dimension; other rows that owners share are markets by their name."""
OBLIGATIONS = (QUOTA, CAPACITY_MARGIN)
ROUNDING = 1e-12
"""Share of all that changes hands in a market below which what is left over is nobody's."""
ACCURACY = 1e-9
"""Share of the carbon price below which what shadow prices say beyond it is noise."""
AT_ONCE = 2_000_000
"""Products of price and amount held at the same time."""


def values(ex: Extractor, row_dual: Floats) -> Named:
    r"""Value of what each owner brings to each market at shadow prices, and the rent of each limit, per year.

    A market is a family of rows in which owners meet: balances of commodities, emissions under a cap, a shared
    resource, a quota. Owner o brings $\sum_{i,j \in o} \lambda_i a_{ij} x_j$; who stands for the other side of the rows
    (demand, else policy) gets what is left, so that each market sums to zero. A limit i yields $-\lambda_i b_i$, a
    bound $-d_j u_j$ with $d = c - A^T \lambda$. Empty without duals.
    """
    if np.isnan(row_dual).any():
        return {}
    owners, money = Owners.of(ex.data.scenario), f"{ex.data.scenario.currency}/a"
    book = _Book(ex, owners, row_dual)
    brought, rent = book.brought(), book.rents()
    # two arrays without signs: what adds to zero would leave nothing but rounding in sums
    earned, paid = ({m: np.maximum(sign * v, 0.0) for m, v in brought.items()} for sign in (1.0, -1.0))
    return (
        described("market_income", _array(ex, owners, "market", earned), "earned in markets at shadow prices", money)
        | described("market_expense", _array(ex, owners, "market", paid), "paid in markets at shadow prices", money)
        | described("limit_rent", _array(ex, owners, "limit", rent), "rent of limits from their shadow prices", money)
    )


def _array(ex: Extractor, owners: Owners, dim: str, found: dict[str, Floats]) -> xr.DataArray:
    names = [name for name, value in found.items() if value.any()]
    out = np.array([found[n] for n in names]).reshape(len(names), len(owners), len(ex.periods))
    coords: dict[str, Sequence[object] | Codes] = {
        dim: np.array(names, dtype=str), "owner": list(owners.labels), "period": ex.periods
    }  # fmt: skip
    return xr.DataArray(out, coords, [dim, "owner", "period"])


@dataclass(frozen=True, eq=False)
class _Book:
    """One solution with its duals, read by owner."""

    ex: Extractor
    owners: Owners
    row_dual: Floats
    _known: dict[int, Codes] = field(default_factory=dict)

    def brought(self) -> dict[str, Floats]:
        """Value (owner, Y) by market; each sums to zero over owners."""
        ex, names = self.ex, [*self.ex.data.scenario.commodities, *dict.fromkeys(b.name for b in self.ex.program.rows)]
        out = np.zeros((len(names), len(self.owners), len(ex.periods)))
        for block in ex.program.rows:
            shared, market = self.shared(block), self._markets(block, names)
            for term in block.terms:
                own = shared[term.entity.rows]
                if own.any():
                    self._bring(out, block, term, own, market)
            for row, owner, taken in self._taken(block):
                out[market[row], owner] -= taken
        self._carbon_paid(out)
        rest, size = out.sum(axis=1), np.abs(out).sum(axis=1)
        out[:, -1] -= np.where(np.abs(rest) > ROUNDING * size, rest, 0.0)
        return dict(zip(names, out, strict=True))

    def rents(self) -> dict[str, Floats]:
        """Rent (owner, Y) by family of rows and by variable with bounds; present values add to −objective."""
        ex = self.ex
        out: dict[str, Floats] = {}
        for block in ex.program.rows:
            dual = ex.values(block, self.row_dual)
            side = np.where(dual > 0, ex.values(block, ex.case.row_lower), ex.values(block, ex.case.row_upper))
            rent = -(dual * np.where(np.isfinite(side), side, 0.0)).sum(axis=2)
            if rent.any():
                out[block.name] = out.get(block.name, self._nothing()) + self._of_rows(block, rent)
        left = ex.case.cost - ex.program.matrix.T @ self.row_dual
        for columns in ex.program.columns:
            d = ex.values(columns, left)
            bound = np.where(d > 0, ex.values(columns, ex.case.lower), ex.values(columns, ex.case.upper))
            rent = -(d * np.where(np.isfinite(bound), bound, 0.0)).sum(axis=2) / ex.program.periods.weight
            if rent.any():
                value = self._nothing()
                np.add.at(value, self._owner(columns), rent)
                out[columns.name] = out.get(columns.name, self._nothing()) + value
        return out

    def shared(self, block: Rows) -> NDArray[np.bool_]:
        """Which entities of the rows several owners meet in; balances and obligations always."""
        if block.name in (*GOODS, *OBLIGATIONS):
            return np.ones(len(block.entities), dtype=bool)
        first, last = self._owner_range(block)
        return np.asarray(first < last)

    def _markets(self, block: Rows, names: list[str]) -> Codes:
        """Market of each entity of the rows, as position in `names`: commodities in their order, then families."""
        dim = GOODS.get(block.name)
        if dim is None:
            return np.full(len(block.entities), names.index(block.name, len(self.ex.data.scenario.commodities)))
        return block.entities[dim]

    def _owner_range(self, block: Rows) -> tuple[Codes, Codes]:
        """First and last owner in each entity of the rows; (large, -1) where nothing stands."""
        first = np.full(len(block.entities), len(self.owners))
        last = np.full(len(block.entities), -1)
        for term in block.terms:
            codes = self._owner(term.columns)[term.entity.cols]
            # a term may be there in name only, with coefficients of zero
            real = np.broadcast_to(np.any(term.coefficient, axis=(1, 2)), codes.shape)
            np.minimum.at(first, term.entity.rows[real], codes[real])
            np.maximum.at(last, term.entity.rows[real], codes[real])
        return first, last

    def _bring(self, out: Floats, block: Rows, term: BoundTerm, own: NDArray[np.bool_], market: Codes) -> None:
        """Add what a term brings to the markets of its rows, shape (market, owner, Y)."""
        rows, owner = term.entity.rows[own], self._owner(term.columns)[term.entity.cols[own]]
        weight = self.ex.program.periods.weight
        years = term.period.rows if block.n_periods == len(weight) else term.period.cols
        np.add.at(out, (market[rows][:, None], owner[:, None], years), self._worth(block, term, own) / weight[years])

    def _owner(self, columns: Columns) -> Codes:
        """Owner of each entity of the columns."""
        if columns.offset not in self._known:
            self._known[columns.offset] = self.owners.codes(self.ex.data, columns.entities)
        return self._known[columns.offset]

    def _worth(self, block: Rows, term: BoundTerm, own: NDArray[np.bool_]) -> Floats:
        r"""$\lambda a x$ summed over steps, by pair of entities and pair of periods."""
        dual, x = self.ex.values(block, self.row_dual), self.ex.values(term.columns)
        rows, cols = term.entity.rows[own], term.entity.cols[own]
        whole = np.broadcast_to(term.coefficient, (len(own), *term.coefficient.shape[1:]))[own]
        size = max(1, AT_ONCE // max(len(term.period.rows) * len(term.step.rows), 1))
        out = np.zeros((len(rows), len(term.period.rows)))
        for at in range(0, len(rows), size):
            part = slice(at, at + size)
            price = dual[np.ix_(rows[part], term.period.rows, term.step.rows)]
            amount = x[np.ix_(cols[part], term.period.cols, term.step.cols)]
            out[part] = (price * amount * whole[part]) @ term.step.values * term.period.values
        return out

    def _taken(self, block: Rows) -> Iterator[tuple[int, int, Floats]]:
        """What demand pays as the side of rows: entity of the rows, owner and value (Y,) per year."""
        ex, rate = self.ex, self._demanded
        if rate is None or block.name not in (BALANCE, CAPACITY_MARGIN):
            return
        demands, weight = ex.data.demands, ex.program.periods.weight
        owner = self.owners.codes(ex.data, demands.table)
        dual = ex.values(block, self.row_dual)
        if block.name == BALANCE:
            of, factor = block.entities["commodity"], np.ones((len(dual), 1, 1))
        else:
            of = self._commodity_of_margin[block.entities["capacity_margin"]]
            factor = ex.data.capacity_margins.factors(block.entities)
        for i, (commodity, node) in enumerate(zip(demands.table["commodity"], demands.table["node"], strict=True)):
            shape = demands.shape[block.grid.name][i]
            for row in np.flatnonzero((of == commodity) & (block.entities["node"] == node)):
                yield int(row), int(owner[i]), (dual[row] * factor[row] * shape).sum(axis=1) * rate[i] / weight

    @cached_property
    def _demanded(self) -> Floats | None:
        return changed.demand(self.ex) if len(self.ex.data.demands.table) else None

    @cached_property
    def _commodity_of_margin(self) -> Codes:
        data = self.ex.data
        margins = data.scenario.policies.capacity_margins
        return np.array([data.frame.commodities.index(margins[n].commodity) for n in data.capacity_margins.names])

    def _carbon_paid(self, out: Floats) -> None:
        """Take out of the emissions' value the price that is a cost of its own: what is left is scarcity of a cap."""
        ex = self.ex
        for block in (b for b in ex.program.columns if b.name == NET_EMISSION):
            cost = ex.values(block, ex.case.cost)
            for code in np.unique(block.entities["emission"]):
                mine = (block.entities["emission"] == code)[:, None, None]
                _, due = spent(ex, self.owners, block, cost * mine, None)
                left = out[code] + due
                left[np.abs(left) <= ACCURACY * np.abs(due)] = 0.0
                left[-1] = -left[:-1].sum(axis=0)
                out[code] = left

    def _of_rows(self, block: Rows, rent: Floats) -> Floats:
        """Present rent (E, Y) of rows by the owner they belong to, per year."""
        weight = self.ex.program.periods.weight
        if rent.shape[1] != len(weight):  # over all periods: where the columns are
            rent = self._spread(block, rent[:, 0])
        value = self._nothing()
        first, last = self._owner_range(block)
        owner = np.where((first == last) & ~self.shared(block), first, len(self.owners) - 1)
        np.add.at(value, owner, rent / weight)
        for row, demand, taken in self._taken(block):  # their share of the side
            value[demand] -= taken
            value[owner[row]] += taken
        return value

    def _spread(self, block: Rows, rent: Floats) -> Floats:
        """Rent (E,) of rows over all periods, by period as their columns have it."""
        by = np.zeros((len(block.entities), len(self.ex.periods)))
        for term in block.terms:
            worth = self._worth(block, term, np.ones(len(term.entity.rows), dtype=bool))
            np.add.at(by, (term.entity.rows[:, None], term.period.cols[None, :]), worth)
        total = by.sum(axis=1, keepdims=True)
        even = np.full(by.shape, 1.0 / by.shape[1])
        share = np.divide(by, total, out=even, where=total != 0)
        return np.asarray(share * rent[:, None])

    def _nothing(self) -> Floats:
        return np.zeros((len(self.owners), len(self.ex.periods)))
