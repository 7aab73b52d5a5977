"""What the state pays per unit of output, and takes per unit bought: allocation, compensation, border adjustment."""

from __future__ import annotations

from typing import Any

from .assets import Asset
from .markets import wanted
from .processes import commodities_of, flow, modes
from .program import Program, Term
from .study import HOURS, Study, at


def transfers(study: Study, program: Program, assets: list[Asset]) -> None:
    """All three; the social view has none of them."""
    if study.view != "private":
        return
    processes = [asset for asset in assets if asset.kind == "process"]
    output_payments(study, program, processes, "free_allocation", allowances)
    output_payments(study, program, processes, "power_compensation", compensated)
    border(study, program)


def entries(study: Study, section: str) -> dict[str, dict[str, Any]]:
    """The policies of a section that are switched on."""
    given = (study.data.get("policies") or {}).get(section) or {}
    return {name: policy for name, policy in given.items() if policy.get("active", True)}


def carbon_price(study: Study, year: int) -> float:
    return at((study.data.get("policies") or {}).get("carbon_price", 0.0), year)


def allowances(study: Study, policy: dict[str, Any], y: int) -> float:
    """Worth of the allowances per unit."""
    return carbon_price(study, y) * given_free(policy, y)


def given_free(policy: dict[str, Any], y: int) -> float:
    return at(policy["benchmark"], y) * at(policy.get("factor", 1.0), y)


def compensated(study: Study, policy: dict[str, Any], y: int) -> float:
    """Compensation per unit, at the carbon price of the calendar year before."""
    share = at(policy.get("aid", 0.75), y) * at(policy["emission_factor"], y)
    return share * carbon_price(study, y - 1) * at(policy["electricity"], y)


def makes(study: Study, asset: Asset, c: str) -> bool:
    """Whether some way to run it makes a commodity in some year."""
    return c in commodities_of(asset.section) and any(
        flow(asset.section, asset.technique, mode, c, y) > 0 for mode in modes(asset.section) for y in study.periods
    )


def output_payments(study: Study, program: Program, assets: list[Asset], section: str, unit: Any) -> None:
    """Each payment of a section in each period; who earns something of the section is no final use."""
    given = entries(study, section)
    for name, policy in given.items():
        for y in study.periods:
            level = at(policy["activity_level"], y) / HOURS
            paid = program.new(section, name, y, upper=level)
            program.pay(section, -unit(study, policy, y) * HOURS * study.N[y], paid)
            if policy.get("by", "output") == "lump_sum":
                program.equal([(1.0, paid)], level)
                continue
            c = policy["commodity"]
            made = [term for a in assets if counts(policy, a) for term in run(study, program, a, c, y, +1.0)]
            thrown = [
                (hours / HOURS, x)
                for key, terms in program.amount.items()
                if key[0] == "disposal" and key[1] == c and key[3] == y
                for hours, x in terms
            ]
            program.at_most([(1.0, paid), *((-k, x) for k, x in made), *thrown], 0.0)
            earning = earners(study, assets, given) - set(policy.get("also_used_by", []))
            used = [term for a in assets if a.name not in earning for term in run(study, program, a, c, y, -1.0)]
            final, amount = delivered(study, program, c, y)
            program.at_most([(1.0, paid), *((-k, x) for k, x in [*used, *final])], amount)


def earners(study: Study, assets: list[Asset], given: dict[str, dict[str, Any]]) -> set[str]:
    """Processes that are paid for something they make."""
    return {
        asset.name
        for policy in given.values()
        for asset in assets
        if policy.get("by", "output") == "output"
        if counts(policy, asset) and makes(study, asset, policy["commodity"])
    }


def counts(policy: dict[str, Any], asset: Asset) -> bool:
    return policy.get("processes") is None or asset.name in policy["processes"]


def run(study: Study, program: Program, asset: Asset, c: str, y: int, sign: float) -> list[Term]:
    """Mean rate of what a process makes (+1) or uses (−1) of a commodity."""
    found = []
    for mode in modes(asset.section) if c in commodities_of(asset.section) else []:
        amount = max(0.0, sign * flow(asset.section, asset.technique, mode, c, y))
        for place in asset.places if amount else ():
            found += [(amount * hours / HOURS, x) for hours, x in program.amount["run", asset.key, mode, place, y]]
    return found


def delivered(study: Study, program: Program, c: str, y: int) -> tuple[list[Term], float]:
    """Mean rate of what is sold and demanded: terms of columns, and demand in full."""
    terms: list[Term] = []
    for key, sold in list(program.amount.items()):
        sale = study.section("sales").get(key[1]) if key[0] == "sale" else None
        if sale is not None and (sale.get("commodity") or key[1]) == c and key[-1] == y:
            terms += [(hours / HOURS, x) for hours, x in sold]
    amount = 0.0
    for name, demand in study.section("demand").items():
        if (demand.get("commodity") or name) != c:
            continue
        for node in study.nodes(c):
            full = wanted(study, demand, c, node, y) / HOURS
            if demand.get("elasticity") is not None:
                full *= demand.get("elastic_range", (0.5, 2.0))[0] ** demand["elasticity"]
            amount += full
        for key, x in program.x.items():
            if key[:2] == ("unserved", name) and key[3] == y:
                terms.append((-study.W[study.grid(c)][key[4]] / HOURS, x))
            if key[:2] == ("forgone", name) and key[4] == y:
                terms.append((-1.0, x))
    return terms, amount


def taken_off(policy: dict[str, Any]) -> list[str]:
    """Names of the allocations that are taken off."""
    named = policy.get("allocation", [])
    return [named] if isinstance(named, str) else named


def border(study: Study, program: Program) -> None:
    """Certificates on what is bought."""
    free = (study.data.get("policies") or {}).get("free_allocation") or {}
    for policy in entries(study, "border_adjustment").values():
        for key, terms in list(program.amount.items()):
            if key[0] != "purchase" or key[1] not in policy.get("supply", [key[1]]):
                continue
            supply, y = study.section("supply")[key[1]], key[-1]
            if (supply.get("commodity") or key[1]) == policy["commodity"]:
                off = sum(given_free(free[name], y) for name in taken_off(policy))
                carbon = max(0.0, at(policy["embodied"], y) - off)
                price = max(0.0, carbon_price(study, y) - at(policy.get("foreign_price", 0.0), y))
                for hours, x in terms:
                    program.pay("border_adjustment", carbon * price * hours * study.N[y], x)
