"""What the tables rest on: production, emissions against the register, energy against the balance."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from .activity import RULES
from .heat import Account
from .plants import Plant
from .sites import SiteRow, scholven_crackers
from .sources import Installation

PRODUCTS = {
    "bf_bof": "crude steel (blast furnaces)",
    "scrap_eaf": "crude steel (electric)",
    "steam_cracker": "high-value chemicals",
    "ammonia_reforming": "ammonia",
    "chlor_alkali_existing": "chlorine",
    "clinker_kiln": "clinker",
    "cement_mill": "cement",
    "lime_kiln": "lime",
    "aluminium_smelter": "aluminium, primary",
    "aluminium_recycling": "aluminium, secondary",
    "glass_gas": "glass",
    "paper_mill": "paper and board",
    "refinery": "crude oil refined",
}


def base_year(
    plants: Sequence[Plant],
    rows: Sequence[SiteRow],
    production: Mapping[str, float],
    register: Mapping[str, Installation],
) -> list[dict[str, object]]:
    """One row per process: production, what of it still runs, emissions by factor and in the register (t/a)."""
    table: list[dict[str, object]] = []
    for process, product in PRODUCTS.items():
        rule, made = RULES[process], production[process]
        mine = [r for r in rows if r.process == process]
        running = sum(r.capacity for r in mine if r.status == "running") / sum(r.capacity for r in mine)
        table.append(
            {
                "process": process,
                "product": product,
                "production": round(made, -2),
                "running": round(made * running, -2),
                "unit": "t/a",
                "emission_factor": rule.emission or "",
                "emissions": round(made * rule.emission, -2) if rule.emission else "",
                "register_2018": _registered(process, plants, register, production) or "",
                "source": rule.source,
            }
        )
    return table


def _registered(
    process: str, plants: Sequence[Plant], register: Mapping[str, Installation], production: Mapping[str, float]
) -> float:
    """Verified emissions of the process's own installations; integrated steel: the whole sector less electric steel."""
    if process == "cement_mill":
        return 0.0
    numbers = {n for p in plants if p.process == process for n in p.installations}
    emitted = sum(register[n].emissions for n in numbers)
    inside = scholven_crackers(dict(production))
    if process == "bf_bof":
        electric = {n for p in plants if p.process == "scrap_eaf" for n in p.installations}
        emitted = sum(
            i.emissions for i in register.values() if i.sector.startswith("steel") and i.number not in electric
        )
    elif process == "steam_cracker":
        emitted += inside
    elif process == "refinery":
        emitted -= inside
    return round(emitted, -2)


def residual(plants: Sequence[Plant], register: Mapping[str, Installation]) -> dict[str, float]:
    """Verified emissions of 2018 outside the named processes by sector of the register, t/a.

    Of the works that remelt aluminium, only melting is named: the rest is their rolling mills' furnaces.
    """
    melted = sum(register[n].emissions for p in plants if p.process == "aluminium_recycling" for n in p.installations)
    named = {n for p in plants for n in p.installations}
    found: dict[str, float] = defaultdict(float)
    for at in register.values():
        if at.number not in named and not at.sector.startswith("steel"):
            found[at.sector] += at.emissions
    melting = RULES["aluminium_recycling"]
    found["aluminium (secondary), rolling mills"] = melted - melting.emission * (melting.amount or 0.0)
    return dict(sorted(found.items(), key=lambda item: -item[1]))


def lines(
    table: Sequence[Mapping[str, object]],
    rest: Mapping[str, float],
    books: Sequence[Account],
    register: Mapping[str, Installation],
    demand: Sequence[Mapping[str, object]],
    electric_heat: float,
) -> list[str]:
    """The report as text."""
    text = ["Base year: Mt/a | still running | Mt CO₂e by factor | in the register 2018"]
    for r in table:
        pair = " | ".join(_mega(r[k]) for k in ("production", "running", "emissions", "register_2018"))
        text.append(f"  {r['product']!s:30} {pair}")
    made = sum(float(str(r["emissions"] or 0)) for r in table)
    total, left = sum(i.emissions for i in register.values()), sum(rest.values())
    text.append(
        f"  named {made / 1e6:.2f} + residual {left / 1e6:.2f} = {(made + left) / 1e6:.2f}, register {total / 1e6:.2f}"
    )
    text += [f"    {sector:42} {value / 1e6:6.3f}" for sector, value in rest.items() if value > 500]
    text.append("Final energy 2016, TWh: balance, named sectors, rest")
    text += [f"  {a.group:16} {a.balance:8.2f} {a.named:8.2f} {a.rest:8.2f}" for a in books]
    text.append(f"  of the rest's electricity about {electric_heat:.0%} makes heat (Germany 2016, without metals)")
    text.append("Demand of the rest of industry, TWh/a")
    text += [f"  {d['demand']!s:16} {d['region']!s:20} {d['value']!s:>8}" for d in demand]
    return text


def _mega(value: object) -> str:
    return f"{float(str(value)) / 1e6:7.3f}" if value else "      –"
