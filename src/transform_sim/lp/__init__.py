"""Labelled blocks of columns and rows, and the linear program they add up to."""

from .axes import (
    AxisMap,
    Grid,
    Periods,
    chain,
    period_previous,
    period_same,
    period_total,
    period_until,
    step_map,
)
from .blocks import Columns, Cost, Rows, Term
from .entities import SINGLE, Entities, join
from .frozen import Program
from .program import INF, LinearProgram

__all__ = [
    "INF",
    "SINGLE",
    "AxisMap",
    "Columns",
    "Cost",
    "Entities",
    "Grid",
    "LinearProgram",
    "Periods",
    "Program",
    "Rows",
    "Term",
    "chain",
    "join",
    "period_previous",
    "period_same",
    "period_total",
    "period_until",
    "step_map",
]
