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
CARBON_INPUT = "carbon_input"
CARBON_SENT = "carbon_sent"
CARBON_LEFT = "carbon_left"
CARBON_DISPOSAL = "carbon_disposal"
BANK = "bank"
SHIFT_UP = "shift_up"
SHIFT_DOWN = "shift_down"
SHED = "shed"
SHIFT_PAIR = "shift_pair"
BROUGHT_FORWARD = "brought_forward"
PUT_OFF = "put_off"
FORWARD_LEVEL = "forward_level"
PUT_OFF_LEVEL = "put_off_level"
SHIFT_LEVEL = "shift_level"
PEAK_PURCHASE = "peak_purchase"
CHARGED_PEAK = "charged_peak"
CHARGED_PURCHASE = "charged_purchase"
PART_LOAD_USE = "part_load_use"
ALLOCATED_OUTPUT = "allocated_output"
COMPENSATED_OUTPUT = "compensated_output"
CONTRACTED_OUTPUT = "contracted_output"
CONTRACTED = {"new": "contracted_new", "end": "contracted_end", "mid": "contracted_mid"}  # by kind of investment
GRANTED = {"new": "granted_new", "end": "granted_end", "mid": "granted_mid"}

VARIABLES = frozenset({
    NEW_CAPACITY, CAPACITY, COHORT_CAPACITY, END_CONVERSION, MID_CONVERSION, ACTIVITY, CHARGE, DISCHARGE, LEVEL,
    LINK_FLOW, PURCHASE, SALE, DISPOSAL, UNSERVED, FORGONE_DEMAND, NET_EMISSION, SHIFT_UP, SHIFT_DOWN, SHED,
    SHIFT_PAIR, BROUGHT_FORWARD, PUT_OFF, FORWARD_LEVEL, PUT_OFF_LEVEL, SHIFT_LEVEL,
    PART_LOAD_USE, PEAK_PURCHASE, CHARGED_PEAK, CHARGED_PURCHASE,
    CARBON_INPUT, CARBON_SENT, CARBON_LEFT, CARBON_DISPOSAL, BANK,
    ALLOCATED_OUTPUT, COMPENSATED_OUTPUT, CONTRACTED_OUTPUT, *CONTRACTED.values(), *GRANTED.values(),
})  # fmt: skip

# constraint families
BALANCE = "balance"
EMISSION_BALANCE = "emission_balance"
CARBON_BALANCE = "carbon_balance"
CARBON_DRAWN = "carbon_drawn"
CARBON_OF_FLOW = "carbon_of_flow"
CARBON_OF_DISPOSAL = "carbon_of_disposal"
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
BANK_BALANCE = "bank_balance"
RESOURCE_LIMIT = "resource_limit"
SHIFT_UP_LIMIT = "shift_up_limit"
DOWN_LIMIT = "down_limit"
USE_TAKEN_OFF = "use_taken_off"
USE_LIMIT = "use_limit"
SHIFT_JOINT_LIMIT = "shift_joint_limit"
SHIFT_WINDOW = "shift_window"
UP_OF_PAIRS = "up_of_pairs"
DOWN_OF_PAIRS = "down_of_pairs"
SHIFT_RECOVERY = "shift_recovery_{}h"  # by the number of hours
UP_OF_DELAYS = "up_of_delays"
DOWN_OF_DELAYS = "down_of_delays"
OUTSTANDING = "{}_balance"  # by the level of what is outstanding
OUTSTANDING_LIMIT = "{}_limit"
SHIFT_LEVEL_BALANCE = "shift_level_balance"
SHIFT_LEVEL_LIMIT = "shift_level_limit"
SHED_LIMIT = "shed_limit"
SHED_BUDGET = "shed_budget"
SHED_RECOVERY = "shed_recovery_{}h"  # by the number of hours
LEAST_LOAD = "least_load"
RAMP_UP = "ramp_up"
RAMP_DOWN = "ramp_down"
LEAST_USE = "least_use"
MOST_USE = "most_use"
PEAK_LIMIT = "peak_limit"
CHARGED_PURCHASE_SUM = "charged_purchase_sum"
WINDOW_PEAK = "window_peak"
LEAST_PEAK = "least_peak"
USE_HOURS = "use_hours"
QUOTA = "quota"
CAPACITY_MARGIN = "capacity_margin"

# policies: cost components, and how the names of their rows begin
FREE_ALLOCATION = "free_allocation"
POWER_COMPENSATION = "power_compensation"
BORDER_ADJUSTMENT = "border_adjustment"
CARBON_CONTRACT = "carbon_contract"
GRANT = "grant"
PUBLIC_BUDGET = "public_budget"

HOURS_PER_YEAR = 8760.0
