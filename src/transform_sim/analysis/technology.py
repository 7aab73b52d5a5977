"""The plants of a study alone, read back from its results: what they cost and use, without markets and tables."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from transform_sim.errors import ScenarioError, TransformSimError
from transform_sim.results import Results
from transform_sim.scenario import Scenario, loads
from transform_sim.scenario.write import write

from .written import sections_of, text_of

SECTIONS = ("name", "currency", "view", "horizon", "profiles", "regions", "commodities")
STOCK = (
    "existing", "capacity_max", "new_capacity_max", "growth_max", "seed_capacity", "retrofits", "draw_profile",
)  # fmt: skip
"""What says how much of a process stands or when it runs, not what it costs."""
MARKET = (
    "title", "source", "commodity", "regions", "price", "levy", "available_from", "steps", "origin", "biogenic_share",
)  # fmt: skip

CARBON_RULES = ("credit_removals", "charge_co2_use")
"""What says how carbon counts, whatever its price."""
PAYING = (
    "carbon_price", "free_allocation", "power_compensation", "border_adjustment", "carbon_contracts", "grants",
    "budgets", "quotas",
)  # fmt: skip
"""Policies that pay for what plants make or build, or give it a premium; left out if they read tables."""


def plants_of(results: Results) -> Scenario:
    """The scenario of the results, cut down to its plants and to the supplies whose price stands in its text.

    Results carry the text of their scenario, but not the tables beside it: existing plants, limits and demand are
    left out, and so is a supply with a price from a table. Raises TransformSimError if a plant itself needs one.
    """
    return _plants(text_of(results), results.name)


@lru_cache(maxsize=4)
def _plants(text: str, name: str) -> Scenario:
    """Kept for the next figure of the same results: checking many plants takes a while."""
    whole = sections_of(text, f"plants of {name}")
    kept: dict[str, Any] = {key: whole[key] for key in SECTIONS if key in whole}
    kept["commodities"] = {n: _with_plain_disposal(c or {}) for n, c in kept["commodities"].items()}
    kept["processes"] = {n: _without(p, STOCK) for n, p in (whole.get("processes") or {}).items()}
    kept["supply"] = {n: _market(s) for n, s in (whole.get("supply") or {}).items() if not _has_table(_market(s))}
    policies = whole.get("policies") or {}
    paying = () if any(_has_table(policies.get(k)) for k in PAYING) else PAYING
    kept["policies"] = {k: v for k, v in policies.items() if k in (*CARBON_RULES, *paying)}
    if kept["policies"].get("grants"):
        kept["policies"]["grants"] = _granted(kept["policies"]["grants"], kept["processes"])
    for section in ("border_adjustment", "quotas"):
        named = kept["policies"].get(section) or {}
        if named:
            kept["policies"][section] = {n: _bought(p, kept["supply"]) for n, p in named.items()}
    kept["time"] = whole["time"] if "slices" in (whole.get("time") or ()) else "annual"
    try:
        return loads(write(kept))
    except ScenarioError as error:
        raise TransformSimError(
            f"plants of {name} — their text alone does not say what they cost — give the scenario: {error}"
        ) from None


def _granted(grants: Mapping[str, Any], processes: Mapping[str, Any]) -> dict[str, Any]:
    """Grants to processes alone, as stores and links are left out."""
    kept = {name: tuple(p for p in grant["plants"] if p in processes) for name, grant in grants.items()}
    return {name: {**grant, "plants": kept[name]} for name, grant in grants.items() if kept[name]}


def _bought(policy: Mapping[str, Any], supplies: Mapping[str, Any]) -> dict[str, Any]:
    """A policy on purchases that names only those that are kept."""
    named = {"supply": tuple(s for s in policy["supply"] if s in supplies)} if policy.get("supply") else {}
    return {**policy, **named}


def _without(section: Mapping[str, Any], keys: tuple[str, ...]) -> dict[str, Any]:
    return {key: value for key, value in section.items() if key not in keys}


def _with_plain_disposal(commodity: Mapping[str, Any]) -> dict[str, Any]:
    """A commodity whose way out has no limit, and none at all if its cost stands in a table."""
    kept = dict(commodity)
    if kept.get("disposal"):
        kept["disposal"] = _without(kept["disposal"], ("volume_max",))
    return _without(kept, ("disposal",)) if _has_table(kept.get("disposal")) else kept


def _market(supply: Mapping[str, Any]) -> dict[str, Any]:
    """A supply with its mean prices only: limits do not change what one unit costs."""
    kept = {key: value for key, value in supply.items() if key in MARKET}
    if "steps" in kept:
        kept["steps"] = tuple({"price": step["price"]} for step in kept["steps"])
    return kept


def _has_table(data: Any) -> bool:
    if isinstance(data, Mapping):
        return "table" in data or any(_has_table(value) for value in data.values())
    return isinstance(data, tuple) and any(_has_table(value) for value in data)
