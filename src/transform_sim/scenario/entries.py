"""Entries of the shipped catalogue, and how a study takes them: `from: catalogue` under its own keys.

The data are read when a study asks for the first entry, once for the process.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from .lines import read_lines
from .merge import merge
from .problems import Problem, did_you_mean, dotted
from .tree import Key, Node, Path

SECTIONS = {
    "commodities": "commodity", "processes": "process", "storages": "storage", "links": "link",
    "flexible_loads": "flexible load",
}  # fmt: skip
"""Sections that the catalogue fills, and what one of each is called."""

SHIPPED = "package:catalogue/"
"""How the file of a shipped node begins."""


@cache
def entries() -> Mapping[str, Mapping[str, Node]]:
    """All entries: section → name → node, in the order of the files."""
    found: dict[str, dict[str, Node]] = {section: {} for section in SECTIONS}
    folder = files("transform_sim") / "data" / "catalogue"
    for file in sorted(folder.iterdir(), key=lambda f: f.name) if folder.is_dir() else ():
        if file.name.endswith(".yaml"):
            top = read_lines(file.read_text(encoding="utf-8"), SHIPPED + file.name)
            for section, part in top.mapping.items():
                found[str(section)] |= {str(name): node for name, node in part.mapping.items()}
    return found


def is_entry(name: str) -> bool:
    """Whether the catalogue has something of this name."""
    return any(name in part for part in entries().values())


def with_entries(tree: Node) -> tuple[Node, list[Problem]]:
    """The scenario with every catalogue entry that it takes merged in below its own keys, and what is wrong."""
    problems: list[Problem] = []
    changed: dict[Key, Node] = {}
    for section in SECTIONS:
        part = tree.mapping.get(section)
        taken = [name for name, node in part.mapping.items() if _takes(section, node)] if part else []
        if part and taken:
            own = {name: _merged(section, name, part.mapping[name], problems) for name in taken}
            changed[section] = Node(part.mapping | own, part.file, part.line)
    return (Node(tree.mapping | changed, tree.file, tree.line) if changed else tree), problems


def _takes(section: str, node: Node) -> bool:
    """Whether a study asks for an entry; what links call `from` is a place."""
    return "entry" in node.mapping or (section != "links" and "from" in node.mapping)


def _merged(section: str, name: Key, node: Node, problems: list[Problem]) -> Node:
    """The study's own keys over those of the entry."""
    words = ("entry",) if section == "links" else ("from", "entry")
    own = Node({key: child for key, child in node.mapping.items() if key not in words}, node.file, node.line)
    fault = _fault(section, name, node)
    if fault:
        # told in the line of the name, so that what the missing entry leaves out is not told as well
        code, key, message = fault
        path: Path = (section, name, key) if key else (section, name)
        problems.append(Problem(code, node.file, node.line, dotted(path), message))
        return own
    return merge(entries()[section][_wanted(name, node)], own)


def _wanted(name: Key, node: Node) -> str:
    entry = node.mapping.get("entry")
    return str(name if entry is None else entry.value)


def _fault(section: str, name: Key, node: Node) -> tuple[str, str, str] | None:
    """(code, key, message) of what keeps an entry from being taken."""
    origin, entry = node.mapping.get("from"), node.mapping.get("entry")
    if section != "links" and origin is None:
        return "no-effect", "", "entry has no effect without from: catalogue"
    if section != "links" and origin and origin.value != "catalogue":
        shown = f"'{origin.value}'" if isinstance(origin.value, str) else "this"
        return "wrong-choice", "from", f"{shown} is no origin. Write from: catalogue, or leave it out"
    if entry is not None and not isinstance(entry.value, str):
        return "wrong-type", "entry", "is not the name of an entry"
    wanted, known = _wanted(name, node), entries()[section]
    if wanted in known:
        return None
    hint = did_you_mean(wanted, known)
    elsewhere = next((word for other, word in SECTIONS.items() if wanted in entries()[other]), None)
    if elsewhere:
        hint = f"; there it is a {elsewhere}"
    return "unknown-entry", "", f"the catalogue has no {SECTIONS[section]} '{wanted}'{hint}"


def without_lost_retrofits(tree: Node) -> Node:
    """The scenario without the catalogue's conversions into processes that the study does not have."""
    part = tree.mapping.get("processes")
    if part is None:
        return tree
    changed: dict[Key, Node] = {}
    for name, node in part.mapping.items():
        retrofits = node.mapping.get("retrofits")
        kept = {k: n for k, n in retrofits.mapping.items() if k in part.mapping or not shipped(n)} if retrofits else {}
        if retrofits and len(kept) < len(retrofits.mapping):
            own = node.mapping | {"retrofits": Node(kept, retrofits.file, retrofits.line)}
            changed[name] = Node({k: n for k, n in own.items() if k != "retrofits" or kept}, node.file, node.line)
    if not changed:
        return tree
    processes = Node(part.mapping | changed, part.file, part.line)
    return Node(tree.mapping | {"processes": processes}, tree.file, tree.line)


def shipped(node: Node) -> bool:
    """Whether a node is the catalogue's, not the study's own."""
    return node.file.startswith(SHIPPED)


def lacking(section: str, name: str, where: Path, key: Key | None) -> str:
    """What to do about a name that a catalogue entry uses and the study does not have."""
    if section != "commodities":
        return f". The entry comes from the catalogue: declare '{name}' under {section}, or name another one"
    from_catalogue = f"{name}: {{from: catalogue}}" if name in entries()[section] else name
    hint = f". Add {from_catalogue} under commodities"
    if key is None:
        return hint
    out = f"{name}: "
    for step in reversed((*where[2:], *((key,) if key != name else ()))):
        out = f"{step}: {{{out}}}"
    return f"{hint}, or take the flow out with {out}"
