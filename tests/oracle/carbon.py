"""Carbon by origin: every way to run, trade, link and disposal names the origin of all carbon it takes, in every year.

Nothing is left out because it is known: every commodity with carbon has a pool of five origins at each node, but for
one that is only ever bought in one mixture, of which everybody takes the mixture.
"""

from __future__ import annotations

from typing import Any

from .assets import Asset
from .processes import carbon_recipe, carries_carbon, commodities_of, first_fossil, flow, modes, target_of
from .program import Program, Term
from .study import HOURS, Study, at

COUNTING = ("fossil", "process")
TAKEN_UP = ("biogenic", "air")
ORIGINS = (*COUNTING, *TAKEN_UP, "counted")

Pools = dict[tuple[str, str, int, str], list[Term]]
"""Terms of each pool: commodity, node, year and origin; + what comes in."""


def follow_carbon(study: Study, program: Program, assets: list[Asset]) -> None:
    """Pools by origin at every node and year, and what of it counts as emitted or taken up."""
    pools: Pools = {}
    known = only_bought(study, assets)
    for c in contents(study):
        for node in study.nodes(c) if c not in known else []:
            for y in study.periods:
                for o in ORIGINS:
                    # what is demanded, sold, or lost in a store
                    pools[c, node, y, o] = [(-1.0, program.new("left", c, node, y, o))]
    buy(study, program, pools, known)
    for asset in assets:
        if asset.kind == "process" and carries_carbon(study, asset.section):
            for place in asset.places:
                for mode in modes(asset.section):
                    for y in study.periods:
                        assert place is not None
                        turn(study, program, pools, known, asset, mode, place, y)
        if asset.kind == "link" and asset.section["commodity"] in contents(study):
            carry(study, program, pools, known, asset)
    dispose(study, program, pools, known)
    for terms in pools.values():
        program.equal(terms, 0.0)


def contents(study: Study) -> dict[str, float]:
    """t CO₂ per unit of each commodity that carries carbon."""
    commodities = study.section("commodities")
    return {c: commodity["carbon_content"] for c, commodity in commodities.items() if commodity.get("carbon_content")}


def mixture(study: Study, name: str, y: int) -> dict[str, float]:
    """Share of each origin in the carbon of what a supply brings."""
    supply = study.section("supply")[name]
    commodity = study.section("commodities")[supply.get("commodity") or name]
    share = supply.get("biogenic_share")
    biogenic = at(commodity.get("biogenic_share", 0.0) if share is None else share, y)
    found = dict.fromkeys(ORIGINS, 0.0)
    found["biogenic"] = biogenic
    found[supply.get("origin") or commodity.get("origin", "fossil")] += 1.0 - biogenic
    return found


def only_bought(study: Study, assets: list[Asset]) -> dict[str, dict[int, dict[str, float]]]:
    """Mixture by year of each commodity that nobody makes and every supply brings in the same mixture."""
    found = {}
    for c in contents(study):
        supplies = [name for name, s in study.section("supply").items() if (s.get("commodity") or name) == c]
        brought = [{y: mixture(study, name, y) for y in study.periods} for name in supplies]
        made = any(
            flow(asset.section, asset.technique, mode, c, y) > 0
            for asset in assets
            if asset.kind == "process" and c in commodities_of(asset.section)
            for mode in modes(asset.section)
            for y in study.periods
        )
        if brought and not made and all(one == brought[0] for one in brought):
            found[c] = brought[0]
    return found


def times(factor: float, terms: list[Term]) -> list[Term]:
    return [(factor * a, x) for a, x in terms] if factor else []


def per_hour(factor: float, terms: list[Term]) -> list[Term]:
    """Terms of an amount per year as mean rate."""
    return times(factor / HOURS, terms)


def taken(
    program: Program, pools: Pools, known: dict[str, Any], place: tuple[str, str, int], whole: list[Term],
    key: tuple[Any, ...],
) -> dict[str, list[Term]]:  # fmt: skip
    """Carbon taken of a commodity at a node in a year, by origin: a known mixture, or out of the pool as one likes."""
    c, _, y = place
    if c in known:
        return {o: times(known[c][y][o], whole) for o in ORIGINS}
    parts = {o: [(1.0, program.new(*key, o))] for o in ORIGINS}
    program.equal([*(term for part in parts.values() for term in part), *times(-1.0, whole)], 0.0)
    for o, part in parts.items():
        pools[*place, o] += times(-1.0, part)
    return parts


def buy(study: Study, program: Program, pools: Pools, known: dict[str, Any]) -> None:
    for key, terms in program.amount.items():
        if key[0] == "purchase":
            _, name, _, node, y = key
            c = study.section("supply")[name].get("commodity") or name
            for o, share in mixture(study, name, y).items() if c in contents(study) and c not in known else ():
                pools[c, node, y, o] += per_hour(share * contents(study)[c], terms)


def turn(
    study: Study, program: Program, pools: Pools, known: dict[str, Any], asset: Asset, mode: str | None, place: str,
    y: int,
) -> None:  # fmt: skip
    """One way to run in one year: carbon in is spread evenly over what is made and the stack."""
    process = asset.section
    takes, gives, auxiliary = carbon_recipe(study, process, asset.technique, mode, y)
    into = sum(takes.values()) + max(auxiliary, 0.0)
    if into == 0.0:
        if gives or auxiliary:
            raise ValueError(f"{asset.name} gives carbon and takes none")
        return
    run = program.amount["run", asset.key, mode, place, y]
    share = {c: amount / into for c, amount in gives.items()}
    stack = 1.0 - sum(share.values()) - max(-auxiliary, 0.0) / into
    charged = charged_use(study, process, takes, gives)
    parts: list[tuple[str, bool, list[Term]]] = []
    for c, amount in takes.items():
        key = ("taken", asset.key, mode, place, y, c)
        drawn = taken(program, pools, known, (c, study.node(c, place), y), per_hour(amount, run), key)
        used = charged if study.section("commodities")[c].get("carbon_dioxide", False) else 0.0
        for o, terms in drawn.items():
            part = used if o in COUNTING else 0.0
            parts += [(o, True, times(part, terms)), (o, False, times(1.0 - part, terms))]
    if auxiliary > 0:
        parts.append((process.get("auxiliary_origin", "fossil"), False, per_hour(auxiliary, run)))
    target = target_of(study, process)
    assert target is not None
    for o, used, terms in parts:
        bound = sum(k for c, k in share.items() if not study.section("commodities")[c].get("carbon_dioxide", False))
        counts = 1.0 if used else counted(study, process, target, o, stack, bound)
        program.emission[target, study.node(target, place), y] += times(counts, terms)
        for c, part in share.items():
            pools[c, study.node(c, place), y, "counted" if used else o] += times(part, terms)


def charged_use(study: Study, process: dict[str, Any], takes: dict[str, float], gives: dict[str, float]) -> float:
    """Share of the CO₂ that a way to run takes and does not give on as CO₂, if it makes something else with carbon."""
    commodities = study.section("commodities")
    charged = (study.data.get("policies") or {}).get("charge_co2_use", True)
    into, out = (
        sum(amount for c, amount in flows.items() if commodities[c].get("carbon_dioxide", False))
        for flows in (takes, gives)
    )
    if process.get("permanent", False) or not charged or into <= 0.0 or sum(gives.values()) <= out:
        return 0.0
    return max(1.0 - out / into, 0.0)


def counted(study: Study, process: dict[str, Any], target: str, origin: str, stack: float, bound: float) -> float:
    """What counts of a tonne that goes in and is not charged as use, of which so much leaves the stack or is bound."""
    of_plants = study.section("commodities")[target].get("origin", "fossil") in TAKEN_UP
    counts = stack if (origin in COUNTING) != of_plants else 0.0
    credit = (study.data.get("policies") or {}).get("credit_removals", True)
    if process.get("permanent", False) and credit and origin in TAKEN_UP:
        counts -= bound
    return counts


def carry(study: Study, program: Program, pools: Pools, known: dict[str, Any], asset: Asset) -> None:
    """Carbon on its way; what is lost is lost of every origin alike."""
    c, loss = asset.section["commodity"], asset.section.get("loss", 0.0)
    for key, terms in list(program.amount.items()):
        if key[0] != "sent" or key[1] != asset.key or c in known:
            continue
        _, _, sender, receiver, y = key
        parts = taken(program, pools, known, (c, sender, y), per_hour(contents(study)[c], terms), key)
        for o, part in parts.items():
            pools[c, receiver, y, o] += times(1.0 - loss, part)


def dispose(study: Study, program: Program, pools: Pools, known: dict[str, Any]) -> None:
    """Carbon thrown away counts as emitted; stored for good it does not, and that of plants and the air is taken up."""
    sink = first_fossil(study)
    credit = (study.data.get("policies") or {}).get("credit_removals", True)
    for key, terms in list(program.amount.items()):
        if key[0] != "disposal" or key[1] not in contents(study) or sink is None:
            continue
        _, c, node, y = key
        lasting = (study.section("commodities")[c]["disposal"] or {}).get("permanent", False)
        whole = per_hour(contents(study)[c], terms)
        parts = taken(program, pools, known, (c, node, y), whole, ("thrown away", c, node, y))
        for o, part in parts.items():
            counts = float(o in COUNTING) if not lasting else -float(o in TAKEN_UP and credit)
            program.emission[sink, study.emission_node(sink, c, node), y] += times(counts, part)
