"""Everything that money is invested in, of three kinds: new capacity, and conversions at the end of or midway."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from transform_sim.finance import survival
from transform_sim.lp import Entities, join
from transform_sim.names import END_CONVERSION, MID_CONVERSION, NEW_CAPACITY

from .assets import Assets
from .campaigns import campaign_end
from .capital import BY_PERIOD, Capital
from .cohorts import Cohorts, Conversions
from .frame import Frame
from .values import INF, scalar

Floats = NDArray[np.float64]
NEW, END, MID = "new", "end", "mid"
VARIABLE = {NEW: NEW_CAPACITY, END: END_CONVERSION, MID: MID_CONVERSION}
"""Variable of each kind."""


@dataclass(frozen=True, eq=False)
class Investments:
    """Investments of one kind; n rows, V periods of investment, Y periods.

    Attributes:
        table: entities of the kind's variable.
        asset: code of the asset that results, shape (n,); `ratio` capacity of it per unit of the variable.
        capital: per unit of the variable.
        stands: share of each period during which what results exists, shape (n, V, Y).
    """

    table: Entities
    asset: NDArray[np.int64]
    ratio: Floats
    capital: Capital
    stands: Floats

    def into(self, plants: Collection[str], regions: Collection[int], assets: Assets) -> NDArray[np.int64]:
        """Rows that bring capacity of some plants in some regions."""
        pairs = zip(self.asset.tolist(), self.table["region"].tolist(), strict=True)
        chosen = [i for i, (a, r) in enumerate(pairs) if assets.owner[a] in plants and r in regions]
        return np.array(chosen, dtype=np.int64)


def investments(frame: Frame, assets: Assets, cohorts: Cohorts | None) -> dict[str, Investments]:
    """All investments by kind; renewals of the same process are none, as they bring nothing new."""
    out = {NEW: _new(frame, assets, cohorts)}
    if cohorts is not None:
        out |= {END: _conversions(cohorts.end, assets), MID: _conversions(cohorts.mid, assets)}
    return out


def _new(frame: Frame, assets: Assets, cohorts: Cohorts | None) -> Investments:
    capital = assets.capital
    rows = zip(assets.table["asset"], assets.by_cohort, strict=True)
    stands = np.array([_standing(frame, assets, asset, campaign=c) for asset, c in rows])
    if cohorts is not None:  # what has campaigns keeps its capital there
        pairs = join(assets.table, cohorts.new_table)
        fields = {
            field: _put(getattr(capital, field), pairs.left, getattr(cohorts.new_capital, field)[pairs.right])
            for field in (*BY_PERIOD, "paid")
        }
        capital = Capital(**fields)
    shape = (len(assets.table), len(frame.years), len(frame.years))
    return Investments(assets.table, assets.table["asset"], np.ones(len(assets.table)), capital, stands.reshape(shape))


def _standing(frame: Frame, assets: Assets, asset: int, *, campaign: bool) -> Floats:
    """Share of each period y in which what is built in v stands; a campaign ends with a period, shape (V, Y)."""
    life = scalar(assets.plants[assets.owner[asset]].lifetime, INF)
    lives = [campaign_end(v, life, frame) - v if campaign else life for v in frame.years]
    return np.array([survival(v, n, frame.years, frame.lengths) for v, n in zip(frame.years, lives, strict=True)])


def _put(values: Floats, at: NDArray[np.int64], new: Floats) -> Floats:
    out = values.copy()
    out[at] = new
    return out


def _conversions(arcs: Conversions, assets: Assets) -> Investments:
    pairs = zip(arcs.table["source"].tolist(), arcs.table["target"].tolist(), strict=True)
    own = np.array([i for i, (s, t) in enumerate(pairs) if assets.owner[s] != assets.owner[t]], dtype=np.int64)
    table, capital = arcs.table.take(own), arcs.capital.take(own)
    # a campaign is paid for as long as it lasts
    return Investments(table, table["target"], arcs.ratio[own], capital, capital.paid)
