"""What is built: processes and their techniques, storages and links; their cost, stock and limits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .program import Program, Term
from .study import HOURS, INFINITE, Study, at, limit_at, points_of


@dataclass(frozen=True)
class Asset:
    """A technique of a process, a storage or a link; `hours` turns its capacity unit into a rate per hour."""

    kind: str
    name: str
    technique: int | None
    section: dict[str, Any]
    hours: float
    places: tuple[str | None, ...]

    @property
    def key(self) -> tuple[str, str, int | None]:
        return (self.kind, self.name, self.technique)


def hours_of(unit: str) -> float:
    """Capacity of what counts tonnes is given per year, of what counts MWh per hour."""
    return {"t": HOURS, "MWh": 1.0}[unit]


def assets(study: Study) -> list[Asset]:
    """Everything that is built."""
    found = []
    for name, process in study.section("processes").items():
        places = tuple(process.get("regions") or study.regions)
        for technique in sorted(process.get("techniques") or {}) or [None]:
            found.append(Asset("process", name, technique, process, hours_of(process["unit"]), places))
    for name, storage in study.section("storages").items():
        places = tuple(storage.get("regions") or study.regions)
        found.append(Asset("storage", name, None, storage, 1.0, places))
    for name, link in study.section("links").items():
        unit = study.section("commodities")[link["commodity"]]["unit"]
        found.append(Asset("link", name, None, link, hours_of(unit), (None,)))
    return found


# what building costs --------------------------------------------------------------------------------------------


def capex(asset: Asset, year: int) -> float:
    """Investment per unit of capacity (in its own unit) for a plant of this year that is not the first of its kind."""
    own = at(asset.section.get("capex", 0.0), year)
    if asset.section.get("capex_power"):
        own += at(asset.section["capex_power"], year) * asset.section["discharge_rate"]
    return own * (asset.section.get("length") or 1.0 if asset.kind == "link" else 1.0)


def first_of_a_kind(asset: Asset, year: int) -> float:
    """What building in a year costs relative to a mature plant."""
    return 1.0 + at(asset.section.get("first_of_a_kind", 0.0), year)


def fixed_opex(study: Study, asset: Asset, year: int) -> float:
    """Yearly cost per unit of capacity (in its own unit)."""
    own = at(asset.section.get("fixed_opex", 0.0), year)
    if asset.kind == "link" and asset.section.get("length"):
        own *= asset.section["length"]
    return own + asset.section.get("fixed_opex_share", 0.0) * capex(asset, study.start)


def invest(
    study: Study, program: Program, column: Any, spent: float, wacc: float | None, year: int, life: float
) -> None:
    """An annuity over `life`; the view decides whether the difference between WACC and discount rate counts."""
    resource = spent * study.payments(year, life, study.rate)
    program.pay("capex", resource, column)
    if study.view == "private" and wacc is not None:
        program.pay("financing", spent * study.payments(year, life, wacc) - resource, column)


# stock ----------------------------------------------------------------------------------------------------------


def buildable(study: Study, asset: Asset) -> list[int]:
    """Periods in which this asset may be built."""
    first = asset.section.get("earliest") or -INFINITE
    last = asset.section.get("latest") or INFINITE
    if asset.technique is not None:
        later = [year for year in asset.section["techniques"] if year > asset.technique]
        first, last = max(first, asset.technique), min([last] + [year - 1 for year in later])
    return [y for y in study.periods if first <= y <= last]


def existing(asset: Asset, place: str | None) -> dict[int | None, float]:
    """Capacity that stands at the start by year of its start, as a rate per hour; the first technique owns it."""
    techniques = asset.section.get("techniques")
    if techniques and asset.technique != min(techniques):
        return {}
    return {year: amount / asset.hours for year, amount in points_of(asset.section.get("existing"), place).items()}


def existing_in(study: Study, asset: Asset, place: str | None, year: int) -> float:
    """Existing capacity that still stands, as its share of the period."""
    life = asset.section.get("lifetime", INFINITE)
    return sum(
        amount if start is None else amount * study.share(start, life, year)
        for start, amount in existing(asset, place).items()
    )


def build(study: Study, program: Program, asset: Asset) -> None:
    """Columns of new capacity and capacity, with fixed opex."""
    for place in asset.places:
        for y in study.periods:
            if y in buildable(study, asset):
                program.new("new", asset.key, place, y)
            column = program.new("capacity", asset.key, place, y)
            program.pay("fixed_opex", fixed_opex(study, asset, y) * asset.hours * study.N[y], column)


def stock(study: Study, program: Program, asset: Asset) -> None:
    """Capacity within what stands and what was built; new capacity pays its annuity."""
    life = asset.section.get("lifetime", INFINITE)
    paid = asset.section.get("economic_lifetime") or life
    for place in asset.places:
        for y in study.periods:
            row: list[Term] = [(1.0, program.x["capacity", asset.key, place, y])]
            for v in buildable(study, asset):
                if v <= y:
                    row.append((-study.share(v, life, y), program.x["new", asset.key, place, v]))
            program.at_most(row, existing_in(study, asset, place, y))
        for v in buildable(study, asset):
            column = program.x["new", asset.key, place, v]
            spent = capex(asset, v) * first_of_a_kind(asset, v) * asset.hours
            invest(study, program, column, spent, asset.section.get("wacc"), v, paid)


def capacity_limits(study: Study, program: Program, group: list[Asset]) -> None:
    """`capacity_max` and `new_capacity_max` over all techniques of one plant."""
    first = group[0]
    for place in first.places:
        for y in study.periods:
            for kind, field in (("capacity", "capacity_max"), ("new", "new_capacity_max")):
                limit = limit_at(first.section.get(field), y, place)
                if limit is not None:
                    columns = [program.x.get((kind, asset.key, place, y)) for asset in group]
                    program.at_most([(1.0, x) for x in columns if x is not None], limit / first.hours)


def growth(study: Study, program: Program, group: list[Asset], campaigns: bool) -> None:
    """Capacity over all regions grows from what stood at the previous milestone and from the seed."""
    process = group[0].section
    if process.get("growth_max") is None:
        return
    g, seed = process["growth_max"], process["seed_capacity"] / group[0].hours
    for y in study.periods:
        years = 1 if y == study.start else study.step
        k = min(years, y - (process.get("earliest") or -INFINITE) + 1)
        seeds = 0.0 if k <= 0 else seed * (k if g == 0 else ((1 + g) ** k - 1) / g)
        row: list[Term] = []
        before = 0.0
        for asset in group:
            for place in asset.places:
                row.append((1.0, program.x["capacity", asset.key, place, y]))
                if y == study.start and campaigns:
                    before += sum(existing(asset, place).values())
                elif y == study.start:
                    before += existing_in(study, asset, place, y)
                else:
                    row.append((-((1 + g) ** years), program.x["capacity", asset.key, place, study.previous(y)]))
        program.at_most(row, (1 + g) ** years * before + seeds)
