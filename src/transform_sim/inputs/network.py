"""Network charges: which purchases count where, what is paid per unit and per peak, and on what conditions."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from transform_sim.lp import Entities
from transform_sim.names import GRIDS
from transform_sim.scenario import Quantity
from transform_sim.scenario.network import NetworkCharge, discount_at
from transform_sim.scenario.units import factor, is_energy

from .frame import Frame
from .trades import commodity_of
from .values import INF, over_places, scalar, stacked

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
NODE = ("network_charge", "node")


@dataclass(frozen=True, eq=False)
class NetworkCharges:
    """All network charges; E rows of `table` (network_charge, node), Y periods.

    Attributes:
        names: labels of the charges.
        tables: rows of `table` by the grid of their commodity.
        at: entities (network_charge, node, commodity), the rows of `table`.
        counted: entities (network_charge, supply, node) of purchases that count.
        active: years in which it is charged, shape (E, Y).
        energy, capacity: paid per unit, and per unit/h of charged peak and year, discounts taken off, shape (E, Y).
        windows: rows of atypical use by grid, and their steps that count, shape (n, T).
        atypical, baseload: which rows are charged so, shape (E,).
        least_share: of the peak that is charged, shape (E,); `hours` of use that are kept, shape (E,).
        purchase_above: purchase per year above which the law grants the discount, shape (E,); 0 without such a rule.
    """

    names: tuple[str, ...]
    table: Entities
    tables: dict[str, Entities]
    at: Entities
    counted: Entities
    active: Bools
    energy: Floats
    capacity: Floats
    windows: dict[str, tuple[Entities, Bools]]
    atypical: Bools
    baseload: Bools
    least_share: Floats
    hours: Floats
    purchase_above: Floats
    warnings: tuple[str, ...]


def make_network_charges(frame: Frame) -> NetworkCharges:
    """Lay out all network charges of the scenario, at the nodes where something that counts is bought."""
    charges = frame.scenario.network_charges
    given = list(charges.values())
    counted = [(k, *where) for k, charge in enumerate(given) for where in _counted(charge, frame)]
    rows = list(dict.fromkeys((k, node) for k, _, node in counted))
    table = Entities.records(NODE, rows)
    of = [given[k] for k, _ in rows]
    regulation = np.array([charge.regulation for charge in of], dtype=str)
    share = np.array([_share(charge) for charge in of], dtype=float)[:, None]
    grids = np.array([frame.grid_of[charge.commodity] for charge in of], dtype=str)
    active = np.array([_active(charge, frame) for charge in of], dtype=bool).reshape(len(of), len(frame.years))
    windows = {g: _windows(frame, given, table.take((grids == g) & (regulation == "atypical")), g) for g in GRIDS}
    return NetworkCharges(
        names=tuple(charges),
        table=table,
        tables={g: table.take(grids == g) for g in GRIDS},
        at=Entities.records(
            (*NODE, "commodity"),
            [(*row, frame.commodities.index(c.commodity)) for row, c in zip(rows, of, strict=True)],
        ),
        counted=Entities.records(("network_charge", "supply", "node"), counted),
        active=active,
        energy=active * share * _prices(frame, [charge.energy for charge in of], rows),
        capacity=active * share * _prices(frame, [charge.capacity for charge in of], rows),
        windows=windows,
        atypical=regulation == "atypical",
        baseload=regulation == "baseload",
        least_share=np.array([scalar(charge.least_share, 0.0) for charge in of], dtype=float),
        hours=np.array([scalar(charge.hours, 0.0) for charge in of], dtype=float),
        purchase_above=np.array([_purchase_above(charge, frame) for charge in of], dtype=float),
        warnings=(*_coarse(frame), *_outside(windows, tuple(charges))),
    )


def _counted(charge: NetworkCharge, frame: Frame) -> list[tuple[int, int]]:
    """(supply, node) of the purchases that count."""
    here = frame.nodes(charge.commodity, charge.regions)
    return [
        (s, node)
        for s, (name, supply) in enumerate(frame.scenario.supply.items())
        if commodity_of(name, supply) == charge.commodity and (charge.supply is None or name in charge.supply)
        for node in frame.nodes(charge.commodity, supply.regions)
        if node in here
    ]


def _active(charge: NetworkCharge, frame: Frame) -> Bools:
    """Periods that begin in the years of the charge, shape (Y,)."""
    first, last = charge.available_from or -INF, charge.available_until or INF
    return np.asarray((frame.years >= first) & (frame.years <= last))


def _prices(frame: Frame, published: list[Quantity], rows: list[tuple[int, int]]) -> Floats:
    """A price of each row, shape (E, Y)."""
    found = [over_places(q, frame.places, frame.years, 0.0)[n] for q, (_, n) in zip(published, rows, strict=True)]
    return stacked(found, frame.years)


def _share(charge: NetworkCharge) -> float:
    """Share of the published charge that is paid."""
    if charge.regulation != "baseload":
        return 1.0
    if charge.share is not None:
        return charge.share.scalar
    step = discount_at(charge.hours.scalar)
    assert step is not None, "checked when the scenario was read"
    return step.share


def _purchase_above(charge: NetworkCharge, frame: Frame) -> float:
    """The least purchase that the law asks for, in the commodity's unit per year; 0 where it asks for none."""
    unit = frame.scenario.commodities[charge.commodity].unit
    step = discount_at(charge.hours.scalar)
    if charge.regulation != "baseload" or charge.share is not None or step is None or not is_energy(unit):
        return 0.0
    return step.purchase_above * factor("GWh", unit)


def _windows(frame: Frame, given: list[NetworkCharge], table: Entities, grid: str) -> tuple[Entities, Bools]:
    named = [given[k].high_load_window for k in table["network_charge"]]
    steps = [frame.window(name, grid) for name in named if name is not None]
    return table, np.array(steps, dtype=bool).reshape(len(table), len(frame.grids[grid]))


def _coarse(frame: Frame) -> list[str]:
    """A peak of one step is no peak."""
    return [
        f"network charge {name}: the peak is the mean of the year, since {charge.commodity} has one step"
        for name, charge in frame.scenario.network_charges.items()
        if len(frame.grids[frame.grid_of[charge.commodity]]) == 1 and any(v for *_, v in charge.capacity.items())
    ]


def _outside(windows: dict[str, tuple[Entities, Bools]], names: tuple[str, ...]) -> list[str]:
    """Representative days may leave the window out, and with it the peak that is charged."""
    empty = {names[k] for table, steps in windows.values() for k in table["network_charge"][~steps.any(axis=1)]}
    return [
        f"network charge {n}: no hour that is represented lies in its high-load window" for n in names if n in empty
    ]
