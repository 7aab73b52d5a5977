"""What the state's plants made in the base year, and which emission per tonne ties that to the emissions register."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .plants import Plant
from .sources import Installation

AVAILABILITY = 0.90
CLINKER_FACTOR = 0.66
KOELN_AND_WESSELING = 3.6e6  # t/a of high-value chemicals from the crackers that have a permit of their own


@dataclass(frozen=True)
class Rule:
    """How the production of a process is found.

    `emission` is what 1 t of product emits in the register's boundary (t CO₂e/t); `amount` the production (t/a), or
    None where it follows from the 2018 emissions or the capacities of the plants. `quality` is that of the production.
    `cycle` is the time between renewals (a): the lifetime in the catalogue, for paper an assumption.
    """

    emission: float
    amount: float | None
    cycle: int
    quality: str
    source: str


RULES = {
    "bf_bof": Rule(
        1.12,
        15.4e6,
        20,
        "computed",
        "JRC-IDEES 2015 × share of emissions 15.2 Mt; 1.12 t/t on site (fitted), the rest leaves as works gas to power "
        "plants that the register counts elsewhere",
    ),
    "scrap_eaf": Rule(0.10, None, 20, "recalled", "emissions / 0.10 t/t (assumption; 0.06–0.16 in the literature)"),
    "steam_cracker": Rule(
        0.75,
        None,
        30,
        "recalled",
        "Köln and Wesseling 3.6 Mt (2.69 Mt CO₂ at 0.75 t/t, fitted); Scholven by its ethylene capacity",
    ),
    "ammonia_reforming": Rule(1.8, None, 30, "computed", "emissions / 1.8 t/t (natural gas 8.9 MWh/t)"),
    "chlor_alkali_existing": Rule(0.0, None, 25, "recalled", "capacities of seven sites (recalled) × 0.90"),
    "clinker_kiln": Rule(0.80, None, 25, "recalled", "emissions / 0.80 t/t (German mix with refuse-derived fuel)"),
    "cement_mill": Rule(0.0, None, 25, "recalled", "clinker / 0.66"),
    "lime_kiln": Rule(
        1.04,
        None,
        30,
        "recalled",
        "emissions without sugar works / 1.04 t/t (0.75 process + 0.96 MWh, half gas and half lignite: assumption)",
    ),
    "aluminium_smelter": Rule(
        1.8, None, 30, "recalled", "emissions / 1.8 t/t with anodes and perfluorocarbons (fitted)"
    ),
    "aluminium_recycling": Rule(0.12, 0.3117e6, 25, "computed", "JRC-IDEES 2015 × share of emissions; gas 0.60 MWh/t"),
    "glass_gas": Rule(0.483, None, 15, "recalled", "emissions / 0.483 t/t (gas 1.8 MWh/t × 0.2016 + 0.12 t)"),
    "paper_mill": Rule(0.37, 4.0e6, 20, "recalled", "4.0 Mt (recalled); emissions 1.47 Mt give 0.37 t/t (fitted)"),
    "refinery": Rule(
        0.215,
        28e6,
        40,
        "recalled",
        "28 Mt crude oil (recalled; the energy balance of 2016 has 366 TWh, 31 Mt); emissions without Scholven's "
        "crackers give 0.215 t/t (fitted)",
    ),
}


def productions(plants: Sequence[Plant], register: Mapping[str, Installation]) -> dict[str, float]:
    """Production of each process in the base year, t/a (refinery: t crude oil)."""
    found = {}
    for process, rule in RULES.items():
        mine = [p for p in plants if p.process == process]
        emitted = sum(register[n].emissions for p in mine for n in p.installations)
        if rule.amount is not None:
            found[process] = rule.amount
        elif rule.emission:
            found[process] = emitted / rule.emission
    crackers = [p for p in plants if p.process == "steam_cracker"]
    registered = sum(p.weight or 0.0 for p in crackers if p.installations)
    found["steam_cracker"] = KOELN_AND_WESSELING * sum(p.weight or 0.0 for p in crackers) / registered
    chlorine = sum(p.weight or 0.0 for p in plants if p.process == "chlor_alkali_existing")
    found["chlor_alkali_existing"] = chlorine * 1e3 * AVAILABILITY
    found["cement_mill"] = found["clinker_kiln"] / CLINKER_FACTOR
    return found
