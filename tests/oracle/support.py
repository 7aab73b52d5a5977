"""Support of investment: carbon contracts, grants and the public budgets that pay for them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .assets import Asset, capex, first_of_a_kind
from .cohorts import arcs, snapped, with_cohorts
from .processes import available, grid_of
from .program import Program, Term
from .study import HOURS, INFINITE, Study, at, limit_at
from .transfers import carbon_price, entries


@dataclass(frozen=True)
class Investment:
    """One column of new capacity or conversion, and what comes of a unit of it.

    `capacity` of `plant` stands for `life` years from `year` on; `spent` overnight is paid over `paid` years at `rate`.
    """

    column: Any
    plant: str
    place: str | None
    year: int
    capacity: float
    life: float
    spent: float
    paid: float
    rate: float


Budgeted = dict[tuple[str, int], list[Term]]


def support(study: Study, program: Program, assets: list[Asset]) -> None:
    """Contracts, grants and budgets; the social view has none."""
    if study.view != "private":
        return
    found = investments(study, program, assets)
    budgeted: Budgeted = {}
    contracts(study, program, assets, found, budgeted)
    grants(study, program, found, budgeted)
    for name, budget in entries(study, "budgets").items():
        for y in study.periods:
            limit = limit_at(budget["limit"], y)
            if limit is not None:
                program.at_most(budgeted.get((name, y), []), limit / HOURS)


def investments(study: Study, program: Program, assets: list[Asset]) -> list[Investment]:
    """Everything that is invested in; a reline brings nothing new."""
    own, campaigning, found = {a.key: a for a in assets}, with_cohorts(study), []
    by_arc = {arc.key: arc for arc in arcs(study)}
    by_name = {a.name: a for a in assets}
    for key, x in program.x.items():
        if key[0] == "new":
            _, asset_key, place, v = key
            asset = own[asset_key]
            life = asset.section.get("lifetime", INFINITE)
            if asset.name in campaigning:
                life = snapped(study, v, life) - v
            rate = study.rate if asset.section.get("wacc") is None else asset.section["wacc"]
            spent = capex(asset, v) * first_of_a_kind(asset, v) * asset.hours
            start = asset.section["from"] if asset.kind == "link" else place
            paid = asset.section.get("economic_lifetime") or life
            found.append(Investment(x, asset.name, start, v, 1.0, life, spent, paid, rate))
        if key[0] in ("end", "mid") and key[1][0] != key[1][1]:
            arc, place, v = by_arc[key[1]], key[2], key[-1]
            end = snapped(study, v, arc.life) if key[0] == "end" else key[3][1]
            spent = at(arc.capex, v) * first_of_a_kind(by_name[arc.target], v) * by_name[arc.source].hours
            rate = study.rate if arc.wacc is None else arc.wacc
            found.append(Investment(x, arc.target, place, v, arc.ratio, end - v, spent, end - v, rate))
    return found


def share_of(study: Study, i: Investment, years: float, y: int) -> float:
    """Share of a period in which what was built stands and is paid for."""
    return min(study.share(i.year, i.life, y), study.share(i.year, years, y)) if y >= i.year else 0.0


def contracts(study: Study, program: Program, assets: list[Asset], found: list[Investment], budgeted: Budgeted) -> None:
    """Capacity and output under contract, what is paid for it, and what has to be paid back."""
    taken: dict[int, list[Term]] = {}
    output: dict[tuple[str, str, int], list[Term]] = {}
    stands: dict[tuple[str, str, int], list[Term]] = {}
    for name, contract in entries(study, "carbon_contracts").items():
        here = [a for a in assets if a.name == contract["process"]]
        places = [p for p in dict.fromkeys(p for a in here for p in a.places) if p in contract.get("regions", [p])]
        under: dict[tuple[str | None, int], list[Term]] = {}
        volume: list[Term] = []
        for n, i in enumerate(found):
            first, last = contract.get("signed_from") or -INFINITE, contract.get("signed_until") or INFINITE
            if i.plant != contract["process"] or i.place not in places or not first <= i.year <= last:
                continue
            column = program.new("contracted", name, n)
            taken.setdefault(n, []).append((1.0, column))
            volume.append((i.capacity, column))
            for y in study.periods:
                share = share_of(study, i, contract.get("duration", 15.0), y)
                under.setdefault((i.place, y), []).append((share * i.capacity, column))
            lower = max(i.rate - contract.get("wacc_reduction", 0.0), 0.0)
            saved = study.payments(i.year, i.paid, i.rate) - study.payments(i.year, i.paid, lower)
            left = 1.0 - max([0.0, *granted(study, i)])
            program.pay("contract_financing", -i.spent * saved * left, column)
        if contract.get("volume") is not None:
            program.at_most(volume, contract["volume"] / here[0].hours)
        for place in places:
            for y in study.periods:
                column = program.new("contracted output", name, place, y)
                terms = under.get((place, y), [])
                mean = mean_availability(study, here[0], place, y)
                program.at_most([(1.0, column), *((-mean * a, x) for a, x in terms)], 0.0)
                unit = per_unit(study, contract, y)
                program.pay("carbon_contract", -unit * HOURS * study.N[y], column)
                budgeted.setdefault((contract.get("budget"), y), []).append((unit, column))
                made = output.setdefault((contract["process"], place, y), [])
                made.append((1.0, column))
                if contract.get("modes") is not None:
                    own = run(program, assets, (contract["process"], place, y), set(contract["modes"]))
                    program.at_most([(1.0, column), *((-a, x) for a, x in own)], 0.0)
                if contract.get("two_sided", True):
                    stands.setdefault((contract["process"], place, y), []).extend([*terms, (0.0, column)])
    for n, terms in taken.items():
        program.at_most([*terms, (-1.0, found[n].column)], 0.0)
    for key, terms in output.items():
        program.at_most([*terms, *((-a, x) for a, x in run(program, assets, key, paid_modes(study, key)))], 0.0)
    for key, terms in stands.items():
        obliged(study, program, assets, key, terms)


def granted(study: Study, i: Investment) -> list[float]:
    """Shares of an investment that grants may pay."""
    found = [g for g in entries(study, "grants").values() if i.plant in g["plants"]]
    return [limit_at(g["share"], i.year) or 0.0 for g in found if i.place in g.get("regions", [i.place])]


def obliged(
    study: Study, program: Program, assets: list[Asset], key: tuple[str, str, int], under: list[Term]
) -> None:  # fmt: skip
    """What the rest of the capacity cannot have made was made under the contracts that pay back."""
    p, place, y = key
    sided = [n for n, c in entries(study, "carbon_contracts").items() if c["process"] == p and c.get("two_sided", True)]
    row = run(program, assets, key, paid_modes(study, key, sided))
    for name in sided:
        if ("contracted output", name, place, y) in program.x:
            row.append((-1.0, program.x["contracted output", name, place, y]))
    for asset in assets:
        if asset.name == p and place in asset.places:
            mean = mean_availability(study, asset, place, y)
            row.append((-mean, program.x["capacity", asset.key, place, y]))
    row += [(mean * a, x) for a, x in under]
    program.at_most(row, 0.0)


def mean_availability(study: Study, asset: Asset, place: str, y: int) -> float:
    """Mean over the hours of a year."""
    grid = grid_of(study, asset.section)
    can = available(study, asset.section, grid, place, y)
    return sum(hours * share for hours, share in zip(study.W[grid], can, strict=True)) / HOURS


def paid_modes(study: Study, key: tuple[str, str, int], of: list[str] | None = None) -> set[str] | None:
    """Modes in which some of the contracts for a process in a region pay; None for all."""
    p, place, _ = key
    found = [
        contract.get("modes")
        for name, contract in entries(study, "carbon_contracts").items()
        if contract["process"] == p and (of is None or name in of) and place in contract.get("regions", [place])
    ]
    return None if None in found else {mode for modes in found for mode in modes or ()}


def run(
    program: Program, assets: list[Asset], key: tuple[str, str, int], only: set[str] | None = None
) -> list[Term]:  # fmt: skip
    """Mean rate at which a process runs in a region, over techniques and (some) modes."""
    p, place, y = key
    return [
        (hours / HOURS, x)
        for amount, terms in list(program.amount.items())
        if amount[0] == "run" and amount[1][1] == p and amount[3:] == (place, y) and (only is None or amount[2] in only)
        for hours, x in terms
    ]


def per_unit(study: Study, contract: dict[str, Any], y: int) -> float:
    """ΔE · (K − P_eff), both written out per t avoided."""
    avoided = contract["reference_emission"] - contract.get("emission", 0.0)
    less = at(contract.get("reference_allocation", 0.0), y) - at(contract.get("allocation", 0.0), y)
    effective = carbon_price(study, y) * (avoided - less) / avoided
    strike = at(contract["strike"], y)
    for index in (contract.get("indexation") or {}).values():
        strike += index["difference"] / avoided * (at(index["price"], y) - index["base"])
    paid = avoided * (strike - effective)
    return paid if contract.get("two_sided", True) else max(paid, 0.0)


def grants(study: Study, program: Program, found: list[Investment], budgeted: Budgeted) -> None:
    """Parts of investment under grants, and what they save."""
    taken: dict[int, list[Term]] = {}
    for name, grant in entries(study, "grants").items():
        for n, i in enumerate(found):
            share = limit_at(grant["share"], i.year)
            if i.plant not in grant["plants"] or i.place not in grant.get("regions", [i.place]) or not share:
                continue
            column = program.new("granted", name, n)
            taken.setdefault(n, []).append((1.0, column))
            resource = study.payments(i.year, i.paid, study.rate)
            program.pay("grant", -share * i.spent * resource, column)
            more = study.payments(i.year, i.paid, i.rate) - resource
            program.pay("grant_financing", -share * i.spent * more, column)
            money = share * i.spent / (study.step * HOURS)
            budgeted.setdefault((grant.get("budget"), i.year), []).append((money, column))
    for n, terms in taken.items():
        program.at_most([*terms, (-1.0, found[n].column)], 0.0)
