"""Figures of a study: each takes Results and returns matplotlib Axes.

    ax = ts.plots.production(results)
    ts.plots.save_all(results, "figures")

Called without `ax`, a figure is made by pyplot, so that Jupyter shows it and `pyplot.show()` finds it. `save_all` makes
figures that pyplot never hears of: nothing stays open, whatever the backend.
"""

from __future__ import annotations

from . import site, sweeps
from .abatement import abatement
from .balance import balance
from .calibration import calibration
from .capacity import capacity
from .carbon import carbon, carbon_sankey
from .circularity import recycled_content
from .cost import cost, cost_by_sector
from .dispatch import dispatch
from .emissions import emissions
from .energy import energy
from .exchange import exchange, exchange_value
from .flexibility import flexible_load, store_levels
from .flexibility_rules import regulation
from .flexibility_value import flexibility_value, flexible_revenue, peak_use
from .flexibility_year import duration, shift_map
from .incidence import incidence
from .investment import investment
from .language import LanguageError, language
from .levelised import levelised
from .prices import prices
from .production import production
from .reading import NotApplicableError
from .sankey import sankey
from .saving import save_all
from .willingness import willingness

__all__ = [
    "LanguageError", "NotApplicableError", "abatement", "balance", "calibration", "capacity", "carbon",
    "carbon_sankey", "cost", "cost_by_sector", "dispatch", "duration", "emissions", "energy", "exchange",
    "exchange_value", "flexibility_value", "flexible_load", "flexible_revenue", "incidence", "investment",
    "language", "levelised", "peak_use", "prices", "production", "recycled_content", "regulation", "sankey",
    "save_all", "shift_map", "site", "store_levels", "sweeps", "willingness",
]  # fmt: skip
