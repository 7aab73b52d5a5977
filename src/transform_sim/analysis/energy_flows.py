"""Who makes and who uses a commodity, and how energy flows from its sources to where it is used or lost."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import numpy as np
import pandas as pd
import xarray as xr

from transform_sim.errors import TransformSimError
from transform_sim.results import Results
from transform_sim.scenario.units import factor, is_energy

SUPPLY, USE = "supply", "use"
PROCESS, TRADE, STORE, DEMAND, DISPOSED, NETWORK = "process", "trade", "store", "demand", "disposal", "network"
FLEXIBLE = "flexible load"
LOSSES, AMBIENT, GAIN, FEEDSTOCK = "losses", "ambient heat", "efficiency gain", "feedstock energy"
PUMPED = 1.5
"""What a plant makes per unit of energy that it takes, above which it must be a heat pump."""
NOISE = 1e-9
"""Share of the largest amount of a commodity below which another is left by the solver's tolerance."""
NOTHING = 1e-9
"""Units a year below which there is none of a commodity."""

Note = Literal["route", "sector"]
Node = tuple[str, str]
"""Kind and name: ('source', 'grid_power'), ('carrier', 'electricity'), ('conversion', …), ('use', …), ('losses', …)."""


def balance(results: Results, commodity: str) -> pd.DataFrame:
    """Who makes and uses a commodity: one row per period, side and item, in its unit per year.

    Columns: period, side ('supply' or 'use'), kind (process, trade, store, demand, disposal, flexible load, network),
    item, value. Stores count with what is lost in them over the year, networks with what is lost on the way. Processes
    and demand use what they would without flexibility: a flexible load supplies what it gives up, and uses what
    shifting loses. The two sides of a period are equal. Raises TransformSimError if the results have no such commodity.
    """
    known = [str(c) for c in results.data["commodity"].values] if "commodity" in results.data.dims else []
    if commodity not in known:
        raise TransformSimError(
            f"balance of {results.name} — there is no commodity '{commodity}' — "
            f"choose from {', '.join(known) or 'nothing'}"
        )
    rows = pd.concat([_row(*part) for part in _parts(results.data, commodity)] or [_EMPTY], ignore_index=True)
    lost = _on_the_way(results.data, commodity, rows)
    frame = pd.concat([rows, lost], ignore_index=True)
    noise = max(NOISE * float(frame["value"].max()), NOTHING) if len(frame) else NOTHING
    kept: pd.DataFrame = frame[frame["value"] > noise].reset_index(drop=True)
    return kept


_EMPTY = pd.DataFrame({"period": [], "side": [], "kind": [], "item": [], "value": []}).astype(
    {"period": int, "side": str, "kind": str, "item": str, "value": float}
)


def _parts(data: xr.Dataset, commodity: str) -> Iterator[tuple[str, str, str, xr.DataArray]]:
    """(side, kind, dimension of the items, amounts) of everything that enters or leaves the balance."""
    if "flow" in data and commodity in data["flow"]["commodity"].values:
        flow = data["flow"].sel(commodity=commodity)
        yield SUPPLY, PROCESS, "process", flow.clip(min=0.0)
        yield USE, PROCESS, "process", (-flow).clip(min=0.0)
    for side, kind, variable, dim in (
        (SUPPLY, TRADE, "purchase", "supply"),
        (USE, TRADE, "sale", "sales"),
        (USE, DEMAND, "served_demand", "demand"),
    ):
        own = _of(data, variable, dim, commodity)
        if own is not None:
            yield side, kind, dim, own
    charged, taken = _of(data, "charge", "storage", commodity), _of(data, "discharge", "storage", commodity)
    if charged is not None and taken is not None:
        yield USE, STORE, "storage", charged.sum("region") - taken.sum("region")
    more, less = _of(data, "shift_up", "load", commodity), _of(data, "shift_down", "load", commodity)
    if more is not None and less is not None:
        yield USE, FLEXIBLE, "load", more - less
    shed = _of(data, "shed", "load", commodity)
    if shed is not None:
        yield SUPPLY, FLEXIBLE, "load", shed
    if "disposal" in data and commodity in data["disposal"]["commodity"].values:
        yield USE, DISPOSED, "commodity", data["disposal"].sel(commodity=[commodity])


def _of(data: xr.Dataset, variable: str, dim: str, commodity: str) -> xr.DataArray | None:
    """The part of a quantity that concerns the commodity; None if there is none."""
    if variable not in data:
        return None
    own = np.flatnonzero(data[f"{dim}_commodity"].values.astype(str) == commodity)
    return data[variable].isel({dim: own}) if own.size else None


def _row(side: str, kind: str, dim: str, amounts: xr.DataArray) -> pd.DataFrame:
    rest = [d for d in amounts.dims if d not in ("period", dim)]
    series = amounts.sum(rest).reset_coords(drop=True).transpose(dim, "period")
    items, periods = (series[d].values for d in (dim, "period"))
    return pd.DataFrame({
        "period": np.tile(periods.astype(int), len(items)), "side": side, "kind": kind,
        "item": np.repeat(items.astype(str), len(periods)), "value": series.values.ravel(),
    })  # fmt: skip


def _on_the_way(data: xr.Dataset, commodity: str, rows: pd.DataFrame) -> pd.DataFrame:
    """What networks lose: what enters their nodes and is used at none. Only where a link carries the commodity."""
    if _of(data, "link_flow", "link", commodity) is None:
        return _EMPTY
    sign = np.where(rows["side"] == SUPPLY, 1.0, -1.0)
    left = (rows["value"] * sign).groupby(rows["period"]).sum().clip(lower=0.0)
    return pd.DataFrame({"period": left.index, "side": USE, "kind": NETWORK, "item": "links", "value": left.values})


def links(results: Results, period: int, *, conversions: Note = "route", uses: Note = "sector") -> pd.DataFrame:
    """Energy in TWh per year from source to carrier, through conversions to other carriers, to uses and losses.

    Columns: source_kind, source, target_kind, target, carrier, value. Kinds: source (a purchase, a plant that takes no
    energy carrier, heat from the air, what an electric furnace needs less than a fired one where heat is counted by
    its fuel, energy in feedstocks that count in tonnes), carrier, conversion (plants that make a carrier from others),
    use (plants that make none, a demand, a sale) and losses. `conversions` and `uses` say whether plants are joined by
    route or sector. At each node between the ends what comes in goes out. Raises TransformSimError if no energy is
    used then.
    """
    data = results.data
    units = dict(zip(data["commodity"].values.astype(str), data["commodity_unit"].values.astype(str), strict=True))
    emissions = set(data["emission"].values.astype(str)) if "emission" in data.dims else set()
    carriers = [c for c, unit in units.items() if is_energy(unit) and c not in emissions]
    found: dict[tuple[Node, Node, str], float] = {}
    own = np.zeros((len(carriers), data.sizes.get("process", 0)))
    for k, carrier in enumerate(carriers):
        size = factor(units[carrier], "TWh")
        rows = balance(results, carrier)
        rows = rows[rows["period"] == period]
        names = rows[["side", "kind", "item"]].astype(str).to_numpy()
        for (side, kind, item), value in zip(names, rows["value"].to_numpy() * size, strict=True):
            _outer(found, carrier, side, kind, item, float(value))
        if "flow" in data:
            flow = data["flow"].sel(commodity=carrier, period=period).sum("region") * size
            own[k] = flow.reindex(process=data["process"].values, fill_value=0.0).values
    for p, process in enumerate(data["process"].values.astype(str) if own.size else ()):
        _plant(found, data, process, dict(zip(carriers, own[:, p], strict=True)), conversions, uses)
    total = sum(v for (source, *_), v in found.items() if source[0] == "source")
    if not total:
        raise TransformSimError(f"energy flows of {results.name} — no energy is used in {period}")
    return pd.DataFrame(
        [(*s, *t, c, v) for (s, t, c), v in found.items() if v > NOISE * total],
        columns=["source_kind", "source", "target_kind", "target", "carrier", "value"],
    )


def _add(found: dict[tuple[Node, Node, str], float], source: Node, target: Node, carrier: str, value: float) -> None:
    found[source, target, carrier] = found.get((source, target, carrier), 0.0) + value


def _outer(
    found: dict[tuple[Node, Node, str], float], carrier: str, side: str, kind: str, item: str, value: float
) -> None:
    """Links of what is no plant: purchases, sales, demand, and losses of stores and networks."""
    node = ("carrier", carrier)
    if side == SUPPLY and kind in (TRADE, FLEXIBLE):
        _add(found, ("source", item), node, carrier, value)
    elif side == USE and kind in (TRADE, DEMAND):
        _add(found, node, ("use", item), carrier, value)
    elif side == USE and kind != PROCESS:
        _add(found, node, ("losses", LOSSES), carrier, value)


def _plant(
    found: dict[tuple[Node, Node, str], float],
    data: xr.Dataset,
    process: str,
    flows: dict[str, float],
    conversions: Note,
    uses: Note,
) -> None:
    """Links of one plant: final use, a source, or a conversion with its losses (or what it takes from elsewhere)."""
    used = {c: -v for c, v in flows.items() if v < 0}
    made = {c: v for c, v in flows.items() if v > 0}
    final = ("use", noted(data, process, uses))
    if not made:
        for carrier, value in used.items():
            _add(found, ("carrier", carrier), final, carrier, value)
        return
    here = ("conversion", noted(data, process, conversions)) if used else ("source", noted(data, process, "route"))
    for carrier, value in used.items():
        _add(found, ("carrier", carrier), here, carrier, value)
    for carrier, value in made.items():
        _add(found, here, ("carrier", carrier), carrier, value)
    rest = sum(used.values()) - sum(made.values())
    if not used:
        return
    energy = is_energy(str(data["process_unit"].sel(process=process).item()))
    if rest < 0:  # a heat pump takes the rest from the air, a cracker from a feedstock that counts in tonnes
        pumped = sum(made.values()) > PUMPED * sum(used.values())
        origin = FEEDSTOCK if not energy else AMBIENT if pumped else GAIN
        _add(found, ("source", origin), here, origin, -rest)
    elif energy:
        _add(found, here, ("losses", LOSSES), LOSSES, rest)
    else:  # works that make a material and a carrier: the rest went into the material
        main = max(used, key=lambda c: used[c])
        _add(found, here, final, main, rest)


def noted(data: xr.Dataset, process: str, note: Note) -> str:
    """Route or sector of a process; its own name if the results do not say."""
    coordinate = f"process_{note}"
    text = str(data[coordinate].sel(process=process).item()) if coordinate in data.coords else ""
    return text or process
