"""Support of investment: what it is given to, grants, and the public money that grants and contracts draw on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from transform_sim.lp import Entities
from transform_sim.names import HOURS_PER_YEAR
from transform_sim.scenario.support import CarbonContract, Grant

from .assets import Assets
from .frame import Frame
from .investments import Investments
from .values import INF, over_years, stacked

Floats = NDArray[np.float64]


class Rows(NamedTuple):
    """Rows of one kind that one contract or grant, a code, is given to; see `Supported`."""

    code: int
    rows: NDArray[np.int64]
    open: Floats
    stands: Floats
    financing: Floats


@dataclass(frozen=True, eq=False)
class Supported:
    """Investments of one kind that support is given to; n rows.

    Attributes:
        table: entities of the kind's variable, with the contract or grant as first dimension.
        upper: 0 in periods without support, else infinity, shape (n, V).
        investments: those behind each row.
        stands: share of each period in which what results counts as supported, shape (n, V, Y).
        financing: what support takes off the yearly cost of capital, shape (n, V).
    """

    table: Entities
    upper: Floats
    investments: Investments
    stands: Floats
    financing: Floats

    @property
    def results(self) -> Entities:
        """The table with what results as `asset`."""
        return Entities({**self.table.codes, "asset": self.investments.asset})


@dataclass(frozen=True, eq=False)
class Grants:
    """Grants that are active: `share` of investment (grant rows, V), by name, and what can be granted, by kind."""

    names: tuple[str, ...]
    built: dict[str, Supported]
    share: dict[str, Floats]


@dataclass(frozen=True, eq=False)
class Budgets:
    """Public budgets: entities (budget) and yearly limit as rate per hour (n, Y), and who draws on which."""

    names: tuple[str, ...]
    limit: tuple[Entities, Floats]
    contracts: Entities
    grants: Entities


def make_grants(frame: Frame, assets: Assets, can: Mapping[str, Investments]) -> Grants:
    """Lay out grants; the social view has none, as they are transfers. `can` are all investments by kind."""
    given = frame.scenario.policies.grants
    paid = {k: g for k, g in enumerate(given.values()) if g.active and frame.scenario.view == "private"}
    built, share = {}, {}
    for kind, investment in can.items() if paid else ():
        rows, shares = [], []
        for k, grant in paid.items():
            part, regions = over_years(grant.share, frame.years, 0.0, "limit"), granted_regions(grant, frame)
            at = investment.into(grant.plants, regions, assets)
            part = np.broadcast_to(part, (len(at), len(part)))
            stands, saved = investment.stands[at], part * investment.capital.financing[at]
            rows.append(Rows(k, at, (part > 0).astype(float), stands, saved))
            shares.append(part)
        built[kind] = gathered("grant", investment, rows, frame)
        share[kind] = np.concatenate([*shares, np.zeros((0, len(frame.years)))])
    return Grants(tuple(given), built, share)


def granted_regions(grant: Grant, frame: Frame) -> list[int]:
    """Where it is given: links count where they start, which may be an area."""
    return list(range(len(frame.places))) if grant.regions is None else frame.region_codes(grant.regions)


def make_budgets(frame: Frame) -> Budgets:
    """Lay out public budgets and who draws on them."""
    policies = frame.scenario.policies
    active = [n for n, b in policies.budgets.items() if b.active and frame.scenario.view == "private"]
    names = list(policies.budgets)
    limit = [over_years(policies.budgets[n].limit, frame.years, INF, "limit") / HOURS_PER_YEAR for n in active]

    def drawing(of: Mapping[str, CarbonContract | Grant], dim: str) -> Entities:
        rows = [(names.index(s.budget), k) for k, s in enumerate(of.values()) if s.budget in active and s.active]
        return Entities.records(("budget", dim), rows)

    return Budgets(
        names=tuple(names),
        limit=(Entities.records(("budget",), [(names.index(n),) for n in active]), stacked(limit, frame.years)),
        contracts=drawing(policies.carbon_contracts, "contract"),
        grants=drawing(policies.grants, "grant"),
    )


def gathered(dim: str, of: Investments, parts: Sequence[Rows], frame: Frame) -> Supported:
    """All rows of one kind; `dim` is 'contract' or 'grant'."""
    n = len(frame.years)
    none = np.zeros(0, dtype=np.int64)
    at = np.concatenate([none, *(p.rows for p in parts)])
    codes = {dim: np.concatenate([none, *(np.full(len(p.rows), p.code) for p in parts)])}
    open_ = np.concatenate([np.zeros((0, n)), *(p.open for p in parts)])
    stands = np.concatenate([np.zeros((0, n, n)), *(p.stands for p in parts)])
    saved = np.concatenate([np.zeros((0, n)), *(p.financing for p in parts)])
    chosen = Investments(of.table.take(at), of.asset[at], of.ratio[at], of.capital.take(at), of.stands[at])
    return Supported(
        Entities({**codes, **chosen.table.codes}), np.where(open_ > 0, INF, 0.0), chosen, stands, saved
    )  # fmt: skip
