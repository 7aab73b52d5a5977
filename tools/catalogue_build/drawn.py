"""Numbers as they were drawn from a row, and their arithmetic: unit, factor, digits."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from .units import converted

Points = dict[int | None, float]


class DrawError(ValueError):
    """A `data:` mapping that no row, or more than one, answers."""


@dataclass(frozen=True)
class Drawn:
    """What was found: numbers by year (None: one for all years), their unit and where they come from."""

    value: Points
    unit: str
    source: str
    licence: str
    quality: str = "opened"
    low: float | None = None
    high: float | None = None
    note: str = ""
    origins: frozenset[str] = field(default_factory=frozenset)


def scaled(drawn: Drawn, wish: Mapping[str, Any]) -> Drawn:
    """In the wished unit, times the wished factor, with the arithmetic in the note; raises DrawError."""
    factor, unit = wish.get("factor"), wish.get("unit")
    if factor is None:
        size = 1.0 if unit is None else converted(drawn.unit, unit)
        if size is None:
            raise DrawError(f"the row is in {drawn.unit}, which does not convert to {unit}; give a factor, and say why")
        return _times(drawn, size, unit or drawn.unit)
    if isinstance(factor, bool) or not isinstance(factor, int | float) or not math.isfinite(factor) or factor == 0:
        raise DrawError(f"factor {factor!r} is not a number other than zero")
    found = _times(drawn, float(factor), unit or drawn.unit)
    if abs(factor) == 1:
        return found
    shown = ", ".join(number(v) for v in drawn.value.values())
    arithmetic = f"{shown} {drawn.unit if drawn.unit != '1' else ''}".strip() + f" × {number(factor)}"
    return replace(found, quality="computed", note=joined(arithmetic, drawn.note))


def _times(drawn: Drawn, size: float, unit: str) -> Drawn:
    low, high = (None if b is None else b * size for b in (drawn.low, drawn.high))
    low, high = (high, low) if size < 0 else (low, high)
    value = {year: v * size for year, v in drawn.value.items()}
    return replace(drawn, value=value, low=low, high=high, unit=unit)


def joined(*notes: str) -> str:
    """Notes one after the other; empty ones are left out."""
    return "; ".join(note for note in notes if note)


def number(value: float) -> str:
    """Five significant digits, without an exponent where people would not write one."""
    rounded = float(f"{value:.5g}")
    if rounded == 0 or 1e-4 <= abs(rounded) < 1e9:
        text = f"{rounded:.9f}".rstrip("0").rstrip(".")
        return text or "0"
    return f"{rounded:g}"
