"""How far cost and emissions rest on numbers that nobody looked up: the share by quality of their sources.

A cost rests on the numbers that price it: the investment of a plant, the price of a supply, the price of the supply
that a sale follows. An emission rests on the flows, carbon contents and auxiliary carbon of the plant that releases it.
Of several numbers the least sure counts.
"""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from transform_sim.results import Results

from .assumptions import QUALITIES, UNSTATED, followed, listed

ORDER = (*QUALITIES, UNSTATED)
MATURE = ("capex", "capex_power", "length")
CAPITAL = (*MATURE, "first_of_a_kind")
OWN = {
    "investment": CAPITAL, "financing": ("wacc", *CAPITAL), "variable_opex": ("variable_opex",), "tariff": ("tariff",),
    "supply_price": ("price", "price_floor"), "sale_price": ("price", "price_floor", "spread"), "levy": ("levy",),
    "shortfall": ("shortfall_cost",), "forgone_demand": ("reference_price", "elasticity"), "disposal": ("cost",),
    "network_charge_energy": ("energy", "share"), "network_charge_capacity": ("capacity", "share"),
}  # fmt: skip
"""Cost component → the fields of its owner that set it."""
SECTION = {
    "process": "processes", "storage": "storages", "link": "links", "commodity": "commodities",
    "network_charge": "network_charges",
}  # fmt: skip
"""Kind of owner → section of the scenario, where they differ."""
RENEWAL = {"reinvest", "retrofits"}
"""Parts of a process that price its renewal and what it becomes, not the plant itself."""
NOISE = 1e-9
"""Share of the whole below which a cost or an emission is left by the solver's tolerance."""


def reliance(results: Results) -> pd.DataFrame:
    """Share of present cost and of gross emissions (columns) by quality (rows); each column adds to one.

    Costs and revenues count by their size, so that they do not cancel. 'unstated' are numbers without an own source.
    """
    known = {a.path: a.quality for a in listed(results)}
    known |= _prices_of_sales(results, known)
    sizes = {"cost": _sums(_costs(results, known)), "emissions": _sums(_emissions(results, known))}
    return pd.DataFrame({name: _shares(size) for name, size in sizes.items()})


def _prices_of_sales(results: Results, known: dict[str, str]) -> dict[str, str]:
    """Quality of what prices a supply, once more for each sale that follows it, as if the numbers stood there."""
    return {
        f"sales.{sale}.follows.{path.split('.', 2)[2]}": quality
        for sale, supply in followed(results).items()
        for path, quality in known.items()
        if _is_own(path, "supply", supply, OWN["supply_price"])
    }


def _sums(parts: Iterable[tuple[str, float]]) -> dict[str, float]:
    """Sizes by quality, all qualities in order."""
    out = dict.fromkeys(ORDER, 0.0)
    for quality, size in parts:
        out[quality] += size
    return out


def _shares(sizes: dict[str, float]) -> pd.Series[float]:
    series = pd.Series(sizes)
    series = series.where(series > NOISE * series.sum(), 0.0)
    total = float(series.sum())
    return series / total if total > 0 else series


def _costs(results: Results, known: dict[str, str]) -> Iterable[tuple[str, float]]:
    if "annual_cost" not in results.data:
        return
    spent = results.data["annual_cost"]
    sizes = (abs(spent) * results.data["period_weight"]).sum("period")
    counted = spent["counts"].values if "counts" in spent.coords else [True] * spent.sizes["component"]
    names = [
        (str(kind), str(name))
        for kind, name in zip(spent["owner_kind"].values, spent["owner_name"].values, strict=True)
    ]
    values = sizes.transpose("component", "owner").values
    for i, component in enumerate(map(str, spent["component"].values)):
        for j, (kind, owner) in enumerate(names):
            if counted[i] and values[i, j] > 0:
                yield worst(_paths(component, SECTION.get(kind, kind), owner, known), known), float(values[i, j])


def _paths(component: str, section: str, owner: str, known: dict[str, str]) -> list[str]:
    """The numbers behind a cost component of a plant, trade or policy."""
    if component == "carbon_price":
        return [p for p in known if p == "policies.carbon_price"]
    if component == "reinvestment":  # it belongs to what the plant becomes
        own = (f"processes.{owner}.reinvest.capex", f"processes.{owner}.first_of_a_kind")
        return [p for p in known if p in own or p.endswith(f".retrofits.{owner}.capex")]
    if component == "fixed_opex":
        share = f"{section}.{owner}.fixed_opex_share"
        fields = ("fixed_opex_share", *MATURE) if share in known else ("length",)
        return [p for p in known if _is_own(p, section, owner, ("fixed_opex", *fields))]
    return [p for p in known if _is_own(p, section, owner, OWN.get(component, ()))]


def _is_own(path: str, section: str, owner: str, fields: Iterable[str]) -> bool:
    """Whether a number is one of these fields of a plant, trade or demand, in its modes and steps too."""
    if not path.startswith(f"{section}.{owner}."):
        return False
    parts = set(path.split(".")[2:])
    return not RENEWAL & parts and bool(parts & set(fields))


def _emissions(results: Results, known: dict[str, str]) -> Iterable[tuple[str, float]]:
    if "process_emission" not in results.data:
        return
    array = results.data["process_emission"]
    sizes = abs(array).sum([d for d in array.dims if d != "process"])
    carbon = {p.split(".")[1] for p in known if p.startswith("commodities.") and p.endswith(".carbon_content")}
    carbon |= {str(e) for e in array["emission"].values}
    for process, size in zip(map(str, array["process"].values), sizes.values, strict=True):
        if size > 0:
            yield worst(_recipe(process, carbon, known), known), float(size)


def _recipe(process: str, carbon: set[str], known: dict[str, str]) -> list[str]:
    """Flows with carbon, the carbon contents of what flows, auxiliary carbon and stated emissions of a process."""
    own = [p for p in known if p.startswith(f"processes.{process}.")]
    flows = {p: p.rsplit(".", 1)[1] for p in own if "flows" in p.split(".")}
    used = {c for c in flows.values() if c in carbon}
    return [
        *(p for p, c in flows.items() if c in carbon), *(p for p in own if p.endswith("auxiliary_carbon")),
        *(f"commodities.{c}.carbon_content" for c in sorted(used)),
    ]  # fmt: skip


def worst(paths: Iterable[str], known: dict[str, str]) -> str:
    """The least sure quality among numbers; 'unstated' if there is none."""
    ranks = [ORDER.index(known[p]) for p in paths if p in known]
    return ORDER[max(ranks)] if ranks else UNSTATED
