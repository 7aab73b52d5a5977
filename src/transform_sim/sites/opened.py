"""Price cases of a site, opened to read."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from transform_sim.errors import ModelError
from transform_sim.sweeps.opened import Sweep
from transform_sim.sweeps.store import read_manifest


@dataclass(frozen=True, eq=False, repr=False)
class SiteCases(Sweep):
    """Price cases as a sweep: `data`, `cases`, `failed()`, and each figure by its name, such as `full_load_hours`.

    Of commodities: `bought`, `sold`, `made`, `price_bought`, `capture_price`, `peak`. Of the plant: `cost` by item
    (below zero: revenue), `full_load_hours`, `operating_hours`, `emissions`; with `keep="hourly"`: `load`, `level` and
    each trade.
    """

    def _lines(self) -> list[tuple[str, str]]:
        return [row for row in super()._lines() if row[0] != "Folder" or self.folder.exists()]

    def scenario(self, case: int | None = None, **at: Any) -> Any:
        """Not here: the prices of a case are not kept."""
        raise ModelError(
            "the prices of a case are not kept in the folder; ask the site: site.at(electricity=…).scenario"
        )

    def solve(self, case: int | None = None, **at: Any) -> Any:
        """Not here: the prices of a case are not kept."""
        raise ModelError("the prices of a case are not kept in the folder; ask the site: site.solve(electricity=…)")


def open_site(folder: str | Path) -> SiteCases:
    """Open the folder of `Site.run`, complete or not; raises StoreError if it holds none."""
    return SiteCases(Path(folder), read_manifest(Path(folder)))
