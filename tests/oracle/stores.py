"""How storages and links run: charge, discharge and level; flow within capacity."""

from __future__ import annotations

from .assets import Asset
from .program import Program, Term
from .study import INFINITE, Study, at


def store(study: Study, program: Program, asset: Asset) -> None:
    """Charging, discharging and level of a storage."""
    storage, c = asset.section, asset.section["commodity"]
    grid = study.grid(c)
    for place in asset.places:
        for y in study.periods:
            capacity = program.x["capacity", asset.key, place, y]
            for h in study.steps(grid):
                hours = study.W[grid][h]
                into = program.new("charge", asset.key, place, y, h)
                out = program.new("discharge", asset.key, place, y, h)
                program.balance[c, study.node(c, place), y, h] += [(-1.0, into), (1.0, out)]
                program.pay("variable_opex", at(storage.get("variable_opex", 0.0), y) * hours * study.N[y], into)
                for column, field in ((into, "charge_rate"), (out, "discharge_rate")):
                    if storage.get(field, INFINITE) < INFINITE:
                        program.at_most([(1.0, column), (-storage[field], capacity)], 0.0)
            if storage.get("cycle", "day") == "day":
                day_levels(study, program, asset, place, y)
            else:
                year_levels(study, program, asset, place, y)


def net_charge(program: Program, asset: Asset, place: str | None, y: int, h: int) -> list[Term]:
    """Rate at which the level rises: charging after losses, discharging with losses."""
    into, out = program.x["charge", asset.key, place, y, h], program.x["discharge", asset.key, place, y, h]
    storage = asset.section
    return [
        (storage.get("charge_efficiency", 1.0), into),
        (-1 / storage.get("discharge_efficiency", 1.0), out),
    ]


def day_levels(study: Study, program: Program, asset: Asset, place: str | None, y: int) -> None:
    """Levels return within each day; before the first step of a day comes its last."""
    grid = study.grid(asset.section["commodity"])
    days: dict[int, list[int]] = {}
    for h in study.steps(grid):
        days.setdefault(study.day_of[h] if grid == "hour" else h, []).append(h)
    for steps in days.values():
        chain(study, program, asset, place, y, steps)


def chain(study: Study, program: Program, asset: Asset, place: str | None, y: int, steps: list[int]) -> None:
    """Levels at the end of each step, in a circle."""
    durations = study.duration[study.grid(asset.section["commodity"])]
    level = {h: program.new("level", asset.key, place, y, h) for h in steps}
    for i, h in enumerate(steps):
        program.at_most([(1.0, level[h]), (-1.0, program.x["capacity", asset.key, place, y])], 0.0)
        kept = (1 - asset.section.get("loss", 0.0)) ** durations[h]
        charged = [(-durations[h] * a, x) for a, x in net_charge(program, asset, place, y, h)]
        program.equal([(1.0, level[h]), (-kept, level[steps[i - 1]]), *charged], 0.0)
        hours = study.W[study.grid(asset.section["commodity"])][h]
        program.pay("holding_cost", at(asset.section.get("holding_cost", 0.0), y) * hours * study.N[y], level[h])


def year_levels(study: Study, program: Program, asset: Asset, place: str | None, y: int) -> None:
    """Levels chain over all hours of a full year, otherwise over runs of equal days."""
    grid = study.grid(asset.section["commodity"])
    if study.full and grid == "hour":
        chain(study, program, asset, place, y, list(study.steps(grid)))
        return
    if study.kept and grid == "hour":
        raise ValueError("a store over the year on the hours of representative days is not defined")
    daily = (1 - asset.section.get("loss", 0.0)) ** 24
    levels = [program.new("level", asset.key, place, y, k) for k in range(len(study.runs))]
    for k, (day, days) in enumerate(study.runs):
        grown = days if daily == 1 else (1 - daily**days) / (1 - daily)
        following = levels[(k + 1) % len(levels)]
        charge = net_charge(program, asset, place, y, 0 if grid == "year" else day)
        row = [(-24 * grown * a, x) for a, x in charge]
        program.equal([(1.0, following), (-(daily**days), levels[k]), *row], 0.0)
        program.at_most([(1.0, levels[k]), (-1.0, program.x["capacity", asset.key, place, y])], 0.0)
        price = at(asset.section.get("holding_cost", 0.0), y) * study.N[y]
        for end in (levels[k], following):  # from one to the other in a straight line: their mean over all hours
            program.pay("holding_cost", price * 24 * days / 2, end)


def transport(study: Study, program: Program, asset: Asset) -> None:
    """What a link carries, both ways within one capacity, less what is lost on the way."""
    link, c = asset.section, asset.section["commodity"]
    grid = study.grid(c)
    ends = [(study.node(c, link["from"]), study.node(c, link["to"]))]
    if link.get("bidirectional", False):
        ends.append((ends[0][1], ends[0][0]))
    for y in study.periods:
        for h in study.steps(grid):
            row: list[Term] = [(-1.0, program.x["capacity", asset.key, None, y])]
            for sender, receiver in ends:
                column = program.new("flow", asset.key, sender, y, h)
                row.append((1.0, column))
                program.balance[c, sender, y, h].append((-1.0, column))
                program.balance[c, receiver, y, h].append((1 - link.get("loss", 0.0), column))
                program.amount["sent", asset.key, sender, receiver, y].append((study.W[grid][h], column))
                price = at(link.get("tariff", 0.0), y) * study.W[grid][h] * study.N[y]
                program.pay("tariff", price, column)
            program.at_most(row, 0.0)
