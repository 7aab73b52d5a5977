"""Which sub-region has how much of the industry that is not named plant by plant, and the boilers that serve it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from .plants import Plant
from .sites import BASE_YEAR, SiteRow
from .sources import REGIONS, District, Installation

HOURS, PEAK = 8760.0, 1 / 0.9
VINTAGES = 5
MILLS = "paper mills"
PAPER_STEAM = 1.4  # MWh/t, as in explicit.csv
# installations filed in the state though they stand elsewhere: Boffzen, Lingen (Lower Saxony), Diemelstadt (Hesse),
# Raubach (Rhineland-Palatinate); recalled
OUTSIDE = ("193", "4130", "58", "538", "597")
LIFETIME = {
    "gas_boiler": 25,
    "coal_boiler": 25,
    "biomass_boiler": 25,
    "gas_chp": 25,
    "sme_gas_boiler": 25,
    "gas_furnace_500": 15,
    "gas_furnace_1000": 15,
}
MAKERS = {"natural gas": "gas_boiler", "oil": "gas_boiler", "lignite": "coal_boiler", "biomass": "biomass_boiler",
          "purchased heat": "gas_chp"}  # fmt: skip
FURNACES = {"heat_500": "gas_furnace_500", "heat_1000": "gas_furnace_1000", "sme_heat": "sme_gas_boiler"}
# Purchased heat is steam of the chemical parks, which are the chlorine sites; small works are spread wider than large.
WEIGHTS = {"heat_500": "large", "heat_1000": "large", "heat_200": "large", "heat_100": "mixed", "sme_heat": "mixed",
           "industry_power": "mixed"}  # fmt: skip
Shares = dict[str, float]


def region_shares(
    plants: Iterable[Plant], register: Mapping[str, Installation], districts: Mapping[str, District]
) -> dict[str, Shares]:
    """Shares of the sub-regions by proxy: `large` (emissions 2018 of installations not named, without steel making),
    `parks` (chlorine capacity), `mixed` (mean of `large` and the number of districts)."""
    plants = list(plants)
    named = {n for p in plants for n in p.installations} | set(OUTSIDE)
    large, parks = dict.fromkeys(REGIONS.values(), 0.0), dict.fromkeys(REGIONS.values(), 0.0)
    for at in register.values():
        if at.number not in named and not at.sector.startswith("steel"):
            large[at.region] += at.emissions
    for plant in plants:
        if plant.process == "chlor_alkali_existing" and plant.weight:
            parks[plant.region] += plant.weight
    count = {r: float(sum(d.region == r for d in districts.values())) for r in REGIONS.values()}
    shares = {"large": _normal(large), "parks": _normal(parks), "count": _normal(count)}
    shares["mixed"] = {r: (shares["large"][r] + shares["count"][r]) / 2 for r in REGIONS.values()}
    return shares


def _normal(counts: Mapping[str, float]) -> Shares:
    total = sum(counts.values())
    return {r: counts.get(r, 0) / total for r in REGIONS.values()}


def regional(
    heat: Mapping[tuple[str, str], float], power: float, shares: Mapping[str, Shares]
) -> dict[tuple[str, str, str], float]:
    """TWh/a by (group, demand, region); the power of the rest of industry is the demand `industry_power`."""
    found = {}
    for (group, demand), value in {**heat, ("electricity", "industry_power"): power}.items():
        proxy = "parks" if group == "purchased heat" else WEIGHTS[demand]
        for region, share in shares[proxy].items():
            found[group, demand, region] = value * share
    return found


def heat_rows(
    by_region: Mapping[tuple[str, str, str], float], paper: Mapping[tuple[str, str, str], float]
) -> list[SiteRow]:
    """Boilers, furnaces and power plants that make the heat, in five equal ages.

    `paper` is steam of paper mills by (status, group, region); the boilers of closed mills are closed too.
    """
    need: dict[tuple[str, str, str, str], float] = defaultdict(float)
    for (group, demand, region), value in by_region.items():
        if demand != "industry_power":
            need["running", "rest of industry", FURNACES.get(demand) or MAKERS[group], region] += value
    for (status, group, region), value in paper.items():
        need[status, MILLS, MAKERS[group], region] += value
    rows = []
    for (status, owner, process, region), value in sorted(need.items(), key=lambda item: (item[0][1:], item[0][0])):
        capacity = value * 1e6 / HOURS * PEAK / VINTAGES
        if capacity > 0:
            rows += [_vintage(owner, process, region, status, capacity, k) for k in range(VINTAGES)]
    return rows


def _vintage(owner: str, process: str, region: str, status: str, capacity: float, k: int) -> SiteRow:
    life = LIFETIME[process]
    return SiteRow(
        site=f"{owner} {region}",
        region=region,
        process=process,
        capacity=capacity,
        unit="MW",
        campaign_year=BASE_YEAR - life + life * (2 * k + 1) // (2 * VINTAGES),
        year_basis="assumed",
        nuts3="",
        status=status,
        quality="computed",
        note="MW of electricity; 1 MW of steam each" if process == "gas_chp" else "",
    )


def paper_steam(
    rows: Iterable[SiteRow], production: Mapping[str, float], carriers: Shares
) -> dict[tuple[str, str, str], float]:
    """Steam of the named paper mills by (status, group, region), TWh/a; the carriers' shares are those of Germany."""
    mills = [r for r in rows if r.process == "paper_mill"]
    steam = PAPER_STEAM * production["paper_mill"] / 1e6 / sum(r.capacity for r in mills)
    found: dict[tuple[str, str, str], float] = defaultdict(float)
    for mill in mills:
        for group, share in carriers.items():
            found[mill.status, group, mill.region] += mill.capacity * steam * share
    return dict(found)


def demand_rows(by_region: Mapping[tuple[str, str, str], float]) -> list[dict[str, object]]:
    """The table of demands: one row per demand and region, TWh/a to three decimals."""
    total: dict[tuple[str, str], float] = defaultdict(float)
    for (_, demand, region), value in by_region.items():
        total[demand, region] += value
    order = ["heat_100", "heat_200", "heat_500", "heat_1000", "sme_heat", "industry_power"]
    return [
        {
            "demand": demand,
            "commodity": "electricity" if demand == "industry_power" else demand,
            "region": region,
            "value": round(total[demand, region], 3),
            "unit": "TWh/a",
        }
        for demand in order
        for region in REGIONS.values()
    ]
