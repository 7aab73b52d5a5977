"""What a plan says about itself: what each axis touches and how its cases are put together."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from html import escape
from typing import TYPE_CHECKING

import numpy as np

from .axes import Axis
from .design import Cases
from .tables import Affine, Factor, Levels, Nested

if TYPE_CHECKING:
    from .plan import Plan
    from .splitting import Part
    from .tabulate import Tabulator

Reads = Mapping[str, Collection[str]]


@dataclass(frozen=True)
class AxisReport:
    """One axis: parts of the program that its paths are declared to enter, and what was found.

    Attributes:
        costs, bounds: how many numbers move; `matrix`: whether coefficients do.
        way: how a case's numbers are found, in words.
    """

    name: str
    levels: int
    declared: tuple[str, ...]
    costs: int
    bounds: int
    matrix: bool
    way: str


def declared(axis: Axis, reads: Reads) -> tuple[str, ...]:
    """Parts of a program that name a path of the axis, something above it or below it."""

    def met(path: str, pattern: str) -> bool:
        return all(fnmatchcase(k, p) for k, p in zip(path.split("."), pattern.split("."), strict=False))

    return tuple(part for part, patterns in reads.items() if any(met(a, b) for a in axis.paths for b in patterns))


def is_careful(axis: Axis, reads: Reads) -> bool:
    """Whether an axis may enter coefficients, or lays out the program."""
    return any(
        "matrix" in found or not found for path in axis.paths for found in [declared(Axis("", "set", (path,)), reads)]
    )


def report_axes(
    cases: Cases, reads: Reads, split: Collection[int], work: Sequence[Tabulator], parts: Sequence[Part]
) -> tuple[AxisReport, ...]:
    """One report for each axis."""
    out = []
    for k, axis in enumerate(cases.axes):
        found = [
            (part.frame.program.shape[1], factor)
            for part in parts if part.frame and part.table
            for factor in part.table.factors if k in _axes(factor) and len(factor.positions)
        ]  # fmt: skip
        costs = max((int((f.positions < n).sum()) for n, f in found), default=0)
        bounds = max((int((f.positions >= n).sum()) for n, f in found), default=0)
        way = _way(k, cases, k in split, [f for _, f in found], parts)
        levels = len(np.unique(cases.codes[:, k]))
        out.append(AxisReport(axis.name, levels, declared(axis, reads), costs, bounds, k in split, way))
    return tuple(out)


def _axes(factor: Factor) -> tuple[int, ...]:
    if isinstance(factor, Levels):
        return factor.axes
    if isinstance(factor, Affine):
        return (factor.axis,)
    assert isinstance(factor, Nested)
    inner = {a for t in factor.tables.values() for f in t.factors for a in _axes(f)}
    return (factor.hub, *sorted(inner))


def _way(axis: int, cases: Cases, split: bool, found: Sequence[Factor], parts: Sequence[Part]) -> str:
    if split:
        return "changes coefficients: a matrix for each level"
    if not found:
        lone = any(p.table is None for p in parts)
        return "each case built in full" if lone else "moves nothing"
    factor = found[0]
    if isinstance(factor, Affine):
        return "linear"
    names = [cases.axes[a].name for a in _axes(factor) if a != axis]
    if isinstance(factor, Nested):
        hub = cases.axes[factor.hub].name
        return f"acts on {', '.join(names)}: a table for each level" if factor.hub == axis else f"nested in {hub}"
    return f"tabulated with {', '.join(names)}" if names else "tabulated"


def _lines(plan: Plan) -> Iterator[tuple[str, ...]]:
    yield ("axis", "levels", "costs", "bounds", "matrix", "how")
    for r in plan.axes:
        yield r.name, f"{r.levels:,}", f"{r.costs:,}", f"{r.bounds:,}", "yes" if r.matrix else "", r.way


def _head(plan: Plan) -> str:
    lone = int((plan.group_of < 0).sum())
    n = len(plan.groups)
    builds = f"{n:,} matrix build{'' if n == 1 else 's'}"
    rest = f", {lone:,} cases built in full when their turn comes" if lone else ""
    sizes = f" ({plan.groups[0].program.shape[1]:,} columns)" if plan.groups else ""
    chunks = f"{len(plan.chunks):,} chunk{'' if len(plan.chunks) == 1 else 's'}"
    return (
        f"{plan.scenario.name}: {len(plan.cases):,} cases ({plan.cases.design}), {builds}{sizes}{rest}, {chunks}; "
        f"planned with {plan.built:,} full builds"
    )


def shown(plan: Plan) -> str:
    """The plan as text."""
    lines = list(_lines(plan))
    widths = [max(len(line[c]) for line in lines) for c in range(len(lines[0]))]
    left = (0, 4, 5)
    table = [
        "  ".join(t.ljust(w) if c in left else t.rjust(w) for c, (t, w) in enumerate(zip(line, widths, strict=True)))
        for line in lines
    ]
    return "\n".join([_head(plan), *(f"  {line.rstrip()}" for line in table)])


def shown_html(plan: Plan) -> str:
    """The plan as a table for notebooks."""
    head, *rows = _lines(plan)
    cells = [("th", head), *(("td", row) for row in rows)]
    body = "".join("<tr>" + "".join(f"<{tag}>{escape(c)}</{tag}>" for c in row) + "</tr>" for tag, row in cells)
    return f"<p>{escape(_head(plan))}</p><table>{body}</table>"
