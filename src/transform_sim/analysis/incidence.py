"""Who pays for what: payments by actor and component."""

from __future__ import annotations

import pandas as pd

from transform_sim.errors import TransformSimError
from transform_sim.results import Results
from transform_sim.results.incidence import PRICE

ALL = "all"


def incidence(results: Results, per: str | None = None) -> pd.DataFrame:
    """What each actor pays (−) and receives (+) a year: rows actor and component, columns period.

    Payments are those that count in the view of the study: the social view has no levies, charges or financing, and
    with `social_carbon: absent` no carbon price; `Results.incidence` has them all the same, each payment by itself.

    Rows `all` hold the sum over an actor's components of cost and transfer (kinds `resource` and `transfer`); price
    components, which shadow prices move and which are contained in the price of products, stand beside it. All other
    rows of a component add to zero over actors.

    Args:
        per: a commodity that is demanded: amounts are then per unit of it that is served. None: per year.

    Raises TransformSimError if the commodity is not demanded in some year.
    """
    frame = counted(results)
    table = frame.pivot_table(index=["actor", "component"], columns="period", values="amount", aggfunc="sum")
    years = [int(y) for y in results.data["period"].values]
    table = table.reindex(columns=years).fillna(0.0)
    own = frame[frame["kind"] != PRICE]
    total = own.pivot_table(index="actor", columns="period", values="amount", aggfunc="sum")
    total = total.reindex(columns=years).fillna(0.0)
    total.index = pd.MultiIndex.from_product([total.index, [ALL]], names=["actor", "component"])
    out = pd.concat([table, total]).sort_index()
    return out if per is None else out / served(results, per)


def counted(results: Results) -> pd.DataFrame:
    """Rows of `Results.incidence` that count in the view of the study, and what shadow prices move."""
    frame = results.incidence
    return frame[frame["counts"] | (frame["kind"] == PRICE)]


def served(results: Results, commodity: str) -> pd.Series[float]:
    """Demand served of a commodity by period; raises TransformSimError where there is none."""
    data = results.data
    known = list(map(str, data["demand_commodity"].values)) if "served_demand" in data else []
    if commodity not in known:
        raise TransformSimError(
            f"incidence of {results.name} — nobody demands '{commodity}' — choose from {', '.join(known) or 'nothing'}"
        )
    own = data["served_demand"].isel(demand=[i for i, c in enumerate(known) if c == commodity])
    amount = own.sum([d for d in own.dims if d != "period"]).values
    if not (amount > 0).all():
        raise TransformSimError(f"incidence of {results.name} — '{commodity}' is not demanded in every year")
    return pd.Series(amount, index=[int(y) for y in data["period"].values])
