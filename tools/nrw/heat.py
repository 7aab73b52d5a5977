"""Heat and power of the industry that is not named plant by plant: what the energy balance holds beyond the named."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from .activity import KOELN_AND_WESSELING
from .sources import read

EXPLICIT = Path(__file__).with_name("explicit.csv")
EPSILON = 1e-9

# Carriers of the balance in groups. Coal, coke and works gases all go to kilns and to the integrated steelworks, whose
# process needs more than the balance shows as final use, since coke ovens and blast furnaces are booked elsewhere.
GROUPS = {
    "natural gas": ("natural gas", "mine gas and other gases", "sewage and landfill gas"),
    "refinery gas": ("refinery gas",),
    "other carriers": ("other carriers",),
    "oil": ("heavy fuel oil", "light fuel oil", "LPG", "diesel", "other mineral-oil products"),
    "lignite": ("lignite (raw)", "lignite briquettes", "other lignite products"),
    "biomass": ("biomass", "other renewables"),
    "purchased heat": ("district heat",),
    "electricity": ("electricity",),
    "steelworks": ("hard coal (raw)", "hard-coal coke", "petroleum coke", "blast-furnace/converter gas",
                   "coke-oven/town gas"),
}  # fmt: skip
JOINS_GAS = ("refinery gas", "other carriers")  # small remainders, burnt like natural gas
NAMED_SECTORS = ("Paper, Pulp and Printing", "Non-metallic minerals")  # their heat is mostly in named plants
STEAM_SECTORS = ("Iron and Steel", "Chemical and Petrochemical")  # buy steam, which the table files below 100 °C
TABLE = {
    "natural gas": "Natural gas",
    "oil": "Fuel oil",
    "lignite": "Coal",
    "biomass": "Biomass",
    "purchased heat": "District heating",
}
LEVELS = {
    "space_heating": "heat_100",
    "process_heating_0_100": "heat_100",
    "process_heating_100_200": "heat_200",
    "process_heating_200_500": "heat_500",
    "process_heating_500+": "heat_1000",
}
LOW = ("heat_100", "heat_200")
# useful heat per MWh of fuel up to 200 °C, as the catalogue's boilers; above, heat is the fuel that gas firing needs
EFFICIENCY = {"natural gas": 0.93, "oil": 0.93, "lignite": 0.92, "biomass": 0.89, "purchased heat": 1.0}
SME_SHARE = 0.30  # assumption: of heat up to 200 °C from gas and oil
PAPER_CARRIERS = {
    "Natural gas": "natural gas",
    "Fuel oil": "oil",
    "Coal": "lignite",
    "Biomass": "biomass",
    "District heating": "purchased heat",
}

HeatUse = dict[tuple[str, str, str], float]


@dataclass(frozen=True)
class Account:
    """Final energy of one group of carriers, TWh: the balance, the named sectors' part, what remains."""

    group: str
    balance: float
    named: float

    @property
    def rest(self) -> float:
        return self.balance - self.named


def paper_fuel(heat: HeatUse) -> dict[str, float]:
    """Shares of the carriers in the useful heat of German paper mills, by group; they add to one."""
    found: dict[str, float] = defaultdict(float)
    for (sector, carrier, _), value in heat.items():
        if sector == "Paper, Pulp and Printing" and carrier in PAPER_CARRIERS:
            group = PAPER_CARRIERS[carrier]
            found[group] += value * EFFICIENCY[group]
    return {g: v / sum(found.values()) for g, v in found.items()}


def named_use(production: dict[str, float], paper: dict[str, float]) -> dict[str, float]:
    """Final energy of the named sectors by group, TWh/a. Scholven's crackers belong to the refinery's own use."""
    found: dict[str, float] = defaultdict(float)
    for row in read(EXPLICIT):
        amount = KOELN_AND_WESSELING if row["process"] == "steam_cracker" else production[row["process"]]
        energy = float(row["value"]) * amount / 1e6
        if row["carrier"] == "steam":
            for group, share in paper.items():
                found[group] += energy * share / EFFICIENCY[group]
        else:
            found["steelworks" if row["carrier"] == "hard coal" else row["carrier"]] += energy
    return dict(found)


def accounts(balance: dict[str, float], named: dict[str, float]) -> list[Account]:
    """The balance by group. Raises ValueError for a carrier without a group and where the named use more.

    Coal and works gases are set to be used up by the steelworks.
    """
    grouped = {c for carriers in GROUPS.values() for c in carriers}
    if lost := [c for c in balance if c not in grouped]:
        raise ValueError(f"carriers of the balance without a group: {lost}")
    found = []
    for group, carriers in GROUPS.items():
        total = sum(balance.get(c, 0.0) for c in carriers)
        account = Account(group, total, total if group == "steelworks" else named.get(group, 0.0))
        if account.rest < -EPSILON:
            raise ValueError(f"named sectors use {account.named:.3f} TWh of {group}, the balance has {total:.3f}")
        found.append(account)
    return found


def level_shares(group: str, heat: HeatUse) -> dict[str, float]:
    """Shares of the temperature levels in the use of one group, in German industry outside the named sectors."""
    found = dict.fromkeys(dict.fromkeys(LEVELS.values()), 0.0)
    for (sector, carrier, place), value in heat.items():
        if carrier != TABLE[group] or sector in NAMED_SECTORS or (group == "lignite" and sector == "Iron and Steel"):
            continue
        steam = group == "purchased heat" and sector in STEAM_SECTORS and place == "process_heating_0_100"
        found["heat_200" if steam else LEVELS[place]] += value
    return {level: v / sum(found.values()) for level, v in found.items()}


def heat_by_level(books: list[Account], heat: HeatUse) -> dict[tuple[str, str], float]:
    """Useful heat of the rest of industry by (group, demand), TWh/a; demand is a level or `sme_heat`."""
    rest = {a.group: a.rest for a in books}
    rest["natural gas"] += sum(rest[g] for g in JOINS_GAS)
    found: dict[tuple[str, str], float] = {}
    for group in TABLE:
        for level, share in level_shares(group, heat).items():
            useful = rest[group] * share * (EFFICIENCY[group] if level in LOW else 1.0)
            small = SME_SHARE if level in LOW and group in ("natural gas", "oil") else 0.0
            found[group, level] = useful * (1 - small)
            found[group, "sme_heat"] = found.get((group, "sme_heat"), 0.0) + useful * small
    return found
