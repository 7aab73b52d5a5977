"""What results mean for a study: investment, balances, energy flows, levelised cost, flexibility. No figures."""

from __future__ import annotations

from .abatement_cost import abatement_cost_steps
from .abatement_curve import abatement_cost_curve
from .break_even import break_even
from .calibration import calibration
from .carbon_balance import carbon_balance, embodied_carbon, removals
from .carbon_flows import carbon_links
from .circularity import recycled_content, secondary_use
from .energy_flows import balance, links
from .exchange import exchange
from .exchange_value import exchange_value
from .flexibility import duration_curve, flexible_use, peak
from .flexibility_value import flexibility_value
from .funding_gap import funding_gap
from .incidence import incidence
from .investment import invested
from .levelised_cost import levelised_cost
from .money_pumps import money_pumps
from .readiness import readiness
from .regulation import cheapest_regulation
from .rents import rents
from .strike_price import strike_price
from .willingness_to_pay import willingness_to_pay

__all__ = [
    "abatement_cost_curve", "abatement_cost_steps", "balance", "break_even", "calibration", "carbon_balance",
    "carbon_links", "cheapest_regulation", "duration_curve", "embodied_carbon", "exchange", "exchange_value",
    "flexibility_value", "flexible_use", "funding_gap", "incidence", "invested", "levelised_cost", "links",
    "money_pumps", "peak", "readiness", "recycled_content", "removals", "rents", "secondary_use", "strike_price",
    "willingness_to_pay",
]  # fmt: skip
