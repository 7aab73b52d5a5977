"""Time: how the year is cut into steps, and what a profile is worth on each of them."""

from __future__ import annotations

from .build import structure
from .grid import TimeStructure
from .profiles import load_profile
from .projection import project

__all__ = ["TimeStructure", "load_profile", "project", "structure"]
