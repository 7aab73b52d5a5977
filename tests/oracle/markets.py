"""What is traded, demanded, thrown away, emitted and limited; the balances that hold it together."""

from __future__ import annotations

from typing import Any

from .assets import Asset
from .program import Program, Term
from .study import HOURS, Study, at, limit_at, places_of

# trade ----------------------------------------------------------------------------------------------------------


def curve(trade: dict[str, Any]) -> list[dict[str, Any]]:
    """The steps of a supply or sale; without steps the trade itself is the only one."""
    return trade.get("steps") or [trade]


def prices(study: Study, trade: dict[str, Any], step: dict[str, Any], grid: str, node: str, year: int) -> list[float]:
    """Price by step of the grid: mean price times shape, not below the floor; a plain price has no floor."""
    mean = at(step["price"], year, node)
    if trade.get("price_profile") is None:
        return [mean for _ in study.steps(grid)]
    shape = study.shape(trade["price_profile"], grid)
    return [max(mean * shape[h], trade.get("price_floor", 0.0)) for h in study.steps(grid)]


def traded_at(study: Study, trade: dict[str, Any], commodity: str) -> list[str]:
    return study.nodes(commodity, trade.get("regions"))


def trades(study: Study, program: Program) -> None:
    """Purchases and sales."""
    supplies = study.section("supply")
    for name, supply in supplies.items():
        c = supply.get("commodity") or name
        for k, step in enumerate(curve(supply)):
            for node in traded_at(study, supply, c):
                for y in study.periods:
                    paid = prices(study, supply, step, study.grid(c), node, y)
                    deal(study, program, ("purchase", name, k), supply, step, c, node, y, paid)
        bounds(study, program, ("purchase", name), supply, c)
    for name, sale in study.section("sales").items():
        c = sale.get("commodity") or name
        for k, step in enumerate(curve(sale)):
            for node in traded_at(study, sale, c):
                for y in study.periods:
                    if sale.get("follows"):
                        supply = supplies[sale["follows"]]
                        followed = prices(study, supply, curve(supply)[0], study.grid(c), node, y)
                        got = [price - sale.get("spread", 0.0) for price in followed]
                    else:
                        got = prices(study, sale, step, study.grid(c), node, y)
                    deal(study, program, ("sale", name, k), sale, step, c, node, y, got)
        bounds(study, program, ("sale", name), sale, c)


def deal(
    study: Study, program: Program, key: tuple[str, str, int], trade: dict[str, Any], step: dict[str, Any],
    c: str, node: str, y: int, price: list[float],
) -> None:  # fmt: skip
    """The columns of one step of a curve at one node in one period."""
    grid = study.grid(c)
    kind, name, k = key
    sign = 1.0 if kind == "purchase" else -1.0
    if y < (trade.get("available_from") or -1):
        return
    for h in study.steps(grid):
        column = program.new(kind, name, k, node, y, h, upper=limit_at(step.get("power_max"), y, node))
        hours = study.W[grid][h]
        program.balance[c, node, y, h].append((sign, column))
        program.pay(kind, sign * price[h] * hours * study.N[y], column)
        program.amount[kind, name, k, node, y].append((hours, column))
        if kind == "purchase":
            if study.view == "private":
                program.pay("levy", at(trade.get("levy", 0.0), y) * hours * study.N[y], column)
            for e, factor in (trade.get("emissions") or {}).items():
                where = (e, study.emission_node(e, c, node), y)
                program.emission[where].append((at(factor, y) * hours / HOURS, column))


def bounds(study: Study, program: Program, key: tuple[str, str], trade: dict[str, Any], c: str) -> None:
    """Most per hour and node over all steps; most per year over all nodes, for each step and over all of them."""
    steps = range(len(curve(trade)))
    for y in study.periods:
        for node in traded_at(study, trade, c):
            power = limit_at(trade.get("power_max"), y, node)
            for h in study.steps(study.grid(c)) if power is not None else []:
                columns = [program.x.get((*key, k, node, y, h)) for k in steps]
                program.at_most([(1.0, x) for x in columns if x is not None], power)
        volume: list[list[Term]] = [
            [term for node in traded_at(study, trade, c) for term in program.amount[(*key, k, node, y)]] for k in steps
        ]
        for k, step in enumerate(curve(trade)):
            limit = limit_at(step.get("volume_max"), y)
            if limit is not None:
                program.at_most(volume[k], limit)
        limit = limit_at(trade.get("volume_max"), y)
        if limit is not None:
            program.at_most([term for terms in volume for term in terms], limit)


# demand and disposal --------------------------------------------------------------------------------------------


def wanted(study: Study, demand: dict[str, Any], c: str, node: str, year: int) -> float:
    """Amount per year at a node: the sum over its regions, or the one amount given for every node."""
    named = places_of(demand["amount"])
    if not named:
        return at(demand["amount"], year)
    return sum(at(demand["amount"], year, place) for place in named if study.node(c, place) == node)


def demands(study: Study, program: Program, required: dict[Any, float]) -> None:
    """What must be delivered, with what may stay undelivered."""
    for name, demand in study.section("demand").items():
        c = demand.get("commodity") or name
        shape = study.shape(demand.get("profile"), study.grid(c))
        for node in study.nodes(c):
            for y in study.periods:
                amount = wanted(study, demand, c, node, y) / HOURS
                if demand.get("elasticity") is not None:
                    amount = forgo(study, program, name, demand, c, node, y, amount)
                elif demand.get("shortfall_cost") is not None:
                    lack(study, program, name, demand, c, node, y, amount)
                for g in study.steps(study.grid(c)):
                    required[c, node, y, g] = required.get((c, node, y, g), 0.0) + shape[g] * amount


def lack(
    study: Study, program: Program, name: str, demand: dict[str, Any], c: str, node: str, y: int, amount: float
) -> None:
    """Inelastic demand may stay undelivered at a price."""
    grid = study.grid(c)
    shape = study.shape(demand.get("profile"), grid)
    for h in study.steps(grid):
        column = program.new("unserved", name, node, y, h, upper=shape[h] * amount)
        program.balance[c, node, y, h].append((1.0, column))
        price = at(demand["shortfall_cost"], y) * study.W[grid][h] * study.N[y]
        program.pay("shortfall", price, column)


def forgo(
    study: Study, program: Program, name: str, demand: dict[str, Any], c: str, node: str, y: int, amount: float
) -> float:
    """Elastic demand: steps that are forgone at rising prices; returns the largest demand."""
    grid, n = study.grid(c), demand.get("elastic_steps", 8)
    low, high = demand.get("elastic_range", (0.5, 2.0))
    reference = at(demand["reference_price"], y)
    price = [reference * (low + (high - low) * j / n) for j in range(n + 1)]
    quantity = [amount * (p / reference) ** demand["elasticity"] for p in price]
    last = demand.get("shortfall_cost")
    steps = [(quantity[k] - quantity[k + 1], (price[k] + price[k + 1]) / 2) for k in range(n)]
    steps.append((quantity[n], price[n] if last is None else at(last, y)))
    shape = study.shape(demand.get("profile"), grid)
    for k, (width, cost) in enumerate(steps):
        column = program.new("forgone", name, k, node, y, upper=width)
        program.pay("forgone_demand", cost * HOURS * study.N[y], column)
        for g in study.steps(grid):
            program.balance[c, node, y, g].append((shape[g], column))
    return quantity[0]


def disposals(study: Study, program: Program) -> None:
    """Explicit ways out."""
    for c, commodity in study.section("commodities").items():
        if "disposal" not in commodity:
            continue
        way, grid = commodity["disposal"] or {}, study.grid(c)
        for node in study.nodes(c):
            for y in study.periods:
                if y < (way.get("available_from") or -1):
                    continue
                for h in study.steps(grid):
                    column = program.new("disposal", c, node, y, h)
                    hours = study.W[grid][h]
                    program.balance[c, node, y, h].append((-1.0, column))
                    program.pay("disposal", at(way.get("cost", 0.0), y, node) * hours * study.N[y], column)
                    program.amount["disposal", c, node, y].append((hours, column))
                limit = limit_at(way.get("volume_max"), y, node)
                if limit is not None:
                    program.at_most(program.amount["disposal", c, node, y], limit)


# balances and emissions -----------------------------------------------------------------------------------------


def balances(study: Study, program: Program, required: dict[Any, float]) -> None:
    """Every commodity at every node and step of its grid: an equality."""
    for row in {**program.balance, **required}:
        program.equal(program.balance[row], required.get(row, 0.0))


def policies(study: Study, program: Program) -> None:
    """Emissions into free columns; their price, caps and budget."""
    policy = study.data.get("policies") or {}
    counted: dict[int, list[tuple[str, Term]]] = {y: [] for y in study.periods}
    for (e, node, y), terms in list(program.emission.items()):
        column = program.new("emission", e, node, y, free=True)
        program.equal([*terms, (-1.0, column)], 0.0)
        emission = study.section("commodities")[e]
        if emission.get("scope", 1) == 1 and emission.get("origin", "fossil") not in ("biogenic", "air"):
            potential = emission.get("warming_potential", 1.0)
            counted[y].append((node, (potential, column)))
            charged = study.view == "private" or policy.get("social_carbon", "damage") == "damage"
            if charged and policy.get("carbon_price") is not None:
                price = at(policy["carbon_price"], y) * potential * HOURS * study.N[y]
                program.pay("carbon", price, column)
    cap, budget = policy.get("emission_cap"), policy.get("emission_budget")
    for y in study.periods:
        for place in places_of(cap) or [None]:
            limit = limit_at(cap, y, place)
            if limit is not None:
                here = [term for node, term in counted[y] if place in (None, node)]
                here += banked(study, program, place, y)
                program.at_most(here, limit / HOURS + started(study, cap, place, y))
    if budget is not None:
        weighted = [(HOURS * study.years_counted[y] * a, x) for y in study.periods for _, (a, x) in counted[y]]
        program.at_most(weighted, budget)


def banked(study: Study, program: Program, place: str | None, y: int) -> list[Term]:
    """What goes into the bank in a year of a period, less what it takes out."""
    bank = (study.data.get("policies") or {}).get("banking")
    if bank is None or not bank.get("active", True):
        return []
    hours = HOURS * study.step
    before = program.x.get(("bank", place, y - study.step))
    return [(1 / hours, program.new("bank", place, y)), *([] if before is None else [(-1 / hours, before)])]


def started(study: Study, cap: Any, place: str | None, y: int) -> float:
    """Allowances in the bank at the start, per hour of the first period with a cap."""
    bank = (study.data.get("policies") or {}).get("banking") or {}
    if not bank.get("active", True) or (y > study.start and limit_at(cap, y - study.step, place) is not None):
        return 0.0
    return float(bank.get("start", 0.0)) / (HOURS * study.step)


def resources(study: Study, program: Program, assets: list[Asset]) -> None:
    """Limits over several plants and trades, in all or by region."""
    for resource in study.section("resources").values():
        for place in places_of(resource["limit"]) or [None]:
            for y in study.periods:
                limit = limit_at(resource["limit"], y, place)
                if limit is None:
                    continue
                row: list[Term] = []
                for asset in assets:
                    use = (resource.get("capacity") or {}).get(asset.name)
                    for r in asset.places if use else []:
                        if place in (None, r):
                            row.append((use * asset.hours, program.x["capacity", asset.key, r, y]))
                for key, terms in program.amount.items():
                    field = {"process": "activity", "purchase": "purchases"}.get(key[0], "")
                    use = (resource.get(field) or {}).get(key[1])
                    if use and key[-1] == y and place in (None, key[-2]):
                        row += [(use * a, x) for a, x in terms]
                program.at_most(row, limit)
