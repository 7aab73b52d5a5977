"""Processes whose capacity is kept by campaign: renewal (reline), retrofits at the end or in mid-campaign."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .assets import Asset, buildable, capex, existing, first_of_a_kind, invest
from .program import Program, Term
from .study import INFINITE, Study, at

Cohort = tuple[float, float]
"""Start and end of a campaign; −∞ as start for stock of unknown age."""


@dataclass(frozen=True)
class Arc:
    """A conversion of capacity of `source` into capacity of `target`; a reline has source = target."""

    source: str
    target: str
    kind: str
    capex: Any
    life: float
    wacc: float | None
    ratio: float
    earliest: float

    @property
    def key(self) -> tuple[str, str]:
        return (self.source, self.target)


def arcs(study: Study) -> list[Arc]:
    """All relines and retrofits."""
    found = []
    processes = study.section("processes")
    for name, process in processes.items():
        again = process.get("reinvest")
        if again:
            life = again.get("lifetime") or process.get("lifetime", INFINITE)
            wacc = process.get("wacc") if again.get("wacc") is None else again["wacc"]
            found.append(Arc(name, name, "end", again["capex"], life, wacc, 1.0, -INFINITE))
        for target, retrofit in (process.get("retrofits") or {}).items():
            life = retrofit.get("lifetime") or processes[target].get("lifetime", INFINITE)
            wacc = process.get("wacc") if retrofit.get("wacc") is None else retrofit["wacc"]
            earliest = retrofit.get("earliest") or processes[target].get("earliest") or -INFINITE
            kind, ratio = retrofit.get("kind", "end"), retrofit.get("ratio", 1.0)
            found.append(Arc(name, target, kind, retrofit["capex"], life, wacc, ratio, earliest))
    return found


def with_cohorts(study: Study) -> set[str]:
    """Processes that are renewed or converted, and the targets of conversions."""
    return {name for arc in arcs(study) for name in (arc.source, arc.target)}


def snapped(study: Study, start: float, life: float) -> float:
    """End of a campaign at the nearest period start (ties later); beyond the horizon it stays where it is."""
    end = start + life
    if end <= study.end:
        end = min([*study.periods, study.end], key=lambda year: (abs(year - end), -year))
    return max(end, max(start, study.start) + study.step)


def cohorts(study: Study, group: dict[str, Asset], region: str) -> dict[str, set[Cohort]]:
    """Every cohort that can exist in a region, by process."""
    found: dict[str, set[Cohort]] = {name: set() for name in group}
    for name, asset in group.items():
        if region in asset.places:
            found[name] |= set(stocks(study, asset, region))
            life = asset.section.get("lifetime", INFINITE)
            found[name] |= {(v, snapped(study, v, life)) for v in buildable(study, asset)}
    here = [a for a in arcs(study) if region in group[a.source].places and region in group[a.target].places]
    for arc in here:
        if arc.kind == "end":
            found[arc.target] |= {(y, snapped(study, y, arc.life)) for y in conversions(study, arc)}
    for _ in here:  # mid arcs hand cohorts on, at most once per arc on any path
        for arc in here:
            if arc.kind == "mid":
                found[arc.target] |= found[arc.source]
    return found


def conversions(study: Study, arc: Arc) -> list[int]:
    """Periods in which an arc may be used: none in the first, where no campaign ends."""
    return [y for y in study.periods[1:] if y >= arc.earliest]


def stocks(study: Study, asset: Asset, region: str) -> dict[Cohort, float]:
    """Existing capacity by cohort; what should have ended by the start ends at the second period."""
    found: dict[Cohort, float] = {}
    for start, amount in existing(asset, region).items():
        if start is not None and start > study.start:
            raise ValueError("an existing campaign starts after the horizon does")
        life = asset.section.get("lifetime", INFINITE)
        cohort = (-INFINITE, INFINITE) if start is None else (float(start), snapped(study, start, life))
        found[cohort] = found.get(cohort, 0.0) + amount
    return found


def alive(study: Study, cohort: Cohort) -> list[int]:
    """Periods of a cohort, the first one first."""
    return [y for y in study.periods if cohort[0] <= y < cohort[1]]


def campaigns(study: Study, program: Program, group: dict[str, Asset]) -> None:
    """Rows and columns of all processes with cohorts, region by region."""
    if any(asset.technique is not None for asset in group.values()):
        raise ValueError("techniques and campaigns in one process are not defined")
    for region in study.regions:
        here = [a for a in arcs(study) if region in group[a.source].places and region in group[a.target].places]
        sets = cohorts(study, group, region)
        for name, asset in group.items():
            for j in sets[name]:
                for y in alive(study, j):
                    program.new("cohort", name, region, j, y)
            for v in buildable(study, asset) if region in asset.places else []:
                life = snapped(study, v, asset.section.get("lifetime", INFINITE)) - v
                paid = asset.section.get("economic_lifetime") or life
                column = program.x["new", asset.key, region, v]
                spent = capex(asset, v) * first_of_a_kind(asset, v) * asset.hours
                invest(study, program, column, spent, asset.section.get("wacc"), v, paid)
        convert(study, program, group, here, sets, region)
        for name, asset in group.items():
            if region in asset.places:
                follow(study, program, asset, here, sets[name], region)


def convert(
    study: Study, program: Program, group: dict[str, Asset], here: list[Arc], sets: dict[str, set[Cohort]], region: str
) -> None:
    """Columns of conversion with their annuities, per unit of what is given up."""
    for arc in here:
        for y in conversions(study, arc):
            spent = at(arc.capex, y) * first_of_a_kind(group[arc.target], y) * group[arc.source].hours
            if arc.kind == "end":
                column = program.new("end", arc.key, region, y)
                invest(study, program, column, spent, arc.wacc, y, snapped(study, y, arc.life) - y)
                continue
            for j in sets[arc.source]:
                if y in alive(study, j)[1:]:
                    column = program.new("mid", arc.key, region, j, y)
                    invest(study, program, column, spent, arc.wacc, y, j[1] - y)


def follow(study: Study, program: Program, asset: Asset, here: list[Arc], own: set[Cohort], region: str) -> None:
    """The life of each cohort of one process in one region: birth, mid-campaign, end."""
    p, x, life = asset.name, program.x, asset.section.get("lifetime", INFINITE)
    stock = stocks(study, asset, region)
    total: dict[int, list[Term]] = {y: [] for y in study.periods}
    ended: dict[float, list[Term]] = {y: [] for y in study.periods}
    for j in own:
        years = alive(study, j)
        for y in years:
            total[y].append((-1.0, x["cohort", p, region, j, y]))
            row: list[Term] = [(1.0, x["cohort", p, region, j, y])]
            if y == years[0]:
                if ("new", asset.key, region, y) in x and j == (y, snapped(study, y, life)):
                    row.append((-1.0, x["new", asset.key, region, y]))
                for arc in here:
                    if arc.target == p and ("end", arc.key, region, y) in x and j == (y, snapped(study, y, arc.life)):
                        row.append((-arc.ratio, x["end", arc.key, region, y]))
                program.at_most(row, stock.get(j, 0.0))
                continue
            row.append((-1.0, x["cohort", p, region, j, study.previous(y)]))
            for arc in here:
                if ("mid", arc.key, region, j, y) in x:
                    if arc.source == p:
                        row.append((1.0, x["mid", arc.key, region, j, y]))
                    if arc.target == p:
                        row.append((-arc.ratio, x["mid", arc.key, region, j, y]))
            program.at_most(row, 0.0)
        if years and j[1] in ended:
            ended[j[1]].append((-1.0, x["cohort", p, region, j, years[-1]]))
    for y in study.periods:
        program.equal([(1.0, x["capacity", asset.key, region, y]), *total[y]], 0.0)
        used = [(1.0, x["end", a.key, region, y]) for a in here if a.source == p and ("end", a.key, region, y) in x]
        if used:
            program.at_most(used + ended[y], 0.0)
