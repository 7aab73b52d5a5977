"""A small sound scenario, and how the tests spoil it."""

from __future__ import annotations

from functools import cache

from transform_sim.errors import ScenarioError
from transform_sim.scenario import Problem, load, loads

STUDY = """\
name: small
currency: EUR2020
horizon: {start: 2025, end: 2045, step: 5}
time: {slices: {winter: {share: 0.25}, summer: {share: 0.75}}}
profiles: {wind: {winter: 0.4, summer: 0.2}, price: {winter: 1.5, summer: 0.8}}
regions: {ruhr: {}, coast: {}}
commodities:
  electricity: {unit: MWh, balance: hour, area: grid}
  hydrogen: {unit: MWh, balance: day, implied_store: true}
  coal: {unit: MWh, carbon_content: 0.34, area: hub}
  steel: {unit: t}
  co2: {unit: t, kind: emission}
  co2_grid: {unit: t, kind: emission, scope: 2}
processes:
  furnace:
    unit: t
    flows: {steel: 1, coal: -5, electricity: 0.1}
    lifetime: 20
    existing: {ruhr: {2012: 4.0e6}}
    reinvest: {capex: 240}
    retrofits: {shaft: {capex: 700}}
  shaft:
    unit: t
    flows: {steel: 1, hydrogen: -1.7, electricity: -1.1}
    regions: [ruhr]
    capex: {value: 840, low: 700, high: 1250}
    earliest: 2028
  electrolysis:
    unit: MWh
    flows: {electricity: -1, hydrogen: 0.65}
    capex: 1000 EUR/kW
    growth_max: 0.35
    seed_capacity: 100
  turbine: {unit: MWh, flows: {electricity: 1}, availability_profile: wind, capex: 1300 EUR/kW}
storages:
  cavern: {commodity: hydrogen, cycle: year, capex: 2 EUR/kWh}
links:
  pipe: {commodity: hydrogen, from: coast, to: ruhr, bidirectional: true, length: 200, capex: 400}
supply:
  power: {commodity: electricity, price: 70, price_profile: price, emissions: {co2_grid: 0.3}}
  coal: {price: 10}
sales:
  surplus: {commodity: electricity, follows: power, spread: 10}
demand:
  steel: {amount: {ruhr: 3.0e6}}
policies: {carbon_price: {2025: 75, 2045: 200}, emission_cap: {2045: 2.0e6}}
resources:
  land: {unit: ha, limit: 90 km2, capacity: {turbine: 1}, activity: {furnace: 1 m2/t}, purchases: {power: 0.001}}
"""
SERIES = f"[{', '.join(['0.3'] * 8760)}]"


def spoilt(*changes: tuple[str, str]) -> str:
    """The small scenario with texts replaced; each must stand in it."""
    text = STUDY
    for old, new in changes:
        assert old in text, f"{old!r} is not in the study"
        text = text.replace(old, new.replace("<series>", SERIES), 1)
    return text


@cache
def problems_of(text: str) -> tuple[Problem, ...]:
    """The problems of a scenario text; none if it is sound."""
    try:
        loads(text)
    except ScenarioError as error:
        return tuple(error.problems)
    return ()


def problems_in(path: object, **arguments: object) -> list[Problem]:
    """The problems of a scenario file."""
    try:
        load(path, **arguments)  # type: ignore[arg-type]
    except ScenarioError as error:
        return list(error.problems)
    return []


def shown(problem: Problem) -> str:
    """Path and message, without the place."""
    return f"{problem.path}: {problem.message}" if problem.path else problem.message
