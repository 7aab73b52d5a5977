"""The authored files of each sector: entries, sources, gaps, and what is wrong with their form."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from transform_sim.scenario.entries import SECTIONS
from transform_sim.scenario.problems import Problem, dotted
from transform_sim.scenario.reader import read
from transform_sim.scenario.tree import Node, locate, plain
from transform_sim.scenario.tree import Path as Place

from .origins import LICENCES


@dataclass(frozen=True)
class Source:
    """A publication that authored numbers name by its key."""

    citation: str
    licence: str
    attribution: str = ""


@dataclass
class Sector:
    """One authored file: its nodes, its sources, its gaps, and what was wrong."""

    name: str
    tree: Node
    sources: dict[str, Source]
    gaps: list[dict[str, str]]
    problems: list[Problem]
    used: set[str] = field(default_factory=set)
    origins: set[str] = field(default_factory=set)
    shipped: dict[str, Any] = field(default_factory=dict)

    def tell(self, place: Place, message: str) -> None:
        """Note a fault at a place of the authored file."""
        node = locate(self.tree, place)
        self.problems.append(Problem("catalogue", node.file, node.line, dotted(place), message))

    def entries(self) -> Iterator[tuple[str, str, Node]]:
        """(section, name, node) of each authored entry."""
        for section in SECTIONS:
            part = self.tree.mapping.get(section)
            for name, node in part.mapping.items() if part else ():
                yield section, str(name), node


def read_sectors(folder: Path) -> list[Sector]:
    """Every authored file with its sources and gaps, in the order of the names."""
    return [_sector(path, folder) for path in sorted(folder.glob("*.yaml"))]


def _sector(path: Path, folder: Path) -> Sector:
    problems: list[Problem] = []
    tree = _read(path, problems)
    sector = Sector(path.stem, tree, {}, [], problems)
    for key in tree.mapping:
        if key not in SECTIONS:
            sector.tell((key,), f"unknown section '{key}'; known are {', '.join(SECTIONS)}")
    sources = _read(folder / "sources" / path.name, problems)
    for key, node in sources.mapping.items():
        if source := _source(str(key), node, problems):
            sector.sources[str(key)] = source
    for node in _read(folder / "gaps" / path.name, problems, listed=True).mapping.values():
        sector.gaps += _gaps(node, problems)
    return sector


def _read(path: Path, problems: list[Problem], listed: bool = False) -> Node:
    """The nodes of a file, empty if it is not there; a list is put under one key, which costs a line."""
    if not path.exists():
        return Node({}, str(path), 0)
    text = path.read_text(encoding="utf-8")
    node, found = read(("gaps:\n" if listed else "") + text, str(path))
    if "empty-file" not in {p.code for p in found}:
        problems += [Problem(p.code, p.file, p.line - listed, p.path, p.message) for p in found]
    return node or Node({}, str(path), 0)


def _source(key: str, node: Node, problems: list[Problem]) -> Source | None:
    def fault(message: str) -> None:
        problems.append(Problem("catalogue", node.file, node.line, key, message))

    given = plain(node)
    if not isinstance(given, dict) or not {"citation", "licence"} <= set(given) <= {
        "citation", "licence", "attribution",
    }:  # fmt: skip
        fault("a source is {citation: …, licence: …, attribution: …}")
        return None
    if given["licence"] not in LICENCES:
        fault(f"licence '{given['licence']}' is none of {', '.join(LICENCES)}")
        return None
    if given["licence"] not in ("quoted", "CC0-1.0") and not given.get("attribution"):
        fault(f"{given['licence']} asks for an attribution")
        return None
    return Source(str(given["citation"]), str(given["licence"]), str(given.get("attribution") or ""))


def _gaps(node: Node, problems: list[Problem]) -> list[dict[str, str]]:
    if node.value is None:
        return []
    found = []
    for item in node.value if isinstance(node.value, tuple) else (node,):
        if set(item.mapping) == {"entry", "field", "why"}:
            found.append({str(k): str(n.value) for k, n in item.mapping.items()})
        else:
            problems.append(Problem("catalogue", item.file, item.line - 1, "gaps", "a gap is {entry, field, why}"))
    return found
