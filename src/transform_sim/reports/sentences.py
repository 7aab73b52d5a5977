"""What results say in English, their warnings and their proof, in the language of the report."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from transform_sim.plots.language import digits, retold, say, word
from transform_sim.results import Results

WARNINGS = (
    "{name} in {place}: the campaign of {start} ends in {end}, nearest to the start of the study; "
    "it counts as ending in {second}",
    "solved with other costs than the scenario's at {count} columns: see cost component changed_cost",
    "solved with other bounds than the scenario's at {count} {kind}",
    "the cost of emissions was replaced: the carbon price paid is not shown",
    "the balances were changed in a way that tells no demand: served_demand is left out",
    "several demands stand at a node whose balance was changed: served_demand shares it in proportion",
    "nothing is shifted, because the time steps have no order: {names}",
    "{name} evens out within {hours} h instead of {window} h: representative days of {day} h stand alone",
    "{name} is shifted by {hours} h at most instead of {delay} h: representative days of {day} h stand alone",
    "{name} is not shifted by {delays}: representative days of {day} h stand alone",
    "ramps and part load are left out, because the time steps have no order: {names}",
    "ramps and part load are left out for what does not run by the hour: {names}",
    "capacity margin {name}: the load is the mean of the year, since {commodity} has one step",
    "network charge {name}: the peak is the mean of the year, since {commodity} has one step",
    "network charge {name}: no hour that is represented lies in its high-load window",
    "network charge {name}: {used} hours of use at {place} in {year}, but the discount is for {asked}",
    "network charge {name}: {amount} {unit}/a are bought at {place} in {year}, but the discount is for more than "
    "{above} {bound}/a",
    "network charge {name}: {share} of what is bought at {place} is sold in the same hours but counts as use. A "
    "larger spread makes that dear",
    "{name} uses more and less in the same hours, {share} of what it shifts: its losses pay where power costs "
    "nothing or less. joint_limit and price_floor limit that",
    "up to {amount} {unit} more of {commodity} are shifted away and shed in an hour of {year} at {place} than are "
    "demanded and used there: supply from nowhere. Lower the load of {names}",
    "the {commodity} balance implies a store of {hours} h of mean throughput; declare the store or a finer balance",
    "feasible, not proved optimal: prices belong to the model that was solved, not to the scenario alone",
    "prices are sharp only to {left} per unit; solve with method='simplex' to publish them",
)
"""Every warning that results can carry, as inputs and results word it."""


def warnings(results: Results) -> list[str]:
    """What had to be assumed, and what a reader should know."""
    return [retold(text, WARNINGS) for text in results.warnings]


def proof(results: Results) -> str:
    """The certificate in lines: what is proved and how sharply, then the row and the column nearest to failing."""
    c = results.certificate
    rows = [say("worst row {finding}", finding=_finding(c["worst_row"]))] if c["worst_row"] else []
    columns = [say("worst column {finding}", finding=_finding(c["worst_column"]))] if c["worst_column"] else []
    return "\n  ".join([_summary(c), *rows, *columns])


def _summary(c: Mapping[str, Any]) -> str:
    at = digits(f"{c['tolerance']:g}")
    if c["gap"] is None:
        state = say("proved feasible at {at}", at=at) if c["ok"] else say("not proved feasible at {at}", at=at)
    else:
        state = say("proved optimal at {at}", at=at) if c["ok"] else say("not proved optimal at {at}", at=at)
    parts = [state, say("primal residual {size}", size=_small(c["primal_residual"]))]
    if c["gap"] is not None:
        parts += [
            say("dual residual {size}", size=_small(c["dual_residual"])), say("gap {size}", size=_small(c["gap"])),
            say("profit left {size} per unit", size=_small(c["profit_left"])),
        ]  # fmt: skip
    return ", ".join(parts)


def _small(value: float) -> str:
    return digits(f"{value:.1e}")


def _finding(found: Mapping[str, Any]) -> str:
    violation, allowed = (digits(f"{found[key]:.3g}") for key in ("violation", "allowed"))
    what = word(str(found["what"]))
    return say("{name}: {what} {violation}, allowed {allowed}", name=found["name"], what=what, violation=violation,
               allowed=allowed)  # fmt: skip
