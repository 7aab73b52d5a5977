"""Flexible loads: each at each node and in each period by itself, hour by hour, what comes back by its own name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .assets import Asset
from .processes import available, flow, grid_of, modes
from .program import Program, Term
from .study import HOURS, INFINITE, Study, at, places_of


@dataclass(frozen=True)
class Load:
    """One load at one node in one period: what limits are shares of, by hour and on the mean, and what it uses."""

    name: str
    section: dict[str, Any]
    node: str
    y: int
    reference: dict[int, tuple[float, list[Term]]]
    mean: tuple[float, list[Term]]
    most: dict[int, list[Term]]
    use: dict[int, list[Term]]

    def number(self, field: str, default: float) -> float:
        return at(self.section.get(field, default), self.y)


def flexible_loads(study: Study, program: Program, assets: list[Asset]) -> None:
    """Everything of all loads that take part."""
    for name, section in study.section("flexible_loads").items():
        own = [asset for asset in assets if asset.kind == "process" and asset.name == section.get("process")]
        for node in nodes(study, section, own):
            for y in study.periods:
                load = lay_out(study, program, name, section, own, node, y)
                shed(study, program, load)
                shift(study, program, load)
                limits(study, program, load)


def nodes(study: Study, section: dict[str, Any], own: list[Asset]) -> list[str]:
    commodity = section["commodity"]
    if own:
        places = [p for p in own[0].places if p is not None and p in (section.get("regions") or own[0].places)]
        return study.nodes(commodity, places)
    return study.nodes(commodity, places_of(section["load"]) or section.get("regions"))


def lay_out(
    study: Study, program: Program, name: str, section: dict[str, Any], own: list[Asset], node: str, y: int
) -> Load:
    hours = list(study.steps("hour"))
    reference: dict[int, tuple[float, list[Term]]] = {h: (0.0, []) for h in hours}
    most: dict[int, list[Term]] = {h: [] for h in hours}
    use: dict[int, list[Term]] = {h: [] for h in hours}
    commodity, share = section["commodity"], section.get("share", 1.0)
    if not own:
        shape = study.shape(section.get("profile"), "hour")
        named = [p for p in places_of(section["load"]) if study.node(commodity, p) == node]
        amount = sum(at(section["load"], y, p) for p in named) if named else at(section["load"], y)
        reference = {h: (amount * shape[h], []) for h in hours}
    for asset in own:
        process, grid = asset.section, grid_of(study, asset.section)
        draw = study.shape(process.get("draw_profile") if grid == "year" else None, "hour")
        uses = [(m, -min(0.0, flow(process, asset.technique, m, commodity, y))) for m in modes(process)]
        drawing = [u for m, u in uses if mentions(process, asset.technique, m, commodity)]
        for place in asset.places:
            if place is None or place not in (section.get("regions") or asset.places):
                continue
            if study.node(commodity, place) != node:
                continue
            can_run = available(study, process, grid, place, y)
            capacity = program.x["capacity", asset.key, place, y]
            for h in hours:
                g = 0 if grid == "year" else h
                full = share * can_run[g]
                reference[h][1].append((full * drawing[0], capacity))
                most[h].append((full * max(drawing) * max(draw), capacity))
                for m, used in uses:
                    use[h].append((share * used * draw[h], program.x["activity", asset.key, m, place, y, g]))
    weight = {h: study.W["hour"][h] / HOURS for h in hours}
    mean = (
        sum(weight[h] * reference[h][0] for h in hours),
        [(weight[h] * a, x) for h in hours for a, x in reference[h][1]],
    )
    return Load(name, section, node, y, reference, mean, most, use)


def mentions(process: dict[str, Any], technique: int | None, mode: str | None, commodity: str) -> bool:
    """Whether the flows of a mode and technique name the commodity."""
    tables = [process.get("flows") or {}]
    tables += [(process["modes"][mode] or {}).get("flows") or {}] if mode else []
    tables += [process["techniques"][technique] or {}] if technique is not None else []
    return any(commodity in table for table in tables)


def at_most(program: Program, terms: list[Term], share: float, reference: tuple[float, list[Term]]) -> None:
    """Σ terms ≤ share · reference."""
    program.at_most([*terms, *((-share * a, x) for a, x in reference[1])], share * reference[0])


def sequences(study: Study) -> list[list[int]]:
    """Hours that follow each other in a circle; none if steps have no order."""
    hours = list(study.steps("hour"))
    if study.full:
        return [hours]
    return [hours[24 * d : 24 * d + 24] for d in range(len(study.kept))]


# shedding -------------------------------------------------------------------------------------------------------


def shed(study: Study, program: Program, load: Load) -> None:
    for j, step in enumerate(load.section.get("sheds") or []):
        share = step.get("share", 1.0)
        column = {h: program.new("shed", load.name, j, load.node, load.y, h) for h in study.steps("hour")}
        for h, x in column.items():
            balance(study, program, load, h, 1.0, x)
            program.pay("shed", at(step["cost"], load.y) * study.W["hour"][h] * study.N[load.y], x)
            at_most(program, [(1.0, x)], share, load.reference[h])
        if step.get("hours_max") is not None:
            year = [(study.W["hour"][h], x) for h, x in column.items()]
            at_most(program, year, share * step["hours_max"], load.mean)
        for order in sequences(study) if step.get("recovery") else []:
            for i in range(len(order)):
                following = [order[(i + k) % len(order)] for k in range(min(int(step["recovery"]), len(order)))]
                held = [(1.0, column[f]) for f in following]
                at_most(program, held, share * step["duration"], load.mean)


def balance(study: Study, program: Program, load: Load, h: int, sign: float, x: Any) -> None:
    program.balance[load.section["commodity"], load.node, load.y, h].append((sign, x))


# shifting -------------------------------------------------------------------------------------------------------


def shift(study: Study, program: Program, load: Load) -> None:
    method = {"window": window, "zerrahn_schill": pairs, "gils": delays, "battery": battery}
    if load.section["method"] == "none":
        return
    for order in sequences(study):
        up, down = {}, {}
        for h in order:
            paid = study.W["hour"][h] * study.N[load.y]
            up[h] = program.new("up", load.name, load.node, load.y, h)
            down[h] = program.new("down", load.name, load.node, load.y, h)
            balance(study, program, load, h, -1.0, up[h])
            balance(study, program, load, h, 1.0, down[h])
            program.pay("shift", load.number("cost_up", 0.0) * paid, up[h])
            program.pay("shift", load.number("cost_down", 0.0) * paid, down[h])
        method[load.section["method"]](study, program, load, order, up, down)


def window(study: Study, program: Program, load: Load, order: list[int], up: Any, down: Any) -> None:
    length = int(load.section["window"])
    for start in range(0, len(order), length):
        block = order[start : start + length]
        eta = load.number("efficiency", 1.0)
        program.equal([(eta, up[h]) for h in block] + [(-1.0, down[h]) for h in block], 0.0)


def pairs(study: Study, program: Program, load: Load, order: list[int], up: Any, down: Any) -> None:
    """Every up-shift is paid back by less use in hours around it, each other hour of the circle once."""
    eta, far, n = load.number("efficiency", 1.0), int(load.section["delay"]), len(order)
    taken: dict[int, list[Term]] = {h: [] for h in order}
    for i, h in enumerate(order):
        around = {order[(i + k) % n] for k in range(-far, far + 1)} - {h}
        back = [(program.new("pair", load.name, load.node, load.y, h, other), other) for other in sorted(around)]
        program.equal([(eta, up[h]), *((-1.0, x) for x, _ in back)], 0.0)
        for x, other in back:
            taken[other].append((-1.0, x))
        if load.section.get("recovery"):
            following = [order[(i + k) % n] for k in range(min(int(load.section["recovery"]), n))]
            far_hours = int(load.section["delay"]) * load.number("up", 0.0)
            at_most(program, [(1.0, up[f]) for f in following], far_hours, load.mean)
    for h in order:
        program.equal([(1.0, down[h]), *taken[h]], 0.0)


def delays(study: Study, program: Program, load: Load, order: list[int], up: Any, down: Any) -> None:
    """Delay classes with what comes back as columns of their own."""
    eta, n = load.number("efficiency", 1.0), len(order)
    classes = [int(d) for d in load.section["delays"] if int(d) < n]
    more: dict[int, list[Term]] = {h: [(1.0, up[h])] for h in order}
    less: dict[int, list[Term]] = {h: [(1.0, down[h])] for h in order}
    late: dict[int, list[Term]] = {h: [] for h in order}
    early: dict[int, list[Term]] = {h: [] for h in order}
    for d in classes:
        for i, h in enumerate(order):
            key = (load.name, load.node, load.y, d, h)
            v, u = program.new("v", *key), program.new("u", *key)
            later = order[(i + d) % n]
            v_back, u_back = program.new("v_back", *key), program.new("u_back", *key)
            program.equal([(eta, v_back), (-1.0, v)], 0.0)
            program.equal([(1.0, u_back), (-eta, u)], 0.0)
            less[h].append((-1.0, v))
            more[later].append((-1.0, v_back))
            more[h].append((-1.0, u))
            less[later].append((-1.0, u_back))
            for k in range(d):  # outstanding from its hour until the hour before it comes back
                late[order[(i + k) % n]].append((1.0, v))
                early[order[(i + k) % n]].append((eta, u))
    for h in order:
        program.equal(more[h], 0.0)
        program.equal(less[h], 0.0)
        if load.section.get("duration", INFINITE) < INFINITE and classes:
            at_most(program, late[h], load.section["duration"] * load.number("down", 1.0), load.mean)
            at_most(program, early[h], load.section["duration"] * load.number("up", 0.0), load.mean)


def battery(study: Study, program: Program, load: Load, order: list[int], up: Any, down: Any) -> None:
    level = {h: program.new("shift_level", load.name, load.node, load.y, h) for h in order}
    kept, eta = 1.0 - load.number("loss", 0.0), load.number("efficiency", 1.0)
    for i, h in enumerate(order):
        row = [(1.0, level[h]), (-kept, level[order[i - 1]]), (-eta, up[h]), (1.0, down[h])]
        program.equal(row, 0.0)
        if load.section.get("energy", INFINITE) < INFINITE:
            at_most(program, [(1.0, level[h])], load.section["energy"] * load.number("up", 0.0), load.mean)


# limits of both -------------------------------------------------------------------------------------------------


def shares(study: Study, load: Load, h: int) -> tuple[float, float]:
    """Most more and less use in an hour as share of the reference."""
    profiles = (study.profile(load.section.get(key), "hour") for key in ("up_profile", "down_profile"))
    up, down = profiles
    return load.number("up", 0.0) * up[h], load.number("down", 1.0) * down[h]


def limits(study: Study, program: Program, load: Load) -> None:
    """More use, less use, both together, and within what the process uses and can use."""
    steps = range(len(load.section.get("sheds") or []))
    joint = load.section["method"] in ("zerrahn_schill", "gils") and load.section.get("joint_limit", True)
    for h in study.steps("hour"):
        key = (load.name, load.node, load.y, h)
        more = [(1.0, program.x["up", *key])] if ("up", *key) in program.x else []
        less = [(1.0, program.x["down", *key])] if ("down", *key) in program.x else []
        less += [(1.0, program.x["shed", load.name, j, load.node, load.y, h]) for j in steps]
        up, down = shares(study, load, h)
        if more:
            at_most(program, more, up, load.reference[h])
        if less:
            at_most(program, less, down, load.reference[h])
        if more and joint:
            at_most(program, more + less, max(up, down), load.reference[h])
        if load.section.get("process"):
            program.at_most([*less, *((-a, x) for a, x in load.use[h])], 0.0)
            beyond = 1.0 + load.section.get("overload", 0.0)
            net = [*load.use[h], *more, *((-a, x) for a, x in less)]
            program.at_most([*net, *((-beyond * a, x) for a, x in load.most[h])], 0.0)
