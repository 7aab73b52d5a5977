"""Stored summaries of every shipped scenario: what each gives, in a few numbers, and why that last changed.

    python -m tests.summaries --because "what changed the numbers" [scenario …]

solves the named scenarios (all if none is named) and stores those whose numbers changed, with the reason. The nine
scenarios of `scenarios/nrw` and the policies of today are kept without hours, in seconds; two of the nine are the
studies `nrw_reference` and `nrw_climate_neutral`, which are kept as shipped. A summary names its variant.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

import transform_sim as ts
from transform_sim.results import Results

ROOT = Path(__file__).parents[2]
STORE = Path(__file__).parent / "stored"
OTHER = {"sweeps", "targets"}
"""Folders of files that are no scenarios: studies of many, and bases with nothing but a target."""
SCENARIOS = sorted(
    str(p.relative_to(ROOT / "scenarios").with_suffix(""))
    for p in (ROOT / "scenarios").rglob("*.yaml")
    if p.parent.name not in OTHER
)
VARIANTS = {name: "annual" for name in SCENARIOS if name.startswith("nrw/") or name == "nrw_policies"}
"""What is solved in place of a scenario as shipped."""
OBJECTIVE = 1e-6
"""Relative difference allowed in the objective, which is unique."""
AMOUNTS = 2e-3
"""The same in amounts, of the largest of their kind: an optimum may have neighbours that cost the same."""


def summary(results: Results) -> dict[str, Any]:
    """A few numbers of a study, and those of each period as {indicator: {period: value}}."""
    data = results.data
    by_period: dict[str, dict[str, float]] = {}
    for name, dim in (("emissions", "emission"), ("purchase", "supply"), ("served_demand", "demand")):
        for label in data[dim].values if name in data else ():
            values = data[name].sel({dim: label}).sum([d for d in data[name].dims if d not in ("period", dim)])
            by_period[f"{name}.{label}"] = dict(
                zip(map(str, data["period"].values), map(_rounded, values.values), strict=True)
            )
    size = {k: results.solver[k] for k in ("rows", "columns", "non_zeros")}
    return {"objective": results.objective, **size, "by_period": by_period}


def _rounded(value: float) -> float:
    return float(f"{value:.6g}") if abs(value) > 1e-3 else 0.0


def solve(name: str) -> dict[str, Any]:
    """The summary of a shipped scenario as it is today."""
    folder, variant = ROOT / "scenarios", VARIANTS.get(name)
    found = summary(ts.solve(ts.load(folder / f"{name}.yaml", variant, root=folder)))
    return found if variant is None else {"variant": variant, **found}


def stored(name: str) -> dict[str, Any]:
    """The summary that was stored last, with `because`; empty if there is none."""
    path = _path(name)
    return dict(json.loads(path.read_text(encoding="utf-8"))) if path.is_file() else {}


def store(name: str, now: dict[str, Any], because: str) -> None:
    """Keep a summary with the reason why it is new."""
    STORE.mkdir(exist_ok=True)
    _path(name).write_text(json.dumps({"because": because, **now}, indent=1) + "\n", encoding="utf-8")


def _path(name: str) -> Path:
    return STORE / f"{name.replace('/', '-')}.json"


def differences(old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    """What differs beyond tolerance, in words."""
    same = ("variant", "rows", "columns", "non_zeros")
    out = [f"{k}: {old.get(k)} → {new.get(k)}" for k in same if old.get(k) != new.get(k)]
    if not np.isclose(old.get("objective", np.nan), new["objective"], rtol=OBJECTIVE):
        out.append(f"objective: {old.get('objective')} → {new['objective']}")
    then, now = old.get("by_period", {}), new["by_period"]
    largest: dict[str, float] = {}
    for name, values in now.items():
        kind = name.split(".")[0]
        largest[kind] = max(largest.get(kind, 0.0), *(abs(v) for v in values.values()))
    for name in sorted({*then, *now}):
        a, b = then.get(name, {}), now.get(name, {})
        allowed = AMOUNTS * largest.get(name.split(".")[0], 0.0)
        if a.keys() != b.keys() or any(abs(a[k] - b[k]) > allowed for k in a):
            out.append(f"{name}: {a} → {b}")
    return out
