"""What owners gain or lose at shadow prices."""

from __future__ import annotations

import numpy as np
import pandas as pd

from transform_sim.errors import TransformSimError
from transform_sim.results import Results


def rents(results: Results) -> pd.DataFrame:
    r"""Rent or loss of each owner (plant, supply, sale, demand, store, link, load, charge, policy) in each year.

    Rent is the value of what an owner brings to markets at shadow prices, less what it takes there, less its own cost
    as it counts in the objective: $r_o = \sum_{i,j \in o} \lambda_i a_{ij} x_j - \sum_{j \in o} c_j x_j$. Markets are
    balances of commodities (at their own steps: $\sum_h W_h \pi_h q_h$), scarce emissions, shared resources, quotas,
    firm capacity, and what else owners have to do with each other. Demand pays for what is served, so its rent is
    minus its bill and what it goes without; policy holds what nobody else does, such as allowances under a cap.

    Over the horizon (weighted with `period_weight`) new capacity without a limit earns nothing: it breaks even over its
    life, not in each year. Existing plants earn what is scarce about them, plants that must run may lose. Two
    identities hold for rents over the horizon: they add to minus the objective, since markets only pass money on; and
    by strong duality each owner's rent is that of its own limits and bounds, $-\sum \lambda_i b_i - \sum d_j u_j$
    (`limit_rent` of the results says which).

    Shadow prices are not unique: where a plan has more than one set of prices that support it, rents move between
    owners, and between years of one owner, while their sums stay.

    Returns one row per owner and period that has any: owner, owner_kind, sector, period, earned and paid (sums of
    markets in which the owner gains or loses), cost, rent, unit. Raises TransformSimError if the results hold no
    shadow prices.
    """
    data = results.data
    if "market_income" not in data:
        raise TransformSimError(f"rents of {results.name} — these results hold no shadow prices — solve with HiGHS")
    earned, paid = (
        data[name].sum("market").transpose("owner", "period").values for name in ("market_income", "market_expense")
    )
    counted = data["annual_cost"].isel(component=np.flatnonzero(data["counts"].values))
    cost = counted.sum("component").transpose("owner", "period").values
    at = np.nonzero((earned != 0) | (paid != 0) | (cost != 0))
    words = {
        name: data[c].values.astype(str)[at[0]]
        for name, c in (("owner", "owner"), ("owner_kind", "owner_kind"), ("sector", "owner_sector"))
    }
    numbers = {"earned": earned, "paid": paid, "cost": cost, "rent": earned - paid - cost}
    return pd.DataFrame({
        **words, "period": data["period"].values[at[1]], **{n: v[at] for n, v in numbers.items()},
        "unit": str(data["annual_cost"].attrs["units"]),
    })  # fmt: skip
