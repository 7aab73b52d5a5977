"""What results mean for a study: investment, balances, energy flows, levelised cost, flexibility. No figures."""

from __future__ import annotations

from .energy_flows import balance, links
from .flexibility import duration_curve, flexible_use, peak
from .flexibility_value import flexibility_value
from .investment import invested
from .levelised_cost import levelised_cost
from .regulation import cheapest_regulation

__all__ = [
    "balance", "cheapest_regulation", "duration_curve", "flexibility_value", "flexible_use", "invested",
    "levelised_cost", "links", "peak",
]  # fmt: skip
