"""Charges of the network on what is bought: for each unit, and for the highest power of the year."""

from __future__ import annotations

from typing import Any

from .days import series
from .markets import traded_at
from .program import Program, Term
from .study import HOURS, Study, at

DISCOUNT = {7000: 0.2, 7500: 0.15, 8000: 0.1}


def network(study: Study, program: Program) -> None:
    """Each charge at each node where something that counts is bought, in each period."""
    for name, charge in study.section("network_charges").items():
        c = charge["commodity"]
        supplies = {
            s: supply
            for s, supply in study.section("supply").items()
            if (supply.get("commodity") or s) == c and s in charge.get("supply", [s])
        }
        for node in study.nodes(c, charge.get("regions")):
            if any(node in traded_at(study, supply, c) for supply in supplies.values()):
                for y in study.periods:
                    if charge.get("available_from", y) <= y <= charge.get("available_until", y):
                        charged(study, program, (name, node, y), charge, supplies)


def charged(
    study: Study, program: Program, key: tuple[str, str, int], charge: dict[str, Any], supplies: dict[str, Any]
) -> None:
    """One charge at one node in one period."""
    _, node, y = key
    grid, rule = study.grid(charge["commodity"]), charge.get("regulation", "general")
    power: list[list[Term]] = [[] for _ in study.steps(grid)]
    for column, x in program.x.items():
        if column[0] == "purchase" and column[1] in supplies and column[3:5] == (node, y):
            power[column[5]].append((1.0, x))
    whole = program.new("peak", *key)
    for terms in power:
        program.at_most([*terms, (-1.0, whole)], 0.0)
    billed, share = whole, 1.0
    if rule == "atypical":
        billed = program.new("charged peak", *key)
        program.at_most([(charge.get("least_share", 0.2), whole), (-1.0, billed)], 0.0)
        for h, inside in enumerate(window(study, charge["high_load_window"], grid)):
            if inside:
                program.at_most([*power[h], (-1.0, billed)], 0.0)
    if rule == "baseload":
        hours = charge.get("hours", 7000)
        granted = next((s for h, s in sorted(DISCOUNT.items(), reverse=True) if hours >= h), None)
        share = charge.get("share", granted)
        bought = [(-study.W[grid][h] / HOURS * a, x) for h, terms in enumerate(power) for a, x in terms]
        if study.view == "private":
            program.at_most([(hours / HOURS, whole), *bought], 0.0)
    if study.view == "private":
        program.pay("network_charge_capacity", share * at(charge.get("capacity", 0.0), y, node) * study.N[y], billed)
        price = share * at(charge.get("energy", 0.0), y, node) * study.N[y]
        for h, terms in enumerate(power):
            for a, x in terms:
                program.pay("network_charge_energy", a * price * study.W[grid][h], x)


def window(study: Study, profile: str, grid: str) -> list[bool]:
    """Which steps lie in a window: those of which any hour does; a representative day has its own hours."""
    given = study.data["profiles"][profile]
    if study.slices:
        fine = [bool(given[name]) for name in study.slices]
    elif study.kept:
        values = series(given)
        fine = [bool(values[24 * day + hour]) for day in study.kept for hour in range(24)]
    else:
        fine = [any(series(given))]
    return [any(fine[h] for h in study.steps("hour") if study.inside("hour", h, grid, g)) for g in study.steps(grid)]
