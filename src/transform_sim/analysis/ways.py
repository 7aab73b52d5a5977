"""Ways to make a commodity, and the parts that their cost has."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from transform_sim.inputs import Inputs

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Way:
    """One way to make a commodity: codes of asset, mode, region and commodity; amount per activity, shape (Y,)."""

    asset: int
    mode: int
    region: int
    commodity: int
    made: Floats


@dataclass(frozen=True)
class Part:
    """A part of the cost of one activity: `amount` of an item at a `price` and where that is from, shape (Y,).

    Of capital and operation `amount` is the cost itself, and there is no price.
    """

    kind: str
    amount: Floats
    item: str = ""
    node: str = ""
    price: Floats | None = None
    basis: NDArray[np.str_] | None = None

    @property
    def cost(self) -> Floats:
        """Money per unit of activity, shape (Y,); what is not used costs nothing, whatever its price."""
        return self.amount if self.price is None else np.where(self.amount == 0, 0.0, self.amount * self.price)


def product(data: Inputs, process: str, mode: str | None = None) -> str | None:
    """What a process, or one mode of it, is run for: the first commodity that it makes, as its flows are written.

    Emissions are no product. None if it makes nothing.
    """
    table, values = data.activities.flows.table, data.activities.flows.values
    own = np.isin(table["asset"], [a for a, owner in enumerate(data.assets.owner) if owner == process])
    if mode is not None:
        own &= table["mode"] == data.activities.modes.index(mode)
    made = np.flatnonzero(own & (values > 0).any(axis=1))
    return data.frame.commodities[int(table["commodity"][made[0]])] if made.size else None


def ways(data: Inputs, commodity: str) -> Iterator[Way]:
    """All processes, modes and techniques that make a commodity, in each region."""
    if commodity not in data.frame.commodities:
        return
    table, values = data.activities.flows.table, data.activities.flows.values
    code = data.frame.commodities.index(commodity)
    for i in np.flatnonzero((table["commodity"] == code) & (values > 0).any(axis=1)):
        yield Way(int(table["asset"][i]), int(table["mode"][i]), int(table["region"][i]), code, values[i])
