"""What is invested, by sector or by plant."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pandas as pd

from transform_sim.errors import TransformSimError
from transform_sim.results import Results

NETWORKS = "networks"


def invested(results: Results, by: Literal["sector", "owner"] = "sector") -> pd.DataFrame:
    """Overnight investment in each period (rows) by sector or owner (columns), in the currency of the results.

    Undiscounted, for the whole period, with renewals and conversions; among sectors, storages and links stand together
    as 'networks'. Raises TransformSimError if the results do not hold it.
    """
    if "investment" not in results.data:
        raise TransformSimError(f"investment of {results.name} — these results do not hold it — solve the study again")
    paid = results.data["investment"]
    names = paid["owner_sector" if by == "sector" else "owner"].values.astype(str)
    if by == "sector" and "owner_kind" in paid.coords:
        names = np.where(np.isin(paid["owner_kind"].values, ("storage", "link")), NETWORKS, names)
    frame = pd.DataFrame(
        paid.transpose("period", "owner").values, index=[int(y) for y in paid["period"].values], columns=names
    )
    summed: pd.DataFrame = frame.T.groupby(level=0, sort=False).sum().T
    return summed
