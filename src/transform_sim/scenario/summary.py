"""A scenario in a few lines, for the prompt and for notebooks."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .schema import Scenario

SECTIONS = (
    "regions", "commodities", "processes", "storages", "links", "supply", "sales", "demand", "flexible_loads",
    "network_charges", "resources", "profiles",
)  # fmt: skip


def summary(scenario: Scenario) -> str:
    """Name, years, time and the number of entries of each section."""
    counts = ", ".join(f"{n} {section}" for section, n in _counts(scenario))
    return f"<Scenario {scenario.name}: {_years(scenario)}, {_time(scenario)}, {scenario.currency}; {counts}>"


def summary_html(scenario: Scenario) -> str:
    """The same as a table."""
    rows = [("years", _years(scenario)), ("time", _time(scenario)), ("money", scenario.currency)]
    rows += [(section, ", ".join(getattr(scenario, section))) for section, _ in _counts(scenario)]
    cells = "".join(
        f"<tr><th style='text-align:left'>{name}</th><td style='text-align:left'>{html.escape(text)}</td></tr>"
        for name, text in rows
    )
    title = html.escape(scenario.title or scenario.name)
    return f"<table><caption><b>{title}</b></caption>{cells}</table>"


def _counts(scenario: Scenario) -> list[tuple[str, int]]:
    return [(section, len(getattr(scenario, section))) for section in SECTIONS if getattr(scenario, section)]


def _years(scenario: Scenario) -> str:
    horizon = scenario.horizon
    return f"{horizon.start}–{horizon.end} in steps of {horizon.step} a"


def _time(scenario: Scenario) -> str:
    time = scenario.time
    if isinstance(time, str):
        return time.replace("_", " ")
    slices = getattr(time, "slices", None)
    return f"{len(slices)} slices" if slices else f"{time.typical_days.count} typical days"  # type: ignore[union-attr]
