"""Consistency of a scenario, without solving: each check is one function that reports what it finds."""

from __future__ import annotations

from transform_sim.scenario.problems import Report
from transform_sim.scenario.schema import Scenario

from . import (
    caps,
    carbon,
    coverage,
    flexibility,
    horizon,
    markets,
    network,
    obligations,
    operation,
    places,
    plants,
    policies,
    reach,
    references,
)

NAMES = (references.references, references.own_names, references.spelling, references.unique_plants)
"""Checks that make sense even if parts of the scenario had to be left out."""

VALUES = (
    horizon.horizon,
    horizon.slices,
    horizon.typical_days,
    horizon.profile_uses,
    places.values_by_place,
    places.trade_places,
    places.disposal_places,
    places.link_ends,
    places.stock_in_place,
    coverage.chosen_places,
    coverage.availability_everywhere,
    coverage.stock_has_a_place,
    coverage.capped_places,
    caps.banking,
    coverage.limited_purchases,
    plants.years,
    plants.growth,
    plants.techniques,
    plants.retrofits,
    plants.circles,
    plants.operation,
    plants.profiles_suit_operation,
    plants.stores,
    plants.power_of_stores,
    operation.part_load_uses,
    operation.part_load_curves,
    markets.prices,
    markets.followed,
    markets.elasticity,
    markets.emissions_are_no_goods,
    markets.idle_keys,
    flexibility.references,
    flexibility.methods,
    flexibility.whole_hours,
    flexibility.uses,
    flexibility.hourly,
    flexibility.demanded,
    network.purchases,
    network.prices,
    network.regulations,
    obligations.quotas,
    obligations.capacity_margins,
    policies.names_stand_once,
    policies.carbon_is_priced,
    policies.output_payments,
    policies.border_adjustments,
    policies.contracts,
    policies.budgets,
    carbon.carbon_closes,
    carbon.disposal_counts,
    carbon.origins_have_carbon,
    carbon.bound_for_good,
    carbon.co2_is_not_lost,
)

SOUND = (reach.demand_can_be_met,)
"""Checks whose findings would only repeat an earlier problem; they run on a scenario that has none."""


def check(scenario: Scenario, report: Report, complete: bool) -> None:
    """Run the checks; only those of names if parts of the scenario had to be left out."""
    for test in (*NAMES, *(VALUES if complete else ())):
        test(scenario, report)
    if complete and not report.problems:
        for test in SOUND:
            test(scenario, report)
