"""Scenario → inputs: labelled tables and arrays that the formulation reads.

The only place that interpolates, broadcasts and masks: what is absent in the scenario has no row or column here.
"""

from __future__ import annotations

from dataclasses import dataclass

from transform_sim.lp import LinearProgram
from transform_sim.names import VARIABLES
from transform_sim.scenario import Scenario
from transform_sim.scenario.carbon import ORIGINS

from .activities import Activities, Flows, make_activities
from .assets import Assets, make_assets
from .border import Border, make_border
from .capital import Capital
from .carbon import CarbonBook, carbon_book
from .cohorts import Cohorts, Conversions, make_cohorts
from .contracts import Contracts, make_contracts
from .demands import Demands, make_demands
from .flexible_loads import FlexibleLoads, make_flexible_loads
from .frame import Frame, make_frame
from .growth import Growth, make_growth
from .investments import investments
from .network import NetworkCharges, make_network_charges
from .obligations import CapacityMargins, Quotas, make_capacity_margins, make_quotas
from .operation import Operation, PartLoad, make_operation
from .origins import Origins, make_origins
from .output_payments import OutputPayments, make_free_allocation, make_power_compensation
from .participation import taking_part
from .policy import Emissions, Resources, make_emissions, make_resources
from .references import Reference
from .shedding import Shedding
from .shifting import Shifting
from .support import Budgets, Grants, Supported, make_budgets, make_grants
from .trades import Disposals, Trades, make_disposals, make_trades
from .transport import DIRECTIONS, Levels, Links, Stores, make_links, make_stores

__all__ = [
    "Activities", "Assets", "Border", "Budgets", "CapacityMargins", "Capital", "CarbonBook", "Cohorts", "Contracts",
    "Conversions", "Demands", "Disposals", "Emissions", "FlexibleLoads", "Flows", "Frame", "Grants", "Growth",
    "Inputs", "Levels", "Links", "NetworkCharges", "Operation", "Origins", "OutputPayments", "PartLoad", "Quotas",
    "Reference", "Resources", "Shedding", "Shifting", "Stores", "Supported", "Trades", "make_inputs",
]  # fmt: skip


@dataclass(frozen=True, eq=False)
class Inputs:
    """All a formulation needs, by family; `labels` names the codes of every dimension."""

    scenario: Scenario
    frame: Frame
    assets: Assets
    carbon: CarbonBook
    activities: Activities
    cohorts: Cohorts | None
    growth: Growth
    operation: Operation
    stores: Stores
    links: Links
    supply: Trades
    sales: Trades
    disposals: Disposals
    demands: Demands
    flexible_loads: FlexibleLoads
    network_charges: NetworkCharges
    emissions: Emissions
    origins: Origins
    resources: Resources
    quotas: Quotas
    capacity_margins: CapacityMargins
    free_allocation: OutputPayments
    power_compensation: OutputPayments
    border: Border
    contracts: Contracts
    grants: Grants
    budgets: Budgets

    @property
    def labels(self) -> dict[str, tuple[str, ...]]:
        """Label of each code, by dimension."""
        places, assets, commodities = self.frame.places, self.assets.names, self.frame.commodities
        curves = [len(t.steps) for s in (self.scenario.supply, self.scenario.sales) for t in s.values()]
        steps = max([self.demands.n_steps, *curves, 1])
        return {
            "asset": assets, "source": assets, "target": assets, "plant": tuple(self.assets.plants),
            "mode": self.activities.modes, "region": places, "node": places, "place": places,
            "commodity": commodities, "emission": commodities, "feed": commodities,
            "origin": ORIGINS, "feed_origin": ORIGINS,
            "cohort": self.cohorts.labels if self.cohorts else (),
            "direction": DIRECTIONS, "supply": self.supply.names, "sale": self.sales.names,
            "demand": self.demands.names, "resource": self.resources.names,
            "network_charge": self.network_charges.names,
            "quota": self.quotas.names, "capacity_margin": self.capacity_margins.names,
            "allocation": self.free_allocation.names, "compensation": self.power_compensation.names,
            "contract": self.contracts.names, "grant": self.grants.names, "budget": self.budgets.names,
            "step": tuple(f"step {k + 1}" for k in range(steps)), **self.flexible_loads.labels,
            **self.operation.labels,
        }  # fmt: skip

    def __repr__(self) -> str:
        sizes = {n: len(v) for n, v in self.labels.items() if v}
        return f"<Inputs {self.scenario.name}: {', '.join(f'{n} {k}' for n, k in sizes.items())}>"

    @property
    def warnings(self) -> tuple[str, ...]:
        """What had to be assumed while reading the scenario."""
        campaigns = self.cohorts.warnings if self.cohorts else ()
        return (
            *campaigns, *self.flexible_loads.warnings, *self.operation.warnings, *self.network_charges.warnings,
            *self.capacity_margins.warnings,
        )  # fmt: skip

    def empty_program(self) -> LinearProgram:
        """A program with this study's dimensions, periods and grids, and nothing declared yet."""
        grids = self.frame.grids | self.flexible_loads.grids
        return LinearProgram(self.labels, self.frame.periods, grids, VARIABLES)


def make_inputs(scenario: Scenario) -> Inputs:
    """Turn a scenario into inputs; what does not take part at its level of flexibility leaves no trace."""
    scenario = taking_part(scenario)
    frame = make_frame(scenario)
    assets = make_assets(frame)
    book = carbon_book(scenario, frame.years)
    activities = make_activities(frame, assets, book)
    cohorts = make_cohorts(frame, assets)
    supply, disposals = make_trades(frame, "supply"), make_disposals(frame, book)
    links = make_links(frame, assets)
    origins = make_origins(frame, book, assets, activities, links)
    demands, loads = make_demands(frame), make_flexible_loads(frame, assets, activities)
    operation = make_operation(frame, assets, activities)
    policies = scenario.policies
    supported = policies.carbon_contracts or policies.grants
    can = investments(frame, assets, cohorts) if supported else {}
    return Inputs(
        scenario=scenario,
        frame=frame,
        assets=assets,
        carbon=book,
        activities=activities,
        cohorts=cohorts,
        growth=make_growth(frame, assets, cohorts),
        operation=operation,
        stores=make_stores(frame, assets),
        links=links,
        supply=supply,
        sales=make_trades(frame, "sale"),
        disposals=disposals,
        demands=demands,
        flexible_loads=loads,
        network_charges=make_network_charges(frame),
        emissions=make_emissions(frame, activities, supply, disposals, origins),
        origins=origins,
        resources=make_resources(frame, assets, supply),
        quotas=make_quotas(frame, assets, activities, supply),
        capacity_margins=make_capacity_margins(frame, assets, activities, operation, demands, loads),
        free_allocation=make_free_allocation(frame, assets, activities, demands),
        power_compensation=make_power_compensation(frame, assets, activities, demands),
        border=make_border(frame),
        contracts=make_contracts(frame, assets, activities, can),
        grants=make_grants(frame, assets, can),
        budgets=make_budgets(frame),
    )
