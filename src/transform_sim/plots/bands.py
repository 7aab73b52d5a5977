"""Where the nodes and bands of a flow diagram stand: columns by distance from the sources, few crossings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd

from .stack import spread

Name = tuple[str, str]
Edge = tuple[Name, Name, str]
Edges = dict[Edge, float]
ENDS = ("use", "losses")
"""Kinds of nodes that stand last."""
PASS = "pass"
"""Kind of the places where links cross a column."""
THICK = 0.012
"""Width of a node."""
GAP = 0.035
"""Smallest gap between nodes of a column, as share of the height."""
SWEEPS = 12


@dataclass(frozen=True)
class Place:
    """A node: left edge `x`, lower edge `low` and `height` on a sheet of width and height 1."""

    name: Name
    value: float
    x: float
    low: float
    height: float


@dataclass(frozen=True)
class Band:
    """A link from the right edge of a node to the left edge of another: its lower edge at each column, its width."""

    carrier: str
    value: float
    points: list[tuple[float, float]]
    width: float


@dataclass(frozen=True)
class Layout:
    """All nodes and bands."""

    nodes: list[Place]
    bands: list[Band]

    @property
    def most(self) -> int:
        """Nodes in the fullest column."""
        return max(len(column) for column in self.columns())

    def columns(self) -> list[list[Place]]:
        """Nodes by column, each from below."""
        by_x: dict[float, list[Place]] = {}
        for node in self.nodes:
            by_x.setdefault(node.x, []).append(node)
        return [sorted(by_x[x], key=lambda n: n.low) for x in sorted(by_x)]

    def spread(self, wanted: Sequence[float], sizes: Sequence[float]) -> np.ndarray:
        """Heights near the wanted ones (from below), so that what has these sizes does not overlap."""
        return spread(np.array(wanted), np.array(sizes), 1.0)


def layout(links: pd.DataFrame) -> Layout:
    """Place the links of `analysis.links`; amounts become heights on one scale."""
    edges = folded(_edges(links))
    column = columns_of(edges)
    paths = _paths(edges, column)
    steps = {(a, b, e[2]): edges[e] for e, path in paths.items() for a, b in pairwise(path)}
    column |= {n: column[e[0]] + k for e, path in paths.items() for k, n in enumerate(path[1:-1], 1)}
    amounts = {n: _through(n, steps) for n in column}
    members = [sorted((n for n in column if column[n] == c), key=lambda n: -amounts[n])
               for c in range(max(column.values()) + 1)]  # fmt: skip
    gap = min(GAP, 0.5 / max(len(m) for m in members))
    scale = min((1.0 - gap * (len(m) - 1)) / sum(amounts[n] for n in m) for m in members)
    low = _heights(members, steps, amounts, scale, gap)
    last = max(column.values()) or 1
    place = {n: Place(n, amounts[n], column[n] / last * (1 - THICK), low[n], amounts[n] * scale) for n in column}
    return Layout([p for n, p in place.items() if n[0] != PASS], _bands(place, paths, edges, steps, scale))


def _edges(links: pd.DataFrame) -> Edges:
    rows = links[["source_kind", "source", "target_kind", "target", "carrier"]].astype(str).to_numpy()
    return {((a, b), (c, d), e): float(v) for (a, b, c, d, e), v in zip(rows, links["value"], strict=True)}


def folded(edges: Edges) -> Edges:
    """Without nodes that only pass on what they get: the second of two takes the place of both."""
    while (pair := _passing(edges)) is not None:
        first, second = pair
        edges = {
            (second if s == first else s, second if t == first else t, c): v
            for (s, t, c), v in edges.items() if (s, t) != pair
        }  # fmt: skip
    return edges


def _passing(edges: Edges) -> tuple[Name, Name] | None:
    """Two nodes that only feed each other: a beginning and what it feeds, or something and what all of it becomes."""
    after, before = _joined(edges)
    for s, t, _ in edges:
        onward = after.get(t, set())
        first = s not in before
        whole = s[0] == "source" or (t[0] == "conversion" and len(onward) == 1)
        ends = not first and s[0] == "carrier" and t[0] in ENDS
        if after[s] == {t} and before[t] == {s} and ((first and whole and onward) or ends):
            return s, t
    return None


def _joined(edges: Edges) -> tuple[dict[Name, set[Name]], dict[Name, set[Name]]]:
    """Where the links of each node lead, and where those to it come from; several may join the same two."""
    after: dict[Name, set[Name]] = {}
    before: dict[Name, set[Name]] = {}
    for s, t, _ in edges:
        after.setdefault(s, set()).add(t)
        before.setdefault(t, set()).add(s)
    return after, before


def columns_of(edges: Edges) -> dict[Name, int]:
    """Column of each node: one after its farthest input; ends stand last, beginnings just before what they feed."""
    onward = _without_circles(edges)
    level: dict[Name, int] = {}
    nodes = list(dict.fromkeys(n for s, t, _ in edges for n in (s, t)))
    for _ in nodes:
        for n in nodes:
            level[n] = max((level.get(s, 0) + 1 for s, t in onward if t == n), default=0)
    last = max(level.values())
    for n in nodes:
        outs = [level[t] for s, t in onward if s == n]
        if n[0] in ENDS:
            level[n] = last
        elif outs and not any(t == n for _, t in onward):
            level[n] = min(outs) - 1
    return level


def _without_circles(edges: Edges) -> list[tuple[Name, Name]]:
    """Links less those that lead back (hydrogen from power from hydrogen), found by walking on from the sources."""
    after: dict[Name, list[Name]] = {}
    for (s, t, _), _v in sorted(edges.items(), key=lambda item: -item[1]):
        after.setdefault(s, []).append(t)
    kept: list[tuple[Name, Name]] = []
    done: set[Name] = set()

    def walk(node: Name, path: tuple[Name, ...]) -> None:
        # each node once, whatever leads to it: walked again from elsewhere, two ways could close a circle
        done.add(node)
        for t in after.get(node, ()):
            if t not in path:
                kept.append((node, t))
                if t not in done:
                    walk(t, (*path, t))

    entered = {t for _, t, _ in edges}
    for start in sorted(after, key=lambda n: n in entered):
        if start not in done:
            walk(start, (start,))
    return kept


def _through(node: Name, edges: Edges) -> float:
    """What goes through a node."""
    into = sum(v for (_, t, _), v in edges.items() if t == node)
    return max(into, sum(v for (s, _, _), v in edges.items() if s == node))


def _heights(
    members: list[list[Name]], edges: Edges, amounts: dict[Name, float], scale: float, gap: float
) -> dict[Name, float]:
    """Lower edge of each node: near the middle of what it is joined to, in order and clear of others."""
    middle: dict[Name, float] = {}
    for names in members:
        sizes = np.array([amounts[n] * scale + gap for n in names])
        middle |= dict(zip(names, 1.0 - (np.cumsum(sizes) - sizes / 2) / max(sizes.sum(), 1.0), strict=True))
    joined: dict[Name, list[tuple[Name, float]]] = {}
    for (s, t, _), v in edges.items():
        joined.setdefault(s, []).append((t, v))
        joined.setdefault(t, []).append((s, v))
    for sweep in range(SWEEPS):
        for names in members if sweep % 2 else members[::-1]:
            want = {n: sum(middle[m] * v for m, v in joined[n]) / sum(v for _, v in joined[n]) for n in names}
            order = sorted(names, key=lambda n: want[n])
            sizes = np.array([amounts[n] * scale + gap for n in order])
            places = spread(np.array([want[n] for n in order]), sizes, 1.0 + gap)
            middle |= dict(zip(order, np.clip(places - gap / 2, 0.0, 1.0), strict=True))
    return {n: m - amounts[n] * scale / 2 for n, m in middle.items()}


def _paths(edges: Edges, column: dict[Name, int]) -> dict[Edge, list[Name]]:
    """Each link with a place of its own in every column that it crosses, so that it leads around what stands there."""
    return {
        e: [e[0], *((PASS, f"{k} {c}") for c in range(column[e[0]] + 1, column[e[1]])), e[1]]
        for k, e in enumerate(edges)
    }


def _bands(
    place: dict[Name, Place], paths: dict[Edge, list[Name]], edges: Edges, steps: Edges, scale: float
) -> list[Band]:
    """Bands side by side at both ends, in the order of where they come from and go to."""
    starts: dict[Edge, float] = {}
    ends: dict[Edge, float] = {}
    for name, node in place.items():
        out = sorted((e for e in steps if e[0] == name), key=lambda e: (place[e[1]].low, e[2]))
        into = sorted((e for e in steps if e[1] == name), key=lambda e: (place[e[0]].low, e[2]))
        for found, own in ((starts, out), (ends, into)):
            at = node.low
            for e in own:
                found[e] = at
                at += steps[e] * scale
    bands = []
    for e, path in paths.items():
        first, last = (path[0], path[1], e[2]), (path[-2], path[-1], e[2])
        between = [(place[n].x + x, place[n].low) for n in path[1:-1] for x in (0.0, THICK)]
        points = [(place[e[0]].x + THICK, starts[first]), *between, (place[e[1]].x, ends[last])]
        bands.append(Band(e[2], edges[e], points, edges[e] * scale))
    return bands
