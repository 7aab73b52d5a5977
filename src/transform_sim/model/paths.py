"""Paths of the scenario that many terms read."""

from __future__ import annotations

FLOWS = ("processes.*.flows", "processes.*.modes.*.flows", "processes.*.techniques")
"""What processes make and use."""
DRAWN = (*FLOWS, "processes.*.draw_profile")
"""The same, and when over the year."""
AVAILABLE = ("processes.*.availability", "processes.*.availability_profile", "profiles.*")
"""How much of a capacity can run when."""
