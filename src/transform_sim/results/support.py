"""Policies in the results: output that was paid for, what is built under contract, public money, and its scarcity."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from transform_sim.inputs import OutputPayments
from transform_sim.inputs.output_payments import allowances
from transform_sim.lp import join
from transform_sim.names import (
    ALLOCATED_OUTPUT,
    COMPENSATED_OUTPUT,
    CONTRACTED,
    CONTRACTED_OUTPUT,
    GRANTED,
    HOURS_PER_YEAR,
    PUBLIC_BUDGET,
)
from transform_sim.scenario.transfers import OutputPayment
from transform_sim.scenario.units import capacity_hours, capacity_unit

from .extract import Extractor, Named, described

Floats = NDArray[np.float64]


def support(ex: Extractor, row_dual: Floats) -> Named:
    """All quantities of policies that pay; those of policies that the scenario does not have are left out."""
    return _payments(ex) | _contracts(ex) | _grants(ex) | _budgets(ex, row_dual)


def _payments(ex: Extractor) -> Named:
    policies = ex.data.scenario.policies
    given, text = policies.free_allocation, "output that earns free allocation"
    allocated = _output(ex, ex.data.free_allocation, given, ALLOCATED_OUTPUT, text)
    if allocated:
        array = allocated[ALLOCATED_OUTPUT]
        per_unit = np.array([allowances(given[str(n)], ex.data.frame.years) for n in array["allocation"].values])
        each = array.drop_vars("allocation_unit").copy(data=array.values * per_unit)
        allocated |= described("allowances", each, "allowances given for free", "t/a")
    text = "output that earns electricity price compensation"
    return allocated | _output(ex, ex.data.power_compensation, policies.power_compensation, COMPENSATED_OUTPUT, text)


def _output(
    ex: Extractor, payments: OutputPayments, given: Mapping[str, OutputPayment], variable: str, text: str
) -> Named:
    """Output per year that is paid for, by policy."""
    array = ex.array(variable, ex.same(payments.dim))
    if array is None:
        return {}
    units = [ex.data.scenario.commodities[given[str(n)].commodity].unit for n in array[payments.dim].values]
    array = array.assign_coords({f"{payments.dim}_unit": (payments.dim, units)})
    return described(variable, array, text, "see coordinate unit")


def _contracts(ex: Extractor) -> Named:
    c = ex.data.contracts
    output = ex.array(CONTRACTED_OUTPUT, ex.same("contract"))
    if output is None:
        return {}
    units = [ex.data.scenario.processes[p].unit for p in c.process]
    at = {name: k for k, name in enumerate(c.names)}
    here = [at[str(n)] for n in output["contract"].values]
    capacity, paid = np.zeros((2, len(c.names), len(ex.periods)))
    for kind, s in c.built.items():
        for block in (b for b in ex.program.columns if b.name == CONTRACTED[kind]):
            built = ex.annual(block) * s.investments.ratio[:, None]
            hours = np.array([capacity_hours(units[k]) for k in s.table["contract"]])
            np.add.at(capacity, s.table["contract"], built * hours[:, None])
    for block in (b for b in ex.program.columns if b.name == CONTRACTED_OUTPUT):
        np.add.at(paid, c.output["contract"], c.payment * ex.annual(block))
    labels = [c.names[k] for k in here]
    coords = {
        "contract_unit": ("contract", [units[k] for k in here]),
        "contract_capacity_unit": ("contract", [capacity_unit(units[k]) for k in here]),
    }
    return {
        name: array.assign_coords(coords)
        for name, array in (
            described("contracted_output", output, "output under contract", "see coordinate unit")
            | described("contracted_capacity", _by("contract", labels, capacity[here], ex),
                        "capacity put under contract in each period", "see coordinate capacity_unit")
            | described("contract_payment", _by("contract", labels, paid[here], ex),
                        "what the state pays under contract; below zero what it is paid back", _money(ex))
        ).items()
    }  # fmt: skip


def _grants(ex: Extractor) -> Named:
    g = ex.data.grants
    money = np.zeros((len(g.names), len(ex.periods)))
    granted = {int(k) for s in g.built.values() for k in s.table["grant"]}
    for kind, s in g.built.items():
        for block in (b for b in ex.program.columns if b.name == GRANTED[kind]):
            spent = ex.annual(block) * g.share[kind] * s.investments.capital.overnight / ex.data.frame.lengths
            np.add.at(money, s.table["grant"], spent)
    if not granted:
        return {}
    here = sorted(granted)
    array = _by("grant", [g.names[k] for k in here], money[here], ex)
    return described("grant_payment", array, "grants per year, spread over the years of the period", _money(ex))


def _budgets(ex: Extractor, row_dual: Floats) -> Named:
    table, _ = ex.data.budgets.limit
    for block in (b for b in ex.program.rows if b.name == PUBLIC_BUDGET):
        worth = -ex.values(block, row_dual)[:, :, 0] / (HOURS_PER_YEAR * ex.program.periods.weight)
        at = join(block.entities, table).right
        labels = [ex.data.budgets.names[k] for k in table["budget"][at]]
        return described("budget_price", _by("budget", labels, worth, ex), "what one unit more of budget saves", "1")
    return {}


def _by(dim: str, labels: Sequence[str], values: Floats, ex: Extractor) -> xr.DataArray:
    return xr.DataArray(values, coords={dim: list(labels), "period": ex.periods}, dims=[dim, "period"])


def _money(ex: Extractor) -> str:
    return f"{ex.data.scenario.currency}/a"
