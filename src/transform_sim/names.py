"""Names shared by the formulation, the results and the tests: one place for variables, rows and grids."""

from __future__ import annotations

# grids, coarsest first; `stock` holds amounts (capacities), `run` the levels of seasonal stores
STOCK, YEAR, DAY, HOUR, RUN = "stock", "year", "day", "hour", "run"
GRIDS = (YEAR, DAY, HOUR)

# variables
NEW_CAPACITY = "new_capacity"
CAPACITY = "capacity"
COHORT_CAPACITY = "cohort_capacity"
END_CONVERSION = "end_conversion"
MID_CONVERSION = "mid_conversion"
ACTIVITY = "activity"
CHARGE = "charge"
DISCHARGE = "discharge"
LEVEL = "level"
LINK_FLOW = "link_flow"
PURCHASE = "purchase"
SALE = "sale"
DISPOSAL = "disposal"
UNSERVED = "unserved"
FORGONE_DEMAND = "forgone_demand"
NET_EMISSION = "net_emission"

VARIABLES = frozenset({
    NEW_CAPACITY, CAPACITY, COHORT_CAPACITY, END_CONVERSION, MID_CONVERSION, ACTIVITY, CHARGE, DISCHARGE, LEVEL,
    LINK_FLOW, PURCHASE, SALE, DISPOSAL, UNSERVED, FORGONE_DEMAND, NET_EMISSION,
})  # fmt: skip

# constraint families
BALANCE = "balance"
EMISSION_BALANCE = "emission_balance"
CAPACITY_LIMIT = "capacity_limit"
CAPACITY_STOCK = "capacity_stock"
CAPACITY_MAX = "capacity_max"
NEW_CAPACITY_MAX = "new_capacity_max"
COHORT_STOCK = "cohort_stock"
COHORT_SUM = "cohort_sum"
CAMPAIGN_END = "campaign_end"
GROWTH_LIMIT = "growth_limit"
STORAGE_LEVEL = "storage_level"
SEASONAL_LEVEL = "seasonal_level_{}"  # by the grid on which the store charges
LEVEL_LIMIT = "level_limit"
CHARGE_LIMIT = "charge_limit"
DISCHARGE_LIMIT = "discharge_limit"
LINK_LIMIT = "link_limit"
POWER_LIMIT = "power_limit"
VOLUME_LIMIT = "volume_limit"
DISPOSAL_LIMIT = "disposal_limit"
EMISSION_CAP = "emission_cap"
EMISSION_BUDGET = "emission_budget"
RESOURCE_LIMIT = "resource_limit"

HOURS_PER_YEAR = 8760.0
