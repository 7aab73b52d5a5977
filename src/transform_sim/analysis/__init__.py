"""What results mean for a study: investment, balances and energy flows, levelised cost. Frames only, no figures."""

from __future__ import annotations

from .energy_flows import balance, links
from .investment import invested
from .levelised_cost import levelised_cost

__all__ = ["balance", "invested", "levelised_cost", "links"]
