"""What flexibility saves: the study solved without it, with all of it, and with each thing alone and missing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal

import numpy as np
import pandas as pd
from rich.console import Console
from rich.progress import track

from transform_sim.errors import InfeasibleError, TransformSimError
from transform_sim.pipeline import solve
from transform_sim.results import Results
from transform_sim.scenario import Scenario
from transform_sim.scenario.flexibility import takes_part

from .flexibility_hours import LOAD, STORAGE

ALL = "all"
TOGETHER, ALONE, LAST = "together", "alone", "last"
"""What is compared: all with none, one with none, all with all but one."""
SAVES, COSTS, SAME = "saves", "costs", "not distinguishable"
NEEDED, NOWHERE = "no solution without", "no solution with or without"
SECTION = {LOAD: "flexible_loads", STORAGE: "storages"}
COLUMNS = ["name", "kind", "compared", "unit", "saving", "accuracy", "finding"]


def flexibility_value(
    scenario: Scenario, by: Literal["load"] | None = "load", *, progress: bool = True, **options: Any
) -> pd.DataFrame:
    """What flexible loads, and stores with a level of flexibility, save: together and, by load, each.

    The first row is all of them against none (compared: 'together'). Each has two more: added to none ('alone') and
    taken out of all ('last'). What one saves alone is more than what it saves as the last, as far as the others do the
    same work, and less where they need each other; so single savings do not add to that of all.

    Columns: name, kind ('load', 'storage'), compared, unit (money), `saving` in the objective (present value),
    `accuracy` to which the certificates of both solves prove it, finding, and a column per period with the difference
    in `annual_cost`, money a year undiscounted. Finding is 'saves', 'not distinguishable' (within the accuracy), 'no
    solution without', where the saving is infinite, 'no solution with or without' (NaN), or 'costs', which a correct
    solve never finds. Differences of a
    period may be negative: what is built early pays later.

    Args:
        scenario: things that take part at its level of flexibility count; at level none, nothing does.
        by: 'load' for each one, None for all of them together alone: two solves instead of two more for each.
        progress: whether a bar on the error stream shows how far it is.
        options: as for `transform_sim.solve`: solver, method, constraints …

    Raises TransformSimError if nothing flexible takes part, and what `solve` raises for the study with all of it.
    """
    things = flexible(scenario)
    if not things:
        raise TransformSimError(
            f"value of flexibility of {scenario.name} — nothing flexible takes part at level '{scenario.flexibility}' "
            "— give it flexible_loads, or storages with a level of flexibility, and a level that lets them in"
        )
    every = frozenset(things)
    cases = {every: None, frozenset(): None}
    if by == "load" and len(things) > 1:
        cases |= {frozenset({one}): None for one in things} | {every - {one}: None for one in things}
    solved: dict[frozenset[Thing], Results | None] = {}
    for taking in track(
        cases, "Value of flexibility", console=Console(stderr=True, emoji=False), disable=not progress, transient=True
    ):
        solved[taking] = _solved(scenario, things, taking, needed=taking == every, options=options)
    whole, none = solved[every], solved[frozenset()]
    assert whole is not None
    years = [int(y) for y in whole.data["period"].values]
    rows: list[tuple[Thing, str, Results | None, Results | None]] = [((ALL, ALL), TOGETHER, none, whole)]
    for one in things if by == "load" else ():
        rows += [(one, ALONE, none, solved[frozenset({one})]), (one, LAST, solved[every - {one}], whole)]
    unit = str(whole.data.attrs["currency"])
    found = [(*one, compared, unit, *_compared(without, with_, len(years))) for one, compared, without, with_ in rows]
    return pd.DataFrame(found, columns=[*COLUMNS, *years])


Thing = tuple[str, str]
"""Name and kind."""


def flexible(scenario: Scenario) -> list[Thing]:
    """Flexible loads, and stores with a level of flexibility, that take part: (name, kind)."""
    given: Mapping[str, Mapping[str, Any]] = {LOAD: scenario.flexible_loads, STORAGE: scenario.storages}
    return [
        (name, kind)
        for kind, section in given.items()
        for name, own in section.items()
        if own.flexibility is not None and takes_part(own.flexibility, scenario.flexibility)
    ]


def _solved(
    scenario: Scenario, things: list[Thing], taking: frozenset[Thing], *, needed: bool, options: Mapping[str, Any]
) -> Results | None:
    """The study with some of its flexible things; None if it has no solution without the others.

    Those that take part are of today, the others potential, and the study stands at today.
    """
    changes: dict[str, Any] = {"flexibility": "today" if taking else "none"}
    for name, kind in _written(scenario):
        changes[f"{SECTION[kind]}.{name}.flexibility"] = "today" if (name, kind) in taking else "potential"
    try:
        return solve(scenario.with_(changes), **options)
    except InfeasibleError:
        if needed:
            raise
        return None


def _written(scenario: Scenario) -> Iterator[Thing]:
    """All that has a level, whether it takes part or not."""
    yield from ((name, LOAD) for name in scenario.flexible_loads)
    yield from ((name, STORAGE) for name, own in scenario.storages.items() if own.flexibility is not None)


def _compared(without: Results | None, with_: Results | None, years: int) -> tuple[object, ...]:
    """Saving, accuracy, finding, and the differences of each period."""
    if without is None or with_ is None:
        value, finding = (np.nan, NOWHERE) if with_ is None else (np.inf, NEEDED)
        return (value, np.nan, finding, *[np.nan] * years)
    saving, accuracy = without.objective - with_.objective, _accuracy(without) + _accuracy(with_)
    finding = SAME if abs(saving) <= accuracy else SAVES if saving > 0 else COSTS
    return (saving, accuracy, finding, *(_yearly(without) - _yearly(with_)))


def _accuracy(results: Results) -> float:
    """How far the objective may be from the optimum: the largest relative gap or residual of the proof, in money."""
    c = results.certificate
    share = max(abs(float(c[key] or 0.0)) for key in ("gap", "primal_residual", "dual_residual", "row_residual"))
    return share * (1.0 + 2.0 * abs(results.objective))


def _yearly(results: Results) -> Any:
    """What counts in the objective, money a year, by period."""
    cost = results.data["annual_cost"]
    return cost.isel(component=np.flatnonzero(cost["counts"].values)).sum(["component", "owner"]).values
