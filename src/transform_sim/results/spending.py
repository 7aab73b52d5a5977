"""What is spent: cost components as present values, what is paid in each year and by whom it is caused, investment."""

from __future__ import annotations

from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from transform_sim.lp import join
from transform_sim.lp.blocks import Columns
from transform_sim.names import (
    EMISSION_BALANCE,
    END_CONVERSION,
    HOURS_PER_YEAR,
    MID_CONVERSION,
    NET_EMISSION,
    NEW_CAPACITY,
)

from . import changed
from .extract import Extractor, Named, described
from .owners import Owners

Floats = NDArray[np.float64]
Notes = dict[str, tuple[str, str, str, bool]]
CHANGED_COST = "changed_cost"
"""Cost component of what replaced costs add to the declared ones."""


def spending(ex: Extractor) -> Named:
    """Cost by component: present value by period of build or operation, and what is paid per year by owner."""
    owners = Owners.of(ex.data.scenario)
    currency = ex.data.scenario.currency
    present: dict[str, Floats] = {}
    annual: dict[str, Floats] = {}
    notes: Notes = {}
    for cost in ex.program.costs:
        whole, paid = spent(ex, owners, cost.columns, cost.coefficient, cost.paid)
        present[cost.name] = present.get(cost.name, 0.0) + whole
        annual[cost.name] = annual.get(cost.name, 0.0) + paid
        notes[cost.name] = (cost.payer, cost.receiver, cost.kind, cost.counts)
    if (change := changed.cost(ex)) is not None:
        parts = [spent(ex, owners, b, ex.values(b, change), changed.paid(ex, b)) for b in ex.program.columns]
        present[CHANGED_COST], annual[CHANGED_COST] = (np.sum(p, axis=0) for p in zip(*parts, strict=True))
        notes[CHANGED_COST] = ("case", "case", "resource", True)
    components = _components(notes)
    periods = {"period": ex.periods}
    shape = (len(notes), len(owners), len(ex.periods))
    by_period = np.array(list(present.values())).reshape(shape[0], shape[2])
    split = xr.DataArray(by_period, {**components, **periods}, ["component", "period"])
    coords = {**components, "owner": list(owners.labels), **periods}
    yearly = xr.DataArray(np.array(list(annual.values())).reshape(shape), coords, ["component", "owner", "period"])
    return described(
        "cost", split, "present value, by period of build (capital) or of operation", currency
    ) | described("annual_cost", yearly, "paid per year of the period, undiscounted", f"{currency}/a")


def investment(ex: Extractor) -> Named:
    """Overnight investment of each period, undiscounted, under the plant that results."""
    owners, assets, cohorts = Owners.of(ex.data.scenario), ex.data.assets, ex.data.cohorts
    capital = [(NEW_CAPACITY, assets.table, assets.capital)]
    if cohorts is not None:
        capital.append((NEW_CAPACITY, cohorts.new_table, cohorts.new_capital))
        capital.append((END_CONVERSION, cohorts.end.table, cohorts.end.capital))
        capital.append((MID_CONVERSION, cohorts.mid.table, cohorts.mid.capital))
    out = np.zeros((len(owners), len(ex.periods)))
    for variable, table, cost in capital:
        for block in (b for b in ex.program.columns if b.name == variable):
            pairs = join(block.entities, table)
            spent = ex.annual(block)[pairs.left] * cost.overnight[pairs.right]
            np.add.at(out, owners.codes(ex.data, block.entities)[pairs.left], spent)
    array = xr.DataArray(out, {"owner": list(owners.labels), "period": ex.periods}, ["owner", "period"])
    text = "overnight investment of the whole period, undiscounted"
    return described("investment", array, text, ex.data.scenario.currency)


def _components(notes: Notes) -> dict[str, Any]:
    """Coordinates of the components: names, payer, receiver, kind, and whether they count in the objective."""
    # typed, so that a study without any cost has columns of the same kind
    kinds = {"payer": str, "receiver": str, "kind": str, "counts": bool}
    columns: dict[str, NDArray[Any]] = {
        f: np.array([note[i] for note in notes.values()], dtype=k) for i, (f, k) in enumerate(kinds.items())
    }
    return {"component": np.array(list(notes), dtype=str), **{f: ("component", v) for f, v in columns.items()}}


def spent(
    ex: Extractor, owners: Owners, block: Columns, coefficient: Floats, paid: Floats | None
) -> tuple[Floats, Floats]:
    """Present value (Y,) by period of the columns, and payments per year (owner, Y) in the periods when they are due.

    `coefficient` and `paid` are as in a Cost.
    """
    value = (coefficient * ex.values(block)).sum(axis=2)
    if block.name == NET_EMISSION:
        released = _released(ex, owners, block)
        entity = np.tile(np.arange(len(value)), len(owners))
        owner = np.repeat(np.arange(len(owners)), len(value))
        split = (released * coefficient[:, :, 0]).reshape(-1, value.shape[1])
    else:
        entity, owner, split = np.arange(len(value)), owners.codes(ex.data, block.entities), value
    weight = ex.program.periods.weight
    if paid is None:
        due = split / weight
    else:
        years = (paid @ weight)[:, :, None]
        share = np.divide(paid, years, out=np.zeros_like(paid), where=years > 0)
        due = (split[:, None, :] @ np.broadcast_to(share, (len(value), *share.shape[1:]))[entity])[:, 0, :]
    out = np.zeros((len(owners), len(weight)))
    np.add.at(out, owner, due)
    return value.sum(axis=0), out


def _released(ex: Extractor, owners: Owners, block: Columns) -> Floats:
    """Net emission by owner, shape (owner, E, Y): what each process, purchase and disposal puts into its balance."""
    rows = next(b for b in ex.program.rows if b.name == EMISSION_BALANCE)
    out = np.zeros((len(owners), *block.shape[:2]))
    for term in (t for t in rows.terms if t.columns is not block):
        # entities of the balance are those of the net emission
        rate = term.coefficient[:, :, 0] * ex.annual(term.columns)[term.entity.cols] / HOURS_PER_YEAR
        np.add.at(out, (owners.codes(ex.data, term.columns.entities)[term.entity.cols], term.entity.rows), rate)
    rest = ex.values(block)[:, :, 0] - out.sum(axis=0)
    if changed.sides(ex, rows):
        out[-1] += rest  # what a changed balance adds has no cause in the scenario
        return out
    # the solver leaves a trace of imbalance: it goes to all in proportion
    size = np.abs(out).sum(axis=0)
    return np.asarray(out + np.abs(out) * np.divide(rest, size, out=np.zeros_like(rest), where=size > 0))
