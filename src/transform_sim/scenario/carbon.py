"""Carbon as a scenario states it: what carries it, where it comes from, and where it may end up."""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterator

from .flows import Flows, points_at, runs
from .markets import Commodity
from .plants import Process
from .quantity import Quantity
from .schema import Scenario

COUNTED = "counted"
"""Origin of carbon that was counted as emitted when its CO₂ was used; it is never charged again."""
ORIGINS = ("fossil", "process", "biogenic", "air", COUNTED)
CHARGED = ("fossil", "process")
"""Origins that count as an emission when they reach the air; biogenic carbon and that of the air came from there."""
DRAWN_DOWN = ("biogenic", "air")

Origins = frozenset[str]


def main_emission(scenario: Scenario) -> str | None:
    """The first fossil emission of scope 1, which takes derived emissions and those of disposal."""
    for name, c in scenario.commodities.items():
        if c.kind == "emission" and c.scope == 1 and c.origin == "fossil":
            return name
    return None


def charged_by(scenario: Scenario, emission: str | None) -> tuple[str, ...]:
    """The origins of carbon that an emission counts: what it says, fossil and process together."""
    own = scenario.commodities[emission].origin if emission in scenario.commodities else "fossil"
    return DRAWN_DOWN if own in DRAWN_DOWN else CHARGED


def number(quantity: Quantity | None) -> float:
    """A quantity without years and regions; 0 if absent, NaN where the text could not be read."""
    value = quantity.points.get(None, {}).get(None, math.nan) if quantity else 0.0
    return float(value) if not isinstance(value, str) else math.nan


def auxiliary(process: Process, mode: str | None) -> float:
    """CO₂ from carbon outside the flows, of a mode if it says its own, in t per unit."""
    own = process.modes[mode].auxiliary_carbon if mode else None
    return number(own if own is not None else process.auxiliary_carbon)


def uses_co2(scenario: Scenario, process: Process, flows: Flows) -> bool:
    """Whether a way to run takes CO₂ and makes something else of its carbon that may release it again."""
    if process.permanent or not scenario.policies.charge_co2_use:
        return False
    moved = _moved(scenario, flows)
    return (True, -1) in moved and (False, 1) in moved


def _moved(scenario: Scenario, flows: Flows) -> set[tuple[bool, int]]:
    """(is CO₂ itself, made 1 or used −1) of everything with carbon."""
    return {
        (scenario.commodities[c].carbon_dioxide, sign)
        for c in flows
        if carries(scenario, c)
        for sign in signs(flows[c])
    }


def carries(scenario: Scenario, commodity: str) -> bool:
    """Whether a commodity brings carbon along."""
    c = scenario.commodities.get(commodity)
    return c is not None and c.kind != "emission" and c.carbon_content is not None and number(c.carbon_content) != 0


def signs(flow: Quantity) -> set[int]:
    """Whether a flow is made (1) or used (−1) in some year."""
    return {1 if float(v) > 0 else -1 for *_, v in flow.items() if not isinstance(v, str) and float(v) != 0}


def continues_as(origin: str, commodity: str, scenario: Scenario, *, used: bool) -> str:
    """The origin of carbon behind a process: that of CO₂ in use is counted there and then."""
    return COUNTED if used and origin in CHARGED and scenario.commodities[commodity].carbon_dioxide else origin


def is_counted(emission: Commodity) -> bool:
    """Whether price and cap hold for an emission: direct, and not of carbon that plants or the air gave."""
    return emission.kind == "emission" and emission.scope == 1 and emission.origin not in DRAWN_DOWN


def mixture(scenario: Scenario, supply: str) -> tuple[str, Quantity]:
    """Origin of the carbon that a supply brings, and the share of it that is biogenic instead."""
    own = scenario.supply[supply]
    commodity = scenario.commodities[own.commodity or supply]
    share = own.biogenic_share if own.biogenic_share is not None else commodity.biogenic_share
    return own.origin or commodity.origin, share


def _bought(scenario: Scenario) -> Iterator[tuple[str, Origins, Hashable]]:
    """(commodity, origins, the mixture itself in the years of the study) of every purchase of carbon."""
    horizon = scenario.horizon
    years = range(horizon.start, horizon.end + 1, max(horizon.step, 1))
    for name, supply in scenario.supply.items():
        commodity = supply.commodity or name
        if carries(scenario, commodity):
            origin, share = mixture(scenario, name)
            points = {y: float(v) for _, y, v in share.items() if not isinstance(v, str)} or {None: 0.0}
            values = tuple(round(points_at(points, y), 12) for y in years)
            mixed: set[str] = {origin} if min(values, default=0.0) < 1 else set()
            mixed |= {"biogenic"} if max(values, default=0.0) > 0 else set()
            yield commodity, frozenset(mixed), (origin, values) if len(mixed) > 1 else frozenset(mixed)


def possible_origins(scenario: Scenario) -> dict[str, Origins]:
    """The origins that the carbon of each commodity may have, whoever makes or brings it."""
    found: dict[str, set[str]] = {c: set() for c in scenario.commodities if carries(scenario, c)}
    for commodity, mixed, _ in _bought(scenario):
        found[commodity] |= mixed
    ways = [(p, run, uses_co2(scenario, p, run.flows)) for p in scenario.processes.values() for run in runs(p)]
    grown = True
    while grown:
        grown = False
        for process, run, used in ways:
            flows = {c: signs(q) for c, q in run.flows.items() if c in found}
            taken = [c for c in flows if -1 in flows[c]]
            origins: set[str] = {process.auxiliary_origin} if auxiliary(process, run.mode) > 0 else set()
            origins |= {continues_as(o, c, scenario, used=used) for c in taken for o in found[c]}
            if used and (True, 1) in _moved(scenario, run.flows):  # some of the CO₂ only goes through
                origins |= {o for c in taken for o in found[c]}
            for c in (c for c in flows if 1 in flows[c] and not origins <= found[c]):
                found[c] |= origins
                grown = True
    return {c: frozenset(origins or {scenario.commodities[c].origin}) for c, origins in found.items()}


def pooled(scenario: Scenario) -> tuple[str, ...]:
    """Commodities in which carbon of several origins meets, so that who gets which is for the optimum to say.

    Carbon that is only bought, always in the same mixture, needs no such choice.
    """
    made = {c for p in scenario.processes.values() for run in runs(p) for c, q in run.flows.items() if 1 in signs(q)}
    mixtures: dict[str, set[Hashable]] = {}
    for commodity, _, mixed in _bought(scenario):
        mixtures.setdefault(commodity, set()).add(mixed)
    return tuple(
        c for c, origins in possible_origins(scenario).items()
        if len(origins) > 1 and (c in made or len(mixtures.get(c, ())) > 1)
    )  # fmt: skip
