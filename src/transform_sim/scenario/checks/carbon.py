"""Carbon: what goes into a process comes out; a stated emission is checked against that."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from transform_sim.scenario.carbon import (
    CHARGED,
    Origins,
    auxiliary,
    carries,
    charged_by,
    main_emission,
    number,
    possible_origins,
    signs,
)
from transform_sim.scenario.flows import Flows, Run, at, runs
from transform_sim.scenario.plants import Process
from transform_sim.scenario.problems import Report
from transform_sim.scenario.schema import Scenario
from transform_sim.scenario.tree import Path

from .common import numbers

SHARE, PER_UNIT = 0.02, 0.02
"""Gap allowed between a stated emission and the balance: share of the carbon in, or t per unit of activity."""

ROUNDING = 1e-9
"""How much more carbon may come out than goes in: nothing but rounding, or a plant could be run for its gain."""

NOWHERE = "but there is no fossil emission of scope 1 to count it"


class Released(NamedTuple):
    """What the stack releases in a year (0: in all), what of it must count, and what went in; t CO₂ per unit."""

    year: int
    total: float
    charged: float
    carbon_in: float


def carbon_closes(scenario: Scenario, report: Report) -> None:
    """No mode or technique lets out more carbon than goes in, and what it states as emission agrees with the balance.

    A stated emission may count all carbon from the stack or leave out what plants and the air gave.
    """
    origins = possible_origins(scenario)
    for name, process in scenario.processes.items():
        target = process.emission or main_emission(scenario)
        for run in runs(process):
            path = _place(name, run)
            if _counts_too_little(scenario, process, run, origins):
                message = f"{process.emission} counts no fossil carbon, which is among what goes in. Leave emission out"
                report.add("carbon", ("processes", name), message, "emission")
                break
            for own in derived(scenario, process, run, origins) or ():
                gap = max(SHARE * own.carbon_in, PER_UNIT) + 1e-9
                if target is None and abs(own.total) > max(SHARE * own.carbon_in, 1e-9):
                    report.add("no-emission", path, f"releases {own.total:.4g} t CO₂ per unit, {NOWHERE}")
                    break
                if own.total < -ROUNDING:
                    _tell_of_nothing(report, path, own.total)
                    break
                stated = at(run.flows[target], own.year) if target in run.flows else own.total
                if not min(own.charged, own.total) - gap <= stated <= own.total + gap:
                    _tell(report, path, str(target), stated, own)
                    break


def derived(scenario: Scenario, process: Process, run: Run, origins: Mapping[str, Origins]) -> list[Released] | None:
    """What the balance gives, at the years where it bends; None if no carbon is tracked."""
    target = process.emission or main_emission(scenario)
    contents = {c: number(scenario.commodities[c].carbon_content) for c in run.flows if carries(scenario, c)}
    extra = auxiliary(process, run.mode)
    if not contents and extra == 0:
        return None
    counts = charged_by(scenario, target)
    charged = {c: origins[c] <= set(counts) and not _mixed(scenario, c) for c in contents}
    return [
        _balance(run.flows, contents, charged, extra, process.auxiliary_origin in counts, year)
        for year in _years(run.flows, contents, target)
    ]


def disposal_counts(scenario: Scenario, report: Report) -> None:
    """Carbon that is disposed of for good, or else counted as an emission."""
    if main_emission(scenario) is not None:
        return
    for name, commodity in scenario.commodities.items():
        content, disposal = commodity.carbon_content, commodity.disposal
        if disposal and not disposal.permanent and content and any(v for *_, v in content.items()):
            message = f"releases carbon, {NOWHERE}. Add one, or set permanent"
            report.add("no-emission", ("commodities", name, "disposal"), message)


def origins_have_carbon(scenario: Scenario, report: Report) -> None:
    """What says where carbon comes from stands where there is carbon."""
    for name, commodity in scenario.commodities.items():
        if commodity.kind == "emission":
            continue
        for key in ("origin", "biogenic_share", "carbon_dioxide"):
            if key in commodity.model_fields_set and commodity.carbon_content is None:
                report.add("no-effect", ("commodities", name), f"{key} has no effect without carbon_content", key)
    for name, supply in scenario.supply.items():
        bought = scenario.commodities.get(supply.commodity or name)
        for key in ("origin", "biogenic_share"):
            if key in supply.model_fields_set and bought is not None and bought.carbon_content is None:
                message = f"{key} has no effect: '{supply.commodity or name}' has no carbon_content"
                report.add("no-effect", ("supply", name), message, key)
    for name, process in scenario.processes.items():
        aux = [process.auxiliary_carbon, *(m.auxiliary_carbon for m in process.modes.values())]
        if "auxiliary_origin" in process.model_fields_set and not any(q and any(v for *_, v in q.items()) for q in aux):
            message = "auxiliary_origin has no effect without auxiliary_carbon"
            report.add("no-effect", ("processes", name), message, "auxiliary_origin")


def bound_for_good(scenario: Scenario, report: Report) -> None:
    """What a permanent process binds goes nowhere but to demand and sale: its carbon has counted once and for all."""
    used = {c for p in scenario.processes.values() for run in runs(p) for c, q in run.flows.items() if -1 in signs(q)}
    for name, process in scenario.processes.items():
        made = {c for run in runs(process) for c, q in run.flows.items() if carries(scenario, c) and 1 in signs(q)}
        for c in sorted(made) if process.permanent else ():
            commodity = scenario.commodities[c]
            if not commodity.carbon_dioxide and (c in used or commodity.disposal):
                what = "a process uses it" if c in used else "it has a disposal"
                message = f"binds carbon in {c} for good, but {what}, and it would count twice. Take one of them out"
                report.add("carbon", ("processes", name), message, "permanent")


def co2_is_not_lost(scenario: Scenario, report: Report) -> None:
    """CO₂ that a link or store loses would be in no account; what leaks is for the plant that catches less."""
    for name, link in scenario.links.items():
        if _is_co2(scenario, link.commodity) and any(numbers(link.loss)):
            report.add("carbon", ("links", name), _lost(link.commodity), "loss")
    for name, store in scenario.storages.items():
        for key, whole in (("loss", 0.0), ("charge_efficiency", 1.0), ("discharge_efficiency", 1.0)):
            if _is_co2(scenario, store.commodity) and any(v != whole for v in numbers(getattr(store, key))):
                report.add("carbon", ("storages", name), _lost(store.commodity), key)


def _lost(commodity: str) -> str:
    return f"would lose {commodity}, which nothing counts. Let the plant catch less of it instead"


def _is_co2(scenario: Scenario, commodity: str) -> bool:
    return commodity in scenario.commodities and scenario.commodities[commodity].carbon_dioxide


def _counts_too_little(scenario: Scenario, process: Process, run: Run, origins: Mapping[str, Origins]) -> bool:
    """Whether an emission of biogenic carbon is to take what may be fossil or come from minerals."""
    if process.emission is None or charged_by(scenario, process.emission) == CHARGED:
        return False
    goes_in = [origins[c] for c, q in run.flows.items() if c in origins and -1 in signs(q)]
    extra = {process.auxiliary_origin} if auxiliary(process, run.mode) > 0 else set()
    return any(set(CHARGED) & found for found in (*goes_in, extra))


def _mixed(scenario: Scenario, commodity: str) -> bool:
    """Whether part of what is bought may be biogenic."""
    supplies = [s for n, s in scenario.supply.items() if (s.commodity or n) == commodity]
    shares = [s.biogenic_share for s in supplies] + [scenario.commodities[commodity].biogenic_share]
    return any(v for q in shares if q is not None for *_, v in q.items())


def _place(name: str, run: Run) -> Path:
    """Where the flows of a run are written."""
    where: Path = (
        ("modes", run.mode) if run.mode else ("techniques", run.technique) if run.technique is not None else ()
    )
    return ("processes", name, *where)


def _balance(
    flows: Flows, contents: dict[str, float], charged: dict[str, bool], extra: float, extra_charged: bool, year: int
) -> Released:
    """Released and brought in per unit of activity; what goes in is spread evenly over what comes out."""
    carbon = {c: -at(flows[c], year) * content for c, content in contents.items()}
    goes_in = sum(k for k in carbon.values() if k > 0) + max(extra, 0.0)
    must = sum(k for c, k in carbon.items() if k > 0 and charged[c]) + (max(extra, 0.0) if extra_charged else 0.0)
    total = sum(carbon.values()) + extra
    return Released(year, total, total * must / goes_in if goes_in > 0 else total, goes_in)


def _years(flows: Flows, contents: dict[str, float], target: str | None) -> list[int]:
    """The years at which the balance can differ; 0 stands for all if nothing changes."""
    used = [flows[name] for name in (*contents, target) if name in flows]
    return sorted({year for flow in used for year in flow.years}) or [0]


def _tell(report: Report, path: Path, target: str, stated: float, own: Released) -> None:
    when = f" in {own.year}" if own.year else ""
    message = (
        f"{target} is stated as {stated:.4g} t per unit{when}, but the carbon of the flows gives {own.total:.4g}. "
        "Correct the flows, add auxiliary_carbon, or leave the emission out"
    )
    report.add("carbon", path, message)


def _tell_of_nothing(report: Report, path: Path, total: float) -> None:
    message = (
        f"{-total:.4g} t CO₂ per unit more goes out than comes in. Add the carbon_content of what goes in, and its "
        f"origin, or auxiliary_carbon: {-total:.4g} with auxiliary_origin: air if the air gives it"
    )
    report.add("carbon", path, message)
