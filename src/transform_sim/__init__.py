"""Scenario simulation of the transition to climate-neutral industry.

    import transform_sim as ts
    scenario = ts.load("study.yaml")
    results = ts.solve(scenario)
    results.capacity.sel(process="h2_dri_eaf")

Names are loaded when first used, so that importing the package stays light.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from . import analysis, catalogue, plots
    from .lp import SINGLE, Entities, LinearProgram, Term
    from .pipeline import Study, from_pyomo, prepare, solve, to_pyomo
    from .reports import report
    from .results import Results, open_results
    from .results.compare import compare
    from .scenario import Scenario, load, loads
    from .sites.opened import open_site
    from .sites.site import Site, site
    from .sweeps.opened import Sweep, open_sweep
    from .sweeps.start import sweep
    from .sweeps.together import batch

__version__ = "0.1.0"

_HOME = {
    "load": "scenario", "loads": "scenario", "Scenario": "scenario",
    "solve": "pipeline", "prepare": "pipeline", "to_pyomo": "pipeline", "from_pyomo": "pipeline", "Study": "pipeline",
    "Results": "results", "open_results": "results", "compare": "results.compare",
    "report": "reports", "LinearProgram": "lp", "Term": "lp", "Entities": "lp", "SINGLE": "lp",
    "sweep": "sweeps.start", "batch": "sweeps.together", "open_sweep": "sweeps.opened", "Sweep": "sweeps.opened",
    "site": "sites.site", "Site": "sites.site", "open_site": "sites.opened",
    "plots": "", "catalogue": "", "analysis": "",
}  # fmt: skip

__all__ = [
    "SINGLE", "Entities", "LinearProgram", "Results", "Scenario", "Site", "Study", "Sweep", "Term", "analysis", "batch",
    "catalogue", "compare", "from_pyomo", "load", "loads", "open_results", "open_site", "open_sweep", "plots",
    "prepare", "report", "site", "solve", "sweep", "to_pyomo",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'transform_sim' has no attribute {name!r}")
    home = _HOME[name]
    value = getattr(import_module(f".{home}", __name__), name) if home else import_module(f".{name}", __name__)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
