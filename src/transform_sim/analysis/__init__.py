"""What results mean for a study: investment, balances, energy flows, levelised cost, flexibility. No figures."""

from __future__ import annotations

from .calibration import calibration
from .carbon_balance import carbon_balance, embodied_carbon, removals
from .carbon_flows import carbon_links
from .circularity import recycled_content, secondary_use
from .energy_flows import balance, links
from .exchange import exchange
from .exchange_value import exchange_value
from .flexibility import duration_curve, flexible_use, peak
from .flexibility_value import flexibility_value
from .investment import invested
from .levelised_cost import levelised_cost
from .readiness import readiness
from .regulation import cheapest_regulation

__all__ = [
    "balance", "calibration", "carbon_balance", "carbon_links", "cheapest_regulation", "duration_curve",
    "embodied_carbon", "exchange", "exchange_value", "flexibility_value", "flexible_use", "invested",
    "levelised_cost", "links", "peak", "readiness", "recycled_content", "removals",
    "secondary_use",
]  # fmt: skip
