"""From columns and duals to labelled arrays in natural units."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from transform_sim.inputs import Inputs
from transform_sim.lp import Grid, Program
from transform_sim.lp.blocks import Block
from transform_sim.names import GRIDS, STOCK

if TYPE_CHECKING:
    from transform_sim.solvers.case import Case

Floats = NDArray[np.float64]
Rename = Mapping[str, tuple[str, Sequence[str]]]
"""Entity dimension → (dimension of the result, label of the result for each code)."""
Named = dict[str, xr.DataArray]


@dataclass(frozen=True, eq=False)
class Extractor:
    """Reads blocks of one solved program into xarray; `case` holds the costs and bounds it was solved with."""

    program: Program
    data: Inputs
    x: Floats
    case: Case | Program

    @property
    def periods(self) -> list[int]:
        return list(self.program.periods.labels)

    def grid(self, name: str) -> Grid:
        return self.data.frame.grids[name]

    def values(self, block: Block, of: Floats | None = None) -> Floats:
        """Values of a block with its three axes (E, Y, T)."""
        return (self.x if of is None else of)[block.span].reshape(block.shape)

    def annual(self, block: Block) -> Floats:
        """Amount per year of a rate, shape (E, Y); capacities as they are."""
        values = self.values(block)
        return values[:, :, 0] if block.grid.name == STOCK else values @ block.grid.weight

    def array(
        self,
        variable: str,
        rename: Rename,
        *,
        scale: Callable[[Block], Floats] | None = None,
        grid: str | None = None,
    ) -> xr.DataArray | None:
        """Annual amounts (or, with `grid`, values at its steps) summed over dimensions that `rename` leaves out.

        Returns None if the variable has no block there. Labels that do not occur are left out; combinations that
        do not exist are 0.
        """
        blocks = [b for b in self.program.columns if b.name == variable and grid in (None, b.grid.name)]
        if not blocks:
            return None
        names = {to: _occurring(blocks, dim, labels) for dim, (to, labels) in rename.items()}
        shape = [len(v) for v in names.values()] + [len(self.periods)]
        steps = list(blocks[0].grid.labels) if grid else None
        out = np.zeros([*shape, len(steps)] if steps else shape)
        for block in blocks:
            value = self.values(block) if grid else self.annual(block)
            if scale is not None:
                factor = scale(block)
                value = value * factor.reshape(factor.shape + (1,) * (value.ndim - factor.ndim))
            index = [_codes(block.entities[dim], labels, names[to]) for dim, (to, labels) in rename.items()]
            here = np.all([codes >= 0 for codes in index], axis=0) if index else np.ones(len(value), dtype=bool)
            np.add.at(out, tuple(codes[here] for codes in index), value[here])
        coords: dict[str, Sequence[object]] = {**names, "period": self.periods}
        if steps and grid:
            coords[grid] = steps
        return xr.DataArray(out, coords=coords, dims=list(coords))

    def prices(self, row_dual: Floats, family: str, grid: str) -> xr.DataArray | None:
        """Dual ÷ (W_g N_y) of a family on a grid by its entity dimensions, period and step; NaN where no row is."""
        block = next((b for b in self.program.rows if b.name == family and b.grid.name == grid), None)
        if block is None:
            return None
        price = self.values(block, row_dual / self.program.row_scale)
        names = {d: [self.program.labels[d][c] for c in np.unique(codes)] for d, codes in block.entities.codes.items()}
        out = np.full([*(len(v) for v in names.values()), *price.shape[1:]], np.nan)
        index = tuple(np.searchsorted(np.unique(codes), codes) for codes in block.entities.codes.values())
        out[index] = price
        coords = {**names, "period": self.periods, grid: list(block.grid.labels)}
        return xr.DataArray(out, coords=coords, dims=list(coords))

    def owner(self, *, kind: type) -> Rename:
        """Rename assets to the plants behind them; assets of another kind fall away."""
        assets = self.data.assets
        labels = [o if isinstance(assets.plants[o], kind) else "" for o in assets.owner]
        return {"asset": (kind.__name__.lower(), labels)}

    def same(self, *dims: str) -> Rename:
        """Keep these dimensions under their own names."""
        return {d: (d, self.program.labels[d]) for d in dims}

    def regions(self) -> Rename:
        return {"region": ("region", self.program.labels["region"])}

    def finest(self, variable: str) -> str | None:
        """The finest grid on which a variable lives."""
        grids = [b.grid.name for b in self.program.columns if b.name == variable]
        return max(grids, key=lambda g: GRIDS.index(g) if g in GRIDS else -1, default=None)


def _occurring(blocks: Sequence[Block], dim: str, labels: Sequence[str]) -> list[str]:
    seen = {labels[c] for block in blocks for c in np.unique(block.entities[dim])}
    return [x for x in dict.fromkeys(labels) if x and x in seen]


def _codes(codes: NDArray[np.int64], labels: Sequence[str], names: list[str]) -> NDArray[np.int64]:
    lookup = np.array([names.index(x) if x in names else -1 for x in labels], dtype=np.int64)
    return np.asarray(lookup[codes])


def described(name: str, array: xr.DataArray | None, long_name: str, units: str) -> Named:
    """The array under its name with its attributes, or nothing if there is none."""
    if array is None:
        return {}
    array.attrs.update(long_name=long_name, units=units)
    return {name: array}
